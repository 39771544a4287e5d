"""One question to Telegram, asked by commands that end in a moment: what is the bot called.

Asked with the standard library: loading the client that `bot.telegram` needs takes longer than the command itself.
"""

import json
import ssl
from http import HTTPStatus
from typing import Any
from urllib.error import HTTPError
from urllib.request import HTTPSHandler, ProxyHandler, Request, build_opener

from bot.settings import Settings

PRODUCTION = "https://api.telegram.org"
TIMEOUT_S = 5.0
LONGEST_ANSWER = 100_000


class NoAnswerError(Exception):
    """Telegram không cho biết tên bot; `str()` is a sentence that says what to do."""


def ask_username(settings: Settings) -> str:
    """The bot's name without @; raises NoAnswerError, which never holds the token."""
    assert settings.telegram_bot_token is not None
    base = (settings.telegram_api_base or PRODUCTION).rstrip("/")
    failure: NoAnswerError
    try:
        answer = _get(f"{base}/bot{settings.telegram_bot_token.get_secret_value()}/getMe", settings.telegram_proxy)
        username = answer["result"]["username"]
        if isinstance(username, str) and username.isascii() and username.isidentifier():
            return username
        failure = NoAnswerError("Telegram trả lời không đúng dạng.")
    except HTTPError as error:
        error.close()
        failure = _refused(error.code)
    except OSError:
        failure = NoAnswerError("Không nối được tới Telegram: xem lại mạng, TELEGRAM_PROXY và TELEGRAM_API_BASE.")
    except (ValueError, KeyError, TypeError):
        failure = NoAnswerError("Telegram trả lời không đúng dạng.")
    raise failure  # outside the except clause: the cause may hold the address, and the address the token


def _get(url: str, proxy: str | None) -> Any:
    handlers: list[Any] = [HTTPSHandler(context=_trusted())]
    handlers.append(ProxyHandler({"http": proxy, "https": proxy} if proxy else {}))
    request = Request(url, headers={"Accept": "application/json"})  # noqa: S310 -- settings admit http and https only
    with build_opener(*handlers).open(request, timeout=TIMEOUT_S) as answer:
        return json.loads(answer.read(LONGEST_ANSWER))


def _trusted() -> ssl.SSLContext:
    """The authorities the real client trusts, so that both reach or both fail."""
    import certifi

    return ssl.create_default_context(cafile=certifi.where())


def _refused(status: int) -> NoAnswerError:
    if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND}:
        return NoAnswerError("Telegram không nhận TELEGRAM_BOT_TOKEN: lấy lại mã từ @BotFather.")
    return NoAnswerError(f"Telegram trả lời lỗi {status}: thử lại sau.")
