"""What approving a letter would do, shown; and done on a yes to exactly what was shown."""

from dataclasses import replace

from bot.conversation import buttons, dialogs
from bot.conversation.incoming import Reply
from bot.conversation.letter_changes_told import tell_units_of_changes
from bot.conversation.letter_words import became_work
from bot.conversation.letters_found import found_open, knowledge_of
from bot.conversation.turn import Turn
from bot.conversation.understand import Understood
from bot.web.sentences import obstacle_words
from models.errors import FileProblemsError, StaleDraftError
from planner import audit
from planner.letters.approve_letter import NotApprovableError, approve_letter
from planner.letters.correct_letter import discard_letter
from planner.letters.letters import LetterView, coordinating_code
from planner.letters.planned import Obstacle
from reminders.channel import Button
from reminders.preview_letter import Preview, ToldUnit, preview_letter

SHOWN = 3
OBSTACLES_SHOWN = 5
NUMBERS_SHOWN = 12


async def approve(turn: Turn, understood: Understood) -> list[Reply]:
    """ "duyệt văn bản 3" shows it; the yes carries the version that was shown, and does it for no other."""
    letter = await found_open(turn, understood)
    if isinstance(letter, list):
        return letter
    if not understood.is_confirmed:
        return await _shown(turn, letter)
    if understood.page != letter.version:
        return await _shown(turn, letter, has_changed=True)
    return await _done(turn, letter, shown=understood.rest)


async def _shown(turn: Turn, letter: LetterView, *, has_changed: bool = False) -> list[Reply]:
    wording, knowledge = turn.voice.wording, await knowledge_of(turn)
    try:
        preview = await preview_letter(
            turn.session, letter, coordinating=coordinating_code(turn.person), knowledge=knowledge, said=turn.said(),
            calendar=wording.calendar, before=wording.before,
        )  # fmt: skip
    except NotApprovableError as error:
        return _not_yet(turn, letter, error.obstacles)
    except FileProblemsError as error:
        return turn.say("letter_problems", letter=letter, problems=error.problems[:OBSTACLES_SHOWN])
    difference = preview.approved.difference
    if difference is not None and difference.is_empty:
        return await _nothing_new(turn, letter, difference.plan_code)
    return _told(turn, letter, preview, has_changed=has_changed)


def _told(turn: Turn, letter: LetterView, preview: Preview, *, has_changed: bool) -> list[Reply]:
    is_new = preview.approved.difference is None
    yes = f"duyet van ban {letter.id} ban {letter.version}-{preview.approved.mark} dong y"
    return turn.say(
        "letter_preview",
        letter=letter,
        has_changed=has_changed,
        preview=preview,
        difference=preview.approved.difference,
        plan_code=preview.approved.loaded.plan_code,
        first=first_of(preview.told),
        unreached=[unit.unit_name for unit in preview.told if not unit.is_reachable],
        shown=SHOWN,
        asked=len(letter.open_questions()),
        buttons=buttons.row(
            Button("Duyệt và giao" if is_new else "Cập nhật", yes),
            Button("Chưa" if is_new else "Thôi", f"de sau van ban {letter.id}"),
        ),
    )


def first_of(told: tuple[ToldUnit, ...]) -> ToldUnit | None:
    """Who of them hears of it first; None: nobody."""
    heard = {unit.first_at: unit for unit in told if unit.is_reachable and unit.first_at is not None}
    return heard[min(heard)] if heard else None


def _not_yet(turn: Turn, letter: LetterView, obstacles: tuple[Obstacle, ...]) -> list[Reply]:
    lines = obstacle_lines(obstacles)
    return turn.say(
        "letter_not_yet",
        letter=letter,
        lines=lines[:OBSTACLES_SHOWN],
        more=len(lines[OBSTACLES_SHOWN:]),
        buttons=buttons.row(
            Button("Trả lời câu hỏi", f"cau hoi {letter.id}") if letter.next_question() else None,
            Button("Hỏi lại", f"hoi lai {letter.id}") if letter.later else None,
            Button("Xem bản nháp", f"nhap {letter.id}"),
        ),
    )


def obstacle_lines(obstacles: tuple[Obstacle, ...]) -> list[str]:
    """One line for what stands in the way of several duties alike: "Việc 1, 2, 3: chưa có đơn vị chủ trì."."""
    alike: dict[Obstacle, list[int]] = {}
    for each in obstacles:
        numbers = alike.setdefault(replace(each, number=None), [])
        numbers += [each.number] if each.number is not None else []
    return [_line(obstacle, numbers) for obstacle, numbers in alike.items()]


def _line(obstacle: Obstacle, numbers: list[int]) -> str:
    if not numbers:
        return obstacle_words(obstacle)
    first = obstacle_words(replace(obstacle, number=numbers[0]))
    listed = ", ".join(map(str, numbers[:NUMBERS_SHOWN])) + ("…" if len(numbers) > NUMBERS_SHOWN else "")
    return first.replace(f"Việc {numbers[0]}", f"Việc {listed}", 1)


async def _nothing_new(turn: Turn, letter: LetterView, plan_code: str) -> list[Reply]:
    """All of it is tracked already: there is nothing to agree to, and the draft is closed."""
    try:
        await discard_letter(turn.session, letter, said=turn.said())
    except StaleDraftError:
        return turn.say("letter_stale", letter=letter)
    return turn.say("letter_nothing_new", letter=letter, plan_code=plan_code)


async def _done(turn: Turn, letter: LetterView, *, shown: str) -> list[Reply]:
    knowledge = await knowledge_of(turn)
    try:
        async with audit.all_or_nothing(turn.session):
            approved = await approve_letter(
                turn.session, letter, coordinating=coordinating_code(turn.person), knowledge=knowledge,
                said=turn.said(), shown=shown,
            )  # fmt: skip
    except (NotApprovableError, FileProblemsError, StaleDraftError):  # the units, another plan, the draft itself
        return await _shown(turn, letter, has_changed=True)
    await tell_units_of_changes(turn.session, turn.voice, letter, approved, now=turn.now)
    await dialogs.close(turn.session, turn.incoming)
    return [became_work(turn.voice, letter, approved)]
