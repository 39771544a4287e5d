"""A strict Zalo for Official Accounts over HTTP on this machine: consent, rotating tokens, messages, signed events.

In a test: `async with FakeOa() as oa: ... oa.url`. A refresh token is good once, `expires_in` is a string, refusals
come as HTTP 200 with a negative `error`, and a person can be written to for a while only after their last word.
"""

import base64
import hashlib
import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Self
from urllib.parse import parse_qs, urlencode, urlsplit

from aiohttp import ClientSession, web

from models.clock import Clock, system_clock

APP_ID, APP_SECRET, OA_KEY, OA_ID = "4417302918274655", "app-secret-of-a-test", "oa-key-of-a-test", "2718281828459045"
FREE, BILLED = timedelta(hours=48), timedelta(days=7)
TEXT_LIMIT, MOST_BUTTONS, TITLE_LIMIT, PAYLOAD_LIMIT = 2000, 5, 100, 1000


@dataclass
class Sent:
    """Một tin đã tới: `to` is a person or a group, `buttons` as (title, payload)."""

    to: str
    text: str
    message_id: str
    buttons: list[tuple[str, str]] = field(default_factory=list)
    is_group: bool = False


class OaRefusedError(Exception):
    def __init__(self, code: int, said: str) -> None:
        super().__init__(said)
        self.code, self.said = code, said


class FakeOa:
    """Zalo, listening. `refuse` and `lose_answers` order what goes wrong next."""

    def __init__(self, *, clock: Clock = system_clock, life: timedelta = timedelta(hours=25)) -> None:
        self.clock, self.life = clock, life
        self.transcript: list[Sent] = []
        self.heard: dict[str, datetime] = {}
        self.groups: set[str] = set()
        self.access: dict[str, datetime] = {}
        self.refresh: str | None = None
        self.rotations = 0
        self.asked_tokens = 0
        self.refusals: list[tuple[str, int]] = []
        self.lost_answers: list[str] = []
        self.codes: dict[str, str] = {}
        self.files: dict[str, bytes] = {}
        self.port = 0
        self._numbers = 0
        self._runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_post("/v4/oa/access_token", self._token)
        app.router.add_post("/v3.0/oa/message/cs", self._message)
        app.router.add_post("/v3.0/oa/group/message", self._group_message)
        app.router.add_get("/files/{key}", self._file)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.port = self._runner.addresses[0][1]
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._runner is not None
        await self._runner.cleanup()

    # what a test orders and looks at

    def refuse(self, path: str, code: int, *, times: int = 1) -> None:
        self.refusals += [(path, code)] * times

    def lose_answer(self, path: str) -> None:
        """What is asked next takes effect, and the connection is cut before anybody hears of it."""
        self.lost_answers.append(path)

    def texts(self, to: str) -> list[str]:
        return [sent.text for sent in self.transcript if sent.to == to]

    def agree(self, consent_url: str) -> str:
        """An admin opens the address and agrees; returns what Zalo makes their browser call."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(consent_url).query).items()}
        assert asked["app_id"] == APP_ID
        code = self._new("code")
        self.codes[code] = asked["code_challenge"]
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state'], 'oa_id': OA_ID})}"

    def event(self, name: str, person: str, **message: Any) -> dict[str, Any]:
        """An event as Zalo shapes it; `group` says where, for those of groups."""
        now = self.clock()
        group = message.pop("group", None)
        if group is None:
            self.heard[person] = now
        about = {"group_id": group} if group else {}
        return {
            "app_id": APP_ID,
            "sender": {"id": person},
            "recipient": {"id": OA_ID},
            "event_name": name,
            "message": {"msg_id": self._new("msg"), **message},
            "timestamp": str(int(now.timestamp() * 1000)),
            **about,
        }

    def file_event(self, person: str, name: str, content: bytes, *, caption: str = "") -> dict[str, Any]:
        """A file behind an address of Zalo's; whether words can come with it is not documented, here they can."""
        key = self._new("file")
        self.files[key] = content
        file = {"url": f"{self.url}/files/{key}", "name": name, "size": str(len(content))}
        words = {"text": caption} if caption else {}
        return self.event("user_send_file", person, attachments=[{"type": "file", "payload": file}], **words)

    @staticmethod
    def signed(event: dict[str, Any], *, key: str = OA_KEY) -> tuple[bytes, dict[str, str]]:
        """(body, headers) as Zalo would bring it."""
        body = json.dumps(event, ensure_ascii=False).encode()
        mac = hashlib.sha256(APP_ID.encode() + body + event["timestamp"].encode() + key.encode()).hexdigest()
        return body, {"X-ZEvent-Signature": f"mac={mac}", "Content-Type": "application/json"}

    async def push(self, address: str, event: dict[str, Any], *, key: str = OA_KEY) -> int:
        """Bring the event, signed, to a webhook; returns the status it was answered with."""
        body, headers = self.signed(event, key=key)
        async with ClientSession() as session, session.post(address, data=body, headers=headers) as answer:
            await answer.read()
            return answer.status

    # the wire

    async def _token(self, request: web.Request) -> web.StreamResponse:
        self.asked_tokens += 1
        given = await request.post()
        try:
            self._refused("token")
            self._check_grant({name: str(value) for name, value in given.items()}, request.headers.get("secret_key"))
        except OaRefusedError as error:
            return web.json_response({"error": error.code, "error_name": "refused", "error_description": error.said})
        access, self.refresh = self._new("access"), self._new("refresh")
        self.access[access] = self.clock() + self.life
        self.rotations += 1
        pair = {
            "access_token": access,
            "refresh_token": self.refresh,
            "expires_in": str(int(self.life.total_seconds())),
        }
        return self._answer(request, "token", pair)

    def _check_grant(self, given: dict[str, str], secret: str | None) -> None:
        if secret != APP_SECRET or given.get("app_id") != APP_ID:
            raise OaRefusedError(-14004, "Invalid secret key")
        if given.get("grant_type") == "refresh_token":
            if given.get("refresh_token") != self.refresh:
                raise OaRefusedError(-14020, "Invalid refresh token")
        elif given.get("grant_type") == "authorization_code":
            challenge = self.codes.pop(given.get("code", ""), None)
            proof = hashlib.sha256(given.get("code_verifier", "").encode()).digest()
            if challenge is None or base64.urlsafe_b64encode(proof).rstrip(b"=").decode() != challenge:
                raise OaRefusedError(-14002, "Invalid code")
        else:
            raise OaRefusedError(-14001, "Invalid grant type")

    async def _message(self, request: web.Request) -> web.StreamResponse:
        return await self._send(request, "message")

    async def _group_message(self, request: web.Request) -> web.StreamResponse:
        return await self._send(request, "group")

    async def _send(self, request: web.Request, path: str) -> web.StreamResponse:
        given = await request.json()
        try:
            self._refused(path)
            self._check_token(request.headers.get("access_token", ""))
            sent = self._checked_group(given) if path == "group" else self._checked_person(given)
        except OaRefusedError as error:
            return web.json_response({"error": error.code, "message": error.said})
        self.transcript.append(sent)
        facts = {"error": 0, "message": "Success", "data": {"message_id": sent.message_id, "user_id": sent.to}}
        return self._answer(request, path, facts)

    def _check_token(self, token: str) -> None:
        if token not in self.access:
            raise OaRefusedError(-216, "Access token is invalid")
        if self.access[token] <= self.clock():
            raise OaRefusedError(-220, "Access token is expired")

    def _checked_person(self, given: dict[str, Any]) -> Sent:
        to, message = str(given["recipient"]["user_id"]), given["message"]
        if to not in self.heard:
            raise OaRefusedError(-213, "User has not followed OA")
        if self.clock() - self.heard[to] > BILLED:
            raise OaRefusedError(-230, "User has not interacted with the OA in the past 7 days")
        keys = message.get("attachment", {}).get("payload", {}).get("buttons", [])
        if len(keys) > MOST_BUTTONS:
            raise OaRefusedError(-201, "too many buttons")
        for key in keys:
            wrong = key["type"] != "oa.query.hide" or len(key["title"]) > TITLE_LIMIT
            if wrong or not key["payload"] or len(key["payload"]) > PAYLOAD_LIMIT:
                raise OaRefusedError(-201, "a button is wrong")
        buttons = [(key["title"], key["payload"]) for key in keys]
        return Sent(to, _text(message), self._new("oa"), buttons)

    def _checked_group(self, given: dict[str, Any]) -> Sent:
        to, message = str(given["recipient"]["group_id"]), given["message"]
        if to not in self.groups:
            raise OaRefusedError(-201, "group_id is invalid")
        if "attachment" in message:
            raise OaRefusedError(-201, "no buttons in groups")
        return Sent(to, _text(message), self._new("oa"), is_group=True)

    async def _file(self, request: web.Request) -> web.Response:
        content = self.files.get(request.match_info["key"])
        if content is None:
            raise web.HTTPNotFound
        return web.Response(body=content)

    def _refused(self, path: str) -> None:
        for place, (wanted, code) in enumerate(self.refusals):
            if wanted == path:
                del self.refusals[place]
                raise OaRefusedError(code, "as ordered")

    def _answer(self, request: web.Request, path: str, facts: dict[str, Any]) -> web.StreamResponse:
        if path in self.lost_answers:
            self.lost_answers.remove(path)
            if request.transport is not None:
                request.transport.abort()
        return web.json_response(facts)

    def _new(self, kind: str) -> str:
        self._numbers += 1
        return f"{kind}-{self._numbers:06}"


def _text(message: dict[str, Any]) -> str:
    text = message.get("text")
    if not isinstance(text, str) or not text.strip() or len(text.encode("utf-16-le")) // 2 > TEXT_LIMIT:
        raise OaRefusedError(-201, "text is invalid")
    return text
