"""One clause made into a duty: its quote, its title, its class, its deadline, its indicator."""

import re
from dataclasses import dataclass, replace

from models.terms import DeadlineKind
from planner.reading.classes import class_of, is_indicator, is_outside, is_principle
from planner.reading.clauses import Clause
from planner.reading.dating import OF_THE_YEAR, DatedPhrase, Dating, no_deadline, strongest
from planner.reading.draft import DutyClass, DutyDeadline, IndicatorFound, Spot, Sureness
from planner.reading.flat import Flat, Sight, Words, flat
from planner.reading.found import FoundDuty
from planner.reading.phrases_of_time import Strength, TimePhrase
from planner.reading.sections import Item, Topic
from planner.reading.several import deadlines_of
from planner.reading.subjects import Subject, lead_in_brackets
from planner.reading.titles import title_of, without_days
from planner.reading.units import leading_units
from planner.reading.verbs import REPORT

FAR_FROM_THE_VERB = 24
"""Letters: "kịp thời" further in says how, not when."""

LONG_LEAD_IN = 40
"""Letters before the units that only say on what ground: the quote begins behind them."""

FEWEST_WORDS_OF_AN_ACT = 3
WORDS_OF_A_LIST = 25
SEVERAL_DAYS = "Câu có hơn một ngày: cần tách hoặc chọn ngày đúng."

DIFFICULTIES = Words(
    r"\btrong quá trình[^.;]{0,60}, (?:nếu )?có (?:khó khăn|vướng mắc|phát sinh)(?:, (?:khó khăn|vướng mắc))?|"
    r"\b(?:nếu|khi|trường hợp) (?:có |gặp |phát sinh )*(?:những |các )?(?:khó khăn|vướng mắc|phát sinh"
    r"|vấn đề|nội dung)|phát hiện (?:kịp thời )?(?:những |các )?(?:khó khăn|vướng mắc|tồn tại)"
)
_TO_THE_ONE_WHO_GATHERS = Words(r"\b(?:về|gửi|qua|đến|tới|cho|với)(?: về)? (?=\S)")
_TO_GATHER = Words(
    r"[, ]*(?:\([^()]*\) ?)?(?:để|nhằm) (?:được )?(?:kịp thời )?(?:xem xét,? )?(?:tổng hợp"
    r"|theo dõi,? tổng hợp|báo cáo|tham mưu)"
)
_SO_THAT = re.compile(r"^.*?\b(?:để|de|nhằm)\s+")
_ENDING = re.compile(r"[.;,/:\s]+$")
_REPORT_NAMED = Words(
    r"báo cáo(?: (?:kết quả|tình hình|tiến độ|số liệu|giải trình|tổng kết|sơ kết|đánh giá|định kỳ)"
    r"(?: thực hiện| triển khai| công tác)?)?"
)
_RECIPIENT = Words(
    r"\bbáo cáo(?: [^,;.()]{0,60}?)?(?: về| gửi| lên| cho)? (?P<who>(?:thường trực |chủ tịch )?(?:ubnd"
    r"|ủy ban nhân dân|đảng ủy|tỉnh ủy|hđnd|sở|bộ|văn phòng|phòng)[^,;.()]{0,60}?)(?= trước| chậm| để| xem"
    r"| theo| định| kết| tình|[,;.()]|$)"
)
_PHAI = Words(r"\bphải\b")
_NAME_OF_INDICATOR = re.compile(r"(?P<name>(?:tỷ lệ|tỉ lệ|ty le|ti le|chỉ số|mức độ)[^:.;]{6,220}):")
_TARGET = re.compile(r"(?:(?:trên|tối thiểu|ít nhất|từ|đạt|≥|>=)\s)*\d+(?:[.,]\d+)?\s?%")


@dataclass(frozen=True, slots=True)
class DutyMaker:
    """Knows how the letter is compared, dated, and which period an aim without one falls in."""

    dating: Dating
    sight: Sight
    default_phrase: str | None = None

    def made(self, item: Item, clause: Clause, subject: Subject, who: Subject | None) -> list[FoundDuty]:
        """The duty of a clause; one for each day where it names several that cannot be parted."""
        text = clause.text
        spot = Spot(_quote(text, subject, self.dating), item.piece.page, item.place)
        body = text.part(past_blanks(text, subject.body_at))
        dated = [each for each in self.dating.of_clause(text, spot) if not _is_in_a_rule(text, each.phrase.start)]
        duty_class = self._fixed_class(item, clause, body, has_subject=subject.is_named_here or who is not None)
        if duty_class is None:
            return []
        title = title_of(_act(text, subject, [each.phrase for each in dated if _is_a_day(each)]), spot)
        return [
            self._duty(item, text, body, spot, deadline, subject, who, duty_class, title=title)
            for deadline in self._deadlines(text, body, spot, dated)
        ]

    def _fixed_class(self, item: Item, clause: Clause, body: Flat, *, has_subject: bool) -> DutyClass | str | None:
        """The class that place and form decide; "" where the words decide; None for no duty at all."""
        if clause.is_rule:
            return DutyClass.STANDING
        if item.topic is Topic.AIMS and is_indicator(body):
            return DutyClass.INDICATOR
        if item.topic is Topic.AIMS or is_principle(body):
            return DutyClass.PRINCIPLE if has_subject else None
        return ""

    def _duty(
        self,
        item: Item,
        text: Flat,
        body: Flat,
        spot: Spot,
        deadline: DutyDeadline,
        subject: Subject,
        who: Subject | None,
        duty_class: DutyClass | str,
        *,
        title: str,
    ) -> FoundDuty:
        request = who is not None and who.is_request and is_outside(flat(" ; ".join(who.lead), self.sight))
        if not isinstance(duty_class, DutyClass):
            duty_class = class_of(body, deadline, is_outside_request=request)
        lead = who.lead if who else lead_in_brackets(text)
        name = name_of_indicator(item)
        if name is not None and not lead:
            duty_class = DutyClass.INDICATOR
        duty = FoundDuty(
            title=title,
            spot=spot,
            duty_class=duty_class,
            deadline=deadline,
            lead=lead,
            supporting=tuple(each for each in subject.supporting if each not in lead),
            item=item,
            deliverable=_report_named(body) if duty_class is DutyClass.REPORT else None,
            recipient=_recipient(body),
            lead_sureness=(who.sureness if who else Sureness.SURE) if lead else Sureness.UNSURE,
        )
        if duty_class is DutyClass.INDICATOR:
            unit = "%" if "%" in text.seen else None
            duty.indicator = IndicatorFound(name or duty.title, target=_target(text), unit=unit)
            if item.topic is Topic.AIMS and deadline.reading is None and self.default_phrase:
                of_the_year = self.dating.of_cell(self.default_phrase, spot)
                duty.deadline = replace(of_the_year, ask=True, is_inherited=True, why=OF_THE_YEAR)
        return duty

    def _deadlines(self, text: Flat, body: Flat, spot: Spot, dated: list[DatedPhrase]) -> list[DutyDeadline]:
        """One, or as many as there are different days."""
        days = {each.deadline.last_valid_on: each for each in dated if each.phrase.strength is Strength.DAY}
        later = {day: each for day, each in days.items() if day is not None and day >= self.dating.base_on}
        if len(later) == 1 and len(days) > 1 and None not in days:
            return [each.deadline for each in later.values()]
        if len(days) > 1:
            return [replace(each.deadline, ask=True, why=SEVERAL_DAYS) for each in days.values()]
        chosen = strongest(dated)
        body_at = len(text.seen) - len(body.seen)
        is_urgent = chosen is not None and chosen.phrase.strength is Strength.URGENCY
        if chosen is not None and is_urgent and chosen.phrase.start > FAR_FROM_THE_VERB + body_at:
            chosen = None
        trouble = DIFFICULTIES.search(text)
        if trouble is not None and (chosen is None or is_urgent):
            return [self._when_it_comes_up(text.verbatim(*trouble.span()), spot)]
        return deadlines_of(chosen.deadline, self.dating) if chosen else [no_deadline(spot)]

    def _when_it_comes_up(self, phrase: str, spot: Spot) -> DutyDeadline:
        reading, _ask = self.dating.read("khi có phát sinh")
        reading = replace(reading, phrase=phrase)
        return DutyDeadline(phrase, reading, replace(spot, quote=phrase), ask=False, why=reading.explanation)

    def of_the_one_who_gathers(self, item: Item, clause: Clause, made: FoundDuty) -> FoundDuty | None:
        """ "… nếu có vướng mắc, báo cáo về Sở X để tổng hợp, báo cáo UBND tỉnh": Sở X owes the summary."""
        if made.duty_class is not DutyClass.CONDITIONAL or DIFFICULTIES.search(clause.text) is None:
            return None
        for found in _TO_THE_ONE_WHO_GATHERS.all(clause.text):
            gatherers = _gatherers(clause.text, found.end())
            if gatherers is None or set(gatherers[0]) & set(made.lead):
                continue
            names, quote = gatherers
            spot = Spot(_ENDING.sub("", quote), item.piece.page, item.place)
            return FoundDuty(
                title=title_of(_SO_THAT.sub("", spot.quote), spot),
                spot=spot,
                duty_class=DutyClass.CONDITIONAL,
                deadline=made.deadline,
                lead=names,
                item=item,
                recipient=_recipient(clause.text),
            )
        return None


def _quote(text: Flat, subject: Subject, dating: Dating) -> str:
    """The words of the clause, without a long ground before the units, unless a deadline stands in it."""
    start = max(subject.starts_at, subject.act_at if not subject.supporting and not subject.is_named_here else 0)
    is_long = start > LONG_LEAD_IN
    if is_long and any(each.phrase.start < start for each in dating.of_clause(text, Spot(""))):
        start = 0
    quote = text.verbatim(start if is_long else 0)
    return _ENDING.sub("", quote) or quote


def _act(text: Flat, subject: Subject, days: list[TimePhrase]) -> str:
    """What is to be done, without these days; what stood before the units where behind them is only "chủ trì"."""
    start = past_blanks(text, max(subject.act_at, subject.body_at))
    is_named_before = len(text.verbatim(start).split()) < FEWEST_WORDS_OF_AN_ACT and text.verbatim(0, subject.starts_at)
    return without_days(text, 0, subject.starts_at, days) if is_named_before else without_days(text, start, None, days)


def _is_a_day(dated: DatedPhrase) -> bool:
    """One that a letter which comes again may move; "hằng tháng" belongs to what the duty is."""
    reading = dated.deadline.reading
    return dated.phrase.strength is Strength.DAY and reading is not None and reading.kind is DeadlineKind.FIXED


def _gatherers(text: Flat, at: int) -> tuple[tuple[str, ...], str] | None:
    """The units behind "về", up to "để tổng hợp", with the words from them on."""
    to_gather = _TO_GATHER.search(text, at)
    if to_gather is None:
        return None
    inner = text.part(at, to_gather.start())
    units = leading_units(inner)
    if units is None or len(inner.seen.split()) > WORDS_OF_A_LIST:
        return None
    is_whole = units.end >= len(inner.seen.rstrip(" ,").split("(")[0].rstrip())
    return (units.names, text.verbatim(at)) if is_whole else None


def name_of_indicator(item: Item) -> str | None:
    """The indicator an item is about: its words before the colon, or those of the head above it."""
    for each in (item, item.parent if item.marker is None else None):
        found = _NAME_OF_INDICATOR.match(each.text.seen) if each is not None and each.marker is not None else None
        if each is not None and found is not None:
            return each.text.verbatim(*found.span("name"))
    return None


def _is_in_a_rule(text: Flat, at: int) -> bool:
    """Inside brackets that quote a rule ("… phải …"): what they date is not this duty."""
    opened, closed = text.seen.rfind("(", 0, at), text.seen.find(")", at)
    is_inside = opened >= 0 and closed > 0 and text.seen.find(")", opened, at) < 0
    return is_inside and _PHAI.search(text.part(opened, closed)) is not None


def past_blanks(text: Flat, at: int) -> int:
    """The next place that is no blank and no stop."""
    while at < len(text.seen) and text.seen[at] in " ,:;-":
        at += 1
    return at


def _target(text: Flat) -> str | None:
    found = _TARGET.search(text.seen)
    return text.verbatim(*found.span()) if found else None


def _report_named(body: Flat) -> str | None:
    """ "báo cáo kết quả thực hiện", up to where it goes."""
    found = _REPORT_NAMED.search(body)
    return body.verbatim(*found.span()) if found and REPORT.search(body) else None


def _recipient(body: Flat) -> str | None:
    found = _RECIPIENT.search(body)
    return body.verbatim(*found.span("who")) if found else None
