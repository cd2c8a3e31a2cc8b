# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What an author is advised of: each rule finds what it is for, and leaves alone what only looks like it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from lessons import advice
from lessons.model import Lesson, Seen
from lessons.words import stem, subjects
from tests.lessons.builders import choice, content, multiple, number, single, true_false

COMMIT = "0123456789abcdef0123456789abcdef01234567"
ARTICLE = "https://www.legifrance.gouv.fr/codes/article_lc/LEGIARTI000033219357"
RELEASED = Path(__file__).with_name("released") / "2026-11-23.jsonl"
CODE = "https://www.legifrance.gouv.fr/codes"


def advised(**other: Any) -> list[str]:
    """The advice on a lesson that otherwise needs none."""
    return [str(each) for each in advice.on_lesson(lesson(**other))]


def lesson(**other: Any) -> Lesson:
    good: dict[str, Any] = {
        "title": "Avant de transmettre",
        "questions": [single(), multiple(), true_false()],
    }
    good["sources"] = [content()["sources"][0] | {"seen": "page"}]
    return Lesson.model_validate(content(**(good | other)))


def from_source(**other: str | None) -> list[str]:
    return advised(sources=[content()["sources"][0] | {"seen": "page"} | other])


def asking(right: str, *wrong: str, feedback: str = "Parce que.") -> list[dict[str, Any]]:
    choices = [choice(right, correct=True, feedback=feedback), *map(choice, wrong)]
    return [single(choices=choices), multiple(), true_false()]


def test_there_is_nothing_to_advise_on_a_good_lesson() -> None:
    assert advised() == []


def test_a_source_says_how_it_was_read() -> None:
    (said,) = from_source(seen=None)
    assert said == "sources[0].seen: dire comment la source a été lue : page, copy ou quoted"
    for seen in Seen:
        assert from_source(seen=seen) == []


# --- addresses


@pytest.mark.parametrize(
    ("title", "url"),
    [
        ("Directive (UE) 2016/2102, article 7", f"https://gitlab.com/droit/textes/-/blob/{COMMIT}/dir.md"),
        ("Règlement général sur la protection des données", "https://gdpr-info.eu/art-28-gdpr/"),
        ("Le RGPD pour les maires", "https://example.github.io/rgpd/"),
        ("La loi du 11 février 2005 et l’accessibilité", "https://auteur.medium.com/loi-2005"),
        ("Loi de finances pour 2027", "https://auteur.medium.com/finances"),
        ("Ce que la loi de transformation de la fonction publique change", "https://auteur.medium.com/fp"),
        ("La loi Informatique et libertés", "https://fr.wikipedia.org/wiki/Loi_informatique_et_libertes"),
        ("Ce que dit la loi", "https://auteur.medium.com/dit"),
        ("Loi de transition énergétique", "https://fr.wikipedia.org/wiki/Loi"),
        ("Loi de sécurité globale", "https://fr.wikipedia.org/wiki/Loi"),
        ("Loi de protection des données", "https://fr.wikipedia.org/wiki/Loi"),
        ("Loi d’urgence, loi de déontologie", "https://auteur.medium.com/urgence"),
        ("Loi Avia", "https://fr.wikipedia.org/wiki/Loi_Avia"),
        ("Loi du travail, loi des séries ?", "https://auteur.medium.com/travail"),
        ("Loi n° 2005-102 du 11 février 2005", f"https://git.example.fr/lois/src/commit/{COMMIT}/2005.md"),
        ("Décret sur l’hébergement de données", "https://web.archive.org/web/2024/https://exemple.fr/decret"),
        ("Ordonnance n° 2016-307", f"https://raw.githubusercontent.com/a/b/{COMMIT}/o.md"),
        ("Arrêté du 4 mai 2022 sur les accès", "https://juriste.medium.com/arrete-du-4-mai"),
        ("Code du patrimoine, article L212-4", "https://codes.droit.org/patrimoine/L212-4"),
        ("Délibération de la CNIL sur les cookies", "https://fr.wikisource.org/wiki/Cookies"),
        ("Arrêt du 20 décembre 2017", "https://juricaf.org/arret/2017"),
        ("L’arrêt Meta expliqué", "https://juriste.medium.com/meta"),
        ("TA de Lille, 3 mai 2021", "https://www.easydroit.fr/jurisprudence/lille"),
        ("Affaire C-446/21", "https://app.livv.eu/decisions/446"),
        ("Décision du Conseil d’État sur les images", f"https://codeberg.org/a/b/raw/commit/{COMMIT}/ce.md"),
        ("Article 52\u00a0: obligations", "https://www.artificialintelligenceact.eu/article/52/"),
        ("Avis CADA n° 20180276", "https://huggingface.co/datasets/a/cada"),
    ],
)
def test_law_is_not_read_on_a_forge_nor_in_a_copy(title: str, url: str) -> None:
    (said,) = from_source(title=title, url=url)
    assert said.startswith("sources[0].url: le droit se lit chez qui le publie, pas sur ")


def test_a_text_of_law_is_known_by_who_gave_it() -> None:
    url = "https://gdpr-text.com/fr/read/article-9/"
    (said,) = from_source(title="Données sensibles", publisher="Parlement européen et Conseil", url=url)
    assert "gdpr-text.com" in said


@pytest.mark.parametrize(
    ("title", "url"),
    [
        ("Directive (UE) 2016/2102, article 7", "https://eur-lex.europa.eu/eli/dir/2016/2102/oj"),
        ("Décret n° 2019-768 : ce qui change", "https://www.banquedesterritoires.fr/decret-2019-768"),
        (
            "Arrêt du 20 décembre 2017, affaire C-434/16",
            "https://curia.europa.eu/juris/liste.jsf?num=C-434/16",
        ),
        ("Guide d’accessibilité, avec le code source", f"https://github.com/a/b/blob/{COMMIT}/guide.md"),
        ("Les lois d’échelle des modèles de langage", f"https://github.com/a/b/blob/{COMMIT}/echelle.md"),
        ("Règlement intérieur d’un atelier", f"https://github.com/a/b/blob/{COMMIT}/atelier.md"),
        ("Lignes directrices pour rédiger une consigne", "https://auteur.medium.com/consignes"),
        ("Un article sur les décisions des équipes", "https://auteur.medium.com/equipes"),
        ("Arrêt maladie : une réponse inventée", "https://auteur.medium.com/arret"),
        ("La loi du plus fort", "https://auteur.medium.com/loi"),
        ("Les données, la loi de la jungle\u202f?", "https://auteur.medium.com/jungle"),
        ("Loi de Brandolini et désinformation", "https://fr.wikipedia.org/wiki/Loi_de_Brandolini"),
        ("La loi Conway", "https://fr.wikipedia.org/wiki/Loi_de_Conway"),
        ("La loi de Gordon Moore", "https://fr.wikipedia.org/wiki/Loi_de_Moore"),
        ("Loi log-normale", "https://fr.wikipedia.org/wiki/Loi_log-normale"),
        ("Loi du χ², loi t de Student", "https://fr.wikipedia.org/wiki/Loi_du_khi-deux"),
        ("La loi ou le chaos", "https://auteur.medium.com/chaos"),
        ("Loi de l’offre et de la demande", "https://auteur.medium.com/offre"),
        ("Article 3 de ma série sur les consignes", "https://auteur.medium.com/serie-3"),
        ("Article 2 sur 5", "https://auteur.medium.com/2-sur-5"),
        ("Les trois lois de la robotique", "https://fr.wikipedia.org/wiki/Trois_lois_de_la_robotique"),
        ("Quand l’algorithme fait la loi", "https://auteur.medium.com/algorithme"),
        ("Une loi binomiale pour estimer les erreurs", f"https://github.com/a/b/blob/{COMMIT}/loi.md"),
    ],
)
def test_law_where_it_is_published_and_what_is_no_law_are_left_alone(title: str, url: str) -> None:
    assert from_source(title=title, url=url) == []


@pytest.mark.parametrize(
    ("title", "url"),
    [
        ("Code de l’urbanisme, article L101-2", f"{CODE}/texte_lc/LEGITEXT000006074075/"),
        ("Règles de voirie", "https://www.legifrance.gouv.fr/affichCode.do?cidTexte=LEGITEXT000006070667"),
        ("Code de l’action sociale et des familles", "https://www.ville.fr/aide-sociale"),
        ("Le Code pénal (version en vigueur)", "https://www.ville.fr/droit"),
        ("Code de l’entrée et du séjour des étrangers et du droit d’asile", "https://www.ville.fr/droit"),
        ("Code des relations entre le public et l’administration – Légifrance", "https://www.ville.fr/droit"),
        ("Code général des impôts, annexe II, en vigueur au 1er janvier 2026", "https://www.ville.fr/droit"),
    ],
)
def test_a_whole_code_is_no_source(title: str, url: str) -> None:
    (said,) = from_source(title=title, url=url)
    assert "sources[0].url: donner la page de l’article" in said


@pytest.mark.parametrize(
    ("title", "url"),
    [
        ("Code de l’urbanisme, article L101-2", ARTICLE),
        ("Code de l’urbanisme", ARTICLE),
        ("Code pénal, art. 226-1", "https://www.ville.fr/droit"),
        ("Code de l’éducation, L131-1-1", "https://www.ville.fr/droit"),
        ("Code du sport, articles R2122-1 à R2122-9", f"{CODE}/section_lc/LEGITEXT000037701019/LEGISCTA000037724093/"),
        ("Loi n° 78-17 du 6 janvier 1978", "https://www.legifrance.gouv.fr/loda/id/LEGITEXT000006068624/"),
        ("Code de la commande publique : le guide de l’acheteur", "https://www.economie.gouv.fr/guide"),
        ("Code de conduite des assistants", "https://www.ville.fr/charte"),
        ("Code du travail numérique", "https://code.travail.gouv.fr/"),
        ("Le code du travail expliqué aux débutants", "https://example.org/debutants"),
        ("Code officiel géographique", "https://www.insee.fr/fr/information/2560452"),
    ],
)  # fmt: skip
def test_an_article_and_what_is_no_code_are_sources(title: str, url: str) -> None:
    assert from_source(title=title, url=url) == []


@pytest.mark.parametrize(
    "url",
    [
        "https://github.com/equipe/outil",
        "https://github.com/equipe/outil/",
        "https://github.com/equipe/outil/issues/12",
        "https://github.com/equipe/outil/pull/34/files",
        "https://github.com/equipe/outil/tree/main/docs",
        "https://github.com/equipe/outil/blob/v1.2/README.md",
        f"https://github.com/equipe/outil/commit/{COMMIT}",
        f"https://github.com/equipe/outil/tree/{COMMIT}",
        "https://raw.githubusercontent.com/equipe/outil/main/README.md",
        "https://gitlab.inria.fr/equipe/outil/-/blob/main/README.md",
        "https://gitlab.com/equipe/outil/-/merge_requests/7",
        "https://codeberg.org/equipe/outil/src/branch/main/README.md",
        "https://huggingface.co/datasets/equipe/phrases",
        "https://forge.example.org/equipe/outil",
        "https://gist.github.com/equipe/0123456789abcdef0123456789abcdef",
    ],
)
def test_a_forge_is_cited_by_a_file_that_cannot_change(url: str) -> None:
    (said,) = from_source(url=url)
    assert "sources[0].url: donner un fichier à une version fixe" in said


@pytest.mark.parametrize(
    "url",
    [
        f"https://github.com/equipe/outil/blob/{COMMIT}/docs/guide.md",
        f"https://github.com/equipe/outil/raw/{COMMIT}/docs/guide.md",
        f"https://raw.githubusercontent.com/equipe/outil/{COMMIT}/docs/guide.md",
        f"https://gitlab.inria.fr/equipe/outil/-/blob/{COMMIT}/guide.md",
        f"https://codeberg.org/equipe/outil/src/commit/{COMMIT}/guide.md",
        f"https://huggingface.co/datasets/equipe/phrases/blob/{COMMIT}/README.md",
        "https://huggingface.co/blog/watermarking",
        "https://huggingface.co/collections/equipe/phrases",
        "https://github.com/readme/guides",
        "https://github.com/site/terms",
        "https://github.com/",
        "https://gitlab.inria.fr",
        "https://docs.github.com/fr/site-policy",
        "https://github.blog/2024-05-01-copilot/",
        "https://equipe.github.io/outil/",
        "https://www.gitlabel.fr/equipe",
    ],
)
def test_a_pinned_file_and_a_site_about_a_forge_are_sources(url: str) -> None:
    assert from_source(url=url) == []


@pytest.mark.parametrize(
    "url",
    [
        "https://curia.europa.eu/juris/document/document_print.jsf?docid=1",
        "https://www.exemple.fr/actus/imprimer/124",
        "https://www.exemple.fr/actus/124?print=1",
        "https://www.exemple.fr/actus/124?format=print",
        "https://www.exemple.fr/actus/print.aspx?id=3",
        "https://www.exemple.fr/doc.do;jsessionid=A1B2C3",
        "https://www.exemple.fr/doc?id=3&PHPSESSID=a1b2",
        "https://www-exemple-org.translate.goog/page?_x_tr_sl=en&_x_tr_tl=fr",
        "https://www.exemple.org/fr/page/?wg-choose-original=false",
        "https://wiki.exemple.org/index.php?title=Biais&diff=12&oldid=11",
        "https://translate.google.de/translate?u=https://www.exemple.fr",
        "https://translate.google.co.uk/",
    ],
)
def test_a_view_of_a_page_is_no_source(url: str) -> None:
    (said,) = from_source(url=url)
    assert "sources[0].url: donner la page d’origine" in said


@pytest.mark.parametrize(
    "url",
    [
        "https://www.exemple.fr/actus/empreinte-carbone",
        "https://www.exemple.com/blog/blueprint-for-sprint-teams",
        "https://www.exemple.com/blog/3d-print",
        "https://www.exemple.fr/imprimerie",
        "https://www.exemple.fr/session/2026/compte-rendu?docid=4&side=2",
        "https://wiki.exemple.org/index.php?title=Biais&oldid=11",
    ],
)
def test_an_address_that_only_sounds_like_a_view_is_a_source(url: str) -> None:
    assert from_source(url=url) == []


@pytest.mark.parametrize(
    "url",
    [
        "https://bit.ly/abc",
        "https://www.google.com/url?q=https://www.exemple.fr",
        "https://l.facebook.com/l.php?u=https://www.exemple.fr",
        "https://eur01.safelinks.protection.outlook.com/?url=https://www.exemple.fr",
    ],
)
def test_an_address_that_leads_to_another_is_no_source(url: str) -> None:
    (said,) = from_source(url=url)
    assert "sources[0].url: donner l’adresse de la page elle-même" in said


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org:99999/",
        "https://192.168.0.1/x",
        "https://127.0.0.1:8443/x",
        "https://wiki.mairie.local/x",
        "https://a.intranet/x",
    ],
)
def test_an_address_that_the_public_cannot_open_is_no_source(url: str) -> None:
    (said,) = from_source(url=url)
    assert "sources[0].url: donner une adresse que tout le monde peut ouvrir" in said


@pytest.mark.parametrize(
    "url",
    [
        "https://www.exemple.fr:8443/x",
        "https://www.google.com/search/howsearchworks/",
        "https://www.habit.ly/x",
        "https://doi.org/10.1000/182",
        "https://9.9.9.9/",
        "https://www.local.fr/x",
    ],
)
def test_a_public_page_of_its_own_is_a_source(url: str) -> None:
    assert from_source(url=url) == []


# --- feedback


PRAISE = [
    "Oui, le texte est public.", "Oui\u202f! Il est public.", "Eh oui\u00a0: il est public.",
    "Exact. Il est public.", "Exactement\u00a0: il est public.", "Bravo, il est public.",
    "Juste\u202f! Il est public.", "C’est juste\u00a0: il est public.", "Bien vu, il est public.",
    "Parfait. Il est public.", "Tout à fait. Il est public.", "C'est ça. Il est public.",
    "C’est bien cela\u00a0: il est public.", "En effet, il est public.", "✅ Oui, il est public.",
    "Bonne réponse\u202f! Il est public.", "C’est exact, il est public.", "Vous avez raison, il est public.",
    "Très bien. Il est public.", "Absolument", "OUI. Public.", "Bon réflexe\u00a0: il est public.", "Réponse juste.",
    "Évidemment. Il est public.", "C’est le bon choix. Il est public.", "Perfect! It is public.", "Great! It is public.",
    "Bien-sûr\u202f! Il est public.", "Très-bien. Il est public.",
]  # fmt: skip


@pytest.mark.parametrize("feedback", PRAISE)
def test_the_feedback_of_a_right_choice_does_not_praise(feedback: str) -> None:
    (said,) = advised(questions=asking("Un texte", "Une lettre", feedback=feedback))
    assert said.startswith("questions[0].choices[0].feedback: ne pas commencer par «")
    judged = true_false(choices=[choice("Vrai"), choice("Faux", correct=True, feedback=feedback)])
    (said,) = advised(questions=[single(), multiple(), judged])
    assert said.startswith("questions[2].choices[1].feedback: ")


@pytest.mark.parametrize(
    "feedback",
    [
        "Juste après la signature, le texte devient public.", "Exactement trois services le lisent.",
        "Bien des agents l’ignorent.", "Parfait ou non, un tri laisse des traces.",
        "C’est juste un brouillon public.", "C’est bien l’agent qui décide.", "Ouïr un avis suffit.",
        "« Oui » ne suffit pas sans motif.", "Ce texte est public, oui.",
        "Vrai ou faux, le chiffre manque de date.", "Correctement daté, il se relit.",
        "Tout à fait anonyme, il peut sortir.", "Le bon réflexe tient en un mot : dater.",
        "La bonne réponse tient au contrat.",
        "Un oui de la direction autorise l’envoi.",
        "C’est vrai aussi des courriels.",
        "Ouï-dire\u00a0: aucune source n’est donnée.", "Oui-dire ou preuve, il faut une source.",
        "Bien-être et santé ne sortent pas du service.", "Juste-à-temps, le fichier part.",
        "Vrai-faux document\u00a0: la signature manque.", "En effet de bord, le fichier sort.",
        "Bonne idée reçue\u00a0: le chiffrement ne suffit pas.", "Vous avez juste une heure pour prévenir.",
        "Réponse juste à une question fausse\u00a0: la date manque.",
    ],
)  # fmt: skip
def test_a_feedback_that_tells_why_is_left_alone(feedback: str) -> None:
    assert advised(questions=asking("Un texte", "Une lettre", feedback=feedback)) == []


def test_a_wrong_choice_may_be_told_yes() -> None:
    wrong = choice("Une lettre", feedback="Oui, mais elle n’est pas publique.")
    asked = single(choices=[choice("Un texte", correct=True), wrong])
    assert advised(questions=[asked, multiple(), true_false()]) == []


# --- the title


@pytest.mark.parametrize(
    ("title", "right", "wrong"),
    [
        ("Classer sans trier les gens", "Un classement par date", "Une note de confiance"),
        ("Le devis d’abord", "Demander trois devis", "Signer le bon de commande"),
        (
            "Faut-il chiffrer le disque\u202f?",
            "Oui, chiffrer ce disque protège en cas de vol",
            "Non, un mot de passe suffit",
        ),
        ("Disque volé\u00a0: chiffrez avant", "Le chiffrement du portable", "Un mot de passe plus long"),
        ("Faut-il chiffrer\u202f?", "Oui, le chiffrement protège", "Non, un mot de passe suffit"),
        ("Pourquoi 2031 compte", "En 2031", "En 2028"),
    ],
)
def test_a_title_does_not_give_the_answer(title: str, right: str, wrong: str) -> None:
    (said,) = advised(title=title, questions=asking(right, wrong))
    assert said.startswith("questions[0]: le titre donne la réponse (« ")


@pytest.mark.parametrize(
    ("title", "right", "wrong"),
    [
        ("Classer sans trier les gens", "Un classement par date", "Un classement par âge"),
        ("Faut-il chiffrer le disque\u202f?", "Cela dépend de ce que le disque contient", "Jamais"),
        ("Disque volé\u00a0: prévenez vite", "J’écris que le disque manque", "J’attends"),
        ("Quel outil pour la mairie\u202f?", "L’outil que la mairie autorise", "Mon compte personnel"),
        ("Pour qui, et avec quoi\u202f?", "Pour ceux qui travaillent avec", "Personne"),
        ("Coller un texte", "Interroger la collectivité", "Attendre"),
        ("Le compte rendu", "Un résumé complet", "Un contrôle"),
        ("Deux jours après", "Deux fois", "Jamais"),
        ("Le secret et la transparence", "La transparence", "Le secret"),
    ],
)
def test_a_title_may_name_the_subject(title: str, right: str, wrong: str) -> None:
    assert advised(title=title, questions=asking(right, wrong)) == []


def test_one_of_several_right_choices_may_have_a_word_of_the_title() -> None:
    assert advised(title="La photo du site") == []
    asked = multiple(
        choices=[
            choice("La photo", correct=True),
            choice("Des photos de groupe", correct=True),
            choice("La météo"),
        ]
    )
    (said,) = advised(title="La photo du site", questions=[single(), asked, true_false()])
    assert "questions[1]: le titre donne la réponse (« photo »)" in said


def test_forms_of_a_word_have_one_stem() -> None:
    for family in (
        "vérifier vérifiez vérification",
        "refus refuser refuse",
        "ouvert ouverture",
        "coûte coûtent coût",
    ):
        assert len(set(map(stem, family.split()))) == 1, family
    for pair in ("coller collectivité", "contrat contrôle", "compte complet", "image imaginer"):
        assert len(set(map(stem, pair.split()))) == 2, pair
    assert list(subjects("L’agent a-t-il déjà signé le Marché\u202f?").values()) == ["signé", "Marché"]


# --- days


@pytest.mark.parametrize(
    "text",
    [
        "**Lundi matin\u00a0:** listez vos outils.",
        "**Dès mardi\u00a0:** listez vos outils.",
        "Jeudi prochain, demandez la liste.",
        "Le vendredi\u00a0: relire la liste.",
        "Une liste aide.\n\n- Mercredi matin : ouvrez les réglages.",
        "Relisez cette liste avant vendredi.",
        "Une liste existe\u00a0: notez-la dès jeudi.",
        "À faire lundi matin avec votre équipe.",
        "Que ferez-vous lundi matin\u202f?",
        "Lundi matin, relisez la liste.",
        "Lundi matin, en équipe, relire la liste.",
        "Pour lundi matin.",
        "À faire mardi\u00a0: la liste des outils.",
        "Jeudi, en équipe, ouvrez les réglages.",
        "Bloquez un créneau mardi matin.",
        "D’ici à vendredi, listez vos outils.",
        "Lundi, mardi et jeudi, relisez vos notes.",
        "Chaque lundi, relisez vos notes.",
    ],
)
def test_an_action_has_no_day_of_the_week(text: str) -> None:
    (said,) = advised(body=f"Un fichier attend. {text}")
    assert said.startswith("body: enlever le jour de la semaine")
    assert advised(takeaway=text.replace("*", "").replace("\n", " "))[0].startswith("takeaway: ")


@pytest.mark.parametrize(
    "text",
    [
        "Il vous faut une synthèse pour mardi.",
        "Lisez l’avis publié le mardi 3 mars 2026.",
        "Écrivez\u00a0: «\u00a0La mairie ferme mardi.\u00a0»",
        "Une classe part en sortie jeudi ; le modèle ne le sait pas.",
        "Préparez la réunion de mercredi avec vos collègues.",
        "La permanence du lundi matin est pleine. Répondez par écrit.",
        "Dites à l’assistant que la mairie ferme le samedi.",
        "Mardi, une habitante vous écrit.",
        "Lundi matin, Claire ouvre un dossier.",
        "Lundi matin, Claire l’ouvre. Elle hésite.",
        "Mardi, Olivier les relit, puis part.",
        "Vendredi, Inez demande un avis.",
        "Ce lundi matin, le serveur tombe en panne.",
        "Un courriel arrive lundi matin\u00a0; il semble venir du maire.",
        "Dès lundi matin, l’équipe reçoit trois plaintes.",
        "Une synthèse est attendue pour lundi matin.",
        "**Lundi matin, Didier la lit** à voix haute.",
        "Répondez à la lettre reçue lundi.",
        "Pour la sortie de jeudi, demandez l’accord.",
        "Publiez les horaires\u00a0: mardi et jeudi, de 9 h à 12 h.",
        "Samedi : 9 h à 12 h.",
        "Notez les repas du lundi au vendredi.",
        "Chez nous, le dimanche est calme.",
        "Que faites-vous vendredi\u202f?",
    ],
)
def test_a_day_of_the_scene_is_left_alone(text: str) -> None:
    assert advised(body=text) == []


# --- how many


def test_advice_is_no_limit() -> None:
    rows = [json.loads(line) for line in RELEASED.read_text("utf-8").splitlines()]
    row = next(row for row in rows if "lesson" in row)
    published = Lesson.model_validate(row["lesson"])
    assert advice.on_lesson(published)
    assert published.version == row["version"]


def test_a_lesson_has_three_questions() -> None:
    (said,) = advised(questions=[single(), number()])
    assert said == "questions: en écrire 3 au moins, sur des cas différents, pas 2"


def collection(*, longest: int = 0, other: int = 0, usual: int = 0, unusual: int = 0) -> tuple[str, ...]:
    """The advice on so many questions of each form, three a lesson."""
    four = [choice("Un", correct=True), choice("Deux", correct=True), choice("Trois"), choice("Quatre")]
    questions = [
        *[single(choices=[choice("La plus longue", correct=True), choice("Courte")])] * longest,
        *[single(choices=[choice("Égales", correct=True), choice("Égaux !")])] * other,
        *[multiple(choices=four)] * usual,
        *[multiple()] * unusual,
    ]
    named = [question | {"id": f"q{place}"} for place, question in enumerate(questions)]
    threes = [named[at : at + 3] for at in range(0, len(named), 3)]
    lessons = [
        lesson(questions=three if len(three) == 3 else [*three, true_false(), number()]) for three in threes
    ]
    return tuple(map(str, advice.on_collection(lessons)))


def test_the_length_of_a_choice_tells_nothing() -> None:
    assert collection(longest=4, other=20) == collection(longest=8, other=16) == ()
    (said,) = collection(longest=3, other=21)
    assert said == (
        "ensemble: questions à un choix: la réponse juste est la plus longue dans 3 sur 24, "
        "attendu d’un sixième à un tiers : allonger des réponses justes"
    )
    (said,) = collection(longest=9, other=15)
    assert said.endswith("raccourcir des réponses justes")
    assert collection(longest=19) == ()


def test_the_number_of_right_choices_varies() -> None:
    assert collection(usual=6, unusual=4) == collection(usual=9) == ()
    (said,) = collection(usual=7, unusual=3)
    assert said.startswith(
        "ensemble: questions à plusieurs choix: « deux sur quatre » dans 7 sur 10, six sur dix au plus"
    )


# --- sources to open


def test_sources_that_nobody_opened_are_grouped_by_host() -> None:
    source = content()["sources"][0]
    quoted = source | {"url": "https://b.example.fr/1", "seen": "quoted"}
    lessons = [
        lesson(
            id="une", sources=[source | {"seen": "page"}, quoted, source | {"url": "https://a.example.fr/2"}]
        ),
        lesson(id="deux", sources=[quoted, quoted | {"url": "https://b.example.fr/0", "seen": "copy"}]),
    ]
    title = source["title"]
    found = advice.unopened(lessons)
    assert found == {
        "a.example.fr": {"https://a.example.fr/2": {(title, None): ["une"]}},
        "b.example.fr": {
            "https://b.example.fr/0": {(title, Seen.COPY): ["deux"]},
            "https://b.example.fr/1": {(title, Seen.QUOTED): ["une", "deux"]},
        },
    }
    assert [list(found), list(found["b.example.fr"])] == [
        ["a.example.fr", "b.example.fr"],
        ["https://b.example.fr/0", "https://b.example.fr/1"],
    ]
