"""One message on its way: the words, the room to send them, each part, and what came of it. It never raises."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from models.clock import Clock
from models.database import Database
from models.errors import DeliveryError, MovedError, OutcomeUnknownError, TryLaterError, UnreachableError
from models.terms import Lane, OutboxState
from reminders.backoff import Random
from reminders.beginning import Begun
from reminders.channel import Button, Channel, Message
from reminders.choices import fitted
from reminders.choosing import QUOTA_HELD, must_begin, next_month_at
from reminders.circuit import Circuit
from reminders.outbox import Claimed, Settlement, record_part
from reminders.outcomes import (
    MAX_CLAIMS,
    Outcome,
    cancelled,
    delivered,
    given_up,
    held,
    judge,
    may_have_arrived,
    passed_on,
    released,
)
from reminders.rate import Gate

log = logging.getLogger(__name__)

Render = Callable[[AsyncSession, Claimed], Awaitable[Message | None]]
"""From what is owed to words, in a read session, at the moment of sending. None: it is not wanted any more."""

WhyUnreachable = Callable[[str, str], Awaitable[str | None]]
"""(bot, chat): why this address is out of use; None while it may be tried."""

Begin = Callable[[Claimed], Awaitable[Begun]]
"""Written down and counted before it leaves, where the channel wants that."""

Move = Callable[[Claimed, str], Awaitable[Claimed | None]]
"""The chat has this new address: write it down and return the row as it is now; None: the lease is lost."""

TEXT = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """What every delivery of one turn shares. `patience`: how long a message may wait in hand for its moment."""

    database: Database
    render: Render
    why_unreachable: WhyUnreachable
    move: Move
    begin: Begin
    clock: Clock
    random: Random
    send_timeout: timedelta
    evenly: bool
    patience: timedelta


class _LeaseLostError(Exception):
    """Somebody else holds the row: say nothing more, write nothing."""


class _NoRoomError(Exception):
    """Not its moment yet; nothing was sent just now."""


class _HeldError(Exception):
    """The month's quota runs out, and this can wait; nothing was sent."""


class Delivery:
    """Một lần gửi. `slot` is the moment the bot's gate has kept for its first part."""

    def __init__(
        self, claimed: Claimed, slot: datetime | None, *, channel: Channel, gate: Gate, circuit: Circuit, stage: Stage
    ) -> None:
        self._row, self._slot = claimed, slot
        self._channel, self._gate, self._circuit, self._stage = channel, gate, circuit, stage
        self._sent_some = False
        self._counted_at: datetime | None = None
        self._uncounted: list[datetime] = []

    async def run(self) -> Outcome | None:
        """None: the lease was lost on the way, and there is nothing of ours to write."""
        try:
            return await self._deliver()
        except _LeaseLostError:
            log.warning("outbox row %s: its lease was lost, somebody else has it", self._row.id)
            return None
        except _NoRoomError:
            was_tried = self._sent_some or self._row.parts_sent > 0
            return self._outcome(released(self._row, was_tried=was_tried))
        except _HeldError:
            return self._held()
        except Exception as error:  # noqa: BLE001 -- one poison row must not stop the others
            return self._judged(error)

    async def _deliver(self) -> Outcome:
        if self._row.attempts > MAX_CLAIMS:
            log.error(
                "outbox row %s is given up: claimed %s times without an outcome", self._row.id, self._row.attempts
            )
            return self._outcome(given_up(self._row, error="claimed too often"))
        if self._row.begun_at is not None and not self._channel.capabilities.resend_when_unknown:
            raise OutcomeUnknownError("its sender vanished while it was under way")
        message = await self._words()
        if message is None:
            return self._outcome(cancelled(self._row))
        whole = fitted(message, self._channel.capabilities)
        parts = list(whole.parts)
        wire_ref = await self._send_parts(parts)
        settlement = delivered(self._row, wire_ref=wire_ref, parts_sent=len(parts), choices=whole.choices)
        return self._outcome(settlement)

    async def _words(self) -> Message | None:
        """Whoever gets a reply has just spoken, so only what we begin is held back by an address out of use."""
        if self._row.lane is not Lane.REPLY:
            reason = await self._stage.why_unreachable(self._row.bot, self._row.chat)
            if reason:
                raise UnreachableError(reason)
        if self._row.form == TEXT:
            return text_message(self._row.payload)
        async with self._stage.database.read() as session:
            return await self._stage.render(session, self._row)

    async def _send_parts(self, parts: list[Message]) -> str | None:
        """What left before a crash or a back-off is not said again; the last part's reference is the message's."""
        wire_ref = None
        for index in range(self._row.parts_sent, len(parts)):
            await self._wait_for_room()
            await self._begin()
            wire_ref = await self._send(parts[index], self._row.reply_to if index == 0 else None)
            self._sent_some = True
            if index + 1 < len(parts):
                await self._remember(index + 1)
        return wire_ref

    async def _wait_for_room(self) -> None:
        """No send begins that could still be under way when the lease ends."""
        stage, now = self._stage, self._stage.clock()
        ready_at = self._gate.chat_ready_at(self._row.chat, now)
        slot, self._slot = self._slot, None
        wanted = max(ready_at, slot) if slot else self._gate.next_slot(ready_at, evenly=stage.evenly)
        if wanted - now > stage.patience or wanted + stage.send_timeout > self._row.lease_until:
            raise _NoRoomError
        if slot is None:
            self._gate.reserve(ready_at, evenly=stage.evenly)
        if wanted > now:
            await asyncio.sleep((wanted - now).total_seconds())
            if stage.clock() + stage.send_timeout > self._row.lease_until:
                raise _NoRoomError

    async def _send(self, part: Message, reply_to: str | None) -> str:
        try:
            return await self._send_once(part, reply_to)
        except MovedError as moved:
            row = await self._stage.move(self._row, moved.new_address)
        if row is None:
            raise _LeaseLostError
        self._row = row
        await self._wait_for_room()
        await self._begin()
        return await self._send_once(part, None)

    async def _begin(self) -> None:
        if not must_begin(self._channel.capabilities):
            return
        begun = await self._stage.begin(self._row)
        if begun is Begun.LOST:
            raise _LeaseLostError
        if begun is Begun.HELD:
            raise _HeldError
        self._counted_at = now = self._stage.clock()
        if now + self._stage.send_timeout > self._row.lease_until:
            self._take_back_the_count()
            raise _NoRoomError

    async def _send_once(self, part: Message, reply_to: str | None) -> str:
        try:
            async with asyncio.timeout(self._stage.send_timeout.total_seconds()):
                wire_ref = await self._channel.send(self._row.chat, part, reply_to=reply_to)
        except TimeoutError as error:
            unknown = OutcomeUnknownError("no answer in time")
            self._failed(unknown)
            raise unknown from error
        except DeliveryError as error:
            self._failed(error)
            raise
        finally:
            self._gate.chat_took(self._row.chat, self._stage.clock())
        self._circuit.succeeded()
        return wire_ref

    def _failed(self, error: DeliveryError) -> None:
        """By its contract every error of a channel but one says that nothing was sent."""
        if not isinstance(error, OutcomeUnknownError):
            self._take_back_the_count()
        if self._circuit.failed(error, self._stage.clock()):
            log.error("bot %s is let alone for a while: %s", self._row.bot, error.code)

    def _take_back_the_count(self) -> None:
        if self._counted_at is not None:
            self._uncounted.append(self._counted_at)
        self._counted_at = None

    async def _remember(self, parts_sent: int) -> None:
        async with self._stage.database.write() as session:
            still_ours = await record_part(session, self._row, parts_sent=parts_sent)
            await session.commit()
        if not still_ours:
            raise _LeaseLostError
        # it went forward, so the count of fruitless attempts begins anew
        self._row = replace(self._row, parts_sent=parts_sent, attempts=1)

    def _judged(self, error: Exception) -> Outcome:
        now, row = self._stage.clock(), self._row
        resend = self._channel.capabilities.resend_when_unknown
        settlement = judge(row, error, now=now, random=self._stage.random, resend_when_unknown=resend)
        if isinstance(error, TryLaterError) and error.is_rate_limit:
            if self._gate.limited(row.chat, now, until=settlement.send_after):
                log.warning("bot %s pauses until %s: several chats were limited", row.bot, settlement.send_after)
        elif settlement.state is OutboxState.REJECTED:
            log.error("outbox row %s is given up: %s", row.id, settlement.last_error)
        elif not isinstance(error, DeliveryError):
            log.error("outbox row %s failed and is postponed", row.id, exc_info=error)
        if not isinstance(error, UnreachableError):
            return replace(self._outcome(settlement), at=now)
        is_unsure = may_have_arrived(row, is_begun_first=must_begin(self._channel.capabilities))
        return replace(self._outcome(settlement), at=now, unreachable=error.reason, is_unsure=is_unsure)

    def _held(self) -> Outcome:
        now = self._stage.clock()
        waits = held(self._row, until=next_month_at(now))
        return replace(self._outcome(waits), if_elsewhere=passed_on(self._row, reason=QUOTA_HELD))

    def _outcome(self, settlement: Settlement) -> Outcome:
        quota = self._channel.capabilities.monthly_quota
        uncounted = tuple(self._uncounted) if quota is not None else ()
        return Outcome(self._row, settlement, self._stage.clock(), uncounted=uncounted)


def text_message(payload: dict[str, Any]) -> Message:
    """Form "text": finished words, and buttons as (label, command)."""
    rows = payload.get("buttons") or ()
    buttons = tuple(tuple(Button(label, command) for label, command in row) for row in rows)
    return Message(payload["text"], buttons, is_numbered=payload.get("is_numbered", False))
