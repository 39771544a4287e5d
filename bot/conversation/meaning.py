"""What a unit head means by a free answer: "da xong roi a", "dang lam 60%", "xin lui den 15/11 vi cho so lieu".

Pure, own rules. The message becomes plain words (`meaning_words`), clauses (`meaning_clauses`), and each clause says
some facts: what it is about, from `meaning_lexicon`, read inside its negation, question, future, condition or hearsay.
Facts are then weighed so that a doubt always wins over "xong": a false `done` is the worst mistake, a wrong day the
next, a wrong percentage the third. Below `SURE` the conversation asks.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from bot.conversation import meaning_lexicon as lexicon
from bot.conversation.meaning_amounts import FULL, Amount, amount_of
from bot.conversation.meaning_clauses import LONGEST_CLAUSE, Clause, clauses_of, groups_of, join_lists, numbers_of
from bot.conversation.meaning_dates import NOTHING, Day, Frame, requested_day
from bot.conversation.meaning_facts import Fact, Kind, facts_of
from bot.conversation.meaning_words import LONGEST_TEXT, cleaned, words_of
from models.terms import BeforeReading
from planner.workdays import WorkCalendar

SURE = 0.8
"""From here on an answer is acted upon; below it the conversation asks first."""


class Intent(StrEnum):
    """Ý của một câu trả lời."""

    DONE = "done"
    IN_PROGRESS = "in_progress"
    NOT_STARTED = "not_started"
    BLOCKED = "blocked"
    EXTENSION = "extension"
    WRONG_UNIT = "wrong_unit"
    ACKNOWLEDGED = "acknowledged"
    QUESTION = "question"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Meaning:
    """Điều hiểu được từ một câu trả lời, or from the part of it about some assignments (`numbers`).

    `requested_on` is the last day asked for, surely after today and after the present last valid day, or None.
    `reason` is in the person's own spelling. `explanation` is for engineers.
    """

    intent: Intent
    confidence: float
    explanation: str
    percent: int | None = None
    requested_on: date | None = None
    document_no: str | None = None
    reason: str | None = None
    numbers: tuple[int, ...] = ()
    is_nothing_new: bool = False
    is_unblocked: bool = False


def read_answer(
    text: str,
    *,
    today: date,
    last_valid_on: date | None,
    calendar: WorkCalendar,
    before: BeforeReading = BeforeReading.STRICT,
) -> Meaning:
    """The one meaning of a message. Where its parts tell different things of different work, it is not sure of any.

    `last_valid_on` is the day after which the assignment is late, with extensions; None when it has no deadline.
    """
    meanings = read_answers(text, today=today, last_valid_on=last_valid_on, calendar=calendar, before=before)
    if len(meanings) == 1:
        return meanings[0]
    numbers = tuple(dict.fromkeys(number for meaning in meanings for number in meaning.numbers))
    if len({meaning.intent for meaning in meanings}) == 1:
        weakest = min(meanings, key=lambda meaning: meaning.confidence)
        return replace(weakest, numbers=numbers)
    told = next(meaning for meaning in meanings if meaning.intent is not Intent.DONE)
    return replace(told, numbers=numbers, confidence=0.5, explanation="nhiều việc, mỗi việc một ý: " + told.explanation)


def read_answers(
    text: str,
    *,
    today: date,
    last_valid_on: date | None,
    calendar: WorkCalendar,
    before: BeforeReading = BeforeReading.STRICT,
) -> list[Meaning]:
    """One meaning for each set of assignment numbers: "12 xong, 13 đang làm" is two. Never empty, never raises."""
    whole = cleaned(text)
    frame = Frame(today, last_valid_on, calendar, before)
    clauses = clauses_of(words_of(join_lists(whole)))
    groups = groups_of(clauses)
    if not groups:
        return [Meaning(Intent.UNKNOWN, 0.3, "không có chữ nào")]
    meanings = [_weigh(group, whole, frame) for group in groups]
    if whole.rstrip(" .!…").endswith("?"):
        meanings[-1] = _doubt_done(meanings[-1], "câu hỏi ở cuối tin")
        meanings = [_doubt_done(each, "tin có câu hỏi") for each in meanings]
    if len(whole) > LONGEST_TEXT or any(len(clause.words) >= LONGEST_CLAUSE for clause in clauses):
        meanings = [_unsure(_doubt_done(each, "tin quá dài"), "tin quá dài") for each in meanings]
    return meanings


def _doubt_done(meaning: Meaning, why: str) -> Meaning:
    if meaning.intent is not Intent.DONE:
        return meaning
    return replace(meaning, intent=Intent.QUESTION, confidence=0.6, explanation=f"{why}; {meaning.explanation}")


def _unsure(meaning: Meaning, why: str) -> Meaning:
    return replace(meaning, confidence=min(meaning.confidence, 0.5), explanation=f"{meaning.explanation}; {why}")


# --- weighing -----------------------------------------------------------------------------------------------------

_ORDER = (Kind.WRONG_UNIT, Kind.EXTENSION, Kind.QUESTION, Kind.BLOCKED)
"""What outweighs any word of progress beside it, in this order."""


def _weigh(group: Sequence[Clause], whole: str, frame: Frame) -> Meaning:
    facts = [fact for clause in group for fact in facts_of(clause, today=frame.today)]
    kinds = {fact.kind for fact in facts}
    amounts = [amount for clause in group if (amount := amount_of(clause)) is not None]
    meaning = _outweighing(facts, kinds, amounts) or _progress(facts, kinds, amounts)
    meaning = replace(
        meaning,
        numbers=numbers_of(group),
        document_no=_document_no(group),
        is_nothing_new=Kind.NOTHING_NEW in kinds,
        is_unblocked=Kind.FREED in kinds and meaning.intent is not Intent.BLOCKED,
    )
    if meaning.intent is Intent.DONE and any(word.is_strange for clause in group for word in clause.words):
        meaning = replace(
            meaning, confidence=min(meaning.confidence, 0.75), explanation=f"{meaning.explanation}; có chữ lạ"
        )
    if meaning.intent is Intent.EXTENSION:
        meaning = _with_day(meaning, group, facts, frame)
    if meaning.intent in {Intent.EXTENSION, Intent.BLOCKED, Intent.WRONG_UNIT}:
        meaning = replace(meaning, reason=_reason(meaning.intent, group, facts, whole))
    return meaning


def _outweighing(facts: Sequence[Fact], kinds: set[Kind], amounts: Sequence[Amount]) -> Meaning | None:
    for kind in _ORDER:
        found = [fact for fact in facts if fact.kind is kind]
        if not found:
            continue
        best = max(found, key=lambda fact: fact.confidence)
        if kind is Kind.BLOCKED and _only_waits(found, facts, amounts):
            return None
        confidence = min(best.confidence, 0.75) if _contradicts(kind, kinds) else best.confidence
        return Meaning(_INTENTS[kind], confidence, best.why, percent=_percent(amounts))
    return None


_INTENTS = {
    Kind.WRONG_UNIT: Intent.WRONG_UNIT,
    Kind.EXTENSION: Intent.EXTENSION,
    Kind.QUESTION: Intent.QUESTION,
    Kind.BLOCKED: Intent.BLOCKED,
}


def _only_waits(found: Sequence[Fact], facts: Sequence[Fact], amounts: Sequence[Amount]) -> bool:
    """ "Đang làm 60%, chờ số liệu": a figure of progress says more than what is waited for."""
    if all(fact.clause.is_reason for fact in found) and any(fact.kind is Kind.FUTURE for fact in facts):
        return True
    is_waiting = all({"wait", "cho", "doi"} & set(fact.matched.split()[:2]) for fact in found)
    told = {fact.kind for fact in facts}
    return is_waiting and (bool(told & {Kind.ALMOST, Kind.PART}) or _percent(amounts) is not None)


def _contradicts(kind: Kind, kinds: set[Kind]) -> bool:
    if kind is Kind.QUESTION:
        return bool(kinds & {Kind.DONE, Kind.WRONG_UNIT, Kind.BLOCKED})
    if kind is Kind.BLOCKED:
        return Kind.DONE in kinds
    return kind is Kind.EXTENSION and Kind.DONE in kinds


_UNFINISHED = frozenset(
    {
        Kind.UNFINISHED,
        Kind.FUTURE,
        Kind.ALMOST,
        Kind.PART,
        Kind.STARTED,
        Kind.CONDITION,
        Kind.NOT_STARTED,
        Kind.NOTHING_NEW,
        Kind.DOUBT,
    }
)
_BY_STRENGTH = (
    Kind.PART,
    Kind.STARTED,
    Kind.ALMOST,
    Kind.FUTURE,
    Kind.UNFINISHED,
    Kind.NOTHING_NEW,
    Kind.FREED,
    Kind.DEED,
    Kind.CONDITION,
)


def _progress(  # noqa: PLR0911 -- one return an outcome
    facts: Sequence[Fact], kinds: set[Kind], amounts: Sequence[Amount]
) -> Meaning:
    """Done only when nothing said leaves a part undone; then under way, then not begun, then a nod."""
    percent = _percent(amounts)
    is_partial = bool(amounts) and percent != FULL
    done = [fact for fact in facts if fact.kind is Kind.DONE]
    if done and not is_partial and not kinds & (_UNFINISHED | {Kind.HEARSAY}):
        best = max(done, key=lambda fact: fact.confidence)
        confidence = min(best.confidence, 0.75) if Kind.DEED in kinds else best.confidence
        return Meaning(Intent.DONE, confidence, best.why, percent=percent)
    if Kind.HEARSAY in kinds and kinds & {Kind.NOT_STARTED, Kind.UNFINISHED, Kind.STARTED}:
        return Meaning(Intent.IN_PROGRESS, 0.7, _why(facts, Kind.HEARSAY))
    if Kind.HEARSAY in kinds and not amounts:
        return Meaning(Intent.UNKNOWN, 0.4, _why(facts, Kind.HEARSAY))
    if Kind.NOT_STARTED in kinds and not kinds & {Kind.PART, Kind.STARTED, Kind.ALMOST, Kind.DONE} and not percent:
        best = max((fact for fact in facts if fact.kind is Kind.NOT_STARTED), key=lambda fact: fact.confidence)
        return Meaning(Intent.NOT_STARTED, best.confidence, best.why, percent=percent)
    if amounts and percent == 0 and not kinds & {Kind.STARTED, Kind.DONE}:
        return Meaning(Intent.NOT_STARTED, 0.85, "0%", percent=0)
    if amounts or kinds & set(_BY_STRENGTH) or Kind.NOT_STARTED in kinds or (done and Kind.DOUBT in kinds):
        return _under_way(facts, kinds, amounts, has_done=bool(done))
    if Kind.ACKNOWLEDGED in kinds:
        best = max((fact for fact in facts if fact.kind is Kind.ACKNOWLEDGED), key=lambda fact: fact.confidence)
        return Meaning(Intent.ACKNOWLEDGED, 0.6 if Kind.OTHER in kinds else best.confidence, best.why)
    return Meaning(Intent.UNKNOWN, 0.3, "không có chữ nào trong từ điển")


def _under_way(facts: Sequence[Fact], kinds: set[Kind], amounts: Sequence[Amount], *, has_done: bool) -> Meaning:
    percent = _percent(amounts)
    strongest = next((kind for kind in _BY_STRENGTH if kind in kinds), None)
    told = [fact for fact in facts if fact.kind is strongest]
    confidence = max((fact.confidence for fact in told), default=0.9 if amounts else 0.7)
    if amounts:
        confidence = max(confidence, 0.9) if all(amount.is_sure for amount in amounts) else 0.7
    if strongest is None and has_done:
        confidence = 0.6
    if has_done and strongest in {Kind.FUTURE, Kind.CONDITION, Kind.STARTED, Kind.NOT_STARTED}:
        confidence = min(confidence, 0.75)
    if percent == FULL:
        confidence = min(confidence, 0.7)
    why = told[0].why if told else amounts[0].why if amounts else "đang làm"
    return Meaning(Intent.IN_PROGRESS, confidence, why, percent=percent)


def _why(facts: Sequence[Fact], kind: Kind) -> str:
    return next(fact.why for fact in facts if fact.kind is kind)


def _percent(amounts: Sequence[Amount]) -> int | None:
    """The one figure; none when two disagree."""
    percents = {amount.percent for amount in amounts if amount.percent is not None}
    return percents.pop() if len(percents) == 1 else None


# --- slots --------------------------------------------------------------------------------------------------------

_CITED = lexicon.words(
    r"(?:theo|thuc hien|can cu|trien khai|chap hanh|tiep theo|(?<!van ban )(?<!cong van )(?:phuc dap|tra loi)"
    r"|wait|doi|cho)(?: \S+){0,3} ?$"
)


def _document_no(group: Sequence[Clause]) -> str | None:
    """The number of the paper spoken of; a paper only cited ("thực hiện công văn số …") is not the one handed in."""
    found: list[str] = []
    for clause in group:
        for place, word in enumerate(clause.words):
            if word.plain == "@doc" and not _CITED.search(" ".join(each.plain for each in clause.words[:place])):
                found.append("".join(word.value.split()))
    return found[-1] if found else _bare_number(group)


def _bare_number(group: Sequence[Clause]) -> str | None:
    """ "báo cáo số 215 ngày 30/10": a number without its letters, between "số" and the day of the paper."""
    for clause in group:
        plain = [word.plain for word in clause.words]
        for place in range(2, len(plain) - 2):
            if plain[place - 2 : place] == ["cao", "so"] and plain[place].isdecimal() and plain[place + 1] == "ngay":
                return plain[place]
    return None


def _with_day(meaning: Meaning, group: Sequence[Clause], facts: Sequence[Fact], frame: Frame) -> Meaning:
    asking = [fact.clause for fact in facts if fact.kind is Kind.EXTENSION]
    day = _first_day(asking, frame)
    elsewhere = _first_day(
        [clause for clause in group if clause not in asking and not _is_beside_the_ask(clause)], frame
    )
    if day.on is not None and elsewhere.on not in (None, day.on):
        day = Day(None, is_sure=False, why="nêu hơn một ngày")
    if day.on is None and day.is_sure:
        day = elsewhere
    if day is NOTHING and any(_NAMES_A_TIME.search(clause.said) for clause in asking):
        day = Day(None, is_sure=False, why="có nêu một mốc không đọc được")
    if day.is_in_time and all(
        _HANDS_IN.search(clause.said) and not _MORE_TIME.search(clause.said) for clause in asking
    ):
        return replace(meaning, intent=Intent.IN_PROGRESS, confidence=0.7, explanation=day.why)
    confidence = meaning.confidence if day.is_sure else min(meaning.confidence, 0.6 if day.on is None else 0.7)
    return replace(meaning, requested_on=day.on, confidence=confidence, explanation=f"{meaning.explanation}; {day.why}")


_HANDS_IN = lexicon.words(r"gui|nop|bao cao|trinh|xong")
_MORE_TIME = lexicon.words(r"gia han|lui|doi|hoan|khat|cham|tre|them|keo dai|thoi han|han")
_NAMES_A_TIME = lexicon.words(r"(?:den|sang|truoc|cham nhat|vao|het) \S+")
_BESIDE = lexicon.words(r"chua|khong|da|qua|vuong")


def _is_beside_the_ask(clause: Clause) -> bool:
    """A day inside a reason, a denial or a thing past is not the day asked for."""
    return clause.is_reason or _BESIDE.search(clause.said) is not None


def _first_day(clauses: Sequence[Clause], frame: Frame) -> Day:
    """The day these clauses name; two different ones are none."""
    return requested_day(" | ".join(clause.asking for clause in clauses), frame)


def _reason(intent: Intent, group: Sequence[Clause], facts: Sequence[Fact], whole: str) -> str | None:
    """After "vì", "do"; else the words of the difficulty themselves. As written."""
    reasons = [clause for clause in group if clause.is_reason and clause.words]
    if not reasons and intent is not Intent.EXTENSION:
        kind = Kind.BLOCKED if intent is Intent.BLOCKED else Kind.WRONG_UNIT
        reasons = [fact.clause for fact in facts if fact.kind is kind and fact.clause.words][:1]
    if not reasons and intent is Intent.EXTENSION:
        reasons = [fact.clause for fact in facts if fact.kind is Kind.BLOCKED and fact.clause.words][:1]
    if not reasons:
        return None
    first, last = reasons[0], reasons[-1]
    said = whole[first.words[0].start : last.words[-1].end].strip(" ,;:-.")
    return said or None
