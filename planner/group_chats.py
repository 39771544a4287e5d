"""Use-cases on a unit's group chat: its head links it with a code, digests may go there, it shows that unit alone."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from models.columns import columns_of
from models.errors import NotAllowedError
from models.group_chat import GroupChat
from models.org_unit import OrgUnit
from models.outbox import OutboxMessage
from models.person import Invite
from models.terms import OutboxState, Role
from planner import audit
from planner.people import KnownPerson, new_code, use_code

_g, _u, _i, _o = columns_of(GroupChat), columns_of(OrgUnit), columns_of(Invite), columns_of(OutboxMessage)


@dataclass(frozen=True, slots=True)
class LinkedGroup:
    """Nhóm đã liên kết với một đơn vị."""

    id: int
    unit_id: int
    unit_code: str
    unit_name: str
    bot: str
    chat: str
    gets_digests: bool


async def create_group_invite(
    session: AsyncSession, head: KnownPerson, unit_id: int, *, channel: str, now: datetime, key: bytes
) -> str:
    """A one-time code to type in the group; codes this head got for the unit before stop working.

    Raises NotAllowedError for anybody but the unit's head.
    """
    _demand_head(head, unit_id)
    await session.execute(delete(Invite).where(_i.person_id == head.id, _i.unit_id == unit_id, _i.used_at.is_(None)))
    code = await new_code(session, head.id, now=now, key=key, unit_id=unit_id)
    await audit.record(
        session, "group-invited", now=now, channel=channel, person_id=head.id, after={"unit_id": unit_id}
    )
    return code


async def link_group_by_code(
    session: AsyncSession,
    code: str,
    *,
    channel: str,
    bot: str,
    chat: str,
    by: KnownPerson,
    now: datetime,
    key: bytes,
) -> int:
    """Make this group the unit's; returns the unit's id. Whatever unit it was linked to before, it no longer is.

    Only the code's own person may use it, and only as head of the unit; in other hands it is wrong and stays good.
    Raises InviteError. Guesses are counted per group: commit also when it raises.
    """
    units = by.units_as(Role.UNIT_HEAD)
    invite = await use_code(session, code, bot=bot, chat=chat, now=now, key=key, group_of=(by.id, units))
    await _release(session, bot=bot, chat=chat, now=now)
    await session.execute(
        insert(GroupChat).values(
            unit_id=invite.unit_id,
            channel=channel,
            bot=bot,
            chat=chat,
            gets_digests=True,
            linked_by_id=by.id,
            linked_at=now,
        )
    )
    await audit.record(
        session, "group-linked", now=now, channel=channel, person_id=by.id, after={"unit_id": invite.unit_id}
    )
    return int(invite.unit_id)


async def unlink_group(
    session: AsyncSession, *, bot: str, chat: str, by: KnownPerson, channel: str, now: datetime
) -> bool:
    """The group is nobody's again; False when it was. Raises NotAllowedError for anybody but the unit's head."""
    group = await group_of_chat(session, bot=bot, chat=chat)
    if group is None:
        return False
    _demand_head(by, group.unit_id)
    await _release(session, bot=bot, chat=chat, now=now)
    await audit.record(
        session, "group-unlinked", now=now, channel=channel, person_id=by.id, before={"unit_id": group.unit_id}
    )
    return True


async def set_digests(
    session: AsyncSession, *, bot: str, chat: str, wanted: bool, by: KnownPerson, channel: str, now: datetime
) -> bool:
    """Whether morning digests go to the group; False where there is no such group. Raises NotAllowedError."""
    group = await group_of_chat(session, bot=bot, chat=chat)
    if group is None:
        return False
    _demand_head(by, group.unit_id)
    await session.execute(update(GroupChat).where(_g.id == group.id).values(gets_digests=wanted))
    after = {"unit_id": group.unit_id, "gets_digests": wanted}
    await audit.record(session, "group-digests-set", now=now, channel=channel, person_id=by.id, after=after)
    return True


async def group_of_chat(session: AsyncSession, *, bot: str, chat: str) -> LinkedGroup | None:
    """The unit whose work this group may be shown; None for every other group."""
    row = (await session.execute(_GROUPS.where(_g.bot == bot, _g.chat == chat))).one_or_none()
    return None if row is None else LinkedGroup(*row)


async def groups_of_units(session: AsyncSession, unit_ids: Collection[int]) -> dict[int, list[LinkedGroup]]:
    """By unit, the groups that want digests and can be reached."""
    query = _GROUPS.where(_g.unit_id.in_(unit_ids), _g.gets_digests, _g.unreachable_at.is_(None)).order_by(_g.id)
    found: defaultdict[int, list[LinkedGroup]] = defaultdict(list)
    for row in await session.execute(query):
        found[row.unit_id].append(LinkedGroup(*row))
    return dict(found)


_GROUPS = select(_g.id, _g.unit_id, _u.code, _u.short_name, _g.bot, _g.chat, _g.gets_digests).join(
    OrgUnit, _u.id == _g.unit_id
)


def _demand_head(person: KnownPerson, unit_id: int) -> None:
    if unit_id not in person.units_as(Role.UNIT_HEAD):
        raise NotAllowedError


async def _release(session: AsyncSession, *, bot: str, chat: str, now: datetime) -> None:
    """What waits for the group was about the unit it is leaving."""
    await session.execute(delete(GroupChat).where(_g.bot == bot, _g.chat == chat))
    await session.execute(
        update(OutboxMessage)
        .where(_o.bot == bot, _o.chat == chat, _o.state == OutboxState.PENDING, _o.form != "text")
        .values(state=OutboxState.CANCELLED, settled_at=now, lease_token=None, lease_until=None)
    )
