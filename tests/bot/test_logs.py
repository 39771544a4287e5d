"""Nothing secret reaches the log, whatever road it takes; and a log is one record a line."""

import io
import json
import logging
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.logs import Redactor, configure_logging
from bot.settings import LogFormat, LogLevel

TOKEN = "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"
URL = f"https://api.telegram.org/bot{TOKEN}/sendMessage"


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    """The root logger given to us and given back as it was."""
    root = logging.getLogger()
    kept = root.handlers[:], root.level
    root.handlers = []
    yield io.StringIO()
    root.handlers, root.level = kept
    logging.captureWarnings(capture=False)
    logging.getLogger("aiogram").setLevel(logging.NOTSET)


def _fail() -> None:
    try:
        int(URL)
    except ValueError as error:
        raise RuntimeError(TOKEN) from error


def test_a_token_is_left_out_of_words_and_of_arguments(stream: io.StringIO) -> None:
    configure_logging(stream=stream)
    log = logging.getLogger("anybody.at.all")
    log.info("calling %s", URL)
    log.warning(f"token={TOKEN}")  # noqa: G004 -- what careless code does
    log.info({"token": TOKEN})
    log.info("%(url)s", {"url": URL})
    assert TOKEN not in stream.getvalue()
    assert "AAHdq" not in stream.getvalue()
    assert "/bot***/sendMessage" in stream.getvalue()


def test_a_token_is_left_out_of_exceptions_and_their_causes(stream: io.StringIO) -> None:
    configure_logging(stream=stream)
    try:
        _fail()
    except RuntimeError:
        logging.getLogger("x").exception("failed", stack_info=True)
    assert "RuntimeError" in stream.getvalue()
    assert "ValueError" in stream.getvalue()
    assert "AAHdq" not in stream.getvalue()


@pytest.mark.parametrize("form", list(LogFormat))
def test_a_known_secret_is_left_out_wherever_it_stands(form: LogFormat, stream: io.StringIO) -> None:
    configure_logging(form=form, secrets=["my-webhook-secret", "abc"], stream=stream)
    logging.getLogger("x").info("header my-webhook-secret, abc")
    assert "my-webhook-secret" not in stream.getvalue()
    assert "abc" in stream.getvalue(), "three letters are no secret"


def test_a_password_in_an_address_is_left_out() -> None:
    shown = Redactor().redact("postgresql://dondoc:hunter2@localhost/d via http://u:p%40ss@proxy:3128")
    assert shown == "postgresql://dondoc:***@localhost/d via http://u:***@proxy:3128"


@given(st.text(max_size=50), st.text(max_size=50))
def test_no_words_around_it_save_a_token(before: str, after: str) -> None:
    assert TOKEN[10:] not in Redactor().redact(f"{before}{TOKEN}{after}")
    assert TOKEN[10:] not in Redactor().redact(f"{before}/bot{TOKEN}/{after}")


def test_a_shorter_token_is_left_out_of_an_address() -> None:
    assert Redactor().redact("GET /bot7001:test/getMe") == "GET /bot***/getMe"


def test_a_long_run_of_digits_is_soon_read() -> None:
    text = "1" * 300_000
    assert Redactor().redact(text) == text


def test_a_clock_time_is_not_a_token() -> None:
    assert Redactor().redact("08:00 2024-10-23 12:30:05") == "08:00 2024-10-23 12:30:05"


def test_plain_records_are_one_line_on_a_vietnamese_clock(stream: io.StringIO) -> None:
    configure_logging(stream=stream)
    record = logging.LogRecord("reminders.scan", logging.INFO, "", 0, "tin:\n%s\x1b[2J", ("x",), None)
    record.created = 1_729_645_200.0
    logging.getLogger().handle(record)
    assert stream.getvalue() == "2024-10-23 08:00:00 INFO reminders.scan: tin:\\nx\\x1b[2J\n"


def test_json_records_are_one_object_a_line(stream: io.StringIO) -> None:
    configure_logging(form=LogFormat.JSON, stream=stream)
    logging.getLogger("bot").info("đã gửi\n2 tin")
    try:
        _fail()
    except RuntimeError:
        logging.getLogger("bot").exception("hỏng")
    rows = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert [row["message"] for row in rows] == ["đã gửi\n2 tin", "hỏng"]
    assert rows[0].keys() == {"at", "level", "logger", "message"}
    assert rows[0]["at"].endswith("+07:00")
    assert "RuntimeError: ***" in rows[1]["error"]


def test_a_record_with_too_few_arguments_is_still_logged(stream: io.StringIO) -> None:
    configure_logging(stream=stream)
    logging.getLogger("x").info("%s and %s", "one")  # noqa: PLE1206 -- the very mistake
    logging.getLogger("x").info("%d", "many")
    assert "%s and %s" in stream.getvalue()
    assert len(stream.getvalue().splitlines()) == 2


def test_the_level_is_kept_and_libraries_are_quiet(stream: io.StringIO) -> None:
    configure_logging(level=LogLevel.INFO, stream=stream)
    logging.getLogger("bot").debug("no")
    logging.getLogger("aiogram.event").info("no")
    logging.getLogger("aiogram.event").warning("yes")
    assert [line.split(": ")[1] for line in stream.getvalue().splitlines()] == ["yes"]
