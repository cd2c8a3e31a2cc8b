# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Settings: hour, days, time zone, holidays, quiet hours, role, language, and one's own data."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any, get_args
from zoneinfo import available_timezones

from pydantic import ValidationError

from bot.messages import Choice, Document, Form, Message
from bot.talk.turn import Turn, menu, says
from bot.wording import LANGUAGES, words_of
from config.schedule import Day, Schedule, due_after
from lessons.curriculum import Role
from storage import courses, learners
from storage.progress import enrolments, prompts, reviews, tallies
from storage.progress.prompts import Prompt

TOPIC = "settings"
"""Prompts are `settings` for the list, and `settings.` and an item for one of them."""

DAYS: tuple[Day, ...] = get_args(Day)
ZONES = (
    "Europe/Paris",
    "America/Guadeloupe",
    "America/Martinique",
    "America/Cayenne",
    "Indian/Reunion",
    "Indian/Mayotte",
    "Pacific/Noumea",
    "Pacific/Tahiti",
    "America/Miquelon",
)
CALENDARS = ("FR", "Alsace", "Moselle", "GP", "MQ", "GF", "RE", "YT", "none")
ROLES = tuple(Role)
ITEMS = ("hour", "days", "zone", "holidays", "quiet", "role", "language", "data")


def command(turn: Turn) -> list[Message]:
    """Answer `reglages`: what is set now, and what can be changed."""
    words, schedule = turn.words, turn.schedule
    values = {
        "hour": words.hour(schedule.time),
        "days": _days(turn, schedule),
        "zone": schedule.time_zone,
        "holidays": words.plain(f"settings.holidays.{schedule.holidays}")
        if schedule.holidays in CALENDARS
        else schedule.holidays,
        "quiet": words.plain("settings.quiet.none")
        if schedule.quiet is None
        else schedule.model_dump(mode="json")["quiet"],
        "role": words.plain(f"settings.role.{turn.learner.role}"),
        "language": words.plain(f"settings.language.{turn.learner.language}"),
        "data": "",
    }
    choices = [
        Choice(
            item, words.plain(f"settings.{item}", value=values[item]), (words.plain(f"settings.{item}.word"),)
        )
        for item in ITEMS
    ]
    prompts.close(turn.tx, turn.learner.id, [TOPIC, *(f"{TOPIC}.{item}" for item in ITEMS)], turn.now)
    return [Message(question=menu(turn, TOPIC, words("settings.list"), choices))]


def _days(turn: Turn, schedule: Schedule) -> str:
    words = turn.words
    if schedule.days == DAYS[:5]:
        return words.plain("settings.days.working")
    return ", ".join(words.plain(f"day.{day}") for day in schedule.days)


def answer(turn: Turn, prompt: Prompt, keys: tuple[str, ...]) -> list[Message]:
    """Ask for the new value of one setting."""
    del prompt
    match keys[0]:
        case "hour":
            return _ask(turn, "hour", form=Form.TEXT)
        case "days":
            return _ask(turn, "days", DAYS, "day", multiple=True, chosen=turn.schedule.days)
        case "zone":
            return _ask(turn, "zone", ZONES, "zone", free=True)
        case "holidays":
            return _ask(turn, "holidays", CALENDARS, "settings.holidays")
        case "quiet":
            return _ask(turn, "quiet", form=Form.TEXT)
        case "role":
            return _ask(turn, "role", ROLES, "settings.role")
        case "language":
            return _ask(turn, "language", LANGUAGES, "settings.language")
        case _:
            return _data(turn)


def _ask(
    turn: Turn,
    item: str,
    keys: Sequence[str] = (),
    label: str = "",
    *,
    form: Form = Form.MENU,
    multiple: bool = False,
    free: bool = False,
    chosen: Sequence[str] = (),
) -> list[Message]:
    words = turn.words
    choices = [Choice(key, words.plain(f"{label}.{key}")) for key in keys]
    text = words(f"settings.{item}.ask")
    topic = f"{TOPIC}.{item}"
    return [
        Message(
            question=menu(turn, topic, text, choices, form=form, multiple=multiple, free=free, chosen=chosen)
        )
    ]


_HOUR = re.compile(r"(\d{1,2})\s*(?:[:hH.]\s*(\d{2})?)?(?:\s*min)?")


def _hour(text: str) -> str | None:
    """Read an hour as people write it: 8h30, 8:30, 08.30, 8 h, 8. Return `08:30`; nothing when it is none."""
    match = _HOUR.fullmatch(text.strip())
    if match is None:
        return None
    hour, minute = int(match[1]), int(match[2] or 0)
    return f"{hour:02}:{minute:02}" if hour < 24 and minute < 60 else None


def answer_hour(turn: Turn, prompt: Prompt, keys: tuple[str, ...]) -> list[Message]:
    """Set a new hour, outside quiet hours."""
    hour = _hour(keys[0])
    return _refused(turn, "hour", "format") if hour is None else _change(turn, prompt, "hour", time=hour)


def answer_days(turn: Turn, prompt: Prompt, keys: tuple[str, ...]) -> list[Message]:
    """Set new days."""
    return _change(turn, prompt, "days", days=list(keys))


def answer_zone(turn: Turn, prompt: Prompt, keys: tuple[str, ...]) -> list[Message]:
    """Set a new time zone: one of the list, or any other by its name, in any case."""
    typed = keys[0].strip().replace(" ", "_").casefold()
    zone = next((name for name in available_timezones() if name.casefold() == typed), keys[0])
    return _change(turn, prompt, "zone", time_zone=zone)


def answer_holidays(turn: Turn, prompt: Prompt, keys: tuple[str, ...]) -> list[Message]:
    """Set another calendar of public holidays."""
    return _change(turn, prompt, "holidays", holidays=keys[0])


def answer_quiet(turn: Turn, prompt: Prompt, keys: tuple[str, ...]) -> list[Message]:
    """Set new quiet hours, or none."""
    ends = re.split(r"\s*(?:-|–|à|a|to)\s*", keys[0].strip().casefold())
    if keys[0].strip().casefold() in turn.words.plain("settings.quiet.none.words").split():
        return _change(turn, prompt, "quiet", quiet="none")
    hours = [_hour(end) for end in ends]
    if len(hours) != 2 or None in hours:
        return _refused(turn, "quiet", "format")
    return _change(turn, prompt, "quiet", quiet="-".join(str(hour) for hour in hours))


def _change(turn: Turn, prompt: Prompt, item: str, **changed: object) -> list[Message]:
    """Check the whole schedule with its change, store it, and plan the next slot anew."""
    values: dict[str, Any] = {**turn.schedule.model_dump(mode="json"), **changed}
    try:
        schedule = Schedule.model_validate(values)
    except ValidationError as error:
        in_quiet_hours = any(detail["type"] == "time_in_quiet_hours" for detail in error.errors())
        return _refused(turn, item, "quiet" if in_quiet_hours else "format")
    enrolment = turn.enrolment
    enrolments.change(turn.tx, enrolment.id, schedule=schedule.model_dump_json())
    if enrolment.next_at is not None:
        not_before = None if enrolment.slot is None else enrolment.slot + timedelta(days=1)
        next_at = due_after(schedule, turn.now, turn.learner.id, not_before)
        enrolments.change(turn.tx, enrolment.id, next_at=next_at)
        done = turn.words("settings.done.next", when=turn.words.when(next_at, schedule.time_zone))
    else:
        done = turn.words("settings.done")
    return says(done, edits=prompt.message)


def _refused(turn: Turn, item: str, why: str) -> list[Message]:
    """Say why and what is expected, and ask again."""
    values = turn.schedule.model_dump(mode="json")
    if why == "quiet":
        text = turn.words(f"settings.{item}.in_quiet", quiet=values["quiet"], hour=values["time"])
    else:
        text = turn.words(f"settings.{item}.refused")
    return [Message(question=menu(turn, f"{TOPIC}.{item}", text, (), form=Form.TEXT))]


def answer_role(turn: Turn, prompt: Prompt, keys: tuple[str, ...]) -> list[Message]:
    """Set the role, which decides on the path through the lessons."""
    learners.change(turn.tx, turn.learner.id, role=keys[0])
    return says(turn.words(f"settings.role.done.{keys[0]}"), edits=prompt.message)


def answer_language(turn: Turn, prompt: Prompt, keys: tuple[str, ...]) -> list[Message]:
    """Set the language of everything but the lessons."""
    learners.change(turn.tx, turn.learner.id, language=keys[0])
    return says(words_of(keys[0])("settings.language.done"), edits=prompt.message)


def _data(turn: Turn) -> list[Message]:
    """Send all that is kept about the learner, as a file they can read."""
    learner = turn.learner
    answered = [
        {
            "question": f"{courses.lesson_of(turn.tx, prompt.version).id}/{prompt.question}",
            "answered_at": prompt.answered_at.isoformat() if prompt.answered_at else None,
            "answer": list(prompt.keys or ()),
            "verdict": prompt.verdict,
        }
        for prompt in prompts.answered(turn.tx, learner.id)
        if prompt.version is not None
    ]
    counted = tallies.verdicts(turn.tx, learner.id)
    days = sorted(day.isoformat() for day in tallies.answered_days(turn.tx, learner.id))
    kept = {
        "address": f"{learner.channel}:{learner.address}",
        "account": learner.account,
        "language": learner.language,
        "role": learner.role,
        "state": learner.state,
        "notice": learner.notice,
        "consented_at": learner.consented_at.isoformat() if learner.consented_at else None,
        "since": learner.created_at.isoformat(),
        "schedule": turn.schedule.model_dump(mode="json"),
        "lessons": [
            {"lesson": slug, "received_at": at.isoformat()}
            for slug, at in enrolments.deliveries(turn.tx, turn.enrolment.id)
        ],
        "answers": answered,
        "totals": {**counted, "days": days},
        "reviews": [
            {
                "question": f"{recall.lesson_id}/{recall.question}",
                "due": recall.due.isoformat(),
                "memory": recall.memory,
            }
            for recall in reviews.memories(turn.tx, learner.id)
        ],
    }
    content = json.dumps(kept, ensure_ascii=False, indent=2).encode()
    summary = turn.words(
        "settings.data.sent",
        address=f"{learner.channel}:{learner.address}",
        answers=sum(counted.values()),
    )
    return [Message(summary, document=Document("mes-donnees.json", "application/json", content))]


ANSWERS: dict[str, Callable[[Turn, Prompt, tuple[str, ...]], list[Message]]] = {
    TOPIC: answer,
    f"{TOPIC}.hour": answer_hour,
    f"{TOPIC}.days": answer_days,
    f"{TOPIC}.zone": answer_zone,
    f"{TOPIC}.holidays": answer_holidays,
    f"{TOPIC}.quiet": answer_quiet,
    f"{TOPIC}.role": answer_role,
    f"{TOPIC}.language": answer_language,
}
