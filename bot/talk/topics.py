# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Which topic answers a command, and which one the answer to a menu."""

from __future__ import annotations

import re
from collections.abc import Callable

from bot.messages import Kind, Message
from bot.talk import (
    admin,
    attesting,
    delays,
    enrol,
    help_page,
    lesson,
    notice,
    objection,
    personal,
    pictures,
    preferences,
    putting_off,
    quiz,
    rhythm,
    verifying,
)
from bot.talk import progress as progress_talk
from bot.talk.turn import Turn
from storage.progress.prompts import Prompt

_ANNOUNCES = re.compile(r"\W*(?:annonce|announce)\b[\s:;,.–—»\"*_-]*(.*)", re.IGNORECASE | re.DOTALL)


def _argument(text: str) -> str:
    """Return the text after « annonce », without the mark between; nothing for « une annonce » or « annonce ! »."""
    said = _ANNOUNCES.match(text)
    return said[1] if said is not None and any(map(str.isalnum, said[1])) else ""


COMMANDS: dict[str, Callable[[Turn], list[Message]]] = {
    "start": enrol.start,
    "aide": help_page.command,
    "help": help_page.command,
    "lecon": lesson.command,
    "lesson": lesson.command,
    "quiz": quiz.command,
    "progression": progress_talk.command,
    "progress": progress_talk.command,
    "reglages": preferences.command,
    "settings": preferences.command,
    "texteseul": pictures.text_only,
    "avecimages": pictures.with_pictures,
    **dict.fromkeys(delays.NAMES, putting_off.command),
    "pause": enrol.pause,
    "reprendre": enrol.resume,
    "resume": enrol.resume,
    "stop": enrol.stop,
    "mesdonnees": personal.data,
    "mydata": personal.data,
    **dict.fromkeys(("oublier", "effacer", "forget", "erase"), personal.forget),
    "attestation": attesting.command,
    **dict.fromkeys(verifying.NAMES, verifying.command),
    **dict.fromkeys(objection.NAMES, objection.command),
    **dict.fromkeys(objection.RECTIFY, objection.rectify),
    "confidentialite": notice.command,
    "privacy": notice.command,
}
ADMIN_COMMANDS: dict[str, Callable[[Turn], list[Message]]] = {
    "publier": admin.publish,
    "publish": admin.publish,
    "stats": admin.stats,
    "annonce": lambda turn: admin.announce(turn, _argument(turn.event.text)),
    "announce": lambda turn: admin.announce(turn, _argument(turn.event.text)),
}
FREE = frozenset(
    {
        *("start", "aide", "help", "stop", "mesdonnees", "mydata", "oublier", "effacer", "forget", "erase"),
        *verifying.NAMES,
        *objection.NAMES,
        *objection.RECTIFY,
        *("confidentialite", "privacy"),
    }
)
"""Commands in every state, also for those who have not accepted the notice."""

LEAVING = frozenset({"stop", "pause", "oublier", "effacer", "forget", "erase", *objection.NAMES})
"""Commands that nothing holds up: neither a file that is read nor a limit of words a second."""
TEACHING = frozenset({"lecon", "lesson", "quiz", "reprendre", "resume"})
"""Commands that bring lessons or questions: they wait for a consent that is asked anew."""
OWN_WAY = LEAVING | {"start", "reprendre", "resume"}
"""Commands that say themselves whether the course goes on; any other word of somebody who seemed gone says that it does."""
WORDS = frozenset({Kind.TEXT, Kind.FILE, Kind.CHOOSE, Kind.TOGGLE, Kind.SUBMIT, Kind.UNREADABLE})
"""What only a person who is there does."""

ANSWERS: dict[str, Callable[[Turn, Prompt, tuple[str, ...]], list[Message]]] = {
    notice.CONSENT: enrol.answer_consent,
    enrol.STOP: enrol.answer_stop,
    personal.FORGET: personal.answer_forget,
    objection.TOPIC: objection.answer,
    rhythm.TOPIC: rhythm.answer,
    attesting.TOPIC: attesting.answer,
    **preferences.ANSWERS,
}
UNKEPT = frozenset({attesting.TOPIC})
"""Topics whose answers are not stored: a name."""
ADMIN_ANSWERS: dict[str, Callable[[Turn, Prompt, tuple[str, ...]], list[Message]]] = {
    admin.PUBLISH: admin.answer_publish,
    admin.ANNOUNCE: admin.answer_announce,
    f"{admin.ANNOUNCE}.text": admin.answer_announce_text,
}
