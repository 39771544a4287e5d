"""The durable outbox: owe a message once, claim it under a lease, settle it only while that lease is ours.

Every statement here is one object that runs on SQLite and on PostgreSQL alike, and none uses the unit of work of the
ORM. The caller commits.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import (
    CTE,
    ColumnElement,
    Integer,
    Table,
    Update,
    alias,
    and_,
    bindparam,
    case,
    delete,
    func,
    literal_column,
    null,
    or_,
    select,
    text,
    union_all,
    update,
)
from sqlalchemy.dialects.postgresql import insert  # SQLite renders the very same ON CONFLICT clause
from sqlalchemy.ext.asyncio import AsyncSession

from models.outbox import OutboxMessage
from models.terms import Lane, OutboxState

PRIORITIES = {Lane.REPLY: 0, Lane.REMINDER: 1, Lane.DIGEST: 2}
LEASE_EXPIRED = "lease expired: outcome unknown"
"""Left in `last_error` of a row whose holder vanished: if it was delivered twice, this says why."""

_OUTBOX: Table = OutboxMessage.metadata.tables["outbox"]
# written out, never a parameter: else neither database may use the partial indexes
_PENDING: ColumnElement[str] = literal_column("'pending'")
_INDEX_ORDER = text("SELECT set_config('enable_sort', 'off', true), set_config('enable_bitmapscan', 'off', true)")
_BATCH = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """Một tin sẽ nợ. `send_after` None: at once. Form "text" carries finished words, see `text_payload`."""

    dedup_key: str
    bot: str
    chat: str
    lane: Lane
    form: str
    payload: dict[str, Any] = field(default_factory=dict)
    person_id: int | None = None
    assignment_id: int | None = None
    reply_to: str | None = None
    send_after: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """Một tin đang giữ để gửi: ours until `lease_until`, provided that `lease_token` still stands in the row.

    `attempts` counts this one. A claim that ends without a try gives it back. `begun_at`: whoever held it before
    had begun to send and vanished.
    """

    id: int
    dedup_key: str
    bot: str
    chat: str
    person_id: int | None
    assignment_id: int | None
    lane: Lane
    priority: int
    form: str
    payload: dict[str, Any]
    reply_to: str | None
    send_after: datetime
    lease_token: str
    lease_until: datetime
    attempts: int
    parts_sent: int
    unknown_outcomes: int
    last_error: str | None
    created_at: datetime
    begun_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """Kết quả của một lần giữ: what the row becomes when the lease is given back.

    `choices`: (label, command) of what a number stands for, where the channel has no buttons.
    """

    id: int
    lease_token: str
    state: OutboxState
    send_after: datetime
    attempts: int
    parts_sent: int
    unknown_outcomes: int
    wire_ref: str | None = None
    choices: list[list[str]] | None = None
    last_error: str | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """Các lựa chọn đánh số của một tin đã gửi, the first being number 1."""

    id: int
    at: datetime
    wire_ref: str | None
    choices: list[list[str]]


@dataclass(frozen=True, slots=True)
class Sent:
    """Một tin đã gửi, found by the reference the platform gave it."""

    id: int
    form: str
    payload: dict[str, Any]
    person_id: int | None
    assignment_id: int | None


_CLAIMED_NAMES = tuple(each.name for each in fields(Claimed))
_CLAIMED = [_OUTBOX.c[name] for name in _CLAIMED_NAMES]
_SETTLED_NAMES = tuple(each.name for each in fields(Settlement))
_DRAFT_NAMES = tuple(each.name for each in fields(Draft))
_SENT = [_OUTBOX.c[each.name] for each in fields(Sent)]


def text_payload(text: str, buttons: Sequence[Sequence[tuple[str, str]]] = ()) -> dict[str, Any]:
    """The payload of form "text"; each button is (label, command)."""
    return {"text": text, "buttons": [[list(button) for button in row] for row in buttons]}


async def enqueue(session: AsyncSession, drafts: Sequence[Draft], *, now: datetime) -> int:
    """Owe these messages; a dedup_key that was ever owed is passed over. Returns how many were new."""
    added = 0
    for start in range(0, len(drafts), _BATCH):
        rows = [_new_row(draft, now) for draft in drafts[start : start + _BATCH]]
        statement = insert(_OUTBOX).on_conflict_do_nothing(index_elements=[_OUTBOX.c.dedup_key])
        result = await session.execute(statement.returning(_OUTBOX.c.id), rows)
        added += len(result.scalars().all())
    return added


def _new_row(draft: Draft, now: datetime) -> dict[str, Any]:
    row = {name: getattr(draft, name) for name in _DRAFT_NAMES}
    return row | {
        "priority": PRIORITIES[draft.lane],
        "send_after": draft.send_after or now,
        "state": OutboxState.PENDING,
        "attempts": 0,
        "parts_sent": 0,
        "unknown_outcomes": 0,
        "created_at": now,
    }


async def claim(
    session: AsyncSession,
    *,
    bots: Sequence[str],
    now: datetime,
    lease: timedelta,
    limit: int,
    busy_chats: Mapping[str, Collection[str]] | None = None,
) -> list[Claimed]:
    """Take up to `limit` due messages of each bot, replies first, then reminders, then digests, each by `send_after`.

    Of one chat and lane only the head may be taken: the message that was begun, also while it backs off, else the one
    due first. So a back-off is never overtaken, and what is due later holds back nobody. `busy_chats`: bot -> chats
    to pass over, at no cost in attempts.
    """
    await keep_to_the_index(session)
    token, claimed = str(uuid4()), list[Claimed]()
    for bot in bots:
        values = {
            "for_bot": bot,
            "now": now,
            "busy": _padded((busy_chats or {}).get(bot, ())),
            "limit": limit,
            "token": token,
            "until": now + lease,
        }
        result = await session.execute(_CLAIM, values)
        claimed += (Claimed(**dict(zip(_CLAIMED_NAMES, row, strict=True))) for row in result.all())
    return sorted(claimed, key=lambda row: (row.priority, row.send_after, row.id))


async def keep_to_the_index(session: AsyncSession) -> None:
    """Until the commit PostgreSQL walks an index in its order. With statistics from before a flood it would rather
    fetch and sort everything due: 47 ms instead of 2 for 16 of 16,000, and it grows with the flood."""
    if session.get_bind().dialect.name == "postgresql":
        await session.execute(_INDEX_ORDER)


def _padded(chats: Collection[str]) -> list[str]:
    """As long as a power of two, so that the drivers meet few different statements."""
    listed = sorted(chats)
    return listed + [listed[-1]] * (2 ** (len(listed) - 1).bit_length() - len(listed)) if listed else []


def _claim_statement() -> Update:
    lanes = [_due_heads(lane) for lane in Lane]
    due = union_all(*(select(lane) for lane in lanes)).subquery("due")
    chosen = select(due.c.id).order_by(due.c.priority, due.c.send_after, due.c.id).limit(_limit())
    return (
        update(_OUTBOX)
        .where(_OUTBOX.c.id.in_(chosen))
        .values(
            lease_token=bindparam("token"),
            lease_until=bindparam("until", type_=_OUTBOX.c.lease_until.type),
            attempts=_OUTBOX.c.attempts + 1,
            last_error=case((_OUTBOX.c.lease_token.is_not(None), LEASE_EXPIRED), else_=_OUTBOX.c.last_error),
        )
        .returning(*_CLAIMED)
    )


def _due_heads(lane: Lane) -> CTE:
    """One lane at a time, so that the index ends the search at the first message that is not due."""
    head = alias(_OUTBOX, f"head_{lane}")
    statement = (
        select(head.c.id, head.c.priority, head.c.send_after)
        .where(
            head.c.state == _PENDING,
            head.c.bot == bindparam("for_bot"),
            head.c.priority == PRIORITIES[lane],
            head.c.send_after <= _now(),
            or_(head.c.lease_until.is_(None), head.c.lease_until <= _now()),
            head.c.chat.not_in(bindparam("busy", expanding=True)),
            head.c.id == _head_of_its_chat(head, lane),
        )
        .order_by(head.c.send_after, head.c.id)
        .limit(_limit())
        .with_for_update(skip_locked=True)
    )
    return statement.cte(f"due_{lane}").prefix_with("MATERIALIZED", dialect="postgresql")


def _head_of_its_chat(due: Any, lane: Lane) -> ColumnElement[int]:
    """What was begun, else what is due first. Look-ups and not NOT EXISTS: a planner with stale statistics turns
    that into a join over everything pending."""
    tried, first = alias(_OUTBOX, f"tried_{lane}"), alias(_OUTBOX, f"first_{lane}")
    begun = select(tried.c.id).where(_same_chat(tried, due), tried.c.attempts > literal_column("0"))
    earliest = select(first.c.id).where(_same_chat(first, due)).order_by(first.c.send_after, first.c.id)
    return func.coalesce(begun.order_by(tried.c.id).limit(1).scalar_subquery(), earliest.limit(1).scalar_subquery())


def _same_chat(one: Any, other: Any) -> ColumnElement[bool]:
    return and_(
        one.c.state == _PENDING,
        one.c.bot == other.c.bot,
        one.c.chat == other.c.chat,
        one.c.priority == other.c.priority,
    )


def _now() -> Any:
    return bindparam("now", type_=_OUTBOX.c.send_after.type)


def _limit() -> Any:
    """Written out, so that PostgreSQL plans for this many rows."""
    return bindparam("limit", type_=Integer, literal_execute=True)


_CLAIM = _claim_statement()


async def settle(session: AsyncSession, settlements: Sequence[Settlement], *, now: datetime) -> set[int]:
    """Write what became of claimed messages, each only while its lease is still ours; returns the ids that were."""
    mine = await still_ours(session, {each.id: each.lease_token for each in settlements})
    rows = [_settled_row(each, now) for each in settlements if each.id in mine]
    if rows:
        await (await session.connection()).execute(_SETTLE, rows)
    return mine


async def still_ours(session: AsyncSession, tokens: Mapping[int, str]) -> set[int]:
    """Of these rows those whose token still stands; locked until the caller commits, by FOR UPDATE, or on SQLite by
    being the one writer."""
    result = (await session.execute(_HELD, {"ids": list(tokens)})).all()
    return {row.id for row in result if row.lease_token == tokens[row.id]}


_HELD = (
    select(_OUTBOX.c.id, _OUTBOX.c.lease_token)
    .where(_OUTBOX.c.id.in_(bindparam("ids", expanding=True)), _OUTBOX.c.state == _PENDING)
    .order_by(_OUTBOX.c.id)
    .with_for_update()
)


def _settled_row(settlement: Settlement, now: datetime) -> dict[str, Any]:
    row = {f"new_{name}": getattr(settlement, name) for name in _SETTLED_NAMES}
    return row | {"new_settled_at": None if settlement.state is OutboxState.PENDING else now}


def _settle_statement() -> Update:
    written = [name for name in _SETTLED_NAMES if name not in ("id", "lease_token")] + ["settled_at"]
    values = {name: bindparam(f"new_{name}", type_=_OUTBOX.c[name].type) for name in written}
    return (
        update(_OUTBOX)
        .where(
            _OUTBOX.c.id == bindparam("new_id"),
            _OUTBOX.c.lease_token == bindparam("new_lease_token"),
            _OUTBOX.c.state == _PENDING,
        )
        .values(**values, lease_token=None, lease_until=None, begun_at=None)
    )


_SETTLE = _settle_statement()


async def mark_begun(session: AsyncSession, ids: Collection[int], *, now: datetime) -> None:
    """Their sends begin; the caller has seen in this transaction that they are `still_ours`."""
    if ids:
        await session.execute(update(_OUTBOX).where(_OUTBOX.c.id.in_(ids)).values(begun_at=now))


async def record_part(session: AsyncSession, claimed: Claimed, *, parts_sent: int) -> bool:
    """Remember how much of a long message has left; False: the lease is not ours any more, send no further part."""
    statement = (
        update(_OUTBOX)
        .where(_OUTBOX.c.id == claimed.id, _OUTBOX.c.lease_token == claimed.lease_token, _OUTBOX.c.state == _PENDING)
        .values(parts_sent=parts_sent, begun_at=None)
        .returning(_OUTBOX.c.id)
    )
    return (await session.execute(statement)).scalar_one_or_none() is not None


async def move_chat(session: AsyncSession, *, bot: str, old: str, new: str) -> int:
    """Everything still owed to a chat follows it to its new address; returns how many messages did."""
    statement = update(_OUTBOX).where(_OUTBOX.c.state == _PENDING, _OUTBOX.c.bot == bot, _OUTBOX.c.chat == old)
    result = await session.execute(statement.values(chat=new).returning(_OUTBOX.c.id))
    return len(result.scalars().all())


async def cancel(
    session: AsyncSession,
    *,
    now: datetime,
    dedup_keys: Collection[str] = (),
    assignment_id: int | None = None,
    lanes: Collection[Lane] = (Lane.REMINDER,),
) -> int:
    """No longer owe these messages; returns how many were still owed.

    By assignment only `lanes` are touched, so that the reply of the same transaction is left alone. A message whose
    send is under way may still arrive: its settlement is refused.
    """
    wanted: ColumnElement[bool] = _OUTBOX.c.dedup_key.in_(dedup_keys)
    if assignment_id is not None:
        wanted = or_(wanted, (_OUTBOX.c.assignment_id == assignment_id) & _OUTBOX.c.lane.in_(lanes))
    statement = update(_OUTBOX).where(_OUTBOX.c.state == _PENDING, wanted)
    values = {"state": OutboxState.CANCELLED, "settled_at": now, "lease_token": None, "lease_until": None}
    result = await session.execute(statement.values(values).returning(_OUTBOX.c.id))
    return len(result.scalars().all())


async def next_due_at(session: AsyncSession, bots: Sequence[str], *, after: datetime | None = None) -> datetime | None:
    """When the earliest pending message of these bots becomes due; with `after`, the earliest later than that."""
    found = [await _first_due(session, bot, priority, after) for bot in bots for priority in PRIORITIES.values()]
    return min((each for each in found if each is not None), default=None)


async def _first_due(session: AsyncSession, bot: str, priority: int, after: datetime | None) -> datetime | None:
    statement = select(_OUTBOX.c.send_after).where(
        _OUTBOX.c.state == _PENDING, _OUTBOX.c.bot == bot, _OUTBOX.c.priority == priority
    )
    if after is not None:
        statement = statement.where(_OUTBOX.c.send_after > after)
    found: datetime | None = await session.scalar(statement.order_by(_OUTBOX.c.send_after).limit(1))
    return found


async def find_by_wire_ref(session: AsyncSession, *, bot: str, chat: str, wire_ref: str) -> Sent | None:
    """Which message of ours somebody answers to."""
    statement = select(*_SENT).where(
        _OUTBOX.c.bot == bot, _OUTBOX.c.chat == chat, _OUTBOX.c.wire_ref == wire_ref, _OUTBOX.c.wire_ref.is_not(None)
    )
    row = (await session.execute(statement.order_by(_OUTBOX.c.id.desc()).limit(1))).mappings().first()
    return Sent(**row) if row else None


async def wire_ref_of(session: AsyncSession, dedup_key: str) -> str | None:
    """What the platform calls the message that was owed under this key; None: it has not left yet."""
    found: str | None = await session.scalar(select(_OUTBOX.c.wire_ref).where(_OUTBOX.c.dedup_key == dedup_key))
    return found


async def standing_offers(session: AsyncSession, *, bot: str, chat: str) -> list[Offer]:
    """The numbered choices this chat was sent since it last spoke, oldest first; how old is for the caller to judge."""
    query = select(_OUTBOX.c.id, _OUTBOX.c.settled_at, _OUTBOX.c.wire_ref, _OUTBOX.c.choices).where(
        _OUTBOX.c.bot == bot, _OUTBOX.c.chat == chat, _OUTBOX.c.choices.is_not(None)
    )
    return [Offer(*row) for row in await session.execute(query.order_by(_OUTBOX.c.settled_at, _OUTBOX.c.id))]


async def withdraw_offers(session: AsyncSession, offers: Sequence[Offer]) -> None:
    """The person has gone on: these numbers mean nothing any more."""
    ids = [offer.id for offer in offers]
    await session.execute(update(_OUTBOX).where(_OUTBOX.c.id.in_(ids)).values(choices=null()))


async def prune(session: AsyncSession, *, before: datetime) -> int:
    """Forget what was settled before this instant. Its dedup keys go with it: keep more than any sweep looks back."""
    result = await session.execute(delete(_OUTBOX).where(_OUTBOX.c.settled_at < before).returning(_OUTBOX.c.id))
    return len(result.scalars().all())


async def counts(session: AsyncSession) -> dict[OutboxState, int]:
    """How many messages are in each state; every state is named."""
    number = func.count().label("number")
    result = await session.execute(select(_OUTBOX.c.state, number).group_by(_OUTBOX.c.state))
    found: dict[OutboxState, int] = {row.state: row.number for row in result}
    return {state: found.get(state, 0) for state in OutboxState}
