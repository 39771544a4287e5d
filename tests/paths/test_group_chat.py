"""A unit's group chat: the head links it, the digest comes there, its people answer there, and nobody else learns."""

import re

import pytest

from tests.paths.conftest import A_MINUTE, WHO, an_office

GROUP = -100777


class Group:
    """What is said in the group and what the bot answers there."""

    def __init__(self, office) -> None:
        self.office, self.telegram = office, office.house.telegram

    async def hears(self, who: str, text: str) -> str:
        before = len(self.telegram.sent_to(GROUP))
        self.office.house.clock.move_to(self.office.house.clock() + A_MINUTE)
        self.telegram.person_says(GROUP, text, sender=WHO[who][0])
        await self.office.house.live()
        return "\n---\n".join(self.telegram.texts(GROUP)[before:])

    def heard(self) -> list[str]:
        return self.telegram.texts(GROUP)


@pytest.fixture
async def house(database, clock):
    async with an_office(database, clock) as opened:
        yield opened


@pytest.fixture
def group(house):
    members = tuple(WHO[who][0] for who in ("justice", "officer", "health", "leader"))
    house.telegram = house.house.telegram
    house.telegram.add_group(GROUP, "Sở Tư pháp Mẫu", members=members)
    return Group(house)


async def test_a_group_from_the_code_to_the_day_it_is_let_go(house, group):
    await house.until(23, 10)
    # A group that nobody linked is left alone; the code comes in private, and works for the head only.
    assert "nhắn riêng" in await group.hears("justice", "/start")
    code = re.search(r'"/start ([A-Z2-9]{8})"', await house.says("justice", "nhóm"))[1]
    refused = await group.hears("officer", f"/start {code}")
    assert refused == "", "the group has had its one line in ten minutes"
    assert "đã liên kết với Sở Tư pháp Mẫu" in await group.hears("justice", f"/start {code}")

    # The morning digest comes to the group as well, without buttons, for in a group a button would be anybody's.
    await house.until(28, 10)
    before = len(group.heard())
    await house.until(30, 10)
    (digest,) = group.heard()[before:]
    assert "1 · Báo cáo kết quả rà soát" in digest
    assert "Y tế" not in digest
    assert house.telegram.sent_to(GROUP)[-1].labels == []

    # People of the unit answer by command; what they say to each other is theirs; others learn nothing.
    assert await group.hears("officer", "1 xong rồi nhé mọi người") == ""
    assert "Đã ghi: 1" in await group.hears("officer", "/xong 1")
    assert "báo cáo số 215/BC-STP" not in await group.hears("health", "/xem 1")
    assert "đã nộp" not in await group.hears("leader", "/overdue")
    assert "chờ xác nhận" in await house.says("justice", "xem 1")

    # A coordinator's or a leader's commands work in no group, and the head lets it go there.
    assert "Vai trò" in await group.hears("officer", "/tonghop")
    assert "không còn liên kết" in await group.hears("justice", "/bonhom")
    assert await group.hears("officer", "/viec") == ""
    before = len(group.heard())
    await house.until(15, 11)
    assert len(group.heard()) == before


async def test_a_group_that_throws_the_bot_out_is_not_tried_again(house, group):
    await house.until(23, 10)
    code = re.search(r'"/start ([A-Z2-9]{8})"', await house.says("justice", "nhóm"))[1]
    await group.hears("justice", f"/start {code}")
    house.telegram.group_kicks_bot(GROUP)
    await house.until(15, 11)
    tried = [call for call in house.telegram.called("sendMessage") if str(call.params.get("chat_id")) == str(GROUP)]
    assert len(tried) <= 2  # the welcome, and the one that found the door shut
    assert "Đã ghi: 1" in await house.says("justice", "1 xong")
