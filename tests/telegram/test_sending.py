# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Are messages shown as they are sent, and refused where Telegram refuses them?"""

from __future__ import annotations

import asyncio
import io
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest

from tests.pictures import png

if TYPE_CHECKING:
    from tests.telegram import Person, Telegram
    from tests.telegram.conftest import Raw

NOT_MODIFIED = "Bad Request: message is not modified"


def keyboard(*rows: list[str]) -> dict[str, Any]:
    return {
        "inline_keyboard": [
            [{"text": label, "callback_data": f"data:{label}"} for label in row] for row in rows
        ]
    }


async def test_a_message_appears_on_the_screen_with_its_buttons(ann: Person, bot: Raw) -> None:
    sent = await bot.get(
        "sendMessage",
        chat_id=ann.id,
        text="<b>Bonjour</b>",
        parse_mode="HTML",
        reply_markup=keyboard(["1", "2"], ["3"]),
    )
    shown = await ann.next_message()
    assert (shown.id, shown.text, shown.html) == (sent["message_id"], "Bonjour", "<b>Bonjour</b>")
    assert shown.entities == ({"type": "bold", "offset": 0, "length": 7},)
    assert shown.buttons == (("1", "2"), ("3",))
    assert shown.data == (("data:1", "data:2"), ("data:3",))
    assert not shown.edited


async def test_form_json_multipart_and_query_string_say_the_same(
    telegram: Telegram, ann: Person, bot: Raw
) -> None:
    address = f"{bot.address}/sendMessage"
    params = {"chat_id": str(ann.id), "text": "é & + = 1", "reply_markup": '{"inline_keyboard":[]}'}
    parts = aiohttp.MultipartWriter("form-data")
    for name, value in params.items():
        parts.append(value).set_content_disposition("form-data", name=name)
    typed = {"chat_id": ann.id, "text": params["text"], "reply_markup": {"inline_keyboard": []}}
    for request in (
        bot.session.post(address, data=params),
        bot.session.post(address, json=typed),
        bot.session.post(address, data=parts),
        bot.session.get(address, params=params),
        bot.session.post(f"{bot.address}/SENDMESSAGE", data=params),
    ):
        async with request as response:
            assert response.status == 200, await response.text()
    assert [message.text for message in await ann.messages()] == ["é & + = 1"] * 5
    assert await telegram.violations() == []


@pytest.mark.parametrize(
    ("params", "complaint"),
    [
        ({"text": ""}, "Bad Request: message text is empty"),
        ({"text": " \n "}, "Bad Request: message text is empty"),
        ({"text": "<b> </b>", "parse_mode": "HTML"}, "Bad Request: message text is empty"),
        ({"text": "🎓" * 2048 + "x"}, "Bad Request: message is too long"),
        ({"text": "x", "chat_id": "1"}, "Bad Request: chat not found"),
        ({"text": "x", "chat_id": "@nobody"}, "Bad Request: chat not found"),
        ({"text": "x", "chat_id": ""}, "Bad Request: chat_id is empty"),
        (
            {"text": "x", "reply_parameters": {"message_id": 9}},
            "Bad Request: message to be replied not found",
        ),
        ({"text": "x", "reply_markup": "{"}, "Bad Request: can't parse reply keyboard markup JSON object"),
        ({"text": "x", "reply_markup": "[]"}, "Bad Request: object expected as reply markup"),
        ({"text": "x", "reply_markup": keyboard(["é" * 30])}, "Bad Request: BUTTON_DATA_INVALID"),
        ({"text": "x", "reply_markup": keyboard(["1"] * 9)}, "Bad Request: reply markup is too long"),
        ({"text": "x", "reply_markup": keyboard(*[["1"]] * 101)}, "Bad Request: reply markup is too long"),
        (
            {"text": "x", "reply_markup": keyboard([" "])},
            "Bad Request: inline keyboard button text must be non-empty",
        ),
        (
            {"text": "x", "reply_markup": {"inline_keyboard": [[{"text": "1"}]]}},
            (
                "Bad Request: can't parse inline keyboard button: "
                "Text buttons are unallowed in the inline keyboard"
            ),
        ),
        (
            {"text": "<b>x", "parse_mode": "html"},
            "Bad Request: can't parse entities: Can't find end tag corresponding to start tag \"b\"",
        ),
    ],
)
async def test_what_telegram_refuses_is_refused(
    params: dict[str, Any], complaint: str, ann: Person, bot: Raw
) -> None:
    assert await bot.refusal("sendMessage", **{"chat_id": ann.id, **params}) == complaint
    assert await ann.messages() == []


async def test_limits_count_what_is_left_after_parsing(ann: Person, bot: Raw) -> None:
    await bot.get("sendMessage", chat_id=ann.id, text=f"<b>{'é' * 4096}</b>", parse_mode="HTML")
    assert len((await ann.next_message()).text) == 4096


async def test_an_edit_replaces_text_and_buttons(ann: Person, bot: Raw) -> None:
    sent = await bot.get("sendMessage", chat_id=ann.id, text="avant", reply_markup=keyboard(["1"]))
    edit = {"chat_id": ann.id, "message_id": sent["message_id"], "text": "après"}
    await bot.get("editMessageText", **edit)
    shown = await ann.sees("après")
    assert shown.edited
    assert shown.buttons == ()
    assert (await bot.refusal("editMessageText", **edit)).startswith(NOT_MODIFIED)
    await bot.get("editMessageReplyMarkup", chat_id=ann.id, message_id=shown.id, reply_markup=keyboard(["2"]))
    assert (await ann.sees("après")).buttons == (("2",),)


async def test_only_messages_of_the_bot_that_exist_can_be_edited(
    telegram: Telegram, ann: Person, bot: Raw
) -> None:
    hers = await ann.says("bonjour")
    sent = await bot.get("sendMessage", chat_id=ann.id, text="x")
    edit = {"chat_id": ann.id, "text": "y"}
    assert await bot.refusal("editMessageText", **edit, message_id=hers) == (
        "Bad Request: message can't be edited"
    )
    await telegram.lose_messages(ann.id, sent["message_id"])
    assert await bot.refusal("editMessageText", **edit, message_id=sent["message_id"]) == (
        "Bad Request: message to edit not found"
    )


async def test_a_reply_names_the_message_it_answers(ann: Person, bot: Raw) -> None:
    asked = await ann.says("pourquoi ?")
    await bot.get("sendMessage", chat_id=ann.id, text="parce que", reply_parameters={"message_id": asked})
    assert (await ann.next_message()).reply_to == asked
    await bot.get(
        "sendMessage",
        chat_id=ann.id,
        text="sans",
        reply_parameters={"message_id": 999, "allow_sending_without_reply": True},
    )
    assert (await ann.next_message()).reply_to is None


async def test_a_document_arrives_with_its_content(ann: Person, bot: Raw) -> None:
    form = aiohttp.FormData({"chat_id": str(ann.id), "caption": "<i>votre cours</i>", "parse_mode": "HTML"})
    form.add_field("document", b"contenu", filename="cours.txt", content_type="text/plain")
    async with bot.session.post(f"{bot.address}/sendDocument", data=form) as response:
        body = await response.json()
    assert body["result"]["document"]["file_size"] == 7
    shown = await ann.next_message()
    assert (shown.document, shown.content, shown.text) == ("cours.txt", b"contenu", "votre cours")
    assert await bot.refusal("editMessageText", chat_id=ann.id, message_id=shown.id, text="x") == (
        "Bad Request: there is no text in the message to edit"
    )


async def test_a_caption_is_shorter_than_a_text(ann: Person, bot: Raw) -> None:
    form = aiohttp.FormData({"chat_id": str(ann.id), "caption": "x" * 1025, "document": "attach://here"})
    form.add_field("here", b"contenu", filename="cours.txt")
    async with bot.session.post(f"{bot.address}/sendDocument", data=form) as response:
        assert (await response.json())["description"] == "Bad Request: message caption is too long"
    assert await bot.refusal("sendDocument", chat_id=ann.id) == (
        "Bad Request: there is no document in the request"
    )


def photo(ann: Person, content: bytes, **params: str) -> aiohttp.FormData:
    form = aiohttp.FormData({"chat_id": str(ann.id), **params})
    form.add_field("photo", io.BytesIO(content), filename="carte.png", content_type="image/png")
    return form


async def test_a_picture_arrives_with_its_caption(ann: Person, bot: Raw) -> None:
    form = photo(ann, png(300, 200), caption="<b>12</b> leçons", parse_mode="HTML")
    async with bot.session.post(f"{bot.address}/sendPhoto", data=form) as response:
        body = await response.json()
    (size,) = body["result"]["photo"]
    assert (size["width"], size["height"], size["file_size"]) == (300, 200, len(png(300, 200)))
    assert body["result"]["caption"] == "12 leçons"
    shown = await ann.next_message()
    assert (shown.text, shown.photo, shown.document) == ("12 leçons", (300, 200), None)
    assert shown.content == png(300, 200)
    assert [entity["type"] for entity in shown.entities] == ["bold"]
    assert await bot.refusal("editMessageText", chat_id=ann.id, message_id=shown.id, text="x") == (
        "Bad Request: there is no text in the message to edit"
    )


@pytest.mark.parametrize(
    ("content", "caption", "complaint"),
    [
        (b"", "", "Bad Request: file must be non-empty"),
        (b"%PDF-1.7", "", "Bad Request: IMAGE_PROCESS_FAILED"),
        (png()[:-20], "", "Bad Request: IMAGE_PROCESS_FAILED"),
        (png(5001, 5000), "", "Bad Request: PHOTO_INVALID_DIMENSIONS"),
        (png(20, 401), "", "Bad Request: PHOTO_INVALID_DIMENSIONS"),
        (png(), "🎓" * 512 + "x", "Bad Request: message caption is too long"),
        (
            png() + b"x" * 10 * 2**20,
            "",
            (
                f"Bad Request: file of size {len(png()) + 10 * 2**20} bytes is too big for a photo; "
                "the maximum size is 10485760 bytes"
            ),
        ),
    ],
    ids=["empty", "no picture", "cut", "too large", "too thin", "caption", "too heavy"],
)
async def test_a_picture_that_telegram_refuses_is_refused(
    content: bytes, caption: str, complaint: str, ann: Person, bot: Raw
) -> None:
    form = photo(ann, content, caption=caption)
    async with bot.session.post(f"{bot.address}/sendPhoto", data=form) as response:
        assert (response.status, (await response.json())["description"]) == (400, complaint)
    assert await ann.messages() == []


async def test_a_picture_at_every_limit_arrives(ann: Person, bot: Raw) -> None:
    for content in (png(5000, 5000), png(20, 400), png() + b"x" * (10 * 2**20 - len(png()))):
        form = photo(ann, content, caption="🎓" * 512)
        async with bot.session.post(f"{bot.address}/sendPhoto", data=form) as response:
            assert response.status == 200, await response.text()


async def test_a_picture_must_be_in_the_request(ann: Person, bot: Raw) -> None:
    assert await bot.refusal("sendPhoto", chat_id=ann.id) == "Bad Request: there is no photo in the request"


async def test_a_wrong_token_and_an_unknown_method_are_told_apart(telegram: Telegram, bot: Raw) -> None:
    for path, expected in (
        (f"{telegram.base_url}1:wrong/getMe", (401, "Unauthorized")),
        (f"{telegram.base_url}nonsense/getMe", (404, "Not Found")),
        (f"{bot.address}/sendCake", (404, "Not Found")),
    ):
        async with bot.session.post(path) as response:
            assert (response.status, (await response.json())["description"]) == expected


async def test_parameters_that_do_not_exist_or_have_another_type_are_violations(
    telegram: Telegram, ann: Person, bot: Raw
) -> None:
    await bot.get("sendMessage", chat_id=ann.id, text="x", colour="red")
    await bot.get("sendMessage", chat_id=ann.id, text="x", disable_notification="perhaps")
    button = {"text": "1", "callback_data": "d", "colour": "red"}
    await bot.get("sendMessage", chat_id=ann.id, text="x", reply_markup={"inline_keyboard": [[button]]})
    first, second, third = await telegram.violations()
    assert first == "sendMessage: unknown parameter 'colour'"
    assert second.startswith("sendMessage: disable_notification")
    assert third == "sendMessage: unknown field reply_markup.inline_keyboard.colour"
    await telegram.forget()
    assert await telegram.violations() == []


async def test_rates_are_enforced_when_asked_for(telegram: Telegram, ann: Person, bot: Raw) -> None:
    await telegram.limit_rates(chat=1)
    # At once: three fit into three seconds, and a busy machine could take those from one to the next.
    answers = await asyncio.gather(
        *(bot.ask("sendMessage", chat_id=ann.id, text=text) for text in "abcd"),
    )
    (body,) = [body for status, body in answers if status == 429]
    after = body["parameters"]["retry_after"]
    assert 1 <= after <= 3
    assert body["description"] == f"Too Many Requests: retry after {after}"
    await telegram.limit_rates()
    await bot.get("sendMessage", chat_id=ann.id, text="d")


async def test_what_the_bot_says_of_itself_is_kept_by_language(telegram: Telegram, bot: Raw) -> None:
    menu = [{"command": "lecon", "description": "La leçon du jour"}]
    await bot.get("setMyCommands", commands=menu, language_code="fr")
    await bot.get("setMyDescription", description="Deux minutes par jour")
    assert await bot.get("getMyCommands", language_code="fr") == menu
    assert await bot.get("getMyCommands") == []
    profile = await telegram.profile()
    assert profile == {"commands": {"default/fr": menu}, "description/": "Deux minutes par jour"}
    await bot.get("deleteMyCommands", language_code="fr")
    assert await bot.get("getMyCommands", language_code="fr") == []


@pytest.mark.parametrize(
    ("command", "complaint"),
    [
        ({"command": "Leçon", "description": "x"}, "Bad Request: BOT_COMMAND_INVALID"),
        ({"command": "a" * 33, "description": "x"}, "Bad Request: BOT_COMMAND_INVALID"),
        (
            {"command": "a", "description": " "},
            "Bad Request: command description must be non-empty",
        ),
        (
            {"command": "a", "description": "x" * 257},
            "Bad Request: command description length must not exceed 256",
        ),
    ],
)
async def test_a_command_that_telegram_refuses_is_refused(
    command: dict[str, str], complaint: str, bot: Raw
) -> None:
    assert await bot.refusal("setMyCommands", commands=[command]) == complaint
