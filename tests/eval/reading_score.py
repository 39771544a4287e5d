"""How well letters are read: a draft against the reading of a careful person, duty by duty.

A core obligation counts as found when one of the draft has its words, the same last day on time (or the same kind,
where there is no day), and a right lead unit. A draft obligation is right when it answers to any obligation of the
reading, core or not; principles are listed by both sides and counted by neither.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import chain
from typing import Any

from rapidfuzz.fuzz import partial_ratio, ratio, token_set_ratio

from planner.plain_text import plain

SAME_WORDS = 78.0
"""Of 100: scanners and text exports break a word here and there."""

SAME_UNIT = 80.0
KINDS_WITHOUT_A_DAY = {"none": {"none", "vague"}, "vague": {"none", "vague"}}
_GENERIC = (
    ("uy ban nhan dan", "ubnd"),
    ("thu truong ", ""),
    ("giam doc ", ""),
    ("chu tich ", ""),
    ("truong ", ""),
    ("cac ", ""),
)


@dataclass
class Scored:
    """Điểm của một văn bản."""

    name: str
    core: int = 0
    core_found: int = 0
    tracked: int = 0
    tracked_right: int = 0
    wrong_dates: list[str] = field(default_factory=list)
    asked_dates: int = 0
    header_right: int = 0
    header_asked: int = 0
    header_wrong: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)
    invented: list[str] = field(default_factory=list)
    kinds: Counter[str] = field(default_factory=Counter)
    kinds_found: Counter[str] = field(default_factory=Counter)
    classes_right: int = 0

    @property
    def recall(self) -> float:
        return self.core_found / self.core if self.core else 1.0

    @property
    def precision(self) -> float:
        return self.tracked_right / self.tracked if self.tracked else 1.0

    @property
    def f1(self) -> float:
        both = self.recall + self.precision
        return 2 * self.recall * self.precision / both if both else 0.0


def score(name: str, draft: Mapping[str, Any], gold: Mapping[str, Any]) -> Scored:
    """One document: the row `dondoc import --json` prints, against a gold reading."""
    scored = Scored(name)
    duties = [row for row in draft["obligations"] if row["class"] != "principle"]
    answers = pair(duties, gold["obligations"])
    _score_core(scored, duties, gold["obligations"], answers)
    _score_precision(scored, duties, gold["obligations"], answers)
    _score_header(scored, draft, gold["document"])
    return scored


def pair(duties: Sequence[Mapping[str, Any]], wanted: Sequence[Mapping[str, Any]]) -> dict[int, int]:
    """Which duty of the draft answers to which obligation: the best pairs first, each once."""
    scores = [
        (_likeness(duty, gold), -abs(left - right), left, right)
        for left, duty in enumerate(duties)
        for right, gold in enumerate(wanted)
    ]
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for likeness, _, left, right in sorted(scores, reverse=True):
        if likeness >= SAME_WORDS and left not in pairs and right not in taken:
            pairs[left] = right
            taken.add(right)
    return pairs


def _likeness(duty: Mapping[str, Any], gold: Mapping[str, Any]) -> float:
    """Of 100, and up to ten more for the same day and units: rows of a table repeat their words."""
    wanted, quote = plain(gold["quote"]), plain(duty["quote"])
    words = max(ratio(wanted, quote), partial_ratio(wanted, quote) if min(len(wanted), len(quote)) > 20 else 0)
    name = (gold.get("indicator") or {}).get("name")
    own_name = (duty.get("indicator") or {}).get("name")
    if name and own_name:
        words += 4 * ratio(plain(name), plain(own_name)) / 100
    if words < SAME_WORDS:
        return words
    length = min(len(wanted), len(quote)) / max(len(wanted), len(quote), 1)
    return (
        words + 2 * length + 3 * is_same_deadline(duty, gold) + 3 * has_right_lead(duty, gold) + _near_place(duty, gold)
    )


def _near_place(duty: Mapping[str, Any], gold: Mapping[str, Any]) -> float:
    return 2.0 * (re.sub(r"\W", "", duty["section"]) == re.sub(r"\W", "", str(gold["section"])))


def is_same_deadline(duty: Mapping[str, Any], gold: Mapping[str, Any]) -> bool:
    wanted = gold["deadline"]
    last_day = wanted.get("last_day")
    if last_day is not None:
        return duty["deadline"]["last_valid_on"] == _iso(last_day)
    same = KINDS_WITHOUT_A_DAY.get(wanted["kind"], {wanted["kind"]})
    return duty["deadline"]["kind"] in same


def has_right_lead(duty: Mapping[str, Any], gold: Mapping[str, Any]) -> bool:
    """Any unit of the reading among the leads; where the reading names none, anything goes."""
    wanted = [_unit_key(name) for lead in gold["lead"] for name in re.split(r";", lead)]
    given = [_unit_key(name) for name in duty["lead"]]
    return not wanted or any(_is_same_unit(one, other) for one in wanted for other in given)


def _is_same_unit(one: str, other: str) -> bool:
    if ratio(one, other) >= SAME_UNIT:
        return True
    return min(len(one), len(other)) >= 10 and token_set_ratio(one, other) >= 95


def _unit_key(name: str) -> str:
    key = plain(name)
    for long, short in _GENERIC:
        key = key.replace(long, short)
    return " ".join(key.split())


def _iso(day: date | str) -> str:
    return day if isinstance(day, str) else day.isoformat()


def _score_core(
    scored: Scored, duties: Sequence[Mapping[str, Any]], wanted: Sequence[Mapping[str, Any]], answers: dict[int, int]
) -> None:
    by_gold = {right: left for left, right in answers.items()}
    for place, gold in enumerate(wanted):
        duty = duties[by_gold[place]] if place in by_gold else None
        _score_date(scored, duty, gold)
        if gold["tier"] != "core":
            continue
        kind = gold["deadline"]["kind"]
        scored.core += 1
        scored.kinds[kind] += 1
        if duty is not None and is_same_deadline(duty, gold) and has_right_lead(duty, gold):
            scored.core_found += 1
            scored.kinds_found[kind] += 1
            scored.classes_right += duty["class"] == gold["class"]
        else:
            scored.missed.append(f"{gold['id']} ({gold['section']}): {_why(duty, gold)}")


def _why(duty: Mapping[str, Any] | None, gold: Mapping[str, Any]) -> str:
    if duty is None:
        return f"not found: {gold['quote'][:90]}"
    if not is_same_deadline(duty, gold):
        wanted = gold["deadline"].get("last_day") or gold["deadline"]["kind"]
        given = duty["deadline"]
        return f"deadline {wanted}, read {given['kind']} {given['last_valid_on']} from {given['phrase']!r}"
    return f"lead {gold['lead']}, read {duty['lead']}"


def _score_date(scored: Scored, duty: Mapping[str, Any] | None, gold: Mapping[str, Any]) -> None:
    if duty is None or duty["deadline"]["last_valid_on"] is None:
        return
    if duty["deadline"]["ask"]:
        scored.asked_dates += 1
        return
    wanted = gold["deadline"].get("last_day")
    is_rule = wanted is None and gold["deadline"]["kind"] in {"weekly", "monthly", "quarterly", "yearly"}
    if not is_rule and (wanted is None or _iso(wanted) != duty["deadline"]["last_valid_on"]):
        scored.wrong_dates.append(f"{gold['id']}: {duty['deadline']['last_valid_on']} for {wanted}")


def _score_precision(
    scored: Scored, duties: Sequence[Mapping[str, Any]], wanted: Sequence[Mapping[str, Any]], answers: dict[int, int]
) -> None:
    for place, duty in enumerate(duties):
        scored.tracked += 1
        gold = wanted[answers[place]] if place in answers else None
        is_right = gold is not None and (
            gold["tier"] != "core" or (is_same_deadline(duty, gold) and has_right_lead(duty, gold))
        )
        scored.tracked_right += is_right
        if gold is None:
            scored.invented.append(f"{duty['section']} [{duty['class']}]: {duty['quote'][:90]}")
            if duty["deadline"]["last_valid_on"] and not duty["deadline"]["ask"]:
                scored.wrong_dates.append(f"of nobody: {duty['deadline']['last_valid_on']} for {duty['quote'][:60]}")


_ABOUT = {
    "type": "loại",
    "number": "số, ký hiệu",
    "issuer": "cơ quan ban hành",
    "place": "địa danh",
    "issued_on": "ngày ban hành",
    "title": "trích yếu",
}


def _score_header(scored: Scored, draft: Mapping[str, Any], gold: Mapping[str, Any]) -> None:
    """Right, or asked: a blank that the reading leaves blank too is right when it is asked about."""
    asked = [question.casefold() for question in draft["questions"]]
    for name in ("type", "number", "issuer", "place", "issued_on", "title"):
        wanted = gold["date" if name == "issued_on" else name]
        wanted = wanted.get("value") if isinstance(wanted, Mapping) else wanted
        given = draft["document"][name]
        is_asked = any(question.startswith(_ABOUT[name]) for question in asked)
        if _is_same_field(name, given, wanted) and (given is not None or is_asked):
            scored.header_right += 1
        elif is_asked:
            scored.header_asked += 1
        else:
            scored.header_wrong.append(f"{name}: {given!r}, wanted {wanted!r}")


def _is_same_field(name: str, given: str | None, wanted: Any) -> bool:
    if given is None or wanted is None:
        return given is None and wanted is None
    wanted = _iso(wanted) if name == "issued_on" else str(wanted)
    remark_aside = {wanted, wanted.split("(")[0]}
    return any(_is_same_text(name, plain(given), plain(each)) for each in remark_aside)


def _is_same_text(name: str, one: str, other: str) -> bool:
    if name in {"title", "issuer"}:
        one, other = one.removeprefix("v v "), other.removeprefix("v v ")
        return ratio(one, other) >= 85 or (name == "issuer" and other.startswith(one))
    return one == other


def total(all_scored: Iterable[Scored]) -> Scored:
    """All documents as one."""
    documents = list(all_scored)
    summed = Scored("total")
    for each in documents:
        summed.core += each.core
        summed.core_found += each.core_found
        summed.tracked += each.tracked
        summed.tracked_right += each.tracked_right
        summed.header_right += each.header_right
        summed.header_asked += each.header_asked
        summed.asked_dates += each.asked_dates
        summed.classes_right += each.classes_right
        summed.kinds += each.kinds
        summed.kinds_found += each.kinds_found
    for name in ("wrong_dates", "header_wrong", "missed", "invented"):
        setattr(summed, name, list(chain.from_iterable(getattr(each, name) for each in documents)))
    return summed
