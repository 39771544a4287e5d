"""Receiving by asking: an update is committed before the next question, and the same one again changes nothing.

Zalo keeps no place for us (no offset, no acknowledgement), so what it gave out and a crash lost may not come again.
"""

import asyncio
import logging
import random as dice
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from typing import Any

from bot.edges import FOREIGN_WEBHOOK, NO_ANSWER, TOKEN_REFUSED, Watch, rest
from bot.zalo.client import RefusedError, ZaloClient, ZaloError
from bot.zalo.updates import as_text, lane_of, single_updates, update_key
from reminders.backoff import Random, wait_after_failure
from reminders.inbox import IncomingRow

log = logging.getLogger(__name__)

HOLD = timedelta(seconds=30)
"""How long Zalo is asked to hold a question open."""

FLOOR = timedelta(seconds=1)
"""Between the beginnings of two questions: an update that was read may be given again at once."""

LONGEST_PAUSE = timedelta(seconds=30)
AFTER_TOO_MANY = timedelta(minutes=5)
LOOK_AGAIN = timedelta(minutes=1)
"""While somebody else's webhook takes the updates."""

AFTER_REFUSAL = timedelta(minutes=10)
"""A token that was refused is shown again so seldom; it is a new one, and a restart, that is waited for."""

Store = Callable[[list[IncomingRow]], Awaitable[None]]
"""Returns only when the batch is committed; must bear the same update twice."""


@dataclass(frozen=True, slots=True)
class Pace:
    """Nhịp hỏi."""

    hold: timedelta = HOLD
    floor: timedelta = FLOOR
    look_again: timedelta = LOOK_AGAIN
    after_refusal: timedelta = AFTER_REFUSAL
    longest_pause: timedelta = LONGEST_PAUSE


async def poll_updates(
    client: ZaloClient,
    *,
    store: Store,
    stop: asyncio.Event,
    watch: Watch,
    pace: Pace | None = None,
    random: Random = dice.random,
) -> None:
    """Until `stop`. Survives every failure of wire and store; each kind is alarmed once while it lasts.

    Never begins, nor goes on after a refusal, where a webhook is set: it is somebody's, and is left alone.
    """
    await _Poller(client, store, stop, watch, pace or Pace(), random).run()


class _Poller:
    def __init__(
        self, client: ZaloClient, store: Store, stop: asyncio.Event, watch: Watch, pace: Pace, random: Random
    ) -> None:
        self._client, self._store, self._stop, self._watch, self._pace = client, store, stop, watch, pace
        self._random = random
        self._failures = 0
        self._must_look = True
        self._unstored: list[IncomingRow] = []
        self._said: str | None = None

    async def run(self) -> None:
        while not self._stop.is_set():
            began = asyncio.get_running_loop().time()
            await self._turn()
            spent = asyncio.get_running_loop().time() - began
            await self._rest(self._pace.floor - timedelta(seconds=spent))

    async def _turn(self) -> None:
        try:
            if self._must_look and await self._is_taken():
                return
            if not self._unstored:
                answer = await self._or_stop(self._client.get_updates(hold=self._pace.hold))
                self._unstored = [row_of(update, self._client.bot) for update in single_updates(answer)]
            if self._unstored:
                await self._store(self._unstored)
                self._unstored = []
        except ZaloError as error:
            await self._failed(error)
        except Exception:  # Zalo may not give it again: kept in hand until the store is back
            log.exception("zalo: an update could not be stored; storing it is tried again")
            await self._pause()
        else:
            self._failures, self._said = 0, None
            await self._watch.succeeded()

    async def _is_taken(self) -> bool:
        """True after a wait, where a webhook takes the updates."""
        webhook = await self._or_stop(self._client.get_webhook_info())
        self._must_look = webhook is not None
        if webhook is None:
            await self._watch.succeeded()  # Zalo answers, and the first question may be held open for long
            return False
        await self._alarm(
            FOREIGN_WEBHOOK, "a webhook is set, so nothing can be asked for; see `dondoc zalo webhook info`"
        )
        await self._rest(self._pace.look_again)
        return True

    async def _failed(self, error: ZaloError) -> None:
        code = error.code if isinstance(error, RefusedError) else 0
        if code == HTTPStatus.UNAUTHORIZED:
            await self._alarm(TOKEN_REFUSED, "its token is refused: nothing is received or sent until it has a new one")
            await self._rest(self._pace.after_refusal)
        elif code == HTTPStatus.TOO_MANY_REQUESTS:
            log.warning("zalo: %s answered too many requests; asking again in a while", self._client.bot)
            await self._rest(AFTER_TOO_MANY)
        else:
            # a webhook set meanwhile is refused with a code that is not documented
            self._must_look |= code > 0
            await self._watch.failed(NO_ANSWER)
            await self._pause()

    async def _alarm(self, reason: str, words: str) -> None:
        await self._watch.failed(reason, at_once=True)
        if self._said != reason:
            self._said = reason
            log.error("zalo: %s: %s", self._client.bot, words)

    async def _pause(self) -> None:
        self._failures += 1
        if self._failures == 1:
            log.warning("zalo: receiving for %s is interrupted; trying again", self._client.bot)
        await self._rest(wait_after_failure(self._failures, random=self._random, cap=self._pace.longest_pause))

    async def _or_stop(self, question: Awaitable[Any]) -> Any:
        """The answer, or None as soon as `stop` is set."""
        asking, stopping = asyncio.ensure_future(question), asyncio.ensure_future(self._stop.wait())
        try:
            await asyncio.wait({asking, stopping}, return_when=asyncio.FIRST_COMPLETED)
            return asking.result() if asking.done() else None
        finally:
            asking.cancel()
            stopping.cancel()
            await asyncio.gather(asking, stopping, return_exceptions=True)

    async def _rest(self, pause: timedelta) -> None:
        await rest(self._stop, max(pause.total_seconds(), 0))


def row_of(update: dict[str, Any], bot: str) -> IncomingRow:
    """One update, from the poll or from the webhook, as the inbox stores it."""
    return IncomingRow(bot=bot, update_key=update_key(update), chat=lane_of(update), body=as_text(update))
