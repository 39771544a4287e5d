"""Use-case: a person approves a draft, and it is a plan whose work is assigned; in one transaction or not at all."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from models.columns import columns_of
from models.errors import InputError, StaleDraftError
from models.letter import Letter
from models.plan import Plan
from models.terms import LetterState
from planner import audit
from planner.import_plan import PlanLoaded, import_plan
from planner.letters.difference import Difference
from planner.letters.letters import LetterView
from planner.letters.planned import Obstacle, obstacles, planned
from planner.reading.draft import LetterDraft
from planner.reading.read import Knowledge
from planner.report_progress import Said

_l, _p = columns_of(Letter), columns_of(Plan)


class NotApprovableError(InputError):
    """Bản nháp chưa duyệt được: `obstacles` must be settled first."""

    code = "not-approvable"

    def __init__(self, obstacles: tuple[Obstacle, ...]) -> None:
        super().__init__(", ".join(each.reason for each in obstacles))
        self.obstacles = obstacles


@dataclass(frozen=True, slots=True)
class Approved:
    """Kết quả duyệt. `difference` is None for a new plan, else what was changed in the one that is tracked."""

    plan_id: int
    loaded: PlanLoaded
    difference: Difference | None = None


async def approve_letter(
    session: AsyncSession, letter: LetterView, *, coordinating: str | None, knowledge: Knowledge, said: Said
) -> Approved:
    """Make the draft a plan; the caller commits, and has asked `may_correct`.

    `coordinating` is the code of the unit that will urge; None: as the letter says. Raises NotApprovableError,
    StaleDraftError, FileProblemsError; then nothing may be committed.
    """
    if letter.draft is None or not letter.is_open:
        raise StaleDraftError(str(letter.id))
    if found := obstacles(letter.draft, knowledge):
        raise NotApprovableError(found)
    await _close(session, letter, said)
    approved = await _new_plan(session, letter.draft, knowledge, coordinating, said)
    await session.execute(update(Letter).where(_l.id == letter.id).values(plan_id=approved.plan_id))
    await _record(session, letter, approved, said)
    return approved


async def _close(session: AsyncSession, letter: LetterView, said: Said) -> None:
    same = (_l.id == letter.id, _l.version == letter.version, _l.state == LetterState.READ)
    facts = {"state": LetterState.APPROVED, "ended_at": said.at, "version": letter.version + 1}
    written = await session.execute(update(Letter).where(*same).values(facts))
    if not written.rowcount:  # type: ignore[attr-defined]
        raise StaleDraftError(str(letter.id))


async def _new_plan(
    session: AsyncSession, draft: LetterDraft, knowledge: Knowledge, coordinating: str | None, said: Said
) -> Approved:
    taken = set((await session.execute(select(_p.code))).scalars())
    plan = planned(draft, knowledge, coordinating=coordinating, taken=taken)
    loaded = await import_plan(session, plan, said=said, calendar=knowledge.calendar, before=knowledge.before)
    plan_id = (await session.execute(select(_p.id).where(_p.code == plan.code))).scalar_one()
    return Approved(plan_id, loaded)


async def _record(session: AsyncSession, letter: LetterView, approved: Approved, said: Said) -> None:
    loaded = approved.loaded
    after: dict[str, Any] = {
        "letter": letter.id, "sha256": letter.sha256, "plan": loaded.plan_code, "added": len(loaded.added),
        "moved": len(loaded.moved), "opened_assignments": loaded.opened_assignments,
    }  # fmt: skip
    await audit.record(
        session, "letter-approved", now=said.at, channel=said.channel, person_id=said.person_id, said=said.text,
        after=after,
    )  # fmt: skip
