"""The keeper of an Official Account's tokens: a pair is refreshed by one process, and written before it is used.

A refresh token is good once, so two who use it at the same time would lose the account. A lease in the database
lets one ask; what came back replaces only the version it was got with. No transaction is open while Zalo is asked.
"""

import logging
from datetime import timedelta
from uuid import uuid4

from bot.zalo_oa import token_store
from bot.zalo_oa.authorization import DEAD_CODES, Authorization, TokenPair
from bot.zalo_oa.token_store import KeptTokens
from bot.zalo_oa.vault import SealBrokenError, Vault
from bot.zalo_oa.wire import NoAnswerError, OaError, RefusedError
from models.clock import Clock
from models.database import Database
from models.errors import ChannelStoppedError, TryLaterError
from reminders import leases

log = logging.getLogger(__name__)

REFRESH_BEFORE = timedelta(hours=1)
"""This long before the access token ends, the next pair is asked for."""

ASKING = timedelta(seconds=60)
"""How long one process may ask for the next pair; four times as long as a request may take."""

AGAIN_IN = timedelta(seconds=5)
"""When to ask the keeper again while another process is refreshing."""


class TokenKeeper:
    """Người giữ mã của một OA."""

    def __init__(self, database: Database, authorization: Authorization, vault: Vault, *, clock: Clock) -> None:
        self._database, self._authorization, self._vault, self._clock = database, authorization, vault, clock
        self._lease = f"oa-refresh:{authorization.app_id}"

    async def access_token(self, *, refused: str | None = None) -> str:
        """A token that is good now; `refused`: the one that Zalo has just turned down, which is not given again.

        Raises ChannelStoppedError where only a new consent helps, TryLaterError where the next pair is not here yet.
        """
        kept, access = await self._kept()
        ends_in = kept.access_until - self._clock()
        if access != refused and ends_in > REFRESH_BEFORE:
            return access
        try:
            return await self._next(kept)
        except TryLaterError:
            if access != refused and ends_in > timedelta(0) and kept.dead_at is None:
                return access  # it still serves; the next one is a matter of the coming minutes
            raise

    async def _kept(self) -> tuple[KeptTokens, str]:
        async with self._database.read() as session:
            kept = await token_store.kept_tokens(session, self._authorization.app_id)
        if kept is None:
            raise ChannelStoppedError("consent: nobody has given it yet; run dondoc zalo-oa connect")
        if kept.dead_at is not None:
            raise ChannelStoppedError(f"consent: it has ended ({kept.dead_reason}); run dondoc zalo-oa connect")
        return kept, self._opened(kept.access_sealed)

    def _opened(self, sealed: str) -> str:
        try:
            return self._vault.open(sealed)
        except SealBrokenError:
            pass
        raise ChannelStoppedError(
            "consent: SECRET_KEY is not the one the tokens were sealed with; run dondoc zalo-oa connect"
        )

    async def _next(self, kept: KeptTokens) -> str:
        """The next pair, asked for by whoever holds the lease."""
        async with self._database.write() as session:
            # an owner of its own for each asking: of two in one process, too, only one may ask
            lease = await leases.acquire(session, self._lease, str(uuid4()), now=self._clock(), ttl=ASKING)
            current = await token_store.kept_tokens(session, self._authorization.app_id)
            await session.commit()
        if current is not None and current.version != kept.version and current.dead_at is None:
            await self._release(lease)
            return self._opened(current.access_sealed)
        if lease is None:
            raise TryLaterError("another process is refreshing the tokens", retry_after=AGAIN_IN)
        return await self._ask(kept, lease)

    async def _ask(self, kept: KeptTokens, lease: leases.Lease) -> str:
        """An answer that never came may have used the token up: the lease is kept, so that nobody asks at once."""
        refresh = self._opened(kept.refresh_sealed)
        failure: Exception
        try:
            pair = await self._authorization.refresh(refresh)
        except RefusedError as error:
            if error.code in DEAD_CODES:
                failure = await self._died(kept, error)
            else:
                failure = TryLaterError(str(error), retry_after=ASKING)
        except NoAnswerError as error:
            raise TryLaterError(str(error), retry_after=ASKING) from None
        except OaError as error:
            failure = TryLaterError(str(error), retry_after=AGAIN_IN)
        else:
            return await self._written(kept, pair, lease)
        await self._release(lease)
        raise failure

    async def _written(self, kept: KeptTokens, pair: TokenPair, lease: leases.Lease) -> str:
        app_id = self._authorization.app_id
        async with self._database.write() as session:
            is_ours = await token_store.replace(
                session, app_id, pair, of=kept.version, seal=self._vault.seal, now=self._clock()
            )
            await leases.release(session, lease, now=self._clock())
            await session.commit()
        if is_ours:
            log.info("zalo oa: the tokens were refreshed")
            return pair.access_token
        return (await self._kept())[1]

    async def _died(self, kept: KeptTokens, error: RefusedError) -> ChannelStoppedError:
        """Said once in the log; the admins hear of it as of any bot that has stopped."""
        reason = str(error)
        async with self._database.write() as session:
            app_id = self._authorization.app_id
            if await token_store.call_dead(session, app_id, of=kept.version, reason=reason, now=self._clock()):
                log.error("zalo oa: the consent has ended (%s); an admin must consent anew", reason)
            await session.commit()
        return ChannelStoppedError(f"consent: it has ended ({reason}); run dondoc zalo-oa connect")

    async def _release(self, lease: leases.Lease | None) -> None:
        if lease is None:
            return
        async with self._database.write() as session:
            await leases.release(session, lease, now=self._clock())
            await session.commit()
