"""dondoc units: the directory of units, loaded from a file and listed."""

from pathlib import Path
from typing import Annotated

import typer

from bot.command_line.console import say, say_rows, say_table, tell, vietnamese
from bot.command_line.errors import CommandError
from bot.command_line.usage import Command, make_app
from bot.command_line.workplace import finish, opened
from bot.settings import load_settings
from models.terms import UnitLevel
from seed_plans import FOLDER

UNIT_FILE = FOLDER / "units.yaml"

LEVEL_WORDS = {
    "tỉnh": UnitLevel.PROVINCE,
    "sở": UnitLevel.OFFICE,
    "huyện": UnitLevel.DISTRICT,
    "xã": UnitLevel.COMMUNE,
    "phòng": UnitLevel.ROOM,
    "ngoài": UnitLevel.OUTSIDE,
}

app = make_app("Danh mục đơn vị.")


@app.command("load", cls=Command)
def load(
    file: Annotated[Path, typer.Argument(metavar="TỆP", help="Tệp danh mục đơn vị.")] = UNIT_FILE,
) -> None:
    """Nạp danh mục đơn vị; nạp lại chỉ đổi những gì đã sửa trong tệp."""
    finish(_load(file))


async def _load(file: Path) -> None:
    from bot.command_line.files import read_bytes
    from planner.import_units import import_units
    from planner.unit_file import parse_units

    directory = parse_units(read_bytes(file), file=file.name)
    async with opened(load_settings()) as database, database.write() as session:
        loaded = await import_units(session, directory)
        await session.commit()
    say(
        f"Đã nạp {len(directory.units)} đơn vị: {loaded.added} mới, {loaded.updated} đổi, "
        f"{loaded.unchanged} như cũ; {loaded.groups} nhóm."
    )


@app.command("list", cls=Command)
def list_units(
    level: Annotated[
        str | None, typer.Option("--level", metavar="CẤP", help="tỉnh, sở, huyện, xã, phòng, ngoài.")
    ] = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Một mảng JSON cho chương trình khác.")] = False,
) -> None:
    """Liệt kê đơn vị đã nạp."""
    finish(_list(_level(level) if level is not None else None, as_json=as_json))


async def _list(level: UnitLevel | None, *, as_json: bool) -> None:
    from bot.command_line.stored import unit_rows

    async with opened(load_settings()) as database, database.read() as session:
        rows = await unit_rows(session, level=level)
    if as_json:
        say_rows(rows)
        return
    if not rows:
        tell("Chưa có đơn vị nào: nạp danh mục bằng dondoc units load.")
        return
    words = {value.value: word for word, value in LEVEL_WORDS.items()}
    say_table(
        ("Mã", "Tên", "Cấp", "Thuộc", "Hiệu lực"),
        ((row["code"], row["name"], words[row["level"]], row["parent"], _validity(row)) for row in rows),
    )
    say(f"Tổng {len(rows)} đơn vị.")


def _level(word: str) -> UnitLevel:
    from planner.plain_text import plain

    known = {plain(each): value for each, value in LEVEL_WORDS.items()} | {plain(each): each for each in UnitLevel}
    found = known.get(plain(word))
    if found is None:
        raise CommandError(f"--level phải là một trong: {', '.join(LEVEL_WORDS)}.")
    return found


def _validity(row: dict[str, str | None]) -> str:
    start, end = row["valid_from"], row["valid_to"]
    return f"{vietnamese(start) or '…'} đến {vietnamese(end) or '…'}" if start or end else ""
