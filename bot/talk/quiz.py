# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Quizzes: asking a question of a lesson, judging the answer, saying why, and what comes next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from bot.messages import Kind, Message
from bot.talk import finish, levels, outlook, recalling, repeats, showing
from bot.talk.recalling import Recalled
from bot.talk.turn import Turn, menu_question, says
from bot.wording import Markdown
from lessons import grading, review, shuffle
from lessons.grading import Verdict
from lessons.model import Lesson
from lessons.model import Question as Asked
from lessons.review import Recall
from storage import courses
from storage.catalogue import Catalogue
from storage.outbox import queue
from storage.progress import lesson_prompts, prompts, recalls, tallies
from storage.progress.prompts import Prompt
from storage.types import Tx

TOPIC = "quiz"
LATER = "later"
"""The local date on which a quiz comes back that was put off to later that day."""


@dataclass(frozen=True, slots=True)
class Quiz:
    """A prompt, with the lesson and the question that it asks."""

    prompt: Prompt
    lesson: Lesson
    asked: Asked


def quiz_of(tx: Tx, prompt: Prompt) -> Quiz:
    """Return what a quiz prompt asks.

    An order of choices that cannot be read is made anew: the same that was shown, for it follows from the prompt's id. Where
    nothing can be read, the lesson is shown too.

    Raises:
        LookupError: its lesson was never published, cannot be read today, or has no such question.
    """
    lesson = courses.lesson_of(tx, prompt.version or "")
    asked = lesson.question(prompt.question or "")
    order = prompt.content.get("order")
    if not isinstance(order, list) or sorted(map(str, order)) != [key for key, _ in asked.keyed()]:
        shown = {"purpose": "lesson", "with_lesson": True, **prompt.content}
        prompt = replace(prompt, content={**shown, "order": shuffle.order_of(asked, prompt.id)})
    return Quiz(prompt, lesson, asked)


def can_be_shown(turn: Turn, prompt: Prompt) -> bool:
    """Tell whether a stored prompt can still be shown. One that cannot is closed: no later word would answer it."""
    try:
        if prompt.topic == TOPIC:
            quiz_of(turn.tx, prompt)
        else:
            menu_question(turn.words, prompt)
    except (LookupError, ValueError, TypeError):
        prompts.answer(turn.tx, prompt.id, (), None, turn.now)
        return False
    return True


def newest_open(turn: Turn, topic: str) -> Prompt | None:
    """Return the newest open prompt of a topic that can be shown."""
    while (prompt := prompts.newest_open(turn.tx, turn.learner.id, topic)) is not None:
        if can_be_shown(turn, prompt):
            break
    return prompt


def new_prompt(
    learner_id: str,
    version: str,
    asked: Asked,
    now: datetime,
    *,
    purpose: str,
    step: int = 1,
    with_lesson: bool = False,
    theme: str = "",
    message: str | None = None,
) -> Prompt:
    """Return a quiz prompt to be added.

    `purpose` is lesson, or that of `Recalled`; `step` counts the questions of one slot;
    `theme` is the title of the theme, which stands above a review.
    """
    prompt_id = prompts.new_id()
    content: dict[str, Any] = {
        "order": shuffle.order_of(asked, prompt_id),
        "purpose": purpose,
        "step": step,
        "with_lesson": with_lesson,
    }
    if theme:
        content["theme"] = theme
    return Prompt(prompt_id, learner_id, TOPIC, version, asked.id, content, now, message=message)


def ask(
    turn: Turn,
    version: str,
    lesson: Lesson,
    asked: Asked,
    *,
    purpose: str,
    step: int = 1,
    with_lesson: bool = False,
    theme: str = "",
) -> Message:
    """Ask a question of a lesson now."""
    prompt = new_prompt(
        turn.learner.id,
        version,
        asked,
        turn.now,
        purpose=purpose,
        step=step,
        with_lesson=with_lesson,
        theme=theme,
    )
    turn.asked.append(prompt)
    return showing.quiz_message(turn.words, lesson, prompt)


def again(turn: Turn, prompt: Prompt) -> list[Message]:
    """Show an open quiz once more, as it was."""
    posed = quiz_of(turn.tx, prompt)
    return [showing.quiz_message(turn.words, posed.lesson, posed.prompt)]


def ticked(turn: Turn, prompt: Prompt) -> list[Message]:
    """Show in the newest message of an open quiz which choices are switched on.

    The older ones lose their buttons: what they show as switched on is true no more. Not changed: a message whose reference
    is unknown, or that its reader deleted, would come again with each press.
    """
    if before := repeats.older(prompt):
        turn.closed.extend(before)
        prompt = replace(prompt, content=repeats.alone(prompt))
        prompts.change_content(turn.tx, prompt.id, prompt.content)
    posed = quiz_of(turn.tx, prompt)
    return [replace(showing.quiz_message(turn.words, posed.lesson, posed.prompt), edits=prompt.message or "")]


def repeat(turn: Turn, prompt: Prompt, **changed: object) -> list[Message]:
    """Show an open quiz in a new message. The buttons of the older ones serve until it is answered."""
    before = {*repeats.older(prompt), prompt.message}
    prompt = replace(prompt, content={**repeats.moved(prompt), **changed})
    turn.closed.extend(key for key in before.difference(repeats.older(prompt)) if key)
    prompts.change_content(turn.tx, prompt.id, prompt.content)
    return again(turn, prompt)


def reread(turn: Turn, prompt: Prompt | None) -> list[Message]:
    """Show the lesson of a quiz again: with its question, as long as that is open.

    Without a quiz, that of the newest open one; where none is open, the last lesson that came.
    """
    if prompt is None or not can_be_shown(turn, prompt):
        prompt = newest_open(turn, TOPIC)
    if prompt is not None and prompt.answered_at is None:
        return repeat(turn, prompt, with_lesson=True)
    if prompt is not None:
        return [showing.lesson_message(turn.words, quiz_of(turn.tx, prompt).lesson)]
    published = courses.catalogue(turn.tx)
    entry = published.entries.get(turn.enrolment.position or "") if published is not None else None
    if entry is None or not entry.available(turn.now.date()):
        return says(turn.words("quiz.none"))
    return [showing.lesson_message(turn.words, entry.lesson)]


def under(prompt: Prompt, above: Markdown) -> Prompt:
    """Return an open quiz as a planned message shows it again: under a text, without its lesson."""
    return replace(prompt, content={**prompt.content, showing.ABOVE: above})


def later_key(enrolment_id: int, day: date) -> str:
    """Return the outbox key of the message that brings back what was put off on a local date: there is one a date."""
    return f"later:{enrolment_id}:{day}:0"


def note_repeated(tx: Tx, prompt: Prompt, message: str, above: Markdown, now: datetime) -> None:
    """Note that a planned message has shown an open quiz again: the answer is shown there, and both lose their buttons."""
    if prompt.answered_at is not None or message == prompt.message:
        return
    prompts.note_shown(tx, prompt.id, message, {**repeats.moved(prompt), showing.ABOVE: above}, now)


def command(turn: Turn) -> list[Message]:
    """Answer `quiz`: the open question, else the one most worth asking again."""
    open_ = newest_open(turn, TOPIC)
    if open_ is not None:
        return repeat(turn, open_)
    published = courses.catalogue(turn.tx)
    if published is None:
        return says(turn.words("quiz.none"))
    recalled = recalling.next_of(turn, published) or recalling.next_of(turn, published, due=False)
    return [ask_again(turn, recalled)] if recalled else says(turn.words("quiz.none"))


def answer(turn: Turn, posed: Quiz, keys: Sequence[str]) -> list[Message]:
    """Judge an answer, say why, and go on with the slot."""
    prompt, lesson, asked = posed.prompt, posed.lesson, posed.asked
    verdict = grading.grade(asked, keys)
    closed = lesson_prompts.answer(turn.tx, prompt, lesson.id, keys, verdict, turn.now)
    if closed is None:
        return too_late(turn, posed)
    _take_back(turn, prompt.id, prompt.message)
    # The same question may have been asked twice: a lesson that waited comes back, and its first message still waits.
    for prompt_id, message in closed.items():
        if message not in _take_back(turn, prompt_id) and message:
            turn.closed.append(message)
    tallies.count_answer(turn.tx, turn.learner.id, verdict, turn.today)
    lines, following = follow(turn, posed, verdict)
    ending = [*showing.after_verdict(turn.words, lesson, prompt), *lines]
    pressed = turn.event.kind not in (Kind.TEXT, Kind.FILE)
    alone = showing.verdict_text(turn.words, asked, prompt, keys, verdict, tell_answer=True)
    text, aside = alone, Markdown("")
    if pressed:
        text, aside = showing.judged_message(turn.words, lesson, prompt, keys, verdict)
    judged = Message(
        Markdown("\n\n".join([text, *ending])),
        aside=aside,
        edits=(prompt.message or "") if pressed else "",
        answers=prompt.message or "",
        brief=showing.brief(turn.words, asked, prompt, keys, verdict),
        reply=Markdown("\n\n".join([alone, *ending])) if pressed else "",
    )
    return [judged, *following]


def follow(turn: Turn, posed: Quiz, verdict: Verdict) -> tuple[list[str], list[Message]]:
    """Remember a verdict. Return the lines that end its message, and what comes after: a question, or the course's end."""
    published = courses.catalogue(turn.tx)
    theme = levels.beside(turn, published, posed.lesson.id) if published is not None else []
    # One statement for all that is read of memories: on PostgreSQL each takes 0.2 ms.
    recalled = recalls.of_some(turn.tx, turn.learner.id, {posed.lesson.id, *theme})
    recall = _remember(turn, posed, verdict, published, recalled.get(posed.lesson.id))
    recalled[posed.lesson.id] = recall
    following = _following(turn, posed, recall, published)
    lines = _comes_again(turn, verdict, published)
    badge = levels.earn(turn, published, theme, recalled) if published is not None else None
    if badge is not None:
        lines.append(turn.words("verdict.badge", theme=badge))
    if following is not None:
        return lines, [following]
    over = published is not None and turn.learner.enrolment is not None and recalling.is_over(turn, published)
    ends = published is not None and over and turn.learner.state == "active"
    end = finish.celebrate(turn, published) if published is not None and ends else []
    if not turn.tally["resumed"] and not end:  # when questions come is said with the choice of how often
        lines.append(_ending(turn, published, over=over))
    return lines, end


def _take_back(turn: Turn, prompt_id: str, answered_in: str | None = None) -> set[str]:
    """Take back planned messages that show an answered quiz, but the one in which it was answered; return their keys.

    One that is just leaving loses its buttons.
    """
    again = queue.planned_with(turn.tx, turn.learner.address_id, prompt_id) - {answered_in}
    if again:
        turn.closed.extend(queue.withdraw(turn.tx, again, turn.now, "answered"))
    return again


def too_late(turn: Turn, posed: Quiz) -> list[Message]:
    """Say that a question, named and replied to, has its answer already: another one may be open."""
    brief = turn.words.plain("quiz.answered")
    if turn.event.receipt:
        return [Message(brief=brief)]
    text = turn.words("quiz.answered.which", question=posed.asked.text)
    return [Message(text, answers=posed.prompt.message or "", brief=brief)]


def _remember(
    turn: Turn, posed: Quiz, verdict: Verdict, published: Catalogue | None, before: Recall | None
) -> Recall:
    lesson, asked = posed.lesson, posed.asked
    current = published.entries.get(lesson.id) if published is not None else None
    questions = {one.id for one in (lesson if current is None else current.lesson).questions} | {asked.id}
    if before is not None and current is not None:
        before = review.since(before, current.reset_on)
    recall = review.answered(before, asked.id, verdict, turn.today, questions)
    recalls.remember(turn.tx, turn.learner.id, lesson.id, recall)
    return recall


def _following(turn: Turn, posed: Quiz, recall: Recall, published: Catalogue | None) -> Message | None:
    """Return the second and last question of a slot: of a lesson that is due, else one more of the lesson itself."""
    prompt, lesson = posed.prompt, posed.lesson
    if prompt.content.get("step") != 1 or turn.learner.state != "active" or published is None:
        return None
    if prompt.content.get("purpose") != "lesson" and finish.is_to_be_said(turn, published):
        return None  # in the place of a second question: the last lesson's own may never be answered
    if (recalled := recalling.next_of(turn, published)) is not None:
        return ask_again(turn, recalled)
    if prompt.content.get("purpose") != "lesson":
        return None
    second = review.question_to_ask(recall, [one.id for one in lesson.questions], turn.today)
    if second is None:
        return None
    return ask(turn, prompt.version or "", lesson, lesson.question(second), purpose="lesson", step=2)


def ask_again(turn: Turn, recalled: Recalled, *, step: int = 2) -> Message:
    """Ask a question that comes back."""
    entry = recalled.entry
    return ask(
        turn,
        entry.version,
        entry.lesson,
        recalled.asked,
        purpose=recalled.purpose,
        theme=recalled.theme,
        step=step,
    )


def _comes_again(turn: Turn, verdict: Verdict, published: Catalogue | None) -> list[str]:
    """Say that a question that was missed comes back, where it does: not in a pause, nor for who wants no more questions."""
    if verdict is Verdict.RIGHT or turn.learner.state != "active" or turn.learner.enrolment is None:
        return []
    unwanted = turn.enrolment.rhythm == recalling.NONE
    over = unwanted and published is not None and recalling.is_over(turn, published)
    return [] if over else [turn.words("verdict.again")]


def _ending(turn: Turn, published: Catalogue | None, *, over: bool) -> str:
    if turn.learner.state == "paused":
        return outlook.paused(turn)
    if turn.next_at is None or published is None:
        return turn.words("quiz.more")
    at = recalling.questions_at(turn, published) if over else turn.next_at
    if at is None:
        return turn.words("quiz.more")
    return turn.words("quiz.end", when=turn.words.when(at, turn.schedule.time_zone, since=turn.today))
