"""dondoc import: letters read as a dry run, shown or saved as a plan file; nothing is stored."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.command_line.console import as_json as to_json
from bot.command_line.console import flush, rich_console, say, say_table, tell, vietnamese
from bot.command_line.errors import BAD_INPUT, CommandError, sentences_of, unknown
from bot.command_line.files import read_bytes
from bot.command_line.usage import Command
from bot.command_line.workplace import finish, opened
from bot.settings import load_settings, work_calendar
from models.errors import DondocError, FileProblemsError

if TYPE_CHECKING:
    from planner.reading.draft import LetterDraft
    from planner.reading.read import Knowledge


def add_to(app: typer.Typer) -> None:
    app.command("import", cls=Command)(import_letters)


def import_letters(
    files: Annotated[list[Path], typer.Argument(metavar="TỆP…", help="Văn bản: DOCX, PDF, ảnh quét, HTML, XLSX, TXT.")],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="In JSON, mỗi văn bản một dòng.")] = False,
    save: Annotated[
        Path | None, typer.Option("--save", metavar="TỆP", help="Ghi bản đọc thành tệp kế hoạch để sửa và nạp.")
    ] = None,
    issuer: Annotated[
        str | None, typer.Option("--issuer", metavar="MÃ", help="Đơn vị ban hành, khi văn bản ghi không rõ.")
    ] = None,
) -> None:
    """Đọc thử văn bản giao việc: ai làm gì, đến ngày nào, chỗ nào cần hỏi. Không ghi gì vào hệ thống."""
    if save is not None and len(files) > 1:
        raise CommandError("--save chỉ dùng cho một văn bản: chạy lệnh cho từng tệp.")
    if finish(_import(files, as_json=as_json, save=save, issuer=issuer)):
        raise typer.Exit(BAD_INPUT)


async def _import(files: Sequence[Path], *, as_json: bool, save: Path | None, issuer: str | None) -> int:
    """How many files could not be read; each is told about on standard error, and the others are read on."""
    knowledge = await _knowledge(issuer)
    failed = 0
    for file in files:
        try:
            draft = await _draft(file, knowledge, is_quiet=as_json)
        except DondocError as error:
            failed += 1
            for sentence in sentences_of(error):
                tell(f"{file}: {sentence}" if not isinstance(error, FileProblemsError) else sentence)
            continue
        _show(file, draft, as_json=as_json)
        if save is not None:
            _save(draft, save, knowledge)
    return failed


async def _knowledge(issuer: str | None) -> "Knowledge":
    from bot.command_line.plans import loaded_or_own_directory
    from planner.reading.read import Knowledge
    from planner.tracked_tasks import tracked_tasks

    settings = load_settings()
    calendar = work_calendar(settings)
    async with opened(settings) as database, database.read() as session:
        directory = await loaded_or_own_directory(session)
        tracked = await tracked_tasks(session)
    numbers = tuple(dict.fromkeys(task.document_no for task in tracked if task.document_no))
    if issuer is not None and directory.unit(issuer) is None:
        raise unknown("unit", issuer, [unit.code for unit in directory.units])
    return Knowledge(calendar, settings.before_reading, directory, tracked, numbers, issuer)


async def _draft(file: Path, knowledge: "Knowledge", *, is_quiet: bool) -> "LetterDraft":
    from bot.opening.guard import LetterOpener

    async with _progress(file.name, is_quiet=is_quiet) as on_page:
        _, draft = await LetterOpener().read(read_bytes(file), knowledge, on_page=on_page)
    return draft


@asynccontextmanager
async def _progress(name: str, *, is_quiet: bool) -> AsyncIterator[Any]:
    """A bar of pages on a terminal, nothing anywhere else."""
    import sys

    console = rich_console(sys.stderr)
    if is_quiet or not console.is_terminal:
        yield None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        row = bar.add_task(name, total=None)

        async def on_page(done: int, of: int) -> None:
            bar.update(row, completed=done, total=of)

        yield on_page


def _show(file: Path, draft: "LetterDraft", *, as_json: bool) -> None:
    from planner.reading.rows import draft_row

    row: dict[str, Any] = draft_row(draft)
    if as_json:
        say(to_json(row))
        flush()
        return
    _say_head(file, row["document"])
    say_table(("Chỗ", "Việc", "Chủ trì", "Phối hợp", "Thời hạn", "Ngày cuối", "Hỏi"), map(_cells, row["obligations"]))
    for title, lines in (("Lưu ý", row["warnings"]), ("Cần hỏi", row["questions"]), ("Tệp", draft.notes)):
        for line in lines:
            say(f"{title}: {line}")


def _say_head(file: Path, document: dict[str, str | None]) -> None:
    name = document["type"] or "Văn bản"
    number = document["number"] or "chưa có số"
    day = vietnamese(document["issued_on"]) or "chưa có ngày"
    say(f"{file.name}: {name} {number}, {day}, {document['issuer'] or 'chưa rõ cơ quan ban hành'}")
    say(document["title"] or "")


def _cells(row: dict[str, Any]) -> tuple[object, ...]:
    deadline = row["deadline"]
    return (
        row["section"],
        row["title"],
        "; ".join(row["lead"]),
        "; ".join(row["supporting"]),
        deadline["phrase"],
        vietnamese(deadline["last_valid_on"]),
        "?" if deadline["ask"] or not row["lead"] else "",
    )


def _save(draft: "LetterDraft", save: Path, knowledge: "Knowledge") -> None:
    """Raises CommandError where nobody knows who issued the letter: a plan file needs that unit."""
    from planner.plan_file import parse_plan
    from planner.reading.plan_text import plan_text

    directory = knowledge.directory
    assert directory is not None
    name = knowledge.issuer or draft.header.issuer.value or ""
    found = directory.find(name, on=draft.header.issued_on.base_on)
    if found is None or directory.unit(found.code) is None:
        from planner.file_section import suggestion

        near = suggestion(name, directory.names())
        raise CommandError(f"Cơ quan ban hành “{name}” không có trong danh mục đơn vị: thêm --issuer MÃ.{near}")
    text = plan_text(draft, issuer=found.code, directory=directory)
    parse_plan(text, file=save.name, known_units=directory, calendar=knowledge.calendar, before=knowledge.before)
    save.write_text(text, encoding="utf-8")
    tell(f"Đã ghi {save}: sửa cho đúng rồi nạp bằng dondoc plan load {save}.")
