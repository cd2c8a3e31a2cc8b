# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""From messages to outbox rows and back: what is stored of a piece, and what a row shows when it leaves."""

from __future__ import annotations

import base64
import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from bot.facts import stored
from bot.fitting import fit
from bot.messages import Art, Choice, Document, Drawing, Edit, Form, Limits, Message, Piece, Question, Send
from bot.talk import quiz, rhythm, showing
from bot.talk.notice import CONSENT
from bot.talk.turn import menu_question
from bot.wording import Markdown, words_of
from lessons import markup
from storage import accounts, broadcasts, erasure, reconciliation, sealing
from storage.learners import Learner
from storage.outbox import erased, queue
from storage.outbox.rows import GOODBYE, REPLY, STRANGER, Claimed, Draft
from storage.progress import lesson_prompts, prompts
from storage.progress.prompts import Prompt
from storage.types import Tx

log = logging.getLogger(__name__)

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
        if _says(message)
        for part, piece in enumerate(fit(message, limits))
    }
    if not any(isinstance(piece, Send) and piece.drawing is not None for piece in pieces.values()):
        _name_undrawable(messages)
    # The first piece that asks: of a poll, the text above it. A verdict that replied to the poll would quote all of it.
    shown = {
        prompt_id: key
        for key, piece in reversed(pieces.items())
        if isinstance(piece, Send) and (prompt_id := _asked_in(piece)) is not None
    }
    prompts.add(tx, (replace(prompt, message=shown.get(prompt.id)) for prompt in asked))
    for prompt_id in shown.keys() - {prompt.id for prompt in asked}:
        prompts.set_message(tx, prompt_id, shown[prompt_id])
    private = tuple(
        f"reply:{stem}:{place}."
        for place, message in enumerate(messages)
        if message.picture is not None and message.picture.is_private
    )
    drafts: list[Draft] = []
    for key, piece in pieces.items():
        content, asks = pack(piece, thread), _asked_in(piece)
        if request:
            content["request"] = request
        transient = key.startswith(private)
        if transient or sealing.says_where(content, (learner.address, learner.account)):
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
                transient=transient,
            )
        )
    queue.enqueue(tx, drafts, now)
    return len(drafts)


def _says(message: Message) -> bool:
    parts = (message.question, message.document, message.picture)
    return bool(message.text or message.closes) or any(part is not None for part in parts)


def _name_undrawable(messages: Sequence[Message]) -> None:
    """Tell the log of drawings that no row can hold: `fit` has put their texts in their place."""
    for message in messages:
        try:
            if message.picture is not None:
                stored(message.picture)
        except ValueError as error:
            log.error(  # noqa: TRY400 - the sentence says it, and a trace might quote the facts
                "A drawing cannot be stored; its text goes without it: %s",
                error,
                extra={"action": "draw-picture"},
            )


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


def queue_passing(
    tx: Tx,
    learner: Learner,
    messages: Sequence[Message],
    limits: Limits,
    stem: str,
    now: datetime,
    thread: str = "",
) -> int:
    """Queue the answer to somebody who is nobody's learner, and whose address goes with it. Return how many rows."""
    queued = queue_replies(tx, learner, messages, limits, stem, now, (), thread, priority=STRANGER)
    answers = erased.keys_of(tx, learner.address_id, f"reply:{stem}:")
    erasure.let_pass(tx, learner.id, learner.address_id, answers, now)
    return queued


def _asked_in(piece: Piece) -> str | None:
    if piece.question is not None:
        return piece.question.prompt
    return piece.asks or None if isinstance(piece, Send) else None


def pack(piece: Piece, thread: str = "") -> dict[str, Any]:
    """Return a piece as it is stored, with the thread that it belongs to.

    Raises:
        ValueError: a row cannot hold its drawing; `fit` makes no such piece.
    """
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
            "alternative": piece.document.alternative,
            **({"keys": piece.document.keys} if piece.document.keys else {}),
        }
    elif piece.drawing is not None:
        packed["drawing"] = _pack_drawing(piece.drawing)
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


def _pack_drawing(drawing: Drawing) -> dict[str, Any]:
    return {
        "kind": drawing.kind,
        "facts": json.loads(stored(drawing)),
        "alternative": drawing.alternative,
        "name": drawing.name,
    }


def _unpack_drawing(raw: Mapping[str, Any]) -> Drawing:
    """Return a stored drawing.

    Raises:
        TypeError: a part of it is not what it should be.
        ValueError: nothing draws this kind, or it is larger than what is stored.
        LookupError: a part of it is missing.
    """
    facts, alternative, name = raw["facts"], raw["alternative"], raw["name"]
    if not (isinstance(facts, dict) and isinstance(alternative, str) and isinstance(name, str)):
        raise TypeError("what is stored of a drawing cannot be read")
    drawing = Drawing(Art(raw["kind"]), facts, alternative, name)
    stored(drawing)
    return drawing


def _unpack_document(raw: Mapping[str, Any]) -> Document:
    content = base64.b64decode(raw["content"])
    try:
        return Document(
            raw["name"], raw["type"], content, raw.get("alternative", ""), str(raw.get("keys", ""))
        )
    except ValueError:
        # Rows of a version before have no alternative.
        return Document(raw["name"], raw["type"], content, raw["name"])


def unpack(packed: dict[str, Any], target: str | None) -> Piece:
    """Return a stored piece: its text, and what can be pressed or is to be drawn.

    Raises:
        TypeError, ValueError, LookupError: what is stored cannot be read.
    """
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
    document = _unpack_document(raw) if (raw := packed.get("document")) is not None else None
    drawing = _unpack_drawing(raw) if (raw := packed.get("drawing")) is not None else None
    return Send(
        packed["text"],
        question,
        document,
        target or "",
        aside=packed.get("aside", ""),
        thread=packed.get("thread", ""),
        drawing=drawing,
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
    if row.kind in (rhythm.TOPIC, CONSENT):
        return Message(question=menu_question(words, shown[row.prompt or ""]))
    if row.prompt is not None and row.version is not None:
        posed = quiz.quiz_of(tx, shown[row.prompt])
        return showing.quiz_message(words, posed.lesson, posed.prompt)
    if row.kind == "notice":
        text = broadcasts.text_of(tx, row.content["broadcast"])
        return Message(words("announce.sent", text=Markdown(markup.escape(text))))
    if row.kind == "inactive":
        until = date.fromisoformat(row.content["until"])
        return Message(words("planned.inactive", until=words.date(until)))
    if row.kind == "pause" and row.content.get("finished"):
        return Message(words("planned.pause.finished"))
    return Message(words(f"planned.{row.kind}"))
