# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What admins do in the chat: publish a lesson, read the figures, announce something."""

from __future__ import annotations

from bot.messages import Choice, FileRef, Form, Message
from bot.talk import showing
from bot.talk.turn import Turn, menu, says
from bot.wording import Markdown
from lessons import markup
from lessons.curriculum import Role, roles_of
from lessons.model import Lesson
from lessons.source import PlacedLesson, Problems, read_lesson
from lessons.source.bounds import SIZE
from storage import audit, broadcasts, courses
from storage.failures import PublishError
from storage.progress import prompts
from storage.progress.prompts import Prompt

PUBLISH, ANNOUNCE = "publish", "announce"
PREVIEW = "preview"
"""The prompt of a preview's buttons: they are shown as learners see them, and do nothing."""

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
    return says(turn.words("publish.how"))


def may_be_lesson(file: FileRef | None) -> bool:
    """Tell whether a file is worth downloading: by its name and its size."""
    return file is not None and _named_yaml(file) and file.size <= SIZE


def _named_yaml(file: FileRef) -> bool:
    return file.name.casefold().endswith((".yaml", ".yml"))


def read_file(content: bytes, name: str) -> PlacedLesson | Problems:
    """Return what a lesson file holds, or every problem in it. Up to 1.5 s for a bad one: never inside a transaction."""
    try:
        return read_lesson(content, name)
    except Problems as problems:
        return problems


def receive_file(turn: Turn) -> list[Message]:
    """Answer a lesson file: every problem in it, or the preview and what to do with it."""
    event = turn.event
    if event.file is None or not _named_yaml(event.file):
        return says(turn.words("publish.not_yaml"))
    match event.lesson:
        case None:
            return says(turn.words("publish.too_big", size=SIZE // 1024))
        case Problems() as problems:
            return _problems(turn, problems)
        case placed:
            return _preview(turn, placed)


def _problems(turn: Turn, problems: Problems) -> list[Message]:
    shown = [f"- {markup.escape(str(problem))}" for problem in problems.problems[:PROBLEMS_SHOWN]]
    text = turn.words.many("publish.problems", len(problems.problems), problems=Markdown("\n".join(shown)))
    return says(text)


def _preview(turn: Turn, placed: PlacedLesson) -> list[Message]:
    words, lesson = turn.words, placed.lesson
    try:
        courses.require_theme(courses.catalogue(turn.tx), lesson)
    except PublishError as error:
        return says(Markdown(markup.escape(str(error))))
    shown = []
    for place, asked in enumerate(lesson.questions):
        order = [key for key, _ in asked.keyed()]
        above = showing.lesson_text(words, lesson) if place == 0 else Markdown("")
        shown.append(Message(above, showing.question_of(words, asked, PREVIEW, order)))
    prompts.close(turn.tx, turn.learner.id, [PUBLISH], turn.now)
    question = menu(
        turn,
        PUBLISH,
        words("publish.preview", id=lesson.id, theme=lesson.theme, audience=_audience(turn, lesson)),
        [
            Choice("publish", words.plain("publish.publish")),
            Choice("send", words.plain("publish.send")),
            Choice("cancel", words.plain("publish.cancel"), tuple(words.plain("answer.no").split())),
        ],
        data={"lesson": lesson.model_dump(mode="json"), "place": placed.place},
    )
    return [*shown, Message(question=question)]


def _audience(turn: Turn, lesson: Lesson) -> str:
    return ", ".join(turn.words.plain(f"settings.role.{role}") for role in lesson.audience)


def answer_publish(turn: Turn, prompt: Prompt, keys: tuple[str, ...]) -> list[Message]:
    """Publish, publish and send now, or drop it."""
    if keys == ("cancel",):
        return says(turn.words("publish.cancelled"), edits=prompt.message)
    data = prompt.content["data"]
    lesson = Lesson.model_validate(data["lesson"])
    try:
        (change,) = courses.publish(
            turn.tx, None, [PlacedLesson(lesson, data["place"])], by=by(turn), now=turn.now
        )
    except PublishError as error:
        return says(Markdown(markup.escape(str(error))), edits=prompt.message)
    audit.record(
        turn.tx,
        by=by(turn),
        action=f"publish-{keys[0]}",
        subject=lesson.id,
        detail=change.version,
        now=turn.now,
    )
    text = turn.words(f"publish.done.{change.outcome}", title=lesson.title)
    if keys == ("send",):
        broadcasts.begin(
            turn.tx, roles=roles_of(lesson.audience), by=by(turn), now=turn.now, version=change.version
        )
        text = Markdown(f"{text}\n{turn.words('publish.sending')}")
    return says(text, edits=prompt.message)


def announce(turn: Turn, text: str) -> list[Message]:
    """Answer `annonce` and a text: show it, and ask for confirmation."""
    words, text = turn.words, text.strip()
    if not text:
        return [Message(question=menu(turn, f"{ANNOUNCE}.text", words("announce.how"), (), form=Form.TEXT))]
    if len(text) > ANNOUNCEMENT:
        return says(words("announce.too_long", most=ANNOUNCEMENT, length=len(text)))
    prompts.close(turn.tx, turn.learner.id, [ANNOUNCE], turn.now)
    question = menu(
        turn,
        ANNOUNCE,
        words("announce.confirm", text=text),
        [
            Choice("send", words.plain("announce.send"), tuple(words.plain("answer.yes").split())),
            Choice("cancel", words.plain("publish.cancel"), tuple(words.plain("answer.no").split())),
        ],
        data={"text": text},
    )
    return [Message(question=question)]


def answer_announce_text(turn: Turn, prompt: Prompt, keys: tuple[str, ...]) -> list[Message]:
    """Take the text of an announcement, typed after the command."""
    del prompt
    return announce(turn, keys[0])


def answer_announce(turn: Turn, prompt: Prompt, keys: tuple[str, ...]) -> list[Message]:
    """Send an announcement to every active learner, or drop it."""
    if keys != ("send",):
        return says(turn.words("publish.cancelled"), edits=prompt.message)
    text = str(prompt.content["data"]["text"])
    number = broadcasts.begin(turn.tx, roles=tuple(Role), by=by(turn), now=turn.now, text=text)
    audit.record(turn.tx, by=by(turn), action="announce", subject=str(number), detail=text, now=turn.now)
    return says(turn.words("announce.done"), edits=prompt.message)


def stats(turn: Turn) -> list[Message]:
    """Answer `stats`: counts, and no name."""
    words, figures = turn.words, turn.event.figures
    if figures is None:
        raise LookupError("the figures were not counted")
    lines = [
        words("stats.title"),
        words("stats.learners", **figures["learners"]),
        words("stats.deliveries", **figures["deliveries"]),
        words("stats.answers", **figures["answers"]),
    ]
    return says(Markdown("\n".join(lines)))
