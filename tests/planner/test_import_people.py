"""A list of people loaded twice changes nothing, and nobody is ever taken away by one."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from models.clock import civil_day
from models.columns import columns_of
from models.errors import FileProblemsError
from models.person import Membership, Person
from models.terms import Role
from planner.import_people import import_people
from planner.people_file import PeopleDraft, PersonRow
from tests.builders import add_linked_person, load_units

HEAD, OFFICER, COORDINATOR = Role.UNIT_HEAD, Role.OFFICER, Role.COORDINATOR


async def load(database, now, *rows):
    draft = PeopleDraft(tuple(PersonRow(line, *row) for line, row in enumerate(rows, start=2)))
    async with database.write() as session:
        done = await import_people(session, draft, file="nguoi.xlsx", now=now, today=civil_day(now))
        await session.commit()
    return done


async def people(database):
    async with database.read() as session:
        return list((await session.execute(select(Person.__table__.c.full_name).order_by(Person.id))).scalars())


async def test_the_same_list_twice_changes_nothing_and_a_shorter_one_takes_nobody_away(database, now):
    await load_units(database)
    rows = (("Nguyễn Văn Mẫu", "T.TP", HEAD), ("Nguyễn Văn Mẫu", "T.TP", OFFICER), ("Trần Thị Thử", "T.YT", HEAD))
    first = await load(database, now, *rows)
    assert [(each.full_name, each.places) for each in first.added] == [
        ("Nguyễn Văn Mẫu", [("T.TP", HEAD), ("T.TP", OFFICER)]),
        ("Trần Thị Thử", [("T.YT", HEAD)]),
    ]
    for again in (rows, rows[:1]):
        done = await load(database, now, *again)
        assert (done.added, done.extended, done.unchanged, done.notes) == ([], [], len(again), [])
    assert await people(database) == ["Nguyễn Văn Mẫu", "Trần Thị Thử"]


async def test_a_new_role_in_the_same_unit_goes_to_the_same_person(database, now):
    await load_units(database)
    person_id = await add_linked_person(database, now, "Nguyễn Văn Hòa", ("T.TP", OFFICER), chat="1")
    done = await load(database, now, ("Nguyễn Văn Hoà", "T.TP", COORDINATOR))
    assert [(each.person_id, each.places) for each in done.extended] == [(person_id, [("T.TP", COORDINATOR)])]
    assert len(await people(database)) == 1


async def test_the_same_name_in_another_unit_is_somebody_else_and_is_told(sqlite_database, now):
    await load_units(sqlite_database)
    await add_linked_person(sqlite_database, now, "Nguyễn Văn Mẫu", ("T.TP", OFFICER), chat="1")
    done = await load(sqlite_database, now, ("Nguyễn Văn Mẫu", "T.YT", OFFICER))
    assert len(done.added) == 1
    assert done.notes[0].startswith("Dòng 2: Nguyễn Văn Mẫu ở đơn vị khác đã có, mã 1;")


async def test_two_of_one_name_in_one_unit_are_left_to_a_person(sqlite_database, now):
    await load_units(sqlite_database)
    for chat in ("1", "2"):
        await add_linked_person(sqlite_database, now, "Nguyễn Văn Mẫu", ("T.TP", OFFICER), chat=chat)
    with pytest.raises(FileProblemsError, match="có 2 người cùng tên, mã 1, 2"):
        await load(sqlite_database, now, ("Nguyễn Văn Mẫu", "T.TP", HEAD))


async def test_who_has_left_is_not_brought_back_by_an_old_list(sqlite_database, now):
    await load_units(sqlite_database)
    gone = await add_linked_person(sqlite_database, now, "Nguyễn Văn Mẫu", ("T.TP", OFFICER), chat="1")
    resting = await add_linked_person(sqlite_database, now, "Trần Thị Thử", ("T.TP", OFFICER), chat="2")
    m, p = columns_of(Membership), columns_of(Person)
    async with sqlite_database.write() as session:
        yesterday = civil_day(now) - timedelta(days=1)
        await session.execute(update(Membership).where(m.person_id == gone).values(valid_to=yesterday))
        await session.execute(update(Person).where(p.id == resting).values(is_active=False))
        await session.commit()
    done = await load(sqlite_database, now, ("Nguyễn Văn Mẫu", "T.TP", OFFICER), ("Trần Thị Thử", "T.TP", HEAD))
    assert (done.added, done.extended, done.unchanged) == ([], [], 2)
    assert ["dondoc people move 1" in done.notes[0], "dondoc people activate 2" in done.notes[1]] == [True, True]
