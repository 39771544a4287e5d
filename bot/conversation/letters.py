"""The letters a person sent: the list, one of them, its draft, its page, and what may be asked for by words."""

from collections.abc import Awaitable, Callable

from bot.conversation import buttons, dialogs
from bot.conversation.incoming import Reply
from bot.conversation.letter_approval import approve
from bot.conversation.letter_changes import change, leave_out, take_up
from bot.conversation.letter_questions import ask_all_again, ask_next, by_button
from bot.conversation.letter_words import duty_lines
from bot.conversation.letters_found import found, found_open, knowledge_of, summed_up
from bot.conversation.pages import page_of
from bot.conversation.permissions import Action
from bot.conversation.turn import Turn
from bot.conversation.understand import Intent, Understood
from models.errors import StaleDraftError
from models.terms import LetterState
from planner.letters.correct_letter import discard_letter
from planner.letters.letters import letters_of
from reminders.channel import Button

PAGE_FORM = "letter-page"
"""The outbox form of a link to a page: made at the moment of sending, so that its secret is kept nowhere."""

PER_PAGE = 6
MOST_LISTED = 10


async def list_letters(turn: Turn, understood: Understood) -> list[Reply]:
    """ "văn bản": those that wait for something, the newest first."""
    del understood
    open_ones = await letters_of(
        turn.session, turn.person.id, states=(LetterState.READ, LetterState.RECEIVED), most=MOST_LISTED
    )
    keys = [Button(f"Văn bản {letter.id}", f"van ban {letter.id}") for letter in open_ones if letter.is_open]
    return turn.say("letters", letters=open_ones, buttons=buttons.first_four(*keys))


async def show(turn: Turn, understood: Understood) -> list[Reply]:
    """ "văn bản 3": what stands in it and what can be done, or where it stands."""
    letter = await found(turn, understood)
    if isinstance(letter, list):
        return letter
    if not letter.is_open:
        return turn.say("letter_state", letter=letter)
    return await summed_up(turn, letter)


async def draft(turn: Turn, understood: Understood) -> list[Reply]:
    """ "nháp 3 trang 2"."""
    letter = await found_open(turn, understood)
    if isinstance(letter, list):
        return letter
    assert letter.draft is not None
    lines = duty_lines(letter.draft, await knowledge_of(turn), today=turn.today)
    page = page_of(len(lines), understood.page, size=PER_PAGE)
    more = f"nhap {letter.id} trang {page.number + 1}"
    return turn.say(
        "letter_draft",
        letter=letter,
        lines=lines[page.start : page.stop],
        total=len(lines),
        tracked=sum(line.is_tracked for line in lines),
        page=page,
        more=more,
        buttons=buttons.row(
            Button("Trang sau", more) if page.left else None,
            Button("Trả lời câu hỏi", f"cau hoi {letter.id}") if letter.draft.questions else None,
            Button("Xem trước khi giao", f"duyet van ban {letter.id}"),
        ),
    )


async def keep(turn: Turn, understood: Understood) -> list[Reply]:
    """ "để sau văn bản 3": nothing is given, nothing is lost."""
    letter = await found_open(turn, understood)
    if isinstance(letter, list):
        return letter
    await dialogs.close(turn.session, turn.incoming)
    return turn.say("letter_kept", letter=letter)


async def discard(turn: Turn, understood: Understood) -> list[Reply]:
    """ "bỏ văn bản 3", said twice: what was corrected in it does not come back."""
    letter = await found(turn, understood)
    if isinstance(letter, list):
        return letter
    if letter.state not in (LetterState.RECEIVED, LetterState.READ):
        return turn.say("letter_state", letter=letter)
    if not understood.is_confirmed:
        keys = (Button("Bỏ hẳn", f"bo van ban {letter.id} dong y"), Button("Giữ lại", f"de sau van ban {letter.id}"))
        return turn.say("letter_discard", letter=letter, buttons=buttons.row(*keys))
    try:
        await discard_letter(turn.session, letter, said=turn.said())
    except StaleDraftError:
        return turn.say("letter_stale", letter=letter)
    await dialogs.close(turn.session, turn.incoming)
    return turn.say("letter_discarded", letter=letter)


async def page(turn: Turn, understood: Understood) -> list[Reply]:
    """ "trang văn bản 3": the way in is made when the answer leaves, and is good for one opening."""
    letter = await found_open(turn, understood)
    if isinstance(letter, list):
        return letter
    if not turn.voice.offers_page:
        return turn.say("letter_no_page", letter=letter)
    return [Reply("", form=PAGE_FORM, facts={"letter_id": letter.id, "person_id": turn.person.id})]


_Handler = Callable[[Turn, Understood], Awaitable[list[Reply]]]
HANDLERS: dict[Intent, _Handler] = {
    Intent.LETTERS: list_letters,
    Intent.LETTER: show,
    Intent.LETTER_ANSWER: by_button,
    Intent.LETTER_QUESTION: ask_next,
    Intent.LETTER_ASK_AGAIN: ask_all_again,
    Intent.LETTER_DRAFT: draft,
    Intent.LETTER_CHANGE: change,
    Intent.LETTER_LEAVE_OUT: leave_out,
    Intent.LETTER_TAKE_UP: take_up,
    Intent.LETTER_DISCARD: discard,
    Intent.LETTER_APPROVE: approve,
    Intent.LETTER_KEEP: keep,
    Intent.LETTER_PAGE: page,
}
"""What answers each wish; LETTER_EVIDENCE goes on as a file does, and the conversation answers it itself."""

NEEDS: dict[Intent, Action] = dict.fromkeys((*HANDLERS, Intent.LETTER_EVIDENCE), Action.SEND_LETTER)
LOOKS = frozenset(
    {
        Intent.LETTERS, Intent.LETTER, Intent.LETTER_DRAFT, Intent.LETTER_PAGE, Intent.LETTER_ANSWER,
        Intent.LETTER_QUESTION, Intent.LETTER_ASK_AGAIN,
    }
)  # fmt: skip
"""These close no question but their own."""


def is_look(understood: Understood) -> bool:
    """Approving that is not agreed to yet only shows what would be done."""
    return understood.intent is Intent.LETTER_APPROVE and not understood.is_confirmed
