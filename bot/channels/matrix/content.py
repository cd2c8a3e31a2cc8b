# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The contents of events that we send: texts, polls, files and pictures."""

from __future__ import annotations

import re
from html import escape
from typing import Any

from bot.channels import Rejected
from bot.channels.matrix import formatting
from bot.messages import Document, Limits, Picture, Question
from lessons import markup

MESSAGE = "m.room.message"
POLL_START = "org.matrix.msc3381.poll.start"
"""The type that clients read. Some throw on the final `m.poll.start`."""
AUTOMATED = "org.matrix.msc1767.automated"
"""Marks what a program says (MSC3955). `m.notice` would do too, but notices make no phone ring."""

_SELECTION = re.compile(r"([A-Za-z0-9_-]{1,16}):([A-Za-z0-9_.-]{1,40})")
_EVENT_ID = re.compile(r"\$[!-~]{1,254}")


def text_content(markdown: str, target: str = "", aside: str = "") -> dict[str, Any]:
    """Write a text, with its formatting for those who show any. `target`: the event it replies to, if known."""
    return {"msgtype": "m.text", **_formatted(markdown, aside), **_around(target)}


def file_content(document: Document, where: dict[str, Any], target: str = "") -> dict[str, Any]:
    """Write a file under its own name: clients show a caption in its place. `where`: its address, with the keys, if any."""
    return {
        "msgtype": "m.file",
        "body": document.name,
        "filename": document.name,
        "info": {"mimetype": document.media_type, "size": len(document.content)},
        **where,
        **_around(target),
    }


def picture_content(
    picture: Picture, where: dict[str, Any], markdown: str = "", target: str = ""
) -> dict[str, Any]:
    """Write a picture. Its body is what is read to those who do not see it: the text that came with it, if any did.

    A body beside a `filename` is a caption. Without that name, clients would save the picture under its alternative.
    """
    alternative = " ".join(line.strip() for line in picture.alternative.splitlines() if line.strip())
    return {
        "msgtype": "m.image",
        **(_formatted(markdown, "") if markdown.strip() else {"body": alternative}),
        "filename": picture.name,
        "info": {
            "mimetype": picture.media_type,
            "size": len(picture.content),
            "w": picture.width,
            "h": picture.height,
        },
        **where,
        **_around(target),
    }


def poll_content(markdown: str, question: Question, limits: Limits, target: str = "") -> dict[str, Any]:
    """Write a poll of the numbers, each with its label, or the beginning of one that is very long.

    Raises:
        Rejected: a key is one that no vote can carry.
    """
    title = markup.plain(markup.split(markdown, limits.title)[0]) if markdown.strip() else "?"
    answers = [
        {"id": _selection(question.prompt, choice.key), "org.matrix.msc1767.text": label}
        for choice, label in zip(question.choices, _labels(question, limits), strict=True)
    ]
    listed = "\n".join([title, *(str(answer["org.matrix.msc1767.text"]) for answer in answers)])
    return {
        POLL_START: {
            "question": {"org.matrix.msc1767.text": title, "body": title, "msgtype": "m.text"},
            "kind": "org.matrix.msc3381.poll.disclosed",
            "max_selections": 1,
            "answers": answers,
        },
        "org.matrix.msc1767.text": listed,
        **_around(target),
    }


def in_thread(content: dict[str, Any], root: str) -> dict[str, Any]:
    """Put what is sent into a thread, if it is for one: clients without threads show it as a reply. Return it."""
    if _EVENT_ID.fullmatch(root):
        replied = content.get("m.relates_to", {}).get("m.in_reply_to")
        content["m.relates_to"] = {
            "rel_type": "m.thread",
            "event_id": root,
            "is_falling_back": replied is None,
            "m.in_reply_to": replied or {"event_id": root},
        }
    return content


def selection(answer: object) -> tuple[str, str] | None:
    """Read the prompt and the key that a vote's answer names; nothing for what no poll of ours offers."""
    parts = _SELECTION.fullmatch(answer) if isinstance(answer, str) else None
    return None if parts is None else (parts[1], parts[2])


def _selection(prompt: str, key: str) -> str:
    answer = f"{prompt}:{key}"
    if selection(answer) != (prompt, key):
        raise Rejected(f"a vote cannot carry {answer!r}")
    return answer


def _labels(question: Question, limits: Limits) -> list[str]:
    numbered = [f"{place}. {choice.label}" for place, choice in enumerate(question.choices, 1)]
    return [
        label if len(label) <= limits.label else f"{label[: limits.label - 1].rstrip()}…"
        for label in numbered
    ]


def _formatted(markdown: str, aside: str) -> dict[str, Any]:
    body = markup.plain(f"{markdown}\n\n{aside}" if aside else markdown)
    formatted = formatting.html(markdown, aside)
    if formatted == f"<p>{escape(body, quote=False)}</p>":
        return {"body": body}
    return {"body": body, "format": "org.matrix.custom.html", "formatted_body": formatted}


def _around(target: str) -> dict[str, Any]:
    around: dict[str, Any] = {AUTOMATED: True, "m.mentions": {}}
    if _EVENT_ID.fullmatch(target):
        around["m.relates_to"] = {"m.in_reply_to": {"event_id": target}}
    return around
