# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Devices: the machines whose channel has a store of its own, and the addresses that each has still to forget."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from hashlib import blake2b

from sqlalchemy import ColumnElement, delete, select, update

from storage import sealing
from storage.tables import address, device, to_forget
from storage.types import Tx, insert


def id_of(name: str) -> str:
    """Return the id under which a channel's device is stored: eight hex digits."""
    return blake2b(name.encode(), digest_size=4).hexdigest()


def note(tx: Tx, channel: str, name: str, now: datetime) -> None:
    """Note that a device is in use: from now on it is told whom to forget."""
    upsert = insert(tx.dialect.name, device).values(channel=channel, id=id_of(name), seen_at=now)
    tx.execute(upsert.on_conflict_do_update(index_elements=["channel", "id"], set_={"seen_at": now}))


def forget_later(tx: Tx, addresses: Collection[int], now: datetime) -> None:
    """Have each device of their channel forget some addresses, which are about to be deleted."""
    if not addresses:
        return
    rows = tx.execute(
        select(device.c.channel, device.c.id, address.c.address, address.c.sealed, address.c.id.label("of"))
        .join(address, address.c.channel == device.c.channel)
        .where(address.c.id.in_(list(addresses)))
    ).all()
    _have_forgotten(
        tx,
        [
            {
                "channel": row.channel,
                "device": row.id,
                **_stored(tx, row.channel, row.address, row.sealed, row.of),
            }
            for row in rows
        ],
        now,
    )


def _stored(tx: Tx, channel: str, where: str, sealed: bytes | None, of: int) -> dict[str, object]:
    """Return the columns that name an address, of whose row the name and the sealed copy are given."""
    if sealed is None and not sealing.is_tag(where):
        where, sealed = sealing.name(tx, channel, where), sealing.sealed(tx, channel, of, where)
    return {"address": where, "sealed": sealed, "sealed_for": of}


def _have_forgotten(tx: Tx, rows: Sequence[dict[str, object]], now: datetime) -> None:
    if rows:
        into = insert(tx.dialect.name, to_forget).on_conflict_do_nothing()
        tx.execute(into, [{**row, "at": now, "due_at": now} for row in rows])


def forget_unknown(tx: Tx, channel: str, addresses: Collection[str], now: datetime) -> None:
    """Have each device of a channel forget the addresses, of those given, that belong to no learner."""
    named = sealing.named(tx, channel, addresses)
    met = select(address.c.address).where(address.c.channel == channel, address.c.address.in_(list(named)))
    unknown = set(addresses) - {named[stored] for stored in tx.execute(met).scalars()}
    ids = list(tx.execute(select(device.c.id).where(device.c.channel == channel)).scalars())
    _have_forgotten(
        tx,
        [
            {"channel": channel, "device": id_, **_stored(tx, channel, where, None, 0)}
            for id_ in ids
            for where in sorted(unknown)
        ],
        now,
    )


def waiting(tx: Tx, channel: str, name: str, before: datetime, most: int = -1) -> list[str]:
    """Return the addresses that a device has to forget by an instant, the oldest first; all, or `most`."""
    query = select(to_forget.c.address, to_forget.c.sealed, to_forget.c.sealed_for).where(
        to_forget.c.channel == channel, to_forget.c.device == id_of(name), to_forget.c.due_at <= before
    )
    query = query.order_by(to_forget.c.due_at)
    rows = tx.execute(query if most < 0 else query.limit(most)).all()
    opened = [sealing.opened(tx, channel, row.sealed_for or 0, row.address, row.sealed) for row in rows]
    if most < 0 or None not in opened:
        return [where for where in opened if where is not None]
    # What cannot be opened stays until `drop_late`, and keeps nobody behind it waiting.
    return waiting(tx, channel, name, before)[:most]


def _at(tx: Tx, channel: str, *addresses: str) -> ColumnElement[bool]:
    return (to_forget.c.channel == channel) & to_forget.c.address.in_(
        list(sealing.named(tx, channel, addresses))
    )


def put_off(tx: Tx, channel: str, name: str, where: str, at: datetime) -> None:
    """Have a device retry an address that it could not forget, at an instant, behind the others."""
    tx.execute(
        update(to_forget).where(_at(tx, channel, where), to_forget.c.device == id_of(name)).values(due_at=at)
    )


def still_waits(tx: Tx, channel: str, name: str, where: str) -> bool:
    """Tell whether a device has still to forget an address: whoever was there may have come back."""
    row = select(to_forget.c.at).where(_at(tx, channel, where), to_forget.c.device == id_of(name))
    return tx.execute(row).first() is not None


def forgot(tx: Tx, channel: str, name: str, addresses: Sequence[str]) -> None:
    """Note that a device forgot some addresses."""
    tx.execute(delete(to_forget).where(_at(tx, channel, *addresses), to_forget.c.device == id_of(name)))


def keep(tx: Tx, channel: str, where: str) -> None:
    """Have no device forget an address any more: somebody writes from there."""
    tx.execute(delete(to_forget).where(_at(tx, channel, where)))


def drop_late(tx: Tx, before: datetime) -> list[str]:
    """Drop what any device has had to forget since before an instant; return the channel of each."""
    return list(
        tx.execute(delete(to_forget).where(to_forget.c.at < before).returning(to_forget.c.channel)).scalars()
    )


def drop_absent(tx: Tx, before: datetime) -> list[tuple[str, str]]:
    """Drop the devices not seen since an instant, with what they had to forget; return the channel and id of each."""
    absent = tx.execute(
        delete(device).where(device.c.seen_at < before).returning(device.c.channel, device.c.id)
    )
    dropped = [(row.channel, row.id) for row in absent]
    for channel, id_ in dropped:
        tx.execute(delete(to_forget).where(to_forget.c.channel == channel, to_forget.c.device == id_))
    return dropped
