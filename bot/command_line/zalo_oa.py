"""dondoc zalo-oa: the consent of the Official Account, asked for and looked at."""

from datetime import datetime
from typing import Any

from bot.command_line.console import say, vietnamese_moment
from bot.command_line.errors import CommandError
from bot.command_line.usage import Command, make_app
from bot.command_line.workplace import finish, opened
from bot.settings import Settings, load_settings
from models.clock import CIVIL_ZONE, system_clock

app = make_app("Zalo Official Account (OA).")


@app.command("connect", cls=Command)
def connect() -> None:
    """In địa chỉ để quản trị của OA mở và bấm đồng ý; dùng một lần, trong một giờ."""
    address = finish(_consent_url(_settings()))
    say("Mở địa chỉ này trên trình duyệt, đăng nhập Zalo bằng tài khoản quản trị của OA rồi bấm đồng ý:")
    say(address)
    say("dondoc run phải đang chạy để nhận câu trả lời của Zalo. Xong thì xem lại bằng: dondoc zalo-oa status")


@app.command("status", cls=Command)
def status() -> None:
    """Xem OA đã cho phép chưa, và phép còn đến khi nào; không đổi gì."""
    kept = finish(_kept(_settings()))
    if kept is None:
        say("OA chưa được kết nối: gõ dondoc zalo-oa connect.")
    elif kept.dead_at is not None:
        say(f"Zalo không còn nhận phép này từ {_at(kept.dead_at)}: gõ dondoc zalo-oa connect để xin lại.")
    else:
        named = f" {kept.oa_id}" if kept.oa_id else ""
        say(f"OA{named} đã kết nối; mã gần nhất lấy lúc {_at(kept.refreshed_at)}, dùng đến {_at(kept.access_until)}.")


def _settings() -> Settings:
    settings = load_settings()
    if settings.zalo_oa_app_id is None:
        raise CommandError(
            "Chưa có OA nào: đặt ZALO_OA_APP_ID và các biến đi cùng trong tệp .env (xem docs/zalo-oa.md)."
        )
    return settings


async def _consent_url(settings: Settings) -> str:
    from bot.zalo_oa.making import oa_parts

    async with opened(settings) as database:
        parts = oa_parts(settings, database, clock=system_clock)
        try:
            return await parts.consent.ask()
        finally:
            await parts.wire.close()


async def _kept(settings: Settings) -> Any:
    from bot.zalo_oa.token_store import kept_tokens

    assert settings.zalo_oa_app_id is not None
    async with opened(settings) as database, database.read() as session:
        return await kept_tokens(session, settings.zalo_oa_app_id)


def _at(instant: datetime) -> str:
    return vietnamese_moment(instant.astimezone(CIVIL_ZONE).isoformat())
