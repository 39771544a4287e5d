"""dondoc plan: plan files checked and loaded, plans listed and shown."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.command_line.console import as_json as to_json
from bot.command_line.console import say, say_rows, say_table, tell, vietnamese
from bot.command_line.days import parse_day, today
from bot.command_line.errors import BAD_INPUT, unknown
from bot.command_line.files import in_folder, plan_files, read_bytes, shown
from bot.command_line.plan_source import add_to as add_source
from bot.command_line.units import UNIT_FILE
from bot.command_line.usage import Command, make_app
from bot.command_line.workplace import finish, opened
from bot.settings import Settings, load_settings, work_calendar
from models.clock import system_clock
from models.errors import FileProblemsError, Problem

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession

    from planner.import_plan import PlanLoaded
    from planner.plan_draft import PlanDraft
    from planner.unit_directory import UnitDirectoryDraft
    from planner.workdays import WorkCalendar

app = make_app("Kế hoạch, công văn giao việc.")

Files = Annotated[list[Path] | None, typer.Argument(metavar="TỆP…", help="Tệp kế hoạch; để trống: các tệp có sẵn.")]
Json = Annotated[bool, typer.Option("--json", help="In JSON cho chương trình khác.")]


@dataclass
class _Reading:
    """Các tệp đã đọc: drafts of those without mistakes, problems of all."""

    drafts: list["PlanDraft"] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def raise_if_any(self) -> None:
        if self.problems:
            raise FileProblemsError(self.problems)


@app.command("check", cls=Command)
def check(files: Files = None, *, as_json: Json = False) -> None:
    """Đọc thử tệp kế hoạch và báo mọi lỗi một lần; không ghi gì."""
    reading = finish(_check(files or []))
    if as_json:
        say(to_json({"plans": [_summary(draft) for draft in reading.drafts], "problems": _problem_rows(reading)}))
        if reading.problems:
            raise typer.Exit(BAD_INPUT)
        return
    reading.raise_if_any()
    for draft in reading.drafts:
        say(f"{draft.code}: {len(draft.tasks)} nhiệm vụ, không có lỗi ({draft.file}).")


async def _check(files: Sequence[Path]) -> _Reading:
    settings = load_settings()
    calendar = work_calendar(settings)
    async with opened(settings) as database, database.read() as session:
        directory = await _directory(session) or _directory_file(files)
        return await _read(session, files, directory, settings, calendar)


@app.command("load", cls=Command)
def load(
    files: Files = None,
    *,
    track_from: Annotated[
        str | None,
        typer.Option("--track-from", metavar="NGÀY", help="Theo dõi các thời hạn từ ngày này; mặc định hôm nay."),
    ] = None,
    reason: Annotated[
        str | None, typer.Option("--reason", metavar="LÝ DO", help="Lý do, khi tệp đổi thời hạn của việc đang mở.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Nạp kế hoạch; nạp lại chỉ đổi những gì đã sửa. Có một lỗi thì không ghi gì."""
    since = parse_day(track_from, "--track-from") if track_from is not None else None
    loaded = finish(_load(files or [], track_from=since, reason=reason, is_quiet=as_json))
    if as_json:
        say(to_json({"plans": [asdict(each) for each in loaded]}))
        return
    for each in loaded:
        say(_loaded_sentence(each))


async def _load(
    files: Sequence[Path], *, track_from: date | None, reason: str | None, is_quiet: bool
) -> list["PlanLoaded"]:
    from planner.import_plan import import_plan
    from planner.import_units import import_units
    from planner.report_progress import Said

    settings = load_settings()
    calendar = work_calendar(settings)
    said = Said(None, "command-line", "plan load", system_clock())
    loaded = []
    async with opened(settings) as database:
        async with database.read() as session:
            stored = await _directory(session)
            directory = stored or _directory_file(files)
            reading = await _read(session, files, directory, settings, calendar)
        reading.raise_if_any()
        async with database.write() as session:
            if stored is None:
                await import_units(session, directory)
            with _progress(len(reading.drafts), is_quiet=is_quiet) as steps:
                for draft in reading.drafts:
                    steps.describe(f"{draft.code}: {len(draft.tasks)} nhiệm vụ")
                    loaded.append(
                        await import_plan(
                            session,
                            draft,
                            said=said,
                            calendar=calendar,
                            before=settings.before_reading,
                            track_from=track_from,
                            reason=reason,
                        )
                    )
                    steps.advance()
                await session.commit()
    return loaded


async def _read(
    session: "AsyncSession",
    files: Sequence[Path],
    directory: "UnitDirectoryDraft",
    settings: Settings,
    calendar: "WorkCalendar",
) -> _Reading:
    """Every file, and what holds between them and with what is loaded already."""
    from bot.command_line.stored import task_codes
    from planner.plan_file import parse_plan

    reading, unread = _Reading(), set[str]()
    for path in plan_files(files):
        try:
            text = read_bytes(path)
            try:
                draft = parse_plan(
                    text, file=shown(path), known_units=directory, calendar=calendar, before=settings.before_reading
                )
            except FileProblemsError:
                unread |= _codes_in(text)
                raise
        except FileProblemsError as error:
            reading.problems += error.problems
        else:
            reading.drafts.append(draft)
    known = unread | await task_codes(session, outside={draft.code for draft in reading.drafts})
    reading.problems += _between_plans(reading.drafts, files, known)
    return reading


def _between_plans(drafts: "Sequence[PlanDraft]", files: Sequence[Path], known: set[str]) -> Iterator[Problem]:
    from planner.plan_references import reference_problems

    yield from _repeated_plans(drafts)
    problems = reference_problems(drafts, known_codes=known)
    if problems:
        # a paper that waits in the same folder may be loaded later: naming its tasks is no slip of the pen
        problems = reference_problems(drafts, known_codes=known | _codes_beside(files))
    yield from problems


def _repeated_plans(drafts: "Sequence[PlanDraft]") -> Iterator[Problem]:
    first: dict[str, str] = {}
    for draft in drafts:
        if first.setdefault(draft.code, draft.file) != draft.file:
            message = f"Mã kế hoạch {draft.code} đã dùng ở {first[draft.code]}: mỗi kế hoạch một mã riêng."
            yield Problem(draft.file, 1, None, "plan", message)


def _codes_beside(files: Sequence[Path]) -> set[str]:
    folders = {path.parent for path in plan_files(files)}
    siblings = [path for folder in folders for path in in_folder(folder)]
    return {code for path in siblings for code in _codes_in(path.read_bytes())}


def _codes_in(text: bytes) -> set[str]:
    """Task codes of a plan file that may be full of mistakes."""
    from planner.marked_yaml import Node, ProblemList, read_tree

    def child(node: Node | None, name: str) -> Any:
        found = node.value.get(name) if node is not None and isinstance(node.value, dict) else None
        return found.value if found is not None else None

    tasks = child(read_tree(text, ProblemList("")), "tasks")
    codes = [child(task, "code") for task in tasks] if isinstance(tasks, list) else []
    return {code for code in codes if isinstance(code, str)}


async def loaded_or_own_directory(session: "AsyncSession") -> "UnitDirectoryDraft":
    """The directory that is loaded, else the one that comes with the program."""
    return await _directory(session) or _directory_file([])


async def _directory(session: "AsyncSession") -> "UnitDirectoryDraft | None":
    """The directory that is loaded; None when there is none yet."""
    from bot.command_line.stored import unit_codes
    from planner.stored_directory import load_directory

    if not await unit_codes(session):
        return None
    return await load_directory(session)


def _directory_file(files: Sequence[Path]) -> "UnitDirectoryDraft":
    """The directory that lies beside the plans given, else the one that comes with the program."""
    from planner.unit_file import parse_units

    beside = (path.parent / UNIT_FILE.name for path in plan_files(files))
    file = next((each for each in beside if each.is_file()), UNIT_FILE)
    return parse_units(read_bytes(file), file=shown(file))


class _Steps:
    """Tiến độ nạp: silent unless a bar is given."""

    def __init__(self, bar: Any = None, total: int = 0) -> None:
        self._bar = bar
        self._row = None if bar is None else bar.add_task("", total=total)

    def describe(self, text: str) -> None:
        if self._bar is not None:
            self._bar.update(self._row, description=text)

    def advance(self) -> None:
        if self._bar is not None:
            self._bar.advance(self._row)


@contextmanager
def _progress(total: int, *, is_quiet: bool) -> Iterator[_Steps]:
    """A bar on a terminal, nothing anywhere else."""
    import sys

    from bot.command_line.console import rich_console

    console = rich_console(sys.stderr)
    if is_quiet or not console.is_terminal:
        yield _Steps()
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        yield _Steps(bar, total)


def _loaded_sentence(loaded: "PlanLoaded") -> str:
    if loaded.is_new:
        return f"{loaded.plan_code}: mới, {len(loaded.added)} nhiệm vụ, mở {loaded.opened_assignments} việc."
    parts = [
        (len(loaded.added), "thêm"),
        (len([code for code in loaded.updated if code != loaded.plan_code]), "sửa"),
        (len(loaded.moved), "đổi thời hạn"),
        (len(loaded.closed), "đóng"),
    ]
    told = [f"{count} nhiệm vụ {word}" for count, word in parts if count]
    if loaded.plan_code in loaded.updated:
        told.insert(0, "sửa thông tin kế hoạch")
    if loaded.moved_assignments:
        told.append(f"gia hạn {loaded.moved_assignments} việc đang mở")
    if loaded.opened_assignments:
        told.append(f"mở {loaded.opened_assignments} việc")
    return f"{loaded.plan_code}: {', '.join(told) or 'không có gì thay đổi'}."


def _summary(draft: "PlanDraft") -> dict[str, object]:
    return {"file": draft.file, "plan": draft.code, "tasks": len(draft.tasks)}


def _problem_rows(reading: _Reading) -> list[dict[str, object]]:
    return [
        {
            "file": each.file,
            "line": each.line,
            "task": each.task_code,
            "field": each.field,
            "message": each.message,
        }
        for each in reading.problems
    ]


@app.command("list", cls=Command)
def list_plans(*, as_json: Json = False) -> None:
    """Liệt kê kế hoạch đã nạp, với bốn con số đến hôm nay."""
    rows = finish(_rows())
    if as_json:
        say_rows(rows)
        return
    if not rows:
        tell("Chưa có kế hoạch nào: nạp bằng dondoc plan load.")
        return
    say_table(
        ("Mã", "Số, ký hiệu", "Tên", "Nhiệm vụ", "Đúng hạn", "Xong muộn", "Trong hạn", "Quá hạn"),
        ((row["plan"], row["document_no"], row["title"], row["tasks"], *row["counts"].values()) for row in rows),
        right=(3, 4, 5, 6, 7),
    )


async def _rows() -> list[dict[str, Any]]:
    from bot.command_line.stored import plan_rows

    async with opened(load_settings()) as database, database.read() as session:
        return await plan_rows(session, today=today())


@app.command("show", cls=Command)
def show(code: Annotated[str, typer.Argument(metavar="MÃ", help="Mã kế hoạch.")], *, as_json: Json = False) -> None:
    """Xem một kế hoạch và các nhiệm vụ của nó."""
    plan = finish(_show(code))
    if as_json:
        say(to_json(plan))
        return
    say(f"{plan['plan']} · {plan['document_no'] or 'chưa có số'} · {plan['title']}")
    say(f"Đầu mối: {plan['coordinating_unit']} · theo dõi từ {vietnamese(plan['track_from'])} · {_validity(plan)}")
    for note in plan["notes"]:
        say(f"Lưu ý: {note}")
    say_table(
        ("Mã", "Nhiệm vụ", "Thời hạn", "Chủ trì"),
        ((row["task"], row["title"], _deadline(row), ", ".join(row["lead"])) for row in plan["task_rows"]),
    )
    say(f"Tổng {plan['tasks']} nhiệm vụ đang theo dõi.")


async def _show(code: str) -> dict[str, Any]:
    from bot.command_line.stored import plan_codes, plan_notes, plan_rows, task_rows

    async with opened(load_settings()) as database, database.read() as session:
        rows = await plan_rows(session, today=today(), code=code)
        if not rows:
            raise unknown("plan", code, await plan_codes(session))
        return rows[0] | {"notes": await plan_notes(session, code), "task_rows": await task_rows(session, code)}


def _validity(plan: dict[str, Any]) -> str:
    return (
        f"hiệu lực đến {vietnamese(plan['valid_to'])}" if plan["valid_to"] else "hiệu lực đến khi có văn bản thay thế"
    )


def _deadline(row: dict[str, Any]) -> str:
    if row["closed_at"]:
        return "đã đóng"
    return row["deadline"] or ("thường xuyên" if row["is_ongoing"] else "không có thời hạn")


add_source(app)
