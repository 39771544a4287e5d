"""A draft corrected by words: "sửa 3.5 hạn trước 20/12", "sửa văn bản 3 số 1487/UBND-NC", "bỏ việc 3.5",
"theo dõi lại việc 3.5".
"""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from bot.conversation import buttons
from bot.conversation.incoming import Reply
from bot.conversation.letter_words import duty_lines
from bot.conversation.letters_found import found_open, knowledge_of
from bot.conversation.turn import Turn
from bot.conversation.understand import Understood, fold_in_place
from models.errors import CorrectionError, StaleDraftError
from planner.letters.correct_letter import correct_letter
from planner.letters.corrections import DutyChange, with_duty, with_header
from planner.letters.letters import LetterView
from planner.reading.draft import DutyClass, LetterDraft
from planner.reading.read import Knowledge
from reminders.channel import Button
from reminders.wording import shorten

_OF_A_DUTY = re.compile(
    r"(?P<duty>[0-9]{1,3})\s(?:(?P<deadline>(?:thoi )?han)|(?P<lead>(?:don vi )?chu tri|don vi)"
    r"|(?P<supporting>(?:don vi )?phoi hop)|(?P<title>ten(?: viec)?|noi dung)|(?P<deliverable>ket qua|san pham))"
    r"\s?:?\s(?P<words>.+)"
)
_OF_THE_HEADER = re.compile(
    r"(?:(?P<number>so(?: ky hieu)?|ky hieu)|(?P<issued_on>ngay(?: ban hanh)?)|(?P<issuer>co quan(?: ban hanh)?)"
    r"|(?P<title>trich yeu|ve viec)|(?P<type>loai(?: van ban)?)|(?P<place>dia danh|noi ban hanh))\s?:?\s(?P<words>.+)"
)
_Change = Callable[[LetterDraft, Knowledge], LetterDraft]


async def change(turn: Turn, understood: Understood) -> list[Reply]:
    """One field of one duty, or of the head of the letter; what is typed is checked like any answer."""
    letter = await found_open(turn, understood)
    if isinstance(letter, list):
        return letter
    words = " ".join(understood.rest.split())
    folded = fold_in_place(words)
    if match := _OF_A_DUTY.fullmatch(folded):
        number, (field,) = int(match["duty"]), _named(match, "duty")
        said: dict[str, Any] = {field: words[match.start("words") :]}
        changed = DutyChange(**said)
        return await _made(turn, letter, lambda draft, known: with_duty(draft, number, changed, known), number)
    if match := _OF_THE_HEADER.fullmatch(folded):
        (field,), text = _named(match), words[match.start("words") :]
        return await _made(turn, letter, lambda draft, known: with_header(draft, field, text, known))
    return turn.say("letter_change_how", letter=letter)


def _named(match: re.Match[str], *others: str) -> list[str]:
    """The one field that was named."""
    return [name for name, said in match.groupdict().items() if said and name not in {"words", *others}]


async def leave_out(turn: Turn, understood: Understood) -> list[Reply]:
    """ "bỏ việc 3.5": it stays in the draft, and nobody will be asked for it."""
    letter = await found_open(turn, understood)
    if isinstance(letter, list):
        return letter
    number, changed = int(understood.rest), DutyChange(duty_class=DutyClass.PRINCIPLE)
    return await _made(turn, letter, lambda draft, known: with_duty(draft, number, changed, known), number)


async def take_up(turn: Turn, understood: Understood) -> list[Reply]:
    """ "theo dõi lại việc 3.5": what was left out is a task again."""
    letter = await found_open(turn, understood)
    if isinstance(letter, list):
        return letter
    number = int(understood.rest)
    return await _made(turn, letter, lambda draft, known: _taken_up(draft, number, known), number)


def _taken_up(draft: LetterDraft, number: int, knowledge: Knowledge) -> LetterDraft:
    """What is tracked already stays of its class: a report is no mere task."""
    is_tracked = 1 <= number <= len(draft.obligations) and draft.obligations[number - 1].is_tracked
    return with_duty(draft, number, DutyChange(duty_class=None if is_tracked else DutyClass.TASK), knowledge)


async def _made(turn: Turn, letter: LetterView, make: _Change, number: int | None = None) -> list[Reply]:
    knowledge = await knowledge_of(turn)
    try:
        corrected = await correct_letter(
            turn.session, letter, lambda draft: make(draft, knowledge), said=turn.said()
        )  # fmt: skip
    except CorrectionError as error:
        return turn.say("letter_change_refused", letter=letter, error=error)
    except StaleDraftError:
        return turn.say("letter_stale", letter=letter)
    return _echo(turn, corrected, number, knowledge)


def _echo(turn: Turn, letter: LetterView, number: int | None, knowledge: Knowledge) -> list[Reply]:
    draft = letter.draft
    assert draft is not None
    line = duty_lines(draft, knowledge, today=turn.today)[number - 1] if number else None
    asked = len(draft.questions)
    return turn.say(
        "letter_changed",
        letter=letter,
        line=replace(line, title=shorten(line.title, 80)) if line else None,
        header=draft.header,
        asked=asked,
        buttons=buttons.row(
            Button("Trả lời câu hỏi", f"cau hoi {letter.id}") if asked else None,
            Button("Xem bản nháp", f"nhap {letter.id}"),
            Button("Xem trước khi giao", f"duyet van ban {letter.id}"),
        ),
    )
