"""The duties in the running text of a letter."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise

from planner.reading.classes import class_of, is_indicator, is_outside, is_principle
from planner.reading.clauses import Clause, duties, sentences
from planner.reading.dating import GROUP_SENTENCE, Dating, no_deadline, strongest
from planner.reading.draft import DutyClass, DutyDeadline, IndicatorFound, Spot, Sureness
from planner.reading.flat import Flat, Sight, Words, flat
from planner.reading.found import FoundDuty
from planner.reading.labels import Labels, labels_in
from planner.reading.phrases_of_time import Strength
from planner.reading.sections import Item, Topic
from planner.reading.subjects import Subject, lead_in_brackets, subject_of
from planner.reading.titles import title_of
from planner.reading.units import leading_units
from planner.reading.verbs import REPORT, begins_duty

_NOT_A_DUTY = Words(
    r"(?:trên đây là|căn cứ(?= (?:luật|nghị định|nghị quyết|quyết định|thông tư|chỉ thị|kế hoạch|công văn"
    r"|kết luận|bộ luật|chương trình|hướng dẫn))[^,]*$"
    r"|quyết định này (?:có|thay)|kế hoạch này (?:thay|có)|ban hành kèm theo|bãi bỏ|như trên|như kính|lưu:"
    r"|nơi nhận|\(?(?:chi tiết|nhiệm vụ cụ thể|có phụ lục|kèm theo|ban hành kèm)"
    r"|nhiệm vụ được giao và|thực hiện (?:quyết định|kế hoạch|công văn|nghị quyết|chỉ thị|văn bản"
    r"|thông báo)[^,;]{0,140}(?:của|ngày)[^,;]{0,120}(?:về|;|,|$)[^;]*(?:ban hành|xây dựng|yêu cầu|đề nghị"
    r"|như sau|hướng dẫn|thông báo)[^;]{0,90}$)"
)
_CLOSING = Words(
    r"(?:trên đây là|trong quá trình (?:triển khai|tổ chức|thực hiện)|(?:ubnd|ủy ban nhân dân|sở|đảng ủy"
    r"|yêu cầu|đề nghị|nhận được)\b)"
)
_DIFFICULTIES = Words(
    r"\b(?:nếu|khi|trường hợp) (?:có |gặp |phát sinh )*(?:những |các )?(?:khó khăn|vướng mắc|phát sinh"
    r"|vấn đề|nội dung)|phát hiện (?:kịp thời )?(?:những |các )?(?:khó khăn|vướng mắc|tồn tại)"
)
_TO_THE_ONE_WHO_GATHERS = Words(r"\b(?:về|gửi|qua|đến|tới|cho|với)(?: về)? (?=\S)")
_TO_GATHER = Words(
    r"[, ]*(?:\([^()]*\) ?)?(?:để|nhằm) (?:được )?(?:kịp thời )?(?:xem xét,? )?(?:tổng hợp"
    r"|theo dõi,? tổng hợp|phối hợp|xem xét|báo cáo|tham mưu|hướng dẫn)"
)
_NAME_THEN_TEXT = re.compile(r"^[^.;:()]{8,220}:\s+(?=\S{2,}\s\S+\s\S)")
_SEE_ANNEX = Words(
    r"\(?(?:chi tiết|cụ thể)? ?(?:tại|theo|có)(?: các| bảng)? phụ lục[^;]{0,60}$|được (?:quy định|nêu"
    r"|phân công)(?: cụ thể)? tại (?:các )?phụ lục"
)
_FOOTNOTE = re.compile(r"\d{1,3}\s+[A-ZĐÀ-Ỹ]")
_MUST = Words(r"\b(?:phải|chịu trách nhiệm|có trách nhiệm|quy trách nhiệm|xác định)\b")
WORDS_OF_A_REMARK = 6
FAR_FROM_THE_VERB = 24
"""Letters: "kịp thời" further in says how, not when."""
_SOUND = re.compile(r"[.;,/:\s]+$")
_ONLY_THE_HEAD = Words(
    r"(?:có trách nhiệm|chịu trách nhiệm|thực hiện|nhiệm vụ|phối hợp|chủ trì|tập trung|triển khai"
    r"|tổ chức)?(?: thực hiện| triển khai)?(?: các| một số)?(?: nội dung| nhiệm vụ| công việc"
    r"| giải pháp)*(?: sau| cụ thể| sau đây| như sau| trọng tâm)*:?"
)
_RECIPIENT = Words(
    r"\bbáo cáo(?: [^,;.()]{0,60}?)?(?: về| gửi| lên| cho)? (?P<who>(?:thường trực |chủ tịch )?(?:ubnd"
    r"|ủy ban nhân dân|đảng ủy|tỉnh ủy|hđnd|sở|bộ|văn phòng|phòng)[^,;.()]{0,60}?)(?= trước| chậm| để| xem"
    r"| theo| định| kết| tình|[,;.()]|$)"
)


@dataclass
class _Reader:
    dating: Dating
    sight: Sight
    default_phrase: str | None
    found: list[FoundDuty] = field(default_factory=list)
    leads: dict[int, Subject] = field(default_factory=dict)
    """By identity of an item: whom its heading names."""
    started: bool = False

    def read(self, items: list[Item]) -> list[FoundDuty]:
        for item in items:
            self.started = self.started or item.marker is not None
            self._read_item(item)
        return self.found

    def _read_item(self, item: Item) -> None:
        text = _joined_with_its_child(item)
        if text is None or not text.seen.strip(" .;:-"):
            return
        labels = labels_in(text, self.sight)
        if labels is not None:
            self._read_labelled(item, text, labels)
            return
        parts = sentences(text)
        if self._dates_what_stands_above(item, parts):
            parts = parts[:-1]
        if not parts:
            return
        if item.is_heading or (parts[-1].seen.rstrip().endswith(":") and item.children):
            self._read_heading(item, parts[-1])
            parts = parts[:-1]
        elif self._is_unit_heading(item, text):
            return
        self._read_sentences(item, parts)

    # --- headings -------------------------------------------------------------------------------------------------

    def _read_heading(self, item: Item, text: Flat) -> None:
        subject = subject_of(text)
        units = leading_units(text)
        if subject.is_named_here:
            self.leads[id(item)] = subject
        elif units is not None:
            self.leads[id(item)] = Subject(
                units.names, (), units.end, units.end, units.is_request, is_named_here=True, is_ordered=units.is_ordered
            )
        elif "chủ trì" in text.seen or "chu tri" in text.seen:
            names = lead_in_brackets(text)
            if names:
                self.leads[id(item)] = Subject(names, (), 0, is_named_here=True)

    def _is_unit_heading(self, item: Item, text: Flat) -> bool:
        """ "1. Sở Tư pháp" with what it does in unmarked paragraphs below, or nothing below at all."""
        units = leading_units(text)
        if units is None or item.marker is None or units.has_verb or units.end < len(text.seen.rstrip(" :.;")):
            return False
        self.leads[id(item)] = Subject(
            units.names, (), units.end, units.end, units.is_request, is_named_here=True, is_ordered=units.is_ordered
        )
        return True

    def _lead_above(self, item: Item) -> Subject | None:
        return next((self.leads[id(each)] for each in (item, *item.ancestors()) if id(each) in self.leads), None)

    # --- labels ---------------------------------------------------------------------------------------------------

    def _read_labelled(self, item: Item, text: Flat, labels: Labels) -> None:
        spot = Spot(text.verbatim(0), item.piece.page, item.place)
        if labels.task is not None:
            before = len(self.found)
            if item.topic is not Topic.ASIDE:
                self._read_sentences(item, sentences(labels.task), is_labelled=True)
            owned = self.found[before:]
        else:
            owned = self._labelled_above(item)
        deadline = self.dating.of_cell(labels.deadline, spot) if labels.deadline else None
        for duty in owned:
            if labels.lead:
                duty.lead, duty.lead_sureness = labels.lead, Sureness.SURE
            duty.supporting = labels.supporting or duty.supporting
            duty.deliverable = labels.deliverable or duty.deliverable
            if deadline is not None:
                duty.deadline = deadline

    def _labelled_above(self, item: Item) -> list[FoundDuty]:
        """Whom a label without a task of its own speaks of: what its parent says, else all that stands beside it."""
        parent = item.parent
        last = self.found[-1] if self.found else None
        if last is None or last.item is None:
            return []
        if parent is not None and last.item is parent:
            return [duty for duty in self.found if duty.item is parent]
        if item.marker is None:
            return [duty for duty in self.found if duty.item is last.item]
        return [
            duty
            for duty in self.found
            if duty.item is not None and parent is not None and parent in duty.item.ancestors()
        ]

    # --- one sentence for many ------------------------------------------------------------------------------------

    def _dates_what_stands_above(self, item: Item, parts: list[Flat]) -> bool:
        last = parts[-1] if parts else None
        if last is None or GROUP_SENTENCE.match(last) is None or not self.found:
            return False
        spot = Spot(last.verbatim(0), item.piece.page, item.place)
        dated = strongest(self.dating.of_clause(last, spot))
        if dated is None or dated.phrase.strength < Strength.PERIOD:
            return False
        nearest = self.found[-1].item
        for duty in reversed(self.found):
            if duty.item is None or nearest is None or duty.item.parent is not nearest.parent or duty.deadline.reading:
                break
            duty.deadline = replace(dated.deadline, is_inherited=True)
        return True

    # --- sentences ------------------------------------------------------------------------------------------------

    def _read_sentences(self, item: Item, parts: list[Flat], *, is_labelled: bool = False) -> None:
        above = self._lead_above(item)
        here: Subject | None = None
        for part in parts:
            seen = _without_name(part, item)
            is_one_thing = above is None and here is None and not subject_of(seen).is_named_here
            for place, clause in enumerate(duties(seen, is_one_thing=is_one_thing)):
                subject = subject_of(clause.text)
                if subject.is_named_here:
                    here = subject
                who = here or above
                made = self._duty(item, clause, subject, who, is_first=place == 0, is_labelled=is_labelled)
                if made is not None:
                    self.found.append(made)
                    self._also_the_one_who_gathers(item, clause, made)
        self._let_actions_inherit(item)

    def _duty(
        self, item: Item, clause: Clause, subject: Subject, who: Subject | None, *, is_first: bool, is_labelled: bool
    ) -> FoundDuty | None:
        text = clause.text
        quote = _SOUND.sub("", text.verbatim(0)) or text.verbatim(0)
        spot = Spot(quote, item.piece.page, item.place)
        body = text.part(_past(text, subject.body_at))
        if not self._is_duty(item, text, body, subject, who, is_labelled=is_labelled or clause.is_rule):
            return None
        deadline, duty_class = self._deadline_and_class(text, body, spot, who)
        if item.topic is Topic.AIMS or is_principle(body):
            if not (subject.is_named_here or who) and not is_indicator(body):
                return None
            duty_class = DutyClass.INDICATOR if is_indicator(body) and item.topic is Topic.AIMS else DutyClass.PRINCIPLE
        if clause.is_rule:
            duty_class = DutyClass.STANDING
        lead = who.lead if who else lead_in_brackets(text)
        supporting = subject.supporting or (who.supporting if who and not is_first else ())
        made = FoundDuty(
            title=title_of(text.verbatim(_past(text, max(subject.act_at, subject.body_at))), spot),
            spot=spot,
            duty_class=duty_class,
            deadline=deadline,
            lead=lead,
            supporting=tuple(name for name in supporting if name not in lead),
            item=item,
            deliverable=_report_named(body) if duty_class is DutyClass.REPORT else None,
            recipient=_recipient(body),
            lead_sureness=Sureness.SURE if lead else Sureness.UNSURE,
        )
        name = _name_of_indicator(item)
        if name is not None and not lead:
            made.duty_class = DutyClass.INDICATOR
        if made.duty_class is DutyClass.INDICATOR:
            made.indicator = IndicatorFound(
                name or made.title, target=_target(text), unit="%" if "%" in text.seen else None
            )
            if item.topic is Topic.AIMS and made.deadline.reading is None and self.default_phrase:
                made.deadline = replace(self.dating.of_cell(self.default_phrase, spot), ask=True, is_inherited=True)
        return made

    def _is_duty(
        self, item: Item, text: Flat, body: Flat, subject: Subject, who: Subject | None, *, is_labelled: bool
    ) -> bool:
        if is_labelled:
            return True
        if not subject.is_named_here and (_NOT_A_DUTY.match(text) or (who is None and _SEE_ANNEX.search(text))):
            return False
        if item.topic is Topic.AIMS:
            return is_indicator(body) or (subject.is_named_here and _MUST.search(body) is not None)
        is_outside_the_list = item.marker is None and item.parent is None
        if not self.started or item.topic is Topic.ASIDE or is_outside_the_list or _FOOTNOTE.match(item.piece.text):
            return self._is_told_in_passing(item, text, body, subject)
        if who is not None and not _ONLY_THE_HEAD.whole(body):
            return begins_duty(body) or subject.is_named_here or len(body.seen.split()) > WORDS_OF_A_REMARK
        return who is None and (begins_duty(body) or _name_of_indicator(item) is not None)

    def _is_told_in_passing(self, item: Item, text: Flat, body: Flat, subject: Subject) -> bool:
        """Where no work is listed, only a unit that is told to act makes a duty."""
        if not self.started or _FOOTNOTE.match(item.piece.text):
            return subject.is_named_here and subject.is_ordered
        is_told = subject.is_ordered or begins_duty(body) or _DIFFICULTIES.search(text) is not None
        return subject.is_named_here and is_told

    def _deadline_and_class(
        self, text: Flat, body: Flat, spot: Spot, who: Subject | None
    ) -> tuple[DutyDeadline, DutyClass]:
        dated = [each for each in self.dating.of_clause(text, spot) if not _is_in_a_rule(text, each.phrase.start)]
        chosen = strongest(dated)
        deadline = chosen.deadline if chosen else no_deadline(spot)
        if (
            chosen is not None
            and chosen.phrase.strength is Strength.URGENCY
            and chosen.phrase.start > FAR_FROM_THE_VERB + len(text.seen) - len(body.seen)
        ):
            chosen, deadline = None, no_deadline(spot)
        weak = chosen is None or chosen.phrase.strength is Strength.URGENCY
        if weak and (trouble := _DIFFICULTIES.search(text)) is not None:
            phrase = text.verbatim(*trouble.span())
            reading, _ask = self.dating.read("khi có phát sinh")
            deadline = DutyDeadline(
                phrase, replace(reading, phrase=phrase), replace(spot, quote=phrase), ask=False, why=reading.explanation
            )
        days = {each.deadline.last_valid_on for each in dated if each.phrase.strength is Strength.DAY}
        if len(days) > 1:
            deadline = replace(deadline, ask=True, why="Câu có hơn một ngày: cần tách hoặc chọn ngày đúng.")
        request = who is not None and who.is_request and is_outside(who.lead, flat(" ; ".join(who.lead), self.sight))
        return deadline, class_of(body, deadline, is_outside_request=request)

    def _let_actions_inherit(self, item: Item) -> None:
        """The action before its report is due with it, when the report is due once."""
        mine = [duty for duty in self.found if duty.item is item]
        for action, report in pairwise(mine):
            reading = report.deadline.reading
            is_once = reading is not None and reading.last_valid_on is not None and not reading.recurrences
            is_its_report = report.duty_class is DutyClass.REPORT and action.duty_class is not DutyClass.REPORT
            if is_once and is_its_report and action.deadline.reading is None and _is_right_before(action, report, item):
                action.deadline = replace(report.deadline, is_inherited=True)

    def _also_the_one_who_gathers(self, item: Item, clause: Clause, made: FoundDuty) -> None:
        """ "… nếu có vướng mắc, báo cáo về Sở X để tổng hợp, báo cáo UBND tỉnh": Sở X owes the summary."""
        if _DIFFICULTIES.search(clause.text) is None or made.duty_class not in {
            DutyClass.CONDITIONAL,
            DutyClass.REPORT,
        }:
            return
        for found in _TO_THE_ONE_WHO_GATHERS.all(clause.text):
            gatherers = _gatherers(clause.text, found.end())
            if gatherers is None or set(gatherers[0]) & set(made.lead):
                continue
            names, quote = gatherers
            spot = Spot(_SOUND.sub("", quote), item.piece.page, item.place)
            what = quote[quote.find("để") + 3 :] if "để" in quote else quote
            self.found.append(
                FoundDuty(
                    title=title_of(what, spot), spot=spot, duty_class=DutyClass.CONDITIONAL, deadline=made.deadline,
                    lead=names, item=item, recipient=_recipient(clause.text),
                )
            )  # fmt: skip
            return


def _is_right_before(action: FoundDuty, report: FoundDuty, item: Item) -> bool:
    """Parted by a comma or "và", not by a stop."""
    text = item.piece.text
    at = text.find(action.spot.quote)
    between = text[at + len(action.spot.quote) : text.find(report.spot.quote, at)] if at >= 0 else ""
    return at >= 0 and len(between) <= 20 and not re.search(r"[.;]", between)  # noqa: PLR2004


def _gatherers(text: Flat, at: int) -> tuple[tuple[str, ...], str] | None:
    """The units behind "về", up to "để tổng hợp", with the words from them on."""
    to_gather = _TO_GATHER.search(text, at)
    if to_gather is None:
        return None
    inner = text.part(at, to_gather.start())
    units = leading_units(inner)
    if units is None or len(inner.seen.split()) > 25 or units.end < len(inner.seen.rstrip(" ,").split("(")[0].rstrip()):  # noqa: PLR2004
        return None
    return units.names, text.verbatim(at)


def _joined_with_its_child(item: Item) -> Flat | None:
    """A head ending in a colon whose only words stand in the unmarked paragraph below is one with it."""
    parent = item.parent
    if (
        item.marker is None
        and parent is not None
        and parent.children == [item]
        and parent.text.seen.rstrip().endswith(":")
    ):
        return item.text
    return item.text


def _without_name(part: Flat, item: Item) -> Flat:
    """ "Tỷ lệ …: Thực hiện …" is an indicator's name and a duty; only the duty is read on."""
    if item.marker is None:
        return part
    found = _NAME_THEN_TEXT.match(part.seen)
    if found is None:
        return part
    name, rest = part.part(0, found.end()), part.part(found.end())
    if leading_units(name) is not None or begins_duty(name) or _is_order(name):
        return part
    return rest if begins_duty(rest) or leading_units(rest, needs_verb=True) else part


def _is_order(name: Flat) -> bool:
    return subject_of(name).is_named_here


def _name_of_indicator(item: Item) -> str | None:
    """The indicator an item is about: its words before the colon, or those of the head above it."""
    for each in (item, item.parent if item.marker is None else None):
        if each is None or each.marker is None:
            continue
        found = re.match(r"(?P<name>(?:tỷ lệ|tỉ lệ|ty le|ti le|chỉ số|mức độ)[^:.;]{6,220}):", each.text.seen)
        if found:
            return each.text.verbatim(*found.span("name"))
    return None


def _is_in_a_rule(text: Flat, at: int) -> bool:
    """Inside brackets that quote a rule ("… phải …"): what they date is not this duty."""
    opened, closed = text.seen.rfind("(", 0, at), text.seen.find(")", at)
    is_inside = opened >= 0 and text.seen.find(")", opened, at) < 0
    return is_inside and closed > 0 and _MUST_IN_A_RULE.search(text.part(opened, closed)) is not None


_MUST_IN_A_RULE = Words(r"\bphải\b")


def _past(text: Flat, at: int) -> int:
    while at < len(text.seen) and text.seen[at] in " ,:;-":
        at += 1
    return at


def _target(text: Flat) -> str | None:
    found = re.search(r"(?:(?:trên|tối thiểu|ít nhất|từ|đạt|≥|>=)\s)*\d+(?:[.,]\d+)?\s?%", text.seen)
    return text.verbatim(*found.span()) if found else None


def _report_named(body: Flat) -> str | None:
    """ "báo cáo kết quả thực hiện", up to where it goes."""
    found = Words(
        r"báo cáo(?: (?:kết quả|tình hình|tiến độ|số liệu|giải trình|tổng kết|sơ kết|đánh giá"
        r"|định kỳ)(?: thực hiện| triển khai| công tác)?)?"
    ).search(body)
    return body.verbatim(*found.span()) if found and REPORT.search(body) else None


def _recipient(body: Flat) -> str | None:
    found = _RECIPIENT.search(body)
    return body.verbatim(*found.span("who")) if found else None


def read_obligations(
    items: list[Item], *, dating: Dating, sight: Sight, default_phrase: str | None = None
) -> list[FoundDuty]:
    """Every duty in the running text, in order. `default_phrase` is the period an aim without one falls in."""
    return _Reader(dating, sight, default_phrase).read(items)


def named_units(found: list[FoundDuty]) -> Iterator[str]:
    for duty in found:
        yield from duty.lead
