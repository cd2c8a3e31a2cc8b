# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The command that a text is: its name, with polite words around it, or people's own word for leaving."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from datetime import date

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
_PAUSE, _ASIDE, _BRACKETS = re.compile("pause|break"), re.compile(r"\([^()]*\)"), re.compile("[()]")
_SENTENCE = 160
"""Characters of a text that may be a request to pause with its end."""
_MERELY = re.compile(r"(?:(?:et|and|de|d) )?(?:en|faire|prendre|take|have)\b")
"""What asks for nothing behind a date: « L’appel vaut jusqu’à lundi : faire une pause »."""
_OUTRIGHT = re.compile(
    r"(?:(?:et|donc|alors|and|so|ok) )*(?:merci de|veuillez|mettez|mets|j'aimerais|je (?:veux|voudrais|souhaite|prefere)|"
    r"(?:pouvez|pourriez|peux|pourrais)[- ](?:vous|tu)|please|"
    r"(?:can|could) (?:you|we|i)|i(?:'d| would)? (?:want|like|need))\b"
)
"""How a clause begins that asks for a pause, and does not only speak of one: « Je pars en vacances, mettez en pause »."""
_THEREFORE = ["et", "and", "so"]
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
    return PAUSES[0] if any(_ends(text)) else ""


def _ends(text: str) -> Iterator[str]:
    """Yield what may be the end of a pause, right behind the request for it or, with more reserve, right before it."""
    said = typed.fold(text).split(" ") if len(text) <= _SENTENCE and dates.speaks_of_time(text) else []
    for at in range(1, len(said)):
        before, after = " ".join(said[:at]), " ".join(said[at:])
        # Not `command_of`: it would come back here for each beginning, and the time would double with each « pour ».
        if dates.may_end(after) and asks_to_pause(before):
            yield after
        leads = dates.until_of(before, date.min, led=True) is not None and not _MERELY.match(after)
        if leads and asks_to_pause(typed.led(after, _THEREFORE)):
            yield before


def asks_to_pause(text: str) -> bool:
    """Tell whether a text asks to pause, and says nothing else: not « pause à partir du »."""
    return typed.bare(text, typed.COURTESY).lstrip("/!") in PAUSES or phrases.asks_for(text) in PAUSES


def says_more_than_pause(event: Event) -> bool:
    """Tell whether an event that was read asks for a pause and says more: until when, it may be."""
    return event.command in PAUSES and not asks_to_pause(event.text)


def pause_ends(text: str) -> list[str]:
    """Return what may be the end of the pause that a text asks for, the likeliest first.

    It stands in the sentence of the request, « Bonjour. Pause jusqu'à lundi. Jean », in brackets or not, or in the next one
    or the one before: « Je suis en congés jusqu'à lundi. Mettez en pause, merci. »
    """
    ends: list[str] = []
    for plain in (_BRACKETS.sub(" ", _unquoted(text)), _ASIDE.sub(" ", _unquoted(text))):
        said = [part for part in _SENTENCES.split(plain) if typed.fold(part)]
        for at in (at for at, part in enumerate(said) if _PAUSE.search(typed.fold(part))):
            for first, last in ((at, at), (at, at + 1), (at - 1, at)):
                ends += _ends(" ".join(said[max(first, 0) : last + 1]))
    return ends


def dates_pause(text: str) -> bool:
    """Tell whether a sentence that speaks of a pause speaks of a time, which may be meant as its end."""
    said = (part for part in _SENTENCES.split(_unquoted(text)) if _PAUSE.search(typed.fold(part)))
    return any(map(dates.speaks_of_time, said))


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
            outright = text.strip().startswith(part.strip()) or _OUTRIGHT.match(typed.fold(part))
            heard = (part in sentences or (name == "pause" and outright)) and not _DOUBTED.search(
                typed.clean(text).casefold()
            )
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
    said = _unquoted(text)
    each = (*_SENTENCES.split(said), *_CLAUSES.split(said))
    return [part for part in dict.fromkeys(each) if typed.fold(part)]


def _unquoted(text: str) -> str:
    return _QUOTED.sub("", text)


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
