"""What a machine may be told, and what it answers to what it cannot use."""

import re
import stat
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from unicodedata import is_normalized, normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from bot.settings import (
    DEFAULT_DATABASE,
    SENTENCES,
    LogFormat,
    LogLevel,
    Settings,
    SettingsError,
    invite_key,
    load_settings,
    secret_values,
    work_calendar,
)
from models.errors import FileProblemsError
from models.terms import BeforeReading
from seed_plans import FOLDER

EXAMPLE = FOLDER.parent / ".env.example"
TOKEN = "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"
SECRET = "s3cret_of-the-webhook"

pytestmark = pytest.mark.usefixtures("elsewhere")


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty folder and an environment without any of our variables."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    def tell(**variables: str) -> None:
        for name, value in variables.items():
            monkeypatch.setenv(name, value)

    return tell


def problems() -> list[str]:
    with pytest.raises(SettingsError) as caught:
        load_settings()
    return caught.value.sentences


def test_nothing_needs_to_be_set() -> None:
    settings = load_settings()
    assert settings.database_url == DEFAULT_DATABASE
    assert settings.telegram_bot_token is None
    assert not settings.uses_webhook
    assert settings.before_reading is BeforeReading.STRICT
    assert settings.address_form == "Anh/Chị"
    assert settings.calendar_file.is_file()
    assert (settings.log_level, settings.log_format) == (LogLevel.INFO, LogFormat.PLAIN)


def test_the_environment_beats_the_env_file(tmp_path: Path, told: Callable[..., None]) -> None:
    (tmp_path / ".env").write_text("HTTP_PORT=9000\nADDRESS_FORM=Đồng chí\n", encoding="utf-8-sig")
    told(HTTP_PORT="9001")
    settings = load_settings()
    assert (settings.http_port, settings.address_form) == (9001, "Đồng chí")


def test_an_empty_variable_counts_as_not_set(told: Callable[..., None]) -> None:
    told(TELEGRAM_BOT_TOKEN="", HTTP_PORT="", SECRET_KEY="")
    settings = load_settings()
    assert (settings.telegram_bot_token, settings.http_port, settings.secret_key) == (None, 8080, None)


def test_other_lines_of_the_env_file_do_not_matter(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("EDITOR=vi\nHTTP_PORT=81\n")
    assert load_settings().http_port == 81


def test_the_address_form_is_stored_in_one_unicode_form(told: Callable[..., None]) -> None:
    told(ADDRESS_FORM=normalize("NFD", "Đồng chí"))
    assert load_settings().address_form == "Đồng chí"


def test_the_short_name_of_postgresql_is_understood(told: Callable[..., None]) -> None:
    told(DATABASE_URL="postgres://dondoc@localhost/dondoc")
    assert load_settings().database_url == "postgresql://dondoc@localhost/dondoc"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "mysql://u:hunter2-word@h/d"),
        ("DATABASE_URL", "sqlite:///:memory:"),
        ("DATABASE_URL", "sqlite://"),
        ("DATABASE_URL", "hunter2-word"),
        ("TELEGRAM_BOT_TOKEN", "hunter2-word"),
        ("TELEGRAM_BOT_TOKEN", "123:with space"),
        ("TELEGRAM_API_BASE", "api.telegram.org"),
        ("TELEGRAM_API_BASE", "https://[half"),
        ("TELEGRAM_PROXY", "socks5://u:hunter2-word@proxy"),
        ("TELEGRAM_WEBHOOK_URL", "http://example.vn"),
        ("TELEGRAM_WEBHOOK_SECRET", "short"),
        ("TELEGRAM_WEBHOOK_SECRET", "hunter2 with spaces in it"),
        ("ZALO_BOT_TOKEN", "hunter2-word"),
        ("ZALO_BOT_TOKEN", "123:with a space in it"),
        ("ZALO_BOT_TOKEN", "123:hunter2/../sendMessage"),
        ("ZALO_BOT_TOKEN", "123:hunter2-secret-one,123:hunter2-secret-one"),
        ("ZALO_BOT_TOKEN", ","),
        ("ZALO_API_BASE", "bot-api.example.vn"),
        ("ZALO_PROXY", "socks5://u:hunter2-word@proxy"),
        ("ZALO_WEBHOOK_URL", "http://example.vn"),
        ("ZALO_WEBHOOK_SECRET", "hunter2"),
        ("ZALO_PUBLIC_URL", "http://example.vn"),
        ("HTTP_HOST", "not a host"),
        ("HTTP_PORT", "eighty"),
        ("HTTP_PORT", "65536"),
        ("HTTP_PORT", "-1"),
        ("BEFORE_READING", "sometimes"),
        ("ADDRESS_FORM", "x" * 21),
        ("ADDRESS_FORM", "   "),
        ("ADDRESS_FORM", "Anh\tChị"),
        ("SECRET_KEY", "hunter2-word"),
        ("LOG_LEVEL", "loud"),
        ("LOG_FORMAT", "xml"),
    ],
)
def test_a_bad_value_gives_one_sentence_that_names_the_variable_and_not_the_value(
    name: str, value: str, told: Callable[..., None]
) -> None:
    told(**{name: value})
    found = problems()
    assert len(found) == 1
    assert found[0].startswith(f"{name} ")
    assert "hunter2" not in found[0]


def test_all_problems_are_told_at_once(told: Callable[..., None]) -> None:
    told(HTTP_PORT="x", LOG_LEVEL="x", SECRET_KEY="x")
    assert sorted(sentence.split()[0] for sentence in problems()) == ["HTTP_PORT", "LOG_LEVEL", "SECRET_KEY"]


def test_nothing_behind_the_error_shows_what_was_given(told: Callable[..., None]) -> None:
    told(TELEGRAM_BOT_TOKEN="hunter2")
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


def test_an_env_file_in_another_encoding_is_told(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes("ADDRESS_FORM=Anh/Chị".encode("utf-16"))
    assert problems() == ["Tệp .env phải ghi bằng UTF-8: lưu lại tệp với bảng mã ấy."]


def test_a_webhook_needs_its_secret(told: Callable[..., None]) -> None:
    told(TELEGRAM_WEBHOOK_URL="https://dondoc.example.vn")
    assert [sentence.split()[0] for sentence in problems()] == ["TELEGRAM_WEBHOOK_SECRET"]
    told(TELEGRAM_WEBHOOK_SECRET=SECRET)
    assert load_settings().uses_webhook


def test_plain_http_is_for_a_bot_api_server_of_ones_own(told: Callable[..., None]) -> None:
    told(
        TELEGRAM_WEBHOOK_URL="http://127.0.0.1:8080",
        TELEGRAM_WEBHOOK_SECRET=SECRET,
        TELEGRAM_API_BASE="http://127.0.0.1:8081",
    )
    assert load_settings().uses_webhook


def test_several_zalo_bots_are_named_with_commas(told: Callable[..., None]) -> None:
    assert load_settings().zalo_tokens == ()
    told(ZALO_BOT_TOKEN=" 1:secret-of-the-first-bot , 2:secret-of-the-second-bot,")
    assert load_settings().zalo_tokens == ("1:secret-of-the-first-bot", "2:secret-of-the-second-bot")


def test_a_zalo_webhook_needs_its_secret_and_https_unless_the_server_is_ones_own(told: Callable[..., None]) -> None:
    told(ZALO_WEBHOOK_URL="https://dondoc.example.vn")
    assert [sentence.split()[0] for sentence in problems()] == ["ZALO_WEBHOOK_SECRET"]
    told(ZALO_WEBHOOK_SECRET=SECRET)
    assert load_settings().zalo_webhook_url == "https://dondoc.example.vn"
    told(
        ZALO_WEBHOOK_URL="http://127.0.0.1:8080",
        ZALO_PUBLIC_URL="http://127.0.0.1:8080",
        ZALO_API_BASE="http://127.0.0.1:8082",
    )
    assert load_settings().zalo_public_url == "http://127.0.0.1:8080"


def test_settings_can_be_printed_without_showing_a_secret(told: Callable[..., None]) -> None:
    told(
        TELEGRAM_BOT_TOKEN=TOKEN,
        TELEGRAM_WEBHOOK_SECRET=SECRET,
        SECRET_KEY="a-long-enough-hunter2",
        DATABASE_URL="postgresql://dondoc:hunter2@localhost/d",
        TELEGRAM_PROXY="http://u:hunter2@proxy:3128",
        ZALO_BOT_TOKEN="1:zalo-secret-of-one,2:zalo-secret-of-two",
        ZALO_WEBHOOK_SECRET="zalo-secret-of-the-webhook",
        ZALO_PROXY="http://u:hunter2@proxy:3128",
    )
    settings = load_settings()
    for shown in (repr(settings), str(settings)):
        assert not [word for word in (TOKEN, SECRET, "hunter2", "zalo-secret") if word in shown]
    assert {"1:zalo-secret-of-one", "2:zalo-secret-of-two", "zalo-secret-of-the-webhook"} < set(secret_values(settings))


def test_the_log_is_told_every_secret(told: Callable[..., None]) -> None:
    told(TELEGRAM_BOT_TOKEN=TOKEN, DATABASE_URL="postgresql://dondoc:p%40ss-word@localhost/d")
    assert set(secret_values(load_settings())) == {TOKEN, "p%40ss-word", "p@ss-word"}


def test_every_setting_has_a_sentence_in_one_unicode_form() -> None:
    assert SENTENCES.keys() == Settings.model_fields.keys()
    assert all(is_normalized("NFC", sentence) for sentence in SENTENCES.values())
    assert all(sentence.startswith(f"{name.upper()} ") for name, sentence in SENTENCES.items())


@given(st.sampled_from(sorted(Settings.model_fields)), st.text(max_size=60))
def test_whatever_a_variable_holds_is_used_or_refused_in_order(name: str, value: str) -> None:
    with suppress(ValidationError):
        Settings(**{name: value})


# --- .env.example ---


def test_the_example_names_every_setting_and_no_other() -> None:
    named = re.findall(r"^#([A-Z_]+)=", EXAMPLE.read_text(), re.MULTILINE)
    assert {name.lower() for name in named} == Settings.model_fields.keys()


def test_the_example_changes_nothing_when_copied_and_holds_no_secret(tmp_path: Path) -> None:
    text = EXAMPLE.read_text()
    (tmp_path / ".env").write_text(text)
    assert load_settings() == Settings(_env_file=None)
    assert not re.search(r"\d+:[A-Za-z0-9_-]{30,}", text)


def test_the_example_shows_the_defaults(tmp_path: Path) -> None:
    lines = re.findall(r"^#([A-Z_]+=.+)$", EXAMPLE.read_text(), re.MULTILINE)
    first = {line.split("=")[0]: line for line in reversed(lines)}
    (tmp_path / ".env").write_text("\n".join(first.values()))
    settings = load_settings()
    assert settings.calendar_file.as_posix() == "seed_plans/calendar.yaml"
    assert settings.model_copy(update={"calendar_file": FOLDER / "calendar.yaml"}) == Settings(_env_file=None)


# --- the calendar ---


def test_the_calendar_of_the_file_is_used(tmp_path: Path, told: Callable[..., None]) -> None:
    rows = "days:\n  - {day: 05/11/2024, is_workday: false, name: Ngày hội, decision: 1/QĐ}\n"
    (tmp_path / "lich.yaml").write_text(rows)
    told(CALENDAR_FILE="lich.yaml")
    assert [row.name for row in work_calendar(load_settings()).rows(2024) if row.day.month == 11] == ["Ngày hội"]


def test_a_calendar_that_cannot_be_read_is_told(tmp_path: Path, told: Callable[..., None]) -> None:
    told(CALENDAR_FILE="khong-co.yaml")
    with pytest.raises(SettingsError, match="CALENDAR_FILE"):
        work_calendar(load_settings())
    (tmp_path / "khong-co.yaml").write_bytes(b"\xff\xfe")
    with pytest.raises(SettingsError, match="UTF-8"):
        work_calendar(load_settings())
    (tmp_path / "khong-co.yaml").write_text("days: [1]")
    with pytest.raises(FileProblemsError):
        work_calendar(load_settings())


# --- the key of invites ---


def test_the_key_of_the_settings_comes_first(told: Callable[..., None]) -> None:
    told(SECRET_KEY="a-long-enough-key")
    assert invite_key(load_settings()) == b"a-long-enough-key"
    assert not Path("var").exists()


def test_a_key_is_made_once_and_read_by_its_owner_only() -> None:
    key = invite_key(load_settings())
    assert len(key) == 64
    assert invite_key(load_settings()) == key
    assert stat.S_IMODE(Path("var/secret.key").stat().st_mode) == 0o600
    assert [each.name for each in Path("var").iterdir()] == ["secret.key"]


def test_of_many_that_make_the_key_at_once_all_hold_the_same() -> None:
    settings = load_settings()
    with ThreadPoolExecutor(8) as threads:
        keys = set(threads.map(lambda _: invite_key(settings), range(32)))
    assert len(keys) == 1


def test_a_broken_key_file_is_told_and_not_replaced() -> None:
    Path("var").mkdir()
    Path("var/secret.key").write_text("short\n")
    with pytest.raises(SettingsError, match="bị hỏng"):
        invite_key(load_settings())
    assert Path("var/secret.key").read_text() == "short\n"


@pytest.mark.parametrize(
    "url",
    [
        "https://nhacviec.example.vn",
        "https://example.vn/nhac-viec/",
        "http://localhost:8080",
        "http://127.0.0.1:8080/",
        "http://[::1]:8080",
    ],
)
def test_pages_are_reached_at_https_or_on_this_machine(told: Callable[..., None], url: str):
    told(PUBLIC_URL=url)
    assert load_settings().public_url == url


@pytest.mark.parametrize(
    "variables",
    [
        {"PUBLIC_URL": "http://nhacviec.example.vn"},
        {"PUBLIC_URL": "nhacviec.example.vn"},
        {"PUBLIC_URL": "https://ai:mat-khau@nhacviec.example.vn"},
        {"PUBLIC_URL": "https://nhacviec.example.vn/?a=1"},
        {"PUBLIC_URL": "https://nhacviec.example.vn", "HTTP_PORT": "0"},
    ],
    ids=["plain", "no-scheme", "password", "query", "no-port"],
)
def test_pages_are_never_promised_where_nobody_can_or_should_reach_them(
    told: Callable[..., None], variables: dict[str, str]
):
    told(**variables)
    assert problems() == [SENTENCES["public_url"]]
