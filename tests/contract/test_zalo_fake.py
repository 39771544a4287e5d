"""The strict fake Zalo Bot server refuses what Zalo refuses and is as odd as it was seen to be; no client of ours."""

import asyncio
import sys

import pytest
from aiohttp import ClientError, ClientSession, FormData, web

from tests.fakes.zalo_server import FakeZalo
from tests.fakes.zalo_world import ZaloWorld

AN, GROUP = "6ede9afa66b88fe6d6a9", "g001"
SECRET = "the-secret-of-the-webhook"


class Caller:
    """The Bot API with bare hands: JSON in, (status, answer) out."""

    def __init__(self, zalo, session):
        self.zalo, self.session = zalo, session

    async def __call__(self, method, **params):
        async with self.session.post(f"{self.zalo.url}/bot{self.zalo.bot.token}/{method}", json=params) as answer:
            return answer.status, await answer.json()

    async def result(self, method, **params):
        status, answer = await self(method, **params)
        assert (status, answer["ok"]) == (200, True), answer
        return answer["result"]

    async def refusal(self, method, **params):
        status, answer = await self(method, **params)
        assert answer["ok"] is False
        return status, answer["error_code"], answer["description"]


@pytest.fixture
async def api():
    async with FakeZalo() as zalo, ClientSession() as session:
        zalo.bot.add_person(AN)
        zalo.bot.add_group(GROUP, members=(AN,))
        zalo.bot.idles_for = 0.05
        yield Caller(zalo, session)


@pytest.fixture
def zalo(api):
    return api.zalo


@pytest.fixture
def bot(api):
    return api.zalo.bot


async def test_get_me_names_the_bot_of_the_token(api):
    me = await api.result("getMe")
    assert me == {
        "id": "2718281828", "account_name": "bot.DonDoc", "account_type": "BASIC", "can_join_groups": True,
    }  # fmt: skip


async def test_a_wrong_or_revoked_token_is_refused_with_http_200(api, zalo, bot):
    async with api.session.post(f"{zalo.url}/bot1:another/getMe") as answer:
        assert (answer.status, (await answer.json())["error_code"]) == (200, 401)
    bot.is_revoked = True
    assert (await api.refusal("getMe"))[:2] == (200, 401)


async def test_method_names_are_told_by_their_case(api):
    assert (await api.refusal("getme"))[:2] == (404, 404)


async def test_parameters_may_come_as_a_form_or_in_the_address(api, zalo, bot):
    url = f"{zalo.url}/bot{bot.token}/sendMessage"
    async with api.session.post(url, data=FormData({"chat_id": AN, "text": "một"})) as answer:
        assert (await answer.json())["ok"]
    async with api.session.get(url, params={"chat_id": AN, "text": "hai"}) as answer:
        assert (await answer.json())["ok"]
    assert bot.texts(AN) == ["một", "hai"]


# messages out


@pytest.mark.parametrize(
    ("params", "words"),
    [
        pytest.param({"chat_id": AN, "text": ""}, "empty", id="nothing"),
        pytest.param({"chat_id": AN, "text": " \n"}, "empty", id="white space"),
        pytest.param({"chat_id": AN, "text": "a" * 2001}, "longer", id="2001"),
        pytest.param({"chat_id": AN, "text": "😀" * 1001}, "longer", id="2002 in UTF-16"),
        pytest.param({"chat_id": "nobody", "text": "a"}, "chat not found", id="unknown chat"),
        pytest.param({"text": "a"}, "chat_id", id="no chat"),
        pytest.param({"chat_id": 7, "text": "a"}, "chat_id", id="a chat that is a number"),
        pytest.param({"chat_id": AN, "text": "a", "parse_mode": "MarkdownV2"}, "parse_mode", id="parse mode"),
    ],
)
async def test_a_message_zalo_would_not_take_is_refused(api, bot, params, words):
    status, code, said = await api.refusal("sendMessage", **params)
    assert (status, code) == (400, 400)
    assert words in said
    assert bot.transcript == []


async def test_two_thousand_units_are_taken(api, bot):
    sent = await api.result("sendMessage", chat_id=AN, text="😀" * 1000)
    assert isinstance(sent["message_id"], str)
    assert isinstance(sent["date"], int)
    assert bot.transcript[0].message_id == sent["message_id"]


async def test_styles_are_counted_in_utf16_and_must_lie_within_the_text(api, bot):
    await api.result(
        "sendMessage", chat_id=AN, text="😀 đậm\nthường", text_styles=[{"start": 3, "len": 3, "st": ["b"]}]
    )
    assert bot.transcript[0].bold == ["đậm"]
    for style in (
        {"start": 0, "len": 12, "st": ["b"]},
        {"start": -1, "len": 2, "st": ["b"]},
        {"start": 0, "len": 0, "st": ["b"]},
        {"start": 0, "len": 1, "st": ["blink"]},
        {"start": 0, "len": 1, "st": []},
        {"start": 0, "len": 1},
    ):
        assert (await api.refusal("sendMessage", chat_id=AN, text="ngắn", text_styles=[style]))[0] == 400


async def test_a_photo_must_be_at_an_address_that_opens(api, zalo, bot):
    bot.pictures["1.jpg"] = b"\xff\xd8 anh"
    await api.result("sendPhoto", chat_id=AN, photo=f"{zalo.url}/pictures/1.jpg", caption="ảnh")
    assert (bot.transcript[0].content, bot.transcript[0].text) == (b"\xff\xd8 anh", "ảnh")
    for photo in (f"{zalo.url}/pictures/2.jpg", f"{zalo.url}/control/transcript", "data:image/png;base64,AA", None):
        assert (await api.refusal("sendPhoto", chat_id=AN, photo=photo))[0] == 400


async def test_voice_is_aac_and_never_reaches_a_group(api, bot):
    assert (await api.refusal("sendVoice", chat_id=AN, voice_url="https://a.vn/a.mp3"))[0] == 400
    await api.result("sendVoice", chat_id=AN, voice_url="https://a.vn/a.aac")
    await api.result("sendVoice", chat_id=GROUP, voice_url="https://a.vn/a.aac")
    await api.result("sendSticker", chat_id=AN, sticker="d063f44dc80821567819")
    assert [sent.method for sent in bot.transcript] == ["sendVoice", "sendSticker"]


async def test_only_typing_is_an_action_and_it_has_no_result(api, bot):
    assert await api("sendChatAction", chat_id=AN, action="typing") == (200, {"ok": True})
    assert (await api.refusal("sendChatAction", chat_id=AN, action="upload_photo"))[0] == 400
    assert bot.actions == [(AN, "typing")]


async def test_a_month_that_is_used_up_answers_429_and_names_no_time(api, bot):
    bot.quota = 2
    bot.person_says(AN, "một")
    await api.result("sendMessage", chat_id=AN, text="hai")
    assert await api.refusal("sendMessage", chat_id=AN, text="ba") == (429, 429, "quota exceeded")


async def test_a_free_bot_has_fifty_people_and_three_groups(bot):
    for number in range(49):
        bot.add_person(f"p{number}")
    for number in range(2):
        bot.add_group(f"g{number}")
    with pytest.raises(ValueError, match="50 people"):
        bot.add_person("one more")
    with pytest.raises(ValueError, match="3 groups"):
        bot.add_group("one more")


# messages in


async def test_an_update_is_one_object_and_is_given_once(api, bot):
    message = bot.person_says(AN, "Xin chào")
    assert await api.result("getUpdates", timeout="30") == {"event_name": "message.text.received", "message": message}
    assert message["from"]["id"] == message["chat"]["id"] == AN
    assert await api.refusal("getUpdates", timeout="30") == (408, 408, "Request timeout")


async def test_a_read_update_may_be_given_again(api, bot):
    bot.replays = 2
    said = bot.person_says(AN, "Xin chào")
    assert [(await api.result("getUpdates"))["message"] for _ in range(3)] == [said] * 3
    assert (await api("getUpdates"))[0] == 408


@pytest.mark.parametrize("shape", ["object", "list", "flat", "flat-message"])
async def test_an_update_is_written_in_each_of_the_shapes(api, bot, shape):
    bot.shape = shape
    bot.person_says(AN, "Xin chào")
    _, answer = await api("getUpdates")
    found = {
        "object": lambda: answer["result"]["message"],
        "list": lambda: answer["result"][0]["message"],
        "flat": lambda: answer["message"],
        "flat-message": lambda: answer,
    }[shape]()
    assert found["text"] == "Xin chào"


async def test_the_other_kinds_of_content(api, bot):
    bot.person_sends_photo(AN, b"\xff\xd8", caption="xong 12")
    bot.photo_field = "photo_url"
    bot.person_sends_photo(AN, b"\xff\xd9")
    bot.person_sends_sticker(AN)
    bot.person_sends_voice(AN)
    bot.person_sends_unsupported(AN)
    found = [await api.result("getUpdates") for _ in range(5)]
    assert [each["event_name"].split(".")[1] for each in found] == ["image", "image", "sticker", "voice", "unsupported"]
    assert ("photo" in found[0]["message"], "photo_url" in found[1]["message"]) == (True, True)
    assert found[4]["message"].keys() == {"from", "chat", "message_id", "date"}
    async with api.session.get(found[0]["message"]["photo"]) as answer:
        assert await answer.read() == b"\xff\xd8"
    bot.expire_pictures()
    async with api.session.get(found[0]["message"]["photo"]) as answer:
        assert answer.status == 404


async def test_in_a_group_a_mention_is_heard_and_talk_is_not(api, bot):
    bot.group_talks(GROUP, "chiều họp nhé", by=AN)
    bot.person_says(GROUP, "xong 12", by=AN)
    message = (await api.result("getUpdates"))["message"]
    assert (message["chat"], message["from"]["id"]) == ({"id": GROUP, "chat_type": "GROUP"}, AN)
    assert message["text"] == "@Bot Đôn Đốc xong 12"
    assert bot.pending == []


async def test_what_the_bot_says_may_come_back(api, bot):
    bot.echoes = True
    await api.result("sendMessage", chat_id=AN, text="Đã ghi")
    message = (await api.result("getUpdates"))["message"]
    assert (message["from"]["is_bot"], message["text"]) == (True, "Đã ghi")


# the webhook


async def test_no_webhook_is_told_in_either_way(api, bot):
    assert (await api.refusal("getWebhookInfo"))[:2] == (404, 404)
    assert (await api.refusal("deleteWebhook"))[:2] == (404, 404)
    bot.says_no_webhook_by = "empty"
    assert (await api.result("getWebhookInfo"))["url"] == ""
    assert (await api.result("deleteWebhook"))["url"] == ""


@pytest.mark.parametrize(
    ("url", "secret"),
    [("http://don-doc.example.vn/z", SECRET), ("ftp://x", SECRET), (None, SECRET), ("https://x.vn", "7 chars"),
     ("https://x.vn", "x" * 257), ("https://x.vn", None)],
    ids=["plain http", "no http at all", "no url", "short", "long", "no secret"],
)  # fmt: skip
async def test_a_webhook_needs_https_and_a_secret(api, bot, url, secret):
    assert (await api.refusal("setWebhook", url=url, secret_token=secret))[0] == 400
    assert bot.webhook is None


async def test_a_webhook_is_kept_though_its_trial_fails(api, bot):
    bot.verifies = {"ok": False, "message": "connection refused"}
    kept = await api.result("setWebhook", url="https://don-doc.example.vn/z", secret_token=SECRET)
    assert kept["verification"]["ok"] is False
    bot.refuses_webhook_after_saving = True
    assert (await api.refusal("setWebhook", url="https://other.example.vn/z", secret_token=SECRET))[1] == 400
    assert (await api.result("getWebhookInfo"))["url"] == "https://other.example.vn/z"


async def test_asking_does_not_work_beside_a_webhook(api, bot):
    await api.result("setWebhook", url="https://don-doc.example.vn/z", secret_token=SECRET)
    assert (await api.refusal("getUpdates"))[0] == 400


async def test_updates_are_pushed_with_the_secret_and_given_up_after_one_try(api, zalo, bot):
    seen = []

    async def receive(request):
        seen.append((request.headers.get("X-Bot-Api-Secret-Token"), await request.json()))
        return web.Response(status=503 if len(seen) == 1 else 200)

    app = web.Application()
    app.router.add_post("/zalo", receive)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/zalo"
    await api.result("setWebhook", url=url, secret_token=SECRET)
    for text in ("một", "hai"):
        bot.person_says(AN, text)
    async with asyncio.timeout(5):
        while len(bot.webhook.answers) < 2:  # noqa: ASYNC110 -- the fake tells nobody when it has pushed
            await asyncio.sleep(0.01)
    assert [(secret, body["result"]["message"]["text"]) for secret, body in seen] == [(SECRET, "một"), (SECRET, "hai")]
    assert bot.webhook.answers == [503, 200]
    await runner.cleanup()


# faults


@pytest.mark.parametrize(
    ("fault", "answered", "delivered"),
    [
        pytest.param({"kind": "status", "code": 500}, (500, False), 0, id="500"),
        pytest.param({"kind": "status", "code": 429}, (429, False), 0, id="429"),
        pytest.param({"kind": "ok_false", "code": "403"}, (200, False), 0, id="a code in digits"),
        pytest.param({"kind": "ok_false_after", "code": 500}, (200, False), 1, id="refused and delivered"),
        pytest.param({"kind": "no_field"}, (200, True), 1, id="no message_id"),
        pytest.param({"kind": "delay_after", "seconds": 0.01}, (200, True), 1, id="slow"),
    ],
)
async def test_a_fault_strikes_once(api, zalo, bot, fault, answered, delivered):
    zalo.fail(**fault)
    status, body = await api("sendMessage", chat_id=AN, text="a")
    assert ((status, body["ok"]), len(bot.transcript)) == (answered, delivered)
    await api.result("sendMessage", chat_id=AN, text="a")


@pytest.mark.parametrize(("kind", "delivered"), [("drop_before", 0), ("drop_after", 1)])
async def test_a_cut_may_come_before_the_delivery_or_after(api, zalo, bot, kind, delivered):
    zalo.fail(kind)
    with pytest.raises(ClientError):
        await api("sendMessage", chat_id=AN, text="a")
    assert len(bot.transcript) == delivered


async def test_one_server_has_several_bots():
    one, two = ZaloWorld(token="11:a-secret-of-one"), ZaloWorld(token="22:a-secret-of-two")
    async with FakeZalo(one, two) as zalo, ClientSession() as session:
        for world in (one, two):
            world.add_person(AN)
            url = f"{zalo.url}/bot{world.token}/sendMessage"
            async with session.post(url, json={"chat_id": AN, "text": world.bot_id}) as answer:
                assert answer.status == 200
    assert (one.texts(AN), two.texts(AN)) == (["11"], ["22"])


async def test_as_a_process_it_says_where_it_listens_and_is_driven_over_http(tmp_path):
    log = tmp_path / "transcript.jsonl"
    words = ["-m", "tests.fakes.zalo_server", "--people", "2", "--log", str(log)]
    process = await asyncio.create_subprocess_exec(sys.executable, *words, stdout=asyncio.subprocess.PIPE)
    try:
        url = (await asyncio.wait_for(process.stdout.readline(), 30)).decode().split()[-1]
        async with ClientSession() as session:
            async with session.post(f"{url}/control/say", json={"chat": "1", "text": "chào"}) as answer:
                assert (await answer.json())["result"]["text"] == "chào"
            async with session.get(f"{url}/control/transcript") as answer:
                (known,) = (await answer.json()).values()
        assert known["pending_updates"] == 1
    finally:
        process.terminate()
        assert await asyncio.wait_for(process.wait(), 10) == 0
