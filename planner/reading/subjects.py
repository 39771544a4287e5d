"""Who is told to act in a clause, and together with whom."""

import re
from dataclasses import dataclass

from planner.reading.draft import Sureness
from planner.reading.flat import Flat, Words
from planner.reading.phrases_of_time import time_phrases
from planner.reading.units import UnitList, leading_units, starts_with_unit
from planner.reading.verbs import begins_duty

_CONNECTOR = Words(
    r"(?:(?:đồng thời|bên cạnh đó|ngoài ra|mặt khác|theo đó|trước mắt|riêng|trong đó|về việc này"
    r"|đối với nội dung này)[,:]? )+"
)
_LEAD_IN = Words(
    r"(?:căn cứ|trên cơ sở|theo(?! dõi)|để|nhằm|trong quá trình|trường hợp|nếu|khi|sau khi|trước ngày|chậm nhất"
    r"|định kỳ|hằng|hàng|từ nay|qua|"
    r"trong thời gian|trong (?:tháng|quý|năm)|đối với|về|trên đây|ubnd|ủy ban|chủ tịch|thường trực"
    r"|giám đốc|đảng ủy|hđnd|tại|sau (?:ngày|thời điểm|thời hạn)|đến (?:ngày|hết|thời điểm)|từ ngày)\b"
)
_TIME = Words(r"(?:định kỳ|hằng|hàng|trước|chậm nhất)\b")
_BEHIND_A_COMMA = Words(r"[,;:] (?:và )?(?:thì )?(?=\S)")
_ORDER_INSIDE = Words(r"\b(?:yêu cầu|đề nghị|giao|phân công|chỉ đạo) (?=\S)")
_WITH = Words(
    r"(?:(?:chủ trì|chủ động|tích cực|tiếp tục|thường xuyên),? (?:và )?)?(?:phối hợp|cùng)(?: chặt chẽ"
    r"| thường xuyên)?(?: (?:với|cùng))? "
)
_WITH_INSIDE = Words(r"\b(?:chủ trì|thực hiện|đầu mối)?,?(?: và)? ?phối hợp(?: chặt chẽ)?(?: với| cùng)? (?=\S)")
_BASIS = Words(r"(?:căn cứ|trên cơ sở|theo(?! dõi))\b")
FAR_BEHIND = 200
"""Letters behind the verb: with whom, that far on, belongs to something else."""
NEAR_THE_HEAD = 16
FEWEST_WORDS_OF_AN_ACT = 3
_IN_BRACKETS = re.compile(r"\(([^()]{3,200})\)")
_LABEL_IN_BRACKETS = Words(r"(?:(?:đơn vị|cơ quan) (?:chủ trì|thực hiện)|giao|chủ trì)[: ] ?")


@dataclass(frozen=True, slots=True)
class Subject:
    """Ai làm: names as written; what they do begins at `body_at`, and behind "phối hợp với …" at `act_at`."""

    lead: tuple[str, ...]
    supporting: tuple[str, ...]
    body_at: int
    act_at: int = 0
    is_request: bool = False
    is_named_here: bool = False
    is_ordered: bool = False
    starts_at: int = 0
    """Where the units are named; before them stands why, when or on what ground."""
    sureness: Sureness = Sureness.SURE

    @classmethod
    def of(cls, units: UnitList) -> "Subject":
        """Those a heading consists of."""
        at = units.end
        return cls(units.names, (), at, at, units.is_request, is_named_here=True, is_ordered=units.is_ordered)


def subject_of(clause: Flat) -> Subject:
    """The units a clause names itself; without any, `lead` is empty and the section above decides."""
    at = 0
    if connector := _CONNECTOR.match(clause):
        at = connector.end()
    units = _own_units(clause, at)
    body_at = at if units is None else units.end
    lead = () if units is None else units.names
    supporting, act_at = _supporting(clause, body_at)
    supporting = tuple(name for name in supporting if name not in lead)
    act_at = _past_a_lead_in(clause, act_at)
    if units is None:
        return Subject(lead, supporting, body_at, act_at)
    return Subject(
        lead,
        supporting,
        body_at,
        act_at,
        units.is_request,
        is_named_here=True,
        is_ordered=units.is_ordered,
        starts_at=units.start,
    )


def bare_order(clause: Flat) -> int | None:
    """Where the act begins in "… đề nghị khẩn trương thực hiện …": an order that names nobody."""
    found = _BARE_ORDER.search(clause)
    return found.end() if found is not None and begins_duty(clause, found.end()) else None


_BARE_ORDER = Words(
    r"(?:^|[,;] |(?<=\w) )(?:kính )?(?:đề nghị|yêu cầu)(?: (?:quý|các) (?:cơ quan|đơn vị|sở|ban|ngành|địa phương|vị)"
    r"(?:,? (?:cơ quan|đơn vị|ban|ngành|địa phương))*)? "
)


def _own_units(clause: Flat, at: int) -> UnitList | None:
    """At the head of the clause; behind a lead-in and its comma; or behind "yêu cầu" inside."""
    units = leading_units(clause, at, needs_verb=True) or _before_a_colon(clause, at)
    if units is not None and not _is_the_one_who_orders(clause, units):
        return units
    is_its_own_verb = _TIME.match(clause, at) is not None and begins_duty(clause, at) and not _is_only_time(clause, at)
    is_lead_in = _LEAD_IN.match(clause, at) is not None and not is_its_own_verb
    behind = _behind_a_comma(clause, at) if is_lead_in else _behind_a_name(clause, at)
    return _ordered_inside(clause, at) or behind


def _is_only_time(clause: Flat, at: int) -> bool:
    """ "Định kỳ ngày 25 hằng tháng, Phòng Kinh tế …": before the comma stands nothing but when."""
    comma = clause.seen.find(",", at)
    phrases = time_phrases(clause.part(at, comma)) if comma > 0 else []
    return bool(phrases) and max(each.end - each.start for each in phrases) + len("định kỳ ") >= comma - at


_NAME = Words(r"[^.;:()]{8,160}: (?=\S)")


def _behind_a_name(clause: Flat, at: int) -> UnitList | None:
    """ "Hoàn thiện cơ sở dữ liệu: các trường cập nhật …": what it is about, then who."""
    name = _NAME.match(clause, at)
    return leading_units(clause, name.end(), needs_verb=True) if name else None


def _before_a_colon(clause: Flat, at: int) -> UnitList | None:
    units = leading_units(clause, at)
    is_closed = units is not None and units.end < len(clause.seen) and clause.seen[units.end] == ":"
    return units if is_closed else None


def _is_the_one_who_orders(clause: Flat, units: UnitList) -> bool:
    """ "UBND tỉnh yêu cầu các sở …", "Chủ tịch UBND tỉnh giao …": the one who acts comes behind."""
    found = _ORDERS.match(clause, units.end)
    if found is None:
        return False
    if _HAS_OTHERS_ACT.match(clause, units.end) and _AUTHORITY.whole(clause.part(units.start, units.end)) is None:
        return False
    behind = _ORDERS_SOMEBODY.match(clause, units.end)
    return behind is not None and starts_with_unit(clause, behind.end()) and not units.is_ordered


_ORDERS = Words(r"[, ]*(?:yêu cầu|đề nghị|giao|chỉ đạo|phân công|thống nhất|đồng ý|kết luận|có ý kiến)\b")
_ORDERS_SOMEBODY = Words(r"[, ]*(?:yêu cầu|đề nghị|giao|chỉ đạo|phân công)(?: nhiệm vụ)?(?: cho)? ")
_ENDS_IN_AN_AUTHORITY = Words(
    r"(?:.*[,.;] )?(?:thường trực |chủ tịch |phó chủ tịch |lãnh đạo |giám đốc )?(?:ubnd|ủy ban nhân dân"
    r"|hđnd|sở|đảng ủy|tỉnh ủy|ban chỉ đạo)[^,.;:]{0,60}$"
)
_HAS_OTHERS_ACT = Words(r"[, ]*chỉ đạo\b")
_AUTHORITY = Words(
    r"(?:thường trực |lãnh đạo )?(?:(?:phó )?chủ tịch )?(?:ubnd|ủy ban nhân dân|hđnd) (?:tỉnh|thành phố|huyện|quận"
    r"|thị xã|xã|phường)(?![,;])(?: [^,;]{2,30})?"
)
"""One who gives orders: "UBND tỉnh chỉ đạo Sở Y tế …". "Sở Y tế chỉ đạo các bệnh viện …" is Sở Y tế's own duty."""


_WHAT_TO_SEND = Words(r"(?:kết quả|báo cáo|nội dung|thông tin|số liệu)[^,;:.]{0,60}")
"""… "Kết quả thực hiện đề nghị các cơ quan báo cáo về …"."""


def _ordered_inside(clause: Flat, at: int) -> UnitList | None:
    for found in _ORDER_INSIDE.all(clause):
        if found.start() < at or clause.seen[: found.start()].count("(") > clause.seen[: found.start()].count(")"):
            continue
        is_behind = (
            found.start() == at
            or clause.seen[found.start() - 2 : found.start()] in {", ", "; ", ": "}
            or _ends_in_an_authority(clause, found.start())
            or _WHAT_TO_SEND.whole(clause.part(0, found.start())) is not None
        )
        units = leading_units(clause, found.start(), needs_verb=True) if is_behind else None
        if units is not None:
            return units
    return None


def _ends_in_an_authority(clause: Flat, at: int) -> bool:
    before = clause.part(0, at)
    return _ENDS_IN_AN_AUTHORITY.whole(before) is not None


def _behind_a_comma(clause: Flat, at: int) -> UnitList | None:
    for found in _BEHIND_A_COMMA.all(clause):
        if found.start() < at or clause.seen[: found.start()].count("(") > clause.seen[: found.start()].count(")"):
            continue
        units = leading_units(clause, found.end(), needs_verb=True)
        if units is not None and not _is_own_office(clause, found.end()):
            return units
    return None


def _is_own_office(clause: Flat, at: int) -> bool:
    """ "theo nhiệm vụ của cơ quan, đơn vị mình, khẩn trương …" names nobody anew."""
    return _OWN_OFFICE.match(clause, at) is not None


_OWN_OFFICE = Words(r"(?:cơ quan|đơn vị|địa phương|ngành)(?:,? (?:đơn vị|địa phương|ngành))? (?:mình|khẩn|căn|có liên)")


def _supporting(clause: Flat, body_at: int) -> tuple[tuple[str, ...], int]:
    """Units behind "phối hợp (với)", and where what is done together begins."""
    found = _WITH.match(clause, _past_blanks(clause, body_at)) or _WITH_INSIDE.search(clause, body_at)
    if found is None or found.start() > body_at + FAR_BEHIND:
        return (), body_at
    units = leading_units(clause, found.end())
    if units is None or units.is_ordered:
        return (), body_at
    is_at_the_head = found.start() <= _past_blanks(clause, body_at) + NEAR_THE_HEAD
    has_more = len(clause.seen[units.end :].split()) >= FEWEST_WORDS_OF_AN_ACT
    return units.names, _past_blanks(clause, units.end) if is_at_the_head and has_more else body_at


def _past_a_lead_in(clause: Flat, at: int) -> int:
    """ "Căn cứ nội dung kế hoạch này, khẩn trương …": the act begins behind the comma."""
    if _BASIS.match(clause, at) is None:
        return at
    for found in _BEHIND_A_COMMA.all(clause):
        if found.start() > at and begins_duty(clause, found.end()):
            return found.end()
    return at


def _past_blanks(clause: Flat, at: int) -> int:
    while at < len(clause.seen) and clause.seen[at] in " ,:":
        at += 1
    return at


_SAYS_WHO = Words(r":|\b(?:chủ trì|thực hiện|tham mưu|phụ trách|chịu trách nhiệm|làm đầu mối)\b")


def _is_who_and_when(inner: Flat) -> bool:
    """ "(Văn phòng UBND xã; thường xuyên)": units, a stop, and nothing but a deadline."""
    stop = inner.seen.rfind(";")
    phrases = time_phrases(inner.part(stop + 1)) if stop > 0 else []
    units = leading_units(inner.part(0, stop)) if phrases else None
    is_time = bool(phrases) and phrases[0].start <= 1 and phrases[0].end >= len(inner.seen[stop + 1 :].strip())
    return is_time and units is not None and not units.has_verb


def lead_in_brackets(clause: Flat) -> tuple[str, ...]:
    """ "… (Sở Nội vụ chủ trì, hoàn thành trong quý II)"."""
    for found in _IN_BRACKETS.finditer(clause.seen):
        inner = clause.part(*found.span(1))
        if _SAYS_WHO.search(inner) is None and not _is_who_and_when(inner):
            continue
        label = _LABEL_IN_BRACKETS.match(inner)
        units = leading_units(inner.part(label.end() if label else 0))
        if units is not None:
            return units.names
    return ()
