"""What the page says about a deadline, an error and an obstacle."""

from datetime import date
from typing import get_args

import pytest

from bot.web.sentences import complaint_words, deadline_words, obstacle_words, saved_words
from models.errors import CorrectionError, Uncorrectable
from planner.letters.corrections import MOST_DUTIES
from planner.letters.planned import Obstacle
from planner.reading.draft import DutyDeadline, Spot
from tests.planner.letters.drafts import deadline_of

FRIDAY = date(2024, 10, 18)


@pytest.mark.parametrize(
    ("phrase", "sentence", "why"),
    [
        ("trước ngày 09/11/2024", "Hạn cuối: thứ Sáu 08/11/2024", "không tính ngày đó"),
        ("chậm nhất ngày 15/11/2024", "Hạn cuối: thứ Sáu 15/11/2024", ""),
        ("chậm nhất ngày 16/11/2024", "Hạn cuối: thứ Bảy 16/11/2024, ngày làm việc cuối: thứ Sáu 15/11/2024", ""),
        ("trước 17 giờ ngày 20/12/2024", "Hạn cuối: 17:00 thứ Sáu 20/12/2024", ""),
        ("trước ngày 05/11 hằng năm", "Kỳ gần nhất, hạn cuối: thứ Hai 04/11/2024", "Hằng năm, trước 05/11."),
        ("khi có yêu cầu", "Chưa có ngày cuối", "Chưa phát sinh thì chưa có hạn."),
        ("thường xuyên", "Chưa có ngày cuối", "không có ngày cuối"),
        (None, "Không có thời hạn", ""),
    ],
)
def test_a_deadline_is_said_by_its_last_day_and_why(phrase, sentence, why):
    said, because = deadline_words(deadline_of(phrase, on=FRIDAY))
    assert said == sentence
    assert why in because


def test_a_deadline_nobody_read_is_none():
    assert deadline_words(DutyDeadline(None, None, Spot(""), ask=False)) == ("Không có thời hạn", "")


@pytest.mark.parametrize("reason", get_args(Uncorrectable))
def test_every_error_is_a_whole_sentence_without_its_code(reason: Uncorrectable):
    sentence = complaint_words(CorrectionError("lead", reason, "Sở {X}", nearest=("Sở A",), limit=80))
    assert sentence[0].isupper() or sentence[0] == "“"
    assert sentence.endswith((".", ":"))
    assert reason not in sentence


def test_too_many_duties_is_another_thing_than_too_many_letters():
    assert "500 việc" in complaint_words(CorrectionError("number", "too-long", limit=MOST_DUTIES))
    assert "64 ký tự" in complaint_words(CorrectionError("number", "too-long", "9" * 65, limit=64))


@pytest.mark.parametrize(
    "reason",
    ["issuer-unknown", "issuer-unconfirmed", "day-unknown", "day-unconfirmed", "nothing-to-track", "lead-missing",
     "lead-unknown", "lead-unconfirmed", "deadline-unconfirmed", "secret-plan"],
)  # fmt: skip
def test_every_obstacle_is_named_in_words(reason: str):
    sentence = obstacle_words(Obstacle("lead", reason, 4, "Sở {X}"))
    assert sentence.startswith("Việc 4: ")
    assert reason not in sentence
    assert "xem lại" not in sentence, "each has words of its own"
    assert obstacle_words(Obstacle("lead", reason))[0].isupper()


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ("viec-3", "Đã lưu việc 3."),
        ("viec-moi", "Đã thêm việc mới ở cuối bản nháp."),
        ("dau-issued_on", "Đã lưu ngày ban hành."),
        ("cau-0123456789", "Đã ghi câu trả lời."),
        ("dau-khac", "Đã lưu."),
    ],
)
def test_what_was_kept_is_said(form: str, said: str):
    assert saved_words(form) == said
