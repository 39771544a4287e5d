"""The edges of the Zalo bots out of the settings: one for each token."""

from bot.evidence_store import EvidenceStore
from bot.settings import Settings
from bot.zalo.client import ZaloClient
from bot.zalo.edge import ZaloEdge
from bot.zalo.photos import PhotoShelf
from bot.zalo.poller import Pace
from bot.zalo.registration import Hook, path_of
from models.clock import Clock
from models.database import Database
from models.errors import NotReadyError

PACE = Pace()


def zalo_clients(settings: Settings) -> list[ZaloClient]:
    """The caller closes them. Raises NotReadyError, also where two tokens are one bot's."""
    clients = [
        ZaloClient(token, api_base=settings.zalo_api_base, proxy=settings.zalo_proxy) for token in settings.zalo_tokens
    ]
    if len({client.bot for client in clients}) < len(clients):
        raise NotReadyError("ZALO_BOT_TOKEN có hai mã của cùng một bot: giữ lại mã đang dùng.")
    return clients


def zalo_hook(settings: Settings) -> Hook | None:
    url, secret = settings.zalo_webhook_url, settings.zalo_webhook_secret
    return Hook(url, secret.get_secret_value()) if url and secret else None


def zalo_edges(settings: Settings, database: Database, evidence: EvidenceStore, *, clock: Clock) -> list[ZaloEdge]:
    """Raises NotReadyError."""
    public_url = settings.zalo_public_url
    return [
        ZaloEdge(
            client,
            database,
            evidence,
            hook=zalo_hook(settings),
            photos=PhotoShelf(public_url, path=f"{path_of(client.bot)}/photos", clock=clock) if public_url else None,
            may_fetch_near=settings.zalo_api_base is not None,
            clock=clock,
            pace=PACE,
        )
        for client in zalo_clients(settings)
    ]
