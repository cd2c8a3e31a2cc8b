# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""One turn of a conversation: all that an answer may depend on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from bot.messages import Choice, Event, Form, Message, Question
from bot.notice.facts import Facts
from bot.talk.rights import in_name_of_admin, is_admin
from bot.wording import Markdown, Words, words_of
from config.privacy import Controller
from config.schedule import Schedule, due_after, local_date, schedule_of
from storage import learners
from storage.learners import Enrolment, Learner
from storage.progress import prompts
from storage.progress.prompts import Prompt
from storage.types import Tx


@dataclass(frozen=True, slots=True)
class Rules:
    """What the operator decided that a conversation depends on."""

    schedule: Schedule
    """For those who have not chosen their own."""
    language: str
    admins: frozenset[str]
    """`channel:address` of those who may publish."""
    facts: Facts = field(default_factory=Facts)
    """What the notice is made from."""

    @property
    def backups(self) -> timedelta:
        """How long copies of the database are kept: what is erased may be in them as long."""
        return self.facts.privacy.backups

    @property
    def inactive(self) -> timedelta:
        """How long somebody may be silent before they are told that they will be erased."""
        return self.facts.privacy.inactive

    @property
    def audit(self) -> timedelta:
        """How long it is kept who administered, after their last act and their last right."""
        return self.facts.privacy.audit

    @property
    def attestations(self) -> timedelta:
        """How long an attestation can be verified."""
        return self.facts.retention.attestations

    @property
    def issuer(self) -> str:
        """Who issues attestations, in whose name the operator runs the service; empty: none is named on them."""
        controller = self.facts.privacy.controller
        return controller.name if isinstance(controller, Controller) else ""


@dataclass(frozen=True, slots=True)
class Turn:
    """What happened, to whom, when, and under which rules."""

    tx: Tx
    learner: Learner
    event: Event
    now: datetime
    rules: Rules
    bot: str = ""
    """How people find the bot in the channel, as `@name`; empty where it is not known."""
    tally: Counter[str] = field(default_factory=Counter)
    """What the answer brought about: `cancelled`, planned messages that were taken back; `misread`, texts that were not
    understood; `erased`, the person, once the answer is queued."""

    asked: list[Prompt] = field(default_factory=list)
    """Prompts that the answer shows for the first time; they are stored with the key of the message that shows them."""

    closed: list[str] = field(default_factory=list)
    """Outbox keys of messages whose buttons no longer serve: the answer takes them away."""

    @property
    def words(self) -> Words:
        """The sentences of the learner's language."""
        return words_of(self.learner.language)

    @property
    def enrolment(self) -> Enrolment:
        """The learner's enrolment.

        Raises:
            LookupError: they have none; look at `Learner.enrolment` first.
        """
        if self.learner.enrolment is None:
            raise LookupError("this learner has not begun the course")
        return self.learner.enrolment

    @property
    def schedule(self) -> Schedule:
        """When the learner wants lessons; the operator's where they have not chosen, or where it cannot be read."""
        if self.learner.enrolment is None:
            return self.rules.schedule
        return schedule_of(self.learner.enrolment.schedule) or self.rules.schedule

    def close(self, *topics: str) -> None:
        """Close the open menus of some topics, which a newer one replaces."""
        self.closed.extend(prompts.close(self.tx, self.learner.id, topics, self.now))

    @property
    def by_admin(self) -> bool:
        """Whether the sender may publish, by who they are at this moment, and surely are."""
        return is_admin(self.event, self.rules.admins)

    @property
    def doubted(self) -> bool:
        """Whether the event bears an admin's name and may be somebody else's: it learns, and administers nothing."""
        return not self.event.trusted and in_name_of_admin(self.event, self.rules.admins)

    @property
    def puts_off(self) -> bool:
        """Whether `next_at` is no slot, but the hour at which a question comes back on the date of a used slot."""
        enrolment = self.learner.enrolment
        if enrolment is None or enrolment.next_at is None or enrolment.slot is None:
            return False
        return local_date(self.schedule, enrolment.next_at) <= enrolment.slot

    @property
    def next_at(self) -> datetime | None:
        """When the next slot is; None when none is planned."""
        enrolment = self.learner.enrolment
        if enrolment is None or enrolment.slot is None or not self.puts_off:
            return None if enrolment is None else enrolment.next_at
        return due_after(self.schedule, self.now, self.learner.id, enrolment.slot + timedelta(days=1))

    @property
    def today(self) -> date:
        """The date where the learner is."""
        return local_date(self.schedule, self.now)


def fresh(turn: Turn) -> Turn:
    """Return the same turn with the learner as they are now."""
    learner = learners.by_address(turn.tx, turn.learner.channel, turn.learner.address)
    if learner is None:
        raise LookupError("the learner of this turn is gone")
    return replace(turn, learner=learner)


def menu(
    turn: Turn,
    topic: str,
    text: Markdown,
    choices: Sequence[Choice],
    *,
    form: Form = Form.MENU,
    multiple: bool = False,
    free: bool = False,
    chosen: Sequence[str] = (),
    hint: str = "",
    data: dict[str, object] | None = None,
) -> Question:
    """Ask something other than a quiz, and remember it under a topic so that the answer finds its way back."""
    prompt = new_menu(
        turn.learner.id,
        topic,
        text,
        choices,
        turn.now,
        form=form,
        multiple=multiple,
        free=free,
        chosen=chosen,
        hint=hint,
        data=data,
    )
    turn.asked.append(prompt)
    return menu_question(turn.words, prompt)


def new_menu(
    learner_id: str,
    topic: str,
    text: Markdown,
    choices: Sequence[Choice],
    now: datetime,
    *,
    form: Form = Form.MENU,
    multiple: bool = False,
    free: bool = False,
    chosen: Sequence[str] = (),
    hint: str = "",
    data: dict[str, object] | None = None,
    message: str | None = None,
) -> Prompt:
    """Return a menu to be added; `message` is the outbox key of what shows it, where that is planned."""
    content: dict[str, object] = {
        "form": form,
        "text": text,
        "choices": [[choice.key, choice.label, list(choice.words)] for choice in choices],
        "multiple": multiple,
        "free": free,
        "hint": hint,
    }
    if data is not None:
        content["data"] = data
    id_ = prompts.new_id()
    return Prompt(id_, learner_id, topic, None, None, content, now, chosen=tuple(chosen), message=message)


def menu_question(words: Words, prompt: Prompt) -> Question:
    """Return a remembered menu as it was shown."""
    content = prompt.content
    raw = content["choices"]
    choices = (
        tuple(Choice(key, label, tuple(words_typed)) for key, label, words_typed in raw)
        if isinstance(raw, list)
        else ()
    )
    multiple = bool(content["multiple"])
    form = Form(str(content["form"]))
    hint = str(content["hint"])
    if not hint and form is Form.MENU:
        hint = words("hint.several" if multiple else "hint.one")
    return Question(
        prompt.id,
        form,
        str(content["text"]),
        choices,
        multiple=multiple,
        free=bool(content["free"]),
        chosen=frozenset(prompt.chosen),
        hint=hint,
        submit=words.plain("button.submit") if multiple else "",
    )


def yes_no(words: Words, yes: str, no: str) -> tuple[Choice, Choice]:
    """Return two choices that can be typed as oui or non, whatever their labels say."""
    return (
        Choice("yes", yes, words.phrases("answer.yes")),
        Choice("no", no, words.phrases("answer.no")),
    )


def cancelling(words: Words) -> tuple[str, ...]:
    """Return the ways to type that nothing is to happen."""
    return (*words.phrases("answer.no"), *words.phrases("answer.cancel"))


def says(
    text: Markdown, question: Question | None = None, *, edits: str | None = None, brief: str = ""
) -> list[Message]:
    """Return one message. With `edits` it replaces the one that asked, when a button of it was pressed."""
    return [Message(text, question, edits=edits or "", brief=brief)]
