"""Use-case: a unit says the work is not theirs; the coordinator gives it to another unit, or leaves it where it is."""

from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from models.assignment import Assignment
from models.clock import civil_day
from models.columns import columns_of
from models.errors import InputError, UnknownError
from models.terms import Answer, AssignmentState, TransferState
from models.transfer import Transfer
from planner import audit
from planner.report_progress import TOLD_TODAY, Said, locked, report_progress

_a, _t = columns_of(Assignment), columns_of(Transfer)


class AlreadyTheirsError(InputError):
    """Đơn vị nhận đã có việc này trong cùng kỳ."""

    code = "already-theirs"


async def claim_wrong_unit(session: AsyncSession, assignment_id: int, reason: str, *, said: Said) -> None:
    """Nagging rests until the coordinator has decided; the deadline does not."""
    before = await locked(session, assignment_id)
    await report_progress(session, assignment_id, Answer.WRONG_UNIT, said=said)
    await session.execute(
        insert(Transfer).values(
            assignment_id=assignment_id,
            state=TransferState.REQUESTED,
            from_unit_id=before.unit_id,
            reason=reason,
            before_state=before.state,
            asked_by_id=said.person_id,
            asked_at=said.at,
        )
    )


async def is_claimed(session: AsyncSession, assignment_id: int) -> bool:
    """Whether a unit has said that this is not theirs, and nobody has decided yet."""
    query = select(_t.id).where(_t.assignment_id == assignment_id, _t.state == TransferState.REQUESTED)
    return (await session.execute(query)).first() is not None


async def move_to_unit(session: AsyncSession, assignment_id: int, to_unit_id: int, *, said: Said) -> None:
    """The assignment goes over with its history, its date and its number. Raises AlreadyTheirsError, UnknownError."""
    row = await locked(session, assignment_id)
    theirs = select(_a.id).where(_a.period_id == row.period_id, _a.unit_id == to_unit_id)
    if (await session.execute(theirs)).first() is not None:
        raise AlreadyTheirsError
    before = await _facts(session, assignment_id)
    await session.execute(
        update(Assignment)
        .where(_a.id == assignment_id)
        .values(
            unit_id=to_unit_id,
            state=AssignmentState.NOT_STARTED,
            percent=None,
            answered_at=None,
            officer_id=None,
            promised_on=None,
            look_on=civil_day(said.at) + TOLD_TODAY,
            version=row.version + 1,
        )
    )
    await _settle(session, row.id, TransferState.MOVED, from_unit_id=row.unit_id, to_unit_id=to_unit_id, said=said)
    await audit.record(
        session,
        "transferred",
        now=said.at,
        channel=said.channel,
        person_id=said.person_id,
        assignment_id=assignment_id,
        said=said.text,
        before=before,
        after={"unit_id": to_unit_id},
    )


async def _facts(session: AsyncSession, assignment_id: int) -> dict[str, Any]:
    """What moving changes, as the record keeps it: taking the move back restores exactly this."""
    columns = (_a.unit_id, _a.state, _a.percent, _a.answered_at, _a.officer_id, _a.promised_on)
    row = (await session.execute(select(*columns).where(_a.id == assignment_id))).one()
    return {
        "unit_id": row.unit_id,
        "state": row.state.value,
        "percent": row.percent,
        "answered_at": row.answered_at.isoformat() if row.answered_at else None,
        "officer_id": row.officer_id,
        "promised_on": row.promised_on.isoformat() if row.promised_on else None,
    }


async def keep_with_unit(session: AsyncSession, assignment_id: int, *, said: Said) -> None:
    """The work stays; it is what it was before the unit spoke up. Raises UnknownError where nothing is asked."""
    row = await locked(session, assignment_id)
    asked = (
        await session.execute(
            select(_t.before_state).where(_t.assignment_id == assignment_id, _t.state == TransferState.REQUESTED)
        )
    ).first()
    if asked is None:
        raise UnknownError("transfer", str(assignment_id))
    # what the unit has said since stands: only the rest that the claim brought is over
    state = asked.before_state if row.state is AssignmentState.BLOCKED else row.state
    await session.execute(
        update(Assignment)
        .where(_a.id == assignment_id)
        .values(state=state, look_on=civil_day(said.at) + TOLD_TODAY, version=row.version + 1)
    )
    await _settle(session, row.id, TransferState.KEPT, from_unit_id=row.unit_id, to_unit_id=None, said=said)
    await audit.record(
        session,
        "transfer-refused",
        now=said.at,
        channel=said.channel,
        person_id=said.person_id,
        assignment_id=assignment_id,
        said=said.text,
    )


async def _settle(
    session: AsyncSession,
    assignment_id: int,
    state: TransferState,
    *,
    from_unit_id: int,
    to_unit_id: int | None,
    said: Said,
) -> None:
    """Close what was asked; a coordinator may also move work that nobody complained of."""
    facts = {"state": state, "to_unit_id": to_unit_id, "decided_by_id": said.person_id, "decided_at": said.at}
    settled = await session.execute(
        update(Transfer)
        .where(_t.assignment_id == assignment_id, _t.state == TransferState.REQUESTED)
        .values(facts)
        .returning(_t.id)
    )
    if settled.first() is None:
        await session.execute(
            insert(Transfer).values(
                assignment_id=assignment_id,
                from_unit_id=from_unit_id,
                reason=said.text,
                before_state=AssignmentState.NOT_STARTED,
                asked_by_id=said.person_id,
                asked_at=said.at,
                **facts,
            )
        )
