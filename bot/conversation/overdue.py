"""`/overdue`: the four figures, then everything late by plan and unit; each number has exactly its rows behind it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.conversation import buttons
from bot.conversation.incoming import Reply
from bot.conversation.pages import Page, page_of
from bot.conversation.permissions import Action, may
from bot.conversation.turn import Turn
from bot.conversation.understand import Intent, Understood, fold_in_place, understand
from models.clock import civil_day
from models.terms import Answer, PlanKind
from planner.list_overdue import LastAnswer, LateGroup, count_states, group_late, last_answers, late_views
from planner.list_work import Named, find_plans, find_units, unit_names, units_reached
from planner.scope import Scope
from planner.views import AssignmentView
from reminders.channel import Button
from reminders.wording import short_day, shorten

GROUPS_PER_PAGE = 8
ROWS_PER_PAGE = 5
NUMBERS_SHOWN = 6
LINES_PER_GROUP = 3
QUOTE = 40
WORDS_READ = 12
NAMES_SHOWN = 5

_SILENT = re.compile(r"\bchua[ -]?phan[ -]?hoi\b")
_BY_UNIT = re.compile(r"\btheo[ -]?don[ -]?vi\b")
ANSWER_WORDS = {
    Answer.DONE: "đã nộp",
    Answer.IN_PROGRESS: "đang làm",
    Answer.BLOCKED: "vướng mắc",
    Answer.UNBLOCKED: "đã hết vướng mắc",
    Answer.EXTENSION: "xin gia hạn",
    Answer.NOT_STARTED: "chưa làm",
    Answer.ACKNOWLEDGED: "đã nhận việc",
    Answer.NOTHING_NEW: "không có gì mới",
    Answer.WRONG_UNIT: "báo không thuộc đơn vị mình",
    Answer.EVIDENCE: "đã gửi tài liệu",
}


@dataclass(frozen=True, slots=True)
class Filter:
    """Cách lọc danh sách quá hạn. `words` are those that named the unit or the plan, to be said again in buttons."""

    unit: Named | None = None
    plan: Named | None = None
    only_silent: bool = False
    by_unit: bool = False

    def keeps(self, group: LateGroup) -> bool:
        is_named = self.names(plan_id=group.plan_id, unit_id=group.unit_id)
        return is_named and (not self.only_silent or group.never_answered > 0)

    def names(self, *, plan_id: int, unit_id: int) -> bool:
        return (self.unit is None or unit_id == self.unit.id) and (self.plan is None or plan_id == self.plan.id)

    def count(self, groups: Sequence[LateGroup]) -> int:
        return sum(group.never_answered if self.only_silent else group.count for group in groups)

    @property
    def is_narrow(self) -> bool:
        return self.unit is not None or self.plan is not None or self.only_silent

    def command(self, verb: str = "quahan") -> str:
        """What to type to get this list again."""
        words = [verb, self.plan.code.lower() if self.plan else "", self.unit.code.lower() if self.unit else ""]
        words += ["chua phan hoi" if self.only_silent else "", "theo don vi" if self.by_unit else ""]
        return " ".join(word for word in words if word)


@dataclass(frozen=True, slots=True)
class Line:
    """Một dòng: assignments of one unit with the same last day and the same last answer."""

    unit_name: str
    numbers: str
    count: int
    oldest_on: date
    answer: str


@dataclass(frozen=True, slots=True)
class PlanBlock:
    """Các dòng của một kế hoạch trên trang; `total` counts all its late work, on every page."""

    heading: str
    total: int
    lines: list[Line]


@dataclass(frozen=True, slots=True)
class SomeUnits:
    """Vài đơn vị nêu tên, and how many more there are."""

    names: list[str]
    more: int = 0


NOBODY = SomeUnits([])


async def overdue(turn: Turn, understood: Understood) -> list[Reply]:
    """Computed from dates at this moment."""
    scope = await turn.list_scope()
    if scope.is_empty:
        return turn.say("nothing_to_follow")
    wanted = await read_filter(turn, understood.rest, scope)
    if wanted is None:
        return turn.say("no_such_filter", words=understood.rest)
    groups = await group_late(turn.session, scope, today=turn.today)
    if not groups:
        counts = await count_states(turn.session, scope, today=turn.today)
        return turn.say("overdue_none", counts=counts)
    kept = [group for group in groups if wanted.keeps(group)] if wanted.is_narrow else groups
    if wanted.by_unit:
        return await _units(turn, understood, scope, wanted, groups, kept)
    if wanted.unit is not None or (not scope.plan_ids and len({group.unit_id for group in groups}) == 1):
        return await _rows(turn, understood, scope, wanted, groups, kept)
    return await _grouped(turn, understood, scope, wanted, groups, kept)


async def read_filter(turn: Turn, words: str, scope: Scope) -> Filter | None:
    """What a person wants to see of the late work; None when the words name nothing in their scope."""
    folded = fold_in_place(words)
    found = Filter(only_silent=bool(_SILENT.search(folded)), by_unit=bool(_BY_UNIT.search(folded)))
    name = _without(words, _SILENT, _BY_UNIT)
    if not name:
        return found
    words_of = name.split()[:WORDS_READ]
    # "kh146", "kh 146", "kh146 sở y tế", "sở y tế", and last "sở y tế kh146": a plan's words mostly come first
    for cut in range(len(words_of), -1, -1):
        narrowed = await _named(turn, found, " ".join(words_of[:cut]), " ".join(words_of[cut:]), scope)
        if narrowed is not None:
            return narrowed
    for cut in range(1, len(words_of)):
        narrowed = await _named(turn, found, " ".join(words_of[cut:]), " ".join(words_of[:cut]), scope)
        if narrowed is not None:
            return narrowed
    return None


async def _named(turn: Turn, found: Filter, plan_words: str, unit_words: str, scope: Scope) -> Filter | None:
    if plan_words:
        plans = await find_plans(turn.session, plan_words, scope)
        if len(plans) != 1:
            return None
        found = replace(found, plan=plans[0])
    if unit_words:
        units = await find_units(turn.session, unit_words, scope)
        if len(units) != 1:
            return None
        found = replace(found, unit=units[0])
    return found


def _without(words: str, *patterns: re.Pattern[str]) -> str:
    for pattern in patterns:
        while match := pattern.search(fold_in_place(words)):
            words = f"{words[: match.start()]} {words[match.end() :]}"
    return " ".join(words.split()).strip(" ,.:;")


async def _grouped(
    turn: Turn,
    understood: Understood,
    scope: Scope,
    wanted: Filter,
    groups: list[LateGroup],
    kept: list[LateGroup],
) -> list[Reply]:
    """By plan and unit, a page of groups at a time."""
    counts = await count_states(turn.session, scope, today=turn.today)
    page = page_of(len(kept), understood.page, size=GROUPS_PER_PAGE)
    on_page = kept[page.start : page.stop]
    views = await late_views(turn.session, scope, today=turn.today, within=on_page, never_answered=wanted.only_silent)
    answers = await last_answers(turn.session, [view.id for view in views])
    is_first = page.number == 1
    unlinked, unreachable = await _not_reached(turn, groups) if is_first and not wanted.is_narrow else (NOBODY, NOBODY)
    silent = sum(group.never_answered for group in groups)
    can_nudge = may(turn.person, Action.NUDGE) and bool(scope.plan_ids)
    narrow_count = wanted.count(kept)
    return turn.say(
        "overdue",
        counts=counts,
        wanted=wanted,
        matched=narrow_count,
        matched_plan=plan_heading(views[0]) if wanted.plan and views else None,
        blocks=_blocks(turn, views, answers, kept, wanted),
        page=page,
        left=wanted.count(kept[page.stop :]),
        next_page=f"{wanted.command()} trang {page.number + 1}",
        unlinked=unlinked,
        unreachable=unreachable,
        example_unit=views[0].unit_name if views else None,
        buttons=buttons.first_four(
            _more_key(wanted, page),
            _nudge_key(wanted, narrow_count) if can_nudge and narrow_count and not wanted.only_silent else None,
            Button(f"Chưa phản hồi: {silent}", "quahan chua phan hoi") if silent and not wanted.is_narrow else None,
            _export_key(turn, wanted, narrow_count),
            Button("Theo đơn vị", "quahan theo don vi") if not wanted.is_narrow and is_first else None,
        ),
    )


async def _not_reached(turn: Turn, groups: Sequence[LateGroup]) -> tuple[SomeUnits, SomeUnits]:
    """Units with late work whom no message reaches: (nobody ever linked, linked and no longer heard)."""
    reached = await units_reached(turn.session, today=turn.today)
    late = sorted({group.unit_id for group in groups})
    unheard = reached.linked - reached.reachable
    unlinked = [unit_id for unit_id in late if unit_id not in reached.linked]
    unreachable = [unit_id for unit_id in late if unit_id in unheard]
    names = await unit_names(turn.session, [*unlinked[:NAMES_SHOWN], *unreachable[:NAMES_SHOWN]])
    return _some(unlinked, names), _some(unreachable, names)


def _some(unit_ids: Sequence[int], names: dict[int, str]) -> SomeUnits:
    return SomeUnits([names[unit_id] for unit_id in unit_ids[:NAMES_SHOWN]], max(0, len(unit_ids) - NAMES_SHOWN))


def _nudge_key(wanted: Filter, count: int) -> Button:
    return Button(f"Nhắc tất cả {count} việc", wanted.command("nhac tat ca"))


def _export_key(turn: Turn, wanted: Filter, count: int) -> Button | None:
    """The same list as a spreadsheet, where there is one and the person may have it."""
    if not count or not may(turn.person, Action.EXPORT):
        return None
    return Button("Xuất Excel", replace(wanted, by_unit=False).command("xuat"))


def _more_key(wanted: Filter, page: Page) -> Button | None:
    return Button("Trang sau", f"{wanted.command()} trang {page.number + 1}") if page.left else None


def _blocks(
    turn: Turn,
    views: Sequence[AssignmentView],
    answers: dict[int, LastAnswer],
    kept: Sequence[LateGroup],
    wanted: Filter,
) -> list[PlanBlock]:
    by_plan: dict[int, dict[int, list[AssignmentView]]] = {}
    for view in views:
        by_plan.setdefault(view.plan_id, {}).setdefault(view.unit_id, []).append(view)
    order = {(group.plan_id, group.unit_id): place for place, group in enumerate(kept)}
    blocks = []
    for plan_id, by_unit in sorted(by_plan.items()):
        units = sorted(by_unit.items(), key=lambda item: order[plan_id, item[0]])
        total = wanted.count([group for group in kept if group.plan_id == plan_id])
        lines = [line for _, found in units for line in _lines(turn, found, answers)]
        blocks.append(PlanBlock(plan_heading(next(iter(by_unit.values()))[0]), total, lines))
    return blocks


def _lines(turn: Turn, views: Sequence[AssignmentView], answers: dict[int, LastAnswer]) -> list[Line]:
    """Assignments that would read alike share a line; beyond three lines the rest of a unit shares the last."""
    alike: dict[tuple[date, str], list[AssignmentView]] = {}
    for view in views:
        assert view.effective_on is not None
        words = answer_words(answers.get(view.id), today=turn.today, is_secret=view.is_secret)
        alike.setdefault((view.effective_on, words), []).append(view)
    clusters = sorted(alike.items(), key=lambda item: item[0][0])
    lines = [_line(found, words) for (_, words), found in clusters[:LINES_PER_GROUP]]
    rest = [view for _, found in clusters[LINES_PER_GROUP:] for view in found]
    return [*lines, _line(rest, "xem từng việc theo đơn vị")] if rest else lines


def _line(views: Sequence[AssignmentView], answer: str) -> Line:
    oldest = min((view for view in views if view.effective_on), key=lambda view: view.effective_on or date.max)
    assert oldest.effective_on is not None
    shown = ", ".join(str(view.number) for view in views[:NUMBERS_SHOWN])
    numbers = shown if len(views) <= NUMBERS_SHOWN else f"{shown}… ({len(views)} việc)"
    return Line(oldest.unit_name, numbers, len(views), oldest.effective_on, answer)


def plan_heading(view: AssignmentView) -> str:
    """CV 1487/UBND-NC, the number as it stands on the paper."""
    if view.is_secret or not view.document_no:
        return view.plan_label
    return f"{'CV' if view.plan_kind is PlanKind.OFFICIAL_LETTER else 'KH'} {view.document_no}"


def answer_words(answer: LastAnswer | None, *, today: date, is_secret: bool = False) -> str:
    """ "vướng phần mềm" (01/11): their own words where there are any and may be shown, else what they pressed."""
    if answer is None:
        return "chưa phản hồi"
    day = short_day(civil_day(answer.reported_at), today=today)
    understood = understand(answer.said)
    own = answer.said if understood.intent is Intent.UNKNOWN else understood.rest
    if own and not is_secret:
        return f'"{shorten(own, QUOTE)}" ({day})'
    percent = f" {answer.percent}%" if answer.percent is not None else ""
    return f"{ANSWER_WORDS[answer.answer]}{percent} ({day})"


async def _rows(
    turn: Turn,
    understood: Understood,
    scope: Scope,
    wanted: Filter,
    groups: list[LateGroup],
    kept: list[LateGroup],
) -> list[Reply]:
    """One unit: each late assignment in two lines."""
    counts = await count_states(turn.session, scope, today=turn.today)
    views = await late_views(turn.session, scope, today=turn.today, within=kept, never_answered=wanted.only_silent)
    page = page_of(len(views), understood.page, size=ROWS_PER_PAGE)
    shown = views[page.start : page.stop]
    answers = await last_answers(turn.session, [view.id for view in shown])
    unit_id = wanted.unit.id if wanted.unit else groups[0].unit_id
    name = wanted.unit.name if wanted.unit else (await unit_names(turn.session, [unit_id]))[unit_id]
    can_nudge = may(turn.person, Action.NUDGE) and bool(scope.plan_ids) and not wanted.only_silent
    is_own = unit_id in turn.own_units
    keys = [Button(f"Xem việc {view.number}", f"xem {view.number}") for view in shown[:3]] if is_own else []
    return turn.say(
        "overdue_rows",
        unit_name=name,
        counts=counts,
        is_whole=not wanted.is_narrow,
        wanted=wanted,
        total=len(views),
        rows=[(view, answer_words(answers.get(view.id), today=turn.today, is_secret=view.is_secret)) for view in shown],
        plan=plan_heading(views[0]) if wanted.plan and views else None,
        is_own=is_own,
        page=page,
        buttons=buttons.first_four(
            _more_key(wanted, page),
            _nudge_key(wanted, len(views)) if can_nudge and views else None,
            _export_key(turn, wanted, len(views)),
            *keys,
        ),
        about=tuple(view.id for view in shown) if is_own else (),
    )


@dataclass(frozen=True, slots=True)
class UnitLine:
    """Một đơn vị trong danh sách theo đơn vị."""

    name: str
    count: int
    oldest_on: date
    never_answered: int


async def _units(
    turn: Turn,
    understood: Understood,
    scope: Scope,
    wanted: Filter,
    groups: list[LateGroup],
    kept: list[LateGroup],
) -> list[Reply]:
    """How much each unit owes, the latest first."""
    del groups
    counts = await count_states(turn.session, scope, today=turn.today)
    by_unit: dict[int, list[LateGroup]] = {}
    for group in kept:
        by_unit.setdefault(group.unit_id, []).append(group)
    order = sorted(by_unit.items(), key=lambda item: (min(group.oldest_on for group in item[1]), item[0]))
    page = page_of(len(order), understood.page, size=GROUPS_PER_PAGE)
    on_page = order[page.start : page.stop]
    names = await unit_names(turn.session, [unit_id for unit_id, _ in on_page])
    lines = [
        UnitLine(
            names[unit_id],
            wanted.count(found),
            min(group.oldest_on for group in found),
            sum(group.never_answered for group in found),
        )
        for unit_id, found in on_page
    ]
    return turn.say(
        "overdue_units",
        counts=counts,
        wanted=wanted,
        matched=wanted.count(kept),
        units=len(order),
        lines=lines,
        page=page,
        next_page=f"{wanted.command()} trang {page.number + 1}",
        buttons=buttons.row(_more_key(wanted, page), _export_key(turn, wanted, wanted.count(kept))),
    )
