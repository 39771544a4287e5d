"""The record: one line for everything that changes anything, in the same transaction as the change."""

from datetime import datetime
from typing import Any

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from models.audit import AuditEvent


async def record(
    session: AsyncSession,
    action: str,
    *,
    now: datetime,
    channel: str,
    person_id: int | None = None,
    assignment_id: int | None = None,
    said: str | None = None,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    """Append one event; `action` is a stable English word such as "reported" or "plan-loaded"."""
    await session.execute(
        insert(AuditEvent).values(
            at=now,
            person_id=person_id,
            channel=channel,
            action=action,
            assignment_id=assignment_id,
            said=said,
            before=before,
            after=after,
        )
    )
