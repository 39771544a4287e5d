"""The Bot API methods as Telegram answers them, over a World; each refusal in Telegram's own words."""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from tests.fakes.telegram_html import CannotParseError, parse_html, utf16_length
from tests.fakes.telegram_world import Chat, StoredFile

if TYPE_CHECKING:
    from tests.fakes.telegram_server import FakeTelegram

TEXT_LIMIT = 4096
PHOTO_SIDES = 10_000  # width and height together
CAPTION_LIMIT = 1024
DOWNLOAD_LIMIT = 20 * 1024 * 1024
CHAT_ACTIONS = re.compile(
    "typing|upload_(photo|video|voice|document|video_note)|record_(video|voice|video_note)|choose_sticker|find_location"
)
CONFLICT = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
CONFLICT_WEBHOOK = (
    "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
)
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
QUERY_TOO_OLD = "query is too old and response timeout expired or query ID is invalid"


class ApiError(Exception):
    """`ok: false`, with the HTTP status that goes with it."""

    def __init__(self, status: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.status = status
        self.description = description
        self.parameters = parameters


class Arguments:
    """What the bot sent along: strings, or JSON values where the body was JSON, and files by field name."""

    def __init__(self, values: dict[str, Any], files: dict[str, StoredFile]) -> None:
        self.values = values
        self.files = files

    def text(self, name: str) -> str:
        value = self.values.get(name, "")
        return value if isinstance(value, str) else json.dumps(value)

    def integer(self, name: str, default: int = 0) -> int:
        try:
            return int(self.values.get(name) or default)
        except (TypeError, ValueError):
            return default

    def flag(self, name: str) -> bool:
        return str(self.values.get(name, "")).lower() in {"true", "yes", "1"}

    def structure(self, name: str) -> Any:
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return json.loads(value)
        except ValueError:
            raise bad_request(f"can't parse {name.replace('_', ' ')} JSON object") from None


def bad_request(description: str, **parameters: int) -> ApiError:
    return ApiError(400, f"Bad Request: {description}", **parameters)


def forbidden(description: str) -> ApiError:
    return ApiError(403, f"Forbidden: {description}")


# reading the arguments


def find_chat(server: "FakeTelegram", given: Arguments) -> Chat:
    if not given.text("chat_id"):
        raise bad_request("chat_id is empty")
    chat = server.chats.get(given.integer("chat_id"))
    if chat is None:
        raise bad_request("chat not found")
    return chat


def find_writable_chat(server: "FakeTelegram", given: Arguments) -> Chat:
    chat = find_chat(server, given)
    kind = "supergroup" if chat.type == "supergroup" else "group"
    match chat.standing:
        case "blocked":
            raise forbidden("bot was blocked by the user")
        case "deactivated":
            raise forbidden("user is deactivated")
        case "kicked":
            raise forbidden(f"bot was kicked from the {kind} chat")
        case "moved":
            assert chat.moved_to is not None
            raise bad_request("group chat was upgraded to a supergroup chat", migrate_to_chat_id=chat.moved_to)
    return chat


def formatted(given: Arguments, name: str, *, limit: int, too_long: str) -> tuple[str, list[dict]]:
    """The text and its entities after parse_mode, measured as Telegram measures: after the markup is gone."""
    mode = given.text("parse_mode").lower()
    if mode == "html":
        try:
            text, entities = parse_html(given.text(name))
        except CannotParseError as error:
            raise bad_request(f"can't parse entities: {error}") from None
    elif mode:
        raise bad_request("unsupported parse_mode")  # the house writes HTML only, so the fake reads nothing else
    else:
        text, entities = given.text(name).strip(), given.structure("entities") or []
    if utf16_length(text) > limit:
        raise bad_request(too_long)
    return text, entities


def keyboard(given: Arguments) -> dict | None:
    markup = given.structure("reply_markup")
    if markup is None:
        return None
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    for row in markup.get("inline_keyboard", []):
        if not isinstance(row, list):
            raise bad_request('field "inline_keyboard" must be an Array of Arrays')
        for key in row:
            check_key(key)
    return markup


def check_key(key: dict) -> None:
    if not key.get("text"):
        raise bad_request("can't parse inline keyboard button: text buttons are unallowed in the inline keyboard")
    if "callback_data" in key:
        if not 1 <= len(key["callback_data"].encode()) <= 64:
            raise bad_request("BUTTON_DATA_INVALID")
    elif not key.get("url"):
        raise bad_request("can't parse inline keyboard button: text buttons are unallowed in the inline keyboard")


def reply_target(server: "FakeTelegram", given: Arguments, chat: Chat) -> int | None:
    wanted = given.structure("reply_parameters") or {}
    message_id = wanted.get("message_id") or given.integer("reply_to_message_id")
    if not message_id:
        return None
    if (chat.id, int(message_id)) in server.messages:
        return int(message_id)
    if wanted.get("allow_sending_without_reply") or given.flag("allow_sending_without_reply"):
        return None
    raise bad_request("message to be replied not found")


def respect_limits(server: "FakeTelegram", chat: Chat) -> None:
    if server.limits is None:
        return
    wait = server.limits.seconds_to_wait(chat.id, now=server.clock())
    if wait:
        raise ApiError(429, f"Too Many Requests: retry after {wait}", retry_after=wait)


def own_message(server: "FakeTelegram", given: Arguments, *, doing: str) -> dict[str, Any]:
    chat = find_writable_chat(server, given)
    message = server.messages.get((chat.id, given.integer("message_id")))
    if message is None:
        raise bad_request(f"message to {doing} not found")
    if message["from"]["id"] != server.bot_id and (doing == "edit" or chat.type != "private"):
        raise bad_request(f"message can't be {doing}ed" if doing == "edit" else "message can't be deleted")
    return message


# the methods


async def get_me(server: "FakeTelegram", given: Arguments) -> dict:
    return server.me | {
        "can_join_groups": True,
        "can_read_all_group_messages": server.reads_all_group_messages,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


async def send_message(server: "FakeTelegram", given: Arguments) -> dict:
    chat = find_writable_chat(server, given)
    text, entities = formatted(given, "text", limit=TEXT_LIMIT, too_long="message is too long")
    if not text:
        raise bad_request("message text is empty")
    return send(server, given, chat, {"text": text} | ({"entities": entities} if entities else {}), "sendMessage")


async def send_document(server: "FakeTelegram", given: Arguments) -> dict:
    return await send_upload(server, given, "document", "sendDocument")


async def send_photo(server: "FakeTelegram", given: Arguments) -> dict:
    content = uploaded(server, given, "photo").content
    is_png = content.startswith(b"\x89PNG") and content[12:16] == b"IHDR"
    if is_png and sum(int.from_bytes(content[at : at + 4]) for at in (16, 20)) > PHOTO_SIDES:
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    return await send_upload(server, given, "photo", "sendPhoto")


async def send_upload(server: "FakeTelegram", given: Arguments, field: str, method: str) -> dict:
    chat = find_writable_chat(server, given)
    stored = uploaded(server, given, field)
    file = server.keep_file(stored.name, stored.content, stored.mime_type)
    content: dict[str, Any] = {field: file if field == "document" else [file | {"width": 1, "height": 1}]}
    caption, entities = formatted(given, "caption", limit=CAPTION_LIMIT, too_long="message caption is too long")
    if caption:
        content |= {"caption": caption} | ({"caption_entities": entities} if entities else {})
    return send(server, given, chat, content, method)


def uploaded(server: "FakeTelegram", given: Arguments, field: str) -> StoredFile:
    name = given.text(field).removeprefix("attach://") or field
    if stored := given.files.get(name):
        return stored
    if stored := server.files.get(name):
        return stored
    raise bad_request(f"there is no {field} in the request")


def send(server: "FakeTelegram", given: Arguments, chat: Chat, content: dict, method: str) -> dict:
    markup = keyboard(given)
    reply_to = reply_target(server, given, chat)
    respect_limits(server, chat)
    if markup is not None:
        content = content | {"reply_markup": markup}
    return server.deliver(chat, content, method=method, reply_to=reply_to)


async def edit_message_text(server: "FakeTelegram", given: Arguments) -> dict:
    message = own_message(server, given, doing="edit")
    text, entities = formatted(given, "text", limit=TEXT_LIMIT, too_long="message is too long")
    if not text:
        raise bad_request("message text is empty")
    if "text" not in message:
        raise bad_request("there is no text in the message to edit")
    return change(server, message, {"text": text, "entities": entities, "reply_markup": keyboard(given)})


async def edit_message_reply_markup(server: "FakeTelegram", given: Arguments) -> dict:
    message = own_message(server, given, doing="edit")
    return change(server, message, {"reply_markup": keyboard(given)})


def change(server: "FakeTelegram", message: dict, wanted: dict[str, Any]) -> dict:
    """What is not said is taken away: an edit without reply_markup removes the buttons."""
    changed = {key: value for key, value in wanted.items() if (message.get(key) or None) != (value or None)}
    if not changed:
        raise bad_request(NOT_MODIFIED)
    for key, value in changed.items():
        if value:
            message[key] = value
        else:
            message.pop(key, None)
    return server.edit(message)


async def delete_message(server: "FakeTelegram", given: Arguments) -> bool:
    message = own_message(server, given, doing="delete")
    del server.messages[message["chat"]["id"], message["message_id"]]
    return True


async def answer_callback_query(server: "FakeTelegram", given: Arguments) -> bool:
    tap = server.taps.get(given.text("callback_query_id"))
    if tap is None or server.clock() - tap.at > server.callback_lifetime:
        raise bad_request(QUERY_TOO_OLD)
    if len(given.text("text")) > 200:
        raise bad_request("MESSAGE_TOO_LONG")
    tap.is_answered = True
    tap.answer = given.text("text")
    return True


async def send_chat_action(server: "FakeTelegram", given: Arguments) -> bool:
    chat = find_writable_chat(server, given)
    if not CHAT_ACTIONS.fullmatch(given.text("action")):
        raise bad_request("wrong parameter action in request")
    server.actions.append((chat.id, given.text("action")))
    return True


async def set_my_commands(server: "FakeTelegram", given: Arguments) -> bool:
    commands = given.structure("commands")
    if not isinstance(commands, list) or len(commands) > 100:
        raise bad_request("can't parse commands JSON array")
    for command in commands:
        if not re.fullmatch(r"[a-z0-9_]{1,32}", command.get("command", "")):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= len(command.get("description", "")) <= 256:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    server.commands = commands
    return True


async def get_my_commands(server: "FakeTelegram", given: Arguments) -> list:
    return server.commands


async def get_chat(server: "FakeTelegram", given: Arguments) -> dict:
    return find_chat(server, given).as_json() | {"accent_color_id": 0, "max_reaction_count": 11}


async def get_file(server: "FakeTelegram", given: Arguments) -> dict:
    file_id = given.text("file_id")
    stored = server.files.get(file_id)
    if stored is None:
        raise bad_request("wrong file_id or the file is temporarily unavailable")
    if len(stored.content) > DOWNLOAD_LIMIT:
        raise bad_request("file is too big")
    size = len(stored.content)
    path = f"documents/{file_id}"
    return {"file_id": file_id, "file_unique_id": f"unique-{file_id}", "file_size": size, "file_path": path}


async def get_updates(server: "FakeTelegram", given: Arguments) -> list[dict]:
    if server.webhook is not None:
        raise ApiError(409, CONFLICT_WEBHOOK)
    if given.values.get("allowed_updates") is not None:
        server.allowed_updates = given.structure("allowed_updates") or []
    offset = given.integer("offset")
    if offset < 0:
        kept = {update["update_id"] for update in server.unexpired()[offset:]}
        server.pending = [waiting for waiting in server.pending if waiting.update["update_id"] in kept]
    elif offset > 0:
        server.confirm_below(offset)
    limit = min(max(given.integer("limit", 100), 1), 100)
    if not server.unexpired() and given.integer("timeout") > 0:
        await wait_for_update(server, given.integer("timeout"))
    return server.unexpired()[:limit]


async def wait_for_update(server: "FakeTelegram", seconds: int) -> None:
    """A second long poll ends the first one with 409, and so does a webhook set meanwhile."""
    if server.long_poll is not None and not server.long_poll.done():
        server.long_poll.set_exception(ApiError(409, CONFLICT))
    server.arrived.clear()
    mine = server.long_poll = asyncio.get_running_loop().create_future()
    arrival = asyncio.ensure_future(server.arrived.wait())
    try:
        await asyncio.wait({mine, arrival}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        if mine.done():
            mine.result()
    finally:
        arrival.cancel()
        if server.long_poll is mine:
            server.long_poll = None


async def set_webhook(server: "FakeTelegram", given: Arguments) -> bool:
    url = given.text("url")
    if not url:
        return await delete_webhook(server, given)
    if not url.startswith(("https://", "http://127.0.0.1:")):
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    secret = given.text("secret_token")
    if secret and not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", secret):
        raise bad_request("secret token contains unallowed characters")
    if server.long_poll is not None and not server.long_poll.done():
        server.long_poll.set_exception(ApiError(409, "Conflict: terminated by setWebhook request"))
    if given.flag("drop_pending_updates"):
        server.pending.clear()
    server.allowed_updates = given.structure("allowed_updates") or []
    server.point_webhook_to(url, secret or None)
    return True


async def delete_webhook(server: "FakeTelegram", given: Arguments) -> bool:
    if given.flag("drop_pending_updates"):
        server.pending.clear()
    server.point_webhook_to(None, None)
    return True


async def get_webhook_info(server: "FakeTelegram", given: Arguments) -> dict:
    info: dict[str, Any] = {
        "url": server.webhook.url if server.webhook else "",
        "has_custom_certificate": False,
        "pending_update_count": len(server.unexpired()),
    }
    if server.webhook and server.webhook.last_error:
        info |= {"last_error_date": int(server.clock().timestamp()), "last_error_message": server.webhook.last_error}
    return info


async def no_such_method(server: "FakeTelegram", given: Arguments) -> None:
    raise ApiError(404, "Not Found: method not found")


async def close(server: "FakeTelegram", given: Arguments) -> bool:
    return True


async def log_out(server: "FakeTelegram", given: Arguments) -> bool:
    server.is_logged_out = True
    return True


Method = Callable[["FakeTelegram", Arguments], Awaitable[Any]]

METHODS: dict[str, Method] = {
    "getme": get_me,
    "sendmessage": send_message,
    "senddocument": send_document,
    "sendphoto": send_photo,
    "editmessagetext": edit_message_text,
    "editmessagereplymarkup": edit_message_reply_markup,
    "deletemessage": delete_message,
    "answercallbackquery": answer_callback_query,
    "sendchataction": send_chat_action,
    "setmycommands": set_my_commands,
    "getmycommands": get_my_commands,
    "getchat": get_chat,
    "getfile": get_file,
    "getupdates": get_updates,
    "setwebhook": set_webhook,
    "deletewebhook": delete_webhook,
    "getwebhookinfo": get_webhook_info,
    "close": close,
    "logout": log_out,
}
"""By lower-case name: the Bot API does not mind the case."""
