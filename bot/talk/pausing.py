# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""A request to pause or to resume in a text, until when, and what only speaks of a pause.

The request is found in one clause. Its end is read from the words right behind it, across line breaks, brackets and
the ends of sentences, else from the other clauses. What looks like a date and is not used is told, never dropped.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, partial

from bot.talk import dates, phrases, reasons, silences
from bot.talk.clauses import LOOKED, Word, clauses_of, is_labelled, joined, words_of
from bot.talk.ends import LONGEST, begins_now, beside, day_of, weekday_of
from lessons import typed

PAUSE, RESUME = "pause", "reprendre"
_REQUEST, _PLACES = 14, 10
"""Words of the longest request, and clauses of a text in which it, or its end, is looked for."""
_KEY = re.compile(r"paus|break|suspen|on hold|repren|resum|restart")
_STOP = re.compile(r"stop|arret|envo|ecri|messag|lecon|lesson|send")
_THEREFORE = ["et", "donc", "alors", "and", "so", "ok", "puis"]
_TELLS = re.compile(r"je (?:fais|prends|vais (?:faire|prendre)) une (?:petite |courte |longue )?pause")
"""What says that somebody pauses: in a text that means nothing else it asks for it."""
_WILL = re.compile(r"(?:je |i |on )?(?:reprendrai|reprendra|will resume)|i'll resume")
"""What says when somebody comes back, and asks for nothing without a day."""
_NEEDS_END = re.compile(r"(?:(?:petite|courte|longue|short|long) )?(?:pause|break)|suspend(?:re|ez|s)?")
_ABOUT = re.compile(r"(?:il faut|faut-il|on |comment)\b|.*\bia\b")
"""How a clause begins that is about everybody."""
_TO_ME = re.compile(
    r"\b(?:(?:pouvez|pourriez|peux|pourrais)[- ](?:vous|tu)|(?:can|could|would|will) you|merci|svp|stp|please|s'il)\b"
)
"""What makes a question a request."""
_OUTRIGHT = re.compile(
    r"(?:merci de|veuillez|mettez|mets|put|suspende[zr]|j'aimerais|je (?:veux|voudrais|souhaite|souhaiterais|prefere|desire)"
    r"|je (?:fais|prends|vais|me mets|mets)|(?:pouvez|pourriez|peux|pourrais)[- ](?:vous|tu)|puis-je|please|(?:j'ai )?besoin"
    r"|(?:can|could|would|will) (?:you|we|i)|i(?:'d| would)? (?:want|like|need)|pause (?:me|the|my|les?)|let me)\b"
)
"""How a clause begins that asks for a pause, and does not only speak of one: « Je pars en vacances, mettez en pause »."""
_DOUBT = re.compile(
    rf"(?:non|no|nope|not)\b|(?!{reasons.NO_TIME})pas\b(?! de\b)|(?:en fait|finalement|surtout) (?:non|pas)\b"
)
_SAYS = re.compile(r"\b(?:dit|ecrit|demande|repondu|repond|said|says|told|wrote|writes)\b[^,;.]*$")
_QUESTION = re.compile(r"\b(?:ca|cela|comment|quoi|pourquoi|combien|possible|how|what|why)\b")
"""A word of a question about what stands before it: « pause deux semaines, ça fait quoi ? »."""
_ASIDE = (
    *("help", "aide", "non", "no", "pas", "pas maintenant", "not now", "off", "annuler", "cancel"),
    *("fin", "end", "stop"),
    *("status", "statut", "etat", "info"),
)
"""What asks about a command, or against it, when it stands behind it: « /pause help »."""
_START = re.compile(
    r"(?:a partir|a compter|des|du|entre|debut\w*|from|starting|beginning|as of|between)\b"
    rf"|(?:en|in) (?:{'|'.join(sorted(dates.MONTHS))})\b"
)
"""How a clause begins that says when a pause begins."""
_ADDED = re.compile(r"\b(?:encore|de plus|supplementaires?|prolong\w*|more|another|extend)\b")
_RETURN = re.compile(
    r"(?:(?:je suis |me (?:voici|voila) )?(?:de )?retour|(?:i'm |i am )?back(?: again)?|(?:on |je )?continue[rz]?|carry on"
    r"|on continue|recommence[rz]?|on recommence|(?:me |nous )?relance[rz]?|play|unpause|reprends|reprenez)"
)
"""Words that ask to resume while lessons are paused, and may mean anything else at any other time."""
_WHEN = re.compile(r"\b(?:pause|paused|reprise|reprend\w*|jusqu\W?a quand|until when|how long)\b")
"""Words of a question about the pause that lasts."""
_LONGER = re.compile(
    r"(?:plutot |non |en fait |finalement )*(?:prolong\w+|extend)? ?(?:(?:la|ma|the|my) )?(?:pause )?"
)
_LASTS = re.compile(
    r"(?:jusqu|until\b|till?\b|encore\b|pendant\b|prolong|extend|another\b|(?:je|i|i'll|de|back|retour|reprise)\b)"
    r"|.*\b(?:de plus|more)$"
)


@dataclass(frozen=True, slots=True)
class _Heard:
    command: str
    first: int
    last: int
    """The words of the request: from `first`, before `last`."""
    ends: tuple[str, ...] = ()
    """What may be its end and stands beside it, likeliest first."""
    rest: int = 0
    """Where what it says no more begins."""
    silence: bool = False
    """Whether it asks that nothing be sent before a day: see `silences`."""


def command(text: str, *, alone: bool = False) -> str:
    """Return `pause` or `reprendre` if a text asks for it, else nothing. With `alone`: and says nothing but until when."""
    words = words_of(text)
    heard = None if is_labelled(text) else _heard(words)
    if heard is None:
        return ""
    if alone:
        others = [*words[: heard.first], *words[heard.rest :]]
        beside = typed.bare(" ".join(word.said for word in others), typed.COURTESY, _THEREFORE)
        return "" if beside or not (heard.ends or heard.rest > heard.last) else heard.command
    return heard.command


def end_of(text: str, today: date, *, since: date | None = None) -> date | None:
    """Return the day until which a text asks for a pause, which may be past; nothing if it says none that can be read.

    `since`: when the pause that lasts ends. « encore une semaine » counts from that day.
    """
    words = words_of(text)
    heard = _heard(words)
    from_day = since if since is not None and _ADDED.search(typed.fold(text[:LOOKED])) else today
    back = heard is not None and heard.command == RESUME
    whole = (
        []
        if heard is not None
        else [_LONGER.sub("", typed.bare(joined(words, 0, LONGEST), typed.COURTESY), count=1)]
    )
    read = (day_of(end, from_day, back=back) for end in (*whole, *_ends(words, heard)))
    until = next((day for day in read if day is not None), None)
    return None if heard is not None and not back and until and _starts(words, until, from_day) else until


def _starts(words: list[Word], until: date, today: date) -> bool:
    """Tell whether a clause says when a pause begins, or another date than its end: « du 20 au 31 », « 20/12 - 5/1 »."""
    for place in clauses_of(words):
        said = joined(words, *place)
        if dates.names_time(said):
            other = dates.until_of(typed.led(said, ["le", "the", "on"]), today)
            led = dates.until_of(said, today, led=True) is not None
            begins = (_START.match(said) or other not in (None, until)) and not led
            if begins and not begins_now(said, today):
                return True
    return False


def names_time(text: str) -> bool:
    """Tell whether a text that asks for a pause, or a return, speaks of a time, which may be meant as its end."""
    words = words_of(text)
    heard = _heard(words)
    if heard is None:
        return words[0].said.startswith(("/", "!")) and dates.names_time(
            joined(words, 1, len(words)), barely=True
        )
    first, last = heard.first, heard.rest
    while first and not words[first].ends:
        first -= 1
    while last < len(words) - 1 and not words[last].ends:
        last += 1
    return (
        dates.may_end(joined(words, heard.last, heard.rest))
        or dates.names_time(joined(words, first, last), barely=True)
        or any(map(dates.names_time, (joined(words, 0, first), joined(words, last, len(words)))))
    )


def wonders(text: str) -> bool:
    """Tell whether a text asks about a pause or a return, and does not ask for it: « pause ? », « /pause non »."""
    words = words_of(text)
    heard = _heard(words, doubted=True)
    if heard is None:
        marked = words[0].said.startswith(("/", "!"))
        return joined(words, 1, 3) in _ASIDE if marked else "?" in text
    if _DOUBT.match(joined(words, heard.rest, heard.rest + 3)):
        return True
    return not heard.ends and _asks_only(words, heard)


def begins(text: str) -> bool:
    """Tell whether the time in a text is when a pause begins: « pause à partir de lundi », « du 20 au 31 décembre »."""
    said = [words.said for words in words_of(text)]
    return "jusqu" not in " ".join(said) and dates.begins(" ".join(said))


def other_day(text: str, until: date) -> date | None:
    """Return the date that a text gives as the end of a pause if it is not the day of the week that it names with it."""
    words = words_of(text)
    for end in _ends(words, _heard(words)):
        if dates.until_of(end, until) is not None:
            named, figures = weekday_of(end), re.findall("[0-9]+", end)
            days = (until, until - timedelta(days=1))  # « jusqu'au lundi 5 inclus » ends on the 6th
            meant = next((day for day in days if str(day.day) in figures), None)
            return meant if meant is not None and named is not None and meant.weekday() != named else None
    return None


def in_pause(text: str) -> str:
    """Return what a text asks for while lessons are paused, and at no other time: « jusqu'au 10 », « je suis de retour »."""
    said = typed.bare(text[:LOOKED], typed.COURTESY) if len(text) <= LOOKED else ""
    if not said or "?" in text:
        return PAUSE if said and _WHEN.search(said) else ""
    if _RETURN.fullmatch(said):
        return RESUME
    lead = _LONGER.match(said)
    end = said[lead.end() :] if lead is not None else said
    longer = end != said and not said.startswith(("plutot", "non"))
    return (
        PAUSE if (longer or _LASTS.match(end)) and dates.until_of(end, date.min, led=True) is not None else ""
    )


def speaks(text: str) -> bool:
    """Tell whether a text has a word of pauses or of holidays in it."""
    return reasons.SPEAKS.search(typed.fold(text[:LOOKED])) is not None


def _heard(words: list[Word], *, doubted: bool = False) -> _Heard | None:
    """Return the first request of a text, unless it is doubted: « pause ? non »; nothing where two differ."""
    found: list[_Heard] = []
    looked = 0
    is_beside = cache(partial(reasons.is_beside, words))  # for this text alone
    for at, after in clauses_of(words):
        clause = " ".join(word.said for word in words[at:after])
        if looked == _PLACES or not (
            _KEY.search(clause)
            or ((_STOP.search(clause) or silences.LEAD.search(clause)) and dates.names_time(clause))
        ):
            continue
        looked += 1
        heard = _in_clause(words, at, after)
        if heard is not None and _is_meant(words, heard, is_beside, doubted=doubted):
            found.append(heard)
    # « Mettez en pause, je reprendrai le 5 » asks for one thing.
    asked = [heard for heard in found if not heard.ends or heard.command == PAUSE] or found
    if len({heard.command for heard in asked}) != 1:
        return None
    return next((heard for heard in asked if heard.ends), asked[0])


def _in_clause(words: list[Word], at: int, after: int) -> _Heard | None:
    """Return the request with which a clause begins, or before which it says until when."""
    if (silence := silences.found(words, at, after)) is not None:
        return _Heard(PAUSE, silence.first, silence.last, silence.until, silence.rest, silence=True)
    for last in range(min(after, at + _REQUEST), at, -1):
        name, whole = _name(joined(words, at, last))
        if not name:
            continue
        ends = tuple(beside(words, last, back=name == RESUME))
        rest = typed.bare(joined(words, last, after), typed.COURTESY)
        if ends:
            return _Heard(PAUSE if name == "stop" else name, at, last, ends, last + len(ends[0].split(" ")))
        if whole and (
            not rest or dates.may_end(rest) or (name == RESUME and dates.may_end(f"jusqu'a {rest}"))
        ):
            return _Heard(name, at, last, (), after)
        return None
    for last in range(at + 1, min(after, at + LONGEST)):
        before, behind = joined(words, at, last), typed.led(joined(words, last, after), _THEREFORE)
        if dates.until_of(before, date.min, led=True) is None or _name(behind) != (PAUSE, True):
            continue
        if not re.match(
            r"(?:(?:de|d') ?)?(?:en|faire|prendre|take|have)\b", behind
        ):  # « 2 semaines en pause »
            return _Heard(PAUSE, at, after, (before,), after)
    return None


def _name(said: str) -> tuple[str, bool]:
    """Return the command that the words of a clause ask for, and whether they do without an end."""
    bare = typed.bare(typed.led(said, _THEREFORE), typed.COURTESY).lstrip("/!")
    if bare in (PAUSE, RESUME):
        return bare, True
    asked = phrases.asks_for(bare)
    if asked in (PAUSE, RESUME):
        return asked, True
    if _TELLS.fullmatch(bare):
        return PAUSE, True
    if _WILL.fullmatch(bare):
        return RESUME, False
    if _NEEDS_END.fullmatch(typed.led(bare, typed.ARTICLES, ["a"])):
        return PAUSE, False
    return ("stop", False) if asked == "stop" and not _ABOUT.match(bare) else ("", False)


def _is_meant(
    words: list[Word], heard: _Heard, is_beside: Callable[[int, int], bool], *, doubted: bool
) -> bool:
    """Tell a request from words about a pause, by what stands around it."""
    said = typed.led(joined(words, heard.first, heard.last), _THEREFORE, typed.GREETINGS)
    if not doubted and _DOUBT.match(joined(words, heard.rest, heard.rest + 3)):
        return False
    before = typed.bare(joined(words, 0, heard.first), typed.COURTESY)
    if ":" in words[heard.first].parted and _SAYS.search(before):
        return False  # « Mon chef m'a dit : mettez en pause »
    if (before or heard.silence) and '"' in words[heard.first].parted:
        return False  # « Il a écrit : "pause" »
    if heard.silence and _asks_only(words, heard):
        return False
    if (heard.ends and heard.command == RESUME) or _OUTRIGHT.match(said):
        return True
    stop = next(at for at in range(heard.rest, len(words)) if words[at].ends)
    if not doubted and "?" in words[stop].parted and _QUESTION.search(joined(words, heard.rest, stop)):
        return False
    sentence = words[heard.first].ends and not typed.bare(joined(words, heard.rest, stop), typed.COURTESY)
    if before and not sentence and not heard.ends and not reasons.leads(words, heard.first):
        return False
    if sentence and (heard.ends or heard.command == RESUME):
        return True
    if heard.ends and not before and not heard.silence:
        return True
    signed = False
    for at, after in _clauses(words, heard):
        signs = reasons.signs(words, at, after) or (signed and all(word.named for word in words[at:after]))
        # « Jean Dupont, mairie de X »
        signed = signs or (signed and "\n" not in words[at].parted)
        if not (signed or is_beside(at, after)):
            return False
    return True


def _asks_only(words: list[Word], heard: _Heard) -> bool:
    """Tell a question about what is sent from a request: « rien avant lundi ? »."""
    asked = next(word for word in words[heard.rest :] if word.ends)
    return "?" in asked.parted and _TO_ME.search(joined(words, 0, heard.rest)) is None


def _clauses(words: list[Word], heard: _Heard) -> Iterator[tuple[int, int]]:
    """Yield (first, after) of the clauses that are not the request."""
    for at, after in clauses_of(words):
        if after <= heard.first or at >= heard.rest:
            yield at, after


def _ends(words: list[Word], heard: _Heard | None) -> Iterator[str]:
    """Yield what may be the end of a pause: beside its request, in the clauses after it, and in those before."""
    start, last = 0, 0
    if heard is not None:
        yield from heard.ends
        yield from beside(words, heard.last, back=heard.command == RESUME)
        start, last = heard.first, heard.last
    places = [
        at for at, _ in clauses_of(words) if dates.names_time(joined(words, at, at + LONGEST), barely=True)
    ]
    after = [at for at in places if at >= last]
    before = [at for at in places if at < start]
    for at in (*after[:_PLACES], *before[:_PLACES]):
        for end in beside(words, at):
            if dates.until_of(end, date.min, led=True) is not None:
                yield end
