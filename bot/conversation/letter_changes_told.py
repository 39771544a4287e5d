"""Word to units that a letter which came again moved their days or took work from them: one message for a unit."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversation.turn import Voice
from models.clock import civil_day
from models.terms import Lane, Role
from planner.import_plan import MovedWork, PlanLoaded
from planner.letters.approve_letter import Approved
from planner.letters.letters import LetterView
from planner.people import contacts
from planner.views import AssignmentView, load_views
from reminders.office_hours import next_opening
from reminders.outbox import Draft, enqueue, text_payload
from reminders.scan import nudged

SHOWN = 15
"""Lines of each kind; more of them are counted."""


@dataclass(slots=True)
class _News:
    """Điều một đơn vị cần biết."""

    moved: list[tuple[AssignmentView, MovedWork]] = field(default_factory=list)
    taken: list[AssignmentView] = field(default_factory=list)

    @property
    def about(self) -> int | None:
        """The work that an answer to the message speaks of, where it is one."""
        return self.moved[0][0].id if len(self.moved) == 1 and not self.taken else None


async def tell_units_of_changes(
    session: AsyncSession, voice: Voice, letter: LetterView, approved: Approved, *, now: datetime
) -> None:
    """Owed in the caller's transaction, once for this version of the letter; sent within office hours.

    Of new work nothing is said here: the ladder tells of it by itself.
    """
    news = await _by_unit(session, approved.loaded)
    roles = (Role.UNIT_HEAD, Role.OFFICER)
    people = await contacts(session, today=civil_day(now), roles=roles, unit_ids=list(news)) if news else {}
    send_after = next_opening(now, voice.wording.calendar)
    drafts = [
        Draft(
            dedup_key=f"letter:{letter.id}:{letter.version}:changes:{unit_id}:{person_id}",
            bot=contact.bot or "",
            chat=contact.chat or "",
            lane=Lane.REMINDER,
            form="text",
            payload=text_payload(_words(voice, letter, told, now)),
            person_id=person_id,
            assignment_id=told.about,
            send_after=send_after,
        )
        for unit_id, told in news.items()
        for person_id, contact in {each.person_id: each for each in nudged(people.get(unit_id, ()))}.items()
    ]
    await enqueue(session, drafts, now=now)


async def _by_unit(session: AsyncSession, loaded: PlanLoaded) -> dict[int, _News]:
    """What was moved and then taken away is told as taken away only."""
    moves = {each.assignment_id: each for each in loaded.moves}
    views = await load_views(session, sorted({*moves, *loaded.taken_away}))
    news: dict[int, _News] = {}
    for view in _in_order(views.values()):
        told = news.setdefault(view.unit_id, _News())
        if view.id in loaded.taken_away:
            told.taken.append(view)
        else:
            told.moved.append((view, moves[view.id]))
    return news


def _in_order(views: Iterable[AssignmentView]) -> Sequence[AssignmentView]:
    return sorted(views, key=lambda view: (view.unit_id, view.number, view.id))


def _words(voice: Voice, letter: LetterView, told: _News, now: datetime) -> str:
    unit_name = (told.taken or [view for view, _ in told.moved])[0].unit_name
    return voice.say(
        "letter_changes_told",
        letter=letter,
        unit_name=unit_name,
        moved=told.moved,
        taken=told.taken,
        shown=SHOWN,
        today=civil_day(now),
    ).text
