"""A paragraph into duties: sentences, then the parts between semicolons, then a report that rides on an action."""

import re
from dataclasses import dataclass

from planner.reading.flat import Flat, Words
from planner.reading.phrases_of_time import Strength, TimePhrase, time_phrases
from planner.reading.units import leading_units
from planner.reading.verbs import DUTY, begins_duty

FEWEST_WORDS = 4
"""A part shorter than this is no duty of its own."""

_SENTENCE_END = re.compile(r"(?:\.(?!\d|\.)|\./\.|\?|!)\s+|\.{3,}\s+")
_ABBREVIATION = re.compile(r"(?:^|[\s(])(?:tt|tp|tx|tm|kt|tl|gs|ts|ths|pgs|bs|ks|st|ub|đ|q|p|v\.v|art|no)$")
_REPORT = Words(
    r"(?:,|;| và)(?: đồng thời)?(?: và)? (?:định kỳ |tổng hợp,? )?"
    r"(?P<report>(?:tổng hợp[^.;,]{0,70} )?báo cáo(?: bằng văn bản)?(?: về)? (?:kết quả|tình hình|tiến độ"
    r"|số liệu|ubnd|ủy ban|chủ tịch|về|sở|thường trực|đảng ủy)"
    r"|tổng hợp (?:kết quả|tình hình|số liệu)[^.;]{0,80}? báo cáo|gửi (?:báo cáo|văn bản)|đồng thời,? báo cáo)"
)
_RULE_IN_BRACKETS = re.compile(r"\(([^()]{20,260})\)")
_MUST = Words(r"\bphải\b")
_MADE_OF_ONE = Words(
    r".*phối hợp(?: chặt chẽ)?(?: với)?(?: các)?[^,;.]{0,80}"
    r"|(?:.*[,;] |.{0,40})(?:theo dõi|thống kê|đánh giá|tổng hợp|đôn đốc|kiểm tra|tham mưu|giám sát|rà soát)"
)
_NEW_ACTION = Words(
    rf"(?:,|;| và)(?: đồng thời)?(?: và)? (?={DUTY.accented.pattern})",
    when_folded=rf"(?:,|;| và)(?: đồng thời)?(?: và)? (?={DUTY.folded.pattern})",
)


@dataclass(frozen=True, slots=True)
class Clause:
    """Một phần câu giao một việc.

    `is_rule`: it stands in brackets and says what must always be done. `is_reported`: the next one reports on it.
    """

    text: Flat
    is_rule: bool = False
    is_reported: bool = False


def sentences(text: Flat) -> list[Flat]:
    """Sentences; a point inside an abbreviation or a number ends none."""
    parts, start = [], 0
    for found in _SENTENCE_END.finditer(text.seen):
        before = text.seen[start : found.start()]
        if _ABBREVIATION.search(before) or not _starts_sentence(text, found.end()) or _is_open(before):
            continue
        parts.append(text.part(start, found.end()))
        start = found.end()
    parts.append(text.part(start))
    return [part for part in parts if part.seen]


def _starts_sentence(text: Flat, at: int) -> bool:
    return at >= len(text.seen) or text.is_capital(at) or not text.seen[at].isalpha()


def _is_open(text: str) -> bool:
    return text.count("(") > text.count(")")


def semicolon_parts(text: Flat) -> list[Flat]:
    """The parts between semicolons outside brackets; one that begins no duty belongs to the one before it."""
    cuts, start, depth = [], 0, 0
    units = leading_units(text, needs_verb=True)
    behind_the_units = units.end if units is not None else 0
    for at, letter in enumerate(text.seen):
        depth = max(0, depth + (letter == "(") - (letter == ")"))
        if letter == ";" and depth == 0 and at >= behind_the_units:
            cuts.append((start, at + 1))
            start = at + 1
    cuts.append((start, len(text.seen)))
    merged: list[tuple[int, int]] = []
    for first, last in cuts:
        part = text.part(first, last)
        if not part.seen.strip(" ;"):
            continue
        if merged and not _is_work_of_its_own(text.part(*merged[-1]), part):
            merged[-1] = (merged[-1][0], last)
        else:
            merged.append((first, last))
    return [text.part(first, last) for first, last in merged]


_HANDED_IN = Words(
    r"\s*(?:và )?(?:trình\b|thời (?:gian|hạn) (?:hoàn thành|thực hiện)\b"
    r"|(?:hoàn thành|phê duyệt|ban hành|công bố|nộp|gửi|báo cáo)"
    r"(?= (?:trước|chậm|muộn|xong|trong|vào|hết|không quá)\b))"
)
_DATES = {Strength.DAY, Strength.PERIOD}


def _is_work_of_its_own(work: Flat, part: Flat) -> bool:
    """Whether what stands behind a semicolon is more than a day for the work before it.

    "…; trình UBND tỉnh trước ngày 20/8" dates that work; with a day of its own on either side there are two.
    """
    days = [each for each in time_phrases(part) if each.strength in _DATES]
    days_before = [each for each in time_phrases(work) if each.strength in _DATES]
    if days and not days_before and _HANDED_IN.match(part):
        return False
    return _stands_alone(part) or (bool(days and days_before) and len(part.seen.split()) >= FEWEST_WORDS)


def _stands_alone(part: Flat) -> bool:
    words = part.seen.split()
    if len(words) < FEWEST_WORDS:
        return False
    has_subject = leading_units(part, needs_verb=True) is not None
    is_broken_start = part.sight.is_folded and len(words) > 2 * FEWEST_WORDS and not part.is_capital(0)
    return has_subject or begins_duty(part) or is_broken_start


def duties(text: Flat, *, is_one_thing: bool = False) -> list[Clause]:
    """The single duties of one sentence; `is_one_thing`: it says one thing however many parts it has."""
    found: list[Clause] = []
    for part in [text] if is_one_thing else semicolon_parts(text):
        actions = _with_its_report(part)
        for action in actions:
            pieces = _one_deadline_each(action)
            found += [Clause(piece, is_reported=action is not actions[-1] and piece is pieces[-1]) for piece in pieces]
        found += [Clause(rule, is_rule=True) for rule in _rules_in_brackets(part)]
    return found


def _with_its_report(text: Flat) -> list[Flat]:
    """ "Chấn chỉnh …, báo cáo kết quả trước ngày …" is an action and a report; "theo dõi, báo cáo" is one duty."""
    for found in _REPORT.all(text):
        before = text.part(0, found.start())
        gathers = _GATHERS.match(before) is not None and _TO_WHOM.match(text, found.start("report")) is not None
        is_one = gathers or _MADE_OF_ONE.whole(before) or _ends_in_units(before) or _IS_TROUBLE.search(before)
        if _is_open(before.seen) or is_one or not _is_whole_action(before):
            continue
        after = text.part(found.start("report"))
        if len(after.seen.split()) >= FEWEST_WORDS:
            return [before, after]
    return [text]


def _ends_in_units(text: Flat) -> bool:
    """ "Chủ trì, phối hợp các cơ quan, đơn vị liên quan" says with whom, and not yet what."""
    together = _WITH.all(text)
    units = leading_units(text, together[-1].end()) if together else None
    return units is not None and units.end >= len(text.seen.rstrip(" ,;")) and not units.has_verb


_GATHERS = Words(
    r"(?:[^,;.]{0,90}?\b)?(?:tổng hợp|thống kê|theo dõi|rà soát|kiểm tra|đôn đốc|đánh giá|cập nhật|tham mưu|nắm)\b"
)
_TO_WHOM = Words(r"(?:tổng hợp,? )?báo cáo (?:về )?(?:ubnd|ủy ban|chủ tịch|sở|thường trực|đảng ủy|giám đốc|lãnh đạo)")
_IS_TROUBLE = Words(r"\bphát hiện [^.;]{0,40}(?:khó khăn|vướng mắc|tồn tại|sai phạm)")
_WITH = Words(r"\b(?:phối hợp|cùng)(?: chặt chẽ)?(?: với| cùng)? ")


def _is_whole_action(text: Flat) -> bool:
    return len(text.seen.split()) >= 2 * FEWEST_WORDS


def _one_deadline_each(text: Flat) -> list[Flat]:
    """A part with two days falls in two, at the first action that begins behind the first day."""
    days = [
        each for each in time_phrases(text) if each.strength in {Strength.DAY, Strength.COUNT} or _is_closed(text, each)
    ]
    if len(days) < 2:  # noqa: PLR2004 - two of them
        return [text]
    for found in _NEW_ACTION.all(text):
        if days[0].end <= found.start() < days[1].start and not _is_open(text.seen[: found.start()]):
            return [text.part(0, found.start()), *_one_deadline_each(text.part(found.end()))]
    return [text]


def _is_closed(text: Flat, phrase: TimePhrase) -> bool:
    """A period in brackets behind its action: "rà soát (hoàn thành trong tháng 4) và … (hoàn thành trong tháng 6)"."""
    is_in_brackets = text.seen[max(0, phrase.start - 1) : phrase.start] == "(" and text.seen.startswith(")", phrase.end)
    return phrase.strength is Strength.PERIOD and is_in_brackets


def _rules_in_brackets(text: Flat) -> list[Flat]:
    """ "(… trong 08 giờ làm việc phải tiếp nhận hồ sơ)": a standing rule told in passing."""
    rules = []
    for found in _RULE_IN_BRACKETS.finditer(text.seen):
        inner = text.part(*found.span(1))
        counts = [each for each in time_phrases(inner) if each.strength is Strength.COUNT]
        if counts and _MUST.search(inner):
            comma = inner.seen.rfind(", ", 0, counts[0].start)
            rules.append(inner.part(comma + 1 if comma > 0 else 0))
    return rules
