"""The deadline of one duty: the phrase cut out, read by the deadline grammar, and checked against the words around it.

Two looks must agree: the phrase alone, and the whole clause it stands in (where a citation or a data cut-off shows
itself). Where they do not, or where the day of the letter itself is not known and matters, the draft asks.
"""

import re
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from models.terms import BeforeReading, DeadlineKind
from planner.deadlines import Reading, read_deadline
from planner.reading.draft import DutyDeadline, Spot
from planner.reading.flat import Flat, Sight, Words, flat
from planner.reading.phrases_of_time import Strength, TimePhrase, time_phrases
from planner.workdays import WorkCalendar

CUT = " ¦ "
"""Stands where the other phrases of a clause were, so that each is seen among the words and not among its rivals."""

_DATED = {Strength.DAY, Strength.COUNT}
_LOOSE = {Strength.EVENT, Strength.URGENCY, Strength.STANDING}
_FOR_THE_URGENT = "Giục gấp nhưng không nêu ngày: cần ngày cụ thể."
_DOUBTFUL = "Cụm từ và cả câu cho hai cách hiểu: cần xác nhận ngày."
OWN_DAY_UNKNOWN = "Chưa chắc ngày ban hành nên ngày này có thể khác: cần xác nhận."

OF_THE_YEAR = "Chỉ tiêu không nêu hạn, hiểu là đến hết năm của văn bản."
MERGED_DAY = "Ô thời hạn để trống trong bảng, ngày lấy theo dòng trên: cần xác nhận."
OF_THE_HEADING = "Việc không nêu hạn, lấy theo tháng, quý của đề mục."
PERIOD_HEADING = Words(
    r"(?:(?:nhiệm vụ|công việc|công tác)(?: trọng tâm)? )?(?:trong )?(?:tháng \d{1,2}(?: ?/ ?\d{4}| năm \d{4})?"
    r"|qu[ýí] (?:i{1,3}|iv|[1-4])(?: ?/ ?\d{4}| năm \d{4})?|6 tháng (?:đầu|cuối) năm(?: \d{4})?|năm \d{4})[:. ]*"
)
"""A heading that is a period and nothing else."""

_ROMAN_QUARTER = re.compile(r"\bqu[ýíyi]\s*[ivl|]{1,4}\b", re.IGNORECASE)
_FEW_STROKES = "Quý ghi bằng số La Mã trên bản quét, máy dễ đọc thiếu nét: cần xác nhận."
NAMED_BUT_NO_DATE = frozenset({DeadlineKind.NOT_A_DEADLINE, DeadlineKind.VAGUE})


@lru_cache(maxsize=2048)
def _reading(phrase: str, base_on: date, calendar: WorkCalendar, before: BeforeReading) -> Reading:
    """A table says "Quý IV/2026" on every row; a calendar is the same one as long as it is the same object."""
    return read_deadline(phrase, base_on=base_on, calendar=calendar, before=before)


@dataclass(frozen=True, slots=True)
class DatedPhrase:
    """Một cụm thời hạn trong câu, with what it means."""

    phrase: TimePhrase
    deadline: DutyDeadline


@dataclass(frozen=True, slots=True)
class Dating:
    """Reads deadlines for one letter, whose day lies between `base_on` and `latest_on`."""

    base_on: date
    latest_on: date
    calendar: WorkCalendar
    before: BeforeReading
    sight: Sight
    is_scanned: bool = False

    def read(self, phrase: str) -> tuple[Reading, bool]:
        """The reading, and whether it must be asked about; a broken phrase is read as it is mended."""
        if not self.sight.is_folded:
            return self._read_as_is(phrase)
        reading, ask = self._read_as_is(flat(phrase, self.sight).seen)
        as_is, _ask = self._read_as_is(phrase)
        if as_is.last_valid_on not in {None, reading.last_valid_on}:
            return replace(reading, phrase=phrase, ask=True, explanation=_DOUBTFUL), True
        return replace(reading, phrase=phrase), ask

    def _read_as_is(self, phrase: str) -> tuple[Reading, bool]:
        first = self._read(phrase, self.base_on)
        if self.is_scanned and _ROMAN_QUARTER.search(phrase):
            first = replace(first, ask=True, explanation=_FEW_STROKES)
        if self.base_on == self.latest_on:
            return first, first.ask
        last = self._read(phrase, self.latest_on)
        moves = (first.last_valid_on, first.kind) != (last.last_valid_on, last.kind)
        return first, first.ask or moves

    def _read(self, phrase: str, base_on: date) -> Reading:
        return _reading(phrase, base_on, self.calendar, self.before)

    def of_cell(self, text: str, spot: Spot) -> DutyDeadline:
        """The deadline a column or a label gives: the whole text is about time."""
        reading, ask = self.read(text)
        if reading.kind is DeadlineKind.NOT_A_DEADLINE:
            return DutyDeadline(text or None, None, spot, ask=True, why=reading.explanation)
        why = reading.explanation if reading.ask or not ask else OWN_DAY_UNKNOWN
        return DutyDeadline(text, reading, spot, ask=ask, why=why)

    def of_clause(self, text: Flat, spot: Spot) -> list[DatedPhrase]:
        """Every deadline in a clause, in order. Urgency without a day is no deadline, but it is asked about."""
        phrases = time_phrases(text)
        found = []
        for phrase in phrases:
            words = text.verbatim(phrase.start, phrase.end)
            if phrase.strength is Strength.URGENCY:
                deadline = DutyDeadline(None, None, replace(spot, quote=words), ask=True, why=_FOR_THE_URGENT)
                found.append(DatedPhrase(phrase, deadline))
                continue
            reading, ask = self.read(words)
            around, _ask = self.read(_alone(text, phrase, phrases))
            if reading.kind in NAMED_BUT_NO_DATE and not (phrase.strength in _DATED and reading.ask):
                continue
            if _is_trap(reading, around, phrase):
                continue
            is_doubtful = phrase.strength not in _LOOSE and around.last_valid_on != reading.last_valid_on
            why = _DOUBTFUL if is_doubtful else reading.explanation if reading.ask or not ask else OWN_DAY_UNKNOWN
            if phrase.strength is Strength.COUNT and _SIGNED.search(text.part(phrase.start, phrase.end)):
                ask, why = True, SIGNED_WHAT
            deadline = DutyDeadline(words, reading, replace(spot, quote=words), ask=ask or is_doubtful, why=why)
            found.append(DatedPhrase(phrase, deadline))
        return found


def _alone(text: Flat, phrase: TimePhrase, phrases: list[TimePhrase]) -> str:
    """The words of the clause with the other deadlines cut out."""
    parts, at = [], 0
    for other in phrases:
        if other is not phrase:
            parts += [text.verbatim(at, other.start), CUT]
            at = other.end
    parts.append(text.verbatim(at))
    return " ".join(part for part in parts if part)


def _is_trap(reading: Reading, around: Reading, phrase: TimePhrase) -> bool:
    """The clause shows that the phrase is a citation, a cut-off or a budget; not seeing it there is only a doubt."""
    is_cut = around.kind is DeadlineKind.NOT_A_DEADLINE and not around.ask
    return is_cut and phrase.strength not in _LOOSE and reading.kind is not around.kind


def no_deadline(spot: Spot, *, ask: bool = False, why: str = "") -> DutyDeadline:
    return DutyDeadline(None, None, spot, ask=ask, why=why)


def strongest(dated: list[DatedPhrase]) -> DatedPhrase | None:
    """The deadline that counts among those of one duty: the strongest form, the first of equals."""
    return max(dated, key=lambda each: (each.phrase.strength, -each.phrase.start), default=None)


SIGNED_WHAT = "Tính từ ngày ký, nhưng không nói ký văn bản nào: tạm tính từ ngày văn bản này."
_SIGNED = Words(r"\b(?:từ|sau) ngày (?:ký|ban hành|được ký|được ban hành)(?: ban hành)?$")
"""… "đăng tải bản công bố trong 03 ngày kể từ ngày ký": the day of the paper published, as likely as of this one."""

GROUP_SENTENCE = Words(
    r"(?:(?:yêu cầu )?(?:tất cả )?(?:các |những |toàn bộ )?(?:nội dung|nhiệm vụ|công việc|việc|phần việc"
    r"|chỉ tiêu|báo cáo)"
    r"(?: nhiệm vụ| công việc| chỉ tiêu|, nhiệm vụ)?(?: được giao)? (?:này|trên|nêu trên|nói trên|trên đây"
    r"|tại mục này|ở trên)\b[^.;]{0,40}"
    r"|thời (?:gian|hạn) (?:hoàn thành|thực hiện|báo cáo)(?: các| những)? (?:nội dung|nhiệm vụ"
    r"|công việc)[^:.;]{0,30}(?:trên|này)[^:.;]{0,20}:?)"
)
"""One sentence that dates everything above it."""
