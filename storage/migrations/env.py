# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""How alembic reaches the database: by the connection it is given, in one transaction."""

from __future__ import annotations

from alembic import context

from storage import dialects
from storage.tables import metadata

connection = context.config.attributes["connection"]

with dialects.of(connection).rebuilding(connection):
    # Inside the transaction, so that alembic neither begins nor commits one of its own.
    context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
    context.run_migrations()
