"""In a group the bot's own name is taken off what is said, whether its end is known or must be guessed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.mentions import without_mention

KNOWN = ("bot.DonDoc", "Bot Đôn Đốc")


@pytest.mark.parametrize("names", [KNOWN, ()], ids=["known", "unknown"])
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("@Bot Đôn Đốc xong 12", "xong 12"),
        ("@Bot Đôn Đốc Xong 12", "Xong 12"),
        ("@Bot\u00a0Đôn  Đốc 12 xong", "12 xong"),
        ("@bot.DonDoc 12 xong", "12 xong"),
        ("@Bot Đôn Đốc ABCD2345", "ABCD2345"),
        ("@Bot Đôn Đốc quahan", "quahan"),
        ("@Bot Đôn Đốc 12", "12"),
        ("xong 12", "xong 12"),
        ("  12 xong ", "12 xong"),
    ],
)
def test_the_name_is_taken_off(text, said, names):
    assert without_mention(text, names) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("@bot đôn đốc, tuần này", "tuần này"),
        ("@Bot Đôn Đốc: báo cáo đã gửi hôm qua", "báo cáo đã gửi hôm qua"),
        ("xong 12 @Bot Đôn Đốc", "xong 12"),
        ("@Bot Đôn Đốc", ""),
        ("gửi@Bot Đôn Đốc", "gửi@Bot Đôn Đốc"),
    ],
)
def test_a_known_name_ends_where_it_ends(text, said):
    assert without_mention(text, KNOWN) == said


def test_a_name_that_reads_like_a_wish_is_not_heard_as_one():
    assert without_mention("@Bot Nhắc Việc quahan", ()) == "quahan"
    assert without_mention("@Bot Việc Nội Vụ xong 12", ()) == "xong 12"


@given(st.text(max_size=80), st.lists(st.text(max_size=12), max_size=3))
def test_whatever_is_said_something_is_left_or_nothing(text, names):
    assert without_mention(text, names) in ("", text.strip()) or len(without_mention(text, names)) < len(text)


def test_a_code_without_a_digit_is_heard_behind_a_name_nobody_knows():
    assert without_mention("@Đôn Đốc ABCDEFGH", ()) == "ABCDEFGH"
    assert without_mention("@Đôn Đốc xong 4", ()) == "xong 4"
