"""Every table in one place, so that migrations and tests see them all by importing this."""

from sqlmodel import SQLModel

from models import (
    assignment,
    audit,
    blocker,
    decision,
    dialog,
    evidence,
    extension,
    group_chat,
    inbox,
    lease,
    org_unit,
    outbox,
    person,
    plan,
    reminder,
    report,
    task,
    transfer,
)

__all__ = [
    "METADATA",
    "assignment",
    "audit",
    "blocker",
    "decision",
    "dialog",
    "evidence",
    "extension",
    "group_chat",
    "inbox",
    "lease",
    "org_unit",
    "outbox",
    "person",
    "plan",
    "reminder",
    "report",
    "task",
    "transfer",
]

METADATA = SQLModel.metadata
