"""Letters as they are looked at: one with its draft, those of a person, and who may see and change which."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from models.columns import columns_of
from models.letter import Letter
from models.plan import Plan
from models.terms import LetterState, Role
from planner.letters.stored_draft import draft_of, paper_of
from planner.people import KnownPerson
from planner.reading.draft import LetterDraft, Question
from planner.reading.paper import Paper

SENDERS = frozenset({Role.COORDINATOR, Role.ADMIN})
"""Who may send letters to be read."""

_l, _p = columns_of(Letter), columns_of(Plan)


@dataclass(frozen=True, slots=True)
class LetterView:
    """Một văn bản đã gửi đến. `draft` is None until it was read; `plan_code` once it was approved."""

    id: int
    person_id: int | None
    channel: str
    bot: str
    chat: str
    sha256: str | None
    file_name: str
    media_type: str
    size: int
    state: LetterState
    reason: str | None
    received_at: datetime
    draft: LetterDraft | None
    later: tuple[str, ...]
    version: int
    plan_id: int | None
    plan_code: str | None
    ended_at: datetime | None

    @property
    def is_open(self) -> bool:
        return self.state is LetterState.READ

    @property
    def title(self) -> str:
        """ "Công văn 1487/UBND-NC"; the name of the file until a number is known."""
        header = self.draft.header if self.draft is not None else None
        if header is None or not header.number.value:
            return self.file_name
        return f"{header.kind.value or 'Văn bản'} {header.number.value}"

    def open_questions(self) -> list[Question]:
        """Those not answered yet; the ones put off come last."""
        questions = list(self.draft.questions) if self.draft is not None else []
        return sorted(questions, key=lambda question: question.key in self.later)

    def next_question(self) -> Question | None:
        """The first that was not put off."""
        return next((each for each in self.open_questions() if each.key not in self.later), None)


def may_send_letters(person: KnownPerson) -> bool:
    return any(place.role in SENDERS for place in person.places)


def may_correct(person: KnownPerson, letter: LetterView) -> bool:
    """Whoever sent it, as long as they may send letters, and admins."""
    is_admin = any(place.role is Role.ADMIN for place in person.places)
    return is_admin or (letter.person_id == person.id and may_send_letters(person))


def coordinating_code(person: KnownPerson) -> str | None:
    """The unit for which they would urge what a letter gives; None: an admin who coordinates for none."""
    return min((place.unit_code for place in person.places if place.role is Role.COORDINATOR), default=None)


async def load_letter(session: AsyncSession, letter_id: int) -> LetterView | None:
    row = (await session.execute(_views().where(_l.id == letter_id))).one_or_none()
    return None if row is None else _view(row)


async def load_paper(session: AsyncSession, letter_id: int) -> Paper | None:
    """What was read, to show beside the draft."""
    facts = (await session.execute(select(_l.paper).where(_l.id == letter_id))).scalar_one_or_none()
    return None if facts is None else paper_of(facts)


async def letters_of(
    session: AsyncSession, person_id: int, *, states: Collection[LetterState] = (LetterState.READ,), most: int = 20
) -> list[LetterView]:
    """The newest first."""
    query = _views().where(_l.person_id == person_id, _l.state.in_(states)).order_by(_l.id.desc()).limit(most)
    return [_view(row) for row in await session.execute(query)]


async def letters_with_sum(session: AsyncSession, sha256: str) -> list[LetterView]:
    """Every copy of the same bytes that was not refused or given up, the oldest first."""
    standing = (LetterState.RECEIVED, LetterState.READ, LetterState.APPROVED)
    query = _views().where(_l.sha256 == sha256, _l.state.in_(standing)).order_by(_l.id)
    return [_view(row) for row in await session.execute(query)]


async def named_letters(session: AsyncSession, sums: Collection[str], *, but: int = 0) -> set[str]:
    """Of these sums of files those some letter keeps, not counting `but`; one that was given up keeps nothing."""
    kept = (LetterState.RECEIVED, LetterState.READ, LetterState.APPROVED)
    query = select(_l.sha256).where(_l.sha256.in_(sums), _l.state.in_(kept), _l.id != but)
    return set((await session.execute(query)).scalars())


def _views() -> Select[Any]:
    return select(
        *(_l[name] for name in _COLUMNS), _p.code.label("plan_code")
    ).outerjoin(Plan, _p.id == _l.plan_id)  # fmt: skip


_COLUMNS = (
    "id", "person_id", "channel", "bot", "chat", "sha256", "file_name", "media_type", "size", "state", "reason",
    "received_at", "draft", "later", "version", "plan_id", "ended_at",
)  # fmt: skip


def _view(row: Any) -> LetterView:
    facts = {name: getattr(row, name) for name in (*_COLUMNS, "plan_code")}
    facts["draft"] = None if row.draft is None else draft_of(row.draft)
    facts["later"] = tuple(row.later)
    return LetterView(**facts)
