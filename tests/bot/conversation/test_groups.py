"""A unit's group: linked by its head, for those it knows, about that unit's work and nothing else."""

import re

import pytest
from sqlalchemy import select

from models.group_chat import GroupChat

GROUP = "-100500"


def in_group(sender, **about):
    return {"is_group": True, "said_by": sender, **about}


async def code_of(town, head="justice"):
    found = re.search(r"/start ([A-Z2-9]{8})", await town.say(head, "nhóm"))
    assert found
    return found[1]


@pytest.fixture
async def linked(town):
    said = await town.say(GROUP, f"/start {await code_of(town)}", **in_group("justice"))
    assert said.startswith("Nhóm này đã liên kết với Sở Tư pháp Mẫu.")
    return town


async def test_people_of_the_unit_answer_in_their_group(linked):
    assert "Đã ghi: 4 ·" in await linked.say(GROUP, "/xong 4", **in_group("officer"))
    assert (await linked.states())["T.TP", 4] == "submitted"


async def test_what_people_say_to_each_other_is_left_alone(linked):
    assert await linked.replies(GROUP, "4 xong", **in_group("officer", is_addressed=False)) == []
    assert (await linked.states())["T.TP", 4] == "not_started"


async def test_a_stranger_and_somebody_of_another_unit_get_one_polite_line(linked):
    assert "đã liên kết tài khoản" in await linked.say(GROUP, "/viec", **in_group("nobody"))
    assert await linked.replies(GROUP, "/viec", **in_group("health")) == []
    assert (await linked.states())["T.YT", 4] == "not_started"


async def test_a_group_shows_only_its_units_work(linked):
    said = await linked.at(6, 11).say(GROUP, "/overdue", **in_group("justice"))
    assert "Sở Tư pháp Mẫu" in said
    assert "Y tế" not in said
    assert await linked.replies(GROUP, "/tonghop", **in_group("leader")) != []


async def test_nobody_answers_anothers_question(linked):
    await linked.say(GROUP, "/vuongmac 4", **in_group("justice"))
    await linked.say(GROUP, "@dondoc_bot chờ phòng bên", **in_group("officer"))
    assert (await linked.states())["T.TP", 4] == "not_started"
    assert "vướng mắc" in await linked.say(GROUP, "chờ phòng bên", **in_group("justice"))
    assert (await linked.states())["T.TP", 4] == "blocked"


async def test_only_the_head_who_asked_links_a_group(town):
    code = await code_of(town)
    await town.say(GROUP, f"/start {code}", **in_group("officer"))
    await town.say(GROUP, f"/start {code}", **in_group("nobody"))
    async with town.database.read() as session:
        assert (await session.execute(select(GroupChat))).all() == []
    town.at(31, 10)
    await town.say(GROUP, f"/start {code}", **in_group("justice"))
    async with town.database.read() as session:
        assert (await session.execute(select(GroupChat))).all() == []


async def test_the_head_lets_a_group_go(linked):
    assert "không còn liên kết" in await linked.say(GROUP, "/bonhom", **in_group("justice"))
    assert await linked.replies(GROUP, "/viec", **in_group("justice")) == []


async def test_the_number_of_a_report_said_with_xong_is_evidence_there_too(linked):
    said = await linked.say(GROUP, "/xong 4, báo cáo số 215/BC-STP", **in_group("officer"))
    assert "văn bản số 215/BC-STP" in said
    assert "văn bản số 215/BC-STP" in await linked.say("coordinator", "minh chung 4 @T.TP")
    await linked.say(GROUP, "/hoantac", **in_group("officer"))
    assert "chưa có minh chứng nào" in await linked.say("coordinator", "minh chung 4 @T.TP")
