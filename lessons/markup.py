# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

r"""Markdown subset of lessons and messages: parsing, plain text, HTML, lengths and splitting.

`**bold**`, `*italic*`, `_italic_` (at the edges of words only), `[label](https://…)`, `- ` at the start of a
line, and a backslash before punctuation that is to be shown as it is. Line breaks and blank lines stay.
Everything else is text: a marker without a partner, a heading, a tag. Styles may overlap; none crosses a
blank line or the start of a list item. Lengths are in UTF-16 units, which is what Telegram counts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import lru_cache
from html import escape as escape_html
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

BULLET = "• "
"""What a list item starts with once it is shown."""

MINIMUM = 4
"""The smallest limit a text can be split to: a bullet and one character outside the basic plane."""

_URL = r"https://(?:[^\s()<>\[\]\\\"]|\([^\s()<>\[\]\\\"]*+\))++"
_LABEL = r"(?=\s*[^\s\]])(?:[^\[\]\\\n]|\\.)++"
# Possessive, so that no text makes the search go back over what it read.
_TOKEN = re.compile(
    rf"""\\(?P<literal>[!-/:-@\[-`{{-~])
    | (?P<markers>\*+|_+)
    | (?P<link>\[(?={_LABEL}\]\({_URL}\)))
    | (?P<end>\]\((?P<url>{_URL})\))
    | (?P<item>^-\ )
    | (?P<blank>\n[^\S\n]*+\n)""",
    re.VERBOSE | re.MULTILINE,
)
_BLANK = re.compile(r"(\n[^\S\n]*+\n)")
_SPECIAL = re.compile(r"[\\*_\[\]]|^-", re.MULTILINE)
_LINKABLE = re.compile(_URL)
_EDGES = re.compile(r"(\s*)(.*\S)?(\s*)", re.DOTALL)
_CUTS = tuple(re.compile(cut, re.MULTILINE) for cut in (r"\n\s*\n", r"\n", r"(?<!^•)\s"))


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of visible text in one style. `href` is empty outside links."""

    text: str
    bold: bool = False
    italic: bool = False
    href: str = ""


_Look = tuple[bool, bool, str]
"""How a stretch looks: bold, italic, href."""


@dataclass(slots=True)
class _Run:
    """Markers side by side. `active` are the styles they switch, known once each has found its partner."""

    markers: str
    texts_before: int
    active: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class _Edge:
    """Where a link starts, or ends when `href` is empty."""

    href: str


@lru_cache(maxsize=512)
def parse(markdown: str) -> tuple[Span, ...]:
    """Return the visible text with its styles; neighbours differ in style, and none is empty."""
    return tuple(
        Span("".join(text for text, _ in run), *look)
        for look, run in groupby(_styled(_tokens(markdown)), key=lambda styled: styled[1])
    )


def _tokens(markdown: str) -> list[str | _Run | _Edge]:
    tokens: list[str | _Run | _Edge] = []
    openers: dict[str, _Run] = {}
    texts = at = 0
    start_of_link: int | None = None
    for match in _TOKEN.finditer(markdown):
        start, end = match.span()
        if start > at:
            tokens.append(markdown[at:start])
            texts += 1
        at = end
        kind, text = match.lastgroup, match.group()
        if kind == "markers":
            run = _Run(text, texts)
            # No style opens or closes against the inside of a bracket: the label could end up empty.
            before = "" if start_of_link == len(tokens) - 1 else markdown[start - 1 : start]
            after = "" if markdown[end : end + 1] == "]" else markdown[end : end + 1]
            tokens.append(run)
            if not _pair(run, openers, before, after):
                texts += 1
        elif kind == "link":
            start_of_link = len(tokens)
            tokens.append(text)
        elif kind == "end" and start_of_link is not None:
            tokens[start_of_link] = _Edge(match["url"])
            tokens.append(_Edge(""))
            start_of_link = None
        else:
            if kind in ("item", "blank"):
                openers.clear()
            tokens.append(match["literal"] or (BULLET if kind == "item" else text))
            texts += 1
    if at < len(markdown):
        tokens.append(markdown[at:])
    return tokens


def _pair(run: _Run, openers: dict[str, _Run], before: str, after: str) -> bool:
    """Close with `run` what was opened, or remember it as an opener. False when it is text for sure."""
    closes = before != "" and not before.isspace()
    opens = after != "" and not after.isspace()
    if run.markers[0] == "_":
        styles = ["underscore"] if len(run.markers) == 1 else []
        closes, opens = closes and not after.isalnum(), opens and not before.isalnum()
    else:
        styles = {"*": ["italic"], "**": ["bold"], "***": ["bold", "italic"]}.get(run.markers, [])
    for style in styles:
        opener = openers.get(style)
        if closes and opener is not None and opener.texts_before < run.texts_before:
            opener.active.add(style)
            run.active.add(style)
            del openers[style]
        elif opens:
            openers[style] = run
    return bool(styles) and (opens or closes)


def _styled(tokens: Iterable[str | _Run | _Edge]) -> Iterator[tuple[str, _Look]]:
    on: set[str] = set()
    href = ""
    look: _Look = (False, False, "")
    for token in tokens:
        if isinstance(token, str):
            yield token, look
            continue
        left, before = "", look
        if isinstance(token, _Edge):
            href = token.href
        else:
            # Of `***` where one style found no partner, the other markers are text, outside what is styled.
            left = token.markers[sum(2 if style == "bold" else 1 for style in token.active) :]
            opening = token.active.isdisjoint(on)
            on ^= token.active
        look = ("bold" in on, "italic" in on or "underscore" in on, href)
        if left:
            yield left, before if opening else look


def plain(markdown: str) -> str:
    """Return the visible text; a link is shown as `label (url)`, or as its address where the label says no more."""
    parts = []
    for href, spans in groupby(parse(markdown), key=lambda span: span.href):
        label = "".join(span.text for span in spans)
        parts.append(label if href in ("", label) else f"{label} ({href})")
    return "".join(parts)


def html(markdown: str) -> str:
    """Return HTML for Telegram: `b`, `i` and `a href`, well nested. Line breaks stay line breaks."""
    # No style crosses a blank line, and what is sent to many shares its paragraphs.
    return "".join(map(_paragraph, _BLANK.split(markdown)))


@lru_cache(maxsize=512)
def _paragraph(markdown: str) -> str:
    parts = []
    for href, spans in groupby(parse(markdown), key=lambda span: span.href):
        label = "".join(map(_html, spans))
        parts.append(f'<a href="{escape_html(href)}">{label}</a>' if href else label)
    return "".join(parts)


def _html(span: Span) -> str:
    text = escape_html(span.text, quote=False)
    if span.italic:
        text = f"<i>{text}</i>"
    return f"<b>{text}</b>" if span.bold else text


def escape(text: str) -> str:
    """Return Markdown that shows `text` as it is, wherever it is put."""
    return _SPECIAL.sub(r"\\\g<0>", text)


def linkable(url: str) -> bool:
    """Return whether an address can stand in `[label](…)` as it is."""
    return _LINKABLE.fullmatch(url) is not None


def units(text: str) -> int:
    """Return the UTF-16 units of a plain text."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def length(markdown: str) -> int:
    """Return the UTF-16 units of the visible text; a link counts for its label only."""
    return sum(units(span.text) for span in parse(markdown))


def split(markdown: str, limit: int, first: int = 0) -> tuple[str, ...]:
    """Split the text into parts of at most `limit` UTF-16 units each, styles kept; no part for a blank text.

    The first part has at most `first`, where that is given.

    Cut at the last blank line that fits, else at the last line, else at a space, else anywhere between two
    characters; white space at a cut goes.

    Raises:
        ValueError: the limit is under `MINIMUM`.
    """
    first = first or limit
    if min(limit, first) < MINIMUM:
        raise ValueError(f"a text cannot be split into parts of {min(limit, first)}")
    spans = parse(markdown)
    text = "".join(span.text for span in spans)
    if not text.strip():
        return ()
    if units(text) <= first:
        return (markdown,)
    return tuple(_write(_between(spans, start, end)) for start, end in _parts(text, limit, first))


def _parts(text: str, limit: int, first: int) -> Iterator[tuple[int, int]]:
    start, stop = len(text) - len(text.lstrip()), len(text.rstrip())
    longest = first
    while start < stop:
        end = _fitting(text, start, stop, longest)
        longest = limit
        if end < stop:
            end = _cut(text, start, end)
        yield start, start + len(text[start:end].rstrip())
        start = end + len(text[end:stop]) - len(text[end:stop].lstrip())


def _fitting(text: str, start: int, stop: int, limit: int) -> int:
    end = min(stop, start + limit)
    while (excess := units(text[start:end]) - limit) > 0:
        end -= (excess + 1) // 2
    return end


def _cut(text: str, start: int, end: int) -> int:
    window = text[start : end + 1]
    for cut in _CUTS:
        places = [match.start() for match in cut.finditer(window) if match.start() > 0]
        if places:
            return start + places[-1]
    return end


def _between(spans: Iterable[Span], start: int, end: int) -> Iterator[Span]:
    at = 0
    for span in spans:
        text = span.text[max(start - at, 0) : max(end - at, 0)]
        at += len(span.text)
        if text:
            yield replace(span, text=text)


def _write(spans: Iterable[Span]) -> str:
    # White space at the edges of a span loses its style: markers must stand against text.
    parts: list[str] = []
    last = Span("")
    for span in [*_trimmed(spans), Span("")]:
        if last.href != span.href and last.href:
            parts.append(f"]({last.href})")
        parts.append("**" * (last.bold != span.bold) + "*" * (last.italic != span.italic))
        if last.href != span.href and span.href:
            parts.append("[")
        parts.append(escape(span.text))
        last = span
    return "".join(parts)


def _trimmed(spans: Iterable[Span]) -> Iterator[Span]:
    for span in spans:
        before, text, after = _EDGES.fullmatch(span.text).groups("")  # type: ignore[union-attr]
        for part in (Span(before, href=span.href), replace(span, text=text), Span(after, href=span.href)):
            if part.text:
                yield part


_LITERAL = re.compile(r"\\[!-/:-@\[-`{-~]")
_MISTAKES = (
    (re.compile(r"^[^\S\n]*+#{1,6}\s", re.MULTILINE), "pas de titre (#) : mettre la ligne en gras"),
    (re.compile(r"`"), "pas de code (`) : écrire le texte tel quel"),
    (
        re.compile(r"</?[A-Za-z][^<>]*>|<!--"),
        "pas de balise HTML : seulement gras, italique, liens et listes",
    ),
    (re.compile(r"\]\("), "lien non reconnu : écrire [texte](https://…), sans espace dans l’adresse"),
    (
        re.compile(r"\*\*"),
        "** sans son double : **gras** ouvre et ferme contre le texte, sans ligne vide dedans",
    ),
    (re.compile(r"(?<!\w)__(?=\S)"), "pas de __ : le gras s’écrit **gras**"),
    # Not over line ends: on blank lines, each would read all that follow.
    (re.compile(r"^[^\S\n]++- |^[^\S\n]*+[*+] ", re.MULTILINE), "une liste s’écrit « - » en début de ligne"),
)


def problems(markdown: str) -> tuple[str, ...]:
    """Return what was probably meant as markup but would be shown as it is: short sentences in French."""
    # An escaped character is meant to be seen: a dot at mid-height stands for it, which means nothing in
    # Markdown.
    unescaped = _LITERAL.sub("·", markdown)
    visible = "".join(span.text for span in parse(unescaped))
    sentences = [sentence for mistake, sentence in _MISTAKES if mistake.search(visible)]
    if re.search(r"!\[[^\[\]\n]*\]\(", unescaped):
        sentences.insert(0, "pas d’image : mettre un lien")
    return tuple(sentences)
