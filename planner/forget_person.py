"""Use-case: a person who has left is forgotten; what the office answered, and its figures, stay as they were.

See docs/privacy.md for what goes and what stays.
"""

from datetime import datetime, timedelta

from sqlalchemy import and_, delete, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from models.clock import civil_day
from models.columns import columns_of
from models.inbox import InboxUpdate
from models.outbox import OutboxMessage
from models.person import Address, Invite, Membership, Person, Stranger
from models.terms import InboxState
from planner import audit
from planner.audit_chain import FORGOTTEN
from planner.change_person import demand_person, hand_back, release_chats, void_codes
from planner.letters.forget_letters import forget_sender

_p, _m, _ad = columns_of(Person), columns_of(Membership), columns_of(Address)
_i, _s, _o, _in = columns_of(Invite), columns_of(Stranger), columns_of(OutboxMessage), columns_of(InboxUpdate)


def pseudonym(person_id: int) -> str:
    return f"Người đã rời hệ thống #{person_id}"


async def forget(session: AsyncSession, person_id: int, *, now: datetime) -> str:
    """Name, chats, codes and chatter go; answers about assignments stay, said by a number. Returns the pseudonym.

    Raises UnknownError, also for somebody forgotten before.
    """
    await demand_person(session, person_id)
    if session.get_bind().dialect.name == "sqlite":
        await session.execute(text("PRAGMA secure_delete=ON"))  # or what is erased stays legible in the file
    chats = (await session.execute(select(_ad.bot, _ad.chat).where(_ad.person_id == person_id))).all()
    handed_back = await hand_back(session, person_id, now=now)
    addresses = await release_chats(session, person_id, now=now)
    codes = await void_codes(session, person_id)
    await session.execute(delete(Invite).where(_i.person_id == person_id))
    yesterday = civil_day(now) - timedelta(days=1)
    await session.execute(
        update(Membership)
        .where(or_(_m.person_id == person_id, _m.stands_in_for_id == person_id))
        .where(or_(_m.valid_to.is_(None), _m.valid_to > yesterday))
        .values(valid_to=yesterday)
    )
    await _empty_copies(session, person_id, [(row.bot, row.chat) for row in chats], now=now)
    erased = await audit.erase_chatter(session, person_id)
    name = pseudonym(person_id)
    await session.execute(
        update(Person).where(_p.id == person_id).values(full_name=name, is_active=False, forgotten_at=now)
    )
    await audit.record(
        session,
        FORGOTTEN,
        now=now,
        channel=audit.COMMAND_LINE,
        person_id=person_id,
        after={"addresses": addresses, "codes": codes, "handed_back": handed_back, "words_erased": erased},
    )
    return name


async def _empty_copies(session: AsyncSession, person_id: int, chats: list[tuple[str, str]], *, now: datetime) -> None:
    """Messages as they came and went are working copies, with names and chat numbers in them."""
    nowhere = f"forgotten:{person_id}"
    await forget_sender(session, person_id, chats, now=now, nowhere=nowhere)
    sent = or_(_o.person_id == person_id, *(and_(_o.bot == bot, _o.chat == chat) for bot, chat in chats))
    await session.execute(update(OutboxMessage).where(sent).values(chat=nowhere, payload={}, choices=None))
    for bot, chat in chats:
        await session.execute(delete(Stranger).where(_s.bot == bot, _s.chat == chat))
        here = and_(_in.bot == bot, _in.chat == chat)
        await session.execute(
            update(InboxUpdate)
            .where(here, _in.state == InboxState.PENDING)
            .values(state=InboxState.HANDLED, handled_at=now, lease_token=None)
        )
        await session.execute(update(InboxUpdate).where(here).values(chat=nowhere, body=""))
