"""Whatever shape Zalo chooses, the same update is read; nothing it may bring is an error."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.zalo.updates import NO_CHAT, Kind, as_text, lane_of, read_update, single_updates, update_key

AN, GROUP = "6ede9afa66b88fe6d6a9", "g001"
MESSAGE = {
    "from": {"id": AN, "display_name": "Ted", "is_bot": False},
    "chat": {"id": AN, "chat_type": "PRIVATE"},
    "text": "Xin chào",
    "message_id": "2d758cb5e222177a4e35",
    "date": 1750316131602,
}
UPDATE = {"event_name": "message.text.received", "message": MESSAGE}


def read(update):
    return read_update(as_text(update))


def without(*names, **more):
    return UPDATE | {"message": {name: value for name, value in MESSAGE.items() if name not in names} | more}


def event(name):
    return without("text") | {"event_name": f"message.{name}.received"}


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param({"ok": True, "result": UPDATE}, id="wrapped"),
        pytest.param({"ok": True, "result": [UPDATE]}, id="wrapped list"),
        pytest.param(UPDATE, id="flat"),
        pytest.param([UPDATE], id="list"),
        pytest.param([{"ok": True, "result": UPDATE}], id="list of wrapped"),
        pytest.param(MESSAGE | {"event_name": "message.text.received"}, id="flat message"),
        pytest.param(MESSAGE, id="bare message"),
    ],
)
def test_one_update_in_every_shape(answer):
    (update,) = single_updates(answer)
    found = read(update)
    assert (found.kind, found.chat, found.sender, found.text) == (Kind.TEXT, AN, AN, "Xin chào")
    assert (found.is_group, found.is_echo, found.message_id) == (False, False, MESSAGE["message_id"])
    assert (lane_of(update), update_key(update)) == (AN, f"{AN}:{MESSAGE['message_id']}")


@pytest.mark.parametrize(
    "answer",
    [None, {}, [], "x", 7, {"ok": True}, {"ok": True, "result": None}, {"ok": True, "result": []}, [[[[[[]]]]]]],
    ids=repr,
)
def test_nothing_is_no_update(answer):
    assert single_updates(answer) == []


def test_several_come_in_their_order():
    several = [without(text=text, message_id=str(number)) for number, text in enumerate(("một", "hai"))]
    assert [read(each).text for each in single_updates({"ok": True, "result": several})] == ["một", "hai"]


@pytest.mark.parametrize(
    ("update", "kind", "what"),
    [
        pytest.param(without("text", photo="https://a.vn/1.jpg"), Kind.PHOTO, "photo", id="photo"),
        pytest.param(without("text", photo_url="https://a.vn/1.jpg"), Kind.PHOTO, "photo", id="photo_url"),
        pytest.param(without("text", photo=[{"url": "s"}, {"url": "u"}]), Kind.PHOTO, "photo", id="sizes"),
        pytest.param(event("sticker"), Kind.OTHER, "sticker", id="sticker"),
        pytest.param(event("unsupported"), Kind.OTHER, "unsupported", id="unsupported"),
        pytest.param(event("hologram"), Kind.OTHER, "hologram", id="never seen"),
        pytest.param(without("text", sticker="d0"), Kind.OTHER, "sticker", id="a text event with a sticker"),
        pytest.param({"message": without("text", voice_url="u")["message"]}, Kind.OTHER, "voice_url", id="no event"),
        pytest.param(without("text"), Kind.NOTHING, "text", id="no text"),
        pytest.param(without(text="") | {"event_name": 7}, Kind.NOTHING, "nothing", id="an event that is no name"),
        pytest.param(without(text="") | {"event_name": "message.<b>.x"}, Kind.NOTHING, "nothing", id="an odd name"),
    ],
)  # fmt: skip
def test_the_kind_is_told_by_what_is_there(update, kind, what):
    found = read(update)
    assert (found.kind, found.what) == (kind, what)


def test_the_caption_of_a_picture_is_its_text():
    found = read(without("text", photo_url="https://a.vn/1.jpg", caption="xong 12"))
    assert (found.text, found.photo_url) == ("xong 12", "https://a.vn/1.jpg")


@pytest.mark.parametrize(
    ("chat", "sender", "is_group"),
    [
        ({"id": GROUP, "chat_type": "GROUP"}, AN, True),
        ({"id": GROUP, "chat_type": "group"}, AN, True),
        ({"id": GROUP}, AN, True),
        ({"id": AN}, AN, False),
        ({"id": AN, "type": "PRIVATE"}, AN, False),
        ({"id": AN, "chat_type": "CHANNEL"}, AN, False),
    ],
    ids=str,
)
def test_a_group_is_what_says_so_else_a_chat_that_is_not_its_speaker(chat, sender, is_group):
    found = read(without(chat=chat, **{"from": {"id": sender}}))
    assert (found.chat, found.sender, found.is_group) == (chat["id"], sender, is_group)


def test_a_private_message_without_a_chat_or_a_speaker_is_the_others():
    assert read(without("chat")).chat == AN
    assert read(without("from")).sender == AN


def test_ids_may_be_numbers_and_nothing_else():
    assert read(without(chat={"id": 7}, **{"from": {"id": 7}})).chat == "7"
    for odd in ("x" * 65, "a b", "", None, True, {"a": 1}, "\ud800", 10**80):
        update = without(chat={"id": odd, "chat_type": "GROUP"})
        assert (read(update).chat, lane_of(update)) == (None, NO_CHAT)


@pytest.mark.parametrize("word", [True, "true", 1])
def test_what_a_bot_says_is_an_echo(word):
    assert read(without(**{"from": {"id": AN, "is_bot": word}})).is_echo


def test_without_an_id_the_same_update_has_the_same_key_and_another_has_not():
    one, again, other = without("message_id"), without("message_id"), without("message_id", text="khác")
    assert update_key(one) == update_key(dict(reversed(again.items())))
    assert len({update_key(one), update_key(other), update_key(UPDATE)}) == 3
    assert len(update_key(without(message_id="x" * 64))) <= 64


def test_the_same_number_in_two_chats_is_two_messages():
    assert update_key(without(message_id="7")) != update_key(without(message_id="7", chat={"id": GROUP}))


def test_half_a_surrogate_can_be_stored_and_is_read_as_a_question_mark():
    update = without(text="a\ud800b")
    stored = as_text(update)
    assert stored.encode()
    assert read_update(stored).text == "a?b"


def test_words_are_composed():
    assert read(without(text="viê\u0323c")).text == "việc"


NAMES = (
    "ok", "result", "message", "event_name", "chat", "from", "id", "chat_type", "text", "photo", "photo_url",
    "caption", "message_id", "is_bot", "sticker", "reply_to_message",
)  # fmt: skip
things = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=6),
    max_leaves=25,
)


@given(things)
def test_nothing_zalo_may_bring_is_an_error(answer):
    for update in single_updates(answer):
        assert 1 <= len(update_key(update)) <= 64
        assert 1 <= len(lane_of(update)) <= 64
        read_update(as_text(update))


@given(st.text())
def test_no_body_is_an_error(body):
    assert read_update(body) is None or isinstance(json.loads(body), dict)
