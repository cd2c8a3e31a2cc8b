# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What admins do in the chat: publish a lesson, read the figures, announce something."""

from __future__ import annotations

from bot.answers import is_one_of
from bot.messages import Choice, FileRef, Form, Message, Unfetched
from bot.talk import showing
from bot.talk.turn import Turn, cancelling, menu, says
from bot.wording import Markdown, Words
from lessons import markup, source, typed
from lessons.curriculum import Role, roles_of
from lessons.fields import is_blank
from lessons.model import Lesson
from lessons.source import PlacedLesson, Problems
from lessons.source.bounds import SIZE, WORKBOOK_IN_CHAT
from storage import audit, broadcasts, courses
from storage.catalogue import Catalogue
from storage.failures import PublishError, Superseded
from storage.progress import prompts
from storage.progress.prompts import Prompt

PUBLISH, ANNOUNCE = "publish", "announce"
PREVIEW = "preview"
"""The prompt of a preview's buttons: they are shown as learners see them, and do nothing."""

FEWEST_COUNTED = 5
"""Learners under whom counts would speak of a person."""
ANNOUNCEMENT = 1500
PROBLEMS_SHOWN = 40


def by(turn: Turn) -> str:
    """Return who did it, for the audit."""
    return turn.event.author


def refuse(turn: Turn) -> list[Message]:
    """Say why an admin's word does not count: it may be somebody else's."""
    return says(turn.words(f"doubt.{turn.event.doubt}", who=turn.event.author))


def publish(turn: Turn) -> list[Message]:
    """Answer `publier` without a file."""
    text = turn.words("publish.how")
    if prompts.newest_open(turn.tx, turn.learner.id, PUBLISH) is not None:
        text = Markdown(f"{text} {turn.words('publish.older')}")
    return says(text)


def is_lesson(file: FileRef | None) -> bool:
    """Tell whether a file is meant as a lesson, by its name."""
    return file is not None and source.is_lesson(file.name)


def may_be_lesson(file: FileRef | None) -> bool:
    """Tell whether a file is worth downloading: by its name and its size."""
    return file is not None and source.is_lesson(file.name) and file.size <= largest(file)


def largest(file: FileRef) -> int:
    """Return the bytes that a lesson file may have, by its name."""
    return WORKBOOK_IN_CHAT if source.is_workbook(file.name) else SIZE


def receive_file(turn: Turn) -> list[Message]:
    """Answer a lesson file: every problem in it, or the preview and what to do with it."""
    event = turn.event
    if event.file is None or not is_lesson(event.file):
        return says(turn.words("publish.no_lesson"))
    match event.lesson:
        case Unfetched.UNREACHABLE:
            return says(turn.words("publish.unreachable"))
        case Unfetched.UNREAD:
            return says(turn.words("publish.unread"))
        case Unfetched.LATE:
            return says(turn.words("publish.late"))
        case Unfetched.TOO_BIG | None:
            return says(turn.words("publish.too_big", size=largest(event.file) // 1024))
        case Problems() as problems:
            return _problems(turn, problems)
        case placed:
            return _preview(turn, placed)


def _problems(turn: Turn, problems: Problems) -> list[Message]:
    shown = [f"- {markup.escape(str(problem))}" for problem in problems.problems[:PROBLEMS_SHOWN]]
    listed = "\n".join(shown)
    if more := len(problems.problems) - len(shown):
        listed = f"{listed}\n\n{turn.words.many('publish.more', more)}"
    text = turn.words.many("publish.problems", len(problems.problems), problems=Markdown(listed))
    return says(text)


def _preview(turn: Turn, placed: PlacedLesson) -> list[Message]:
    words, lesson = turn.words, placed.lesson
    try:
        published = courses.require_theme(courses.catalogue(turn.tx), lesson)
        courses.require_same_theme(published, lesson)
    except PublishError as error:
        return says(Markdown(markup.escape(str(error))))
    shown = []
    for place, asked in enumerate(lesson.questions):
        order = [key for key, _ in asked.keyed()]
        question = showing.question_of(words, asked, PREVIEW, order)
        if place:
            shown.append(Message(question=question))
        else:
            above, aside = showing.lesson_text(words, lesson), showing.lesson_aside(words, lesson)
            shown.append(Message(above, question, aside=aside))
    text = words("publish.preview", id=lesson.id, theme=lesson.theme, audience=_audience(turn, lesson))
    choices = [
        Choice(
            "publish",
            words.plain(f"publish.publish.{_place(published, lesson)}"),
            words.phrases("answer.publish"),
        ),
        Choice("send", words.plain("publish.send"), words.phrases("answer.send")),
    ]
    before = published.entries.get(lesson.id)
    differs = before is not None and before.version != lesson.version
    hint = words("publish.hint.reset" if differs else "publish.hint")
    if _is_overdue(turn, lesson):
        text = Markdown(f"{text}\n\n{words('publish.overdue', date=words.date(lesson.review_by))}")
        hint = words("publish.hint.overdue.reset" if differs else "publish.hint.overdue")
        del choices[1]
    if differs:
        text = Markdown(f"{text}\n\n{words('publish.reset.offer')}")
        choices.append(Choice("reset", words.plain("publish.reset"), words.phrases("answer.reset")))
    choices.append(Choice("cancel", words.plain("publish.cancel"), cancelling(words)))
    # Earlier previews keep their buttons; typed words count for the last one: see `meant.settle`.
    question = menu(
        turn,
        PUBLISH,
        text,
        choices,
        hint=hint,
        data={
            "lesson": lesson.model_dump(mode="json"),
            "place": placed.place,
            "base": None if before is None else before.version,
        },
    )
    return [*shown, Message(question=question)]


def _audience(turn: Turn, lesson: Lesson) -> str:
    return ", ".join(turn.words.plain(f"settings.role.{role}") for role in lesson.audience)


def _place(published: Catalogue, lesson: Lesson) -> str:
    """Return where a lesson will stand for those it is for: see `lessons.curriculum`."""
    if lesson.id in published.entries:
        return "replace"
    paths = {path.id: path.lessons for path in published.course.paths}
    roles = roles_of(lesson.audience)
    if not any(role in paths for role in roles):
        return "theme"
    named = any(lesson.id in way for way in paths.values())
    return "paths" if named or not all(role in paths for role in roles) else "end"


def _is_overdue(turn: Turn, lesson: Lesson) -> bool:
    """Tell whether a lesson is held back because its review date has passed: see `courses.Entry.available`."""
    return lesson.review_by < turn.now.date()


def _is_held(turn: Turn, lesson: Lesson) -> bool:
    """Tell whether the published version of a lesson is held, because a channel refused it."""
    published = courses.catalogue(turn.tx)
    entry = published.entries.get(lesson.id) if published else None
    return entry is not None and entry.held


def answer_publish(turn: Turn, prompt: Prompt, keys: tuple[str, ...]) -> list[Message]:
    """Publish, publish and send now, or drop it. Show it again if another version was published meanwhile."""
    words = turn.words
    if keys == ("cancel",):
        return says(words("publish.cancelled"), edits=prompt.message)
    data = prompt.content["data"]
    placed = PlacedLesson(Lesson.model_validate(data["lesson"]), data["place"])
    lesson = placed.lesson
    # A menu shown by an earlier version of the program knows no base: what is current now is taken for it.
    base = {lesson.id: data["base"]} if "base" in data else None
    try:
        (change,) = courses.publish(
            turn.tx, None, [placed], by=by(turn), now=turn.now, base=base, reset=keys == ("reset",)
        )
    except Superseded as error:
        told = words(
            "publish.superseded", title=lesson.title, changed=_changed(turn, data["base"], error.version)
        )
        return [*says(told, edits=prompt.message), *_preview(turn, placed)]
    except PublishError as error:
        return says(Markdown(markup.escape(str(error))), edits=prompt.message)
    held = change.outcome == "unchanged" and _is_held(turn, lesson)
    sends = keys == ("send",) and not held and not _is_overdue(turn, lesson)
    audit.record(
        turn.tx,
        by=by(turn),
        action=f"publish-{'send' if sends else 'reset' if keys == ('reset',) else 'publish'}",
        subject=lesson.id,
        detail=change.version,
        now=turn.now,
    )
    text = words(f"publish.done.{change.outcome}", title=lesson.title)
    if keys == ("reset",):
        text = Markdown(f"{text}\n{words('publish.reset.done')}")
    if sends:
        broadcasts.begin(
            turn.tx, roles=roles_of(lesson.audience), by=by(turn), now=turn.now, version=change.version
        )
        text = Markdown(f"{text}\n{words('publish.sending')}")
    elif _is_overdue(turn, lesson):
        text = Markdown(f"{text}\n{words('publish.overdue', date=words.date(lesson.review_by))}")
    elif held:
        text = Markdown(f"{text}\n{words('publish.held', id=lesson.id)}")
    return says(text, edits=prompt.message)


PARTS = {"title": "title", "body": "text", "takeaway": "text", "questions": "questions", "sources": "sources"}
"""Fields of a lesson, and what a person calls them."""


def _changed(turn: Turn, base: str | None, version: str) -> str:
    """Return what another admin changed since a preview, in words; who it was is nobody's business."""
    if base is None:
        return turn.words.plain("publish.part.all")
    before, after = courses.lesson_of(turn.tx, base), courses.lesson_of(turn.tx, version)
    parts = [
        PARTS.get(name, "other")
        for name in type(after).model_fields
        if getattr(before, name) != getattr(after, name)
    ]
    return ", ".join(turn.words.plain(f"publish.part.{part}") for part in dict.fromkeys(parts))


def announce(turn: Turn, text: str) -> list[Message]:
    """Answer `annonce` and a text: show it, and ask for confirmation."""
    words, text = turn.words, text.strip()
    if is_blank(text):
        return _ask_text(turn, words("announce.how"))
    if len(text) > ANNOUNCEMENT:
        return says(words("announce.too_long", most=ANNOUNCEMENT, length=len(text)))
    turn.close(ANNOUNCE)
    question = menu(
        turn,
        ANNOUNCE,
        words("announce.confirm", text=text),
        [
            Choice("send", words.plain("announce.send"), words.phrases("answer.send")),
            Choice("cancel", words.plain("publish.cancel"), cancelling(words)),
        ],
        hint=words("announce.hint"),
        data={"text": text},
    )
    return [Message(question=question)]


def answer_announce_text(turn: Turn, prompt: Prompt, keys: tuple[str, ...]) -> list[Message]:
    """Take the text of an announcement, typed after the command. A greeting alone is not its text; `annuler` gives up."""
    del prompt
    words, text = turn.words, keys[0]
    if is_one_of(cancelling(words), text):
        return says(words("publish.cancelled"))
    if typed.fold(text) and not typed.bare(
        text, [typed.fold(one) for one in words.phrases("answer.greeting")]
    ):
        return _ask_text(turn, words("greeting.question", hint=words("announce.how")))
    return announce(turn, text)


def _ask_text(turn: Turn, text: Markdown) -> list[Message]:
    return [Message(question=menu(turn, f"{ANNOUNCE}.text", text, (), form=Form.TEXT))]


def answer_announce(turn: Turn, prompt: Prompt, keys: tuple[str, ...]) -> list[Message]:
    """Send an announcement to every active learner, or drop it."""
    if keys != ("send",):
        return says(turn.words("publish.cancelled"), edits=prompt.message)
    text = str(prompt.content["data"]["text"])
    number = broadcasts.begin(turn.tx, roles=tuple(Role), by=by(turn), now=turn.now, text=text)
    audit.record(turn.tx, by=by(turn), action="announce", subject=str(number), detail=text, now=turn.now)
    return says(turn.words("announce.done"), edits=prompt.message)


def _counted(words: Words, name: str, number: int) -> Markdown:
    """Return a count in words; one of a few would speak of a person even where all together are many."""
    if 0 < number < FEWEST_COUNTED:
        return words.many(f"stats.{name}", FEWEST_COUNTED, n=words("stats.few", few=FEWEST_COUNTED))
    return words.many(f"stats.{name}", number)


def stats(turn: Turn) -> list[Message]:
    """Answer `stats`: counts, and no name. None of a few, whatever it counts."""
    words, figures = turn.words, turn.event.figures
    if figures is None:
        raise LookupError("the figures were not counted")
    people = figures["learners"]
    if sum(people[state] for state in ("active", "paused", "stopped")) < FEWEST_COUNTED:
        return says(words("stats.too_few", few=FEWEST_COUNTED))

    def counted(section: str) -> dict[str, Markdown]:
        counts = figures[section].items()
        return {name: _counted(words, name, number) for name, number in counts if name != "total"}

    lines = [
        words("stats.title"),
        words("stats.learners", **counted("learners")),
        words("stats.deliveries", **counted("deliveries")),
        words("stats.answers", **counted("answers")),
    ]
    return says(Markdown("\n".join(lines)))
