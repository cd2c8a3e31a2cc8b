# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""A server that cannot be used is told of in one sentence, and a password in none."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from storage.database import open_database, upgrade
from storage.failures import DatabaseError
from storage.filelock import own
from storage.postgres import connections
from tests.postgres import PASSWORD, SECURED
from tests.storage.notes import kept

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.postgres import Postgres

SECRET = quote(PASSWORD, safe="")


@pytest.fixture
def secured(postgres: Postgres, postgres_url: str) -> Iterator[str]:
    """The name of a database that a user with a password owns."""
    name = postgres_url.rpartition("/")[2]
    postgres.run(f"CREATE ROLE {SECURED} LOGIN PASSWORD '{PASSWORD}'")
    postgres.run(f"GRANT ALL ON ALL TABLES IN SCHEMA public TO {SECURED}", name)
    yield name
    postgres.run(f"DROP OWNED BY {SECURED}", name)
    postgres.run(f"DROP ROLE {SECURED}")


def test_a_password_of_any_characters_opens(secured: str, postgres: Postgres) -> None:
    with open_database(postgres.address(secured, SECURED, SECRET)) as store:
        assert store.read_now(lambda tx: tx.exec_driver_sql("SELECT current_user").scalar()) == SECURED


def test_a_wrong_password_is_refused_and_not_repeated(
    secured: str, postgres: Postgres, caplog: pytest.LogCaptureFixture
) -> None:
    with (
        caplog.at_level(logging.DEBUG),
        pytest.raises(DatabaseError, match="refuses the user or the password") as no,
    ):
        open_database(postgres.address(secured, SECURED, "hunter2"))
    said = f"{no.value!r}{no.value.__cause__!r}{caplog.text}"
    assert "hunter2" not in said


def test_a_missing_password_is_refused(secured: str, postgres: Postgres) -> None:
    with pytest.raises(DatabaseError, match="refuses the user or the password"):
        open_database(postgres.address(secured, SECURED))


def test_an_unknown_user_is_refused(postgres: Postgres) -> None:
    with pytest.raises(DatabaseError, match="refuses the user or the password"):
        open_database(postgres.address("postgres", "nobody-here"))


def test_a_user_without_rights_is_told_what_to_do(secured: str, postgres: Postgres) -> None:
    postgres.run(f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {SECURED}", secured)
    with pytest.raises(DatabaseError, match="lacks rights: make it the owner"):
        open_database(postgres.address(secured, SECURED, SECRET))


def test_a_user_who_may_make_no_tables_is_told_what_to_do(
    secured: str, postgres: Postgres, empty_postgres_url: str
) -> None:
    with pytest.raises(DatabaseError, match="lacks rights: make it the owner"):
        upgrade(postgres.address(empty_postgres_url.rpartition("/")[2], SECURED, SECRET))


def test_a_missing_database_is_told(postgres: Postgres) -> None:
    with pytest.raises(DatabaseError, match="no such database"):
        open_database(postgres.address("nowhere"))


def test_a_server_that_does_not_run_is_told() -> None:
    with pytest.raises(DatabaseError, match=r"PostgreSQL does not answer: .*Connection refused"):
        open_database("postgresql://postgres@127.0.0.1:1/name")


def test_a_host_that_does_not_exist_is_told() -> None:
    with pytest.raises(DatabaseError, match=r"PostgreSQL does not answer: .*resolve host"):
        open_database("postgresql://postgres@nowhere.invalid/name")


def test_a_server_without_a_free_connection_is_told(secured: str, postgres: Postgres) -> None:
    postgres.run(f"ALTER ROLE {SECURED} CONNECTION LIMIT 0")
    with pytest.raises(DatabaseError, match="no connection left"):
        open_database(postgres.address(secured, SECURED, SECRET))


def test_encryption_that_was_asked_for_is_not_done_without(postgres_url: str) -> None:
    with pytest.raises(DatabaseError, match=r"does not answer: .*SSL"):
        open_database(f"{postgres_url}?sslmode=require")


def test_a_database_in_another_encoding_is_refused(postgres: Postgres) -> None:
    postgres.run("CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1' LOCALE_PROVIDER libc LOCALE 'C'")
    with pytest.raises(DatabaseError, match="not in UTF-8"):
        upgrade(postgres.address("latin"))


def test_an_old_server_is_refused(postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "OLDEST", 99)
    with pytest.raises(DatabaseError, match="is too old: install 99"):
        open_database(postgres_url)


def test_a_socket_is_reached_by_its_folder(postgres: Postgres, postgres_url: str) -> None:
    name = postgres_url.rpartition("/")[2]
    with open_database(f"postgresql://postgres@/{name}?host={postgres.folder}&port={postgres.port}") as store:
        assert store.read_now(lambda tx: tx.exec_driver_sql("SELECT inet_client_addr()").scalar()) is None


def test_of_several_hosts_the_one_that_can_be_written_is_taken(postgres: Postgres, postgres_url: str) -> None:
    name, where = postgres_url.rpartition("/")[2], f"127.0.0.1:{postgres.port}"
    with open_database(
        f"postgresql://postgres@127.0.0.1:1,{where}/{name}?target_session_attrs=read-write"
    ) as store:
        store.write_now(lambda tx: tx.exec_driver_sql("CREATE TABLE note (id serial, text text)"))
        assert store.read_now(kept) == []


def test_a_dead_machine_is_noticed_and_nobody_waits_for_ever(postgres_url: str) -> None:
    with open_database(postgres_url) as opened:
        shown = opened.write_now(
            lambda tx: [
                tx.exec_driver_sql(f"SHOW {name}").scalar()
                for name in (
                    "tcp_keepalives_idle",
                    "tcp_keepalives_interval",
                    "tcp_keepalives_count",
                    "tcp_user_timeout",
                    "idle_in_transaction_session_timeout",
                    "lock_timeout",
                    "statement_timeout",
                )
            ]
        )
    assert shown == ["10", "5", "3", "25000", "10s", "5s", "1min"]


def test_a_second_run_may_start_beside_the_first(postgres_url: str) -> None:
    with own(postgres_url), own(postgres_url):
        pass
