"""The few calls of the OA OpenAPI that Đôn Đốc makes, each with a token that is good, renewed once if refused."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from bot.zalo_oa.wire import NoAnswerError, OaWire, RefusedError
from reminders.channel import Button

PRODUCTION = "https://openapi.zalo.me"
TOKEN_CODES = frozenset({-216, -220})
"""The access token is wrong or has run out, whatever we thought of it."""

HIDDEN_QUERY = "oa.query.hide"
"""A tap sends the command as if it had been typed, and shows nothing in the chat."""


class Tokens(Protocol):
    """Người giữ mã."""

    async def access_token(self, *, refused: str | None = None) -> str: ...


class OaClient:
    """Máy khách của một OA."""

    def __init__(self, wire: OaWire, tokens: Tokens, *, base: str | None = None) -> None:
        self._wire, self._tokens, self._base = wire, tokens, (base or PRODUCTION).rstrip("/")

    async def send_to_person(self, user_id: str, text: str, buttons: Sequence[Button] = ()) -> str:
        """A message of advice, inside the person's window; returns its id. Raises OaError and DeliveryError."""
        message: dict[str, Any] = {"text": text}
        if buttons:
            keys = [{"title": key.label, "type": HIDDEN_QUERY, "payload": key.command} for key in buttons]
            message["attachment"] = {"type": "template", "payload": {"buttons": keys}}
        return await self._sent("/v3.0/oa/message/cs", {"recipient": {"user_id": user_id}, "message": message})

    async def send_to_group(self, group_id: str, text: str) -> str:
        """To a GMF group that the OA owns, at any time; there are no buttons."""
        facts = {"recipient": {"group_id": group_id}, "message": {"text": text}}
        return await self._sent("/v3.0/oa/group/message", facts)

    async def _sent(self, path: str, facts: Mapping[str, object]) -> str:
        token = await self._tokens.access_token()
        try:
            answer = await self._post(path, facts, token)
        except RefusedError as error:
            if error.code not in TOKEN_CODES:
                raise
            answer = await self._post(path, facts, await self._tokens.access_token(refused=token))
        found = answer.get("data")
        if not isinstance(found, dict) or not found.get("message_id"):
            raise NoAnswerError("the answer has no message_id")
        return str(found["message_id"])

    async def _post(self, path: str, facts: Mapping[str, object], token: str) -> dict[str, Any]:
        return await self._wire.post(f"{self._base}{path}", headers={"access_token": token}, facts=facts)
