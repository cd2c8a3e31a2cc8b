# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The studio draws few things at a time, says what it cannot draw, and gives the same bytes for the same facts."""

from __future__ import annotations

import asyncio
import io
import json
import logging
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from PIL import Image

from bot.children import Bounds
from bot.drawing.studio import AT_ONCE, MOST, Studio, Undrawn
from bot.messages import Art, Document, Drawing, Picture
from tests.bot.drawings import CARD
from tests.bot.offspring import children
from tests.waiting import until

PATIENT = Bounds(seconds=60)
"""For machines that are busy."""


def odd(do: str, kind: Art = Art.CARD, **facts: Any) -> Drawing:
    return Drawing(kind, {"do": do, **facts}, "Ce qui est\ndessiné.", "x")


def studio_of(module: str = "tests.bot.odd_child", **bounds: Any) -> Studio:
    return Studio(module, Bounds(**{"seconds": 60, **bounds}))


async def test_a_card_is_a_picture_and_the_same_facts_give_the_same_bytes() -> None:
    studio = Studio(bounds=PATIENT)
    told = replace(CARD, alternative="Votre progression :\n22 leçons sur 68.")
    first, second = await asyncio.gather(studio.draw(told), studio.draw(told))
    assert isinstance(first, Picture)
    assert first == second
    with Image.open(io.BytesIO(first.content)) as image:
        assert (image.format, image.size) == ("PNG", (first.width, first.height))
    assert first.width == 1080
    assert (first.name, first.media_type) == (CARD.name, "image/png")
    assert "\n" not in first.alternative


async def test_a_paper_is_a_document_with_what_stands_for_it() -> None:
    drawn = await studio_of().draw(odd("echo", Art.ATTESTATION, what="%PDF-1.7 …"))
    assert drawn == Document("x", "application/pdf", "%PDF-1.7 …".encode(), "Ce qui est\ndessiné.")


@pytest.mark.parametrize("kind", Art)
async def test_bytes_that_are_no_picture_and_no_paper_are_not_shown(kind: Art) -> None:
    with pytest.raises(Undrawn, match="no p"):
        await studio_of().draw(odd("echo", kind, what="<svg/>"))


@pytest.mark.parametrize("at_once", [1, MOST])
async def test_one_or_two_are_drawn_at_once_and_the_others_wait(at_once: int) -> None:
    studio = Studio("tests.bot.odd_child", Bounds(seconds=60), at_once)
    drawing = [
        asyncio.create_task(studio.draw(odd("draw slowly", seconds=0.3, card=dict(CARD.facts))))
        for _ in range(3)
    ]
    most = 0
    while not all(task.done() for task in drawing):
        most = max(most, len(children()))
        await asyncio.sleep(0.02)
    assert most == at_once
    assert all(isinstance(task.result(), Picture) for task in drawing)


async def test_a_drawing_that_hangs_is_told_from_one_that_found_no_place_in_time() -> None:
    studio = studio_of(seconds=0.5)
    hanging = (studio.draw(odd("hang")) for _ in range(3 * AT_ONCE))
    told = [str(one) for one in await asyncio.gather(*hanging, return_exceptions=True)]
    assert told[:AT_ONCE] == ["not done in 0.5 s"] * AT_ONCE
    assert told[-AT_ONCE:] == ["no place was free in 0.5 s"] * AT_ONCE
    assert children() == []


@pytest.mark.parametrize("do", ["die", "quote", "fill memory", "talk without end", "hang"])
async def test_a_failed_child_leaves_its_place_to_the_next_drawing(
    do: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    studio = studio_of(seconds=0.5 if do == "hang" else 1.5, output=100_000)
    for _ in range(AT_ONCE + 1):
        with pytest.raises(Undrawn) as told:
            await studio.draw(odd(do, name="Camille"))
        assert "Camille" not in str(told.value)
    assert "Camille" not in caplog.text

    async def is_drawn() -> bool:
        with suppress(Undrawn):  # the machine may be busy
            return isinstance(await studio.draw(odd("echo", Art.ATTESTATION, what="%PDF-1.7")), Document)
        return False

    await until(is_drawn)


async def test_facts_that_are_no_json_are_not_drawn() -> None:
    with pytest.raises(Undrawn, match="TypeError"):
        await Studio().draw(Drawing(Art.CARD, {"title": {1, 2}}, "x", "x.png"))


async def test_facts_are_data_and_no_markup() -> None:
    facts = json.loads(
        json.dumps(dict(CARD.facts)).replace("Votre", '#panic(1) *a* $x$ <b> #read(\\"/etc/passwd\\")')
    )
    drawn = await Studio(bounds=PATIENT).draw(Drawing(Art.CARD, facts, "x", "x.png"))
    assert isinstance(drawn, Picture)
