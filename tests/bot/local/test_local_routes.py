"""The demo page's HTTP: chats, taps and the clock; whatever is sent, the answer is never a server error."""

import asyncio
import unicodedata
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import pytest

from models.clock import at_civil
from reminders.channel import Button, Message
from tests.fakes.demo_engine import CHATS, COORDINATOR, DISTRICT, JUSTICE, START, ScriptedEngine, demo_app

HERE = "http://localhost:8099"
SAY = f"/api/chats/{JUSTICE}/messages"
TAP = f"/api/chats/{JUSTICE}/taps"


@pytest.fixture
def engine() -> ScriptedEngine:
    return ScriptedEngine()


@pytest.fixture
async def page(engine: ScriptedEngine) -> AsyncIterator[httpx.AsyncClient]:
    app = demo_app(engine, long_poll=timedelta(milliseconds=300))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=HERE) as client:
        yield client


def sentence(answer: httpx.Response) -> str:
    """Every refusal is one sentence in Vietnamese, beginning with a capital and ended by a full stop."""
    text = answer.json()["error"]
    assert text[0].isupper()
    assert text.endswith(".")
    assert not text.isascii()
    return str(text)


async def texts(page: httpx.AsyncClient, chat: str = JUSTICE) -> list[str]:
    state = (await page.get("/api/state")).json()
    return [message["text"] for message in state["messages"] if message["chat"] == chat]


class TestThePage:
    @pytest.mark.parametrize(
        ("path", "kind"),
        [
            ("/", "text/html"),
            ("/style.css", "text/css"),
            ("/app.js", "text/javascript"),
            ("/calendar.js", "text/javascript"),
            ("/chat.js", "text/javascript"),
            ("/clock.js", "text/javascript"),
            ("/server.js", "text/javascript"),
            ("/icon.svg", "image/svg+xml"),
        ],
    )
    async def test_each_file_comes_with_its_kind_and_a_strict_policy(
        self, page: httpx.AsyncClient, path: str, kind: str
    ):
        answer = await page.get(path)
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith(kind)
        assert answer.headers["content-security-policy"].startswith("default-src 'self';")
        assert answer.headers["x-content-type-options"] == "nosniff"

    async def test_nothing_is_fetched_from_elsewhere(self, page: httpx.AsyncClient):
        for path in ("/", "/style.css", "/app.js", "/calendar.js", "/chat.js", "/clock.js", "/server.js"):
            content = (await page.get(path)).text
            assert "http:" not in content
            assert "https:" not in content
            assert "innerHTML" not in content

    async def test_it_says_that_it_is_well(self, page: httpx.AsyncClient):
        assert (await page.get("/healthz")).json() == {"status": "ok"}


class TestTheState:
    async def test_it_shows_the_chats_the_clock_in_vietnamese_time_and_no_messages_yet(self, page: httpx.AsyncClient):
        state = (await page.get("/api/state")).json()
        assert state["now"] == "2024-10-23T07:55:00+07:00"
        assert state["day_note"] is None
        assert [chat["id"] for chat in state["chats"]] == [chat.id for chat in CHATS]
        assert state["messages"] == []

    async def test_only_what_is_new_is_sent_again(self, page: httpx.AsyncClient):
        await page.post(SAY, json={"text": "viec"})
        version = (await page.get("/api/state")).json()["version"]
        await page.post(SAY, json={"text": "trợ giúp"})
        state = (await page.get("/api/state", params={"since": version})).json()
        assert [message["text"].split("\n")[0] for message in state["messages"]] == [
            "trợ giúp",
            "Gõ như nhắn tin bình thường:",
        ]

    async def test_a_page_that_waits_hears_as_soon_as_something_is_said(
        self, page: httpx.AsyncClient, engine: ScriptedEngine
    ):
        waiting = asyncio.create_task(page.get("/api/state", params={"since": 0}))
        await asyncio.sleep(0.02)
        assert not waiting.done()
        await engine.channel.send(JUSTICE, Message("12 · Báo cáo"))
        state = (await waiting).json()
        assert [message["text"] for message in state["messages"]] == ["12 · Báo cáo"]

    async def test_a_page_that_hears_nothing_is_answered_all_the_same(self, page: httpx.AsyncClient):
        state = (await page.get("/api/state", params={"since": 0})).json()
        assert state["messages"] == []

    async def test_a_page_that_outlived_a_restart_gets_everything_at_once(
        self, page: httpx.AsyncClient, engine: ScriptedEngine
    ):
        await engine.channel.send(JUSTICE, Message("12 · Báo cáo"))
        state = (await page.get("/api/state", params={"since": 5000})).json()
        assert len(state["messages"]) == 1
        assert state["run"] == engine.channel.run

    @pytest.mark.parametrize("since", ["-1", "hôm qua", "1.5", ""])
    async def test_a_version_that_is_no_number_is_refused(self, page: httpx.AsyncClient, since: str):
        answer = await page.get("/api/state", params={"since": since})
        assert answer.status_code == 422
        sentence(answer)


class TestSaying:
    async def test_what_is_typed_stands_in_the_chat_and_is_answered(
        self, page: httpx.AsyncClient, engine: ScriptedEngine
    ):
        answer = await page.post(SAY, json={"text": "12 xong"})
        assert answer.status_code == 200
        assert engine.said == [(JUSTICE, "12 xong", None)]
        assert await texts(page) == ["12 xong", 'Đã ghi lúc 07:55: 12 xong. Gõ "hoàn tác" trong 10 phút nếu chưa đúng.']

    async def test_an_answer_to_a_message_names_it(self, page: httpx.AsyncClient, engine: ScriptedEngine):
        ref = await engine.channel.send(JUSTICE, Message("12 · Báo cáo"))
        await page.post(SAY, json={"text": "xong rồi", "reply_to": ref})
        assert engine.said == [(JUSTICE, "xong rồi", ref)]
        state = (await page.get("/api/state")).json()
        assert state["messages"][1]["reply_to"] == ref

    async def test_text_is_composed_once_at_this_edge(self, page: httpx.AsyncClient, engine: ScriptedEngine):
        await page.post(SAY, json={"text": unicodedata.normalize("NFD", "  12 vướng phần\u00a0mềm\r\nchờ sửa ")})
        assert engine.said[0][1] == "12 vướng phần mềm\nchờ sửa"

    @pytest.mark.parametrize(
        "text",
        [
            pytest.param("   \n ", id="nothing"),
            pytest.param("a" * 4001, id="4,001 characters"),
            pytest.param("12\x00xong", id="a NUL no database keeps"),
            pytest.param("12\x1b[31m", id="a terminal's escape"),
        ],
    )
    async def test_text_that_cannot_be_used_is_refused_in_a_sentence(
        self, page: httpx.AsyncClient, engine: ScriptedEngine, text: str
    ):
        answer = await page.post(SAY, json={"text": text})
        assert answer.status_code == 422
        sentence(answer)
        assert engine.said == []
        assert await texts(page) == []

    async def test_four_thousand_characters_are_taken(self, page: httpx.AsyncClient, engine: ScriptedEngine):
        answer = await page.post(SAY, json={"text": "ệ" * 4000})
        assert answer.status_code == 200
        assert len(engine.said[0][1]) == 4000

    async def test_what_the_engine_cannot_use_is_said_in_a_sentence(
        self, page: httpx.AsyncClient, engine: ScriptedEngine
    ):
        answer = await page.post(SAY, json={"text": engine.refused})
        assert answer.status_code == 422
        assert "trợ giúp" in sentence(answer)

    async def test_an_unknown_chat_is_refused(self, page: httpx.AsyncClient):
        answer = await page.post("/api/chats/so-xay-dung/messages", json={"text": "viec"})
        assert answer.status_code == 404
        sentence(answer)

    async def test_an_answer_to_a_message_that_is_not_there_is_refused(self, page: httpx.AsyncClient):
        answer = await page.post(SAY, json={"text": "xong", "reply_to": "m404"})
        assert answer.status_code == 422
        sentence(answer)


class TestTapping:
    KEYS = ((Button("Đã xong", "xong 12"), Button("Đang làm", "đang làm 12")),)

    async def test_a_button_sends_its_command_and_shows_its_label(
        self, page: httpx.AsyncClient, engine: ScriptedEngine
    ):
        ref = await engine.channel.send(JUSTICE, Message("12 · Báo cáo", self.KEYS))
        answer = await page.post(TAP, json={"ref": ref, "command": "xong 12"})
        assert answer.status_code == 200
        assert engine.said == [(JUSTICE, "xong 12", ref)]
        tap = (await page.get("/api/state")).json()["messages"][1]
        assert (tap["text"], tap["is_tap"], tap["is_from_bot"], tap["reply_to"]) == ("Đã xong", True, False, ref)

    async def test_a_button_of_yesterday_still_answers(self, page: httpx.AsyncClient, engine: ScriptedEngine):
        ref = await engine.channel.send(JUSTICE, Message("12 · Báo cáo", self.KEYS))
        await page.post("/api/clock", json={"by": "day"})
        assert (await page.post(TAP, json={"ref": ref, "command": "xong 12"})).status_code == 200

    @pytest.mark.parametrize(
        ("ref", "command"),
        [
            pytest.param("m1", "xong 13", id="a command that no button of the message carries"),
            pytest.param("m1", "", id="no command"),
            pytest.param("m9", "xong 12", id="no such message"),
            pytest.param("m2", "xong 12", id="a message of another chat"),
        ],
    )
    async def test_only_a_button_of_that_message_is_obeyed(
        self, page: httpx.AsyncClient, engine: ScriptedEngine, ref: str, command: str
    ):
        await engine.channel.send(JUSTICE, Message("12 · Báo cáo", self.KEYS))
        await engine.channel.send(DISTRICT, Message("12 · Báo cáo", self.KEYS))
        answer = await page.post(TAP, json={"ref": ref, "command": command})
        assert answer.status_code == 422
        sentence(answer)
        assert engine.said == []


class TestTheClock:
    @pytest.mark.parametrize(
        ("step", "now"),
        [
            ({"by": "hour"}, "2024-10-23T08:55:00+07:00"),
            ({"by": "day"}, "2024-10-24T07:55:00+07:00"),
            ({"to": "next"}, "2024-10-23T08:00:00+07:00"),
            ({"to": "2024-10-23"}, "2024-10-23T08:00:00+07:00"),
            ({"to": "2024-11-04"}, "2024-11-04T08:00:00+07:00"),
        ],
    )
    async def test_it_goes_where_it_is_sent(self, page: httpx.AsyncClient, step: dict[str, str], now: str):
        assert (await page.post("/api/clock", json=step)).json()["now"] == now
        assert (await page.get("/api/state")).json()["now"] == now

    async def test_the_answer_counts_what_arrived_in_which_chat(self, page: httpx.AsyncClient):
        answer = (await page.post("/api/clock", json={"to": "2024-10-24"})).json()
        assert answer["arrived"] == {JUSTICE: 1, COORDINATOR: 1, DISTRICT: 1}

    async def test_a_day_off_is_named(self, page: httpx.AsyncClient):
        await page.post("/api/clock", json={"to": "2024-10-27"})
        assert (await page.get("/api/state")).json()["day_note"] == "Chủ nhật"

    async def test_a_step_without_a_message_is_news_too(self, page: httpx.AsyncClient):
        await page.post("/api/clock", json={"to": "2024-12-02"})
        before = (await page.get("/api/state")).json()["version"]
        waiting = asyncio.create_task(page.get("/api/state", params={"since": before}))
        await asyncio.sleep(0.02)
        await page.post("/api/clock", json={"by": "hour"})
        state = (await waiting).json()
        assert state["version"] > before
        assert state["now"] == "2024-12-02T09:00:00+07:00"

    @pytest.mark.parametrize("day", ["2024-10-22", "0001-01-01"])
    async def test_it_never_goes_backwards_and_says_where_it_stands(
        self, page: httpx.AsyncClient, engine: ScriptedEngine, day: str
    ):
        answer = await page.post("/api/clock", json={"to": day})
        assert answer.status_code == 422
        assert "07:55 thứ Tư 23/10/2024" in sentence(answer)
        assert engine.now() == START

    async def test_the_morning_already_begun_is_past(self, page: httpx.AsyncClient, engine: ScriptedEngine):
        engine.clock.move_to(at_civil(START.date(), START.time().replace(hour=8)))
        assert (await page.post("/api/clock", json={"to": "2024-10-23"})).status_code == 422

    @pytest.mark.parametrize(
        "step",
        [
            {"to": "2030-01-01"},
            {"to": "9999-12-31"},
            {"to": "04/11/2024"},
            {"to": "2024-02-30"},
            {"to": ""},
            {"by": "week"},
            {"by": "hour", "to": "next"},
            {"by": 1},
            {},
            [],
            "next",
        ],
    )
    async def test_a_step_that_makes_no_sense_is_refused(
        self, page: httpx.AsyncClient, engine: ScriptedEngine, step: Any
    ):
        answer = await page.post("/api/clock", json=step)
        assert answer.status_code == 422
        sentence(answer)
        assert engine.now() == START

    async def test_when_nothing_is_left_to_remind_it_stands_still_and_says_so(self, page: httpx.AsyncClient):
        await page.post("/api/clock", json={"to": "2024-12-02"})
        answer = await page.post("/api/clock", json={"to": "next"})
        assert answer.status_code == 409
        sentence(answer)

    async def test_two_steps_at_once_are_one_step(self):
        engine = ScriptedEngine(pace=timedelta(milliseconds=50))
        transport = httpx.ASGITransport(demo_app(engine))
        async with httpx.AsyncClient(transport=transport, base_url=HERE) as page:
            answers = await asyncio.gather(*(page.post("/api/clock", json={"by": "hour"}) for _ in range(2)))
        assert sorted(answer.status_code for answer in answers) == [200, 409]
        assert engine.now() == START + timedelta(hours=1)


class TestTheDoor:
    @pytest.mark.parametrize(
        "headers",
        [
            pytest.param({"origin": "http://example.org"}, id="another site"),
            pytest.param({"origin": "http://localhost:9000"}, id="another port of this machine"),
            pytest.param({"origin": "null"}, id="a page without an origin"),
            pytest.param({"sec-fetch-site": "cross-site"}, id="the browser says cross-site"),
            pytest.param({"sec-fetch-site": "same-site"}, id="the browser says same-site only"),
        ],
    )
    async def test_another_page_cannot_act_here(
        self, page: httpx.AsyncClient, engine: ScriptedEngine, headers: dict[str, str]
    ):
        answer = await page.post(SAY, json={"text": "12 xong"}, headers=headers)
        assert answer.status_code == 403
        sentence(answer)
        assert engine.said == []

    async def test_its_own_page_can(self, page: httpx.AsyncClient):
        headers = {"origin": HERE, "sec-fetch-site": "same-origin"}
        assert (await page.post(SAY, json={"text": "12 xong"}, headers=headers)).status_code == 200

    @pytest.mark.parametrize("host", ["chat.example.org", "localhost.example.org", "[::1", "", "localhost:8099:1"])
    async def test_a_foreign_name_pointed_at_this_machine_reads_nothing(self, page: httpx.AsyncClient, host: str):
        answer = await page.get("/api/state", headers={"host": host})
        assert answer.status_code == 421
        sentence(answer)

    @pytest.mark.parametrize("host", ["localhost", "127.0.0.1:8099", "[::1]:8099", "LocalHost:8099"])
    async def test_this_machine_is_known_by_all_its_names(self, page: httpx.AsyncClient, host: str):
        assert (await page.get("/api/state", headers={"host": host})).status_code == 200

    @pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
    async def test_a_form_of_another_site_is_not_json(self, page: httpx.AsyncClient, kind: str):
        answer = await page.post(SAY, content=b'{"text": "12 xong"}', headers={"content-type": kind})
        assert answer.status_code == 415
        sentence(answer)

    @pytest.mark.parametrize(
        "content",
        [
            b"",
            b"{",
            b"\xff\xfe",
            b'{"text": "\\ud800"}',
            b'{"text": 12}',
            b'{"text": null}',
            b'{"text": "a", "extra": 1}',
            b'{"text": "a", "reply_to": []}',
            b"[" * 60_000,
            b'{"text": ' + b"9" * 5000 + b"}",
        ],
    )
    async def test_a_body_that_is_not_understood_is_refused_and_breaks_nothing(
        self, page: httpx.AsyncClient, content: bytes
    ):
        answer = await page.post(SAY, content=content, headers={"content-type": "application/json"})
        assert answer.status_code == 422
        sentence(answer)

    async def test_a_body_too_large_is_not_read(self, page: httpx.AsyncClient):
        answer = await page.post(SAY, json={"text": "a" * 70_000})
        assert answer.status_code == 413
        sentence(answer)

    async def test_a_body_of_unknown_length_is_not_read(self, page: httpx.AsyncClient):
        async def endless() -> AsyncIterator[bytes]:
            yield b'{"text": "12 xong"}'

        answer = await page.post(SAY, content=endless(), headers={"content-type": "application/json"})
        assert answer.status_code == 411
        sentence(answer)
