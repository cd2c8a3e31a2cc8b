# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""A real PostgreSQL for tests and benches, from the wheel that carries one: no root, no system package.

    server = Postgres(); server.start()           # 1.2 s; or the fixture `postgres`, one for the whole test run
    url = server.database()                       # a new, empty database; `like=` copies another one
    server.drop(url)
    server.kill(); server.start()                 # without a goodbye; same data, same port
    server.restart()                              # as an operator does: sessions are ended, what was kept stays
    server.stop()                                 # the data are gone, too

    with Cable(server, url) as cable:             # a store that opens `cable.url` can be cut off
        cable.cut_at_the_next_commit(Cut.ANSWER_LOST)

It runs as a process that dies with this one, on 127.0.0.1 and on a socket in its folder. `secured` is a user who needs a
password, everyone else is let in.
"""

from tests.postgres.cable import Cable, Cut
from tests.postgres.server import PASSWORD, SECURED, Postgres, client

__all__ = ["PASSWORD", "SECURED", "Cable", "Cut", "Postgres", "client"]
