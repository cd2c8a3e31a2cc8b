# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The topic that answers an event: commands first, then the question it must mean, then help."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum

from bot.answers import Answer, Doubtful, Unreadable
from bot.messages import Event, Kind, Message, Question
from bot.talk import (
    access,
    admin,
    commands,
    courtesy,
    delays,
    enrol,
    greetings,
    help_page,
    meant,
    notice,
    objection,
    preferences,
    pressing,
    quiz,
    rhythm,
    verifying,
)
from bot.talk.rights import in_name_of_admin, is_admin
from bot.talk.topics import (
    ADMIN_ANSWERS,
    ADMIN_COMMANDS,
    ANSWERS,
    COMMANDS,
    FREE,
    LEAVING,
    OWN_WAY,
    TEACHING,
    UNKEPT,
    WORDS,
)
from bot.talk.turn import Rules, Turn, menu_question, says
from bot.wording import Markdown
from lessons import grading
from storage.learners import OUT
from storage.progress import enrolments, prompts
from storage.progress.prompts import Prompt


class Needs(StrEnum):
    """What an event needs before its transaction, because it takes long."""

    NOTHING = "nothing"
    FILE = "file"
    """The lesson file that an admin sent, downloaded and read: `Event.lesson`."""
    FIGURES = "figures"
    """The counts that an admin asked for: `Event.figures`."""


def read(event: Event, rules: Rules) -> Event:
    """Return the event with the command that its text is. Call it once for each event, before `needs` and `respond`."""
    # An admin's command that is not trusted is still known as one, so that it is refused in words.
    return replace(event, command=command_of(event.text, by_admin=in_name_of_admin(event, rules.admins)))


def needs(event: Event, rules: Rules) -> Needs:
    """Return what has to be fetched or counted before `respond` can answer an event that was `read`."""
    if not is_admin(event, rules.admins):
        return Needs.NOTHING
    if _speaks_by_file(event):
        return Needs.FILE if event.lesson is None and admin.may_be_lesson(event.file) else Needs.NOTHING
    counts = event.kind in (Kind.TEXT, Kind.FILE) and event.command == "stats"
    return Needs.FIGURES if counts and event.figures is None else Needs.NOTHING


def _speaks_by_file(event: Event) -> bool:
    """Tell whether an admin says something by a file: a lesson, or anything without a caption, which would be a text."""
    return event.kind is Kind.FILE and (admin.is_lesson(event.file) or not event.text.strip())


def request_of(event: Event) -> str:
    """Return the command of an event that was `read` if it asks for the same each time it is said; empty when it does not.

    All names of a command give the same result. What an admin's command, a pause, `plustard` or `verifier` asks for depends
    on the words after it, or on the hour.
    """
    if event.kind is not Kind.TEXT or event.command not in COMMANDS or commands.says_more_than_pause(event):
        return ""
    if event.command in (*delays.NAMES, *verifying.NAMES):
        return ""
    return next(name for name, does in COMMANDS.items() if does is COMMANDS[event.command])


def waits(event: Event) -> bool:
    """Tell whether an event of somebody whose earlier one is still worked on is answered after it.

    A button or a vote names what it answers, and nobody who leaves is kept waiting.
    """
    return event.kind is Kind.FILE or (event.kind is Kind.TEXT and event.command not in LEAVING)


def respond(turn: Turn) -> list[Message]:
    """Answer an event that was `read`. Reads and writes rows; sends nothing."""
    if enrol.is_gone(turn) and turn.event.kind in WORDS:
        asked = turn.event.command or meant.beside(turn, meant.prompt_of(turn, enrolled=True), COMMANDS)
        turn = turn if asked in OWN_WAY else enrol.found(turn)
    messages = _respond(turn)
    messages[1:1] = enrol.resumed(turn)  # behind the verdict, before the question that follows
    edited = {message.edits for message in messages}
    return [*messages, *(Message(closes=key) for key in dict.fromkeys(turn.closed) if key not in edited)]


def _respond(turn: Turn) -> list[Message]:
    match turn.event.kind:
        case Kind.LEFT:
            return enrol.left(turn)
        case Kind.BACK:
            return enrol.back(turn)
        case Kind.GREETING:
            return enrol.greet(turn)
        case Kind.GROUP:
            return [*enrol.left(turn), *says(turn.words("group.private"))]
        case Kind.UNREADABLE:
            _alive(turn)
            return says(turn.words("device.unreadable"))
        case Kind.CLEAR:
            return says(turn.words("device.clear"))
        case Kind.VERIFY:
            return says(turn.words("device.verify"))
        case Kind.FILE if turn.by_admin and _speaks_by_file(turn.event):
            _alive(turn)
            meant.end_menus(turn)  # each preview keeps its buttons
            return admin.receive_file(turn)
        case Kind.FILE if turn.doubted and _speaks_by_file(turn.event):
            return admin.refuse(turn)
        case Kind.CHOOSE | Kind.TOGGLE | Kind.SUBMIT:
            return _pressed(turn)
        case _:
            return _said(turn)


def command_of(text: str, *, by_admin: bool) -> str:
    """Return the command that a text is: one of ours alone, or after `/` or `!` with anything behind; empty when it is none.

    An admin's command typed by someone else is none.
    """
    return commands.command_of(text, COMMANDS.keys(), ADMIN_COMMANDS.keys() if by_admin else ())


def _alive(turn: Turn) -> None:
    """Start the count of silent slots again: the learner answered or wrote."""
    enrolment = turn.learner.enrolment
    if enrolment is not None and enrolment.silent:
        enrolments.change(turn.tx, enrolment.id, silent=0)


def decides(turn: Turn) -> bool:
    """Tell whether a command is a choice of the menu that was asked last: « effacer » after `oublier`."""
    prompt = meant.prompt_of(turn, enrolled=_is_enrolled(turn))
    return prompt is not None and meant.says_own_word(turn, prompt)


def _is_enrolled(turn: Turn) -> bool:
    return turn.learner.state in ("active", "paused") and turn.learner.enrolment is not None


def _said(turn: Turn) -> list[Message]:
    _alive(turn)
    name = turn.event.command
    if name is None:
        raise LookupError("this event was not read: see `read`")
    enrolled = _is_enrolled(turn)
    prompt = None if name == "?" else meant.prompt_of(turn, enrolled=enrolled)
    # Rights need no code, nor does the answer to what they ask.
    begins = (name == "start" or name not in FREE) and (prompt is None or prompt.topic == notice.CONSENT)
    if begins and access.is_closed(turn):
        outcome = access.admitted(turn)
        return notice.ask(outcome) if isinstance(outcome, Turn) else outcome
    if meant.leaves_open(turn, prompt):
        return says(turn.words("consent.later"))
    if enrolled and meant.asks_for_lesson(turn, prompt):
        meant.end_menus(turn)
        return quiz.reread(turn, prompt if prompt is not None and prompt.topic == quiz.TOPIC else None)
    if enrolled and (heard := _offered(turn, prompt)):
        return heard
    if name and prompt is not None and meant.says_own_word(turn, prompt):
        return _answered(turn, prompt)
    if name in ADMIN_COMMANDS and not turn.by_admin:
        return admin.refuse(turn)
    if name in ADMIN_COMMANDS or (name in COMMANDS and (enrolled or name in FREE)):
        meant.end_menus(turn)
        if name in TEACHING and notice.waits(turn):
            return notice.ask(turn)
        return (ADMIN_COMMANDS.get(name) or COMMANDS[name])(turn)
    if name:
        turn.tally["misread"] += name == "?"
        meant.end_menus(turn)
        return _unknown(turn)
    said = courtesy.of(turn.event.text)
    if said is not None and prompt is None:
        return courtesy.answer(turn, waits=False)
    if prompt is not None:
        # While the list of settings is open, « ok » answers the confirmation of a change.
        kind = said is courtesy.Said.THANKS or (said is not None and prompt.topic == preferences.TOPIC)
        if kind and not meant.names_choice(turn, prompt):
            return courtesy.answer(turn, waits=True)
        return _answered(turn, prompt)
    if heard := _nearly(turn, None) or _greeted(turn, None, ""):
        return heard
    turn.tally["misread"] += 1
    return _unknown(turn)


def _offered(turn: Turn, prompt: Prompt | None) -> list[Message]:
    """Answer what is said to an offer of fewer days, if it is. `prompt`: what the text means else."""
    said = rhythm.read(turn)
    offer = meant.offer_of(turn, prompt, days=not isinstance(said, str)) if said else None
    if offer is None or (said == "later" and offer is not prompt):
        return []
    if said == "later":
        return says(turn.words("rhythm.later"))
    if not isinstance(said, str) and (rhythm.doubts(turn) or not rhythm.is_offered(offer, said)):
        return says(turn.words("rhythm.others"))
    keys = (said if isinstance(said, str) else "yes",)
    return _chosen(enrol.awake(turn, offer.topic), offer, menu_question(turn.words, offer), keys)


def _unknown(turn: Turn) -> list[Message]:
    """Answer a text without a meaning here: an unknown command, one that this state does not have, or any other word."""
    if _is_enrolled(turn):
        return help_page.unknown(turn)
    if turn.learner.state == "stopped" and turn.event.command not in COMMANDS:
        return says(turn.words("stop.already"))  # it says how to resume, and how to erase
    if turn.learner.state in OUT:
        return says(objection.closed(turn))
    return notice.ask(turn)


def _nearly(turn: Turn, prompt: Prompt | None) -> list[Message]:
    """Answer the command that a text that means nothing else has in it, if it has one and is none itself."""
    if turn.event.command:
        return []
    name = meant.beside(turn, prompt, COMMANDS)
    if name == "stop" and turn.learner.state == "invited":
        return notice.ask(turn)  # `stop` itself would decline, and erase
    return _said(replace(turn, event=replace(turn.event, command=name))) if name else []


def _greeted(turn: Turn, prompt: Prompt | None, hint: str) -> list[Message]:
    """Answer a text that begins with a greeting and means nothing else: what follows the greeting may mean something.

    `hint`: how to answer the `prompt` that waits, if any does. A code read only here was not counted, and is not looked up.
    """
    rest = greetings.after(turn.words, turn.event.text)
    if rest is None:
        return []
    name = command_of(rest, by_admin=turn.by_admin)
    said = replace(turn, event=replace(turn.event, text=rest, command=name, hurried=True))
    if name:
        return _said(said)
    if prompt is not None and meant.may_answer(said, prompt):
        return _answered(said, prompt)
    return greetings.answer(turn, hint)


def _pressed(turn: Turn) -> list[Message]:
    if turn.event.refers == admin.PREVIEW:
        return pressing.briefly(turn, "publish.preview.press")
    prompt = prompts.by_id(turn.tx, turn.event.refers)
    if prompt is None or prompt.learner_id != turn.learner.id:
        if turn.learner.state == "invited":
            return notice.ask(turn)  # a notice that is left without an answer is forgotten after a month
        return pressing.briefly(turn, "prompt.closed")
    if turn.learner.state in OUT and prompt.topic == quiz.TOPIC:
        return pressing.briefly(turn, "objection.press")  # an answer would be used
    _alive(turn)
    turn = enrol.awake(turn, prompt.topic)
    if meant.asks_for_lesson(turn, prompt) and quiz.can_be_shown(turn, prompt):
        return quiz.reread(turn, prompt)
    if prompt.answered_at is not None:
        return pressing.late(turn, prompt)
    match turn.event.kind:
        case Kind.TOGGLE:
            return pressing.toggled(turn, prompt)
        case Kind.SUBMIT if not prompt.chosen:
            return pressing.briefly(turn, "prompt.choose_first")
        case Kind.SUBMIT:
            done = replace(turn, event=replace(turn.event, kind=Kind.CHOOSE, keys=prompt.chosen))
            return _answered(done, prompt)
        case _:
            return _answered(turn, prompt)


def _answered(turn: Turn, prompt: Prompt) -> list[Message]:
    """Read the answer to a prompt, judge it, and say what follows."""
    if not quiz.can_be_shown(turn, prompt):
        return pressing.briefly(turn, "prompt.closed")
    posed = quiz.quiz_of(turn.tx, prompt) if prompt.topic == quiz.TOPIC else None
    question = menu_question(turn.words, prompt) if posed is None else meant.quiz_question(turn, posed)
    match meant.answer(turn, prompt, question):
        case Answer(keys=keys) if posed is not None:
            meant.settle(turn, prompt, question)
            return quiz.answer(enrol.awake(turn, prompt.topic), posed, keys)
        case Answer(keys=keys):
            turn = enrol.awake(turn, prompt.topic)
            no_value = turn.event.kind in meant.TYPED and not preferences.reads(turn, prompt.topic, keys)
            return (no_value and _nearly(turn, prompt)) or _chosen(turn, prompt, question, keys)
        case _ if prompt.answered_at is not None:
            return pressing.late(turn, prompt)
        case Doubtful(readings=(high, low)) if posed is not None:
            if grading.grade(posed.asked, [str(high)]) is not grading.grade(posed.asked, [str(low)]):
                words = turn.words
                turn.tally["misread"] += 1
                return says(words("prompt.doubt", high=words.sole_number(high), low=words.sole_number(low)))
            meant.settle(turn, prompt, question)
            return quiz.answer(enrol.awake(turn, prompt.topic), posed, (str(low),))
        case Unreadable():
            hint = meant.hint(turn, prompt, question)
            heard = turn.event.kind in meant.TYPED and (_nearly(turn, prompt) or _greeted(turn, prompt, hint))
            if heard:
                return heard
            if prompt.topic.startswith(preferences.TOPIC) and preferences.is_given_up(turn):
                prompts.answer(turn.tx, prompt.id, (), None, turn.now)
                meant.settle(turn, prompt, question)
                return says(turn.words("publish.cancelled"))
            turn.tally["misread"] += 1
            format_ = turn.words("prompt.format", hint=Markdown(hint.removesuffix(".")))
            return says(enrol.hinting(turn, format_))
        case _:
            return pressing.late(turn, prompt)


def _chosen(turn: Turn, prompt: Prompt, question: Question, keys: tuple[str, ...]) -> list[Message]:
    """Do what follows from an answer to a menu."""
    if prompt.topic in ADMIN_ANSWERS and not turn.by_admin:
        return admin.refuse(turn) if turn.doubted else help_page.unknown(turn)
    if prompt.topic == preferences.TOPIC and prompt.answered_at is None:
        meant.end_menus(turn, preferences.TOPIC)  # it serves until a new list comes
    else:
        kept = () if prompt.topic in UNKEPT else keys
        if not prompts.answer(turn.tx, prompt.id, kept, None, turn.now):
            return pressing.late(turn, prompt)
        meant.settle(turn, prompt, question)
    handler = ANSWERS.get(prompt.topic) or ADMIN_ANSWERS[prompt.topic]
    if turn.event.kind in meant.TYPED:
        # A typed answer gets a new message: an edit further up would go unseen.
        prompt = replace(prompt, message=None)
    return handler(turn, prompt, keys)
