# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The facts of a drawing as a row of the outbox holds them, and how large they may be."""

from __future__ import annotations

import json

from bot.messages import Drawing

FACTS = 4096
"""Bytes of the facts as JSON."""
ALTERNATIVE = 2400
"""UTF-16 units of what is said in place of a drawing: with a caption, it is to fit into one message of each channel. An
attestation of the shipped course takes 2,352 with the longest names of person, issuer and bot."""


def stored(drawing: Drawing) -> str:
    """Return the facts as canonical JSON.

    Raises:
        ValueError: there are too many of them, or they are no JSON; or the alternative is too long. It quotes none of them.
    """
    try:
        facts = json.dumps(
            dict(drawing.facts), ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")
        )
        size, units = len(facts.encode()), len(drawing.alternative.encode("utf-16-le")) // 2
    except (TypeError, ValueError, RecursionError) as error:
        kind = type(error).__name__
        raise ValueError(f"the facts of a drawing ({drawing.kind}) are no JSON: {kind}") from None
    if size > FACTS:
        raise ValueError(f"the facts of a drawing ({drawing.kind}) take {size} bytes of {FACTS} at most")
    if units > ALTERNATIVE:
        raise ValueError(
            f"the alternative of a drawing ({drawing.kind}) takes {units} units of {ALTERNATIVE}"
        )
    if "\\u0000" in facts or "\0" in f"{drawing.alternative}{drawing.name}":
        raise ValueError(f"a drawing ({drawing.kind}) holds a NUL, which no database stores")
    return facts


def is_storable(drawing: Drawing) -> bool:
    """Tell whether a row can hold a drawing."""
    try:
        stored(drawing)
    except ValueError:
        return False
    return True
