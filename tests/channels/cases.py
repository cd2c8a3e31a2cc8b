# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What must a channel bring to be held to the promises of `Channel`?"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Mapping, Sequence
from enum import StrEnum
from typing import ClassVar

from bot.channels import Channel
from bot.messages import Event, Question


class Promise(StrEnum):
    """What the suite holds a channel to."""

    TEXTS = "a text arrives once and exactly as written"
    EDITS = "an edit changes the message it names"
    DOCUMENTS = "a document arrives with its bytes and its text"
    PICTURES = "a picture arrives with its bytes and its text, or says what it shows"
    CONTROLS = "a question is answered by what the channel offers to press"
    TYPING = "a question is answered by typing"
    REDELIVERY = "an event comes again until the page after it was asked for, and never after that"
    DOWNLOADS = "a file is downloaded within its bound"
    DEPARTURES = "a person who left is told apart from every other failure"
    OUTAGES = "a message that did not leave is told apart from one that may have"
    LIFE = "opening and closing can be repeated"
    FORGETTING = "an address is forgotten, twice as well as once"


class ChannelCase(ABC):
    """One channel with one person at the other end, over the real transport.

    `exempt` names the promises that make no sense for the channel, and says why. What is not named is tested.
    """

    name: ClassVar[str]
    exempt: ClassVar[Mapping[Promise, str]] = {}

    channel: Channel
    """Open while the case runs."""
    address: str
    """Of the person."""

    @abstractmethod
    async def start(self) -> None:
        """Start what stands in for the service, and open the channel."""

    @abstractmethod
    async def stop(self) -> None:
        """Close the channel, if a test has not, and stop the rest."""

    def listen(self) -> AsyncIterator[Sequence[Event]]:
        """Pages of what the person does."""
        return self.channel.listen()

    async def restart(self) -> None:
        """Let a new process take over: a new `channel` on the same account, the old one gone."""
        raise NotImplementedError

    @abstractmethod
    async def shown(self) -> list[str]:
        """What the person sees now: each message of the bot as plain text, oldest first, edits applied."""

    @abstractmethod
    async def type(self, text: str) -> None:
        """The person sends a text."""

    async def press(self, question: Question, key: str) -> None:
        """The person presses what stands for a choice in the newest message."""
        raise NotImplementedError

    async def send_file(self, name: str, content: bytes) -> None:
        """The person sends a file."""
        raise NotImplementedError

    async def received_files(self) -> list[tuple[str, bytes]]:
        """The files that the person got: name and content."""
        raise NotImplementedError

    async def received_pictures(self) -> list[tuple[str, bytes]]:
        """The pictures that the person got, with what is read to those who do not see one."""
        raise NotImplementedError

    async def refuses_files(self) -> None:
        """The service refuses whatever is uploaded from now on as too large; texts pass."""
        raise NotImplementedError

    async def leave(self) -> None:
        """The person blocks the bot, or leaves."""
        raise NotImplementedError

    async def vanish(self) -> None:
        """The service stops listening: nothing can be connected to."""
        raise NotImplementedError
