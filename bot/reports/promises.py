# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The sentences of the notice, each with the tests that hold it, or with what it is else: `promises.yaml`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import yaml

from bot.reports.document import Claim, Limit, Said
from bot.wording import Words

FILE = Path(__file__).with_name("promises.yaml")
OTHERWISE = ("law", "settings", "limit", "outside")
"""What a sentence is that promises nothing of the program."""


@cache
def promises() -> Mapping[str, tuple[str, ...] | str]:
    """Return the tests of each sentence, by its key in the catalogue of words, or one of `OTHERWISE`."""
    found = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return {key: one if isinstance(one, str) else tuple(one) for key, one in found.items()}


def key_of(line: str, words: Words) -> str:
    """Return the key of the sentence that a line of the notice is.

    Raises:
        KeyError: nobody said what holds it.
    """
    for key, pattern in _patterns(words).items():
        if pattern.fullmatch(line):
            return key
    raise KeyError(line)


@cache
def _patterns(words: Words) -> Mapping[str, re.Pattern[str]]:
    """Return what each sentence reads like; those that leave least open come first, since one is nothing but a name."""
    found = {key: _pattern(key, words) for key in promises()}
    return dict(sorted(found.items(), key=lambda one: -len(one[1].pattern)))


def _pattern(key: str, words: Words) -> re.Pattern[str]:
    """Return what a sentence reads like, whatever fills it."""
    mark = "\ue000"
    names = ("name", "address", "contact", "text", "country", "server", "time")
    said = words.plain(key, **dict.fromkeys(names, mark))
    return re.compile(re.escape(said).replace(re.escape(mark), ".+"), re.DOTALL)


def said(line: str, shown: str, words: Words) -> Said:
    """Return a line of the notice with what holds it. `shown`: as the document shows it.

    Raises:
        KeyError: nobody said what holds it.
    """
    tests = promises()[key_of(line, words)]
    return Limit(shown) if isinstance(tests, str) else Claim(shown, tests)
