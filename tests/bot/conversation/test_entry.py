"""The door: codes, strangers, groups, people without a role, and what is not text."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from bot.conversation.incoming import Incoming
from models.assignment import Assignment
from models.audit import AuditEvent
from models.clock import civil_day
from models.person import Address, Membership
from models.terms import Role
from planner.people import add_person, create_invite
from tests.bot.conversation.builders import INVITE_KEY
from tests.builders import BOT

STRANGER = (
    "Đây là hệ thống nhắc việc tự động của cơ quan. Tài khoản này chưa được liên kết. "
    "Nếu được cấp mã, xin gõ mã để bắt đầu."
)


async def invite(town, *places, name="Người Mới"):
    async with town.database.write() as session:
        person_id = await add_person(session, name, places, now=town.now)
        code = await create_invite(session, person_id, now=town.now, key=INVITE_KEY)
        await session.commit()
    return code


async def test_a_stranger_gets_one_polite_answer_in_ten_minutes_and_nothing_else(town):
    assert await town.say("unknown", "xem 4") == STRANGER
    assert await town.say("unknown", "xin chào") == ""
    town.now += timedelta(minutes=9, seconds=59)
    assert await town.say("unknown", "/overdue") == ""
    town.now += timedelta(seconds=1)
    assert await town.say("unknown", "4 xong") == STRANGER


@pytest.mark.parametrize("form", ["/start {}", "{}", "  {} ", "start {}"])
async def test_a_code_links_greets_and_shows_the_work(town, form):
    code = await invite(town, ("T.HA", Role.UNIT_HEAD))
    said = await town.say("new", form.format(code))
    assert said.startswith("Đã liên kết: Người Mới, UBND huyện An Mẫu.\nĐây là hệ thống nhắc việc tự động")
    assert "không lưu số điện thoại" in said
    assert "UBND huyện An Mẫu: 2 việc chưa xong" in said
    assert "Đã ghi: 4" in await town.say("new", "4 xong")


async def test_a_code_in_small_letters_is_as_good(town):
    code = await invite(town, ("T.HA", Role.UNIT_HEAD))
    assert "Đã liên kết" in await town.say("new", code.lower())


async def test_a_code_by_deep_link_is_as_good(town):
    code = await invite(town, ("T.HA", Role.UNIT_HEAD))
    assert "Đã liên kết" in await town.say("new", "/start", start_payload=code)


async def test_linking_makes_the_next_sweep_look_at_the_units_open_work(town):
    async with town.database.write() as session:
        await session.execute(update(Assignment).values(look_on=None))
        await session.commit()
    await town.say("new", await invite(town, ("T.HA", Role.UNIT_HEAD)))
    async with town.database.read() as session:
        looks = list(
            (await session.execute(select(Assignment.look_on).where(Assignment.look_on.is_not(None)))).scalars()
        )
    assert looks == [civil_day(town.now)] * 2


async def test_each_refusal_of_a_code_says_what_to_do(town):
    assert await town.say("new", "ABCD2345") == (
        "Mã này không đúng. Xin xem lại mã gồm 8 chữ và số, hoặc đề nghị đầu mối cấp mã mới."
    )
    code = await invite(town, ("T.HA", Role.UNIT_HEAD))
    await town.say("new", code)
    assert await town.say("other", code) == "Mã này đã được dùng. Đề nghị đầu mối cấp mã mới."
    late = await invite(town, ("T.HA", Role.UNIT_HEAD))
    town.now += timedelta(days=8)
    assert await town.say("third", late) == "Mã này đã hết hạn. Đề nghị đầu mối cấp mã mới."


async def test_guessing_ends_after_five_tries_and_a_right_code_waits_too(town):
    code = await invite(town, ("T.HA", Role.UNIT_HEAD))
    for _ in range(5):
        assert "không đúng" in await town.say("guesser", "ABCD2345")
    assert "Đã thử quá nhiều lần" in await town.say("guesser", code)
    assert await town.say("guesser", code) == ""
    town.now += timedelta(minutes=31)
    assert "Đã liên kết" in await town.say("guesser", code)


async def test_a_linked_persons_ordinary_word_is_not_taken_for_a_code(town):
    assert "chưa chắc hiểu đúng" in await town.say("justice", "baocaoxg")


async def test_a_group_is_told_once_and_otherwise_left_alone(town):
    about = {"is_group": True, "said_by": "justice"}
    before = await town.everything()
    assert await town.say("-100", "4 xong", **about) == ""
    assert "Nhóm trò chuyện chưa liên kết được" in await town.say("-100", "/start", **about)
    assert await town.say("-100", "/start", **about) == ""
    assert await town.everything() == before


async def test_a_sender_who_is_not_the_private_chat_is_nobody(town):
    assert await town.say("justice", "4 xong", said_by="intruder") == ""
    assert (await town.states())["T.TP", 4] == "not_started"


async def test_a_person_whose_roles_have_ended_is_told_so_and_sees_nothing(town):
    async with town.database.write() as session:
        await session.execute(update(Membership).values(valid_to=civil_day(town.now) - timedelta(days=1)))
        await session.commit()
    for text in ("viec", "4 xong", "overdue", "help"):
        assert "không giữ vai trò ở đơn vị nào" in await town.say("justice", text)


async def test_whoever_speaks_can_be_reached_again(town):
    async with town.database.write() as session:
        await session.execute(update(Address).values(unreachable_at=town.now))
        await session.commit()
    await town.say("justice", "viec")
    async with town.database.read() as session:
        still = (await session.execute(select(Address.chat).where(Address.unreachable_at.is_not(None)))).scalars()
        assert "justice" not in set(still)


async def test_what_was_not_understood_is_kept_and_nothing_changed(town):
    before = await town.everything()
    said = await town.say("justice", "phòng bên em vừa đi công tác")
    assert said.startswith("Hệ thống chưa chắc hiểu đúng nên chưa ghi gì.")
    assert await town.everything() == before
    async with town.database.read() as session:
        events = list((await session.execute(select(AuditEvent).order_by(AuditEvent.id.desc()).limit(1))).scalars())
    assert (events[0].action, events[0].said) == ("not-understood", "phòng bên em vừa đi công tác")


async def test_a_photo_is_recorded_and_answered_once_in_words(town):
    incoming = Incoming("local", BOT, "justice", is_group=False, text="ảnh báo cáo", said_by="justice")
    async with town.database.write() as session:
        (reply,) = await town.conversation.not_text(session, incoming, "photo", now=town.now)
        await session.commit()
    assert "chỉ đọc được chữ" in reply.text
    async with town.database.read() as session:
        event = (await session.execute(select(AuditEvent).order_by(AuditEvent.id.desc()).limit(1))).scalar_one()
    assert (event.action, event.said, event.after) == ("not-text", "ảnh báo cáo", {"content_type": "photo"})
