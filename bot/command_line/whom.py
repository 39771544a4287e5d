"""Which person, unit and role the words of a command mean."""

import unicodedata
from typing import Any

from bot.command_line.errors import CommandError, unknown
from models.terms import Role


def unit_code(directory: Any, name_or_code: str) -> str:
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


def role_named(word: str) -> Role:
    """The role meant; raises CommandError with those there are."""
    from planner.people_file import ROLE_WORDS, role_of

    found = role_of(word)
    if found is None:
        raise CommandError(f"--role phải là một trong: {', '.join(ROLE_WORDS)} (hoặc {', '.join(Role)}).")
    return found


def role_word(role: str) -> str:
    from planner.people_file import ROLE_WORDS

    return next(word for word, value in ROLE_WORDS.items() if value == role)


def places_told(places: list[tuple[str, Role]]) -> str:
    """thủ trưởng T.TP, đầu mối T.TTTT"""
    return ", ".join(f"{role_word(role.value)} {unit}" for unit, role in places)


def find_person(rows: list[dict[str, Any]], who: str, *, also_inactive: bool = False) -> dict[str, Any]:
    """The one of `rows` meant by number or by name; raises CommandError where it is none or several."""
    from planner.plain_text import plain

    known = [row for row in rows if also_inactive or row["is_active"]]
    if who.strip().isdecimal():
        found = [row for row in known if str(row["person"]) == who.strip().lstrip("0")]
    else:
        named = unicodedata.normalize("NFC", who).split()
        exact = [row for row in known if row["full_name"].split() == named]
        found = exact or [row for row in known if plain(row["full_name"]) == plain(who)]
    if len(found) > 1:
        raise CommandError(f"Có {len(found)} người tên này: ghi mã {', '.join(str(row['person']) for row in found)}.")
    if not found:
        raise unknown("person", who, [row["full_name"] for row in known])
    return found[0]
