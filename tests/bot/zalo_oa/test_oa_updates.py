"""Events of an Official Account in the shapes they are known to have, and in shapes nobody promised."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.zalo_oa.files import sent_file
from bot.zalo_oa.updates import Kind, read_update
from tests.fakes.oa_server import OA_ID


def event(name, message=None, /, **more):
    about = {"event_name": name, "sender": {"id": "61"}, "recipient": {"id": OA_ID}, "timestamp": "1"}
    return json.dumps(about | {"message": {"msg_id": "m1", **(message or {})}} | more)


FILE = {"attachments": [{"type": "file", "payload": {"url": "https://f.test/1", "name": "bc 215.pdf", "size": "2048"}}]}


@pytest.mark.parametrize(
    ("body", "kind", "what"),
    [
        (event("user_send_text", {"text": "việc"}), Kind.TEXT, "text"),
        (event("user_send_image", FILE), Kind.FILE, "image"),
        (event("user_send_file", FILE), Kind.FILE, "file"),
        (event("user_send_sticker"), Kind.OTHER, "sticker"),
        (event("user_send_business_card"), Kind.OTHER, "unsupported"),
        (event("oa_send_text", {"text": "của ta"}), Kind.ECHO, "oa_send_text"),
        (event("unfollow", follower={"id": "61"}), Kind.LEFT, "unfollow"),
        (event("follow", follower={"id": "61"}), Kind.NOTHING, "follow"),
        (event("user_seen_message"), Kind.NOTHING, "user_seen_message"),
    ],
    ids=lambda value: value if isinstance(value, str) and len(value) < 20 else "",
)
def test_each_event_is_told_by_its_name(body, kind, what):
    update = read_update(body)
    assert (update.kind, update.what, update.chat, update.sender) == (kind, what, "61", "61")


@pytest.mark.parametrize(
    "where",
    [{"group_id": "g7"}, {"message": {"msg_id": "m1", "text": "a", "group_id": "g7"}}, {"recipient": {"id": "g7"}}],
    ids=["beside", "in the message", "as recipient"],
)
def test_a_group_is_found_wherever_it_is_named(where):
    update = read_update(event("user_send_group_text", {"text": "a"}, **where))
    assert (update.is_group, update.chat, update.sender) == (True, "g7", "61")


def test_a_file_is_described_as_zalo_describes_it():
    sent = sent_file(event("user_send_file", FILE))
    assert (sent.chat, sent.where, sent.name, sent.size) == ("61", "https://f.test/1", "bc 215.pdf", 2048)
    assert sent_file(event("user_send_group_file", FILE, group_id="g7")) is None
    assert sent_file(event("user_send_file", {"attachments": []})) is None


@given(st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["event_name", "message", "sender", "recipient", "attachments", "payload", "url", "id"]),
        inner, max_size=4,
    ), max_leaves=12,
))  # fmt: skip
def test_whatever_zalo_invents_is_read_or_passed_over(value):
    read_update(json.dumps(value))
    sent_file(json.dumps(value))
