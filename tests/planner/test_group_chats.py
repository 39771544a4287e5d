"""A unit's group is linked by its head alone, and shows that unit and no other."""

from datetime import timedelta

import pytest

from models.clock import civil_day
from models.errors import InviteError, NotAllowedError
from models.terms import Role
from planner import audit
from planner.group_chats import (
    create_group_invite,
    group_of_chat,
    groups_of_units,
    link_group_by_code,
    set_digests,
    unlink_group,
)
from planner.people import create_invite, link_by_code, load_person
from tests.builders import BOT, add_linked_person, load_units, unit_id_of

KEY = b"a key of the tests, long enough"
HERE = {"channel": "local", "bot": BOT}


class Groups:
    """Two units with their heads, an officer, and one transaction for each thing that is done."""

    def __init__(self, database, now):
        self.database, self.now, self.ids = database, now, {}

    async def prepare(self):
        await load_units(self.database)
        for name, unit, role in (
            ("head", "T.TP", Role.UNIT_HEAD),
            ("other", "T.YT", Role.UNIT_HEAD),
            ("officer", "T.TP", Role.OFFICER),
        ):
            self.ids[name] = await add_linked_person(self.database, self.now, name, (unit, role), chat=name)
        self.unit_id = await unit_id_of(self.database, "T.TP")
        return self

    async def do(self, who, work):
        async with self.database.write() as session:
            person = await load_person(session, self.ids[who], today=civil_day(self.now))
            try:
                return await work(session, person)
            finally:
                await session.commit()

    async def code(self, who="head"):
        return await self.do(
            who,
            lambda session, person: create_group_invite(
                session, person, self.unit_id, channel="local", now=self.now, key=KEY
            ),
        )

    async def link(self, code, who="head", chat="-100", at=None):
        return await self.do(
            who,
            lambda session, person: link_group_by_code(
                session, code, **HERE, chat=chat, by=person, now=at or self.now, key=KEY
            ),
        )

    async def unlink(self, who="head"):
        return await self.do(
            who, lambda session, person: unlink_group(session, **HERE, chat="-100", by=person, now=self.now)
        )

    async def group(self, chat="-100"):
        async with self.database.read() as session:
            return await group_of_chat(session, bot=BOT, chat=chat)


@pytest.fixture
async def groups(database, now):
    return await Groups(database, now).prepare()


async def test_a_head_links_a_group_with_a_code_and_lets_it_go_again(groups):
    assert await groups.link(await groups.code()) == groups.unit_id
    found = await groups.group()
    assert (found.unit_id, found.unit_code, found.gets_digests) == (groups.unit_id, "T.TP", True)
    assert await groups.group("-999") is None
    with pytest.raises(NotAllowedError):
        await groups.unlink("other")
    assert await groups.unlink() is True
    assert await groups.unlink() is False
    assert await groups.group() is None
    async with groups.database.read() as session:
        assert (await audit.verify(session)).broken is None


async def test_only_the_head_gets_a_code_and_only_that_head_can_use_it(groups):
    for who in ("officer", "other"):
        with pytest.raises(NotAllowedError):
            await groups.code(who)
    code = await groups.code()
    for who in ("officer", "other"):
        with pytest.raises(InviteError, match="wrong"):
            await groups.link(code, who)
    assert await groups.link(code) == groups.unit_id, "in other hands it was not used up"
    with pytest.raises(InviteError, match="used"):
        await groups.link(code, chat="-200")


async def test_a_new_code_voids_the_last_and_each_lives_a_week(groups):
    first, second = await groups.code(), await groups.code()
    with pytest.raises(InviteError, match="wrong"):
        await groups.link(first)
    with pytest.raises(InviteError, match="expired"):
        await groups.link(second, at=groups.now + timedelta(days=7, seconds=1))


async def test_a_code_for_a_group_links_no_person_and_a_persons_code_no_group(groups):
    code = await groups.code()
    with pytest.raises(InviteError, match="wrong"):
        await groups.do(
            "head",
            lambda session, _person: link_by_code(session, code, **HERE, chat="stranger", now=groups.now, key=KEY),
        )
    own = await groups.do("head", lambda session, person: create_invite(session, person.id, now=groups.now, key=KEY))
    with pytest.raises(InviteError, match="wrong"):
        await groups.link(own)
    assert await groups.link(code) == groups.unit_id, "a person's new code leaves the group's alone"


async def test_digests_go_only_where_they_are_wanted(groups):
    await groups.link(await groups.code())

    async def wanted():
        async with groups.database.read() as session:
            found = await groups_of_units(session, [groups.unit_id, 9999])
        return [group.chat for group in found.get(groups.unit_id, [])]

    assert await wanted() == ["-100"]
    await groups.do(
        "head",
        lambda session, person: set_digests(session, **HERE, chat="-100", wanted=False, by=person, now=groups.now),
    )
    assert await wanted() == []
