"""The consent of an Official Account and its tokens at Zalo (OAuth v4): what is asked, and what comes back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from bot.zalo_oa.proofs import challenge_of
from bot.zalo_oa.wire import NoAnswerError, OaWire

PRODUCTION = "https://oauth.zaloapp.com"
DEAD_CODES = frozenset({-14020, -118})
"""A refresh token that was used, has run out or was taken back: only a new consent helps."""

USUAL_LIFE = timedelta(hours=25)
LONGEST_LIFE = timedelta(days=90)


@dataclass(frozen=True, slots=True, repr=False)
class TokenPair:
    """Một cặp mã: the refresh token is good once. Never shown, not even by repr."""

    access_token: str
    refresh_token: str
    life: timedelta


class Authorization:
    """Nơi cấp phép của Zalo cho một ứng dụng."""

    def __init__(self, wire: OaWire, *, app_id: str, app_secret: str, base: str | None = None) -> None:
        self._wire, self.app_id, self._secret = wire, app_id, app_secret
        self._base = (base or PRODUCTION).rstrip("/")

    def consent_url(self, *, callback: str, state: str, verifier: str) -> str:
        """Where an admin of the OA agrees; Zalo then calls `callback` with a code and this `state`."""
        asked = {
            "app_id": self.app_id,
            "redirect_uri": callback,
            "code_challenge": challenge_of(verifier),
            "state": state,
        }
        return f"{self._base}/v4/oa/permission?{urlencode(asked)}"

    async def exchange(self, code: str, *, verifier: str) -> TokenPair:
        """The first pair, for the code of a consent. Raises OaError."""
        return await self._ask({"grant_type": "authorization_code", "code": code, "code_verifier": verifier})

    async def refresh(self, refresh_token: str) -> TokenPair:
        """The next pair; from here on the token that was given is worth nothing. Raises OaError."""
        return await self._ask({"grant_type": "refresh_token", "refresh_token": refresh_token})

    async def _ask(self, facts: Mapping[str, str]) -> TokenPair:
        answer = await self._wire.post(
            f"{self._base}/v4/oa/access_token",
            headers={"secret_key": self._secret},
            form={"app_id": self.app_id, **facts},
        )
        access, refresh = answer.get("access_token"), answer.get("refresh_token")
        if not (isinstance(access, str) and access and isinstance(refresh, str) and refresh):
            raise NoAnswerError("the answer has no pair of tokens")
        return TokenPair(access, refresh, _life_of(answer.get("expires_in")))


def _life_of(seconds: Any) -> timedelta:
    """Zalo says a string of seconds; what cannot be read is taken for the usual, and nothing for longer than it may."""
    try:
        life = timedelta(seconds=int(seconds))
    except (TypeError, ValueError, OverflowError):
        return USUAL_LIFE
    return min(life, LONGEST_LIFE) if life > timedelta(0) else USUAL_LIFE
