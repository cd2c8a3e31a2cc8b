# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Matrix and Tchap: direct rooms, encrypted or not, through matrix-nio.

It keeps every promise of the protocol but edits: an answer is a reply, since a message changed further up goes unseen.

- `session`, `trust` and their neighbours: the account, its secrets, its signatures
- `client`: the library with its faults made good; `news`: syncs; `stream`: what comes in; `invitations`: which rooms
- `inbound`, `content`, `files`, `media`: what events say, both ways; `failures`: what refusals mean; `pace`: the rate limit

Transaction ids are the outbox keys: a message that is sent again within a day by the same device shows once. The
service stops trying before that day is over.
"""

from bot.channels.matrix.channel import MatrixChannel

__all__ = ["MatrixChannel"]
