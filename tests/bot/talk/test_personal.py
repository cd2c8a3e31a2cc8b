# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""One's own data and their erasure, in every state: what is shown, what goes, and what the goodbye says."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import (
    Column,
    ForeignKey,
    Integer,
    MetaData,
    Table,
    Text,
    func,
    literal_column,
    select,
    update,
)

from bot.channels import Gone, Rejected, Uncertain
from bot.messages import Doubt, Edit, Event, Form, Kind, Question, Send
from bot.notice.facts import Facts
from bot.service.inbound import Received, receive
from bot.service.outbound import Outcome, end, settle, step, take_over
from bot.talk import own_data, reception
from bot.talk.turn import Rules
from bot.wording.tables import described, reasons
from config.privacy import Privacy
from storage import devices, erasure, figures, learners, pending, personal, tables
from storage.outbox import queue
from storage.outbox.rows import Draft
from tests.bot import papers
from tests.bot.builders import TYPING, Person, Town, lesson, setting, tables_in

if TYPE_CHECKING:
    from bot.service.outbound import Attempt
    from storage.store import Store
    from storage.types import Tx

STATE = "état (invité, actif, en pause, arrêté, opposé, gardé sans usage, effacé)"
TOPIC = "sorte (quiz pour une question de leçon, sinon le menu)"
COURSE = ("notice", "course", "lesson", "lesson_version", "seen", "counter", "staff")
WORDS_TO_GO = ("oublier", "effacer", "/oublier", "!effacer", "FORGET", "Oublier.", "erase")


@pytest.fixture
def town(store: Store) -> Town:
    return Town(store).teach(lesson("un"), lesson("deux"))


def rows(town: Town) -> dict[str, int]:
    """How many rows each table has, but for the course and what names nobody."""

    def counted(table: Table) -> int:
        return town.store.read_now(
            lambda tx: tx.execute(select(func.count()).select_from(table)).scalar_one()
        )

    counts = {table.name: counted(table) for table in tables.metadata.sorted_tables}
    return {name: number for name, number in counts.items() if number and name not in COURSE}


def data(person: Person, word: str = "mesdonnees") -> dict[str, Any]:
    """What the file holds that comes."""
    person.types(word)
    piece = person.last
    assert isinstance(piece, Send)
    assert piece.document is not None
    return tables_in(piece.document.content)


def in_each_state(town: Town) -> dict[str, Person]:
    """Somebody in each state."""
    people = {state: town.learner(state) for state in ("active", "paused", "gone", "stopped")}
    people["paused"].types("pause")
    people["gone"].does(kind=Kind.LEFT)
    people["stopped"].types("stop")
    people["stopped"].types("arrêter")
    people["invited"] = town.person("invited")
    people["invited"].types("bonjour")
    people["stranger"] = town.person("stranger")
    return people


def hears_only(town: Town, person: Person, text: str) -> None:
    """Store what somebody says; what answers it does not leave."""
    rules = Rules(town.schedule, "fr", town.admins)
    town.events += 1
    event = reception.read(Event("telegram", f"e{town.events}", person.address, town.now, text=text), rules)
    town.store.write_now(receive, event, rules, town.limits, town.now)


def confirms(town: Town, person: Person, question: Question) -> Received:
    """Press the button that erases; what answers it does not leave."""
    rules = Rules(town.schedule, "fr", town.admins)
    town.events += 1
    pressed = Event(
        *("telegram", f"e{town.events}", person.address, town.now, Kind.CHOOSE),
        refers=question.prompt,
        keys=("erase",),
    )
    return town.store.write_now(receive, reception.read(pressed, rules), rules, town.limits, town.now)


def leaves(town: Town) -> tuple[Attempt, ...]:
    """What leaves now, and has not arrived."""
    return town.store.write_now(step, "telegram", "token", town.limits, (), 8, (), town.now).attempts


# --- in every state


def test_data_help_and_erasure_work_in_every_state(town: Town, subtests: pytest.Subtests) -> None:
    for state, person in in_each_state(town).items():
        with subtests.test(state=state):
            assert data(person)["Ce fichier"]["adresse"] == f"telegram:{person.address}"
            assert "oublier" in person.types("aide")
            assert "Effacer toutes vos données" in person.types("effacer")
            assert "sont effacés" in person.types("effacer")
            with pytest.raises(LookupError):
                person.learner  # noqa: B018
    assert rows(town) == {"erasure": 6}


def test_who_stopped_and_kept_is_told_so_when_they_stop_again(town: Town) -> None:
    person = in_each_state(town)["stopped"]
    assert "déjà arrêté" in person.types("stop")
    assert person.learner.state == "stopped"


def test_each_word_asks_once_and_only_its_own_answers_erase(town: Town, subtests: pytest.Subtests) -> None:
    for word in WORDS_TO_GO:
        with subtests.test(word=word):
            person = town.learner(word)
            assert "Effacer toutes" in person.types(word)
            for other in ("oui", "ok", "d’accord", "yes"):
                person.types(other)
                assert person.learner.state == "active"
            assert "Rien n’est effacé" in person.types("non")
            person.types(word)
            assert "sont effacés" in person.types("1")


def test_the_word_said_again_after_an_hour_or_after_something_else_asks_anew(town: Town) -> None:
    person = town.learner()
    person.types("oublier")
    town.wait(minutes=61)
    assert "Effacer toutes" in person.types("oublier")
    person.types("reglages")
    assert "Effacer toutes" in person.types("oublier")
    assert person.learner.state == "active"
    assert "sont effacés" in person.types("effacer")


def test_a_button_erases_and_its_message_becomes_the_receipt(town: Town) -> None:
    person = town.learner()
    person.types("oublier")
    (_, shown, _) = person.shown[-1]
    person.presses("erase")
    assert isinstance(person.last, Edit)
    assert person.brief == "C’est effacé."
    assert shown
    assert rows(town) == {"erasure": 1}


def test_the_receipt_says_what_is_true_now(town: Town) -> None:
    person = town.learner()
    person.types("oublier")
    said = person.types("1")
    facts = ("lundi 23 novembre à 10:00", "23 décembre 2026", "26 janvier 2027", "24 heures", "Telegram")
    for fact in facts:
        assert fact in said
    mayor = town.learner("mairie")
    mayor.types("oublier")
    assert "registre" in mayor.types("1")


def test_the_receipt_dates_are_those_of_the_person_and_of_the_setting(town: Town) -> None:
    town.facts = Facts(Privacy(backups="1d"), channels=("telegram",))
    town.now = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)  # already the 24th in Paris
    person = town.learner()
    person.types("oublier")
    said = person.types("1")
    assert "prévu au plus tard le 25 novembre 2026" in said
    assert "Jusqu’au 30 novembre 2026" in said


# --- one's own data


def neither(of: MetaData) -> set[str]:
    """Which tables and columns are neither in the file nor on the list of what is left out."""
    shown = {*personal.ways(of), *personal.loose(of)}
    found = set()
    for name, table in of.tables.items():
        words = described().get(name)
        if words is None or (name not in shown and not words.untold):
            found.add(name)
        elif name in shown and not words.untold:
            found |= {f"{name}.{column}" for column in set(table.columns.keys()) ^ set(words.columns)}
    return found


def test_each_table_and_column_about_people_is_in_the_file_or_on_the_list_with_a_reason() -> None:
    assert neither(tables.metadata) == set()
    used = {one.untold for one in described().values()} | {
        column.untold for one in described().values() for column in one.columns.values()
    }
    assert used - {""} == set(reasons())
    # Whatever says of itself that no row says whose it is has no column that does.
    keys = {"learner_id", "address_id", "enrolment_id", "staff_id"}
    named = [name for name, one in described().items() if one.untold in ("unnamed", "service")]
    assert [name for name in named if keys & set(tables.metadata.tables[name].columns.keys())] == []


def test_a_new_table_or_column_is_neither_until_somebody_described_it() -> None:
    grown = MetaData()
    for table in tables.metadata.sorted_tables:
        table.to_metadata(grown)
    Table(
        "mood", grown, Column("learner_id", ForeignKey("learner.id"), primary_key=True), Column("mood", Text)
    )
    Table("gift", grown, Column("mood_id", ForeignKey("mood.learner_id"), primary_key=True))
    Table("diary", grown, Column("address", Text, primary_key=True))
    grown.tables["learner"].append_column(Column("size", Integer))
    assert neither(grown) == {"mood", "gift", "diary", "learner.size"}
    assert {"mood", "gift"} <= set(personal.ways(grown))


def test_data_hold_position_pause_menus_and_messages(town: Town) -> None:
    person = town.learner()
    person.types(person.right())
    person.types("reglages")
    person.types("pause")
    found = data(person)
    about, place = found["Inscription"], found["Parcours"]
    assert (about[STATE], about["raison de la pause"]) == ("paused", "asked")
    assert (place["dernière leçon reçue"], place["dernier jour prévu"]) == ("un", "2026-11-23")
    assert about["version de l’information lue"] == person.learner.notice
    assert "prochaine leçon" not in found["Ce fichier"]
    asked = found["Questions et réponses"]
    assert sorted(one[TOPIC] for one in asked) == ["consent", "quiz", "quiz", "settings"]
    (answered,) = [one for one in asked if "réponse donnée" in one and one[TOPIC] == "quiz"]
    assert answered["réponse donnée"] == ["a"]
    assert answered["leçon et version"] == f"un/{lesson('un').version}"
    (menu,) = [one for one in asked if one[TOPIC] == "settings"]
    assert "Que voulez-vous changer" in menu["texte du menu, ou ordre des choix"]["text"]
    kinds = [sent["sorte de message"] for sent in found["Messages du robot"]]
    assert kinds.count("reply") > 3
    stranger = data(town.person("2"))
    assert (stranger["Inscription"][STATE], stranger["Questions et réponses"]) == ("invited", [])
    assert (stranger["Parcours"], stranger["Leçons reçues"]) == (None, [])


def test_the_next_lesson_and_the_hour_of_a_question_that_was_put_off_have_names_of_their_own(
    town: Town,
) -> None:
    person = town.learner()
    person.types("dans une heure")
    about = data(person)["Ce fichier"]
    assert about["prochaine leçon"].startswith("2026-11-24T07:30")
    assert about["heure à laquelle la question remise à plus tard revient"].startswith("2026-11-23T10:00")
    person.types(person.right())
    (review,) = data(person)["Révisions à venir"]
    memory = review["estimation de ce qui est retenu (en jours, difficulté de 1 à 10)"]
    assert memory.keys() == {"stability", "difficulty", "last"}


def test_the_file_says_what_is_not_in_it_and_why_and_holds_no_handle_on_a_button(town: Town) -> None:
    person = town.learner()
    person.types("reglages")
    prompt = person.question.prompt
    found = data(person)
    without = found["Ce qui n’est pas dans ce fichier, et pourquoi"]
    assert "Inscription (identifiant tiré au hasard)" in without[reasons()["key"]["fr"]]
    assert "Trace des messages reçus, sans leur contenu" in without[reasons()["unnamed"]["fr"]]
    assert prompt not in json.dumps(found)
    assert person.learner.id not in json.dumps(found)


def test_the_file_is_in_the_language_of_its_reader(town: Town) -> None:
    person = town.learner()
    setting(person, "7", "2")
    found = data(person, "mydata")
    assert found["Registration"]["language"] == "en"
    assert "What is not in this file, and why" in found


def test_a_file_that_was_sent_before_is_not_in_the_next_one(town: Town) -> None:
    person = town.learner()
    sizes = [len(json.dumps(data(person))) for _ in range(4)]
    steps = [after - before for before, after in pairwise(sizes)]
    assert max(steps) < 2 * min(steps) < 4000


def test_a_file_holds_the_newest_rows_and_says_that_there_are_more(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = town.learner()
    for most in (personal, own_data):
        monkeypatch.setattr(most, "MOST", 3)
    for _ in range(5):
        person.types("aide")
    found = data(person)
    assert len(found["Messages du robot"]) == 3
    assert "3 lignes les plus récentes" in found["Messages du robot, suite"]
    assert "Leçons reçues, suite" not in found


def test_a_file_is_of_every_conversation_of_an_account_and_of_nobody_elses(town: Town) -> None:
    zoe = town.person("!a", sender="@zoe:x")
    for said in ("bonjour", "oui"):
        zoe.types(said)
    town.person("!b", sender="@zoe:x").does(kind=Kind.GREETING)
    town.person("!c", sender="@bob:x").types("bonjour")
    found = data(zoe)
    others = found["Autres conversations du même compte"]
    places = [one["Adresse de messagerie"][0] for one in (found, *others)]
    where = "adresse de la conversation dans la messagerie"
    assert [place[where] for place in places] == ["!a", "!b"]
    assert {place["compte de la messagerie (sur Tchap, il contient le nom)"] for place in places} == {
        "@zoe:x"
    }
    assert "bob" not in json.dumps(found)


def test_own_events_that_wait_are_in_the_file_and_no_others(town: Town) -> None:
    person = town.learner()
    for address, said in (("1", "le mien"), ("2", "un autre")):
        event = {"address": address, "text": said, "at": town.now.isoformat()}
        town.store.write_now(pending.add, "telegram", [(address, event)], town.now)
    (waits,) = data(person)["Messages reçus qui attendent leur réponse"]
    assert waits["message reçu"]["text"] == "le mien"


def test_damaged_values_stop_no_file(town: Town) -> None:
    person = town.learner()
    person.types(person.right())

    def damage(tx: Tx) -> None:
        for table, column in (
            *((tables.enrolment, "schedule"), (tables.enrolment, "slots"), (tables.tally, "days")),
            *((tables.prompt, "content"), (tables.outbox, "content"), (tables.recall, "memory")),
        ):
            tx.execute(update(table).values({column: literal_column("'['")}))

    town.store.write_now(damage)
    found = data(person)
    assert found["Parcours"]["jours, heure, fuseau horaire"] == "["
    assert found["Totaux de réponses"]["nombre de réponses justes"] == 1


def test_an_admin_sees_their_acts_from_a_trusted_device_only(town: Town) -> None:
    mayor = town.learner("mairie")
    for said in ("annonce Réunion à 14 h", "envoyer"):
        mayor.types(said)
    found = data(mayor)
    (act,) = found["Registre des actes d’administration"]
    assert (act["acte"], act["précision"]) == ("announce", "Réunion à 14 h")
    assert found["Personnes qui administrent"][0][
        "compte de la messagerie ou de la machine (retiré une fois oublié)"
    ] == ("telegram:mairie")
    assert "registre" not in mayor.types("mesdonnees")
    said = mayor.does(text="mesdonnees", doubt=Doubt.UNSIGNED)
    assert "registre" in said
    piece = mayor.last
    assert isinstance(piece, Send)
    assert piece.document is not None
    assert "Registre des actes d’administration" not in tables_in(piece.document.content)
    assert "Registre des actes d’administration" not in data(town.learner())


# --- what goes, and when


def test_everything_goes_at_once_but_the_address_which_goes_with_the_goodbye(town: Town) -> None:
    person = town.learner("celle-qui-part")
    person.types(person.right())
    person.types("oublier")
    before = person.learner
    hears_only(town, person, "1")
    # The goodbye, and the edit that takes the buttons of the menu away.
    assert rows(town) == {"learner": 1, "address": 1, "outbox": 2, "conversation": 1, "erasure": 1}
    left = person.learner
    assert (left.id != before.id, left.state, left.notice, left.enrolment) == (True, "erased", "", None)
    town.deliver()
    assert "sont effacés" in person.heard()
    assert rows(town) == {"erasure": 1}
    assert "celle-qui-part" not in papers.all_texts(town.store)


def test_the_goodbye_changes_the_message_that_asked_although_its_row_is_gone(town: Town) -> None:
    person = town.learner()
    person.types("oublier")
    asked = person.shown[-1][1]
    confirms(town, person, person.question)
    (goodbye,) = leaves(town)
    assert isinstance(goodbye.piece, Edit)
    assert goodbye.row.target_ref == asked


def test_the_goodbye_changes_the_message_that_asked_although_it_had_not_been_marked(town: Town) -> None:
    person = town.learner()
    hears_only(town, person, "oublier")
    (asking,) = leaves(town)
    confirms(town, person, asking.piece.question or Question("", Form.MENU))
    town.store.write_now(settle, [Outcome(asking.row, town.now, "4711")], town.now)
    (goodbye,) = leaves(town)
    assert isinstance(goodbye.piece, Edit)
    assert goodbye.row.target_ref == "4711"


def test_a_message_in_flight_is_marked_to_nothing_and_the_goodbye_follows(
    town: Town, subtests: pytest.Subtests
) -> None:
    for failure in (None, Gone(), Rejected(), Uncertain(), ValueError("?")):
        with subtests.test(failure=failure):
            person = town.learner(f"en-vol-{failure!r}")
            person.types("oublier")
            asked = person.question
            hears_only(town, person, "lecon")
            (flying,) = leaves(town)
            assert confirms(town, person, asked).erased
            assert leaves(town) == (), "one message at a time"
            held = rows(town).get("lesson_version")
            town.store.write_now(settle, [Outcome(flying.row, town.now, "77", failure)], town.now)
            assert rows(town).get("lesson_version") == held
            town.deliver()
            assert "effacé" in person.heard()
            assert "77" not in set(papers.all_texts(town.store).split("'"))
    assert rows(town) == {"erasure": 5}


def test_a_process_killed_with_a_message_in_flight_lets_the_goodbye_leave(town: Town) -> None:
    person = town.learner()
    person.types("oublier")
    hears_only(town, person, "aide")
    (flying,) = leaves(town)
    confirms(town, person, person.question)
    town.store.write_now(take_over, "telegram", "other", town.now)
    town.store.write_now(end, Outcome(flying.row, town.now, "77"))
    town.deliver()
    assert rows(town) == {"erasure": 1}


def test_a_number_given_again_is_not_taken_for_the_row_that_was_erased(town: Town) -> None:
    person, other = town.learner("1"), town.learner("2")
    hears_only(town, person, "aide")
    (flying,) = leaves(town)
    town.store.write_now(erasure.erase, person.learner.id, town.now)
    hears_only(town, other, "aide")
    town.store.write_now(
        lambda tx: tx.execute(
            update(tables.outbox).where(tables.outbox.c.state == "waiting").values(id=flying.row.id)
        )
    )
    town.store.write_now(settle, [Outcome(flying.row, town.now, "77", Gone())], town.now)
    assert other.learner.state == "active"
    town.deliver()
    assert "Voici ce que vous pouvez" in other.heard()


def test_who_writes_again_before_the_goodbye_ended_is_a_stranger_with_another_id(town: Town) -> None:
    person = town.learner()
    person.types("oublier")
    before = person.learner.id
    hears_only(town, person, "1")
    town.wait(seconds=1)
    assert "Ce que je garde" in person.types("bonjour")
    assert person.learner.state == "invited"
    assert person.learner.id != before
    assert "Titre de un" in person.types("oui")
    assert person.learner.state == "active"


def test_a_second_press_on_the_button_that_erased_brings_nobody_back(town: Town) -> None:
    person = town.learner()
    person.types("oublier")
    pressed = person.question
    hears_only(town, person, "1")
    received = confirms(town, person, pressed)
    assert (received.queued, received.brief) == (0, "C’est effacé.")
    town.deliver()
    assert rows(town) == {"erasure": 1}


def test_an_address_goes_with_its_goodbye_however_it_ends(town: Town, subtests: pytest.Subtests) -> None:
    for number, failure in enumerate((Gone(), Rejected()), 1):
        with subtests.test(failure=failure):
            person = town.learner()
            person.types("oublier")
            confirms(town, person, person.question)
            outcomes = [Outcome(attempt.row, town.now, "", failure) for attempt in leaves(town)]
            town.store.write_now(settle, outcomes, town.now)
            assert rows(town) == {"erasure": number}
    with subtests.test("expired"):
        person = town.learner()
        person.types("oublier")
        hears_only(town, person, "1")
        town.wait(hours=23, minutes=1)
        assert leaves(town) == ()
        assert rows(town) == {"erasure": 3}
    with subtests.test("no channel runs any more"):
        person = town.learner()
        person.types("oublier")
        hears_only(town, person, "1")
        town.wait(hours=23)
        assert town.store.read_now(erasure.overdue, town.now, 10) == []
        town.wait(hours=2)
        late = town.store.read_now(erasure.overdue, town.now, 10)
        assert town.store.write_now(erasure.leave_overdue, late, town.now) == 1
        assert rows(town) == {"erasure": 4}


def test_an_earlier_edit_that_waits_is_not_taken_for_the_goodbye(town: Town) -> None:
    person = town.learner()
    person.types("oublier")
    asked = person.shown[-1][0]
    town.store.write_now(
        queue.enqueue,
        [
            Draft(
                "reply:earlier:0.0",
                person.learner.address_id,
                "telegram",
                {"of": asked, "text": "plus ancien"},
                target=asked,
            )
        ],
        town.now,
    )
    confirms(town, person, person.question)
    town.deliver()
    assert "plus ancien" not in person.heard()
    assert "sont effacés" in person.heard()
    assert rows(town) == {"erasure": 1}


def test_all_addresses_of_a_person_go_and_each_device_is_told(town: Town) -> None:
    person = town.learner("une")
    town.store.write_now(devices.note, "telegram", "ici", town.now)
    town.store.write_now(devices.note, "telegram", "ailleurs", town.now)
    town.store.write_now(
        lambda tx: tx.execute(
            tables.address.insert().values(channel="telegram", address="autre", learner_id=person.learner.id)
        )
    )
    person.types("oublier")
    person.types("1")
    assert rows(town) == {"erasure": 1, "device": 2, "to_forget": 4}
    for device in ("ici", "ailleurs"):
        assert set(town.store.read_now(devices.waiting, "telegram", device, town.now)) == {"une", "autre"}
    person.types("bonjour")
    assert town.store.read_now(devices.waiting, "telegram", "ici", town.now) == ["autre"]
    town.store.write_now(devices.forgot, "telegram", "ici", ["autre"])
    assert town.store.write_now(devices.drop_absent, town.now + timedelta(days=1)) != []
    assert rows(town).keys() & {"device", "to_forget"} == set()


def test_deliveries_stay_counted(town: Town) -> None:
    person = town.learner()
    town.tick(person.next_at)
    counted = town.store.read_now(figures.read)
    person.types("oublier")
    person.types("1")
    after = town.store.read_now(figures.read)
    assert after["deliveries"] == counted["deliveries"]
    assert (
        after["replies"]["sent"] == counted["replies"]["sent"] + 3
    )  # the menu, the goodbye, and the menu without buttons
    assert town.store.read_now(learners.count) == {}


def test_data_and_erasure_are_typed_where_nothing_can_be_pressed(town: Town) -> None:
    town.limits = TYPING
    person = town.learner()
    assert '"adresse": "telegram:1"' in person.types("mesdonnees")
    assert "1. Tout effacer" in person.types("oublier")
    assert "sont effacés" in person.types("tout effacer")
    assert rows(town) == {"erasure": 1}


@pytest.mark.parametrize(
    "said",
    [
        "Mon zèbre est malade, et moi avec",
        "pourquoi mon zèbre ?",
        "zèbre 12",
        "merci beaucoup, le zèbre va mieux et mon syndicat aussi",
    ],
)
def test_words_are_gone_once_they_are_answered(town: Town, said: str) -> None:
    town.limits = TYPING
    stranger, learner = town.person("2"), town.learner()
    for person in (stranger, learner):
        person.types(said)
        person.types("aide")
    kept = town.store.read_now(
        lambda tx: [
            tuple(row) for table in tables.metadata.sorted_tables for row in tx.execute(select(table))
        ]
    )
    assert "zèbre" not in repr(kept)
