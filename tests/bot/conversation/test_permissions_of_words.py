"""The table of permissions as it is lived: every wish there is, said by every role, is granted or refused by it."""

import pytest
from sqlalchemy import delete, select, update

from bot.conversation.conversation import _NEEDS as NEEDS
from bot.conversation.understand import Intent, understand
from models.columns import columns_of
from models.org_unit import OrgUnit
from models.person import Address, Membership
from models.terms import Role
from tests.bot.conversation.test_permissions import GRANTED
from tests.builders import BOT

BY_ACTION = {
    "report": {
        Intent.DONE: "xong 4",
        Intent.IN_PROGRESS: "4 đang làm 60%",
        Intent.NOT_STARTED: "4 chưa làm",
        Intent.NOTHING_NEW: "4 không có gì mới",
        Intent.WRONG_UNIT: "4 sai đơn vị, việc này của Sở khác",
        Intent.SEVERAL: "1, 4 xong",
    },
    "raise-blocker": {Intent.BLOCKED: "vuongmac 4 chờ số liệu", Intent.UNBLOCKED: "4 hết vướng"},
    "request-extension": {Intent.EXTENSION: "giahan 4 đến 15/11 vì chờ số liệu"},
    "undo": {Intent.UNDO: "hoàn tác"},
    "delegate": {Intent.DELEGATE: "giaocho 4 Phạm Thị Ví", Intent.GROUP: "nhóm", Intent.UNGROUP: "/bonhom"},
    "see-own-work": {Intent.LIST: "viec", Intent.STANDING: "thuong xuyen"},
    "see-assignment": {Intent.NUMBER: "4", Intent.SHOW: "xem 4", Intent.HISTORY: "lich su 4"},
    "see-due": {Intent.TODAY: "hôm nay", Intent.THIS_WEEK: "tuần này", Intent.CALENDAR: "lich"},
    "see-overdue": {Intent.OVERDUE: "quahan"},
    "nudge": {Intent.NUDGE_ALL: "nhac tat ca dong y"},
    "decide": {
        Intent.DECISIONS: "duyet",
        Intent.ACCEPT: "duyet 4 Sở Y tế Mẫu",
        Intent.RETURN: "tra lai 4 Sở Y tế Mẫu thiếu phụ lục",
        Intent.GRANT: "cho lui 4 Sở Y tế Mẫu 15/11",
        Intent.REFUSE: "khong cho lui 4 Sở Y tế Mẫu",
        Intent.MOVE: "chuyen 4 Sở Y tế Mẫu sang Sở Thông tin Mẫu",
        Intent.KEEP: "giu 4 Sở Y tế Mẫu",
    },
    "assign": {Intent.ASSIGN: "giao Sở Y tế Mẫu: báo cáo nhanh trước 15/12"},
    "summarise": {Intent.SUMMARY: "tonghop", Intent.SILENT: "chuaphanhoi"},
    "export": {Intent.EXPORT: "xuat"},
    "choose-channel": {Intent.CHANNELS: "kenh"},
    "see-quota": {Intent.QUOTA: "quota"},
    "send-letter": {
        Intent.LETTERS: "văn bản",
        Intent.LETTER: "văn bản 3",
        Intent.LETTER_ANSWER: "van ban 3 cau a1b2c3 dung",
        Intent.LETTER_QUESTION: "câu hỏi 3",
        Intent.LETTER_ASK_AGAIN: "hỏi lại 3",
        Intent.LETTER_DRAFT: "nháp 3",
        Intent.LETTER_CHANGE: "sửa 3.5 hạn trước 20/12",
        Intent.LETTER_LEAVE_OUT: "bỏ việc 3.5",
        Intent.LETTER_TAKE_UP: "theo dõi lại việc 3.5",
        Intent.LETTER_DISCARD: "bỏ văn bản 3",
        Intent.LETTER_APPROVE: "duyệt văn bản 3",
        Intent.LETTER_KEEP: "để sau văn bản 3",
        Intent.LETTER_PAGE: "trang văn bản 3",
        Intent.LETTER_EVIDENCE: "minh chứng văn bản 3",
    },
}
FREE = {
    Intent.HELP: "help",
    Intent.START: "start",
    Intent.GREETING: "chào em",
    Intent.ACKNOWLEDGED: "dạ vâng",
    Intent.CANCEL: "thôi",
    Intent.YES: "đúng",
    Intent.UNKNOWN: "trời hôm nay đẹp quá",
}
"""Tells nothing but what may be typed, or answers a question that was asked under a permission of its own."""

CHATS = {
    Role.OFFICER: "officer",
    Role.UNIT_HEAD: "justice",
    Role.COORDINATOR: "coordinator",
    Role.LEADER: "leader",
    Role.ADMIN: "admin",
}
REFUSED = "chưa dùng được yêu cầu này; không có gì thay đổi"
_m, _ad, _u = columns_of(Membership), columns_of(Address), columns_of(OrgUnit)


def test_every_wish_needs_an_action_or_changes_and_shows_nothing():
    needed = {intent: action for action, samples in BY_ACTION.items() for intent in samples}
    assert {intent: action.value for intent, action in NEEDS.items()} == needed
    assert set(Intent) == set(needed) | set(FREE)
    assert not set(needed) & set(FREE)


def test_every_sample_is_understood_as_its_wish():
    samples = {intent: text for each in BY_ACTION.values() for intent, text in each.items()} | FREE
    assert {intent: understand(text).intent for intent, text in samples.items()} == {each: each for each in samples}


@pytest.mark.parametrize("role", Role, ids=str)
async def test_each_role_is_granted_what_the_table_grants_and_refused_the_rest(small_town, role):
    small_town.at(6, 11)
    for action, samples in BY_ACTION.items():
        for intent, text in samples.items():
            before = await small_town.everything()
            heard = await small_town.say(CHATS[role], text)
            assert (REFUSED not in heard) is (action in GRANTED[role]), (role, intent, heard)
            if REFUSED in heard:
                assert await small_town.everything() == before
            await small_town.say(CHATS[role], "thôi")


@pytest.mark.parametrize("role", Role, ids=str)
async def test_words_that_need_no_permission_change_nothing_by_themselves(small_town, role):
    before = await small_town.everything()
    for intent, text in FREE.items():
        if intent is not Intent.ACKNOWLEDGED or "report" not in GRANTED[role]:  # a nod is kept with one's own work
            await small_town.say(CHATS[role], text)
    assert await small_town.everything() == before


# --- a question outlives the role it was asked of -------------------------------------------------------------------

QUESTIONS = {
    "which work": ("health", ["hoàn tác", "xong rồi"], "2"),
    "is it so": ("justice", ["4 bên em làm rồi"], "đúng"),
    "what stands in the way": ("justice", ["vuongmac 4"], "phần mềm chưa mở"),
    "until when": ("justice", ["giahan 4"], "đến 15/11 vì chờ số liệu"),
    "whose is it": ("justice", ["4 sai đơn vị"], "của Sở Thông tin Mẫu"),
    "why is it returned": ("coordinator", ["tra lai 4 @T.YT"], "thiếu phụ lục số liệu"),
    "shall it be given": ("coordinator", ["giao Sở Y tế Mẫu: báo cáo nhanh trước 15/12"], "đồng ý"),
    "shall all be accepted": ("coordinator", ["duyet tat ca"], "duyet tat ca 1 viec dong y"),
    "shall all be nudged": ("coordinator", ["nhac tat ca"], "nhac tat ca dong y"),
}


async def transfer(town, chat, code):
    """From today on the person of this chat is an officer of another unit, and of that alone."""
    async with town.database.write() as session:
        person_id = await session.scalar(select(_ad.person_id).where(_ad.bot == BOT, _ad.chat == chat))
        unit_id = await session.scalar(select(_u.id).where(_u.code == code))
        places = (await session.execute(select(_m.id).where(_m.person_id == person_id).order_by(_m.id))).scalars().all()
        await session.execute(delete(Membership).where(_m.id.in_(places[1:])))
        await session.execute(update(Membership).where(_m.id == places[0]).values(unit_id=unit_id, role=Role.OFFICER))
        await session.commit()


@pytest.mark.parametrize("question", QUESTIONS, ids=str)
async def test_an_answer_counts_only_while_the_role_is_still_held(small_town, question):
    chat, asked, answered = QUESTIONS[question]
    small_town.at(6, 11)
    await small_town.say("health", "4 xong")
    for text in asked:
        await small_town.say(chat, text)
    await transfer(small_town, chat, "T.HA")
    before = await small_town.everything()
    await small_town.say(chat, answered)
    assert await small_town.everything() == before


@pytest.mark.parametrize("question", QUESTIONS, ids=str)
async def test_the_same_answer_counts_where_the_role_is_held(small_town, question):
    chat, asked, answered = QUESTIONS[question]
    small_town.at(6, 11)
    await small_town.say("health", "4 xong")
    for text in asked:
        await small_town.say(chat, text)
    before, owed = await small_town.everything(), len(await small_town.owed())
    await small_town.say(chat, answered)
    assert await small_town.everything() != before or len(await small_town.owed()) > owed + 1
