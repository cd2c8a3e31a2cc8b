# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Channels: one adapter and one account each, behind one protocol."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from typing import Protocol, runtime_checkable

from bot.hearing import Hearing
from bot.messages import Event, FileRef, Limits, Piece
from bot.pacing import Pace
from config.errors import INPUT, SERVICE, IaventureError


class ChannelError(IaventureError):
    """A channel did not do what it was asked.

    Without a message of its own, an error says the first line of its docstring. No text of an error names a person or
    holds a secret. The class's name is part of what logs, measures and the outbox keep: a subclass is a new name there.
    """

    def __init__(self, message: str = "") -> None:
        super().__init__(message or self.summary())

    @classmethod
    def summary(cls) -> str:
        """Return the first line of the docstring as a clause: without its capital and its full stop."""
        line = (cls.__doc__ or "").partition("\n")[0].removesuffix(".")
        return line[:1].lower() + line[1:]


class Failure(ChannelError):
    """A message did not leave, or may not have. Its text is for the log and names no person.

    A channel tells failures apart by their form. What it does not know belongs to the class with the smallest effect: one
    address is concerned rather than a lesson, and a lesson rather than the channel.
    """


class Refused(Failure):
    """The address refuses this message, and may take another one later. Other addresses are not concerned. Nothing left."""


class Gone(Refused):
    """The person blocked the bot, left or was deactivated: nothing more can reach this address."""


class Unexplained(Refused):
    """The service refuses this message for a reason that is not known: the address, or the content. Nothing left."""


class Throttled(Failure):
    """Told to wait.

    The channel said to wait `after` seconds before sending to this address again. Nothing left.
    """

    def __init__(self, after: float) -> None:
        super().__init__(f"{self.summary()}: {after:g} s")
        self.after = after


class Rejected(Failure):
    """The channel refuses this content and always will. Nothing left."""


class Oversized(Rejected):
    """The file is too large."""


class Unreachable(Failure):
    """The channel could not be reached. Nothing left."""


class Uncertain(Failure):
    """The call failed after the message may have left."""


class ChannelFault(ChannelError):
    """The channel itself is at fault, no message and no person: a wrong token, a filtering proxy, another poller.

    `fatal`: waiting cannot cure it. The channel is stopped until the operator acts; else it is tried again later.
    The text is one sentence that says what to do; it holds no secret.
    """

    def __init__(self, message: str = "", *, fatal: bool = False) -> None:
        super().__init__(message)
        self.fatal = fatal
        # What waiting cannot cure is the operator's to change, like a setting.
        self.exit_code = INPUT if fatal else SERVICE


class Contested(ChannelFault):
    """Another process receives with this account's token."""


class Channel(Protocol):
    """What an adapter must keep. The conformance suite in `tests/channels` holds every channel to it.

    An adapter translates and nothing else: it keeps no state about learners, decides nothing, retries nothing,
    and paces nothing that is sent (`bot.service` and `bot.pacing` do). Everything that comes from outside is bounded and
    checked here before it becomes an `Event`; everything that leaves is escaped here.
    """

    name: str
    """`telegram`, `matrix`, `console`: the first half of an address."""
    account: str
    """Names the account that only one process may run at a time; no secret, at most 255 characters."""
    limits: Limits
    pace: Pace
    asks_one_at_a_time: bool
    """Whether `listen` must be asked for more only when all that was to be said has been said (a piped terminal)."""

    @property
    def device(self) -> str:
        """Whose sends the service knows to be the same when they come twice; empty where it never does. Known once open."""
        ...

    async def open(self) -> None:
        """Connect and check the account. May be called again after a `ChannelFault`.

        Raises:
            ChannelFault: the account cannot be used, or the service cannot be reached.
        """
        ...

    def listen(self) -> AsyncIterator[Sequence[Event]]:
        """Yield pages of events, in the order they happened, for ever (or until the input ends).

        Asking for the next page acknowledges the one before: an event of a page that was not followed by a request
        for the next comes again, with the same id, after a crash or a restart. What cannot be understood is
        dropped with a line in the log; it never ends the iteration. Passing network failures are retried inside, with
        back-off.

        Raises:
            ChannelFault: it ends the iteration.
        """
        ...

    async def send(self, address: str, piece: Piece, key: str, target: str = "") -> str:
        """Make exactly one visible change and return the message's reference.

        `key` is the outbox key: where the service knows idempotent sends it is the transaction id. `target` is the
        reference of the message that an `Edit` changes or a `Send` replies to; empty when it is not known, and then an edit
        is sent as a new message. An edit that changes nothing is a success; one whose target is gone is sent as a new
        message. An edit without text takes the buttons away: without its target it is a success that does nothing.

        Raises:
            Gone: nothing more can reach this address.
            Refused: this address refuses it; so does what is `Unexplained`, which may be the content's fault.
            Throttled: the address, or the account, must wait.
            Rejected: the channel refuses this content, whatever the address.
            Unreachable: nothing left.
            Uncertain: the message may have left.
            ChannelFault: no message can leave.
        """
        ...

    async def acknowledge(self, event: Event, text: str) -> None:
        """Answer a press at once with at most 200 characters of plain text. Best effort: never raises a `Failure`."""
        ...

    async def download(self, file: FileRef, limit: int) -> bytes:
        """Return the bytes of a file that a person sent, at most `limit`.

        Raises:
            Rejected: the file is larger, or is not what was sent.
            Unreachable: whatever else keeps it from being downloaded.
        """
        ...

    async def introduce(self, commands: Mapping[str, Mapping[str, str]]) -> None:
        """Show the commands in the application's own menu: language → command → description. Best effort."""
        ...

    def reach(self, person: str) -> tuple[str, ...]:
        """Return where someone the operator names is reached: the same, or their direct rooms, the newest first.

        Never fails.
        """
        ...

    async def forget(self, address: str) -> None:
        """Forget an address whose person was erased: leave its room, delete what this machine's own store holds of it.

        It may be called twice, and again after a failure. Nothing where there is no such store.

        Raises:
            ChannelError: it is not done; it may be tried again.
        """
        ...

    async def close(self) -> None:
        """Let go of connections. Calls under way may fail with `Uncertain`. May be called twice."""
        ...


@runtime_checkable
class Listening(Protocol):
    """A channel whose `listen` asks again and again while nothing happens, and notes when, and what came of it."""

    hearing: Hearing
    """Whether the service answers: so a deaf channel is noticed. It outlives `close`."""

    @property
    def alive_at(self) -> float:
        """When `listen` last asked, in seconds of the monotonic clock; ahead of it while told to wait.

        A minute or two old at most while all is well.
        """
        ...


@runtime_checkable
class Storing(Protocol):
    """A channel with a store of its own on each machine."""

    @property
    def own_device(self) -> str:
        """The device whose store is open here, also while another machine owns the account; empty when none is."""
        ...

    async def compact(self) -> None:
        """Give the space of what was forgotten back to the disk. Best effort: never raises."""
        ...


@runtime_checkable
class Inviting(Protocol):
    """A channel to which people invite the account."""

    @property
    def refused_invitations(self) -> int:
        """Those that were left unanswered since the channel was made, for the server they came from."""
        ...


@runtime_checkable
class Identifying(Protocol):
    """A channel whose addresses name places, and which knows who is in them."""

    def accounts(self) -> Mapping[str, str] | None:
        """Return address → account where the account is known; None while none is known yet: the caller asks again later.

        Must not raise.
        """
        ...


@runtime_checkable
class Doubting(Protocol):
    """A channel whose service may write in anybody's name: of those who may publish it looks at the device, too."""

    def judge(self, people: Collection[str]) -> None:
        """Say from now on, in each event of these people, whose device it came from: `Event.identity`, or a `doubt`.

        Of others nothing is asked: their events keep a doubt.
        """
        ...


@runtime_checkable
class Following(Protocol):
    """A channel whose place in what happens belongs to this machine: it must keep up while another one owns the account."""

    async def follow(self, stored: Callable[[], Awaitable[int]]) -> None:
        """Go on once; what it opens stays so until `open` or `close`. What no owner has stored is still told by `listen`.

        `stored`: how many pages of `listen` owners of the account have stored so far.

        Raises:
            Failure: the service cannot be asked now.
            ChannelFault: the account cannot be used.
        """
        ...


@runtime_checkable
class Inspected(Protocol):
    """A channel that only one process may open, and whose account `iaventure check` looks at all the same."""

    async def problems(self) -> list[str]:
        """Return what is wrong with the account, one sentence each, while the service may be running.

        Raises:
            ChannelFault: it cannot be looked at.
        """
        ...
