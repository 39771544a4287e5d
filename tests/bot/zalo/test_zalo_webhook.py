"""The webhook: the secret first, then size and shape; stored before it is acknowledged, and 503 where it is not."""

import json

import pytest
from fastapi import FastAPI
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.zalo.webhook import BODY_BYTES, zalo_webhook

SECRET = "a-Secret_1"
SECRET_BYTES = SECRET.encode()
MESSAGE = {"from": {"id": "a1"}, "chat": {"id": "a1", "chat_type": "PRIVATE"}, "text": "việc", "message_id": "m1"}
UPDATE = {"event_name": "message.text.received", "message": MESSAGE}


class Stored:
    """An intake that keeps rows in a list, or is away."""

    def __init__(self):
        self.rows, self.is_away = [], False

    async def store(self, row):
        if self.is_away:
            raise OSError("disk full")
        self.rows.append(row)


@pytest.fixture
def intake():
    return Stored()


@pytest.fixture
def web(intake):
    """The route inside a FastAPI application, as the HTTP edge mounts it."""
    return mounted(intake)


def mounted(intake):
    app = FastAPI()
    app.router.routes.append(zalo_webhook(intake, path="/zalo/1", secret=SECRET, bot="zalo:1"))
    return app


async def post(web, *chunks, secret=SECRET_BYTES, length=None):
    """One POST straight to the application, chunk by chunk; returns (status, body)."""
    headers = [] if secret is None else [(b"x-bot-api-secret-token", secret)]
    headers += [] if length is None else [(b"content-length", length)]
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST", "scheme": "http",
        "path": "/zalo/1", "raw_path": b"/zalo/1", "query_string": b"", "root_path": "", "headers": headers,
        "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80),
    }  # fmt: skip
    coming = [{"type": "http.request", "body": chunk, "more_body": True} for chunk in chunks]
    coming.append({"type": "http.request", "body": b"", "more_body": False})
    sent = []

    async def receive():
        return coming.pop(0) if coming else {"type": "http.disconnect"}

    async def send(message):
        sent.append(message)

    await web(scope, receive, send)
    return sent[0]["status"], b"".join(message.get("body", b"") for message in sent)


@pytest.mark.parametrize(
    "body",
    [{"ok": True, "result": UPDATE}, {"ok": True, "result": [UPDATE]}, UPDATE, [UPDATE]],
    ids=["wrapped", "wrapped list", "flat", "list"],
)
async def test_an_update_is_stored_and_then_acknowledged(web, intake, body):
    assert await post(web, json.dumps(body).encode()) == (200, b"")
    (row,) = intake.rows
    assert (row.bot, row.update_key, row.chat, json.loads(row.body)) == ("zalo:1", "a1:m1", "a1", UPDATE)


async def test_several_updates_in_one_body_are_several_rows(web, intake):
    second = UPDATE | {"message": MESSAGE | {"message_id": "m2"}}
    assert (await post(web, json.dumps([UPDATE, second]).encode()))[0] == 200
    assert [row.update_key for row in intake.rows] == ["a1:m1", "a1:m2"]


@pytest.mark.parametrize(
    "secret", [None, b"", b"a-secret_1", b"a-Secret_1x", "é".encode("latin-1"), b"\xff\xfe", "chữ".encode()]
)
async def test_a_missing_or_wrong_secret_is_refused_whatever_its_bytes(web, intake, secret):
    assert (await post(web, json.dumps(UPDATE).encode(), secret=secret))[0] == 403
    assert intake.rows == []


async def test_a_body_larger_than_any_update_is_refused_whatever_length_it_claims(web, intake):
    assert (await post(web, length=str(BODY_BYTES + 1).encode()))[0] == 413
    assert (await post(web, b" " * BODY_BYTES, b" "))[0] == 413
    assert (await post(web, b" " * BODY_BYTES, b" ", length=b"2"))[0] == 413
    assert intake.rows == []


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[" * 100_000], ids=lambda body: repr(body[:20]))
async def test_what_is_no_json_is_refused(web, intake, body):
    assert (await post(web, body))[0] == 400
    assert intake.rows == []


@pytest.mark.parametrize("body", [b"null", b"[]", b"{}", b'{"ok": true}', b"7"], ids=repr)
async def test_a_trial_without_an_update_is_answered_well(web, intake, body):
    """Zalo tries an address when it is set; with which body is not documented."""
    assert (await post(web, body))[0] == 200
    assert intake.rows == []


async def test_an_event_nobody_knows_is_stored(web, intake):
    body = {"event_name": "bot.weather", "message": {"chat": {"id": "a1"}, "text": "\ud800\x00"}}
    assert (await post(web, json.dumps(body).encode()))[0] == 200
    (row,) = intake.rows
    assert row.body.encode()
    assert "\x00" not in row.body


async def test_a_store_that_is_away_is_said(web, intake):
    intake.is_away = True
    assert (await post(web, json.dumps(UPDATE).encode()))[0] == 503


names = st.sampled_from(["ok", "result", "message", "chat", "from", "id", "message_id", "event_name"])
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=300, deadline=None)
@given(
    body=st.one_of(st.binary(max_size=300), json_values.map(lambda value: json.dumps(value).encode())),
    secret=st.one_of(st.just(SECRET.encode()), st.binary(max_size=12)),
    length=st.one_of(st.none(), st.binary(max_size=6)),
)
async def test_no_body_and_no_header_makes_a_5xx(body, secret, length):
    status, _ = await post(mounted(Stored()), body, secret=secret, length=length)
    assert status in {200, 400, 403, 413}
