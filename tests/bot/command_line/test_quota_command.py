"""dondoc quota and the doctor: how each bot's month stands."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import insert

from models.clock import civil_day, system_clock
from models.quota import QuotaMonth
from planner.bots import Announced
from reminders.quota_status import _at_this_pace
from tests.bot.command_line.test_people_channels import TWO, in_database, known

Dondoc = Callable[..., Any]


@pytest.mark.parametrize("words", [("quota",), ("zalo", "quota")])
def test_the_quota_of_each_bot_is_told(province: Dondoc, words: tuple[str, ...]) -> None:
    assert province(*words).err == "Chưa có bot nào tính hạn mức, hoặc dondoc run chưa chạy lần nào.\n"
    known(TWO, Announced("telegram:7", "telegram", "@mau"))
    today = civil_day(system_clock())
    month = {"bot": "zalo:2", "month": today.replace(day=1), "received": 1_000, "sent": 1_900}
    in_database(lambda session, _now: session.execute(insert(QuotaMonth).values(**month)))
    (row,) = province(*words, "--json").json
    expected = _at_this_pace(2_900, today)
    assert row == {
        "bot": "zalo:2", "name": "Đôn Đốc 2", "month": f"{today:%Y-%m}", "quota": 3_000, "received": 1_000,
        "sent": 1_900, "expected": expected, "held": 0, "people": 0, "invited": 0, "most_people": 50, "groups": 0,
        "most_groups": 3,
    }  # fmt: skip
    assert "2900/3000 (96%)" in province(*words).out
    checks = {each["check"]: each for each in province("doctor", "--json").json["checks"]}
    assert (checks["Hạn mức Đôn Đốc 2"]["verdict"], checks["Hạn mức Đôn Đốc 2"]["message"]) == (
        "warn",
        "2900/3000 tin (96%)",
    )


def test_a_month_is_foretold_from_the_days_that_have_passed() -> None:
    first = date(2024, 10, 1)
    assert _at_this_pace(100, first) == 3_100
    assert _at_this_pace(100, first + timedelta(days=30)) == 100
