"""The edges of an Official Account out of the settings."""

from dataclasses import dataclass

from bot.evidence_in import FilesIn
from bot.evidence_store import EvidenceStore
from bot.settings import Settings
from bot.web_files import WebFiles
from bot.zalo_oa.authorization import Authorization
from bot.zalo_oa.channel import OaChannel, OaGroupChannel
from bot.zalo_oa.client import OaClient
from bot.zalo_oa.consent import CALLBACK_PATH, Consent
from bot.zalo_oa.edge import OaEdge, OaGroupEdge
from bot.zalo_oa.files import sent_file
from bot.zalo_oa.tokens import TokenKeeper
from bot.zalo_oa.vault import Vault
from bot.zalo_oa.wire import OaWire
from models.clock import Clock
from models.database import Database


@dataclass(frozen=True, slots=True)
class OaParts:
    """Các phần của một OA that the command line needs, too. The caller closes the wire."""

    wire: OaWire
    keeper: TokenKeeper
    consent: Consent
    app_id: str


def oa_parts(settings: Settings, database: Database, *, clock: Clock) -> OaParts:
    """Settings promise that everything of the OA is there when its application is named."""
    assert settings.zalo_oa_app_id and settings.zalo_oa_app_secret  # noqa: PT018 -- one promise
    assert settings.zalo_oa_public_url and settings.secret_key  # noqa: PT018 -- one promise
    app_id = settings.zalo_oa_app_id
    wire = OaWire(proxy=settings.zalo_proxy)
    vault = Vault(settings.secret_key.get_secret_value())
    authorization = Authorization(
        wire,
        app_id=app_id,
        app_secret=settings.zalo_oa_app_secret.get_secret_value(),
        base=settings.zalo_oa_auth_base,
    )

    keeper = TokenKeeper(database, authorization, vault, clock=clock)
    callback = settings.zalo_oa_public_url.rstrip("/") + CALLBACK_PATH
    return OaParts(wire, keeper, Consent(database, authorization, vault, callback=callback, clock=clock), app_id)


def oa_edges(
    settings: Settings, database: Database, evidence: EvidenceStore, *, clock: Clock
) -> tuple[OaEdge, OaGroupEdge]:
    """To persons and to groups; the first serves both."""
    assert settings.zalo_oa_key is not None
    parts = oa_parts(settings, database, clock=clock)
    client = OaClient(parts.wire, parts.keeper, base=settings.zalo_oa_api_base)
    files = WebFiles(parts.wire, may_be_near=settings.zalo_oa_api_base is not None)
    groups = OaGroupChannel(client, app_id=parts.app_id)
    persons = OaEdge(
        parts.wire,
        parts.keeper,
        parts.consent,
        channel=OaChannel(client, app_id=parts.app_id, may_bill=settings.zalo_oa_may_bill),
        groups=groups,
        key=settings.zalo_oa_key.get_secret_value(),
        app_id=parts.app_id,
        prepare=FilesIn(database, evidence, sent_file=sent_file, chunks=files.chunks, clock=clock),
        clock=clock,
    )
    return persons, OaGroupEdge(groups, persons=persons.channel.bot, clock=clock)
