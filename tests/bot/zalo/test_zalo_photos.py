"""A picture stands at an address nobody can guess, for a while, and then nowhere."""

from datetime import timedelta

import httpx
import pytest
from fastapi import FastAPI

from bot.zalo.photos import MOST_SHOWN, SHOWN_FOR, PhotoShelf

PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture
def shelf(clock):
    return PhotoShelf("https://nhacviec.example.vn/", path="/zalo/1/photos", clock=clock)


@pytest.fixture
async def visitor(shelf):
    app = FastAPI(openapi_url=None)
    app.router.routes.append(shelf.route())
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="https://nhacviec.example.vn", trust_env=False
    ) as visitor:
        yield visitor


async def test_it_is_shown_as_it_is_and_no_cache_keeps_it(shelf, visitor):
    url = shelf.put(PNG, "image/png")
    answer = await visitor.get(url)
    assert (answer.status_code, answer.content, answer.headers["content-type"]) == (200, PNG, "image/png")
    assert (answer.headers["cache-control"], answer.headers["x-content-type-options"]) == ("no-store", "nosniff")


async def test_addresses_differ_and_are_long(shelf):
    one, two = (shelf.put(PNG, "image/png") for _ in range(2))
    assert one != two
    assert one.startswith("https://nhacviec.example.vn/zalo/1/photos/")
    assert len(one.rpartition("/")[2]) >= 43


async def test_after_a_while_it_is_gone(shelf, visitor, clock):
    url = shelf.put(PNG, "image/png")
    clock.advance(SHOWN_FOR - timedelta(seconds=1))
    assert (await visitor.get(url)).status_code == 200
    clock.advance(timedelta(seconds=1))
    assert (await visitor.get(url)).status_code == 404


async def test_an_unknown_address_shows_nothing(visitor):
    assert (await visitor.get("/zalo/1/photos/x")).status_code == 404


async def test_only_so_many_stand_there(shelf, visitor):
    urls = [shelf.put(PNG, "image/png") for _ in range(MOST_SHOWN + 1)]
    assert [(await visitor.get(url)).status_code for url in (urls[0], urls[1], urls[-1])] == [404, 200, 200]
