"""Nonsense at the door of the whole program: webhook, inbox, conversation, outbox and Telegram are all real here.

Each part is fuzzed where it lives: plan files in `tests/planner/test_plan_file.py`, headers and bodies in
`tests/bot/telegram/test_webhook.py`, updates in `test_handlers.py` beside it, words and callback data in
`tests/bot/conversation/test_fuzz.py`. This one asks what all of them together write.
"""

import json
import logging
import random
from typing import Any

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient
from sqlalchemy import func, select, text

from bot.doors import doors_first
from bot.telegram.webhook import telegram_webhook
from models.columns import columns_of
from models.inbox import InboxUpdate
from models.report import Report
from models.terms import Role
from reminders.inbox import Intake
from tests.builders import add_linked_person, load_plan, load_units
from tests.fakes.stepped_telegram import BOT_KEY, stepped_telegram

SECRET = "secret-of-the-webhook"
HEADER = "X-Telegram-Bot-Api-Secret-Token"
HEAD, STRANGER = 501, 999
WORDS = (
    "1 xong", "999999 xong", "xong", "/start ABCD2345", "/overdue", "nhac tat ca dong y", "viec trang 0",
    "1 đang làm 101%", "hoàn tác", "'; DROP TABLE plan; --", "<b>", "&amp;", "\x00", "\ud83d", "ệ" * 5_000,
    "1 vướng mắc: " + "x" * 4_096, "", " ",
    "{{ 7 * 7 }}", "%s%n", "／ｘｏｎｇ　１", "\u202exong 1", "xem 1", "giahan 1",
    "1@T.YT xong", "-1 xong", "1e9 xong", "٣ xong",
)  # fmt: skip
KINDS = (
    "message",
    "edited_message",
    "callback_query",
    "my_chat_member",
    "channel_post",
    "poll",
    "business_message",
    "x",
)
LEAVES = (None, True, 0, -1, 2**63, 2**200, 1.5, "", "1", "ệ", [], {}, [[]], {"id": None}, {"id": "501"})


def said(dice: random.Random, number: int) -> dict[str, Any]:
    """An update as Telegram writes it, from a stranger, with words of the list."""
    chat = {"id": STRANGER, "type": "private", "first_name": "Người lạ"}
    words = dice.choice(WORDS)
    message = {
        "message_id": number,
        "date": 1_729_645_200,
        "chat": chat,
        "from": chat | {"is_bot": False},
        "text": words,
    }
    kind = dice.choice(KINDS)
    if kind == "callback_query":
        query = {"id": str(number), "from": chat | {"is_bot": False}, "chat_instance": "1", "data": words[:64]}
        return {"update_id": number, kind: query | {"message": message}}
    return {"update_id": number, kind: message}


def bent(dice: random.Random, value: Any) -> Any:
    """The same with something in it replaced, dropped or put too deep."""
    if not isinstance(value, dict) or not value or dice.random() < 0.15:
        return dice.choice(LEAVES)
    name = dice.choice(list(value))
    match dice.randrange(4):
        case 0:
            return {key: each for key, each in value.items() if key != name}
        case 1:
            return value | {name: dice.choice(LEAVES)}
        case 2:
            return value | {name: bent(dice, value[name])}
        case _:
            return value | {str(dice.random()): value[name]}


def bodies(dice: random.Random, count: int) -> list[bytes]:
    made: list[bytes] = []
    for number in range(1, count + 1):
        update: Any = said(dice, number)
        for _ in range(dice.randrange(4)):
            update = bent(dice, update)
        body = json.dumps(update).encode()
        if dice.random() < 0.1:
            cut = dice.randrange(len(body))
            body = body[:cut] + bytes([dice.randrange(256)]) + body[cut + dice.randrange(3) :]
        made.append(body)
    return [*made, b"", b"[" * 50_000, b'{"update_id": NaN}', b"\xff\xfe", b"null", b"{}", b"x" * (1024 * 1024 + 1)]


@pytest.fixture
async def house(sqlite_database, now, clock):
    await load_units(sqlite_database)
    await load_plan(sqlite_database, now)
    await add_linked_person(sqlite_database, now, "Trần Thị Mẫu", ("T.TP", Role.UNIT_HEAD), chat=str(HEAD), bot=BOT_KEY)
    async with stepped_telegram(sqlite_database, clock) as house:
        house.telegram.add_person(HEAD)
        house.telegram.add_person(STRANGER)
        yield house


async def facts(database) -> dict[str, list[tuple]]:
    """What nobody but a linked person may change."""
    tables = ("plan", "task", "assignment", "report", "extension", "blocker", "person", "membership", "address")
    async with database.read() as session:
        return {name: list((await session.execute(text(f"SELECT * FROM {name}"))).all()) for name in tables}  # noqa: S608


@pytest.mark.parametrize("seed", range(2))
async def test_nothing_a_stranger_sends_is_an_error_or_changes_a_fact(house, clock, caplog, seed):
    caplog.set_level(logging.ERROR)
    await house.live()  # the morning's sweep
    before = await facts(house.engine.database)
    intake = Intake(house.engine.database, clock=clock)
    app = FastAPI()
    app.router.routes.append(telegram_webhook(intake, path="/telegram", secret=SECRET, bot_key=BOT_KEY))
    dice = random.Random(seed)
    async with AsyncClient(transport=ASGITransport(app=doors_first(app)), base_url="http://test") as client:
        for body in bodies(dice, 80):
            answer = await client.post("/telegram", content=body, headers={HEADER: SECRET})
            assert answer.status_code in {200, 400, 413}, body[:300]
        for secret in ("", "x", "ệ".encode(), b"\xff", SECRET + " x", SECRET.upper()):
            answer = await client.post("/telegram", content=bodies(dice, 1)[0], headers={HEADER: secret})
            assert answer.status_code == 401, secret
    await house.live()
    async with house.engine.database.read() as session:
        states = set((await session.execute(select(columns_of(InboxUpdate).state))).scalars())
        assert states == {"handled"}
        assert await session.scalar(select(func.count()).select_from(Report)) == 0
    assert [record.getMessage() for record in caplog.records] == []
    assert await facts(house.engine.database) == before
    assert "KM1" not in "".join(house.telegram.texts(STRANGER)), "a stranger was told of the plan"
    assert await house.says(HEAD, "1 đang làm 60%") != ""
