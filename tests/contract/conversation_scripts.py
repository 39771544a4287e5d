"""What people do in a chat, told once for every channel: each script speaks through a driver and names no platform.

`takes` takes up an offer of the newest message by what that message itself says: a tap where there are buttons, the
words or the number the text tells where there are none.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select

from models.assignment import Assignment
from models.clock import at_civil
from models.columns import columns_of
from models.database import Database
from models.org_unit import OrgUnit
from models.tables import METADATA
from models.terms import Role
from planner.people import create_invite
from planner.stand_in import stand_in
from tests.bot.conversation.builders import LETTER, PEOPLE, PLAN
from tests.builders import UNITS, add_linked_person, load_plan, load_units
from tests.built_once import built_once
from tests.fakes.papers import PDF
from tests.fakes.phones import INVITE_KEY, Phones, Read, choose

STEP = timedelta(seconds=5)
CAST = (
    *PEOPLE,
    ("district", "Ngô Văn Huyện", (("T.HA", Role.UNIT_HEAD),)),
    ("newcomer", "Bùi Thị Mới", (("T.YT", Role.OFFICER),)),
)
GROUP = "group"
_a, _u = columns_of(Assignment), columns_of(OrgUnit)


@dataclass
class Talk:
    """A town on one channel. `chats` gives everybody's address there; every step comes five seconds after the last."""

    phones: Phones
    chats: Mapping[str, str]
    people: dict[str, int]
    in_words: bool = False
    heard: list[list[Read]] = field(default_factory=list)
    """What was read where it was said, step by step."""

    async def says(self, who: str, text: str, *, to: Read | None = None, in_group: bool = False) -> str:
        """What is read where it was said."""
        where = GROUP if in_group else who
        by = self.chats[who] if in_group else None
        return await self._step(
            where, lambda: self.phones.says(self.chats[where], text, reply_to=to.ref if to else None, by=by)
        )

    async def takes(self, who: str, label: str) -> str:
        return await self._step(who, lambda: choose(self.phones, self.chats[who], label, in_words=self.in_words))

    async def sends(self, who: str, name: str, content: bytes, caption: str = "") -> str:
        return await self._step(who, lambda: self.phones.sends_file(self.chats[who], name, content, caption=caption))

    async def morning(self, day: int, month: int) -> None:
        """08:00 of a day of 2024."""
        self.phones.clock.move_to(at_civil(date(2024, month, day), time(8)))
        await self.phones.live()

    async def pause(self, **time_passed: float) -> None:
        self.phones.clock.advance(timedelta(**time_passed))
        await self.phones.live()

    def read(self, who: str) -> list[Read]:
        return self.phones.read(self.chats[who])

    async def state(self, code: str, number: int) -> str:
        query = select(_a.state).join(OrgUnit, _u.id == _a.unit_id).where(_u.code == code, _a.number == number)
        async with self.phones.engine.database.read() as session:
            return (await session.execute(query)).scalar_one().value

    async def _step(self, who: str, act: Callable[[], Awaitable[None]]) -> str:
        self.phones.clock.advance(STEP)
        before = len(self.read(who))
        await act()
        self.heard.append(self.read(who)[before:])
        return "\n---\n".join(read.text for read in self.heard[-1])


async def settle(phones: Phones, chats: Mapping[str, str], *, in_words: bool = False) -> Talk:
    """Plans, people and phones; the first morning's messages are read and their choices are over."""
    database, now = phones.engine.database, phones.clock()
    key = ("contract", now, phones.bot, tuple(sorted(chats.items())))
    people = await built_once(database, key, lambda: _people_of(database, now, phones.bot, chats))
    await phones.live()
    phones.clock.advance(timedelta(minutes=30))
    return Talk(phones, chats, dict(people), in_words)


async def _people_of(database: Database, now: datetime, bot: str, chats: Mapping[str, str]) -> dict[str, int]:
    await load_units(database)
    for text in (PLAN, LETTER):
        await load_plan(database, now, text, units=UNITS)
    return {
        name: await add_linked_person(
            database, now, full_name, *places, chat=None if name == "newcomer" else chats[name], bot=bot
        )
        for name, full_name, places in CAST
    }


# --- the scripts ------------------------------------------------------------------------------------------------------


async def a_newcomer_starts_with_a_code_and_sees_the_work(talk: Talk) -> None:
    assert "chưa được liên kết" in await talk.says("newcomer", "chào em")
    async with talk.phones.engine.database.write() as session:
        code = await create_invite(session, talk.people["newcomer"], now=talk.phones.clock(), key=INVITE_KEY)
        await session.commit()
    assert "Đã liên kết" in await talk.says("newcomer", f"/start {code}")
    assert "Chấn chỉnh hồ sơ quá hạn" in await talk.says("newcomer", "/viec")
    await talk.takes("newcomer", "Xem việc 4")
    await talk.says("newcomer", "help")
    await talk.takes("newcomer", "Tuần này")


async def work_is_done_undone_and_told_in_percent(talk: Talk) -> None:
    await talk.says("health", "xem 4")
    assert "Đã ghi: 4" in await talk.takes("health", "Đã xong")
    assert await talk.state("T.YT", 4) == "submitted"
    assert "Đã hoàn tác" in await talk.takes("health", "Hoàn tác")
    assert await talk.state("T.YT", 4) == "not_started"
    await talk.says("health", "4 đang làm 60%")
    await talk.says("health", "4 đang làm 100%")
    assert "đã nộp" in await talk.says("health", "4 xong, báo cáo số 215/BC-SYT")
    assert await talk.state("T.YT", 4) == "submitted"


async def a_nudge_in_the_morning_is_answered_where_it_stands(talk: Talk) -> None:
    await talk.says("health", "1 xong")
    await talk.morning(31, 10)
    assert "Chấn chỉnh hồ sơ quá hạn" in talk.read("health")[-1].text
    await talk.takes("health", "Đang làm")
    assert await talk.state("T.YT", 4) == "in_progress"


async def a_difficulty_is_told_and_gone(talk: Talk) -> None:
    await talk.says("health", "xem 4")
    assert "vướng ở khâu nào" in await talk.takes("health", "Vướng mắc")
    assert "Đã ghi" in await talk.says("health", "phần mềm chưa mở, cần Sở TT&TT hỗ trợ")
    assert await talk.state("T.YT", 4) == "blocked"
    assert "Vướng mắc mới" in talk.read("coordinator")[-1].text
    await talk.says("coordinator", "xem 4 @T.YT")
    await talk.says("health", "4 hết vướng")
    assert await talk.state("T.YT", 4) == "in_progress"
    await talk.says("district", "vuongmac 4 chờ số liệu của xã")
    await talk.says("coordinator", "het vuong 4 @T.HA")
    assert await talk.state("T.HA", 4) == "in_progress"


async def more_time_is_granted_shortened_and_refused(talk: Talk) -> None:
    await talk.says("health", "xem 4")
    await talk.takes("health", "Xin gia hạn")
    await talk.says("health", "đến 08/11 vì chờ số liệu")
    await talk.takes("coordinator", "Cho lùi")
    assert "Được gia hạn" in talk.read("health")[-1].text
    await talk.says("justice", "giahan 2 đến 20/11 vì giảng viên bận")
    await talk.says("coordinator", "duyet")
    await talk.says("coordinator", "cho lui 2 @T.TP 18/11")
    await talk.says("district", "1 xin lùi đến 12/11 vì mưa lũ")
    await talk.takes("coordinator", "Không cho")
    assert "không thay đổi" in talk.read("district")[-1].text
    await talk.takes("coordinator", "Hoàn tác")


async def work_of_another_unit_is_moved_or_kept(talk: Talk) -> None:
    await talk.says("health", "4 sai đơn vị, việc này thuộc Sở Thông tin")
    asked = await talk.takes("coordinator", "Chuyển đơn vị")
    assert "sang đơn vị nào" in asked
    await talk.says("coordinator", "chuyen 4 @T.YT sang Sở Thông tin Mẫu")
    assert await talk.state("T.TTTT", 4) == "not_started"
    await talk.says("district", "1 nhầm đơn vị rồi, do Sở Tư pháp làm")
    await talk.takes("coordinator", "Giữ nguyên")
    assert "Vẫn do UBND huyện An Mẫu" in talk.read("district")[-1].text


async def work_is_returned_resubmitted_and_accepted(talk: Talk) -> None:
    await talk.says("health", "4 xong")
    await talk.says("coordinator", "duyet")
    assert "cần bổ sung gì" in await talk.says("coordinator", "tra lai 4 @T.YT")
    await talk.says("coordinator", "thiếu phụ lục số liệu")
    assert await talk.state("T.YT", 4) == "returned"
    assert "thiếu phụ lục" in talk.read("health")[-1].text
    await talk.takes("health", "Đã xong")
    await talk.says("coordinator", "duyet")
    await talk.takes("coordinator", "Duyệt 4 Sở Y tế Mẫu")
    assert await talk.state("T.YT", 4) == "accepted"
    await talk.takes("coordinator", "Hoàn tác")
    assert await talk.state("T.YT", 4) == "submitted"


async def many_are_accepted_at_once(talk: Talk) -> None:
    for who in ("health", "district"):
        await talk.says(who, "4 xong")
    await talk.says("justice", "1 xong")
    await talk.says("coordinator", "duyet")
    assert "Sẽ xác nhận hoàn thành 3 việc" in await talk.takes("coordinator", "Duyệt tất cả 3")
    assert await talk.state("T.YT", 4) == "submitted"
    await talk.takes("coordinator", "Đồng ý duyệt 3")
    assert await talk.state("T.YT", 4) == await talk.state("T.TP", 1) == "accepted"
    await talk.takes("coordinator", "Hoàn tác")
    assert await talk.state("T.YT", 4) == "submitted"


async def an_unclear_word_is_asked_about_and_answered(talk: Talk) -> None:
    assert "cho việc nào" in await talk.says("health", "xong rồi")
    await talk.takes("health", "Việc 1")
    assert await talk.state("T.YT", 1) == "submitted"
    assert "đúng không" in await talk.says("district", "4 bên em làm rồi")
    assert await talk.state("T.HA", 4) == "not_started"
    await talk.takes("district", "Chưa xong")
    assert await talk.state("T.HA", 4) == "in_progress"
    assert "đúng không" in await talk.says("district", "1 bên em làm rồi")
    await talk.takes("district", "Đúng")
    assert await talk.state("T.HA", 1) == "submitted"
    await talk.says("district", "vuongmac 4")
    assert "Đã bỏ qua" in await talk.says("district", "thôi")


async def several_answers_come_in_one_message(talk: Talk) -> None:
    await talk.says("health", "4 xong, 1 đang làm 40%")
    assert await talk.state("T.YT", 1) == "in_progress"
    await talk.takes("health", "Hoàn tác")


async def a_head_gives_work_to_an_officer(talk: Talk) -> None:
    await talk.says("justice", "giaocho 4")
    await talk.says("justice", "giaocho 4 Phạm Thị Ví")
    assert "giao Anh/Chị: 4" in talk.read("officer")[0].text
    await talk.takes("officer", "Đã xong")
    assert await talk.state("T.TP", 4) == "submitted"
    assert "Phạm Thị Ví báo việc 4" in talk.read("justice")[-1].text
    await talk.says("justice", "giaocho 1 Phạm Thị Ví")
    await talk.takes("justice", "Nhận lại")


async def a_stand_in_answers_while_the_head_is_away(talk: Talk) -> None:
    async with talk.phones.engine.database.write() as session:
        await stand_in(
            session,
            talk.people["officer"],
            talk.people["health"],
            first=date(2024, 10, 24),
            last=date(2024, 10, 25),
            now=talk.phones.clock(),
        )
        await session.commit()
    await talk.says("officer", "4 @T.YT xong")
    assert await talk.state("T.YT", 4) == "not_started"
    await talk.morning(24, 10)
    await talk.pause(minutes=15)
    await talk.says("officer", "4 @T.YT xong")
    assert await talk.state("T.YT", 4) == "submitted"
    await talk.morning(28, 10)
    await talk.pause(minutes=15)
    await talk.says("officer", "1 @T.YT xong")
    assert await talk.state("T.YT", 1) == "not_started"


async def lists_and_figures_are_read_page_by_page(talk: Talk) -> None:
    await talk.morning(6, 11)
    await talk.pause(minutes=15)
    for said in (
        "/overdue", "quahan sở y tế", "quahan cm2 chua phan hoi", "quahan theo don vi", "/tonghop",
        "tonghop don vi", "chuaphanhoi", "lich", "lich su 4 @T.YT", "xem 4", "hom nay", "tuan nay", "help", "viec",
    ):  # fmt: skip
        await talk.says("coordinator", said)
    for said in ("viec", "viec trang 2", "thuong xuyen", "quahan", "xem 4", "minh chung 4"):
        await talk.says("justice", said)
    for said in ("quahan", "tonghop", "chuaphanhoi", "help", "4 xong"):
        await talk.says("leader", said)
    await talk.says("coordinator", "quahan")
    await talk.takes("coordinator", "Theo đơn vị")


async def the_late_are_nudged_after_a_look(talk: Talk) -> None:
    await talk.morning(6, 11)
    await talk.pause(minutes=15)
    await talk.says("district", "4 đang làm 20%")
    assert "Chưa gửi tin nào" in await talk.says("coordinator", "/nhac tất cả quá hạn")
    await talk.takes("coordinator", "Đồng ý nhắc")
    assert "Đầu mối đôn đốc đề nghị" in talk.read("district")[-1].text
    await talk.says("coordinator", "nhac Sở Y tế Mẫu")
    await talk.takes("district", "Xem tất cả")


async def work_is_given_by_word(talk: Talk) -> None:
    said = "/giao Sở Tư pháp Mẫu, Sở Y tế Mẫu: báo cáo nhanh tình hình cấp phép trước 15/12"
    assert "Sẽ giao" in await talk.says("coordinator", said)
    await talk.takes("coordinator", "Thôi")
    await talk.says("coordinator", said)
    assert "Đã giao: 6" in await talk.takes("coordinator", "Đồng ý giao")
    assert await talk.state("T.YT", 6) == "not_started"
    await talk.says("health", "6 đang làm")
    await talk.says("coordinator", "hoàn tác")


async def a_group_chat_is_linked_and_answers_for_its_unit(talk: Talk) -> None:
    told = await talk.says("health", "nhóm")
    code = told.partition('"/start ')[2].partition('"')[0]
    assert "đã liên kết với Sở Y tế Mẫu" in await talk.says("health", f"/start {code}", in_group=True)
    assert "Chấn chỉnh hồ sơ" in await talk.says("health", "/viec", in_group=True)
    await talk.says("health", "4 đang làm 30%", to=talk.read(GROUP)[-1], in_group=True)
    assert await talk.state("T.YT", 4) == "in_progress"
    await talk.says("justice", "/viec", in_group=True)
    await talk.says("justice", "/xem 2", in_group=True)
    assert "không còn liên kết" in await talk.says("health", "/bonhom", in_group=True)


async def a_file_is_handed_in_as_evidence(talk: Talk) -> None:
    await talk.sends("health", "bao-cao.pdf", PDF, "4 xong")
    assert await talk.state("T.YT", 4) == "submitted"
    await talk.sends("district", "anh.pdf", PDF)
    await talk.takes("district", "Việc 1")
    assert "Đã nhận minh chứng cho 1" in talk.read("district")[-1].text
    assert "Minh chứng: 1" in await talk.says("coordinator", "xem 4 @T.YT")


async def strangers_and_nonsense_change_nothing(talk: Talk) -> None:
    for said in ("xong 4", "/overdue", "ABCD2345"):
        await talk.says("stranger", said)
    await talk.says("admin", "quahan")
    for said in ("abc def", "???", "cảm ơn em", "4 xong chưa nhỉ?", "99 xong", "xong 99999"):
        await talk.says("health", said)
    assert await talk.state("T.YT", 4) == "not_started"


SCRIPTS: tuple[Callable[[Talk], Awaitable[None]], ...] = (
    a_newcomer_starts_with_a_code_and_sees_the_work,
    work_is_done_undone_and_told_in_percent,
    a_nudge_in_the_morning_is_answered_where_it_stands,
    a_difficulty_is_told_and_gone,
    more_time_is_granted_shortened_and_refused,
    work_of_another_unit_is_moved_or_kept,
    work_is_returned_resubmitted_and_accepted,
    many_are_accepted_at_once,
    an_unclear_word_is_asked_about_and_answered,
    several_answers_come_in_one_message,
    a_head_gives_work_to_an_officer,
    a_stand_in_answers_while_the_head_is_away,
    lists_and_figures_are_read_page_by_page,
    the_late_are_nudged_after_a_look,
    work_is_given_by_word,
    a_group_chat_is_linked_and_answers_for_its_unit,
    strangers_and_nonsense_change_nothing,
)
WITH_FILES = (a_file_is_handed_in_as_evidence,)
"""Only where people can send files."""


# --- what is the same everywhere --------------------------------------------------------------------------------------

_KEPT = (
    "assignment", "report", "extension", "blocker", "decision", "transfer", "evidence", "membership", "group_chat",
    "period", "task", "reminder", "audit_event",
)  # fmt: skip
_OF_THE_CHANNEL = {
    "id", "channel", "bot", "chat", "said", "said_ref", "said_salt", "said_digest", "previous_hash", "event_hash",
    "version", "before", "after", "reason",
}  # fmt: skip
"""Names of rows, and words as they were typed: "1" here is "xong 4" there."""


async def state_of(talk: Talk) -> dict[str, list[tuple[Any, ...]]]:
    """Every fact that an answer or a decision may leave, in the order they came, without what names the channel."""
    found: dict[str, list[tuple[Any, ...]]] = {}
    async with talk.phones.engine.database.read() as session:
        for name in _KEPT:
            table = METADATA.tables[name]
            columns = [column for column in table.columns if column.name not in _OF_THE_CHANNEL]
            rows = await session.execute(select(*columns).order_by(table.c.id))
            found[name] = [tuple(row) for row in rows]
    action = [c.name for c in METADATA.tables["audit_event"].columns if c.name not in _OF_THE_CHANNEL].index("action")
    found["audit_event"] = [row for row in found["audit_event"] if row[action] != "chose-by-number"]
    return found
