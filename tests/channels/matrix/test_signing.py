# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""A signature that is none counts for nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bot.channels.matrix.signing import SigningKey, signed_by


def test_a_signature_that_is_not_one_counts_for_nothing(subtests: pytest.Subtests) -> None:
    damages: list[Callable[[Any], None]] = [
        lambda device: device["signatures"]["@a:b"].update({"ed25519:K": "A" * 86}),
        lambda device: device["signatures"]["@a:b"].update({"ed25519:K": 7}),
        lambda device: device.update(signatures=None),
        lambda device: device.update(device_id="OTHER"),
    ]
    for place, damage in enumerate(damages):
        with subtests.test(place=place):
            key = SigningKey(bytes(range(32)))
            device = key.sign({"user_id": "@a:b", "device_id": "D", "signatures": {}}, "@a:b")
            assert signed_by(device, "@a:b", key.public)
            device["signatures"]["@a:b"]["ed25519:K"] = device["signatures"]["@a:b"][key.name]
            assert signed_by(device, "@a:b", key.public, "K")
            damage(device)
            assert not signed_by(device, "@a:b", key.public, "K")
