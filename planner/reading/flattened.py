"""A table that an export flattened to lines: its heading words, then cells one after the other, columns lost.

Cells are told by what they say: a number that follows on begins a row, a line that begins with a unit is who, a line
that is a deadline is when, a percent sign and a number are a target. Cells that were merged are missing altogether;
their words are those of the row above, and are marked as such.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from models.terms import DeadlineKind
from planner.reading.columns import Role
from planner.reading.dating import Dating
from planner.reading.flat import Flat, Sight, Words, flat
from planner.reading.flattened_heading import without_headings
from planner.reading.lines import LONG_LINE, clean
from planner.reading.names_on_a_line import second_name, unit_at_the_end
from planner.reading.paper import Paragraph
from planner.reading.table_rows import RowFound
from planner.reading.units import split_units, starts_with_unit

_GROUP = re.compile(r"(?P<no>[IVX]{1,5})(?:\s*[.)]\s*(?P<title>.*)|\s+(?P<words>[A-ZĐÀ-Ỹ]\w.*)|\s*$)")
_INTEGER = re.compile(r"(?P<no>\d{1,3})(?:[.)]?(?:\s+(?P<rest>\S.*))?)?$")
_SUBNUMBER = re.compile(r"(?P<no>\d{1,2}(?:\.\d{1,2}){1,2})[.)]?\s+(?P<rest>[A-ZĐÀ-Ỹ]\S*\s.*)$")
_MEASURE = re.compile(r"(?:%|điểm|hồ sơ|người|xã|lượt|văn bản|tỷ lệ|triệu đồng|tỷ đồng)$", re.IGNORECASE)
_AMOUNT = re.compile(r"[≥>=<]*\s?\d+(?:[.,]\d+)*\s?%?$")
_AMOUNTS = re.compile(
    r"(?P<amounts>\d{1,3}(?:[.,]\d+)?\s?%?(?:\s+\d{1,3}(?:[.,]\d+)?\s?%?)*)(?:\s+(?P<rest>[^\W\d].*))?$"
)
"""What stands before the units of a row whose cells an export set side by side: points, a share to reach."""
_OPEN_TIME = Words(
    r"(?:thường|trước|tháng|quý|năm|hằng|hàng|trong|đến|hoàn thành|chậm nhất|định kỳ)(?: ngày| tháng| quý| năm| hết)*"
)
"""A cell of time broken behind its first words."""
_TIME_AT_THE_END = re.compile(r"\s(?=(?:Thường|Trước|Tháng|Quý|Năm|Hằng|Hàng|Trong|Đến|Định kỳ)\b[^;]{0,40}$)")
_CITATION = Words(
    r"(?:theo |căn cứ )?(?:quyết định|nghị quyết|kế hoạch|chỉ thị|thông tư|công văn|nghị định|thông báo)\b.{0,20}số?"
)
_DEADLINE_START = Words(
    r"(?:thực hiện|hoàn thành|trước|trong|đến|chậm nhất|hằng|hàng|thường xuyên|định kỳ|tháng|quý|quí|năm"
    r"|khi|sau khi|theo)\b"
)
_TIME_WORDS = Words(r"(?:thực hiện|hoàn thành)$")


@dataclass
class _Row:
    """Một hàng đang ghép."""

    number: str
    page: int
    group_no: str
    group: str
    parts: dict[Role, list[str]] = field(default_factory=dict)
    state: Role = Role.TASK
    is_bulleted: bool = False

    def add(self, role: Role, text: str) -> None:
        self.parts.setdefault(role, []).append(text)
        self.state = role

    def go_on(self, text: str) -> None:
        if self.state in self.parts:
            self.parts[self.state][-1] = f"{self.parts[self.state][-1]} {text}"
        else:
            self.add(self.state, text)

    def last(self) -> str:
        lines = self.parts.get(self.state)
        return lines[-1] if lines else ""


def rows_of_lines(
    lines: Sequence[Paragraph], roles: list[Role], *, heading: Sequence[Paragraph], dating: Dating, sight: Sight
) -> list[RowFound]:
    """The rows, from the first line of data on; `heading` stands again on every page."""
    rows = _Rows(roles, dating, sight, is_cell_a_line=_is_cell_a_line(lines))
    for line in without_headings(lines, [text for line in heading if (text := clean(line.text))]):
        text = clean(line.text)
        if text:
            rows.take(text, line.page)
    return rows.finished()


def _is_cell_a_line(lines: Sequence[Paragraph]) -> bool:
    """Whether the export put a whole cell on a line, however long."""
    return any(len(clean(line.text)) > LONG_LINE for line in lines)


class _Rows:
    """Ghép các dòng thành hàng."""

    def __init__(self, roles: list[Role], dating: Dating, sight: Sight, *, is_cell_a_line: bool) -> None:
        self.roles, self.dating, self.sight = roles, dating, sight
        self.is_cell_a_line = is_cell_a_line
        self.rows: list[_Row] = []
        self.row: _Row | None = None
        self.group_no = self.group = ""
        self.expected = 1
        self.awaits_title = False
        self.is_over = False

    def take(self, text: str, page: int) -> None:
        if self.is_over or self._take_group(text):
            return
        if self._take_number(text, page):
            return
        seen = flat(text, self.sight)
        if self.row is None or self._is_row_without_number(text, seen):
            if re.match(r"[-–+•]", text) and self.is_cell_a_line:
                return
            self._begin("", page)
        assert self.row is not None
        self._place(self.row, text, seen)

    def _take_group(self, text: str) -> bool:
        if re.match(r"(?:Phụ lục|PHỤ LỤC|Nơi nhận|Tổng cộng|TỔNG CỘNG)\b", text):
            self.is_over = True
            return True
        if self.awaits_title:
            self.group, self.awaits_title = text, False
            return True
        found = _GROUP.match(text)
        if found is None:
            return False
        if found["words"] and self.is_cell_a_line:
            return False
        self.group_no, self.group = found["no"], found["title"] or found["words"] or ""
        self.awaits_title = not self.group
        self.row = None
        return True

    def _take_number(self, text: str, page: int) -> bool:
        """A number begins a row when it follows on, starts again at one, or stands where no amount can."""
        if self._take_amounts(text) or self._take_number_of_two(text, page):
            return True
        found = _INTEGER.match(text)
        if found is None:
            return False
        number, rest = int(found["no"]), found["rest"] or ""
        if self.row is not None and self.row.state is Role.MEASURE:
            self.row.add(Role.TARGET, text)
            return True
        is_next = number == self.expected or (number == 1 and not rest)
        is_lone = not rest and self.is_cell_a_line and (self.row is None or self._is_full(self.row))
        if not (is_next or is_lone):
            return False
        if rest and not (rest[0].isupper() or rest[0] in "-–"):
            return False
        self._begin(found["no"], page)
        self.expected = number + 1
        if rest:
            assert self.row is not None
            self._place(self.row, rest, flat(rest, self.sight))
        return True

    def _take_number_of_two(self, text: str, page: int) -> bool:
        """ "2.1 …" below "2 …": the row of the whole number, which says neither who nor when, names a group."""
        found = _SUBNUMBER.match(text)
        if found is None or self.is_cell_a_line:
            return False
        number, above = found["no"], self.rows[-1] if self.rows else None
        if above is not None and above.number == number.partition(".")[0] and set(above.parts) <= {Role.TASK}:
            self.rows.pop()
            self.group = " ".join(above.parts.get(Role.TASK, []))
            self.expected = int(above.number) + 1
        self._begin(number, page)
        self._place(self.rows[-1], found["rest"], flat(found["rest"], self.sight))
        return True

    def _take_amounts(self, text: str) -> bool:
        """ "10 70% Phòng Kế hoạch" behind the name of a row: its points, its target, and who."""
        row, found = self.row, _AMOUNTS.match(text)
        roles = [role for role in self.roles if role in {Role.POINTS, Role.TARGET}]
        if row is None or found is None or self.is_cell_a_line or not roles or row.state is not Role.TASK:
            return False
        amounts, rest = re.findall(r"\d[\d.,]*\s?%?", found["amounts"]), flat(found["rest"] or "", self.sight)
        is_number = amounts[0] == str(self.expected) and len(amounts) == 1
        has_who = bool(found["rest"]) and starts_with_unit(rest)
        if Role.TASK not in row.parts or set(roles) & set(row.parts) or (is_number and not has_who):
            return False
        if found["rest"] and not has_who:
            return False
        for role, amount in zip(roles[-len(amounts) :], amounts, strict=False):
            row.add(role, amount.strip())
        row.state = Role.TASK
        if found["rest"]:
            self._place(row, found["rest"], rest)
        return True

    def _begin(self, number: str, page: int) -> None:
        if not number:
            number = ""
        self.row = _Row(number, page, self.group_no, self.group)
        self.rows.append(self.row)

    def _is_full(self, row: _Row) -> bool:
        """Whether the last columns of the row were filled."""
        wanted = Role.BASIS if Role.BASIS in self.roles and Role.TARGET in self.roles else Role.DEADLINE
        return wanted in row.parts or wanted not in self.roles

    def _is_row_without_number(self, text: str, seen: Flat) -> bool:
        """A row whose number cell was empty: words where the row before it is complete."""
        row = self.row
        if row is None or not self.is_cell_a_line or not self._is_full(row):
            return False
        return not text[0].islower() and _CITATION.match(seen) is None and not text.startswith(("(", "-", "+"))

    def _place(self, row: _Row, text: str, seen: Flat) -> None:
        time_at = None if self.is_cell_a_line or Role.DEADLINE in row.parts else self._time_at_the_end(row, text)
        if time_at is None:
            self._place_cell(row, text, seen)
        else:
            self._place_cell(row, text[:time_at].rstrip(), flat(text[:time_at].rstrip(), self.sight))
            row.add(Role.DEADLINE, text[time_at:].strip())

    def _place_cell(self, row: _Row, text: str, seen: Flat) -> None:
        if Role.TASK not in row.parts:
            self._begin_name(row, text, seen)
        elif self._is_measure(row, text):
            row.add(Role.MEASURE, text)
        elif self._is_deadline(row, text):
            row.add(Role.DEADLINE, text)
        elif self._begins_units(row, seen):
            self._add_units(row, text)
        elif self._goes_on(row, text):
            self._go_on(row, text, seen)
        elif row.state is Role.DEADLINE and Role.DELIVERABLE in self.roles:
            row.add(Role.DELIVERABLE, text)
        elif _CITATION.match(seen) and row.state is not Role.TASK:
            row.add(Role.BASIS, text)
        elif row.state in {Role.TASK, Role.BASIS}:
            row.go_on(text)
        elif not text.startswith("("):
            row.state = Role.BASIS  # the title of a group without a number, or a remark: of no row

    def _time_at_the_end(self, row: _Row, text: str) -> int | None:
        """Where the cell of time begins on a line that holds the cell of units before it."""
        found = _TIME_AT_THE_END.search(text) if Role.DEADLINE in self.roles else None
        if found is None:
            return None
        who = flat(text[: found.start()], self.sight)
        is_who = starts_with_unit(who) or row.state in {Role.LEAD, Role.SUPPORTING}
        is_time = self._is_time(text[found.end() :])
        return found.end() if is_time and (is_who or unit_at_the_end(who) is not None) else None

    def _is_time(self, text: str) -> bool:
        seen = flat(text, self.sight)
        if _OPEN_TIME.whole(seen):
            return True
        reading, _ask = self.dating.read(text)
        return reading.kind not in {DeadlineKind.NOT_A_DEADLINE, DeadlineKind.VAGUE}

    def _begin_name(self, row: _Row, text: str, seen: Flat) -> None:
        """The name of the work; where an export set cells side by side, who stands behind it on the same line."""
        cut = unit_at_the_end(seen) if not self.is_cell_a_line else None
        row.add(Role.TASK, seen.verbatim(0, cut) if cut else text)
        if cut:
            self._add_who(row, seen.part(cut))

    def _go_on(self, row: _Row, text: str, seen: Flat) -> None:
        """The rest of a cell; behind the last words of the name, who, as far as it stands on the same line."""
        is_name = row.state is Role.TASK and Role.LEAD not in row.parts and not self.is_cell_a_line
        cut = unit_at_the_end(seen) if is_name else None
        row.go_on(seen.verbatim(0, cut) if cut else text)
        if cut:
            self._add_who(row, seen.part(cut))

    def _add_who(self, row: _Row, who: Flat) -> None:
        """Who leads; behind it who helps, where a second name begins without a comma: two cells of one line."""
        cut = second_name(who) if Role.SUPPORTING in self.roles else None
        row.add(Role.LEAD, who.verbatim(0, cut) if cut else who.verbatim(0))
        if cut:
            row.add(Role.SUPPORTING, who.verbatim(cut))

    def _is_measure(self, row: _Row, text: str) -> bool:
        return Role.TARGET in self.roles and _MEASURE.match(text) is not None and row.state is not Role.TASK

    def _is_deadline(self, row: _Row, text: str) -> bool:
        if Role.DEADLINE not in self.roles or row.state is Role.DEADLINE or len(text.split()) > 20:  # noqa: PLR2004 - as long as a cell of that kind gets
            return False
        seen = flat(text, self.sight)
        if not self.is_cell_a_line and row.state is not Role.TASK and text[0].isupper() and _OPEN_TIME.whole(seen):
            return True
        if _DEADLINE_START.match(seen) is None or not (row.state is not Role.TASK or text[0].isupper()):
            return False
        reading, _ask = self.dating.read(text)
        is_read = reading.kind not in {DeadlineKind.NOT_A_DEADLINE, DeadlineKind.VAGUE}
        return is_read or _TIME_WORDS.whole(seen) is not None

    def _begins_units(self, row: _Row, seen: Flat) -> bool:
        words = seen.part(re.match(r"[-–+•]?\s*", seen.seen).end())  # type: ignore[union-attr]
        is_capital = words.is_capital(0)
        return (
            is_capital
            and starts_with_unit(words)
            and row.state in {Role.TASK, Role.LEAD, Role.SUPPORTING}
            and not self._is_open(row)
        )

    def _is_open(self, row: _Row) -> bool:
        """The line before breaks inside a name."""
        last = row.last()
        return last.endswith((" và", ",", " -", " –")) or (
            row.state is not Role.TASK and last.count("(") > last.count(")")
        )

    def _goes_on(self, row: _Row, text: str) -> bool:
        """The rest of a cell that was wrapped."""
        is_rest = text[0].islower() or self._is_open(row)
        if row.state is Role.DEADLINE:
            last = flat(row.last(), self.sight)
            is_open = _TIME_WORDS.whole(last) is not None or _OPEN_TIME.whole(last) is not None
            return is_rest or text[0] == "(" or is_open
        if row.state is Role.TASK:
            return is_rest or not self.is_cell_a_line
        return is_rest and row.state in {Role.LEAD, Role.SUPPORTING, Role.DELIVERABLE}

    def _add_units(self, row: _Row, text: str) -> None:
        is_bullet = text[0] in "-–+•"
        if Role.LEAD not in row.parts:
            row.add(Role.LEAD, text)
            row.is_bulleted = is_bullet
        elif (
            row.state is Role.LEAD
            and not self.is_cell_a_line
            and (is_bullet == row.is_bulleted)
            and (is_bullet or row.last().endswith((";", ",")))
        ) or Role.SUPPORTING in row.parts:
            row.go_on(text)
        else:
            row.add(Role.SUPPORTING, text)

    def finished(self) -> list[RowFound]:
        found: list[RowFound] = []
        for count, row in enumerate(self.rows):
            cells = {role: " ".join(lines) for role, lines in row.parts.items()}
            if not cells.get(Role.TASK):
                continue
            self._part_the_bullets(cells, row)
            self._part_the_names(cells)
            number = row.number or (str(count + 1) if not row.group_no else "")
            place = ".".join(part for part in (row.group_no, number) if part)
            made = RowFound(cells, row.page, place, row.group)
            _carry(made, found)
            made.is_doubtful = Role.SUPPORTING in self.roles and not {Role.LEAD, Role.SUPPORTING} <= set(row.parts)
            found.append(made)
        return found

    def _part_the_names(self, cells: dict[Role, str]) -> None:
        """Two cells that wrapped into one: "Văn phòng UBND" and, a line below, "tỉnh Các sở, ban, ngành"."""
        if self.is_cell_a_line or Role.SUPPORTING not in self.roles or Role.SUPPORTING in cells:
            return
        who = flat(cells.get(Role.LEAD, ""), self.sight)
        if (cut := second_name(who)) is not None:
            cells[Role.LEAD], cells[Role.SUPPORTING] = who.verbatim(0, cut).strip(), who.verbatim(cut)

    def _part_the_bullets(self, cells: dict[Role, str], row: _Row) -> None:
        """Who leads and who helps were two cells of bullets: where the head word changes, the second began."""
        if (
            not row.is_bulleted
            or Role.SUPPORTING in cells
            or Role.SUPPORTING not in self.roles
            or Role.LEAD not in cells
        ):
            return
        names = split_units(flat(cells[Role.LEAD], self.sight))
        heads = [name.split()[0].casefold() for name in names]
        first_other = next((place for place, head in enumerate(heads) if head != heads[0]), None)
        if first_other:
            cells[Role.LEAD], cells[Role.SUPPORTING] = "; ".join(names[:first_other]), "; ".join(names[first_other:])


def _carry(made: RowFound, above: list[RowFound]) -> None:
    """Who, with whom and when of the row above, where this row has none of its own."""
    if not above:
        return
    before = above[-1]
    had_lead = Role.LEAD in made.cells
    for role in (Role.LEAD, Role.SUPPORTING, Role.DEADLINE):
        if role in made.cells or role not in before.cells:
            continue
        if role is Role.SUPPORTING and had_lead and Role.DEADLINE in made.cells:
            continue
        made.cells[role] = before.cells[role]
        made.inherited.add(role)
