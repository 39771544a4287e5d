"""The readings of careful people are matched by the reader, measured the same way each time."""

import copy

import pytest
import yaml

from tests.eval.eval_reading import SOURCES, scored_sources
from tests.eval.reading_score import score, total

needs_sources = pytest.mark.skipif(not (SOURCES / "gold").is_dir(), reason="the sources are not beside the repository")

DUTY = {
    "quote": "báo cáo kết quả thực hiện về Sở Nội vụ trước ngày 10/11/2025",
    "section": "II.1",
    "class": "report",
    "lead": ["UBND các xã, phường"],
    "deadline": {"phrase": "trước ngày 10/11/2025", "kind": "fixed", "last_valid_on": "2025-11-09", "ask": False},
    "indicator": None,
}
DRAFT = {
    "document": {
        "type": "Kế hoạch",
        "number": None,
        "issuer": "UBND tỉnh",
        "place": "A",
        "issued_on": None,
        "title": "T",
    },
    "obligations": [DUTY],
    "warnings": [],
    "questions": ["Số, ký hiệu để trống: xin cho biết.", "Ngày ban hành để trống: xin cho biết."],
}
GOLD = {
    "document": {
        "type": "Kế hoạch", "number": {"value": None}, "issuer": "UBND tỉnh", "place": "A", "date": {"value": None},
        "title": "T",
    },
    "obligations": [
        {
            "id": "G1", "section": "II.1", "class": "report", "tier": "core",
            "quote": "báo cáo kết quả thực hiện về Sở Nội vụ trước ngày 10/11/2025",
            "lead": ["Chủ tịch UBND xã, phường"],
            "deadline": {"kind": "fixed", "last_day": "2025-11-09"},
        }
    ],
}  # fmt: skip


def changed(**fields: object) -> dict:
    draft = copy.deepcopy(DRAFT)
    draft["obligations"][0].update(fields)
    return draft


def test_a_duty_with_its_words_day_and_unit_is_found() -> None:
    scored = score("one", DRAFT, GOLD)
    assert (scored.recall, scored.precision, scored.header_right, scored.wrong_dates) == (1.0, 1.0, 6, [])


def test_a_wrong_day_is_missed_and_counts_as_silent_unless_it_is_asked() -> None:
    deadline = {**DUTY["deadline"], "last_valid_on": "2025-11-10"}
    assert len(score("one", changed(deadline=deadline), GOLD).wrong_dates) == 1
    asked = score("one", changed(deadline={**deadline, "ask": True}), GOLD)
    assert (asked.wrong_dates, asked.recall) == ([], 0.0)


def test_a_unit_of_another_office_is_missed() -> None:
    assert score("one", changed(lead=["Sở Xây dựng"]), GOLD).recall == 0.0


def test_a_duty_of_nobody_costs_precision() -> None:
    draft = copy.deepcopy(DRAFT)
    draft["obligations"].append({**DUTY, "quote": "tuyên truyền trên hệ thống loa của các thôn", "section": "III"})
    assert score("one", draft, GOLD).precision == 0.5


def test_a_blank_that_is_not_asked_about_is_a_wrong_header() -> None:
    draft = {**DRAFT, "questions": []}
    assert len(score("one", draft, GOLD).header_wrong) == 2


@needs_sources
def test_the_sources_are_read_as_careful_people_read_them() -> None:
    summed = total(scored_sources())
    assert summed.recall >= 0.95, summed.missed
    assert summed.precision >= 0.95, summed.invented
    assert summed.wrong_dates == []
    assert summed.header_wrong == []


@needs_sources
def test_every_source_has_a_reading_to_score() -> None:
    golds = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in (SOURCES / "gold").glob("*.yaml")]
    assert golds
    assert all(gold["obligations"] for gold in golds)
