"""Use-case: a unit says how its work stands; the state changes, the words are kept, and it can be taken back."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from models.assignment import Assignment
from models.blocker import Blocker
from models.clock import civil_day
from models.columns import columns_of
from models.errors import InputError, UnknownError
from models.evidence import Evidence
from models.extension import Extension
from models.report import Report
from models.terms import DONE_STATES, OPEN_STATES, Answer, AssignmentState, ExtensionState, TransferState
from models.transfer import Transfer
from planner import audit
from planner.transitions import SAID_ONLY, next_state

UNDO_WITHIN = timedelta(minutes=10)
"""How long an answer can be taken back by the person who gave it."""

TOLD_TODAY = timedelta(days=1)
"""Word of a decision says itself how things stand: the ladder speaks again from the next day on."""

_a, _b, _e, _r = columns_of(Assignment), columns_of(Blocker), columns_of(Extension), columns_of(Report)
_t, _ev = columns_of(Transfer), columns_of(Evidence)


class NothingToUndoError(InputError):
    """Không có câu trả lời nào trong thời hạn hoàn tác."""

    code = "nothing-to-undo"


_LOCKED = (
    _a.id, _a.period_id, _a.plan_id, _a.unit_id, _a.state, _a.percent, _a.submitted_on, _a.answered_at,
    _a.last_valid_on, _a.effective_on, _a.promised_on, _a.version,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Said:
    """Một câu trả lời, như đã nói: who, through which channel, in which words, at which instant.

    `ref` is the message it was said in, as the channel names it: a message that is edited is found again by it.
    """

    person_id: int | None
    channel: str
    text: str
    at: datetime
    ref: str | None = None


async def report_progress(
    session: AsyncSession,
    assignment_id: int,
    answer: Answer,
    *,
    said: Said,
    percent: int | None = None,
    document_no: str | None = None,
    promised_on: date | None = None,
) -> AssignmentState:
    """Record the answer and move the assignment on; the caller commits.

    `promised_on` is the day by which the unit now says it will hand in: silence counts from there. What stood in the
    way is closed when the work leaves BLOCKED.
    The day handed in is the civil day of the first "xong" since the work was last open. Raises UnknownError,
    InvalidTransitionError.
    """
    row = await locked(session, assignment_id)
    after = next_state(row.state, answer)
    today = civil_day(said.at)
    changed = {
        "state": after,
        "percent": _percent_after(row.percent, percent, after),
        "submitted_on": (row.submitted_on or today) if after in DONE_STATES else None,
        "answered_at": said.at,
        "promised_on": _promised_after(row.promised_on, promised_on, answer, after),
        "look_on": today,
        "version": row.version + 1,
    }
    await session.execute(update(Assignment).where(_a.id == assignment_id).values(changed))
    await session.execute(
        insert(Report).values(
            assignment_id=assignment_id,
            person_id=said.person_id,
            answer=answer,
            said=said.text,
            document_no=document_no,
            percent=percent,
            channel=said.channel,
            reported_at=said.at,
            reported_on=today,
            before_state=row.state,
            before_percent=row.percent,
            before_submitted_on=row.submitted_on,
            before_answered_at=row.answered_at,
            before_promised_on=row.promised_on,
            after_state=after,
            said_ref=said.ref,
        )
    )
    if row.state is AssignmentState.BLOCKED and after is not AssignmentState.BLOCKED:
        await _close_what_stood_in_the_way(session, assignment_id, said=said)
    await audit.record(
        session,
        "reported",
        now=said.at,
        channel=said.channel,
        person_id=said.person_id,
        assignment_id=assignment_id,
        said=said.text,
        before={"state": row.state.value, "percent": row.percent},
        after={"state": after.value, "percent": changed["percent"], "answer": answer.value},
    )
    return after


async def undo_last_report(session: AsyncSession, *, said: Said) -> int:
    """Take back this person's newest answer of the last ten minutes; returns the assignment's id.

    Only while nothing else has happened to the assignment since. Raises NothingToUndoError.
    """
    report = (
        await session.execute(
            select(Report)
            .where(_r.person_id == said.person_id, _r.undone_at.is_(None), _r.reported_at >= said.at - UNDO_WITHIN)
            .order_by(_r.id.desc())
            .limit(1)
        )
    ).scalar_one_or_none()
    if report is None:
        raise NothingToUndoError
    row = await locked(session, report.assignment_id)
    newest = (
        await session.execute(select(_r.id).where(_r.assignment_id == row.id).order_by(_r.id.desc()).limit(1))
    ).scalar_one()
    if newest != report.id or row.state is not report.after_state:
        raise NothingToUndoError
    await session.execute(
        update(Assignment)
        .where(_a.id == row.id)
        .values(
            state=report.before_state,
            percent=report.before_percent,
            submitted_on=report.before_submitted_on,
            answered_at=report.before_answered_at,
            promised_on=report.before_promised_on,
            look_on=civil_day(said.at),
            version=row.version + 1,
        )
    )
    await session.execute(update(Report).where(_r.id == report.id).values(undone_at=said.at))
    await _withdraw_what_came_with(session, report, said=said)
    await _reopen_what_it_closed(session, report)
    await audit.record(
        session,
        "undone",
        now=said.at,
        channel=said.channel,
        person_id=said.person_id,
        assignment_id=row.id,
        said=said.text,
        before={"state": row.state.value},
        after={"state": report.before_state.value},
    )
    return int(row.id)


async def _withdraw_what_came_with(session: AsyncSession, report: Report, *, said: Said) -> None:
    """The blocker or the request that the answer brought with it is closed, and stays on record."""
    if report.answer is Answer.BLOCKED:
        await session.execute(
            update(Blocker)
            .where(_b.assignment_id == report.assignment_id, _b.raised_at == report.reported_at)
            .values(resolved_at=said.at)
        )
    if report.answer is Answer.EXTENSION:
        await session.execute(
            update(Extension)
            .where(_e.assignment_id == report.assignment_id, _e.asked_at == report.reported_at)
            .where(_e.state == ExtensionState.REQUESTED)
            .values(state=ExtensionState.WITHDRAWN, decided_at=said.at)
        )
    if report.answer is Answer.WRONG_UNIT:
        await session.execute(
            update(Transfer)
            .where(_t.assignment_id == report.assignment_id, _t.asked_at == report.reported_at)
            .where(_t.state == TransferState.REQUESTED)
            .values(state=TransferState.WITHDRAWN, decided_at=said.at)
        )
    await session.execute(
        update(Evidence)
        .where(_ev.assignment_id == report.assignment_id, _ev.received_at == report.reported_at)
        .where(_ev.person_id == report.person_id, _ev.withdrawn_at.is_(None))
        .values(withdrawn_at=said.at)
    )


async def _close_what_stood_in_the_way(session: AsyncSession, assignment_id: int, *, said: Said) -> None:
    await session.execute(
        update(Blocker).where(_b.assignment_id == assignment_id, _b.resolved_at.is_(None)).values(resolved_at=said.at)
    )
    await session.execute(
        update(Transfer)
        .where(_t.assignment_id == assignment_id, _t.state == TransferState.REQUESTED)
        .values(state=TransferState.WITHDRAWN, decided_at=said.at)
    )


async def _reopen_what_it_closed(session: AsyncSession, report: Report) -> None:
    """ "Hết vướng" or "xong" taken back: the blocker, or the doubt whose work it is, stands as it stood."""
    if report.before_state is not AssignmentState.BLOCKED or report.after_state is AssignmentState.BLOCKED:
        return
    await session.execute(
        update(Blocker)
        .where(_b.assignment_id == report.assignment_id, _b.resolved_at == report.reported_at)
        .values(resolved_at=None)
    )
    await session.execute(
        update(Transfer)
        .where(_t.assignment_id == report.assignment_id, _t.decided_at == report.reported_at)
        .where(_t.state == TransferState.WITHDRAWN)
        .values(state=TransferState.REQUESTED, decided_at=None)
    )


def _promised_after(before: date | None, told: date | None, answer: Answer, after: AssignmentState) -> date | None:
    if after not in OPEN_STATES:
        return None
    return before if told is None and answer in SAID_ONLY else told


def _percent_after(before: int | None, told: int | None, after: AssignmentState) -> int | None:
    if after in DONE_STATES:
        return 100
    if told is not None:
        return told
    return None if before == 100 else before  # noqa: PLR2004 -- "xong" taken back leaves no hundred behind


async def locked(session: AsyncSession, assignment_id: int) -> Any:
    """The row as it is now, held until the transaction ends (SQLite holds the whole database anyway)."""
    query = select(*_LOCKED).where(_a.id == assignment_id).with_for_update()
    row = (await session.execute(query)).one_or_none()
    if row is None:
        raise UnknownError("assignment", str(assignment_id))
    return row
