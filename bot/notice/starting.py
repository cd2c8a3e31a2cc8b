# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What must be said of the data before a messenger is served, and since when a database may do without."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta

from bot.notice.archive import Pending
from bot.notice.facts import Facts
from config.settings import SettingsError
from storage import counters
from storage.types import Tx

log = logging.getLogger(__name__)

GRACE = timedelta(days=30)
"""How long a database that had learners already may do without, from its upgrade on."""
UPGRADED = "upgraded.privacy"
"""The moment of that upgrade, which the migration noted."""

_NAMED = "la notice le donne à chacun"
_WHY = {
    "privacy.controller": _NAMED,
    "privacy.dpo": _NAMED,
    "privacy.key": "cette clé scelle les adresses dans la base (« openssl rand -base64 32 » en fait une)",
}


def missing(facts: Facts) -> tuple[str, ...]:
    """Return the settings that are missing; none while no messenger is served."""
    return tuple(f"privacy.{name}" for name in facts.privacy.missing) if facts.serves_messenger else ()


def deadline(tx: Tx) -> datetime | None:
    """Return until when a database may do without; None where it had no learners before."""
    upgraded = counters.value(tx, UPGRADED)
    return datetime.fromtimestamp(upgraded, UTC) + GRACE if upgraded else None


def require(tx: Tx, facts: Facts, now: datetime) -> datetime | None:
    """Return until when the service may run with what is missing; None when nothing is.

    Raises:
        SettingsError: it may not.
    """
    names = missing(facts)
    if not names:
        return None
    until = deadline(tx)
    if until is not None and now < until:
        return until
    raise SettingsError(
        f"{name}: réglage obligatoire pour servir une messagerie : {_WHY[name]} ; renseignez-le, "
        "ou écrivez none pour vous en passer"
        for name in names
    )


def warn(facts: Facts, until: datetime) -> None:
    """Log what is missing, and until when the service does without."""
    log.warning(
        "%s: missing, and the service will not start without from %s on.",
        ", ".join(missing(facts)),
        f"{until:%Y-%m-%d}",
        extra={"action": "require-controller"},
    )


def compare(pending: Pending | None) -> None:
    """Log that the notice is another one than was published, if it is."""
    if pending is not None:
        log.warning(
            "The notice %s differs from %s, which was published: %s. `iaventure notice publish` decides who is told.",
            pending.version,
            pending.since,
            "; ".join(map(str, pending.differences)),
            extra={"action": "compare-notice"},
        )
