"""dondoc db: the schema brought up, the database copied."""

from pathlib import Path
from typing import Annotated

import typer

from bot.command_line.console import say
from bot.command_line.errors import CommandError
from bot.command_line.usage import Command, make_app
from bot.command_line.workplace import bring_up, finish, opened
from bot.settings import Settings, load_settings

app = make_app("Cơ sở dữ liệu.")


@app.command("upgrade", cls=Command)
def upgrade() -> None:
    """Đưa cơ sở dữ liệu lên bản mới nhất; các lệnh khác cũng tự làm việc này."""
    finish(_upgrade())


async def _upgrade() -> None:
    from models.migrations import newest_revision

    async with opened(load_settings(), upgrade=False) as database:
        has_changed = await bring_up(database)
    say(f"Cơ sở dữ liệu {'đã lên' if has_changed else 'đang ở'} bản {newest_revision()}.")


@app.command("backup", cls=Command)
def backup(file: Annotated[Path, typer.Argument(metavar="TỆP", help="Tệp sẽ tạo; chưa được có sẵn.")]) -> None:
    """Chép cơ sở dữ liệu SQLite ra một tệp, trong khi mọi thứ vẫn chạy."""
    settings = load_settings()
    _check(settings, file)
    finish(_backup(settings, file))
    file.chmod(0o600)  # names of people are in it
    say(f"Đã chép vào {file} ({file.stat().st_size / 1_000_000:.1f} MB).")


def _check(settings: Settings, file: Path) -> None:
    from bot.command_line.stored_file import sqlite_file

    stored = sqlite_file(settings.database_url)
    if stored is None:
        raise CommandError("dondoc db backup chỉ dùng cho SQLite; với PostgreSQL hãy dùng pg_dump.")
    if not stored.is_file():
        raise CommandError(f"Chưa có cơ sở dữ liệu {stored}: không có gì để chép.")
    if file.exists():
        raise CommandError(f"Đã có {file}: chọn tên khác, bản sao không ghi đè lên tệp cũ.")
    if not file.absolute().parent.is_dir():
        raise CommandError(f"Không có thư mục {file.absolute().parent}.")


async def _backup(settings: Settings, file: Path) -> None:
    # the schema stays as it is: the copy that matters most is the one made before an upgrade
    async with opened(settings, upgrade=False) as database:
        await database.backup(file)
