"""Whatever is typed or tapped, nothing breaks, and nothing changes that was not surely asked for."""

import re

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.conversation.understand import ANSWERS, Intent, fold_in_place, understand
from models.database import open_database
from tests.bot.conversation.builders import PEOPLE, build_town
from tests.conftest import copy_of_sqlite

UNITS = {"coordinator": "T.TTTT", "justice": "T.TP", "officer": "T.TP", "health": "T.YT"}
SENTENCES = {Intent.UNKNOWN, Intent.SEVERAL, Intent.ACKNOWLEDGED}
"""Read as people chat, or as a nod: what they change is their own unit's, and never a doubtful "xong"."""

DOUBT = re.compile(r"\b(?:chua|khong|mai)\b|\?\s*$")
CHANGES = ANSWERS | {Intent.UNDO, Intent.NUDGE_ALL}
WORDS = (
    "xong", "chưa", "đã", "đang làm", "12", "4", "1", "60%", "vướng", "gia hạn", "xin lùi", "đến", "8/11", "?",
    "hoàn tác", "viec", "xem", "quahan", "trang 2", "@T.TP", "không", "mai", "/", "xong 4", "nhac tat ca", "dong y",
    "\u202e", "\x00",
    "🙏", "{{ 7 }}", "<b>", "'; drop table person;--", "chua phan hoi", "km1", "y tế mẫu", "thôi", "ABCD2345", "start",
)  # fmt: skip
CHATS = [chat for chat, _, _ in PEOPLE] + ["unknown"]
texts = st.one_of(st.text(max_size=60), st.lists(st.sampled_from(WORDS), max_size=6).map(" ".join))


@pytest.fixture
async def quiet_town(sqlite_template, tmp_path, now):
    database = open_database(copy_of_sqlite(sqlite_template, tmp_path))
    town = (await build_town(database, now)).at(6, 11)
    yield town
    await database.close()


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(chat=st.sampled_from(CHATS), text=texts, is_tap=st.booleans())
@example(chat="justice", text="\ud800 xong", is_tap=False)
@example(chat="justice", text="9" * 4000, is_tap=True)
@example(chat="coordinator", text="quahan " + "a " * 3000, is_tap=False)
@example(chat="coordinator", text="quahan trang 9999", is_tap=False)
async def test_any_text_is_answered_or_passed_over_and_changes_only_what_it_names(quiet_town, chat, text, is_tap):
    before, states = await quiet_town.everything(), await quiet_town.states()
    replies = await quiet_town.replies(chat, text, is_tap=is_tap)
    for reply in replies:
        keys = [key for row in reply.buttons for key in row]
        assert 0 < len(reply.text) <= 4096
        assert len(keys) <= 4
        assert all(0 < len(key.command.encode()) <= 64 for key in keys)
    await quiet_town.say(chat, "thôi")  # no question stays open for the next example to answer
    intent = understand(text).intent
    if intent not in CHANGES | SENTENCES:
        assert await quiet_town.everything() == before
    after = await quiet_town.states()
    assert {work for work in after if after[work] != states[work] and work[0] != UNITS.get(chat)} == set()
    if intent in SENTENCES and DOUBT.search(fold_in_place(text)):
        assert {work for work in after if after[work] == "submitted" != states[work]} == set()


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    verb=st.sampled_from(["xong", "dang", "vuongmac", "giahan", "het vuong", "hoan tac", "xem"]),
    number=st.integers(0, 10**6),
    unit=st.sampled_from(["", " @T.TP", " @T.HA", " @T.TTTT", " @t.tp"]),
)
async def test_callback_data_of_another_unit_changes_nothing_and_shows_nothing(quiet_town, verb, number, unit):
    # their own numbers, and their own earlier answers, are theirs to change
    others = {1, 4} if not unit or verb == "hoan tac" else set()
    before = await quiet_town.everything()
    text = await quiet_town.say("health", f"{verb} {number}{unit}", is_tap=True)
    if number not in others:
        assert await quiet_town.everything() == before
        assert "Tư pháp" not in text
        assert "An Mẫu" not in text
    else:
        states = await quiet_town.states()
        assert {state for (code, _), state in states.items() if code != "T.YT"} == {"not_started"}
