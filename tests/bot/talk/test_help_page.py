# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Does help name every command, and what means nothing get one short sentence?"""

from __future__ import annotations

from bot.talk import help_page
from bot.talk.topics import ADMIN_COMMANDS, COMMANDS
from bot.wording import LANGUAGES, words_of
from tests.bot.builders import Town


def test_help_names_every_command(town: Town) -> None:
    heard = town.learner().types("aide")
    for name in (
        "start",
        "lecon",
        "quiz",
        "progression",
        "reglages",
        "plustard",
        "pause",
        "reprendre",
        "stop",
        "aide",
        "attestation",
        "mesdonnees",
        "oublier",
        "confidentialite",
    ):
        assert f"• {name}\u00a0:" in heard


def test_help_is_said_in_the_learner_s_language(town: Town) -> None:
    heard = town.learner(language="en").types("help")
    for name in (
        "start",
        "lesson",
        "quiz",
        "progress",
        "settings",
        "later",
        "pause",
        "resume",
        "stop",
        "help",
        "attestation",
        "mydata",
        "forget",
        "privacy",
    ):
        assert f"• {name}:" in heard


def test_every_command_that_help_names_exists_and_every_command_is_named() -> None:
    named = {words_of(language).plain(f"command.{name}") for language in LANGUAGES for name in help_page.MENU}
    others = {"effacer", "erase", "verifier", "verify", "texteseul", "avecimages"}
    assert named | others == COMMANDS.keys(), (
        "two more words for oublier and forget, what the paper itself says, and a setting by its words"
    )


def test_only_admins_read_of_the_admins_commands(town: Town) -> None:
    assert "publier" not in town.learner("1").types("aide")
    heard = town.learner("mairie").types("aide")
    assert all(name in heard for name in ("publier", "stats", "annonce"))
    assert {"publier", "stats", "annonce"} <= ADMIN_COMMANDS.keys()


def test_the_menu_of_applications_is_plain_text() -> None:
    for language in LANGUAGES:
        commands = help_page.commands(words_of(language))
        assert len(commands) == len(help_page.MENU)
        assert all(name.isalpha() and 0 < len(does) <= 100 for name, does in commands.items())


def test_what_means_nothing_gets_one_short_sentence(town: Town) -> None:
    person = town.learner()
    person.types(person.right())
    person.types(person.right())
    heard = person.types("Quel temps fait-il demain ?")
    assert "aide" in heard
    assert "\n" not in heard
    assert len(heard) < 100
