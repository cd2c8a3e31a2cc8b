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

from bot.notice import texts
from bot.reports import commands, data, guide, law, notice, opening, situation, threats
from bot.reports.catalogue import DOCUMENTS, files
from bot.reports.document import (
    TO_COMPLETE,
    Claim,
    Document,
    Kind,
    Section,
    Table,
    Text,
    cells_of,
    claims_of,
    texts_of,
)
from bot.reports.document import said as cell_text
from bot.reports.markdown import ANNEX, render
from bot.reports.markdown import text as escaped
from bot.reports.packages import packages
from bot.reports.situation import Files, Held
from bot.talk.topics import ADMIN_COMMANDS, COMMANDS
from bot.wording import words_of
from bot.wording.tables import described
from config.retention import Retention
from lessons import markup
from storage import personal
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
    claims = list(claims_of(DOCUMENTS[name](found)))
    assert claims or name == "guide"
    assert sorted({test for claim in claims for test in claim.tests} - known()) == []


def test_a_claim_without_a_test_cannot_be_written() -> None:
    with pytest.raises(ValueError, match="names the tests that hold it: tout va bien"):
        Claim("tout va bien", ())


ABSOLUTE = re.compile(
    r"\b(?:aucune?s?|jamais|toujours|rien|personne ne|nul ne|tout est|garanti\w*|chaque|quoi qu|dans tous les cas)\b",
    re.IGNORECASE,
)
"""What is said without exception is a claim, or the admission of a limit."""


@everything
@each
def test_no_sentence_is_absolute_but_a_claim_or_a_limit_and_what_is_quoted(
    name: str, found: situation.Situation
) -> None:
    made = DOCUMENTS[name](found)
    quoted = {line for channel in found.facts.channels for line in notice_lines(found, channel)}
    free = (Kind.LAW, Kind.LIMIT, Kind.FOUND)
    absolute = [
        said.text
        for said in texts_of(made)
        if said.kind not in free and ABSOLUTE.search(said.text) and said.text.strip("« »") not in quoted
    ]
    assert absolute == []
    # A cell is a name, a value, or what the operator may promise.
    allowed = (TO_COMPLETE, *(line for _, line in guide.WORDS))
    cells = [
        one for one in cells_of(made) if ABSOLUTE.search(one) and not any(part in one for part in allowed)
    ]
    assert [one for one in cells if one not in quoted and one not in VALUES] == []


VALUES = {
    "aucune",  # quiet hours, as a setting
    "aucune n’est demandée ; un texte libre peut en contenir",
    "aucun fichier n’est reçu d’ailleurs",
    "aucune donnée personnelle",
    "aucune messagerie entre les deux",
}


def notice_lines(found: situation.Situation, channel: str) -> set[str]:
    """The sentences of the notice, which `notice` quotes with what holds them."""
    words = words_of("fr")
    sections = texts.sections(found.facts, channel, words)
    first = markup.plain(texts.short(found.facts, channel, words)).split("\n")
    return {line.removeprefix("• ").rstrip(" ;\u00a0") for lines in (*sections, first) for line in lines}


def test_each_section_of_the_notice_names_what_holds_it() -> None:
    words = words_of("fr")
    for channel in ("console", "telegram", "matrix"):
        titles = {section[0] for section in texts.sections(of(**NAMED).facts, channel, words)}
        assert titles == {words.plain(key) for key in notice.HELD}


@each
def test_each_document_says_what_it_does_not_say_and_the_tests_are_named_at_its_end(name: str) -> None:
    said = text(name, of())
    assert "## Ce que ce document ne dit pas\n\n- " in said
    before, _, annex = said.partition(f"## {escaped(ANNEX)}")
    assert "`test_" not in before
    numbers = set(re.findall(r"\bE\d+\b", before.replace("« E1 »", "").replace("«\u00a0E1\u00a0»", "")))
    assert numbers == set(re.findall(r"^- (E\d+)\u00a0: `test_", annex, re.MULTILINE))


@each
def test_a_terminal_is_said_to_be_an_essay_and_what_is_wrong_stands_first(name: str) -> None:
    said = text(name, of())
    assert "aucune messagerie n’est réglée" in said
    assert "délégué à la protection des données n’est pas nommé" in said
    assert "aucune messagerie n’est réglée" not in text(name, of(**NAMED))


def test_all_is_well_is_said_so(town: Town) -> None:
    found = of(town.store, **NAMED)
    sound = replace(found.held, key="abc")
    assert opening.alerts(replace(found, held=sound)) == []
    assert "Rien à corriger" in text("guide", replace(found, held=sound))
    wrong = opening.alerts(
        replace(found, held=Held(key="abc", in_clear=3), files=Files(2, 1, 2, 1, journal=False))
    )
    assert len(wrong) == 5


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
        assert [line for threat in found for line in threat.open if escaped(line) not in said] == []
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
            assert all(all(column.label.values()) for column in one.columns.values()), name


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
def test_every_category_of_data_stands_in_each_document_that_is_about_them(name: str) -> None:
    said = text(name, of())
    assert ("dernier jour où la personne a dit quelque chose" in said) == (name == "register")
    assert [
        one.title["fr"] for one in described().values() if one.about and one.title["fr"] not in said
    ] == []


def test_channels_host_and_recipients_are_those_of_the_settings() -> None:
    said = text("register", of(**NAMED))
    assert all(
        word in said for word in ("Ville de Test", "dpo@exemple.org", "Hébergeur (États-Unis)", "Cabinet X")
    )
    assert all(
        word in said
        for word in ("matrix.exemple.org", "hors de l’Espace économique européen", "société hors")
    )
    assert "terminal" not in said
    assert "société hors" not in text("register", of())


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
        other = of(store)
    other = replace(other, held=replace(other.held, key_fits=False))
    assert "NON\u00a0: la clé des réglages n’est pas celle de la base" in text("register", other)


def test_a_breach_counts_everybody_and_says_whom_an_announcement_reaches(town: Town) -> None:
    town.learner()
    town.learner("2").types("pause")
    town.person("3").types("bonjour")
    said = text("breach", replace(of(town.store), alone=True))
    assert "| Personnes dont une adresse est dans la base | 3 |" in said
    assert "| Personnes actives, que «\u00a0annonce\u00a0» atteint | 1 |" in said
    among_others = text("breach", of(town.store))
    assert "| 3 |" not in among_others
    assert "demandée pour elle-même" in among_others


def test_a_measure_that_is_not_in_force_is_a_risk_to_be_judged() -> None:
    said = text("aipd", of()).partition("## 4. ")[2]
    assert "Mesure absente\u00a0: Avec une clé, les adresses" in said


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
        cell_text(cell) for group in known_here for row in commands.table(group, SHELL).rows for cell in row
    )


def test_no_column_is_made_for_a_phone_number_an_ip_address_or_a_device_of_a_learner() -> None:
    forbidden = re.compile(r"phone|tel|ip|ips|agent|browser|model|latitude|longitude|location|birth|mail")
    columns = {
        f"{name}.{column.name}" for name in personal.ways() for column in metadata.tables[name].columns
    }
    assert [one for one in columns if forbidden.fullmatch(one.rpartition(".")[2])] == []
    assert [
        one for one in columns if any(part in one for part in ("phone", "user_agent", "ip_", "_ip"))
    ] == []


def test_no_package_of_a_model_or_of_an_ai_service_runs() -> None:
    parts = {part for one in packages() for part in re.split(r"[-_.]", one.name.lower())}
    models = {
        *("openai", "anthropic", "mistralai", "cohere", "google", "genai", "ollama", "litellm", "langchain"),
        *("transformers", "torch", "tensorflow", "keras", "onnx", "onnxruntime", "llama", "spacy", "sklearn"),
        *("huggingface", "sentence", "vllm", "gpt4all", "bedrock", "vertexai", "groq", "replicate", "jax"),
    }
    assert parts & models == set()
    assert "fsrs" in parts  # the formula of reviews: a few numbers, and no model that is called


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
    plain = [Text(one, Kind.FOUND) for one in (HOSTILE, "- x", "1. x", "=== x")]
    said = render(Document("x", HOSTILE, [Section(HOSTILE, [*plain, *tables])]))
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
        "x", "x", [Section("x", [Table(("a",), [("=1+1",), ("@x",), ("\t-1",), ("a; b",)], "t")])]
    )
    ((name, sheet),) = sheets(made)
    assert (name, sheet) == ("t", "\ufeffa\n'=1+1\n'@x\n'-1\n\"a; b\"\n")


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
