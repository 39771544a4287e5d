"""dondoc deadline: a stable row for scripts, one for each question, and a clear word for each line that is none."""

import json
from collections.abc import Callable
from typing import Any
from unicodedata import normalize

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from bot.__main__ import app

KEYS = ["phrase", "kind", "boundary", "due_on", "last_valid_on", "work_to", "grace_until", "ask", "explanation"]
LINE = '{"phrase": "trước ngày 05/11/2024", "base": "2024-10-23"}'

in_one_folder = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=50)

Dondoc = Callable[..., Any]


def test_a_phrase_gives_one_line_of_json_with_exactly_the_agreed_fields(dondoc: Dondoc) -> None:
    told = dondoc("deadline", "trước ngày 05/11/2024", "--base", "2024-10-23")
    assert (told.code, told.err, len(told.rows)) == (0, "", 1)
    row = told.rows[0]
    assert list(row) == KEYS
    assert row | {"explanation": ""} == {
        "phrase": "trước ngày 05/11/2024",
        "kind": "fixed",
        "boundary": "before",
        "due_on": "2024-11-05",
        "last_valid_on": "2024-11-04",
        "work_to": "2024-11-04",
        "grace_until": None,
        "ask": False,
        "explanation": "",
    }


def test_json_is_what_it_prints_anyway(dondoc: Dondoc) -> None:
    words = ("deadline", "trước ngày 05/11/2024", "--base", "23/10/2024")
    assert dondoc(*words) == dondoc(*words, "--json")


def test_lenient_counts_the_named_day(dondoc: Dondoc, monkeypatch: pytest.MonkeyPatch) -> None:
    words = ("deadline", "trước ngày 05/11/2024", "--base", "2024-10-23")
    assert dondoc(*words, "--lenient").rows[0]["last_valid_on"] == "2024-11-05"
    monkeypatch.setenv("BEFORE_READING", "lenient")
    assert dondoc(*words).rows[0]["last_valid_on"] == "2024-11-05"
    assert dondoc(*words, "--strict").rows[0]["last_valid_on"] == "2024-11-04"


def test_pretty_is_for_people(dondoc: Dondoc) -> None:
    told = dondoc("deadline", "trước ngày 10/11/2024", "--base", "2024-10-23", "--pretty")
    assert "Ngày cuối còn đúng hạn: thứ Bảy 09/11/2024" in told.out
    assert "Nên xong trong ngày: thứ Sáu 08/11/2024" in told.out


def test_what_is_not_sure_is_asked_and_is_no_error(dondoc: Dondoc) -> None:
    told = dondoc("deadline", "khẩn trương", "--base", "2024-10-23")
    assert told.code == 0
    assert told.rows[0]["ask"] is True


def test_lines_are_answered_in_order(dondoc: Dondoc) -> None:
    phrases = ["chậm nhất ngày 15/11/2024", "quý IV/2024", "thường xuyên"]
    lines = "".join(json.dumps({"phrase": phrase, "base": "2024-10-23"}) + "\n" for phrase in phrases)
    told = dondoc("deadline", stdin=lines)
    assert [row["phrase"] for row in told.rows] == phrases
    assert told.code == 0


def test_a_bad_line_is_told_by_its_number_and_the_others_are_answered(dondoc: Dondoc) -> None:
    bad = ["{", "[]", '{"phrase": 5, "base": "2024-10-23"}', '{"phrase": "x"}', '{"phrase": "x", "base": "23-10-2024"}']
    told = dondoc("deadline", stdin="\n".join([LINE, *bad, "", LINE]))
    assert told.code == 2
    assert len(told.rows) == 2
    assert [line.split(":")[0] for line in told.err.splitlines()] == [f"Dòng {number}" for number in range(2, 7)]


@pytest.mark.parametrize(
    "line",
    [b"\xff\xfe", b'{"phrase": "\\ud800", "base": "2024-10-23"}', b"[" * 50_000, b"1" * 5_000, b"9" * 250_000, b"\x00"],
    ids=["not UTF-8", "half a character", "deep", "a long number", "an endless line", "a zero byte"],
)
def test_a_hostile_line_is_only_a_bad_line(dondoc: Dondoc, line: bytes) -> None:
    told = dondoc("deadline", stdin=line + b"\n" + LINE.encode())
    assert (told.code, len(told.rows), len(told.err.splitlines())) == (2, 1, 1)


def test_the_base_of_the_command_serves_lines_without_one(dondoc: Dondoc) -> None:
    told = dondoc("deadline", "--base", "2024-10-23", stdin='{"phrase": "trước ngày 05/11"}')
    assert told.rows[0]["due_on"] == "2024-11-05"


def test_a_byte_order_mark_does_no_harm(dondoc: Dondoc) -> None:
    assert dondoc("deadline", stdin=LINE.encode("utf-8-sig")).code == 0


def test_no_lines_give_no_rows(dondoc: Dondoc) -> None:
    assert dondoc("deadline").out == ""


def test_the_phrase_comes_back_in_one_unicode_form(dondoc: Dondoc) -> None:
    told = dondoc("deadline", normalize("NFD", "trước ngày 05/11/2024"), "--base", "2024-10-23")
    assert told.rows[0]["phrase"] == "trước ngày 05/11/2024"
    assert told.rows[0]["kind"] == "fixed"


@pytest.mark.parametrize(
    ("base", "said"),
    [
        ("", "--base phải viết dạng 2024-10-23 hoặc 23/10/2024."),
        ("hôm nay", "--base phải viết dạng 2024-10-23 hoặc 23/10/2024."),
        ("2024-02-30", "--base: không có ngày 30/02/2024."),
        ("31/13/2024", "--base: không có ngày 31/13/2024."),
        ("0001-01-01", "--base: năm phải từ 1990 đến 2099."),
        ("9999-12-31", "--base: năm phải từ 1990 đến 2099."),
        ("2024-10-23T08:00", "--base phải viết dạng 2024-10-23 hoặc 23/10/2024."),
        ("२०२४-१०-२३", "--base phải viết dạng 2024-10-23 hoặc 23/10/2024."),
    ],
)
def test_a_bad_day_is_told_with_the_form_wanted(dondoc: Dondoc, base: str, said: str) -> None:
    told = dondoc("deadline", "quý I", "--base", base)
    assert (told.code, told.out, told.err) == (2, "", said + "\n")


def test_a_phrase_needs_the_day_of_its_document(dondoc: Dondoc) -> None:
    told = dondoc("deadline", "quý I")
    assert told.code == 2
    assert told.err.startswith("Thiếu --base")


@in_one_folder
@given(st.text(max_size=80).filter(lambda text: not text.startswith("-")), st.dates())
def test_any_phrase_and_any_day_end_in_a_row_or_in_one_sentence(dondoc: Dondoc, phrase: str, base: Any) -> None:
    told = dondoc("deadline", phrase, "--base", base.isoformat())
    if told.code == 0:
        assert list(told.rows[0]) == KEYS
    else:
        assert told.code == 2
        assert len(told.err.splitlines()) == 1


@in_one_folder
@given(st.lists(st.text(alphabet=st.characters(codec="utf-8"), max_size=12), max_size=5))
def test_any_words_after_the_command_end_in_rows_or_in_one_sentence(empty_folder: object, words: list[str]) -> None:
    result = CliRunner().invoke(app, ["deadline", *words])
    assert result.exit_code in {0, 2}
    assert "Traceback" not in result.output
    assert result.exit_code == 0 or result.stderr.strip()


@in_one_folder
@given(st.binary(max_size=200))
def test_any_bytes_on_standard_input_end_in_rows_or_in_bad_lines(dondoc: Dondoc, stdin: bytes) -> None:
    told = dondoc("deadline", stdin=stdin)
    assert told.code in {0, 2}
    assert all(line.startswith("Dòng ") for line in told.err.splitlines())


@in_one_folder
@given(
    st.recursive(
        st.none() | st.booleans() | st.floats(allow_nan=True) | st.text(max_size=20),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["phrase", "base", "x"]), inner),
        max_leaves=6,
    )
)
def test_any_json_on_standard_input_ends_in_a_row_or_in_a_bad_line(dondoc: Dondoc, question: object) -> None:
    told = dondoc("deadline", stdin=json.dumps(question))
    assert (told.code, len(told.out.splitlines())) in {(0, 1), (2, 0)}
