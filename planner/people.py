"""Use-cases on people: who may act for which unit, and how a chat account comes to be theirs."""

import hashlib
import hmac
import secrets
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from models.columns import columns_of
from models.errors import InviteError, UnknownError
from models.org_unit import OrgUnit
from models.outbox import OutboxMessage
from models.person import Address, Invite, Membership, Person, Stranger
from models.plan import Plan
from models.terms import Lane, OutboxState, Role
from planner import audit
from planner.scope import Scope

CODE_ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""No 0/O, 1/I/L: a code is read aloud over the phone."""
CODE_LENGTH = 8
INVITE_VALID_FOR = timedelta(days=7)
GUESSES = 5
GUESS_WINDOW = timedelta(minutes=30)
ANSWER_STRANGERS_EVERY = timedelta(minutes=10)
HEARD_TO_WITHIN = timedelta(minutes=10)
"""A window may seem to close this much early; else every word somebody says would write their address anew."""

_p, _m, _ad = columns_of(Person), columns_of(Membership), columns_of(Address)
_i, _u, _s, _plan = columns_of(Invite), columns_of(OrgUnit), columns_of(Stranger), columns_of(Plan)
_o = columns_of(OutboxMessage)


@dataclass(frozen=True, slots=True)
class Place:
    """Một vai trò đang có hiệu lực trong một đơn vị."""

    unit_id: int
    unit_code: str
    unit_name: str
    role: Role


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """Người đã liên kết, với các vai trò có hiệu lực hôm nay."""

    id: int
    full_name: str
    places: tuple[Place, ...]

    def units_as(self, *roles: Role) -> frozenset[int]:
        return frozenset(place.unit_id for place in self.places if place.role in roles)

    @property
    def is_coordinator(self) -> bool:
        return any(place.role is Role.COORDINATOR for place in self.places)


@dataclass(frozen=True, slots=True)
class Contact:
    """Nơi gửi tin cho một người; `bot` and `chat` are None when they are not linked or cannot be reached."""

    person_id: int
    full_name: str
    unit_id: int
    role: Role
    bot: str | None
    chat: str | None


def acts_on(today: date) -> ColumnElement[bool]:
    """The membership is in force on this day."""
    return and_(or_(_m.valid_from.is_(None), _m.valid_from <= today), or_(_m.valid_to.is_(None), today <= _m.valid_to))


async def add_person(
    session: AsyncSession, full_name: str, places: Collection[tuple[str, Role]], *, now: datetime
) -> int:
    """Add one person with (unit code, role) pairs; raises UnknownError for a unit that is not in the directory."""
    wanted = {code for code, _role in places}
    unit_ids = {row.code: row.id for row in await session.execute(select(_u.code, _u.id).where(_u.code.in_(wanted)))}
    for unit_code, _ in places:
        if unit_code not in unit_ids:
            raise UnknownError("unit", unit_code)
    added = await session.execute(
        insert(Person).values(full_name=full_name, is_active=True, created_at=now).returning(_p.id)
    )
    person_id = int(added.scalar_one())
    rows = [{"person_id": person_id, "unit_id": unit_ids[code], "role": role} for code, role in places]
    if rows:
        await session.execute(insert(Membership), rows)
    await audit.record(
        session,
        "person-added",
        now=now,
        channel="command-line",
        person_id=person_id,
        after={"places": [[code, role.value] for code, role in places]},
    )
    return person_id


async def create_invite(
    session: AsyncSession, person_id: int, *, now: datetime, key: bytes, bot: str | None = None
) -> str:
    """A new one-time code for this person; codes given before stop working. Shown once, stored only as a hash.

    `bot`: where a place is kept for them until the code is used or expires; it links them on any other as well.
    """
    known = (await session.execute(select(_p.id).where(_p.id == person_id, _p.is_active))).scalar_one_or_none()
    if known is None:
        raise UnknownError("person", str(person_id))
    await session.execute(delete(Invite).where(_i.person_id == person_id, _i.used_at.is_(None), _i.unit_id.is_(None)))
    code = await new_code(session, person_id, now=now, key=key, bot=bot)
    await audit.record(session, "invited", now=now, channel="command-line", person_id=person_id)
    return code


async def new_code(
    session: AsyncSession,
    person_id: int,
    *,
    now: datetime,
    key: bytes,
    unit_id: int | None = None,
    bot: str | None = None,
) -> str:
    """A code that links this person, or the group chat of a unit of theirs."""
    code = "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))
    facts = {
        "person_id": person_id,
        "unit_id": unit_id,
        "bot": bot,
        "expires_at": now + INVITE_VALID_FOR,
        "created_at": now,
    }
    await session.execute(insert(Invite).values(code_hash=_hash(code, key), **facts))
    return code


def _hash(code: str, key: bytes) -> str:
    return hmac.new(key, code.strip().upper().encode(), hashlib.sha256).hexdigest()


async def link_by_code(
    session: AsyncSession, code: str, *, channel: str, bot: str, chat: str, now: datetime, key: bytes
) -> int:
    """Make this chat the person's address; returns their id. A person has one address on each channel: the account
    linked before on this bot, or on another bot of the same channel, is let go, and the new one takes its place in
    their order; the first on a channel comes last.

    Raises InviteError (wrong, used, expired, exhausted). Guesses are counted per chat: commit also when it raises.
    """
    invite = await use_code(session, code, bot=bot, chat=chat, now=now, key=key)
    await _redirect_messages(session, invite.person_id, bot=bot, chat=chat, now=now)
    position = await _leave_the_channel(session, invite.person_id, channel, bot=bot, chat=chat)
    await session.execute(delete(Address).where(_ad.bot == bot, _ad.chat == chat))
    await session.execute(
        insert(Address).values(
            person_id=invite.person_id,
            channel=channel,
            bot=bot,
            chat=chat,
            position=position,
            linked_at=now,
            last_heard_at=now,
        )
    )
    await session.execute(delete(Stranger).where(_s.bot == bot, _s.chat == chat))
    await audit.record(session, "linked", now=now, channel=channel, person_id=invite.person_id)
    return int(invite.person_id)


async def _leave_the_channel(session: AsyncSession, person_id: int, channel: str, *, bot: str, chat: str) -> int:
    """Let go of what this person has on the channel and on this bot; returns the position that the new address takes.

    What waits at another bot of the channel follows to the new chat, but for what may have arrived there already.
    """
    query = select(_ad.id, _ad.channel, _ad.bot, _ad.position).where(_ad.person_id == person_id)
    rows = (await session.execute(query.order_by(_ad.position, _ad.id))).all()
    left = [row for row in rows if row.channel == channel or row.bot == bot]
    for row in left:
        if row.bot != bot:
            await _follow_to(session, person_id, old_bot=row.bot, bot=bot, chat=chat)
    await session.execute(delete(Address).where(_ad.id.in_([row.id for row in left])))
    return left[0].position if left else max((row.position + 1 for row in rows), default=0)


async def _follow_to(session: AsyncSession, person_id: int, *, old_bot: str, bot: str, chat: str) -> None:
    waiting = update(OutboxMessage).where(
        _o.bot == old_bot,
        _o.state == OutboxState.PENDING,
        _o.person_id == person_id,
        _o.lane != Lane.REPLY,
        # surely nothing of it has left: never leased just now, never of unknown outcome, no part of it gone
        _o.lease_token.is_(None),
        _o.unknown_outcomes == 0,
        _o.parts_sent == 0,
    )
    await session.execute(waiting.values(bot=bot, chat=chat, reply_to=None))


async def use_code(
    session: AsyncSession,
    code: str,
    *,
    bot: str,
    chat: str,
    now: datetime,
    key: bytes,
    group_of: tuple[int, frozenset[int]] | None = None,
) -> Any:
    """The invite behind a code, used up by this; a code for a group links no person, and the other way round.

    `group_of`: the code is typed in a group, by this person, who heads these units. Raises InviteError.
    Guesses are counted per chat: commit also when it raises.
    """
    await _count_guess(session, bot=bot, chat=chat, now=now)
    if group_of is None:
        is_meant = _i.unit_id.is_(None)
    else:
        person_id, units = group_of
        is_meant = and_(_i.person_id == person_id, _i.unit_id.in_(units))
    invite = (
        await session.execute(
            select(_i.id, _i.person_id, _i.unit_id, _i.expires_at, _i.used_at)
            .join(Person, and_(_p.id == _i.person_id, _p.is_active))
            .where(_i.code_hash == _hash(code, key), is_meant)
            .with_for_update(of=Invite)
        )
    ).one_or_none()
    if invite is None:
        raise InviteError("wrong")
    if invite.used_at is not None:
        raise InviteError("used")
    if invite.expires_at < now:
        raise InviteError("expired")
    await session.execute(update(Invite).where(_i.id == invite.id).values(used_at=now))
    return invite


async def _redirect_messages(session: AsyncSession, person_id: int, *, bot: str, chat: str, now: datetime) -> None:
    """What waits for their old account goes to the new one; what waited for whoever had this chat before, nowhere."""
    waiting = update(OutboxMessage).where(_o.bot == bot, _o.state == OutboxState.PENDING)
    await session.execute(
        waiting.where(_o.chat == chat, _o.person_id.is_not(None), _o.person_id != person_id).values(
            state=OutboxState.CANCELLED, settled_at=now, lease_token=None, lease_until=None
        )
    )
    await session.execute(waiting.where(_o.chat != chat, _o.person_id == person_id).values(chat=chat, reply_to=None))


async def _count_guess(session: AsyncSession, *, bot: str, chat: str, now: datetime) -> None:
    row = await _stranger(session, bot=bot, chat=chat)
    fresh = row.attempts_since is None or now - row.attempts_since > GUESS_WINDOW
    if not fresh and row.attempts >= GUESSES:
        raise InviteError("exhausted")
    await session.execute(
        update(Stranger)
        .where(_s.bot == bot, _s.chat == chat)
        .values(attempts=1 if fresh else row.attempts + 1, attempts_since=now if fresh else row.attempts_since)
    )


async def may_answer_stranger(session: AsyncSession, *, bot: str, chat: str, now: datetime) -> bool:
    """True at most once in ten minutes for one unknown chat, and remembers that it was."""
    row = await _stranger(session, bot=bot, chat=chat)
    if row.answered_at is not None and now - row.answered_at < ANSWER_STRANGERS_EVERY:
        return False
    await session.execute(update(Stranger).where(_s.bot == bot, _s.chat == chat).values(answered_at=now))
    return True


async def _stranger(session: AsyncSession, *, bot: str, chat: str) -> Any:
    query = select(_s.answered_at, _s.attempts, _s.attempts_since).where(_s.bot == bot, _s.chat == chat)
    row = (await session.execute(query)).one_or_none()
    if row is None:
        await session.execute(insert(Stranger).values(bot=bot, chat=chat, attempts=0))
        row = (await session.execute(query)).one()
    return row


async def person_of_chat(session: AsyncSession, *, bot: str, chat: str, today: date) -> KnownPerson | None:
    """Who speaks from this chat; None for everybody else, whatever they know."""
    query = select(_p.id, _p.full_name).join(Address, _ad.person_id == _p.id)
    row = (await session.execute(query.where(_ad.bot == bot, _ad.chat == chat, _p.is_active))).one_or_none()
    return None if row is None else await _known(session, row.id, row.full_name, today=today)


async def load_person(session: AsyncSession, person_id: int, *, today: date) -> KnownPerson | None:
    query = select(_p.id, _p.full_name).where(_p.id == person_id, _p.is_active)
    row = (await session.execute(query)).one_or_none()
    return None if row is None else await _known(session, row.id, row.full_name, today=today)


async def _known(session: AsyncSession, person_id: int, full_name: str, *, today: date) -> KnownPerson:
    query = (
        select(_u.id, _u.code, _u.short_name, _m.role)
        .join(OrgUnit, _u.id == _m.unit_id)
        .where(_m.person_id == person_id, acts_on(today))
        .order_by(_m.id)
    )
    # who stands in for somebody may hold the same place already
    places = tuple(dict.fromkeys(Place(*row) for row in await session.execute(query)))
    return KnownPerson(person_id, full_name, places)


async def heard_from(session: AsyncSession, *, bot: str, chat: str, now: datetime) -> None:
    """Whoever writes to us can be reached again, and opens the window of a channel that has one."""
    is_news = or_(
        _ad.unreachable_at.is_not(None), _ad.last_heard_at.is_(None), _ad.last_heard_at < now - HEARD_TO_WITHIN
    )
    await session.execute(
        update(Address)
        .where(_ad.bot == bot, _ad.chat == chat, is_news)
        .values(unreachable_at=None, unreachable_reason=None, last_heard_at=now)
    )


async def contacts(
    session: AsyncSession,
    *,
    today: date,
    roles: Collection[Role],
    unit_ids: Collection[int] | None = None,
    without_bot: str = "",
) -> dict[int, list[Contact]]:
    """People of these roles by unit, each at their first reachable address; `without_bot` is not looked at.

    Somebody on leave is not written to on the days when one who stands in for them can be reached.
    """
    query = (
        select(_p.id, _p.full_name, _m.unit_id, _m.role, _ad.bot, _ad.chat, _m.stands_in_for_id)
        .select_from(Membership)
        .join(Person, _p.id == _m.person_id)
        .outerjoin(Address, and_(_ad.person_id == _p.id, _ad.unreachable_at.is_(None), _ad.bot != without_bot))
        .where(_p.is_active, acts_on(today), _m.role.in_(roles))
        .order_by(_m.id, _ad.position, _ad.id)
    )
    if unit_ids is not None:
        query = query.where(_m.unit_id.in_(unit_ids))
    rows = (await session.execute(query)).all()
    resting = {(row.stands_in_for_id, row.unit_id, row.role) for row in rows if row.chat is not None}
    found: defaultdict[int, list[Contact]] = defaultdict(list)
    seen: set[tuple[int, int, Role]] = set()
    for row in rows:
        place = (row.id, row.unit_id, row.role)
        if place not in seen:
            seen.add(place)
            is_resting = place in resting and row.stands_in_for_id is None
            bot, chat = (None, None) if is_resting else (row.bot, row.chat)
            found[row.unit_id].append(Contact(row.id, row.full_name, row.unit_id, row.role, bot, chat))
    return dict(found)


async def coordinated_plans(session: AsyncSession, unit_ids: Collection[int]) -> frozenset[int]:
    """The plans whose coordinating unit is one of these."""
    if not unit_ids:
        return frozenset()
    rows = await session.execute(select(_plan.id).where(_plan.coordinating_unit_id.in_(unit_ids)))
    return frozenset(rows.scalars())


async def scope_of(session: AsyncSession, person: KnownPerson) -> Scope:
    """What this person may see in lists: the plans they coordinate, and the work of their own units."""
    plans = await coordinated_plans(session, person.units_as(Role.COORDINATOR))
    units = person.units_as(Role.UNIT_HEAD, Role.OFFICER, Role.COORDINATOR)
    tree = await _tree(session, person.units_as(Role.LEADER))
    return Scope(plan_ids=plans, unit_ids=units | tree)


async def _tree(session: AsyncSession, roots: frozenset[int]) -> frozenset[int]:
    if not roots:
        return frozenset()
    rows = [(row.id, row.parent_id) for row in await session.execute(select(_u.id, _u.parent_id))]
    below = set(roots)
    while new := {unit for unit, parent in rows if parent in below and unit not in below}:
        below |= new
    return frozenset(below)
