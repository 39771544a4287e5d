""" "Các cơ quan, đơn vị" without more: whom the letter means by it, by the groups it gives work to elsewhere."""

import re

from planner.reading.draft import Sureness
from planner.reading.flat import Sight, flat
from planner.reading.found import FoundDuty

_ANYBODY = re.compile(
    r"(?:(?:các|cac|những|tất cả) )?(?:sở|cơ quan|co quan|đơn vị|don vi|địa phương|dia phuong|phòng|ban"
    r"|ngành|bộ phận)(?:,? (?:và )?(?:ban|ngành|cơ quan|đơn vị|don vi|địa phương|dia phuong|tổ chức"
    r"|cá nhân))*"
    r"(?: (?:có )?(?:liên quan|lien quan|liên có))?"
)
_GROUP = re.compile(
    r"(?:các|cac) (?:sở|so|phòng|phong|cơ quan|đơn vị)|(?:sở|so|cơ quan|co quan), ban,? (?:ngành|nganh)"
    r"|^(?:giám đốc|giam doc) (?:các )?(?:sở|so)\b|(?:ubnd|ủy ban nhân dân|uy ban nhan dan)"
    r" (?:các |cac |cấp )?(?:huyện|huyen|xã|xa|quận|phường)(?:,|$| và)|(?:trưởng|truong) (?:các|cac)"
    r"|(?:thủ trưởng|thu truong)"
)


def with_groups_named(found: list[FoundDuty], sight: Sight) -> None:
    """Gives duties of nobody in particular the groups of the heading that names most of them, and asks."""
    groups = _main_groups(found, sight)
    if not groups:
        return
    for duty in found:
        if duty.lead and all(_is_anybody(name, sight) for name in duty.lead) and duty.duty_class.value == "conditional":
            duty.doubts.append(f"“{duty.lead[0]}” hiểu là {'; '.join(groups)}")
            duty.lead = groups
            duty.lead_sureness = Sureness.LIKELY


def _is_anybody(name: str, sight: Sight) -> bool:
    return _ANYBODY.fullmatch(flat(name, sight).seen) is not None


def _main_groups(found: list[FoundDuty], sight: Sight) -> tuple[str, ...]:
    best: tuple[str, ...] = ()
    for duty in found:
        names = tuple(
            name for name in duty.lead if _GROUP.search(flat(name, sight).seen) and not _is_anybody(name, sight)
        )
        if len(names) == len(duty.lead) and len(names) > len(best):
            best = names
    return best
