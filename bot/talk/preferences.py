# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Settings: hour, days, time zone, holidays, quiet hours, role, language, pictures, and one's own data."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, get_args

from pydantic import ValidationError

from bot.answers import is_one_of
from bot.messages import Choice, Form, Message
from bot.talk import enrol, finish, greetings, hours, outlook, personal, pictures, places, putting_off
from bot.talk.turn import Turn, cancelling, fresh, menu, says
from bot.wording import LANGUAGES, Markdown, words_of
from config.schedule import Day, Schedule, due_after, is_day_off, local_date, missed
from lessons import typed
from lessons.curriculum import Role
from storage import learners
from storage.progress import enrolments
from storage.progress.prompts import Prompt

TOPIC = "settings"
"""Prompts are `settings` for the list, and `settings.` and an item for one of them."""

DAYS: tuple[Day, ...] = get_args(Day)
WORKING = DAYS[:5]
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
_LEADS = [
    *(
        "je prefere",
        "je prefererais",
        "je voudrais",
        "je veux",
        "je souhaite",
        "j'aimerais",
        "plutot",
        "disons",
    ),
    *("mettez", "mets", "i prefer", "i want", "i'd like", "i would like", "rather"),
]
ITEMS = ("hour", "days", "zone", "holidays", "quiet", "role", "language", "data", "rhythm", "pictures")


def command(turn: Turn, items: Sequence[str] = ITEMS) -> list[Message]:
    """Answer `reglages`: what is set now, and what can be changed. The list serves until a new one comes."""
    words = turn.words
    choices = [
        Choice(item, _shown(turn, item, turn.schedule), words.phrases(f"settings.{item}.words"))
        for item in items
    ]
    turn.close(TOPIC, *(f"{TOPIC}.{item}" for item in ITEMS))
    return [Message(question=menu(turn, TOPIC, words("settings.list"), choices))]


def _shown(turn: Turn, item: str, schedule: Schedule) -> str:
    """Return one setting with its value, as the list and a confirmation show it."""
    words = turn.words
    match item:
        case "hour":
            value = words.hour(schedule.time)
        case "days":
            value = _days(turn, schedule)
        case "zone":
            value = schedule.time_zone
        case "holidays" if schedule.holidays in CALENDARS:
            value = words.plain(f"settings.holidays.{schedule.holidays}")
        case "holidays":
            value = schedule.holidays
        case "quiet" if schedule.quiet is None:
            value = words.plain("settings.quiet.none")
        case "quiet":
            value = str(schedule.model_dump(mode="json")["quiet"])
        case "role":
            value = words.plain(f"settings.role.{turn.learner.role}")
        case "language":
            value = words.plain(
                f"settings.language.{words.language}"
            )  # theirs, or the one that stands in for it
        case "rhythm":
            rhythm = turn.enrolment.rhythm
            value = words.plain(f"settings.rhythm.{rhythm if rhythm in finish.RHYTHMS else finish.STANDARD}")
            value = f"{value[0].lower()}{value[1:]}"  # a label of its own, elsewhere
        case "pictures":
            value = pictures.shown(turn)
        case _:
            value = ""
    return words.plain(f"settings.{item}", value=value)


def _days(turn: Turn, schedule: Schedule) -> str:
    words = turn.words
    if schedule.days == DAYS:
        return words.plain("settings.days.every")
    if schedule.days == WORKING:
        return words.plain("settings.days.working")
    return ", ".join(words.plain(f"day.{day}") for day in schedule.days)


def answer(turn: Turn, prompt: Prompt, keys: tuple[str, ...]) -> list[Message]:
    """Ask for the new value of one setting."""
    item = keys[0]
    if item == "data":
        return personal.data(turn)
    if item == "pictures" and (wish := pictures.named(turn)) is not None:
        return pictures.answer(turn, prompt, (wish,))
    return _ask(turn, item, turn.words(f"settings.{item}.ask"))


def _ask(turn: Turn, item: str, text: Markdown) -> list[Message]:
    """Ask for a value, with its choices if it has any. What an older question asked for is asked no more."""
    turn.close(*(f"{TOPIC}.{other}" for other in ITEMS))
    topic, choices = f"{TOPIC}.{item}", _choices(turn, item)
    if not choices:
        return [Message(question=menu(turn, topic, text, (), form=Form.TEXT))]
    several = item == "days"
    chosen = turn.schedule.days if several else ()
    free = item in ("days", "zone")
    return [Message(question=menu(turn, topic, text, choices, multiple=several, free=free, chosen=chosen))]


def _choices(turn: Turn, item: str) -> list[Choice]:
    words = turn.words
    match item:
        case "days":
            return [Choice(day, words.plain(f"day.{day}"), words.phrases(f"day.{day}.words")) for day in DAYS]
        case "zone":
            return [Choice(zone, words.plain(f"zone.{zone}")) for zone in ZONES]
        case "holidays":
            none = words.phrases("settings.quiet.none.words")
            return [
                Choice(one, words.plain(f"settings.holidays.{one}"), none if one == "none" else ())
                for one in CALENDARS
            ]
        case "role":
            return [
                Choice(
                    role, words.plain(f"settings.role.{role}"), words.phrases(f"settings.role.{role}.words")
                )
                for role in ROLES
            ]
        case "language":
            return [
                Choice(
                    one,
                    words.plain(f"settings.language.{one}"),
                    words.phrases(f"settings.language.{one}.words"),
                )
                for one in LANGUAGES
            ]
        case "rhythm":
            return finish.choices_of(turn)
        case "pictures":
            return pictures.choices_of(turn)
        case _:
            return []


def reads(turn: Turn, topic: str, keys: tuple[str, ...]) -> bool:
    """Tell whether an answer is a value: a setting that is asked for in words takes any text for an answer."""
    match topic.removeprefix(f"{TOPIC}."):
        case "hour":
            return hours.hour_of(keys[0]) is not None
        case "days":
            return bool(_days_of(turn, keys))
        case "zone":
            return _zone_of(keys[0]) is not None
        case "quiet":
            return _quiet_of(turn, keys[0]) is not None
        case _:
            return True


def answer_hour(turn: Turn, prompt: Prompt, keys: tuple[str, ...]) -> list[Message]:
    """Set a new hour, outside quiet hours."""
    hour = hours.hour_of(keys[0])
    return _refused(turn, "hour", "format") if hour is None else change(turn, prompt, "hour", time=hour)


def answer_days(turn: Turn, prompt: Prompt, keys: tuple[str, ...]) -> list[Message]:
    """Set new days: those named, or « en semaine » and the like."""
    days = _days_of(turn, keys)
    return change(turn, prompt, "days", days=days) if days else _refused(turn, "days", "format")


def _days_of(turn: Turn, keys: tuple[str, ...]) -> list[str]:
    if set(keys) <= set(DAYS):
        return list(keys)
    groups = (("every", DAYS), ("working", WORKING), ("weekend", DAYS[5:]))
    named = (
        days
        for group, days in groups
        if is_one_of(turn.words.phrases(f"settings.days.{group}.words"), keys[0])
    )
    return list(next(named, ()))


def answer_zone(turn: Turn, prompt: Prompt, keys: tuple[str, ...]) -> list[Message]:
    """Set a new time zone: one of the list, or any other by its name, a city or a country."""
    zone = _zone_of(keys[0])
    return _refused(turn, "zone", "format") if zone is None else change(turn, prompt, "zone", time_zone=zone)


def _zone_of(key: str) -> str | None:
    return key if key in ZONES else places.zone_of(key)


def answer_holidays(turn: Turn, prompt: Prompt, keys: tuple[str, ...]) -> list[Message]:
    """Set another calendar of public holidays."""
    return change(turn, prompt, "holidays", holidays=keys[0])


def answer_quiet(turn: Turn, prompt: Prompt, keys: tuple[str, ...]) -> list[Message]:
    """Set new quiet hours, or none."""
    quiet = _quiet_of(turn, keys[0])
    return _refused(turn, "quiet", "format") if quiet is None else change(turn, prompt, "quiet", quiet=quiet)


def _quiet_of(turn: Turn, key: str) -> str | None:
    none = is_one_of(turn.words.phrases("settings.quiet.none.words"), key)
    return "none" if none else hours.span_of(key)


def change(turn: Turn, prompt: Prompt, item: str, **changed: object) -> list[Message]:
    """Check the whole schedule with its change, store it, and plan the next slot anew."""
    values: dict[str, Any] = {**turn.schedule.model_dump(mode="json"), **changed}
    try:
        schedule = Schedule.model_validate(values)
    except ValidationError as error:
        in_quiet_hours = any(detail["type"] == "time_in_quiet_hours" for detail in error.errors())
        return _refused(turn, item, "quiet" if in_quiet_hours else "format")
    enrolment = turn.enrolment
    enrolments.change(turn.tx, enrolment.id, schedule=schedule.model_dump_json())
    if turn.learner.state == "active" or outlook.pause_end(turn) is not None:
        after_slot = None if enrolment.slot is None else enrolment.slot + timedelta(days=1)
        not_before = outlook.pause_end(turn) or after_slot
        next_at = due_after(schedule, turn.now, turn.learner.id, not_before)
        if local_date(schedule, next_at) != local_date(schedule, turn.now):
            next_at = _overdue(turn, schedule) or next_at
        kept = putting_off.kept(turn, schedule)
        if turn.puts_off:
            enrolments.change(turn.tx, enrolment.id, next_at=kept or next_at)
        else:
            if kept is not None and (item != "hour" or local_date(schedule, next_at) != turn.today):
                next_at = kept
            enrolments.change(turn.tx, enrolment.id, next_at=next_at)
        when = turn.words.when(max(next_at, turn.now), schedule.time_zone, since=turn.today)
        done = turn.words("settings.done.next", set=_shown(turn, item, schedule), when=when)
        if outlook.is_over(turn):
            done = turn.words("settings.done", set=_shown(turn, item, schedule))
            done = Markdown(f"{done}\n{outlook.upcoming(fresh(turn))}")
        if moved := putting_off.moved(turn, schedule):
            done = Markdown(f"{done}\n{moved}")
    else:
        done = turn.words("settings.done", set=_shown(turn, item, schedule))
    return says(done, edits=prompt.message)


def _overdue(turn: Turn, schedule: Schedule) -> datetime | None:
    """Return the instant of a slot that has come and waits for the next tick, if a new schedule still allows it."""
    at, used = turn.enrolment.next_at, turn.enrolment.slot
    if at is None or at > turn.now or turn.puts_off or missed(schedule, at, turn.now):
        return None
    day = local_date(schedule, at)
    return None if is_day_off(schedule, day) or (used is not None and day <= used) else at


def _refused(turn: Turn, item: str, why: str) -> list[Message]:
    """Say why and what is expected, and ask again with the same choices. A greeting, or giving up, is not refused."""
    words = turn.words
    if is_given_up(turn):
        return says(words("publish.cancelled"))
    if greetings.after(words, turn.event.text) is not None:
        return _ask(turn, item, words("greeting.question", hint=words(f"settings.{item}.ask")))
    turn.tally["misread"] += 1  # a correction of what was typed is read
    values = turn.schedule.model_dump(mode="json")
    if why == "quiet":
        text = words(f"settings.{item}.in_quiet", quiet=values["quiet"], hour=values["time"])
    else:
        text = words(f"settings.{item}.refused")
    return _ask(turn, item, enrol.hinting(turn, Markdown(f"{text} {words('settings.give_up')}")))


def value_in(turn: Turn, topic: str) -> str:
    """Return what was typed without what leads to a value: « je préfère le mardi », « plutôt 10 h », « Heure : 9 h »."""
    text, item = turn.event.text, topic.removeprefix(f"{TOPIC}.")
    name, colon, rest = text.partition(":")
    if colon and item in ITEMS and is_one_of([turn.words.plain(topic, value="")], name):
        text = rest
    said = typed.fold(text)
    value = typed.bare(text, _LEADS)
    return value if value != said and value else text


def is_given_up(turn: Turn) -> bool:
    """Tell whether a text gives up a change: « annuler », « non »."""
    return is_one_of(cancelling(turn.words), turn.event.text)


def answer_role(turn: Turn, prompt: Prompt, keys: tuple[str, ...]) -> list[Message]:
    """Set the role, which decides on the path through the lessons."""
    learners.change(turn.tx, turn.learner.id, role=keys[0])
    return says(turn.words(f"settings.role.done.{keys[0]}"), edits=prompt.message)


def answer_language(turn: Turn, prompt: Prompt, keys: tuple[str, ...]) -> list[Message]:
    """Set the language of everything but the lessons."""
    learners.change(turn.tx, turn.learner.id, language=keys[0])
    return says(words_of(keys[0])("settings.language.done"), edits=prompt.message)


ANSWERS: dict[str, Callable[[Turn, Prompt, tuple[str, ...]], list[Message]]] = {
    TOPIC: answer,
    f"{TOPIC}.hour": answer_hour,
    f"{TOPIC}.days": answer_days,
    f"{TOPIC}.zone": answer_zone,
    f"{TOPIC}.holidays": answer_holidays,
    f"{TOPIC}.quiet": answer_quiet,
    f"{TOPIC}.role": answer_role,
    f"{TOPIC}.language": answer_language,
    pictures.TOPIC: pictures.answer,
    finish.TOPIC: finish.answer,
}
