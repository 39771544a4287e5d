"""The same letter again: which duty is which task, and only what was added, moved or given to others is written."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.letters.difference import compared
from planner.letters.planned import planned
from planner.letters.same_tasks import same_tasks
from tests.planner.letters.drafts import DIRECTORY, DUTIES, KNOWLEDGE, deadline_of, draft, duty, unit


def plan_of(*duties):
    return planned(draft(*duties), KNOWLEDGE, coordinating="T.TTTT", code="KH57")


def between(read, tracked, *, closed=(), taken=()):
    return compared(
        read, tracked, closed=closed, taken={task.code for task in tracked.tasks} | set(taken),
        numbers=range(1, len(read.tasks) + 1), directory=DIRECTORY,
    )  # fmt: skip


TRACKED = plan_of(*DUTIES)


def test_the_same_letter_changes_nothing():
    found = between(plan_of(*DUTIES), TRACKED)
    assert found.difference.is_empty
    assert (found.difference.unchanged, found.difference.missing, found.changes.tasks) == (4, (), ())


def test_a_moved_day_is_told_from_and_to_and_keeps_title_code_and_note():
    later = replace(DUTIES[1], title="Mở lớp tập huấn nghiệp vụ", deadline=deadline_of("chậm nhất ngày 29/11/2024"))
    known = replace(TRACKED, tasks=tuple(replace(task, note="ghi tay") for task in TRACKED.tasks))
    found = between(plan_of(DUTIES[0], later, *DUTIES[2:]), known)
    (moved,) = found.difference.moved
    assert (moved.number, moved.task_code, moved.title) == (2, "KH57-I.2", "Tổ chức tập huấn nghiệp vụ")
    assert (moved.old_on, moved.new_on) == (date(2024, 11, 15), date(2024, 11, 29))
    (task,) = found.changes.tasks
    assert (task.title, task.note) == ("Tổ chức tập huấn nghiệp vụ", "ghi tay")
    assert task.deadline.last_valid_on == date(2024, 11, 29)


def test_other_words_for_the_same_day_move_nothing():
    said_otherwise = replace(DUTIES[1], deadline=deadline_of("trước ngày 16/11/2024"))
    assert between(plan_of(DUTIES[0], said_otherwise, *DUTIES[2:]), TRACKED).difference.is_empty


def test_a_day_that_is_tracked_is_not_dropped_because_the_letter_gives_none():
    undated = replace(DUTIES[1], deadline=deadline_of(None))
    assert between(plan_of(DUTIES[0], undated, *DUTIES[2:]), TRACKED).difference.is_empty


def test_a_rhythm_that_changes_is_a_move_without_a_day_and_with_both_phrases():
    other = replace(DUTIES[0], deadline=deadline_of("trước ngày 10/11 hằng năm"))
    (moved,) = between(plan_of(other, *DUTIES[1:]), TRACKED).difference.moved
    assert (moved.old_on, moved.new_on) == (None, None)
    assert (moved.old_phrase, moved.new_phrase) == ("trước ngày 05/11 hằng năm", "trước ngày 10/11 hằng năm")


def test_a_duty_given_to_others_names_both_and_whoever_leads_helps_no_more():
    others = replace(DUTIES[1], lead=(unit("T.TP"),), supporting=())
    found = between(plan_of(DUTIES[0], others, *DUTIES[2:]), TRACKED)
    (given_away,) = found.difference.reassigned
    assert (given_away.old_leads, given_away.new_leads) == (("Sở Y tế Mẫu",), ("Sở Tư pháp Mẫu",))
    (task,) = found.changes.tasks
    assert task.supporting == ()


def test_a_duty_may_be_moved_and_given_to_others_at_once():
    both = replace(DUTIES[1], lead=(unit("T.TP"),), supporting=(), deadline=deadline_of("chậm nhất ngày 29/11/2024"))
    found = between(plan_of(DUTIES[0], both, *DUTIES[2:]), TRACKED)
    assert (len(found.difference.moved), len(found.difference.reassigned), len(found.changes.tasks)) == (1, 1, 1)


def test_a_new_duty_is_added_under_a_code_of_its_own():
    new = duty("Khảo sát mức độ hài lòng", "T.YT", place="I.2")
    found = between(plan_of(*DUTIES, new), TRACKED, taken={"KH57-I.2.2"})
    (added,) = found.difference.added
    assert (added.number, added.title, added.leads) == (5, "Khảo sát mức độ hài lòng", ("Sở Y tế Mẫu",))
    (task,) = found.changes.tasks
    assert task.code not in {each.code for each in TRACKED.tasks} | {"KH57-I.2.2"}


def test_what_the_letter_leaves_out_is_told_and_never_written():
    found = between(plan_of(*DUTIES[:3]), TRACKED)
    assert [each.task_code for each in found.difference.missing] == ["KH57-II.1"]
    assert found.difference.is_empty
    assert found.changes.tasks == ()


def test_an_item_put_in_before_the_others_moves_nobodys_deadline():
    first = duty("Kiểm tra kho lưu trữ", "T.HA", place="I.1", by="chậm nhất ngày 01/11/2024")
    shifted = (first, replace(DUTIES[0], spot=replace(DUTIES[0].spot, place="I.2")),
               replace(DUTIES[1], spot=replace(DUTIES[1].spot, place="I.3")),
               replace(DUTIES[2], spot=replace(DUTIES[2].spot, place="I.4")), DUTIES[3])  # fmt: skip
    difference = between(plan_of(*shifted), TRACKED).difference
    assert [each.title for each in difference.added] == ["Kiểm tra kho lưu trữ"]
    assert (difference.moved, difference.reassigned, difference.missing, difference.unchanged) == ((), (), (), 4)


def test_a_title_a_clerk_has_put_into_other_words_is_known_by_its_place_and_units():
    renamed = replace(TRACKED, tasks=(TRACKED.tasks[0], replace(TRACKED.tasks[1], title="Mở lớp"), *TRACKED.tasks[2:]))
    assert between(plan_of(*DUTIES), renamed).difference.is_empty


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [("2-1+3", "mục 2, ý 1 (+3)"), ("Bảng.I.5", "Bảng phân công, dòng 5"), ("IV.3.b", "IV.3.b"), ("II.4.đ", "4.đ")],
)
def test_a_place_is_the_same_in_a_clerks_own_words(ours, theirs):
    mine = plan_of(duty("Nâng chất lượng phục vụ người dân", "T.TP", place=ours))
    clerks = replace(mine.tasks[0], code="X-1", place=theirs, title="Bớt phiền hà")
    other = replace(clerks, code="X-2", place="mục 9", title="Tập huấn")
    assert same_tasks(mine.tasks, (other, clerks)) == {0: 1}


def test_a_day_a_clerk_has_taken_for_every_year_is_no_move_when_the_letter_names_it_once():
    yearly = plan_of(duty("Báo cáo", "T.TP", by="trước ngày 01/11 hằng năm"))
    once = plan_of(duty("Báo cáo", "T.TP", by="trước ngày 01/11/2024"))
    another = plan_of(duty("Báo cáo", "T.TP", by="trước ngày 02/11/2024"))
    assert between(once, yearly).difference.is_empty
    assert [each.new_on for each in between(another, yearly).difference.moved] == [date(2024, 11, 1)]


def test_the_very_words_that_were_taken_for_another_day_move_nothing():
    read = plan_of(duty("Báo cáo", "T.TP", by="trước ngày 01/11/2024"))
    meant = replace(read.tasks[0].deadline, last_valid_on=date(2024, 11, 5), phrase="ngày 05/11/2024",
                    as_written="Trước ngày 01/11/2024")  # fmt: skip
    clerks = replace(read, tasks=(replace(read.tasks[0], deadline=meant),))
    assert between(read, clerks).difference.is_empty


def test_a_task_that_was_closed_stays_closed_and_is_told():
    difference = between(plan_of(*DUTIES), TRACKED, closed={"KH57-I.2"}).difference
    assert [each.task_code for each in difference.ended] == ["KH57-I.2"]
    assert difference.is_empty


def test_a_secret_task_is_neither_changed_nor_named():
    secret = replace(TRACKED, tasks=tuple(replace(task, secrecy="mật") for task in TRACKED.tasks))
    later = replace(DUTIES[1], deadline=deadline_of("chậm nhất ngày 29/11/2024"))
    difference = between(plan_of(later), secret).difference
    assert (difference.is_empty, difference.missing) == (True, ())


@settings(max_examples=60, deadline=None)
@given(st.permutations(range(4)), st.sets(st.integers(0, 3)))
def test_every_duty_is_at_most_one_task_in_whatever_order_they_come(order, kept):
    read = plan_of(*(DUTIES[place] for place in order if place in kept)) if kept else None
    if read is None:
        return
    same = same_tasks(read.tasks, TRACKED.tasks)
    assert len(set(same.values())) == len(same) == len(kept)
    assert all(read.tasks[mine].title == TRACKED.tasks[theirs].title for mine, theirs in same.items())


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["Báo cáo", "Rà soát hồ sơ", "Tập huấn", "Rà soát kho"]),
                          st.sampled_from(["T.TP", "T.YT"]), st.sampled_from(["I.1", "I.2", ""])),
                min_size=1, max_size=6))  # fmt: skip
def test_a_plan_written_from_a_letter_and_met_again_by_it_is_unchanged(rows):
    plan = plan_of(*(duty(title, lead, place=place) for title, lead, place in rows))
    found = between(plan, plan)
    assert found.difference.is_empty
    assert found.difference.unchanged == len(rows)
