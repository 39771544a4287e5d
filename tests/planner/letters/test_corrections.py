"""What a person says about a draft: it is put in as said, asked no more, and nothing else of the draft moves."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.errors import CorrectionError
from models.terms import DeadlineKind
from planner.letters.corrections import (
    DAY_CORRECTED,
    HEADER_FIELDS,
    LONGEST_NUMBER,
    LONGEST_TITLE,
    MOST_DUTIES,
    DutyChange,
    answered,
    confirmed,
    day_of,
    with_duty,
    with_header,
    with_new_duty,
    with_unit,
)
from planner.letters.stored_draft import draft_facts, draft_of, paper_facts, paper_of
from planner.reading.dating import OWN_DAY_UNKNOWN
from planner.reading.draft import DutyClass, Found, Obligation, Question, Spot, Sureness, UnitName, Wanted
from planner.reading.paper import Cell, Paper, PaperKind, Paragraph, Row, Table
from planner.reading.questions import questions_of
from tests.planner.letters.drafts import DIRECTORY, DUTIES, KNOWLEDGE, deadline_of, draft, duty, header

NEAR = UnitName("Sở Tu pháp", nearest=("Sở Tư pháp Mẫu", "Sở Y tế Mẫu"))


def refused(change, *, reason):
    with pytest.raises(CorrectionError) as caught:
        change()
    assert caught.value.reason == reason
    return caught.value


def asked(made):
    return {question.key for question in made.questions}


def question_for(made, wants, *numbers):
    return next(each for each in made.questions if each.wants is wants and each.numbers == numbers)


# --- the head --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("field", [field for field in HEADER_FIELDS if field != "issuer"])
def test_a_field_of_the_head_becomes_what_was_said_and_is_asked_no_more(field):
    name = HEADER_FIELDS[field]
    head = replace(header(), **{name: Found(None, Spot(""))})
    made = draft(*DUTIES, head=head)
    assert f"text:{field}:" in asked(made)
    after = with_header(made, field, "  Số  mới ", KNOWLEDGE)
    assert (getattr(after.header, name).value, getattr(after.header, name).sureness) == ("Số mới", Sureness.SURE)
    assert f"text:{field}:" not in asked(after)


def test_the_issuer_must_be_a_unit_of_the_directory_and_brings_its_own_units_along():
    made = draft(
        duty("Rà soát", place="I.1", by=None), head=replace(header(), issuer=Found(None, Spot("")))
    )  # fmt: skip
    unmatched = replace(made, obligations=(replace(made.obligations[0], lead=(UnitName("Sở Tư pháp Mẫu"),)),))
    after = with_header(unmatched, "issuer", "ubnd tinh mau", KNOWLEDGE)
    assert after.header.issuer.value == "UBND tỉnh Mẫu"
    assert after.obligations[0].lead == (UnitName("Sở Tư pháp Mẫu", "T.TP"),)
    refused(lambda: with_header(made, "issuer", "UBND tỉnh Khác", KNOWLEDGE), reason="unknown-unit")


@pytest.mark.parametrize(
    "text", ["22/10/2024", " 22.10.2024", "22-10-2024", "ngày 22/10/2024", "2024-10-22", "22 / 10 / 2024"]
)
def test_a_day_is_read_as_people_write_it(text):
    assert day_of("issued_on", text) == date(2024, 10, 22)


@pytest.mark.parametrize("text", ["", "31/02/2024", "22/10", "22/10/24", "hôm qua", "00/00/0000", "10/22/2024"])
def test_what_is_no_day_is_not_guessed(text):
    refused(lambda: day_of("issued_on", text), reason="no-such-day")


def test_days_counted_from_the_letters_own_are_read_again_and_named_days_stay():
    counted = replace(deadline_of("trong 10 ngày kể từ ngày ban hành"), why=OWN_DAY_UNKNOWN, ask=True)
    made = draft(duty("Rà soát", "T.TP", deadline=counted), DUTIES[1], head=header(day=None))
    after = with_header(made, "issued_on", "01/11/2024", KNOWLEDGE)
    assert after.obligations[0].deadline.last_valid_on == date(2024, 11, 11)
    assert after.obligations[1].deadline == made.obligations[1].deadline
    assert (after.header.issued_on.base_on, after.header.issued_on.latest_on) == (date(2024, 11, 1),) * 2
    assert "day:issued_on:" not in asked(after)


def test_a_letters_day_put_right_moves_every_deadline_that_hangs_on_it():
    wrong = date(2023, 10, 15)
    read_then = [deadline_of(phrase, on=wrong) for phrase in ("trước ngày 15/11", "trong 10 ngày kể từ ngày ban hành")]
    named = deadline_of("trước ngày 15/11/2024", on=wrong)
    duties = [duty("Việc", "T.TP", deadline=each) for each in (*read_then, named)]
    made = draft(*duties, DUTIES[1], head=header(day=wrong))
    made = with_duty(made, 4, DutyChange(deadline="trước ngày 20/11/2023"), KNOWLEDGE)
    after = with_header(made, "issued_on", "21/10/2024", KNOWLEDGE).obligations
    assert [each.deadline.last_valid_on for each in after[:3]] == [
        date(2024, 11, 14), date(2024, 10, 31), date(2024, 11, 14),
    ]  # fmt: skip
    assert after[2].deadline == named
    assert after[3].deadline.last_valid_on == date(2023, 11, 19), "a person's own words stay"


def test_a_day_the_words_around_it_had_a_say_in_is_asked_about_when_the_letters_day_moves():
    wrong = date(2023, 10, 15)
    otherwise = replace(deadline_of("trước ngày 15/11", on=wrong), reading=deadline_of("ngày 30/11", on=wrong).reading)
    made = draft(duty("Việc", "T.TP", deadline=otherwise), head=header(day=wrong))
    after = with_header(made, "issued_on", "21/10/2024", KNOWLEDGE)
    assert (after.obligations[0].deadline.ask, after.obligations[0].deadline.why) == (True, DAY_CORRECTED)
    assert "deadline:1:1" in asked(after)


@pytest.mark.parametrize(
    ("field", "text", "reason"),
    [
        ("number", " ", "empty"),
        ("number", "1" * (LONGEST_NUMBER + 1), "too-long"),
        ("title", "", "empty"),
    ],
)
def test_what_cannot_be_a_field_is_refused_with_its_reason(field, text, reason):
    assert refused(lambda: with_header(draft(*DUTIES), field, text, KNOWLEDGE), reason=reason).field == field


# --- units -----------------------------------------------------------------------------------------------------------


def test_a_name_nobody_knew_stands_for_the_unit_said_wherever_it_is_written():
    made = draft(
        replace(duty("Một", by=None), lead=(NEAR,)), replace(duty("Hai", "T.YT", by=None), supporting=(NEAR,)),
        replace(duty("Ba", by=None), lead=(NEAR,)),
    )  # fmt: skip
    question = question_for(made, Wanted.UNIT, 1, 3)
    after = answered(made, question, "T.TP", KNOWLEDGE)
    assert [each.code for one in after.obligations for each in (*one.lead, *one.supporting)] == [
        "T.TP", "T.YT", "T.TP", "T.TP",
    ]  # fmt: skip
    assert after.obligations[0].lead[0].written == "Sở Tu pháp", "the paper's own words stay"
    assert question.key not in asked(after)


def test_a_yes_to_a_name_takes_the_nearest():
    made = draft(replace(duty("Một", by=None), lead=(NEAR,)))
    after = confirmed(made, question_for(made, Wanted.UNIT, 1), KNOWLEDGE)
    assert after.obligations[0].lead[0].code == "T.TP"


def test_a_name_that_is_not_followed_leaves_the_duties_that_others_lead_as_well():
    alone, shared = replace(duty("Một", by=None), lead=(NEAR,)), duty("Hai", "T.YT", by=None)
    made = draft(alone, replace(shared, lead=(*shared.lead, NEAR)))
    question = question_for(made, Wanted.UNIT, 1, 2)
    after = answered(made, question, "không theo dõi", KNOWLEDGE)
    assert [each.is_tracked for each in after.obligations] == [False, True]
    assert after.obligations[1].lead == shared.lead
    assert question.key not in asked(after)


@pytest.mark.parametrize("text", ["", " ", ";", "\n;\n"])
def test_no_name_at_all_is_refused(text):
    made = draft(replace(duty("Một", by=None), lead=(NEAR,)))
    refused(lambda: with_unit(made, NEAR.written, text, KNOWLEDGE), reason="empty")
    refused(lambda: with_duty(made, 1, DutyChange(lead=text), KNOWLEDGE), reason="empty")


def test_one_name_stands_for_one_unit():
    made = draft(replace(duty("Một", by=None), lead=(NEAR,)))
    refused(lambda: with_unit(made, NEAR.written, "T.TP; T.YT", KNOWLEDGE), reason="several-units")


def test_an_unknown_unit_is_refused_with_the_nearest_names():
    change = DutyChange(lead="T.TP; Sở Tài chính")
    error = refused(lambda: with_duty(draft(*DUTIES), 1, change, KNOWLEDGE), reason="unknown-unit")
    assert error.value == "Sở Tài chính"
    assert set(error.nearest) <= {each.name for each in (*DIRECTORY.units, *DIRECTORY.groups)}
    assert error.nearest


def test_several_units_are_parted_by_semicolons_and_named_once():
    after = with_duty(
        draft(*DUTIES), 1, DutyChange(lead="T.TP; Sở Y tế Mẫu; T.TP", supporting="T.HA"), KNOWLEDGE
    )  # fmt: skip
    assert [name.code for name in after.obligations[0].lead] == ["T.TP", "T.YT"]
    assert [name.code for name in after.obligations[0].supporting] == ["T.HA"]
    without = with_duty(after, 1, DutyChange(supporting=""), KNOWLEDGE)
    assert without.obligations[0].supporting == ()


# --- duties ----------------------------------------------------------------------------------------------------------


def test_a_question_that_many_duties_share_is_answered_for_all_of_them():
    made = draft(duty("Một", by=None), DUTIES[0], duty("Hai", by=None))
    question = question_for(made, Wanted.LEAD, 1, 3)
    after = answered(made, question, "T.YT", KNOWLEDGE)
    assert [[name.code for name in each.lead] for each in after.obligations] == [["T.YT"], ["T.TP"], ["T.YT"]]
    assert question.key not in asked(after)


def test_a_yes_keeps_the_day_that_was_proposed():
    made = draft(duty("Một", "T.TP", by="ngày 20/11/2024", ask=True))
    after = confirmed(made, question_for(made, Wanted.DEADLINE, 1), KNOWLEDGE)
    assert (after.obligations[0].deadline.last_valid_on, after.obligations[0].deadline.ask) == (
        date(2024, 11, 20),
        False,
    )
    assert not after.questions


def test_a_yes_to_nothing_proposed_is_refused():
    made = draft(duty("Một", by=None), duty("Hai", "T.TP", by="định kỳ theo quy định", ask=True))
    for wants, number in ((Wanted.LEAD, 1), (Wanted.DEADLINE, 2)):
        question = question_for(made, wants, number)
        refused(lambda question=question: confirmed(made, question, KNOWLEDGE), reason="empty")


def test_a_yes_to_a_doubt_settles_that_doubt_and_not_the_day():
    doubtful = duty("Một", "T.TP", by="ngày 20/11/2024", ask=True, doubts=("Giao theo nơi nhận",),
                    lead_sureness=Sureness.LIKELY)  # fmt: skip
    made = draft(doubtful)
    after = confirmed(made, question_for(made, Wanted.YES, 1), KNOWLEDGE)
    assert (after.obligations[0].doubts, after.obligations[0].lead_sureness) == ((), Sureness.SURE)
    assert after.obligations[0].deadline.ask is True


def test_two_doubts_about_one_duty_are_two_questions_and_a_yes_is_to_one_of_them():
    made = draft(duty("Một", "T.TP", doubts=("Giao theo nơi nhận", "Lấy theo dòng trên")))
    first, second = made.questions
    assert first.key != second.key
    after = confirmed(made, first, KNOWLEDGE)
    assert [each.key for each in after.questions] == [second.key]
    assert after.obligations[0].doubts == ("Lấy theo dòng trên",)


def test_a_yes_to_a_day_is_no_yes_to_who_leads():
    shared = replace(deadline_of("ngày 20/11/2024", ask=True), why=OWN_DAY_UNKNOWN)
    made = draft(duty("Một", "T.TP", deadline=shared, doubts=("Giao theo nơi nhận",), lead_sureness=Sureness.LIKELY))
    after = confirmed(made, next(each for each in made.questions if each.claim == OWN_DAY_UNKNOWN), KNOWLEDGE)
    assert (after.obligations[0].doubts, after.obligations[0].deadline.ask) == (("Giao theo nơi nhận",), False)
    assert after.obligations[0].lead_sureness is Sureness.LIKELY


@pytest.mark.parametrize("words", ["không có hạn", "Không có thời hạn.", "KHÔNG", "-"])
def test_that_there_is_no_deadline_can_be_said(words):
    after = with_duty(draft(*DUTIES), 2, DutyChange(deadline=words), KNOWLEDGE)
    deadline = after.obligations[1].deadline
    assert (deadline.reading, deadline.ask) == (None, False)


@pytest.mark.parametrize("words", ["thứ sáu tuần sau", "mai", "cuối tháng sau", "trong tuần này", "thứ Hai"])
def test_words_that_count_from_today_are_not_counted_from_the_letters_day(words):
    refused(lambda: with_duty(draft(*DUTIES), 1, DutyChange(deadline=words), KNOWLEDGE), reason="no-deadline")


def test_a_weekday_that_comes_every_week_is_no_word_of_today():
    after = with_duty(draft(*DUTIES), 1, DutyChange(deadline="thứ Sáu hằng tuần"), KNOWLEDGE)
    assert after.obligations[0].deadline.kind is DeadlineKind.WEEKLY


@pytest.mark.parametrize("words", ["sớm nhất có thể", "abc", "theo Điều 5"])
def test_words_that_name_no_deadline_are_refused(words):
    refused(lambda: with_duty(draft(*DUTIES), 2, DutyChange(deadline=words), KNOWLEDGE), reason="no-deadline")


def test_a_standing_duty_can_be_said_without_a_day():
    after = with_duty(draft(*DUTIES), 2, DutyChange(deadline="thường xuyên"), KNOWLEDGE)
    assert after.obligations[1].deadline.kind is DeadlineKind.CONTINUOUS


def test_a_duty_set_aside_is_asked_about_no_more():
    made = draft(duty("Một", by="ngày 20/11/2024", ask=True))
    after = with_duty(made, 1, DutyChange(duty_class=DutyClass.PRINCIPLE), KNOWLEDGE)
    assert (after.questions, after.obligations[0].is_tracked) == ((), False)


@pytest.mark.parametrize("number", [0, -1, 5, 10**9])
def test_a_duty_that_is_not_there_is_refused(number):
    refused(lambda: with_duty(draft(*DUTIES), number, DutyChange(title="Mới"), KNOWLEDGE), reason="no-such-duty")


@pytest.mark.parametrize("text", ["Rà\x00 soát", "Rà \ud800soát", "Rà\u200b soát\x1b", "  Rà\tsoát\n"])
def test_what_no_database_and_no_screen_can_show_is_left_out_of_what_was_said(text):
    assert with_duty(draft(*DUTIES), 1, DutyChange(title=text), KNOWLEDGE).obligations[0].title == "Rà soát"


def test_a_title_fits_a_phone():
    refused(lambda: with_duty(draft(*DUTIES), 1, DutyChange(title="a" * (LONGEST_TITLE + 1)), KNOWLEDGE),
            reason="too-long")  # fmt: skip


def test_a_duty_the_reader_did_not_see_needs_a_title_and_who_leads():
    after = with_new_duty(draft(*DUTIES), DutyChange(title="Việc mới", lead="T.TP", deadline="30/11/2024"), KNOWLEDGE)
    assert len(after.obligations) == len(DUTIES) + 1
    assert after.obligations[-1].deadline.last_valid_on == date(2024, 11, 30)
    refused(lambda: with_new_duty(draft(*DUTIES), DutyChange(title="Việc mới"), KNOWLEDGE), reason="empty")
    refused(lambda: with_new_duty(draft(*DUTIES), DutyChange(lead="T.TP"), KNOWLEDGE), reason="empty")


def test_there_is_an_end_to_new_duties():
    made = draft(*(DUTIES[0],) * MOST_DUTIES)
    refused(lambda: with_new_duty(made, DutyChange(title="Việc mới", lead="T.TP"), KNOWLEDGE), reason="too-long")


# --- over arbitrary corrections --------------------------------------------------------------------------------------

_SCRAPS = st.sampled_from(
    [
        "T.TP", "Sở Y tế Mẫu", "so y te mau", "T.TP; T.YT", "các sở, ban, ngành tỉnh", "T.N.SO", "UBND tỉnh Mẫu",
        "Sở Không Có", "20/11/2024", "trước ngày 05/11 hằng năm", "hằng tháng", "thường xuyên", "không có hạn", "-",
        "trước 17 giờ ngày 20/12/2024", "quý IV/2024", "đúng", "", " ", ";", "31/02/2024", "0", "x" * 400, "\x00",
        "2024-13-01", "trong 5 ngày làm việc kể từ ngày ký",
    ]
)  # fmt: skip
_TEXTS = _SCRAPS | st.text(max_size=30)
_MAYBE = st.none() | _TEXTS
_CHANGES = st.builds(
    DutyChange, title=_MAYBE, lead=_MAYBE, supporting=_MAYBE, deadline=_MAYBE, deliverable=_MAYBE,
    duty_class=st.none() | st.sampled_from(DutyClass),
)  # fmt: skip
_NAMES = st.sampled_from(
    [UnitName("Sở Tư pháp Mẫu", "T.TP"), UnitName("các sở", "T.N.SO", is_group=True), NEAR, UnitName("Hội Làng")]
)
_PHRASES = st.sampled_from(
    [None, "trước ngày 05/11/2024", "hằng tháng", "thường xuyên", "định kỳ theo quy định", "ngày 20/11/2024",
     "trong 10 ngày kể từ ngày ban hành", "kịp thời"]
)  # fmt: skip


@st.composite
def _duties(draw: st.DrawFn) -> Obligation:
    deadline = replace(deadline_of(draw(_PHRASES)), ask=draw(st.booleans()))
    if draw(st.booleans()):
        deadline = replace(deadline, why=OWN_DAY_UNKNOWN)
    return replace(
        duty(draw(st.sampled_from(["Rà soát", "Báo cáo kết quả", "Tập huấn"])), deadline=deadline),
        lead=draw(st.lists(_NAMES, max_size=2, unique=True).map(tuple)),
        supporting=draw(st.lists(_NAMES, max_size=1).map(tuple)),
        duty_class=draw(st.sampled_from(DutyClass)),
        doubts=draw(st.sampled_from([(), ("Giao theo nơi nhận",)])),
        lead_sureness=draw(st.sampled_from(Sureness)),
    )


@st.composite
def _drafts(draw: st.DrawFn):
    blank = draw(st.sets(st.sampled_from(["kind", "number", "issuer", "place", "title"])))
    day = draw(st.sampled_from([None, date(2024, 10, 15)]))
    head = replace(
        header(day=day, sureness=draw(st.sampled_from(Sureness))), **{name: Found(None, Spot("")) for name in blank}
    )
    return draft(*draw(st.lists(_duties(), max_size=4)), head=head)


_CORRECTIONS = st.one_of(
    st.tuples(st.just("header"), st.sampled_from([*HEADER_FIELDS, "issued_on"]), _TEXTS),
    st.tuples(st.just("duty"), st.integers(-1, 6), _CHANGES),
    st.tuples(st.just("new"), st.none(), _CHANGES),
    st.tuples(st.just("unit"), st.sampled_from([NEAR.written, "Hội Làng", "không ai viết"]), _TEXTS),
    st.tuples(st.just("answer"), st.integers(0, 8), _TEXTS),
    st.tuples(st.just("yes"), st.integers(0, 8), st.none()),
)


def _corrected(made, correction):
    kind, where, what = correction
    match kind:
        case "header":
            return with_header(made, where, what, KNOWLEDGE)
        case "duty":
            return with_duty(made, where, what, KNOWLEDGE)
        case "new":
            return with_new_duty(made, what, KNOWLEDGE)
        case "unit":
            return with_unit(made, where, what, KNOWLEDGE)
    if not made.questions:
        return made
    question = made.questions[where % len(made.questions)]
    return answered(made, question, what, KNOWLEDGE) if kind == "answer" else confirmed(made, question, KNOWLEDGE)


@settings(max_examples=150, deadline=None)
@given(_drafts(), st.lists(_CORRECTIONS, max_size=6))
def test_corrections_are_taken_or_refused_and_only_a_new_duty_changes_their_number(made, corrections):
    for correction in corrections:
        before = made
        try:
            made = _corrected(made, correction)
        except CorrectionError:
            assert made is before
            continue
        assert len(made.obligations) == len(before.obligations) + (correction[0] == "new")
        assert made.questions == questions_of(made.header, made.obligations)
        assert draft_of(draft_facts(made)) == made


@settings(max_examples=150, deadline=None)
@given(_drafts(), st.integers(0, 12), _TEXTS)
def test_what_a_person_said_is_never_asked_again(made, place, text):
    if not made.questions:
        return
    question = made.questions[place % len(made.questions)]
    try:
        after = answered(made, question, text, KNOWLEDGE)
    except CorrectionError:
        return
    assert question.key not in asked(after)


@settings(max_examples=150, deadline=None)
@given(_drafts(), st.integers(0, 12))
def test_what_a_person_agreed_to_is_never_asked_again(made, place):
    if not made.questions:
        return
    question = made.questions[place % len(made.questions)]
    try:
        after = confirmed(made, question, KNOWLEDGE)
    except CorrectionError:
        return
    assert question.key not in asked(after)


@settings(max_examples=100, deadline=None)
@given(_drafts(), _CHANGES, st.integers(1, 4))
def test_one_duty_changed_leaves_the_others_and_the_head_alone(made, change, number):
    try:
        after = with_duty(made, number, change, KNOWLEDGE)
    except CorrectionError:
        return
    assert after.header == made.header
    for place, (old, new) in enumerate(zip(made.obligations, after.obligations, strict=True), start=1):
        assert place == number or old == new


@settings(max_examples=60, deadline=None)
@given(_drafts())
def test_answering_every_question_ends(made):
    """However the answers fall, each takes its question away and none comes back."""
    said = {
        Wanted.TEXT: "UBND tỉnh Mẫu", Wanted.DAY: "15/10/2024", Wanted.UNIT: "T.TP", Wanted.LEAD: "T.TP",
        Wanted.DEADLINE: "20/11/2024", Wanted.YES: "20/11/2024",
    }  # fmt: skip
    for _step in range(60):
        if not made.questions:
            break
        question: Question = made.questions[0]
        if question.wants is Wanted.YES:
            made = confirmed(made, question, KNOWLEDGE)
        else:
            made = answered(made, question, said[question.wants], KNOWLEDGE)
    assert not made.questions


# --- as it is kept ---------------------------------------------------------------------------------------------------


@settings(max_examples=100, deadline=None)
@given(_drafts())
def test_a_draft_comes_back_from_the_database_as_it_was(made):
    assert draft_of(draft_facts(made)) == made


def test_a_paper_comes_back_from_the_database_as_it_was():
    table = Table((Row((Cell("STT"), Cell("Việc"))), Row((Cell("1"), Cell("Rà soát", is_carried=True)), page=2)))
    paper = Paper(PaperKind.PDF, (Paragraph("KẾ HOẠCH", page=1), table), 2, ("đã sửa xoay trang",))
    assert paper_of(paper_facts(paper)) == paper


def test_what_no_version_has_written_is_told_from_a_draft():
    with pytest.raises(ValueError, match="header"):
        draft_of({"obligations": []})
