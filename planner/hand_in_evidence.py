"""Use-case: a unit hands in what shows its work: files, or the number of a document; and what has been handed in."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from models.columns import columns_of
from models.evidence import Evidence
from models.person import Person
from models.report import Report
from models.terms import Answer
from planner import audit
from planner.report_progress import Said, report_progress

DOCUMENT_CHARACTERS = 64

_e, _p, _r = columns_of(Evidence), columns_of(Person), columns_of(Report)


@dataclass(frozen=True, slots=True)
class GivenFile:
    """Tệp đã nhận và đã cất; `name` and `media_type` are what its content says, whatever it was called."""

    sha256: str
    name: str
    media_type: str
    size: int


@dataclass(frozen=True, slots=True)
class EvidenceView:
    """Một minh chứng còn hiệu lực: a file, or only the number of a document."""

    id: int
    assignment_id: int
    file: GivenFile | None
    document_no: str | None
    received_at: datetime
    given_by: str | None


async def hand_in(
    session: AsyncSession,
    assignment_id: int,
    *,
    said: Said,
    files: Sequence[GivenFile] = (),
    document_no: str | None = None,
    is_answered: bool = False,
) -> list[GivenFile]:
    """Keep these with the assignment; returns the files that were not there before. The caller commits.

    It is an answer of its own, unless one recorded at `said.at` brings it along (`is_answered`): whatever is taken
    back takes its evidence back. Raises UnknownError, InvalidTransitionError.
    """
    known = await _known(session, assignment_id)
    new = [file for file in dict.fromkeys(files) if file.sha256 not in known]
    number = (document_no or "")[:DOCUMENT_CHARACTERS] or None
    number = None if number in known else number
    if not (new or number):
        return []
    if not is_answered:
        await report_progress(session, assignment_id, Answer.EVIDENCE, said=said, document_no=number)
    about = {
        "assignment_id": assignment_id,
        "person_id": said.person_id,
        "channel": said.channel,
        "received_at": said.at,
    }
    rows: list[dict[str, Any]] = [
        about
        | {
            "sha256": file.sha256,
            "file_name": file.name,
            "media_type": file.media_type,
            "size": file.size,
            "document_no": None,
        }
        for file in new
    ]
    if number:
        blank = dict.fromkeys(("sha256", "file_name", "media_type", "size"))
        rows.append(about | blank | {"document_no": number})
    await session.execute(insert(Evidence), rows)
    await audit.record(
        session,
        "evidence",
        now=said.at,
        channel=said.channel,
        person_id=said.person_id,
        assignment_id=assignment_id,
        said=said.text,
        after={"files": [asdict(file) for file in new], "document_no": number},
    )
    return new


async def _known(session: AsyncSession, assignment_id: int) -> set[str]:
    """The sums and document numbers that stand there already."""
    query = select(_e.sha256, _e.document_no).where(_e.assignment_id == assignment_id, _e.withdrawn_at.is_(None))
    return {value for row in await session.execute(query) for value in row if value}


async def evidence_of(session: AsyncSession, assignment_id: int) -> list[EvidenceView]:
    """What stands with the assignment, in the order it came; nothing that was taken back."""
    rows = await session.execute(_standing().where(_e.assignment_id == assignment_id).order_by(_e.id))
    return [_view(row) for row in rows]


async def load_evidence(session: AsyncSession, evidence_id: int) -> EvidenceView | None:
    """None also for what was taken back."""
    row = (await session.execute(_standing().where(_e.id == evidence_id))).one_or_none()
    return None if row is None else _view(row)


async def evidence_counts(session: AsyncSession, assignment_ids: Collection[int]) -> dict[int, int]:
    """How many pieces stand with each of these; who has none is not named."""
    query = (
        select(_e.assignment_id, func.count())
        .where(_e.assignment_id.in_(assignment_ids), _e.withdrawn_at.is_(None))
        .group_by(_e.assignment_id)
    )
    return {row[0]: row[1] for row in await session.execute(query)} if assignment_ids else {}


async def named_files(session: AsyncSession, sums: Collection[str]) -> set[str]:
    """Of these files, those that some work names or once named: what was taken back stays on record."""
    query = select(_e.sha256).where(_e.sha256.in_(sums)).distinct()
    return set((await session.execute(query)).scalars()) if sums else set()


async def standing_files(session: AsyncSession) -> set[str]:
    """The sums of all files that somebody may ask for."""
    query = select(_e.sha256).where(_e.sha256.is_not(None), _e.withdrawn_at.is_(None)).distinct()
    return set((await session.execute(query)).scalars())


async def spoken_of(session: AsyncSession, person_id: int, *, since: datetime) -> set[int]:
    """The assignments this person answered for at `since` or later, in answers that stand."""
    query = select(_r.assignment_id).where(_r.person_id == person_id, _r.reported_at >= since, _r.undone_at.is_(None))
    return set((await session.execute(query)).scalars())


async def newest_report_id(session: AsyncSession) -> int:
    """The last answer on record, whoever gave it: whatever is recorded after it bears a higher number."""
    return (await session.execute(select(func.max(_r.id)))).scalar_one() or 0


async def answered_after(session: AsyncSession, person_id: int, report_id: int) -> list[int]:
    """The assignments this person answered for after that report, in order."""
    query = select(_r.assignment_id).where(
        _r.person_id == person_id, _r.id > report_id, _r.undone_at.is_(None), _r.answer != Answer.EVIDENCE
    )
    return list(dict.fromkeys((await session.execute(query.order_by(_r.id))).scalars()))


def _standing() -> Select[Any]:
    return (
        select(
            _e.id,
            _e.assignment_id,
            _e.sha256,
            _e.file_name,
            _e.media_type,
            _e.size,
            _e.document_no,
            _e.received_at,
            _p.full_name,
        )
        .outerjoin(Person, _p.id == _e.person_id)
        .where(_e.withdrawn_at.is_(None))
    )


def _view(row: Any) -> EvidenceView:
    file = GivenFile(row.sha256, row.file_name, row.media_type, row.size) if row.sha256 else None
    return EvidenceView(row.id, row.assignment_id, file, row.document_no, row.received_at, row.full_name)
