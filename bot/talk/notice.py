# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The notice in the conversation: shown before anything begins, whole on request, and again when consent is asked anew."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.messages import Choice, Document, Message
from bot.notice.archive import in_force
from bot.notice.texts import short, whole
from bot.talk import access
from bot.talk.turn import Turn, menu, new_menu, yes_no
from bot.wording import Markdown, Words, words_of
from storage import learners, notices
from storage.progress.prompts import Prompt

CONSENT = "consent"
"""The topic of the prompt under the short layer; and the kind of a planned message that shows it again."""

READ = "confidentialite"
"""The command that shows the whole of it, as `talk.reception.request_of` names it."""


def ask(turn: Turn) -> list[Message]:
    """Show the short layer, and ask whether that is all right; to whom a code is asked, ask for it instead."""
    if access.is_closed(turn):
        return access.closed(turn)
    turn.close(CONSENT)
    words, shown = turn.words, short(turn.rules.facts, turn.learner.channel, turn.words)
    if waits(turn):
        shown = Markdown(f"{words('notice.again')}\n\n{shown}")
    question = menu(
        turn,
        CONSENT,
        shown,
        _choices(words),
        hint=words("consent.hint"),
        data={"notice": in_force(turn.tx, turn.rules.facts, turn.now)},
    )
    return [Message(question=question)]


def asking(learner_id: str, language: str, version: str, shown: str, now: datetime, message: str) -> Prompt:
    """Return the prompt that asks somebody for a new yes.

    `version` and `shown` are of the archive; `message` is the outbox key of what shows it.
    """
    words = words_of(language)
    return new_menu(
        learner_id,
        CONSENT,
        Markdown(f"{words('notice.again')}\n\n{shown}"),
        _choices(words),
        now,
        hint=words("consent.hint"),
        data={"notice": version},
        message=message,
    )


def _choices(words: Words) -> tuple[Choice, Choice]:
    yes, no = yes_no(words, words.plain("consent.yes"), words.plain("consent.no"))
    return (
        replace(yes, words=(*yes.words, *words.phrases("answer.begin"))),
        replace(no, words=(*no.words, *words.phrases("answer.decline"))),
    )


def version_of(prompt: Prompt) -> str:
    """Return the version that a prompt shows; empty for one of before notices were kept."""
    data = prompt.content.get("data")
    return str(data.get("notice", "")) if isinstance(data, dict) else ""


def has_changed(turn: Turn, prompt: Prompt, version: str) -> bool:
    """Tell whether people are told of a change since a notice was shown: a yes to it is none to the present one."""
    change = notices.change(turn.tx)
    if change is None or prompt.created_at >= change.at or change.is_known_with(version):
        return False
    # What is in force is what would be shown again: a change from a clock that was ahead would be in the way for good.
    return version != in_force(turn.tx, turn.rules.facts, turn.now)


def accept(turn: Turn, version: str) -> None:
    """Note that somebody accepted a notice."""
    learners.change(turn.tx, turn.learner.id, notice=version, consented_at=turn.now)


def waits(turn: Turn) -> bool:
    """Tell whether lessons wait for a new yes: the ground is consent, and what was accepted has changed."""
    learner = turn.learner
    if learner.consented_at is None or turn.rules.facts.privacy.ground != "consent":
        return False
    change = notices.change(turn.tx)
    if change is None or not change.asks:
        return False
    return learner.consented_at < change.at and not change.is_known_with(learner.notice)


def command(turn: Turn) -> list[Message]:
    """Answer `confidentialite`: the whole of the notice, as a file."""
    words, learner, facts = turn.words, turn.learner, turn.rules.facts
    said = words("privacy.sent", version=in_force(turn.tx, facts, turn.now))
    if learner.consented_at is not None:
        day = words.date(learner.consented_at.astimezone(ZoneInfo(turn.schedule.time_zone)).date())
        said = Markdown(f"{said} {words('privacy.yours', version=learner.notice, day=day)}")
    content = whole(facts, learner.channel, words).encode()
    name = f"{words.plain('command.privacy')}.txt"
    return [Message(said, document=Document(name, "text/plain", content))]
