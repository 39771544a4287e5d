"""Every table in one place, so that migrations and tests see them all by importing this."""

from sqlmodel import SQLModel

from models import (
    assignment,
    audit,
    blocker,
    dialog,
    extension,
    inbox,
    lease,
    org_unit,
    outbox,
    person,
    plan,
    reminder,
    report,
    task,
)

__all__ = [
    "METADATA",
    "assignment",
    "audit",
    "blocker",
    "dialog",
    "extension",
    "inbox",
    "lease",
    "org_unit",
    "outbox",
    "person",
    "plan",
    "reminder",
    "report",
    "task",
]

METADATA = SQLModel.metadata
