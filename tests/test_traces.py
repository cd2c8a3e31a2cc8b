# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""A search that finds nothing proves something only if it finds what is there."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from urllib.parse import quote

from tests import traces

TEXT = "!salon/é:exemple.fr"


def test_a_text_is_found_however_it_is_written(tmp_path: Path) -> None:
    written = {
        "raw": TEXT.encode(),
        "json": json.dumps({"a": TEXT}).encode(),
        "utf16": f"x{TEXT}".encode("utf-16"),
        **{f"base64-{n}": base64.b64encode(b"x" * n + TEXT.encode() + b"yz" * n) for n in range(6)},
        "json-in-json": json.dumps(json.dumps([TEXT])).encode(),
        "bytes-of-a-dump": b"\\\\x" + f"a{TEXT}".encode().hex().encode(),
        "address": f"https://exemple.fr/rooms/{quote(TEXT, safe='')}/leave".encode(),
        **{f"url-{n}": base64.urlsafe_b64encode(b"x" * n + TEXT.encode() + b"z") for n in range(3)},
    }
    for name, content in written.items():
        (tmp_path / name).write_bytes(b"before" + content + b"after")
    (tmp_path / "other").write_bytes(b"!salon: exemple.fr")
    assert {Path(file).name for file in traces.of(TEXT, tmp_path)} == written.keys()
