# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""A person with a Matrix client, scripted. The package's docstring shows it all."""

from __future__ import annotations

import asyncio
import io
import tempfile
import time
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Self

from nio import (
    AsyncClient,
    AsyncClientConfig,
    LocalProtocolError,
    MegolmEvent,
    RoomSendResponse,
    SyncResponse,
    UploadResponse,
)
from nio.crypto.attachments import decrypt_attachment
from nio.store import SqliteStore

from tests.matrix.identity import Identity, identity, signatures
from tests.matrix.reader import PATIENCE, Reader, id_of
from tests.matrix.screens import POLL, File, Shown, Wire, read_poll, read_text
from tests.matrix.synapse import Account

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nio import Event

    from tests.matrix.reader import Someone
    from tests.matrix.synapse import Synapse

CLIENT = "/_matrix/client/v3"
ENCRYPTION = {"algorithm": "m.megolm.v1.aes-sha2"}
FILES = ("m.file", "m.image")


class Learner(Reader):
    """Someone with an account, one device, and rooms of their own making."""

    def __init__(self, synapse: Synapse, account: Account, *, encrypted: bool, only_signed: bool) -> None:
        super().__init__(account)
        self.synapse = synapse
        self.encrypted = encrypted
        self._only_signed = only_signed
        self._folder = tempfile.TemporaryDirectory(prefix="learner-")
        self._listening: asyncio.Task[None] | None = None
        self._client = self._made(self.account)

    @classmethod
    async def arrives(
        cls, synapse: Synapse, name: str = "ann", *, encrypted: bool = True, only_signed: bool = False
    ) -> Self:
        """A new person, whose device has published its keys and listens."""
        learner = cls(synapse, synapse.account(name), encrypted=encrypted, only_signed=only_signed)
        await learner._listens()
        return learner

    async def again(self) -> Learner:
        """The same person on one more device, in the newest room."""
        account = await self._logs_in()
        learner = Learner(self.synapse, account, encrypted=self.encrypted, only_signed=self._only_signed)
        await learner._listens()
        learner.room = self.room
        return learner

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.closes()

    @property
    def device_id(self) -> str:
        return self.account.device_id

    @property
    def device_keys(self) -> tuple[str, ...]:
        """The public keys of the device, by which others know it."""
        assert self._client.olm is not None
        return tuple(self._client.olm.account.identity_keys.values())

    async def opens_room(self, bot: Someone, *, timeout: float = PATIENCE) -> str:  # noqa: ASYNC109
        """A direct room with the bot, once it is in. What is said before is not for its keys."""
        room = await self.invites(bot)
        await self.met(bot, timeout=timeout)
        return room

    async def invites(self, *people: Someone, direct: bool = True, encrypted: bool | None = None) -> str:
        """A new room, to which people are asked."""
        wanted = self.encrypted if encrypted is None else encrypted
        state = [{"type": "m.room.encryption", "state_key": "", "content": ENCRYPTION}] if wanted else []
        answer = await self.asks(
            "POST",
            "createRoom",
            {
                "preset": "trusted_private_chat" if direct else "private_chat",
                "is_direct": direct,
                "invite": [id_of(person) for person in people],
                "initial_state": state,
            },
        )
        self.room = answer["room_id"]
        await self._until(lambda: self.room in self._client.rooms, PATIENCE, "the room")
        return self.room

    async def met(self, bot: Someone, *, room: str = "", timeout: float = PATIENCE) -> None:  # noqa: ASYNC109
        """Waits until the bot is in the room, as this person's client knows it, with its devices."""
        place = room or self.room

        def is_in() -> bool:
            known = self._client.rooms.get(place)
            return known is not None and id_of(bot) in known.users and id_of(bot) not in known.invited_users

        await self._until(is_in, timeout, f"{id_of(bot)} in the room")
        if self._client.rooms[place].encrypted and not self._client.device_store[id_of(bot)]:
            await self._keys_of(id_of(bot))

    async def knows(self, person: Someone, device: str) -> None:
        """Waits until this person's client has heard of a device, and writes to it."""
        await self._until(
            lambda: device in self._client.device_store[id_of(person)], PATIENCE, f"the device {device}"
        )

    async def joins(self, room: str) -> None:
        """Accepts an invitation, e.g. of the bot."""
        await self.asks("POST", f"rooms/{room}/join", {})
        self.room = room
        await self._until(lambda: room in self._client.rooms, PATIENCE, "the room")

    async def encrypts_room(self, room: str = "") -> None:
        """From now on the room is encrypted; there is no way back."""
        place = room or self.room
        await self.asks("PUT", f"rooms/{place}/state/m.room.encryption", ENCRYPTION)
        await self._until(lambda: self._client.rooms[place].encrypted, PATIENCE, "encryption")

    async def upgrades_room(self, room: str = "") -> str:
        """The room gets a successor, which this person is in; returns its id."""
        answer = await self.asks("POST", f"rooms/{room or self.room}/upgrade", {"new_version": "11"})
        return str(answer["replacement_room"])

    async def asks_in(self, person: Someone, *, room: str = "") -> None:
        """Invites someone to a room that there is."""
        await self.asks("POST", f"rooms/{room or self.room}/invite", {"user_id": id_of(person)})

    async def says(self, text: str, *, reply_to: str = "", notice: bool = False, room: str = "") -> str:
        """Types a text and sends it; returns the event's id."""
        content: dict[str, Any] = {"msgtype": "m.notice" if notice else "m.text", "body": text}
        if reply_to:
            content["m.relates_to"] = {"m.in_reply_to": {"event_id": reply_to}}
        return await self.sends("m.room.message", content, room=room)

    async def edits(self, event: str, text: str, *, room: str = "") -> str:
        """Changes what was said."""
        new = {"msgtype": "m.text", "body": text}
        relation = {"rel_type": "m.replace", "event_id": event}
        content = {**new, "body": f"* {text}", "m.new_content": new, "m.relates_to": relation}
        return await self.sends("m.room.message", content, room=room)

    async def redacts(self, event: str, *, room: str = "") -> None:
        """Takes back what was said."""
        await self.asks("PUT", f"rooms/{room or self.room}/redact/{event}/{time.monotonic_ns()}", {})

    async def reacts(self, event: str, key: str, *, room: str = "") -> str:
        """Puts an emoji under a message."""
        relation = {"rel_type": "m.annotation", "event_id": event, "key": key}
        return await self.sends("m.reaction", {"m.relates_to": relation}, room=room)

    async def votes(self, poll: Shown | str, *choices: str, stable: bool = False, room: str = "") -> str:
        """Chooses in a poll, by label or by the id of an answer; a bare event id takes ids only."""
        answers = poll.poll.answers if isinstance(poll, Shown) and poll.poll else {}
        ids = {label: name for name, label in answers.items()}
        chosen = [ids.get(choice, choice) for choice in choices]
        relation = {"rel_type": "m.reference", "event_id": poll if isinstance(poll, str) else poll.id}
        if stable:
            content: dict[str, Any] = {"m.relates_to": relation, "m.selections": chosen}
            return await self.sends("m.poll.response", content, room=room)
        content = {"m.relates_to": relation, f"{POLL}.response": {"answers": chosen}}
        return await self.sends(f"{POLL}.response", content, room=room)

    async def sends_file(self, name: str, content: bytes, *, size: int | None = None, room: str = "") -> str:
        """Sends a file, encrypted where the room is. `size`: what it claims, else the truth."""
        place = room or self.room
        encrypted = self._client.rooms[place].encrypted
        uploaded, keys = await self._client.upload(
            io.BytesIO(content), "application/octet-stream", name, encrypt=encrypted, filesize=len(content)
        )
        assert isinstance(uploaded, UploadResponse), uploaded
        info = {"size": len(content) if size is None else size, "mimetype": "application/yaml"}
        message: dict[str, Any] = {"msgtype": "m.file", "body": name, "filename": name, "info": info}
        if encrypted:
            message["file"] = {**(keys or {}), "url": uploaded.content_uri}
        else:
            message["url"] = uploaded.content_uri
        return await self.sends("m.room.message", message, room=place)

    async def sends(self, kind: str, content: Mapping[str, Any], *, room: str = "") -> str:
        """Any event, encrypted where the room is."""
        place = room or self.room
        known = self._client.rooms.get(place)
        assert known is not None, f"{self.user_id} is not in {place}"
        if known.encrypted:
            await self._prepares(place)
        answer = await self._client.room_send(place, kind, dict(content), ignore_unverified_devices=True)
        assert isinstance(answer, RoomSendResponse), answer
        return str(answer.event_id)

    async def forges(self, kind: str, content: Mapping[str, Any], *, room: str = "") -> str:
        """Any event, in clear whatever the room is."""
        path = f"rooms/{room or self.room}/send/{kind}/{time.monotonic_ns()}"
        return str((await self.asks("PUT", path, content))["event_id"])

    async def wire(self, *, room: str = "", sender: Someone = "") -> list[Wire]:
        """What the server keeps of the room, oldest first."""
        found: list[Wire] = []
        start = ""
        while True:
            path = f"rooms/{room or self.room}/messages?dir=f&limit=100{start}"
            answer = await self.asks("GET", path)
            found += [
                Wire(
                    event["event_id"], event["type"], event["sender"], event["content"], "state_key" in event
                )
                for event in answer["chunk"]
                if not sender or event["sender"] == id_of(sender)
            ]
            if "end" not in answer:
                return found
            start = f"&from={answer['end']}"

    async def leaves(self, room: str = "") -> None:
        await self.asks("POST", f"rooms/{room or self.room}/leave", {})

    async def trust(self, bot: Someone) -> Identity:
        """Who signed the bot's devices, as this person is told."""
        return await signatures(self.synapse, token=self.account.access_token, of=id_of(bot))

    async def asks(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Any request of the client-server API, which must succeed; returns the answer."""
        token = self.account.access_token
        status, answer = await self.synapse.call(method, f"{CLIENT}/{path}", body, token=token)
        assert status == 200, (path, answer)
        found: dict[str, Any] = answer
        return found

    async def goes_offline(self) -> None:
        """Hears and sends nothing any more."""
        if self._listening is not None:
            self._listening.cancel()
            await asyncio.gather(self._listening, return_exceptions=True)
            self._listening = None

    async def changes_device(self) -> None:
        """Logs out and in again, on a device that knows no key and no history."""
        await self.goes_offline()
        await self.asks("POST", "logout", {})
        await self._client.close()
        self.account = await self._logs_in()
        self._shown.clear()
        self._order.clear()
        self._client = self._made(self.account)
        await self._listens()

    async def closes(self) -> None:
        """The end; may be called twice."""
        await self.goes_offline()
        await self._client.close()
        if self._client.store is not None:
            self._client.store.database.close()
        self._folder.cleanup()

    async def _logs_in(self) -> Account:
        """The account with a new device."""
        login = {
            "type": "m.login.password",
            "identifier": {"type": "m.id.user", "user": self.user_id},
            "password": self.account.password,
        }
        answer = await self.asks("POST", "login", login)
        return replace(self.account, access_token=answer["access_token"], device_id=answer["device_id"])

    def _made(self, account: Account) -> AsyncClient:
        client = AsyncClient(
            self.synapse.url,
            account.user_id,
            account.device_id,
            self._folder.name,
            AsyncClientConfig(
                store=SqliteStore,
                encryption_enabled=True,
                store_sync_tokens=False,
                max_timeout_retry_wait_time=0.2,
            ),
        )
        client.restore_login(account.user_id, account.device_id, account.access_token)
        return client

    async def _listens(self) -> None:
        """The first answer is read before this returns: what it holds is history, not shown."""
        await self._hears(await self._syncs(0, full=True), shown=False)
        self._listening = asyncio.create_task(self._goes_on())

    async def _goes_on(self) -> None:
        while True:
            await self._hears(await self._syncs(10_000, full=False), shown=True)

    async def _syncs(self, timeout: int, *, full: bool) -> SyncResponse:  # noqa: ASYNC109
        while True:
            response = await self._client.sync(timeout=timeout, full_state=full)
            if isinstance(response, SyncResponse):
                return response
            await asyncio.sleep(0.1)  # a homeserver that stops answers once more, with an error

    async def _hears(self, response: SyncResponse, *, shown: bool) -> None:
        client = self._client
        if client.olm is not None and response.device_key_count.signed_curve25519 == 0:
            client.olm.uploaded_key_count = 0  # the client takes none for unknown
        if client.should_upload_keys:
            await client.keys_upload()
        if client.should_query_keys:
            await client.keys_query()
        if client.should_claim_keys:
            await client.keys_claim(client.get_users_for_key_claiming())
        await client.send_to_device_messages()
        if shown:
            for room, joined in response.rooms.join.items():
                for event in joined.timeline.events:
                    await self._takes(room, event)
        async with self._news:
            self._news.notify_all()

    async def _takes(self, room: str, event: Event) -> None:
        if event.sender == self.user_id:
            return
        source = event.source
        kind = source.get("type")
        content = source.get("content", {})
        if kind == "m.room.redaction":
            self._shown.pop(gone := source.get("redacts") or content.get("redacts"), None)
            self._order = [one for one in self._order if one != gone]
            return
        if kind not in ("m.room.message", "m.room.encrypted", f"{POLL}.start"):
            return
        relation = content.get("m.relates_to", {})
        wire_type = "m.room.encrypted" if getattr(event, "decrypted", False) else str(kind)
        if relation.get("rel_type") == "m.replace":
            if (edited := self._shown.get(relation["event_id"])) is not None:
                text, html = read_text(content.get("m.new_content", {}))
                self._shown[edited.id] = replace(edited, edits=edited.edits + 1, text=text, html=html)
            return
        shown = Shown(
            event.event_id,
            room,
            *read_text(content),
            wire_type,
            notice=content.get("msgtype") == "m.notice",
            reply_to=relation.get("m.in_reply_to", {}).get("event_id"),
            at=event.server_timestamp / 1000,
        )
        if isinstance(event, MegolmEvent):
            shown = replace(shown, readable=False, text="", html="")
        elif kind == f"{POLL}.start":
            poll = read_poll(content)
            assert poll is not None, content
            shown = replace(shown, poll=poll, text=poll.question)
        elif content.get("msgtype") in FILES:
            shown = replace(shown, file=await self._downloads(content))
        if wire_type == "m.room.encrypted":
            shown = await self._judged(shown, event)
        if shown.id not in self._shown:
            self._order.append(shown.id)
        self._shown[shown.id] = shown

    async def _judged(self, shown: Shown, event: Event) -> Shown:
        """With the shield of a device that its owner did not sign; unread, where such devices are excluded."""
        told = await self._devices_of(event.sender)
        signed = identity(told, event.sender).signed
        devices = told["device_keys"].get(event.sender, {})
        sender = getattr(event, "sender_key", None)
        device = next(
            (name for name, one in devices.items() if one["keys"].get(f"curve25519:{name}") == sender), None
        )
        if device in signed:
            return shown
        if self._only_signed:
            return replace(shown, readable=False, shield=True, text="", html="", poll=None, file=None)
        return replace(shown, shield=True)

    async def _devices_of(self, user: str) -> dict[str, Any]:
        """Asked while this person listens, and the homeserver may stop and come back."""
        while True:
            with suppress(OSError):
                status, told = await self.synapse.call(
                    "POST",
                    f"{CLIENT}/keys/query",
                    {"device_keys": {user: []}},
                    token=self.account.access_token,
                )
                if status == 200:
                    found: dict[str, Any] = told
                    return found
            await asyncio.sleep(0.1)

    async def _downloads(self, content: Mapping[str, Any]) -> File:
        locked = content.get("file")
        answer = await self._client.download((locked or content)["url"])
        body: bytes = answer.body
        if locked:
            body = decrypt_attachment(body, locked["key"]["k"], locked["hashes"]["sha256"], locked["iv"])
        info = content["info"]
        assert info["size"] == len(body)
        is_picture = content["msgtype"] == "m.image"
        size = (int(info["w"]), int(info["h"])) if is_picture else None
        return File(str(content.get("filename") or content["body"]), body, str(info["mimetype"]), size)

    async def _prepares(self, room: str) -> None:
        """As a client does before it encrypts: the newest devices; unsigned ones get no keys, where excluded."""
        if self._client.should_query_keys:
            with suppress(LocalProtocolError):
                await self._client.keys_query()
        if not self._only_signed:
            return
        for user in self._client.rooms[room].users:
            if user == self.user_id:
                continue
            signed = (await self.trust(user)).signed
            for device in self._client.device_store.active_user_devices(user):
                if device.id in signed:
                    self._client.unblacklist_device(device)
                else:
                    self._client.blacklist_device(device)

    async def _keys_of(self, user: str) -> None:
        assert self._client.olm is not None
        self._client.olm.users_for_key_query.add(user)
        await self._client.keys_query()

    def _check(self) -> None:
        if self._listening is not None and self._listening.done():
            self._listening.result()
