# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""One's own data and their erasure, in every state: what is shown, what goes, and what the goodbye says."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select, update

from bot.channels import Gone, Rejected, Uncertain
from bot.messages import Edit, Event, Form, Kind, Question, Send
from bot.notice.facts import Facts
from bot.service.inbound import Received, receive
from bot.service.outbound import Outcome, end, settle, step, take_over
from bot.talk import reception
from bot.talk.turn import Rules
from config.privacy import Privacy
from storage import devices, erasure, figures, learners, tables
from storage.outbox import queue
from storage.outbox.rows import Draft
from tests.bot import papers
from tests.bot.builders import TYPING, Person, Town, lesson

if TYPE_CHECKING:
    from sqlalchemy import Table

    from bot.service.outbound import Attempt
    from storage.store import Store

COURSE = ("notice", "course", "lesson", "lesson_version", "seen", "counter", "staff")
WORDS_TO_GO = ("oublier", "effacer", "/oublier", "!effacer", "FORGET", "Oublier.", "erase")
TOLD = {
    "learner": {
        *("language", "role", "state", "pause_reason", "notice", "consented_at", "created_at"),
        *("told_at", "admitted_at", "heard_on", "warned_on", "pictures"),
    },
    "address": {"channel", "address", "account"},
    "enrolment": {
        *("position", "schedule", "next_at", "slot", "silent"),
        *("slots", "offered_on", "finished_at", "rhythm", "badges", "until"),
    },
    "delivered": {"lesson_id", "at", "version"},
    "prompt": {
        *("topic", "version", "question", "content", "chosen"),
        *("created_at", "shown_at", "answered_at", "given", "verdict"),
    },
    "tally": {"right", "partly", "wrong", "days"},
    "recall": {"lesson_id", "memory", "due", "failed", "asked"},
    "attestation": {"path", "course_version", "issued_at", "facts"},
    "outbox": {"kind", "state", "content", "created_at", "ended_at"},
}
"""What `mesdonnees` holds: by table, the columns."""
UNTOLD = {
    "learner": {"id"},
    "address": {"id", "learner_id", "refusals", "sealed", "account_sealed"},
    "enrolment": {"id", "learner_id", "course_id"},
    "delivered": {"enrolment_id"},
    "prompt": {"id", "learner_id", "message", "ended_at"},
    "tally": {"learner_id"},
    "recall": {"learner_id"},
    "attestation": {"code_hash", "name_hash", "learner_id"},
    "outbox": {
        *("id", "key", "address_id", "priority", "enrolment_id", "version", "prompt", "target"),
        *("not_after", "attempts", "reason", "ref", "transient"),
    },
    "wrong_code": {"id", "address_id", "at"},  # for an hour
    "conversation": {"address_id", "channel", "priority", "ready_at", "token", "sending"},
}
"""Keys between rows, and how the queue moves messages: they say nothing about the person that what is told does not."""


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
    found: dict[str, Any] = json.loads(piece.document.content)
    return found


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
            assert data(person)["address"] == f"telegram:{person.address}"
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


def test_each_table_about_people_is_told_or_says_nothing_more() -> None:
    about: set[str] = {"learner", "address"}
    for _ in tables.metadata.sorted_tables:
        about |= {
            table.name
            for table in tables.metadata.sorted_tables
            if {key.column.table.name for key in table.foreign_keys} & about
        }
    held = {name: {column.name for column in tables.metadata.tables[name].columns} for name in about}
    assert held == {name: TOLD.get(name, set()) | UNTOLD.get(name, set()) for name in TOLD | UNTOLD}


def test_data_hold_position_pause_menus_and_messages(town: Town) -> None:
    person = town.learner()
    person.types(person.right())
    person.types("reglages")
    person.types("pause")
    found = data(person, "mydata")
    assert (found["state"], found["pause_reason"], found["position"]) == ("paused", "asked", "un")
    assert found["next_lesson_at"] is None
    assert found["last_lesson_day"] == "2026-11-23"
    assert {asked["question"] for asked in found["other_questions"]} == {"consent", "settings", "un/q2"}
    assert "settings" in {asked["question"] for asked in found["other_questions"] if asked["text"]}
    assert [sent["kind"] for sent in found["messages"]].count("reply") > 3
    stranger = data(town.person("2"))
    assert (stranger["state"], stranger["answers"], stranger["lessons"]) == ("invited", [], [])


def test_the_next_lesson_and_the_hour_of_a_question_that_was_put_off_have_names_of_their_own(
    town: Town,
) -> None:
    person = town.learner()
    person.types("dans une heure")
    found = data(person, "mydata")
    assert found["next_lesson_at"].startswith("2026-11-24T07:30")
    assert found["question_comes_back_at"].startswith("2026-11-23T10:00")
    person.types(person.right())
    found = data(person, "mydata")
    assert "days_offered_on" in found
    assert found["reviews"][0]["memory"].keys() == {"stability_days", "difficulty", "last"}


def test_an_admin_is_told_what_the_file_does_not_hold(town: Town) -> None:
    assert "registre" in town.learner("mairie").types("mesdonnees")
    assert "registre" not in town.learner().types("mesdonnees")


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
    assert '"address": "telegram:1"' in person.types("mesdonnees")
    assert "1. Tout effacer" in person.types("oublier")
    assert "sont effacés" in person.types("tout effacer")
    assert rows(town) == {"erasure": 1}
