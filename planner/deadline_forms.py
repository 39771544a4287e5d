"""The table of forms: what a Vietnamese deadline phrase can look like, and what each form means.

Each `Form` pairs a pattern on folded text with a reader; `planner.deadlines` tries them in order. A reader that
cannot be sure returns a draft without a day and with `ask`, because a wrong date stated with confidence is the one
result nobody can repair.
"""

import re

from models.terms import Boundary, DeadlineKind, Frequency
from planner.deadline_counts import COUNTED_KINDS, OWN_DOCUMENT, UNIT, read_counted, read_event_minus
from planner.deadline_days import (
    ENDPOINT,
    LEAD,
    ON,
    ON_AFTER,
    PART_OF_DAY,
    read_fixed,
    read_held,
    read_relative_day,
    read_start,
    read_unreadable_day,
    read_weekday_of_week,
    read_window,
)
from planner.deadline_draft import Form, Read, asked
from planner.deadline_periods import (
    period_before,
    plain,
    read_half,
    read_part_of_month,
    read_part_of_year,
    read_this_period,
    read_years_only,
    whole_period,
)
from planner.deadline_rhythms import (
    DAY_NO,
    EVERY,
    GAP,
    SOME_DAY_NUMBERS,
    SOME_DAYS,
    plain_rule,
    read_half_yearly,
    read_monthly,
    read_part_of_every,
    read_quarterly,
    read_quarterly_days,
    read_quarterly_without_month,
    read_times_a_period,
    read_twice_a_month,
    read_weekly,
    read_yearly,
    read_yearly_period,
)
from planner.deadline_traps import CUT
from planner.deadline_words import (
    BARE_MONTH,
    CLOCK,
    DAY,
    MONTHS,
    NUMBER,
    QUARTERS,
    WEEKDAY,
    YEAR,
    YEARS,
    months_period,
    quarters_period,
)


def _form(name: str, example: str, rule: str, pattern: str, read: Read, *, is_strong: bool = False) -> Form:
    return Form(name, example, rule, re.compile(pattern, re.ASCII), read, is_strong)


_CLOCK_THEN = rf"(?:{CLOCK}(?:\s*,)?\s*)?"
_COUNT_LEAD = (
    r"(?P<lead>(?:(?<!\w)(?:cham nhat|muon nhat|tre nhat|khong (?:duoc |de )?qua|toi da|trong vong|trong thoi han"
    r"|trong thoi gian|trong|thoi han|thoi gian|vong|han|sau|truoc|la|den|it nhat|toi thieu|khoang)\b[\s:,]*)+)"
)
_SINCE = (
    r"(?:,?\s*\(?(?:(?:ke tu|tinh tu|ke ca tu|bat dau tu|tu)(?: sau)?(?=\s)|sau(?= (?:khi|ngay)\b))\s*(?P<event>.+))"
)
_WEAK_LEAD = (
    r"(?:(?P<lead>(?<!\w)(?:(?:trong|vao|den|toi|het|cham nhat|muon nhat|xong|hoan thanh|thuc hien|trien khai|khoang"
    r"|du kien|phan dau|thoi gian|thoi han|la|ngay trong|ngay (?:lam viec )?cuoi(?: cung)?(?: cua)?|ket thuc"
    r"|khong qua"
    r"|thoi diem)"
    r"(?!\w)[\s:,(]*)+))?"
)
_WEEKDAYS = rf"(?P<weekdays>{WEEKDAY}(?:\s*(?:,|va)\s*(?:ngay )?{WEEKDAY})*)"
_RELATIVE = r"(?: nay| sau| toi| ke tiep| tiep theo)"

FORMS: tuple[Form, ...] = (
    _form(
        "blank day", "trước ngày …/11/2026", "a blank to be filled by hand: ask",
        r"(?P<lead>)(?:\bngay\s*(?:[._]{2,}|/|thang\s*(?:[._]{2,}|nam\b))|\bngay\s*\d{1,2}\s*(?:/|thang)\s*[._]{2,})",
        read_unreadable_day, is_strong=True,
    ),
    _form(
        "blank period", "tháng …/2026", "a blank to be filled by hand: ask", r"\b(?:thang|quy|nam)\s*[._]{2,}",
        plain(DeadlineKind.VAGUE, "Tháng, quý hoặc năm còn để trống.", ask=True), is_strong=True,
    ),
    _form(
        "lunar day", "mùng 10 tháng 3 âm lịch", "lunar days are not converted: ask",
        r"\bam lich\b|\bthang (?:gieng|chap)\b|\bram thang\b",
        plain(DeadlineKind.SEASON, "Ngày âm lịch: cần ghi ngày dương lịch.", ask=True), is_strong=True,
    ),
    _form(
        "event less days", "ít nhất 05 ngày làm việc trước ngày họp", "event - N, inclusive",
        rf"(?:(?P<lead>(?:(?:trong|cham nhat|muon nhat|it nhat|toi thieu|truoc|khong qua|sau"
        rf"|la)\s+)+))?(?P<amount>{NUMBER})\s*{UNIT}"
        r"\s*(?:,\s*)?(?:truoc|so voi|tinh den)(?: (?:khi|thoi diem))? (?P<event>.+)",
        read_event_minus, is_strong=True,
    ),
    _form(
        "days before an event", "trước ngày họp 05 ngày", "event - N, inclusive",
        rf"\btruoc (?P<event>(?:ngay\s*)?{DAY}|(?:ngay|khi|ky|cuoc|phien|hoi nghi|thoi diem|thoi han|han|su kien"
        rf"|le)\b[a-z ]{{0,60}}?)"
        rf"\s*,?\s*(?:it nhat|toi thieu|cham nhat|muon nhat|tu|khoang)?\s*(?P<amount>\d{{1,3}}(?:\s*\([a-z ]+\))?)\s*"
        r"(?P<unit>ngay lam viec|ngay|tuan|gio)\b(?! \d)",
        read_event_minus, is_strong=True,
    ),
    _form(
        "period from an event", "trong 05 ngày làm việc kể từ ngày ký", "BLDS 2015 Điều 147: day 0 is not counted",
        rf"(?:{_COUNT_LEAD})?(?P<amount>{NUMBER})\s*{UNIT}{_SINCE}",
        read_counted, is_strong=True,
    ),
    _form(
        "event then period", "sau khi nhận được văn bản 05 ngày", "order of words unusual: ask",
        rf"(?P<lead>)\bsau (?P<event>(?:khi|ngay) [a-z ]{{2,60}}?) (?P<amount>\d{{1,3}})\s*{UNIT}",
        lambda match, _context: asked(
            COUNTED_KINDS[match["unit"]], "Chưa rõ khoảng thời gian tính từ ngày nào.", event=match["event"]
        ),
        is_strong=True,
    ),
    _form(
        "period without its event", "trong vòng 24 giờ", "no event day: nothing to count from, ask",
        rf"{_COUNT_LEAD}(?P<amount>{NUMBER})\s*{UNIT}(?P<event>)(?! (?:nay|sau|toi)\b)(?!\s*\d)",
        read_counted, is_strong=True,
    ),
    _form(
        "period alone", "05 ngày làm việc", "no event day: nothing to count from, ask",
        rf"^[\s(]*(?P<lead>)(?P<amount>{NUMBER})\s*(?P<unit>ngay lam viec|ngay|tuan|gio lam viec)(?P<event>)[\s.)]*$",
        read_counted, is_strong=True,
    ),
    _form(
        "yearly days", "trước ngày 10/6 và ngày 10/12 hằng năm", "one rule per day, under one “trước”",
        rf"(?:{LEAD})?{_CLOCK_THEN}{SOME_DAYS}(?:\s*\([^)\d]*\))?,?\s*(?:cua )?(?:{EVERY} nam\b"
        rf"|(?:cac )?nam bao cao)",
        read_yearly, is_strong=True,
    ),
    _form(
        "yearly, days after", "hằng năm, trước ngày 15/12", "same",
        rf"\b{EVERY} nam\b{GAP}(?:{LEAD})?{_CLOCK_THEN}(?<![\w/]){SOME_DAYS}",
        read_yearly, is_strong=True,
    ),
    _form(
        "quarterly, days listed", "hằng quý (15/3, 15/6, 15/9, 15/12)", "one yearly rule per day",
        rf"\b{EVERY} quy\b{GAP}(?:{LEAD})?{_CLOCK_THEN}(?<![\w/]){SOME_DAYS}",
        read_quarterly_days, is_strong=True,
    ),
    _form(
        "quarterly day", "trước ngày 25 của tháng cuối quý", "that day of months 3, 6, 9, 12",
        rf"(?:{LEAD})?{_CLOCK_THEN}(?:ngay\s*)(?P<day>\d{{1,2}}),?\s*(?:cua )?thang (?P<which>dau|giua|thu nhat"
        rf"|thu hai|thu ba|thu [23]|cuoi)"
        rf"(?: tien| cung)?(?: cua| trong)?(?: (?:moi|hang|cac|tung))? (?:(?P<quarter>quy\s*(?:[ivl1|]{{1,3}}"
        rf"|[1-4])\b(?:\s*(?:/|-|nam)?\s*\d{{4}})?)|quy\b)",
        read_quarterly, is_strong=True,
    ),
    _form(
        "twice a month", "ngày 15 và ngày cuối tháng", "both; under “trước” a person confirms",
        rf"(?:{LEAD})?(?P<hour>(?!))?(?:cac )?ngay (?P<day>\d{{1,2}})\s*(?:,|va) (?:ngay )?cuoi (?:cung )?(?:cua )?"
        rf"(?:{EVERY} )?thang\b(?! \d)",
        read_twice_a_month, is_strong=True,
    ),
    _form(
        "monthly day", "trước ngày 20 hằng tháng", "exclusive with “trước”, else inclusive",
        rf"(?:{LEAD})?{_CLOCK_THEN}{SOME_DAY_NUMBERS},?\s*(?:cua |trong )?(?:thang (?:sau|ke tiep|tiep theo"
        rf"|lien ke),? )?"
        rf"(?:{EVERY} thang\b|cua thang(?! (?:\d|sau|ke|tiep|nay|toi|lien|dau|cuoi|giua|thu))\b)",
        read_monthly, is_strong=True,
    ),
    _form(
        "monthly, day after", "hằng tháng, trước ngày 20", "same",
        rf"\b{EVERY} thang\b{GAP}(?:{LEAD})?{_CLOCK_THEN}(?:ngay\s+)(?P<numbers>{DAY_NO})"
        r"(?:,? (?:cua )?thang (?:sau|ke tiep|tiep theo|lien ke))?(?!,? (?:cua )?thang \d)",
        read_monthly, is_strong=True,
    ),
    _form(
        "day of the next month", "trước ngày 05 tháng sau", "a rhythm of months, but not said whether each: ask",
        rf"(?:{LEAD})?{_CLOCK_THEN}ngay {DAY_NO},? (?:cua )?thang (?:sau|ke tiep|tiep theo|lien ke)"
        r"(?: lien ke)?\b(?! (?:cua )?quy)",
        lambda _match, _context: asked(DeadlineKind.MONTHLY, "“Tháng sau” không nói mỗi tháng hay chỉ một lần."),
        is_strong=True,
    ),
    _form(
        "weekly day", "thứ Sáu hằng tuần", "that weekday",
        rf"(?:{LEAD})?{_CLOCK_THEN}{PART_OF_DAY}(?:ngay )?{_WEEKDAYS},?\s*(?:cua )?{EVERY} tuan\b",
        read_weekly, is_strong=True,
    ),
    _form(
        "weekly, day after", "hằng tuần, trước thứ Sáu", "same",
        rf"\b{EVERY} tuan\b{GAP}(?:{LEAD})?{_CLOCK_THEN}{PART_OF_DAY}(?:ngay )?{_WEEKDAYS}",
        read_weekly, is_strong=True,
    ),
    _form(
        "moved deadline", "điều chỉnh thời hạn từ ngày 10/11 sang ngày 20/11", "two days, ask",
        rf"(?P<lead>)\b(?:lui|gia han|dieu chinh|thay doi|chuyen|doi|keo dai)\b[^,;]*?tu (?:ngay )?{DAY} (?:sang"
        rf"|den|thanh)\b",
        lambda _match, _context: asked(DeadlineKind.FIXED, "Cụm từ nêu cả ngày cũ và ngày mới."), is_strong=True,
    ),
    _form(
        "window", "từ ngày 01/11 đến hết ngày 15/11/2026", "the last day of the window",
        rf"\b(?:ke )?tu (?P<start>nay|hom nay|bay gio|ngay (?:ky|ban hanh)(?: [a-z]+){{0,4}}|khi ban hanh"
        rf"|(?:ngay\s*)?\d{{1,2}}|(?:dau )?{ENDPOINT})"
        rf"\s*,?\s*(?:cho )?(?:den|toi|-)\s*(?P<before>truoc\s+)?(?:het\s+)?(?P<end>{ENDPOINT})",
        read_window, is_strong=True,
    ),
    _form(
        "window by a dash", "01/11 - 15/11/2026", "the last day of the window",
        r"(?:\bngay\s*|^|\(|\btrong(?: ngay)? "
        r"|: )(?P<start>(?<![\w/.-])(?:\d{1,2}\s*/\s*\d{1,2}(?:\s*/\s*\d{4})?|\d{1,2}))"
        r"\s*(?:-|den(?: het)?)\s*(?P<before>truoc )?(?:ngay\s*)?(?P<end>\d{1,2}\s*/\s*\d{1,2}\s*/\s*\d{4})(?![\w/])",
        read_window, is_strong=True,
    ),
    _form(
        "fixed day", "trước 17 giờ 00 ngày 05/11/2026", "“trước” D-1; other words D; a clock time keeps D",
        rf"(?<!khong )(?<!khong duoc )(?<!\bsau ){LEAD}{_CLOCK_THEN}{PART_OF_DAY}{ON}(?P<date>{DAY}){ON_AFTER}",
        read_fixed, is_strong=True,
    ),
    _form(
        "day alone", "05/11/2026", "the day itself",
        rf"^[\s(+*-]*{_CLOCK_THEN}{PART_OF_DAY}{ON}(?P<date>{DAY}){ON_AFTER}",
        read_fixed, is_strong=True,
    ),
    _form(
        "day of something held", "tổ chức hội nghị ngày 25/11/2026", "the day itself",
        rf"\b(?:to chuc|hop|hoi nghi|khai mac|dien ra|bao cao|gui|nop|trinh|thuc hien|trien khai)\b(?:(?!\b(?:tu"
        rf"|truoc|sau)\b)[a-z ,]){{0,60}}?\b{_CLOCK_THEN}{ON}"
        rf"(?<=ngay )(?P<date>{DAY}){ON_AFTER}",
        read_held, is_strong=True,
    ),
    _form(
        "day joined to another", "trước ngày 15/6 và 15/12", "a second day without “hằng năm”: ask",
        rf"{CUT.strip()}\s*(?:\([^)]*\)\s*)?(?:va|,|;|hoac)\s*(?:(?:ngay\s*)?{DAY}|thang (?:dau|giua|cuoi)\b)",
        lambda _match, _context: asked(DeadlineKind.FIXED, "Ngày thứ hai đi kèm chưa rõ là thời hạn gì."),
        is_strong=True,
    ),
    _form(
        "today, tomorrow", "trong ngày hôm nay", "seen from the document's date",
        rf"(?:{LEAD})?{_CLOCK_THEN}(?:(?:sang|chieu|toi) )?(?:ngay )?(?P<which>hom nay|ngay mai)\b",
        read_relative_day, is_strong=True,
    ),
    _form(
        "weekday of a week", "thứ Sáu tuần này", "weeks begin on Monday",
        rf"(?:{LEAD})?{_CLOCK_THEN}{PART_OF_DAY}(?:ngay )?(?P<weekday>{WEEKDAY}),? (?:cua )?tuan (?P<week>nay|sau"
        rf"|toi)\b",
        read_weekday_of_week, is_strong=True,
    ),
    _form(
        "start, not end", "sau ngày 05/11/2026; không trước ngày 05/11", "when it may begin: ask for an end",
        rf"\b(?:khong (?:duoc )?truoc|som nhat(?: la| tu)?|(?:ke )?tu sau|(?<!nhat )(?<!thu )(?<!khong )sau"
        rf"|bat dau) (?P<start>(?:ngay\s*)?{DAY})",
        read_start,
    ),
    _form(
        "season", "trước mùa mưa bão", "no day: ask",
        r"\b(?:truoc|trong|sau|vao|nhan|dip|ket thuc|cuoi|dau|den|tai)(?: (?:va|hoac) (?:trong|sau))?(?: (?:thoi diem"
        r"|khi|luc|dip|nhan dip))?(?: (?:ket thuc|bat dau|dien ra|khai mac|buoc vao|vao))? "
        r"(?:mua|ky hop|ky nghi|ky thi|dip|le\b|tet|nam hoc|dai hoi|khai giang|bau cu|hoi nghi|cuoc hop|phien hop"
        r"|nhiem ky|vu "
        r"|ngay (?:hop|bau cu|khai|le|tet|hoi|to chuc|dien ra|dai hoi))|\bnam hoc\b|\btet\b|\bdip\b",
        plain(DeadlineKind.SEASON, "Mốc theo mùa, kỳ họp hoặc dịp lễ: cần ngày cụ thể.", ask=True),
    ),
    _form(
        "day without month, every quarter", "hằng quý, trước ngày 20", "which month is unclear: ask",
        rf"\b{EVERY} quy\b{GAP}(?:{LEAD})?ngay \d{{1,2}}\b", read_quarterly_without_month, is_strong=True,
    ),
    _form(
        "standing from a day on", "thường xuyên từ ngày 01/5/2026", "a check-in each month, no day",
        rf"\b(?:thuong xuyen|lien tuc)(?: lien tuc)?,? (?:ke |bat dau )?tu (?:(?:ngay\s*)?{DAY}|{MONTHS}|{QUARTERS})"
        r"[\s.)]*$",
        plain(DeadlineKind.CONTINUOUS, "Việc thường xuyên, không có ngày cuối.", ask=False),
    ),
    _form(
        "from a period on", "bắt đầu từ quý II/2026", "when it begins: ask for an end",
        rf"\b(?:(?:bat dau|ke|khoi dong|ap dung|thuc hien) )?tu (?:dau )?(?P<start>(?:ngay\s*)?{DAY}|{MONTHS}"
        rf"|{QUARTERS}|{YEARS}|{BARE_MONTH})",
        read_start,
    ),
    _form(
        "unreadable day", "trước ngày 1S/11/2026; trước ngày 20", "not a whole, sure day: ask",
        rf"(?:{LEAD})?(?:\bngay\s*(?!{DAY})[\w.]*\d|(?<=truoc )[a-z0-9|]{{1,3}}/[a-z0-9|]{{1,3}}\b)",
        read_unreadable_day, is_strong=True,
    ),
    _form(
        "before part of a period", "trước cuối tháng 11", "which day is unclear: ask",
        r"\btruoc (?:dau|giua|cuoi) (?:thang|quy|nam)\b",
        lambda _match, _context: asked(
            DeadlineKind.MONTH_PART if "thang" in _match[0] else DeadlineKind.YEAR_PART,
            "“Trước” đầu, giữa hoặc cuối kỳ: chưa rõ ngày nào.", boundary=Boundary.BEFORE,
        ),
    ),
    _form(
        "yearly period", "tháng 12 hằng năm", "to the end of that month or quarter each year",
        rf"(?:{LEAD})?(?P<period>thang\s*\d{{1,2}}(?:\s*(?:,|va)\s*(?:thang\s*)?\d{{1,2}})*"
        rf"|quy\s*(?:[ivl|]{{1,3}}|[1-4])(?:\s*(?:,|va)\s*(?:quy\s*)?(?:[ivl|]{{1,3}}"
        rf"|[1-4]))*) (?:cua )?{EVERY} nam\b",
        read_yearly_period,
    ),
    _form(
        "before a quarter", "trước quý IV/2026", "the day before it begins",
        rf"\btruoc (?:thoi diem )?(?P<period>{QUARTERS})",
        period_before(DeadlineKind.QUARTER_BEFORE, quarters_period), is_strong=True,
    ),
    _form(
        "before a month", "trước tháng 12/2026", "the day before it begins",
        rf"\btruoc (?:thoi diem )?(?P<period>{MONTHS}|{BARE_MONTH})",
        period_before(DeadlineKind.MONTH_BEFORE, months_period), is_strong=True,
    ),
    _form(
        "before a year", "trước năm 2027", "the day before it begins",
        rf"\btruoc (?:thoi diem )?(?P<period>nam\s*{YEAR})",
        period_before(DeadlineKind.YEAR, read_years_only), is_strong=True,
    ),
    _form(
        "part of every period", "tuần đầu hằng tháng", "which day is unclear: ask",
        rf"\b(?:dau|giua|tuan|thu)\b[^,;.\d]{{0,20}}\b{EVERY} (?P<unit>thang|quy|nam)\b"
        r"|\b(?:dau|giua) (?:cac|moi|hang|tung) (?P<units>thang|quy|nam)\b",
        read_part_of_every,
    ),
    _form(
        "several rhythms", "hằng tháng, quý, năm", "which one is unclear: ask",
        rf"\b(?:{EVERY}|dinh ky) (?:tuan|thang|quy|nam|0?6 thang)(?:\s*(?:,|/|va|hoac)\s*(?:(?:hang|dinh ky"
        rf"|bao cao) )?(?:tuan|thang|quy|0?[69] thang|nam)\b)+(?! \d)",
        plain(DeadlineKind.PERIODIC, "Nhiều chu kỳ trong một cụm từ: cần tách từng kỳ báo cáo.", ask=True),
    ),
    _form(
        "half-yearly reports", "6 tháng, 9 tháng và năm", "the reporting day is not stated: ask",
        r"\b(?:dinh ky|hang quy,?|bao cao|so ket|quy,)[a-z ,]{0,40}?(?:0?6|0?3|sau) thang(?:\s*(?:,|/|va|mot lan"
        r"|1 lan|lan)\s*(?:0?9 thang|hang nam|1 nam|ca nam|nam)?)*(?! (?:dau|cuoi))"
        r"|\b(?:0?6|sau) thang\s*(?:,|/|va)\s*(?:0?9 thang|hang nam|1 nam|ca nam|nam|lan)\b(?:\s*(?:,|/"
        r"|va)\s*(?:hang nam|1 nam|ca nam|nam)\b)?(?! \d)"
        r"|\b0?[36] thang (?:mot|1|01) lan\b|\b(?:moi )?0?[36] thang/(?:1 )?lan\b",
        read_half_yearly,
    ),
    _form(
        "times a period", "02 lần/tháng; 03 tin, bài/tuần", "the days are not stated: ask",
        r"\b(?:(?:0?[2-9]|[1-9]\d|hai|ba) (?:lan|ky|so|buoi)"
        r"|(?:\d{1,2}|mot|hai|ba) (?:chuyen muc|(?:tin|bai|phong su)(?:,? (?:tin|bai))*))"
        r"\s*(?:/|tren|trong|mot|moi|hang)\s*(?:mot |0?1 |moi )?(?P<unit>tuan|thang|quy|nam)\b(?! \d)",
        read_times_a_period,
    ),
    _form(
        "weekly", "hằng tuần", "Friday by default, ask", rf"\b{EVERY} tuan\b|\b(?:mot|0?1) lan\s*/\s*tuan\b",
        plain_rule(DeadlineKind.WEEKLY, Frequency.WEEKLY, "Hằng tuần không ghi thứ mấy: tạm tính thứ Sáu.", ask=True),
    ),
    _form(
        "monthly", "hằng tháng", "the last day of each month",
        rf"\b(?:{EVERY}|dinh ky|cuoi moi|cuoi cac) thang\b(?! \d)|\b(?:mot|0?1) lan\s*/\s*thang\b|\bthang/lan\b",
        plain_rule(DeadlineKind.MONTHLY, Frequency.MONTHLY, "Hằng tháng không ghi ngày: tính đến ngày cuối tháng."),
    ),
    _form(
        "quarterly", "hằng quý", "the last day of each quarter",
        rf"\b(?:{EVERY}|dinh ky|cuoi moi|cuoi cac) quy\b(?! [ivl1-4]+\b)|\b(?:mot|0?1) lan\s*/\s*quy\b|\bquy/lan\b"
        rf"|\bthang cuoi (?:cua )?(?:moi |hang )?quy\b",
        plain_rule(DeadlineKind.QUARTERLY, Frequency.QUARTERLY, "Hằng quý không ghi ngày: tính đến ngày cuối quý."),
    ),
    _form(
        "standing", "thường xuyên", "a check-in each month, no day",
        r"\b(?:thuong xuyen|lien tuc|hang ngay|hang gio|quanh nam|suot nam|trong suot nam|ca nam|duy tri|24/7"
        r"|\d{1,2} lan\s*/\s*ngay)\b",
        plain(DeadlineKind.CONTINUOUS, "Việc thường xuyên, không có ngày cuối.", ask=False),
    ),
    _form(
        "yearly", "hằng năm", "31/12 by default, ask",
        rf"\b(?:{EVERY}|dinh ky) nam\b(?! \d)|\b(?:mot|0?1) lan\s*/\s*nam\b|\bnam/lan\b",
        plain_rule(DeadlineKind.YEARLY, Frequency.YEARLY, "Hằng năm không ghi ngày: tạm tính 31/12.", ask=True),
    ),
    _form(
        "week of a month", "tuần đầu tháng 12", "which day is unclear: ask",
        r"\btuan (?:dau|cuoi|thu \w+|[1-4]|giua)(?: tien| cung)?,? (?:cua )?thang\b|\b\d{1,2} ngay (?:dau"
        r"|cuoi) (?:cua )?thang\b"
        r"|\b(?:thuong|trung|ha) tuan(?: cua)? thang\b|\bnua (?:dau|cuoi) thang\b|\bdau den giua thang\b",
        plain(DeadlineKind.MONTH_PART, "Một tuần trong tháng: cần ngày cụ thể.", ask=True),
    ),
    _form(
        "half year", "6 tháng đầu năm 2026", "30/6 or 31/12",
        rf"\b(?:(?:0?6|sau) thang|nua)(?: (?:dau|(?P<second>cuoi))(?: cua)?(?: nam)?)(?P<year>\s*(?:nam )?{YEAR}"
        rf"| nam (?:nay|sau|toi)| (?:nay|sau|toi))?",
        read_half,
    ),
    _form(
        "part of a year", "giữa năm 2026; 9 tháng đầu năm", "BLDS 2015 Điều 146: 01/01, 30/6, 31/12; 9 tháng 30/9",
        rf"(?:(?<!\w)(?P<part_of>dau|giua|cuoi) nam\b(?! hoc)|\b(?P<nine>0?9"
        rf"|chin) thang(?: dau)?(?: nam)?(?!\s*[/\d]|\s+nam \d{{4}}\s*-))"
        rf"(?P<year>\s*(?:nam )?{YEAR}| (?:nam )?(?:nay|sau|toi|ke tiep))?",
        read_part_of_year,
    ),
    _form(
        "part of a month", "cuối tháng 11/2026", "BLDS 2015 Điều 146: the 1st, the 15th, the last day",
        rf"(?<!\w)(?<!truoc )(?<!truoc ngay )(?:ngay (?:lam viec )?)?(?P<part_of>dau|giua"
        rf"|cuoi)(?: cung)? (?:cua )?(?P<period>{MONTHS}|thang(?: nay| sau| toi)?\b(?!\s*\d))",
        read_part_of_month,
    ),
    _form(
        "start or middle of a quarter", "đầu quý I/2027", "the law names no day: ask",
        r"(?<!\w)(?:dau|giua) quy\b",
        plain(DeadlineKind.QUARTER, "Đầu quý, giữa quý: luật không định ngày, cần ngày cụ thể.", ask=True),
    ),
    _form(
        "quarter", "quý IV/2026", "the last day of the (last) quarter",
        rf"(?:{_WEAK_LEAD})(?<!\w)(?:cuoi )?(?P<period>{QUARTERS})",
        whole_period(DeadlineKind.QUARTER, quarters_period),
    ),
    _form(
        "month", "tháng 11/2026", "the last day of the (last) month",
        rf"(?:{_WEAK_LEAD})(?<!\w)(?P<period>{MONTHS}|{BARE_MONTH})",
        whole_period(DeadlineKind.MONTH, months_period),
    ),
    _form(
        "year", "năm 2026; giai đoạn 2024-2026", "31/12 of the (last) year",
        rf"(?:{_WEAK_LEAD})(?<!\w)(?P<period>{YEARS}|{YEAR}(?:\s*-\s*{YEAR})?(?=[\s.)]*$))",
        whole_period(DeadlineKind.YEAR, read_years_only),
    ),
    _form(
        "this period", "trong tháng; cuối quý này; năm nay", "seen from the document's date",
        rf"(?<!\w)(?:(?:trong|het|cuoi|noi trong|ngay trong) (?P<unit>thang|quy"
        rf"|nam)\b(?P<which>{_RELATIVE}\b)?(?! (?:\d|ngay|gio|thang|vong)))",
        read_this_period,
    ),
    _form(
        "this period, named", "tháng này; năm nay", "seen from the document's date",
        r"^[\s(]*(?P<unit>thang|quy|nam) (?P<which>nay|sau|toi|ke tiep|tiep theo)[\s.)]*$",
        read_this_period,
    ),
    _form(
        "periodic", "định kỳ theo quy định", "the period is not stated: ask",
        rf"\bdinh ky\b|\bche do bao cao\b|\blan\s*/\s*(?:nam|quy|thang)\b|\b{EVERY} (?:nam|quy|thang)\b",
        plain(DeadlineKind.PERIODIC, "Định kỳ nhưng không nêu kỳ nào.", ask=True),
    ),
    _form(
        "at once, on this letter", "ngay sau khi nhận được Công văn", "3 working days by default, a person confirms",
        rf"\bngay (?:sau )?(?:khi|ngay) (?:nhan duoc|nhan|tiep nhan|co|ban hanh"
        rf"|ky)\s*(?:{OWN_DOCUMENT})?(?: nay)?(?=\s*(?:$|[,;.)]))"
        rf"|\bngay (?:sau )?khi {OWN_DOCUMENT} nay",
        plain(DeadlineKind.VAGUE, "Làm ngay nhưng không có ngày: mặc định đề nghị 3 ngày làm việc.", ask=True),
    ),
    _form(
        "event", "khi có phát sinh; sau khi có Quyết định", "nothing until it happens",
        r"(?<!trong )\b(?:ngay |sau |moi |ngay sau )?khi\b(?! do\b).*|\b(?:neu|truong hop)\b.*|\bdot xuat\b.*"
        r"|\bphat sinh\b.*"
        r"|\btheo (?:giay hen|phieu|yeu cau|de nghi|chi dao|tung|lich|thong bao|giay moi|huong dan|ke hoach"
        r"|chuong trinh|tien do)\b.*"
        r"|\bsau ngay [a-z].*|\btuy (?:theo|tinh hinh)\b.*|\bke tu (?:ngay|khi)\b.*",
        plain(DeadlineKind.EVENT, "Chưa phát sinh thì chưa có hạn.", ask=False),
    ),
    _form(
        "urgency", "khẩn trương; kịp thời; ngay", "no day: ask (3 working days by default)",
        r"\b(?:khan truong|kip thoi|hoa toc|thuong khan|khan cap|ngay lap tuc|tuc thi|som nhat|cang som cang tot"
        r"|trong thoi gian toi"
        r"|sap toi|theo quy dinh|dung quy dinh|nhanh chong|som(?= (?:hoan thanh|trien khai|bao cao|ban hanh"
        r"|tham muu))|khan)\b"
        r"|\b(?:thuc hien|trien khai|bao cao|xu ly|lam|khac phuc|chan chinh) ngay\b(?!\s*[\d])|(?:^|, )ngay[\s.]*$"
        r"|\btrong ngay(?: lam viec)?[\s.]*$|\btrong tuan\b.*|\btuan (?:nay|sau|toi)\b",
        plain(DeadlineKind.VAGUE, "Giục gấp nhưng không có ngày: mặc định đề nghị 3 ngày làm việc.", ask=True),
    ),
)  # fmt: skip
"""Tried in order: what names a day or a count first, then rhythms, then whole periods, then words without a day."""
