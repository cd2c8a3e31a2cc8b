# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The code of an attestation: 16 of 30 symbols that nobody takes for one another, the last a check on the others. Pure."""

from __future__ import annotations

import re
import secrets
from itertools import product

from lessons import typed

SYMBOLS = "ABCDEFGHJKMNPQRSTVWXYZ23456789"
"""Without I, L, O, U, 0 and 1."""
LENGTH = 16
_BASE = len(SYMBOLS)
_VALUE = {symbol: value for value, symbol in enumerate(SYMBOLS)}
_MEANT = {
    **dict.fromkeys("O0", "QD"),
    **dict.fromkeys("I1L", "JT7"),
    "U": "VW",
}
"""What no code holds, and the symbols that it may have been on the paper."""
_MOST_MEANT = 100
"""Ways to read a code that are tried: one in 30 passes the check by chance."""
_SEPARATORS = re.compile(r"[\s\-._]+")
_GROUPED = re.compile(r"(?:[A-Z0-9]{4}[\s\-]?){3}[A-Z0-9]{4}(?=$|[\s,;:])")
_RUN = re.compile(r"[A-Z0-9]+(?:-+[A-Z0-9]+)*")
_PART = 4
_FEWEST = 8
"""Letters and digits in one word that were meant as a code, even where some are missing."""


def new() -> str:
    """Return a random code: 73 bits. It has a digit, by which a text is known to name one."""
    while True:
        drawn = "".join(secrets.choice(SYMBOLS) for _ in range(LENGTH - 1))
        if any(map(str.isdigit, drawn)):
            return drawn + check(drawn)


def check(symbols: str) -> str:
    """Return the last symbol of a code, given the others: ISO 7064, the hybrid system MOD 31,30.

    31 is prime: each wrong symbol is found, and of two neighbours in the wrong order all but 1 in 500 (measured).
    """
    product_ = _BASE
    for symbol in symbols:
        total = (product_ + _VALUE[symbol]) % _BASE or _BASE
        product_ = 2 * total % (_BASE + 1)
    return SYMBOLS[(1 - product_) % _BASE]


def shown(code: str) -> str:
    """Return a code as it is printed: 7K3M-92QF-XT4D-8RBN."""
    return "-".join(code[at : at + _PART] for at in range(0, LENGTH, _PART))


def read(text: str) -> tuple[str, str]:
    """Return the code at the beginning of a text, and what stands behind it.

    The code is empty where its symbols do not fit each other: it was mistyped. Case, spaces and dashes do not matter; an O,
    an I or another sign that no code has is read as the symbol it was, where only one fits.
    """
    cleaned = typed.clean(text)
    symbols, end = _leading(_upper(cleaned))
    fitting = [candidate for candidate in _readings(symbols) if candidate[-1] == check(candidate[:-1])]
    return (fitting[0] if len(fitting) == 1 else ""), cleaned[end:].strip(" ,;:.-")


def _upper(text: str) -> str:
    """Return a text in capitals, of the same length: ß stays."""
    return "".join(sign.upper() if len(sign.upper()) == 1 else sign for sign in text)


def begins(text: str) -> bool:
    """Tell whether a text begins with a code, or what was meant as one: letters and digits in a word, or groups of four.

    « les informations », « tous ceux dont rien », « 2027 » and « 3 sources » do not.
    """
    said = _upper(typed.clean(text))
    grouped = _GROUPED.match(said)
    if grouped is not None and any(map(str.isdigit, grouped[0])) and any(map(str.isalpha, grouped[0])):
        return True
    word = _RUN.match(said)
    if word is None:
        return False
    mixed = any(map(str.isdigit, word[0])) and any(map(str.isalpha, word[0]))
    return mixed and len(_SEPARATORS.sub("", word[0])) >= _FEWEST


def _leading(said: str) -> tuple[str, int]:
    """Return the symbols of the code that a text begins with, and where it ends.

    A code in one word is that word, so that one symbol too many is found; else it is the first 16 symbols.
    """
    word = _RUN.match(said)
    if word is not None and len(whole := _SEPARATORS.sub("", word[0])) >= LENGTH:
        return whole, word.end()
    symbols, at = "", 0
    while at < len(said) and len(symbols) < LENGTH:
        if said[at].isalnum():
            symbols += said[at]
        elif not _SEPARATORS.match(said[at]):
            break
        at += 1
    return symbols, at


def _readings(symbols: str) -> list[str]:
    if len(symbols) != LENGTH:
        return []
    ways = [symbol if symbol in _VALUE else _MEANT.get(symbol, "") for symbol in symbols]
    number = 1
    for way in ways:
        number *= len(way)
    return ["".join(way) for way in product(*ways)] if 0 < number <= _MOST_MEANT else []
