"""A plan file: what a clerk may write, and what is told, all at once, when it cannot be used."""

from contextlib import suppress
from datetime import date
from decimal import Decimal
from unicodedata import normalize

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from models.errors import FileProblemsError, Problem
from models.terms import BeforeReading, Boundary, DeadlineKind, Frequency, PlanKind, TaskKind
from planner.marked_yaml import MAX_BYTES, MAX_NODES, MAX_PROBLEMS
from planner.plan_file import MOST_TASKS, PlanDraft, TaskDraft, parse_plan
from planner.plan_references import reference_problems
from planner.recurrence import Recurrence
from planner.unit_file import parse_units
from planner.workdays import WorkCalendar

CALENDAR = WorkCalendar()
UNITS = parse_units(
    """
units:
  - {code: T.UBND, name: UBND tỉnh Thử, level: tỉnh}
  - {code: T.STP, name: Sở Tư pháp, level: sở, parent: T.UBND}
  - {code: T.STTTT, name: Sở Thông tin và Truyền thông, aliases: [Sở TT&TT], level: sở, parent: T.UBND}
  - {code: T.SMOI, name: Sở Mới, level: sở, parent: T.UBND, valid_from: 01/03/2025}
  - {code: T.H.A, name: UBND huyện An, level: huyện, parent: T.UBND}
  - {code: T.H.B, name: UBND huyện An, level: huyện, parent: T.UBND}
  - {code: T.X.9, name: UBND xã Tân An, level: xã, parent: T.UBND, valid_from: 01/07/2025}
  - {code: K.UBND, name: UBND tỉnh Khác, level: tỉnh}
  - {code: K.SYT, name: Sở Y tế, level: sở, parent: K.UBND}
groups:
  - {code: T.N.SO, name: "sở, ban, ngành tỉnh", under: T.UBND, level: sở}
  - {code: T.N.XA, name: "UBND xã, phường", under: T.UBND, level: xã}
""",
    file="units.yaml",
)

HEAD = """plan: KH1
kind: kế hoạch
document_no: 1/KH-UBND
issued_on: 31/07/2024
title: Kế hoạch thử
issuer: T.UBND
coordinating_unit: Sở TT&TT
"""
TASK = """  - code: KH1-1
    from: IV.3.b
    title: Báo cáo kết quả
    kind: báo cáo
    deadline: trước ngày 05/11 hằng năm
    lead: Sở Tư pháp
"""
ONE = f"{HEAD}tasks:\n{TASK}"
FIRST_TASK_LINE = 9


def parse(text: str | bytes, **options) -> PlanDraft:
    return parse_plan(text, file="kh1.yaml", **({"known_units": UNITS, "calendar": CALENDAR} | options))


def task_with(*lines: str, without: str | None = None) -> str:
    """The sample plan, its task changed: given lines replace the task's lines of the same field, or are added."""
    fields = {line.split(":")[0].strip(" -"): line.strip(" -") for line in TASK.splitlines()}
    fields |= {line.split(":")[0]: line for line in lines}
    fields.pop(without, None)
    body = "\n    ".join(fields.values())
    return f"{HEAD}tasks:\n  - {body}\n"


def the_task(*lines: str, **options) -> TaskDraft:
    (task,) = parse(task_with(*lines), **options).tasks
    return task


def problems_of(text: str | bytes, **options) -> list[Problem]:
    with pytest.raises(FileProblemsError) as raised:
        parse(text, **options)
    return raised.value.problems


def the_problem(text: str | bytes) -> Problem:
    found = problems_of(text)
    assert len(found) == 1, found
    return found[0]


# --- what is read ---


def test_a_plan_keeps_what_its_head_says():
    plan = parse(ONE)
    assert (plan.code, plan.kind, plan.document_no, plan.issued_on) == (
        "KH1",
        PlanKind.PLAN,
        "1/KH-UBND",
        date(2024, 7, 31),
    )
    assert (plan.issuer, plan.coordinating_unit) == ("T.UBND", "T.STTTT")
    assert (plan.valid_from, plan.valid_to, plan.is_secret) == (date(2024, 7, 31), None, False)


def test_a_plan_without_a_date_yet_begins_on_its_first_valid_day():
    plan = parse(ONE.replace("issued_on: 31/07/2024", "issued_on:\nvalid_from: 01/06/2024\nvalid_to: 2024-12-31"))
    assert (plan.issued_on, plan.valid_from, plan.valid_to) == (None, date(2024, 6, 1), date(2024, 12, 31))


def test_a_task_keeps_what_its_lines_say():
    task = the_task("deliverable: báo cáo", "recipient: UBND tỉnh", "via: Sở TT&TT", "note: ghi chú")
    assert (task.code, task.place, task.title, task.kind) == ("KH1-1", "IV.3.b", "Báo cáo kết quả", TaskKind.REPORT)
    assert (task.deliverable, task.recipient, task.via, task.note) == ("báo cáo", "UBND tỉnh", "Sở TT&TT", "ghi chú")
    assert task.line == FIRST_TASK_LINE


def test_a_group_stays_a_group():
    task = the_task("lead: [Sở Tư pháp, 'nhóm: sở, ban, ngành tỉnh']")
    assert [(ref.code, ref.is_group) for ref in task.lead] == [("T.STP", False), ("T.N.SO", True)]


@pytest.mark.parametrize(
    "written",
    [
        "lead:\n      - nhóm: sở, ban, ngành tỉnh",
        'lead: "nhóm: so ban nganh tinh"',
        "lead: T.N.SO",
        "lead: {nhóm: T.N.SO}",
    ],
)
def test_a_group_may_be_written_in_the_ways_people_write_it(written):
    assert the_task(written).lead[0].code == "T.N.SO"


def test_without_a_directory_names_stay_as_written():
    plan = parse(ONE, known_units=None)
    assert (plan.coordinating_unit, plan.tasks[0].lead[0].code) == ("Sở TT&TT", "Sở Tư pháp")


def test_a_request_is_told_apart_from_an_order():
    assert the_task("kind: đề nghị").is_request
    assert not the_task("kind: task").is_request


def test_an_indicator_keeps_its_target_as_written():
    task = the_task(
        "kind: chỉ số", "indicator: {name: Tỷ lệ, target: ≥ 1, unit: người/hộ, max_points: '2,5', baseline: 80}"
    )
    indicator = task.indicator
    assert (indicator.target, indicator.max_points, indicator.baseline) == ("≥ 1", Decimal("2.5"), "80")


def test_a_ladder_of_its_own_counts_down_to_the_day():
    plan = parse(HEAD + "ladder: {before: [1, 7, 3], after_every: 2}\nauto_accept_after: 5\ntasks:\n" + TASK)
    assert (plan.ladder.before, plan.ladder.after_every, plan.auto_accept_after) == ((7, 3, 1), 2, 5)
    assert the_task("ladder: {before: [30, 14]}").ladder.after_every is None


@pytest.mark.parametrize("word", ["mật", "Tối mật", "tuyet mat"])
def test_a_secret_document_says_so(word):
    assert parse(HEAD + f"secrecy: {word}\ntasks:\n" + TASK).is_secret
    assert parse(task_with(f"secrecy: {word}")).is_secret
    assert not parse(task_with("secrecy: thường")).is_secret


def test_scalars_are_text_whatever_they_look_like():
    task = the_task("title: 1.10", "note: yes", "deliverable: 2024-01-01", "recipient: 0x1F")
    assert (task.title, task.note, task.deliverable, task.recipient) == ("1.10", "yes", "2024-01-01", "0x1F")


def test_decomposed_letters_and_pasted_invisible_ones_come_out_plain():
    task = parse(normalize("NFD", task_with("title: Báo  cáo\u200b kết quả"))).tasks[0]
    assert task.title == normalize("NFC", "Báo cáo kết quả")


def test_a_byte_order_mark_and_windows_lines_do_no_harm():
    plan = parse(b"\xef\xbb\xbf" + ONE.replace("\n", "\r\n").encode())
    assert plan.tasks[0].line == FIRST_TASK_LINE


# --- deadlines ---


def test_a_phrase_that_comes_back_gives_its_rule_and_no_day():
    deadline = the_task().deadline
    assert deadline.recurrences == (Recurrence(Frequency.YEARLY, Boundary.BEFORE, month=11, day=5),)
    assert (deadline.kind, deadline.boundary, deadline.due_on, deadline.last_valid_on) == (
        DeadlineKind.YEARLY,
        Boundary.BEFORE,
        None,
        None,
    )


def test_a_phrase_with_a_day_gives_its_days():
    deadline = the_task("deadline: trước ngày 10/11/2024").deadline
    assert (deadline.due_on, deadline.last_valid_on, deadline.work_to) == (
        date(2024, 11, 10),
        date(2024, 11, 9),
        date(2024, 11, 8),
    )


def test_an_office_that_reads_truoc_leniently_gets_the_named_day():
    for line in ("deadline: trước ngày 10/11/2024", "deadline: {on: 10/11/2024, boundary: trước}"):
        deadline = the_task(line, before=BeforeReading.LENIENT).deadline
        assert deadline.last_valid_on == date(2024, 11, 10)


def test_what_the_paper_says_stands_beside_what_is_followed():
    deadline = the_task("as_written: trước ngày 05/11/2024").deadline
    assert (deadline.phrase, deadline.as_written) == ("trước ngày 05/11 hằng năm", "trước ngày 05/11/2024")


def test_a_standing_duty_is_ongoing():
    for line in ("deadline: thường xuyên", "deadline: {ongoing: có}"):
        deadline = the_task(line).deadline
        assert (deadline.kind, deadline.is_ongoing) == (DeadlineKind.CONTINUOUS, True)


def test_an_event_waits():
    deadline = the_task("deadline: khi có yêu cầu", "event: có yêu cầu tại cuộc họp").deadline
    assert (deadline.kind, deadline.event, deadline.last_valid_on) == (
        DeadlineKind.EVENT,
        "có yêu cầu tại cuộc họp",
        None,
    )


def test_days_counted_from_an_event_have_no_day_before_it_happens():
    deadline = the_task(
        "deadline: trong 05 ngày làm việc kể từ ngày ký quyết định", "event: ký quyết định công bố"
    ).deadline
    assert (deadline.kind, deadline.amount, deadline.due_on, deadline.last_valid_on) == (
        DeadlineKind.EVENT_WORKING_DAYS,
        5,
        None,
        None,
    )


@pytest.mark.parametrize(
    ("spelled_out", "rule"),
    [
        (
            "{frequency: hằng năm, month: 11, day: 5, boundary: trước}",
            Recurrence(Frequency.YEARLY, Boundary.BEFORE, month=11, day=5),
        ),
        ("{frequency: yearly, month: 2, day: 29}", Recurrence(Frequency.YEARLY, Boundary.BY, month=2, day=29)),
        ("{frequency: hằng quý, month: 3, day: 25}", Recurrence(Frequency.QUARTERLY, Boundary.BY, month=3, day=25)),
        ("{frequency: hàng tháng}", Recurrence(Frequency.MONTHLY, Boundary.BY)),
        ("{frequency: hằng tuần, weekday: thứ Sáu}", Recurrence(Frequency.WEEKLY, Boundary.BY, weekday=4)),
        ("{frequency: hằng tuần, weekday: thứ 2}", Recurrence(Frequency.WEEKLY, Boundary.BY, weekday=0)),
    ],
)
def test_a_rule_may_be_spelled_out(spelled_out, rule):
    assert the_task(f"deadline: {spelled_out}").deadline.recurrences == (rule,)


def test_a_day_may_be_spelled_out():
    deadline = the_task("deadline: {on: 10/11/2024, boundary: before, reason: họp báo}").deadline
    assert (deadline.kind, deadline.phrase, deadline.last_valid_on, deadline.reason) == (
        DeadlineKind.FIXED,
        "trước ngày 10/11/2024",
        date(2024, 11, 9),
        "họp báo",
    )
    assert the_task("deadline: {on: 10/11/2024}").deadline.last_valid_on == date(2024, 11, 10)


def test_a_deadline_may_be_absent_with_a_reason():
    deadline = the_task("deadline: {none: có, reason: chờ phụ lục}").deadline
    assert (deadline.kind, deadline.reason, deadline.is_ongoing) == (None, "chờ phụ lục", False)


@pytest.mark.parametrize(
    ("written", "field", "says"),
    [
        ("khẩn trương", "deadline", "chưa rõ hạn"),
        ("hằng năm", "deadline", "chưa rõ hạn"),
        ("trước mùa mưa", "deadline", "chưa rõ hạn"),
        ("ngày 31/11/2024", "deadline", "chưa rõ hạn"),
        ("trước ngày 01/07/2024", "deadline", "đứng trước ngày văn bản"),
        ("xin chào", "deadline", "chưa rõ hạn"),
        ("trong 05 ngày làm việc kể từ ngày ký", "event", "đếm từ một sự kiện"),
        ("[trước ngày 05/11/2024]", "deadline", "chỉ nhận một dòng chữ"),
        ("{}", "deadline", "Chọn đúng một cách"),
        ("{on: 05/11/2024, ongoing: có}", "deadline", "Chọn đúng một cách"),
        ("{on: 31/11/2024}", "deadline.on", "Không có ngày 31/11/2024"),
        ("{on: 01/07/2024}", "deadline.on", "đứng trước ngày văn bản"),
        ("{on: 05/11/2924}", "deadline.on", "ngoài khoảng"),
        ("{on: 05/11/2024, month: 11}", "deadline.month", "không đi cùng on"),
        ("{on: 05/11/2024, boundary: sau}", "deadline.boundary", "trước"),
        ("{frequency: hằng năm}", "deadline.month", "cần month"),
        ("{frequency: hằng năm, month: 11, day: 31}", "deadline.day", "Không có ngày 31/11"),
        ("{frequency: hằng năm, month: 13}", "deadline.month", "từ 1 đến 12"),
        ("{frequency: hằng quý, month: 4}", "deadline.month", "từ 1 đến 3"),
        ("{frequency: hằng tháng, weekday: thứ Sáu}", "deadline.weekday", "không đi cùng frequency"),
        ("{frequency: mỗi năm}", "deadline.frequency", "Có phải: hằng năm"),
        ("{ongoing: không}", "deadline.ongoing", "chỉ nhận có"),
        ("{none: có}", "deadline.reason", "Thiếu mục reason"),
        ("{onn: 05/11/2024}", "deadline.onn", "Có phải: on?"),
    ],
)
def test_a_deadline_that_says_no_day_is_asked_about(written, field, says):
    found = problems_of(task_with(f"deadline: {written}"))
    assert any(problem.field == field and says in problem.message for problem in found), found
    assert {problem.task_code for problem in found} == {"KH1-1"}


def test_an_event_beside_a_day_is_a_mistake():
    assert the_problem(task_with("event: họp")).field == "event"


# --- what is told ---


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        (ONE.replace("plan: KH1\n", ""), 1, "Thiếu mục plan"),
        (ONE.replace("KH1\n", '""\n', 1), 1, "Thiếu mục plan"),
        (ONE.replace("plan: KH1", "plan: KH 1"), 1, "chữ không dấu"),
        (ONE.replace("kế hoạch", "quyết định", 1), 2, "Chọn một trong"),
        (ONE.replace("31/07/2024", "31/06/2024"), 4, "Không có ngày 31/06/2024"),
        (ONE.replace("31/07/2024", "tháng 7"), 4, "05/11/2024"),
        (ONE.replace("issued_on: 31/07/2024\n", ""), 1, "Thiếu ngày ban hành"),
        (ONE.replace("issuer: T.UBND\n", ""), 1, "Thiếu mục issuer"),
        (ONE.replace("Sở TT&TT", "Sở Y tế"), 7, "Không có đơn vị nào là “Sở Y tế”"),
        (ONE.replace("coordinating_unit: Sở TT&TT", "coordinating_unit: T.N.SO"), 7, "không phải nhóm"),
        (HEAD + "valid_to: 01/07/2024\ntasks:\n" + TASK, 8, "Hết hiệu lực trước ngày bắt đầu"),
        (HEAD + "secrecy: kín\ntasks:\n" + TASK, 8, "Chọn một trong"),
        (HEAD + "auto_accept_after: 2 ngày\ntasks:\n" + TASK, 8, "số nguyên từ 1 đến 60"),
        (HEAD + "ladder: {}\ntasks:\n" + TASK, 8, "Nấc nhắc trống"),
        (HEAD + "tasks:\n", 8, "Thiếu mục tasks"),
        (HEAD + "tasks:\n" + "  - {}\n" * (MOST_TASKS + 1), 9, "chia thành nhiều kế hoạch"),
        (HEAD + "tasks: [trống]\n", 8, "tên mục: giá trị"),
        (HEAD + "task:\n" + TASK, 9, "Có phải: tasks?"),
        (HEAD + "title: Hai lần\ntasks:\n" + TASK, 8, "viết hai lần"),
        (HEAD + "tasks:\n" + TASK + TASK, 15, "đã dùng ở dòng 9"),
        (task_with("title: ''"), 11, "Thiếu mục title"),
        (task_with("title: " + "Báo cáo " * 12), 11, "viết gọn lại"),
        (task_with("title: [a, b]"), 11, "một dòng chữ"),
        (task_with("kind: báo cao kết quả"), 12, "báo cáo"),
        (task_with("kind: chỉ số"), 9, "cần mục indicator"),
        (task_with("kind: chỉ số", "indicator: {target: 5}"), 15, "Thiếu mục name"),
        (task_with("indicator: {name: Tỷ lệ, max_points: nhiều}"), 15, "phải là một số"),
        (task_with(without="deadline"), 9, "Thiếu mục deadline"),
        (task_with(without="lead"), 9, "Thiếu mục lead"),
        (task_with("lead: Sở Tư phấp tỉnh"), 14, "Có phải: Sở Tư pháp"),
        (task_with("lead: 'nhóm: sở ban tỉnh'"), 14, "Không có nhóm đơn vị nào"),
        (task_with("lead: UBND huyện An"), 14, "T.H.A, T.H.B"),
        (task_with("lead: Sở Mới"), 14, "không có hiệu lực vào ngày 31/07/2024"),
        (task_with("lead: 'nhóm: T.N.XA'"), 14, "không có đơn vị nào vào ngày"),
        (task_with("lead: [Sở Tư pháp, T.STP]"), 14, "viết hai lần"),
        (task_with("lead: [[Sở Tư pháp]]"), 14, "Mỗi dòng một đơn vị"),
        (task_with("supporting: T.STP"), 15, "vừa chủ trì vừa phối hợp"),
        (task_with("feeds: KH1-9"), 15, "Kế hoạch này không có nhiệm vụ"),
        (task_with("same_as: KH1-1"), 15, "chính nó"),
        (task_with("feeds: KH 2"), 15, "không phải mã nhiệm vụ"),
        (task_with("deadlin: mai"), 15, "Có phải: deadline?"),
        (task_with("note: " + "dài " * 300), 15, "nhiều nhất là 1000"),
    ],
)
def test_a_mistake_is_told_with_its_line_and_what_to_do(text, line, says):
    found = problems_of(text)
    assert any(problem.line == line and says in problem.message for problem in found), found
    assert all(problem.message.endswith((".", "?")) for problem in found), found


def test_all_mistakes_are_told_at_once_in_the_order_of_the_file():
    text = ONE.replace("kế hoạch", "tờ trình").replace("31/07/2024", "32/07/2024")
    text = text.replace("Sở Tư pháp", "Sở Nào Đó").replace("báo cáo", "bảo vệ", 1)
    assert [(problem.line, problem.field) for problem in problems_of(text)] == [
        (2, "kind"),
        (4, "issued_on"),
        (12, "kind"),
        (14, "lead"),
    ]


def test_a_problem_reads_as_one_line_with_file_task_and_field():
    assert str(the_problem(task_with("feeds: KH1-9"))).startswith("kh1.yaml:15: KH1-1 · feeds: Kế hoạch này không có")


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("", 1, "Tệp trống"),
        ("# chỉ có ghi chú\n", 1, "Tệp trống"),
        ("xin chào", 1, "tên mục: giá trị"),
        ("- a\n- b\n", 1, "tên mục: giá trị"),
        ("plan: KH1\n\tkind: kế hoạch\n", 2, "phím Tab"),
        ("plan: KH1: 2\n", 1, "dấu hai chấm thừa"),
        ("plan: [KH1\n", None, "ngoặc"),
        ('plan: "KH1\n', None, "ngoặc"),
        ("plan: @KH1\n", 1, "ngoặc kép"),
        ("plan: KH1\n kind: x\n", 2, "hai chấm thừa"),
        ("plan: &a KH1\nkind: *a\n", 1, "& và *"),
        ("plan: !!python/name:os.system KH1\n", 1, "ký hiệu !"),
        ("plan: !x KH1\n", 1, "ký hiệu !"),
        ("plan: KH1\n---\nplan: KH2\n", 2, "chỉ một kế hoạch"),
        ("? [a, b]\n: c\n", 1, "không phải danh sách"),
        ("plan: " + "[" * 5000, 1, "quá sâu"),
        ("plan: KH\x00\n", 1, "NUL"),
        ("kind: a\nplan: KH\x07\n", 2, "U+0007"),
        (b"kind: a\nplan: K\xff\n", 2, "UTF-8"),
        (ONE.encode("utf-16"), 1, "UTF-8"),
        ("plan: \ud800\n", None, "UTF-8"),
        ("#" + "x" * MAX_BYTES, None, "5 MB"),
        ("tasks:\n" + "- a\n" * (MAX_NODES + 1), MAX_NODES, "quá nhiều mục"),
    ],
)
def test_what_is_not_a_plan_file_is_told_in_plain_words(text, line, says):
    found = problems_of(text)
    assert any(says in problem.message for problem in found), found
    assert line is None or found[0].line == line


def test_a_bomb_of_aliases_is_refused_at_its_first_anchor():
    bomb = "a: &a [x]\n" + "".join(f"{chr(98 + n)}: &{chr(98 + n)} [{f'*{chr(97 + n)},' * 9}]\n" for n in range(20))
    assert the_problem(bomb).line == 1


def test_a_file_of_nothing_but_mistakes_is_told_in_part():
    found = problems_of(HEAD + "tasks:\n" + "  - {}\n" * 1000)
    assert len(found) == MAX_PROBLEMS + 1
    assert "lỗi nữa" in found[-1].message


# --- references between plans ---


def plan_of(code: str, *lines: str) -> PlanDraft:
    text = task_with(f"code: {code}-1", *lines).replace("plan: KH1", f"plan: {code}")
    return parse_plan(text, file=f"{code.lower()}.yaml", known_units=UNITS, calendar=CALENDAR)


def test_a_task_of_another_plan_may_be_named_with_or_without_its_plan():
    assert plan_of("KH1", "feeds: CV2/CV2-1").tasks[0].feeds == "CV2-1"
    assert plan_of("KH1", "feeds: CV2-1").tasks[0].feeds == "CV2-1"


def test_references_are_followed_over_all_plans():
    plans = [plan_of("KH1", "feeds: CV2-1"), plan_of("CV2")]
    assert reference_problems(plans) == []
    assert reference_problems(plans[:1], known_codes={"CV2-1"}) == []
    (problem,) = reference_problems(plans[:1])
    assert (problem.file, problem.line, problem.field) == ("kh1.yaml", FIRST_TASK_LINE, "feeds")


def test_a_code_used_by_two_plans_is_told():
    plans = [plan_of("KH1"), plan_of("CV2", "code: KH1-1")]
    (problem,) = reference_problems(plans)
    assert (problem.file, problem.field) == ("cv2.yaml", "code")


def test_duties_may_not_feed_each_other_in_a_ring():
    plans = [plan_of("KH1", "feeds: CV2-1"), plan_of("CV2", "feeds: KH1-1")]
    assert [problem.task_code for problem in reference_problems(plans)] == ["KH1-1", "CV2-1"]


# --- whatever comes ---


@settings(deadline=None)
@given(st.binary(max_size=300) | st.text(max_size=300))
def test_any_bytes_give_a_plan_or_problems(text):
    with suppress(FileProblemsError):
        assert isinstance(parse(text), PlanDraft)


WORDS = st.sampled_from(
    ["", "KH1-1", "hằng năm", "trước ngày 05/11 hằng năm", "T.STP", "nhóm: T.N.SO", "31/02/2024", "9"]
)
SCALARS = WORDS | st.text(max_size=20) | st.none() | st.booleans() | st.integers() | st.floats() | st.dates()
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["on", "frequency", "month", "day", "event", "none", "name", "nhóm"]), inner, max_size=3
        )
    ),
    max_leaves=8,
)
GOOD_TASK = yaml.safe_load(TASK)[0]
GOOD_PLAN = yaml.safe_load(ONE)


@settings(deadline=None)
@given(
    st.dictionaries(st.sampled_from([*GOOD_PLAN, "secrecy", "ladder", "notes"]), VALUES, max_size=2),
    st.dictionaries(st.sampled_from([*GOOD_TASK, "feeds", "indicator", "event", "ladder"]), VALUES, max_size=3),
)
def test_any_values_in_a_plan_give_a_plan_or_problems(plan_fields, task_fields):
    text = yaml.safe_dump(GOOD_PLAN | {"tasks": [GOOD_TASK | task_fields]} | plan_fields, allow_unicode=True)
    with suppress(FileProblemsError):
        assert isinstance(parse(text), PlanDraft)
