"""What Zalo cannot carry is said in words: figures without a picture, evidence without its file, a list without one."""

import pytest

from models.terms import Role
from tests.bot.conversation.builders import build_town
from tests.builders import add_linked_person
from tests.fakes.stepped_zalo import stepped_zalo

HEAD, COORDINATOR = "6ede9afa66b88fe6d6a9", "c00d1e"
JPEG = b"\xff\xd8\xff\xe0 anh chup trang co dau"


@pytest.fixture
async def house(database, now, clock, tmp_path):
    async with stepped_zalo(database, clock, tmp_path / "evidence") as house:
        await build_town(database, now)
        bot = house.zalo.bot.bot_key
        await add_linked_person(database, now, "Trưởng Phòng", ("T.TP", Role.UNIT_HEAD), chat=HEAD, bot=bot)
        await add_linked_person(database, now, "Đầu Mối", ("T.TTTT", Role.COORDINATOR), chat=COORDINATOR, bot=bot)
        for chat in (HEAD, COORDINATOR):
            house.zalo.bot.add_person(chat)
        yield house


async def test_a_picture_is_handed_in_and_its_coordinator_is_told_what_there_is(house, tmp_path):
    house.zalo.bot.person_sends_photo(HEAD, JPEG, caption="xong 4")
    await house.live()
    assert any("Đã ghi: 4 · " in text for text in house.zalo.bot.texts(HEAD))
    (kept,) = [path for path in (tmp_path / "evidence").rglob("*") if path.is_file()]
    assert kept.read_bytes() == JPEG
    told = await house.says(COORDINATOR, "minh chung 4 sở tư pháp")
    assert 'Minh chứng 4 · Sở Tư pháp Mẫu: "anh.jpg"' in told
    assert "Kênh này không gửi được tệp" in told
    assert house.zalo.bot.called("sendPhoto") == []


async def test_the_figures_are_told_in_words(house):
    told = await house.says(COORDINATOR, "tonghop bieu do")
    assert "Tổng hợp theo kế hoạch, tính đến 08:00 ngày 23/10/2024\nTổng " in told
    assert 'gõ "tonghop"' in told
    told = await house.says(COORDINATOR, "tonghop bieu do don vi")
    assert 'gõ "tonghop don vi" để xem từng đơn vị' in told


async def test_the_late_list_is_told_where_to_be_read(house):
    await house.mornings_until(6, 11)
    assert 'Kênh này không gửi được tệp. Gõ "quahan"' in await house.says(COORDINATOR, "xuat")
