"""What is late, told the same by every figure and every list."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from models.clock import at_civil
from models.errors import InvalidTransitionError
from models.terms import Answer, AssignmentState
from planner.list_overdue import (
    _counts_query,
    _groups_query,
    count_states,
    count_states_by_plan,
    group_late,
    last_answers,
    late_views,
)
from planner.report_progress import NothingToUndoError, Said, report_progress, undo_last_report
from planner.scope import EVERYTHING, Scope
from planner.statistics import Counts, is_overdue
from planner.views import load_views, scope_values
from tests.builders import load_plan, load_units, unit_id_of

HALF_PAST_NINE = datetime.strptime("09:30", "%H:%M").time()  # noqa: DTZ007


def said(on, text="xong", person_id=None):
    return Said(person_id, "test", text, at_civil(on, HALF_PAST_NINE))


async def answer(database, assignment_id, kind, on):
    async with database.write() as session:
        await report_progress(session, assignment_id, kind, said=said(on))
        await session.commit()


async def counts_on(database, today, scope=EVERYTHING):
    async with database.read() as session:
        return await count_states(session, scope, today=today)


@pytest.fixture
async def loaded(database, now):
    await load_units(database)
    await load_plan(database, now)
    return database


async def test_nothing_is_late_on_the_last_day_that_counts_and_everything_is_the_day_after(loaded):
    assert await counts_on(loaded, date(2024, 11, 4)) == Counts(open_in_time=3)
    assert await counts_on(loaded, date(2024, 11, 5)) == Counts(open_in_time=1, open_late=2)


async def test_handed_in_on_the_last_day_is_on_time_and_the_day_after_is_late(loaded):
    await answer(loaded, 1, Answer.DONE, date(2024, 11, 4))
    await answer(loaded, 2, Answer.DONE, date(2024, 11, 5))
    assert await counts_on(loaded, date(2024, 11, 6)) == Counts(done_on_time=1, done_late=1, open_in_time=1)


async def test_the_figures_of_a_past_day_are_those_of_that_day(loaded):
    await answer(loaded, 1, Answer.DONE, date(2024, 11, 7))
    assert await counts_on(loaded, date(2024, 11, 6)) == Counts(open_in_time=1, open_late=2)
    assert await counts_on(loaded, date(2024, 10, 22)) == Counts()


async def test_a_scope_sees_its_own_and_an_empty_one_sees_nothing(loaded):
    justice = Scope(unit_ids=frozenset({await unit_id_of(loaded, "T.TP")}))
    today = date(2024, 11, 6)
    assert (await counts_on(loaded, today, justice)).total == 2
    assert (await counts_on(loaded, today, Scope())).total == 0
    async with loaded.read() as session:
        assert await group_late(session, Scope(), today=today) == []
        assert await late_views(session, Scope(), today=today) == []
        assert {view.unit_code for view in await late_views(session, justice, today=today)} == {"T.TP"}


async def test_an_answer_taken_back_leaves_everything_as_it_was_and_is_no_longer_the_last_word(loaded, now):
    before = await snapshot(loaded)
    async with loaded.write() as session:
        await report_progress(session, 1, Answer.DONE, said=said(date(2024, 11, 4)))
        taken_back = await undo_last_report(session, said=said(date(2024, 11, 4), "hoàn tác"))
        await session.commit()
    assert taken_back == 1
    after = await snapshot(loaded)
    assert {name: value for name, value in after.items() if name != "version"} == {
        name: value for name, value in before.items() if name != "version"
    }
    async with loaded.read() as session:
        assert await last_answers(session, [1]) == {}


async def snapshot(database):
    async with database.read() as session:
        view = (await load_views(session, [1]))[1]
    return {name: getattr(view, name) for name in view.__dataclass_fields__}


async def test_there_is_nothing_to_take_back_after_ten_minutes(loaded):
    async with loaded.write() as session:
        await report_progress(session, 1, Answer.DONE, said=said(date(2024, 11, 4)))
        later = Said(None, "test", "hoàn tác", said(date(2024, 11, 4)).at + timedelta(minutes=11))
        with pytest.raises(NothingToUndoError):
            await undo_last_report(session, said=later)


async def test_an_answer_that_the_state_does_not_admit_changes_nothing(loaded):
    async with loaded.write() as session:
        await report_progress(session, 1, Answer.DONE, said=said(date(2024, 11, 4)))
        with pytest.raises(InvalidTransitionError):
            await report_progress(session, 1, Answer.EXTENSION, said=said(date(2024, 11, 4)))


ANSWERS = st.lists(
    st.tuples(
        st.integers(1, 3),
        st.sampled_from([Answer.DONE, Answer.IN_PROGRESS, Answer.BLOCKED]),
        st.dates(date(2024, 10, 23), date(2024, 11, 25)),
    ),
    max_size=8,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(answers=ANSWERS, today=st.dates(date(2024, 10, 23), date(2024, 12, 1)))
async def test_the_four_figures_always_add_up_and_equal_the_lists_behind_them(loaded, answers, today):
    for assignment_id, kind, on in sorted(answers, key=lambda each: each[2]):
        await answer(loaded, assignment_id, kind, on)
    async with loaded.read() as session:
        counts = await count_states(session, EVERYTHING, today=today)
        by_plan = await count_states_by_plan(session, EVERYTHING, today=today)
        groups = await group_late(session, EVERYTHING, today=today)
        late = await late_views(session, EVERYTHING, today=today)
        views = (await load_views(session, [1, 2, 3])).values()
    assert counts.total == 3
    assert sum(by_plan.values(), start=Counts()) == counts
    assert sum(group.count for group in groups) == len(late) == counts.open_late
    assert {view.id for view in late} == {
        view.id for view in views if is_overdue(view.state, view.effective_on, view.submitted_on, today=today)
    }
    assert all(view.state is not AssignmentState.CLOSED for view in late)


async def explained(database, query, scope, today):
    """How the database would find the rows, in its own words."""
    async with database.read() as session:
        if database.dialect == "postgresql":  # of three rows it would rather read all
            await session.execute(text("SET LOCAL enable_seqscan = off"))
        filled = query.params(today=today, **scope_values(scope))
        words = filled.compile(dialect=database.reader.dialect, compile_kwargs={"literal_binds": True})
        how = "EXPLAIN QUERY PLAN" if database.dialect == "sqlite" else "EXPLAIN"
        return "\n".join(str(row[-1]) for row in (await session.execute(text(f"{how} {words}"))).all())


@pytest.mark.parametrize(
    ("part", "index"),
    [
        (0, "ix_assignment_done "),
        (1, "ix_assignment_done_late "),
        (2, "ix_assignment_done "),
        (3, "ix_assignment_open "),
    ],
)
async def test_each_of_the_figures_is_a_range_of_its_own_index(loaded, part, index):
    """Else a coordinator waits for a look at every row there ever was: a word of the condition apart is enough."""
    scope = Scope(plan_ids=frozenset({1}))
    found = await explained(loaded, _counts_query(scope.shape).selects[part], scope, date(2024, 11, 6))
    assert index in found, found


async def test_what_is_late_is_a_range_of_the_index_of_open_work(loaded):
    scope = Scope(plan_ids=frozenset({1}))
    found = await explained(loaded, _groups_query(scope.shape), scope, date(2024, 11, 6))
    assert "ix_assignment_open " in found, found
    assert "SCAN assignment" not in found, found
