"""Use-case: a person takes back the newest thing they changed, be it their answer or their decision.

An answer is undone by `report_progress`; here are the decisions, and which of all changes is the newest.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import and_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from models.assignment import Assignment
from models.audit import AuditEvent
from models.clock import civil_day
from models.columns import columns_of
from models.decision import DecisionMade
from models.extension import Extension
from models.report import Report
from models.terms import AssignmentState, ExtensionState, TransferState
from models.transfer import Transfer
from planner import audit
from planner.ad_hoc_task import ASSIGNED, WITHDRAWN, withdraw_task
from planner.decide_submission import take_back_decision
from planner.delegate_work import DELEGATED, DELEGATION_UNDONE, take_back_delegation
from planner.report_progress import UNDO_WITHIN, NothingToUndoError, Said, locked

_a, _au, _d, _e = columns_of(Assignment), columns_of(AuditEvent), columns_of(DecisionMade), columns_of(Extension)
_r, _t = columns_of(Report), columns_of(Transfer)

_EXTENSION_SETTLED = (ExtensionState.GRANTED, ExtensionState.REFUSED)
_TRANSFER_SETTLED = (TransferState.MOVED, TransferState.KEPT)


class ChangeKind(StrEnum):
    """Loại thay đổi có thể lấy lại."""

    REPORT = "report"
    DECISION = "decision"
    EXTENSION = "extension"
    TRANSFER = "transfer"
    TASK = "task"
    DELEGATION = "delegation"


@dataclass(frozen=True, slots=True)
class Change:
    """Thay đổi mới nhất của một người. `ids`: rows made in one go ("duyet tat ca"), with their assignments."""

    kind: ChangeKind
    at: datetime
    ids: tuple[int, ...]
    assignment_ids: tuple[int, ...]


async def newest_change(session: AsyncSession, *, person_id: int, now: datetime) -> Change | None:
    """What "hoàn tác" means now: this person's newest change of the last ten minutes, of whatever kind."""
    since = now - UNDO_WITHIN
    sources = (
        (ChangeKind.REPORT, _r, _r.reported_at, and_(_r.person_id == person_id, _r.undone_at.is_(None))),
        (ChangeKind.DECISION, _d, _d.decided_at, and_(_d.decided_by_id == person_id, _d.undone_at.is_(None))),
        (
            ChangeKind.EXTENSION,
            _e,
            _e.decided_at,
            and_(_e.decided_by_id == person_id, _e.state.in_(_EXTENSION_SETTLED)),
        ),
        (ChangeKind.TRANSFER, _t, _t.decided_at, and_(_t.decided_by_id == person_id, _t.state.in_(_TRANSFER_SETTLED))),
    )
    found: list[Change] = []
    for kind, table, at, theirs in sources:
        query = select(table.id, table.assignment_id.label("about"), at.label("at")).where(theirs, at >= since)
        rows = (await session.execute(query.order_by(at.desc(), table.id))).all()
        together = [row for row in rows if row.at == rows[0].at]
        if together:
            ids, abouts = tuple(row.id for row in together), tuple(row.about for row in together)
            found.append(Change(kind, together[0].at, ids, abouts))
    found += filter(
        None,
        (
            await _task_given(session, person_id=person_id, since=since),
            await _delegated(session, person_id=person_id, since=since),
        ),
    )
    return max(found, key=lambda change: change.at, default=None)


async def _task_given(session: AsyncSession, *, person_id: int, since: datetime) -> Change | None:
    """The newest work this person gave by word and has not withdrawn; the record is where it is written."""
    query = (
        select(_au.at, _au.action, _au.after)
        .where(_au.person_id == person_id, _au.action.in_((ASSIGNED, WITHDRAWN)), _au.at >= since)
        .order_by(_au.id.desc())
    )
    withdrawn = set()
    for row in await session.execute(query):
        if row.action == WITHDRAWN:
            withdrawn.add(row.after["task_id"])
        elif row.after["task_id"] not in withdrawn:
            about = tuple(row.after["assignments"])
            return Change(ChangeKind.TASK, row.at, (row.after["task_id"],) * len(about), about)
    return None


async def _delegated(session: AsyncSession, *, person_id: int, since: datetime) -> Change | None:
    """The newest work this person gave to an officer, or took back from one; kept in the record as well."""
    query = (
        select(_au.id, _au.at, _au.action, _au.assignment_id, _au.after)
        .where(_au.person_id == person_id, _au.action.in_((DELEGATED, DELEGATION_UNDONE)), _au.at >= since)
        .order_by(_au.id.desc())
    )
    undone = set()
    for row in await session.execute(query):
        if row.action == DELEGATION_UNDONE:
            undone.add(row.after["event"])
        elif row.id not in undone:
            return Change(ChangeKind.DELEGATION, row.at, (row.id,), (row.assignment_id,))
    return None


async def take_back(session: AsyncSession, change: Change, *, said: Said) -> list[int]:
    """Undo a decision, or all of those made in one go; returns the ids of the rows that were undone.

    Work that has changed since is left alone; raises NothingToUndoError when that is all of it.
    """
    undone = []
    if change.kind is ChangeKind.TASK:
        await withdraw_task(session, change.ids[0], said=said)
        return list(change.ids)
    for row_id in change.ids:
        try:
            await _TAKEN_BACK[change.kind](session, row_id, said)
        except NothingToUndoError:
            continue
        undone.append(row_id)
    if not undone:
        raise NothingToUndoError
    return undone


async def _decision(session: AsyncSession, row_id: int, said: Said) -> None:
    await take_back_decision(session, row_id, said=said)


async def _extension(session: AsyncSession, row_id: int, said: Said) -> None:
    """The request waits again; a granted day is given back while it is still the one that counts."""
    extension = (await session.execute(select(_e.assignment_id, _e.state, _e.granted_on).where(_e.id == row_id))).one()
    row = await locked(session, extension.assignment_id)
    day: date | None = row.effective_on
    if extension.state is ExtensionState.GRANTED:
        if row.effective_on != extension.granted_on:
            raise NothingToUndoError
        before = await _recorded(session, row.id, "deadline-moved")
        day = date.fromisoformat(before["effective_on"]) if before["effective_on"] else None
    await session.execute(
        update(Extension)
        .where(_e.id == row_id)
        .values(state=ExtensionState.REQUESTED, granted_on=None, refusal=None, decided_by_id=None, decided_at=None)
    )
    await _restore(session, row, {"effective_on": day}, said=said, action="extension-decision-undone")


async def _transfer(session: AsyncSession, row_id: int, said: Said) -> None:
    """Back to the unit it came from, as it stood there; only while nobody has answered for it since."""
    columns = (_t.assignment_id, _t.state, _t.to_unit_id, _t.asked_at, _t.decided_at)
    transfer = (await session.execute(select(*columns).where(_t.id == row_id))).one()
    row = await locked(session, transfer.assignment_id)
    was_asked = transfer.asked_at != transfer.decided_at
    if transfer.state is TransferState.MOVED:
        if row.unit_id != transfer.to_unit_id or row.state is not AssignmentState.NOT_STARTED or row.answered_at:
            raise NothingToUndoError
        restored = _from_record(await _recorded(session, row.id, "transferred"))
    else:
        restored = {"state": AssignmentState.BLOCKED}
    facts: dict[str, Any] = {"decided_by_id": None, "to_unit_id": None}
    if was_asked:
        facts |= {"state": TransferState.REQUESTED, "decided_at": None}
    else:
        facts |= {"state": TransferState.WITHDRAWN}
    await session.execute(update(Transfer).where(_t.id == row_id).values(facts))
    await _restore(session, row, restored, said=said, action="transfer-undone")


def _from_record(before: dict[str, Any]) -> dict[str, Any]:
    answered, promised = before["answered_at"], before["promised_on"]
    return before | {
        "state": AssignmentState(before["state"]),
        "answered_at": datetime.fromisoformat(answered) if answered else None,
        "promised_on": date.fromisoformat(promised) if promised else None,
    }


async def _recorded(session: AsyncSession, assignment_id: int, action: str) -> dict[str, Any]:
    """What the record says stood before the newest such event."""
    query = (
        select(_au.before)
        .where(_au.assignment_id == assignment_id, _au.action == action)
        .order_by(_au.id.desc())
        .limit(1)
    )
    return dict((await session.execute(query)).scalar_one())


async def _restore(session: AsyncSession, row: Any, facts: dict[str, Any], *, said: Said, action: str) -> None:
    changed = facts | {"look_on": civil_day(said.at), "version": row.version + 1}
    await session.execute(update(Assignment).where(_a.id == row.id).values(changed))
    await audit.record(
        session,
        action,
        now=said.at,
        channel=said.channel,
        person_id=said.person_id,
        assignment_id=row.id,
        said=said.text,
        before={"state": row.state.value},
    )


async def _delegation(session: AsyncSession, row_id: int, said: Said) -> None:
    await take_back_delegation(session, row_id, said=said)


_TAKEN_BACK = {
    ChangeKind.DECISION: _decision,
    ChangeKind.EXTENSION: _extension,
    ChangeKind.TRANSFER: _transfer,
    ChangeKind.DELEGATION: _delegation,
}
