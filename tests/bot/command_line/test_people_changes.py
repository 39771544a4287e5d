"""dondoc people over time: codes for many at once, leave, transfer, revocation, and being forgotten."""

import csv
import io
import re

import pytest

from models.clock import civil_day, system_clock
from tests.bot.command_line.conftest import one_database

pytestmark = one_database


@pytest.fixture
def people(province):
    for name, unit, role in (
        ("Người Một", "T.TP", "thủ trưởng"),
        ("Người Hai", "T.TP", "chuyên viên"),
        ("Người Ba", "T.YT", "thủ trưởng"),
    ):
        assert province("people", "add", name, "--unit", unit, "--role", role).code == 0
    return province


def test_codes_for_everybody_not_linked_come_as_a_table_or_json(people):
    told = people("people", "invite", "--unit", "Sở Tư pháp Mẫu")
    assert (told.code, told.err) == (0, "")
    assert len(re.findall(r"\b[A-Z2-9]{8}\b", told.out)) == 2
    assert "2 mã, mỗi mã dùng một lần" in told.out
    rows = people("people", "invite", "--all-unlinked", "--json").json
    assert [row["person"] for row in rows] == [1, 2, 3]
    assert len({row["code"] for row in rows}) == 3


def test_codes_may_go_to_a_private_file_and_to_no_screen(people, empty_folder):
    told = people("people", "invite", "--all-unlinked", "--out", "ma.csv")
    assert (told.code, told.out) == (0, "")
    file = empty_folder / "ma.csv"
    assert file.stat().st_mode & 0o777 == 0o600
    rows = list(csv.DictReader(io.StringIO(file.read_text(encoding="utf-8-sig"))))
    assert [row["Họ và tên"] for row in rows] == ["Người Một", "Người Hai", "Người Ba"]
    assert all(re.fullmatch("[A-Z2-9]{8}", row["Mã mời"]) for row in rows)
    assert people("people", "invite", "--all-unlinked", "--out", "ma.csv").code == 2


@pytest.mark.parametrize("words", [(), ("1", "--all-unlinked"), ("--unit", "T.TP", "--all-unlinked")])
def test_an_invitation_names_one_kind_of_whom(people, words):
    told = people("people", "invite", *words)
    assert (told.code, told.err) == (2, "Nêu một trong ba: mã hoặc họ tên một người, --unit, --all-unlinked.\n")


def test_each_change_is_told_in_a_sentence_and_recorded(people):
    day = civil_day(system_clock())
    assert people("people", "revoke", "1").out == (
        "Đã thu hồi Người Một (mã 1): bỏ 0 tài khoản liên kết, hủy các mã mời chưa dùng.\n"
    )
    assert people("people", "unlink", "1").out == "Đã bỏ 0 tài khoản liên kết của Người Một (mã 1).\n"
    told = people("people", "stand-in", "2", "--for", "Người Một", "--from", str(day), "--to", str(day))
    assert told.out == (
        f"Người Hai (mã 2) thay Người Một (mã 1) từ {day:%d/%m/%Y} đến hết {day:%d/%m/%Y}: thủ trưởng T.TP.\n"
    )
    assert people("people", "move", "2", "--to", "Sở Y tế Mẫu").out == (
        "Từ hôm nay Người Hai (mã 2) thôi ở T.TP, là chuyên viên T.YT.\n"
    )
    assert people("people", "deactivate", "3").out == "Đã ngừng Người Ba (mã 3); trả lại thủ trưởng 0 việc.\n"
    assert "Đã mở lại Người Ba (mã 3)" in people("people", "activate", "3").out
    actions = [row["action"] for row in people("audit", "export").rows]
    assert actions[-6:] == ["revoked", "unlinked", "stands-in", "moved", "deactivated", "activated"]
    assert people("audit", "verify").code == 0


def test_the_list_tells_who_stands_in_for_whom_and_until_when(people):
    day = civil_day(system_clock())
    people("people", "stand-in", "2", "--for", "Người Một", "--from", str(day), "--to", str(day))
    assert f"thủ trưởng T.TP (thay Người Một đến {day:%d/%m/%Y})" in people("people", "list").out
    one, two, _ = people("people", "list", "--json").json
    assert one["places"] == [{"unit": "T.TP", "role": "unit_head"}]
    assert two["places"] == [
        {"unit": "T.TP", "role": "officer"},
        {"unit": "T.TP", "role": "unit_head", "stands_in_for": "Người Một", "until": day.isoformat()},
    ]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("move", "1", "--to", "T.TP"), "Người này không có vai trò nào ở đơn vị khác để chuyển đi."),
        (("move", "1", "--to", "T.TQ"), "Không có đơn vị nào là “T.TQ”. Có phải: T.TP"),
        (("stand-in", "1", "--for", "1", "--from", "2099-01-01", "--to", "2099-01-02"), "Người vắng không có vai trò"),
        (("stand-in", "1", "--for", "2", "--from", "2020-01-01", "--to", "2020-01-02"), "--to phải từ ngày --from"),
        (("revoke", "99"), "Không có người nào là “99”."),
        (("forget", "1"), "Họ tên, tài khoản, mã mời và lời nói ngoài công việc sẽ bị xóa"),
    ],
)
def test_what_cannot_be_done_is_told_and_changes_nothing(people, words, said):
    before = people("people", "list", "--json").json
    told = people("people", *words)
    assert (told.code, told.err.startswith(said)) == (2, True), told.err
    assert people("people", "list", "--json").json == before


def test_a_person_is_forgotten_once_they_agree_and_only_once(people):
    told = people("people", "forget", "Người Một", "--yes")
    assert told.out.startswith("Đã xóa thông tin cá nhân của mã 1; từ nay hiện là “Người đã rời hệ thống #1”.\n")
    assert people("people", "forget", "1", "--yes").err == "Không có người nào là “1”.\n"
    assert people("people", "activate", "1").code == 2
    assert "Người Một" not in people("audit", "export").out + people("people", "list", "--json").out
