# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The looks of a lesson, its questions and a verdict, whatever the channel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from bot.messages import Choice, Form, Message, Question
from bot.wording import Markdown, Words
from lessons import grading, markup
from lessons.grading import Verdict
from lessons.model import Lesson
from lessons.model import Question as Asked
from storage.progress.prompts import Prompt

ABOVE = "above"
"""What is kept with a quiz that was shown once more, without its lesson: the text above it."""
REREAD = "reread"
"""The key of the button that shows the lesson of a question again: no choice of a quiz has it."""
TITLED = ("missed", "changed")
"""Purposes of questions that come under the title of their lesson, and what it teaches in a sentence."""
TOAST = 200
"""Characters of the shortest form of a verdict."""


def question_of(
    words: Words, asked: Asked, prompt: str, order: Sequence[str], chosen: Sequence[str] = ()
) -> Question:
    """Return a question of a lesson as it is shown under a prompt."""
    text = Markdown(f"**{words('quiz.question')}** {markup.escape(asked.text)}")
    if asked.kind == "number":
        return Question(
            prompt,
            Form.NUMBER,
            text,
            hint=words("hint.number", unit=asked.unit) if asked.unit else words("hint.number.bare"),
            unit=asked.unit or "",
            positive=grading.is_positive(asked),
        )
    choices = dict(asked.keyed())
    multiple = asked.kind == "multiple"
    if multiple:
        text = Markdown(f"{text} {words('quiz.several')}")
    return Question(
        prompt,
        Form.QUIZ,
        text,
        tuple(Choice(key, choices[key].text, _other_words(words, asked, choices[key].text)) for key in order),
        multiple=multiple,
        chosen=frozenset(chosen),
        hint=words("hint.quiz.several") if multiple else words("hint.quiz", last=len(order)),
        vote="" if multiple else words("hint.quiz.vote", last=len(order)),
        submit=words.plain("button.submit") if multiple else "",
    )


def _other_words(words: Words, asked: Asked, label: str) -> tuple[str, ...]:
    if asked.kind != "true_false":
        return ()
    true = label in ("Vrai", "True")
    return words.phrases("answer.true" if true else "answer.false")


def lesson_text(words: Words, lesson: Lesson) -> Markdown:
    """Return what a lesson teaches: title, body, what to remember. `lesson_aside` says what it rests on."""
    parts = [
        f"📘 **{markup.escape(lesson.title)}**",
        lesson.body.strip(),
        words("lesson.takeaway", takeaway=lesson.takeaway),
    ]
    return Markdown("\n\n".join(part for part in parts if part))


def lesson_aside(words: Words, lesson: Lesson) -> Markdown:
    """Return the sources of a lesson and how it was made; the first line is its title."""
    sources = "\n".join(
        f"- [{markup.escape(source.title)}]({source.url}), {markup.escape(source.publisher)}, "
        f"{words.dated(source.date)}"
        for source in lesson.sources
    )
    seen = f"lesson.sources.{lesson.seen}" if lesson.seen else "lesson.sources"
    parts = [f"{words(seen, checked=words.date(lesson.checked))}\n{sources}", _authorship(words, lesson)]
    return Markdown("\n\n".join(part for part in parts if part))


def _authorship(words: Words, lesson: Lesson) -> str:
    made = lesson.authorship
    if made.reviewed_by is not None and made.reviewed_on is not None:
        key = "lesson.made.ai.reviewed" if made.ai_assisted else "lesson.made.reviewed"
        return words(key, who=made.reviewed_by, when=words.date(made.reviewed_on))
    return words("lesson.made.ai") if made.ai_assisted else ""


def quiz_message(words: Words, lesson: Lesson, prompt: Prompt) -> Message:
    """Return a quiz as it was first shown: with its lesson, alone, or under what tells where it comes from."""
    above, aside = _around(words, lesson, prompt)
    return Message(above, quiz_question(words, lesson, prompt), aside=aside)


def quiz_question(words: Words, lesson: Lesson, prompt: Prompt) -> Question:
    """Return the question of a quiz; with an action that shows its lesson again, where that is not in the message."""
    asked = lesson.question(prompt.question or "")
    question = question_of(words, asked, prompt.id, prompt.content.get("order", ()), prompt.chosen)
    titled = prompt.content.get("purpose") in TITLED and not prompt.content.get("with_lesson")
    if not (titled or prompt.content.get(ABOVE)):
        return question
    again = words("hint.reread")
    return replace(
        question,
        hint=f"{question.hint} {again}",
        vote=f"{question.vote} {again}" if question.vote else "",
        beside=(Choice(REREAD, words.plain("quiz.reread"), words.phrases("quiz.reread.words")),),
    )


def lesson_message(words: Words, lesson: Lesson) -> Message:
    """Return a lesson alone, without a question."""
    return Message(lesson_text(words, lesson), aside=lesson_aside(words, lesson))


_texts: dict[tuple[str, str], tuple[Markdown, Markdown]] = {}
"""Lessons already written out, by language and version: a broadcast shows the same one many times."""


def _around(words: Words, lesson: Lesson, prompt: Prompt) -> tuple[Markdown, Markdown]:
    """Return what stands above the question of a prompt, and the aside below it."""
    if above := prompt.content.get(ABOVE):
        return Markdown(above), Markdown("")
    if prompt.content.get("with_lesson"):
        key = (words.language, prompt.version or "")
        if key not in _texts:
            _texts[key] = (lesson_text(words, lesson), lesson_aside(words, lesson))
        return _texts[key]
    if prompt.content.get("purpose") == "lesson":
        return Markdown(""), Markdown("")
    if (purpose := prompt.content.get("purpose")) in TITLED:
        title = words(f"quiz.{purpose}", title=lesson.title)
        takeaway = words("lesson.takeaway", takeaway=lesson.takeaway)
        return Markdown(f"{title}\n\n{takeaway}"), Markdown("")
    # The title would give the answer of one question in three away; the theme does not.
    theme = prompt.content.get("theme")
    return words("quiz.review", theme=theme) if theme else words("quiz.review.any"), Markdown("")


def verdict_line(words: Words, verdict: Verdict) -> Markdown:
    """Return the first words of a verdict."""
    return words(f"verdict.{verdict}")


def judged_message(
    words: Words, lesson: Lesson, prompt: Prompt, keys: Sequence[str], verdict: Verdict
) -> tuple[Markdown, Markdown]:
    """Return the message that asked, once answered (choices marked, then the verdict), and its aside."""
    asked = lesson.question(prompt.question or "")
    choices = dict(asked.keyed())
    lines = [f"**{words('quiz.question')}** {markup.escape(asked.text)}"]
    for place, key in enumerate(prompt.content.get("order", ()), 1):
        mark = _mark(words, asked, key, keys)
        lines.append(" ".join([f"{place}.", markup.escape(choices[key].text), *mark]))
    # What stood above a question that was shown once more has been done by its answer.
    above, aside = _around(words, lesson, prompt) if not prompt.content.get(ABOVE) else ("", "")
    verdict_lines = verdict_text(words, asked, prompt, keys, verdict)
    parts = (above, "\n".join(lines), verdict_lines)
    return Markdown("\n\n".join(part for part in parts if part)), Markdown(aside)


def _mark(words: Words, asked: Asked, key: str, keys: Sequence[str]) -> list[str]:
    """Return the marks of a choice: ☑ for one ticked among several, ✅ right, ❌ wrong, and a word for one missed."""
    correct, ticked = dict(asked.keyed())[key].correct, key in keys
    several = asked.kind == "multiple"
    mark = ["☑"] if several and ticked else []
    if correct:
        mark.append("✅")
        if several and not ticked:
            mark.append(words("verdict.missed"))
    elif ticked:
        mark.append("❌")
    return mark


def verdict_text(
    words: Words,
    asked: Asked,
    prompt: Prompt,
    keys: Sequence[str],
    verdict: Verdict,
    *,
    tell_answer: bool = False,
) -> Markdown:
    """Return a verdict with its reasons. `tell_answer` repeats the right choices, where the question is not in sight.

    The feedback of one choice has no number: it comes before the right choice, or "Cette phrase est juste" would seem
    to speak of that one.
    """
    reasons = [markup.escape(text) for text in _feedback(asked, prompt, keys)]
    answer: list[str] = []
    if asked.kind == "number":
        answer = [_number_answer(words, asked, verdict)]
    elif tell_answer and verdict is not Verdict.RIGHT:
        answer = [_right_choices(words, asked, prompt)]
    lines: list[str] = [verdict_line(words, verdict)]
    lines += answer + reasons if asked.kind == "multiple" else reasons + answer
    lines += _feedback_of_missed(words, asked, prompt, keys)
    lines.append(markup.escape(asked.explanation))
    return Markdown("\n".join(line for line in lines if line))


def _feedback(asked: Asked, prompt: Prompt, keys: Sequence[str]) -> list[str]:
    """Return why the choice made is right or wrong; of several, why those chosen in error are wrong, by their number."""
    choices = dict(asked.keyed())
    if asked.kind != "multiple":
        return [choices[key].feedback for key in keys if key in choices]
    return [
        f"{place}. {choices[key].feedback}"
        for place, key in enumerate(prompt.content.get("order", ()), 1)
        if key in keys and not choices[key].correct
    ]


def _feedback_of_missed(words: Words, asked: Asked, prompt: Prompt, keys: Sequence[str]) -> list[Markdown]:
    """Return why each right choice that was not made is right: explanations lean on it.

    The feedback speaks to somebody who chose it ("Oui. …"), so the program says first which choice it is about.
    """
    choices = dict(asked.keyed())
    lead_in = "verdict.missed.several" if asked.kind == "multiple" else "verdict.missed.one"
    return [
        words(lead_in, place=place, feedback=choices[key].feedback)
        for place, key in enumerate(prompt.content.get("order", ()), 1)
        if choices[key].correct and key not in keys
    ]


def _right_choices(words: Words, asked: Asked, prompt: Prompt) -> str:
    choices = dict(asked.keyed())
    right = [
        f"{place}. {choices[key].text}"
        for place, key in enumerate(prompt.content.get("order", ()), 1)
        if choices[key].correct
    ]
    return words.many("verdict.answer", len(right), answer=" ; ".join(right))


def _number_answer(words: Words, asked: Asked, verdict: Verdict) -> str:
    answer, tolerance = asked.answer or Decimal(0), asked.tolerance
    unit = f"\u00a0{asked.unit}" if asked.unit else ""
    if not tolerance:
        return "" if verdict is Verdict.RIGHT else words("verdict.number", answer=words.number(answer) + unit)
    return words(
        "verdict.number.range",
        answer=words.number(answer) + unit,
        low=words.number(answer - tolerance),
        high=words.number(answer + tolerance) + unit,
    )


def after_verdict(words: Words, lesson: Lesson, prompt: Prompt) -> list[str]:
    """Return what follows a verdict: of which lesson a review was."""
    if prompt.content.get("purpose") != "review":
        return []
    return [
        words("verdict.lesson", title=lesson.title),
        words("lesson.takeaway", takeaway=lesson.takeaway),
    ]


def brief(words: Words, asked: Asked, prompt: Prompt, keys: Sequence[str], verdict: Verdict) -> str:
    """Return a verdict in at most 200 characters of plain text."""
    reasons = " ".join(_feedback(asked, prompt, keys)) or asked.explanation
    text = f"{markup.plain(verdict_line(words, verdict))} {reasons}"
    return text if len(text) <= TOAST else f"{text[: TOAST - 1].rstrip()}…"
