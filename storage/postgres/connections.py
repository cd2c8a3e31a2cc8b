# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Connections to a PostgreSQL server: address, timeouts, limits."""

from __future__ import annotations

import logging
import re
from datetime import date
from typing import TYPE_CHECKING

import psycopg
from psycopg.adapt import Loader
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from sqlalchemy import create_engine, event

from storage.failures import DatabaseError
from storage.postgres.errors import READ_ONLY, code_of, explained
from storage.types import UNREADABLE

if TYPE_CHECKING:
    from psycopg.abc import AdaptContext, Buffer
    from sqlalchemy import Engine, ExceptionContext
    from sqlalchemy.pool import ConnectionPoolEntry

logging.getLogger("psycopg").setLevel(logging.ERROR)  # its warnings repeat what it raises

OLDEST = 14
"""The first version that ends idle sessions: see `SILENT`."""
CONNECT_TIMEOUT = 5
"""Seconds to wait for a connection."""
LOCK_TIMEOUT = 5.0
"""Seconds to wait for the write lock."""
LOCK_PATIENCE = 60.0
"""Seconds to wait for the write lock in an operator's command."""
STATEMENT_TIMEOUT = 60.0
"""Seconds after which the server cancels a statement."""
ABANDONED = 10.0
"""Seconds after which the server undoes a transaction whose process is idle: all others wait for it."""
LONGEST = 20.0
"""Seconds after which the server, from version 17, undoes any transaction: a process that stopped in the middle of a
request is not idle to the server, and no other timeout ends it."""
ENDS_TRANSACTIONS = 170_000
"""The first version of the server that has `transaction_timeout`."""
SILENT = 30.0
"""Seconds after which the server ends an idle writing session, and with it the locks of its accounts: a machine that sleeps,
or is cut off behind a proxy that still answers for it, would keep them. An owner runs a query every five seconds."""

PREPARED = 400
"""Prepared statements kept for a connection: a list of values needs one for each of its lengths."""

_KNOWN = {
    *("user", "password", "host", "port", "dbname"),
    *("sslmode", "sslrootcert", "sslcert", "sslkey", "target_session_attrs"),
}

# Both sides notice that the other is cut off after 10 + 3 × 5 seconds.
_IDLE, _INTERVAL, _COUNT = 10, 5, 3
_DEAD = (_IDLE + _INTERVAL * _COUNT) * 1000
_CLIENT: dict[str, str | int] = {
    "connect_timeout": CONNECT_TIMEOUT,
    "keepalives_idle": _IDLE,
    "keepalives_interval": _INTERVAL,
    "keepalives_count": _COUNT,
    "tcp_user_timeout": _DEAD,
    "client_encoding": "UTF8",
    "application_name": "iaventure",
}
_SERVER = {
    "TimeZone": "UTC",
    "tcp_keepalives_idle": _IDLE,
    "tcp_keepalives_interval": _INTERVAL,
    "tcp_keepalives_count": _COUNT,
    "tcp_user_timeout": _DEAD,
}

LAST_KEPT = "last kept"
"""The key, in the `info` of a connection of the writer, of the mark of the last transaction it committed."""


def parameters(url: str) -> dict[str, str]:
    """Return the parameters for the driver that a database address gives.

    Args:
        url: `postgresql://user[:password]@host[:port]/name`, or with `?host=/folder/of/the/socket`; TLS as in
            `?sslmode=require`; several hosts with `?target_session_attrs=read-write`.

    Raises:
        DatabaseError: it is not such an address. The message repeats nothing of it: it may hold a password.
    """
    try:
        values = {name: str(value) for name, value in conninfo_to_dict(url).items() if value is not None}
    except psycopg.ProgrammingError:
        values = {}
    # A password that was not escaped ends up in the host, the port or the name.
    sound = re.fullmatch(r"[0-9,]*", values.get("port", "")) and not any(
        mark in values.get("host", "") + values.get("dbname", "@") for mark in "@?#"
    )
    if not sound or "/" in values["dbname"]:
        raise DatabaseError(
            "The setting `database` is not an address such as postgresql://user@host/name; "
            "in a password, write %40 for @, %2F for / and %3A for :."
        )
    if unknown := sorted(values.keys() - _KNOWN):
        raise DatabaseError(f"The setting `database` may not set {', '.join(unknown)}. Take it away.")
    return values


def engine(url: str, *, read_only: bool = False, patient: bool = False) -> Engine:
    """Return connections to a database. A transaction on them starts with `begin`.

    What is wrong with the server is raised as a `DatabaseError`. `read_only` connections refuse every write; such a write
    is the caller's fault, and stays SQLAlchemy's error. `patient` connections, for the operator's commands, have long
    timeouts.
    """
    where = parameters(url)
    settings = {**_SERVER, "lock_timeout": round((LOCK_PATIENCE if patient else LOCK_TIMEOUT) * 1000)}
    if not patient and not read_only:
        settings["idle_session_timeout"] = round(SILENT * 1000)
    if not patient:
        settings["statement_timeout"] = round(STATEMENT_TIMEOUT * 1000)
        settings["idle_in_transaction_session_timeout"] = round(ABANDONED * 1000)
    options = " ".join(f"-c {name}={value}" for name, value in settings.items())
    address = make_conninfo("", **{**where, **_CLIENT, "options": options})

    def connect() -> psycopg.Connection:
        return psycopg.connect(address)

    def set_up(connection: psycopg.Connection, record: ConnectionPoolEntry) -> None:
        _require_usable(connection)
        connection.adapters.register_loader("timestamptz", _Instants)
        connection.adapters.register_loader("date", _Dates)
        connection.prepared_max = PREPARED
        if not read_only and not patient:
            record.info[LAST_KEPT] = ""
            if connection.info.server_version >= ENDS_TRANSACTIONS:
                connection.execute(f"SET transaction_timeout = {round(LONGEST * 1000)}".encode())

    def explain(context: ExceptionContext) -> DatabaseError | None:
        error = context.original_exception
        for raised in (error, context.sqlalchemy_exception):
            # The lines after the first hold values, such as a person's address.
            if raised is not None and raised.args:
                raised.args = (str(raised.args[0]).partition("\n")[0],)
        return None if read_only and code_of(error) == READ_ONLY else explained(error)

    made = create_engine(
        "postgresql+psycopg://", creator=connect, isolation_level="AUTOCOMMIT", hide_parameters=True
    )
    # Many rows in one statement: half the time of a statement for each, even of prepared ones in a pipeline.
    made.dialect.use_insertmanyvalues_wo_returning = True
    event.listen(made, "connect", set_up)
    event.listen(made, "handle_error", explain)
    return made


class _Instants(Loader):
    """Reads instants; those that Python cannot hold (`infinity`, years before our era) become `UNREADABLE`."""

    unreadable: date = UNREADABLE

    def __init__(self, oid: int, context: AdaptContext | None = None) -> None:
        super().__init__(oid, context)
        usual = psycopg.adapters.get_loader(oid, self.format)
        if usual is None:
            raise LookupError(f"the driver reads no values of type {oid}")
        self._load = usual(oid, context).load

    def load(self, data: Buffer) -> date:
        try:
            return self._load(data)  # type: ignore[no-any-return]
        except psycopg.DataError:
            return self.unreadable


class _Dates(_Instants):
    unreadable = UNREADABLE.date()


def _require_usable(connection: psycopg.Connection) -> None:
    version = connection.info.server_version // 10_000
    if version < OLDEST:
        raise DatabaseError(f"PostgreSQL {version} is too old: install {OLDEST} or a later one.")
    if connection.info.parameter_status("server_encoding") != "UTF8":
        raise DatabaseError(
            "The database is not in UTF-8. Make one with `createdb --encoding=UTF8 --template=template0`."
        )
