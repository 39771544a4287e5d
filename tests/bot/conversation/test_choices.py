"""Numbers where there are no buttons: each means one line of one message, for ten minutes, or it is asked."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from models.audit import AuditEvent
from models.columns import columns_of
from models.terms import Lane
from reminders.outbox import Draft, enqueue, text_payload
from tests.bot.conversation.builders import build_town
from tests.builders import BOT
from tests.fakes.channel import TELEGRAM_LIKE
from tests.fakes.papers import PDF
from tests.fakes.phones import TEXT_ONLY, choose, scripted_phones

SECOND = timedelta(seconds=1)


class Talk:
    """The town of the stories on a channel of words alone; every word comes a second after the last."""

    def __init__(self, town, phones):
        self.town, self.phones = town, phones

    async def says(self, chat, text, **about):
        before = len(self.phones.read(chat))
        self.phones.clock.advance(SECOND)
        await self.phones.says(chat, text, **about)
        return "\n---\n".join(read.text for read in self.phones.read(chat)[before:])

    async def told(self, chat, text, *keys, lane=Lane.REMINDER):
        """A message nobody asked for arrives, with these buttons."""
        self.phones.clock.advance(SECOND)
        async with self.town.database.write() as session:
            draft = Draft(
                dedup_key=f"{chat}:{text}",
                bot=BOT,
                chat=chat,
                lane=lane,
                form="text",
                payload=text_payload(text, [keys]),
            )
            await enqueue(session, [draft], now=self.phones.clock())
            await session.commit()
        await self.phones.live()

    async def state(self, code, number):
        return (await self.town.states())[code, number]


KEYS_4 = (("Xem", "xem 4"), ("Đã xong", "xong 4"), ("Đang làm", "dang 4"))
OTHERS = (("Xem việc này", "xem 4 @T.YT"), ("Trả lại", "tra lai 4 @T.YT"))


async def talk_on(database, now, clock, tmp_path, able=TEXT_ONLY):
    """The morning's own messages, with their choices, are long past."""
    town = await build_town(database, now)
    phones = scripted_phones(database, clock, tmp_path, able=able)
    await phones.live()
    clock.advance(timedelta(minutes=11))
    return Talk(town, phones)


@pytest.fixture
async def talk(database, now, clock, tmp_path):
    return await talk_on(database, now, clock, tmp_path)


@pytest.fixture
async def small_talk(sqlite_database, now, clock, tmp_path):
    return await talk_on(sqlite_database, now, clock, tmp_path)


async def test_a_number_does_what_its_line_says_and_is_kept_with_it(talk):
    await talk.told("health", "Việc 4", *KEYS_4)
    assert "2. Đã xong" in talk.phones.read("health")[-1].text
    assert "đã nộp" in await talk.says("health", "2")
    assert await talk.state("T.YT", 4) == "submitted"
    async with talk.town.database.read() as session:
        query = select(AuditEvent).where(columns_of(AuditEvent).action == "chose-by-number")
        (event,) = (await session.execute(query)).scalars()
    assert (event.said, event.after) == ("2", {"command": "xong 4"})


@pytest.mark.parametrize("said", ["2", "2.", "số 2", "Chọn 2 ạ", "2) "])
async def test_the_number_may_be_said_politely(small_talk, said):
    await small_talk.told("health", "Việc 4", *KEYS_4)
    await small_talk.says("health", said)
    assert await small_talk.state("T.YT", 4) == "submitted"


async def test_after_ten_minutes_the_number_means_nothing_and_the_words_still_do(talk):
    await talk.told("health", "Việc 4", *KEYS_4)
    talk.phones.clock.advance(timedelta(minutes=10))
    heard = await talk.says("health", "3")
    assert "đã quá 10 phút" in heard
    assert '"dang 4"' in heard
    assert await talk.state("T.YT", 4) == "not_started"
    await talk.says("health", "xong 4")
    assert await talk.state("T.YT", 4) == "submitted"


async def test_whatever_else_is_said_closes_the_choice(small_talk):
    await small_talk.told("health", "Việc 4", *KEYS_4)
    await small_talk.says("health", "xem 4 sở nào đó")
    await small_talk.says("health", "2")
    assert await small_talk.state("T.YT", 4) == "not_started"


async def test_between_two_messages_the_number_is_asked_about(small_talk):
    await small_talk.told("health", "Việc 4", ("Xem", "xem 4"), ("Đã xong", "xong 4"))
    await small_talk.told("health", "Việc 1", ("Xem", "xem 1"), ("Đang làm", "dang 1"))
    heard = await small_talk.says("health", "2")
    assert "có thể hiểu theo nhiều cách" in heard
    assert '"xong 4"' in heard
    assert '"dang 1"' in heard
    assert await small_talk.state("T.YT", 4) == "not_started"
    await small_talk.says("health", "dang 1")
    assert await small_talk.state("T.YT", 1) == "in_progress"


async def test_two_messages_that_offer_the_same_are_no_doubt(small_talk):
    for text in ("Việc 4", "Việc 4 lần nữa"):
        await small_talk.told("health", text, *KEYS_4)
    await small_talk.says("health", "2")
    assert await small_talk.state("T.YT", 4) == "submitted"


async def test_a_reply_to_one_of_them_says_which(small_talk):
    await small_talk.told("health", "Việc 4", ("Xem", "xem 4"), ("Đã xong", "xong 4"))
    first = small_talk.phones.read("health")[-1].ref
    await small_talk.told("health", "Việc 1", ("Xem", "xem 1"), ("Đang làm", "dang 1"))
    await small_talk.says("health", "2", reply_to=first)
    assert await small_talk.state("T.YT", 4) == "submitted"


async def test_a_number_that_is_also_ones_own_open_work_is_asked_about(small_talk):
    await small_talk.told("justice", "Việc 4", ("Đã xong", "xong 4"), ("Đang làm", "dang 4"))
    heard = await small_talk.says("justice", "2")
    assert '"dang 4"' in heard
    assert '"xem 2"' in heard
    assert await small_talk.state("T.TP", 4) == "not_started"


async def test_a_number_beyond_the_list_is_the_number_of_a_work(small_talk):
    await small_talk.told("health", "Việc 1", ("Đã xong", "xong 1"), ("Đang làm", "dang 1"))
    assert "Chấn chỉnh hồ sơ" in await small_talk.says("health", "4")


async def test_a_numbered_question_keeps_its_numbers_to_itself(small_talk):
    asked = await small_talk.says("health", "xong rồi")
    assert "2. 1 · " in asked
    assert "Gõ số (trong" not in asked
    await choose(small_talk.phones, "health", "Việc 1")
    assert await small_talk.state("T.YT", 1) == "submitted"


async def test_a_choice_of_one_chat_is_nothing_in_another(small_talk):
    await small_talk.told("justice", "Việc 4", *KEYS_4)
    await small_talk.says("health", "2")
    assert "submitted" not in (await small_talk.town.states()).values()
    assert "in_progress" not in (await small_talk.town.states()).values()


async def test_an_offer_is_believed_no_more_than_typed_words(small_talk):
    await small_talk.told("justice", "Của Sở khác", *OTHERS)
    await small_talk.says("justice", "2")
    assert await small_talk.state("T.YT", 4) == "not_started"


async def test_where_there_are_buttons_a_number_is_the_number_of_a_work(sqlite_database, now, clock, tmp_path):
    talk = await talk_on(sqlite_database, now, clock, tmp_path, able=TELEGRAM_LIKE)
    await talk.told("justice", "Việc 4", ("Đã xong", "xong 4"), ("Đang làm", "dang 4"))
    assert "Báo cáo kết quả rà soát" in await talk.says("justice", "1")
    assert "submitted" not in (await talk.town.states()).values()


async def test_a_reply_to_the_message_is_no_number_of_a_work(small_talk):
    await small_talk.told("health", "Việc 4", ("Đã xong", "xong 4"), ("Đang làm", "dang 4"))
    await small_talk.says("health", "1", reply_to=small_talk.phones.read("health")[-1].ref)
    assert await small_talk.state("T.YT", 4) == "submitted"


async def test_a_choice_that_is_over_does_not_stand_in_the_way_of_a_question(small_talk):
    await small_talk.told("health", "Việc 4", *KEYS_4)
    small_talk.phones.clock.advance(timedelta(minutes=11))
    await small_talk.phones.sends_file("health", "bao-cao.pdf", PDF, caption="")
    assert "cho việc nào" in small_talk.phones.read("health")[-1].text
    assert "Đã nhận minh chứng cho 1" in await small_talk.says("health", "2")


async def test_a_file_closes_the_choice_too(small_talk):
    await small_talk.told("health", "Việc 4", *KEYS_4)
    await small_talk.phones.sends_file("health", "bao-cao.pdf", PDF, caption="minh chứng việc 1")
    await small_talk.says("health", "2")
    assert await small_talk.state("T.YT", 4) == "not_started"
