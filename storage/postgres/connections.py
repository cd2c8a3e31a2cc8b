# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""How a PostgreSQL server is reached, and what is asked of a connection."""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from sqlalchemy import create_engine, event

from storage.failures import DatabaseError
from storage.postgres.errors import READ_ONLY, code_of, explained

if TYPE_CHECKING:
    from sqlalchemy import Engine, ExceptionContext
    from sqlalchemy.pool import ConnectionPoolEntry

logging.getLogger("psycopg").setLevel(logging.ERROR)  # its warnings repeat what it raises

OLDEST = 14
"""The first that ends idle sessions: see `SILENT`."""
CONNECT_TIMEOUT = 5
"""Seconds to wait for a server that says nothing."""
LOCK_TIMEOUT = 5.0
"""Seconds to wait for whoever writes now."""
LOCK_PATIENCE = 60.0
"""The same for what is not service."""
STATEMENT_TIMEOUT = 60.0
ABANDONED = 10.0
"""Seconds after which a transaction whose process says nothing more is undone: all others wait for it."""
LONGEST = 20.0
"""Seconds after which a transaction is undone whatever its process does, on servers that can: a process that stopped in the
middle of a request is not idle to others, and nothing else ends it."""
ENDS_TRANSACTIONS = 170_000
"""The version of the server from which it has `transaction_timeout`."""
SILENT = 30.0
"""Seconds after which a writing session that says nothing is ended, and with it the accounts that it owns: a machine that
sleeps, or is cut off behind something that still answers for it, would keep them. An owner speaks every five seconds."""

PREPARED = 400
"""Statements that are kept prepared: a list of values makes one for each length of it."""

_KNOWN = {
    *("user", "password", "host", "port", "dbname"),
    *("sslmode", "sslrootcert", "sslcert", "sslkey", "target_session_attrs"),
}

# A machine that is cut off is noticed after 10 + 3 × 5 seconds, on both sides.
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
"""Under which name a connection that serves remembers the last transaction it kept (`Connection.info`)."""


def parameters(url: str) -> dict[str, str]:
    """What a database address says, as the driver wants it.

    Args:
        url: `postgresql://user[:password]@host[:port]/name`, or with `?host=/folder/of/the/socket`; TLS as in
            `?sslmode=require`; several hosts with `?target_session_attrs=read-write`.

    Raises:
        DatabaseError: it is not such an address. Nothing of it is repeated: it may hold a password.
    """
    try:
        found = {name: str(value) for name, value in conninfo_to_dict(url).items() if value is not None}
    except psycopg.ProgrammingError:
        found = {}
    # A password that was not escaped ends up in the host, the port or the name.
    sound = re.fullmatch(r"[0-9,]*", found.get("port", "")) and not any(
        mark in found.get("host", "") + found.get("dbname", "@") for mark in "@?#"
    )
    if not sound or "/" in found["dbname"]:
        raise DatabaseError(
            "The setting `database` is not an address such as postgresql://user@host/name; "
            "in a password, write %40 for @, %2F for / and %3A for :."
        )
    if unknown := sorted(found.keys() - _KNOWN):
        raise DatabaseError(f"The setting `database` may not set {', '.join(unknown)}. Take it away.")
    return found


def engine(url: str, *, read_only: bool = False, patient: bool = False) -> Engine:
    """Connections to a database; what is wrong with it is raised as a `DatabaseError`.

    `read_only` ones refuse every write. That is the caller's fault, and stays SQLAlchemy's error. `patient` ones are for
    what is not service: they may take their time. A transaction on them starts with `begin`.
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
        connection.prepared_max = PREPARED
        if not read_only and not patient:
            record.info[LAST_KEPT] = ""
            if connection.info.server_version >= ENDS_TRANSACTIONS:
                connection.execute(f"SET transaction_timeout = {round(LONGEST * 1000)}".encode())

    def explain(context: ExceptionContext) -> DatabaseError | None:
        error = context.original_exception
        for told in (error, context.sqlalchemy_exception):
            if told is not None and told.args:  # what follows the first line names values: a person's address
                told.args = (str(told.args[0]).partition("\n")[0],)
        return None if read_only and code_of(error) == READ_ONLY else explained(error)

    made = create_engine(
        "postgresql+psycopg://", creator=connect, isolation_level="AUTOCOMMIT", hide_parameters=True
    )
    # Many rows in one statement: half the time of a statement for each, even of prepared ones in a pipeline.
    made.dialect.use_insertmanyvalues_wo_returning = True
    event.listen(made, "connect", set_up)
    event.listen(made, "handle_error", explain)
    return made


def _require_usable(connection: psycopg.Connection) -> None:
    version = connection.info.server_version // 10_000
    if version < OLDEST:
        raise DatabaseError(f"PostgreSQL {version} is too old: install {OLDEST} or a later one.")
    if connection.info.parameter_status("server_encoding") != "UTF8":
        raise DatabaseError(
            "The database is not in UTF-8. Make one with `createdb --encoding=UTF8 --template=template0`."
        )
