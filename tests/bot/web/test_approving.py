"""From a letter to assigned work by the page: looked at beforehand, approved once, shown ever after."""

from collections.abc import Sequence

import pytest
from sqlalchemy import insert, select, update

from bot.web.sentences import STALE_APPROVAL
from models.columns import columns_of
from models.letter import Letter
from models.outbox import OutboxMessage
from models.person import Address
from models.plan import Plan
from models.task import Task
from models.terms import LetterState, Role
from planner.letters.correct_letter import put_off
from planner.people import add_person
from planner.report_progress import Said
from tests.bot.web.forms import forms_of, post
from tests.bot.web.world import World, add_letter, paper_of
from tests.builders import unit_id_of


async def ready(world: World) -> None:
    """Every question answered."""
    page = await world.enter()
    asked = next(form for name, form in forms_of(page.text).items() if name.startswith("cau-"))
    assert (await post(world, asked, chon="Sở Tư pháp Mẫu")).status_code == 303


async def titles(world: World) -> Sequence[str]:
    async with world.database.read() as session:
        return list((await session.execute(select(columns_of(Task).title).order_by(columns_of(Task).id))).scalars())


async def linked(world: World, name: str, unit: str) -> None:
    async with world.database.write() as session:
        person_id = await add_person(session, name, [(unit, Role.UNIT_HEAD)], now=world.clock())
        facts = {"channel": "local", "bot": "local:demo", "chat": name, "position": 0, "linked_at": world.clock()}
        await session.execute(insert(Address).values(person_id=person_id, **facts))
        await session.commit()


async def test_the_whole_way_from_a_letter_to_work(world_on_both: World):
    world = world_on_both
    await ready(world)
    preview = await world.http.get(f"{world.page}/xem-truoc")
    assert "Sẽ giao 4 việc cho 2 đơn vị" in preview.text
    assert await titles(world) == [], "looking ahead leaves nothing behind"
    approved = await post(world, forms_of(preview.text)["duyet"])
    assert (approved.status_code, approved.headers["location"]) == (303, f"/van-ban/{world.letter_id}")
    letter = await world.letter()
    assert letter.state is LetterState.APPROVED
    assert len(await titles(world)) == 4
    assert world.approvals == [world.clock()]
    closed = await world.look()
    assert "đã duyệt và giao việc" in closed.text
    assert str(letter.plan_code) in closed.text
    assert forms_of(closed.text) == {}
    assert "Sở Tài chánh Mẫu" not in closed.text, "the units are those that were given the work"


@pytest.mark.parametrize(("chat", "told"), [("c", 1), ("another", 0)], ids=["still the sender's", "no longer theirs"])
async def test_the_chat_the_letter_was_sent_in_hears_of_it_once(world: World, chat: str, told: int):
    async with world.database.write() as session:
        await session.execute(
            insert(Address).values(
                person_id=world.sender,
                channel="local",
                bot="local:demo",
                chat=chat,
                position=0,
                linked_at=world.clock(),
            )
        )
        await session.commit()
    await ready(world)
    form = forms_of((await world.http.get(f"{world.page}/xem-truoc")).text)["duyet"]
    await post(world, form)
    await post(world, form)
    row = columns_of(OutboxMessage)
    async with world.database.read() as session:
        sent = (await session.execute(select(row.payload).where(row.chat == "c"))).scalars().all()
    assert len(sent) == told
    assert all(each["text"].startswith("Đã giao theo Công văn 1487/UBND-NC: kế hoạch CV1487") for each in sent)


async def test_the_unit_that_urges_is_the_one_the_approver_coordinates_for(world: World):
    await ready(world)
    preview = await world.http.get(f"{world.page}/xem-truoc")
    await post(world, forms_of(preview.text)["duyet"])
    plan, unit = columns_of(Plan), (await world.letter()).plan_code
    async with world.database.read() as session:
        urging = (await session.execute(select(plan.coordinating_unit_id).where(plan.code == unit))).scalar_one()
    assert urging == await unit_id_of(world.database, "T.TTTT")


async def test_the_preview_tells_who_is_reached_and_who_is_not(world: World):
    await linked(world, "Trần Thị Tư Pháp", "T.TP")
    await ready(world)
    page = (await world.http.get(f"{world.page}/xem-truoc")).text
    assert "1 đơn vị chưa ai liên kết" in page
    rows = page.partition("<tbody>")[2].split("</tr>")
    of_justice = next(row for row in rows if "Sở Tư pháp Mẫu" in row)
    assert 'data-label="Nhận tin">được' in of_justice
    assert of_justice.partition('data-label="Lần nhắc đầu">')[2].partition("<")[0] == "ngay khi duyệt"


async def test_what_stands_in_the_way_is_named_with_a_link_to_its_row(world: World):
    await world.enter()
    preview = await world.http.get(f"{world.page}/xem-truoc")
    assert "Chưa duyệt được: còn 1 chỗ cần xem lại" in preview.text
    assert f'href="/van-ban/{world.letter_id}#viec-4"' in preview.text
    assert "“Sở Tài chánh Mẫu” không có trong danh mục" in preview.text
    assert forms_of(preview.text) == {}


async def test_what_cannot_be_approved_is_not_approved_by_asking_directly(world: World):
    form = forms_of((await world.enter()).text)["viec-1"]
    facts = {"action": f"/van-ban/{world.letter_id}/duyet", "ma": form["ma"], "ban": form["ban"]}
    answer = await post(world, facts)
    assert answer.status_code == 422
    assert "Chưa duyệt được" in answer.text
    assert await titles(world) == []


async def test_only_what_was_shown_is_approved(world_on_both: World):
    world = world_on_both
    await ready(world)
    form = forms_of((await world.http.get(f"{world.page}/xem-truoc")).text)["duyet"]
    async with world.database.write() as session:
        await put_off(session, await world.letter(), "x", said=Said(None, "local", "x", world.clock()))
        await session.commit()
    answer = await post(world, form)
    assert answer.status_code == 409
    assert STALE_APPROVAL in answer.text
    assert await titles(world) == []
    assert (await post(world, forms_of(answer.text)["duyet"])).status_code == 303
    assert len(await titles(world)) == 4


async def test_approving_twice_gives_the_work_once(world_on_both: World):
    world = world_on_both
    await ready(world)
    form = forms_of((await world.http.get(f"{world.page}/xem-truoc")).text)["duyet"]
    assert [(await post(world, form)).status_code for _ in range(2)] == [303, 303]
    assert len(await titles(world)) == 4
    assert len(world.approvals) == 1
    assert (await world.http.get(f"{world.page}/xem-truoc")).status_code == 303


async def test_approving_needs_the_token(world: World):
    await ready(world)
    form = forms_of((await world.http.get(f"{world.page}/xem-truoc")).text)["duyet"]
    assert (await post(world, form | {"ma": "x"})).status_code == 403
    assert await titles(world) == []


async def test_the_same_letter_again_shows_what_it_changes(world_on_both: World):
    world = world_on_both
    await ready(world)
    await post(world, forms_of((await world.http.get(f"{world.page}/xem-truoc")).text)["duyet"])
    more = paper_of("4. Giao UBND huyện An Mẫu niêm yết thủ tục tại trụ sở trước ngày 20/12/2024.")
    world.letter_id = await add_letter(world.database, world.sender, world.clock(), more)
    world.http.cookies.clear()
    await ready(world)
    page = (await world.http.get(f"{world.page}/xem-truoc")).text
    assert "Văn bản này đang được theo dõi" in page
    assert "Thêm 1 việc" in page
    assert (await post(world, forms_of(page)["duyet"])).status_code == 303
    assert len(await titles(world)) == 5


async def test_a_letter_that_is_still_read_says_so(world: World):
    async with world.database.write() as session:
        waiting = {"state": LetterState.RECEIVED, "draft": None, "paper": None}
        await session.execute(update(Letter).where(columns_of(Letter).id == world.letter_id).values(waiting))
        await session.commit()
    page = await world.enter()
    assert "Văn bản đang được đọc" in page.text
