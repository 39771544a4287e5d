"""Use-case: a person corrects a draft, puts a question off, or gives the letter up; two at once never overwrite."""

from collections.abc import Callable, Collection
from dataclasses import replace
from typing import Any

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from models.columns import columns_of
from models.errors import StaleDraftError
from models.letter import Letter
from models.terms import LetterState
from planner import audit
from planner.letters.letters import LetterView
from planner.letters.stored_draft import draft_facts
from planner.reading.draft import LetterDraft
from planner.report_progress import Said

_l = columns_of(Letter)


async def correct_letter(
    session: AsyncSession, letter: LetterView, change: Callable[[LetterDraft], LetterDraft], *, said: Said
) -> LetterView:
    """The letter with its draft changed; the caller commits, and has asked `may_correct`.

    Raises StaleDraftError when the letter is not open any more or was changed since it was loaded, and whatever
    `change` raises (CorrectionError); then nothing was written.
    """
    if letter.draft is None or not letter.is_open:
        raise StaleDraftError(str(letter.id))
    draft = change(letter.draft)
    keys = {question.key for question in draft.questions}
    later = tuple(key for key in letter.later if key in keys)
    await _write(session, letter, {"draft": draft_facts(draft), "later": list(later)})
    await _record(session, letter, "letter-corrected", said, {"questions": len(keys)})
    return replace(letter, draft=draft, later=later, version=letter.version + 1)


async def put_off(session: AsyncSession, letter: LetterView, key: str, *, said: Said) -> LetterView:
    """ "Để sau": this question is not asked again by itself. Raises StaleDraftError."""
    later = (*(each for each in letter.later if each != key), key)
    await _write(session, letter, {"later": list(later)})
    await _record(session, letter, "letter-question-put-off", said, {"question": key})
    return replace(letter, later=later, version=letter.version + 1)


async def ask_again(session: AsyncSession, letter: LetterView, *, said: Said) -> LetterView:
    """What was put off is asked again. Raises StaleDraftError."""
    await _write(session, letter, {"later": []})
    del said
    return replace(letter, later=(), version=letter.version + 1)


async def discard_letter(session: AsyncSession, letter: LetterView, *, said: Said) -> None:
    """Nothing comes of it, read or not; its words go, its file with the next sweep. Raises StaleDraftError.

    Who is reading it just now loses the lease, and tells nobody.
    """
    facts = {
        "state": LetterState.DISCARDED, "draft": None, "paper": None, "sha256": None, "lease_token": None,
        "ended_at": said.at,
    }  # fmt: skip
    await _write(session, letter, facts, states=(LetterState.RECEIVED, LetterState.READ))
    await _record(session, letter, "letter-discarded", said, {})


async def _write(
    session: AsyncSession,
    letter: LetterView,
    facts: dict[str, Any],
    *,
    states: Collection[LetterState] = (LetterState.READ,),
) -> None:
    same = (_l.id == letter.id, _l.version == letter.version, _l.state.in_(states))
    written = await session.execute(update(Letter).where(*same).values(facts | {"version": letter.version + 1}))
    if not written.rowcount:  # type: ignore[attr-defined]
        raise StaleDraftError(str(letter.id))


async def _record(session: AsyncSession, letter: LetterView, action: str, said: Said, after: dict[str, Any]) -> None:
    await audit.record(
        session, action, now=said.at, channel=said.channel, person_id=said.person_id, said=said.text,
        after={"letter": letter.id} | after,
    )  # fmt: skip
