"""Which plan, if any, is tracked already under the document a letter is."""

from dataclasses import dataclass
from itertools import takewhile
from typing import Any

from rapidfuzz.fuzz import ratio
from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from models.columns import columns_of
from models.letter import Letter
from models.org_unit import OrgUnit
from models.plan import Plan
from models.terms import LetterState
from planner.letters.planned import free_code, issuer_code
from planner.plain_text import plain
from planner.reading.draft import LetterDraft
from planner.reading.read import Knowledge

SAME_SUBJECT = 90.0
"""Of 100: two subjects, where there is no number to go by."""

_l, _p, _u = columns_of(Letter), columns_of(Plan), columns_of(OrgUnit)


@dataclass(frozen=True, slots=True)
class TrackedPlan:
    """Kế hoạch đang theo dõi dưới cùng văn bản."""

    id: int
    code: str
    is_secret: bool


async def plan_of_document(
    session: AsyncSession, draft: LetterDraft, knowledge: Knowledge, *, sha256: str | None = None
) -> TrackedPlan | None:
    """The plan of the same file, else of the same number, issuer and year; None: the document is new.

    Without a number on either side it is the same only when issuer, day, kind and subject agree: "12/KH-UBND" is
    another paper in every commune, and a letter without a number is like every other one of its year.
    """
    if sha256 is not None and (row := (await session.execute(_of_file(sha256))).first()) is not None:
        return _tracked(row)
    issuer = issuer_code(draft, knowledge)
    for row in await session.execute(_plans().order_by(_p.id)):
        if row.issuer == issuer and _is_same(row, draft):
            return _tracked(row)
    return None


def _plans() -> Select[Any]:
    return select(
        _p.id, _p.code, _p.is_secret, _p.document_no, _p.issued_on, _p.valid_from, _p.title, _u.code.label("issuer")
    ).outerjoin(OrgUnit, _u.id == _p.issuer_unit_id)  # fmt: skip


def _of_file(sha256: str) -> Select[Any]:
    letters = select(_l.plan_id).where(_l.sha256 == sha256, _l.state == LetterState.APPROVED)
    return _plans().where(_p.id.in_(letters)).order_by(_p.id)


def _is_same(row: Any, draft: LetterDraft) -> bool:
    number, day = draft.header.number.value, draft.header.issued_on.base_on
    if number and row.document_no:
        return bool(_bare(number) == _bare(row.document_no) and (row.issued_on or row.valid_from).year == day.year)
    subject = plain(draft.header.title.value or "")
    is_alike = bool(subject) and ratio(subject, plain(row.title)) >= SAME_SUBJECT
    return is_alike and row.issued_on == day and _kind(row.code) == _kind(free_code(draft, ()))


def _kind(code: str) -> str:
    """KH of KH146 and of KH-2024."""
    return "".join(takewhile(str.isalpha, code))


def _bare(number: str) -> str:
    """ "05 /KH-UBND" and "5/kh-ubnd" are one number."""
    return plain(number).replace(" ", "").lstrip("0")


def _tracked(row: Any) -> TrackedPlan:
    return TrackedPlan(row.id, row.code, row.is_secret)
