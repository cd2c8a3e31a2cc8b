# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""HTML of a Markdown text for Matrix: headings, paragraphs and lists, so that a screen reader announces them.

The tags are among those that the Matrix specification lists for `org.matrix.custom.html`, and that Element and Tchap keep.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby

from lessons import markup

_BLANK = re.compile(r"\n[^\S\n]*\n")
_NUMBERED = re.compile(r"(\d{1,3})\. ")
_HEADING = re.compile(r"[^\w<]*<b>[^\n]*</b>[^\w]*")
"""One line, all bold but for an emoji."""


@lru_cache(maxsize=512)
def html(markdown: str, aside: str = "") -> str:
    r"""Return HTML of blocks: `h4`, `p`, `ul`, `ol`, with `b`, `i` and `a` inside; `aside` folds under its first line.

    `"**Titre**\n\nTexte\n- un\n- deux"` becomes `<h4>Titre</h4><p>Texte</p><ul><li>un</li><li>deux</li></ul>`.
    """
    blocks = "".join(_blocks(markdown))
    if not aside.strip():
        return blocks
    title, _, rest = aside.strip().partition("\n")
    return f"{blocks}<details><summary>{markup.html(title)}</summary>{''.join(_blocks(rest))}</details>"


def _blocks(markdown: str) -> Iterator[str]:
    for paragraph in _BLANK.split(markdown.strip()):
        lines = markup.html(paragraph).split("\n")
        if len(lines) == 1 and _HEADING.fullmatch(lines[0]):
            yield f"<h4>{_unbold(lines[0])}</h4>"
            continue
        for kind, group in groupby(lines, key=_kind):
            yield _block(kind, list(group))


def _kind(line: str) -> str:
    if line.startswith(markup.BULLET):
        return "ul"
    return "ol" if _NUMBERED.match(line) else "p"


def _block(kind: str, lines: list[str]) -> str:
    match kind:
        case "ul":
            return f"<ul>{''.join(f'<li>{line.removeprefix(markup.BULLET)}</li>' for line in lines)}</ul>"
        case "ol":
            numbers = [int(_NUMBERED.match(line)[1]) for line in lines]  # type: ignore[index]
            if numbers != list(range(numbers[0], numbers[0] + len(lines))):
                return f"<p>{'<br>'.join(lines)}</p>"  # a list would number them anew
            start = f' start="{numbers[0]}"' if numbers[0] != 1 else ""
            items = "".join(f"<li>{_NUMBERED.sub('', line, count=1)}</li>" for line in lines)
            return f"<ol{start}>{items}</ol>"
        case _:
            text = "<br>".join(lines)
            return f"<p>{text}</p>" if text.strip() else ""


def _unbold(line: str) -> str:
    return line.replace("<b>", "").replace("</b>", "")
