"""The methods of the Zalo Bot API over a ZaloWorld; what the documents leave open is refused."""

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from aiohttp import ClientError, ClientSession, ClientTimeout

from tests.fakes.zalo_world import Webhook, ZaloWorld

if TYPE_CHECKING:
    from tests.fakes.zalo_server import FakeZalo

TEXT_LIMIT = 2000
SECRET_LENGTHS = range(8, 257)
STYLES = frozenset(
    {"b", "i", "u", "s", "f_13", "f_15", "f_18", "f_20", "lst_1", "lst_2"}
    | {f"ind_{depth}" for depth in range(1, 6)}
    | {f"c_{colour}" for colour in ("050a19", "15a85f", "f7b503", "f27806", "db342e")}
)
ACTIONS = frozenset({"typing"})
PHOTO_LIMIT = 5 * 1024 * 1024


class ZaloApiError(Exception):
    """`ok: false`; `status` is the HTTP status it comes with, which may well be 200."""

    def __init__(self, code: int, description: str, *, status: int | None = None) -> None:
        super().__init__(description)
        self.code, self.description, self.status = code, description, code if status is None else status


Params = Mapping[str, Any]
Answered = dict[str, Any] | None


def utf16(text: str) -> bytes:
    return text.encode("utf-16-le", "surrogatepass")


async def get_me(_: "FakeZalo", bot: ZaloWorld, __: Params) -> Answered:
    shown = {"display_name": bot.shown_name} if bot.tells_shown_name else {}
    return {"id": bot.bot_id, "account_name": bot.name, "account_type": "BASIC", "can_join_groups": True} | shown


async def set_webhook(server: "FakeZalo", bot: ZaloWorld, given: Params) -> Answered:
    url, secret = given.get("url"), given.get("secret_token")
    if not isinstance(url, str) or not _is_https(url):
        raise ZaloApiError(400, "url must be https")
    if not isinstance(secret, str) or len(secret) not in SECRET_LENGTHS:
        raise ZaloApiError(400, "secret_token must have 8 to 256 characters")
    server.point_webhook_to(bot, Webhook(url, secret, bot.now_ms()))
    if bot.refuses_webhook_after_saving:
        raise ZaloApiError(400, "webhook verification failed", status=200)
    verification = {} if bot.verifies is None else {"verification": bot.verifies}
    return {"url": url, "updated_at": bot.now_ms(), **verification}


async def get_webhook_info(_: "FakeZalo", bot: ZaloWorld, __: Params) -> Answered:
    if bot.webhook is not None:
        return {"url": bot.webhook.url, "updated_at": bot.webhook.updated_at}
    if bot.says_no_webhook_by == "404":
        raise ZaloApiError(404, "webhook not found")
    return {"url": "", "updated_at": bot.now_ms()}


async def delete_webhook(server: "FakeZalo", bot: ZaloWorld, _: Params) -> Answered:
    if bot.webhook is None and bot.says_no_webhook_by == "404":
        raise ZaloApiError(404, "webhook not found")
    server.point_webhook_to(bot, None)
    return {"url": "", "updated_at": bot.now_ms()}


async def send_message(_: "FakeZalo", bot: ZaloWorld, given: Params) -> Answered:
    chat = _chat(bot, given)
    text = given.get("text")
    if not isinstance(text, str) or not text.strip():
        raise ZaloApiError(400, "text is empty")
    if len(utf16(text)) // 2 > TEXT_LIMIT:
        raise ZaloApiError(400, f"text is longer than {TEXT_LIMIT}")
    if given.get("parse_mode") not in {None, "markdown", "html"}:
        raise ZaloApiError(400, "parse_mode is unknown")
    bold = [] if given.get("parse_mode") else _bold(text, given.get("text_styles") or [])
    return _sent(bot, chat, text, bold=bold, method="sendMessage")


async def send_photo(_: "FakeZalo", bot: ZaloWorld, given: Params) -> Answered:
    """Fetches the picture first, as Zalo must: an address that does not open to the world is refused."""
    chat = _chat(bot, given)
    caption = given.get("caption", "")
    if not isinstance(caption, str) or len(utf16(caption)) // 2 > TEXT_LIMIT:
        raise ZaloApiError(400, "caption is too long")
    content = await _fetched(given.get("photo"))
    return _sent(bot, chat, caption, bold=[], method="sendPhoto", content=content)


async def send_sticker(_: "FakeZalo", bot: ZaloWorld, given: Params) -> Answered:
    chat = _chat(bot, given)
    if not isinstance(given.get("sticker"), str) or not given["sticker"]:
        raise ZaloApiError(400, "sticker is empty")
    return _sent(bot, chat, given["sticker"], bold=[], method="sendSticker")


async def send_voice(_: "FakeZalo", bot: ZaloWorld, given: Params) -> Answered:
    """To a group it looks sent and is not, as the documents warn."""
    chat = _chat(bot, given)
    url = given.get("voice_url")
    if not isinstance(url, str) or not urlsplit(url).path.endswith(".aac"):
        raise ZaloApiError(400, "voice_url must be an .aac")
    if bot.chats[chat].kind == "GROUP":
        return {"message_id": "0" * 20, "date": bot.now_ms()}
    return _sent(bot, chat, url, bold=[], method="sendVoice")


async def send_chat_action(_: "FakeZalo", bot: ZaloWorld, given: Params) -> Answered:
    chat = _chat(bot, given)
    if given.get("action") not in ACTIONS:
        raise ZaloApiError(400, "action is unknown")
    bot.actions.append((chat, str(given["action"])))
    return None


async def no_such_method(_: "FakeZalo", __: ZaloWorld, ___: Params) -> Answered:
    raise ZaloApiError(404, "method not found")


METHODS: dict[str, Callable[["FakeZalo", ZaloWorld, Params], Awaitable[Answered]]] = {
    "getMe": get_me,
    "setWebhook": set_webhook,
    "getWebhookInfo": get_webhook_info,
    "deleteWebhook": delete_webhook,
    "sendMessage": send_message,
    "sendPhoto": send_photo,
    "sendSticker": send_sticker,
    "sendVoice": send_voice,
    "sendChatAction": send_chat_action,
}
"""All but getUpdates, which may wait, and answers in shapes of its own; names are told by their case too."""


def _chat(bot: ZaloWorld, given: Params) -> str:
    chat = given.get("chat_id")
    if not isinstance(chat, str) or not chat:
        raise ZaloApiError(400, "chat_id is empty")
    if chat not in bot.chats:
        raise ZaloApiError(400, "chat not found")
    return chat


def _sent(bot: ZaloWorld, chat: str, text: str, *, bold: list[str], method: str, content: bytes = b"") -> Answered:
    if bot.quota is not None and bot.used >= bot.quota:
        raise ZaloApiError(429, "quota exceeded")
    bot.used += 1
    message = bot.deliver(chat, text, bold=bold, method=method, content=content)
    return {"message_id": message.message_id, "date": bot.now_ms()}


def _bold(text: str, styles: list[dict[str, Any]]) -> list[str]:
    """The pieces in bold; a run that is not within the text, or has no known style, is refused."""
    units, bold = utf16(text), []
    for style in styles:
        start, length, marks = style.get("start"), style.get("len"), style.get("st")
        if style.keys() != {"start", "len", "st"} or not isinstance(start, int) or not isinstance(length, int):
            raise ZaloApiError(400, "text_styles: start, len and st are wanted")
        if start < 0 or length < 1 or (start + length) * 2 > len(units):
            raise ZaloApiError(400, "text_styles: not within the text")
        if not isinstance(marks, list) or not marks or not set(marks) <= STYLES:
            raise ZaloApiError(400, "text_styles: unknown style")
        if "b" in marks:
            bold.append(units[start * 2 : (start + length) * 2].decode("utf-16-le"))
    return bold


async def _fetched(url: object) -> bytes:
    if not isinstance(url, str) or not url.startswith(("http://", "https://")):
        raise ZaloApiError(400, "photo must be a public address")
    try:
        async with ClientSession(timeout=ClientTimeout(total=5)) as session, session.get(url) as answer:
            content = await answer.read()
    except (ClientError, TimeoutError):
        raise ZaloApiError(400, "photo could not be fetched") from None
    if answer.status != 200 or not answer.content_type.startswith("image/") or len(content) > PHOTO_LIMIT:
        raise ZaloApiError(400, "photo could not be fetched")
    return content


def _is_https(url: str) -> bool:
    """This machine may be called plainly: the fake has no certificates."""
    parts = urlsplit(url)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname == "127.0.0.1")
