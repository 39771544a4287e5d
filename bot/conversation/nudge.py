"""`nhac tat ca`: one message to each person whose unit is late; shown first, sent only on a yes, once a day each."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from bot.conversation import buttons
from bot.conversation.incoming import Reply
from bot.conversation.overdue import read_filter
from bot.conversation.turn import Turn
from bot.conversation.understand import Understood, fold_in_place
from models.clock import civil_day
from models.columns import columns_of
from models.outbox import OutboxMessage
from models.terms import AssignmentState, Lane, Role
from planner import audit
from planner.list_overdue import late_views
from planner.people import Contact, contacts
from planner.scope import Scope
from planner.views import AssignmentView
from reminders.channel import Button
from reminders.office_hours import next_opening
from reminders.outbox import Draft, enqueue
from reminders.scan import nudged

NAMES_SHOWN = 4

_o = columns_of(OutboxMessage)
_KEYS_PER_QUERY = 500
_LATE = re.compile(r"(?:viec )?qua ?han\b")


@dataclass
class Reach:
    """Ai sẽ được nhắc, ai không và vì sao; every late assignment stands in exactly one of the lists."""

    drafts: list[Draft] = field(default_factory=list)
    reached: list[AssignmentView] = field(default_factory=list)
    stuck: list[AssignmentView] = field(default_factory=list)
    unlinked: list[AssignmentView] = field(default_factory=list)
    nudged_today: list[AssignmentView] = field(default_factory=list)

    @property
    def people(self) -> int:
        return len({draft.person_id for draft in self.drafts})

    @property
    def units(self) -> int:
        return len({view.unit_id for view in self.reached})


async def nudge_all(turn: Turn, understood: Understood) -> list[Reply]:
    """Preview; with "đồng ý", send. What is sent is computed again, and said as it was."""
    plans = await turn.coordinated()
    if not plans:
        return turn.say("not_a_coordinator")
    scope = Scope(plan_ids=plans)
    words = without_late(understood.rest)
    wanted = await read_filter(turn, words, scope)
    if wanted is None:
        return turn.say("no_such_filter", words=words)
    late = await late_views(turn.session, scope, today=turn.today, never_answered=wanted.only_silent)
    views = [view for view in late if wanted.names(plan_id=view.plan_id, unit_id=view.unit_id)]
    reach = await _reach(turn, views)
    send_after = next_opening(turn.now, turn.voice.wording.calendar)
    facts: dict[str, Any] = {
        "total": len(views),
        "reach": reach,
        "at_once": send_after == turn.now,
        "send_after": send_after,
        "names_shown": NAMES_SHOWN,
        "unlinked": _unit_names(reach.unlinked),
        "already": _unit_names(reach.nudged_today),
        "stuck": _unit_names(reach.stuck),
    }
    if not understood.is_confirmed or not reach.drafts:
        yes = Button("Đồng ý nhắc", f"{wanted.command('nhac tat ca')} dong y")
        keys = buttons.row(yes, Button("Xem lại", wanted.command())) if reach.drafts else ()
        return turn.say("nudge_preview", agree=yes.command, buttons=keys, **facts)
    await enqueue(turn.session, reach.drafts, now=turn.now)
    await audit.record(
        turn.session,
        "nudged-all",
        now=turn.now,
        channel=turn.incoming.channel,
        person_id=turn.person.id,
        said=turn.text,
        after={"assignments": len(reach.reached), "people": reach.people, "units": reach.units},
    )
    return turn.say("nudge_sent", **facts)


def without_late(words: str) -> str:
    """ "nhắc tất cả quá hạn kh146": only what is late is nudged anyway, so saying so narrows nothing."""
    return words[found.end() :].strip() if (found := _LATE.match(fold_in_place(words))) else words


async def _reach(turn: Turn, views: Sequence[AssignmentView]) -> Reach:
    """A blocker rests the nagging, a silent phone cannot ring, and nobody is told twice on one day."""
    reach = Reach(stuck=[view for view in views if view.state is AssignmentState.BLOCKED])
    by_unit: dict[int, list[AssignmentView]] = {}
    for view in views:
        if view.state is not AssignmentState.BLOCKED:
            by_unit.setdefault(view.unit_id, []).append(view)
    people = await contacts(turn.session, today=turn.today, roles=(Role.UNIT_HEAD, Role.OFFICER))
    drafts = {
        unit_id: [_draft(turn, contact, found) for contact in _each_once(nudged(people.get(unit_id, ())))]
        for unit_id, found in by_unit.items()
    }
    told = await _already_owed(turn, [draft.dedup_key for each in drafts.values() for draft in each])
    for unit_id, found in by_unit.items():
        fresh = [draft for draft in drafts[unit_id] if draft.dedup_key not in told]
        reach.drafts += fresh
        _place(reach, fresh, drafts[unit_id]).extend(found)
    return reach


def _place(reach: Reach, fresh: list[Draft], all_drafts: list[Draft]) -> list[AssignmentView]:
    if fresh:
        return reach.reached
    return reach.nudged_today if all_drafts else reach.unlinked


def _each_once(people: Sequence[Contact]) -> list[Contact]:
    """A person may hold two roles in one unit and is still told once."""
    return list({contact.person_id: contact for contact in people}.values())


def _draft(turn: Turn, contact: Contact, views: Sequence[AssignmentView]) -> Draft:
    send_after = next_opening(turn.now, turn.voice.wording.calendar)
    day = civil_day(send_after)
    return Draft(
        dedup_key=f"coordinator:{day:%Y%m%d}:{contact.person_id}:{contact.unit_id}",
        bot=contact.bot or "",
        chat=contact.chat or "",
        lane=Lane.REMINDER,
        form="nudge",
        payload={
            "person_id": contact.person_id,
            "unit_id": contact.unit_id,
            "topic": "coordinator",
            "reason": "coordinator",
            "on": day.isoformat(),
            "assignment_ids": [view.id for view in views],
            "missed": False,
        },
        person_id=contact.person_id,
        assignment_id=views[0].id if len(views) == 1 else None,
        send_after=send_after,
    )


async def _already_owed(turn: Turn, keys: Sequence[str]) -> set[str]:
    found: set[str] = set()
    for start in range(0, len(keys), _KEYS_PER_QUERY):
        query = select(_o.dedup_key).where(_o.dedup_key.in_(keys[start : start + _KEYS_PER_QUERY]))
        found.update((await turn.session.execute(query)).scalars())
    return found


def _unit_names(views: Sequence[AssignmentView]) -> list[str]:
    return list(dict.fromkeys(view.unit_name for view in views))
