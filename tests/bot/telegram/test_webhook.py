"""The webhook: the secret first, then size and shape; never a 5xx but the one that asks Telegram to come again."""

import json

import pytest
from fastapi import FastAPI
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.doors import doors_first
from bot.telegram.webhook import BODY_BYTES, telegram_webhook

SECRET = "a-Secret_1"
SECRET_BYTES = SECRET.encode()
UPDATE = {"update_id": 7, "message": {"message_id": 1, "date": 0, "chat": {"id": -42, "type": "group"}, "text": "việc"}}


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


@pytest.fixture(params=["as a door", "as a route"])
def web(intake, request):
    """The HTTP edge as it is served; and the application behind its doors, which answers the same."""
    app = application(intake)
    return doors_first(app) if request.param == "as a door" else app


def application(intake):
    app = FastAPI()
    app.router.routes.append(telegram_webhook(intake, path="/tg", secret=SECRET, bot_key="telegram:7001"))
    return app


async def post(web, *chunks, secret=SECRET_BYTES, length=None, method="POST", is_whole=True):
    """One POST straight to the application, chunk by chunk; returns (status, body)."""
    headers = [] if secret is None else [(b"x-telegram-bot-api-secret-token", secret)]
    headers += [] if length is None else [(b"content-length", length)]
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "scheme": "http",
        "path": "/tg", "raw_path": b"/tg", "query_string": b"", "root_path": "", "headers": headers,
        "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80),
    }  # fmt: skip
    coming = [{"type": "http.request", "body": chunk, "more_body": True} for chunk in chunks]
    coming += [{"type": "http.request", "body": b"", "more_body": False}] if is_whole else []
    sent = []

    async def receive():
        return coming.pop(0) if coming else {"type": "http.disconnect"}

    async def send(message):
        sent.append(message)

    await web(scope, receive, send)
    return sent[0]["status"], b"".join(message.get("body", b"") for message in sent)


async def test_an_update_is_stored_as_it_came_and_then_acknowledged(web, intake):
    body = json.dumps(UPDATE, ensure_ascii=False)
    assert await post(web, body.encode()) == (200, b"")
    (row,) = intake.rows
    assert (row.bot, row.update_key, row.chat, row.body) == ("telegram:7001", "7", "-42", body)


@pytest.mark.parametrize(
    "secret", [None, b"", b"a-secret_1", b"a-Secret_1x", "é".encode("latin-1"), b"\xff\xfe", "chữ".encode()]
)
async def test_a_missing_or_wrong_secret_is_refused_whatever_its_bytes(web, intake, secret):
    assert (await post(web, json.dumps(UPDATE).encode(), secret=secret))[0] == 401
    assert intake.rows == []


async def test_a_body_larger_than_any_update_is_refused_whatever_length_it_claims(web, intake):
    assert (await post(web, length=str(BODY_BYTES + 1).encode()))[0] == 413
    assert (await post(web, b" " * BODY_BYTES, b" "))[0] == 413
    assert (await post(web, b" " * BODY_BYTES, b" ", length=b"2"))[0] == 413
    assert intake.rows == []


@pytest.mark.parametrize(
    "body",
    [
        b"", b"null", b"[]", b"{}", b"{", b"\xff", b'{"update_id": "7"}', b'{"update_id": true}', b'{"update_id": -1}',
        b'{"update_id": 1.5}', b'{"update_id": 9223372036854775808}', b"[" * 100_000,
        b'{"update_id": 1' + b"0" * 5000 + b"}",
    ],
    ids=lambda body: repr(body[:20]),
)  # fmt: skip
async def test_what_is_not_an_update_is_refused(web, intake, body):
    assert (await post(web, body))[0] == 400
    assert intake.rows == []


async def test_an_update_whose_rest_never_comes_is_not_stored(web, intake):
    assert (await post(web, json.dumps(UPDATE).encode(), is_whole=False))[0] == 400
    assert intake.rows == []


async def test_whoever_only_looks_is_told_that_updates_are_posted(web, intake):
    assert (await post(web, json.dumps(UPDATE).encode(), method="GET"))[0] == 405
    assert intake.rows == []


async def test_a_store_that_is_away_asks_telegram_to_come_again(web, intake):
    intake.is_away = True
    assert (await post(web, json.dumps(UPDATE).encode()))[0] == 503


@pytest.mark.parametrize("chat", ["\ud800", "\x00", "9" * 100, {"a": 1}, None])
async def test_a_chat_that_cannot_be_gets_the_common_lane(web, intake, chat):
    body = json.dumps({"update_id": 8, "message": {"chat": {"id": chat}}})
    assert (await post(web, body.encode()))[0] == 200
    assert intake.rows[0].chat == "0"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["update_id", "message", "chat", "id"]), inner, max_size=4)
    ),
    max_leaves=12,
)


@settings(max_examples=300, deadline=None)
@given(
    body=st.one_of(st.binary(max_size=300), json_values.map(lambda value: json.dumps(value).encode())),
    secret=st.one_of(st.just(SECRET.encode()), st.binary(max_size=12)),
    length=st.one_of(st.none(), st.binary(max_size=6)),
)
async def test_no_body_and_no_header_makes_a_5xx(body, secret, length):
    status, _ = await post(doors_first(application(Stored())), body, secret=secret, length=length)
    assert status in {200, 400, 401, 413}
