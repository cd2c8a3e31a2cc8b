# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Fitting a message to a channel: `fit` cuts it into the pieces that the channel can carry, by its `Limits`."""

from __future__ import annotations

from dataclasses import replace

from bot.facts import is_storable
from bot.messages import Ask, Drawing, Edit, Form, Limits, Message, Piece, Question, Send
from lessons import markup


def fit(message: Message, limits: Limits) -> tuple[Piece, ...]:
    """Cut a message into what a channel can carry: one piece is one call.

    The question stays with the last piece, so that it is read after the text; where it is voted on, the vote is a
    piece of its own after that. An edit that has become too long is continued in new messages; where nothing can be
    edited it is a reply. A drawing goes with the first part of the text, and never with a question.
    """
    if message.closes:
        return (Edit(message.closes, ""),) if limits.edits and limits.ask is Ask.BUTTONS else ()
    if message.reply and not limits.edits:
        message = replace(message, text=message.reply, reply="", aside="")
    if message.picture is not None:
        if is_drawn(message.picture, limits):
            return _around_drawing(message, message.picture, limits)
        message = replace(message, picture=None, text=said_for(message.picture, message.text))
    document = message.document if limits.documents else None
    alternative = ""
    if message.document is not None and document is None:
        said = message.document.alternative or message.document.content.decode(errors="replace")
        alternative = markup.escape(said)
    asked = _asked(message.question, limits)
    beside = min(limits.caption, limits.text) if document is not None else 0
    texts = (message.text, alternative)
    parts, aside = _with_aside(texts, message.aside, asked, limits.text, beside or limits.text)
    if document is not None and beside and not parts:
        parts = ("",)
    poll = message.question if _voted(message.question, limits) else None
    answered = "" if limits.edits else message.answers
    pieces: list[Piece] = []
    for place, part in enumerate(parts):
        last = place == len(parts) - 1
        question = message.question if last and poll is None else None
        folded = aside if last else ""
        if place == 0 and message.edits and limits.edits and document is None:
            pieces.append(Edit(message.edits, part, question, folded))
        else:
            first = place == 0
            pieces.append(
                Send(
                    part,
                    question,
                    document if first and beside else None,
                    (message.edits or answered) if first else "",
                    asks=poll.prompt if last and poll is not None else "",
                    aside=folded,
                ),
            )
    if document is not None and not beside:
        pieces.append(Send("", document=document))
    if poll is not None:
        pieces.append(Send(next(iter(markup.split(poll.text, limits.text)), ""), poll))
    return tuple(pieces)


def is_drawn(drawing: Drawing, limits: Limits) -> bool:
    """Return whether a channel shows a drawing, and a row can hold it."""
    return (limits.documents if drawing.kind.is_paper else limits.pictures) and is_storable(drawing)


def said_for(drawing: Drawing, text: str) -> str:
    """Return what is said without a drawing: the text beside it; for a paper, or without a text, what stands for it too."""
    if text.strip() and not drawing.kind.is_paper:
        return text
    return _paragraphs(text.strip() and text, markup.escape(drawing.alternative or drawing.name))


def as_text(piece: Send, limits: Limits) -> Send:
    """Return a piece with a drawing as one message without it."""
    if piece.drawing is None:
        return piece
    # A caption with the longest alternative fits into a message of every channel: nothing is cut here.
    text = next(iter(markup.split(said_for(piece.drawing, piece.text), limits.text)), "")
    return replace(piece, text=text, drawing=None)


def _around_drawing(message: Message, drawing: Drawing, limits: Limits) -> tuple[Piece, ...]:
    """Return a drawing with what comes before and after it. It is told from its question, and edits nothing."""
    beside = min(limits.caption, limits.text)
    replies_to = message.edits or ("" if limits.edits else message.answers)
    after = replace(message, text="", picture=None, edits="", answers="", reply="", aside="")
    if not beside:
        above = replace(after, text=message.text, aside=message.aside, question=None, document=None)
        pieces = list(fit(above, limits))
        alone = Send("", replies_to="" if pieces else replies_to, drawing=drawing)
        if pieces and isinstance(pieces[0], Send):
            pieces[0] = replace(pieces[0], replies_to=replies_to)
        return (*pieces, alone, *fit(after, limits))
    caption, *rest = markup.split(message.text, limits.text, beside) or ("",)
    parts = len(rest) + bool(message.question or message.document)
    folds = not parts and markup.length(caption) + 2 + markup.length(message.aside) <= beside
    shown = Send(caption, None, None, replies_to, aside=message.aside if folds else "", drawing=drawing)
    aside = "" if folds else message.aside
    if not rest:
        return (shown, *fit(replace(after, aside=aside), limits))
    *whole, last = rest
    following = fit(replace(after, text=last, aside=aside), limits)
    return (shown, *(Send(part) for part in whole), *following)


def _with_aside(
    texts: tuple[str, ...], aside: str, asked: str, longest: int, first: int
) -> tuple[tuple[str, ...], str]:
    """Return the parts of a text, and the aside of the last one; without room for it, it stands before the question."""
    parts = markup.split(_paragraphs(*texts, asked), longest, first)
    if not aside:
        return parts, ""
    room = first if len(parts) == 1 else longest
    if parts and markup.length(parts[-1]) + 2 + markup.length(aside) <= room:
        return parts, aside
    return markup.split(_paragraphs(*texts, aside, asked), longest, first), ""


def _paragraphs(*texts: str) -> str:
    return "\n\n".join(text for text in texts if text)


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


def _shown_whole(question: Question, limits: Limits) -> bool:
    """Return whether a poll holds the whole question: then the text above it need not say it again."""
    labels = (f"{place}. {choice.label}" for place, choice in enumerate(question.choices, 1))
    return (
        bool(question.vote)
        and markup.length(question.text) <= limits.title
        and all(len(label) <= limits.label for label in labels)
    )


def _asked(question: Question | None, limits: Limits) -> str:
    if question is None:
        return ""
    if _voted(question, limits) and _shown_whole(question, limits):
        return question.vote
    lines = [question.text] if question.text else []
    if numbered(question, limits):
        lines += [
            f"{place}. {markup.escape(choice.label)}{' ✓' if choice.key in question.chosen else ''}"
            for place, choice in enumerate(question.choices, 1)
        ]
    if question.hint and (limits.ask is not Ask.BUTTONS or not question.choices):
        lines.append(question.hint)
    return "\n".join(lines)
