# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What a formatted text says: HTML as Telegram's server reads it, with its errors, entities and lengths.

Follows `parse_html` of TDLib (td/telegram/MessageEntity.cpp), whose offsets in errors are bytes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

Entity = dict[str, Any]

MAX_ENTITIES = 100

_TYPES = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "span": "spoiler",
    "tg-spoiler": "spoiler",
    "tg-emoji": "custom_emoji",
    "tg-time": "date_time",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
}
_TAG = re.compile(r"<(/?)([^\s>]*)", re.ASCII)
_ATTRIBUTE = re.compile(r"\s*([^\s=>/\"']+)\s*(=?)\s*", re.ASCII)
_TOKEN = re.compile(r"[A-Za-z0-9.-]*")
_RUN = re.compile(r"[^<&]+")
_REFERENCE = re.compile(r"&(?:#(\d{1,7});?|#x([0-9a-fA-F]{1,6});?|(lt|gt|amp|quot)(?![A-Za-z]);?)")
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_LINK = re.compile(r"(?:(?:https?|ton|tg)://)?[\w-]+(?:\.[\w-]+)*(?::\d+)?(?:[/?#]\S*)?", re.IGNORECASE)
_SPACES = " \t\n\r\f\v"
_CONTROLS = {code: " " for code in range(32) if code != 10} | {13: None}
_COMMAND = re.compile(r"(?<![\w/])/[A-Za-z0-9_]{1,64}(?:@\w{3,32})?(?![\w/])")
_LINE_SPACES = " \n\t"


class Unreadable(ValueError):
    """A text that cannot be parsed; says why in Telegram's words."""


@dataclass(slots=True)
class Formatted:
    """A text as a screen shows it; offsets and lengths of entities are in UTF-16 units."""

    text: str
    entities: list[Entity] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    """What Telegram drops without an error."""


def units(text: str) -> int:
    """The length as Telegram counts it: UTF-16 code units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def clean(text: str) -> str:
    """What the server does to every text: no control characters."""
    return text.translate(_CONTROLS)


def commands(text: str) -> list[Entity]:
    """The entities of the commands in what a person typed."""
    return [
        {"type": "bot_command", "offset": units(text[: found.start()]), "length": units(found.group())}
        for found in _COMMAND.finditer(text)
    ]


@dataclass(slots=True)
class _Open:
    tag: str
    argument: str
    start: int
    at: int


def parse_html(html: str) -> Formatted:
    """Read HTML; raises `Unreadable`."""
    out: list[str] = []
    length, place = 0, 0
    entities: list[Entity] = []
    lost: list[str] = []
    opened: list[_Open] = []
    while place < len(html):
        if run := _RUN.match(html, place):
            out.append(run.group())
            length += units(run.group())
            place = run.end()
            continue
        if html[place] == "&":
            character, place = _character(html, place)
            out.append(character)
            length += units(character)
            continue
        at = len(html[:place].encode())
        if html.startswith("</", place):
            place = _close(html, place, at, opened)
            entity = opened.pop()
            if length > entity.start:
                _finish(entity, "".join(out), length, entities, lost)
            continue
        tag, argument, place = _start(html, place, at)
        opened.append(_Open(tag, argument, length, at))
    if opened:
        raise Unreadable(f'Can\'t find end tag corresponding to start tag "{opened[-1].tag}"')
    return _trimmed("".join(out), entities, lost)


def plain(text: str) -> Formatted:
    """A text without a parse mode."""
    return _trimmed(text, [], [])


def _character(html: str, place: int) -> tuple[str, int]:
    found = _REFERENCE.match(html, place) if html[place] == "&" else None
    if found is None:
        return html[place], place + 1
    decimal, hexadecimal, name = found.groups()
    if name:
        return _NAMED[name], found.end()
    code = int(decimal) if decimal else int(hexadecimal, 16)
    if code == 0 or code >= 0x10FFFF or 0xD800 <= code <= 0xDFFF:
        return html[place], place + 1
    return chr(code), found.end()


def _start(html: str, place: int, at: int) -> tuple[str, str, int]:
    found = _TAG.match(html, place)
    end = len(html) if found is None else found.end()
    if found is None or end >= len(html):
        raise Unreadable(f"Unclosed start tag at byte offset {at}")
    tag = found.group(2).lower()
    if tag not in _TYPES:
        raise Unreadable(f'Unsupported start tag "{tag}" at byte offset {at}')
    argument, end = _attributes(html, end, at, tag)
    if tag == "span" and argument != "spoiler":
        raise Unreadable(f'Tag "span" must have class "tg-spoiler" at byte offset {at}')
    return tag, argument, end


def _attributes(html: str, place: int, at: int, tag: str) -> tuple[str, int]:
    argument = ""
    while True:
        while place < len(html) and html[place] in _SPACES:
            place += 1
        if place >= len(html):
            raise Unreadable(f'Unclosed start tag "{tag}" at byte offset {at}')
        if html[place] == ">":
            return argument, place + 1
        found = _ATTRIBUTE.match(html, place)
        if found is None:
            raise Unreadable(f'Empty attribute name in the tag "{tag}" at byte offset {at}')
        name, place = found.group(1), found.end()
        value = ""
        if found.group(2):
            value, place = _value(html, place, at)
        argument = _argument(tag, name, value, argument)


def _value(html: str, place: int, at: int) -> tuple[str, int]:
    if html[place : place + 1] not in ("'", '"'):
        found = _TOKEN.match(html, place)
        end = place if found is None else found.end()
        if end < len(html) and html[end] not in _SPACES and html[end] != ">":
            raise Unreadable(f"Unexpected end of name token at byte offset {len(html[:place].encode())}")
        return html[place:end].lower(), end
    quote, place = html[place], place + 1
    value = []
    while place < len(html) and html[place] != quote:
        character, place = _character(html, place)
        value.append(character)
    if place + 1 >= len(html):
        raise Unreadable(f"Unclosed start tag at byte offset {at}")
    return "".join(value), place + 1


def _argument(tag: str, name: str, value: str, before: str) -> str:
    wanted = {
        ("a", "href"): value,
        ("tg-emoji", "emoji-id"): value,
        ("tg-time", "unix"): value,
        ("blockquote", "expandable"): "1",
    }
    if tag == "code" and name == "class" and value.startswith("language-"):
        return value.removeprefix("language-")
    if tag == "span" and name == "class" and value.startswith("tg-"):
        return value.removeprefix("tg-")
    return wanted.get((tag, name), before)


def _close(html: str, place: int, at: int, opened: list[_Open]) -> int:
    if not opened:
        raise Unreadable(f"Unexpected end tag at byte offset {at}")
    found = _TAG.match(html, place)
    end = len(html) if found is None else found.end()
    while end < len(html) and html[end] in _SPACES:
        end += 1
    if found is None or html[end : end + 1] != ">":
        raise Unreadable(f"Unclosed end tag at byte offset {at}")
    tag, expected = found.group(2).lower(), opened[-1].tag
    if tag and tag != expected:
        raise Unreadable(f'Unmatched end tag at byte offset {at}, expected "</{expected}>", found "</{tag}>"')
    return end + 1


def _finish(opened: _Open, so_far: str, length: int, entities: list[Entity], lost: list[str]) -> None:
    entity: Entity = {"type": _TYPES[opened.tag], "offset": opened.start, "length": length - opened.start}
    if opened.tag == "a":
        url = opened.argument or so_far.encode("utf-16-le")[2 * opened.start :].decode("utf-16-le")
        if not _LINK.fullmatch(url.strip()):
            lost.append(f"a link that is not one: {url!r}")
            return
        entity["url"] = url.strip() if "://" in url else f"http://{url.strip()}/"
    elif opened.tag == "code" and opened.argument:
        entity["language"] = opened.argument
    elif opened.tag == "tg-emoji":
        if not opened.argument.isdecimal():
            raise Unreadable("Invalid custom emoji identifier specified")
        entity["custom_emoji_id"] = opened.argument
    elif opened.tag == "tg-time":
        entity["unix_time"] = int(opened.argument) if opened.argument.isdecimal() else 0
    elif opened.tag == "blockquote" and opened.argument:
        entity["type"] = "expandable_blockquote"
    entities.append(entity)


def _trimmed(text: str, entities: list[Entity], lost: list[str]) -> Formatted:
    text = clean(text)
    kept = text.rstrip(_LINE_SPACES)
    shift = units(kept) - units(kept.lstrip(_LINE_SPACES))
    kept = kept.lstrip(_LINE_SPACES)
    end = units(kept)
    moved = []
    for entity in entities:
        first = max(entity["offset"] - shift, 0)
        last = min(entity["offset"] + entity["length"] - shift, end)
        if last > first:
            moved.append({**entity, "offset": first, "length": last - first})
    moved.sort(key=lambda entity: (entity["offset"], -entity["length"], entity["type"]))
    if len(moved) > MAX_ENTITIES:
        lost.append(f"{len(moved)} entities, of which {MAX_ENTITIES} are kept")
    return Formatted(kept, moved[:MAX_ENTITIES], lost)
