"""dondoc people revoke, unlink, deactivate, activate, move, stand-in and forget: what happens to people over time."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from bot.command_line.console import say
from bot.command_line.days import parse_day, today
from bot.command_line.errors import CommandError
from bot.command_line.usage import Command
from bot.command_line.whom import find_person, places_told, role_named, unit_code
from bot.command_line.workplace import finish, opened
from bot.settings import load_settings
from models.clock import system_clock

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession

T = TypeVar("T")
Who = Annotated[str, typer.Argument(metavar="MÃ|HỌ TÊN", help="Mã số hoặc họ tên.")]


def add_to(app: typer.Typer) -> None:
    app.command("revoke", cls=Command)(revoke)
    app.command("unlink", cls=Command)(unlink)
    app.command("deactivate", cls=Command)(deactivate)
    app.command("activate", cls=Command)(activate)
    app.command("move", cls=Command)(move)
    app.command("stand-in", cls=Command)(stand_in)
    app.command("forget", cls=Command)(forget)


def revoke(who: Who) -> None:
    """Thu hồi ngay: bỏ mọi tài khoản đã liên kết và mọi mã mời chưa dùng."""
    from planner import change_person

    person, released = finish(_change(who, change_person.revoke))
    say(f"Đã thu hồi {_named(person)}: bỏ {released} tài khoản liên kết, hủy các mã mời chưa dùng.")


def unlink(who: Who) -> None:
    """Bỏ liên kết tài khoản; mã mời đã cấp vẫn dùng được."""
    from planner import change_person

    person, released = finish(_change(who, change_person.unlink))
    say(f"Đã bỏ {released} tài khoản liên kết của {_named(person)}.")


def deactivate(who: Who) -> None:
    """Ngừng một người: không nhận, không làm gì nữa; việc được giao trả lại thủ trưởng đơn vị."""
    from planner import change_person

    person, handed_back = finish(_change(who, change_person.deactivate))
    say(f"Đã ngừng {_named(person)}; trả lại thủ trưởng {handed_back} việc.")


def activate(who: Who) -> None:
    """Mở lại một người đã ngừng; muốn nhận tin cần mã mời mới."""
    from planner import change_person

    person, _none = finish(_change(who, change_person.activate, also_inactive=True))
    say(f"Đã mở lại {_named(person)}. Cấp mã mời: dondoc people invite {person['person']}")


def move(
    who: Who,
    to: Annotated[str, typer.Option("--to", metavar="ĐƠN VỊ", help="Mã hoặc tên đơn vị mới.")],
    from_unit: Annotated[
        str | None, typer.Option("--from", metavar="ĐƠN VỊ", help="Đơn vị cũ, khi có vai trò ở nhiều đơn vị.")
    ] = None,
    role: Annotated[
        str | None, typer.Option("--role", metavar="VAI TRÒ", help="Vai trò ở đơn vị mới; mặc định như ở đơn vị cũ.")
    ] = None,
) -> None:
    """Chuyển sang đơn vị khác từ hôm nay; việc được giao ở đơn vị cũ trả lại thủ trưởng đơn vị ấy."""
    from planner import change_person

    wanted = role_named(role) if role is not None else None

    async def work(session: "AsyncSession", person_id: int) -> change_person.Moved:
        from planner.stored_directory import load_directory

        directory = await load_directory(session)
        new = unit_code(directory, to)
        old = unit_code(directory, from_unit) if from_unit is not None else None
        return await change_person.move(session, person_id, new, now=system_clock(), role=wanted, from_unit=old)

    try:
        person, moved = finish(_apply(who, work))
    except change_person.WhichUnitError as error:
        if error.unit_codes:
            codes = ", ".join(error.unit_codes)
            raise CommandError(f"Người này có vai trò ở nhiều đơn vị: thêm --from, một trong {codes}.") from None
        raise CommandError("Người này không có vai trò nào ở đơn vị khác để chuyển đi.") from None
    places = places_told([(moved.to_unit, each) for each in moved.roles])
    say(f"Từ hôm nay {_named(person)} thôi ở {moved.from_unit}, là {places}.")
    if moved.handed_back:
        say(f"Trả lại thủ trưởng {moved.from_unit} {moved.handed_back} việc.")


def stand_in(
    who: Who,
    absent: Annotated[str, typer.Option("--for", metavar="MÃ|HỌ TÊN", help="Người vắng mặt.")],
    first: Annotated[str, typer.Option("--from", metavar="NGÀY", help="Từ ngày này.")],
    last: Annotated[str, typer.Option("--to", metavar="NGÀY", help="Đến hết ngày này.")],
) -> None:
    """Thay một người vắng mặt: giữ mọi vai trò của họ và nhận tin thay trong những ngày ấy."""
    from planner.stand_in import NothingToStandInForError
    from planner.stand_in import stand_in as put_in

    start, end = parse_day(first, "--from"), parse_day(last, "--to")
    if end < start or end < today():
        raise CommandError("--to phải từ ngày --from trở đi và chưa qua.")

    async def work(session: "AsyncSession", person_id: int) -> Any:
        other = await _person(session, absent)
        places = await put_in(session, person_id, other["person"], first=start, last=end, now=system_clock())
        return other, places

    try:
        person, (other, places) = finish(_apply(who, work))
    except NothingToStandInForError:
        raise CommandError(
            "Người vắng không có vai trò nào để thay trong những ngày ấy, hoặc là cùng một người."
        ) from None
    say(f"{_named(person)} thay {_named(other)} từ {start:%d/%m/%Y} đến hết {end:%d/%m/%Y}: {places_told(places)}.")


def forget(
    who: Who,
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Đồng ý: việc này không lấy lại được.")] = False,
) -> None:
    """Xóa thông tin cá nhân của người đã rời cơ quan; báo cáo của đơn vị và số liệu giữ nguyên."""
    from planner import forget_person

    if not yes:
        raise CommandError(
            "Họ tên, tài khoản, mã mời và lời nói ngoài công việc sẽ bị xóa, không lấy lại được. "
            "Đồng ý thì thêm --yes (xem docs/privacy.md)."
        )
    person, pseudonym = finish(_change(who, forget_person.forget, also_inactive=True))
    say(f"Đã xóa thông tin cá nhân của mã {person['person']}; từ nay hiện là “{pseudonym}”.")
    say("Bản sao lưu cũ vẫn còn thông tin ấy: xóa theo lịch giữ bản sao lưu của cơ quan.")


async def _change(who: str, change: Callable[..., Awaitable[T]], *, also_inactive: bool = False) -> tuple[Any, T]:
    async def work(session: "AsyncSession", person_id: int) -> T:
        return await change(session, person_id, now=system_clock())

    return await _apply(who, work, also_inactive=also_inactive)


async def _apply(
    who: str, work: Callable[["AsyncSession", int], Awaitable[T]], *, also_inactive: bool = False
) -> tuple[Any, T]:
    async with opened(load_settings()) as database, database.write() as session:
        person = await _person(session, who, also_inactive=also_inactive)
        result = await work(session, person["person"])
        await session.commit()
    return person, result


async def _person(session: "AsyncSession", who: str, *, also_inactive: bool = False) -> dict[str, Any]:
    from bot.command_line.stored import people_rows

    return find_person(await people_rows(session, today=today()), who, also_inactive=also_inactive)


def _named(person: dict[str, Any]) -> str:
    return f"{person['full_name']} (mã {person['person']})"
