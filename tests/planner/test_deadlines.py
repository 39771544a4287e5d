# ruff: noqa: E501 - a row of a table reads on one line
"""Deadline phrases as officials write them, each with the rule that decides its last day."""

import re
import unicodedata
from collections.abc import Iterator
from datetime import date, time, timedelta
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from models.terms import BeforeReading, Boundary, DeadlineKind, Frequency
from planner.deadline_forms import FORMS
from planner.deadlines import Reading, read_deadline, reading_row, resolve
from planner.folding import fold, mend
from planner.recurrence import Recurrence
from planner.workdays import CalendarOverride, WorkCalendar

CALENDAR = WorkCalendar()
BASE = date(2026, 11, 2)  # a Monday
NONE = None

SOURCES = Path(__file__).parents[3] / "shared" / "sources"
FORMS_FILE = SOURCES / "deadline_forms.yaml"


def read(phrase: str, base_on: date = BASE, before: BeforeReading = BeforeReading.STRICT) -> Reading:
    return read_deadline(phrase, base_on=base_on, calendar=CALENDAR, before=before)


def iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


# phrase, kind, last valid day, day to work towards; all from a letter of 02/11/2026
TABLES: dict[str, list[tuple[str, str, str | None, str | None]]] = {
    "trước D ends on D-1": [
        ("trước ngày 05/11/2026", "fixed", "2026-11-04", "2026-11-04"),
        ("xong trước ngày 10/12/2026", "fixed", "2026-12-09", "2026-12-09"),
        ("hoàn thành xong trước ngày 30/11/2026", "fixed", "2026-11-29", "2026-11-27"),
        ("trước 30/11", "fixed", "2026-11-29", "2026-11-27"),
        ("gửi về Sở Nội vụ trước ngày 20/11/2026 để tổng hợp", "fixed", "2026-11-19", "2026-11-19"),
        ("trước ngày 5 tháng 11 năm 2026", "fixed", "2026-11-04", "2026-11-04"),
        ("trước ngày 05 tháng 12", "fixed", "2026-12-04", "2026-12-04"),
        ("trước mùng 5 tháng 12", "fixed", "2026-12-04", "2026-12-04"),
        ("trước ngày 15 tháng này", "fixed", "2026-11-14", "2026-11-13"),
        ("trước ngày 5-12-2026", "fixed", "2026-12-04", "2026-12-04"),
        ("trước ngày 5.12.2026.", "fixed", "2026-12-04", "2026-12-04"),
        ("trước ngày 05/12/26", "fixed", "2026-12-04", "2026-12-04"),
        ("trước ngày 10 / 12 / 2026", "fixed", "2026-12-09", "2026-12-09"),
        ("Trước ngày 01/01/2027", "fixed", "2026-12-31", "2026-12-31"),
        ("trước ngày 01/3/2028", "fixed", "2028-02-29", "2028-02-29"),
        ("trước thời điểm 30/11/2026", "fixed", "2026-11-29", "2026-11-27"),
        ("chậm nhất trước ngày 15/11/2026", "fixed", "2026-11-14", "2026-11-13"),
        ("trước ngày 10/11/2026 (thứ Ba)", "fixed", "2026-11-09", "2026-11-09"),
        ("trước thứ Ba, ngày 10/11/2026", "fixed", "2026-11-09", "2026-11-09"),
        ("báo cáo kết quả về UBND tỉnh (qua Sở Thông tin và Truyền thông) trước ngày 05/11/2026.", "fixed", "2026-11-04", "2026-11-04"),
        ("TRƯỚC NGÀY 15/12/2026", "fixed", "2026-12-14", "2026-12-14"),
        ("Thời hạn: trước ngày 15/12/2026", "fixed", "2026-12-14", "2026-12-14"),
        ("phấn đấu hoàn thành trước ngày 15/12/2026", "fixed", "2026-12-14", "2026-12-14"),
        ("trước ngày 15/12 năm 2026", "fixed", "2026-12-14", "2026-12-14"),
        ("trước ngày 15/01 năm sau", "fixed", "2027-01-14", "2027-01-14"),
    ],
    "chậm nhất, đến, hết, vào D end on D": [
        ("chậm nhất ngày 15/11/2026", "fixed", "2026-11-15", "2026-11-13"),
        ("chậm nhất là ngày 15/11/2026", "fixed", "2026-11-15", "2026-11-13"),
        ("chậm nhất đến hết ngày 15/11/2026", "fixed", "2026-11-15", "2026-11-13"),
        ("chậm nhất vào ngày 20/11/2026", "fixed", "2026-11-20", "2026-11-20"),
        ("muộn nhất là 20/11/2026", "fixed", "2026-11-20", "2026-11-20"),
        ("không muộn hơn ngày 20/11/2026", "fixed", "2026-11-20", "2026-11-20"),
        ("không chậm quá ngày 20/11/2026", "fixed", "2026-11-20", "2026-11-20"),
        ("không quá ngày 30/11/2026", "fixed", "2026-11-30", "2026-11-30"),
        ("đến hết ngày 30/11/2026", "fixed", "2026-11-30", "2026-11-30"),
        ("hết 30/11/2026", "fixed", "2026-11-30", "2026-11-30"),
        ("trong ngày 05/11/2026", "fixed", "2026-11-05", "2026-11-05"),
        ("ngày 05/11/2026", "fixed", "2026-11-05", "2026-11-05"),
        ("05/11/2026", "fixed", "2026-11-05", "2026-11-05"),
        ("05/11", "fixed", "2026-11-05", "2026-11-05"),
        ("vào ngày 20/11/2026", "fixed", "2026-11-20", "2026-11-20"),
        ("dự kiến ngày 25/11/2026", "fixed", "2026-11-25", "2026-11-25"),
        ("hạn cuối: 30/11/2026", "fixed", "2026-11-30", "2026-11-30"),
        ("hạn chót là ngày 30/11/2026", "fixed", "2026-11-30", "2026-11-30"),
        ("Thời hạn hoàn thành: 30/11/2026", "fixed", "2026-11-30", "2026-11-30"),
        ("trước hoặc trong ngày 15/12/2026", "fixed", "2026-12-15", "2026-12-15"),
        ("trước và trong ngày 15/12/2026", "fixed", "2026-12-15", "2026-12-15"),
        ("gia hạn đến ngày 30/11/2026", "fixed", "2026-11-30", "2026-11-30"),
        ("hoàn thành ngày 30/11/2026", "fixed", "2026-11-30", "2026-11-30"),
        ("thứ Sáu, ngày 06/11/2026", "fixed", "2026-11-06", "2026-11-06"),
        ("tổ chức hội nghị ngày 25/11/2026", "fixed", "2026-11-25", "2026-11-25"),
        ("hết giờ làm việc ngày 05/11/2026", "fixed", "2026-11-05", "2026-11-05"),
        ("trong sáng ngày 05/11/2026", "fixed", "2026-11-05", "2026-11-05"),
        ("trong ngày hôm nay", "fixed", "2026-11-02", "2026-11-02"),
        ("thứ Sáu tuần này", "fixed", "2026-11-06", "2026-11-06"),
        ("đến ngày 31/12/2026 đạt 100% hồ sơ", "fixed", "2026-12-31", "2026-12-31"),
    ],
    "a clock time keeps the day": [
        ("trước 10h00 ngày 5/11/2026", "fixed", "2026-11-05", "2026-11-05"),
        ("trước 17h ngày 05/11/2026", "fixed", "2026-11-05", "2026-11-05"),
        ("trước 17h00, ngày 05/11/2026", "fixed", "2026-11-05", "2026-11-05"),
        ("trước 16 giờ 30 phút ngày 05/11/2026", "fixed", "2026-11-05", "2026-11-05"),
        ("trước 16g30 ngày 05/11/2026", "fixed", "2026-11-05", "2026-11-05"),
        ("trước 17:00 ngày 05/11/2026", "fixed", "2026-11-05", "2026-11-05"),
        ("chậm nhất 17h00 ngày 08/11/2026", "fixed", "2026-11-08", "2026-11-06"),
        ("trước 5 giờ chiều ngày 05/11/2026", "fixed", "2026-11-05", "2026-11-05"),
        ("trước 00 giờ ngày 05/11/2026", "fixed", "2026-11-04", "2026-11-04"),
        ("trước 24h00 ngày 05/11/2026", "fixed", "2026-11-05", "2026-11-05"),
        ("trước 11 giờ 30 thứ Năm, ngày 05/11/2026", "fixed", "2026-11-05", "2026-11-05"),
    ],
    "windows end on their last day": [
        ("từ ngày 01/12/2026 đến ngày 15/12/2026", "window", "2026-12-15", "2026-12-15"),
        ("từ ngày 01/12 đến hết ngày 15/12/2026", "window", "2026-12-15", "2026-12-15"),
        ("từ 01/12 đến 15/12/2026", "window", "2026-12-15", "2026-12-15"),
        ("từ ngày 01 đến ngày 15/12/2026", "window", "2026-12-15", "2026-12-15"),
        ("từ ngày 01/12/2026 đến trước ngày 15/12/2026", "window", "2026-12-14", "2026-12-14"),
        ("ngày 01-15/12/2026", "window", "2026-12-15", "2026-12-15"),
        ("01/12 - 15/12/2026", "window", "2026-12-15", "2026-12-15"),
        ("01/12/2026 - 15/12/2026", "window", "2026-12-15", "2026-12-15"),
        ("từ tháng 3 đến tháng 5/2027", "window", "2027-05-31", "2027-05-31"),
        ("từ tháng 11/2026 đến hết tháng 01/2027", "window", "2027-01-31", "2027-01-29"),
        ("từ quý I đến quý III năm 2027", "window", "2027-09-30", "2027-09-30"),
        ("từ năm 2026 đến năm 2028", "window", "2028-12-31", "2028-12-29"),
        ("từ nay đến hết năm 2026", "window", "2026-12-31", "2026-12-31"),
        ("từ nay đến 30/11/2026", "window", "2026-11-30", "2026-11-30"),
        ("từ nay đến cuối năm", "window", "2026-12-31", "2026-12-31"),
    ],
    "a start is not an end": [
        ("từ ngày 01/12/2026", "start", NONE, NONE),
        ("từ quý II/2027", "start", NONE, NONE),
        ("bắt đầu từ tháng 01/2027", "start", NONE, NONE),
        ("sau ngày 15/11/2026", "start", NONE, NONE),
        ("không trước ngày 15/11/2026", "start", NONE, NONE),
        ("kể từ năm 2027", "start", NONE, NONE),
        ("thực hiện từ ngày 01/01/2027", "start", NONE, NONE),
    ],
    "months end on their last day": [
        ("tháng 11/2026", "month", "2026-11-30", "2026-11-30"),
        ("Tháng 02/2028", "month", "2028-02-29", "2028-02-29"),
        ("tháng 2/2027", "month", "2027-02-28", "2027-02-26"),
        ("trong tháng 11 năm 2026", "month", "2026-11-30", "2026-11-30"),
        ("hoàn thành trong tháng 12/2026", "month", "2026-12-31", "2026-12-31"),
        ("hết tháng 11/2026", "month", "2026-11-30", "2026-11-30"),
        ("chậm nhất trong tháng 11/2026", "month", "2026-11-30", "2026-11-30"),
        ("tháng 11, 12/2026", "month", "2026-12-31", "2026-12-31"),
        ("tháng 11-12/2026", "month", "2026-12-31", "2026-12-31"),
        ("tháng 12/2026 và tháng 01/2027", "month", "2027-01-31", "2027-01-29"),
        ("11/2026", "month", "2026-11-30", "2026-11-30"),
        ("T12/2026", "month", "2026-12-31", "2026-12-31"),
        ("Tháng 11/2026 - 12/2026", "month", "2026-12-31", "2026-12-31"),
        ("tháng 12", "month", "2026-12-31", "2026-12-31"),
        ("trong tháng", "month", "2026-11-30", "2026-11-30"),
        ("trong tháng này", "month", "2026-11-30", "2026-11-30"),
        ("tháng sau", "month", "2026-12-31", "2026-12-31"),
        ("trước tháng 12/2026", "month-before", "2026-11-30", "2026-11-30"),
        ("xong trước tháng 12 năm 2026", "month-before", "2026-11-30", "2026-11-30"),
        ("trước 12/2026", "month-before", "2026-11-30", "2026-11-30"),
    ],
    "BLDS 2015 Điều 146: parts of a month": [
        ("cuối tháng 11/2026", "month-part", "2026-11-30", "2026-11-30"),
        ("giữa tháng 11/2026", "month-part", "2026-11-15", "2026-11-13"),
        ("đầu tháng 12/2026", "month-part", "2026-12-01", "2026-12-01"),
        ("hoàn thành vào cuối tháng 02/2027", "month-part", "2027-02-28", "2027-02-26"),
        ("cuối tháng này", "month-part", "2026-11-30", "2026-11-30"),
        ("tuần đầu tháng 12", "month-part", NONE, NONE),
        ("tuần cuối của tháng 11/2026", "month-part", NONE, NONE),
        ("thượng tuần tháng 12/2026", "month-part", NONE, NONE),
        ("trước cuối tháng 11/2026", "month-part", NONE, NONE),
    ],
    "quarters end on their last day": [
        ("quý IV/2026", "quarter", "2026-12-31", "2026-12-31"),
        ("Quý IV năm 2026", "quarter", "2026-12-31", "2026-12-31"),
        ("hoàn thành trong quý IV/2026", "quarter", "2026-12-31", "2026-12-31"),
        ("Quí I/2027", "quarter", "2027-03-31", "2027-03-31"),
        ("quý 1/2027", "quarter", "2027-03-31", "2027-03-31"),
        ("Q1/2027", "quarter", "2027-03-31", "2027-03-31"),
        ("Quý IV/2025 và Quý I/2026", "quarter", "2026-03-31", "2026-03-31"),
        ("Quý IV/2026 và Quý I/2027", "quarter", "2027-03-31", "2027-03-31"),
        ("Quý I, II/2027", "quarter", "2027-06-30", "2027-06-30"),
        ("Quý III-IV/2027", "quarter", "2027-12-31", "2027-12-31"),
        ("các quý II, III, IV năm 2027", "quarter", "2027-12-31", "2027-12-31"),
        ("quý lV/2026", "quarter", "2026-12-31", "2026-12-31"),
        ("cuối quý IV/2026", "quarter", "2026-12-31", "2026-12-31"),
        ("Quý II/2026 - Quý IV/2026", "quarter", "2026-12-31", "2026-12-31"),
        ("Thời gian hoàn thành: Quý IV/2026", "quarter", "2026-12-31", "2026-12-31"),
        ("quý IV", "quarter", "2026-12-31", "2026-12-31"),
        ("trong quý này", "quarter", "2026-12-31", "2026-12-31"),
        ("trước quý I/2027", "quarter-before", "2026-12-31", "2026-12-31"),
        ("đầu quý I/2027", "quarter", NONE, NONE),
    ],
    "halves, years and parts of a year": [
        ("6 tháng đầu năm 2027", "half", "2027-06-30", "2027-06-30"),
        ("06 tháng cuối năm 2026", "half", "2026-12-31", "2026-12-31"),
        ("sáu tháng đầu năm 2027", "half", "2027-06-30", "2027-06-30"),
        ("trong 6 tháng đầu năm 2027", "half", "2027-06-30", "2027-06-30"),
        ("6 tháng cuối năm", "half", "2026-12-31", "2026-12-31"),
        ("9 tháng đầu năm 2027", "year-part", "2027-09-30", "2027-09-30"),
        ("giữa năm 2027", "year-part", "2027-06-30", "2027-06-30"),
        ("cuối năm 2026", "year-part", "2026-12-31", "2026-12-31"),
        ("cuối năm", "year-part", "2026-12-31", "2026-12-31"),
        ("đầu năm 2027", "year-part", "2027-01-01", "2026-12-31"),
        ("năm 2026", "year", "2026-12-31", "2026-12-31"),
        ("trong năm 2027", "year", "2027-12-31", "2027-12-31"),
        ("hết năm 2026", "year", "2026-12-31", "2026-12-31"),
        ("hoàn thành trong năm 2026", "year", "2026-12-31", "2026-12-31"),
        ("trong năm nay", "year", "2026-12-31", "2026-12-31"),
        ("trước năm 2027", "year", "2026-12-31", "2026-12-31"),
        ("năm 2026-2027", "year", "2027-12-31", "2027-12-31"),
        ("giai đoạn 2026-2028", "year", "2028-12-31", "2028-12-29"),
        ("Thời gian thực hiện: Giai đoạn 2026 - 2030", "year", "2030-12-31", "2030-12-31"),
        ("2026-2030", "year", "2030-12-31", "2030-12-31"),
        ("Năm 2026 và các năm tiếp theo", "year", NONE, NONE),
        ("trước cuối năm 2026", "year-part", NONE, NONE),
        ("Giai đoạn 2026 – 2030", "year", "2030-12-31", "2030-12-31"),
    ],
    "yearly": [
        ("trước ngày 10/6 và ngày 10/12 hằng năm", "yearly", "2026-12-09", "2026-12-09"),
        ("trước ngày 15/6 và 15/12 hàng năm", "yearly", "2026-12-14", "2026-12-14"),
        ("trước ngày 15/6, 15/12 hằng năm", "yearly", "2026-12-14", "2026-12-14"),
        ("hằng năm, trước ngày 15/12", "yearly", "2026-12-14", "2026-12-14"),
        ("định kỳ hằng năm (trước ngày 05/11)", "yearly", "2026-11-04", "2026-11-04"),
        ("ngày 30/11 hằng năm", "yearly", "2026-11-30", "2026-11-30"),
        ("chậm nhất ngày 15 tháng 12 hằng năm", "yearly", "2026-12-15", "2026-12-15"),
        ("15/12 mỗi năm", "yearly", "2026-12-15", "2026-12-15"),
        ("trước 31/10 hằng năm", "yearly", "2027-10-30", "2027-10-29"),
        ("trước ngày 29/02 hằng năm", "yearly", "2027-02-27", "2027-02-26"),
        ("trước ngày 02/11 hằng năm", "yearly", "2027-11-01", "2027-11-01"),
        ("tháng 12 hằng năm", "yearly", "2026-12-31", "2026-12-31"),
        ("quý I hằng năm", "yearly", "2027-03-31", "2027-03-31"),
        ("trước tháng 12 hằng năm", "yearly", "2026-11-30", "2026-11-30"),
        ("tháng 6, tháng 12 hằng năm", "yearly", "2026-12-31", "2026-12-31"),
        ("Trước ngày 10/3, 10/6, 10/9, 10/12 hàng năm", "yearly", "2026-12-09", "2026-12-09"),
        ("trước ngày 15/6 (báo cáo 6 tháng) và trước ngày 15/12 (báo cáo năm) hằng năm", "yearly", NONE, NONE),
        ("mỗi năm", "yearly", "2026-12-31", "2026-12-31"),
        ("Báo cáo hằng năm", "yearly", "2026-12-31", "2026-12-31"),
    ],
    "monthly, quarterly, weekly": [
        ("vào ngày 20 hằng tháng", "monthly", "2026-11-20", "2026-11-20"),
        ("vào ngày 15 và ngày cuối tháng", "monthly", "2026-11-15", "2026-11-13"),
        ("ngày 15, cuối tháng", "monthly", "2026-11-15", "2026-11-13"),
        ("phát sóng 01 phóng sự/quý", "quarterly", "2026-12-31", "2026-12-31"),
        ("Thực hiện thường xuyên từ ngày 01/12/2026", "continuous", NONE, NONE),
        ("tối thiểu 02 lần/tháng", "monthly", "2026-11-30", "2026-11-30"),
        ("định kỳ ngày 20 hằng tháng", "monthly", "2026-11-20", "2026-11-20"),
        ("trước ngày 25 hàng tháng", "monthly", "2026-11-24", "2026-11-23"),
        ("trước ngày 20 mỗi tháng", "monthly", "2026-11-19", "2026-11-19"),
        ("báo cáo hằng tháng trước ngày 20", "monthly", "2026-11-19", "2026-11-19"),
        ("ngày 31 hằng tháng", "monthly", "2026-11-30", "2026-11-30"),
        ("chậm nhất ngày 05 của tháng tiếp theo hằng tháng", "monthly", "2026-11-05", "2026-11-05"),
        ("trước ngày 02 hằng tháng", "monthly", "2026-12-01", "2026-12-01"),
        ("hằng tháng", "monthly", "2026-11-30", "2026-11-30"),
        ("định kỳ hằng tháng", "monthly", "2026-11-30", "2026-11-30"),
        ("cuối mỗi tháng", "monthly", "2026-11-30", "2026-11-30"),
        ("01 lần/tháng", "monthly", "2026-11-30", "2026-11-30"),
        ("định kỳ trước ngày 15 của tháng cuối quý", "quarterly", "2026-12-14", "2026-12-14"),
        ("ngày 25 tháng cuối quý", "quarterly", "2026-12-25", "2026-12-25"),
        ("trước ngày 20 của tháng cuối mỗi quý", "quarterly", "2026-12-19", "2026-12-18"),
        ("trước ngày 05 tháng đầu tiên của quý sau", "quarterly", "2027-01-04", "2027-01-04"),
        ("hằng quý (trước ngày 25 của tháng cuối quý)", "quarterly", "2026-12-24", "2026-12-24"),
        ("hằng quý, trước ngày 20", "quarterly", NONE, NONE),
        ("mỗi quý", "quarterly", "2026-12-31", "2026-12-31"),
        ("định kỳ hàng quý", "quarterly", "2026-12-31", "2026-12-31"),
        ("chiều thứ Năm hằng tuần", "weekly", "2026-11-05", "2026-11-05"),
        ("trước 16 giờ thứ Sáu hằng tuần", "weekly", "2026-11-06", "2026-11-06"),
        ("trước thứ Sáu hằng tuần", "weekly", "2026-11-05", "2026-11-05"),
        ("hằng tuần, vào thứ 6", "weekly", "2026-11-06", "2026-11-06"),
        ("hằng tuần", "weekly", "2026-11-06", "2026-11-06"),
    ],
    "BLDS 2015 Điều 147: the event day is day 0": [
        ("trong 05 ngày làm việc kể từ ngày ký", "event+working-days", "2026-11-09", "2026-11-09"),
        ("trong thời hạn 05 ngày làm việc, kể từ ngày ban hành", "event+working-days", "2026-11-09", "2026-11-09"),
        ("chậm nhất 03 ngày làm việc kể từ ngày nhận được công văn này", "event+working-days", "2026-11-05", "2026-11-05"),
        ("không quá 10 ngày làm việc kể từ ngày ban hành Kế hoạch này", "event+working-days", "2026-11-16", "2026-11-16"),
        ("trong vòng năm ngày làm việc kể từ ngày ký", "event+working-days", "2026-11-09", "2026-11-09"),
        ("trong 15 ngày kể từ ngày nhận được văn bản", "event+days", "2026-11-17", "2026-11-17"),
        ("trong mười lăm ngày kể từ ngày ký", "event+days", "2026-11-17", "2026-11-17"),
        ("trong vòng 30 (ba mươi) ngày kể từ ngày ban hành", "event+days", "2026-12-02", "2026-12-02"),
        ("trong 02 tuần kể từ ngày ký", "event+days", "2026-11-16", "2026-11-16"),
        ("trong thời hạn 01 tháng kể từ ngày ký", "event+months", "2026-12-02", "2026-12-02"),
        ("trong sáu tháng kể từ ngày ký", "event+months", "2027-05-02", "2027-04-29"),
        ("trong 05 ngày làm việc kể từ ngày 10/11/2026", "event+working-days", "2026-11-17", "2026-11-17"),
        ("trước 10 ngày kể từ ngày ký", "event+days", "2026-11-11", "2026-11-11"),
    ],
    "an event without a day gives no date": [
        ("trong 05 ngày làm việc kể từ ngày nhận đủ hồ sơ hợp lệ", "event+working-days", NONE, NONE),
        ("trong 10 ngày kể từ ngày kết thúc hội nghị", "event+days", NONE, NONE),
        ("trong 05 ngày làm việc", "event+working-days", NONE, NONE),
        ("sau 10 ngày làm việc kể từ ngày ký", "event+working-days", NONE, NONE),
        ("trong 05 (sáu) ngày làm việc kể từ ngày ký", "event+working-days", NONE, NONE),
        ("ít nhất 05 ngày làm việc trước ngày họp", "event-minus-days", NONE, NONE),
        ("chậm nhất 10 ngày trước ngày khai mạc kỳ họp", "event-minus-days", NONE, NONE),
        ("trước ngày họp 03 ngày", "event-minus-days", NONE, NONE),
        ("trước kỳ họp 15 ngày", "event-minus-days", NONE, NONE),
        ("trong 04 giờ làm việc kể từ khi tiếp nhận", "working-hours", NONE, NONE),
        ("trong vòng 48 giờ", "hours", NONE, NONE),
        ("khi có yêu cầu của cấp có thẩm quyền", "event", NONE, NONE),
        ("nếu phát sinh khó khăn, vướng mắc", "event", NONE, NONE),
        ("đột xuất theo yêu cầu", "event", NONE, NONE),
        ("sau khi Trung ương ban hành hướng dẫn", "event", NONE, NONE),
        ("ngay khi có kết quả", "event", NONE, NONE),
        ("theo yêu cầu của UBND tỉnh", "event", NONE, NONE),
        ("trước 05 ngày làm việc", "event-minus-days", NONE, NONE),
        ("tối thiểu 03 ngày làm việc trước khi diễn ra hội nghị", "event-minus-days", NONE, NONE),
        ("trước khi hết hạn 30 ngày", "event-minus-days", NONE, NONE),
        ("chậm nhất 2 ngày làm việc sau khi kết thúc hội nghị", "event+working-days", NONE, NONE),
        ("ngay sau khi được phân công", "event", NONE, NONE),
    ],
    "event less N": [
        ("ít nhất 05 ngày trước ngày 20/11/2026", "event-minus-days", "2026-11-15", "2026-11-13"),
        ("trước ngày 20/11/2026 ít nhất 5 ngày", "event-minus-days", "2026-11-15", "2026-11-13"),
        ("chậm nhất 05 ngày làm việc trước ngày 20/11/2026", "event-minus-days", "2026-11-13", "2026-11-13"),
    ],
    "standing, seasons, urgency, unknown periods": [
        ("Thường xuyên, liên tục", "continuous", NONE, NONE),
        ("Thường xuyên trong năm 2026", "continuous", NONE, NONE),
        ("Thường xuyên, hằng năm", "continuous", NONE, NONE),
        ("hằng ngày", "continuous", NONE, NONE),
        ("trước mùa mưa bão", "season", NONE, NONE),
        ("trước kỳ họp HĐND cuối năm", "season", NONE, NONE),
        ("trước kỳ họp HĐND tỉnh cuối năm 2026", "season", NONE, NONE),
        ("trước Tết Nguyên đán", "season", NONE, NONE),
        ("trước Tết Nguyên đán 2027", "season", NONE, NONE),
        ("trước năm học mới 2026-2027", "season", NONE, NONE),
        ("trước kỳ nghỉ lễ 30/4 và 01/5", "season", NONE, NONE),
        ("mùng 10 tháng 3 âm lịch", "season", NONE, NONE),
        ("khẩn trương, kịp thời", "vague", NONE, NONE),
        ("sớm hoàn thành", "vague", NONE, NONE),
        ("thực hiện ngay", "vague", NONE, NONE),
        ("trong thời gian sớm nhất", "vague", NONE, NONE),
        ("ngay sau khi nhận được văn bản này", "vague", NONE, NONE),
        ("trước kì họp", "season", NONE, NONE),
        ("dịp 30/4 - 01/5/2027", "season", NONE, NONE),
        ("định kỳ", "periodic", NONE, NONE),
        ("theo chế độ báo cáo định kỳ", "periodic", NONE, NONE),
        ("6 tháng, 9 tháng và năm", "periodic", NONE, NONE),
        ("định kỳ 6 tháng, năm", "periodic", NONE, NONE),
        ("báo cáo định kỳ hằng tháng, quý, năm", "periodic", NONE, NONE),
    ],
    "not a deadline": [
        ("Quyết định số 766/QĐ-TTg ngày 23/6/2022 của Thủ tướng Chính phủ", "not-a-deadline", NONE, NONE),
        ("Công văn số 1449/UBND-NC ngày 14 tháng 10 năm 2026", "not-a-deadline", NONE, NONE),
        ("Nghị quyết số 03-NQ/TU ngày 05/01/2026 của Tỉnh ủy", "not-a-deadline", NONE, NONE),
        ("Thông tư số 22/2019/TT-BTTTT ngày 31/12/2019", "not-a-deadline", NONE, NONE),
        ("Luật số 47/2024/QH15 ngày 26/11/2024", "not-a-deadline", NONE, NONE),
        ("766/QĐ-TTg (23/6/2022)", "not-a-deadline", NONE, NONE),
        ("Kế hoạch số 146/KH-UBND ngày 30/11/2026", "not-a-deadline", NONE, NONE),
        ("Kế hoạch số      /KH-UBND ngày      tháng     năm 2026", "not-a-deadline", NONE, NONE),
        ("Thông báo ngày 05/10/2026 của Văn phòng UBND tỉnh", "not-a-deadline", NONE, NONE),
        ("Hậu Giang, ngày 31 tháng 7 năm 2026", "not-a-deadline", NONE, NONE),
        ("tính đến ngày 31/10/2026", "not-a-deadline", NONE, NONE),
        ("số liệu tính đến ngày 15/11/2026", "not-a-deadline", NONE, NONE),
        ("kỳ báo cáo từ ngày 15/10/2026 đến ngày 14/11/2026", "not-a-deadline", NONE, NONE),
        ("có hiệu lực từ ngày 01/01/2027", "not-a-deadline", NONE, NONE),
        ("Quyết định này có hiệu lực thi hành kể từ ngày 15/11/2026", "not-a-deadline", NONE, NONE),
        ("nguồn kinh phí hoạt động thường xuyên giao hàng năm", "not-a-deadline", NONE, NONE),
        ("dự toán ngân sách nhà nước năm 2027", "not-a-deadline", NONE, NONE),
        ("báo cáo trước thời hạn", "not-a-deadline", NONE, NONE),
        ("hồ sơ được giải quyết trước hạn và đúng hạn", "not-a-deadline", NONE, NONE),
        ("chịu trách nhiệm trước pháp luật", "not-a-deadline", NONE, NONE),
        ("trước UBND tỉnh", "not-a-deadline", NONE, NONE),
        ("trước khi ban hành", "not-a-deadline", NONE, NONE),
        ("so với năm 2025", "not-a-deadline", NONE, NONE),
        ("Chương trình chuyển đổi số quốc gia đến năm 2025, định hướng đến năm 2030", "not-a-deadline", NONE, NONE),
        ("Đề án phát triển đô thị giai đoạn 2021-2030", "not-a-deadline", NONE, NONE),
        ("tầm nhìn đến năm 2045", "not-a-deadline", NONE, NONE),
        ("kế hoạch cải cách hành chính năm 2026", "not-a-deadline", NONE, NONE),
        ("Ký bởi: Văn phòng UBND; 05.11.2026 15:49:15 +07:00", "not-a-deadline", NONE, NONE),
        ("kỷ niệm ngày Chuyển đổi số quốc gia 10/10", "not-a-deadline", NONE, NONE),
        ("hỗ trợ 208.960 hồ sơ, đạt 95.68/100 điểm", "not-a-deadline", NONE, NONE),
    ],
    "a sentence about a date is not a deadline": [
        ("báo cáo kết quả thực hiện quý IV/2026", "not-a-deadline", NONE, NONE),
        ("báo cáo năm 2026", "not-a-deadline", NONE, NONE),
        ("lũy kế từ đầu năm đến 30/11/2026", "not-a-deadline", NONE, NONE),
        ("chưa đến ngày 10/11/2026", "not-a-deadline", NONE, NONE),
        ("quá ngày 10/11/2026 không báo cáo", "not-a-deadline", NONE, NONE),
        ("sau thời hạn ngày 10/11/2026", "not-a-deadline", NONE, NONE),
        ("đến ngày 10/11/2026 mà chưa hoàn thành thì báo cáo", "not-a-deadline", NONE, NONE),
    ],
    "one deadline of several is never picked silently": [
        ("trong tháng 6 và tháng 12", "month", NONE, NONE),
        ("quý II và quý IV/2027", "quarter", NONE, NONE),
        ("trước ngày 20 tháng 6 và tháng 12 hằng năm", "yearly", NONE, NONE),
        ("ngày 15 của tháng đầu quý và tháng cuối quý", "quarterly", NONE, NONE),
        ("tuần đầu hằng tháng", "monthly", NONE, NONE),
        ("đầu mỗi tháng", "monthly", NONE, NONE),
        ("thứ Hai đầu tiên hằng tháng", "monthly", NONE, NONE),
        ("thứ Ba, thứ Năm hằng tuần", "weekly", "2026-11-03", "2026-11-03"),
        ("chậm nhất 05 ngày làm việc kể từ ngày nhận được Công văn số 12/UBND-NC ngày 01/11/2026", "event+working-days", NONE, NONE),
        ("05 ngày làm việc", "event+working-days", NONE, NONE),
        ("không trước ngày 10/11/2026 và không sau ngày 20/11/2026", "fixed", "2026-11-20", "2026-11-20"),
        ("trước 17 giờ 30 phút ngày thứ Sáu 06/11/2026", "fixed", "2026-11-06", "2026-11-06"),
        ("sau 15/11/2026 và trước 30/11/2026", "fixed", "2026-11-29", "2026-11-27"),
    ],
    "a citation and a deadline in one sentence": [
        ("theo Kế hoạch số 146/KH-UBND ngày 31/7/2024; hoàn thành trước ngày 10/11/2026", "fixed", "2026-11-09", "2026-11-09"),
        ("Triển khai Quyết định số 766/QĐ-TTg ngày 23/6/2022, báo cáo chậm nhất ngày 20/11/2026", "fixed", "2026-11-20", "2026-11-20"),
        ("báo cáo số liệu (tính đến ngày 31/10/2026) trước ngày 05/11/2026", "fixed", "2026-11-04", "2026-11-04"),
        ("Căn cứ Công văn số 12/UBND-NC ngày 01/10/2026, hoàn thành trong tháng 11/2026", "month", "2026-11-30", "2026-11-30"),
        ("xây dựng kế hoạch năm 2027 trước ngày 15/12/2026", "fixed", "2026-12-14", "2026-12-14"),
        ("gửi dự toán kinh phí năm 2027 trước ngày 15/11/2026", "fixed", "2026-11-14", "2026-11-13"),
        ("chịu trách nhiệm trước Chủ tịch UBND tỉnh, hoàn thành trước ngày 10/11/2026", "fixed", "2026-11-09", "2026-11-09"),
        ("theo Kế hoạch số 146/KH-UBND ngày 31/7/2024, thực hiện thường xuyên", "continuous", NONE, NONE),
    ],
    "OCR: one or two edits, or a person decides": [
        ("trude ngay 01/12/2026", "fixed", "2026-11-30", "2026-11-30"),
        ("trwéc ngay 10/12/2026", "fixed", "2026-12-09", "2026-12-09"),
        ("truée ngay 20/11/2026", "fixed", "2026-11-19", "2026-11-19"),
        ("Céc ndi dung nhi¢m vu nay hoan thanh trwée ngay 10/12/2026", "fixed", "2026-12-09", "2026-12-09"),
        ("trwdc ngdy 05/11/2026", "fixed", "2026-11-04", "2026-11-04"),
        ("trước ngày 0l/12/2026", "fixed", "2026-11-30", "2026-11-30"),
        ("trước ngày O5/11/2026", "fixed", "2026-11-04", "2026-11-04"),
        ("trước ngày l5/12/2026", "fixed", "2026-12-14", "2026-12-14"),
        ("trước ngày 1S/11/2026", "fixed", NONE, NONE),
        ("trong 08 gid lam viéc", "working-hours", NONE, NONE),
        ("Hang thang", "monthly", "2026-11-30", "2026-11-30"),
        ("chém nhét ngay 15/12/2026", "fixed", "2026-12-15", "2026-12-15"),
        ("trong thdng 12/2026", "month", "2026-12-31", "2026-12-31"),
        ("trwéc quy I/2027", "quarter-before", "2026-12-31", "2026-12-31"),
        ("ngay 22 thang 70 nam 2026", "fixed", NONE, NONE),
        ("tháng 13/2026", "month", NONE, NONE),
    ],
    "not sure: ask, and give no date": [
        ("trước ngày 31/11/2026", "fixed", NONE, NONE),
        ("trước ngày 30/02/2027", "fixed", NONE, NONE),
        ("trước ngày 29/02/2027", "fixed", NONE, NONE),
        ("trước ngày 31/11 hằng năm", "yearly", NONE, NONE),
        ("trước ngày 35 hằng tháng", "monthly", NONE, NONE),
        ("trước ngày 00/12/2026", "fixed", NONE, NONE),
        ("trước ngày 10/13/2026", "fixed", NONE, NONE),
        ("trước ngày 10/11/20245", "fixed", NONE, NONE),
        ("trước ngày 05/12/85", "fixed", NONE, NONE),
        ("trước ngày …/11/2026", "fixed", NONE, NONE),
        ("trước ngày ... tháng 11 năm 2026", "fixed", NONE, NONE),
        ("trước ngày 20", "fixed", NONE, NONE),
        ("trước 25h ngày 05/11/2026", "fixed", NONE, NONE),
        ("trước chiều ngày 05/11/2026", "fixed", NONE, NONE),
        ("thứ Hai, ngày 06/11/2026", "fixed", NONE, NONE),
        ("hoàn thành trước ngày 10/12/2026, báo cáo trước ngày 15/12/2026", "fixed", NONE, NONE),
        ("trước ngày 15/6 và 15/12", "fixed", NONE, NONE),
        ("điều chỉnh thời hạn từ ngày 10/11/2026 sang ngày 20/11/2026", "fixed", NONE, NONE),
        ("từ ngày 20/12/2026 đến ngày 10/12/2026", "window", NONE, NONE),
        ("tháng 12/2026, tháng 11/2026", "month", NONE, NONE),
        ("quý 5/2026", "quarter", NONE, NONE),
        ("ngày 10 và 11 tháng 11 năm 2026", "fixed", NONE, NONE),
        ("trước ngày 05 tháng sau", "monthly", NONE, NONE),
        ("trước ngày 25/11/2026 đối với cấp xã, trước ngày 30/11/2026 đối với cấp tỉnh", "fixed", NONE, NONE),
        ("Định kỳ 06 tháng (trước ngày 15/6), hằng năm (trước ngày 15/12)", "yearly", NONE, NONE),
        ("Báo cáo quý trước ngày 15 của tháng cuối quý; báo cáo năm trước ngày 15/12", "quarterly", NONE, NONE),
    ],
}  # fmt: skip

ROWS = [pytest.param(*row, id=f"{rule}: {row[0]}") for rule, rows in TABLES.items() for row in rows]
PHRASES = [row[0] for rows in TABLES.values() for row in rows]


@pytest.mark.parametrize(("phrase", "kind", "last", "work_to"), ROWS)
def test_a_phrase_is_read_by_its_rule(phrase: str, kind: str, last: str | None, work_to: str | None) -> None:
    reading = read(phrase)
    assert (reading.kind.value, iso(reading.last_valid_on), iso(reading.work_to)) == (kind, last, work_to)


@pytest.mark.parametrize("phrase", [row[0] for row in TABLES["not sure: ask, and give no date"]])
def test_a_doubtful_phrase_asks(phrase: str) -> None:
    assert read(phrase).ask


@pytest.mark.parametrize("phrase", PHRASES)
def test_a_phrase_without_accents_reads_the_same(phrase: str) -> None:
    bare = "".join(c for c in unicodedata.normalize("NFD", phrase) if not unicodedata.combining(c))
    bare = bare.replace("đ", "d").replace("Đ", "D")
    assert days_of(read(bare)) == days_of(read(phrase))


@pytest.mark.parametrize("phrase", PHRASES)
def test_composed_and_decomposed_letters_read_the_same(phrase: str) -> None:
    forms = {days_of(read(unicodedata.normalize(form, phrase))) for form in ("NFC", "NFD")}
    assert len(forms) == 1


@pytest.mark.parametrize("phrase", PHRASES)
def test_capitals_and_spaces_change_nothing(phrase: str) -> None:
    assert days_of(read("  " + phrase.upper().replace(" ", "  ") + " ")) == days_of(read(phrase))


def days_of(reading: Reading) -> tuple[object, ...]:
    return (
        reading.kind, reading.boundary, reading.due_on, reading.due_time, reading.last_valid_on, reading.work_to,
        reading.grace_until, reading.ask, reading.recurrences, reading.is_soft, reading.amount, reading.starts_on,
    )  # fmt: skip


def test_every_form_reads_its_own_example() -> None:
    silent = [form.name for form in FORMS if not _reads_example(form.pattern, form.example)]
    assert silent == []


def _reads_example(pattern: re.Pattern[str], example: str) -> bool:
    return any(pattern.search(mend(fold(part))) for part in example.split(";")) or "¦" in pattern.pattern


def test_the_manual_lists_every_form_with_its_example() -> None:
    manual = (Path(__file__).parents[2] / "docs" / "deadlines.md").read_text(encoding="utf-8")
    assert [form.name for form in FORMS if f"| {form.name} | {form.example} | {form.rule} |" not in manual] == []


# --- what a table cannot say -------------------------------------------------------------------------------------


def test_a_clock_time_is_kept_beside_its_day() -> None:
    reading = read("trước 17 giờ 00 ngày 05/11/2026")
    assert (reading.due_on, reading.due_time, reading.boundary) == (date(2026, 11, 5), time(17), Boundary.BEFORE)


def test_the_day_written_stays_beside_the_last_valid_day() -> None:
    reading = read("trước ngày 10/11/2024", date(2024, 10, 22))
    assert (reading.due_on, reading.last_valid_on, reading.work_to) == (
        date(2024, 11, 10),
        date(2024, 11, 9),
        date(2024, 11, 8),
    )


def test_a_lenient_office_counts_the_day_named() -> None:
    reading = read("trước ngày 10/11/2026", before=BeforeReading.LENIENT)
    assert reading.last_valid_on == date(2026, 11, 10)
    assert "tính cả ngày" in reading.explanation


def test_leniency_never_reaches_the_month_named() -> None:
    assert read("trước tháng 12/2026", before=BeforeReading.LENIENT).last_valid_on == date(2026, 11, 30)


def test_a_lenient_office_counts_the_nth_day() -> None:
    reading = read("trước 05 ngày làm việc kể từ ngày ký", before=BeforeReading.LENIENT)
    assert reading.last_valid_on == date(2026, 11, 9)


def test_a_period_ending_on_a_day_off_ends_on_the_next_workday() -> None:
    """BLDS 2015, Điều 148 khoản 5."""
    reading = read("trong 05 ngày kể từ ngày ký")
    assert (reading.last_valid_on, reading.work_to, reading.grace_until) == (
        date(2026, 11, 7),
        date(2026, 11, 6),
        date(2026, 11, 9),
    )


def test_a_named_day_off_never_rolls_forward() -> None:
    assert read("chậm nhất ngày 15/11/2026").grace_until is None


def test_a_month_without_the_same_day_ends_on_its_last_day() -> None:
    """BLDS 2015, Điều 148 khoản 3."""
    assert read("trong 01 tháng kể từ ngày ký", date(2027, 1, 31)).last_valid_on == date(2027, 2, 28)


def test_a_date_before_the_letter_is_kept_and_asked() -> None:
    reading = read("trước ngày 10/10/2026")
    assert (reading.last_valid_on, reading.ask) == (date(2026, 10, 9), True)


def test_a_date_a_decade_away_is_kept_and_asked() -> None:
    assert read("trước ngày 10/11/2062").ask


def test_a_yearless_day_already_past_is_next_years_and_asked() -> None:
    reading = read("trước ngày 20/10")
    assert (reading.last_valid_on, reading.ask) == (date(2027, 10, 19), True)


def test_a_soft_promise_keeps_its_day() -> None:
    reading = read("phấn đấu hoàn thành trước ngày 15/12/2026")
    assert (reading.is_soft, reading.last_valid_on) == (True, date(2026, 12, 14))


def test_one_truoc_governs_both_yearly_days() -> None:
    reading = read("trước ngày 10/6 và ngày 10/12 hằng năm")
    assert reading.recurrences == (
        Recurrence(Frequency.YEARLY, Boundary.BEFORE, 6, 10),
        Recurrence(Frequency.YEARLY, Boundary.BEFORE, 12, 10),
    )


def test_a_window_keeps_its_first_day() -> None:
    assert read("từ ngày 01/12 đến hết ngày 15/12/2026").starts_on == date(2026, 12, 1)


def test_a_start_keeps_its_day_and_asks_for_an_end() -> None:
    reading = read("bắt đầu từ quý II/2027")
    assert (reading.starts_on, reading.ask) == (date(2027, 4, 1), True)


def test_a_rhythm_beside_a_fixed_day_is_asked() -> None:
    reading = read("báo cáo hằng tháng, tổng kết trước ngày 15/12/2026")
    assert (reading.last_valid_on, reading.ask) == (date(2026, 12, 14), True)


def test_a_count_across_an_unconfirmed_day_off_is_asked() -> None:
    culture_day = CalendarOverride(
        date(2026, 11, 24), is_workday=False, decision="chờ", name="Ngày Văn hóa Việt Nam", is_confirmed=False
    )
    calendar = WorkCalendar([culture_day])
    reading = read_deadline("trong 20 ngày làm việc kể từ ngày ký", base_on=BASE, calendar=calendar)
    assert reading.ask
    assert "chờ xác nhận" in reading.explanation


@pytest.mark.parametrize(
    ("boundary", "before", "last"),
    [
        (Boundary.BEFORE, BeforeReading.STRICT, date(2026, 11, 8)),
        (Boundary.BEFORE, BeforeReading.LENIENT, date(2026, 11, 9)),
        (Boundary.BY, BeforeReading.STRICT, date(2026, 11, 9)),
        (Boundary.BY, BeforeReading.LENIENT, date(2026, 11, 9)),
    ],
)
def test_a_recurring_day_is_resolved_by_boundary_and_office(
    boundary: Boundary, before: BeforeReading, last: date
) -> None:
    dates = resolve(date(2026, 11, 9), boundary, calendar=CALENDAR, before=before)
    assert dates.last_valid_on == last
    assert dates.work_to == CALENDAR.last_workday_on_or_before(last)


def test_a_row_has_the_promised_keys_and_iso_dates() -> None:
    row = reading_row(read("trước ngày 10/11/2026"))
    assert list(row) == [
        "phrase", "kind", "boundary", "due_on", "last_valid_on", "work_to", "grace_until", "ask", "explanation",
    ]  # fmt: skip
    assert (row["kind"], row["boundary"], row["due_on"]) == ("fixed", "before", "2026-11-10")


# --- the collected forms and the real documents ------------------------------------------------------------------


def _collected_forms() -> list[dict[str, object]]:
    return yaml.safe_load(FORMS_FILE.read_text(encoding="utf-8")) if FORMS_FILE.exists() else []


@pytest.mark.skipif(not FORMS_FILE.exists(), reason="the collected sources lie beside the repository, not in it")
def test_every_collected_form_is_read_as_collected() -> None:
    wrong = []
    for row in _collected_forms():
        reading = read(str(row["phrase"]), row["base"])
        got = (reading.kind.value, reading.last_valid_on, reading.work_to)
        if got != (row["kind"], row.get("last_day"), row.get("last_workday")):
            wrong.append((row["phrase"], got))
    assert wrong == []


DOCUMENT_DATES = {
    "cv-1487-hau-giang-2024": date(2024, 10, 22),
    "kh-142-stttt-gia-lai-2022": date(2022, 12, 9),
    "kh-146-hau-giang-2024": date(2024, 7, 31),
    "kh-dvctt-hau-giang-2023": date(2023, 5, 15),
    "kh-vinh-bao-2026": date(2026, 4, 28),
}


def _document_deadlines() -> Iterator[tuple[str, dict[str, object]]]:
    for name in DOCUMENT_DATES:
        path = SOURCES / "gold" / f"{name}.yaml"
        for obligation in yaml.safe_load(path.read_text(encoding="utf-8"))["obligations"]:
            if obligation["deadline"]["raw"]:
                yield name, obligation["deadline"]


@pytest.mark.skipif(not FORMS_FILE.exists(), reason="the collected sources lie beside the repository, not in it")
def test_every_deadline_of_the_real_documents_is_read_as_a_careful_reader_does() -> None:
    wrong = []
    for name, deadline in _document_deadlines():
        if (deadline["raw"], deadline["kind"]) == ("kịp thời", "event"):
            continue  # the event stands elsewhere in the sentence
        for written in {deadline["raw"], deadline.get("raw_ocr") or deadline["raw"]}:
            reading = read(str(written), DOCUMENT_DATES[name])
            if reading.kind.value != deadline["kind"]:
                wrong.append((written, reading.kind))
            if "last_day" in deadline and (reading.last_valid_on, reading.work_to) != (
                deadline["last_day"],
                deadline["last_workday"],
            ):
                wrong.append((written, reading.last_valid_on))
    assert wrong == []


# --- anything at all ---------------------------------------------------------------------------------------------

WORDS = [
    "trước", "ngày", "tháng", "quý", "năm", "hằng", "hết", "đến", "từ", "chậm nhất", "trong", "kể từ", "làm việc", "giờ",
    "và", ",", "05/11/2026", "31/11", "5", "15", "IV/2026", "2026", "tháng 13", "cuối", "đầu", "17h00", "thứ Sáu", "tuần",
    "khi", "số 146/KH-UBND", "sau", "(năm)", "mười", "hằng năm", "hằng tháng", "cuối quý", "-", "...", "32", "00", "29/02",
    "ký", "24 giờ", "quý V", "tháng 70", "9 tháng", "6 tháng đầu năm", "giai đoạn 2026-2030",
]  # fmt: skip
BASES = st.dates(date(2020, 1, 1), date(2040, 12, 31))


@settings(max_examples=400, deadline=None)
@given(st.one_of(st.text(max_size=80), st.lists(st.sampled_from(WORDS), max_size=9).map(" ".join)), BASES)
def test_any_text_gives_a_reading_that_keeps_the_promises(phrase: str, base_on: date) -> None:
    reading = read(phrase, base_on)
    assert reading.explanation
    if reading.last_valid_on is None:
        assert reading.work_to is None
        return
    assert reading.work_to is not None
    assert reading.work_to <= reading.last_valid_on
    assert CALENDAR.is_workday(reading.work_to)
    assert reading.due_on is not None
    assert reading.last_valid_on <= reading.due_on or reading.kind is DeadlineKind.FIXED
    assert reading.ask or reading.last_valid_on >= base_on
    if reading.grace_until:
        assert reading.last_valid_on < reading.grace_until
        assert CALENDAR.is_workday(reading.grace_until)


@settings(max_examples=200, deadline=None)
@given(st.dates(date(2024, 1, 1), date(2035, 12, 31)))
def test_before_is_always_the_day_before(day: date) -> None:
    base_on = day - timedelta(days=20)
    for written in (
        f"{day:%d/%m/%Y}",
        f"{day.day} tháng {day.month} năm {day.year}",
        f"{day.day}-{day.month}-{day.year}",
    ):
        assert read(f"trước ngày {written}", base_on).last_valid_on == day - timedelta(days=1)
        assert read(f"chậm nhất ngày {written}", base_on).last_valid_on == day
