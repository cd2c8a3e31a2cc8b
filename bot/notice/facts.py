# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What the notice is made from, and what changed of it since another one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Literal
from urllib.parse import urlsplit

from config.privacy import Controller, Dpo, Privacy
from config.retention import Retention
from config.settings import Settings
from storage.access import STRANGERS_KEPT

TEMPLATE = 4
"""The revision of the sentences: a new one when they say something else, not when they say it better."""
INVITED_KEPT = timedelta(days=30)
"""How long an address is kept whose owner never accepted the notice."""
MESSENGERS = ("telegram", "matrix")
"""Channels that others than the operator take part in."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What the operator decided, and what runs."""

    privacy: Privacy = field(default_factory=Privacy)
    retention: Retention = field(default_factory=Retention)
    channels: tuple[str, ...] = ("console",)
    """Those that run, by name."""
    server: str = ""
    """The name of the homeserver, on Matrix."""
    access: Literal["open", "code"] = "open"

    @classmethod
    def of(cls, settings: Settings) -> Facts:
        """Return the facts of the settings in force."""
        matrix = settings.channels.matrix
        names = tuple(
            name
            for name in type(settings.channels).model_fields
            if getattr(settings.channels, name) is not None
        )
        server = "" if matrix is None else urlsplit(matrix.homeserver).hostname or ""
        return cls(settings.privacy, settings.retention, names or ("console",), server, settings.access)

    @property
    def newcomers_kept(self) -> timedelta:
        """How long the address of somebody is kept who never accepted the notice, or never gave a code."""
        return STRANGERS_KEPT if self.access == "code" else INVITED_KEPT

    @property
    def serves_messenger(self) -> bool:
        """Whether a channel runs that others take part in."""
        return any(name in MESSENGERS for name in self.channels)

    def record(self) -> dict[str, Any]:
        """Return what is compared and archived, by names that an operator understands. Durations are days.

        Whether nobody is named on purpose makes no difference: the notice says the same.
        """
        privacy, retention = self.privacy, self.retention
        controller, dpo, host = privacy.controller, privacy.dpo, privacy.host
        return {
            "template": TEMPLATE,
            "controller": controller.name if isinstance(controller, Controller) else "",
            "controller.address": controller.address if isinstance(controller, Controller) else "",
            "controller.contact": controller.contact if isinstance(controller, Controller) else "",
            "dpo": dpo.contact if isinstance(dpo, Dpo) else "",
            "ground": privacy.ground,
            "legal_text": privacy.legal_text or "",
            "host": "" if host is None else f"{host.name} ({host.country})",
            "recipients": list(privacy.recipients),
            "channels": sorted(self.channels),
            "server": self.server,
            "access": self.access,
            "messages": retention.messages.days,
            "answers": retention.answers.days,
            "attestations": retention.attestations.days,
            "inactive": privacy.inactive.days,
            "audit": privacy.audit.days,
            "sealed": "yes" if privacy.sealed else "no",
            "backups": privacy.backups.days,
            "newcomers": self.newcomers_kept.days,
        }


@dataclass(frozen=True, slots=True)
class Difference:
    """One fact that is another now."""

    name: str
    before: str
    after: str
    material: bool
    """Whether it is one of those that people are told of: who answers, ground, recipient, host, longer storage."""

    def __str__(self) -> str:
        return f"{self.name}: {self.before or 'nothing'} -> {self.after or 'nothing'}"


_ALWAYS = ("controller", "ground", "host", "server")
_LONGER = ("messages", "answers", "attestations", "inactive", "audit", "backups", "newcomers")
_WIDER = ("recipients", "channels")


def differences(before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> Iterator[Difference]:
    """Yield what changed between two records; of a notice of before there were records, all of it."""
    known = before or {}
    for name in sorted({*known, *after}):
        old, new = known.get(name), after.get(name)
        if (old or None) != (new or None):  # nobody named, and never asked, say the same
            yield Difference(name, _shown(old), _shown(new), _is_material(name, old, new))


def _is_material(name: str, old: Any, new: Any) -> bool:
    if name in _LONGER:
        return not isinstance(old, int) or not isinstance(new, int) or new > old
    if name in _WIDER:
        return not set(new or ()) <= set(old or ())
    return name in _ALWAYS


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)
