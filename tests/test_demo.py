# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Does the demonstration show what it is there to show, whenever it is started?"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image

from tests import demo

SHOWN = (
    "On révise",
    "À rattraper",
    "leçons attendent",
    "Vous répondez surtout le lundi et le jeudi",
    "Parcours terminé",
)


@pytest.mark.parametrize("today", [datetime(2026, 12, 1, tzinfo=UTC), datetime(2027, 4, 26, tzinfo=UTC)])
async def test_a_month_shows_what_comes_back_the_offer_of_fewer_days_and_the_end(
    today: datetime, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    await demo.tell(0.0, today, tmp_path)
    shown = capsys.readouterr().out
    assert [one for one in SHOWN if one not in shown] == []
    assert "pas reconnu" not in shown
    (told,) = re.findall(r"^🖼 Image\u00a0: (.+)$", shown, re.MULTILINE)
    assert Path(told) == tmp_path / "progression.png"
    with Image.open(told) as picture:
        assert picture.format == "PNG"
        picture.verify()
