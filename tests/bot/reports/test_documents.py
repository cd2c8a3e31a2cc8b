# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Do the documents say what is so, and is nothing in them markup or a verdict? Who holds their claims: test_claims.py."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot.reports import commands, data, law, measures, situation, threats
from bot.reports.catalogue import DOCUMENTS, files
from bot.reports.document import TO_COMPLETE, Block, Claim, Document, Said, Section, Table, plain
from bot.reports.markdown import render
from bot.reports.situation import Files, Held
from bot.talk.topics import ADMIN_COMMANDS, COMMANDS
from config.retention import Retention
from storage.database import begin_key, open_database
from storage.sealing import Sealing, key_of
from storage.tables import metadata
from tests.bot.builders import MONDAY, Town
from tests.bot.reports.situations import COMMANDS as SHELL
from tests.bot.reports.situations import NAMED, of, text

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


def test_the_threats_of_the_page_are_those_of_the_documents() -> None:
    page = (ROOT / "docs" / "menaces.md").read_text("utf-8")
    found = threats.threats()
    assert len(found) == page.count(threats.HOLDS)
    assert sum(len(threat.claims) for threat in found) == len(
        re.findall(r"^\| [^\n]* \| `test_", page, re.MULTILINE)
    )
    assert all(threat.open for threat in found)
    said = text("security", of())
    assert [threat.title for threat in found if threat.title not in said] == []
    titles = {threat.title for threat in found}
    from bot.reports import hierarchy

    assert {hierarchy.THREAT, hierarchy.COLLEAGUE} <= titles


# --- what is said of the data


def test_every_table_and_every_column_about_people_has_its_words() -> None:
    words = data.described()
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
            assert data.described()[name].about, name


def test_every_duration_is_known_and_none_is_left_over() -> None:
    named = {one.kept for one in data.described().values()}
    assert set(data.durations(of().facts)) == named


def test_durations_are_those_of_the_settings() -> None:
    said = text("register", of(retention={"messages": "21d", "answers": "77d", "attestations": "99d"}))
    assert all(f"{days} jours" in said for days in (21, 77, 99))
    assert f"{Retention().answers.days} jours" not in said


def test_the_data_stand_whole_in_the_register_and_nowhere_else() -> None:
    for name in DOCUMENTS:
        columns = [
            block.columns
            for section in DOCUMENTS[name](of()).sections
            for block in section.blocks
            if isinstance(block, Table)
        ]
        assert (data.categories(of().facts).columns in columns) is (name == "register")
    said = text("register", of())
    assert [one.title for one in data.described().values() if one.about and one.title not in said] == []
    for name in ("aipd", "breach", "processor"):
        assert "registre.md" in text(name, of())


PERSONAL = {
    "name",
    "surname",
    "username",
    "phone",
    "email",
    "ip",
    "agent",
    "model",
    "latitude",
    "longitude",
    "location",
    "country",
}


def test_no_table_has_a_column_for_a_name_a_phone_a_device_or_a_place() -> None:
    found = {
        (table.name, column.name)
        for table in metadata.tables.values()
        if data.described()[table.name].about
        for column in table.columns
        if PERSONAL & set(column.name.split("_")) or column.name == "device"
    }
    # The name on an attestation is hashed with its code; the device is a machine of the service.
    assert found == {("attestation", "name_hash"), ("to_forget", "device")}


def test_channels_host_and_recipients_are_those_of_the_settings() -> None:
    said = text("register", of(**NAMED))
    assert all(
        word in said for word in ("Ville de Test", "dpo@exemple.org", "Hébergeur (États-Unis)", "Cabinet X")
    )
    assert all(
        word in said
        for word in ("matrix.exemple.org", "hors de l’Espace économique européen", "groupe établi hors")
    )
    assert "Terminal ↔ service" not in said
    assert "Agent ↔ Telegram" not in text("register", of())


def test_a_waived_controller_is_not_taken_for_a_named_one() -> None:
    said = text("register", of(privacy={"controller": "none", "dpo": "none"}))
    assert (
        len(re.findall(r"^\| (?:Responsable|Délégué)[^|]*\| [^|]*personne n’est nommé", said, re.MULTILINE))
        == 2
    )


# --- what is found


def test_measures_say_what_is_found_and_not_what_is_wished(store: Store) -> None:
    bad = Files(number=3, loose=2, copies=4, old_copies=1, journal=False)
    said = text("security", of(store, files=bad))
    assert "NON\u00a0: fichiers lisibles par d’autres, 2 sur 3" in said
    assert "plus anciennes que 30 jours\u00a0: 1" in said
    assert "NON\u00a0: le journal des effacements ne peut pas être écrit" in said
    assert "NON\u00a0: aucune clé n’est donnée" in said
    assert "NON\u00a0: le réglage store_key y renonce" in text("security", of(**NAMED))
    assert "ATTENTION\u00a0: aucune copie trouvée" in text("security", of(store))


def test_a_measure_that_is_not_in_force_names_no_tests() -> None:
    (sealed, found), *_ = measures.measures(of()).rows
    assert isinstance(sealed, str)
    assert "non en service" in sealed
    assert plain(found).startswith("NON")


@pytest.mark.parametrize("name", ["hierarchy", "register", "security", "processor", "notice"])
def test_no_document_says_encrypted_before_a_key_has_sealed(name: str) -> None:
    key = {"key": "a" * 43 + "="}
    waiting = of(**NAMED | {"privacy": NAMED["privacy"] | key})
    assert "pas encore\u00a0: une clé est réglée" in text(name, waiting)
    assert "est chiffré dans la base, mais" not in text(name, waiting)
    assert "rien n’est encore chiffré" in text("decisions", waiting)
    peopled = replace(waiting, held=replace(waiting.held, people=1))
    assert "sont en clair dans la base" in text("decisions", peopled).partition("## ")[0]
    sealed = replace(waiting, held=replace(waiting.held, key="x"))
    assert "pas encore\u00a0: une clé" not in text(name, sealed)


def test_one_file_is_one() -> None:
    assert "pour le seul fichier regardé" in text("security", of(files=Files(number=1)))


def test_addresses_are_said_to_be_sealed_only_when_all_are(database_url: str) -> None:
    with open_database(database_url) as store:
        town = Town(store)
        town.learner()
    begin_key(database_url, KEY, MONDAY)
    with open_database(database_url, key=KEY) as store:
        assert "en cours\u00a0; comptes encore en clair\u00a0: 1" in text("register", of(store))
        from storage import keys, seals

        ids, _ = store.read_now(keys.next_in_clear, 0, 10)
        store.write_now(seals.seal, ids)
        told = of(store, privacy={"key": "a" * 43 + "="})
        assert "en cours\u00a0; des réponses déjà écrites peuvent" in text("register", told)
        store.write_now(keys.note_done, MONDAY)
        told = of(store, privacy={"key": "a" * 43 + "="})
        assert "oui\u00a0: aucun compte en clair" in text("register", told)


def test_a_breach_counts_everybody_and_says_whom_an_announcement_reaches(town: Town) -> None:
    town.learner()
    town.learner("2").types("pause")
    town.person("3").types("bonjour")
    said = text("breach", replace(of(town.store), exact=True))
    assert "| Personnes dont un compte est dans la base | 3 |" in said
    assert re.search(r"\| dont celles qu’«\u00a0annonce\u00a0» atteint \(actives\) \| 1 \|", said)


def test_exact_numbers_stand_only_in_a_breach_record_that_was_asked_for_by_its_name(town: Town) -> None:
    for number in range(7):
        town.learner(str(number))
    said = text("breach", of(town.store))
    assert not re.search(r"\| 7 \|", said)
    assert said.count("iaventure report breach\u00a0» |") == 5


# --- what the hierarchy sees


def test_every_command_is_described_and_no_other() -> None:
    known_here = {
        commands.CHAT: set(COMMANDS),
        commands.ADMIN: set(ADMIN_COMMANDS),
        commands.SHELL: set(SHELL),
    }
    for group, names in known_here.items():
        words = [word for one in commands.described()[group] for word in (*one.words, *one.english)]
        assert sorted(set(words) ^ names) == []
        assert len(words) == len(set(words))
    assert "report" in SHELL
    assert TO_COMPLETE not in "".join(
        plain(cell) for group in known_here for row in commands.table(group, SHELL).rows for cell in row
    )


def test_a_command_that_nobody_described_is_not_left_out() -> None:
    assert ("db vanish", TO_COMPLETE, TO_COMPLETE) in commands.table(commands.SHELL, ["db vanish"]).rows


# --- the law


def test_a_text_of_the_law_past_its_date_says_so() -> None:
    found = law.law()
    for name in ("literacy", "breach", "processor", "aipd", "accessibility"):
        assert found.texts[name].text.split()[0] in text(name, of(now=MONDAY + timedelta(days=30)))
        assert "devait être relu" not in text(name, of(now=MONDAY))
        late = text(name, of(now=MONDAY + timedelta(days=3650)))
        assert f"devait être relu avant le {found.review_by:%d/%m/%Y}" in late
    for one in found.texts.values():
        assert one.source
        assert one.certainty


def test_the_law_rests_on_facts_that_are_written_down() -> None:
    facts = (ROOT / "docs" / "faits.md").read_text("utf-8")
    named = [fact for one in law.law().texts.values() for fact in one.facts]
    assert len(named) > 10
    assert [fact for fact in named if f"#### {fact}\n" not in facts] == []
    assert law.law().checked < law.law().review_by


# --- how it is written


HOSTILE = "# Titre\n\n- [x](http://e) | <b> `c` *d* ![i](u) \u202e\x00 ~~e~~ &amp;"


def test_a_setting_is_text_and_no_markup_in_a_document() -> None:
    table = Table(("a", "b"), [(HOSTILE, "1. x")])
    blocks: list[Block] = [HOSTILE, "- x", "1. x", "=== x", "# x", table]
    said = render(Document("x", HOSTILE, [], [Section(HOSTILE, blocks)], []))
    lines = said.splitlines()
    assert len([line for line in lines if line.startswith("#")]) == 4
    assert not re.search(r"(?<!\\)[<>`*\[\]~&]", said)
    assert "\u202e" not in said
    assert "\x00" not in said
    assert [line for line in lines if line.startswith(("- ", "1. ", "="))] == []
    (row,) = [line for line in lines if line.startswith("|") and "Titre" in line]
    assert len(re.findall(r"(?<!\\)\|", row)) == 3


def test_a_spreadsheet_takes_no_cell_for_a_formula() -> None:
    from bot.reports.sheets import sheets

    cells: list[Said] = ["=1+1", "@x", "\t-1", "+1", "a; b", Claim("c", ("test_c",))]
    rows = [(cell,) for cell in cells]
    made = Document("x", "x", [], [Section("x", [Table(("a",), rows, "t")])], [])
    ((name, sheet),) = sheets(made)
    assert (name, sheet.split("\r\n")) == ("t", ["\ufeffa", "'=1+1", "'@x", "'-1", "'+1", '"a; b"', "c", ""])


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
