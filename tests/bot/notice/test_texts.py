# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Does the notice say all that GDPR articles 13 and 14 ask for, on every channel, in both languages, and nothing untrue?"""

from __future__ import annotations

from itertools import product
from typing import Any, get_args

import pytest

from bot.notice.facts import Facts
from bot.notice.texts import LONGEST, RIGHTS, SHORT, WHOLE, forms, short, whole
from bot.talk.topics import COMMANDS
from bot.wording import LANGUAGES, words_of
from config.privacy import NAME, Ground
from config.retention import Retention
from config.settings import Channels, Settings
from lessons import markup

CHANNELS = tuple(Channels.model_fields)
TOWN: dict[str, Any] = {
    "controller": {
        "name": "Commune de Saint-Exemple",
        "address": "1 place de la Mairie",
        "contact": "mairie@exemple.org",
    },
    "dpo": {"contact": "dpo@exemple.org"},
    "legal_text": "article 4 du règlement (UE) 2024/1689",
    "host": {"name": "Nuage & Fils", "country": "FR"},
    "recipients": ["le centre de gestion"],
}
EVERY = list(product(LANGUAGES, CHANNELS, get_args(Ground)))


def facts(channel: str = "telegram", retention: dict[str, str] | None = None, **privacy: Any) -> Facts:
    """What an operator decided, on one channel."""
    settings = Settings.model_validate({"privacy": TOWN | privacy, "retention": retention or {}})
    return Facts(settings.privacy, settings.retention, (channel,), "matrix.exemple.org")


@pytest.mark.parametrize(("language", "channel", "ground"), EVERY)
def test_the_short_layer_fits_a_phone_whatever_the_names_and_durations(
    language: str, channel: str, ground: str
) -> None:
    long = {**TOWN["controller"], "name": "é" * NAME}
    for controller in (TOWN["controller"], long, "none"):
        ages = {"messages": "3650d", "answers": "3650d"}
        text = short(facts(channel, ages, controller=controller, ground=ground), channel, words_of(language))
        assert markup.length(text) <= LONGEST, markup.plain(text)
        assert not markup.problems(text)


@pytest.mark.parametrize(("language", "channel", "ground"), EVERY)
def test_the_short_layer_says_who_why_how_long_where_and_what_to_type(
    language: str, channel: str, ground: str
) -> None:
    words = words_of(language)
    text = short(facts(channel, {"messages": "45d", "answers": "90d"}, ground=ground), channel, words)
    plain = markup.plain(text)
    assert "Commune de Saint-Exemple" in plain
    assert "45" in plain
    assert "90" in plain
    assert {"telegram": "Telegram", "matrix": "Tchap", "console": "terminal"}[channel] in plain
    for name in RIGHTS:
        command = words.plain(f"command.{name}")
        assert f"**{command}**" in text
        assert command in COMMANDS


def test_telegram_is_said_to_be_outside_the_union_and_to_read_what_is_written() -> None:
    for layer in (short, whole):
        french, english = (str(layer(facts(), "telegram", words_of(language))) for language in LANGUAGES)
        assert "hors de l’Union européenne" in french
        assert "pas chiffrées de bout en bout" in french
        assert "outside the European Union" in english
        assert "not end-to-end encrypted" in english
    assert "Tchap" in whole(facts(), "telegram", words_of("fr"))
    assert "matrix.exemple.org" in whole(facts("matrix"), "matrix", words_of("fr"))


ASKED: dict[str, tuple[str, str]] = {
    "13.1.a the controller": ("Commune de Saint-Exemple, 1 place de la Mairie", "Controller"),
    "13.1.b the officer": ("dpo@exemple.org", "dpo@exemple.org"),
    "13.1.c purposes": ("À quoi elles servent", "What they are used for"),
    "13.1.c ground": ("Sur quelle base légale", "On which legal ground"),
    "13.1.e recipients": ("Nuage & Fils (France)", "le centre de gestion"),
    "13.1.f transfers": ("articles 44 à 49", "articles 44 to 49"),
    "13.2.a storage": ("Combien de temps", "How long"),
    "13.2.b access": ("mesdonnees", "mydata"),
    "13.2.b erasure": ("oublier", "forget"),
    "13.2.b rectification": ("corriger", "correct"),
    "13.2.b restriction": ("limiter", "restrict"),
    "13.2.b objection": ("vous opposer", "object"),
    "13.2.d complaint": ("CNIL", "cnil.fr"),
    "13.2.e obligation": ("Êtes-vous tenu", "Do you have to"),
    "13.2.f automated decisions": ("article 22", "article 22"),
    "14.1.d categories": ("vos réglages", "your settings"),
    "14.2.f source": ("d’où elles viennent", "where they come from"),
}


@pytest.mark.parametrize("point", ASKED)
def test_the_whole_has_each_point_of_articles_13_and_14(point: str) -> None:
    for language, expected in zip(LANGUAGES, ASKED[point], strict=True):
        assert expected in whole(facts(), "telegram", words_of(language))


@pytest.mark.parametrize(("language", "channel", "ground"), EVERY)
def test_the_whole_is_plain_text_and_calls_nothing_compliant(
    language: str, channel: str, ground: str
) -> None:
    for access in ("open", "code"):
        settings = facts(channel, ground=ground)
        made = Facts(settings.privacy, settings.retention, (channel,), "matrix.exemple.org", access)
        text = whole(made, channel, words_of(language))
        assert "**" not in text
        assert "{" not in text
        assert "conforme" not in text.casefold()
        assert "compliant" not in text.casefold()
        assert max(map(len, text.splitlines())) < 800


def test_only_consent_is_called_consent() -> None:
    for ground in get_args(Ground):
        text = whole(facts(ground=ground), "telegram", words_of("fr"))
        assert ("Votre consentement" in text) is (ground == "consent")
        assert ("retirer votre consentement" in text) is (ground == "consent")
        assert ("participation est libre" in text) is (ground != "consent")
        assert ("consentir" in short(facts(ground=ground), "telegram", words_of("fr"))) is (
            ground == "consent"
        )


def test_where_nobody_is_named_the_notice_says_so() -> None:
    for language, said in zip(LANGUAGES, ("est nommé", "is named"), strict=True):
        made = Facts(channels=("telegram",))
        assert said in markup.plain(short(made, "telegram", words_of(language)))
        assert whole(made, "telegram", words_of(language)).count(said) == 2


@pytest.mark.parametrize(
    ("country", "said"), [("FR", "France, là où le RGPD s’applique"), ("US", "hors de l’Espace")]
)
def test_where_the_host_is_decides_on_what_is_said_of_transfers(country: str, said: str) -> None:
    assert said in whole(facts(host={"name": "x", "country": country}), "matrix", words_of("fr"))
    assert "ne disent pas où" in whole(facts(host=None), "matrix", words_of("fr"))


def test_durations_come_from_the_settings() -> None:
    made = facts(retention={"messages": "31d", "answers": "77d"}, backups="1d")
    text = whole(made, "telegram", words_of("fr"))
    for said in ("menus\u00a0: 31 jours", "réponses\u00a0: 77 jours", "sauvegarde\u00a0: 1 jour"):
        assert said in text
    coded = Facts(made.privacy, Retention(), ("telegram",), access="code")
    assert "votre adresse, 24 heures" in whole(coded, "telegram", words_of("fr"))


@pytest.mark.parametrize(("language", "channel", "ground"), EVERY)
def test_the_whole_says_what_becomes_of_silence_of_papers_of_admins_and_which_words_to_type(
    language: str, channel: str, ground: str
) -> None:
    made = facts(channel, {"attestations": "1234d"}, inactive="77d", audit="555d", ground=ground)
    text = whole(made, channel, words_of(language))
    digits = "".join(letter for letter in text if letter.isalnum())
    for days in ("77", "1234", "555"):
        assert days in digits
    words = {
        "fr": ("rectifier", "opposition", "garder sans utiliser"),
        "en": ("rectify", "object", "keep without using"),
    }
    for word in words[language]:
        assert word in text
    offered = words_of(language).plain("objection.limit")
    assert offered.casefold() in text.casefold()


def test_whether_addresses_are_sealed_is_said(subtests: pytest.Subtests) -> None:
    for key, said in (
        ("c2l4dGVlbiBieXRlcyB0d2ljZSBvdmVyIGhlcmUhISE=", "sont chiffrés par une clé"),
        ("none", "ne sont pas chiffrés"),
    ):
        with subtests.test(key):
            assert said in whole(facts(key=key), "telegram", words_of("fr"))


def test_every_form_of_it_is_made() -> None:
    made = Facts(channels=CHANNELS)
    found = {
        (language, channel, layer)
        for language, channels in forms(made).items()
        for channel, layers in channels.items()
        for layer in layers
    }
    assert found == set(product(LANGUAGES, CHANNELS, (SHORT, WHOLE)))
