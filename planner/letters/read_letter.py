"""Letters that wait to be read: taken under a lease, and what came of it written only while the lease is ours."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from models.columns import columns_of
from models.errors import Unreadable
from models.letter import Letter
from models.terms import LetterState
from planner import audit
from planner.letters.stored_draft import draft_facts, paper_facts
from planner.reading.draft import LetterDraft
from planner.reading.paper import Paper

MAX_ATTEMPTS = 3
"""A letter at which the whole process fell over so often is refused, or it would do so for ever."""

_l = columns_of(Letter)


@dataclass(frozen=True, slots=True)
class ClaimedLetter:
    """Một văn bản đang được đọc, by whoever holds `token`."""

    id: int
    person_id: int | None
    channel: str
    bot: str
    chat: str
    sha256: str
    file_name: str
    attempts: int
    token: str


async def claim_letter(session: AsyncSession, *, now: datetime, lease: timedelta) -> ClaimedLetter | None:
    """The oldest that waits, held until `now` + `lease`; None: nothing waits. The caller commits."""
    waiting = (
        select(_l.id)
        .where(_l.state == LetterState.RECEIVED, _l.read_after <= now)
        .order_by(_l.read_after, _l.id)
        .limit(1)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    token = secrets.token_hex(16)
    claimed = (
        update(Letter)
        .where(_l.id == waiting, _l.state == LetterState.RECEIVED, _l.read_after <= now)
        .values(lease_token=token, read_after=now + lease, attempts=_l.attempts + 1)
        .returning(*(_l[name] for name in _CLAIMED))
    )
    row = (await session.execute(claimed)).mappings().one_or_none()
    return None if row is None else ClaimedLetter(**row, token=token)


_CLAIMED = ("id", "person_id", "channel", "bot", "chat", "sha256", "file_name", "attempts")


async def hold_on(session: AsyncSession, letter: ClaimedLetter, *, now: datetime, lease: timedelta) -> bool:
    """Keep the lease a while longer; False: it is somebody else's by now."""
    return await _write(session, letter, {"read_after": now + lease})


async def keep_draft(
    session: AsyncSession, letter: ClaimedLetter, paper: Paper, draft: LetterDraft, *, now: datetime
) -> bool:
    """It was read; False, and nothing is written, when the lease was lost meanwhile."""
    facts = {
        "state": LetterState.READ, "paper": paper_facts(paper), "draft": draft_facts(draft), "lease_token": None,
        "version": 1,
    }  # fmt: skip
    if not await _write(session, letter, facts):
        return False
    after = {"letter": letter.id, "duties": len(draft.obligations), "questions": len(draft.questions)}
    await _record(session, letter, "letter-read", after, now=now)
    return True


async def refuse_letter(
    session: AsyncSession, letter: ClaimedLetter, reason: Unreadable | str, *, now: datetime
) -> bool:
    """It cannot or may not be read. `reason` is of UnreadableFileError, or "secret": of it nothing at all is kept."""
    facts: dict[str, Any] = {
        "state": LetterState.REFUSED, "reason": reason, "sha256": None, "lease_token": None, "ended_at": now,
    }  # fmt: skip
    if reason == "secret":
        facts["file_name"] = "văn bản mật"
    if not await _write(session, letter, facts):
        return False
    await _record(session, letter, "letter-refused", {"letter": letter.id, "reason": reason}, now=now)
    return True


async def put_back(session: AsyncSession, letter: ClaimedLetter, *, again_at: datetime, was_tried: bool = True) -> bool:
    """Something of ours failed: it is read again from then on. Not `was_tried`: we stopped, and that counts not."""
    attempts = letter.attempts if was_tried else letter.attempts - 1
    return await _write(session, letter, {"lease_token": None, "read_after": again_at, "attempts": attempts})


async def some_wait(session: AsyncSession, *, now: datetime) -> bool:
    """Whether any is due: a look that writes nothing, for whoever asks often."""
    query = select(_l.id).where(_l.state == LetterState.RECEIVED, _l.read_after <= now).limit(1)
    return (await session.execute(query)).first() is not None


async def _write(session: AsyncSession, letter: ClaimedLetter, facts: dict[str, Any]) -> bool:
    ours = update(Letter).where(_l.id == letter.id, _l.lease_token == letter.token).values(facts)
    return bool((await session.execute(ours)).rowcount)  # type: ignore[attr-defined]


async def _record(
    session: AsyncSession, letter: ClaimedLetter, action: str, after: dict[str, Any], *, now: datetime
) -> None:
    await audit.record(session, action, now=now, channel=letter.channel, person_id=letter.person_id, after=after)
