# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Fitting a message to a channel: `fit` cuts it into the pieces that the channel can carry, by its `Limits`."""

from __future__ import annotations

from dataclasses import replace

from bot.messages import Ask, Edit, Form, Limits, Message, Piece, Question, Send
from lessons import markup


def fit(message: Message, limits: Limits) -> tuple[Piece, ...]:
    """Cut a message into what a channel can carry: one piece is one call.

    The question stays with the last piece, so that it is read after the text; where it is voted on, the vote is a
    piece of its own after that. An edit that has become too long is continued in new messages; where nothing can be
    edited it is a reply.
    """
    if message.closes:
        return (Edit(message.closes, ""),) if limits.edits and limits.ask is Ask.BUTTONS else ()
    if message.reply and not limits.edits:
        message = replace(message, text=message.reply, reply="")
    document = message.document if limits.documents else None
    alternative = ""
    if message.document is not None and document is None:
        alternative = markup.escape(message.document.content.decode(errors="replace"))
    text = "\n\n".join(part for part in (message.text, alternative, _asked(message.question, limits)) if part)
    parts = _parts(text, limits, with_document=document is not None)
    poll = message.question if _voted(message.question, limits) else None
    answered = "" if limits.edits else message.answers
    pieces: list[Piece] = []
    for place, part in enumerate(parts):
        last = place == len(parts) - 1
        question = message.question if last and poll is None else None
        if place == 0 and message.edits and limits.edits and document is None:
            pieces.append(Edit(message.edits, part, question))
        else:
            first = place == 0
            pieces.append(
                Send(
                    part,
                    question,
                    document if first else None,
                    (message.edits or answered) if first else "",
                    asks=poll.prompt if last and poll is not None else "",
                ),
            )
    if poll is not None:
        pieces.append(Send(next(iter(markup.split(poll.text, limits.text)), ""), poll))
    return tuple(pieces)


def numbered(question: Question, limits: Limits) -> bool:
    """Return whether the text numbers the choices: where nothing can be pressed, or where labels are sentences."""
    if question.form is Form.QUIZ or limits.ask is not Ask.BUTTONS:
        return bool(question.choices)
    return any(len(choice.label) > limits.label for choice in question.choices)


def is_poll(question: Question | None) -> bool:
    """Return whether a question may be voted on: a quiz with one answer is; a menu is words to type.

    With several answers no vote says that it is complete: some applications send one choice in place of the last,
    others a vote for each choice that is switched.
    """
    return (
        question is not None
        and question.form is Form.QUIZ
        and bool(question.choices)
        and not question.multiple
    )


def _voted(question: Question | None, limits: Limits) -> bool:
    return limits.ask is Ask.POLL and is_poll(question)


def _parts(text: str, limits: Limits, *, with_document: bool) -> tuple[str, ...]:
    if not with_document:
        return markup.split(text, limits.text)
    return markup.split(text, min(limits.caption, limits.text)) or ("",)


def _asked(question: Question | None, limits: Limits) -> str:
    if question is None:
        return ""
    lines = [question.text] if question.text else []
    if numbered(question, limits):
        lines += [
            f"{place}. {markup.escape(choice.label)}{' ✓' if choice.key in question.chosen else ''}"
            for place, choice in enumerate(question.choices, 1)
        ]
    if question.hint and (limits.ask is not Ask.BUTTONS or not question.choices):
        lines.append(question.hint)
    return "\n".join(lines)
