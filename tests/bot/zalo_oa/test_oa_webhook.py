"""The webhook of an Official Account: what Zalo signed is stored and then acknowledged; what proves nothing is not."""

import json

import pytest
from fastapi import FastAPI
from hypothesis import given
from hypothesis import strategies as st

from bot.zalo_oa.proofs import signature_of
from bot.zalo_oa.webhook import BODY_BYTES, OaWebhook
from tests.bot.zalo_oa.asking import ask
from tests.fakes.oa_server import APP_ID, OA_KEY

EVENT = {
    "app_id": APP_ID, "event_name": "user_send_text", "sender": {"id": "61"}, "recipient": {"id": "27"},
    "message": {"text": "xong 12 ạ", "msg_id": "m1"}, "timestamp": "1730336131602",
}  # fmt: skip


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


def made(intake):
    return OaWebhook(intake, app_id=APP_ID, key=OA_KEY, bot="zalo-oa:1", group_bot="zalo-oa-nhom:1")


@pytest.fixture
def webhook(intake):
    return made(intake)


async def post(webhook, event, *, key=OA_KEY, signature=None):
    body = event if isinstance(event, bytes) else json.dumps(event, ensure_ascii=False).encode()
    stamp = event.get("timestamp", "") if isinstance(event, dict) else ""
    mac = signature_of(body, app_id=APP_ID, timestamp=str(stamp), key=key) if signature is None else signature
    app = FastAPI()
    app.router.routes.append(webhook.route("/zalo-oa"))
    return (await ask(app, "POST", "/zalo-oa", headers=[(b"x-zevent-signature", mac.encode())], body=body))[0]


async def test_a_signed_event_is_stored_before_it_is_acknowledged(intake, webhook):
    assert await post(webhook, EVENT) == 200
    (row,) = intake.rows
    assert (row.bot, row.chat, row.update_key) == ("zalo-oa:1", "61", "61:m1")
    assert json.loads(row.body) == EVENT
    assert (webhook.proved, webhook.ignored) == (1, 0)


async def test_what_is_said_in_a_group_goes_to_the_groups_channel(intake, webhook):
    assert await post(webhook, EVENT | {"event_name": "user_send_group_text", "group_id": "g7"}) == 200
    assert (intake.rows[0].bot, intake.rows[0].chat) == ("zalo-oa-nhom:1", "g7")


async def test_the_same_event_again_has_the_same_key(intake, webhook):
    for _ in range(2):
        await post(webhook, EVENT)
    assert len({row.update_key for row in intake.rows}) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param({"key": "another"}, id="signed with another key"),
        pytest.param({"signature": ""}, id="unsigned"),
        pytest.param({"signature": "mac=ệ"}, id="not ASCII"),
    ],
)
async def test_what_proves_nothing_is_answered_and_counted_but_never_stored(intake, webhook, wrong):
    """Zalo turns off a webhook that answers with errors, so a stranger must not be able to make it answer one."""
    assert await post(webhook, EVENT, **wrong) == 200
    assert intake.rows == []
    assert (webhook.proved, webhook.ignored) == (0, 1)


async def test_a_store_that_is_away_is_told_to_zalo(intake, webhook):
    intake.is_away = True
    assert await post(webhook, EVENT) == 503


async def test_a_body_larger_than_any_event_is_not_read_to_its_end(intake, webhook):
    assert await post(webhook, b"x" * (BODY_BYTES + 1)) == 413
    assert intake.rows == []


@given(body=st.one_of(st.binary(max_size=300), st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["event_name", "message", "sender", "recipient", "timestamp", "msg_id", "id", "group_id"]),
        inner, max_size=4,
    ), max_leaves=12,
).map(lambda value: json.dumps(value).encode())))  # fmt: skip
async def test_whatever_comes_even_signed_is_answered_without_a_fault(body):
    intake = Stored()
    try:
        event = json.loads(body)
    except ValueError:
        event = None
    stamp = event.get("timestamp") if isinstance(event, dict) else ""
    stamp = str(stamp) if isinstance(stamp, str | int) and not isinstance(stamp, bool) else ""
    mac = signature_of(body, app_id=APP_ID, timestamp=stamp, key=OA_KEY)
    assert await post(made(intake), body, signature=mac) == 200
    assert all(len(row.update_key) <= 64 and len(row.chat) <= 64 for row in intake.rows)
