# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""One's own data: all of it on request, and its erasure. Both work in every state, also before the notice is accepted."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.messages import Choice, Document, Message
from bot.talk.rights import in_name_of_admin
from bot.talk.turn import Turn, cancelling, menu, says
from bot.wording import Markdown
from config.retention import MARGIN
from storage import attestations, courses, erasure
from storage.learners import Enrolment
from storage.outbox import ledger
from storage.progress import enrolments, prompts, recalls, tallies
from storage.progress.days import days_of
from storage.progress.prompts import Prompt

FORGET = "forget"

TRACES_LAST = erasure.GOODBYE_LASTS + MARGIN + timedelta(days=1)
"""How long, beside twice the age of a copy, something tells at most of an erasure: the goodbye waits; then the erasure, and
the address that a machine has still to forget, are kept as long as a copy and a margin, until the night that drops them; a
copy made just before has them too."""


def data(turn: Turn) -> list[Message]:
    """Answer `mesdonnees`: send all that is kept about the person, as a file they can read."""
    learner = turn.learner
    counted = tallies.verdicts(turn.tx, learner.id)
    content = json.dumps(kept(turn), ensure_ascii=False, indent=2).encode()
    summary = turn.words(
        "data.sent", address=f"{learner.channel}:{learner.address}", answers=sum(counted.values())
    )
    if in_name_of_admin(turn.event, turn.rules.admins):
        summary = Markdown(f"{summary}\n\n{turn.words('data.audit')}")
    return [Message(summary, document=Document("mes-donnees.json", "application/json", content))]


def kept(turn: Turn) -> dict[str, Any]:
    """Return all that is kept about the person; a test fails when a table about people is not in it."""
    learner, enrolment = turn.learner, turn.learner.enrolment
    counted = tallies.verdicts(turn.tx, learner.id)
    days = sorted(day.isoformat() for day in tallies.answered_days(turn.tx, learner.id))
    answered, others = prompts.answered(turn.tx, learner.id), prompts.unjudged(turn.tx, learner.id)
    slugs = courses.slugs_of(
        turn.tx, {one.version for one in (*answered, *others) if one.version is not None}
    )
    return {
        "address": f"{learner.channel}:{learner.address}",
        "account": learner.account,
        "language": learner.language,
        "role": learner.role,
        "pictures": learner.pictures,
        "state": learner.state,
        "pause_reason": learner.pause_reason,
        "notice": learner.notice,
        "consented_at": _instant(learner.consented_at),
        "told_of_new_notice_at": _instant(learner.told_at),
        "gave_code_at": _instant(learner.admitted_at),
        "since": _instant(learner.created_at),
        "heard_on": learner.heard_on and learner.heard_on.isoformat(),
        "warned_on": learner.warned_on and learner.warned_on.isoformat(),
        "schedule": turn.schedule.model_dump(mode="json"),
        "position": None if enrolment is None else enrolment.position,
        "next_lesson_at": None if enrolment is None else _instant(turn.next_at),
        "question_comes_back_at": _instant(enrolment.next_at)
        if enrolment is not None and turn.puts_off
        else None,
        "last_lesson_day": enrolment.slot.isoformat() if enrolment is not None and enrolment.slot else None,
        "lessons_without_answer": 0 if enrolment is None else enrolment.silent,
        **({} if enrolment is None else _course(enrolment)),
        "lessons": [
            {"lesson": slug, "received_at": _instant(at), "version": version}
            for slug, at, version in (
                () if enrolment is None else enrolments.deliveries(turn.tx, enrolment.id)
            )
        ],
        "answers": [
            {
                "question": _question(prompt, slugs),
                "asked_at": _instant(prompt.created_at),
                "answered_at": _instant(prompt.answered_at),
                "answer": list(prompt.keys or ()),
                "verdict": prompt.verdict,
            }
            for prompt in answered
        ],
        "other_questions": [
            {
                "question": _question(prompt, slugs),
                "text": prompt.content.get("text"),
                "asked_at": _instant(prompt.created_at),
                "shown_at": _instant(prompt.shown_at),
                "closed_at": _instant(prompt.answered_at),
                "chosen": list(prompt.keys if prompt.keys is not None else prompt.chosen),
            }
            for prompt in others
        ],
        "totals": {**counted, "days": days},
        "reviews": [
            {
                "lesson": slug,
                "due": recall.due.isoformat(),
                "memory": recall.memory
                and {
                    "stability_days": recall.memory.stability,
                    "difficulty": recall.memory.difficulty,
                    "last": recall.memory.last.isoformat(),
                },
                "failed": recall.failed,
                "asked": {
                    question: {"times": asked.times, "last": asked.last.isoformat()}
                    for question, asked in recall.asked.items()
                },
            }
            for slug, recall in recalls.all_of(turn.tx, learner.id).items()
        ],
        "messages": [
            {
                "kind": message.kind,
                "state": message.state,
                "queued_at": _instant(message.created_at),
                "ended_at": _instant(message.ended_at),
                "text": message.content.get("text"),
                "lesson": message.content.get("lesson"),
            }
            for message in ledger.messages_to(turn.tx, learner.id)
        ],
        "attestations": [
            {
                "issued_at": _instant(paper.issued_at),
                "path": paper.path,
                "course_version": paper.course_version,
                "says": paper.facts,
            }
            for paper in attestations.all_of(turn.tx, learner.id)
        ],
    }


def _course(enrolment: Enrolment) -> dict[str, Any]:
    return {
        "message_days": sorted(day.isoformat() for day in days_of(enrolment.slots)),
        "finished_at": _instant(enrolment.finished_at),
        "rhythm": enrolment.rhythm,
        "days_offered_on": enrolment.offered_on and enrolment.offered_on.isoformat(),
        "badges": enrolment.badges,
        "paused_until": enrolment.until and enrolment.until.isoformat(),
    }


def _instant(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()


def _question(prompt: Prompt, slugs: dict[str, str]) -> str:
    if prompt.version is None:
        return prompt.topic
    return f"{slugs.get(prompt.version, prompt.version)}/{prompt.question}"


def forget(turn: Turn) -> list[Message]:
    """Answer `oublier`: ask once. The same word, said right after, confirms it: it is one of the choice's own words."""
    words = turn.words
    turn.close(FORGET)
    question = menu(
        turn,
        FORGET,
        with_attestations(turn, words("forget.confirm")),
        (
            Choice(
                "erase",
                words.plain("forget.yes"),
                (*words.phrases("answer.erase"), *words.phrases("answer.forget")),
            ),
            Choice("no", words.plain("forget.no"), cancelling(words)),
        ),
        hint=words("forget.hint"),
    )
    return [Message(question=question)]


def with_attestations(turn: Turn, text: Markdown) -> Markdown:
    """Return a question about erasing with what becomes of the attestations, if there are any."""
    issued = attestations.count_of(turn.tx, turn.learner.id)
    return Markdown(f"{text}\n{turn.words.many('forget.attestations', issued)}") if issued else text


def answer_forget(turn: Turn, prompt: Prompt, keys: tuple[str, ...]) -> list[Message]:
    """Erase everything, or nothing."""
    if keys != ("erase",):
        return says(turn.words("forget.kept"), edits=prompt.message)
    return erase(turn, prompt.message)


def erase(turn: Turn, edits: str | None, first: Markdown | None = None) -> list[Message]:
    """Have this turn end in the person's erasure, and say goodbye: a receipt whose dates hold in the worst case.

    `first`: the first sentences, in the place of those that say what is erased.
    """
    words, zone, backups = turn.words, turn.schedule.time_zone, turn.rules.backups
    turn.tally["erased"] += 1

    def day(after: timedelta) -> str:
        return words.date((turn.now + after).astimezone(ZoneInfo(zone)).date())

    lines = [
        first or words("forget.done", when=words.when(turn.now, zone)),
        words("forget.address", until=day(backups), last=day(TRACES_LAST + 2 * backups)),
        words(f"forget.stays.{turn.learner.channel}"),
    ]
    if in_name_of_admin(turn.event, turn.rules.admins):  # also from a device that is not trusted now
        lines.append(words("forget.audit"))
    return says(
        Markdown("\n\n".join([*lines, words("forget.goodbye")])),
        edits=edits,
        brief=words.plain("forget.brief"),
    )
