"""The strict fake Bot API refuses what Telegram refuses; each rule is asked for over HTTP, with no client library."""

import asyncio
import json
import sys
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import ClientError, ClientSession, FormData, web

from models.clock import SteppedClock
from tests.fakes.telegram_html import CannotParseError, parse_html
from tests.fakes.telegram_limits import Limits
from tests.fakes.telegram_server import FakeTelegram

AN, GROUP = 501, -1_001_700
NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


class Caller:
    """The Bot API with bare hands: JSON in, (status, answer) out."""

    def __init__(self, telegram, session):
        self.telegram = telegram
        self.session = session

    async def __call__(self, method, **params):
        url = f"{self.telegram.url}/bot{self.telegram.token}/{method}"
        async with self.session.post(url, json=params) as answer:
            return answer.status, await answer.json()

    async def result(self, method, **params):
        status, answer = await self(method, **params)
        assert status == 200, answer
        return answer["result"]

    async def refusal(self, method, **params):
        status, answer = await self(method, **params)
        assert answer["ok"] is False
        assert answer["error_code"] == status
        return status, answer["description"]


@asynccontextmanager
async def calling(**settings):
    async with FakeTelegram(**{"limits": None} | settings) as telegram, ClientSession() as session:
        telegram.add_person(AN)
        telegram.add_group(GROUP)
        yield telegram, Caller(telegram, session)


@pytest.fixture
async def api():
    async with calling() as (_, caller):
        yield caller


@pytest.fixture
def telegram(api):
    return api.telegram


async def test_get_me_names_the_bot_of_the_token(api, telegram):
    me = await api.result("getMe")
    assert (me["id"], me["is_bot"]) == (int(telegram.token.split(":")[0]), True)


@pytest.mark.parametrize(("token", "status"), [("7001:another", 401), ("no-token", 404)])
async def test_a_wrong_token_is_refused(telegram, api, token, status):
    async with api.session.post(f"{telegram.url}/bot{token}/getMe") as answer:
        assert answer.status == status


async def test_a_method_nobody_knows_is_not_found(api):
    assert await api.refusal("sendTelepathy") == (404, "Not Found: method not found")


async def test_the_method_name_may_be_written_in_any_case(api):
    assert (await api("GETME"))[0] == 200


# texts


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("", "message text is empty", id="empty"),
        pytest.param(" \n ", "message text is empty", id="white space"),
        pytest.param("<b></b>", "message text is empty", id="nothing but markup"),
        pytest.param("a" * 4097, "message is too long", id="4097"),
        pytest.param("😀" * 2049, "message is too long", id="4098 in UTF-16"),
        pytest.param("<b>a", "can't parse entities: Can't find end tag corresponding to start tag \"b\"", id="open"),
        pytest.param("<x>a</x>", 'can\'t parse entities: Unsupported start tag "x" at byte offset 0', id="unknown"),
        pytest.param("ệ<x>", 'can\'t parse entities: Unsupported start tag "x" at byte offset 3', id="bytes"),
        pytest.param("a</b>", "can't parse entities: Unexpected end tag at byte offset 1", id="stray end"),
        pytest.param(
            "<b>a</i>",
            'can\'t parse entities: Unmatched end tag at byte offset 4, expected "</b>", found "</i>"',
            id="crossed",
        ),
        pytest.param("1 < 2", "can't parse entities: Unclosed start tag at byte offset 2", id="bare less-than"),
    ],
)
async def test_a_text_telegram_would_not_take_is_refused(api, text, words):
    assert await api.refusal("sendMessage", chat_id=AN, text=text, parse_mode="HTML") == (400, f"Bad Request: {words}")


async def test_the_limit_is_measured_after_the_markup_is_gone(api, telegram):
    await api.result("sendMessage", chat_id=AN, text="<b>" + "&lt;" * 4096 + "</b>", parse_mode="HTML")
    assert telegram.texts(AN) == ["<" * 4096]


def test_entities_are_counted_in_utf16_after_unescaping():
    text, entities = parse_html("😀 &amp; <b>đậm <i>nghiêng</i></b> & <a href='https://a.vn'>liên kết</a>")
    assert text == "😀 & đậm nghiêng & liên kết"
    assert entities == [
        {"type": "bold", "offset": 5, "length": 11},
        {"type": "italic", "offset": 9, "length": 7},
        {"type": "text_link", "offset": 19, "length": 8, "url": "https://a.vn"},
    ]


def test_an_unfinished_tag_cannot_be_parsed():
    with pytest.raises(CannotParseError, match="Unclosed start tag"):
        parse_html("<b")


async def test_markdown_is_not_read(api):
    assert await api.refusal("sendMessage", chat_id=AN, text="*a*", parse_mode="MarkdownV2") == (
        400,
        "Bad Request: unsupported parse_mode",
    )


# chats


async def test_nobody_is_written_to_who_has_not_pressed_start(api, telegram):
    assert await api.refusal("sendMessage", chat_id=999, text="a") == (400, "Bad Request: chat not found")
    telegram.person_says(999, "/start")
    await api.result("sendMessage", chat_id=999, text="a")


async def test_a_chat_that_shut_the_bot_out_is_forbidden(api, telegram):
    telegram.person_blocks(AN)
    assert await api.refusal("sendMessage", chat_id=AN, text="a") == (403, "Forbidden: bot was blocked by the user")
    telegram.person_unblocks(AN)
    await api.result("sendMessage", chat_id=AN, text="a")
    telegram.account_deleted(AN)
    assert await api.refusal("sendMessage", chat_id=AN, text="a") == (403, "Forbidden: user is deactivated")
    telegram.group_kicks_bot(GROUP)
    refused = await api.refusal("sendMessage", chat_id=GROUP, text="a")
    assert refused == (403, "Forbidden: bot was kicked from the supergroup chat")


async def test_a_migrated_group_answers_with_its_new_id(api, telegram):
    telegram.add_group(-77, kind="group")
    telegram.migrates(-77, -1_001_077)
    status, answer = await api("sendMessage", chat_id=-77, text="a")
    assert (status, answer["parameters"]) == (400, {"migrate_to_chat_id": -1_001_077})
    assert (await api.result("sendMessage", chat_id=-1_001_077, text="a"))["chat"]["id"] == -1_001_077
    kinds = [next(key for key in update["message"] if "migrate" in key) for update in telegram.unexpired()]
    assert kinds == ["migrate_to_chat_id", "migrate_from_chat_id"]


async def test_in_a_group_the_bot_hears_commands_replies_and_its_name_only(api, telegram):
    ours = await api.result("sendMessage", chat_id=GROUP, text="Việc 12")
    for text in ("chào cả nhà", "/viec", "/viec@other_bot", "@don_doc_bot xong 12"):
        telegram.person_says(GROUP, text)
    telegram.person_says(GROUP, "xong", reply_to=ours["message_id"])
    heard = [update["message"]["text"] for update in await api.result("getUpdates")]
    assert heard == ["/viec", "@don_doc_bot xong 12", "xong"]


async def test_two_supergroups_may_use_the_same_message_id(api, telegram):
    telegram.add_group(-1_001_800)
    first = await api.result("sendMessage", chat_id=GROUP, text="a")
    second = await api.result("sendMessage", chat_id=-1_001_800, text="a")
    assert first["message_id"] == second["message_id"]


# buttons, replies, edits


def buttons(*data):
    return {"inline_keyboard": [[{"text": "Nút", "callback_data": value} for value in data]]}


@pytest.mark.parametrize("data", ["ệ" * 22, ""])
async def test_a_button_carries_1_to_64_bytes(api, data):
    refused = await api.refusal("sendMessage", chat_id=AN, text="a", reply_markup=buttons(data))
    assert refused == (400, "Bad Request: BUTTON_DATA_INVALID")
    await api.result("sendMessage", chat_id=AN, text="a", reply_markup=buttons("ệ" * 21))


async def test_a_reply_to_nothing_needs_leave(api):
    missing = {"message_id": 4711}
    refused = await api.refusal("sendMessage", chat_id=AN, text="a", reply_parameters=missing)
    assert refused == (400, "Bad Request: message to be replied not found")
    allowed = missing | {"allow_sending_without_reply": True}
    assert "reply_to_message" not in await api.result("sendMessage", chat_id=AN, text="a", reply_parameters=allowed)


async def test_an_edit_that_changes_nothing_is_refused_and_one_without_buttons_takes_them_away(api, telegram):
    sent = await api.result("sendMessage", chat_id=AN, text="a", reply_markup=buttons("xong 12"))
    where = {"chat_id": AN, "message_id": sent["message_id"]}
    status, words = await api.refusal("editMessageText", **where, text="a", reply_markup=buttons("xong 12"))
    assert (status, words[:40]) == (400, "Bad Request: message is not modified: sp")
    await api.result("editMessageText", **where, text="b")
    assert telegram.edits[-1].buttons == []
    assert (await api.refusal("editMessageReplyMarkup", **where))[0] == 400


async def test_a_deleted_message_cannot_be_edited_or_deleted_again(api, telegram):
    sent = await api.result("sendMessage", chat_id=AN, text="a")
    where = {"chat_id": AN, "message_id": sent["message_id"]}
    assert await api.result("deleteMessage", **where) is True
    assert await api.refusal("deleteMessage", **where) == (400, "Bad Request: message to delete not found")
    assert await api.refusal("editMessageText", **where, text="b") == (400, "Bad Request: message to edit not found")


async def test_a_persons_message_cannot_be_edited_by_the_bot(api, telegram):
    said = telegram.person_says(AN, "xong 12")
    refused = await api.refusal("editMessageText", chat_id=AN, message_id=said["message_id"], text="b")
    assert refused == (400, "Bad Request: message can't be edited")


async def test_a_tap_must_be_answered_in_time():
    clock = SteppedClock(NOW)
    async with calling(clock=clock) as (telegram, api):
        sent = await api.result("sendMessage", chat_id=AN, text="a", reply_markup=buttons("xong 12"))
        query = telegram.person_taps(AN, sent["message_id"], "Nút")
        late = telegram.person_taps(AN, sent["message_id"], "xong 12")
        assert await api.result("answerCallbackQuery", callback_query_id=query, text="Đã ghi") is True
        assert telegram.taps[query].answer == "Đã ghi"
        clock.advance(timedelta(seconds=16))
        status, words = await api.refusal("answerCallbackQuery", callback_query_id=late)
        assert (status, words[:29]) == (400, "Bad Request: query is too old")
        assert [update["callback_query"]["data"] for update in telegram.unexpired()] == ["xong 12", "xong 12"]


def test_a_button_that_is_not_there_cannot_be_tapped():
    telegram = FakeTelegram()
    telegram.add_person(AN)
    said = telegram.person_says(AN, "chào")
    with pytest.raises(LookupError):
        telegram.person_taps(AN, said["message_id"], "Đã xong")


async def test_the_menu_takes_only_plain_small_letters(api, telegram):
    good = [{"command": "viec", "description": "Việc của tôi"}]
    await api.result("setMyCommands", commands=good)
    assert await api.result("getMyCommands") == good
    assert (await api.refusal("setMyCommands", commands=[{"command": "Việc", "description": "x"}]))[0] == 400


async def test_an_action_must_be_one_that_telegram_shows(api, telegram):
    assert await api.result("sendChatAction", chat_id=AN, action="typing") is True
    assert (await api.refusal("sendChatAction", chat_id=AN, action="sleeping"))[0] == 400


# files


async def test_a_document_is_uploaded_by_attach_and_downloaded_again(api, telegram):
    form = FormData({"chat_id": str(AN), "document": "attach://f1", "caption": "Danh sách <b>quá hạn</b>"})
    form.add_field("parse_mode", "HTML")
    form.add_field("f1", b"noi dung", filename="qua-han.csv", content_type="text/csv")
    async with api.session.post(f"{telegram.url}/bot{telegram.token}/sendDocument", data=form) as answer:
        sent = (await answer.json())["result"]
    assert (sent["document"]["file_name"], sent["caption"]) == ("qua-han.csv", "Danh sách quá hạn")
    found = await api.result("getFile", file_id=sent["document"]["file_id"])
    async with api.session.get(f"{telegram.url}/file/bot{telegram.token}/{found['file_path']}") as download:
        assert await download.read() == b"noi dung"


async def test_a_document_that_is_not_attached_is_refused(api):
    refused = await api.refusal("sendDocument", chat_id=AN, document="attach://f1")
    assert refused == (400, "Bad Request: there is no document in the request")


async def test_a_caption_is_short(api, telegram):
    stored = telegram.keep_file("a.pdf", b"a", "application/pdf")
    refused = await api.refusal("sendDocument", chat_id=AN, document=stored["file_id"], caption="a" * 1025)
    assert refused == (400, "Bad Request: message caption is too long")


async def test_a_file_beyond_the_limit_is_413():
    async with calling(upload_limit=100) as (telegram, api):
        form = FormData({"chat_id": str(AN), "document": "attach://f1"})
        form.add_field("f1", b"a" * 101, filename="a.bin")
        async with api.session.post(f"{telegram.url}/bot{telegram.token}/sendDocument", data=form) as answer:
            assert answer.status == 413
            assert telegram.transcript == []


# limits


async def test_a_private_chat_takes_three_at_once_then_one_a_second():
    clock = SteppedClock(NOW)
    async with calling(clock=clock, limits=Limits()) as (telegram, api):
        for _ in range(3):
            await api.result("sendMessage", chat_id=AN, text="a")
        status, answer = await api("sendMessage", chat_id=AN, text="a")
        assert (status, answer["parameters"]) == (429, {"retry_after": 1})
        assert answer["description"] == "Too Many Requests: retry after 1"
        clock.advance(timedelta(seconds=1))
        await api.result("sendMessage", chat_id=AN, text="a")
        assert (await api("sendMessage", chat_id=AN, text="a"))[0] == 429
        assert len(telegram.transcript) == 4


async def test_a_group_takes_twenty_a_minute():
    clock = SteppedClock(NOW)
    async with calling(clock=clock, limits=Limits()) as (_, api):
        for _ in range(20):
            await api.result("sendMessage", chat_id=GROUP, text="a")
        assert (await api("sendMessage", chat_id=GROUP, text="a"))[1]["parameters"] == {"retry_after": 3}


async def test_thirty_a_second_is_all_a_bot_gets():
    clock = SteppedClock(NOW)
    async with calling(clock=clock, limits=Limits()) as (telegram, api):
        for chat_id in range(1, 32):
            telegram.add_person(chat_id)
        statuses = [(await api("sendMessage", chat_id=chat_id, text="a"))[0] for chat_id in range(1, 32)]
        assert statuses == [200] * 30 + [429]


# updates


async def test_an_update_comes_again_until_a_higher_offset_confirms_it(api, telegram):
    telegram.person_says(AN, "một")
    telegram.person_says(AN, "hai")
    first, second = await api.result("getUpdates")
    assert [first, second] == await api.result("getUpdates", offset=first["update_id"])
    assert [second] == await api.result("getUpdates", offset=second["update_id"])
    assert await api.result("getUpdates", offset=second["update_id"] + 1) == []
    assert await api.result("getUpdates") == []


async def test_limit_and_negative_offset_are_obeyed(api, telegram):
    for text in ("một", "hai", "ba"):
        telegram.person_says(AN, text)
    assert [update["message"]["text"] for update in await api.result("getUpdates", limit=2)] == ["một", "hai"]
    assert [update["message"]["text"] for update in await api.result("getUpdates", offset=-1)] == ["ba"]
    assert len(telegram.unexpired()) == 1


async def test_a_long_poll_is_answered_as_soon_as_somebody_speaks(api, telegram):
    polling = asyncio.create_task(api.result("getUpdates", timeout=20))
    await asyncio.sleep(0.05)
    assert not polling.done()
    telegram.person_says(AN, "xong 12")
    assert [update["message"]["text"] for update in await asyncio.wait_for(polling, 2)] == ["xong 12"]


async def test_a_long_poll_ends_empty_when_its_time_is_up(api):
    assert await asyncio.wait_for(api.result("getUpdates", timeout=1), 5) == []


async def test_the_second_poller_ends_the_first_with_409(api, telegram):
    first = asyncio.create_task(api.refusal("getUpdates", timeout=20))
    await asyncio.sleep(0.05)
    second = asyncio.create_task(api.result("getUpdates", timeout=20))
    status, words = await asyncio.wait_for(first, 2)
    assert (status, words[:52]) == (409, "Conflict: terminated by other getUpdates request; ma")
    telegram.person_says(AN, "xong 12")
    assert len(await asyncio.wait_for(second, 2)) == 1


async def test_updates_are_kept_for_a_day():
    clock = SteppedClock(NOW)
    async with calling(clock=clock) as (telegram, api):
        telegram.person_says(AN, "hôm qua")
        clock.advance(timedelta(hours=23))
        telegram.person_says(AN, "hôm nay")
        clock.advance(timedelta(hours=2))
        assert [update["message"]["text"] for update in await api.result("getUpdates")] == ["hôm nay"]


async def test_an_update_of_a_type_not_asked_for_is_not_kept(api, telegram):
    await api.result("getUpdates", allowed_updates=["message"])
    said = telegram.person_says(AN, "một")
    telegram.person_edits(AN, said["message_id"], "hai")
    telegram.person_blocks(AN)
    assert [sorted(update) for update in telegram.unexpired()] == [["message", "update_id"]]


async def test_update_ids_may_start_again_anywhere(api, telegram):
    telegram.person_says(AN, "một")
    telegram.jump_update_ids(42)
    telegram.person_says(AN, "hai")
    assert [update["update_id"] for update in await api.result("getUpdates")][1] == 42


# webhook


@asynccontextmanager
async def webhook_receiver(answers):
    """Records (secret, text) and answers with the given statuses, the last one for ever."""
    received = []

    async def receive(request):
        text = (await request.json())["message"]["text"]
        received.append((request.headers.get("X-Telegram-Bot-Api-Secret-Token"), text))
        return web.Response(status=answers.pop(0) if len(answers) > 1 else answers[0])

    app = web.Application()
    app.router.add_post("/hook", receive)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/hook", received
    finally:
        await runner.cleanup()


async def eventually(condition):
    async with asyncio.timeout(5):
        while not condition():  # noqa: ASYNC110  # what is waited for has no event to offer
            await asyncio.sleep(0.01)


async def test_a_webhook_gets_each_update_in_order_with_the_secret_until_it_says_2xx(api, telegram):
    telegram.person_says(AN, "một")
    telegram.person_says(AN, "hai")
    async with webhook_receiver([500, 503, 200]) as (url, received):
        await api.result("setWebhook", url=url, secret_token="bi-mat_1")
        await eventually(lambda: not telegram.pending)
        texts = [text for _, text in received]
        assert texts == ["một", "một", "một", "hai"]
        assert {secret for secret, _ in received} == {"bi-mat_1"}
        await api.result("deleteWebhook")


async def test_polling_beside_a_webhook_is_a_conflict(api, telegram):
    await api.result("setWebhook", url="https://don-doc.example/hook")
    status, words = await api.refusal("getUpdates")
    assert (status, words[:45]) == (409, "Conflict: can't use getUpdates method while w")
    await api.result("deleteWebhook")
    assert await api.result("getUpdates") == []


async def test_the_state_of_a_webhook_can_be_read(api, telegram):
    telegram.person_says(AN, "một")
    async with webhook_receiver([500]) as (url, _):
        await api.result("setWebhook", url=url)
        await eventually(lambda: telegram.webhook.last_error)
        info = await api.result("getWebhookInfo")
        assert (info["url"], info["pending_update_count"]) == (url, 1)
        assert info["last_error_message"].startswith("Wrong response from the webhook: 500")
        await api.result("deleteWebhook", drop_pending_updates=True)
    assert (await api.result("getWebhookInfo"))["pending_update_count"] == 0


@pytest.mark.parametrize("wrong", [{"url": "http://don-doc.example"}, {"url": "https://a.b", "secret_token": "bí mật"}])
async def test_a_webhook_needs_https_and_a_plain_secret(api, wrong):
    assert (await api.refusal("setWebhook", **wrong))[0] == 400


async def test_after_log_out_nothing_works(api):
    await api.result("close")
    await api.result("logOut")
    assert await api.refusal("getMe") == (400, "Logged out")


# faults and the record


@pytest.mark.parametrize(
    ("kind", "delivered"),
    [("drop_before", 0), ("drop_after", 1), ("reset_before", 0), ("reset_after", 1)],
)
async def test_a_cut_connection_leaves_the_bot_without_an_answer(api, telegram, kind, delivered):
    telegram.fail(kind)
    with pytest.raises(ClientError):
        await api("sendMessage", chat_id=AN, text="a")
    assert len(telegram.transcript) == delivered
    assert telegram.called("sendMessage")[-1].status is None
    assert (await api("sendMessage", chat_id=AN, text="b"))[0] == 200


@pytest.mark.parametrize(("kind", "delivered"), [("delay_before", 0), ("delay_after", 1)])
async def test_a_delay_is_before_or_after_the_delivery(api, telegram, kind, delivered):
    telegram.fail(kind, seconds=0.2)
    sending = asyncio.create_task(api("sendMessage", chat_id=AN, text="a"))
    await asyncio.sleep(0.1)
    assert len(telegram.transcript) == delivered
    assert (await sending)[0] == 200


async def test_a_fault_strikes_only_the_chat_and_the_times_it_was_ordered_for(api, telegram):
    telegram.fail("status", chat_id=GROUP, times=2, status=502)
    telegram.fail("flood", chat_id=AN, retry_after=3000)
    statuses = [(await api("sendMessage", chat_id=GROUP, text="a"))[0] for _ in range(3)]
    assert statuses == [502, 502, 200]
    assert (await api("sendMessage", chat_id=AN, text="a"))[1]["parameters"] == {"retry_after": 3000}
    assert telegram.faults == []


async def test_a_server_that_went_dark_refuses_and_comes_back_on_the_same_port(api, telegram):
    await api.result("getMe")
    await telegram.goes_dark()
    with pytest.raises(ClientError):
        await api("getMe")
    await telegram.comes_back()
    await api.result("getMe")


async def test_what_was_delivered_is_on_record_before_the_answer(tmp_path):
    log = tmp_path / "transcript.jsonl"
    async with calling(log=log) as (telegram, api):
        telegram.fail("delay_after", seconds=0.2)
        sending = asyncio.create_task(api("sendMessage", chat_id=AN, text="ệ", reply_markup=buttons("xong 12")))
        await asyncio.sleep(0.1)
        line = json.loads(log.read_text(encoding="utf-8").splitlines()[0])
        assert (line["kind"], line["text"], line["buttons"]) == ("delivered", "ệ", [[["Nút", "xong 12"]]])
        await sending


async def test_it_also_runs_as_a_process_that_other_processes_talk_to(tmp_path):
    log = tmp_path / "transcript.jsonl"
    command = ("-m", "tests.fakes.telegram_server", "--log", str(log), "--no-limits", "--people", "3")
    process = await asyncio.create_subprocess_exec(sys.executable, *command, stdout=asyncio.subprocess.PIPE)
    try:
        url = (await process.stdout.readline()).decode().split()[-1]
        async with ClientSession() as session:

            async def control(act, **params):
                async with session.post(f"{url}/control/{act}", json=params) as answer:
                    return await answer.json()

            assert (await control("say", chat_id=3, text="xong 12"))["ok"]
            assert (await control("fault", kind="status", method="getMe", status=502))["ok"]
            assert not (await control("tap", chat_id=3, message_id=99, button="x"))["ok"]
            async with session.get(f"{url}/control/transcript") as answer:
                assert (await answer.json())["pending_updates"] == 1
    finally:
        process.terminate()
        assert await process.wait() == 0
