"""The draft as the page shows it: every question has a place, and equal parts are equal."""

from dataclasses import replace

import pytest

from bot.web.changes import NoSuchFormError, Submitted, form_fields, submitted
from bot.web.shown import Complaint, Kept, shown_draft
from models.errors import InputError
from planner.letters.corrections import DutyChange, with_duty
from planner.reading.draft import Found, LetterDraft, Spot, Sureness
from planner.reading.open_paper import open_paper
from planner.reading.questions import questions_of
from planner.reading.read import Knowledge, read_paper
from tests.builders import CALENDAR
from tests.eval.eval_reading import SOURCES
from tests.planner.letters.drafts import DIRECTORY, DUTIES, KNOWLEDGE, draft, duty, header
from tests.samples.letters import all_letters

READABLE = [each for each in all_letters("docx", "broken", "xlsx") if each.name != "cong-van-mat"]


def read(content: bytes) -> LetterDraft:
    return read_paper(open_paper(content, recognise=None), Knowledge(CALENDAR))


@pytest.mark.parametrize("sample", READABLE, ids=str)
def test_every_question_of_a_sample_stands_somewhere_once(sample):
    of = read(sample.content)
    shown = shown_draft(of, None)
    assert len(shown.questions) == len(set(shown.questions)) == len(of.questions)


@pytest.mark.skipif(not SOURCES.is_dir(), reason="the sources lie beside the repository, not in it")
def test_every_question_of_the_sources_stands_somewhere_once():
    for path in sorted(SOURCES.glob("*.txt")):
        of = read(path.read_bytes())
        shown = shown_draft(of, DIRECTORY)
        assert len(shown.questions) == len(set(shown.questions)) == len(of.questions), path.name


def test_what_several_duties_share_is_asked_in_the_first_and_pointed_to_from_the_others():
    of = draft(duty("Việc một"), duty("Việc hai", "T.TP"), duty("Việc ba"))
    first, second, third = shown_draft(of, DIRECTORY).duties
    assert [question.takes_text for question in first.questions] == [True]
    assert (second.questions, second.asked_at) == ((), ())
    assert (third.questions, third.asked_at) == ((), (1,))
    assert first.unsure == third.unsure == {"lead"}


def test_a_change_of_one_duty_changes_one_part():
    of = draft(*DUTIES)
    changed = with_duty(of, 2, DutyChange(title="Tên mới"), KNOWLEDGE)
    before, after = shown_draft(of, DIRECTORY).parts(), shown_draft(changed, DIRECTORY).parts()
    assert [form for form, part in after.items() if before[form] != part] == ["viec-2"]


def test_units_are_shown_by_the_directory_and_groups_with_their_size():
    third = shown_draft(draft(*DUTIES), DIRECTORY).duties[2]
    (group,) = third.leads
    assert (group.name, group.members) == ("sở, ban, ngành tỉnh", 3)
    assert third.was["lead"] == "sở, ban, ngành tỉnh"


def test_what_was_typed_stands_in_its_form_only_and_beside_what_the_draft_says():
    kept = Kept("viec-1", {"title": "Đang gõ", "supporting": "Sở"}, Complaint("title", "Dài quá."))
    shown = shown_draft(draft(*DUTIES), DIRECTORY, kept)
    first, second = shown.duties[:2]
    assert (first.values["title"], first.was["title"]) == ("Đang gõ", DUTIES[0].title)
    assert first.more_is_open, "what was typed must be seen"
    assert second.values == second.was
    assert (first.complaint, second.complaint) == (kept.complaint, None)


def test_a_field_that_is_not_sure_offers_a_yes_and_an_empty_one_does_not():
    likely = Found("Kế hoạch", Spot(""), Sureness.LIKELY)
    empty = Found(None, Spot(""), Sureness.UNSURE)
    head = replace(header(), kind=likely, number=empty)
    of = replace(draft(*DUTIES, head=head), questions=questions_of(head, DUTIES))
    kind, number = shown_draft(of, DIRECTORY).fields[:2]
    assert [question.can_agree for question in (*kind.questions, *number.questions)] == [True, False]


def test_only_what_differs_from_what_was_shown_is_changed():
    sent = Submitted("viec-1", {"title": "a", "was-title": "a", "lead": "c", "was-lead": "b"})
    assert (sent.changed("title"), sent.changed("lead"), sent.changed("deadline")) == (None, "c", None)
    assert sent.typed() == {"lead": "c"}


def test_a_form_is_read_as_browsers_write_it():
    assert form_fields(b"a=m%E1%BB%99t+hai&b=&c=x%0D%0Ay") == {"a": "một hai", "b": "", "c": "x\ny"}


@pytest.mark.parametrize("form", ["", "viec-", "viec-1000", "dau-signer", "cau-1", "khac"])
def test_a_form_of_another_page_is_refused(form: str):
    with pytest.raises(NoSuchFormError):
        submitted({"form": form})
    assert not issubclass(NoSuchFormError, InputError)
