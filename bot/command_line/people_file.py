"""dondoc people template and import: a list of people filled in by hand, loaded whole or not at all."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.command_line.console import as_json as to_json
from bot.command_line.console import say, tell
from bot.command_line.days import today
from bot.command_line.errors import CommandError
from bot.command_line.files import read_bytes
from bot.command_line.usage import Command
from bot.command_line.whom import places_told
from bot.command_line.workplace import finish, opened
from bot.settings import load_settings
from models.clock import system_clock

if TYPE_CHECKING:
    from planner.import_people import Changed, PeopleImported

SHOWN = 20


def add_to(app: typer.Typer) -> None:
    app.command("template", cls=Command)(template)
    app.command("import", cls=Command)(import_file)


def template(
    file: Annotated[Path, typer.Argument(metavar="TỆP.xlsx", help="Tệp mới để ghi mẫu vào.")],
) -> None:
    """Ghi mẫu danh sách người để điền, kèm danh mục đơn vị và vai trò."""
    if file.suffix.lower() != ".xlsx":
        raise CommandError("Tên tệp mẫu phải kết thúc bằng .xlsx.")
    written = finish(_template())
    try:
        with file.open("xb") as target:
            target.write(written)
    except FileExistsError:
        raise CommandError(f"Đã có tệp {file}: chọn tên khác.") from None
    say(f"Đã ghi mẫu vào {file}. Điền xong, nạp bằng: dondoc people import {file}")


async def _template() -> bytes:
    from planner.people_file import write_template
    from planner.stored_directory import load_directory

    async with opened(load_settings()) as database, database.read() as session:
        directory = await load_directory(session)
    return write_template(unit for unit in directory.units if unit.is_valid(today()))


def import_file(
    file: Annotated[Path, typer.Argument(metavar="TỆP", help="Bảng .xlsx hoặc CSV (UTF-8) theo mẫu.")],
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Chỉ soát và báo trước, không ghi gì.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="In JSON cho chương trình khác.")] = False,
) -> None:
    """Nạp danh sách người; có lỗi thì báo tất cả và không ghi gì. Nạp lại không đổi gì, không xóa ai."""
    done = finish(_import(_read(file), str(file), dry_run=dry_run))
    if as_json:
        row = {
            "dry_run": dry_run,
            # a number that was not kept means nobody
            "added": [_row(each, is_kept=not dry_run) for each in done.added],
            "extended": [_row(each, is_kept=True) for each in done.extended],
            "unchanged": done.unchanged,
            "notes": done.notes,
        }
        say(to_json(row))
        return
    _say_done(done, dry_run=dry_run)


def _row(changed: "Changed", *, is_kept: bool) -> dict[str, Any]:
    places = [{"unit": unit, "role": role.value} for unit, role in changed.places]
    return {"person": changed.person_id if is_kept else None, "full_name": changed.full_name, "places": places}


def _say_done(done: "PeopleImported", *, dry_run: bool) -> None:
    for word, changes in (("Thêm", done.added), ("Thêm vai trò cho", done.extended)):
        for each in changes[:SHOWN]:
            number = "" if dry_run and changes is done.added else f", mã {each.person_id}"
            say(f"{word} {each.full_name}{number}: {places_told(each.places)}")
        if len(changes) > SHOWN:
            say(f"… và {len(changes) - SHOWN} người nữa")
    begun = "Soát thử, chưa ghi gì" if dry_run else "Đã nạp"
    say(f"{begun}: thêm {len(done.added)} người, thêm vai trò {len(done.extended)}, không đổi {done.unchanged} dòng.")
    if done.added and not dry_run:
        say("Cấp mã mời cho mọi người chưa liên kết: dondoc people invite --all-unlinked")
    for note in done.notes:
        tell(note)


def _read(file: Path) -> bytes:
    """No more than tells that it is too much."""
    from planner.people_file import LARGEST_FILE

    try:
        with file.open("rb") as source:
            return source.read(LARGEST_FILE + 1)
    except (OSError, ValueError):
        return read_bytes(file)  # fails the same way, in our words


async def _import(data: bytes, file: str, *, dry_run: bool) -> "PeopleImported":
    from planner.import_people import import_people
    from planner.people_file import parse_people
    from planner.stored_directory import load_directory

    async with opened(load_settings()) as database, database.write() as session:
        directory = await load_directory(session)
        if not directory.units:
            raise CommandError("Chưa có đơn vị nào: nạp danh mục bằng dondoc units load.")
        draft = parse_people(data, file=file, directory=directory, today=today())
        done = await import_people(session, draft, file=file, now=system_clock(), today=today())
        if dry_run:
            await session.rollback()
        else:
            await session.commit()
    return done
