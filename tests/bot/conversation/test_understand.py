"""Only what is surely meant is understood; a false "xong" is the worst mistake."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.understand import Intent, Understood, fold_in_place, invite_code, understand

DONE = {
    "xong 12": 12, "/xong 12": 12, "/xong@mau_bot 12": 12, "12 xong": 12, "12 đã xong": 12, "da xong 12": 12,
    "ĐÃ XONG 12": 12, "dạ 12 xong rồi ạ": 12, "12: xong.": 12, "xong việc 12": 12, "12 đã hoàn thành": 12,
    "việc 12 xong nhé": 12, "đã nộp báo cáo 12": 12, "12 xong 100%": 12, "xong rồi": None, "Đã xong": None,
    "12  đã\nxong 👍": 12, "xong 12 @t.tp": 12,
}  # fmt: skip

NOT_DONE = (
    "chưa xong", "12 chưa xong", "xong chưa", "xong chưa?", "12 xong chưa anh", "12 xong?", "xong 12?", "mai xong",
    "12 mai xong", "sắp xong", "12 sắp xong", "gần xong", "không xong", "12 không xong", "bao giờ xong", "khi nào xong",
    "họp xong em báo cáo", "12 xong 60%", "12 xong 3/4 xã", "12 xong một nửa", "xong 12 mà chưa gửi",
    "12 xong trừ phụ lục",
    "không phải xong 12", "tuần sau xong 12", "12 sẽ xong", "phải xong 12", "xong 12 chưa ạ", "chưa hoàn thành 12",
    "12 xong, 13 chưa", "đã xong đâu", "xong sao được", "12 xong thì báo", "nếu 12 xong", "12 xong ngày mai",
    "xong 12 hay chưa", "đang làm, sắp xong 12", "1/2 xong", "12/11 xong", "50% xong", "12 xã xong", "12 ngày xong",
    "chưa xong 12", "12 chua xong", "chua xong", "12 xong 🤔", "xong…?", "xong 12 … ?", "xong hết chưa",
    "đừng ghi 12 xong",
)  # fmt: skip


@pytest.mark.parametrize(("text", "number"), DONE.items())
def test_done_is_understood_with_or_without_slash_accents_and_politeness(text, number):
    assert (understand(text).intent, understand(text).number) == (Intent.DONE, number)


@pytest.mark.parametrize("text", NOT_DONE)
def test_a_negation_a_question_a_future_or_a_part_is_never_done(text):
    assert understand(text).intent is not Intent.DONE


@pytest.mark.parametrize("text", NOT_DONE)
def test_nor_without_accents(text):
    bare = fold_in_place(text)
    assert understand(bare).intent is not Intent.DONE


@pytest.mark.parametrize(
    ("text", "document_no"),
    [
        ("12 xong, báo cáo số 215/BC-STP", "215/BC-STP"),
        ("xong 12 báo cáo số 215/BC-SGDĐT ngày 30/10/2024", "215/BC-SGDĐT"),
        ("12 đã xong (công văn 45/STP-VP)", "45/STP-VP"),
        ("đã nộp 12 kèm theo BC số 7/BC-UBND.", "7/BC-UBND"),
    ],
)
def test_the_number_of_the_paper_handed_in_is_kept(text, document_no):
    understood = understand(text)
    assert (understood.intent, understood.number, understood.document_no) == (Intent.DONE, 12, document_no)


@pytest.mark.parametrize(
    ("text", "number", "percent", "rest"),
    [
        ("/dang 12", 12, None, ""),
        ("12 đang làm", 12, None, ""),
        ("13 dang lam 60%", 13, 60, ""),
        ("/tiendo 12 60", 12, 60, ""),
        ("tiến độ 12 60 %", 12, 60, ""),
        ("12 đạt 75%", 12, 75, ""),
        ("12 đang làm, còn thiếu phụ lục", 12, None, "còn thiếu phụ lục"),
        ("đang làm 60%", None, 60, ""),
        ("60%", None, 60, ""),
    ],
)
def test_progress_is_understood_with_its_percentage(text, number, percent, rest):
    assert understand(text) == Understood(Intent.IN_PROGRESS, number=number, percent=percent, rest=rest)


def test_more_than_a_hundred_per_cent_is_not_understood():
    assert understand("12 đạt 150%").intent is Intent.UNKNOWN


@pytest.mark.parametrize(
    ("text", "intent", "number", "rest"),
    [
        ("/vuongmac 12 chờ số liệu", Intent.BLOCKED, 12, "chờ số liệu"),
        ("12 vướng phần mềm", Intent.BLOCKED, 12, "phần mềm"),
        ("vướng mắc", Intent.BLOCKED, None, ""),
        ("12 hết vướng", Intent.UNBLOCKED, 12, ""),
        ("15 xin lùi đến 8/11 vì chờ số liệu", Intent.EXTENSION, 15, "đến 8/11 vì chờ số liệu"),
        ("gia hạn 12", Intent.EXTENSION, 12, ""),
        ("xin gia hạn 5 ngày", Intent.EXTENSION, None, "5 ngày"),
        ("xin lùi 8/11", Intent.EXTENSION, None, "8/11"),
    ],
)
def test_difficulties_and_requests_keep_the_persons_words(text, intent, number, rest):
    assert understand(text) == Understood(intent, number=number, rest=rest)


@pytest.mark.parametrize(
    "text",
    [
        "không vướng mắc gì", "12 không có vướng mắc", "vướng mắc 12 đã xử lý xong", "có vướng mắc gì không",
        "vướng mắc là gì?", "xin lùi được không", "không xin gia hạn",
    ],
)  # fmt: skip
def test_no_difficulty_and_a_question_about_one_are_not_difficulties(text):
    assert understand(text).intent is Intent.UNKNOWN


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("/viec", Intent.LIST), ("việc", Intent.LIST), ("thường xuyên", Intent.STANDING), ("xem 12", Intent.SHOW),
        ("12", Intent.NUMBER), ("hoàn tác", Intent.UNDO), ("hoan tac", Intent.UNDO), ("undo", Intent.UNDO),
        ("/overdue", Intent.OVERDUE), ("quahan", Intent.OVERDUE), ("quá hạn", Intent.OVERDUE),
        ("quahan huyện châu thành a", Intent.OVERDUE), ("nhac tat ca", Intent.NUDGE_ALL), ("/today", Intent.TODAY),
        ("hôm nay", Intent.TODAY), ("/tuannay", Intent.THIS_WEEK), ("tuần này", Intent.THIS_WEEK), ("?", Intent.HELP),
        ("giúp", Intent.HELP), ("/help", Intent.HELP), ("/start", Intent.START), ("xin chào", Intent.GREETING),
        ("vâng ạ", Intent.ACKNOWLEDGED), ("thôi", Intent.CANCEL), ("12, 13 xong", Intent.SEVERAL),
        ("", Intent.UNKNOWN), ("8/11", Intent.UNKNOWN), ("trời hôm nay đẹp", Intent.UNKNOWN),
    ],
)  # fmt: skip
def test_commands_are_understood_as_typed_by_hand(text, intent):
    assert understand(text).intent is intent


def test_filters_and_pages_are_read_off_the_end():
    assert understand("quahan kh 146 trang 3") == Understood(Intent.OVERDUE, rest="kh 146", page=3)
    assert understand("quahan trang 2") == Understood(Intent.OVERDUE, page=2)
    assert understand("nhắc tất cả kh146 đồng ý") == Understood(Intent.NUDGE_ALL, rest="kh146", is_confirmed=True)


def test_a_code_is_eight_characters_that_cannot_be_misread():
    assert invite_code(" abcd2345 ") == "ABCD2345"
    assert invite_code("ABCD0000") is None


@given(st.text())
def test_any_text_is_understood_or_not_and_never_an_error(text):
    understood = understand(text)
    assert understood.page >= 1
    assert len(fold_in_place(text)) == len(unicodedata.normalize("NFC", text))


@given(st.text(alphabet="xongchư 12đãlàm?.,0%mai", max_size=30))
def test_done_never_comes_of_a_text_with_a_negation_or_a_question_mark(text):
    if understand(text).intent is Intent.DONE:
        assert not {"chua", "mai", "khong"} & set(fold_in_place(text).split())
        assert "?" not in text
