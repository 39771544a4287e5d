"""The directory as the database keeps it: everything a letter's names are matched with comes back as it was loaded."""

from planner.import_units import import_units
from planner.stored_directory import load_directory
from planner.unit_file import parse_units
from seed_plans import FOLDER
from tests.builders import UNITS, load_units

ALIASED = UNITS.replace('name: "sở, ban, ngành tỉnh"', 'name: "sở, ban, ngành tỉnh", aliases: [các cơ quan chuyên môn]')


async def stored(database):
    async with database.read() as session:
        return await load_directory(session)


async def test_other_names_of_a_group_are_kept_and_found(database):
    await load_units(database, ALIASED)
    directory = await stored(database)
    assert directory.group("T.N.SO").aliases == ("các cơ quan chuyên môn",)
    assert directory.find("các cơ quan chuyên môn").code == "T.N.SO"


async def test_loading_again_changes_the_other_names_of_a_group(database):
    await load_units(database, ALIASED)
    await load_units(database, UNITS)
    assert (await stored(database)).group("T.N.SO").aliases == ()


async def test_every_name_of_the_seeded_directory_means_the_same_when_stored(database):
    text = (FOLDER / "units.yaml").read_text(encoding="utf-8")
    parsed = parse_units(text, file="units.yaml")
    async with database.write() as session:
        await import_units(session, parsed)
        await session.commit()
    directory = await stored(database)
    for entry in (*parsed.units, *parsed.groups):
        for name in (entry.name, *entry.aliases):
            found = {each.code for each in directory.candidates(name, within=entry.code)}
            assert found == {each.code for each in parsed.candidates(name, within=entry.code)}, name
