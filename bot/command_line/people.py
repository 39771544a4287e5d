"""dondoc people: who acts for which unit, and the one-time codes that link them."""

import unicodedata
from datetime import datetime
from typing import Annotated, Any

import typer

from bot.command_line.console import as_json as to_json
from bot.command_line.console import say, say_rows, say_table, tell
from bot.command_line.days import today
from bot.command_line.errors import CommandError, unknown
from bot.command_line.usage import Command, make_app
from bot.command_line.workplace import finish, opened
from bot.settings import Settings, invite_key, load_settings
from models.clock import CIVIL_ZONE, system_clock
from models.terms import Role

LONGEST_NAME = 120
ROLE_WORDS = {
    "thủ trưởng": Role.UNIT_HEAD,
    "chuyên viên": Role.OFFICER,
    "đầu mối": Role.COORDINATOR,
    "lãnh đạo": Role.LEADER,
    "quản trị": Role.ADMIN,
}
_OTHER_ROLE_WORDS = {"thủ trưởng đơn vị": Role.UNIT_HEAD, "đầu mối đôn đốc": Role.COORDINATOR}

app = make_app("Người dùng và mã mời.")
Json = Annotated[bool, typer.Option("--json", help="In JSON cho chương trình khác.")]


@app.command("add", cls=Command)
def add(
    name: Annotated[str, typer.Argument(metavar="HỌ TÊN", help="Họ và tên, trong ngoặc kép.")],
    units: Annotated[
        list[str] | None, typer.Option("--unit", metavar="ĐƠN VỊ", help="Mã hoặc tên đơn vị; lặp lại được.")
    ] = None,
    roles: Annotated[
        list[str] | None,
        typer.Option(
            "--role", metavar="VAI TRÒ", help="Vai trò ở đơn vị ấy: thủ trưởng, chuyên viên, đầu mối, lãnh đạo."
        ),
    ] = None,
    *,
    as_json: Json = False,
) -> None:
    """Thêm một người; mỗi --unit đi với một --role theo thứ tự."""
    full_name = " ".join(unicodedata.normalize("NFC", name).split())
    if not full_name or len(full_name) > LONGEST_NAME or not full_name.isprintable():
        raise CommandError(f"Họ tên phải có từ 1 đến {LONGEST_NAME} ký tự, không có ký tự điều khiển.")
    units, roles = units or [], roles or []
    if len(units) != len(roles) or not units:
        raise CommandError("Mỗi --unit cần một --role đi cùng, và phải có ít nhất một cặp.")
    finish(_add(full_name, units, [_role(word) for word in roles], as_json=as_json))


async def _add(full_name: str, units: list[str], roles: list[Role], *, as_json: bool) -> None:
    from bot.command_line.stored import load_directory, people_rows
    from planner.people import add_person
    from planner.plain_text import plain

    async with opened(load_settings()) as database, database.write() as session:
        directory = await load_directory(session)
        places = dict.fromkeys(zip((_unit_code(directory, unit) for unit in units), roles, strict=True))
        namesakes = [
            row["person"]
            for row in await people_rows(session, today=today())
            if plain(row["full_name"]) == plain(full_name)
        ]
        person_id = await add_person(session, full_name, list(places), now=system_clock())
        await session.commit()
    if as_json:
        rows = [{"unit": unit, "role": role.value} for unit, role in places]
        say(to_json({"person": person_id, "full_name": full_name, "places": rows}))
    else:
        told = ", ".join(f"{_role_word(role.value)} {unit}" for unit, role in places)
        say(f"Đã thêm {full_name}, mã {person_id}: {told}.")
        say(f"Cấp mã mời: dondoc people invite {person_id}")
    if namesakes:
        tell(f"Lưu ý: đã có người cùng tên, mã {', '.join(map(str, namesakes))}.")


def _unit_code(directory: Any, name_or_code: str) -> str:
    """The unit meant, by code or by name; raises CommandError with the nearest, or with those of that name."""
    from planner.unit_directory import UnitDraft

    found = [each for each in directory.candidates(name_or_code) if isinstance(each, UnitDraft)]
    if len(found) == 1:
        return found[0].code
    if found:
        raise CommandError(
            f"“{name_or_code}” là tên của nhiều đơn vị: ghi mã {', '.join(each.code for each in found)}."
        )
    if not directory.units:
        raise CommandError("Chưa có đơn vị nào: nạp danh mục bằng dondoc units load.")
    is_name = " " in name_or_code.strip()
    raise unknown("unit", name_or_code, [unit.name if is_name else unit.code for unit in directory.units])


def _role(word: str) -> Role:
    from planner.plain_text import plain

    known = {plain(each): role for each, role in (ROLE_WORDS | _OTHER_ROLE_WORDS).items()}
    known |= {plain(role.value): role for role in Role}
    found = known.get(plain(word))
    if found is None:
        raise CommandError(f"--role phải là một trong: {', '.join(ROLE_WORDS)} (hoặc {', '.join(Role)}).")
    return found


def _role_word(role: str) -> str:
    return next(word for word, value in ROLE_WORDS.items() if value == role)


@app.command("invite", cls=Command)
def invite(
    who: Annotated[str, typer.Argument(metavar="MÃ|HỌ TÊN", help="Mã số hoặc họ tên của người được mời.")],
    *,
    as_json: Json = False,
) -> None:
    """Cấp mã mời dùng một lần; mã cấp trước thôi hiệu lực. Mã chỉ hiện một lần."""
    settings = load_settings()
    person_id, full_name, code, valid_until = finish(_invite(settings, who))
    link = _deep_link(settings, code)
    if as_json:
        row = {
            "person": person_id,
            "full_name": full_name,
            "code": code,
            "valid_until": valid_until.isoformat(),
            "link": link,
        }
        say(to_json(row))
        return
    say(f"Mã mời của {full_name}: {code}")
    say(f"Dùng được một lần, đến {valid_until:%H:%M ngày %d/%m/%Y}. Mã không hiện lại.")
    if link:
        say(f"Liên kết: {link}")
    else:
        say(f"Mở bot trong Telegram rồi gõ: /start {code}")


async def _invite(settings: Settings, who: str) -> tuple[int, str, str, datetime]:
    from bot.command_line.stored import people_rows
    from planner.people import INVITE_VALID_FOR, create_invite

    now = system_clock()
    async with opened(settings) as database, database.write() as session:
        person = _find(await people_rows(session, today=today()), who)
        code = await create_invite(session, person["person"], now=now, key=invite_key(settings))
        await session.commit()
    return person["person"], person["full_name"], code, (now + INVITE_VALID_FOR).astimezone(CIVIL_ZONE)


def _find(rows: list[dict[str, Any]], who: str) -> dict[str, Any]:
    from planner.plain_text import plain

    active = [row for row in rows if row["is_active"]]
    if who.strip().isdecimal():
        found = [row for row in active if str(row["person"]) == who.strip().lstrip("0")]
    else:
        named = unicodedata.normalize("NFC", who).split()
        exact = [row for row in active if row["full_name"].split() == named]
        found = exact or [row for row in active if plain(row["full_name"]) == plain(who)]
    if len(found) > 1:
        raise CommandError(f"Có {len(found)} người tên này: ghi mã {', '.join(str(row['person']) for row in found)}.")
    if not found:
        raise unknown("person", who, [row["full_name"] for row in active])
    return found[0]


def _deep_link(settings: Settings, code: str) -> str | None:
    """The link that opens the bot with the code typed; None, and why, when the bot's name cannot be asked."""
    from bot.command_line.telegram import NoAnswerError, ask_username

    if settings.telegram_bot_token is None:
        return None
    try:
        return f"https://t.me/{ask_username(settings)}?start={code}"
    except NoAnswerError as error:
        tell(f"Chưa hỏi được tên bot nên chưa có liên kết: {error}")
        return None


@app.command("list", cls=Command)
def list_people(*, as_json: Json = False) -> None:
    """Liệt kê người dùng: đã liên kết chưa, còn nhắn được không."""
    rows = finish(_rows())
    if as_json:
        say_rows(rows)
        return
    if not rows:
        tell("Chưa có người nào: thêm bằng dondoc people add.")
        return
    say_table(
        ("Mã", "Họ tên", "Vai trò", "Liên kết"),
        ((row["person"], row["full_name"], _places(row), _reach(row)) for row in rows),
        right=(0,),
    )
    say(f"Tổng {len(rows)} người, {sum(row['is_linked'] for row in rows)} đã liên kết.")


async def _rows() -> list[dict[str, Any]]:
    from bot.command_line.stored import people_rows

    async with opened(load_settings()) as database, database.read() as session:
        return await people_rows(session, today=today())


def _places(row: dict[str, Any]) -> str:
    return ", ".join(f"{_role_word(place['role'])} {place['unit']}" for place in row["places"])


def _reach(row: dict[str, Any]) -> str:
    if not row["is_active"]:
        return "đã ngừng"
    if not row["is_linked"]:
        return "chưa liên kết"
    channels = ", ".join(row["channels"])
    return f"{channels}" if row["is_reachable"] else f"{channels}, không liên lạc được"
