"""Which day earns which reminder: a ladder read against a deadline. Pure: days in, rungs out.

Before the deadline the rungs count working days back from `work_to`, the last working day on or before the last day
that counts; after it they count working days on. Ladders by default are those of `DEFAULT_LADDERS`; a plan or a task
may bring its own.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from models.terms import OPEN_STATES, AssignmentState, DeadlineKind, ReminderKind
from planner.workdays import WorkCalendar

AFTER_EVERY = 2
"""Working days between two follow-ups, and between two steps up the line, while nothing is heard."""

ESCALATE_LEVELS = 2
"""unit head -> coordinator -> leader"""

ASK_STUCK_EVERY = 3
"""Working days between two questions to a unit that is stuck."""

CHECK_IN_DAY = 20
"""Standing work is asked about on the first working day on or after the 20th of its month."""


@dataclass(frozen=True, slots=True)
class Ladder:
    """Bậc nhắc. `before`: working days before `work_to`, 0 being that morning; `after_every`: working days."""

    before: tuple[int, ...]
    after_every: int = AFTER_EVERY


FIXED = Ladder((7, 3, 1, 0))
PERIOD_END = Ladder((30, 14, 7, 3, 1, 0))
MONTHLY = Ladder((5, 2, 0))
QUARTERLY = Ladder((15, 5, 1, 0))
WEEKLY = Ladder((1, 0))

DEFAULT_LADDERS: Mapping[DeadlineKind, Ladder] = {
    DeadlineKind.YEARLY: PERIOD_END,
    DeadlineKind.MONTHLY: MONTHLY,
    DeadlineKind.QUARTERLY: QUARTERLY,
    DeadlineKind.WEEKLY: WEEKLY,
    DeadlineKind.MONTH: PERIOD_END,
    DeadlineKind.QUARTER: PERIOD_END,
    DeadlineKind.HALF: PERIOD_END,
    DeadlineKind.YEAR: PERIOD_END,
    DeadlineKind.YEAR_PART: PERIOD_END,
}


@dataclass(frozen=True, slots=True)
class Duty:
    """Điều cần biết về một việc để biết hôm nào nhắc gì.

    A step up the line is for silence only: `answered_on` is the day of the last word, `promised_on` the day by which
    it promised the work. `escalates` is false for a request to a body outside the line of command. Work that
    `has_officer` climbs one step more: the officer's own head comes before the coordinator.
    """

    opens_on: date
    effective_on: date | None
    ends_on: date | None
    state: AssignmentState
    answered_on: date | None
    ladder: Ladder
    promised_on: date | None = None
    escalates: bool = True
    has_officer: bool = False


@dataclass(frozen=True, slots=True)
class Rung:
    """Một bậc: on this day a reminder of this kind is owed. `level` counts up the line.

    0 is the unit itself: its head, or the officer who has the work, and then 1 is the head.
    """

    on: date
    kind: ReminderKind
    step: str
    level: int = 0


def ladder_for(kind: DeadlineKind | None, *own: Mapping[str, Any] | None) -> Ladder:
    """The first ladder that was written down (the task's, then the plan's), else the default of the kind."""
    default = DEFAULT_LADDERS.get(kind, FIXED) if kind else FIXED
    for facts in own:
        if facts:
            before = tuple(sorted({*map(int, facts.get("before", default.before)), 0}, reverse=True))
            return Ladder(before, int(facts.get("after_every", default.after_every)))
    return default


def rungs(duty: Duty, *, calendar: WorkCalendar, until: date) -> Iterator[Rung]:
    """Every rung from the opening day to `until`, in order of days; none for work that is done or closed.

    A blocker pauses the ladder: nagging rests while somebody is stuck, the deadline does not; now and then the unit
    is asked whether it still is.
    """
    if duty.state not in OPEN_STATES:
        return
    if duty.state is AssignmentState.BLOCKED:
        yield from _while_stuck(duty, calendar=calendar, until=until)
        return
    yield from sorted(
        (rung for rung in _all(duty, calendar=calendar, until=until) if rung.on <= until), key=lambda rung: rung.on
    )


def _while_stuck(duty: Duty, *, calendar: WorkCalendar, until: date) -> Iterator[Rung]:
    since = duty.answered_on or duty.opens_on
    asked = ASK_STUCK_EVERY
    while (on := calendar.add_workdays(since, asked)) <= until:
        yield Rung(on, ReminderKind.BLOCKER_CHECK, f"vướng {asked}")
        asked += ASK_STUCK_EVERY


def _all(duty: Duty, *, calendar: WorkCalendar, until: date) -> Iterator[Rung]:
    if duty.effective_on is None:
        yield from _check_in(duty, calendar=calendar)
        return
    new_on = calendar.first_workday_on_or_after(duty.opens_on)
    if duty.answered_on is None and new_on <= duty.effective_on:
        yield Rung(new_on, ReminderKind.NEW, "mới")
    yield from _before(duty, calendar=calendar, new_on=new_on)
    yield from _after(duty, calendar=calendar, until=until)


def _check_in(duty: Duty, *, calendar: WorkCalendar) -> Iterator[Rung]:
    month_end = duty.ends_on or duty.opens_on
    asked_on = calendar.first_workday_on_or_after(month_end.replace(day=CHECK_IN_DAY))
    if asked_on > month_end:
        asked_on = calendar.last_workday_on_or_before(month_end)
    if duty.answered_on is None and duty.opens_on <= asked_on:
        yield Rung(asked_on, ReminderKind.CHECK_IN, "định kỳ")


def _before(duty: Duty, *, calendar: WorkCalendar, new_on: date) -> Iterator[Rung]:
    assert duty.effective_on is not None
    work_to = calendar.last_workday_on_or_before(duty.effective_on)
    for workdays in duty.ladder.before:
        on = calendar.add_workdays(work_to, -workdays) if workdays else work_to
        # the morning a duty is new already says its date: a second word the same morning would be noise
        if on < duty.opens_on or (on == new_on and duty.answered_on is None and workdays):
            continue
        kind = ReminderKind.UPCOMING if workdays else ReminderKind.LAST_DAY
        yield Rung(on, kind, f"T-{workdays}" if workdays else "ngày cuối")


def _after(duty: Duty, *, calendar: WorkCalendar, until: date) -> Iterator[Rung]:
    """Late: the next working day, then every few working days to the unit, and one level up for each such silence."""
    assert duty.effective_on is not None
    late = 1
    # work that was late already when tracking began starts its ladder where it is, not where it was
    while (on := calendar.add_workdays(duty.effective_on, late)) <= until:
        if on >= duty.opens_on:
            yield Rung(on, ReminderKind.NEWLY_LATE if late == 1 else ReminderKind.FOLLOW_UP, f"trễ {late}")
        late += duty.ladder.after_every
    yield from _up_the_line(duty, calendar=calendar, until=until)


def _up_the_line(duty: Duty, *, calendar: WorkCalendar, until: date) -> Iterator[Rung]:
    """Any answer after the deadline stops it; a promise that passes unkept starts it again from the promised day."""
    assert duty.effective_on is not None
    silent_since = duty.effective_on
    if duty.answered_on is not None and duty.answered_on > duty.effective_on:
        if duty.promised_on is None:
            return
        silent_since = max(duty.promised_on, duty.answered_on)
    if not duty.escalates:
        return
    for level in range(1, ESCALATE_LEVELS + duty.has_officer + 1):
        on = calendar.add_workdays(silent_since, 1 + level * duty.ladder.after_every)
        if duty.opens_on <= on <= until:
            late = calendar.workdays_between(duty.effective_on, on)
            yield Rung(on, ReminderKind.ESCALATION, f"trễ {late}", level)


def owed(duty: Duty, *, today: date, calendar: WorkCalendar) -> list[Rung]:
    """What is owed on `today`: for each level the newest rung that stands by then.

    Missed rungs do not pile up: after a week of silence of ours a unit hears once, about how things stand now. Whoever
    has spoken today or since a rung stood is not asked again for that rung.
    """
    newest: dict[int, Rung] = {}
    for rung in rungs(duty, calendar=calendar, until=today):
        was_answered = rung.level == 0 and duty.answered_on is not None and rung.on <= duty.answered_on
        if not was_answered:
            newest[rung.level] = rung
    return list(newest.values())


def next_look(duty: Duty, *, today: date, calendar: WorkCalendar) -> date | None:
    """The next day after `today` on which a rung stands; None when no more will come."""
    if duty.state not in OPEN_STATES:
        return None
    horizon = max(today, duty.effective_on or duty.ends_on or today, duty.promised_on or today)
    # one interval past the horizon always holds the next rung of a late or a stuck duty
    until = calendar.add_workdays(horizon, 2 * max(duty.ladder.after_every, ASK_STUCK_EVERY) + 1)
    return min((rung.on for rung in rungs(duty, calendar=calendar, until=until) if rung.on > today), default=None)
