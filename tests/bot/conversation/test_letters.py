"""A letter in a conversation: what counts as one, its questions, its draft, its approval, and who may do which."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from bot.conversation.evidence import NotTaken
from bot.conversation.incoming import Incoming
from bot.conversation.letter_approval import obstacle_lines
from bot.conversation.letter_forms import CALLED_A_LETTER
from bot.conversation.understand import Intent, fold_in_place, understand
from bot.evidence_kinds import DOCX, HEIC, JPEG, MP3, PDF, TXT
from models.clock import civil_day
from models.columns import columns_of
from models.evidence import Evidence
from models.letter import Letter
from models.person import Membership
from models.plan import Plan
from models.terms import BeforeReading, LetterState, Role
from planner.hand_in_evidence import GivenFile
from planner.letters.knowledge import load_knowledge
from planner.letters.planned import Obstacle
from planner.letters.read_letter import claim_letter, keep_draft
from planner.letters.receive_letter import receive_letter
from planner.people import person_of_chat
from planner.reading.open_paper import open_paper
from planner.reading.questions import questions_of
from planner.reading.read import read_paper
from tests.bot.letters import samples
from tests.builders import BOT, CALENDAR, add_linked_person

LETTER = GivenFile("ab" * 32, "cv.docx", DOCX.media_type, 37_000)
_l = columns_of(Letter)


async def sends(town, chat, given=LETTER, caption="", *, album=None, **about):
    """What the chat reads after sending this file, and its buttons."""
    incoming = Incoming(
        channel="local", bot=BOT, chat=chat, is_group=False, text=caption, said_by=chat, **about
    )  # fmt: skip
    async with town.database.write() as session:
        replies = await town.conversation.file(session, incoming, given, album=album, now=town.now)
        await session.commit()
    return replies


def as_read(draft):
    return draft


async def a_letter(town, content=samples.DOCX, *, chat="coordinator", sha256="cd" * 32, change=as_read):
    """The number of a letter of this chat that was read; `change` is what a reader made of it besides."""
    paper = open_paper(content, recognise=None)
    async with town.database.write() as session:
        person = await person_of_chat(session, bot=BOT, chat=chat, today=civil_day(town.now))
        about = {"person_id": person.id, "channel": "local", "bot": BOT, "chat": chat, "now": town.now}
        came = await receive_letter(session, replace(LETTER, sha256=sha256), **about)
        claimed = await claim_letter(session, now=town.now, lease=timedelta(minutes=1))
        knowledge = await load_knowledge(session, calendar=CALENDAR, before=BeforeReading.STRICT)
        await keep_draft(session, claimed, paper, change(read_paper(paper, knowledge)), now=town.now)
        await session.commit()
    return came.letter_id


async def letters(town):
    async with town.database.read() as session:
        return list((await session.execute(select(Letter).order_by(_l.id))).scalars())


async def plans(town):
    async with town.database.read() as session:
        return (await session.execute(select(func.count()).select_from(Plan))).scalar_one()


def commands(reply):
    return {key.label: key.command for row in reply.buttons for key in row}


# --- what is a letter, and what is evidence


@pytest.mark.parametrize("caption", ["", "Công văn", "đọc văn bản này", "văn bản mới", "kế hoạch"])
async def test_a_coordinators_document_is_a_letter_and_may_still_be_called_evidence(small_town, caption):
    (reply,) = await sends(small_town, "coordinator", caption=caption)
    assert reply.text.startswith("Đã nhận văn bản (Word, 36 KB), đang đọc.")
    assert commands(reply) == {"Đây là minh chứng": "minh chung van ban 1"}
    assert '"minh chung van ban 1"' in reply.text
    assert "cv.docx" not in reply.text
    (letter,) = await letters(small_town)
    assert letter.state is LetterState.RECEIVED


@pytest.mark.parametrize("caption", ["5 xong", "5", "minh chứng việc 5", "xong rồi ạ", "việc 5 bên em làm rồi"])
async def test_a_caption_that_speaks_of_work_makes_it_evidence_as_ever(small_town, caption):
    await sends(small_town, "coordinator", caption=caption)
    assert await letters(small_town) == []


async def test_a_reply_to_a_nudge_is_evidence_of_its_work(small_town):
    await small_town.nudge("coordinator", "n1", "T.TTTT", 5)
    await sends(small_town, "coordinator", reply_to="n1")
    assert await letters(small_town) == []


async def test_after_an_answer_the_file_is_its_evidence_and_the_other_way_is_told(small_town):
    await small_town.say("coordinator", "5 đang làm 60%")
    (reply,) = await sends(small_town, "coordinator")
    assert reply.text.startswith("Đã nhận minh chứng cho 5")
    assert reply.text.endswith('gửi lại tệp với chú thích "văn bản".')
    assert await letters(small_town) == []


async def test_what_a_coordinator_is_asked_of_others_work_waits_for_no_file(small_town):
    await small_town.say("health", "4 xong")
    await small_town.say("coordinator", "tra lai 4 @T.YT")  # asks why
    await sends(small_town, "coordinator")
    assert len(await letters(small_town)) == 1


async def test_while_it_is_asked_which_work_a_file_is_of_another_file_waits_with_it(small_town):
    await sends(small_town, "coordinator", replace(LETTER, sha256="12" * 32, media_type=MP3.media_type))
    await small_town.say("coordinator", "vuongmac 5")
    await sends(small_town, "coordinator")
    assert await letters(small_town) == []


@pytest.mark.parametrize("kind", [MP3, HEIC], ids=["sound", "a picture nobody reads"])
async def test_what_no_letter_can_be_goes_the_way_of_evidence(small_town, kind):
    (reply,) = await sends(small_town, "coordinator", replace(LETTER, media_type=kind.media_type))
    assert "minh chứng" in reply.text.lower()
    assert await letters(small_town) == []


@pytest.mark.parametrize("kind", [DOCX, PDF, TXT, JPEG], ids=["docx", "pdf", "text", "picture"])
async def test_an_admin_sends_letters_and_nothing_else(small_town, kind):
    (reply,) = await sends(small_town, "admin", replace(LETTER, media_type=kind.media_type))
    assert reply.text.startswith("Đã nhận văn bản")
    assert reply.buttons == ()
    (reply,) = await sends(small_town, "admin", replace(LETTER, sha256="12" * 32, media_type=MP3.media_type))
    assert reply.text.startswith("Loại tệp này không đọc thành văn bản được.")


async def test_a_file_of_an_admin_that_was_not_taken_is_said(small_town):
    (reply,) = await sends(small_town, "admin", NotTaken("to.pdf", 30_000_000, "too-big"))
    assert "lớn hơn 20 MB" in reply.text


@pytest.mark.parametrize("chat", ["justice", "officer", "leader"])
async def test_nobody_else_sends_letters(small_town, chat):
    await sends(small_town, chat, caption="công văn")
    assert await letters(small_town) == []


async def test_a_letter_that_is_evidence_after_all_is_handed_over_and_given_up(small_town):
    (reply,) = await sends(small_town, "coordinator")
    told = await small_town.tap("coordinator", commands(reply)["Đây là minh chứng"])
    assert told.startswith("Đã nhận minh chứng cho 5 ")  # the only work there is
    assert '"cv.docx"' in told
    (letter,) = await letters(small_town)
    assert letter.state is LetterState.DISCARDED
    async with small_town.database.read() as session:
        (row,) = (await session.execute(select(Evidence))).scalars()
    assert (row.sha256, row.file_name) == (LETTER.sha256, "cv.docx")
    assert "Không có văn bản 1" in await small_town.tap("coordinator", "minh chung van ban 1")


async def test_the_same_file_again_tells_where_it_stands(small_town):
    await sends(small_town, "coordinator")
    (again,) = await sends(small_town, "coordinator")
    assert again.text.startswith("Văn bản 1 đang được đọc.")
    assert len(await letters(small_town)) == 1


async def test_a_file_that_was_read_already_shows_its_draft_again(small_town):
    await a_letter(small_town, sha256=LETTER.sha256)
    (known,) = await sends(small_town, "coordinator")
    assert known.text.startswith("Công văn 218/UBND-NC ngày 22/10/2024: 5 nhiệm vụ, 1 chỗ cần hỏi.")
    assert len(await letters(small_town)) == 1


@pytest.mark.parametrize("chat", ["coordinator", "admin"])
async def test_an_edited_caption_leaves_a_letter_what_it_is(small_town, chat):
    await sends(small_town, chat, caption="công văn mới", ref="m1")
    (told,) = await sends(small_town, chat, caption="công văn mới của tỉnh", edits="m1")
    assert told.text.startswith("Văn bản 1 đang được đọc.")
    assert len(await letters(small_town)) == 1


async def test_an_edited_caption_makes_no_letter_of_evidence(small_town):
    await sends(small_town, "coordinator", caption="5 xong", ref="m1")
    await sends(small_town, "coordinator", caption="ảnh công khai", edits="m1")
    assert await letters(small_town) == []


async def test_of_an_album_one_picture_is_read_and_the_others_are_spoken_of_once(small_town):
    pictures = [replace(LETTER, sha256=f"{n}0" * 32, media_type=JPEG.media_type) for n in range(1, 4)]
    said = [await sends(small_town, "coordinator", each, album="a") for each in pictures]
    assert "xin gửi một tệp PDF" in said[0][0].text
    assert said[1][0].text.startswith("Mỗi lần chỉ đọc một ảnh")
    assert said[2] == []
    assert len(await letters(small_town)) == 1


@pytest.mark.parametrize("words", ["công văn số 5 xong", "văn bản 5", "báo cáo công văn", "xong"])
def test_only_a_caption_that_is_nothing_but_the_name_of_a_letter_calls_it_one(words):
    assert CALLED_A_LETTER.fullmatch(fold_in_place(words)) is None


# --- its questions


async def test_each_question_has_its_number_its_place_and_what_may_be_typed(small_town):
    await a_letter(small_town, samples.DOCX_UNNUMBERED)
    (asked,) = await small_town.replies("coordinator", "câu hỏi 1")
    assert asked.text.startswith("Câu 1/3 · Số, ký hiệu để trống")
    assert list(commands(asked)) == ["Để sau"]
    second = await small_town.say("coordinator", "219/UBND-NC")
    assert second.startswith("Đã ghi: 219/UBND-NC.\nCâu 2/3 · Ngày ban hành để trống")
    third = (await small_town.replies("coordinator", "22/10/2024"))[0]
    assert "Câu 3/3 · Không rõ “Sở Nông nghiệp Mẫu” (việc 5) là đơn vị nào" in third.text
    assert "Văn bản ghi" in third.text
    last = await small_town.tap("coordinator", commands(third)["Sở Tư pháp Mẫu"])
    assert last.startswith("Đã ghi: Sở Tư pháp Mẫu.\nCông văn 219/UBND-NC: không còn câu hỏi nào.")


async def test_what_is_not_understood_is_said_and_asked_again(small_town):
    await a_letter(small_town, samples.DOCX_UNNUMBERED)
    await small_town.say("coordinator", "câu hỏi 1")
    await small_town.say("coordinator", "219/UBND-NC")
    told = await small_town.say("coordinator", "hôm kia")
    assert told.startswith('Chưa đọc được ngày "hôm kia". Xin gõ ngày, tháng, năm, ví dụ 22/10/2024.\nCâu 2/3')
    await small_town.say("coordinator", "22.10.2024")
    (near,) = await small_town.replies("coordinator", "Sở Thuỷ lợi")
    assert near.text.startswith('"Sở Thuỷ lợi" không có trong danh mục đơn vị. Có phải: ')
    chosen = [command for label, command in commands(near).items() if label == "Sở Y tế Mẫu"]
    assert (await small_town.tap("coordinator", chosen[0])).startswith("Đã ghi: Sở Y tế Mẫu.")


async def test_putting_off_keeps_the_draft_and_asking_again_brings_it_back(small_town):
    await a_letter(small_town)
    await small_town.say("coordinator", "câu hỏi 1")
    told = await small_town.say("coordinator", "để sau")
    assert told.startswith("Đã để sau.\nCông văn 218/UBND-NC: còn 1 câu để sau.")
    assert (await small_town.say("coordinator", "hỏi lại 1")).startswith("Câu 1/1 · Không rõ")


async def test_a_question_answered_already_tells_where_it_stands_now(small_town):
    await a_letter(small_town)
    (asked,) = await small_town.replies("coordinator", "câu hỏi 1")
    command = commands(asked)["Sở Tư pháp Mẫu"]
    await small_town.tap("coordinator", command)
    told = await small_town.tap("coordinator", command)
    assert told.startswith("Câu vừa chọn đã có câu trả lời, hoặc đã đổi.")
    assert "không còn câu hỏi nào" in told


@pytest.mark.parametrize("is_tapped", [True, False], ids=["tapped", "typed"])
async def test_what_no_unit_of_ours_leads_may_be_set_aside_as_an_answer(small_town, is_tapped):
    await a_letter(small_town)
    (asked,) = await small_town.replies("coordinator", "câu hỏi 1")
    if is_tapped:
        told = await small_town.tap("coordinator", commands(asked)["Không theo dõi"])
    else:
        told = await small_town.say("coordinator", "không theo dõi")
    assert told.startswith("Đã ghi: không theo dõi việc 5.")
    assert "không theo dõi" in await small_town.say("coordinator", "nháp 1")


def led_by_one_nobody_knows(draft):
    """The name nobody knows leads the first duty beside another unit, and the last one alone."""
    first, *others = draft.obligations
    duties = (replace(first, lead=(*first.lead, *others[-1].lead)), *others)
    return replace(draft, obligations=duties, questions=questions_of(draft.header, duties))


async def test_what_was_set_aside_is_said_with_its_numbers_and_what_others_lead_stays(small_town):
    await a_letter(small_town, change=led_by_one_nobody_knows)
    assert "(việc 1, 5) là đơn vị nào" in await small_town.say("coordinator", "câu hỏi 1")
    told = await small_town.say("coordinator", "không theo dõi")
    assert told.startswith("Đã ghi: không theo dõi việc 5; việc 1 bỏ tên này, các đơn vị khác vẫn theo dõi.")
    assert "4 việc sẽ theo dõi, 1 nội dung chung" in await small_town.say("coordinator", "nháp 1")


@pytest.mark.parametrize("said", ["không", "không đúng", "sai rồi", "chưa đúng ạ"])
async def test_a_no_is_never_taken_for_the_answer_itself(small_town, said):
    await a_letter(small_town, samples.DOCX_UNNUMBERED)
    await small_town.say("coordinator", "câu hỏi 1")
    told = await small_town.say("coordinator", said)
    assert told.startswith(("Vậy nội dung đúng là gì?", "Bản nháp của văn bản 1 được giữ lại"))
    assert (await letters(small_town))[0].version == 1


def in_doubt(draft):
    """The first duty was inferred, and nobody knows the last day of the second."""
    first, second, *others = draft.obligations
    first = replace(first, doubts=("Hiểu là báo cáo riêng",))
    second = replace(second, deadline=replace(second.deadline, ask=True))
    duties = (first, second, *others[:-1])
    return replace(draft, obligations=duties, questions=questions_of(draft.header, duties))


async def test_a_yes_accepts_what_was_proposed_and_a_no_asks_for_what_is_right(small_town):
    await a_letter(small_town, change=in_doubt)
    asked = (await small_town.replies("coordinator", "câu hỏi 1"))[0]
    assert asked.text.startswith("Câu 1/2 · Việc 2, “Báo cáo kết quả")
    assert list(commands(asked)) == ["Đúng", "Để sau"]
    told = await small_town.say("coordinator", "sai rồi ạ")
    assert told.startswith("Vậy nội dung đúng là gì?\nGõ thời hạn")
    told = await small_town.say("coordinator", "trước 18/11/2024")
    assert told.startswith("Đã ghi: trước 18/11/2024 (hết Chủ nhật 17/11).\nCâu 2/2 · Việc 1: Hiểu là báo cáo riêng")
    told = await small_town.say("coordinator", "không phải")
    assert told.startswith("Chưa ghi gì. Nếu chưa đúng, xin sửa việc 1 của văn bản 1")
    assert (await small_town.say("coordinator", "đúng")).startswith("Đã ghi: đúng như đã đọc.")
    assert (await letters(small_town))[0].draft["questions"] == []


@pytest.mark.parametrize("said", ["cảm ơn", "đã nhận", "đã rõ ạ", "dạ em cảm ơn"])
async def test_politeness_is_no_yes_to_what_was_proposed(small_town, said):
    await a_letter(small_town, change=in_doubt)
    await small_town.say("coordinator", "câu hỏi 1")
    before = (await letters(small_town))[0].version
    assert not (await small_town.say("coordinator", said)).startswith("Đã ghi")
    assert (await letters(small_town))[0].version == before


@pytest.mark.parametrize("said", ["đúng", "vâng ạ", "dạ đúng rồi", "ok", "ừ"])
async def test_a_nod_is_a_yes(small_town, said):
    await a_letter(small_town, change=in_doubt)
    await small_town.say("coordinator", "câu hỏi 1")
    assert (await small_town.say("coordinator", said)).startswith("Đã ghi: đúng như đã đọc.")


async def test_a_yes_or_no_question_may_be_answered_by_not_following_its_duties(small_town):
    await a_letter(small_town, change=in_doubt)
    await small_town.say("coordinator", "câu hỏi 1")
    await small_town.say("coordinator", "trước 18/11/2024")
    told = await small_town.say("coordinator", "không theo dõi")
    assert told.startswith("Đã ghi: không theo dõi việc 1.\n")
    assert "1 nội dung chung" in await small_town.say("coordinator", "nháp 1")


def counted_from_an_event(draft):
    first, *others = draft.obligations
    waits = replace(first.deadline, phrase="kể từ khi được phê duyệt", reading=None, ask=True)
    duties = (replace(first, deadline=waits), *others[:-1])
    return replace(draft, obligations=duties, questions=questions_of(draft.header, duties))


async def test_what_waits_for_an_event_may_have_no_deadline_by_one_tap(small_town):
    await a_letter(small_town, change=counted_from_an_event)
    (asked,) = await small_town.replies("coordinator", "câu hỏi 1")
    assert list(commands(asked)) == ["Không có hạn", "Để sau"]
    told = await small_town.tap("coordinator", commands(asked)["Không có hạn"])
    assert told.startswith("Đã ghi: chưa có hạn.")
    assert (await letters(small_town))[0].draft["questions"] == []


async def test_a_question_stands_on_beside_a_preview_but_a_bare_ok_is_to_neither(small_town):
    await a_letter(small_town, change=in_doubt)
    await small_town.say("coordinator", "câu hỏi 1")
    await small_town.say("coordinator", "duyệt văn bản 1")
    assert (await small_town.say("coordinator", "ok")).startswith("Câu 1/2 · Việc 2")
    assert (await letters(small_town))[0].version == 1
    await small_town.say("coordinator", "duyệt văn bản 1")
    assert (await small_town.say("coordinator", "trước 18/11/2024")).startswith("Đã ghi: trước 18/11/2024")


async def test_a_standing_duty_may_be_said_by_a_word_that_lists_work_elsewhere(small_town):
    await a_letter(small_town, change=in_doubt)
    await small_town.say("coordinator", "câu hỏi 1")
    assert (await small_town.say("coordinator", "thường xuyên")).startswith("Đã ghi: thường xuyên.")


async def test_the_word_before_a_number_is_not_part_of_it(small_town):
    await a_letter(small_town, samples.DOCX_UNNUMBERED)
    await small_town.say("coordinator", "câu hỏi 1")
    assert (await small_town.say("coordinator", "Số: 219/UBND-NC")).startswith("Đã ghi: 219/UBND-NC.")


async def test_a_tap_counts_long_after_but_words_do_not(small_town):
    await a_letter(small_town)
    (asked,) = await small_town.replies("coordinator", "câu hỏi 1")
    small_town.now += timedelta(hours=2)
    told = await small_town.say("coordinator", "Sở Tư pháp Mẫu")
    assert told.startswith("Hệ thống chưa chắc hiểu đúng")
    assert told.endswith('Văn bản 1 còn câu hỏi chờ trả lời: gõ "cau hoi 1".')
    assert "cau hoi" not in await small_town.say("health", "abc xyz")
    assert (await letters(small_town))[0].version == 1
    assert (await small_town.tap("coordinator", commands(asked)["Sở Tư pháp Mẫu"])).startswith("Đã ghi")


@pytest.mark.parametrize(
    ("said", "heard"),
    [
        ("xong 5", "Đã ghi: 5 · Công khai kết quả tháng 10"),
        ("5 xong", "Đã ghi: 5 ·"),
        ("5 bên em làm rồi", "5 ·"),
        ("5", "5 ·"),
        ("viec", "Sở TT Mẫu: 1 việc"),
        ("quahan", "uá hạn"),
        ("bên em công khai xong hết rồi nhé", "5 ·"),
    ],
)
async def test_ordinary_conversation_goes_on_beside_an_open_question(small_town, said, heard):
    await a_letter(small_town, samples.DOCX_UNNUMBERED)
    await small_town.say("coordinator", "câu hỏi 1")
    told = await small_town.say("coordinator", said)
    assert heard in told
    assert "Câu 2/3" not in told
    assert (await letters(small_town))[0].version == 1


async def test_no_leaves_the_questions_and_keeps_the_draft(small_town):
    await a_letter(small_town)
    await small_town.say("coordinator", "câu hỏi 1")
    assert (await small_town.say("coordinator", "thôi")).startswith("Bản nháp của văn bản 1 được giữ lại")
    assert "chưa chắc hiểu đúng" in await small_town.say("coordinator", "Sở Tư pháp Mẫu")


# --- by words


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("sửa 1.1 hạn trước 18/11/2024", "Sở Tư pháp Mẫu · trước 18/11/2024 (hết Chủ nhật 17/11)"),
        ("sua 1.1 thoi han: khong co han", "Sở Tư pháp Mẫu · chưa có hạn"),
        ("Sửa 1.4 chủ trì Sở Tư pháp Mẫu; Sở Y tế Mẫu", "Sở Tư pháp Mẫu; Sở Y tế Mẫu · trước ngày 20/11/2024"),
        ("sửa 1.2 tên Báo cáo hộ tịch", "Đã sửa 1.2 · Báo cáo hộ tịch"),
        ("bỏ việc 1.3", "Việc này không được theo dõi nữa."),
        ("sửa văn bản 1 số 300/UBND-NC", "Đã sửa phần đầu: Công văn 300/UBND-NC ngày 22/10/2024"),
        ("sua van ban 1 ngay 23/10/2024", "ngày 23/10/2024"),
    ],
)
async def test_a_draft_is_corrected_by_words(small_town, said, told):
    await a_letter(small_town)
    assert told in await small_town.say("coordinator", said)
    assert (await letters(small_town))[0].version == 2


@pytest.mark.parametrize("said", ["theo dõi lại việc 1.3", "Theo dõi việc 1.3.", "theo doi 1.3"])
async def test_a_duty_that_was_left_out_is_taken_up_again(small_town, said):
    await a_letter(small_town)
    assert '"theo dõi lại việc 1.3"' in await small_town.say("coordinator", "bỏ việc 1.3")
    told = await small_town.say("coordinator", said)
    assert told.startswith("Đã sửa 1.3 ·")
    assert "không được theo dõi" not in told
    assert "5 việc sẽ theo dõi." in await small_town.say("coordinator", "nháp 1")


async def test_what_is_tracked_already_stays_of_its_class(small_town):
    await a_letter(small_town)
    before = [each["duty_class"] for each in (await letters(small_town))[0].draft["obligations"]]
    for number in range(1, len(before) + 1):
        await small_town.say("coordinator", f"theo dõi lại việc 1.{number}")
    assert [each["duty_class"] for each in (await letters(small_town))[0].draft["obligations"]] == before
    assert "không có việc số 99" in await small_town.say("coordinator", "theo dõi việc 1.99")


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("sửa 1.99 hạn trước 18/11/2024", "Bản nháp không có việc số 99."),
        ("sửa 1.1 hạn hôm nào cũng được", 'Chưa hiểu thời hạn "hôm nào cũng được".'),
        ("sửa 1.1 chủ trì Cục Không Có", '"Cục Không Có" không có trong danh mục đơn vị.'),
        ("sửa 1.1 màu xanh", "Chưa rõ cần sửa gì"),
        ("sửa văn bản 1 ngày 31/02/2024", 'Chưa đọc được ngày "31/02/2024".'),
    ],
)
async def test_what_cannot_be_corrected_so_is_said_and_changes_nothing(small_town, said, told):
    await a_letter(small_town)
    assert told in await small_town.say("coordinator", said)
    assert (await letters(small_town))[0].version == 1


async def test_the_list_and_the_draft(small_town):
    assert (await small_town.say("coordinator", "/vanban")).startswith("Không có văn bản nào đang chờ.")
    await a_letter(small_town)
    assert "1 · Công văn 218/UBND-NC · 1 câu hỏi" in await small_town.say("coordinator", "văn bản")
    told = await small_town.say("coordinator", "nhap 1")
    assert told.startswith("Bản nháp Công văn 218/UBND-NC: 5 việc sẽ theo dõi.")
    assert "1.5 · Rà soát danh mục thủ tục chăn nuôi" in told
    assert "Sở Nông nghiệp Mẫu · trước ngày 25/11/2024 (hết Chủ nhật 24/11) · cần xem lại" in told


async def test_a_letter_is_given_up_on_a_second_word_only(small_town):
    await a_letter(small_town)
    (asked,) = await small_town.replies("coordinator", "bỏ văn bản 1")
    assert (await letters(small_town))[0].state is LetterState.READ
    assert (await small_town.tap("coordinator", commands(asked)["Bỏ hẳn"])).startswith("Đã bỏ văn bản 1")
    (letter,) = await letters(small_town)
    assert (letter.state, letter.draft, letter.paper, letter.sha256) == (LetterState.DISCARDED, None, None, None)


async def test_without_an_address_no_page_is_offered(small_town):
    await a_letter(small_town)
    (shown,) = await small_town.replies("coordinator", "văn bản 1")
    assert "Mở trang" not in commands(shown)
    assert (await small_town.say("coordinator", "trang văn bản 1")).startswith("Chưa có trang để mở văn bản 1")


# --- preview and approval


async def test_the_yes_is_to_what_was_shown_and_to_nothing_else(town):
    await a_letter(town, samples.DOCX_PLAIN)
    before = await plans(town)
    (shown,) = await town.replies("coordinator", "duyệt văn bản 1")
    assert shown.text.startswith("Sẽ tạo kế hoạch CV218: 4 nhiệm vụ cho 2 đơn vị.")
    assert await plans(town) == before
    yes = commands(shown)["Duyệt và giao"]
    await town.say("coordinator", "sửa 1.1 tên Kiểm tra hồ sơ hộ tịch")
    (again,) = await town.replies("coordinator", yes, is_tap=True)
    assert again.text.startswith("Bản nháp hoặc danh mục đã thay đổi từ lúc xem, nên chưa giao.")
    assert await plans(town) == before
    done = await town.tap("coordinator", commands(again)["Duyệt và giao"])
    assert done.startswith("Đã giao theo Công văn 218/UBND-NC: kế hoạch CV218, 4 nhiệm vụ, 4 lượt giao")
    assert await plans(town) == before + 1
    twice = await town.tap("coordinator", commands(again)["Duyệt và giao"])
    assert twice.startswith("Văn bản 1 (Công văn 218/UBND-NC) đã được duyệt, đang theo dõi theo kế hoạch CV218.")
    assert await plans(town) == before + 1


async def test_a_yes_to_a_new_plan_changes_no_plan_that_came_meanwhile(small_town):
    await a_letter(small_town, samples.DOCX_PLAIN)
    later = samples.as_docx(samples.changed(samples.PLAIN, "20/11/2024", "27/11/2024"))
    number = await a_letter(small_town, later, sha256="ef" * 32)
    (first,) = await small_town.replies("coordinator", "duyệt văn bản 1")
    (second,) = await small_town.replies("coordinator", f"duyệt văn bản {number}")
    assert second.text.startswith("Sẽ tạo kế hoạch CV218")
    await small_town.tap("coordinator", commands(first)["Duyệt và giao"])
    before = await small_town.everything()
    (again,) = await small_town.replies("coordinator", commands(second)["Duyệt và giao"], is_tap=True)
    assert again.text.startswith("Bản nháp hoặc danh mục đã thay đổi từ lúc xem, nên chưa giao. Xin xem lại:\n")
    assert "Sẽ cập nhật kế hoạch CV218: thêm 0 việc, đổi hạn 1 việc" in again.text
    assert await small_town.everything() == before
    assert (await small_town.tap("coordinator", commands(again)["Cập nhật"])).startswith("Đã cập nhật kế hoạch CV218")


async def test_what_must_be_settled_first_is_listed(small_town):
    await a_letter(small_town)
    told = await small_town.say("coordinator", "duyệt văn bản 1")
    assert told.startswith("Công văn 218/UBND-NC chưa duyệt được:\n- Việc 5: đơn vị chủ trì “Sở Nông nghiệp Mẫu”")


def test_what_stands_in_the_way_of_several_duties_alike_is_one_line():
    alike = [Obstacle("lead", "lead-unknown", number, "Giám đốc Sở") for number in (1, 2, 4)]
    found = (Obstacle("issued_on", "day-unknown"), *alike, Obstacle("lead", "lead-missing", 3))
    assert obstacle_lines(found) == [
        "Chưa có ngày ban hành.",
        "Việc 1, 2, 4: đơn vị chủ trì “Giám đốc Sở” không có trong danh mục.",
        "Việc 3: chưa có đơn vị chủ trì.",
    ]


async def approved(town):
    await a_letter(town, samples.DOCX_PLAIN)
    (shown,) = await town.replies("coordinator", "duyệt văn bản 1")
    await town.tap("coordinator", commands(shown)["Duyệt và giao"])


async def test_the_same_document_again_proposes_what_is_different(small_town):
    await approved(small_town)
    before = await plans(small_town)
    later = samples.as_docx(samples.changed(samples.PLAIN, "20/11/2024", "27/11/2024"))
    number = await a_letter(small_town, later, sha256="ef" * 32)
    assert "Văn bản này đang được theo dõi (CV218)" in await small_town.say("coordinator", f"văn bản {number}")
    (shown,) = await small_town.replies("coordinator", f"duyệt văn bản {number}")
    assert shown.text.startswith("Sẽ cập nhật kế hoạch CV218: thêm 0 việc, đổi hạn 1 việc, đổi đơn vị chủ trì 0 việc.")
    assert "19/11 thành 26/11" in shown.text
    done = await small_town.tap("coordinator", commands(shown)["Cập nhật"])
    assert done.startswith("Đã cập nhật kế hoạch CV218 theo Công văn 218/UBND-NC")
    assert await plans(small_town) == before


def led_by_another(draft):
    """The first duty is given to the other unit instead, the second to both."""
    first, second, *others = draft.obligations
    other = next(each.lead for each in draft.obligations if each.lead != first.lead)
    both = tuple(dict.fromkeys((*second.lead, *first.lead, *other)))
    return replace(draft, obligations=(replace(first, lead=other), replace(second, lead=both), *others))


async def test_who_goes_and_who_comes_is_told_apart(small_town):
    await approved(small_town)
    number = await a_letter(small_town, samples.DOCX_PLAIN, sha256="ef" * 32, change=led_by_another)
    told = await small_town.say("coordinator", f"duyệt văn bản {number}")
    lines = [line.rpartition(": ")[2] for line in told.splitlines() if line.startswith("Đổi đơn vị:")]
    assert lines == ["thôi Sở Tư pháp Mẫu; thêm Sở Y tế Mẫu", "thêm Sở Y tế Mẫu"]


async def test_what_another_document_asks_for_already_is_told_before_it_is_linked(small_town):
    await approved(small_town)
    other = samples.as_docx(replace(samples.PLAIN, number=("Số: 219/UBND-NC", "V/v rà soát")))
    number = await a_letter(small_town, other, sha256="ef" * 32)
    told = await small_town.say("coordinator", f"duyệt văn bản {number}")
    assert "4 việc đã được theo dõi theo văn bản khác: nối lại, không nhắc hai lần.\nNối: " in told
    assert told.count("(218/UBND-NC)") == 3
    assert "\nvà 1 việc khác được nối.\n" in told


async def test_nothing_different_is_said_and_closed(small_town):
    await approved(small_town)
    number = await a_letter(small_town, samples.DOCX_PLAIN, sha256="ef" * 32)
    told = await small_town.say("coordinator", f"duyệt văn bản {number}")
    assert told.startswith("Công văn 218/UBND-NC không có gì khác kế hoạch CV218 đang theo dõi")
    assert (await letters(small_town))[-1].state is LetterState.DISCARDED


# --- who may

ASKED = [
    "văn bản 1", "câu hỏi 1", "hỏi lại 1", "nháp 1", "sửa 1.1 tên Của tôi", "bỏ việc 1.1", "theo dõi việc 1.1",
    "bỏ văn bản 1 đồng ý",
    "duyệt văn bản 1", "duyệt văn bản 1 bản 1-0a1b2c3d đồng ý", "để sau văn bản 1", "trang văn bản 1",
    "minh chứng văn bản 1",
]  # fmt: skip


@pytest.mark.parametrize("chat", ["other", "justice", "leader"])
async def test_nobody_else_sees_answers_or_approves_a_letter(small_town, chat):
    await add_linked_person(
        small_town.database, small_town.now, "Đầu Mối Khác", ("T.TP", Role.COORDINATOR), chat="other"
    )
    await a_letter(small_town, samples.DOCX_PLAIN)
    before = await small_town.everything()
    for said in ASKED:
        told = await small_town.say(chat, said)
        assert told.startswith(("Không có văn bản 1", "Vai trò của Anh/Chị chưa dùng được")), (said, told)
    assert await small_town.everything() == before


async def test_an_admin_may_finish_what_a_coordinator_began(small_town):
    await a_letter(small_town, samples.DOCX_PLAIN)
    assert (await small_town.say("admin", "văn bản 1")).startswith("Công văn 218/UBND-NC ngày 22/10/2024")


async def test_who_lost_the_role_answers_no_question_that_still_stands(small_town):
    await a_letter(small_town)
    await small_town.say("coordinator", "câu hỏi 1")
    async with small_town.database.write() as session:
        member = columns_of(Membership)
        await session.execute(update(Membership).where(member.role == Role.COORDINATOR).values(role=Role.OFFICER))
        await session.commit()
    await small_town.say("coordinator", "Sở Tư pháp Mẫu")
    assert (await letters(small_town))[0].version == 1


@pytest.mark.parametrize(
    ("text", "intent", "number"),
    [
        ("văn bản", Intent.LETTERS, None), ("/vanban", Intent.LETTERS, None), ("Văn bản 3", Intent.LETTER, 3),
        ("/vanban 3", Intent.LETTER, 3), ("nháp 3 trang 2", Intent.LETTER_DRAFT, 3),
        ("duyệt văn bản 3", Intent.LETTER_APPROVE, 3), ("duyệt 3", Intent.ACCEPT, 3),
        ("duyệt tất cả", Intent.ACCEPT, None), ("duyệt", Intent.DECISIONS, None), ("bỏ nhóm", Intent.UNGROUP, None),
        ("minh chứng 3", Intent.UNKNOWN, None), ("văn bản 218/UBND", Intent.UNKNOWN, None),
    ],
)  # fmt: skip
def test_words_about_letters_take_nothing_from_other_words(text, intent, number):
    understood = understand(text)
    assert (understood.intent, understood.number) == (intent, number)
