"""The bots there are, as the running program announced them: how many people each has, and which has room for more."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Table, func, select
from sqlalchemy.dialects.postgresql import insert  # SQLite renders the very same ON CONFLICT clause
from sqlalchemy.ext.asyncio import AsyncSession

from models.bot_account import BotAccount
from models.columns import columns_of
from models.group_chat import GroupChat
from models.person import Address, Invite

_ACCOUNT: Table = BotAccount.metadata.tables["bot_account"]
_ad, _g, _i = columns_of(Address), columns_of(GroupChat), columns_of(Invite)


@dataclass(frozen=True, slots=True)
class Announced:
    """Một bot như nó tự giới thiệu lúc chạy; `shown_name` None: not asked for yet, the one known before stands."""

    bot: str
    channel: str
    shown_name: str | None = None
    monthly_quota: int | None = None
    most_people: int | None = None
    most_groups: int | None = None


@dataclass(frozen=True, slots=True)
class KnownBot:
    """Một bot và chỗ của nó. `people` are linked; `invited` hold a place by a code that still stands."""

    bot: str
    channel: str
    shown_name: str | None
    monthly_quota: int | None
    most_people: int | None
    most_groups: int | None
    people: int
    invited: int
    groups: int

    @property
    def name(self) -> str:
        """What people look for in the app, else our own name of it."""
        return self.shown_name or self.bot

    @property
    def has_room(self) -> bool:
        return self.most_people is None or self.people + self.invited < self.most_people


async def announce(session: AsyncSession, bots: Iterable[Announced], *, now: datetime) -> None:
    """Write down what these bots are now. Others stay: another process may run them. The caller commits."""
    for each in sorted(bots, key=lambda bot: bot.bot):
        values = {
            "bot": each.bot,
            "channel": each.channel,
            "shown_name": each.shown_name,
            "monthly_quota": each.monthly_quota,
            "most_people": each.most_people,
            "most_groups": each.most_groups,
            "announced_at": now,
        }
        statement = insert(_ACCOUNT).values(values)
        written: dict[str, Any] = {name: statement.excluded[name] for name in values if name != "bot"}
        written["shown_name"] = func.coalesce(statement.excluded.shown_name, _ACCOUNT.c.shown_name)
        await session.execute(statement.on_conflict_do_update(index_elements=[_ACCOUNT.c.bot], set_=written))


async def known_bots(session: AsyncSession, *, now: datetime, invites_but_of: int | None = None) -> list[KnownBot]:
    """Every bot that ever ran here, by its name, with who is in it today.

    `invites_but_of`: a person who is about to get a new code, which voids the one that kept them a place.
    """
    people = await _counts(session, select(_ad.bot, func.count(_ad.person_id.distinct())).group_by(_ad.bot))
    groups = await _counts(session, select(_g.bot, func.count()).group_by(_g.bot))
    open_codes = (
        select(_i.bot, func.count(_i.person_id.distinct()))
        .where(_i.bot.is_not(None), _i.used_at.is_(None), _i.expires_at >= now, ~_is_in(_i.bot, _i.person_id))
        .group_by(_i.bot)
    )
    if invites_but_of is not None:
        open_codes = open_codes.where(_i.person_id != invites_but_of)
    invited = await _counts(session, open_codes)
    c = _ACCOUNT.c
    rows = await session.execute(
        select(c.bot, c.channel, c.shown_name, c.monthly_quota, c.most_people, c.most_groups).order_by(c.bot)
    )
    return [KnownBot(*row, people.get(row.bot, 0), invited.get(row.bot, 0), groups.get(row.bot, 0)) for row in rows]


def _is_in(bot: Any, person_id: Any) -> ColumnElement[bool]:
    return select(_ad.id).where(_ad.bot == bot, _ad.person_id == person_id).exists()


async def _counts(session: AsyncSession, query: Any) -> dict[str, int]:
    return {row[0]: row[1] for row in await session.execute(query)}


def with_room(bots: Iterable[KnownBot]) -> list[KnownBot]:
    """Of each channel the one that should take the next person: with room, the fewest people, then by name."""
    chosen: dict[str, KnownBot] = {}
    for bot in sorted(bots, key=lambda each: (each.people + each.invited, each.bot)):
        if bot.has_room:
            chosen.setdefault(bot.channel, bot)
    return [chosen[channel] for channel in sorted(chosen)]


def place_kept_by(bots: Iterable[KnownBot]) -> str | None:
    """Of the bots that a code names, the one whose places are counted; a code keeps one place at most."""
    return next((bot.bot for bot in bots if bot.most_people is not None), None)
