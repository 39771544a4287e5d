"""What dondoc doctor says of the channels: whether each bot answers now, and which has been failing, since when."""

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from bot.command_line.console import vietnamese_moment
from bot.command_line.findings import Finding, Verdict
from bot.command_line.workplace import finish
from bot.settings import Settings
from models.clock import CIVIL_ZONE

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession

    from bot.zalo.client import ZaloClient
    from bot.zalo.registration import Hook
    from reminders.outages import Outage

_DELETE = "Gỡ bằng dondoc zalo webhook delete, hoặc đặt lại bằng dondoc zalo webhook set --replace."
_CAUSES = (
    ("token-refused", "mã bot không còn được nhận", "Lấy mã mới, sửa tệp .env rồi khởi động lại dondoc run."),
    ("channel-stopped", "mã bot không còn được nhận", "Lấy mã mới, sửa tệp .env rồi khởi động lại dondoc run."),
    ("foreign-webhook", "tin đang được chuyển tới một webhook khác", _DELETE),
    ("consent", "Official Account chưa cho phép, hoặc phép đã hết", "Gõ dondoc zalo-oa connect."),
    ("signature", "sự kiện của Zalo không đúng chữ ký", "Xem lại ZALO_OA_KEY: khóa bí mật của OA, phần Webhook."),
    ("silence", "gửi nhiều mà cả ngày không nghe lại gì", "Vào trang ứng dụng của Zalo xem webhook còn bật không."),
    ("conflict", "bot đang được dùng ở một nơi khác", "Tắt máy kia, hoặc bỏ webhook đã đặt cho bot."),
)
_NETWORK = ("nền tảng không trả lời hoặc báo lỗi", "Xem mạng, máy trung gian (PROXY) và nhật ký của dondoc run.")
"""By how the reason begins, as it was kept."""


def channel_findings(settings: Settings) -> Iterator[Finding]:
    """Each bot is asked who it is."""
    if settings.telegram_bot_token is None and not settings.zalo_tokens and settings.zalo_oa_app_id is None:
        advice = "Đặt ZALO_BOT_TOKEN (mã do Zalo Bot Manager gửi) hoặc TELEGRAM_BOT_TOKEN (mã do @BotFather cấp)."
        yield Finding("Kênh trò chuyện", Verdict.WARN, "chưa đặt mã bot nào, chỉ chạy được dondoc demo", advice)
    if settings.telegram_bot_token is not None:
        yield _telegram(settings)
    if settings.zalo_tokens:
        yield from finish(_zalo(settings))


def _telegram(settings: Settings) -> Finding:
    from bot.command_line.telegram import NoAnswerError, ask_username

    try:
        return Finding("Telegram", Verdict.OK, f"gọi được, bot là @{ask_username(settings)}")
    except NoAnswerError as error:
        return Finding("Telegram", Verdict.FAIL, "chưa gọi được", str(error))


async def _zalo(settings: Settings) -> list[Finding]:
    from bot.zalo.making import zalo_clients, zalo_hook
    from models.errors import NotReadyError

    try:
        clients = zalo_clients(settings)
    except NotReadyError as error:
        return [Finding("Zalo", Verdict.FAIL, "chưa gọi được", str(error))]
    findings = []
    for client in clients:
        findings.append(await _zalo_bot(client, zalo_hook(settings)))
        await client.close()
    return findings


async def _zalo_bot(client: "ZaloClient", hook: "Hook | None") -> Finding:
    from bot.command_line.zalo import said
    from bot.zalo.client import ZaloError

    check = f"Zalo {client.bot.partition(':')[2]}"
    try:
        me, webhook = await client.get_me(), await client.get_webhook_info()
    except ZaloError as error:
        return Finding(check, Verdict.FAIL, "chưa gọi được", said(error))
    called = f"gọi được, bot là {me.display_name or me.account_name or me.id}"
    ours = hook.url_of(client.bot) if hook else None
    if webhook is not None and webhook.url != ours:
        return Finding(check, Verdict.FAIL, f"{called}, nhưng Zalo chuyển tin tới {webhook.url}", _DELETE)
    if hook is not None and webhook is None:
        advice = "Chạy dondoc run, hoặc đặt ngay bằng dondoc zalo webhook set."
        return Finding(check, Verdict.WARN, f"{called}, webhook chưa đặt", advice)
    return Finding(check, Verdict.OK, f"{called}, nhận tin bằng {'webhook' if hook else 'cách tự hỏi'}")


async def outage_findings(session: "AsyncSession", settings: Settings) -> list[Finding]:
    """Which of the bots configured here fail in a running dondoc, and since when."""
    from reminders.outages import outages

    return [_failing(outage) for outage in await outages(session, _bots(settings))]


async def account_findings(session: "AsyncSession", settings: Settings) -> list[Finding]:
    """The consent of the Official Account, where one is configured."""
    if settings.zalo_oa_app_id is None:
        return []
    from bot.zalo_oa.token_store import kept_tokens

    kept, name = await kept_tokens(session, settings.zalo_oa_app_id), "Zalo OA"
    connect = "Gõ dondoc zalo-oa connect, mở địa chỉ hiện ra và bấm đồng ý."
    if kept is None:
        return [Finding(name, Verdict.WARN, "chưa được kết nối", connect)]
    if kept.dead_at is not None:
        return [Finding(name, Verdict.FAIL, f"Zalo không còn nhận phép từ {_at(kept.dead_at)}", connect)]
    return [Finding(name, Verdict.OK, f"đã kết nối, mã dùng đến {_at(kept.access_until)}")]


def _bots(settings: Settings) -> list[str]:
    token, app_id = settings.telegram_bot_token, settings.zalo_oa_app_id
    bots = [f"telegram:{token.get_secret_value().partition(':')[0]}"] if token is not None else []
    if settings.zalo_tokens:
        from bot.zalo.client import bot_key

        bots += map(bot_key, settings.zalo_tokens)
    if app_id is not None:
        from bot.zalo_oa.channel import GROUPS, PERSONS

        bots += [f"{PERSONS}:{app_id}", f"{GROUPS}:{app_id}"]
    return bots


def _failing(outage: "Outage") -> Finding:
    found = next((each for each in _CAUSES if outage.reason.startswith(each[0])), None)
    cause, advice = found[1:] if found else _NETWORK
    what = "không gửi được tin" if outage.part == "send" else "không nhận được tin"
    return Finding(f"Kênh {outage.bot}", Verdict.FAIL, f"{what} từ {_at(outage.since)}: {cause}", advice)


def _at(instant: datetime) -> str:
    return vietnamese_moment(instant.astimezone(CIVIL_ZONE).isoformat())
