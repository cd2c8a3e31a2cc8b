# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Do the documents say what is so, is each of their claims held by a test, and is nothing in them markup or a verdict?"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot.reports import commands, data, law, situation, threats
from bot.reports.catalogue import DOCUMENTS, files
from bot.reports.document import TO_COMPLETE, Claims, Document, Section, Table
from bot.reports.markdown import render
from bot.reports.situation import Files, Held
from bot.talk.topics import ADMIN_COMMANDS, COMMANDS
from bot.wording.tables import described
from config.retention import Retention
from storage.database import begin_key, open_database
from storage.sealing import Sealing, key_of
from storage.tables import metadata
from tests.bot.builders import MONDAY, Town
from tests.bot.reports.situations import COMMANDS as SHELL
from tests.bot.reports.situations import NAMED, of, text
from tests.test_threats import known

if TYPE_CHECKING:
    from storage.store import Store

ROOT = Path(__file__).parents[3]
KEY = Sealing(key_of("a" * 43 + "="))
SITUATIONS = [of(), of(**NAMED), of(now=MONDAY + timedelta(days=3650), **NAMED)]
IDS = ["nothing set", "all set", "in ten years"]
everything = pytest.mark.parametrize("found", SITUATIONS, ids=IDS)
each = pytest.mark.parametrize("name", list(DOCUMENTS))


@everything
@each
def test_no_document_judges_ourselves(name: str, found: situation.Situation) -> None:
    said = text(name, found)
    for judged in re.finditer(r"(\S+\s+)\bconformes?\b", said, re.IGNORECASE):
        assert name == "accessibility"
        assert judged[1].split() == ["non"]
    assert ("non conforme" in said) == (name == "accessibility")


@everything
@each
def test_every_claim_names_a_test_that_exists(name: str, found: situation.Situation) -> None:
    claims = [
        claim
        for section in DOCUMENTS[name](found).sections
        for block in section.blocks
        if isinstance(block, Claims)
        for claim in block.claims
    ]
    assert claims
    assert [claim.text for claim in claims if not claim.tests] == []
    assert sorted({test for claim in claims for test in claim.tests} - known()) == []


def test_the_threats_of_the_page_are_those_of_the_documents() -> None:
    page = (ROOT / "docs" / "menaces.md").read_text("utf-8")
    found = threats.threats()
    assert len(found) == page.count(threats.HOLDS)
    assert sum(len(threat.claims) for threat in found) == len(
        re.findall(r"^\| [^\n]* \| `test_", page, re.MULTILINE)
    )
    assert all(threat.open for threat in found)
    for name in ("aipd", "security"):
        said = text(name, of())
        assert [threat.title for threat in found if threat.title not in said] == []
    titles = {threat.title for threat in found}
    from bot.reports import hierarchy

    assert {hierarchy.THREAT, hierarchy.COLLEAGUE} <= titles


# --- what is said of the data


def test_every_table_and_every_column_about_people_has_its_words() -> None:
    words = described()
    assert sorted(set(metadata.tables) ^ set(words)) == []
    for name, one in words.items():
        if one.about:
            assert set(one.columns) == set(metadata.tables[name].columns.keys()), name
            assert all(one.columns.values()), name


def test_a_table_that_leads_to_a_person_is_about_somebody() -> None:
    people = {"learner", "address", "staff"}
    for name, table in metadata.tables.items():
        leads = {key.column.table.name for key in table.foreign_keys} | (
            {"staff"} if "staff_id" in table.c else set()
        )
        if name in people or leads & people or "address" in table.c:
            assert described()[name].about, name


def test_every_duration_is_known_and_none_is_left_over() -> None:
    named = {one.kept for one in described().values()}
    assert set(data.durations(of().facts)) == named


def test_durations_are_those_of_the_settings() -> None:
    said = text("register", of(retention={"messages": "21d", "answers": "77d", "attestations": "99d"}))
    assert all(f"{days} jours" in said for days in (21, 77, 99))
    assert f"{Retention().answers.days} jours" not in said


@pytest.mark.parametrize("name", ["register", "aipd", "breach", "processor"])
def test_the_data_stand_whole_in_each_document_that_is_about_them(name: str) -> None:
    said = text(name, of())
    assert [
        one.title["fr"] for one in described().values() if one.about and one.title["fr"] not in said
    ] == []


def test_channels_host_and_recipients_are_those_of_the_settings() -> None:
    said = text("register", of(**NAMED))
    assert all(word in said for word in ("Ville de Test", "dpo@exemple.org", "Hébergeur (US)", "Cabinet X"))
    assert all(
        word in said
        for word in ("matrix.exemple.org", "hors de l’Espace économique européen", "société hors")
    )
    assert "terminal" not in said
    assert "Telegram" not in text("register", of())


def test_a_waived_controller_is_not_taken_for_a_named_one() -> None:
    said = text("register", of(privacy={"controller": "none", "dpo": "none"}))
    assert said.count("personne n’est nommé") == 2


# --- what is found


def test_measures_say_what_is_found_and_not_what_is_wished(store: Store) -> None:
    bad = Files(number=3, loose=2, copies=4, old_copies=1, journal=False)
    said = text("register", of(store, files=bad))
    assert "NON\u00a0: 2 sur 3 fichiers" in said
    assert "plus anciennes que 30 jours\u00a0: 1" in said
    assert "NON\u00a0: le journal des effacements ne peut pas être écrit" in said
    assert "NON\u00a0: aucune clé n’est donnée" in said
    assert "NON\u00a0: le réglage store\\_key y renonce" in text("register", of(**NAMED))


def test_addresses_are_said_to_be_sealed_only_when_all_are(database_url: str) -> None:
    with open_database(database_url) as store:
        town = Town(store)
        town.learner()
    begin_key(database_url, KEY, MONDAY)
    with open_database(database_url, key=KEY) as store:
        assert "en cours\u00a0; adresses encore en clair\u00a0: 1" in text("register", of(store))
        from storage import keys, seals

        ids, _ = store.read_now(keys.next_in_clear, 0, 10)
        store.write_now(seals.seal, ids)
        assert "oui\u00a0: aucune adresse en clair" in text("register", of(store))
    with open_database(database_url) as store:
        assert "NON\u00a0: la clé des réglages n’est pas celle de la base" in text("register", of(store))


def test_a_breach_counts_everybody_and_says_whom_an_announcement_reaches(town: Town) -> None:
    town.learner()
    town.learner("2").types("pause")
    town.person("3").types("bonjour")
    said = text("breach", of(town.store))
    assert "| Personnes dont une adresse est dans la base | 3 |" in said
    assert "atteint les personnes actives\u00a0: 1." in said


# --- what the hierarchy sees


def test_every_command_is_described_and_no_other() -> None:
    known_here = {
        commands.CHAT: set(COMMANDS),
        commands.ADMIN: set(ADMIN_COMMANDS),
        commands.SHELL: set(SHELL),
    }
    for group, names in known_here.items():
        words = [word for one in commands.described()[group] for word in one.words]
        assert sorted(set(words) ^ names) == []
        assert len(words) == len(set(words))
    assert "report" in SHELL
    assert TO_COMPLETE not in "".join(
        cell for group in known_here for row in commands.table(group, SHELL).rows for cell in row
    )


def test_a_command_that_nobody_described_is_not_left_out() -> None:
    assert ("db vanish", TO_COMPLETE, TO_COMPLETE) in commands.table(commands.SHELL, ["db vanish"]).rows


# --- the law


def test_a_text_of_the_law_past_its_date_says_so() -> None:
    found = law.law()
    for name in ("literacy", "breach", "processor", "aipd", "accessibility"):
        assert found.texts[name].split()[0] in text(name, of(now=MONDAY + timedelta(days=30)))
        assert "Attention" not in text(name, of(now=MONDAY))
        late = text(name, of(now=MONDAY + timedelta(days=3650)))
        assert f"devait être relu avant le {found.review_by:%d/%m/%Y}" in late


def test_the_law_rests_on_facts_that_are_written_down() -> None:
    facts = (ROOT / "docs" / "faits.md").read_text("utf-8")
    named = [fact for some in law.law().facts.values() for fact in some]
    assert set(law.law().facts) == set(law.law().texts)
    assert [fact for fact in named if f"#### {fact}\n" not in facts] == []
    assert law.law().checked < law.law().review_by


# --- how it is written


HOSTILE = "# Titre\n\n- [x](http://e) | <b> `c` *d* ![i](u) \u202e\x00 ~~e~~ &amp;"


def test_a_setting_is_text_and_no_markup_in_a_document() -> None:
    tables = [Table(("a", "b"), [(HOSTILE, "1. x")])]
    said = render(Document("x", HOSTILE, [Section(HOSTILE, [HOSTILE, "- x", "1. x", "=== x", *tables])]))
    lines = said.splitlines()
    assert len([line for line in lines if line.startswith("#")]) == 2
    assert not re.search(r"(?<!\\)[<>`*\[\]~&]", said)
    assert "\u202e" not in said
    assert "\x00" not in said
    assert [line for line in lines if line.startswith(("- ", "1. ", "="))] == []
    (row,) = [line for line in lines if line.startswith("|") and "Titre" in line]
    assert len(re.findall(r"(?<!\\)\|", row)) == 3


def test_a_spreadsheet_takes_no_cell_for_a_formula() -> None:
    from bot.reports.sheets import sheets

    made = Document(
        "x", "x", [Section("x", [Table(("a",), [("=1+1",), ("@x",), ("\t-1",), ("a, b",)], "t")])]
    )
    ((name, sheet),) = sheets(made)
    assert (name, sheet) == ("t", "\ufeffa\n'=1+1\n'@x\n'-1\n\"a, b\"\n")


@everything
@each
def test_each_document_is_made_on_an_empty_database_and_its_files_have_names_of_their_own(
    name: str, found: situation.Situation
) -> None:
    made = dict(files(name, found))
    assert all(re.fullmatch(r"[a-z-]+\.(?:md|csv|cdx\.json)", file) for file in made)
    assert all(content for content in made.values())
    others = {file for other in DOCUMENTS if other != name for file, _ in files(other, found)}
    assert not others & set(made)


def test_a_missing_setting_is_to_be_completed_and_nothing_is_invented() -> None:
    empty = replace(of(), held=Held())
    for name in DOCUMENTS:
        if name != "sbom":
            assert TO_COMPLETE in text(name, empty), name
