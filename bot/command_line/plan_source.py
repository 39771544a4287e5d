"""dondoc plan source: the files a plan was made of, as they were received."""

from pathlib import Path
from typing import Annotated, Any

import typer

from bot.command_line.console import say, say_rows, say_table, vietnamese
from bot.command_line.errors import CommandError, unknown
from bot.command_line.private_file import private_bytes
from bot.command_line.usage import Command
from bot.command_line.workplace import finish, opened
from bot.settings import Settings, load_settings
from models.clock import civil_day


def add_to(app: typer.Typer) -> None:
    app.command("source", cls=Command)(source)


def source(
    code: Annotated[str, typer.Argument(metavar="MÃ", help="Mã kế hoạch.")],
    *,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="TỆP", help="Ghi bản gốc ra tệp mới, chỉ chủ tệp đọc được.")
    ] = None,
    sha256: Annotated[
        str | None, typer.Option("--sha256", metavar="DẤU", help="Chọn bản theo dấu, khi kế hoạch có nhiều bản.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="In JSON cho chương trình khác.")] = False,
) -> None:
    """Xem, lấy lại văn bản gốc mà kế hoạch được duyệt từ đó."""
    rows = finish(_source(code, out=out, sha256=sha256))
    if as_json:
        say_rows(rows)
        return
    say_table(
        ("Văn bản", "Tệp", "Cỡ", "Duyệt ngày", "sha256"),
        ((row["letter"], row["file_name"], row["size"], vietnamese(row["approved_on"]), row["sha256"]) for row in rows),
        right=(0, 2),
    )
    if out is not None:
        say(f"Đã ghi {out}, đúng như bản đã nhận.")


async def _source(code: str, *, out: Path | None, sha256: str | None) -> list[dict[str, Any]]:
    """Every letter of the plan, the first approved first; `out` takes the last of those `sha256` leaves."""
    from bot.command_line.stored import plan_codes
    from planner.letters.originals import originals_of

    settings = load_settings()
    async with opened(settings) as database, database.read() as session:
        codes = await plan_codes(session)
        if code not in codes:
            raise unknown("plan", code, codes)
        found = [each for each in await originals_of(session, code) if each.sha256.startswith(sha256 or "")]
    if not found:
        raise CommandError(f"Kế hoạch {code} không có văn bản gốc nào ở đây: kế hoạch nạp từ tệp không kèm bản gốc.")
    if out is not None:
        await _write_original(settings, found[-1].sha256, out)
    return [
        {
            "letter": each.letter_id,
            "file_name": each.file_name,
            "media_type": each.media_type,
            "size": each.size,
            "approved_on": civil_day(each.approved_at).isoformat() if each.approved_at else None,
            "sha256": each.sha256,
        }
        for each in found
    ]


async def _write_original(settings: Settings, sha256: str, out: Path) -> None:
    from bot.evidence_store import EvidenceStore, MissingFileError

    try:
        content = await EvidenceStore(settings.evidence_folder).read(sha256)
    except MissingFileError:
        raise CommandError(
            f"Bản gốc {sha256} không còn nguyên trong EVIDENCE_FOLDER: khôi phục thư mục ấy từ bản sao lưu."
        ) from None
    with private_bytes(out) as file:
        file.write(content)
