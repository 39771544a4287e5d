"""Consent: an admin of the Official Account agrees at Zalo, and Zalo's call brings the code for the first tokens."""

import hashlib
import logging
import secrets
from datetime import timedelta
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from bot.zalo_oa import token_store
from bot.zalo_oa.authorization import Authorization, TokenPair
from bot.zalo_oa.proofs import new_verifier
from bot.zalo_oa.vault import SealBrokenError, Vault
from bot.zalo_oa.wire import OaError
from models.clock import Clock
from models.database import Database

log = logging.getLogger(__name__)

CALLBACK_PATH = "/zalo-oa/dong-y"
CONSENT_STANDS = timedelta(hours=1)
_LONGEST = 2000
_HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
}


class Consent:
    """Việc xin phép OA: `callback` is the address Zalo calls, as it was entered in the application's settings."""

    def __init__(
        self, database: Database, authorization: Authorization, vault: Vault, *, callback: str, clock: Clock
    ) -> None:
        self._database, self._authorization, self._vault = database, authorization, vault
        self._callback, self._clock = callback, clock
        folder = FileSystemLoader(Path(__file__).parent / "templates")
        self._pages = Environment(loader=folder, autoescape=True, undefined=StrictUndefined)

    async def ask(self) -> str:
        """The address for the admin to open, good once and for an hour."""
        state, verifier = secrets.token_urlsafe(32), new_verifier()
        async with self._database.write() as session:
            await token_store.expect_consent(
                session,
                state_hash=_hashed(state),
                app_id=self._authorization.app_id,
                verifier_sealed=self._vault.seal(verifier),
                until=self._clock() + CONSENT_STANDS,
            )
            await session.commit()
        return self._authorization.consent_url(callback=self._callback, state=state, verifier=verifier)

    def route(self) -> Route:
        return Route(CALLBACK_PATH, self._answered, methods=["GET"])

    async def _answered(self, request: Request) -> Response:
        """Zalo's call, made by the admin's own browser: whoever brings no state of ours learns nothing."""
        given = request.query_params
        state, code, oa_id = (given.get(name, "")[:_LONGEST] for name in ("state", "code", "oa_id"))
        verifier = await self._verifier_of(state)
        if verifier is None:
            return self._page("unasked", status=400)
        if not code:
            return self._page("refused", status=400)
        try:
            pair = await self._authorization.exchange(code, verifier=verifier)
        except OaError as error:
            log.warning("zalo oa: the code of a consent was not taken (%s)", error)
            return self._page("failed", status=502)
        await self._keep(pair, oa_id if oa_id.isalnum() and len(oa_id) <= 40 else None)  # noqa: PLR2004 -- the column's
        log.info("zalo oa: consent was given")
        return self._page("connected", status=200)

    async def _verifier_of(self, state: str) -> str | None:
        async with self._database.write() as session:
            sealed = await token_store.take_consent(
                session, state_hash=_hashed(state), app_id=self._authorization.app_id, now=self._clock()
            )
            await session.commit()
        try:
            return None if sealed is None else self._vault.open(sealed)
        except SealBrokenError:
            return None

    async def _keep(self, pair: TokenPair, oa_id: str | None) -> None:
        async with self._database.write() as session:
            await token_store.grant(
                session, self._authorization.app_id, pair, oa_id=oa_id, seal=self._vault.seal, now=self._clock()
            )
            await session.commit()

    def _page(self, outcome: str, *, status: int) -> Response:
        page = self._pages.get_template("consent.html.j2").render(outcome=outcome)
        return HTMLResponse(page, status_code=status, headers=_HEADERS)


def _hashed(state: str) -> str:
    """Looked up by its hash, so that neither the table nor the time of the look-up tells a state."""
    return hashlib.sha256(state.encode()).hexdigest()
