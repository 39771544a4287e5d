"""Free answers: never a false "xong", never a wrong day, and the same reading however they are typed."""
# ruff: noqa: E501, SIM905 - a row of a table reads on one line, a list of words as words

import random
import re
import unicodedata
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.conversation import (
    meaning,
    meaning_amounts,
    meaning_clauses,
    meaning_dates,
    meaning_facts,
    meaning_lexicon,
)
from bot.conversation.meaning import SURE, Intent, read_answer, read_answers
from bot.conversation.meaning_clauses import LONGEST_CLAUSE, clauses_of
from bot.conversation.meaning_words import LONGEST_TEXT, cleaned, words_of
from bot.conversation.understand import fold_in_place
from tests.bot.conversation.meaning.confusion import figures, table
from tests.bot.conversation.meaning.haste import SLIPS, Slip
from tests.bot.conversation.meaning.labelled import CALENDAR, HELD_OUT, HERE, TYPED, Labelled, labelled, read

TODAY, LAST = date(2026, 11, 2), date(2026, 11, 10)
ALL = tuple(line for name in ("dev", *HELD_OUT) for line in labelled(name))
DONE = [line for line in ALL if line.intent is Intent.DONE]

HOLDS_BACK = (
    "chưa", "chua", "không", "ko", "sắp", "sap", "gần", "mai", "ngày mai", "tuần sau", "nếu", "neu", "em sẽ", "se",
    "nghe nói", "hình như", "chắc", "phấn đấu", "dự kiến", "khi nào",
)  # fmt: skip
SAID_TWICE = ("không c", "k vướng", "ko vướng", "kg còn")
""" "không không còn vướng gì" is no sentence: the second "không" is about the difficulty."""

NEVER_DONE = [
    row for row in (HERE / "never_done.txt").read_text(encoding="utf-8").splitlines() if not row.startswith("#")
]
SAME_TYPED = frozenset({"xong roi a", "xong rồi a"})
"""Both "xong rồi ạ" and "xong rồi à": nothing in the letters tells them apart."""

ACCENTS_DECIDE = frozenset(
    {
        "kẹt quá anh ơi",  # ket qua: kết quả
        "xong rồi à",  # a: ạ
        "nửa rồi ạ",  # nua: nữa
        "chưa rờ tới",  # ro toi: rõ, tôi
        "chưa đâu anh",  # dau: đầu
        "đăng rồi ạ",  # dang: đang
        "nộp òi",  # oi: ơi
        "gửi òi nha",
        "nộp òi nha chị",
        "đang chờ dấu",  # dau: đâu
        "ráng",  # rang: rằng
        "chưa đâu",
        "mình gởi hôm trước rồi mà",  # goi: gọi
        "chờ biểu mẫu của Cục Thống kê",  # cho: give us the form
        "chưa rờ",  # ro: rõ
        "kẹt quá",
        "mốt nộp nghen",  # mot: một
        "Trạm y tế đã tiêm xong cho toàn bộ trẻ",  # tre: trễ
        "văn phòng đăng ký đất đai đã hoàn thành 100% rồi",  # dang ky: đang ký
    }
)
"""Without accents these are another sentence; none of them may become `done` with confidence."""


def _patterns() -> Iterator[str]:
    for module in (meaning, meaning_amounts, meaning_clauses, meaning_dates, meaning_facts, meaning_lexicon):
        for value in vars(module).values():
            for each in value if isinstance(value, tuple) else (value,):
                found = each.pattern if isinstance(each, meaning_lexicon.Row) else each
                found = found[0] if isinstance(found, tuple) and found else found
                if isinstance(found, re.Pattern):
                    yield found.pattern


REPEATED = sorted(
    {
        match[1]
        for pattern in _patterns()
        for match in re.finditer(r"\(\?: ?(?:\(\?:)?([^()]*\|[^()]*)\)?(?: ?\))?[*+]", pattern)
    }
)
"""The alternatives of every repeated group: "@me |van |hien "."""


def answer(text: str, last: date | None = LAST):
    return read_answer(text, today=TODAY, last_valid_on=last, calendar=CALENDAR)


HANDFUL = 200


def each_of(lines: Sequence[Labelled]) -> pytest.MarkDecorator:
    """A handful of lines for a test: one test a line takes longer to run than the line to read."""
    handfuls = [lines[start : start + HANDFUL] for start in range(0, len(lines), HANDFUL)]
    return pytest.mark.parametrize(
        "lines", handfuls, ids=[f"from line {place * HANDFUL}" for place in range(len(handfuls))]
    )


@each_of(labelled("dev"))
def test_the_lines_the_rules_were_made_with(lines: Sequence[Labelled]) -> None:
    for line in lines:
        heard = read(line)
        slots = (heard.intent, heard.percent, heard.requested_on, heard.document_no)
        assert slots == (line.intent, *line.slots), line.text


@pytest.mark.parametrize("name", HELD_OUT)
def test_lines_not_used_for_the_rules_are_read_as_docs_understanding_says(name: str) -> None:
    told = figures(labelled(name))
    assert told["intent right"] / told["lines"] >= 0.95
    assert (told["false done"], told["wrong date"], told["wrong percent"]) == (0, 0, 0)


@pytest.mark.parametrize("name", TYPED)
def test_the_lines_typed_in_haste_are_read_without_a_false_done_day_or_percentage(name: str) -> None:
    told = figures(labelled(name))
    assert told["intent right"] / told["lines"] >= 0.97
    assert (told["false done"], told["wrong date"], told["wrong percent"], told["wrong document"]) == (0, 0, 0, 0)


@each_of(ALL)
def test_no_line_is_falsely_done_nor_given_another_day_or_percentage(lines: Sequence[Labelled]) -> None:
    for line in lines:
        heard = read(line)
        assert heard.intent is not Intent.DONE or line.intent is Intent.DONE, line.text
        assert heard.requested_on in (None, line.requested_on), line.text
        assert heard.percent in (None, line.percent), line.text


@each_of(DONE)
def test_what_holds_back_a_done_phrase_makes_it_not_done(lines: Sequence[Labelled]) -> None:
    for line in lines:
        for before in HOLDS_BACK:
            if before in {"không", "ko", "chưa", "chua"} and line.text.startswith(SAID_TWICE):
                continue
            said = f"{before} {line.text}"
            assert read(line, said).intent is not Intent.DONE, said


@each_of(DONE)
def test_a_question_mark_or_chua_after_a_done_phrase_makes_it_not_done(lines: Sequence[Labelled]) -> None:
    for line in lines:
        for after in ("?", " ?", " chưa?", "???", " hả?", " đúng không?"):
            said = line.text.rstrip(".!") + after
            assert read(line, said).intent is not Intent.DONE, said


@each_of(ALL)
def test_accents_do_not_change_the_intent(lines: Sequence[Labelled]) -> None:
    for line in lines:
        bare = read(line, fold_in_place(line.text))
        if line.text in ACCENTS_DECIDE:
            assert bare.intent is line.intent or bare.intent is not Intent.DONE or line.text == "xong rồi à", line.text
        else:
            assert bare.intent is read(line).intent, line.text
        assert bare.requested_on in (None, line.requested_on), line.text


@each_of(ALL)
def test_capitals_politeness_and_smileys_do_not_change_the_intent(lines: Sequence[Labelled]) -> None:
    for line in lines:
        meant, text = read(line).intent, line.text
        if meant is Intent.UNKNOWN:
            continue
        for said in (text.upper(), f"dạ {text}", f"Dạ anh ơi, {text}", f"{text} ạ", f"{text} nhé anh", f"{text} 🙏",
                     f"em chào anh, {text}", f"{text}, em cảm ơn anh"):  # fmt: skip
            assert read(line, said).intent is meant, said


@pytest.mark.parametrize("text", NEVER_DONE)
def test_a_near_miss_of_xong_is_never_done_however_it_is_typed(text: str) -> None:
    for said in (text, fold_in_place(text), text.upper(), f"dạ {text} ạ", f"12 {text}"):
        meanings = read_answers(said, today=TODAY, last_valid_on=LAST, calendar=CALENDAR)
        assert Intent.DONE not in {each.intent for each in meanings}, said


@pytest.mark.parametrize("slip", SLIPS, ids=lambda slip: slip.__name__)
def test_haste_never_makes_a_sure_done_of_something_else_nor_another_day_or_percentage(slip: Slip) -> None:
    for place, line in enumerate(ALL):
        typed = slip(line.text, random.Random(place))
        heard = read(line, typed)
        if line.intent is not Intent.DONE and typed not in SAME_TYPED:
            assert heard.intent is not Intent.DONE or heard.confidence < SURE, typed
        assert heard.requested_on in (None, line.requested_on), typed
        assert heard.percent in (None, line.percent), typed


@each_of(ALL)
def test_decomposed_letters_read_the_same(lines: Sequence[Labelled]) -> None:
    for line in lines:
        assert read(line, unicodedata.normalize("NFD", line.text)) == read(line), line.text


def test_each_number_has_its_own_meaning() -> None:
    meanings = read_answers("12 xong roi, 13 dang lam 60%, 15 xin lui den 15/11 vi cho so lieu", today=TODAY,
                            last_valid_on=LAST, calendar=CALENDAR)  # fmt: skip
    assert [(each.numbers, each.intent) for each in meanings] == [
        ((12,), Intent.DONE), ((13,), Intent.IN_PROGRESS), ((15,), Intent.EXTENSION)]  # fmt: skip
    assert (meanings[1].percent, meanings[2].requested_on) == (60, date(2026, 11, 15))


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("12 xong", (12,)), ("việc 12 xong", (12,)), ("xong 12", (12,)), ("12, 13 xong", (12, 13)),
        ("12 và 13 đang làm", (12, 13)), ("#12 vướng phần mềm", (12,)), ("3/4 xã xong", ()), ("12 xã xong", ()),
        ("xin thêm 3 ngày", ()), ("12 xin thêm 3 ngày", (12,)), ("60%", ()), ("xong rồi", ()),
        ("xin lùi đến 15/11", ()), ("nhiệm vụ số 7 đã nộp", (7,)), ("thứ 6 em nộp", ()),
    ],
)  # fmt: skip
def test_the_numbers_of_assignments_are_told_from_other_numbers(text: str, numbers: tuple[int, ...]) -> None:
    assert answer(text).numbers == numbers


def test_two_meanings_read_as_one_are_not_sure() -> None:
    meaning = answer("12 xong, 13 chưa")
    assert meaning.intent is not Intent.DONE
    assert meaning.confidence < SURE


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("xin lùi đến 15/11 vì chờ số liệu", "chờ số liệu"),
        ("do chờ số liệu nên xin lùi đến 15/11", "chờ số liệu"),
        ("12 vướng phần mềm", "vướng phần mềm"),
        ("Chưa làm được vì CHƯA CÓ kinh phí ạ", "CHƯA CÓ kinh phí"),
        ("xin gia hạn", None),
    ],
)
def test_the_reason_is_kept_as_written(text: str, reason: str | None) -> None:
    assert answer(text).reason == reason


def test_nothing_new_and_a_way_free_again_are_told() -> None:
    assert answer("không có gì mới").is_nothing_new
    assert answer("đã hết vướng").is_unblocked
    assert not answer("vẫn còn vướng").is_unblocked


@pytest.mark.parametrize(
    "text",
    [
        "xin lùi đến 5/11", "xin lùi đến 1/10", "xin lùi đến 31/11", "xin lùi đến 15/11 hoặc 20/11", "xin lùi sang tuần sau",
        "xin lùi đến thứ 3 ngày 18/11", "xin lùi đến rằm tháng mười", "xin lùi đến 15/11/2036", "xin thêm vài ngày",
    ],
)  # fmt: skip
def test_a_day_that_is_not_sure_is_asked_for(text: str) -> None:
    meaning = answer(text)
    assert (meaning.intent, meaning.requested_on) == (Intent.EXTENSION, None)
    assert meaning.confidence < SURE


def test_a_count_needs_the_day_it_counts_from() -> None:
    assert answer("xin thêm 3 ngày").requested_on == date(2026, 11, 13)
    assert answer("xin thêm 3 ngày", last=None).requested_on is None


@pytest.mark.parametrize("text", ["100% hồ sơ đúng hạn", "tăng 20% so với cùng kỳ", "giải ngân 60% vốn", "đạt 150%"])
def test_a_figure_about_something_else_is_not_how_much_is_done(text: str) -> None:
    assert answer(text).percent is None


WORDS = st.sampled_from(
    "xong chưa không đang làm 60% 3/4 xã 15/11 mai nếu sắp gửi báo cáo số 215/BC-STP vướng xin lùi đến vì em anh ạ ? , ."
    " 12 13 rồi k dc r hoàn thành thứ 6 tuần sau cuối tháng mùng 5 20 100% chờ ký 👍 ✅ \u200b \u202e".split(" ")
)


@given(st.one_of(st.text(max_size=300), st.lists(WORDS, max_size=30).map(" ".join)))
@settings(max_examples=400, deadline=None)
def test_any_text_has_a_meaning(text: str) -> None:
    for each in [*read_answers(text, today=TODAY, last_valid_on=LAST, calendar=CALENDAR), answer(text)]:
        assert 0 <= each.confidence <= 1
        assert each.percent is None or 0 <= each.percent <= 100
        assert each.requested_on is None or (each.requested_on > LAST and each.intent is Intent.EXTENSION)
        assert each.explanation
    if text.rstrip().endswith("?"):
        assert answer(text).intent is not Intent.DONE


@pytest.mark.parametrize("text", ["không khi nào xong", "khong khi nao xong", "chẳng khi nào xong"])
def test_never_is_not_the_air_that_is_measured(text: str) -> None:
    assert answer(text).intent is not Intent.DONE


@given(st.lists(st.sampled_from(HOLDS_BACK), min_size=1, max_size=3), st.sampled_from(DONE))
@settings(max_examples=200, deadline=None)
def test_several_holdings_back_never_add_up_to_done(befores: list[str], line: Labelled) -> None:
    if line.text.startswith(SAID_TWICE):
        return
    assert read(line, f"{' '.join(befores)} {line.text}").intent is not Intent.DONE or befores.count("không") > 1


@pytest.mark.parametrize(
    "text",
    [
        "a" * 10_000, "xong " * 2_000, "1 " * 5_000, "1/" * 5_000, "12, " * 2_500, "chưa không " * 900, "xin lùi " * 1_200,
        "co " * 3_000, "x" * 5_000 + " " + "y" * 4_999, "?" * 10_000, "việc " * 2_000, "60% " * 2_500, "-" * 10_000,
        "\u0301" * 10_000, "đến ngày " * 1_100, "chờ " * 2_500, "215/BC-" * 1_400, " " * 10_000, "(" * 10_000,
    ],
    ids=range(19),
)  # fmt: skip
def test_ten_thousand_characters_are_never_acted_upon_and_read_only_in_part(text: str) -> None:
    words = words_of(cleaned(text))
    assert all(word.end <= LONGEST_TEXT for word in words)
    assert all(len(clause.words) <= LONGEST_CLAUSE for clause in clauses_of(words))
    meaning = answer(text)
    assert meaning.intent is not Intent.DONE
    assert meaning.confidence < SURE


def test_a_breath_without_end_is_cut_and_its_xong_is_asked_about() -> None:
    text = "em làm cái này " * 20 + "xong rồi"
    assert answer(text).intent is not Intent.DONE or answer(text).confidence < SURE


@pytest.mark.parametrize("repeated", REPEATED, ids=range(len(REPEATED)))
def test_no_pattern_can_read_the_same_words_in_two_ways_again_and_again(repeated: str) -> None:
    """An alternative that is two others in a row doubles the ways with every repetition."""
    separated = any(alternative.endswith(" ") for alternative in repeated.split("|"))
    alternatives = [f"{each.strip()} " if separated else f"{each} " for each in repeated.split("|")]
    assert [each for each in alternatives if _ways(each, alternatives) > 1] == []


def _ways(said: str, alternatives: list[str]) -> int:
    """How many ways these alternatives in a row spell what is said."""
    ways = [1] + [0] * len(said)
    for end in range(1, len(said) + 1):
        ways[end] = sum(ways[end - len(each)] for each in alternatives if said[:end].endswith(each))
    return ways[-1]


def test_the_document_shows_the_confusion_table_as_it_is() -> None:
    shown = (Path(__file__).parents[4] / "docs" / "understanding.md").read_text(encoding="utf-8")
    assert table(line for name in HELD_OUT for line in labelled(name)) in shown
