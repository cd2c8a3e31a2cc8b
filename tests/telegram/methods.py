# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What each method of the Bot API does to the emulated Telegram, with its limits and its words of refusal."""

from __future__ import annotations

import html
import inspect
import re
import time
from typing import TYPE_CHECKING, Any

from tests.telegram import entities, keyboard, pictures
from tests.telegram.entities import Formatted
from tests.telegram.errors import NOT_FOUND, WEBHOOK_ACTIVE, bad
from tests.telegram.updates import PAGE
from tests.telegram.world import Chat, Document, Object, Photo, Posted, World

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.telegram.requests import Request
    from tests.telegram.webhooks import Webhooks

TEXT = 4096
CAPTION = 1024
NOTICE = 200
COMMANDS = 100
COMMAND = re.compile(r"[a-z0-9_]{1,32}")
COMMAND_DESCRIPTION = 256
LONGEST_POLL = 50
LARGEST_DOWNLOAD = 20 * 2**20
LARGEST_UPLOAD = 50 * 2**20
PROFILE = {"setmydescription": 512, "setmyshortdescription": 120, "setmyname": 64}
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a "
    "current content and reply markup of the message"
)
TOO_OLD = "query is too old and response timeout expired or query ID is invalid"


class Methods:
    """The methods over one world. `light` leaves texts unparsed."""

    def __init__(
        self, world: World, webhooks: Webhooks, violate: Callable[[str], None], *, light: bool
    ) -> None:
        self._world = world
        self._webhooks = webhooks
        self._violate = violate
        self._light = light
        self._table: dict[str, Callable[[Request], Any]] = {
            "getme": lambda _: world.bot,
            "sendmessage": self._send_message,
            "senddocument": self._send_document,
            "sendphoto": self._send_photo,
            "editmessagetext": self._edit_text,
            "editmessagereplymarkup": self._edit_markup,
            "answercallbackquery": self._answer,
            "setmycommands": self._set_commands,
            "deletemycommands": self._delete_commands,
            "getmycommands": self._get_commands,
            "setmydescription": self._describe,
            "setmyshortdescription": self._describe,
            "setmyname": self._describe,
            "getupdates": self._get_updates,
            "setwebhook": webhooks.set,
            "deletewebhook": webhooks.delete,
            "getwebhookinfo": lambda _: webhooks.info(),
            "getfile": self._get_file,
            "getchat": self._get_chat,
            "leavechat": self._leave,
        }

    async def call(self, request: Request) -> Any:
        """The `result` of a call. Raises `Refused`."""
        method = self._table.get(request.method.lower())
        if method is None:
            raise NOT_FOUND
        result = method(request)
        return await result if inspect.isawaitable(result) else result

    def chat_of(self, request: Request) -> int | None:
        """The chat that a call is about, as far as it can be told."""
        if raw := request.params.get("chat_id"):
            return int(raw) if raw.removeprefix("-").isdecimal() else None
        query = self._world.queries.get(request.params.get("callback_query_id", ""))
        return query.chat if query else None

    async def _get_updates(self, request: Request) -> list[Object]:
        if self._webhooks.active:
            raise WEBHOOK_ACTIVE
        self._world.updates.allow(request)
        limit, timeout = request.number("limit", PAGE), request.number("timeout")
        if not 1 <= limit <= PAGE or not 0 <= timeout <= LONGEST_POLL:
            self._violate(f"getUpdates: limit {limit}, timeout {timeout}")
        return await self._world.updates.page(
            request.number("offset"), min(max(limit, 1), PAGE), min(timeout, LONGEST_POLL)
        )

    def _send_message(self, request: Request) -> Object:
        chat = self._world.reach(request.text("chat_id"))
        if not request.text("text"):
            raise bad("message text is empty")
        said = self._formatted(request, "text", "entities")
        _fits(said, TEXT, "message is too long")
        if not said.text:
            raise bad("message text is empty")
        return self._post(chat, request, "text", said)

    def _send_document(self, request: Request) -> Object:
        chat = self._world.reach(request.text("chat_id"))
        said = self._formatted(request, "caption", "caption_entities")
        _fits(said, CAPTION, "message caption is too long")
        return self._post(chat, request, "caption", said, document=self._document(request))

    def _send_photo(self, request: Request) -> Object:
        chat = self._world.reach(request.text("chat_id"))
        said = self._formatted(request, "caption", "caption_entities")
        _fits(said, CAPTION, "message caption is too long")
        return self._post(chat, request, "caption", said, photo=self._photo(request))

    def _post(
        self,
        chat: Chat,
        request: Request,
        name: str,
        said: Formatted,
        *,
        document: Document | None = None,
        photo: Photo | None = None,
    ) -> Object:
        buttons = keyboard.read(request)
        topic = request.number("message_thread_id")
        if topic and topic not in chat.topics:
            raise bad("message thread not found")
        reply_to = self._reply_to(chat, request)
        self._world.pace(chat)
        return self._world.post(
            chat,
            Posted(
                id=chat.next_id(),
                text=said.text,
                html=_source(request, name),
                entities=said.entities,
                buttons=buttons,
                reply_to=reply_to,
                at=time.time(),
                document=document,
                photo=photo,
            ),
        )

    def _document(self, request: Request) -> Document:
        given = request.text("document")
        upload = request.files.get(given.removeprefix("attach://") or "document")
        if upload is None:
            if not given:
                raise bad("there is no document in the request")
            if given not in self._world.files:
                raise bad("wrong remote file identifier specified: wrong padding in the string")
            return self._world.files[given]
        if not upload.content:
            raise bad("file must be non-empty")
        if len(upload.content) > LARGEST_UPLOAD:
            raise bad("file is too big")
        content = b"" if self._light else upload.content
        return self._world.keep(upload.name, upload.media_type, content, len(upload.content))

    def _photo(self, request: Request) -> Photo:
        given = request.text("photo")
        upload = request.files.get(given.removeprefix("attach://") or "photo")
        if upload is None:
            if not given:
                raise bad("there is no photo in the request")
            raise bad("wrong remote file identifier specified: wrong padding in the string")
        width, height = pictures.size_of(upload)
        content = b"" if self._light else upload.content
        return Photo(
            self._world.keep(upload.name, upload.media_type, content, len(upload.content)), width, height
        )

    def _reply_to(self, chat: Chat, request: Request) -> int | None:
        reply = request.json("reply_parameters", {}, "Bad Request: can't parse reply parameters JSON object")
        if not isinstance(reply, dict):
            raise bad("object expected as reply parameters")
        target = int(reply.get("message_id") or request.number("reply_to_message_id"))
        if not target:
            return None
        if target in chat.posted or target in chat.said:
            return target
        if reply.get("allow_sending_without_reply") or request.flag("allow_sending_without_reply"):
            return None
        raise bad("message to be replied not found")

    def _edit_text(self, request: Request) -> Object:
        chat, posted = self._target(request)
        if not request.text("text"):
            raise bad("message text is empty")
        if posted.file:
            raise bad("there is no text in the message to edit")
        said = self._formatted(request, "text", "entities")
        _fits(said, TEXT, "message is too long")
        buttons = keyboard.read(request)
        if (said.text, said.entities, buttons) == (posted.text, posted.entities, posted.buttons):
            raise bad(NOT_MODIFIED)
        posted.text, posted.entities, posted.buttons = said.text, said.entities, buttons
        posted.html = _source(request, "text")
        return self._edited(chat, posted)

    def _edit_markup(self, request: Request) -> Object:
        chat, posted = self._target(request)
        buttons = keyboard.read(request)
        if buttons == posted.buttons:
            raise bad(NOT_MODIFIED)
        posted.buttons = buttons
        return self._edited(chat, posted)

    def _edited(self, chat: Chat, posted: Posted) -> Object:
        posted.edits += 1
        posted.edited_at = time.time()
        chat.touch()
        return self._world.told(chat, posted)

    def _target(self, request: Request) -> tuple[Chat, Posted]:
        if not request.text("chat_id") and not request.text("inline_message_id"):
            raise bad("chat_id is empty")
        chat = self._world.reach(request.text("chat_id"))
        message = request.number("message_id")
        if message <= 0:
            raise bad("message identifier is not specified")
        if message in chat.said:
            raise bad("message can't be edited")
        if message not in chat.posted:
            raise bad("message to edit not found")
        return chat, chat.posted[message]

    def _answer(self, request: Request) -> bool:
        query = self._world.queries.get(request.text("callback_query_id"))
        if entities.units(request.text("text")) > NOTICE:
            raise bad("MESSAGE_TOO_LONG")
        if query is None or query.stale or query.notice is not None:
            raise bad(TOO_OLD)
        query.notice = request.text("text")
        query.answered_at = time.time()
        query.answered.set()
        return True

    def _formatted(self, request: Request, name: str, given_entities: str) -> Formatted:
        text, mode = request.text(name), request.text("parse_mode").lower()
        if self._light:
            return Formatted(text)
        if mode not in {"", "none", "html"}:
            self._violate(f"{request.method}: parse mode {mode} is not emulated")
            raise bad("unsupported parse_mode")
        if mode != "html":
            said = entities.plain(text)
            said.entities = request.json(given_entities, [], "Bad Request: can't parse entities JSON object")
            return said
        try:
            said = entities.parse_html(text)
        except entities.Unreadable as error:
            raise bad(f"can't parse entities: {error}") from None
        for lost in said.lost:
            self._violate(f"{request.method}: dropped in silence: {lost}")
        return said

    def _set_commands(self, request: Request) -> bool:
        complaint = "Bad Request: can't parse commands JSON object"
        commands = request.json("commands", [], complaint)
        if not isinstance(commands, list) or not all(isinstance(each, dict) for each in commands):
            raise bad("expected an Array of BotCommand")
        if len(commands) > COMMANDS:
            raise bad("BOT_COMMANDS_TOO_MUCH")
        for each in commands:
            if not COMMAND.fullmatch(str(each.get("command", "")).removeprefix("/")):
                raise bad("BOT_COMMAND_INVALID")
            described = str(each.get("description", "")).strip()
            if not described:
                raise bad("command description must be non-empty")
            if len(described) > COMMAND_DESCRIPTION:
                raise bad(f"command description length must not exceed {COMMAND_DESCRIPTION}")
        self._world.remember("commands", _scope(request), commands)
        return True

    def _delete_commands(self, request: Request) -> bool:
        self._world.profile.get("commands", {}).pop(_scope(request), None)
        return True

    def _get_commands(self, request: Request) -> list[Object]:
        return list(self._world.profile.get("commands", {}).get(_scope(request), []))

    def _describe(self, request: Request) -> bool:
        what = request.method.lower().removeprefix("setmy")
        name = {"shortdescription": "short_description"}.get(what, what)
        said = request.text(name)
        if len(said) > PROFILE[request.method.lower()]:
            raise bad(f"bot {name} is too long")
        self._world.remember(name, _language(request), said)
        return True

    def _get_file(self, request: Request) -> Object:
        document = self._world.files.get(request.text("file_id"))
        if document is None:
            raise bad("wrong file_id or the file is temporarily unavailable")
        if document.size > LARGEST_DOWNLOAD:
            raise bad("file is too big")
        told = document.told()
        return {
            "file_id": told["file_id"],
            "file_unique_id": told["file_unique_id"],
            "file_size": document.size,
            "file_path": f"documents/{document.id}",
        }

    def _get_chat(self, request: Request) -> Object:
        return {
            "accent_color_id": 0,
            "max_reaction_count": 11,
            **self._world.reach(request.text("chat_id")).about,
        }

    def _leave(self, request: Request) -> bool:
        chat = self._world.reach(request.text("chat_id"))
        if chat.about["type"] == "private":
            raise bad("chat member status can't be changed in private chats")
        chat.away = "bot is not a member of the group chat"
        return True


def _fits(said: Formatted, limit: int, complaint: str) -> None:
    if entities.units(said.text) > limit:
        raise bad(complaint)


def _source(request: Request, name: str) -> str:
    """A text as HTML, whatever it was sent as."""
    text = request.text(name)
    return text if request.text("parse_mode").lower() == "html" else html.escape(text, quote=False)


def _language(request: Request) -> str:
    code = request.text("language_code")
    if code and not re.fullmatch("[a-z]{2}", code):
        raise bad("invalid language code specified")
    return code


def _scope(request: Request) -> str:
    scope = request.json("scope", {"type": "default"}, "Bad Request: can't parse BotCommandScope JSON object")
    kind = scope.get("type") if isinstance(scope, dict) else None
    if not isinstance(kind, str):
        raise bad("can't parse BotCommandScope: Object expected")
    return f"{kind}/{_language(request)}"
