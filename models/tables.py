"""Every table in one place, so that migrations and tests see them all by importing this."""

from sqlmodel import SQLModel

from models import (
    assignment,
    audit,
    blocker,
    bot_account,
    decision,
    dialog,
    evidence,
    extension,
    group_chat,
    inbox,
    lease,
    letter,
    oa_account,
    org_unit,
    outbox,
    person,
    plan,
    quota,
    reminder,
    report,
    task,
    transfer,
    unsure,
)

__all__ = [
    "METADATA",
    "assignment",
    "audit",
    "blocker",
    "bot_account",
    "decision",
    "dialog",
    "evidence",
    "extension",
    "group_chat",
    "inbox",
    "lease",
    "letter",
    "oa_account",
    "org_unit",
    "outbox",
    "person",
    "plan",
    "quota",
    "reminder",
    "report",
    "task",
    "transfer",
    "unsure",
]

METADATA = SQLModel.metadata
