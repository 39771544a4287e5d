"""Buttons said in words where a channel has none: nothing is lost, nothing is said twice, and nothing is too long."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reminders.channel import Button, Message
from reminders.choices import fitted
from reminders.splitting import text_length
from tests.fakes.channel import TELEGRAM_LIKE, ZALO_LIKE

ANSWERS = ((Button("Đã xong", "xong 12"), Button("Đang làm", "dang 12")), (Button("Vướng mắc", "vuongmac 12"),))
UNDO = ((Button("Hoàn tác", "hoan tac 12"),),)


def test_a_channel_with_buttons_gets_them_and_the_text_as_it_is():
    whole = fitted(Message("Việc 12", ANSWERS), TELEGRAM_LIKE)
    assert whole.parts == (Message("Việc 12", ANSWERS),)
    assert whole.choices == ()


def test_without_buttons_each_is_a_line_with_its_number_and_what_to_type():
    whole = fitted(Message("Việc 12", ANSWERS), ZALO_LIKE)
    assert whole.parts == (
        Message(
            "Việc 12\n\nGõ số (trong 10 phút) hoặc gõ câu trong ngoặc kép:\n"
            '1. Đã xong: "xong 12"\n2. Đang làm: "dang 12"\n3. Vướng mắc: "vuongmac 12"'
        ),
    )
    assert [key.command for key in whole.choices] == ["xong 12", "dang 12", "vuongmac 12"]


def test_a_single_button_is_one_sentence_without_a_number():
    whole = fitted(Message("Việc 12", ((Button("Nhận lại", "giaocho 12 tôi"),),)), ZALO_LIKE)
    assert whole.parts == (Message('Việc 12\n\nNhận lại: gõ "giaocho 12 tôi".'),)
    assert whole.choices == ()


@pytest.mark.parametrize(
    "text",
    ['Đã ghi. Gõ "hoàn tác" trong 10 phút nếu chưa đúng.', 'Gõ "Hoan tac 12".', "Gõ “hoàn tác” nếu chưa đúng."],
    ids=["as it is said", "as it is sent", "in curly quotes"],
)
def test_what_the_text_tells_already_is_not_told_again(text):
    assert fitted(Message(text, UNDO), ZALO_LIKE).parts == (Message(text),)


def test_quoting_one_of_several_leaves_them_all_in_the_list():
    whole = fitted(Message('Gõ "xong 12".', ANSWERS), ZALO_LIKE)
    assert len(whole.choices) == 3


def test_words_of_a_person_that_name_another_work_hide_nothing():
    assert (
        fitted(Message('Sở A: "xong 13"', ((Button("Đã xong", "xong 12"),),)), ZALO_LIKE)
        .parts[0]
        .text.endswith('Đã xong: gõ "xong 12".')
    )


def test_a_text_that_numbers_its_choices_itself_is_left_alone():
    whole = fitted(Message("Việc nào?\n1. 12\n2. 13", ANSWERS, is_numbered=True), ZALO_LIKE)
    assert whole.parts == (Message("Việc nào?\n1. 12\n2. 13"),)
    assert whole.choices == ()


def test_the_lines_stay_together_when_the_text_fills_its_part():
    able = replace(ZALO_LIKE, max_length=200)
    whole = fitted(Message("việc " * 39, ANSWERS), able)
    assert [part.text.count('"') for part in whole.parts] == [0, 6]


@given(
    text=st.text(alphabet=st.sampled_from('aệ\n "12.🔴'), min_size=1, max_size=700).filter(str.strip),
    keys=st.lists(
        st.builds(Button, st.text("Xem việc", min_size=1, max_size=30), st.text("xong12", min_size=1, max_size=64)),
        max_size=6,
    ),
    limit=st.integers(150, 400),
    unit=st.sampled_from(("characters", "utf16")),
)
def test_no_part_is_longer_than_the_channel_carries_and_no_button_is_left(text, keys, limit, unit):
    able = replace(ZALO_LIKE, max_length=limit, length_unit=unit)
    whole = fitted(Message(text, tuple((key,) for key in keys)), able)
    assert all(0 < text_length(part.text, unit) <= limit and not part.buttons for part in whole.parts)
    assert len(whole.choices) in (0, len(keys))
    said = "\n".join(part.text for part in whole.parts)
    assert all(f'"{key.command}"' in said.replace("\n", " ") or key.command in said for key in whole.choices)
