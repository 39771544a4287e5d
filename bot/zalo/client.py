"""The ten methods of the Zalo Bot API over HTTP, and nothing more: no retry, no sleep, no opinion.

The token is part of every address, so no exception, nor its cause, nor any log line of ours holds an address.
"""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from typing import Any

from aiohttp import ClientError, ClientResponse, ClientSession, ClientTimeout

from bot.http_wire import BEFORE_THE_WRITE, CONNECT_TIMEOUT, describe
from models.errors import NotReadyError

PRODUCTION = "https://bot-api.zaloplatforms.com"
REQUEST_TIMEOUT = timedelta(seconds=15)
ANSWER_MARGIN = timedelta(seconds=15)
"""How much longer than the long poll we wait, so that Zalo's "nothing new" comes before our own time-out."""

LARGEST_ANSWER = 4 * 1024 * 1024
_OWN_ID = re.compile(r"[0-9A-Za-z_-]{1,40}")
_DESCRIPTION_LENGTH = 200


class ZaloError(Exception):
    """Root of what the client raises; the words never hold the token."""


class NotSentError(ZaloError):
    """Not one byte of the request left this machine, or something on the way turned it back."""


class NoAnswerError(ZaloError):
    """The bytes left; no answer came, or one that cannot be read."""


class RefusedError(ZaloError):
    """Zalo answered no. `code` is its error_code, else the HTTP status, 0 where there was neither."""

    def __init__(self, code: int, description: str) -> None:
        super().__init__(f"{code} {description}".strip())
        self.code, self.description = code, description


@dataclass(frozen=True, slots=True)
class TextStyle:
    """Kiểu chữ của một đoạn: `start` and `length` in UTF-16 units, `marks` such as "b"."""

    start: int
    length: int
    marks: tuple[str, ...]

    def as_json(self) -> dict[str, object]:
        return {"start": self.start, "len": self.length, "st": list(self.marks)}


@dataclass(frozen=True, slots=True)
class BotAccount:
    """Tài khoản bot như Zalo mô tả. `display_name` is not documented for bots; "" where there is none."""

    id: str
    account_name: str
    can_join_groups: bool
    display_name: str = ""


@dataclass(frozen=True, slots=True)
class WebhookInfo:
    """Webhook đang đặt. `is_verified` None: Zalo said nothing about having tried the address."""

    url: str
    is_verified: bool | None = None


class ZaloClient:
    """Máy khách của một bot. The caller closes it."""

    def __init__(
        self, token: str, *, api_base: str | None, proxy: str | None, request_timeout: timedelta = REQUEST_TIMEOUT
    ) -> None:
        if proxy is not None and not proxy.startswith(("http://", "https://")):
            raise NotReadyError("Proxy cho Zalo phải là địa chỉ http:// hoặc https://.")
        self._token, self._base, self._proxy = token, (api_base or PRODUCTION).rstrip("/"), proxy
        self._timeout = request_timeout
        self._session: ClientSession | None = None
        self.bot = bot_key(token)

    def __repr__(self) -> str:
        return f"ZaloClient({self.bot})"

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def get_me(self) -> BotAccount:
        found = await self._object("getMe", {}, wanted="id")
        name, shown = found.get("account_name"), found.get("display_name")
        return BotAccount(
            id=str(found["id"]),
            account_name=name if isinstance(name, str) else "",
            can_join_groups=found.get("can_join_groups") in (True, "true"),
            display_name=shown if isinstance(shown, str) else "",
        )

    async def get_updates(self, *, hold: timedelta) -> object:
        """Whatever came, in whatever shape; None when nothing came while Zalo held the question open for `hold`."""
        try:
            answer = await self._call("getUpdates", {"timeout": str(int(hold.total_seconds()))}, hold + ANSWER_MARGIN)
        except RefusedError as error:
            if error.code == HTTPStatus.REQUEST_TIMEOUT:
                return None
            raise
        return answer

    async def set_webhook(self, url: str, secret: str) -> WebhookInfo:
        return _webhook(await self._object("setWebhook", {"url": url, "secret_token": secret}, wanted="url"))

    async def get_webhook_info(self) -> WebhookInfo | None:
        """None: no webhook is set, which Zalo tells by an empty address or by 404."""
        try:
            found = await self._object("getWebhookInfo", {})
        except RefusedError as error:
            if error.code == HTTPStatus.NOT_FOUND:
                return None
            raise
        return _webhook(found) if found.get("url") else None

    async def delete_webhook(self) -> None:
        """None set is as good."""
        try:
            await self._call("deleteWebhook", {})
        except RefusedError as error:
            if error.code != HTTPStatus.NOT_FOUND:
                raise

    async def send_message(self, chat: str, text: str, styles: Sequence[TextStyle] = ()) -> str:
        """Plain text, whatever is in it; `styles` set our own words off. Returns the message's id."""
        facts: dict[str, object] = {"chat_id": chat, "text": text}
        if styles:
            facts["text_styles"] = [style.as_json() for style in styles]
        return await self._sent("sendMessage", facts)

    async def send_photo(self, chat: str, photo_url: str, caption: str = "") -> str:
        """Zalo fetches the picture itself, so the address must be open to it."""
        facts = {"chat_id": chat, "photo": photo_url} | ({"caption": caption} if caption else {})
        return await self._sent("sendPhoto", facts)

    async def send_sticker(self, chat: str, sticker: str) -> str:
        return await self._sent("sendSticker", {"chat_id": chat, "sticker": sticker})

    async def send_voice(self, chat: str, voice_url: str) -> str:
        """An .aac at a public address, in private chats only."""
        return await self._sent("sendVoice", {"chat_id": chat, "voice_url": voice_url})

    async def send_chat_action(self, chat: str, action: str = "typing") -> None:
        await self._call("sendChatAction", {"chat_id": chat, "action": action})

    async def session(self) -> ClientSession:
        """The connections of this bot, for what else must go the same way (the pictures people send)."""
        if self._session is None or self._session.closed:
            self._session = ClientSession(proxy=self._proxy)
        return self._session

    async def _sent(self, method: str, facts: Mapping[str, object]) -> str:
        return str((await self._object(method, facts, wanted="message_id"))["message_id"])

    async def _object(self, method: str, facts: Mapping[str, object], *, wanted: str | None = None) -> dict[str, Any]:
        """The third check of every answer: what is needed is there. Without it the outcome is not known."""
        result = _result_of(await self._call(method, facts))
        if not isinstance(result, dict) or (wanted is not None and not _is_there(result.get(wanted))):
            raise NoAnswerError(f"{method}: the answer has no {wanted or 'result'}")
        return result

    async def _call(self, method: str, facts: Mapping[str, object], timeout: timedelta | None = None) -> object:  # noqa: ASYNC109 -- aiohttp's, which tells connecting from waiting
        session = await self.session()
        failure: ZaloError | None = None
        try:
            async with session.post(
                f"{self._base}/bot{self._token}/{method}",
                json=facts,
                timeout=_limits(timeout or self._timeout),
                allow_redirects=False,
            ) as answer:
                status, body = answer.status, await _whole(answer)
        except BEFORE_THE_WRITE as error:
            failure = NotSentError(describe(error))
        except (TimeoutError, ClientError) as error:
            failure = NoAnswerError(describe(error))
        if failure is not None:
            raise failure  # outside the except clause: not even __context__ may hold the address
        return self._judged(method, status, body)

    def _judged(self, method: str, status: int, body: bytes) -> object:
        """HTTP 2xx, then `ok` true; a body that is not Zalo's is judged by the status alone."""
        answer = _parsed(body)
        is_fine = HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES
        if isinstance(answer, dict) and "ok" in answer:
            if is_fine and answer["ok"] is True:
                return answer
            raise RefusedError(_code_of(answer, 0 if is_fine else status), self._said(answer.get("description")))
        if is_fine and answer is not None and method == "getUpdates":
            return answer  # an update without its envelope, or several: `updates` reads them
        if is_fine:
            raise NoAnswerError(f"{method}: an answer that is not Zalo's")
        if HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
            raise NotSentError(f"HTTP {status}: turned aside on the way")
        raise RefusedError(status, "not an answer of the Bot API")

    def _said(self, description: object) -> str:
        """Zalo's own words; should they ever quote the token, not that."""
        words = description if isinstance(description, str) else ""
        for secret in {self._token, self._token.rpartition(":")[2]}:
            words = words.replace(secret, "***")
        return words[:_DESCRIPTION_LENGTH]


def bot_key(token: str) -> str:
    """`zalo:<id>` where the token names its bot (`id:secret`), else a short hash of the token: stable, and no secret.

    The id outlives a new token; a hash does not, and addresses linked under it would be lost.
    """
    own_id, colon, _ = token.partition(":")
    if colon and _OWN_ID.fullmatch(own_id):
        return f"zalo:{own_id}"
    return f"zalo:{hashlib.sha256(token.encode()).hexdigest()[:12]}"


async def _whole(answer: ClientResponse) -> bytes:
    """The body, or its beginning where it is larger than any answer; such a one is then no JSON."""
    body = bytearray()
    async for chunk in answer.content.iter_any():
        body += chunk
        if len(body) > LARGEST_ANSWER:
            break
    return bytes(body)


def _limits(timeout: timedelta) -> ClientTimeout:
    total = timeout.total_seconds()
    return ClientTimeout(total=total, connect=min(CONNECT_TIMEOUT.total_seconds(), total / 2))


def _parsed(body: bytes) -> object:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _result_of(answer: object) -> object:
    return answer.get("result") if isinstance(answer, dict) else None


def _is_there(value: object) -> bool:
    return isinstance(value, str | int) and not isinstance(value, bool) and value != ""


def _code_of(answer: Mapping[str, object], status: int) -> int:
    """error_code may be a number or digits; without it the HTTP status."""
    code = answer.get("error_code")
    if isinstance(code, str) and code.lstrip("-").isdecimal() and len(code) < 10:  # noqa: PLR2004 -- a code, not a text
        return int(code)
    return code if isinstance(code, int) and not isinstance(code, bool) else status


def _webhook(found: Mapping[str, object]) -> WebhookInfo:
    return WebhookInfo(str(found["url"]), _verified(found.get("verification")))


def _verified(verification: object) -> bool | None:
    """Zalo's word on whether it reached the address; its form is not documented, so every likely one is read."""
    if isinstance(verification, dict):
        for name in ("ok", "success", "verified", "status"):
            if name in verification:
                return _verified(verification[name])
        return None
    if isinstance(verification, str):
        return verification.casefold() in {"ok", "success", "verified", "true"} if verification else None
    return bool(verification) if verification is not None else None
