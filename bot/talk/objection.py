# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Three rights: to correct what is kept, to object to its use, to have it kept without being used (GDPR art. 16, 21, 18).

Who objects gets nothing unasked any more and is in no figure. Their answers stay until they are erased, as old as any, or
without limit once they asked for that.
"""

from __future__ import annotations

from dataclasses import replace

from bot.messages import Choice, Message
from bot.talk import enrol, personal, preferences
from bot.talk.turn import Turn, cancelling, menu, says
from bot.wording import Markdown
from config.privacy import Controller
from storage import accounts, learners
from storage.inactivity import NOTICE
from storage.learners import LIMITED, OPPOSED, OUT, Learner
from storage.progress.prompts import Prompt

TOPIC = "objection"
NAMES = ("opposition", "object")
RECTIFY = ("rectifier", "rectify")
CORRECTED = ("hour", "days", "zone", "holidays", "quiet", "role", "language")
"""The settings that whoever is sent nothing can correct."""


def command(turn: Turn) -> list[Message]:
    """Answer `opposition`: stop everything at once, then ask what becomes of what is kept."""
    state = turn.learner.state
    if state == "invited":
        return says(turn.words("objection.stranger"))
    if state == LIMITED:
        return _ask(turn, "objection.limited")
    for row in _rows(turn):
        if row.state not in OUT:
            enrol.halt(replace(turn, learner=row), "", state=OPPOSED)
    return _ask(turn, "objection.already" if state == OPPOSED else "objection.done")


def _rows(turn: Turn) -> list[Learner]:
    """Return the rows of the person, in whatever room, that have a course."""
    rows = accounts.rows_of_person(turn.tx, turn.learner)
    return [row for row in rows if row.state in accounts.ENROLLED]


def _ask(turn: Turn, said: str) -> list[Message]:
    words = turn.words
    turn.close(TOPIC)
    limit = Choice("limit", words.plain("objection.limit"), words.phrases("answer.limit"))
    choices = (
        *(() if turn.learner.state == LIMITED else (limit,)),
        Choice("erase", words.plain("forget.yes"), words.phrases("answer.erase")),
        Choice("no", words.plain("objection.leave"), cancelling(words)),
    )
    hint = words("forget.hint" if turn.learner.state == LIMITED else "objection.hint")
    text = words(said, days=_days(turn)) if said != "objection.limited" else words(said)
    return [Message(question=menu(turn, TOPIC, text, choices, hint=hint))]


def _days(turn: Turn) -> int:
    """Return after how many days of silence what is kept is erased, without a word."""
    return (turn.rules.inactive + NOTICE).days


def answer(turn: Turn, prompt: Prompt, keys: tuple[str, ...]) -> list[Message]:
    """Keep without using, erase, or leave it at that."""
    if keys == ("erase",):
        return personal.erase(turn, prompt.message)
    if turn.learner.state not in OUT:
        return says(turn.words("objection.over"), edits=prompt.message)
    if keys == ("limit",):
        for row in _rows(turn):
            learners.change(turn.tx, row.id, state=LIMITED)
        return says(turn.words("objection.limited"), edits=prompt.message)
    return says(closed(turn), edits=prompt.message)


def closed(turn: Turn) -> Markdown:
    """Return where somebody stands who objected."""
    if turn.learner.state == LIMITED:
        return turn.words("objection.limited")
    return turn.words("objection.already", days=_days(turn))


def rectify(turn: Turn) -> list[Message]:
    """Answer `rectifier`: what a person can correct themselves, with the list of settings; and what nobody can.

    Whoever stopped or objected corrects what is kept of them too: nothing is planned by it.
    """
    words, state = turn.words, turn.learner.state
    controller = turn.rules.facts.privacy.controller
    rest = words("rectify.rest", contact=controller.contact) if isinstance(controller, Controller) else ""
    if turn.learner.enrolment is None or state not in accounts.ENROLLED:
        return says(Markdown(f"{words('rectify.nothing')} {rest}".strip()))
    said = Markdown(f"{words('rectify.what')} {rest}".strip())
    if state in ("active", "paused"):
        return [*says(said), *preferences.command(turn)]
    return [*says(Markdown(f"{said} {words('rectify.planned')}")), *preferences.command(turn, CORRECTED)]
