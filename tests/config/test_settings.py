# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

import json
import re
import subprocess
import sys
import traceback
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

import config
from config.settings import Settings, SettingsError
from config.sources import kind_at

TOKEN = "123456:ABC-test"
DEFAULT_YAML = Path(str(config.__file__)).with_name("default.yaml")


@pytest.fixture(autouse=True)
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty current folder, and an environment that says nothing of ours."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)


def written(text: str) -> Path:
    file = Path("iaventure.yaml")
    file.write_text(text, encoding="utf-8")
    return file


def secret(name: str, text: str) -> Path:
    folder = Path("secrets").absolute()
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def problems(config: Path | None = None, **overrides: Any) -> tuple[str, ...]:
    with pytest.raises(SettingsError) as raised:
        Settings.load(config, **overrides)
    assert str(raised.value) == "\n".join(raised.value.problems)
    assert all("\n" not in problem for problem in raised.value.problems)
    return raised.value.problems


def the_problem(config: Path | None = None, **overrides: Any) -> str:
    [problem] = problems(config, **overrides)
    return problem


class TestDefaults:
    def test_nothing_needs_to_be_set(self) -> None:
        settings = Settings.load()

        assert settings.database == "sqlite:///iaventure.db"
        assert settings.language == "fr"
        assert settings.channels.telegram is None
        assert settings.channels.console is None

    def test_the_commented_file_says_the_defaults(self) -> None:
        written_defaults = yaml.load(DEFAULT_YAML.read_text(), yaml.BaseLoader)  # noqa: S506 - it makes texts only

        assert Settings.load(DEFAULT_YAML) == Settings()
        assert written_defaults | {"channels": {}} == Settings().masked()

    def test_the_commented_file_says_every_optional_setting_and_its_default(self) -> None:
        text = re.sub(r"(?m)^( *)#(?=[a-z])", r"\1", DEFAULT_YAML.read_text())
        token = "123456789:remplacez-par-le-jeton-de-BotFather"

        settings = Settings.load(written(text))

        privacy = {
            "controller": {
                "name": "Commune de Saint-Exemple",
                "address": "1 place de la Mairie, 00000 Saint-Exemple",
                "contact": "mairie@saint-exemple.example.org",
            },
            "dpo": {"contact": "dpo@saint-exemple.example.org"},
            "legal_text": "article 4 du règlement (UE) 2024/1689 sur l’intelligence artificielle",
            "host": {"name": "Hébergeur de Saint-Exemple", "country": "FR"},
            "key": "none",
        }
        matrix = {
            "homeserver": "https://matrix.example.org",
            "user_id": "@iaventure:example.org",
            "password": "remplacez-par-le-mot-de-passe",
            "access_token": "remplacez-par-le-jeton",
            "device_id": "APPAREIL",
            "recovery_key": "remplacez-par-le-code",
            "store_key": "remplacez-par-une-longue-phrase",
        }
        webhook = {"url": "https://bot.example.org/telegram", "secret": "remplacez-par-un-long-secret"}
        telegram = {"token": token, "webhook": webhook}
        channels = {"telegram": telegram, "matrix": matrix, "console": {}}
        assert settings == Settings(channels=channels, privacy=privacy)
        assert settings.privacy.model_fields_set == set(type(settings.privacy).model_fields)
        assert settings.channels.telegram is not None
        for group in (
            settings.channels.telegram,
            settings.channels.telegram.webhook,
            settings.channels.matrix,
        ):
            assert group is not None
            assert group.model_fields_set == set(type(group).model_fields)

    def test_the_schema_shows_defaults_as_they_are_written(self) -> None:
        schema = Settings.schema()

        assert schema["properties"]["schedule"]["default"] == Settings().masked()["schedule"]
        assert schema["additionalProperties"] is False
        json.dumps(schema)

    def test_settings_built_directly_do_not_read_the_environment(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("IAVENTURE_LANGUAGE", "en")
        monkeypatch.setenv("LANGUAGE", "en")

        assert Settings().language == "fr"


class TestPrecedence:
    def test_each_source_wins_over_those_after_it(self, monkeypatch: pytest.MonkeyPatch) -> None:
        written("database: sqlite:///yaml.db")
        assert Settings.load().database == "sqlite:///yaml.db"

        monkeypatch.setenv("IAVENTURE_SECRETS_DIR", str(secret("database", "sqlite:///secret.db\n")))
        assert Settings.load().database == "sqlite:///secret.db"

        monkeypatch.setenv("IAVENTURE_DATABASE", "sqlite:///environment.db")
        assert Settings.load().database == "sqlite:///environment.db"

        assert Settings.load(database="sqlite:///command.db").database == "sqlite:///command.db"

    def test_an_option_that_was_not_given_changes_nothing(self) -> None:
        written("language: en")

        assert Settings.load(language=None).language == "en"

    def test_groups_are_merged_setting_by_setting(self, monkeypatch: pytest.MonkeyPatch) -> None:
        written("channels:\n  telegram:\n    rate: 5\n    in_flight: 2\n")
        monkeypatch.setenv("IAVENTURE_SECRETS_DIR", str(secret("channels__telegram__token", TOKEN)))
        monkeypatch.setenv("IAVENTURE_CHANNELS__TELEGRAM__RATE", "7.5")

        telegram = Settings.load(channels={"telegram": {"in_flight": 3}}).channels.telegram

        assert telegram is not None
        assert (telegram.token.get_secret_value(), telegram.rate, telegram.in_flight) == (TOKEN, 7.5, 3)

    def test_lists_are_replaced_whole(self, monkeypatch: pytest.MonkeyPatch) -> None:
        written("admins: [telegram:1, telegram:2]\nschedule: {days: [sat, mon]}")
        monkeypatch.setenv("IAVENTURE_ADMINS", '["telegram:4711","matrix:@a:example.org"]')

        settings = Settings.load()

        assert settings.admins == ("telegram:4711", "matrix:@a:example.org")
        assert settings.schedule.days == ("mon", "sat")

    def test_a_group_inside_a_group_is_merged_too(self, monkeypatch: pytest.MonkeyPatch) -> None:
        written('channels: {telegram: {webhook: {url: "https://a.example/x"}}}')
        monkeypatch.setenv("IAVENTURE_CHANNELS", '{"telegram": {"webhook": {"listen": "localhost:1"}}}')

        telegram = Settings.load(channels={"telegram": {"token": TOKEN}}).channels.telegram

        assert telegram is not None
        assert telegram.webhook is not None
        assert (telegram.webhook.url, telegram.webhook.listen) == ("https://a.example/x", "localhost:1")

    def test_a_value_replaces_a_group_and_a_group_replaces_a_value(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        written("log: {level: loud}\nmetrics: nowhere")
        monkeypatch.setenv("IAVENTURE_METRICS", "{}")

        assert problems(log="x") == (
            "ligne de commande: log: doit être un groupe de réglages, un par ligne, en retrait",
        )

    def test_names_of_the_first_level_may_be_written_in_capitals(self) -> None:
        written("LANGUAGE: en\nLog: {level: debug}")

        settings = Settings.load(database="sqlite:///x.db", log={"format": "json"})

        assert (settings.language, settings.log.level, settings.log.format) == ("en", "debug", "json")

    def test_a_named_file_is_read_instead_of_the_one_in_the_folder(self) -> None:
        written("language: en")
        other = Path("other.yaml")
        other.write_text("log: {level: debug}")

        settings = Settings.load(other)

        assert (settings.language, settings.log.level) == ("fr", "debug")


class TestYaml:
    def test_an_hour_without_quotes_is_an_hour(self) -> None:
        written("schedule:\n  time: 12:30\n  quiet: 20:00-07:00\n")

        assert Settings.load().schedule.time.isoformat() == "12:30:00"

    def test_a_group_whose_lines_are_all_comments_is_an_empty_group(self) -> None:
        written("channels:\n  # telegram:\nschedule:\nlog: # nothing\n")

        assert Settings.load() == Settings()

    def test_an_empty_file_says_nothing(self) -> None:
        assert Settings.load(written("# rien\n")) == Settings()

    def test_a_byte_order_mark_is_no_part_of_a_name(self) -> None:
        assert Settings.load(written("\ufefflanguage: en")).language == "en"

    @pytest.mark.parametrize("word", ["no", "on", "null", "true", "1"])
    def test_words_that_yaml_would_turn_into_something_else_stay_words(self, word: str) -> None:
        problem = the_problem(written(f"language: {word}"))

        assert problem == "iaventure.yaml:1:1: language: doit valoir 'fr' ou 'en'"

    def test_what_is_wrong_is_said_with_its_line_and_column(self, subtests: pytest.Subtests) -> None:
        for text, problem in [
            (
                "language: fr\nlog:\n  level: info\n  level: debug",
                "iaventure.yaml:4:3: log.level: donné deux fois ; gardez une seule ligne",
            ),
            (
                "log: &a {level: info}\nlanguage: fr\nschedule: *a",
                "iaventure.yaml:3:1: schedule: un renvoi (*nom) n’est pas accepté ; répétez la valeur",
            ),
            ("database: [x]", "iaventure.yaml:1:1: database: doit être un texte"),
            ("language: !secret fr", "une étiquette (!nom) n’est pas acceptée ; retirez-la"),
            ("? [a]\n: b", "un nom de réglage est un mot ; retirez les crochets ou accolades"),
            ("- language", "iaventure.yaml:1:1: doit commencer par un réglage, sous la forme nom: valeur"),
            ("a: 1\n---\nb: 2", "n’est pas du YAML lisible"),
            ("log:\n\tlevel: info", "iaventure.yaml:2:1: n’est pas du YAML lisible ; vérifiez retraits"),
            ("log: {level: info", "n’est pas du YAML lisible"),
            ("a: \0", "iaventure.yaml: n’est pas du YAML lisible"),
            ("[" * 5000, "iaventure.yaml: trop de niveaux imbriqués ; simplifiez le fichier"),
            (
                "#" * 300_000,
                "iaventure.yaml: fichier illisible (plus de 256 Kio) ; corrigez --config ou le fichier",
            ),
            (
                "langue: fr",
                "iaventure.yaml:1:1: langue: réglage inconnu ; ici sont acceptés : database, language,",
            ),
            (
                "log: {levle: info}",
                "iaventure.yaml:1:7: log.levle: réglage inconnu ; ici sont acceptés : level, format",
            ),
            (
                "channels: {console: {x: 1}}",
                "channels.console.x: réglage inconnu ; ici sont acceptés : aucun",
            ),
            (
                "channels: {signal: {}}",
                "channels.signal: réglage inconnu ; ici sont acceptés : telegram, matrix, console",
            ),
            ("channels: console", "channels: doit être un groupe de réglages, un par ligne, en retrait"),
            (
                "channels: {telegram: {rate: 5}}",
                "channels.telegram.token: réglage obligatoire absent ; ajoutez-le",
            ),
            ("admins: telegram:4711", "iaventure.yaml:1:1: admins: doit être une liste, comme [a, b]"),
            (
                "admins: [telegram:1, telegram:@a]",
                "admins.1: un admin s’écrit canal:adresse, par exemple telegram:",
            ),
            ("schedule: {time: 21:00}", "iaventure.yaml:1:1: schedule: 21:00 tombe dans les heures calmes"),
            (
                "schedule: {time: 9h}",
                "iaventure.yaml:1:12: schedule.time: une heure s’écrit HH:MM, par exemple 08:30",
            ),
            ("schedule: {days: []}", "schedule.days: doit avoir au moins 1 élément"),
        ]:
            with subtests.test(text=text[:40]):
                refusal = the_problem(written(text))

                assert refusal.startswith("iaventure.yaml:")
                assert problem in refusal

    def test_a_value_that_holds_itself_is_refused(self) -> None:
        refusals = problems(written("admins: &a [*a]"))

        assert (
            refusals[0]
            == "iaventure.yaml:1:9: admins.0: un renvoi (*nom) n’est pas accepté ; répétez la valeur"
        )

    def test_all_problems_are_said_at_once(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("IAVENTURE_LANGUGE", "en")

        refusals = problems(written("language: de\nlog: {level: loud}\nx: 1"), database="mysql://h/d")

        assert [problem.partition(": ")[0] for problem in refusals] == [
            "IAVENTURE_LANGUGE",
            "ligne de commande",
            "iaventure.yaml:1:1",
            "iaventure.yaml:2:7",
            "iaventure.yaml:3:1",
        ]

    def test_a_named_file_that_is_missing_is_an_error(self) -> None:
        problem = the_problem(Path("absent.yaml"))

        assert problem == "absent.yaml: fichier illisible (introuvable) ; corrigez --config ou le fichier"

    def test_a_folder_is_no_file(self, tmp_path: Path) -> None:
        assert "fichier illisible" in the_problem(tmp_path)

    def test_a_file_in_another_encoding_is_an_error(self) -> None:
        Path("iaventure.yaml").write_bytes("# réglages\nlanguage: fr".encode("latin-1"))

        assert (
            the_problem()
            == "iaventure.yaml: fichier illisible (pas en UTF-8) ; corrigez --config ou le fichier"
        )


class TestEnvironment:
    def test_lists_and_groups_are_json_and_a_setting_completes_its_group(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("IAVENTURE_LOG__LEVEL", "debug")
        monkeypatch.setenv("IAVENTURE_LOG", '{"level": "error", "format": "json"}')
        monkeypatch.setenv("IAVENTURE_CHANNELS__CONSOLE", "{}")
        monkeypatch.setenv("IAVENTURE_SCHEDULE__DAYS", '["mon", "thu"]')

        settings = Settings.load()

        assert (settings.log.level, settings.log.format) == ("debug", "json")
        assert settings.channels.console is not None
        assert settings.schedule.days == ("mon", "thu")

    def test_what_is_wrong_is_said_with_the_variable(
        self, monkeypatch: pytest.MonkeyPatch, subtests: pytest.Subtests
    ) -> None:
        for name, text, problem in [
            ("IAVENTURE_DATABSE", "x", "IAVENTURE_DATABSE: réglage inconnu ; corrigez le nom ou retirez-le"),
            ("IAVENTURE_", "x", "IAVENTURE_: réglage inconnu ; corrigez le nom ou retirez-le"),
            ("IAVENTURE_LOG__LEVEL__X", "x", "IAVENTURE_LOG__LEVEL__X: réglage inconnu"),
            ("IAVENTURE_CHANNELS__SIGNAL__RATE", "1", "IAVENTURE_CHANNELS__SIGNAL__RATE: réglage inconnu"),
            (
                "IAVENTURE_ADMINS",
                "telegram:4711",
                'IAVENTURE_ADMINS: admins: doit être une liste JSON, comme ["telegram',
            ),
            ("IAVENTURE_ADMINS", '{"a": 1}', "IAVENTURE_ADMINS: admins: doit être une liste JSON"),
            ("IAVENTURE_ADMINS", "[" * 100_000, "IAVENTURE_ADMINS: admins: doit être une liste JSON"),
            ("IAVENTURE_ADMINS", '["telegram:1", 2]', "IAVENTURE_ADMINS: admins.1: doit être un texte"),
            ("IAVENTURE_ADMINS", '["slack:1"]', "IAVENTURE_ADMINS: admins.0: un admin s’écrit canal:adresse"),
            ("IAVENTURE_LOG", "debug", "IAVENTURE_LOG: log: doit être un groupe JSON"),
            (
                "IAVENTURE_LOG",
                '{"x": 1}',
                "IAVENTURE_LOG: log.x: réglage inconnu ; ici sont acceptés : level, format",
            ),
            ("IAVENTURE_DATABASE", "", "IAVENTURE_DATABASE: database: base de données inconnue"),
            (
                "IAVENTURE_SCHEDULE__TIME",
                "22:00",
                "IAVENTURE_SCHEDULE__TIME: schedule: 22:00 tombe dans les heures",
            ),
            (
                "IAVENTURE_CHANNELS__TELEGRAM__RATE",
                "5",
                "channels.telegram.token: réglage obligatoire absent",
            ),
        ]:
            with subtests.test(name=name, text=text[:40]), monkeypatch.context() as environment:
                environment.setenv(name, text)

                assert problem in the_problem()

    def test_a_setting_given_by_two_variables_is_refused(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("IAVENTURE_LANGUAGE", "fr")
        monkeypatch.setenv("IAVENTURE_Language", "en")

        assert the_problem() == (
            "IAVENTURE_Language: language: déjà donné par IAVENTURE_LANGUAGE ; gardez l’un des deux"
        )

    def test_a_setting_inside_a_group_that_is_no_group_wins(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("IAVENTURE_CHANNELS", '{"telegram": 3}')
        monkeypatch.setenv("IAVENTURE_CHANNELS__TELEGRAM__TOKEN", TOKEN)

        assert Settings.load().channels.telegram is not None


class TestSecretFiles:
    @pytest.mark.parametrize("name", ["channels__telegram__token", "iaventure_channels__telegram__token"])
    @pytest.mark.parametrize("folder", ["IAVENTURE_SECRETS_DIR", "CREDENTIALS_DIRECTORY"])
    def test_a_token_comes_from_a_file_with_or_without_the_prefix(
        self, monkeypatch: pytest.MonkeyPatch, name: str, folder: str
    ) -> None:
        monkeypatch.setenv(folder, str(secret(name, f"{TOKEN}\n")))

        telegram = Settings.load().channels.telegram

        assert telegram is not None
        assert telegram.token.get_secret_value() == TOKEN

    def test_a_byte_order_mark_is_no_part_of_a_secret(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("IAVENTURE_SECRETS_DIR", str(secret("language", "\ufeffen\r\n")))

        assert Settings.load().language == "en"

    def test_hidden_files_and_folders_of_a_mounted_secret_are_passed_over(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        folder = secret("..data", "x")
        (folder / "backup").mkdir()
        monkeypatch.setenv("IAVENTURE_SECRETS_DIR", str(folder))

        assert Settings.load() == Settings()

    def test_an_unknown_file_is_an_error_in_a_folder_of_ours(self, monkeypatch: pytest.MonkeyPatch) -> None:
        folder = secret("chanels__telegram__token", TOKEN)
        monkeypatch.setenv("IAVENTURE_SECRETS_DIR", str(folder))

        assert (
            the_problem()
            == f"{folder}/chanels__telegram__token: réglage inconnu ; corrigez le nom ou retirez-le"
        )

    def test_credentials_of_other_programs_are_left_alone(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(secret("tls.key", "x")))

        assert Settings.load() == Settings()

    @pytest.mark.parametrize("name", ["channels__telegram__tokn", "iaventure_token"])
    def test_a_credential_with_our_name_must_be_a_setting(
        self, monkeypatch: pytest.MonkeyPatch, name: str
    ) -> None:
        monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(secret(name, "x")))

        assert "réglage inconnu" in the_problem()

    def test_a_missing_folder_is_an_error(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("IAVENTURE_SECRETS_DIR", "/nowhere")

        assert the_problem().startswith("/nowhere: dossier de secrets illisible (")

    def test_a_broken_link_is_an_unreadable_secret(self, monkeypatch: pytest.MonkeyPatch) -> None:
        folder = secret("language", "fr")
        (folder / "channels__telegram__token").symlink_to("gone")
        monkeypatch.setenv("IAVENTURE_SECRETS_DIR", str(folder))

        assert the_problem() == (
            f"{folder}/channels__telegram__token: secret illisible (introuvable) ; corrigez le fichier"
        )

    def test_bytes_that_are_no_text_are_an_unreadable_secret(self, monkeypatch: pytest.MonkeyPatch) -> None:
        folder = secret("language", "fr")
        (folder / "channels__telegram__token").write_bytes(b"\xff\xfe1")
        monkeypatch.setenv("IAVENTURE_SECRETS_DIR", str(folder))

        assert "secret illisible (pas en UTF-8)" in the_problem()

    def test_a_secret_given_twice_is_refused(self, monkeypatch: pytest.MonkeyPatch) -> None:
        secret("language", "fr")
        monkeypatch.setenv("IAVENTURE_SECRETS_DIR", str(secret("iaventure_language", "en")))

        assert "déjà donné par" in the_problem()


class TestBounds:
    @pytest.mark.parametrize(
        "url",
        [
            "sqlite:///x.db",
            "sqlite:////var/lib/iaventure/x.db",
            "sqlite:///mes données.db",
            "postgresql://u@h/name",
            "postgresql:///name",
            "postgresql://u:p@h:5432/name?sslmode=require",
        ],
    )
    def test_sqlite_files_and_postgresql_servers_are_databases(self, url: str) -> None:
        assert Settings(database=url).database == url

    def test_anything_else_is_no_database(self, subtests: pytest.Subtests) -> None:
        for url in (
            "",
            "x.db",
            "sqlite://",
            "sqlite:///",
            "sqlite:x",
            "mysql://h/d",
            "postgres://h/d",
            "postgresql+asyncpg://h/d",
            "postgresql://",
            "postgresql://u@h/a b",
            "sqlite:///x\ny",
            "sqlite:///" + "x" * 3000,
        ):
            with subtests.test(url=url[:40]):
                assert "base de données inconnue" in the_problem(database=url)

    @pytest.mark.parametrize(
        "token",
        ["", "123456", "123456:", f" {TOKEN}", f"{TOKEN} ", f"{TOKEN}\n", "abc:ABC-test", "1:" + "A" * 200],
    )
    def test_a_token_has_the_shape_that_botfather_gives(self, token: str) -> None:
        problem = the_problem(channels={"telegram": {"token": token}})

        assert problem.startswith(
            "ligne de commande: channels.telegram.token: ce n’est pas un jeton de bot Telegram"
        )

    def test_what_telegram_needs_keeps_within_its_bounds(self, subtests: pytest.Subtests) -> None:
        for field, value, problem in [
            ("rate", "-1", "doit être au moins 0"),
            ("rate", "1001", "doit être au plus 1000"),
            ("rate", "nan", "doit être un nombre fini"),
            ("rate", "fast", "doit être un nombre"),
            ("in_flight", "0", "doit être au moins 1"),
            ("in_flight", "1001", "doit être au plus 1000"),
            ("in_flight", "2.5", "doit être un nombre entier"),
            ("in_flight", "9" * 5000, "doit être un nombre entier plus petit"),
            (
                "base_url",
                "ftp://x/bot",
                "doit être une adresse http:// ou https://, sans compte ni paramètres",
            ),
            ("base_url", "https://user:pw@x/bot", "doit être une adresse http:// ou https://"),
            ("base_file_url", "https://x/b t", "doit être une adresse http:// ou https://"),
        ]:
            with subtests.test(field=field, value=value[:40]):
                refusal = the_problem(channels={"telegram": {"token": TOKEN, field: value}})

                assert refusal.startswith(f"ligne de commande: channels.telegram.{field}: {problem}")

    @pytest.mark.parametrize("url", ["http://127.0.0.1:8081/bot", "https://api.telegram.org/bot"])
    def test_a_server_of_ones_own_may_be_named(self, url: str) -> None:
        telegram = Settings.load(channels={"telegram": {"token": TOKEN, "base_url": url}}).channels.telegram

        assert telegram is not None
        assert telegram.base_url == url

    @pytest.mark.parametrize(
        "admin",
        [
            "telegram:@anne",
            "telegram:",
            "4711",
            "slack:1",
            "matrix:",
            "matrix:a b",
            "Telegram:1",
            "telegram:1\n",
        ],
    )
    def test_an_admin_is_a_channel_and_an_address(self, admin: str) -> None:
        assert "un admin s’écrit canal:adresse" in the_problem(admins=[admin])

    def test_settings_cannot_be_changed_once_loaded(self) -> None:
        with pytest.raises(ValidationError):
            Settings().language = "en"  # type: ignore[misc]


MATRIX = {"homeserver": "https://matrix.example.org", "user_id": "@bot:example.org", "store_key": "hunter2"}


class TestWebhook:
    URL = "https://bot.example.org/telegram"

    @staticmethod
    def webhook(**given: str) -> dict[str, Any]:
        return {"telegram": {"token": TOKEN, "mode": "webhook", "webhook": given}}

    def test_an_address_is_all_that_is_needed(self) -> None:
        telegram = Settings(channels=self.webhook(url=self.URL)).channels.telegram

        assert telegram is not None
        assert telegram.webhook is not None
        assert telegram.webhook.address == ("127.0.0.1", 8080)
        assert telegram.webhook.secret is None

    def test_updates_are_fetched_unless_the_operator_says_otherwise(self) -> None:
        telegram = Settings(
            channels={"telegram": {"token": TOKEN, "webhook": {"url": self.URL}}}
        ).channels.telegram

        assert telegram is not None
        assert telegram.mode == "polling"

    def test_the_mode_without_an_address_is_refused(self) -> None:
        refusal = the_problem(channels={"telegram": {"token": TOKEN, "mode": "webhook"}})

        assert "channels.telegram: le mode webhook demande une adresse publique" in refusal

    def test_there_are_two_modes(self) -> None:
        refusal = the_problem(channels={"telegram": {"token": TOKEN, "mode": "push"}})

        assert "channels.telegram.mode: doit valoir 'polling' ou 'webhook'" in refusal

    @pytest.mark.parametrize(
        "url", ["https://bot.example.org", "https://b.example:8443/", "https://b/a/b_c~d.e-f"]
    )
    def test_an_https_address_of_any_path_is_public(self, url: str) -> None:
        Settings(channels=self.webhook(url=url))

    def test_anything_else_is_not_a_public_address(self, subtests: pytest.Subtests) -> None:
        for url in (
            "",
            "http://bot.example.org/x",
            "https://",
            "https://bot.example.org/x?y=1",
            "https://bot.example.org/x#y",
            "https://user:pw@bot.example.org/x",
            "https://bot.example.org/é",
            "https://bot.example.org/a b",
            "https://bot.example.org/x\n",
            "https://bot.example.org/" + "x" * 500,
        ):
            with subtests.test(url=url[:40]):
                refusal = the_problem(channels=self.webhook(url=url))

                assert "webhook.url: doit être une adresse https:// sans compte ni paramètres" in refusal

    @pytest.mark.parametrize(
        ("listen", "address"),
        [
            ("127.0.0.1:8080", ("127.0.0.1", 8080)),
            ("[::1]:1", ("::1", 1)),
            ("localhost:65535", ("localhost", 65535)),
            ("0.0.0.0:80", ("0.0.0.0", 80)),  # noqa: S104
        ],
    )
    def test_where_to_listen_is_an_address_and_a_port(self, listen: str, address: tuple[str, int]) -> None:
        telegram = Settings(channels=self.webhook(url=self.URL, listen=listen)).channels.telegram

        assert telegram is not None
        assert telegram.webhook is not None
        assert telegram.webhook.address == address

    @pytest.mark.parametrize(
        "listen",
        ["", "8080", ":8080", "127.0.0.1", "127.0.0.1:0", "127.0.0.1:65536", "::1:80", "a b:1", "x:1\n"],
    )
    def test_anything_else_is_nowhere_to_listen(self, listen: str) -> None:
        refusal = the_problem(channels=self.webhook(url=self.URL, listen=listen))

        assert "webhook.listen: s’écrit adresse:port" in refusal

    @pytest.mark.parametrize("secret", ["a", "A-b_9" * 51])
    def test_a_secret_has_telegrams_letters(self, secret: str) -> None:
        telegram = Settings(channels=self.webhook(url=self.URL, secret=secret)).channels.telegram

        assert telegram is not None
        assert telegram.webhook is not None
        assert telegram.webhook.secret is not None
        assert telegram.webhook.secret.get_secret_value() == secret

    @pytest.mark.parametrize("secret", ["", "a b", "é", "a\n", "a.b", "x" * 257])
    def test_any_other_secret_is_refused_and_not_repeated(self, secret: str) -> None:
        refusal = the_problem(channels=self.webhook(url=self.URL, secret=secret))

        assert refusal.endswith(
            "webhook.secret: doit avoir de 1 à 256 lettres sans accent, chiffres, tirets ou soulignés"
        )

    def test_the_secret_comes_from_a_file_and_is_masked(self, monkeypatch: pytest.MonkeyPatch) -> None:
        secret("channels__telegram__webhook__secret", "only-telegram-knows\n")
        monkeypatch.setenv("IAVENTURE_SECRETS_DIR", str(secret("channels__telegram__token", TOKEN)))
        monkeypatch.setenv("IAVENTURE_CHANNELS__TELEGRAM__WEBHOOK__URL", self.URL)

        settings = Settings.load()

        assert settings.channels.telegram is not None
        webhook = settings.channels.telegram.webhook
        assert webhook is not None
        assert webhook.secret is not None
        assert webhook.secret.get_secret_value() == "only-telegram-knows"
        assert settings.masked()["channels"]["telegram"]["webhook"]["secret"] == "***"
        assert "only-telegram-knows" not in f"{settings!r}{settings.masked()}"


class TestMatrix:
    def test_only_the_server_the_account_and_the_key_of_its_store_are_needed(self) -> None:
        matrix = Settings.load(channels={"matrix": MATRIX}).channels.matrix

        assert matrix is not None
        assert (matrix.store, matrix.rate, matrix.allowed_servers) == ("iaventure-matrix", 1, ())

    def test_a_store_without_a_key_is_refused(self) -> None:
        without = {name: value for name, value in MATRIX.items() if name != "store_key"}

        assert "channels.matrix.store_key: réglage obligatoire absent" in the_problem(
            channels={"matrix": without}
        )

    @pytest.mark.parametrize("user", ["bot", "@bot", "@bot:", "@b t:x", "bot:example.org", f"@{'x' * 255}:x"])
    def test_an_account_has_a_name_and_a_server(self, user: str) -> None:
        assert "@nom:serveur" in the_problem(channels={"matrix": MATRIX | {"user_id": user}})

    @pytest.mark.parametrize("server", ["", "https://agent.example", "@a:b c", "a/b"])
    def test_an_allowed_server_is_a_name(self, server: str) -> None:
        assert "un serveur s’écrit" in the_problem(
            channels={"matrix": MATRIX | {"allowed_servers": [server]}}
        )

    def test_a_secret_is_one_line(self, subtests: pytest.Subtests) -> None:
        secrets = ["store_key", "password", "access_token", "recovery_key"]
        for name, text in product(secrets, ["", " x", "x\n", "a\nb"]):
            with subtests.test(name=name, text=text):
                refusal = the_problem(channels={"matrix": MATRIX | {name: text}})

                assert "doit tenir sur une ligne" in refusal

    def test_its_secrets_are_masked(self) -> None:
        secrets = dict.fromkeys(("password", "access_token", "recovery_key"), "hunter2")
        settings = Settings(channels={"matrix": MATRIX | secrets})

        shown = json.dumps(settings.masked()) + repr(settings) + str(settings) + settings.model_dump_json()

        assert "hunter2" not in shown


class TestKey:
    KEY = "c2l4dGVlbiBieXRlcyB0d2ljZSBvdmVyIGhlcmUhISE="
    """32 bytes."""

    def test_addresses_are_in_clear_without_one(self) -> None:
        assert Settings.load().privacy.key is None
        waived = Settings.load(privacy={"key": "none"}).privacy
        assert waived.key is not None
        assert waived.key.get_secret_value() == "none"
        assert (waived.sealed, waived.waived) == (False, ("key",))
        given = Settings.load(privacy={"key": self.KEY}).privacy
        assert (given.sealed, given.waived, given.missing) == (True, (), ("controller", "dpo"))

    def test_it_comes_from_the_environment_a_secret_file_or_the_settings_file(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        folder = secret("privacy__key", f"{self.KEY}\n")
        monkeypatch.setenv("IAVENTURE_SECRETS_DIR", str(folder))
        found = [Settings.load().privacy.key]
        monkeypatch.delenv("IAVENTURE_SECRETS_DIR")
        monkeypatch.setenv("IAVENTURE_PRIVACY__KEY", self.KEY)
        found.append(Settings.load().privacy.key)
        monkeypatch.delenv("IAVENTURE_PRIVACY__KEY")
        found.append(Settings.load(written(f"privacy: {{key: {self.KEY}}}\n")).privacy.key)
        assert [key and key.get_secret_value() for key in found] == [self.KEY] * 3

    @pytest.mark.parametrize("key", ["", "court", "None", "é" * 43, KEY[:-4], KEY + "AAAA", "!" * 43 + "="])
    def test_anything_else_is_refused_and_not_repeated(self, key: str) -> None:
        refusal = the_problem(privacy={"key": key})
        assert "32 octets" in refusal
        assert not key or key not in refusal

    def test_it_is_masked(self) -> None:
        settings = Settings(privacy={"key": self.KEY})
        shown = json.dumps(settings.masked()) + repr(settings) + str(settings) + settings.model_dump_json()
        assert self.KEY not in shown
        assert settings.masked()["privacy"]["key"] == "***"


class TestSecrecy:
    def test_the_token_and_the_password_are_masked(self) -> None:
        settings = Settings(
            database="postgresql://bot:hunter2@db/iaventure", channels={"telegram": {"token": TOKEN}}
        )

        shown = json.dumps(settings.masked()) + repr(settings) + str(settings) + settings.model_dump_json()

        assert "hunter2" not in shown
        assert "ABC-test" not in shown
        assert settings.masked()["database"] == "postgresql://bot:***@db/iaventure"
        assert settings.masked()["channels"] == {
            "telegram": {
                "token": "***",
                "base_url": "https://api.telegram.org/bot",
                "base_file_url": "https://api.telegram.org/file/bot",
                "rate": 30.0,
                "in_flight": 8,
                "mode": "polling",
            }
        }

    @pytest.mark.parametrize(
        "url",
        [
            "postgresql://u:hunter2@h/d",
            "postgresql://u:x@hunter2@h/d",
            "postgresql://u:x/hunter2@h/d",
            "postgresql://:hunter2@h/d",
            "postgresql://h/d?user=u&password=hunter2",
            "postgresql://h/d?Password=hunter2&a=b",
            "postgresql://h/d?sslpassword=hunter2",
        ],
    )
    def test_a_password_is_masked_wherever_the_url_holds_it(self, url: str) -> None:
        assert "hunter2" not in Settings(database=url).masked()["database"]

    @pytest.mark.parametrize(
        "url", ["postgresql://u@h:5432/d?sslmode=require", "postgresql:///d", "sqlite:///a:b@c.db"]
    )
    def test_a_url_without_a_password_is_shown_as_it_is(self, url: str) -> None:
        assert Settings(database=url).masked()["database"] == url

    def test_no_problem_and_no_traceback_holds_what_was_given(self, subtests: pytest.Subtests) -> None:
        for text in (
            "channels: {telegram: {token: 123456:hunter2 x}}",
            "channels: {telegram: {123456:hunter2}}",
            "channels: {telegram: {token:123456:hunter2}}",
            "channels: {telegram: 123456:hunter2}",
            "channels: {telegram: {token: *hunter2}}",
            "channels: {telegram: {token: !hunter2 x}}",
            "channels: {telegram: {token: '123456:hunter2}}",
            "channels: {telegram: {token: 123456: hunter2}}",
            "channels: {telegram: {token: [123456, hunter2]}}",
            "database: mysql://u:hunter2@h/d",
            "admins: [hunter2]",
        ):
            with subtests.test(text=text):
                with pytest.raises(SettingsError) as raised:
                    Settings.load(written(text))

                assert "hunter2" not in str(raised.value)
                assert "hunter2" not in "".join(traceback.format_exception(raised.value))

    def test_no_problem_of_the_environment_or_of_a_secret_file_holds_it(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("IAVENTURE_SECRETS_DIR", str(secret("channels__telegram__token", "hunter2")))
        monkeypatch.setenv("IAVENTURE_DATABASE", "hunter2")
        monkeypatch.setenv("IAVENTURE_ADMINS", "hunter2")

        refusals = problems()

        assert len(refusals) == 3
        assert "hunter2" not in "".join(refusals)


def settings_below(model: type[BaseModel], path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    paths = []
    for name in model.model_fields:
        inner = (*path, name)
        kind = kind_at(Settings, inner)
        paths.append(inner)
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            paths += settings_below(kind, inner)
    return paths


JUNK = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(["08:30", "fr", "mon", "3h"]),
    lambda inner: st.lists(inner, max_size=8) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=9,
)


class TestAnything:
    @given(st.sampled_from(settings_below(Settings)), JUNK)
    def test_whatever_is_given_is_a_setting_or_a_problem_in_french_with_its_place(
        self, path: tuple[str, ...], junk: Any
    ) -> None:
        overrides = junk
        for name in reversed(path):
            overrides = {name: overrides}

        try:
            Settings.load(**overrides)
        except SettingsError as error:
            for problem in error.problems:
                assert problem.startswith("ligne de commande: " + path[0])
                assert not re.search(r"\b(should|must|input|valid|value)\b", problem, re.IGNORECASE)
                assert "\n" not in problem

    @given(st.text(max_size=200))
    def test_whatever_a_file_holds_is_settings_or_problems(self, text: str) -> None:
        file = Path("any.yaml")
        file.write_text(text, encoding="utf-8", errors="surrogatepass")

        refusals: tuple[str, ...] = ()
        try:
            Settings.load(file)
        except SettingsError as error:
            refusals = error.problems

        assert all(problem.startswith("any.yaml") for problem in refusals)


def test_reading_settings_imports_neither_the_holidays_nor_any_channel() -> None:
    program = (
        "import sys; from config.settings import Settings; Settings.load(); "
        "print([name for name in ('holidays', 'telegram', 'sqlalchemy') if name in sys.modules])"
    )

    ran = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": str(DEFAULT_YAML.parent.parent)},
    )

    assert ran.stdout.strip() == "[]"


class TestMetrics:
    def test_nothing_is_opened_unless_it_is_asked_for(self) -> None:
        assert Settings().metrics.listen == "none"

    @pytest.mark.parametrize("listen", ["127.0.0.1:9464", "[::1]:9464", "0.0.0.0:1", "none"])
    def test_they_are_served_where_the_operator_says(self, listen: str) -> None:
        assert Settings.load(metrics={"listen": listen}).metrics.listen == listen

    @pytest.mark.parametrize("listen", ["", "9464", ":9464", "127.0.0.1", "127.0.0.1:0", "::1:9464", "oui"])
    def test_anything_else_is_nowhere(self, listen: str) -> None:
        assert "metrics.listen: s’écrit adresse:port" in the_problem(metrics={"listen": listen})


class TestPrivacy:
    NAMED = "{name: Ville, address: 1 place, contact: a@example.org}"

    def test_nobody_is_named_and_nobody_waived_by_default(self) -> None:
        privacy = Settings().privacy

        assert (privacy.controller, privacy.dpo, privacy.ground) == (None, None, "public_interest")
        assert (privacy.missing, privacy.waived) == (("controller", "dpo", "key"), ())

    def test_who_answers_may_be_named_or_waived(self) -> None:
        privacy = Settings.load(written(f"privacy: {{controller: {self.NAMED}, dpo: none}}")).privacy

        assert privacy.controller not in (None, "none")
        assert privacy.dpo == "none"
        assert (privacy.missing, privacy.waived) == (("key",), ("dpo",))

    def test_none_can_be_written_in_the_environment_and_in_a_file(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("IAVENTURE_PRIVACY__CONTROLLER", "none")
        monkeypatch.setenv("IAVENTURE_SECRETS_DIR", str(secret("privacy__dpo", "none\n")))

        assert Settings.load().privacy.waived == ("controller", "dpo")
        assert Settings.load().masked()["privacy"]["controller"] == "none"

    def test_a_name_in_the_environment_wins_over_none_in_the_file(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("IAVENTURE_PRIVACY__DPO__CONTACT", "dpo@example.org")

        dpo = Settings.load(written("privacy: {dpo: none}")).privacy.dpo

        assert dpo not in (None, "none")

    def test_what_is_wrong_is_said_at_its_place(self, subtests: pytest.Subtests) -> None:
        for text, said in [
            (
                "{controller: {name: Ville, contact: x}}",
                "privacy.controller.address: réglage obligatoire absent",
            ),
            ("{controller: Ville}", "privacy.controller: doit être un groupe de réglages"),
            (
                "{controller: {nom: x, name: a, address: b, contact: c}}",
                "ici sont acceptés : name, address, contact",
            ),
            (f"{{controller: {{name: {'x' * 81}, address: b, contact: c}}}}", "doit tenir en 80 caractères"),
            ("{dpo: {contact: ' x'}}", "privacy.dpo.contact: doit tenir sur une ligne"),
            (
                "{ground: contract}",
                "privacy.ground: doit valoir 'public_interest', 'legal_obligation' ou 'consent'",
            ),
            (
                "{host: {name: x, country: fr}}",
                "privacy.host.country: un pays s’écrit par son code de deux lettres",
            ),
            ("{host: none}", "privacy.host: doit être un groupe de réglages"),
            ("{recipients: x}", "privacy.recipients: doit être une liste"),
            ("{inactive: 29d}", "privacy.inactive: la durée doit aller de 30d à 3650d"),
            ("{audit: 3y}", "privacy.audit: une durée de conservation s’écrit en jours"),
        ]:
            with subtests.test(text=text[:40]):
                assert said in the_problem(written(f"privacy: {text}"))
        assert "access: doit valoir 'open' ou 'code'" in the_problem(written("access: closed"))

    def test_none_is_no_other_group(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("IAVENTURE_PRIVACY__HOST", "none")

        assert "doit être un groupe JSON" in the_problem()
