# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The account gets a name and a picture once, and keeps those that somebody chose."""

from __future__ import annotations

from pathlib import Path

from bot.channels.matrix.account import Account, log_in
from bot.channels.matrix.homeserver import Homeserver
from bot.channels.matrix.login import by_token
from bot.channels.matrix.profile import introduce
from tests.matrix import Synapse


async def test_a_new_account_gets_a_name_and_a_picture_and_a_named_one_keeps_its_own(
    synapse: Synapse, tmp_path: Path
) -> None:
    bot = synapse.account("bot")
    async with Homeserver(synapse.url, bot.access_token) as homeserver:

        async def profile() -> dict[str, object]:
            return await homeserver.get("profile", bot.user_id)

        await homeserver.put(
            "profile", bot.user_id, "displayname", body={"displayname": "Le robot de la mairie"}
        )
        account = Account(
            synapse.url, bot.user_id, tmp_path / "store", "key of the store", password=bot.password
        )
        said = await log_in(account)
        assert said[-2] == "Set for the account: picture."
        first = await profile()
        assert first["displayname"] == "Le robot de la mairie"
        assert str(first["avatar_url"]).startswith("mxc://")
        session = await by_token(synapse.url, bot.user_id, bot.access_token, bot.device_id)
        assert await introduce(synapse.url, session) == ""
        own_name = bot.user_id[1:].partition(":")[0]
        await homeserver.put("profile", bot.user_id, "displayname", body={"displayname": own_name})
        assert await introduce(synapse.url, session) == "Set for the account: name."
        assert await profile() == {**first, "displayname": "IAventure"}
