"""The duties in the running text of a letter: whom each item speaks to, and what stands in its sentences."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from planner.reading.among_units import names_among_units
from planner.reading.classes import is_indicator
from planner.reading.clauses import duties, sentences
from planner.reading.dating import GROUP_SENTENCE, OF_THE_HEADING, PERIOD_HEADING, DatedPhrase, Dating, strongest
from planner.reading.draft import DutyClass, Spot, Sureness
from planner.reading.duties import DIFFICULTIES, DutyMaker, name_of_indicator, past_blanks
from planner.reading.flat import Flat, Sight, Words
from planner.reading.found import FoundDuty
from planner.reading.labels import Labels, labels_in
from planner.reading.markers import Level
from planner.reading.phrases_of_time import Strength, time_phrases
from planner.reading.sections import Item, Topic
from planner.reading.subjects import Subject, bare_order, lead_in_brackets, subject_of
from planner.reading.units import leading_units
from planner.reading.verbs import begins_duty

WORDS_OF_A_REMARK = 6
"""A part of a sentence under a unit's heading that is longer is taken for work, whatever word it begins with."""

WORDS_OF_AN_ACT = 3
"""Behind a name and its unit: "… : Phòng Kinh tế chủ trì" says who, and the name says what."""

JOINT = 20
"""Letters between an action and its report: ", đồng thời và "."""

_NOT_A_DUTY = Words(
    r"(?:trên đây là|theo (?:bản tin|dự báo)|(?:hiện nay|hiện tại|dự báo|dự kiến),? (?:đến|từ|trong|ngày|lúc|khoảng"
    r"|bão|mưa)"
    r"|căn cứ(?= (?:luật|nghị định|nghị quyết|quyết định|thông tư|chỉ thị|kế hoạch|công văn"
    r"|kết luận|bộ luật|chương trình|hướng dẫn))[^,]*$"
    r"|(?:nguồn )?kinh phí (?:thực hiện|triển khai|để|tổ chức|được|do|từ|hoạt động|bảo đảm|đảm bảo)"
    r"|quyết định này (?:có|thay)|kế hoạch này (?:thay|có)|ban hành kèm theo|bãi bỏ|như trên|như kính|lưu:"
    r"|nơi nhận|\(?(?:chi tiết|nhiệm vụ cụ thể|có phụ lục|kèm theo|ban hành kèm)"
    r"|nhiệm vụ được giao và|thực hiện (?:quyết định|kế hoạch|công văn|nghị quyết|chỉ thị|văn bản"
    r"|thông báo)[^,;]{0,140}(?:của|ngày)[^,;]{0,120}(?:về|;|,|$)[^;]*(?:ban hành|xây dựng|yêu cầu|đề nghị"
    r"|như sau|hướng dẫn|thông báo)[^;]{0,90}$)"
)
_SEE_ANNEX = Words(
    r"\(?(?:chi tiết|cụ thể)? ?(?:tại|theo|có)(?: các| bảng)? phụ lục[^;]{0,60}$|được (?:quy định|nêu"
    r"|phân công)(?: cụ thể)? tại (?:các )?phụ lục"
)
_MUST = Words(r"\b(?:phải|chịu trách nhiệm|có trách nhiệm|quy trách nhiệm|xác định)\b")
_ONLY_THE_HEAD = Words(
    r"(?:có trách nhiệm|chịu trách nhiệm|thực hiện|nhiệm vụ|phối hợp|chủ trì|tập trung|triển khai"
    r"|tổ chức)?(?: thực hiện| triển khai)?(?: các| một số)?(?: nội dung| nhiệm vụ| công việc"
    r"| giải pháp)*(?: sau| cụ thể| sau đây| như sau| trọng tâm)*:?"
)
_ONLY_WHEN = Words(
    r"(?:(?:phải|cần|tổ chức|triển khai|thực hiện|và) )*(?:hoàn thành|xong|kết thúc|thời (?:gian|hạn)|thực hiện)\b"
)
WORDS_OF_A_DATE = 6
"""Words beside its deadline that a sentence may have and still say nothing but when."""

_HAS_OTHERS_ACT = Words(r"(?:chủ động |tăng cường |tiếp tục |thường xuyên |trực tiếp )*chỉ đạo\b")
"""Under a heading that names a unit, "chỉ đạo các trường …" is what that unit does."""

_NAME_THEN_TEXT = re.compile(r"^[^.;:()]{8,220}:\s+(?=\S{2,}\s\S+\s\S)")
_FOOTNOTE = re.compile(r"\d{1,3}\s+[A-ZĐÀ-Ỹ]")


def read_obligations(
    items: list[Item],
    *,
    dating: Dating,
    sight: Sight,
    default_phrase: str | None = None,
    addressees: Sequence[str] = (),
) -> list[FoundDuty]:
    """Every duty in the running text, in order.

    `default_phrase` is the period an aim without one falls in; `addressees` are those a letter is written to, whom it
    tells to act where it names nobody else.
    """
    told = Subject(tuple(addressees), (), 0, is_named_here=True, sureness=Sureness.LIKELY) if addressees else None
    return _Reader(DutyMaker(dating, sight, default_phrase), sight, told, told).read(items)


@dataclass
class _Reader:
    maker: DutyMaker
    sight: Sight
    addressed: Subject | None
    told: Subject | None
    """Whom a paragraph above the list told to do what stands in it."""
    found: list[FoundDuty] = field(default_factory=list)
    leads: dict[int, Subject] = field(default_factory=dict)
    """By identity of an item: whom its heading names."""
    started: bool = False
    named_by_siblings: dict[int, Subject] = field(default_factory=dict)
    """By identity of an item: the name before its colon, where those beside it are units."""

    @property
    def dating(self) -> Dating:
        return self.maker.dating

    def read(self, items: list[Item]) -> list[FoundDuty]:
        self.named_by_siblings = names_among_units(items)
        for item in items:
            self.started = self.started or _begins_the_list(item)
            self._read_item(item)
        return self.found

    def _read_item(self, item: Item) -> None:
        text = item.text
        if not text.seen.strip(" .;:-"):
            return
        if (named := self.named_by_siblings.get(id(item))) is not None:
            self.leads[id(item)] = named
            text = text.part(named.body_at)
            if not text.seen.strip(" .;:-"):
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
        if item.heads_a_table and not subject_of(parts[-1]).is_named_here:
            return
        is_described = bool(item.children) and item.marker is not None and self._is_described_below(item)
        if item.level is Level.HEAD or (item.is_heading and not is_described):
            self._read_heading(item, parts[-1])
            parts = parts[:-1]
        elif self._is_unit_heading(item, text):
            return
        self._read_sentences(item, parts, is_labelled=is_described)

    # --- headings -------------------------------------------------------------------------------------------------

    def _read_heading(self, item: Item, text: Flat) -> None:
        if _ENDS_IN_AN_ORDER.whole(text):
            return
        subject = subject_of(text)
        if subject.is_named_here:
            self.leads[id(item)] = subject
            if item.level is Level.HEAD and item.parent is None and subject.is_ordered:
                self.told = replace(subject, supporting=())
            return
        units = leading_units(text)
        if units is not None:
            self.leads[id(item)] = Subject.of(units)
        elif names := lead_in_brackets(text):
            self.leads[id(item)] = Subject(names, (), 0, is_named_here=True)

    def _is_described_below(self, item: Item) -> bool:
        """A line below is a label ("Đơn vị chủ trì: …"): it is the work itself, not a heading."""
        if item.topic is Topic.ASIDE or item.text.verbatim(0).isupper():
            return False
        first, *others = item.children
        below = (labels_in(child.text, self.sight) for child in (first, *others) if child is first or child.marker)
        return any(labels is not None and labels.task is None for labels in below)

    def _is_unit_heading(self, item: Item, text: Flat) -> bool:
        """ "1. Sở Tư pháp" with what it does in unmarked paragraphs below, or nothing below at all."""
        units = leading_units(text)
        if units is None or item.marker is None or units.has_verb or units.end < len(text.seen.rstrip(" :.;")):
            return False
        self.leads[id(item)] = Subject.of(units)
        return True

    def _lead_above(self, item: Item) -> Subject | None:
        above = next((self.leads[id(each)] for each in (item, *item.ancestors()) if id(each) in self.leads), None)
        is_listed = item.topic is Topic.DUTIES and (item.marker is not None or item.parent is not None)
        return above or (self.told if is_listed and self.started else None)

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
        if parent is None:
            return []
        owned = [duty for duty in self.found if duty.item is parent]
        if owned:
            return owned
        if item.marker is None:
            last = self.found[-1].item if self.found else None
            is_above = last is not None and last.marker is None and last.parent is parent
            return [duty for duty in self.found if duty.item is last] if is_above else []
        return [duty for duty in self.found if duty.item is not None and parent in duty.item.ancestors()]

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
        first = len(self.found)
        for part in parts:
            before = self.found[first:] or self._right_above(item)
            if self._dates_the_sentence_before(item, part, before) or _leads_the_sentence_before(part, before):
                continue
            seen = _without_name(part, item)
            is_one_thing = above is None and here is None and not subject_of(seen).is_named_here
            for clause in duties(seen, is_one_thing=is_one_thing):
                subject = self._subject(item, clause.text)
                here = subject if subject.is_named_here else here
                is_labelled_here = is_labelled or clause.is_rule
                if not self._is_duty(item, clause.text, subject, here or above, is_labelled=is_labelled_here):
                    continue
                for made in self.maker.made(item, clause, subject, here or above):
                    self.found.append(made)
                    if (gathered := self.maker.of_the_one_who_gathers(item, clause, made)) is not None:
                        self.found.append(gathered)
        self._let_actions_inherit(item, self.found[first:])
        self._let_headings_date(item, self.found[first:])

    def _right_above(self, item: Item) -> list[FoundDuty]:
        """What the mark above gave, for a paragraph without a mark that may only say who and when."""
        last = self.found[-1].item if self.found and item.marker is None else None
        is_above = last is not None and last.marker is not None and last.parent is item.parent
        return [duty for duty in self.found if duty.item is last] if is_above or last is item.parent else []

    def _dates_the_sentence_before(self, item: Item, part: Flat, made: list[FoundDuty]) -> bool:
        """ "… Hoàn thành trong quý III/2025.", "… Giao UBND các huyện hoàn thành trước ngày 30/4/2025."."""
        undated = [duty for duty in made if duty.deadline.reading is None]
        units = leading_units(part, needs_verb=True)
        body = part.part(past_blanks(part, units.end if units is not None else 0))
        if not undated or _ONLY_WHEN.match(body) is None:
            return False
        spot = Spot(part.verbatim(0), item.piece.page, item.place)
        dated = self.dating.of_clause(body, spot)
        if len(dated) != 1 or len(_beside(body, dated[0])) > WORDS_OF_A_DATE:
            return False
        for duty in undated:
            duty.deadline = replace(dated[0].deadline, is_inherited=True)
            if units is not None and not duty.lead:
                duty.lead, duty.lead_sureness = units.names, Sureness.SURE
        return True

    def _subject(self, item: Item, clause: Flat) -> Subject:
        """Whom the clause names; those a letter is written to, where it tells nobody in particular to act by a day."""
        is_prose = not self.started or (item.marker is None and item.parent is None)
        order_at = bare_order(clause) if is_prose and self.addressed is not None else None
        if order_at is not None and any(each.strength is Strength.DAY for each in time_phrases(clause)):
            assert self.addressed is not None
            return replace(self.addressed, body_at=order_at, act_at=order_at, is_ordered=True)
        subject = subject_of(clause)
        at = subject.starts_at if subject.is_named_here else 0
        if _HAS_OTHERS_ACT.match(clause, at) and (above := self._lead_above(item)) and above is not self.told:
            return Subject((), (), 0)
        return subject

    def _is_duty(self, item: Item, text: Flat, subject: Subject, who: Subject | None, *, is_labelled: bool) -> bool:
        if is_labelled:
            return True
        body = text.part(past_blanks(text, subject.body_at))
        is_remark = _NOT_A_DUTY.match(text) or (who is None and _SEE_ANNEX.search(text))
        if (is_remark and not subject.is_named_here) or (body.seen and _ONLY_THE_HEAD.whole(body)):
            return False
        if item.topic is Topic.AIMS:
            return is_indicator(body) or (subject.is_named_here and _MUST.search(body) is not None)
        is_outside_the_list = item.marker is None and item.parent is None
        if not self.started or item.topic is Topic.ASIDE or is_outside_the_list or _FOOTNOTE.match(item.piece.text):
            return self._is_told_in_passing(item, text, body, subject)
        if who is not None:
            is_long = who not in {self.addressed, self.told} and len(body.seen.split()) > WORDS_OF_A_REMARK
            return begins_duty(body) or subject.is_named_here or is_long or self._is_dated(item, text)
        is_work = (
            begins_duty(body)
            or name_of_indicator(item) is not None
            or (text.seen.rstrip(" .;").endswith(")") and bool(lead_in_brackets(text)))
            or self._is_dated(item, text)
        )
        return who is None and is_work

    def _is_dated(self, item: Item, text: Flat) -> bool:
        """A listed sentence with a day of its own is work, whatever word it begins with."""
        spot = Spot(text.text, item.piece.page, item.place)
        return any(each.phrase.strength >= Strength.COUNT for each in self.dating.of_clause(text, spot))

    def _is_told_in_passing(self, item: Item, text: Flat, body: Flat, subject: Subject) -> bool:
        """Where no work is listed, only a unit that is told to act makes a duty."""
        if not self.started or _FOOTNOTE.match(item.piece.text):
            return subject.is_named_here and subject.is_ordered
        is_told = subject.is_ordered or begins_duty(body) or DIFFICULTIES.search(text) is not None
        return subject.is_named_here and is_told

    def _let_actions_inherit(self, item: Item, made: list[FoundDuty]) -> None:
        """The action before its report is due with it, when the report is due once."""
        for action, report in pairwise(made):
            reading = report.deadline.reading
            is_once = reading is not None and reading.last_valid_on is not None and not reading.recurrences
            is_its_report = report.duty_class is DutyClass.REPORT and action.duty_class is not DutyClass.REPORT
            if is_once and is_its_report and action.deadline.reading is None and _is_right_before(action, report, item):
                action.deadline = replace(report.deadline, is_inherited=True)

    def _let_headings_date(self, item: Item, made: list[FoundDuty]) -> None:
        """ "II. THÁNG 11/2025" dates what stands below it and has no day of its own."""
        for above in (each for each in item.ancestors() if PERIOD_HEADING.whole(each.text)):
            deadline = self.dating.of_cell(
                above.text.verbatim(0).strip(" :."), Spot(above.piece.text, above.piece.page)
            )
            for duty in made:
                if duty.deadline.reading is None and duty.is_work:
                    duty.deadline = replace(deadline, ask=True, is_inherited=True, why=OF_THE_HEADING)
            return


_ORDERS_BELOW = Words(
    r".*\b(?:đề nghị|yêu cầu|chỉ đạo|giao nhiệm vụ|(?:thực hiện|triển khai)(?: tốt)?(?: một số| các)*(?: nội dung"
    r"| nhiệm vụ| công việc| giải pháp)*(?: sau| sau đây| như sau| cụ thể sau| trọng tâm sau)?) ?:$"
)


_ENDS_IN_AN_ORDER = Words(r".*\b(?:đề nghị|yêu cầu|chỉ đạo) ?:")
"""Who stands before "đề nghị:" gives the orders below and owes none of them."""


def _begins_the_list(item: Item) -> bool:
    """A number or a mark; or "… đề nghị:", behind which a letter may give its orders in bare paragraphs."""
    if item.marker is None:
        return False
    return item.level is not Level.HEAD or _ORDERS_BELOW.whole(item.text) is not None


_ONLY_WHO = Words(
    r"(?:(?:chủ trì|chịu trách nhiệm|(?:là |làm )?(?:cơ quan |đơn vị )?đầu mối|tham mưu|tổ chức|triển khai|thực hiện"
    r"|theo dõi)[, ]*(?:và )?)+(?:phối hợp(?: với)? )?(?P<help>[^.;]{3,200}?)??(?: cùng)?(?: phối hợp)?"
    r"(?: thực hiện| triển khai| tham mưu)*[ .;:]*"
)


def _leads_the_sentence_before(part: Flat, made: list[FoundDuty]) -> bool:
    """ "… Giao Phòng Nội vụ chủ trì, Phòng Kinh tế phối hợp thực hiện." says whose the work before it is."""
    units = leading_units(part, needs_verb=True)
    if units is None or not units.is_ordered or not made or any(duty.lead for duty in made):
        return False
    body = part.part(past_blanks(part, units.end))
    found = _ONLY_WHO.whole(body)
    helpers = leading_units(body.part(*found.span("help"))) if found is not None and found["help"] else None
    if found is None or (found["help"] and helpers is None):
        return False
    for duty in made:
        duty.lead, duty.lead_sureness = units.names, Sureness.SURE
        duty.supporting = helpers.names if helpers is not None else duty.supporting
    return True


def _beside(body: Flat, dated: DatedPhrase) -> list[str]:
    """The words of a sentence without those of its deadline."""
    return (body.seen[: dated.phrase.start] + " " + body.seen[dated.phrase.end :]).split()


def _is_right_before(action: FoundDuty, report: FoundDuty, item: Item) -> bool:
    """Parted by a comma or "và", not by a stop; "…; gửi báo cáo trước ngày …" hands in what was done."""
    text = item.piece.text
    at = text.find(action.spot.quote)
    between = text[at + len(action.spot.quote) : text.find(report.spot.quote, at)] if at >= 0 else ""
    stops = r"[.]" if re.match(r"gửi\b", report.spot.quote) else r"[.;]"
    return at >= 0 and len(between) <= JOINT and not re.search(stops, between)


def _without_name(part: Flat, item: Item) -> Flat:
    """ "Tỷ lệ …: Thực hiện …" is an indicator's name and a duty; only the duty is read on."""
    found = _NAME_THEN_TEXT.match(part.seen) if item.marker is not None else None
    if found is None:
        return part
    name, rest = part.part(0, found.end()), part.part(found.end())
    if time_phrases(name):
        return part
    if leading_units(name) is not None or begins_duty(name) or subject_of(name).is_named_here:
        return part
    who = leading_units(rest, needs_verb=True)
    if who is not None and len(rest.seen[who.end :].split()) < WORDS_OF_AN_ACT:
        return part
    return rest if who is not None or begins_duty(rest) else part
