"""`tonghop`, `chuaphanhoi`, `lich`: figures with their total and moment, and behind each number its rows."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.conversation import buttons
from bot.conversation.export import chart
from bot.conversation.incoming import Reply
from bot.conversation.overdue import Filter, plan_heading, read_filter
from bot.conversation.pages import page_of
from bot.conversation.turn import Turn
from bot.conversation.understand import Understood, fold_in_place
from planner.list_work import due_groups, unit_names
from planner.statistics import Counts
from planner.summarise import (
    Figures,
    Part,
    figures_by_plan,
    figures_by_unit,
    on_time_rate,
    plan_names,
    settled,
    silent_views,
    standing_of,
)
from planner.views import AssignmentView
from reminders.channel import Button

WORST_SHOWN = 8
LINES_PER_PAGE = 8
NUMBERS_SHOWN = 6
CALENDAR_DAYS = 14
DAYS_PER_PAGE = 10

_CHART = re.compile(r"bieu do(?P<unit>(?: theo)? don vi)?(?:(?: theo)? ke hoach)?")
_BY_UNIT = ("don vi", "theo don vi")
_BY_PLAN = ("ke hoach", "theo ke hoach", "")


@dataclass(frozen=True, slots=True)
class FigureLine:
    """Một dòng số liệu; `rate` is "73% (41/56)" or nothing where nothing is settled yet."""

    name: str
    rate: str
    counts: Counts
    silent: int


def percent_of(part: int, whole: int) -> str:
    """73% (41/56): a percentage never stands without what it was counted from."""
    return f"{round(100 * part / whole)}% ({part}/{whole})" if whole else "chưa có số liệu"


def rate_words(counts: Counts) -> str:
    return percent_of(counts.done_on_time, settled(counts))


async def summary(turn: Turn, understood: Understood) -> list[Reply]:
    """By plan, or by unit (the worst eight first); of everything followed, or of one plan or unit."""
    scope = await turn.list_scope()
    if scope.is_empty:
        return turn.say("nothing_to_follow")
    words = fold_in_place(understood.rest).strip()
    if (wish := _CHART.fullmatch(words)) is not None:
        return chart(turn, by_unit=wish["unit"] is not None)
    by_unit = words in _BY_UNIT
    wanted = Filter() if by_unit or words in _BY_PLAN else await read_filter(turn, understood.rest, scope)
    if wanted is None:
        return turn.say("no_such_filter", words=understood.rest)
    # of one plan its units are of interest, of one unit its plans
    by_unit = by_unit or wanted.plan is not None
    part = Part(wanted.plan.id if wanted.plan else None, wanted.unit.id if wanted.unit else None)
    figures = figures_by_unit if by_unit else figures_by_plan
    found = await figures(turn.session, scope, today=turn.today, part=part)
    whole = sum(found.values(), Figures())
    lines = await _lines(turn, found, by_unit=by_unit)
    page = page_of(len(lines), understood.page, size=WORST_SHOWN)
    again = " ".join(word for word in ("tonghop", understood.rest) if word)
    more = Button("Trang sau", f"{again} trang {page.number + 1}") if page.left else None
    other = Button("Theo kế hoạch", "tonghop ke hoach") if by_unit else Button("Theo đơn vị", "tonghop don vi")
    return turn.say(
        "summary",
        name=await name_of(turn, wanted),
        whole=whole,
        rate=rate_words(whole.counts),
        unextended_rate=rate_words(whole.unextended),
        answered=percent_of(whole.answered, whole.total),
        standing=await standing_of(turn.session, scope, today=turn.today, part=part),
        by_unit=by_unit,
        lines=lines[page.start : page.stop],
        page=page,
        again=again,
        buttons=buttons.pairs(
            None if wanted.is_narrow else other,
            None if wanted.is_narrow else Button("Biểu đồ", f"tonghop bieu do{' don vi' if by_unit else ''}"),
            Button(f"Chưa phản hồi: {whole.silent}", "chuaphanhoi") if whole.silent and not wanted.is_narrow else None,
            more or (Button(f"Quá hạn: {whole.counts.open_late}", "quahan") if whole.counts.open_late else None),
        ),
    )


async def name_of(turn: Turn, wanted: Filter) -> str:
    """The plan and the unit that were asked for, as people call them."""
    plan = (await plan_names(turn.session, {wanted.plan.id}))[wanted.plan.id] if wanted.plan else ""
    return " · ".join(word for word in (plan, wanted.unit.name if wanted.unit else "") if word)


async def _lines(turn: Turn, found: dict[int, Figures], *, by_unit: bool) -> list[FigureLine]:
    names = await (unit_names(turn.session, list(found)) if by_unit else plan_names(turn.session, found))
    return [
        FigureLine(names[key], rate_words(found[key].counts), found[key].counts, found[key].silent)
        for key in worst_first(found)
    ]


def worst_first(found: dict[int, Figures]) -> list[int]:
    """The least punctual first; where nothing is settled yet, last."""

    def rank(key: int) -> tuple[bool, float, int, int]:
        counts, rate = found[key].counts, on_time_rate(found[key].counts)
        return (rate is None, rate or 0.0, -counts.open_late, key)

    return sorted(found, key=rank)


@dataclass(frozen=True, slots=True)
class SilentLine:
    """Một đơn vị chưa phản hồi lần nào về những việc này."""

    unit_name: str
    numbers: str
    count: int
    late: int


@dataclass(frozen=True, slots=True)
class SilentBlock:
    """Các đơn vị chưa phản hồi của một kế hoạch trên trang; `total` counts all its silent work."""

    heading: str
    total: int
    units: int
    lines: list[SilentLine]


async def silent(turn: Turn, understood: Understood) -> list[Reply]:
    """Dated work that its unit has never spoken of, by plan and unit."""
    scope = await turn.list_scope()
    if scope.is_empty:
        return turn.say("nothing_to_follow")
    wanted = await read_filter(turn, understood.rest, scope)
    if wanted is None:
        return turn.say("no_such_filter", words=understood.rest)
    part = Part(wanted.plan.id if wanted.plan else None, wanted.unit.id if wanted.unit else None)
    views = await silent_views(turn.session, scope, today=turn.today, part=part)
    by_group: dict[tuple[int, int], list[AssignmentView]] = {}
    for view in views:
        by_group.setdefault((view.plan_id, view.unit_id), []).append(view)
    groups = list(by_group.values())
    page = page_of(len(groups), understood.page, size=LINES_PER_PAGE)
    again = " ".join(word for word in ("chuaphanhoi", understood.rest) if word)
    more = Button("Trang sau", f"{again} trang {page.number + 1}") if page.left else None
    return turn.say(
        "silent",
        name=await name_of(turn, wanted),
        total=len(views),
        units=len({view.unit_id for view in views}),
        late=sum(_is_late(view, turn.today) for view in views),
        blocks=_silent_blocks(turn, groups, groups[page.start : page.stop]),
        page=page,
        again=again,
        buttons=buttons.row(more),
    )


def _is_late(view: AssignmentView, today: date) -> bool:
    return view.effective_on is not None and view.effective_on < today


def _silent_blocks(
    turn: Turn, groups: Sequence[list[AssignmentView]], shown: Sequence[list[AssignmentView]]
) -> list[SilentBlock]:
    total = Counter(view.plan_id for group in groups for view in group)
    units = Counter(group[0].plan_id for group in groups)
    blocks: dict[int, SilentBlock] = {}
    for group in shown:
        plan_id = group[0].plan_id
        block = blocks.setdefault(plan_id, SilentBlock(plan_heading(group[0]), total[plan_id], units[plan_id], []))
        late = sum(_is_late(view, turn.today) for view in group)
        block.lines.append(SilentLine(group[0].unit_name, numbers_of(group), len(group), late))
    return list(blocks.values())


def numbers_of(views: Sequence[AssignmentView]) -> str:
    shown = ", ".join(str(view.number) for view in views[:NUMBERS_SHOWN])
    return shown if len(views) <= NUMBERS_SHOWN else f"{shown}… ({len(views)} việc)"


@dataclass(frozen=True, slots=True)
class Day:
    """Một ngày có việc đến hạn: its numbers, and how many units still owe of how many."""

    on: date
    numbers: str
    open: int
    total: int


async def calendar(turn: Turn, understood: Understood) -> list[Reply]:
    """What falls due in the two weeks from today, by day."""
    scope = await turn.list_scope()
    if scope.is_empty:
        return turn.say("nothing_to_follow")
    last = turn.today + timedelta(days=CALENDAR_DAYS - 1)
    groups = await due_groups(turn.session, scope, first=turn.today, last=last, today=turn.today)
    days: list[Day] = []
    for on in sorted({group.due_on for group in groups}):
        found = [group for group in groups if group.due_on == on]
        shown = ", ".join(str(group.number) for group in found[:NUMBERS_SHOWN])
        numbers = shown if len(found) <= NUMBERS_SHOWN else f"{shown}… ({len(found)} đầu việc)"
        days.append(Day(on, numbers, sum(group.open for group in found), sum(group.total for group in found)))
    page = page_of(len(days), understood.page, size=DAYS_PER_PAGE)
    more = Button("Trang sau", f"lich trang {page.number + 1}") if page.left else None
    return turn.say(
        "calendar",
        last=last,
        days=days[page.start : page.stop],
        open=sum(day.open for day in days),
        total=sum(day.total for day in days),
        one_unit=not scope.plan_ids and len(scope.unit_ids) == 1,
        example=groups[0].number if groups else None,
        page=page,
        buttons=buttons.row(more),
    )
