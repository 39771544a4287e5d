"""A draft as a plan: what must be settled before, and that everything a person agreed to comes through exactly."""

from dataclasses import replace
from datetime import date, time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.terms import BeforeReading, DeadlineKind, TaskKind
from planner.deadline_forms import FORMS
from planner.deadlines import read_deadline
from planner.letters.corrections import DutyChange, confirmed, with_duty
from planner.letters.planned import Obstacle, free_code, obstacles, planned
from planner.plain_text import plain
from planner.plan_draft import UnitRef
from planner.reading.draft import DutyClass, Found, IndicatorFound, Spot, Sureness, UnitName
from planner.reading.tracked import TrackedTask
from tests.builders import CALENDAR
from tests.planner.letters.drafts import DIRECTORY, DUTIES, KNOWLEDGE, deadline_of, draft, duty, header, unit


def plan_of(*duties, code="KH57", knowledge=KNOWLEDGE, coordinating="T.TTTT", own=(), head=None):
    made = draft(*duties, head=head)
    assert obstacles(made, knowledge) == ()
    return planned(made, knowledge, coordinating=coordinating, code=code, own=own)


def reasons(made, knowledge=KNOWLEDGE):
    return [(each.reason, each.number) for each in obstacles(made, knowledge)]


# --- what must be settled before -------------------------------------------------------------------------------------


def test_a_draft_that_was_answered_has_no_obstacle():
    assert obstacles(draft(*DUTIES), KNOWLEDGE) == ()


@pytest.mark.parametrize(
    ("head", "reason"),
    [
        pytest.param(header(issuer=None), "issuer-unknown", id="no issuer"),
        pytest.param(header(issuer="UBND tỉnh Khác"), "issuer-unknown", id="an issuer outside the directory"),
        pytest.param(header(day=None), "day-unknown", id="no day"),
        pytest.param(header(sureness=Sureness.LIKELY), "day-unconfirmed", id="a day nobody agreed to"),
    ],
)
def test_the_head_must_be_known(head, reason):
    assert reason in [each.reason for each in obstacles(draft(*DUTIES, head=head), KNOWLEDGE)]


def test_a_letter_without_a_number_is_no_obstacle_for_numbers_may_be_blank():
    assert obstacles(draft(*DUTIES, head=header(number=None)), KNOWLEDGE) == ()


def test_a_letter_of_principles_alone_has_nothing_to_track():
    made = draft(duty("Công khai, minh bạch", duty_class=DutyClass.PRINCIPLE, by=None))
    assert obstacles(made, KNOWLEDGE) == (Obstacle("duties", "nothing-to-track"),)


def test_a_unit_nobody_knows_stands_in_the_way_with_its_name_and_the_number_of_the_duty():
    made = draft(DUTIES[0], duty("Rà soát", "Sở Không Có"))
    assert obstacles(made, KNOWLEDGE) == (Obstacle("lead", "lead-unknown", 2, "Sở Không Có"),)


def test_of_several_leads_the_unknown_one_alone_is_not_passed_over():
    assert reasons(draft(duty("Rà soát", "T.TP", "Sở Không Có"))) == [("lead-unknown", 1)]


def test_a_duty_of_nobody_stands_in_the_way():
    assert reasons(draft(duty("Rà soát"))) == [("lead-missing", 1)]


def test_a_duty_set_aside_or_given_to_a_known_unit_stands_in_the_way_no_more():
    made = draft(DUTIES[0], duty("Rà soát", "Sở Không Có"))
    aside = with_duty(made, 2, DutyChange(duty_class=DutyClass.PRINCIPLE), KNOWLEDGE)
    given_away = with_duty(made, 2, DutyChange(lead="Sở Tư pháp Mẫu"), KNOWLEDGE)
    assert obstacles(aside, KNOWLEDGE) == obstacles(given_away, KNOWLEDGE) == ()


def test_a_unit_that_was_gone_on_the_day_of_the_letter_is_unknown():
    gone = replace(
        DIRECTORY, units=tuple(replace(each, valid_to=date(2024, 1, 1)) if each.code == "T.YT" else each
                               for each in DIRECTORY.units)
    )  # fmt: skip
    assert reasons(draft(duty("Rà soát", "T.YT")), replace(KNOWLEDGE, directory=gone)) == [("lead-unknown", 1)]


def test_a_day_that_was_proposed_and_not_agreed_to_stands_in_the_way_until_somebody_does():
    made = draft(duty("Rà soát", "T.TP", by="ngày 20/11/2024", ask=True))
    assert reasons(made) == [("deadline-unconfirmed", 1)]
    (question,) = [each for each in made.questions if each.numbers == (1,)]
    assert obstacles(confirmed(made, question, KNOWLEDGE), KNOWLEDGE) == ()


def test_a_lead_that_was_inferred_stands_in_the_way_until_somebody_agrees():
    made = draft(duty("Rà soát", "T.TP", doubts=("Giao theo nơi nhận",)))
    assert reasons(made) == [("lead-unconfirmed", 1)]
    assert obstacles(confirmed(made, made.questions[0], KNOWLEDGE), KNOWLEDGE) == ()


def test_a_deadline_without_any_day_is_tracked_without_one_until_somebody_says():
    made = draft(duty("Rà soát", "T.TP", by="định kỳ theo quy định", ask=True))
    assert obstacles(made, KNOWLEDGE) == ()
    (task,) = planned(made, KNOWLEDGE, coordinating=None, code="KH57").tasks
    assert (task.deadline.last_valid_on, task.deadline.recurrences, task.deadline.is_ongoing) == (None, (), False)


# --- the plan --------------------------------------------------------------------------------------------------------


def test_principles_are_left_out_and_told_in_the_notes():
    principle = duty("Bảo đảm công khai", duty_class=DutyClass.PRINCIPLE, by=None)
    plan = plan_of(DUTIES[0], principle)
    assert [task.title for task in plan.tasks] == ["Báo cáo kết quả rà soát hồ sơ"]
    assert any("Bảo đảm công khai" in note for note in plan.notes)


def test_whoever_approves_for_a_unit_makes_it_the_one_that_urges():
    assert plan_of(*DUTIES, coordinating="T.YT").coordinating_unit == "T.YT"
    assert plan_of(*DUTIES, coordinating=None).coordinating_unit == "T.UBND"


def test_who_urges_need_not_have_been_there_on_the_day_of_the_letter():
    younger = replace(
        DIRECTORY, units=tuple(replace(each, valid_from=date(2025, 1, 1)) if each.code == "T.TTTT" else each
                               for each in DIRECTORY.units)
    )  # fmt: skip
    plan = plan_of(DUTIES[0], knowledge=replace(KNOWLEDGE, directory=younger), coordinating="T.TTTT")
    assert plan.coordinating_unit == "T.TTTT"


_ANY = st.text(max_size=60) | st.text(max_size=1).map(lambda letter: letter * 400)
_CLASSES = st.sampled_from([each for each in DutyClass if each is not DutyClass.PRINCIPLE])


@st.composite
def _odd_drafts(draw: st.DrawFn):
    """Agreed to, and with anything at all in every field a scanner fills."""
    deadline = replace(deadline_of("thường xuyên"), phrase=draw(st.none() | _ANY))
    one = duty(draw(_ANY), "T.TP", by=None, duty_class=draw(_CLASSES), deadline=deadline)
    one = replace(
        one, spot=Spot(draw(_ANY), place=draw(_ANY)), supporting=(UnitName(draw(_ANY)),),
        deliverable=draw(st.none() | _ANY), recipient=draw(st.none() | _ANY),
        indicator=draw(st.none() | st.builds(IndicatorFound, _ANY, _ANY, _ANY, _ANY)),
    )  # fmt: skip
    head = replace(header(number=draw(st.none() | _ANY)), title=Found(draw(st.none() | _ANY), Spot("")))
    return draft(one, one, head=head, warnings=(draw(_ANY),))


@settings(max_examples=200, deadline=None)
@given(_odd_drafts())
def test_whatever_stands_on_the_paper_a_draft_without_obstacles_is_a_plan(made):
    """What was agreed to must not end in a fault of its file."""
    assert obstacles(made, KNOWLEDGE) == ()
    plan = planned(made, KNOWLEDGE, coordinating=None, code=free_code(made, ()))
    assert len(plan.tasks) == len({task.code for task in plan.tasks}) == 2
    assert len(plan.title) <= 200
    assert len(plan.document_no or "") <= 64


def test_leads_and_helpers_are_the_units_and_groups_that_were_agreed_to():
    plan = plan_of(*DUTIES)
    assert [task.lead for task in plan.tasks] == [
        (UnitRef("T.TP", is_group=False),), (UnitRef("T.YT", is_group=False),), (UnitRef("T.N.SO", is_group=True),),
        (UnitRef("T.HA", is_group=False),),
    ]  # fmt: skip
    assert plan.tasks[1].supporting == (UnitRef("T.TP", is_group=False),)
    assert plan.tasks[3].kind is TaskKind.STANDING


def test_helpers_nobody_knows_are_told_in_the_note_and_stand_in_nobodys_way():
    (task,) = plan_of(replace(DUTIES[0], supporting=(UnitName("Hội Làng"),))).tasks
    assert "Hội Làng" in (task.note or "")


def test_a_code_that_is_another_documents_gets_the_year_and_then_a_number():
    made = draft(*DUTIES)
    assert free_code(made, ()) == "KH57"
    assert free_code(made, {"KH57"}) == "KH57-2024"
    assert free_code(made, {"KH57", "KH57-2024"}) == "KH57-2024-2"


def test_a_letter_without_a_number_is_coded_by_its_year_once():
    made = draft(*DUTIES, head=header(number=None))
    assert free_code(made, ()) == "KH-2024"
    assert free_code(made, {"KH-2024"}) == "KH-2024-2"


@settings(max_examples=30, deadline=None)
@given(st.sets(st.integers(0, 12)))
def test_a_free_code_is_never_taken(numbers):
    made = draft(*DUTIES)
    taken: set[str] = set()
    for _each in numbers:
        code = free_code(made, taken)
        assert code not in taken
        assert len(code) <= 32
        taken.add(code)


# --- deadlines come through exactly ----------------------------------------------------------------------------------

_MORE_PHRASES = (
    "trước 17 giờ ngày 20/12/2024",
    "trước ngày 15/5 và ngày 15/11 hằng năm",
    "trước ngày 25 tháng cuối quý",
    "trong 10 ngày kể từ ngày ban hành",
    "trong vòng 08 giờ làm việc kể từ khi nhận hồ sơ",
    "trước quý IV/2025",
    "Quý I/2025",
    "thứ Sáu hằng tuần",
    "ngày 31 hằng tháng",
    "giai đoạn 2024-2026",
    "trước ngày 10/10/2024",
    "phấn đấu trước ngày 01/12/2024",
    "khi có phát sinh",
    "trong 03 ngày làm việc kể từ ngày ký Quyết định công bố",
    "trước ngày 31/01 hằng năm",
)
PHRASES = tuple(dict.fromkeys((*(form.example for form in FORMS), *_MORE_PHRASES)))


@pytest.mark.parametrize("before", list(BeforeReading))
@pytest.mark.parametrize("phrase", PHRASES)
def test_every_kind_of_deadline_is_tracked_as_it_was_read_and_agreed_to(phrase, before):
    knowledge = replace(KNOWLEDGE, before=before)
    reading = read_deadline(phrase, base_on=header().issued_on.base_on, calendar=CALENDAR, before=before)
    said = replace(deadline_of(phrase, ask=False), reading=reading)
    (task,) = plan_of(duty("Rà soát", "T.TP", deadline=said), knowledge=knowledge).tasks
    stands_as_read(task.deadline, reading)


def stands_as_read(stored, reading):
    assert stored.recurrences == reading.recurrences
    if reading.recurrences:  # every period has days of its own
        assert (stored.last_valid_on, stored.kind, stored.boundary) == (None, reading.kind, reading.boundary)
        return
    assert (stored.due_on, stored.last_valid_on, stored.grace_until) == (
        reading.due_on, reading.last_valid_on, reading.grace_until,
    )  # fmt: skip
    assert stored.is_ongoing is (reading.kind is DeadlineKind.CONTINUOUS)
    if reading.last_valid_on is not None:
        assert (stored.kind, stored.boundary, stored.due_time) == (reading.kind, reading.boundary, reading.due_time)
        assert stored.event is None
    elif reading.event and stored.event:
        assert plain(stored.event) in {plain(reading.event), plain(reading.phrase)}


_DAYS = st.dates(date(2024, 10, 15), date(2027, 12, 31))
_WRITTEN = st.one_of(
    st.builds(lambda edge, day: f"{edge} {day:%d/%m/%Y}",
              st.sampled_from(["trước ngày", "chậm nhất ngày", "hết ngày", "ngày"]), _DAYS),
    st.builds(lambda hour, day: f"trước {hour} giờ ngày {day:%d/%m/%Y}", st.integers(1, 23), _DAYS),
    st.builds(lambda day: f"trước ngày {day:%d/%m} hằng năm", _DAYS),
    st.lists(_DAYS, min_size=2, max_size=2, unique_by=lambda day: (day.month, day.day)).map(
        lambda days: f"trước ngày {days[0]:%d/%m} và ngày {days[1]:%d/%m} hằng năm"
    ),
    st.builds(lambda day: f"ngày {day} hằng tháng", st.integers(1, 31)),
    st.builds(lambda day: f"trước ngày {day} tháng cuối quý", st.integers(1, 28)),
    st.builds(lambda quarter, year: f"trong quý {quarter}/{year}", st.sampled_from(["I", "II", "III", "IV"]),
              st.integers(2024, 2027)),
    st.builds(lambda count, unit: f"trong {count} {unit} kể từ ngày ban hành", st.integers(1, 90),
              st.sampled_from(["ngày", "ngày làm việc"])),
)  # fmt: skip


@settings(max_examples=120, deadline=None)
@given(_WRITTEN, st.sampled_from(list(BeforeReading)))
def test_whatever_day_a_person_names_is_the_day_that_is_tracked(phrase, before):
    knowledge = replace(KNOWLEDGE, before=before)
    made = draft(duty("Rà soát", "T.TP", by=None))
    made = with_duty(made, 1, DutyChange(deadline=phrase), knowledge)
    reading = made.obligations[0].deadline.reading
    (task,) = planned(made, knowledge, coordinating=None, code="KH57").tasks
    stands_as_read(task.deadline, reading)


def test_before_an_hour_keeps_the_hour_and_its_own_day():
    (task,) = plan_of(duty("Báo cáo", "T.TP", by="trước 17 giờ ngày 20/12/2024")).tasks
    assert (task.deadline.last_valid_on, task.deadline.due_time) == (date(2024, 12, 20), time(17))


def test_before_a_day_is_one_day_less_once_and_not_twice():
    (strict,) = plan_of(duty("Báo cáo", "T.TP", by="trước ngày 20/12/2024")).tasks
    assert (strict.deadline.due_on, strict.deadline.last_valid_on) == (date(2024, 12, 20), date(2024, 12, 19))


def test_a_day_before_the_letter_that_a_person_agreed_to_is_kept_as_it_is():
    (task,) = plan_of(duty("Báo cáo", "T.TP", by="trước ngày 10/10/2024", ask=False)).tasks
    assert task.deadline.last_valid_on == date(2024, 10, 9)


# --- the same duty of another document -------------------------------------------------------------------------------

TRACKED = TrackedTask("KH1-I", "Tổ chức tập huấn nghiệp vụ", frozenset({"T.YT"}), date(2024, 11, 15), "fixed", "1/KH")


def test_a_duty_another_document_asks_for_already_is_linked_to_it():
    plan = plan_of(*DUTIES, knowledge=replace(KNOWLEDGE, tracked=(TRACKED,)))
    assert [task.same_as for task in plan.tasks] == [None, "KH1-I", None, None]


def test_nothing_is_linked_to_the_tasks_of_the_plan_itself():
    plan = plan_of(*DUTIES, knowledge=replace(KNOWLEDGE, tracked=(TRACKED,)), own={"KH1-I"})
    assert not any(task.same_as for task in plan.tasks)


def test_a_unit_that_the_other_document_does_not_ask_is_asked_here():
    both = replace(DUTIES[1], lead=(unit("T.YT"), unit("T.HA")), supporting=())
    (task,) = plan_of(both, knowledge=replace(KNOWLEDGE, tracked=(TRACKED,))).tasks
    assert task.same_as is None


def test_a_duty_whose_day_was_corrected_is_the_same_no_more():
    knowledge = replace(KNOWLEDGE, tracked=(TRACKED,))
    linked = replace(DUTIES[1], same_as="KH1-I", deadline=deadline_of("chậm nhất ngày 30/11/2024"))
    (task,) = plan_of(linked, knowledge=knowledge).tasks
    assert task.same_as is None
