# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Where a source lives: is it law, a whole code, a file of a forge, a copy that shows one visitor one view?"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from contextlib import suppress
from ipaddress import ip_address
from urllib.parse import parse_qsl, urlsplit

_FORGES = {
    "github.com",
    "gist.github.com",
    "raw.githubusercontent.com",
    "gist.githubusercontent.com",
    "gitlab.com",
    "codeberg.org",
    "bitbucket.org",
    "framagit.org",
    "huggingface.co",
    "git.sr.ht",
    "sourceforge.net",
    "code.europa.eu",
    "gitee.com",
}
_FORGE_NAMES = ("git", "gitlab", "gitea", "forgejo", "forge")
"""The first label of the host of an organisation's own forge, as in gitlab.inria.fr."""
_NO_REPOSITORY = (
    "",
    "about",
    "advisories",
    "blog",
    "collections",
    "customer-stories",
    "docs",
    "enterprise",
    "explore",
    "features",
    "learn",
    "login",
    "marketplace",
    "papers",
    "pricing",
    "privacy",
    "readme",
    "resources",
    "security",
    "site",
    "solutions",
    "sponsors",
    "tasks",
    "terms-of-service",
    "topics",
    "trending",
)
"""First steps of a forge's own pages."""

_COPIES_OF_LAW = (
    # Pages that anybody writes.
    "github.io",
    "gitlab.io",
    "medium.com",
    "substack.com",
    "linkedin.com",
    "scribd.com",
    "wikipedia.org",
    # Archives and caches: the state of one day.
    "archive.org",
    "archive.ph",
    "archive.is",
    "archive.today",
    "webcache.googleusercontent.com",
    # Copies of laws and rulings, often of an earlier version or translated by a program.
    "artificialintelligenceact.eu",
    "ai-act-law.eu",
    "euaiact.com",
    "aiact-info.eu",
    "gdpr-info.eu",
    "gdpr.eu",
    "gdpr-text.com",
    "privacy-regulation.eu",
    "juricaf.org",
    "livv.eu",
    "droit.org",
    "codes-et-lois.fr",
    "easydroit.fr",
    "lexinter.net",
    "wikisource.org",
    "conferenceconsensuslogement.senat.fr",
)
_TRANSLATORS = ("translate.goog", "sipoch.com")
"""Hosts that show others' pages, translated by a program; Google has one in each country."""
_GOOGLE = re.compile(r"(www|translate)\.google\.(?:com?|[a-z]{2})(?:\.[a-z]{2})?")
_SHORTENERS = (
    "aka.ms",
    "bit.ly",
    "buff.ly",
    "cutt.ly",
    "frama.link",
    "goo.gl",
    "is.gd",
    "l.facebook.com",
    "lnkd.in",
    "ow.ly",
    "rb.gy",
    "rebrand.ly",
    "safelinks.protection.outlook.com",
    "shorturl.at",
    "t.co",
    "t.ly",
    "tiny.cc",
    "tinyurl.com",
    "urlr.me",
    "urlz.fr",
)
"""Hosts whose addresses only lead to another: it may change, or end."""
_INSIDE = (
    "local",
    "localhost",
    "localdomain",
    "internal",
    "intranet",
    "intra",
    "lan",
    "home.arpa",
    "test",
    "invalid",
)
"""Domains that no public name ends with."""

_COMMIT = "[0-9a-f]{40}(?:[0-9a-f]{24})?"
_PINNED = re.compile(
    rf"/(?:(?:blob|raw|src|resolve|blame)(?:/commit)?/{_COMMIT}/[^/]|tree/{_COMMIT}/item/[^/])", re.IGNORECASE
)
_PINNED_RAW = re.compile(rf"/[^/]+/[^/]+/{_COMMIT}/[^/]", re.IGNORECASE)

_PRINT = re.compile(
    r"(?:\w+_)?(?:print(?:er|able|view|version|page|friendly)?|imprimer|imprimable|version[-_]imprimable)"
)
_SESSION = re.compile(
    r"jsessionid|phpsessid|aspsessionid\w*|cftoken|sid|sess(?:ion)?_?id|(?:access_|auth_)?token|x-amz-signature"
)
_TRANSLATED = re.compile(r"wg-choose-original|_x_tr_\w+")

_CODES = (
    r"\bcode (?:civil|p[ée]nal|[ée]lectoral|rural|forestier|minier|mon[ée]taire|g[ée]n[ée]ral|"
    r"(?:de la |de l'|du |des |de |d')(?:action sociale|assurances?|aviation|cin[ée]ma|commande|commerce|communes|"
    r"construction|consommation|d[ée]fense|domaine|douanes|[ée]ducation|[ée]nergie|entr[ée]e et|environnement|"
    r"expropriation|famille|fonction publique|imp[ôo]ts|instruments|juridictions|justice|march[ée]s publics|mutualit[ée]|"
    r"organisation judiciaire|patrimoine|pensions|postes|proc[ée]dure|propri[ée]t[ée]|recherche|relations|route|sant[ée]|"
    r"s[ée]curit[ée] (?:sociale|int[ée]rieure)|service national|sport|tourisme|transports|travail|urbanisme|voirie))\b"
)
_SERIES = r"(?! sur \d|/\d| (?:de |du |d')(?:ma|mon|mes|notre|nos|(?:l[ae] |l'|une? )?(?:serie|dossier|cycle|blog))\b)"
"""« Article 3 de ma série » is none of a law."""
_ARTICLE = rf"\b(?:articles?|art\.) (?:premier|1er|[lrda]\.? ?\*?\d|\d+\b{_SERIES})|\b[lrd]\.? ?\*?\d{{2,4}}(?:-\d+)+"
_NUMBERED = r"(?:n°|no |du \d)"
_SCHOLARS = (
    r"amara|amdahl|ampere|archimede|asimov|avogadro|bayes|beer|benford|bernoulli|betteridge|boltzmann|boyle|bradford|"
    r"brandolini|brooks|campbell|cauchy|charles|clarke|conway|coulomb|cunningham|dalton|darcy|dirichlet|dunbar|engel|"
    r"erlang|faraday|fechner|fick|finagle|fisher|fitts|fourier|gall|gauss|gay-lussac|gibrat|godwin|gompertz|goodhart|"
    r"gresham|grimm|gumbel|gustafson|heaps|henry|hick|hofstadter|hooke|hubble|hutber|huang|hyrum|illich|jakob|joule|"
    r"kepler|khi|kirchhoff|koomey|kryder|laborit|laplace|lavoisier|lenz|levy|linus|little|littlewood|lotka|mariotte|"
    r"markov|mendel|metcalfe|metcalf|miller|moore|murphy|newton|nielsen|ohm|okun|ostwald|pareto|parkinson|pascal|"
    r"pearson|peter|planck|poe|poisson|postel|price|rayleigh|reed|rent|sarnoff|say|segal|shannon|snell|stefan|stigler|"
    r"student|sturgeon|taylor|tesler|tobler|verdoorn|weber|weibull|wien|wiio|wirth|wishart|wright|yerkes|zipf"
)
_NO_LAW = (
    # Of statistics, of nature, of morals.
    r"(?:log-?)?normales?|(?:multi|bi)nomiales?|(?:hyper)?geometriques?|uniformes?|exponentielles?|gaussiennes?|gamma|"
    r"beta|khi|chi|χ2?|a (?:priori|posteriori)|faibles? des|fortes? des|conditionnelles?|marginales?|jointes?|conjointes?|"
    r"statistiques?|empiriques?|physiques?|naturelles?|morales?|divines?|mathematiques?|ou l(?:es?|a)|"
    # Of somebody who found it, with or without « de » and a first name.
    rf"(?:[a-z] )?(?:(?:de |d')(?:\w+ )?)?(?:{_SCHOLARS})|"
    # Of something.
    r"(?:d'|de |du |des )(?:la |l')?(?:airain|attraction|chi|echelles?|emmerdement|evolution|genre|grands? nombres?|"
    r"gravit\w+|hospitalite|jungle|karma|khi|marche|mort[ -]kilometre|moindre|milieu|nature|nombre|offre|omerta|"
    r"pesanteur|physique|plus (?:fort|faible|grand)|probabilites?|proximite|puissances?|relativite|rendements?|"
    r"robotique|series?|silence|talion|thermodynamique|trois etats|univers|χ2?)"
)
"""What follows the « loi » that is no law: all that is left is, as laws are made on anything."""
# Each word that also means something else is told apart by what follows: "décret" is law, "règlement intérieur" is not.
_LAW = re.compile(
    "|".join(
        (
            _CODES,
            _ARTICLE,
            rf"\breglements? (?:\(|{_NUMBERED}|\d|europeen|general|d'execution|delegue|modifi|concernant|relatif)",
            r"\breglements? (?:sur l|du parlement|ia\b)",
            r"\bregulation \(",
            r"\bdirectives? (?:\(|n°|\d|europeenne|du parlement|nis)|\bdirective (?:sur|relative)\b",
            r"\b(?:rgpd|gdpr|ai act|ia act|data act|digital services act|eidas|tfue|nis ?2|convention 108)\b",
            rf"(?<!fait la )(?<!faire la )(?<!font la )(?<!hors la )(?<!hors-la-)\blois?\b(?! (?:{_NO_LAW})(?!\w))",
            r"\bdecrets?\b",
            rf"\bordonnances? (?:{_NUMBERED}|de \d|\d|relative|portant|penale|de refere)",
            rf"\barretes? (?:{_NUMBERED}|municipa|prefect|ministeriel|interministeriel|fixant|portant|relatif|modifiant)",
            rf"\bdeliberations? (?:{_NUMBERED}|\d|san|(?:de la )?cnil)",
            rf"\bdecisions? (?:{_NUMBERED}|\d|d'(?:adequation|execution)|(?:de la |de l'|du )?(?:cnil|cada|arcom|defens))",
            r"\b(?:sanctions?|mises? en demeure) de la cnil",
            rf"\bavis (?:{_NUMBERED}|\d|(?:de la )?cada)",
            rf"\b(?:arrets?|jugements?|circulaires?) {_NUMBERED}",
            r"\b(?:conseil d'etat|conseil constitutionnel|tribuna(?:l|ux)|cjue|cedh|t\.?a\.? de|caa de)\b",
            r"\bcour (?:de (?:cassation|justice)|d'appel|administrative)\b",
            r"\b[ct]-\d{1,4}/\d\d\b|\b\d{2,4}-\d+ (?:dc|qpc)\b",
        )
    )
)
_NAMED_RULING = re.compile(r"\b[Aa]rrêts? [A-Z]")
_LAWGIVERS = re.compile(
    r"\b(?:parlement europeen|legifrance|eur-lex|journal officiel|conseil constitutionnel|cour (?:de|d')|cjue|tribunal)\b"
)
_OF_CODE = (
    r"(?:administrati(?:on|ve|f)|animee?|annexes?|artisanat|asile|aviation civile|civiles?|collectivites|combattants?|"
    r"communications|consolidee?|construction|cooperation|d|de|des|droit|du|electroniques?|en|entre|et|etrangers|"
    r"execution|familles?|fiscales?|financier|fonction|france|francais|guerre|habitation|haute|i{1,3}|image|impots|"
    r"industrielle|intellectuelle|interieure|invalidite|l|la|le|legifrance|les|livre|locales|maritime|medailles|"
    r"militaires?|monetaire|mutualite|national|partie|peche|penales?|personnes|postes|propriete|public|publiques?|"
    r"pour|relations|reglementaire|legislative|retraite|sante|sejour|sociale?|solidarite|sport|technique|territoriales|"
    r"utilite|version|vigueur|victimes|iv|v|au|1er|\d+|janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|"
    r"novembre|decembre)"
)
"""Words of the names of codes. « Code du travail numérique » and « expliqué aux débutants » are something else."""
_WHOLE_CODE = re.compile(rf"(?:le )?{_CODES}(?:[^\w:;?!]+{_OF_CODE}\b)*[^\w:;?!]*")
_PART_OF_CODE = re.compile(r"legiarti\d|legiscta\d|idarticle=|/article", re.IGNORECASE)


def folded(text: str) -> str:
    """Return a text without accents, capitals, typographic apostrophes and no-break spaces, to be searched."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(part for part in parts if not unicodedata.combining(part)).replace("’", "'")


def host(url: str) -> str:
    """Return the host of an address, in small letters, without port."""
    return urlsplit(url).hostname or ""


def is_law(title: str, publisher: str) -> bool:
    """Whether a source is about law, by its own words: a regulation, a code, an article, a decree, a ruling and so on.

    Said of reports on a law as well as of the law: it decides which hosts do for it, and those that do not are
    no better for the report.
    """
    return bool(
        _LAW.search(folded(title)) or _NAMED_RULING.search(title) or _LAWGIVERS.search(folded(publisher))
    )


def is_whole_code(title: str, url: str) -> bool:
    """Whether a source is a code of law without saying where in it: hundreds of pages that nobody can compare.

    A law of its own that Légifrance keeps up to date (`/loda/`) is not a code.
    """
    if _PART_OF_CODE.search(url):
        return False
    if "legitext" in url.casefold() and "/loda/" not in url:
        return True
    name = folded(title)
    return bool(_WHOLE_CODE.fullmatch(name)) and not re.search(_ARTICLE, name)


def copies_law(url: str) -> bool:
    """Whether the host is no place for law: a forge, a copy, an archive, a translation, pages that anybody writes."""
    return is_forge(url) or _is_of(url, _COPIES_OF_LAW)


def is_forge(url: str) -> bool:
    """Whether the address is of a repository, or of something in one; a forge's own blog and help are not."""
    name = host(url).removeprefix("www.")
    if name not in _FORGES and not (name.count(".") > 1 and name.split(".")[0] in _FORGE_NAMES):
        return False
    return urlsplit(url).path.strip("/").split("/")[0] not in _NO_REPOSITORY


def is_pinned(url: str) -> bool:
    """Whether an address of a forge names one file as it was in one commit: it shows the same text for ever."""
    raw = host(url) == "raw.githubusercontent.com"
    return bool((_PINNED_RAW.match if raw else _PINNED.search)(urlsplit(url).path))


def is_a_view(url: str) -> bool:
    """Whether the address is a view of a page rather than the page.

    Made for printing, for one visitor's session, by a translating program, or of the difference of two versions.
    """
    parts = urlsplit(url)
    if _google(url) == "translate" or _is_of(url, _TRANSLATORS):
        return True
    path, _, parameters = parts.path.casefold().partition(";")
    if any(_PRINT.fullmatch(step.rsplit(".", 1)[0]) for step in path.split("/")):
        return True
    query = parse_qsl(f"{parts.query.casefold()}&{parameters}", keep_blank_values=True)
    return any(
        _PRINT.fullmatch(name)
        or _PRINT.fullmatch(value)
        or _SESSION.fullmatch(name)
        or _TRANSLATED.fullmatch(name)
        or (name == "diff" and "oldid" in dict(query))
        for name, value in query
    )


def is_a_way_to_another(url: str) -> bool:
    """Whether the address is a short one, or one that a search or a messenger leads through."""
    return (_google(url) == "www" and urlsplit(url).path == "/url") or _is_of(url, _SHORTENERS)


def is_public(url: str) -> bool:
    """Whether anybody may open the address, by its look: no port that cannot be, no network of one organisation."""
    try:
        _ = urlsplit(url).port
    except ValueError:
        return False
    with suppress(ValueError):  # a name is no number
        return ip_address(host(url)).is_global
    return not _is_of(url, _INSIDE)


def _google(url: str) -> str:
    match = _GOOGLE.fullmatch(host(url))
    return match[1] if match else ""


def _is_of(url: str, domains: Iterable[str]) -> bool:
    name = host(url)
    return any(name == domain or name.endswith(f".{domain}") for domain in domains)
