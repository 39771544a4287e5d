"""dondoc zalo: what Zalo calls when somebody writes to a bot, looked at and changed by a person who knows why."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated

import typer

from bot.command_line.console import as_json as to_json
from bot.command_line.console import say, tell
from bot.command_line.errors import CommandError
from bot.command_line.usage import Command, make_app
from bot.command_line.workplace import finish
from bot.settings import Settings, load_settings
from models.errors import NotReadyError

if TYPE_CHECKING:
    from bot.zalo.client import ZaloClient, ZaloError

app = make_app("Bot Zalo.")
webhook = make_app("Webhook: địa chỉ mà Zalo gọi khi có người nhắn cho bot.")
app.add_typer(webhook, name="webhook")

Which = Annotated[
    str | None,
    typer.Option("--bot", metavar="SỐ", help="Chỉ bot này, theo số đứng đầu mã của nó; mặc định là mọi bot."),
]


@webhook.command("set", cls=Command)
def set_webhook(
    bot: Which = None,
    *,
    replaces: Annotated[
        bool,
        typer.Option("--replace", help="Thay cả webhook đang trỏ tới nơi khác; nơi đó sẽ không nhận được tin nữa."),
    ] = False,
) -> None:
    """Đặt webhook tới máy này, theo ZALO_WEBHOOK_URL và ZALO_WEBHOOK_SECRET."""
    settings = load_settings()
    if settings.zalo_webhook_url is None:
        raise CommandError("Chưa biết đặt tới đâu: đặt ZALO_WEBHOOK_URL và ZALO_WEBHOOK_SECRET trong tệp .env.")
    finish(_with_each(settings, bot, lambda client: _set(settings, client, replaces=replaces)))


@webhook.command("info", cls=Command)
def webhook_info(
    bot: Which = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="In JSON cho chương trình khác.")] = False,
) -> None:
    """Xem Zalo đang gọi tới đâu; không đổi gì."""
    settings = load_settings()
    rows: list[dict[str, str | bool | None]] = []
    finish(_with_each(settings, bot, lambda client: _look(settings, client, rows)))
    if as_json:
        say(to_json(rows))
        return
    for row in rows:
        say(f"{row['bot']}: {_told(row['url'], is_ours=row['is_ours'] is True)}")


@webhook.command("delete", cls=Command)
def delete_webhook(bot: Which = None) -> None:
    """Gỡ webhook, dù nó trỏ tới đâu, để nhận tin bằng cách tự hỏi Zalo."""
    finish(_with_each(load_settings(), bot, _delete))


async def _set(settings: Settings, client: "ZaloClient", *, replaces: bool) -> None:
    from bot.zalo.making import zalo_hook
    from bot.zalo.registration import register

    hook = zalo_hook(settings)
    assert hook is not None
    standing, ours = await client.get_webhook_info(), hook.url_of(client.bot)
    if standing is not None and standing.url != ours and not replaces:
        raise CommandError(
            f"{client.bot}: Zalo đang gọi tới {standing.url}, có thể của một hệ thống khác. Nếu chắc chắn nơi đó không "
            "còn dùng, chạy lại với --replace."
        )
    registered = await register(client, hook)
    say(f"{client.bot}: đã đặt webhook {ours}.")
    if registered.is_verified is False:
        tell("Zalo đã lưu nhưng báo chưa gọi tới được: xem chứng thư, tường lửa và máy chủ web phía trước.")


async def _look(settings: Settings, client: "ZaloClient", rows: list[dict[str, str | bool | None]]) -> None:
    from bot.zalo.making import zalo_hook

    standing, hook = await client.get_webhook_info(), zalo_hook(settings)
    url = standing.url if standing else None
    rows.append({"bot": client.bot, "url": url, "is_ours": hook is not None and url == hook.url_of(client.bot)})


def _told(url: object, *, is_ours: bool) -> str:
    if url is None:
        return "chưa đặt webhook; dondoc run nhận tin bằng cách tự hỏi Zalo."
    if is_ours:
        return f"Zalo gọi tới {url}, đúng như cài đặt."
    return (
        f"Zalo gọi tới {url}, không phải máy này theo cài đặt: dondoc run không nhận được tin. "
        "Gỡ bằng dondoc zalo webhook delete, hoặc đặt lại bằng dondoc zalo webhook set --replace."
    )


async def _delete(client: "ZaloClient") -> None:
    standing = await client.get_webhook_info()
    if standing is None:
        say(f"{client.bot}: không có webhook nào để gỡ.")
        return
    await client.delete_webhook()
    say(f"{client.bot}: đã gỡ webhook {standing.url}. dondoc run đang chạy sẽ tự hỏi Zalo trong vòng một phút.")


async def _with_each(settings: Settings, bot: str | None, act: "Callable[[ZaloClient], Awaitable[None]]") -> None:
    """One bot after another; what Zalo refuses ends it with a sentence."""
    from bot.zalo.client import ZaloError
    from bot.zalo.making import zalo_clients

    clients = zalo_clients(settings)
    try:
        for client in _chosen(clients, bot):
            failure: NotReadyError | None = None
            try:
                await act(client)
            except ZaloError as error:
                failure = NotReadyError(f"{client.bot}: {said(error)}")
            if failure is not None:
                raise failure
    finally:
        for client in clients:
            await client.close()


def _chosen(clients: "list[ZaloClient]", bot: str | None) -> "list[ZaloClient]":
    if not clients:
        raise CommandError("Chưa có bot Zalo nào: đặt ZALO_BOT_TOKEN trong tệp .env.")
    if bot is None:
        return clients
    wanted = bot if bot.startswith("zalo:") else f"zalo:{bot}"
    chosen = [client for client in clients if client.bot == wanted]
    if not chosen:
        names = ", ".join(client.bot.partition(":")[2] for client in clients)
        raise CommandError(f"Không có bot {bot} trong ZALO_BOT_TOKEN; đang có: {names}.")
    return chosen


def said(error: "ZaloError") -> str:
    """What Zalo's failure means and what to do, in a sentence."""
    from bot.zalo.client import NotSentError, RefusedError

    if isinstance(error, NotSentError):
        return "Không nối được tới Zalo: xem lại mạng, ZALO_PROXY và ZALO_API_BASE."
    if isinstance(error, RefusedError) and error.code == 401:  # noqa: PLR2004 -- the error_code
        return "Zalo không nhận ZALO_BOT_TOKEN: lấy lại mã từ Zalo Bot Manager."
    if isinstance(error, RefusedError) and error.code == 429:  # noqa: PLR2004 -- the error_code
        return "Zalo báo quá nhiều yêu cầu hoặc hết hạn mức: thử lại sau."
    if isinstance(error, RefusedError):
        return f"Zalo không nhận yêu cầu ({error}): xem lại cài đặt, hoặc thử lại sau."
    return "Zalo không trả lời hoặc trả lời không đúng dạng: thử lại sau."
