"""Who gets to the page of a letter, and what every answer of it carries."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, insert, select, update

from bot.web.guard import BODY_BYTES, HEADERS
from bot.web.links import origin_of, page_address, root_path
from models.clock import SteppedClock
from models.columns import columns_of
from models.database import Database
from models.org_unit import OrgUnit
from models.person import Membership, Person
from models.terms import Role
from planner.letters.letter_doors import LINK_STANDS, SESSION_STANDS
from tests.bot.web.forms import forms_of, post
from tests.bot.web.world import BASE_URL, World, add_letter, make_world, paper_of

_m = columns_of(Membership)


async def test_looking_at_the_link_shows_a_button_and_uses_nothing_up(world: World):
    link = await world.link()
    for _ in range(3):  # a chat's preview, a scanner of the office, the person
        shown = await world.http.get(link)
        assert shown.status_code == 200
        assert "Mở bản nháp" in shown.text
        assert "set-cookie" not in shown.headers
    opened = await world.http.post(link)
    assert opened.status_code == 303


async def test_the_link_is_exchanged_for_a_cookie_and_its_secret_leaves_the_address(world_on_both: World):
    world = world_on_both
    link = await world.link()
    opened = await world.http.post(link)
    assert opened.headers["location"] == f"/van-ban/{world.letter_id}"
    cookie = opened.headers["set-cookie"]
    assert cookie.startswith("__Secure-van-ban=")
    for part in ("HttpOnly", "Secure", "SameSite=strict", f"Path=/van-ban/{world.letter_id}", "Max-Age=28800"):
        assert part in cookie
    assert link.rpartition("/")[2] not in cookie
    page = await world.look()
    assert page.status_code == 200
    assert "Công văn 1487/UBND-NC" in page.text


async def test_a_link_opens_once(world: World):
    link = await world.link()
    await world.http.post(link)
    world.http.cookies.clear()
    again = await world.http.post(link)
    assert again.status_code == 403
    assert "nhắn bot để nhận đường dẫn mới" in again.text
    assert "set-cookie" not in again.headers
    assert (await world.http.get(link)).status_code == 403


async def test_whoever_is_in_already_is_led_on_by_a_used_link(world: World):
    link = await world.link()
    await world.http.post(link)
    again = await world.http.get(link)
    assert (again.status_code, again.headers["location"]) == (303, f"/van-ban/{world.letter_id}")


async def test_a_link_and_a_cookie_grow_old(world: World):
    link = await world.link()
    world.clock.advance(LINK_STANDS)
    assert (await world.http.post(link)).status_code == 403
    assert (await world.enter()).status_code == 200
    world.clock.advance(SESSION_STANDS)
    assert (await world.look()).status_code == 403


@pytest.mark.parametrize("path", ["", "/xem-truoc", "/mo/" + "a" * 43, "/mo/x"])
async def test_without_a_cookie_a_letter_and_no_letter_are_the_same(world: World, path: str):
    ours = await world.http.get(f"{world.page}{path}")
    answers = [await world.http.get(f"{BASE_URL}/van-ban/{number}{path}") for number in ("7", "99999999999", "x")]
    assert {each.status_code for each in (ours, *answers)} == {403}
    assert {each.text for each in answers} == {ours.text}


async def test_the_cookie_of_one_letter_opens_no_other(world: World):
    await world.enter()
    other = await add_letter(world.database, world.sender, world.clock(), paper_of())
    cookie = world.http.cookies["__Secure-van-ban"]
    world.http.cookies.clear()
    refused = await world.http.get(f"{BASE_URL}/van-ban/{other}", headers={"Cookie": f"__Secure-van-ban={cookie}"})
    assert refused.status_code == 403


async def test_an_admin_may_and_another_coordinator_may_not(world: World):
    assert (await world.enter(world.admin)).status_code == 200
    world.http.cookies.clear()
    link = await world.link(world.other)
    assert (await world.http.post(link)).status_code == 403
    assert (await world.look()).status_code == 403


async def test_a_role_that_ended_ends_the_visit_at_once(world_on_both: World):
    world = world_on_both
    page = await world.enter()
    form = forms_of(page.text)["viec-1"]
    async with world.database.write() as session:
        await session.execute(delete(Membership).where(_m.person_id == world.sender))
        await session.commit()
    assert (await world.look()).status_code == 403
    assert (await post(world, form, title="Việc khác")).status_code == 403
    letter = await world.letter()
    assert letter.draft is not None
    assert letter.draft.obligations[0].title != "Việc khác"


async def test_a_place_that_ended_yesterday_does_not_count(world: World):
    await world.enter()
    async with world.database.write() as session:
        yesterday = world.clock().date() - timedelta(days=1)
        await session.execute(update(Membership).where(_m.person_id == world.sender).values(valid_to=yesterday))
        await session.commit()
    assert (await world.look()).status_code == 403


async def test_somebody_who_left_is_not_let_in_by_a_link_sent_before(world: World):
    link = await world.link()
    async with world.database.write() as session:
        person = columns_of(Person)
        await session.execute(update(Person).where(person.id == world.sender).values(is_active=False))
        await session.commit()
    assert (await world.http.post(link)).status_code == 403


async def test_a_link_that_was_refused_for_a_role_works_once_the_role_is_back(world: World):
    link = await world.link()
    async with world.database.write() as session:
        await session.execute(delete(Membership).where(_m.person_id == world.sender))
        await session.commit()
    assert (await world.http.post(link)).status_code == 403
    async with world.database.write() as session:
        unit = columns_of(OrgUnit)
        unit_id = (await session.execute(select(unit.id).where(unit.code == "T.TTTT"))).scalar_one()
        facts = {"person_id": world.sender, "unit_id": unit_id, "role": Role.COORDINATOR}
        await session.execute(insert(Membership).values(facts))
        await session.commit()
    assert (await world.http.post(link)).status_code == 303


@pytest.mark.parametrize("token", ["", "0" * 64, "é"])
async def test_a_form_without_the_token_of_this_cookie_changes_nothing(world: World, token: str):
    page = await world.enter()
    form = forms_of(page.text)["viec-1"] | {"ma": token}
    assert (await post(world, form, title="Việc khác")).status_code == 403
    assert (await world.letter()).version == 1


async def test_the_token_of_one_visit_is_none_of_another(world: World):
    first = forms_of((await world.enter()).text)["viec-1"]
    world.http.cookies.clear()
    await world.enter()
    assert (await post(world, first, title="Việc khác")).status_code == 403


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "https://evil.example.vn"}, 403),
        ({"Origin": "http://nhacviec.example.vn"}, 403),
        ({"Origin": BASE_URL, "Sec-Fetch-Site": "same-origin"}, 303),
        ({"Origin": "null", "Sec-Fetch-Site": "same-origin"}, 303),
        ({"Content-Type": "text/plain"}, 415),
        ({"Content-Type": "application/json"}, 415),
    ],
    ids=str,
)
async def test_only_our_own_page_may_post(world: World, headers: dict[str, str], status: int):
    link = await world.link()
    assert (await world.http.post(link, headers=headers)).status_code == status
    if status != 303:
        assert (await world.http.post(link)).status_code == 303, "what was refused used nothing up"


async def test_what_is_too_much_is_not_read(world: World):
    page = await world.enter()
    form = forms_of(page.text)["viec-1"]
    answer = await post(world, form, title="a" * BODY_BYTES)
    assert answer.status_code == 413
    assert "ghi ngắn hơn" in answer.text


@pytest.mark.parametrize("body", [b"\xff\xfe=1", b"&".join(b"a%d=1" % n for n in range(60)), b"ma=%FF"])
async def test_a_body_that_no_browser_sends_is_refused_politely(world: World, body: bytes):
    await world.enter()
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = await world.http.post(f"{world.page}/luu", content=body, headers=headers)
    assert answer.status_code == 422
    assert "không được nhận" in answer.text


async def test_every_answer_carries_the_same_headers(world: World):
    link = await world.link()
    answers = [
        await world.http.get(link),
        await world.http.get(f"{world.page}/mo/none"),
        await world.http.post(link),
        await world.look(),
        await world.http.get(f"{world.page}/xem-truoc"),
        await world.http.get(f"{BASE_URL}/van-ban/tep/letter.css"),
        await world.http.get(f"{BASE_URL}/van-ban/tep/none.css"),
        await world.http.get(f"{BASE_URL}/van-ban/a/b/c/d"),
        await world.http.put(world.page),
        await world.http.post(f"{world.page}/luu"),
    ]
    for answer in answers:
        for name, value in HEADERS.items():
            expected = answer.headers[name] if name == "Cache-Control" else value
            assert answer.headers[name] == expected, answer.request.url
        policy = answer.headers["content-security-policy"]
        assert policy.startswith("default-src 'none';")
        assert "unsafe" not in policy
    assert all("no-store" in each.headers["cache-control"] for each in answers[:5])


async def test_a_page_loads_nothing_from_elsewhere_and_runs_nothing_inline(world: World):
    page = (await world.enter()).text
    assert page.count("<script") == page.count('<script type="module" src="/van-ban/tep/')
    assert "style=" not in page
    assert not [word for word in ("http://", "https://", " on", "javascript:") if f'"{word}' in page]
    for name in ("saving.js", "moving.js", "units.js", "letter.css", "icon.svg"):
        address = page.partition(f'"/van-ban/tep/{name}?v=')[2].partition('"')[0] or "none"
        kept = await world.http.get(f"{BASE_URL}/van-ban/tep/{name}?v={address}")
        assert kept.status_code == 200
        if name in page:
            assert "immutable" in kept.headers["cache-control"]
        assert (await world.http.get(f"{BASE_URL}/van-ban/tep/{name}?v=old")).headers["cache-control"] == "no-cache"


async def test_a_fault_of_ours_shows_nothing_of_itself(world: World, monkeypatch: pytest.MonkeyPatch, caplog):
    link = await world.link()

    async def failing(*_: object, **__: object) -> None:
        raise RuntimeError("the password is hunter2")

    monkeypatch.setattr("bot.web.entering.open_link", failing)
    answer = await world.http.post(link)
    assert answer.status_code == 500
    assert "hunter2" not in answer.text
    assert "thử lại sau ít phút" in answer.text
    ours = "\n".join(caplog.handler.format(each) for each in caplog.records if each.name != "httpx")
    assert "failed" in ours, "and what the asking side of this test writes of its own asking is not ours"
    assert link.rpartition("/")[2] not in ours


def test_addresses_are_made_of_the_public_one():
    assert page_address("https://a.example.vn/", 7, "s") == "https://a.example.vn/van-ban/7/mo/s"
    assert page_address("https://a.example.vn/nhac-viec", 7, "s") == "https://a.example.vn/nhac-viec/van-ban/7/mo/s"
    assert (root_path("https://a.example.vn"), root_path("https://a.example.vn/nhac-viec/")) == ("", "/nhac-viec")
    assert origin_of("https://a.example.vn:443/x") == "https://a.example.vn"
    assert origin_of("http://127.0.0.1:8080/") == "http://127.0.0.1:8080"
    assert origin_of("http://[::1]:8080") == "http://[::1]:8080"


async def test_below_a_path_of_its_own_everything_keeps_to_it(database: Database, clock: SteppedClock):
    """A proxy takes the path off before it asks us; what we write has it."""
    world = await make_world(database, clock, base_url="https://a.example.vn/nhac-viec")
    link = (await world.link()).replace("/nhac-viec", "")
    opened = await world.http.post(link)
    assert opened.headers["location"] == f"/nhac-viec/van-ban/{world.letter_id}"
    assert f"Path=/nhac-viec/van-ban/{world.letter_id}" in opened.headers["set-cookie"]
    cookie = opened.headers["set-cookie"].partition(";")[0]
    page = await world.http.get(f"https://a.example.vn/van-ban/{world.letter_id}", headers={"Cookie": cookie})
    assert page.status_code == 200
    assert 'action="/van-ban' not in page.text
    assert f'action="/nhac-viec/van-ban/{world.letter_id}/luu"' in page.text
    await world.http.aclose()
