# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The composition root: the only place that builds things, as a list of parts in order."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import signal
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bot import clock, logs
from bot.channels import Channel
from bot.keys import key_in
from bot.notice import archive, starting
from bot.notice.facts import Facts
from bot.service import Service
from bot.service.receiving import OLD_MARGIN
from bot.service.service import utc_now
from bot.talk.turn import Rules
from bot.watch import monitoring
from bot.watch.health import Health
from bot.watch.systemd import Systemd
from bot.wording import LANGUAGES, words_of
from config.fields import WAIVED
from config.schedule import Schedule, next_slot
from config.settings import Matrix, Settings, Telegram
from lessons import source
from storage import copies, courses, dialects, journal, keys, private, seals, staff
from storage.database import open_database, own_key
from storage.filelock import own
from storage.sealing import Sealing
from storage.sqlite import files
from storage.store import Store

if TYPE_CHECKING:
    from bot.channels.matrix.account import Account
    from bot.channels.telegram import Hook

log = logging.getLogger(__name__)


def run(settings: Settings) -> None:
    """Serve until SIGTERM, or until the terminal's input ends.

    Raises:
        AlreadyRunning: another process uses the database file.
        WrongKey: the addresses in the database are sealed with another key than that of the settings.
        DatabaseError: the database cannot be used.
        ChannelFault: no channel is left.
    """
    # Until the loop runs there is nothing to end: a stop is a clean one.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    channels = channels_of(settings)
    # A conversation in the terminal is not to be interrupted by what only an operator reads.
    talking = all(channel.asks_one_at_a_time for channel in channels) and settings.log.level == "info"
    logs.set_up("error" if talking else settings.log.level, settings.log.format)
    key = key_in(settings)
    with own(settings.database), open_sealed(settings.database, key) as store:
        for file in private.tighten(private.files_of(settings.database, settings.journal)):
            log.warning(
                "Others can read %s, and this user may not change it.", file, extra={"action": "tighten-file"}
            )
        store.read_now(journal.require_not_behind, settings.journal)
        rules, now = rules_of(settings), utc_now()
        until = store.read_now(starting.require, rules.facts, now)
        if until is not None:
            starting.warn(rules.facts, until)
        # Otherwise a new database beside an existing journal would seem older than it after its first erasure.
        store.write_now(journal.number_on, journal.read(settings.journal))
        ship_library(store, now)
        store.write_now(staff.note_admins, settings.admins, now)
        starting.compare(store.write_now(archive.pending, rules.facts, now))
        warm_up(settings.schedule)
        service = Service(
            store,
            channels,
            rules,
            retention=settings.retention,
            journal=settings.journal,
            database=settings.database,
        )
        # While the loop is made, a stop would break it where it stands: it is kept until the loop can heed it.
        asked: list[int] = []
        signal.signal(signal.SIGTERM, lambda number, _: asked.append(number))
        asyncio.run(_serve(service, settings, asked))


def open_sealed(url: str, key: Sealing | None) -> Store:
    """Open the database of a service, whose file it owns, once it is sure that the key is the database's own.

    Raises:
        WrongKey: the addresses in it are sealed with another key.
        DatabaseError: it cannot be used, or the key is new there while another process is connected.
    """
    if own_key(url, key, utc_now()):
        log.warning("From now on addresses are sealed with the key.", extra={"action": "begin-key"})
    store = open_database(url, owned=True, key=key)
    if store.read_now(keys.has_work):
        # Few rows, before anybody is listened to: an erasure finds what waits under one name only.
        store.write_now(seals.seal_waiting)
    elif key is not None:
        for copy in copies.drop_in_clear(url):
            log.warning(
                "The copy %s of before an upgrade held addresses in clear: it is deleted.",
                copy.name,
                extra={"action": "drop-copy"},
            )
    return store


def channels_of(settings: Settings) -> Sequence[Channel]:
    """Return the channels that are configured; the terminal when none is. A channel's libraries are imported here."""
    channels: list[Channel] = []
    if (telegram := settings.channels.telegram) is not None:
        from bot.channels.telegram import TelegramChannel

        token = telegram.token.get_secret_value()
        logs.hide(token)
        channels.append(
            TelegramChannel(
                token=token,
                base_url=telegram.base_url,
                base_file_url=telegram.base_file_url,
                rate=telegram.rate,
                in_flight=telegram.in_flight,
                hook=telegram_hook(telegram),
            )
        )
    if (matrix := settings.channels.matrix) is not None:
        from bot.channels.matrix import MatrixChannel

        channels.append(
            MatrixChannel(
                matrix_account(matrix),
                matrix.rate,
                matrix.allowed_servers,
                look_back=settings.retention.messages - OLD_MARGIN,
            )
        )
    if settings.channels.console is not None or not channels:
        from bot.channels.console import ConsoleChannel

        channels.append(
            ConsoleChannel(folder=_terminal_folder(settings.database), language=settings.language)
        )
    return channels


def _terminal_folder(database: str) -> Path:
    """Return where the terminal puts pictures and papers: beside a SQLite file, or in the current folder with a server."""
    beside = Path() if dialects.is_server(database) else files.file_of(database).parent
    return beside.absolute() / "iaventure-terminal"


def telegram_hook(telegram: Telegram) -> Hook | None:
    """Return where updates are posted, in webhook mode. Its secret reaches no log from here on."""
    from bot.channels.telegram import Hook, secret_of

    webhook = telegram.webhook
    if telegram.mode != "webhook" or webhook is None:
        return None
    if webhook.secret is not None:
        secret = webhook.secret.get_secret_value()
    else:
        secret = secret_of(telegram.token.get_secret_value(), webhook.url)
    logs.hide(secret)
    return Hook(webhook.url, *webhook.address, secret)


def matrix_account(matrix: Matrix) -> Account:
    """Return the account on Matrix. Its secrets reach no log from here on."""
    from bot.channels.matrix.account import Account

    secrets = {
        name: secret.get_secret_value() if secret is not None else None
        for name, secret in (
            ("store_key", matrix.store_key),
            ("password", matrix.password),
            ("access_token", matrix.access_token),
            ("recovery_key", matrix.recovery_key),
        )
    }
    for secret in secrets.values():
        if secret is not None and secret != WAIVED:
            logs.hide(secret)
    if secrets["store_key"] == WAIVED:
        secrets["store_key"] = None
    return Account(
        matrix.homeserver, matrix.user_id, Path(matrix.store), device_id=matrix.device_id, **secrets
    )


def rules_of(settings: Settings) -> Rules:
    """Return what conversations depend on."""
    return Rules(
        settings.schedule,
        settings.language,
        frozenset(settings.admins),
        Facts.of(settings),
    )


def ship_library(store: Store, now: datetime) -> None:
    """Publish the course that comes with the program."""
    library = source.read([source.library()])
    if library.course is None:
        raise LookupError("the course that ships with the program is missing")
    changes = store.write_now(courses.ship, library.course, library.lessons, now=now)
    if changes:
        log.info(
            "The shipped course is published.", extra={"action": "ship-library", "changes": len(changes)}
        )


def warm_up(schedule: Schedule) -> None:
    """Load what is loaded at first use (catalogues, holidays): no first answer waits for it inside a transaction."""
    slot = next_slot(schedule, utc_now())
    for language in LANGUAGES:
        words_of(language).weekday(slot.day)
    # All that was loaded stays: looking through it again and again took the collector a tenth of the time.
    gc.collect()
    gc.freeze()
    gc.enable()


async def _serve(service: Service, settings: Settings, asked: Sequence[int]) -> None:
    """Serve until stopped. `asked`: signals that came before."""
    health = Health(service)
    systemd = Systemd.of(os.environ, os.getpid())
    serving = asyncio.current_task()

    def stop() -> None:
        systemd.tell("STOPPING=1")
        if serving is not None:
            serving.cancel()

    _stop_on_signals(stop)
    if asked:
        stop()
    with suppress(asyncio.CancelledError):
        async with monitoring.serving(service, health, settings.metrics.listen):
            scheduler = clock.start(service, settings.schedule.time_zone)
            accompanying = asyncio.create_task(systemd.accompany(health))
            try:
                await service.run()
            finally:
                accompanying.cancel()
                scheduler.shutdown(wait=False)


def _stop_on_signals(stop: Callable[[], object]) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop)
