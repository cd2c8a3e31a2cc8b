# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""From messages to outbox rows and back: what is stored of a piece, and what a row shows when it leaves."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.fitting import fit
from bot.messages import Choice, Document, Edit, Form, Limits, Message, Piece, Question, Send
from bot.talk import quiz, rhythm, showing
from bot.talk.turn import menu_question
from bot.wording import Markdown, words_of
from lessons import markup
from storage import accounts, broadcasts, erasure, reconciliation, sealing
from storage.learners import Learner
from storage.outbox import erased, queue
from storage.outbox.rows import GOODBYE, REPLY, Claimed, Draft
from storage.progress import lesson_prompts, prompts
from storage.progress.prompts import Prompt
from storage.types import Tx

REPLY_LASTS = timedelta(hours=23)
"""How long an answer is tried: after a day it would only puzzle, and homeservers forget transaction ids."""


def queue_replies(
    tx: Tx,
    learner: Learner,
    messages: Sequence[Message],
    limits: Limits,
    stem: str,
    now: datetime,
    asked: Sequence[Prompt] = (),
    thread: str = "",
    *,
    priority: int = REPLY,
    request: str = "",
) -> int:
    """Put messages into the outbox for one learner, under keys `reply:<stem>:<message>.<piece>`. Return how many rows.

    `asked` are the prompts that these messages show for the first time: they are stored here, each with the key of its
    message. `thread` is where the event was said that they answer. `request` names what they answer, for
    `queue.last_request`.
    """
    pieces = {
        f"reply:{stem}:{place}.{part}": piece
        for place, message in enumerate(messages)
        if message.text or message.closes or message.question is not None or message.document is not None
        for part, piece in enumerate(fit(message, limits))
    }
    # The first piece that asks: of a poll, the text above it. A verdict that replied to the poll would quote all of it.
    shown = {
        prompt_id: key
        for key, piece in reversed(pieces.items())
        if isinstance(piece, Send) and (prompt_id := _asked_in(piece)) is not None
    }
    prompts.add(tx, (replace(prompt, message=shown.get(prompt.id)) for prompt in asked))
    for prompt_id in shown.keys() - {prompt.id for prompt in asked}:
        prompts.set_message(tx, prompt_id, shown[prompt_id])
    drafts: list[Draft] = []
    for key, piece in pieces.items():
        content, asks = pack(piece, thread), _asked_in(piece)
        if request:
            content["request"] = request
        if sealing.says_where(content, (learner.address, learner.account)):
            content = sealing.seal_piece(tx, content)
        if isinstance(piece, Edit) and queue.replace_edit(tx, learner.address_id, piece.of, content, asks):
            continue
        target = piece.of if isinstance(piece, Edit) else piece.replies_to
        drafts.append(
            Draft(
                key,
                learner.address_id,
                learner.channel,
                content,
                priority=priority,
                prompt=asks,
                target=target or None,
                not_after=now + REPLY_LASTS,
            )
        )
    queue.enqueue(tx, drafts, now)
    return len(drafts)


def queue_goodbye(
    tx: Tx, learner: Learner, messages: Sequence[Message], limits: Limits, stem: str, now: datetime
) -> tuple[int, int]:
    """Queue the last words to a learner, and erase them. Return how many rows, and how many were taken back unsent."""
    # No earlier edit is left that these words could be merged into.
    reconciliation.note_erased(tx, [learner.address_id], among=erased.unsent(learner.address_id))
    unsent = erased.drop_unsent(tx, learner.address_id)
    queued = queue_replies(tx, learner, messages, limits, stem, now)
    last_words = erased.keys_of(tx, learner.address_id, f"reply:{stem}:")
    others = {row.id for row in accounts.rows_of_person(tx, learner)} - {learner.id}
    waited = erasure.erase(tx, learner.id, now, others=sorted(others), last_words=last_words)
    if learner.account:
        erasure.erase_rest(tx, learner.channel, learner.account)
    return queued, unsent + waited


def _asked_in(piece: Piece) -> str | None:
    if piece.question is not None:
        return piece.question.prompt
    return piece.asks or None if isinstance(piece, Send) else None


def pack(piece: Piece, thread: str = "") -> dict[str, Any]:
    """Return a piece as it is stored, with the thread that it belongs to."""
    packed: dict[str, Any] = {"text": piece.text}
    if piece.aside:
        packed["aside"] = piece.aside
    if thread and isinstance(piece, Send):
        packed["thread"] = thread
    if isinstance(piece, Edit):
        packed["of"] = piece.of
    elif piece.document is not None:
        packed["document"] = {
            "name": piece.document.name,
            "type": piece.document.media_type,
            "content": base64.b64encode(piece.document.content).decode(),
        }
    if piece.question is not None and (piece.question.choices or piece.question.beside):
        question = piece.question
        packed["question"] = {
            "prompt": question.prompt,
            "form": question.form,
            "choices": [[choice.key, choice.label] for choice in question.choices],
            "beside": [[action.key, action.label] for action in question.beside],
            "multiple": question.multiple,
            "chosen": sorted(question.chosen),
            "submit": question.submit,
        }
    return packed


def unpack(packed: dict[str, Any], target: str | None) -> Piece:
    """Return a stored piece: its text, and what can be pressed."""
    question = None
    if (raw := packed.get("question")) is not None:
        question = Question(
            raw["prompt"],
            Form(raw["form"]),
            choices=tuple(Choice(key, label) for key, label in raw["choices"]),
            multiple=raw["multiple"],
            chosen=frozenset(raw["chosen"]),
            submit=raw["submit"],
            # Rows of a version before have none.
            beside=tuple(Choice(key, label) for key, label in raw.get("beside", ())),
        )
    if "of" in packed:
        return Edit(packed["of"], packed["text"], question, packed.get("aside", ""))
    document = None
    if (raw := packed.get("document")) is not None:
        document = Document(raw["name"], raw["type"], base64.b64decode(raw["content"]))
    return Send(
        packed["text"],
        question,
        document,
        target or "",
        aside=packed.get("aside", ""),
        thread=packed.get("thread", ""),
    )


def render(tx: Tx, row: Claimed, shown: Mapping[str, Prompt], limits: Limits) -> tuple[Piece, ...]:
    """Return the pieces that a row shows now: its own, then those that follow it.

    Planned rows hold references: they are rendered when they leave, in the learner's language. `shown` are the prompts
    that they show.

    Raises:
        LookupError: one of them is missing.
        TypeError: what is stored of the row cannot be read.
    """
    if not isinstance(row.content, dict):
        raise TypeError("what is stored of it cannot be read")
    if row.kind in ("reply", GOODBYE):
        return (unpack(sealing.open_piece(tx, row.content), row.target),)
    return fit(_planned(tx, row, shown), limits)


def following(row: Claimed, channel: str, pieces: Sequence[Piece]) -> list[Draft]:
    """Return the rows of what comes after the first piece of a planned message, which is what the row itself shows.

    They are replies: nothing that was planned for others comes between, and no slot counts them.
    """
    stem, _, place = row.key.rpartition(":")
    return [
        Draft(
            f"{stem}:{int(place) + after}",
            row.address_id,
            channel,
            pack(piece),
            prompt=_asked_in(piece),
            not_after=row.not_after,
        )
        for after, piece in enumerate(pieces[1:], 1)
    ]


def above_question(tx: Tx, row: Claimed) -> Markdown:
    """Return what a planned message says above a question that it shows again."""
    words = words_of(row.language)
    if row.kind == "later":
        return words("planned.later")
    waiting = lesson_prompts.open_lessons(tx, row.learner_id)
    return words.many("planned.reminder.lessons", waiting) if waiting else words("planned.reminder")


def _reminder(tx: Tx, row: Claimed, prompt: Prompt | None) -> Message:
    """Return a reminder with the question that waits; alone, once that is answered, held or cannot be shown."""
    above = above_question(tx, row)
    alone = Message(Markdown(f"{above} {words_of(row.language)('hint.reread')}"))
    if prompt is None or prompt.answered_at is not None or row.held:
        return alone
    try:
        posed = quiz.quiz_of(tx, quiz.under(prompt, above))
        return showing.quiz_message(words_of(row.language), posed.lesson, posed.prompt)
    except (LookupError, ValueError, TypeError):
        return alone


def _planned(tx: Tx, row: Claimed, shown: Mapping[str, Prompt]) -> Message:
    words = words_of(row.language)
    if row.kind == "reminder":
        return _reminder(tx, row, shown.get(row.prompt or ""))
    if row.kind == "later":
        posed = quiz.quiz_of(tx, quiz.under(shown[row.prompt or ""], above_question(tx, row)))
        return showing.quiz_message(words, posed.lesson, posed.prompt)
    if row.kind == rhythm.TOPIC:
        return Message(question=menu_question(words, shown[row.prompt or ""]))
    if row.prompt is not None and row.version is not None:
        posed = quiz.quiz_of(tx, shown[row.prompt])
        return showing.quiz_message(words, posed.lesson, posed.prompt)
    if row.kind == "notice":
        text = broadcasts.text_of(tx, row.content["broadcast"])
        return Message(words("announce.sent", text=Markdown(markup.escape(text))))
    if row.kind == "pause" and row.content.get("finished"):
        return Message(words("planned.pause.finished"))
    return Message(words(f"planned.{row.kind}"))
