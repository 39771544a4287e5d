"""People on paper: a table from a spreadsheet or a CSV file, read with every mistake told at once.

What lies in the file is never run and never unpacked beyond what a list of people can need.
"""

import csv
import io
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from models.terms import Role
from planner.file_section import suggestion
from planner.marked_yaml import ProblemList, quoted
from planner.plain_text import plain, tidy
from planner.unit_directory import UnitDirectoryDraft, UnitDraft

LARGEST_FILE = 5_000_000
LARGEST_UNPACKED = 40_000_000
"""Bytes of a spreadsheet's parts together; ten thousand people take about five million."""
MOST_PARTS = 200
MOST_ROWS = 10_000
MOST_COLUMNS = 30
LONGEST_NAME = 120

NAME, UNIT, ROLE, NOTE = "Họ và tên", "Đơn vị (mã hoặc tên)", "Vai trò", "Ghi chú"
COLUMNS = (NAME, UNIT, ROLE, NOTE)
EXAMPLE = "VÍ DỤ"
"""Rows whose name begins with it came with the template and are passed over."""

ROLE_WORDS = {
    "thủ trưởng": Role.UNIT_HEAD,
    "chuyên viên": Role.OFFICER,
    "đầu mối": Role.COORDINATOR,
    "lãnh đạo": Role.LEADER,
    "quản trị": Role.ADMIN,
}
OTHER_ROLE_WORDS = {"thủ trưởng đơn vị": Role.UNIT_HEAD, "đầu mối đôn đốc": Role.COORDINATOR}

_HEADINGS = {
    "ho va ten": NAME, "ho ten": NAME, "ten": NAME,
    "don vi ma hoac ten": UNIT, "don vi": UNIT, "ma don vi": UNIT, "ten don vi": UNIT,
    "vai tro": ROLE,
    "ghi chu": NOTE,
}  # fmt: skip
_SPREADSHEET, _OLD_SPREADSHEET = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_FORMULA = "\0formula"
_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")

Cells = Sequence[str]


@dataclass(frozen=True, slots=True)
class PersonRow:
    """Một dòng của bảng: one role of one person in one unit."""

    line: int
    full_name: str
    unit_code: str
    role: Role


@dataclass(frozen=True, slots=True)
class PeopleDraft:
    """Danh sách người trong tệp. `notes` are sentences about what was passed over."""

    rows: tuple[PersonRow, ...]
    notes: tuple[str, ...] = ()


def role_of(word: str) -> Role | None:
    """The role meant by a Vietnamese word, accents and case not counted, or by its stored value."""
    known = {plain(each): role for each, role in (ROLE_WORDS | OTHER_ROLE_WORDS).items()}
    known |= {plain(role.value): role for role in Role}
    return known.get(plain(word))


def name_key(full_name: str) -> str:
    """Equal for the same name however it is typed: case, composition, and "Hoà" for "Hòa"; never without accents."""
    words = unicodedata.normalize("NFD", tidy(full_name).casefold()).split()
    return " ".join(
        "".join(each for each in word if each not in _TONES) + "".join(each for each in word if each in _TONES)
        for word in words
    )


def parse_people(data: bytes, *, file: str, directory: UnitDirectoryDraft, today: date) -> PeopleDraft:
    """The people a file names; raises FileProblemsError with every problem at once."""
    problems = ProblemList(file)
    table = _read_table(data, problems)
    problems.raise_if_any()
    reader = _Reader(problems, directory, today)
    draft = reader.read(table)
    problems.raise_if_any()
    return draft


class _Reader:
    def __init__(self, problems: ProblemList, directory: UnitDirectoryDraft, today: date) -> None:
        self._problems = problems
        self._directory = directory
        self._today = today
        self._units: dict[str, str | None] = {}
        self._unit_errors: dict[str, str] = {}

    def read(self, table: Iterable[tuple[int, Cells]]) -> PeopleDraft:
        filled = ((line, cells) for line, cells in table if any(cells))
        line, headings = next(filled, (1, ()))
        places, notes = self._places(line, headings)
        if len(places) < len(COLUMNS) - (NOTE not in places):
            return PeopleDraft(())
        rows: dict[tuple[str, str, Role], PersonRow] = {}
        examples = met = 0
        for line, cells in filled:
            told = {name: cells[at] if at < len(cells) else "" for name, at in places.items()}
            if plain(told[NAME]).startswith(plain(EXAMPLE)):
                examples += 1
                continue
            met += 1
            row = self._row(line, told)
            if row is not None:
                rows.setdefault((name_key(row.full_name), row.unit_code, row.role), row)
        if not met:
            self._problems.add("Bảng chưa có người nào dưới dòng tiêu đề.")
        if examples:
            notes.append(f"Bỏ qua {examples} dòng ví dụ của mẫu.")
        return PeopleDraft(tuple(rows.values()), tuple(notes))

    def _places(self, line: int, headings: Cells) -> tuple[dict[str, int], list[str]]:
        places: dict[str, int] = {}
        others = []
        for at, heading in enumerate(headings):
            name = _HEADINGS.get(plain(heading))
            if name is None:
                others += [heading] if heading else []
            elif name in places:
                self._problems.add("Cột này có hai lần: giữ một cột.", line=line, field=name)
            else:
                places[name] = at
        for name in (NAME, UNIT, ROLE):
            if name not in places:
                self._problems.add(f"Thiếu cột {quoted(name)} ở dòng tiêu đề.{suggestion(name, others, limit=1)}")
        notes = [f"Không đọc và không lưu các cột: {', '.join(map(quoted, others[:5]))}."] if others else []
        return places, notes

    def _row(self, line: int, told: dict[str, str]) -> PersonRow | None:
        name, unit, role = (self._cell(line, told, field) for field in (NAME, UNIT, ROLE))
        if name is not None and (len(name) > LONGEST_NAME or not name.isprintable() or not plain(name)):
            self._problems.add(f"Họ tên phải có từ 1 đến {LONGEST_NAME} ký tự và có chữ.", line=line, field=NAME)
            name = None
        unit_code = self._unit(line, unit) if unit is not None else None
        found = role_of(role) if role is not None else None
        if role is not None and found is None:
            near = suggestion(role, ROLE_WORDS) or f" Chọn một trong: {', '.join(ROLE_WORDS)}."
            self._problems.add(f"Không có vai trò {quoted(role)}.{near}", line=line, field=ROLE)
        if name is None or unit_code is None or found is None:
            return None
        return PersonRow(line, name, unit_code, found)

    def _cell(self, line: int, told: dict[str, str], field: str) -> str | None:
        words = told[field]
        if words == _FORMULA:
            self._problems.add("Ô này là công thức: dán lại thành giá trị.", line=line, field=field)
            return None
        if not words:
            self._problems.add("Ô này còn trống.", line=line, field=field)
            return None
        return words

    def _unit(self, line: int, words: str) -> str | None:
        if words not in self._units:
            self._units[words] = self._find(words)
        if self._units[words] is None:
            self._problems.add(self._unit_errors[words], line=line, field=UNIT)
        return self._units[words]

    def _find(self, words: str) -> str | None:
        found = self._directory.candidates(words, on=self._today)
        units = [each for each in found if isinstance(each, UnitDraft)]
        if len(units) == 1:
            return units[0].code
        if units:
            codes = ", ".join(each.code for each in units[:5])
            self._unit_errors[words] = f"{quoted(words)} là tên của nhiều đơn vị: ghi mã, ví dụ {codes}."
        elif found:
            self._unit_errors[words] = f"{quoted(words)} là một nhóm đơn vị: ghi từng đơn vị."
        else:
            is_name = " " in words
            known = [each.name if is_name else each.code for each in self._directory.units]
            self._unit_errors[words] = f"Không có đơn vị nào là {quoted(words)}.{suggestion(words, known)}"
        return None


# --- from bytes to cells ---


def _read_table(data: bytes, problems: ProblemList) -> list[tuple[int, Cells]]:
    """Rows with the number a person sees beside them; empty, with a problem, when it is no table at all."""
    if len(data) > LARGEST_FILE:
        problems.add(f"Tệp lớn hơn {LARGEST_FILE // 1_000_000} MB: chỉ để lại danh sách người.")
    elif data.startswith(_SPREADSHEET):
        return _of_spreadsheet(data, problems)
    elif data.startswith(_OLD_SPREADSHEET):
        problems.add("Tệp là bảng tính dạng cũ (.xls) hoặc có mật khẩu: lưu lại thành .xlsx, không mật khẩu.")
    elif b"\0" in data[:1000]:
        problems.add("Tệp không phải bảng .xlsx, cũng không phải văn bản CSV UTF-8.")
    else:
        return _of_text(data, problems)
    return []


def _of_text(data: bytes, problems: ProblemList) -> list[tuple[int, Cells]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        problems.add("Tệp CSV phải ghi bằng UTF-8: trong Excel chọn “CSV UTF-8” khi lưu.")
        return []
    heading = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(",;\t", key=heading.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    rows: list[tuple[int, Cells]] = []
    try:
        for cells in reader:
            rows.append((reader.line_num, [_text_cell(each) for each in cells[:MOST_COLUMNS]]))
            if _is_too_long(rows, problems):
                return []
    except csv.Error:
        problems.add("Không đọc được dòng này: xem lại dấu ngoặc kép.", line=reader.line_num)
        return []
    return rows


def _of_spreadsheet(data: bytes, problems: ProblemList) -> list[tuple[int, Cells]]:
    import warnings

    try:
        if not _is_fit_to_unpack(data, problems):
            return []
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl tells of styles and checks it will not keep; we keep none
            return _cells(data, problems)
    except Exception:  # noqa: BLE001 -- a damaged file may break a foreign reader anywhere
        problems.add("Không đọc được bảng tính: tệp hỏng, có mật khẩu, hoặc không phải .xlsx.")
        return []


def _is_fit_to_unpack(data: bytes, problems: ProblemList) -> bool:
    """zipfile never unpacks more of a part than its declared size, so the declared sizes are a true bound."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = archive.infolist()
        if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNPACKED:
            problems.add("Bảng tính giải nén ra quá lớn: chép riêng danh sách người sang tệp mới.")
            return False
        if "xl/workbook.xml" not in archive.namelist():
            problems.add("Tệp không phải bảng tính .xlsx.")
            return False
        # a spreadsheet declares no entities; one that does means to grow while it is read
        if any(b"<!" in archive.read(part)[:4096].replace(b"\0", b"") for part in parts if _is_xml(part)):
            problems.add("Bảng tính có phần khai báo không dùng được: chép sang tệp mới rồi lưu lại.")
            return False
    return True


def _is_xml(part: zipfile.ZipInfo) -> bool:
    return part.filename.endswith((".xml", ".rels"))


def _cells(data: bytes, problems: ProblemList) -> list[tuple[int, Cells]]:
    from openpyxl import load_workbook

    workbook = load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
    try:
        sheet = workbook.worksheets[0]
        sheet.reset_dimensions()  # what the file says of its own size may be wrong
        rows: list[tuple[int, Cells]] = []
        for line, cells in enumerate(sheet.iter_rows(max_row=MOST_ROWS + 2, max_col=MOST_COLUMNS), start=1):
            rows.append((line, [_sheet_cell(each) for each in cells]))
        while rows and not any(rows[-1][1]):
            rows.pop()
        return [] if _is_too_long(rows, problems) else rows
    finally:
        workbook.close()


def _is_too_long(rows: Sequence[object], problems: ProblemList) -> bool:
    if len(rows) <= MOST_ROWS + 1:
        return False
    problems.add(f"Bảng có hơn {MOST_ROWS} dòng: chia thành nhiều tệp.")
    return True


def _text_cell(words: str) -> str:
    words = tidy(words)
    return _FORMULA if words.startswith("=") else words


def _sheet_cell(cell: Any) -> str:
    if cell.value is None:
        return ""
    if cell.data_type == "f":
        return _FORMULA
    value = cell.value
    return tidy(str(int(value)) if isinstance(value, float) and value.is_integer() else str(value))


# --- the empty table ---


def write_template(units: Iterable[UnitDraft]) -> bytes:
    """A spreadsheet to fill in: invented rows to see how, and beside them the units and roles to choose from."""
    from openpyxl import Workbook
    from openpyxl.styles import Font
    from openpyxl.worksheet.datavalidation import DataValidation

    listed = list(units)
    workbook = Workbook()
    people = workbook.active
    assert people is not None
    people.title = "Người dùng"
    people.append(COLUMNS)
    for row in _examples(listed):
        people.append(row)
    choices = workbook.create_sheet("Đơn vị và vai trò")
    choices.append(("Mã đơn vị", "Tên đơn vị", "", "Vai trò"))
    roles = list(ROLE_WORDS)
    for at in range(max(len(listed), len(roles))):
        code, name = (listed[at].code, listed[at].name) if at < len(listed) else ("", "")
        choices.append((code, name, "", roles[at] if at < len(roles) else ""))
    check = DataValidation(type="list", formula1=f'"{",".join(roles)}"', allow_blank=True)
    people.add_data_validation(check)
    check.add(f"C2:C{MOST_ROWS}")
    for sheet, widths in ((people, (32, 36, 16, 40)), (choices, (20, 48, 4, 16))):
        for column, width in zip("ABCD", widths, strict=True):
            sheet.column_dimensions[column].width = width
            sheet[f"{column}1"].font = Font(bold=True)
        sheet.freeze_panes = "A2"
    written = io.BytesIO()
    workbook.save(written)
    return written.getvalue()


def _examples(units: Sequence[UnitDraft]) -> Iterator[tuple[str, str, str, str]]:
    unit = units[0] if units else None
    code, name = (unit.code, unit.name) if unit else ("MÃ.ĐƠN.VỊ", "Tên đơn vị")
    note = "Dòng ví dụ, khi nạp sẽ bỏ qua. Cột ghi chú không được lưu."
    yield f"{EXAMPLE}: Nguyễn Thị Mẫu", code, "thủ trưởng", note
    yield f"{EXAMPLE}: Trần Văn Thử", name, "chuyên viên", note
