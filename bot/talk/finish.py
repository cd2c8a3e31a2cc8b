# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The end of the course: it is said once, and the learner chooses how often questions come from then on."""

from __future__ import annotations

from dataclasses import replace

from bot.messages import Choice, Message
from bot.talk import attesting, levels, outlook, recalling
from bot.talk.turn import Turn, fresh, menu, says
from bot.wording import Markdown
from storage.catalogue import Catalogue
from storage.progress import enrolments
from storage.progress.prompts import Prompt

TOPIC = "settings.rhythm"
"""It is also a setting, so that the choice can be changed."""
RHYTHMS, STANDARD = tuple(recalling.SLOTS_A_WEEK), recalling.NORMAL


def is_to_be_said(turn: Turn, published: Catalogue) -> bool:
    """Tell whether the last lesson is behind, and this was not said yet."""
    return turn.enrolment.finished_at is None and recalling.has_had_all(turn, published)


def celebrate(turn: Turn, published: Catalogue) -> list[Message]:
    """Say that the last lesson is behind, if it is and was not said before."""
    enrolment, words = turn.enrolment, turn.words
    if not is_to_be_said(turn, published):
        return []
    enrolments.change(turn.tx, enrolment.id, finished_at=turn.now)
    found = levels.standing(turn, published)
    anchored = words.many("finish.anchored", found.anchored) if found.anchored else ""
    missed = len(enrolments.delivered_lessons(turn.tx, enrolment.id) - found.lessons)
    kept = enrolment.rhythm if enrolment.rhythm in RHYTHMS else STANDARD
    told = missed and kept != recalling.NONE
    others = Markdown(f" {words.many('finish.missed', missed)}") if told else ""
    promise = words(f"finish.promise.{kept}")
    text = words.many("finish.text", found.followed, anchored=Markdown(anchored), missed=others)
    paper = f"\n{words('finish.attestation')}" if attesting.is_due(turn, published) else ""
    text = Markdown(f"{text} {promise}{paper}")
    said = {
        kept: (words.plain("finish.agreed"), words.phrases("finish.agreed.words")),
        recalling.NONE: (words.plain("settings.rhythm.none"), words.phrases("finish.none.words")),
    }
    choices = [
        replace(one, label=said[one.key][0], words=(*one.words, *said[one.key][1]))
        if one.key in said
        else one
        for one in choices_of(turn)
    ]
    choices.sort(key=lambda one: one.key != kept)
    return [Message(question=menu(turn, TOPIC, text, choices))]


def choices_of(turn: Turn) -> list[Choice]:
    """Return how often questions may come."""
    words = turn.words
    return [
        Choice(one, words.plain(f"settings.rhythm.{one}"), words.phrases(f"settings.rhythm.{one}.words"))
        for one in RHYTHMS
    ]


def answer(turn: Turn, prompt: Prompt, keys: tuple[str, ...]) -> list[Message]:
    """Set how often questions come after the last lesson."""
    enrolments.change(turn.tx, turn.enrolment.id, rhythm=keys[0])
    done = turn.words(f"settings.rhythm.done.{keys[0]}")
    if keys[0] != recalling.NONE and outlook.is_over(turn):
        done = Markdown(f"{done} {outlook.upcoming(fresh(turn))}")
    return says(done, edits=prompt.message)
