"""Telegram's edge out of the settings; aiogram is imported when one is made, and never before."""

from datetime import timedelta
from typing import TYPE_CHECKING

from bot.telegram.deferred import import_aiogram

if TYPE_CHECKING:
    from bot.evidence_store import EvidenceStore
    from bot.settings import Settings
    from bot.telegram.edge import TelegramEdge
    from models.clock import Clock
    from models.database import Database

REQUEST_TIMEOUT = timedelta(seconds=15)


def telegram_edge(
    settings: "Settings", database: "Database", evidence: "EvidenceStore", *, clock: "Clock"
) -> "TelegramEdge":
    """Raises NotReadyError where the token or the proxy cannot be."""
    import_aiogram()
    from bot.telegram.edge import Hook, TelegramEdge
    from bot.telegram.wire import make_bot

    assert settings.telegram_bot_token is not None
    bot = make_bot(
        settings.telegram_bot_token.get_secret_value(),
        api_base=settings.telegram_api_base,
        proxy=settings.telegram_proxy,
        request_timeout=REQUEST_TIMEOUT,
    )
    url, secret = settings.telegram_webhook_url, settings.telegram_webhook_secret
    hook = Hook(url, secret.get_secret_value()) if url and secret else None
    return TelegramEdge(bot, database, evidence, hook=hook, clock=clock)
