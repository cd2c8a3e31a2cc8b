# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The attestation: asked for once the path is followed, with a name that is written on the paper and kept nowhere."""

from __future__ import annotations

from bot import codes, names
from bot.answers import is_one_of
from bot.messages import Form, Message
from bot.talk import naming, paper
from bot.talk.paper import Followed
from bot.talk.turn import Turn, cancelling, menu, says
from bot.wording import Markdown
from storage import attestations, courses
from storage.catalogue import Catalogue
from storage.progress.prompts import Prompt

TOPIC = "attestation"
"""What answers a prompt on this topic is a name: it is stored nowhere."""


def command(turn: Turn) -> list[Message]:
    """Answer `attestation`: ask for the name, or say what is missing."""
    published = courses.catalogue(turn.tx)
    if published is None:
        return says(turn.words("attestation.no_course"))
    found = paper.followed(turn, published)
    if not found.is_enough:
        return says(_missing(turn, found))
    return _ask(turn, turn.words("attestation.ask"))


def is_due(turn: Turn, published: Catalogue) -> bool:
    """Tell whether the learner can have an attestation now."""
    return paper.followed(turn, published).is_enough


def _missing(turn: Turn, found: Followed) -> Markdown:
    words, done = turn.words, len(found.reached)
    total = done + found.missing
    if total < paper.FEWEST:
        return words("attestation.short", n=total, least=paper.FEWEST)
    said = [words("attestation.not_yet", n=found.missing, done=done, total=total)]
    if found.unanswered:
        said.append(words.many("attestation.unanswered", len(found.unanswered)))
    if found.to_come:
        said.append(words.many("attestation.to_come", len(found.to_come)))
    return Markdown(" ".join(said))


def _ask(turn: Turn, text: Markdown) -> list[Message]:
    turn.close(TOPIC)
    hint = turn.words("attestation.hint")
    return [Message(question=menu(turn, TOPIC, text, (), form=Form.TEXT, hint=hint))]


def answer(turn: Turn, prompt: Prompt, keys: tuple[str, ...]) -> list[Message]:
    """Issue an attestation under a name, or ask for the name again. `keys`: what was typed."""
    del prompt
    words, published = turn.words, courses.catalogue(turn.tx)
    if is_one_of(cancelling(words), keys[0]) or naming.is_put_off(keys[0]):
        return says(words("attestation.cancelled"))
    if published is None:
        return says(words("attestation.no_course"))
    found = paper.followed(turn, published)
    if not found.is_enough:  # a lesson came meanwhile
        return says(_missing(turn, found))
    name = naming.read(keys[0])
    if isinstance(name, names.Refused):
        turn.tally["misread"] += 1  # a correction of what was typed is read
        return _ask(turn, words(f"attestation.refused.{name.why}", sign=name.sign, **_BOUNDS))
    return _issue(turn, published, found, name)


_BOUNDS = {"shortest": names.SHORTEST, "longest": names.LONGEST}


def _issue(turn: Turn, published: Catalogue, found: Followed, name: str) -> list[Message]:
    code, kept = codes.new(), paper.kept_of(turn, published, found)
    before = attestations.count_of(turn.tx, turn.learner.id)
    attestations.issue(
        turn.tx,
        turn.learner.id,
        code,
        name,
        path=found.path,
        course_version=paper.version_of(published, found),
        facts=kept,
        now=turn.now,
    )
    said = [turn.words("attestation.done")]
    if before:
        said.append(turn.words.many("attestation.others", min(before, attestations.MOST - 1)))
    if before >= attestations.MOST:
        said.append(turn.words("attestation.dropped", most=attestations.MOST))
    drawn = paper.drawing(turn, published, found, kept, name, code)
    return [Message(Markdown(" ".join(said)), picture=drawn)]
