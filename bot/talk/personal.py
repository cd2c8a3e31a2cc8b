# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""One's own data: all of it on request, and its erasure. Both work in every state, also before the notice is accepted."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from bot.messages import Choice, Document, Message
from bot.talk.own_data import own_data, written
from bot.talk.rights import in_name_of_admin
from bot.talk.turn import Turn, cancelling, menu, says
from bot.wording import Markdown
from config.retention import MARGIN
from storage import attestations, erasure
from storage.progress import tallies
from storage.progress.prompts import Prompt

FORGET = "forget"

TRACES_LAST = erasure.GOODBYE_LASTS + MARGIN + timedelta(days=1)
"""How long, beside twice the age of a copy, something tells at most of an erasure: the goodbye waits; then the erasure, and
the address that a machine has still to forget, are kept as long as a copy and a margin, until the night that drops them; a
copy made just before has them too."""


def data(turn: Turn) -> list[Message]:
    """Answer `mesdonnees`: send all that is kept about the person, as a file they can read."""
    learner = turn.learner
    counted = tallies.verdicts(turn.tx, learner.id)
    content = written(own_data(turn))
    summary = turn.words(
        "data.sent", address=f"{learner.channel}:{learner.address}", answers=sum(counted.values())
    )
    document = Document(
        "mes-donnees.json", "application/json", content, keys=turn.words.plain("data.file.keys")
    )
    if turn.doubted:
        summary = Markdown(f"{summary}\n\n{turn.words('data.audit')}")
    return [Message(summary, document=document)]


def forget(turn: Turn) -> list[Message]:
    """Answer `oublier`: ask once. The same word, said right after, confirms it: it is one of the choice's own words."""
    words = turn.words
    turn.close(FORGET)
    question = menu(
        turn,
        FORGET,
        with_attestations(turn, words("forget.confirm")),
        (
            Choice(
                "erase",
                words.plain("forget.yes"),
                (*words.phrases("answer.erase"), *words.phrases("answer.forget")),
            ),
            Choice("no", words.plain("forget.no"), cancelling(words)),
        ),
        hint=words("forget.hint"),
    )
    return [Message(question=question)]


def with_attestations(turn: Turn, text: Markdown) -> Markdown:
    """Return a question about erasing with what becomes of the attestations, if there are any."""
    issued = attestations.count_of(turn.tx, turn.learner.id)
    return Markdown(f"{text}\n{turn.words.many('forget.attestations', issued)}") if issued else text


def answer_forget(turn: Turn, prompt: Prompt, keys: tuple[str, ...]) -> list[Message]:
    """Erase everything, or nothing."""
    if keys != ("erase",):
        return says(turn.words("forget.kept"), edits=prompt.message)
    return erase(turn, prompt.message)


def erase(turn: Turn, edits: str | None, first: Markdown | None = None) -> list[Message]:
    """Have this turn end in the person's erasure, and say goodbye: a receipt whose dates hold in the worst case.

    `first`: the first sentences, in the place of those that say what is erased.
    """
    words, zone, backups = turn.words, turn.schedule.time_zone, turn.rules.backups
    turn.tally["erased"] += 1

    def day(after: timedelta) -> str:
        return words.date((turn.now + after).astimezone(ZoneInfo(zone)).date())

    lines = [
        first or words("forget.done", when=words.when(turn.now, zone)),
        words("forget.address", until=day(backups), last=day(TRACES_LAST + 2 * backups)),
        words(f"forget.stays.{turn.learner.channel}"),
    ]
    if in_name_of_admin(turn.event, turn.rules.admins):  # also from a device that is not trusted now
        lines.append(words("forget.audit"))
    return says(
        Markdown("\n\n".join([*lines, words("forget.goodbye")])),
        edits=edits,
        brief=words.plain("forget.brief"),
    )
