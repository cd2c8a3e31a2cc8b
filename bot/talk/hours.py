# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Hours as people type them, and pairs of them: 9h, 9 heures et demie, 21:30, 8 pm; de 20 h à 7 h."""

from __future__ import annotations

import re

from lessons import typed

_SPELLED = (
    "zero|minuit|midnight",
    "une|un|one",
    "deux|two",
    "trois|three",
    "quatre|four",
    "cinq|five",
    "six",
    "sept|seven",
    "huit|eight",
    "neuf|nine",
    "dix|ten",
    "onze|eleven",
    "douze|midi|twelve|noon",
    "treize",
    "quatorze",
    "quinze",
    "seize",
    "dix-sept|dix sept",
    "dix-huit|dix huit",
    "dix-neuf|dix neuf",
    "vingt",
    "vingt et une|vingt-et-une|vingt et un",
    "vingt-deux|vingt deux",
    "vingt-trois|vingt trois",
)
_HOURS = {word: hour for hour, words in enumerate(_SPELLED) for word in words.split("|")}
_PARTS = {
    "et demie": 30,
    "et demi": 30,
    "et quart": 15,
    "trente": 30,
    "thirty": 30,
    "fifteen": 15,
    "quinze": 15,
    "quarante-cinq": 45,
    "quarante cinq": 45,
    "moins le quart": -15,
    "moins quart": -15,
}
# « the » and « le » are taken away before.
_LATER = (
    *("pm", "p.m", "du soir", "le soir", "soir", "in evening", "in afternoon"),
    *("de l'apres-midi", "de l'apres midi", "l'apres-midi", "l'apres midi", "de l'aprem"),
)
_SOONER = ("am", "a.m", "du matin", "le matin", "du mat", "matin", "in morning")
_HALF = "|".join(re.escape(part) for part in (*_LATER, *_SOONER))
_HOUR = re.compile(
    rf"(?P<hour>[0-9]{{1,2}}|{'|'.join(sorted(_HOURS, key=len, reverse=True))})(?![0-9])"
    r"(?:\s*(?:heures?|hours?|hrs?|o'clock|h|:|\.)|(?=\s|$|[ap]\.?m))"
    rf"\s*(?P<minute>[0-9]{{2}}(?![0-9])|{'|'.join(_PARTS)})?(?:\s*(?:minutes?|mins?|mn|m)(?![a-z]))?"
    rf"\s*(?P<half>{_HALF})?"
)
_TOGETHER = re.compile(r"([0-9]{2})([0-9]{2})")
_BEFORE = ["a", "at", "by", "pour", "pile", "precises", "sharp", *typed.ABOUT]
_ENDS = re.compile(r"\s*-\s*(?=[0-9])|\s+-\s+|\s+(?:a|au|to|until|till|jusqu'a|jusque|et|and)\s+")
_FROM = re.compile(r"(?:de|du|des|from|entre|between|depuis) ")


def hour_of(text: str) -> str | None:
    """Read an hour as people write it. Return `08:30`; nothing when it is none."""
    said = typed.bare(text, typed.COURTESY, ["la", "le", "les", "the"])
    return _hour(typed.bare(said, _BEFORE) or said)


def _hour(said: str) -> str | None:
    if (together := _TOGETHER.fullmatch(said)) is not None:
        hour, minute = int(together[1]), int(together[2])
    elif (match := _HOUR.fullmatch(said)) is not None:
        hour = _HOURS[match["hour"]] if match["hour"] in _HOURS else int(match["hour"])
        part = match["minute"] or "0"
        minute = _PARTS[part] if part in _PARTS else int(part)
        if minute < 0:
            hour, minute = (hour - 1) % 24, minute + 60
        if match["half"] in _LATER and hour < 12:
            hour += 12
        elif match["half"] in _SOONER and hour == 12:
            hour = 0
    else:
        return None
    return f"{hour:02}:{minute:02}" if hour < 24 and minute < 60 else None


def span_of(text: str) -> str | None:
    """Read two hours, from one to the other. Return `20:00-07:00`; nothing when it is something else."""
    said = typed.bare(text, typed.COURTESY)
    if (lead := _FROM.match(said)) is not None:
        said = said[lead.end() :]
    ends = [hour_of(end) for end in _ENDS.split(said) if end]
    match ends:
        case ["12:00", str(end)] if end < "06:00":
            return f"12:00-{int(end[:2]) + 12}{end[2:]}"  # « entre midi et deux »
        case [str(first), str(last)]:
            return f"{first}-{last}"
        case _:
            return None
