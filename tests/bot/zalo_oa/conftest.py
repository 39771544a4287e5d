"""An Official Account on the strict fake, with everything of ours that stands between it and the database."""

from dataclasses import dataclass

import pytest

from bot.zalo_oa import token_store
from bot.zalo_oa.authorization import Authorization
from bot.zalo_oa.client import OaClient
from bot.zalo_oa.consent import Consent
from bot.zalo_oa.proofs import challenge_of
from bot.zalo_oa.tokens import TokenKeeper
from bot.zalo_oa.vault import Vault
from bot.zalo_oa.wire import OaWire
from models.clock import SteppedClock
from models.database import Database
from tests.fakes.oa_server import APP_ID, APP_SECRET, FakeOa

SECRET_KEY = "a-secret-key-of-a-test"
CALLBACK = "https://dondoc.test/zalo-oa/dong-y"


@dataclass
class Account:
    """Một OA và những gì của ta quanh nó."""

    oa: FakeOa
    database: Database
    clock: SteppedClock
    wire: OaWire

    @property
    def authorization(self) -> Authorization:
        return Authorization(self.wire, app_id=APP_ID, app_secret=APP_SECRET, base=self.oa.url)

    def keeper(self, secret_key: str = SECRET_KEY) -> TokenKeeper:
        """A new one, as another process would have it."""
        return TokenKeeper(self.database, self.authorization, Vault(secret_key), clock=self.clock)

    async def is_dead(self) -> bool:
        """Zalo was found to take the pair no more."""
        async with self.database.read() as session:
            kept = await token_store.kept_tokens(session, APP_ID)
        return kept is not None and kept.dead_at is not None

    def consent(self) -> Consent:
        return Consent(self.database, self.authorization, Vault(SECRET_KEY), callback=CALLBACK, clock=self.clock)

    def client(self) -> OaClient:
        return OaClient(self.wire, self.keeper(), base=self.oa.url)

    async def connect(self) -> None:
        """As if an admin had consented just now."""
        verifier = "v" * 43
        self.oa.codes["code-of-a-test"] = challenge_of(verifier)
        pair = await self.authorization.exchange("code-of-a-test", verifier=verifier)
        async with self.database.write() as session:
            await token_store.grant(session, APP_ID, pair, oa_id="2718", seal=Vault(SECRET_KEY).seal, now=self.clock())
            await session.commit()


async def _account(database, clock):
    async with FakeOa(clock=clock) as oa:
        wire = OaWire(proxy=None)
        yield Account(oa, database, clock, wire)
        await wire.close()


@pytest.fixture
async def account(database, clock):
    async for each in _account(database, clock):
        yield each


@pytest.fixture
async def sqlite_account(sqlite_database, clock):
    """Where a second database would prove nothing more."""
    async for each in _account(sqlite_database, clock):
        yield each
