# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The Telegram channel makes an event of each update, or nothing."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from telegram import Update

from bot.channels.cleaning import line, paragraphs
from bot.channels.telegram.inbound import Identity, essential, event_of
from bot.messages import Event, FileRef, Kind

ME = Identity(99, "IAventureBot")
NOW = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
SENT = 1_795_000_000
CLAIRE = {"id": 4711, "is_bot": False, "first_name": "Claire", "last_name": "Roux", "language_code": "fr-FR"}
DIRECT = {"id": 4711, "type": "private", "first_name": "Claire"}
GROUP = {"id": -100, "type": "supergroup", "title": "Mairie"}
BOT = {"id": 99, "is_bot": True, "first_name": "IAventure", "username": "IAventureBot"}


SERVICES: tuple[dict[str, Any], ...] = (
    {"delete_chat_photo": True},
    {"pinned_message": {"message_id": 3, "date": SENT, "chat": DIRECT, "text": "x"}},
    {"chat_background_set": {"type": {"type": "chat_theme", "theme_name": "x"}}},
    {"write_access_allowed": {"from_request": True}},
    {"checklist_tasks_done": {"marked_as_done_task_ids": [1]}},
    {"new_chat_members": [CLAIRE]},
    {"poll_option_added": {"option_text": "x", "option_persistent_id": "1"}},
)


def read(**update: Any) -> Event | None:
    return event_of(Update.de_json({"update_id": 7, **update}), ME, NOW)


def message(**content: Any) -> dict[str, Any]:
    return {"message_id": 12, "date": SENT, "chat": DIRECT, "from": CLAIRE, **content}


def said(**content: Any) -> Event:
    found = read(message=message(**content))
    assert found is not None
    return found


def pressed(data: str, **query: Any) -> Event | None:
    shown = message(**{"from": BOT, "text": "?"})
    return read(
        callback_query={
            "id": "55",
            "from": CLAIRE,
            "message": shown,
            "chat_instance": "1",
            "data": data,
            **query,
        }
    )


def membership(old: str, new: str, chat: dict[str, Any] = DIRECT) -> Event | None:
    change = {"chat": chat, "from": CLAIRE, "date": SENT}
    return read(my_chat_member={**change, "old_chat_member": member(old), "new_chat_member": member(new)})


def member(status: str) -> dict[str, Any]:
    return {"user": BOT, "status": status, "until_date": 0, "is_anonymous": False}


def test_a_text_says_who_where_when_and_in_which_language() -> None:
    assert said(text="bonjour") == Event(
        "telegram",
        "u7.12",
        "4711",
        datetime.fromtimestamp(SENT, UTC),
        text="bonjour",
        language="fr",
        message="12",
    )


def test_an_event_id_does_not_hold_the_persons_number() -> None:
    assert "4711" not in said(text="bonjour").id


def test_what_is_no_number_where_one_belongs_is_not_taken_for_one(subtests: pytest.Subtests) -> None:
    answered = {"message_id": 3, "date": SENT, "chat": DIRECT, "from": BOT, "text": "?"}
    assert said(text="2", reply_to_message=answered).reply_to == "3"
    for odd in ("\0", "3", True, 10**300, 2.5, [3]):
        with subtests.test(odd=odd):
            assert said(text="2", reply_to_message={**answered, "message_id": odd}).reply_to == ""
            assert said(text="2", message_thread_id=odd, is_topic_message=True).thread == ""
            assert read(message={**message(text="2"), "message_id": odd}) is None


def test_a_message_without_a_date_is_none() -> None:
    assert read(message={**message(text="2"), "date": None}) is None
    assert read(message={**message(text="/aide"), "chat": GROUP, "date": None}) is None


def test_a_start_keeps_its_invitation_code() -> None:
    assert said(text="/start mairie-lyon").text == "/start mairie-lyon"


def test_a_link_that_hides_its_address_keeps_it() -> None:
    def link(text: str, label: str, url: str) -> dict[str, Any]:
        units = text.partition(label)[0].encode("utf-16-le")
        length = len(label.encode("utf-16-le")) // 2
        return {"type": "text_link", "offset": len(units) // 2, "length": length, "url": url}

    text = "annonce 😀 Inscrivez-vous ici, ou là 👍🏽 !"
    links = [link(text, "ici", "https://un.fr/a_b"), link(text, "là 👍🏽", "http://deux.fr/")]
    told = "annonce 😀 Inscrivez-vous ici (https://un.fr/a_b), ou là 👍🏽 (http://deux.fr/) !"
    assert said(text=text, entities=links).text == told
    plain = "annonce Voyez un.fr et https://un.fr"
    shown = [link(plain, "un.fr", "https://un.fr/"), link(plain, "https://un.fr", "https://un.fr")]
    assert said(text=plain, entities=shown).text == plain
    for offset, length in ((0, 9999), (9999, 3), (4, 0)):
        odd = {"type": "text_link", "offset": offset, "length": length, "url": "https://x.fr"}
        assert said(text="Bonjour", entities=[odd]).text.startswith("Bonj")


def test_only_the_bots_own_name_is_taken_off_a_command() -> None:
    expected = {
        "/aide@IAventureBot": "/aide",
        "/aide@iaventurebot quiz": "/aide quiz",
        "/aide@AnotherBot": "/aide@AnotherBot",
        "écrire à /aide@IAventureBot": "écrire à /aide@IAventureBot",
    }
    assert {typed: said(text=typed).text for typed in expected} == expected


def test_the_bots_name_before_a_text_is_none_of_it() -> None:
    for typed in ("@IAventureBot aide", "@iaventurebot: aide", "IAventureBot, aide", "aide @IAventureBot"):
        assert said(text=typed).text == "aide", typed


def test_a_corrected_text_names_the_message_that_it_corrects() -> None:
    found = read(edited_message=message(text="lecon", edit_date=SENT + 60))
    assert found is not None
    assert (found.kind, found.text, found.message, found.corrects) == (Kind.TEXT, "lecon", "12", True)
    assert found.at == datetime.fromtimestamp(SENT + 60, UTC)
    assert not said(text="lecon").corrects
    place = {"location": {"longitude": 2.3, "latitude": 48.8}}
    document = {"document": {"file_id": "f", "file_unique_id": "u"}}
    photo = {"photo": [{"file_id": "p", "file_unique_id": "u", "width": 1, "height": 1}]}
    in_group = {"text": "/aide@IAventureBot", "chat": GROUP}
    caption_in_group = {**document, "caption": "/aide@IAventureBot", "chat": GROUP}
    for other in (place, document, photo, {**document, "caption": ""}, in_group, caption_in_group):
        assert read(edited_message=message(edit_date=SENT + 60, **other)) is None


def test_a_corrected_caption_is_a_corrected_text(subtests: pytest.Subtests) -> None:
    document = {"document": {"file_id": "f", "file_unique_id": "u", "file_name": "a.yaml"}}
    photo = {"photo": [{"file_id": "p", "file_unique_id": "u", "width": 1, "height": 1}]}
    for media in (document, photo):
        for caption in ("aide", "@IAventureBot aide", "IAventureBot : aide", "aide @iaventurebot"):
            with subtests.test(media=media, caption=caption):
                found = read(edited_message=message(edit_date=SENT + 60, caption=caption, **media))
                assert found is not None
                assert (found.kind, found.text, found.file) == (Kind.TEXT, "aide", None)
                assert (found.message, found.corrects) == ("12", True)
                assert said(caption=caption, **media).text == "aide"


def test_a_correction_is_read_where_the_library_cannot_read_the_update() -> None:
    """An account may lack its first name."""
    nameless = {"id": CLAIRE["id"], "is_bot": False}
    for words in ({"text": "aide"}, {"caption": "aide", "document": {"file_id": "f"}}):
        edited = {**message(**words), "from": nameless, "edit_date": SENT + 60}
        reduced = essential({"update_id": 7, "edited_message": edited})
        found = event_of(Update.de_json(reduced), ME, NOW)
        assert found is not None
        assert (found.kind, found.text, found.message, found.corrects) == (Kind.TEXT, "aide", "12", True)
        assert found.at == datetime.fromtimestamp(SENT + 60, UTC)


def test_what_is_said_in_a_topic_names_it() -> None:
    topic = {"message_thread_id": 5, "is_topic_message": True}
    assert said(text="aide", **topic).thread == "5"
    assert said(text="aide", message_thread_id=5).thread == ""
    in_topic = pressed("c:p7:a", message=message(**{"from": BOT, "text": "?", **topic}))
    assert in_topic is not None
    assert in_topic.thread == "5"


def test_a_reply_to_the_bot_names_the_message() -> None:
    assert said(text="2", reply_to_message=message(**{"from": BOT, "message_id": 9})).reply_to == "9"


def test_a_reply_to_oneself_names_nothing() -> None:
    assert said(text="2", reply_to_message=message(message_id=9)).reply_to == ""


def test_a_file_comes_with_its_caption_and_without_its_folders() -> None:
    document = {
        "file_id": "AbC-1",
        "file_unique_id": "u",
        "file_name": "../..\\etc/lec\u202eon.yaml",
        "file_size": 321,
    }
    found = said(document=document, caption="publier")
    assert (found.kind, found.text, found.file) == (Kind.FILE, "publier", FileRef("AbC-1", "lecon.yaml", 321))


def test_a_file_with_neither_name_nor_size_is_still_a_file() -> None:
    assert said(document={"file_id": "AbC", "file_unique_id": "u"}).file == FileRef("AbC", "", 0)


def test_a_message_with_neither_text_nor_file_is_an_empty_text(subtests: pytest.Subtests) -> None:
    for media in (
        {"voice": {"file_id": "v", "file_unique_id": "u", "duration": 3}},
        {"photo": [{"file_id": "p", "file_unique_id": "u", "width": 1, "height": 1}]},
        {"location": {"longitude": 2.3, "latitude": 48.8}},
        {"dice": {"value": 3, "emoji": "🎲"}},
        {"checklist": {"title": "À faire", "tasks": [{"id": 1, "text": "Répondre"}]}},
        {"story": {"chat": DIRECT, "id": 5}},
        {"something_of_next_year": {"title": "x"}},
        {},
    ):
        with subtests.test(media=media):
            found = said(**media)
            assert (found.kind, found.text) == (Kind.TEXT, "")


def test_a_caption_is_a_text() -> None:
    photo = [{"file_id": "p", "file_unique_id": "u", "width": 1, "height": 1}]
    assert said(photo=photo, caption="2").text == "2"
    assert (
        said(
            video={"file_id": "v", "file_unique_id": "u", "width": 1, "height": 1, "duration": 1},
            caption="/aide",
        ).text
        == "/aide"
    )


def test_a_press_names_its_prompt_and_its_receipt(subtests: pytest.Subtests) -> None:
    for data, kind, keys in (
        ("c:p1:b", Kind.CHOOSE, ("b",)),
        ("t:p1:08:30", Kind.TOGGLE, ("08:30",)),
        ("s:p1", Kind.SUBMIT, ()),
    ):
        with subtests.test(data=data):
            found = pressed(data)
            assert found is not None
            assert (found.kind, found.refers, found.keys) == (kind, "p1", keys)
            assert (found.id, found.at, found.receipt, found.address) == ("u7.12", NOW, "55", "4711")


def test_a_press_that_no_button_of_ours_carries_is_dropped() -> None:
    forged = [
        "",
        "c:p1",
        "c::b",
        "c:p1:",
        "x:p1:b",
        "s:p1:b",
        "c:p1:b\n",
        "c:p1:é",
        "c:p 1:b",
        "c:" + "p" * 17 + ":b",
        "c:p:" + "k" * 41,
    ]
    assert [data for data in forged if pressed(data) is not None] == []


def test_a_press_in_someone_elses_chat_is_dropped() -> None:
    assert pressed("c:p1:b", **{"from": {**CLAIRE, "id": 4712}}) is None


def test_a_press_on_a_message_too_old_to_be_told_still_counts() -> None:
    assert pressed("c:p1:b", message={"chat": DIRECT, "message_id": 12, "date": 0}) is not None


def test_blocking_the_bot_is_leaving_and_unblocking_it_is_coming_back() -> None:
    left, back = membership("member", "kicked"), membership("kicked", "member")
    assert left is not None
    assert back is not None
    assert (left.kind, left.address, back.kind) == (Kind.LEFT, "4711", Kind.BACK)


def test_being_added_to_a_group_is_told_with_the_groups_address() -> None:
    added = membership("left", "member", GROUP)
    assert added is not None
    assert (added.kind, added.address, added.text) == (Kind.GROUP, "-100", "")


def test_other_changes_in_a_group_say_nothing() -> None:
    changes = [("creator", "member"), ("member", "left"), ("member", "kicked")]
    assert [change for change in changes if membership(*change, GROUP) is not None] == []


def test_in_a_group_only_a_word_to_the_bot_is_heard(subtests: pytest.Subtests) -> None:
    for text, heard in (
        ("/lecon", True),
        ("/lecon@IAventureBot", True),
        ("/lecon@AnotherBot", False),
        ("bonjour @IAventureBot", True),
        ("bonjour @IAventureBotX", False),
        ("bonjour", False),
    ):
        with subtests.test(text=text):
            start = max(text.find("/"), text.find("@") if "/" not in text else 0)
            kind = "bot_command" if "/" in text else "mention"
            entities = (
                [{"type": kind, "offset": start, "length": len(text) - start}] if text != "bonjour" else []
            )
            found = read(message=message(chat=GROUP, text=text, entities=entities))
            assert (found is not None and found.kind is Kind.GROUP) == heard


def test_an_update_that_no_person_says_directly_is_dropped() -> None:
    updates: list[dict[str, Any]] = [
        {"message": message(text="x", **{"from": {**CLAIRE, "is_bot": True}})},
        {"message": message(text="x", **{"from": {**CLAIRE, "id": 4712}})},
        {"message": message(text="x", chat={"id": -5, "type": "channel"})},
        *({"message": message(**service)} for service in SERVICES),
        {"channel_post": message(text="x")},
        {},
    ]
    assert [update for update in updates if read(**update) is not None] == []


def test_a_hostile_name_is_one_short_line_that_turns_nothing() -> None:
    name = line("\u202eA\x00\n\x1b[31m" + "z" * 500, 64)
    assert len(name) <= 64
    assert name.isprintable()
    assert name.startswith("A [31mzz")


def test_a_person_may_have_any_name_or_none() -> None:
    for first in ("", "\u202e", "x" * 500, "\ud800"):
        names = {**CLAIRE, "first_name": first, "last_name": first}
        assert said(text="bonjour", **{"from": names}).text == "bonjour"
    nameless = {key: value for key, value in CLAIRE.items() if key not in ("first_name", "last_name")}
    assert read(message=message(text="bonjour", **{"from": {**nameless, "first_name": ""}})) is not None


def test_a_family_of_one_emoji_stays_together() -> None:
    assert line("👩‍👧 Léa", 64) == "👩‍👧 Léa"


def test_a_text_is_cut_and_loses_what_no_database_takes() -> None:
    assert paragraphs("a\x00b\n\tc\ud800d" + "z" * 9999, 4096) == "ab\n\tcd" + "z" * (4096 - 8)


def test_a_strange_language_is_none() -> None:
    for code in ("", "f", "français", "12", "<b>"):
        assert said(text="x", **{"from": {**CLAIRE, "language_code": code}}).language == "", code
