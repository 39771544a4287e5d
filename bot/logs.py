"""Nhật ký: standard logging, in lines or in JSON, from which no secret can be read."""

import json
import logging
import re
import sys
from collections.abc import Iterable
from datetime import datetime
from typing import TextIO

from bot.settings import LogFormat, LogLevel
from models.clock import CIVIL_ZONE

HIDDEN = "***"
SHORTEST_HIDDEN = 6
"""A shorter password would blank out half of the log's ordinary words."""

_PATTERNS = (
    # bounded digits: a long run of them in a message must not cost its square
    (re.compile(r"/bot\d{1,20}(?::|%3A)[^/\s\"']+", re.IGNORECASE), f"/bot{HIDDEN}"),
    (re.compile(r"\d{1,20}(?::|%3A)[A-Za-z0-9_-]{30,}", re.IGNORECASE), HIDDEN),
    (re.compile(r"(?<=://)([^\s:/@]{0,200}):[^\s/@]{1,200}(?=@)"), rf"\1:{HIDDEN}"),
)
_CONTROLS = {code: f"\\x{code:02x}" for code in (*range(32), *range(127, 160))} | {9: "\t", 10: "\\n", 13: "\\r"}
_NOISY = ("aiogram", "aiohttp", "alembic", "apscheduler", "asyncio", "uvicorn.access", "uvicorn.error")


class Redactor(logging.Filter):
    """Bỏ các mã bí mật. Stands on the handler, so that it sees the records of every library too."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        super().__init__()
        self._secrets = sorted((each for each in secrets if len(each) >= SHORTEST_HIDDEN), key=len, reverse=True)

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = self.redact(_message(record)), None
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        # what is left to format is text that went through here: no formatter may go back to the exception itself
        record.exc_info = None
        if record.exc_text:
            record.exc_text = self.redact(record.exc_text)
        if record.stack_info:
            record.stack_info = self.redact(record.stack_info)
        return True

    def redact(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, HIDDEN)
        for pattern, instead in _PATTERNS:
            text = pattern.sub(instead, text)
        return text


def _message(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except (TypeError, ValueError, KeyError):  # a placeholder too many; a filter that raises would stop the caller
        return f"{record.msg} {record.args!r}"


class PlainFormatter(logging.Formatter):
    """2024-10-23 08:00:00 INFO reminders.scan: …, on a Vietnamese wall clock; one record one line but its traceback."""

    def format(self, record: logging.LogRecord) -> str:
        words = record.getMessage().translate(_CONTROLS)
        line = f"{_at(record):%Y-%m-%d %H:%M:%S} {record.levelname} {record.name}: {words}"
        return "\n".join(part for part in (line, record.exc_text, record.stack_info) if part)


class JsonFormatter(logging.Formatter):
    """{"at", "level", "logger", "message", "error"?}, one object a line."""

    def format(self, record: logging.LogRecord) -> str:
        row = {
            "at": _at(record).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if error := "\n".join(part for part in (record.exc_text, record.stack_info) if part):
            row["error"] = error
        return json.dumps(row, ensure_ascii=False)


def _at(record: logging.LogRecord) -> datetime:
    return datetime.fromtimestamp(record.created, CIVIL_ZONE)


def configure_logging(
    *,
    level: LogLevel = LogLevel.INFO,
    form: LogFormat = LogFormat.PLAIN,
    secrets: Iterable[str] = (),
    stream: TextIO | None = None,
) -> None:
    """Send every record of this process to one stream (standard error), redacted; replaces what was set before."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.addFilter(Redactor(secrets))
    handler.setFormatter(JsonFormatter() if form is LogFormat.JSON else PlainFormatter())
    logging.basicConfig(level=level.value.upper(), handlers=[handler], force=True)
    logging.captureWarnings(capture=True)
    for name in _NOISY:
        logging.getLogger(name).setLevel(logging.NOTSET if level is LogLevel.DEBUG else logging.WARNING)
