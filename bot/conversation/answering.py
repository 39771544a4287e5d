"""From a message to what is owed for it: replies go into the outbox in the transaction that changes the state."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversation.conversation import Conversation
from bot.conversation.incoming import Incoming, Reply
from models.terms import Lane
from reminders.outbox import Draft, enqueue, text_payload


async def answer(
    session: AsyncSession, incoming: Incoming, conversation: Conversation, *, update_key: str, now: datetime
) -> list[Reply]:
    """Handle one text and owe its replies; handling the same update again owes nothing new. The caller commits."""
    replies = await conversation.handle(session, incoming, now=now)
    await owe(session, incoming, replies, update_key=update_key, now=now)
    return replies


async def owe(
    session: AsyncSession, incoming: Incoming, replies: Sequence[Reply], *, update_key: str, now: datetime
) -> None:
    """The replies as rows of the fast lane; a reply that speaks of assignments can itself be answered."""
    drafts = [_draft(incoming, reply, f"reply:{incoming.bot}:{update_key}:{n}") for n, reply in enumerate(replies)]
    await enqueue(session, drafts, now=now)


def _draft(incoming: Incoming, reply: Reply, dedup_key: str) -> Draft:
    keys = [[(key.label, key.command) for key in row] for row in reply.buttons]
    words = text_payload(reply.text, keys) if reply.form == "text" else dict(reply.facts)
    if reply.is_numbered:
        words["is_numbered"] = True
    return Draft(
        dedup_key=reply.key or dedup_key,
        bot=incoming.bot,
        chat=incoming.chat,
        lane=Lane.REPLY,
        form=reply.form,
        payload=words | {"assignment_ids": list(reply.about)},
        assignment_id=reply.about[0] if len(reply.about) == 1 else None,
    )
