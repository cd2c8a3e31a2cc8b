# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The command that a text is: its name, with polite words around it, or people's own word for leaving."""

from __future__ import annotations

import re
from collections.abc import Collection

from bot.messages import Event
from bot.talk import dates, delays, phrases
from lessons import typed

LONGEST = 200
"""Characters of a text that is looked through for a command without a mark."""
ANNOUNCE = ("annonce", "announce")
"""Commands of admins that take what stands behind them, also without a mark."""
_LOOKED = 600
"""Characters of a text whose parts are looked through, one by one."""
_QUOTED = re.compile(r"^[ \t]*>.*$", re.MULTILINE)
_END = r"[\n!?;…]+|\.(?=\s|$)"
_SENTENCES = re.compile(_END)
_CLAUSES = re.compile(rf"{_END}|[,()]+|\s[-–—/]+\s|\b(?:car|parce que?|puisque?|because)\b", re.IGNORECASE)
_CLAUSE, _WORD = 2, 5
"""Words of a clause that asks to erase, and letters of a word that may have a wrong one."""
_BESIDE = {
    **{name: name for name in ("stop", "pause", "reprendre")},  # « résumé » may be about anything
    **dict.fromkeys(("oublier", "effacer", "forget", "erase"), "oublier"),
    **dict.fromkeys(("mesdonnees", "mydata"), "mesdonnees"),
    **dict.fromkeys(("aide", "help"), "aide"),
    **dict.fromkeys(delays.NAMES, delays.NAMES[0]),
}
"""Commands that are heard in a part of a text, by one name each: all show something, ask first, or can be undone."""
_PLAIN = re.compile(
    "arret|stop|desinscri|desabonn|unsubscri|pause|reprendre"
    "|donnees|data|compte|oubli|efface|forget|erase|aide|help|plus tard|later|maintenant|not now|rappel|remind"
)
"""Words that make such a part unmistakable: « je dois partir » and « assez » may be about anything else."""
_SPELLED = {
    **dict.fromkeys(("aide", "help", "lecon", "lesson", "quiz", "progression", "progress", "reglages"), ""),
    **dict.fromkeys(("settings", "mesdonnees", "stop"), ""),
    **dict.fromkeys(("arreter", "desinscription", "desinscrire", "desabonnement", "unsubscribe"), "stop"),
}
"""Words that may be one letter off: of commands that show something or ask first."""
PAUSES = ("pause",)
"""The command that takes a date or a duration behind it."""
_PAUSE, _ASIDE = re.compile("pause|break"), re.compile(r"\([^()]*\)")
_DOUBTED = re.compile(r"\b(?:non|no|not|ne|pas|don't)\b|\bn'")
_AROUND = (typed.COURTESY, typed.ARTICLES, ["a"])


def command_of(text: str, names: Collection[str], admin_names: Collection[str]) -> str:
    """Return the command that a text is, of the names that its sender may use; empty when it is none.

    A name stands alone, or after `/` or `!` with anything behind: then, when nobody knows it, it is `?`.
    """
    if not text:
        return ""
    marked = is_marked(text)
    first, _, rest = typed.clean(text[:LONGEST]).lstrip("/! ").replace(":", " ", 1).partition(" ")
    if marked:
        said = [typed.fold(first)]
    elif rest and (name := typed.fold(first)) in ANNOUNCE and name in admin_names:
        return name
    elif len(text) > LONGEST:
        said = []
    else:
        said = [typed.fold(text), typed.bare(text, *_AROUND)]
    for name in said:
        if name in names or name in admin_names:
            return name
    asked = phrases.asks_for(f"{first} {rest}" if marked else text)
    if asked in names:
        return asked
    if delays.NAMES[0] in names and delays.delay_of(text) is not None:
        return delays.NAMES[0]
    return "?" if marked else _pause_until(text, names)


def _pause_until(text: str, names: Collection[str]) -> str:
    """Return `pause` for a request to pause with its end: « pause jusqu'au 5 janvier », « en pause deux semaines »."""
    if "pause" not in names or not _PAUSE.search(typed.fold(text[:LONGEST])):
        return ""
    # Not `command_of`: it would come back here for each beginning, and the time would double with each « pour ».
    return PAUSES[0] if any(map(asks_to_pause, dates.ends_with_date(text))) else ""


def asks_to_pause(text: str) -> bool:
    """Tell whether a text asks to pause, and says nothing else: not « pause à partir du »."""
    return typed.bare(text, typed.COURTESY).lstrip("/!") in PAUSES or phrases.asks_for(text) in PAUSES


def ends_someday(event: Event) -> bool:
    """Tell whether an event that was read asks for a pause with an end."""
    return event.command in PAUSES and dates.begins_date(asking_for_pause(event.text))


def asking_for_pause(text: str) -> str:
    """Return the sentence of a text that speaks of a pause: « Bonjour. Pause jusqu'à lundi. Jean » says until when there."""
    plain = _ASIDE.sub(" ", _QUOTED.sub("", text))
    said = (part for part in _SENTENCES.split(plain) if _PAUSE.search(typed.fold(part)))
    return next(said, text)


def nearly(text: str, names: Collection[str]) -> str:
    """Return the command in one part of a text, or the command that its only word misspells; empty for none, or for two.

    People sign what they write, and say why: « Je pars à la retraite, merci de me désinscrire. Cordialement, Jean ».
    Only for a text that means nothing else.
    """
    if len(text) > _LOOKED:
        return ""
    sentences = set(_SENTENCES.split(text))
    found = set()
    for part in parts(text):
        name = _BESIDE.get(command_of(part, names, ()), "") if _PLAIN.search(typed.fold(part)) else ""
        # « masquer, effacer » is about something else, and « pause ? non » or « faire une pause » in a clause.
        if name in ("pause", "reprendre"):
            first = name == "pause" and text.strip().startswith(part.strip())
            heard = (part in sentences or first) and not _DOUBTED.search(typed.clean(text).casefold())
        elif (
            name in delays.NAMES
        ):  # « Plus tard, l’IA … » is a text; « Pas maintenant, je suis en réunion » is none
            first = text.strip().startswith(part.strip())
            heard = first and (part in sentences or typed.words(part)[0] in ("pas", "not"))
        else:
            heard = bool(name) and (
                name != "oublier" or part in sentences or len(typed.words(part)) >= _CLAUSE
            )
        if heard:
            found.add(name)
    if found:
        found -= {"oublier"} if "stop" in found else set()  # the menu of `stop` erases too
        return found.pop() if len(found) == 1 else ""
    said = typed.bare(text, *_AROUND)
    near = {name or word for word, name in _SPELLED.items() if _is_nearly(said, word)}
    return near.pop() if len(near) == 1 else ""


def parts(text: str) -> list[str]:
    """Return the sentences, lines and clauses of a text, without the lines that it quotes."""
    said = _QUOTED.sub("", text)
    each = (*_SENTENCES.split(said), *_CLAUSES.split(said))
    return [part for part in dict.fromkeys(each) if typed.fold(part)]


def _is_nearly(said: str, word: str) -> bool:
    """Tell whether one letter is missing, too many, another one, or has changed places with its neighbour."""
    if len(said) < _WORD and sorted(said) != sorted(word):
        return False  # « vide » is not `aide`; « stpo » is `stop`
    same = next(
        (at for at, (mine, its) in enumerate(zip(said, word, strict=False)) if mine != its),
        min(len(said), len(word)),
    )
    mine, its = said[same:], word[same:]
    return (
        its in (mine[1:], mine[1::-1] + mine[2:]) or mine == its[1:] or (mine[1:] == its[1:] and said != word)
    )


def is_marked(text: str) -> bool:
    """Tell whether a text begins with the mark of a command. « !! » alone marks none."""
    said = typed.clean(text[:LONGEST])
    return said[:1] == "/" or (said[:1] == "!" and bool(said.strip("!? ")))
