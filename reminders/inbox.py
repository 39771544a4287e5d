"""The durable inbox: stored before anybody is told that it arrived, claimed in order per chat under a lease."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    Table,
    Update,
    alias,
    bindparam,
    delete,
    func,
    literal_column,
    select,
)
from sqlalchemy import update as sql_update
from sqlalchemy.dialects.postgresql import ARRAY, Insert, insert  # SQLite renders the very same ON CONFLICT clause
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from models.clock import Clock
from models.database import Database
from models.inbox import InboxUpdate
from models.terms import InboxState
from reminders.choosing import month_of
from reminders.group_commit import GroupCommit
from reminders.outbox import keep_to_the_index
from reminders.quota import count_received, counting
from reminders.wake import Wake

_INBOX: Table = InboxUpdate.metadata.tables["inbox"]
# written out, never a parameter: else neither database may use the partial indexes
_PENDING: ColumnElement[str] = literal_column("'pending'")


@dataclass(frozen=True, slots=True, kw_only=True)
class IncomingRow:
    """Một tin vừa tới. `update_key` is the platform's own name of it, unique per bot; `body` is kept as it came."""

    bot: str
    update_key: str
    chat: str
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimedUpdate:
    """Một tin đang giữ để xử lý; `attempts` counts this one, `prepared` is what was fetched for it beforehand."""

    id: int
    bot: str
    update_key: str
    chat: str
    body: str
    received_at: datetime
    lease_token: str
    attempts: int
    prepared: object = None


_COMING = tuple(each.name for each in fields(IncomingRow))
_CLAIMED = [_INBOX.c[each.name] for each in fields(ClaimedUpdate) if each.name != "prepared"]
_STORE = insert(_INBOX).on_conflict_do_nothing(index_elements=[_INBOX.c.bot, _INBOX.c.update_key])


async def store_updates(
    session: AsyncSession, updates: Sequence[IncomingRow], *, now: datetime, counted: Collection[str] = ()
) -> int:
    """Keep what arrived; what came before is passed over. Returns how many were new. The caller commits.

    `counted`: bots whose platform counts messages; what is new goes into their month's ledger in this transaction.
    """
    return await _store(await session.connection(), updates, now=now, counted=counted) if updates else 0


async def _store(
    connection: AsyncConnection, updates: Sequence[IncomingRow], *, now: datetime, counted: Collection[str]
) -> int:
    """Rows and ledger in one statement on PostgreSQL; on SQLite its own executemany, and an upsert for each bot."""
    if connection.dialect.name == "postgresql":
        facts = {"month": month_of(now), "counted": list(counted)}
        number: int = (await connection.execute(_STORE_AND_COUNT, _columns(updates, now) | facts)).scalar_one()
        return number
    by_bot: defaultdict[str, list[IncomingRow]] = defaultdict(list)
    for update in updates:
        by_bot[update.bot].append(update)
    new = {bot: (await connection.execute(_STORE, _rows(rows, now))).rowcount for bot, rows in by_bot.items()}
    await count_received(connection, {bot: number for bot, number in new.items() if bot in counted}, now=now)
    return sum(new.values())


async def _store_uncounted(connection: AsyncConnection, updates: Sequence[IncomingRow], *, now: datetime) -> None:
    """Keep what arrived; which of it was new is of no use here. One statement, or SQLite's own executemany."""
    if connection.dialect.name == "postgresql":
        await connection.execute(_STORE_ALL, _columns(updates, now))
    else:
        await connection.execute(_STORE, _rows(updates, now))


def _rows(updates: Sequence[IncomingRow], now: datetime) -> list[dict[str, object]]:
    rest = {"state": InboxState.PENDING, "received_at": now, "handle_after": now, "attempts": 0}
    return [{name: getattr(each, name) for name in _COMING} | rest for each in updates]


def _columns(updates: Sequence[IncomingRow], now: datetime) -> dict[str, object]:
    return {"now": now, **{name: [getattr(each, name) for each in updates] for name in _COMING}}


def _store_all_statement() -> Insert:
    """Columns of values in place of a row after another, each of which PostgreSQL would bind and run by itself."""
    arrays = [bindparam(name, type_=ARRAY(_INBOX.c[name].type)) for name in _COMING]
    came = func.unnest(*arrays).table_valued(*_COMING, with_ordinality="place").render_derived().c
    now = bindparam("now", type_=_INBOX.c.received_at.type)
    never: ColumnElement[int] = literal_column("0")
    rows = select(*(came[name] for name in _COMING), _PENDING, now, now, never).order_by(came.place)
    columns = [*_COMING, "state", "received_at", "handle_after", "attempts"]
    statement = insert(_INBOX).from_select(columns, rows, include_defaults=False)
    return statement.on_conflict_do_nothing(index_elements=[_INBOX.c.bot, _INBOX.c.update_key])


_STORE_ALL = _store_all_statement()


def _store_and_count_statement() -> Select[Any]:
    came = _STORE_ALL.returning(_INBOX.c.bot).cte("came")
    return select(func.count()).select_from(came).add_cte(counting(came).cte("counting"))


_STORE_AND_COUNT = _store_and_count_statement()


class Intake:
    """Cửa nhận: `store` returns only after the commit that holds the row, and concurrent callers share one commit.

    On 40 connections that is one fsync for forty answers. Nothing is gathered on purpose, so nobody waits for it.
    """

    def __init__(
        self,
        database: Database,
        *,
        clock: Clock,
        wake: Wake | None = None,
        waiting: int = 10_000,
        counted: Collection[str] = (),
    ) -> None:
        """`counted`: bots whose platform counts messages; of the others nothing more is asked than before."""
        self._database, self._clock, self._wake, self._counted = database, clock, wake, frozenset(counted)
        self._group = GroupCommit[IncomingRow, None](self._commit, waiting=waiting)
        # on PostgreSQL a statement alone is a transaction by itself, and takes one journey in place of three
        options = {"isolation_level": "AUTOCOMMIT"} if database.dialect == "postgresql" else {}
        self._at_once = database.writer.execution_options(**options)

    async def store(self, row: IncomingRow) -> None:
        """Raises what the database raised: then the platform must not be told that we have it."""
        await self._group.submit(row)

    async def close(self) -> None:
        await self._group.close()

    async def _commit(self, rows: Sequence[IncomingRow]) -> list[None]:
        now = self._clock()
        async with self._at_once.connect() as connection:
            if any(row.bot in self._counted for row in rows):
                await _store(connection, rows, now=now, counted=self._counted)
            else:
                await _store_uncounted(connection, rows, now=now)
            await connection.commit()
        if self._wake:
            self._wake.set()
        return [None] * len(rows)


async def claim_updates(session: AsyncSession, *, now: datetime, lease: timedelta, limit: int) -> list[ClaimedUpdate]:
    """Take up to `limit` waiting updates, of each chat only the oldest, so that nothing overtakes in a chat.

    While it is leased, `handle_after` is the end of the lease: a vanished holder's update comes back by itself.
    """
    await keep_to_the_index(session)
    values = {"now": now, "limit": limit, "token": str(uuid4()), "until": now + lease}
    result = await session.execute(_CLAIM, values)
    return sorted((ClaimedUpdate(**row) for row in result.mappings()), key=lambda row: row.id)


def _claim_statement() -> Update:
    limit = bindparam("limit", type_=Integer, literal_execute=True)
    now = bindparam("now", type_=_INBOX.c.handle_after.type)
    head, before = alias(_INBOX, "head"), alias(_INBOX, "before")
    first = (
        select(before.c.id)
        .where(before.c.state == _PENDING, before.c.bot == head.c.bot, before.c.chat == head.c.chat)
        .order_by(before.c.id)
        .limit(1)
    )
    due = (
        select(head.c.id)
        .where(head.c.state == _PENDING, head.c.handle_after <= now, head.c.id == first.scalar_subquery())
        .order_by(head.c.handle_after, head.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .cte("due")
        .prefix_with("MATERIALIZED", dialect="postgresql")
    )
    return (
        sql_update(_INBOX)
        .where(_INBOX.c.id.in_(select(due.c.id)))
        .values(
            lease_token=bindparam("token"),
            handle_after=bindparam("until", type_=_INBOX.c.handle_after.type),
            attempts=_INBOX.c.attempts + 1,
        )
        .returning(*_CLAIMED)
    )


_CLAIM = _claim_statement()


async def mark_handled(session: AsyncSession, update: ClaimedUpdate, *, now: datetime) -> bool:
    """Done, in the transaction that did it; False: the lease is not ours any more, and nothing may be committed."""
    return await _settle(session, update, {"state": InboxState.HANDLED, "handled_at": now, "last_error": None})


async def postpone(session: AsyncSession, update: ClaimedUpdate, *, until: datetime, error: str) -> bool:
    return await _settle(session, update, {"handle_after": until, "last_error": error})


async def poison(session: AsyncSession, update: ClaimedUpdate, *, now: datetime, error: str) -> bool:
    """Set aside and kept, so that the chat's next updates are handled; somebody must look at it."""
    return await _settle(session, update, {"state": InboxState.POISONED, "handled_at": now, "last_error": error})


async def _settle(session: AsyncSession, update: ClaimedUpdate, values: Mapping[str, object]) -> bool:
    statement = (
        sql_update(_INBOX)
        .where(_INBOX.c.id == update.id, _INBOX.c.lease_token == update.lease_token, _INBOX.c.state == _PENDING)
        .values(**values, lease_token=None)
        .returning(_INBOX.c.id)
    )
    return (await session.execute(statement)).scalar_one_or_none() is not None


async def prune_updates(session: AsyncSession, *, before: datetime) -> int:
    """Forget what was handled before this instant. Platforms repeat themselves for a day: keep 48 hours or more."""
    statement = delete(_INBOX).where(_INBOX.c.state == InboxState.HANDLED, _INBOX.c.handled_at < before)
    return len((await session.execute(statement.returning(_INBOX.c.id))).scalars().all())


async def count_updates(session: AsyncSession) -> dict[InboxState, int]:
    """How many updates are in each state; every state is named."""
    number = func.count().label("number")
    result = await session.execute(select(_INBOX.c.state, number).group_by(_INBOX.c.state))
    found: dict[InboxState, int] = {row.state: row.number for row in result}
    return {state: found.get(state, 0) for state in InboxState}
