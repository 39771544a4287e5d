"""Correcting a draft on its page, with a browser that runs scripts and with one that does not."""

from dataclasses import replace
from datetime import date

import httpx
import pytest
from sqlalchemy import select

from bot.web.sentences import STALE
from models.audit import AuditEvent
from models.columns import columns_of
from planner.letters.correct_letter import correct_letter, discard_letter, put_off
from planner.letters.letter_doors import SESSION_STANDS
from planner.reading.draft import DutyClass, LetterDraft
from planner.reading.questions import questions_of
from planner.report_progress import Said
from tests.bot.web.forms import forms_of, post
from tests.bot.web.world import HOSTILE, World


async def forms(world: World) -> dict[str, dict[str, str]]:
    return forms_of((await world.enter()).text)


async def draft_of(world: World) -> LetterDraft:
    draft = (await world.letter()).draft
    assert draft is not None
    return draft


async def followed(world: World, answer: httpx.Response) -> str:
    assert answer.status_code == 303, answer.text
    return (await world.http.get(answer.headers["location"].partition("#")[0])).text


def question(all_forms: dict[str, dict[str, str]]) -> dict[str, str]:
    return next(form for name, form in all_forms.items() if name.startswith("cau-"))


async def test_a_duty_is_corrected_and_the_page_says_so_where_it_was(world_on_both: World):
    world = world_on_both
    form = (await forms(world))["viec-1"]
    answer = await post(world, form, title="Báo cáo chấn chỉnh", deadline="trước 20/11/2024")
    assert answer.headers["location"].endswith("?da-luu=viec-1#viec-1")
    page = await followed(world, answer)
    assert "Đã lưu việc 1." in page
    assert "Hạn cuối: thứ Ba 19/11/2024" in page
    duty = (await draft_of(world)).obligations[0]
    assert (duty.title, duty.deadline.last_valid_on) == ("Báo cáo chấn chỉnh", date(2024, 11, 19))


async def test_what_was_not_touched_stays_as_it_was_read(world: World):
    before = (await draft_of(world)).obligations[3]
    assert not before.lead[0].is_known
    await post(world, (await forms(world))["viec-4"], title="Bố trí kinh phí")
    after = (await draft_of(world)).obligations[3]
    assert (after.lead, after.deadline, after.spot) == (before.lead, before.deadline, before.spot)


@pytest.mark.parametrize(
    ("field", "typed", "shown"),
    [
        ("type", "Kế hoạch", "loại văn bản"),
        ("number", "99/UBND-VX", "số, ký hiệu"),
        ("issuer", "Sở Y tế Mẫu", "cơ quan ban hành"),
        ("place", "An Mẫu", "địa danh"),
        ("issued_on", "21/10/2024", "ngày ban hành"),
        ("title", "Việc mới", "trích yếu"),
    ],
)
async def test_each_field_of_the_head_is_corrected(world: World, field: str, typed: str, shown: str):
    answer = await post(world, (await forms(world))[f"dau-{field}"], value=typed)
    page = await followed(world, answer)
    assert f"Đã lưu {shown}." in page
    assert forms_of(page)[f"dau-{field}"]["value"] == typed


async def test_a_question_is_answered_by_a_choice_and_goes_from_the_page(world: World):
    page = await world.enter()
    assert "1 chỗ cần hỏi" in page.text
    answer = await post(world, question(forms_of(page.text)), chon="Sở Tư pháp Mẫu")
    page_after = await followed(world, answer)
    assert "không còn chỗ cần hỏi" in page_after
    assert "Đã ghi câu trả lời." in page_after
    assert (await draft_of(world)).obligations[3].lead[0].code == "T.TP"


async def test_a_question_is_answered_in_words(world: World):
    answer = await post(world, question(await forms(world)), answer="Sở Y tế Mẫu")
    assert answer.status_code == 303
    assert (await draft_of(world)).obligations[3].lead[0].code == "T.YT"


async def reread(world: World, **facts: object) -> None:
    """The first duty as if it had been read so, with what is then asked about it."""

    def change(draft: LetterDraft) -> LetterDraft:
        duties = (replace(draft.obligations[0], **facts), *draft.obligations[1:])
        return replace(draft, obligations=duties, questions=questions_of(draft.header, duties))

    async with world.database.write() as session:
        said = Said(None, "local", "", world.clock())
        await correct_letter(session, await world.letter(), change, said=said)
        await session.commit()


async def test_who_leads_is_answered_for_all_duties_without_one(world: World):
    await reread(world, lead=())
    all_forms = await forms(world)
    asked = next(form for form in all_forms.values() if form.get("key", "").startswith("lead:"))
    answer = await post(world, asked, answer="Sở Tư pháp Mẫu; Sở Y tế Mẫu")
    assert answer.status_code == 303
    assert [unit.code for unit in (await draft_of(world)).obligations[0].lead] == ["T.TP", "T.YT"]


async def test_a_yes_keeps_what_was_read(world: World):
    await reread(world, doubts=("“các sở” hiểu là Sở Tư pháp Mẫu",))
    before = (await draft_of(world)).obligations[0]
    page = (await world.enter()).text
    assert "“các sở” hiểu là Sở Tư pháp Mẫu, đúng không?" in page
    asked = next(form for form in forms_of(page).values() if form.get("key", "").startswith("yes:"))
    assert (await post(world, asked, dong_y="1")).status_code == 303
    assert (await draft_of(world)).obligations[0] == replace(before, doubts=())


async def test_a_wrong_unit_is_said_beside_its_box_with_what_was_typed_and_the_nearest(world: World):
    form = (await forms(world))["viec-1"]
    answer = await post(world, form, lead="Sở Y tế Mẫu; Sở Tài chánh Mẫu", title="Tên mới")
    assert answer.status_code == 422
    kept = forms_of(answer.text)["viec-1"]
    assert (kept["lead"], kept["title"]) == ("Sở Y tế Mẫu; Sở Tài chánh Mẫu", "Tên mới")
    assert "“Sở Tài chánh Mẫu” không có trong danh mục đơn vị. Có phải:" in answer.text
    assert 'aria-invalid="true" aria-describedby="viec-1-loi"' in answer.text
    assert (await world.letter()).version == 1
    again = await post(world, kept, chon="Sở Thông tin Mẫu")
    assert again.status_code == 303
    duty = (await draft_of(world)).obligations[0]
    assert (duty.title, [unit.code for unit in duty.lead]) == ("Tên mới", ["T.YT", "T.TTTT"])


@pytest.mark.parametrize(
    ("name", "field", "typed", "sentence"),
    [
        ("viec-1", "title", "", "Xin ghi tên việc."),
        ("viec-1", "title", "x" * 81, "Dài quá 80 ký tự"),
        ("viec-1", "deadline", "mai mốt", "Chưa hiểu thời hạn này."),
        ("viec-1", "deadline", "", "nếu không có thì ghi “không có hạn”"),
        ("viec-1", "deliverable", "x" * 291, "Dài quá 290 ký tự"),
        ("viec-1", "supporting", "Sở Không Có", "“Sở Không Có” không có trong danh mục đơn vị."),
        ("dau-number", "value", "", "Ô này không được để trống."),
        ("dau-number", "value", "9" * 65, "Dài quá 64 ký tự"),
        ("dau-issued_on", "value", "31/02/2024", "Chưa đọc được ngày này."),
        ("dau-issuer", "value", "UBND tỉnh Khác", "“UBND tỉnh Khác” không có trong danh mục đơn vị."),
        ("viec-moi", "title", "", "Xin ghi tên việc."),
    ],
)
async def test_an_error_says_what_to_type_and_keeps_what_was_typed(
    world: World, name: str, field: str, typed: str, sentence: str
):
    answer = await post(world, (await forms(world))[name], **{field: typed})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert forms_of(answer.text)[name][field] == typed
    assert 'class="told is-error"' in answer.text
    assert (await world.letter()).version == 1


async def test_a_wrong_answer_to_a_question_stays_in_its_box(world: World):
    answer = await post(world, question(await forms(world)), answer="Sở Không Có")
    assert answer.status_code == 422
    assert question(forms_of(answer.text))["answer"] == "Sở Không Có"
    empty = await post(world, question(forms_of(answer.text)), answer=" ")
    assert "Xin ghi câu trả lời." in empty.text


async def test_a_duty_is_put_aside_and_brought_back(world: World):
    form = (await forms(world))["viec-2"]
    page = await followed(world, await post(world, form, lam="bo"))
    assert "3 việc theo dõi, 1 để ngoài" in page
    assert (await draft_of(world)).obligations[1].duty_class is DutyClass.PRINCIPLE
    page = await followed(world, await post(world, forms_of(page)["viec-2"], lam="lai"))
    assert "4 việc theo dõi" in page
    assert (await draft_of(world)).obligations[1].is_tracked


async def test_a_duty_the_reader_did_not_see_is_added_at_the_end(world_on_both: World):
    world = world_on_both
    form = (await forms(world))["viec-moi"]
    typed = {"title": "Niêm yết thủ tục", "lead": "UBND huyện An Mẫu", "deadline": "hằng tháng", "duty_class": "report"}
    answer = await post(world, form, **typed)
    assert answer.headers["location"].endswith("#viec-5")
    assert "Đã thêm việc mới" in await followed(world, answer)
    duty = (await draft_of(world)).obligations[4]
    assert (duty.title, duty.lead[0].code, duty.duty_class) == ("Niêm yết thủ tục", "T.HA", DutyClass.REPORT)


class TestAStaleDraft:
    """Somebody changed the draft elsewhere, in the chat or on another page, after this page was opened."""

    async def changed_elsewhere(self, world: World) -> None:
        async with world.database.write() as session:
            await put_off(session, await world.letter(), "x", said=Said(world.sender, "local", "x", world.clock()))
            await session.commit()

    async def test_what_was_typed_stays_and_can_be_saved_again(self, world: World):
        form = (await forms(world))["viec-1"]
        await self.changed_elsewhere(world)
        answer = await post(world, form, title="Tên mới", supporting="Sở Y tế Mẫu")
        assert answer.status_code == 409
        assert STALE in answer.text
        kept = forms_of(answer.text)["viec-1"]
        assert (kept["title"], kept["supporting"], kept["ban"]) == ("Tên mới", "Sở Y tế Mẫu", "2")
        assert (await post(world, kept)).status_code == 303
        assert (await draft_of(world)).obligations[0].title == "Tên mới"

    async def test_what_the_other_changed_is_not_undone_by_boxes_nobody_touched(self, world: World):
        form = (await forms(world))["viec-1"]
        await post(world, form, deadline="trước 20/12/2024")
        answer = await post(world, form, title="Tên mới")
        kept = forms_of(answer.text)["viec-1"]
        assert kept["deadline"] == "trước 20/12/2024"
        await post(world, kept)
        duty = (await draft_of(world)).obligations[0]
        assert (duty.title, duty.deadline.phrase) == ("Tên mới", "trước 20/12/2024")

    async def test_a_question_that_was_answered_meanwhile_is_told_so(self, world: World):
        asked = question(await forms(world))
        await post(world, asked, chon="Sở Y tế Mẫu")
        answer = await post(world, asked | {"ban": "2"}, chon="Sở Tư pháp Mẫu")
        assert answer.status_code == 409
        assert (await draft_of(world)).obligations[3].lead[0].code == "T.YT"

    async def test_a_letter_that_was_given_up_is_gone(self, world: World):
        form = (await forms(world))["viec-1"]
        async with world.database.write() as session:
            await discard_letter(session, await world.letter(), said=Said(None, "local", "bỏ", world.clock()))
            await session.commit()
        answer = await post(world, form, title="Tên mới")
        assert answer.status_code == 409
        assert "Bản nháp không còn" in answer.text
        assert "Bản nháp không còn" in (await world.look()).text


class TestTheScript:
    """The same forms with `phan`: the answer is what changed on the page, not the page."""

    async def test_gets_the_changed_parts_and_the_new_version(self, world: World):
        form = (await forms(world))["viec-1"]
        answer = await post(world, form | {"phan": "1"}, deadline="trước 20/11/2024")
        assert answer.status_code == 200
        assert 'data-version="2"' in answer.text
        assert "Hạn cuối: thứ Ba 19/11/2024" in answer.text
        assert set(forms_of(answer.text)) == {"viec-1"}
        assert "Đã lưu việc 1." in answer.text

    async def test_gets_every_part_that_hangs_on_the_change(self, world: World):
        answer = await post(world, (question(await forms(world))) | {"phan": "1"}, chon="Sở Tư pháp Mẫu")
        assert set(forms_of(answer.text)) == {"viec-4"}
        assert "không còn chỗ cần hỏi" in answer.text

    async def test_gets_the_error_with_what_was_typed(self, world: World):
        form = (await forms(world))["viec-1"]
        answer = await post(world, form | {"phan": "1"}, deadline="mai mốt")
        assert answer.status_code == 422
        assert forms_of(answer.text)["viec-1"]["deadline"] == "mai mốt"
        assert "data-error" in answer.text

    async def test_gets_all_parts_where_nobody_knows_what_it_shows(self, world: World):
        form = (await forms(world))["viec-1"]
        await TestAStaleDraft().changed_elsewhere(world)
        answer = await post(world, form | {"phan": "1"}, title="Tên mới")
        assert answer.status_code == 409
        assert {"viec-1", "viec-2", "viec-3", "viec-4", "dau-number", "viec-moi"} <= set(forms_of(answer.text))
        assert forms_of(answer.text)["viec-1"]["title"] == "Tên mới"


async def test_a_visit_that_ended_gives_back_what_was_typed(world: World):
    form = (await forms(world))["viec-1"]
    world.clock.advance(SESSION_STANDS)
    answer = await post(world, form, title="Tên <b>mới</b>", deadline="trước 20/11/2024")
    assert answer.status_code == 403
    assert "nhắn bot để nhận đường dẫn mới" in answer.text
    assert "Tên &lt;b&gt;mới&lt;/b&gt;</textarea>" in answer.text
    assert "trước 20/11/2024</textarea>" in answer.text
    assert answer.text.count("<textarea") == 2, "what was not touched need not be kept"


async def test_hostile_words_stay_words(world: World):
    """In the letter, in what is typed, in an error, in an address."""
    page = await world.enter()
    assert HOSTILE not in page.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page.text
    hostile = '"><img src=x onerror=alert(1)>'
    form = forms_of(page.text)["viec-1"]
    refused = await post(world, form, lead=hostile)
    assert "<img src=x" not in refused.text
    assert forms_of(refused.text)["viec-1"]["lead"] == hostile
    saved = await followed(world, await post(world, form, title=hostile))
    assert "<img src=x" not in saved
    assert forms_of(saved)["viec-1"]["title"] == hostile
    said = await world.http.get(f"{world.page}?da-luu=%3Cscript%3E")
    assert "<script>" not in said.text


async def test_characters_that_disguise_words_are_taken_out(world: World):
    await post(world, (await forms(world))["viec-1"], title="Ba\u0301o\u202e ca\u0301o\x00")
    assert (await draft_of(world)).obligations[0].title == "Báo cáo"


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        ("viec-1", {"form": "viec-1000"}),
        ("viec-1", {"form": "dau-signer"}),
        ("viec-1", {"form": "../etc"}),
        ("viec-1", {"ban": "x"}),
        ("viec-1", {"ban": ""}),
        ("viec-1", {"duty_class": "owner"}),
    ],
    ids=str,
)
async def test_what_our_page_never_sends_is_not_understood(world: World, name: str, facts: dict[str, str]):
    answer = await post(world, (await forms(world))[name] | facts)
    assert answer.status_code == 422
    assert (await world.letter()).version == 1


async def test_a_number_of_no_duty_changes_nothing(world: World):
    answer = await post(world, (await forms(world))["viec-1"] | {"form": "viec-99"}, title="Tên mới")
    assert answer.status_code == 422
    assert "không có trong bản nháp" in answer.text


async def test_who_changed_what_is_in_the_record(world: World):
    await post(world, (await forms(world))["viec-1"], deadline="trước 20/11/2024")
    event = columns_of(AuditEvent)
    async with world.database.read() as session:
        row = (
            await session.execute(
                select(event.person_id, event.channel, event.said).where(event.action == "letter-corrected")
            )
        ).one()
    assert tuple(row) == (world.sender, "web", "viec-1; deadline: trước 20/11/2024")
