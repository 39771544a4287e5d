"""Before a letter is approved: who would be told what and when, and that looking leaves nothing behind."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from models.assignment import Assignment
from models.audit import AuditEvent
from models.clock import CIVIL_ZONE
from models.errors import StaleDraftError
from models.letter import Letter
from models.plan import Plan
from models.task import Task
from models.terms import LetterState, Role
from planner import audit
from planner.letters.approve_letter import NotApprovableError, approve_letter
from reminders.preview_letter import LinkedTask, preview_letter
from reminders.schedule import schedule
from tests.builders import CALENDAR, add_linked_person, load_plan, load_units
from tests.planner.letters.drafts import (
    DUTIES,
    KNOWLEDGE,
    deadline_of,
    draft,
    duty,
    given_letter,
    knowledge_of,
    said,
)

_TABLES = (Plan, Task, Assignment, AuditEvent)


@pytest.fixture
async def office(database, now):
    await load_units(database)
    await add_linked_person(database, now, "Nguyễn Văn Một", ("T.TP", Role.UNIT_HEAD), chat="c-tp")
    await add_linked_person(database, now, "Trần Thị Hai", ("T.YT", Role.OFFICER), chat=None)
    return database


async def seen(database, letter, now, **facts):
    async with database.write() as session:
        preview = await look(session, letter, now, **facts)
        await session.commit()
    return preview


async def look(session, letter, now, **facts):
    return await preview_letter(
        session, letter, coordinating="T.TTTT", knowledge=await knowledge_of(session), said=said(now),
        calendar=CALENDAR, before=KNOWLEDGE.before, **facts,
    )  # fmt: skip


async def approved(database, letter, now):
    async with database.write() as session:
        done = await approve_letter(
            session, letter, coordinating="T.TTTT", knowledge=await knowledge_of(session), said=said(now)
        )
        await session.commit()
    return done


async def counts(database):
    async with database.read() as session:
        return [(await session.execute(select(func.count()).select_from(table))).scalar_one() for table in _TABLES]


async def test_the_units_are_told_with_their_tasks_and_whether_anybody_can_be_reached(office, now):
    letter = await given_letter(office, now, draft(*DUTIES))
    preview = await seen(office, letter, now)
    assert [(each.unit_code, each.tasks, each.is_reachable) for each in preview.told] == [
        ("T.TTTT", 1, False), ("T.TP", 2, True), ("T.YT", 2, False), ("T.HA", 1, False),
    ]  # fmt: skip
    assert (preview.tasks, preview.undated, preview.past) == (4, 0, 0)


async def test_the_schedule_is_what_it_will_be_once_the_letter_is_approved(office, now):
    letter = await given_letter(office, now, draft(*DUTIES))
    preview = await seen(office, letter, now)
    await approved(office, letter, now)
    today = date(2024, 10, 23)
    async with office.read() as session:
        rows = await schedule(
            session, start=today, end=today + timedelta(days=60), calendar=CALENDAR, before=KNOWLEDGE.before
        )
    assert list(preview.schedule) == rows
    assert rows


async def test_a_unit_is_first_told_that_the_work_is_new_and_then_as_the_ladder_has_it(office, now):
    letter = await given_letter(office, now, draft(DUTIES[1]))
    preview = await seen(office, letter, now)
    (unit,) = preview.told
    assert unit.first_at == datetime(2024, 10, 23, 8, tzinfo=CIVIL_ZONE)
    own = [row.at.date() for row in preview.schedule if row.recipient_unit == "T.YT"]
    assert own[:3] == [date(2024, 10, 23), date(2024, 11, 6), date(2024, 11, 12)]  # 7 and 3 working days before 15/11


def _at(year, month, day, hour, minute=0):
    return datetime(year, month, day, hour, minute, tzinfo=CIVIL_ZONE)


@pytest.mark.parametrize(
    ("at", "first_at", "is_at_once"),
    [
        pytest.param(_at(2024, 10, 23, 7, 30), _at(2024, 10, 23, 8), False, id="before the morning's hour"),
        pytest.param(_at(2024, 10, 23, 16), _at(2024, 10, 23, 16), True, id="in the afternoon"),
        pytest.param(_at(2024, 10, 23, 19), _at(2024, 10, 24, 8), False, id="in the evening"),
        pytest.param(_at(2024, 10, 25, 19), _at(2024, 10, 28, 8), False, id="on a Friday evening"),
        pytest.param(_at(2024, 10, 26, 10), _at(2024, 10, 28, 8), False, id="on a Saturday"),
    ],
)
async def test_the_first_word_is_never_said_to_be_in_the_past(office, at, first_at, is_at_once):
    letter = await given_letter(office, at, draft(DUTIES[1]))
    (unit,) = (await seen(office, letter, at)).told
    assert (unit.first_at, unit.is_at_once) == (first_at, is_at_once)


async def test_of_another_plan_nothing_is_shown(office, now):
    await load_plan(office, now)
    letter = await given_letter(office, now, draft(DUTIES[3]))
    preview = await seen(office, letter, now)
    assert {row.plan for row in preview.schedule} == {"KH57"}


async def test_looking_leaves_nothing_behind_on_either_database(office, now):
    letter = await given_letter(office, now, draft(*DUTIES))
    before = await counts(office)
    await seen(office, letter, now)
    assert await counts(office) == before
    async with office.read() as session:
        (row,) = (await session.execute(select(Letter))).scalars()
        assert (row.state, row.version, row.plan_id, row.ended_at) == (LetterState.READ, 1, None, None)
        assert (await audit.verify(session)).broken is None


async def test_what_was_done_and_said_before_looking_is_kept(office, now):
    letter = await given_letter(office, now, draft(*DUTIES))
    before = len(await _actions(office))
    async with office.write() as session:
        await audit.record(session, "opened", now=now, channel="local")
        await look(session, letter, now)
        await audit.record(session, "closed", now=now, channel="local")
        await session.commit()
    assert (await _actions(office))[before:] == ["opened", "closed"]


async def test_looking_twice_and_then_approving_gives_one_plan(office, now):
    letter = await given_letter(office, now, draft(*DUTIES))
    first, second = await seen(office, letter, now), await seen(office, letter, now)
    assert first.schedule == second.schedule
    assert (await approved(office, letter, now)).loaded.plan_code == first.approved.loaded.plan_code


@pytest.mark.parametrize(
    ("of", "state", "error"),
    [
        pytest.param(draft(duty("Rà soát", "Sở Không Có")), LetterState.READ, NotApprovableError, id="obstacles"),
        pytest.param(draft(*DUTIES), LetterState.APPROVED, StaleDraftError, id="approved already"),
    ],
)
async def test_what_cannot_be_approved_cannot_be_looked_at_and_leaves_nothing_either(office, now, of, state, error):
    letter = await given_letter(office, now, of, state=state)
    before = await counts(office)
    async with office.write() as session:
        with pytest.raises(error):
            await look(session, letter, now)
        await session.commit()
    assert await counts(office) == before


async def test_tasks_without_a_day_and_days_gone_by_are_counted(office, now):
    of = draft(
        duty("Nộp danh sách", "T.TP", by="chậm nhất ngày 18/10/2024"), duty("Phối hợp", "T.TP", by=None), DUTIES[3]
    )
    preview = await seen(office, await given_letter(office, now, of), now)
    assert (preview.tasks, preview.undated, preview.past) == (3, 1, 1)


async def test_a_duty_another_document_asks_for_is_shown_with_that_document(office, now):
    await load_plan(office, now)
    of = draft(duty("Tổ chức tập huấn", "T.TP", by="chậm nhất ngày 15/11/2024"), DUTIES[3])
    preview = await seen(office, await given_letter(office, now, of), now)
    assert preview.linked == (LinkedTask("Tổ chức tập huấn", "KM1-2", "12/KH-UBND"),)
    assert [(each.unit_code, each.tasks) for each in preview.told] == [("T.HA", 1)]


async def test_of_a_letter_that_came_again_only_what_changes_is_shown(office, now):
    await approved(office, await given_letter(office, now, draft(*DUTIES)), now)
    later = replace(DUTIES[1], deadline=deadline_of("chậm nhất ngày 29/11/2024"))
    again = await given_letter(office, now, draft(DUTIES[0], later, *DUTIES[2:]), sha256="b" * 64)
    preview = await seen(office, again, now + timedelta(days=7))
    assert [each.task_code for each in preview.approved.difference.moved] == ["KH57-I.2"]
    assert (preview.tasks, [each.unit_code for each in preview.told]) == (1, ["T.YT"])
    assert {row.task for row in preview.schedule} == {"KH57-I.2"}
    assert {row.last_valid_on for row in preview.schedule} == {date(2024, 11, 15)}
    assert preview.told[0].first_at == datetime(2024, 11, 20, 8, tzinfo=CIVIL_ZONE)


async def _actions(database):
    async with database.read() as session:
        return list((await session.execute(select(AuditEvent.action).order_by(AuditEvent.id))).scalars())
