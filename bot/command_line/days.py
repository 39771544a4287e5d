"""Days as people type them on a command line."""

import re
from datetime import date

from bot.command_line.errors import CommandError
from models.clock import civil_day, system_clock

FIRST_YEAR, LAST_YEAR = 1990, 2099
"""What the holiday tables and the deadline grammar cover."""

_DAY = re.compile(
    r"(?P<y>[0-9]{4})-(?P<m>[0-9]{1,2})-(?P<d>[0-9]{1,2})|(?P<d2>[0-9]{1,2})/(?P<m2>[0-9]{1,2})/(?P<y2>[0-9]{4})"
)


def parse_day(text: str, option: str) -> date:
    """2024-10-23 or 23/10/2024; raises CommandError naming the option."""
    found = _DAY.fullmatch(text.strip())
    if found is None:
        raise CommandError(f"{option} phải viết dạng 2024-10-23 hoặc 23/10/2024.")
    year, month, day = (int(found[name] or found[f"{name}2"]) for name in "ymd")
    check_year(year, option)
    try:
        return date(year, month, day)
    except ValueError:
        raise CommandError(f"{option}: không có ngày {day:02}/{month:02}/{year}.") from None


def check_year(year: int, option: str) -> None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise CommandError(f"{option}: năm phải từ {FIRST_YEAR} đến {LAST_YEAR}.")


def today() -> date:
    """The civil day in Vietnam now: the command line is where the machine's clock comes in."""
    return civil_day(system_clock())
