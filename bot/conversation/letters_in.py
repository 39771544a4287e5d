"""A file from somebody who may send letters: is it a letter to be read, or evidence of their own unit's work?"""

from dataclasses import replace

from bot.conversation import dialogs, evidence
from bot.conversation.dialogs import Expects
from bot.conversation.free_text import speaks_of_work
from bot.conversation.incoming import Reply
from bot.conversation.letter_forms import CALLED_A_LETTER
from bot.conversation.letter_words import KIND_WORDS, PICTURES, received
from bot.conversation.letters_found import found, summed_up
from bot.conversation.permissions import Action, may
from bot.conversation.turn import Turn
from bot.conversation.understand import Understood, fold_in_place
from models.errors import StaleDraftError
from models.terms import LetterState
from planner.hand_in_evidence import GivenFile
from planner.letters.correct_letter import discard_letter
from planner.letters.letters import LetterView, letters_with_sum, load_letter
from planner.letters.receive_letter import receive_letter

_ALBUM = "letter_album"


async def is_letter(turn: Turn, given: GivenFile, album: str | None) -> bool:
    """A document or a picture, unless the caption, the message replied to or an open question is about some work.

    Who answers for no unit sends nothing but letters; a caption that says "công văn" decides for everybody. A caption
    that was only edited leaves a letter what it is, and makes none of what was evidence.
    """
    if not may(turn.person, Action.SEND_LETTER):
        return False
    if given.media_type not in KIND_WORDS:
        return False
    if not may(turn.person, Action.REPORT) or calls_it_a_letter(turn.text):
        return True
    if evidence.names_work(turn.text) or (turn.text and speaks_of_work(turn)):
        return False
    if turn.incoming.edits is not None:
        return await _has_come(turn, given)
    return not await evidence.is_expected(turn, album)


async def _has_come(turn: Turn, given: GivenFile) -> bool:
    copies = await letters_with_sum(turn.session, given.sha256)
    return any(each.person_id == turn.person.id and each.state in _STANDING for each in copies)


_STANDING = (LetterState.RECEIVED, LetterState.READ)


def calls_it_a_letter(text: str) -> bool:
    return CALLED_A_LETTER.fullmatch(fold_in_place(text)) is not None


async def take(turn: Turn, given: GivenFile, album: str | None) -> list[Reply]:
    """Keep it to be read, say so at once; the same file again tells where it stands."""
    if album is not None and given.media_type in PICTURES:
        if (instead := await _later_page(turn, album)) is not None:
            return instead
        await dialogs.ask(
            turn.session, turn.incoming, Expects.NOTHING, {"assignment_id": None, _ALBUM: album}, now=turn.now
        )
    incoming = turn.incoming
    came = await receive_letter(
        turn.session, given, person_id=turn.person.id, channel=incoming.channel, bot=incoming.bot, chat=incoming.chat,
        now=turn.now,
    )  # fmt: skip
    if came.known is not None:
        return await _known(turn, came.known)
    letter = await load_letter(turn.session, came.letter_id)
    assert letter is not None, "it was kept a moment ago"
    return [received(turn.voice, letter, is_evidence_too=may(turn.person, Action.REPORT))]


async def _later_page(turn: Turn, album: str) -> list[Reply] | None:
    """Pictures of one album are not put together: one of them is read, and for the others one sentence is said."""
    question = await dialogs.open_question(turn.session, turn.incoming, now=turn.now)
    if question is None or question.facts.get(_ALBUM) != album:
        return None
    if question.facts.get("said"):
        return []
    await dialogs.ask(turn.session, turn.incoming, question.expects, question.facts | {"said": True}, now=turn.now)
    return turn.say("letter_album")


async def _known(turn: Turn, known: LetterView) -> list[Reply]:
    if known.state is LetterState.RECEIVED:
        return turn.say("letter_state", letter=known)
    if known.is_open:
        return await summed_up(turn, known)
    return turn.say("letter_state", letter=known)


async def as_evidence(turn: Turn, understood: Understood) -> list[Reply]:
    """ "Đây là minh chứng": the letter is given up, and its file goes the way of any piece of evidence."""
    letter = await found(turn, understood)
    if isinstance(letter, list):
        return letter
    if not may(turn.person, Action.REPORT):
        return turn.say("not_allowed", intent="evidence")
    if letter.sha256 is None or letter.state not in _STANDING:
        return turn.say("letter_state", letter=letter)
    try:
        await discard_letter(turn.session, letter, said=turn.said())
    except StaleDraftError:
        return turn.say("letter_stale", letter=letter)
    given = GivenFile(letter.sha256, letter.file_name, letter.media_type, letter.size)
    # the words of a tap are no caption, and the message it stands under is about no work
    bare = replace(turn, text="", incoming=replace(turn.incoming, reply_to=None, is_tap=False))
    return await evidence.take(bare, given, None, _no_words)


async def _no_words() -> list[Reply]:
    return []


def refuse(turn: Turn, taken: GivenFile | evidence.NotTaken) -> list[Reply]:
    """A file of somebody who answers for no unit, and which is no letter."""
    if not may(turn.person, Action.SEND_LETTER):
        return turn.say("not_allowed", intent="evidence")
    if isinstance(taken, evidence.NotTaken):
        return turn.say("evidence_refused", file=taken)
    return turn.say("letter_kind")


def offer_to_read(turn: Turn, taken: GivenFile | evidence.NotTaken, replies: list[Reply]) -> list[Reply]:
    """What was taken for evidence may have been meant as a letter: one line says how to tell."""
    is_readable = isinstance(taken, GivenFile) and taken.media_type in KIND_WORDS
    if not replies or turn.text or not is_readable or not may(turn.person, Action.SEND_LETTER):
        return replies
    (line,) = turn.say("letter_instead")
    return [replace(replies[0], text=f"{replies[0].text}\n{line.text}"), *replies[1:]]
