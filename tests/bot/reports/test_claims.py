# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Is everything that the documents say of the program held by a test that exists, and can nothing else be said of it?

The walk is over what the documents are made of, not over their Markdown: a sentence is a claim, a limit, a note, or plain.
"""

from __future__ import annotations

import re
from itertools import product
from typing import TYPE_CHECKING, Any, get_args

import pytest

from bot.notice import texts as notice
from bot.reports import promises
from bot.reports.catalogue import DOCUMENTS
from bot.reports.document import (
    Bullets,
    Claim,
    Document,
    Limit,
    Note,
    Section,
    Untested,
    claims,
    parts,
    texts,
)
from bot.reports.markdown import BRIEF, TESTS, UNSAID, render
from bot.reports.prose import FOLDER, Filling, said, words
from bot.wording import words_of
from config.privacy import Ground
from config.settings import Channels
from tests.bot.notice.test_texts import facts
from tests.bot.reports.situations import NAMED, of
from tests.test_threats import known

if TYPE_CHECKING:
    from bot.reports.situation import Situation

TCHAP: dict[str, Any] = {
    "privacy": NAMED["privacy"] | {"host": {"name": "Hébergeur", "country": "FR"}, "key": "a" * 43 + "="},
    "channels": {"matrix": NAMED["channels"]["matrix"] | {"store_key": "a-secret-of-some-length"}},
    "admins": ["matrix:@zoe:exemple.org"],
    "database": "postgresql://u@machine/nom",
}
CONSENT: dict[str, Any] = {
    "privacy": NAMED["privacy"] | {"ground": "consent"},
    "channels": {"telegram": NAMED["channels"]["telegram"]},
}
SITUATIONS = [of(), of(**NAMED), of(**TCHAP), of(**CONSENT)]
everything = pytest.mark.parametrize("found", SITUATIONS, ids=["nothing", "all", "tchap", "consent"])
each = pytest.mark.parametrize("name", list(DOCUMENTS))

OF_OURS = r"(?:\b(?:[Ll]e|[Cc]e|[Uu]n|[Cc]haque) (?:robot|programme|logiciel|service)|\bIAventure|\b[Aa]ucune commande)"
JOINED = "à|au|aux|de|du|des|dans|en|et|ou|sur|sans|par|pour|hors|réservé|commun"
SUBJECT = re.compile(rf"{OF_OURS} (?!(?:{JOINED}|d’\w+)\b)[\w’]+")
"""The program, as the subject of a verb."""
PROMISE = re.compile(
    r"\b(?:aucune?s?|jamais|toujours|seule?|chiffr\w+|garanti\w*|efface\w*|protège\w*|ne|n’\w+)\b"
)


def test_a_claim_without_a_test_cannot_be_written() -> None:
    filling = Filling({}, ())
    for entry in (
        {"claim": "rien n’est gardé"},
        {"claim": "x", "tests": []},
        {"claim": "x", "tests": ["trust me"]},
    ):
        with pytest.raises(Untested):
            said(entry, filling)
    with pytest.raises(Untested):
        Claim("x", ())


@everything
@each
def test_every_claim_names_a_test_that_exists(name: str, found: Situation) -> None:
    made = list(claims(DOCUMENTS[name](found)))
    assert sorted({test for claim in made for test in claim.tests} - known()) == []
    assert made or name in ("breach", "processor")


@everything
@each
def test_a_sentence_that_says_what_the_program_does_is_a_claim_or_a_limit(
    name: str, found: Situation
) -> None:
    said_so = [part for text in texts(DOCUMENTS[name](found)) for part in parts(text)]
    assert [part for part in said_so if isinstance(part, str) and SUBJECT.search(part)] == []
    assert [part.text for part in said_so if isinstance(part, Note) and PROMISE.search(part.text)] == []


@pytest.mark.parametrize(
    ("text", "caught"),
    [
        ("Le programme ne garde rien.", True),
        ("Aucune commande ne montre un nom.", True),
        ("IAventure efface tout.", True),
        ("le robot lit les messages", True),
        ("Un robot réservé aux agents", False),
        ("l’usage d’IAventure sur Tchap", False),
        ("le service commun des communes", False),
    ],
)
def test_such_a_sentence_is_known_by_its_subject(text: str, caught: bool) -> None:
    assert bool(SUBJECT.search(text)) is caught


@everything
@each
def test_every_document_begins_in_five_lines_and_ends_with_what_it_does_not_say(
    name: str, found: Situation
) -> None:
    made = DOCUMENTS[name](found)
    assert 1 <= len(made.brief) <= 5
    assert made.unsaid
    headings = re.findall(r"^## (.+)$", render(made), re.MULTILINE)
    assert headings[0] == BRIEF
    assert headings[-2 if TESTS in headings else -1] == UNSAID


@everything
@each
def test_readers_see_numbers_and_the_tests_stand_at_the_end(name: str, found: Situation) -> None:
    body, _, end = render(DOCUMENTS[name](found)).partition(f"\n## {TESTS}\n")
    assert "test_" not in body
    numbers = set(re.findall(r"\(E(\d+)\)", body))
    assert set(re.findall(r"^- E(\d+) :", end, re.MULTILINE)) == numbers
    assert not numbers or "ne connaît pas le résultat" in end


def test_a_claim_keeps_its_number_and_the_sign_at_its_end() -> None:
    one, other = Claim("Un.", ("test_a",)), Claim("deux", ("test_b",))
    page = render(Document("x", "x", ["b"], [Section("s", [(one, other), Bullets([one])])], ["u"]))
    assert "\nUn (E1). deux (E2)\n" in page
    assert "\n- Un (E1).\n" in page
    assert "- E2 : `test_b`" in page


def test_every_file_of_words_is_a_document_and_says_nothing_else() -> None:
    assert sorted(file.stem for file in FOLDER.iterdir()) == sorted(DOCUMENTS)
    for name in DOCUMENTS:
        assert set(words(name)) == {"title", "brief", "sections", "unsaid"}


# --- the sentences of the notice


@pytest.mark.parametrize(("channel", "ground"), list(product(Channels.model_fields, get_args(Ground))))
def test_every_sentence_of_the_notice_names_its_tests_or_says_what_it_is(channel: str, ground: str) -> None:
    french = words_of("fr")
    for host, key in (
        ({"name": "x", "country": "US"}, "none"),
        (None, "a" * 43 + "="),
        ({"name": "x", "country": "FR"}, None),
    ):
        made = facts(channel, ground=ground, host=host, key=key)
        for _, *lines in notice.sections(made, channel, french):
            for line in lines:
                assert promises.key_of(line, french) in promises.promises()


def test_each_promise_of_the_notice_names_its_tests() -> None:
    found = promises.promises()
    named = {test for one in found.values() if not isinstance(one, str) for test in one}
    assert sorted(named - known()) == []
    assert {one for one in found.values() if isinstance(one, str)} <= set(promises.OTHERWISE)


def test_a_sentence_of_the_notice_is_not_taken_for_another() -> None:
    french = words_of("fr")
    for line, key in (
        ("• le centre de gestion\u00a0;", "privacy.recipients.other"),
        ("• le détail de vos réponses\u00a0: 77 jours\u00a0;", "privacy.kept.answers"),
    ):
        assert promises.key_of(line, french) == key
    with pytest.raises(KeyError):
        promises.key_of("Nous vendons vos données.", french)


# --- what stands above everything


def test_without_a_messenger_every_document_about_people_says_so_first() -> None:
    for name in DOCUMENTS:
        page = render(DOCUMENTS[name](of()))
        assert ("Aucune messagerie n’est réglée" in page.partition("## ")[0]) is (
            name not in ("sbom", "accessibility")
        )
        assert "Aucune messagerie n’est réglée" not in render(DOCUMENTS[name](of(**TCHAP)))


def test_names_beside_answers_are_said_above_everything_until_they_are_sealed() -> None:
    clear = render(DOCUMENTS["hierarchy"](of(**CONSENT))).partition("## ")[0]
    assert "en clair dans la base, à côté de leurs réponses" in clear
    assert "en clair" not in render(DOCUMENTS["hierarchy"](of(**TCHAP))).partition("## ")[0]


def test_each_gap_names_a_person_and_a_remedy() -> None:
    page = render(DOCUMENTS["decisions"](of()))
    for what in (
        "Aucune messagerie",
        "Les comptes sont en clair",
        "Aucun responsable",
        "Aucun délégué",
        "Aucun hébergeur",
        "Aucun administrateur",
        "Aucune copie",
        "Aucun cours",
    ):
        assert re.search(rf"^\| {what}[^|]* \| [^|]+ \| [^|]+ \|$", page, re.MULTILINE), what
    duty = of(privacy={"legal_text": "article 4 du règlement (UE) 2024/1689"})
    assert "le texte cité est une obligation" in render(DOCUMENTS["decisions"](duty))
    assert "Telegram est réglé" in render(DOCUMENTS["decisions"](of(**CONSENT)))


def test_a_limit_needs_no_test_and_is_no_claim() -> None:
    made = Document("x", "x", [Limit("Le programme ne sait pas tout.")], [], [Note("Lisez le programme.")])
    assert list(claims(made)) == []
    assert "Le programme ne sait pas tout." in render(made)
