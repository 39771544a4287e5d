"""The days people name in passing: the one they promise, and the one they ask for. Pure; no day rather than a guess."""

from datetime import date

from bot.conversation.meaning import SURE, Intent, read_answers
from bot.conversation.meaning_clauses import clauses_of, join_lists
from bot.conversation.meaning_dates import Frame, requested_day
from bot.conversation.meaning_facts import Kind, facts_of
from bot.conversation.meaning_words import cleaned, words_of
from reminders.wording import Wording


def promised_day(text: str, *, today: date, wording: Wording) -> date | None:
    """ "Mai em gửi", "thứ 6 em nộp": the one day named beside a word of what is yet to come."""
    frame = Frame(today, None, wording.calendar, wording.before)
    clauses = clauses_of(words_of(join_lists(cleaned(text))))
    told = [clause for clause in clauses if any(fact.kind is Kind.FUTURE for fact in facts_of(clause, today=today))]
    days = [requested_day(clause.asking, frame) for clause in told]
    named = {day.on for day in days if day.on is not None}
    return named.pop() if len(named) == 1 and all(day.is_sure for day in days) else None


def day_asked_for(text: str, *, today: date, last_valid_on: date | None, wording: Wording) -> date | None:
    """The day a request names, "thêm 3 ngày" counted from the present last day; None unless surely one, and later."""
    for spelled in (text, f"xin lùi {text}", f"xin lùi đến {text}"):
        found = read_answers(
            spelled, today=today, last_valid_on=last_valid_on, calendar=wording.calendar, before=wording.before
        )
        if len(found) == 1 and found[0].intent is Intent.EXTENSION and found[0].requested_on is not None:
            return found[0].requested_on if found[0].confidence >= SURE else None
    return None
