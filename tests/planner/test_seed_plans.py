"""The five plans and the unit directory that come with the project say what their documents say."""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from unicodedata import is_normalized

import pytest
import yaml

from models.terms import BeforeReading, Boundary, DeadlineKind
from planner.deadlines import read_deadline, resolve
from planner.plan_file import PlanDraft, TaskDraft, parse_plan
from planner.plan_references import reference_problems
from planner.recurrence import occurrences_of
from planner.unit_file import UnitDirectoryDraft, parse_units
from planner.workdays import WorkCalendar
from seed_plans import FOLDER

PLANS = (
    "kh-146-hau-giang-2024",
    "cv-1487-hau-giang-2024",
    "kh-dvctt-hau-giang-2023",
    "kh-142-stttt-gia-lai-2022",
    "kh-vinh-bao-2026",
)
SOURCES = FOLDER.parents[1] / "shared" / "sources"
needs_sources = pytest.mark.skipif(
    not (SOURCES / "gold").is_dir(), reason="the documents and their careful reading lie beside the project, not in it"
)

TASK_OF = {
    "KH146-03": "KH146-II.1.a",
    "KH146-04": "KH146-II.1.b",
    "KH146-24": "KH146-IV.1.a",
    "KH146-28": "KH146-IV.1.d",
    "KH146-30": "KH146-IV.2.b",
    "KH146-31": "KH146-IV.2.c",
    "KH146-35": "KH146-IV.3.b.1",
    "KH146-36": "KH146-IV.3.b",
    "KH146-37": "KH146-KT.1",
    "KH146-38": "KH146-KT.2",
    "CV1487-01": "CV1487-1.a",
    "CV1487-02": "CV1487-1.b.1",
    "CV1487-03": "CV1487-1.b.2",
    "CV1487-04": "CV1487-1.b.3",
    "CV1487-05": "CV1487-1.c",
    "CV1487-06": "CV1487-1.d",
    "CV1487-08": "CV1487-2.a.1",
    "CV1487-09": "CV1487-2.a.2",
    "CV1487-10": "CV1487-2.a.3a",
    "CV1487-11": "CV1487-2.a.3b",
    "CV1487-12": "CV1487-2.a.3c",
    "CV1487-13": "CV1487-2.a.4",
    "CV1487-14": "CV1487-2.b",
    "CV1487-15": "CV1487-2.c",
    "CV1487-16": "CV1487-3.a",
    "CV1487-17": "CV1487-3.b",
    "DVC23-07": "DVC23-IV.1.a",
    "DVC23-11": "DVC23-IV.1.c",
    "DVC23-13": "DVC23-IV.2",
    "DVC23-17": "DVC23-IV.4.c.1",
    "DVC23-18": "DVC23-IV.4.c.2",
    "DVC23-19": "DVC23-IV.4.d",
    "DVC23-22": "DVC23-KT.1",
    "DVC23-23": "DVC23-KT.2",
    "DVC23-24": "DVC23-PL1.I",
    "DVC23-25": "DVC23-PL1.II.1",
    "DVC23-26": "DVC23-PL1.II.2",
    "DVC23-27": "DVC23-PL1.II.3",
    "DVC23-28": "DVC23-PL1.II.4",
    "DVC23-29": "DVC23-PL1.III.1",
    "DVC23-30": "DVC23-PL1.III.2",
    "DVC23-31": "DVC23-PL1.IV",
    "DVC23-32": "DVC23-PL1.V",
    "DVC23-33": "DVC23-PL2.I.1",
    "DVC23-34": "DVC23-PL2.I.2",
    **{f"DVC23-{34 + number}": f"DVC23-PL2.II.{number}" for number in range(1, 12)},
    **{f"DVC23-{45 + number}": f"DVC23-PL2.III.{number}" for number in range(1, 5)},
    "GL142-02": "GL142-III.1",
    "GL142-03": "GL142-III.2",
    **{f"GL142-{row + 3:02}": f"GL142-B.{row}" for row in range(1, 22)},
    "VB26-17": "VB26-III.1",
    "VB26-20": "VB26-III.2.a",
    "VB26-21": "VB26-III.2.b",
    **{f"VB26-{row + 23}": f"VB26-PL.{row:02}" for row in range(1, 22)},
}

DECIDED_HERE = {
    "KH146-24": DeadlineKind.EVENT,  # no date: once the yearly reports of the units are in
    "KH146-35": DeadlineKind.CONTINUOUS,  # "khẩn trương", no date
    "CV1487-01": DeadlineKind.CONTINUOUS,  # "khẩn trương", at the pace of two other documents
    "DVC23-13": DeadlineKind.CONTINUOUS,  # the same duty stands in the annex as "thường xuyên"
    "DVC23-17": DeadlineKind.CONTINUOUS,  # each target has its own date in the annex
    "DVC23-19": DeadlineKind.CONTINUOUS,
    "GL142-02": DeadlineKind.CONTINUOUS,
    "GL142-03": DeadlineKind.CONTINUOUS,  # "định kỳ theo quy định": the period is not stated
    "VB26-20": DeadlineKind.CONTINUOUS,  # "khẩn trương", no date
}
"""What we follow where the document gives no date or no period; each says so in its `reason`."""

UNNAMED = {"Các cơ quan, đơn vị có liên quan", "Các cơ quan, đơn vị liên quan", "Các đơn vị liên quan"}
"""Supporting units a document leaves unnamed; they are kept in the note."""


@cache
def directory() -> UnitDirectoryDraft:
    return parse_units((FOLDER / "units.yaml").read_bytes(), file="units.yaml")


@cache
def plan(name: str) -> PlanDraft:
    return parse_plan(
        (FOLDER / f"{name}.yaml").read_bytes(), file=f"{name}.yaml", known_units=directory(), calendar=WorkCalendar()
    )


@cache
def tasks() -> dict[str, tuple[PlanDraft, TaskDraft]]:
    return {task.code: (plan(name), task) for name in PLANS for task in plan(name).tasks}


def core() -> Iterator[dict]:
    for name in PLANS if (SOURCES / "gold").is_dir() else ():
        gold = yaml.safe_load((SOURCES / "gold" / f"{name}.yaml").read_text("utf-8"))
        yield from (duty for duty in gold["obligations"] if duty["tier"] == "core")


each_core_duty = pytest.mark.parametrize("duty", [pytest.param(duty, id=duty["id"]) for duty in core()])


def followed_as(duty: dict) -> tuple[PlanDraft, TaskDraft]:
    return tasks()[TASK_OF[duty["id"]]]


def resolved(names: list[str], paper: PlanDraft) -> set[str]:
    found = {name: directory().find(name, on=paper.valid_from, within=paper.issuer) for name in names}
    assert None not in found.values(), found
    return {entry.code for entry in found.values()}


@pytest.mark.parametrize("name", PLANS)
def test_a_seed_plan_parses_without_a_problem(name):
    assert plan(name).tasks


def test_references_between_the_seed_plans_hold():
    assert reference_problems([plan(name) for name in PLANS]) == []


def test_there_are_107_tasks():
    assert [len(plan(name).tasks) for name in PLANS] == [10, 16, 34, 23, 24]


@needs_sources
def test_every_core_duty_has_a_task_of_its_own():
    assert {duty["id"] for duty in core()} == set(TASK_OF)
    assert set(TASK_OF.values()) == set(tasks())
    assert len(TASK_OF) == 107


@needs_sources
@each_core_duty
def test_the_lead_units_are_those_of_the_document(duty):
    paper, task = followed_as(duty)
    if duty["lead"]:
        assert {ref.code for ref in task.lead} == resolved(duty["lead"], paper)
    else:  # KH 146 mục II names nobody; I.2.a speaks to all
        assert {ref.code for ref in task.lead} == {"HG.N.SO-BAN-NGANH", "HG.N.CAP-HUYEN", "HG.N.CAP-XA"}


@needs_sources
@each_core_duty
def test_the_supporting_units_are_those_the_document_names(duty):
    paper, task = followed_as(duty)
    named = [name for name in duty["coop"] if name not in UNNAMED]
    assert {ref.code for ref in task.supporting} == resolved(named, paper)


@needs_sources
@each_core_duty
def test_the_kind_of_deadline_is_that_of_the_document(duty):
    paper, task = followed_as(duty)
    if duty["id"] in DECIDED_HERE:
        assert task.deadline.kind is DECIDED_HERE[duty["id"]]
        assert task.deadline.reason
    elif task.deadline.as_written:  # a date of one year, followed every year
        written = read_deadline(task.deadline.as_written, base_on=paper.issued_on, calendar=WorkCalendar())
        assert written.kind == duty["deadline"]["kind"]
        assert task.deadline.kind is DeadlineKind.YEARLY
    else:
        assert task.deadline.kind == duty["deadline"]["kind"]


@needs_sources
@each_core_duty
def test_the_boundary_is_that_of_the_document(duty):
    _paper, task = followed_as(duty)
    assert (task.deadline.boundary is Boundary.BEFORE) == duty["deadline"]["exclusive"]


def last_days(paper: PlanDraft, task: TaskDraft) -> list[date]:
    """Last valid days in the plan's first calendar year."""
    if not task.deadline.recurrences:
        return [task.deadline.last_valid_on] if task.deadline.last_valid_on else []
    year = paper.valid_from.year
    periods = occurrences_of(task.deadline.recurrences, since=date(year, 1, 1), until=date(year, 12, 31))
    return [
        resolve(
            period.named_on, task.deadline.boundary, calendar=WorkCalendar(), before=BeforeReading.STRICT
        ).last_valid_on
        for period in periods
    ]


@needs_sources
@each_core_duty
def test_the_last_day_is_that_of_the_document(duty):
    if "last_day" in duty["deadline"]:
        assert last_days(*followed_as(duty)) == [duty["deadline"]["last_day"]]


@needs_sources
@each_core_duty
def test_targets_and_points_are_those_of_the_document(duty):
    indicator = duty.get("indicator", {})
    _paper, task = followed_as(duty)
    if isinstance(indicator.get("target"), int):
        assert (task.indicator.target, task.indicator.unit) == (str(indicator["target"]), "%")
    if "max_points" in indicator:
        assert task.indicator.max_points == indicator["max_points"]


@needs_sources
def test_titles_are_our_own_words():
    written = " ".join(" ".join((SOURCES / f"{name}.txt").read_text("utf-8").split()).casefold() for name in PLANS)
    assert [task.title for _paper, task in tasks().values() if task.title.casefold() in written] == []


def test_titles_fit_a_phone_and_places_are_given():
    for _paper, task in tasks().values():
        assert len(task.title) <= 60, task.title
        assert task.place, task.code


def test_points_of_vinh_bao_add_up_to_a_hundred():
    points = [task.indicator.max_points for task in plan("kh-vinh-bao-2026").tasks if task.indicator]
    assert (len(points), sum(points)) == (21, Decimal(100))


def test_unit_reports_feed_the_report_of_the_department_and_that_of_the_office():
    assert tasks()["KH146-IV.3.b"][1].feeds == "CV1487-2.c"
    assert tasks()["CV1487-2.c"][1].feeds == "CV1487-3.a"


def test_the_monthly_publication_is_one_duty_in_two_documents():
    assert tasks()["CV1487-2.b"][1].same_as == "KH146-IV.1.d"


def test_the_plan_of_2023_ends_with_its_year():
    assert plan("kh-dvctt-hau-giang-2023").valid_to == date(2023, 12, 31)


def test_what_a_document_leaves_blank_or_contradicts_stands_in_the_notes():
    assert any("Phụ lục thiếu" in note for note in plan("kh-146-hau-giang-2024").notes)
    assert any("97,68" in note and "95,68" in note for note in plan("kh-vinh-bao-2026").notes)
    assert plan("kh-vinh-bao-2026").document_no is None


@pytest.mark.parametrize(
    ("group", "on", "size"),
    [
        ("HG.N.SO-BAN-NGANH", date(2024, 11, 4), 19),
        ("HG.N.CO-QUAN-CHUYEN-MON", date(2024, 11, 4), 18),
        ("HG.N.CAP-HUYEN", date(2024, 11, 4), 8),
        ("HG.N.CAP-XA", date(2024, 11, 4), 75),
        ("HG.N.SO-BAN-NGANH", date(2025, 3, 1), 13),
        ("HG.N.CAP-HUYEN", date(2025, 11, 4), 0),
        ("HG.N.CAP-XA", date(2025, 11, 4), 28),
        ("GL.N.PHONG-CHUYEN-MON", date(2022, 12, 9), 3),
        ("HP.X.VINH-BAO.N.PHONG-DON-VI", date(2026, 10, 30), 4),
    ],
)
def test_a_group_has_the_members_of_its_day(group, on, size):
    assert len(directory().members(group, on=on)) == size


@needs_sources
def test_every_commune_went_where_the_sources_say():
    known = yaml.safe_load((SOURCES / "org_units.yaml").read_text("utf-8"))["hau_giang_2024"]["districts"]
    for communes in known.values():
        for commune in communes:
            (after,) = directory().successors_of(f"HG.X.{commune['code']}", on=date(2025, 7, 1))
            name = commune["since_2025_07_01"]
            assert directory().unit(after).name == f"UBND {name[0].lower()}{name[1:]}"


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.yaml")), ids=lambda path: path.name)
def test_files_are_nfc(path: Path):
    assert is_normalized("NFC", path.read_text("utf-8"))


def examples_of_the_guide() -> list[str]:
    guide = (FOLDER.parent / "docs" / "plan-files.md").read_text("utf-8")
    return [block.split("```", maxsplit=1)[0] for block in guide.split("```yaml\n")[1:]]


def test_the_examples_of_the_guide_parse():
    a_plan, units = examples_of_the_guide()
    parse_plan(a_plan, file="docs/plan-files.md", known_units=directory(), calendar=WorkCalendar())
    assert len(parse_units(units, file="docs/plan-files.md").groups) == 3


def test_the_deadlines_of_the_guide_parse():
    guide = (FOLDER.parent / "docs" / "plan-files.md").read_text("utf-8")
    spelled_out = re.findall(r"`deadline: (\{.*?\})`", guide)
    assert len(spelled_out) == 8
    a_plan = examples_of_the_guide()[0]
    for deadline in spelled_out:
        text = a_plan.replace("deadline: hằng tháng", f"deadline: {deadline}")
        parse_plan(text, file="docs/plan-files.md", known_units=directory(), calendar=WorkCalendar())
