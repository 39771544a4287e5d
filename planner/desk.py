"""A coordinator's desk on a day: what is late, what falls due, what waits for a decision, whom nobody can reach."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from models.assignment import Assignment
from models.columns import columns_of
from models.org_unit import OrgUnit
from models.person import Address, Membership, Person
from models.report import Report
from models.terms import OPEN_STATES, Role
from planner.list_overdue import count_states, is_late_in
from planner.people import acts_on
from planner.scope import Scope
from planner.statistics import Counts
from planner.views import in_scope
from planner.waiting import count_waiting

_a, _u = columns_of(Assignment), columns_of(OrgUnit)
_p, _m, _ad, _r = columns_of(Person), columns_of(Membership), columns_of(Address), columns_of(Report)


@dataclass(frozen=True, slots=True)
class Desk:
    """Bàn việc của đầu mối.

    `news` counts the answers since the morning before. `units_unlinked`: nobody has linked; `units_unreachable`:
    linked, and no longer heard.
    """

    counts: Counts
    late_before: int
    due_this_week: int
    waiting_acceptance: int
    waiting_extension: int
    open_blockers: int
    waiting_transfer: int
    units_never_answered: int
    news: int
    units_unlinked: tuple[str, ...]
    units_unreachable: tuple[str, ...]

    @property
    def waiting(self) -> int:
        """What stands in the coordinator's queue."""
        return self.waiting_acceptance + self.waiting_extension + self.open_blockers + self.waiting_transfer

    @property
    def is_empty(self) -> bool:
        """Nothing late, nothing due this week and nothing new: what waits unchanged was told before."""
        return not (self.counts.open_late or self.due_this_week or self.news)


async def desk_of(session: AsyncSession, scope: Scope, *, today: date, before: date) -> Desk:
    """The desk on `today`; `before` is the day the late figure is compared with (the previous working day)."""
    week_end = today + timedelta(days=6 - today.weekday())
    mine = in_scope(scope)
    counts = await count_states(session, scope, today=today)
    late_before = (await count_states(session, scope, today=before)).open_late
    waiting = await count_waiting(session, scope)
    due = await _one(
        session,
        select(func.count()).where(
            mine, _a.state.in_(OPEN_STATES), _a.opens_on <= today, _a.effective_on.between(today, week_end)
        ),
    )
    silent = await _one(
        session,
        select(func.count(_a.unit_id.distinct())).where(is_late_in(scope, today), _a.answered_at.is_(None)),
    )
    news = await _one(
        session,
        select(func.count())
        .select_from(Report)
        .join(Assignment, _a.id == _r.assignment_id)
        .where(mine, _r.reported_on >= before, _r.undone_at.is_(None)),
    )
    unlinked, unreachable = await units_not_reached(session, scope, today=today)
    return Desk(
        counts,
        late_before,
        due,
        waiting.submitted,
        waiting.extensions,
        waiting.blockers,
        waiting.transfers,
        silent,
        news,
        unlinked,
        unreachable,
    )


async def _one(session: AsyncSession, query: object) -> int:
    return int((await session.execute(query)).scalar_one())  # type: ignore[call-overload]


async def units_not_reached(
    session: AsyncSession, scope: Scope, *, today: date
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Units with open work whom no message reaches: (nobody linked, linked but unreachable), by name."""
    if scope.is_empty:
        return (), ()
    people = (
        select(_m.id)
        .join(Person, _p.id == _m.person_id)
        .where(_m.unit_id == _u.id, _p.is_active, acts_on(today), _m.role.in_((Role.UNIT_HEAD, Role.OFFICER)))
    )
    linked = people.join(Address, _ad.person_id == _p.id)
    works = exists().where(
        _a.unit_id == _u.id, in_scope(scope), _a.state.in_(OPEN_STATES), _a.opens_on <= today,
        or_(_a.ends_on.is_(None), _a.ends_on >= today),
    )  # fmt: skip
    query = (
        select(_u.short_name, linked.exists().label("is_linked"))
        .where(works, ~and_(linked.where(_ad.unreachable_at.is_(None)).exists()))
        .order_by(_u.id)
    )
    rows = (await session.execute(query)).all()
    unlinked = tuple(row.short_name for row in rows if not row.is_linked)
    return unlinked, tuple(row.short_name for row in rows if row.is_linked)
