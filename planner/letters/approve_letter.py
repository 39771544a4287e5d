"""Use-case: a person approves a draft, and it is a plan whose work is assigned; in one transaction or not at all."""

from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from models.columns import columns_of
from models.errors import InputError, StaleDraftError
from models.letter import Letter
from models.plan import Plan
from models.task import Task
from models.terms import LetterState
from planner import audit
from planner.import_plan import PlanLoaded, import_plan
from planner.letters.difference import Compared, Difference, compared
from planner.letters.letters import LetterView
from planner.letters.planned import Obstacle, free_code, obstacles, planned
from planner.letters.same_document import TrackedPlan, plan_of_document
from planner.open_period import one_at_a_time
from planner.reading.draft import LetterDraft
from planner.reading.read import Knowledge
from planner.reassign_work import follow_leads, leads_of
from planner.report_progress import Said
from planner.stored_plan import load_stored_plan

BY_LETTER = "Điều chỉnh theo văn bản gửi lại:"
"""Before the name of the letter, as the reason of every extension that comes of it."""

_l, _p, _t = columns_of(Letter), columns_of(Plan), columns_of(Task)


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

    @property
    def mark(self) -> str:
        """Stands for what a preview shows: a new plan or which one, and every change in it."""
        shown = repr((self.difference is None, self.loaded.plan_code, self.difference))
        return sha256(shown.encode()).hexdigest()[:8]


async def approve_letter(
    session: AsyncSession,
    letter: LetterView,
    *,
    coordinating: str | None,
    knowledge: Knowledge,
    said: Said,
    shown: str | None = None,
) -> Approved:
    """Make the draft a plan, or bring the plan that is tracked under the same document up to it.

    The caller commits, and has asked `may_correct`. `coordinating` is the code of the unit that will urge; None: as the
    letter says. `shown`: the mark of the preview that was agreed to; where it would be something else by now, that is a
    StaleDraftError too. Raises NotApprovableError, StaleDraftError, FileProblemsError; then nothing may be committed.
    """
    if letter.draft is None or not letter.is_open:
        raise StaleDraftError(str(letter.id))
    if found := obstacles(letter.draft, knowledge):
        raise NotApprovableError(found)
    await _close(session, letter, said)
    await one_at_a_time(session)  # two letters of one document, approved at once, must not be two plans
    tracked = await plan_of_document(session, letter.draft, knowledge, sha256=letter.sha256)
    if tracked is None:
        approved = await _new_plan(session, letter.draft, knowledge, coordinating, said)
    else:
        approved = await _changed_plan(session, letter.draft, knowledge, tracked, said)
    if shown is not None and shown != approved.mark:
        raise StaleDraftError(str(letter.id))
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
    plan = planned(draft, knowledge, coordinating=coordinating, code=free_code(draft, taken))
    loaded = await import_plan(session, plan, said=said, calendar=knowledge.calendar, before=knowledge.before)
    plan_id = (await session.execute(select(_p.id).where(_p.code == plan.code))).scalar_one()
    return Approved(plan_id, loaded)


async def _changed_plan(
    session: AsyncSession, draft: LetterDraft, knowledge: Knowledge, tracked: TrackedPlan, said: Said
) -> Approved:
    """Only what was added, moved or given to others is written; what the letter leaves out is not closed."""
    if tracked.is_secret:
        raise NotApprovableError((Obstacle("document", "secret-plan"),))
    found = await _compared(session, draft, knowledge, tracked)
    difference = found.difference
    if difference.is_empty:
        return Approved(tracked.id, PlanLoaded(tracked.code), difference)
    changed = {each.task_code for each in difference.reassigned}
    owed = await leads_of(session, tracked.id, changed)
    loaded = await import_plan(
        session, found.changes, said=said, calendar=knowledge.calendar, before=knowledge.before,
        reason=_reason(draft), closes_missing=False,
    )  # fmt: skip
    followed = await follow_leads(
        session, tracked.id, owed, said=said, calendar=knowledge.calendar, before=knowledge.before
    )
    loaded.opened_assignments += followed.opened
    loaded.taken_away += followed.closed
    return Approved(tracked.id, loaded, difference)


async def _compared(session: AsyncSession, draft: LetterDraft, knowledge: Knowledge, tracked: TrackedPlan) -> Compared:
    assert knowledge.directory is not None
    stored, closed = await load_stored_plan(session, tracked.id)
    codes = {task.code for task in stored.tasks}
    read = planned(draft, knowledge, coordinating=stored.coordinating_unit, code=tracked.code, own=codes)
    numbers = [number for number, each in enumerate(draft.obligations, start=1) if each.is_tracked]
    taken = set((await session.execute(select(_t.code))).scalars())
    return compared(read, stored, closed=closed, taken=taken, numbers=numbers, directory=knowledge.directory)


def _reason(draft: LetterDraft) -> str:
    number, day = draft.header.number.value, draft.header.issued_on.day
    paper = f"{draft.header.kind.value or 'Văn bản'} {number or 'chưa có số'}"
    return f"{BY_LETTER} {paper}{f' ngày {day:%d/%m/%Y}' if day else ''}"


async def _record(session: AsyncSession, letter: LetterView, approved: Approved, said: Said) -> None:
    loaded, difference = approved.loaded, approved.difference
    after: dict[str, Any] = {
        "letter": letter.id, "sha256": letter.sha256, "plan": loaded.plan_code, "is_new": loaded.is_new,
        "added": len(loaded.added), "moved": len(loaded.moved),
        "reassigned": len(difference.reassigned) if difference else 0,
        "opened_assignments": loaded.opened_assignments,
    }  # fmt: skip
    await audit.record(
        session, "letter-approved", now=said.at, channel=said.channel, person_id=said.person_id, said=said.text,
        after=after,
    )  # fmt: skip
