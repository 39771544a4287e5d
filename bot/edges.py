"""What the composition root asks of every channel's edge: each brings its own tasks and routes, and fails alone."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from starlette.routing import BaseRoute

from bot.conversation.conversation import Conversation
from models.clock import Clock
from models.database import Database
from planner.bots import Announced, announce
from reminders.channel import Channel
from reminders.inbox import IncomingRow, Intake, store_updates
from reminders.inbox_worker import Handle, Prepare
from reminders.outages import Receiving
from reminders.rate import Limits
from reminders.wake import Wake

log = logging.getLogger(__name__)

FOREIGN_WEBHOOK, TOKEN_REFUSED, NO_ANSWER = "foreign-webhook", "token-refused", "no-answer"
"""Why nothing is received, as it is kept."""

FIRST_PAUSE_S, LONGEST_PAUSE_S = 1.0, 300.0


@dataclass(frozen=True, slots=True)
class Site:
    """Nơi một kênh làm việc: what it may use of the process. `owner` names the process in leases, `counted` the bots
    whose platform counts messages."""

    database: Database
    clock: Clock
    owner: str
    wake_inbox: Wake
    counted: Collection[str] = ()

    async def store(self, rows: list[IncomingRow]) -> None:
        """Returns when they are committed; the same ones again change nothing."""
        async with self.database.write() as session:
            await store_updates(session, rows, now=self.clock(), counted=self.counted)
            await session.commit()
        self.wake_inbox.set()

    def receiving(self, bot: str) -> Receiving:
        return Receiving(self.database, bot, clock=self.clock)

    async def announce(self, channel: Channel, *, shown_name: str | None = None) -> None:
        """Write down that this bot is there, for the command line and the chats; `shown_name` once it is known."""
        able = channel.capabilities
        known = Announced(channel.bot, channel.name, shown_name, able.monthly_quota, able.most_people, able.most_groups)
        async with self.database.write() as session:
            await announce(session, [known], now=self.clock())
            await session.commit()


class Watch(Protocol):
    """Người theo dõi: hears how receiving goes. `at_once`: no second try would go better."""

    async def failed(self, reason: str, *, at_once: bool = False) -> None: ...

    async def succeeded(self) -> None: ...


class Edge(Protocol):
    """Một bot trên một nền tảng. `prepare` fetches what its updates speak of; None: nothing needs fetching."""

    @property
    def channel(self) -> Channel: ...

    @property
    def limits(self) -> Limits: ...

    @property
    def prepare(self) -> Prepare | None: ...

    def handle(self, conversation: Conversation) -> Handle: ...

    def routes(self, intake: Intake) -> Sequence[BaseRoute]:
        """What it serves over HTTP."""
        ...

    async def receive(self, site: Site, stop: asyncio.Event) -> None:
        """Take in what people say, until `stop`. What it raises is a fault of its own; it is then begun anew."""
        ...

    async def close(self) -> None: ...


async def received_alone(edge: Edge, site: Site, stop: asyncio.Event) -> None:
    """An edge that falls over takes nothing with it: it is begun again after a growing pause."""
    pause = FIRST_PAUSE_S
    while not stop.is_set():
        try:
            await edge.receive(site, stop)
        except Exception as error:
            log.exception("receiving for %s failed; again in %s s", edge.channel.bot, round(pause))
            await site.receiving(edge.channel.bot).failed(type(error).__name__, at_once=True)
        else:
            return
        await rest(stop, pause)
        pause = min(pause * 2, LONGEST_PAUSE_S)


async def retried(
    call: Callable[[], Awaitable[object]],
    *,
    errors: tuple[type[Exception], ...],
    stop: asyncio.Event,
    what: str,
    watch: Watch | None = None,
    reason_of: Callable[[Exception], str] = lambda error: type(error).__name__,
) -> None:
    """Until it succeeds or everything stops; waits longer each time, up to five minutes. Each reason is told once."""
    pause, said = FIRST_PAUSE_S, None
    while not stop.is_set():
        try:
            await call()
        except errors as error:
            reason = reason_of(error)
            if said != reason:
                said = reason
                log.log(logging.ERROR if watch and reason == TOKEN_REFUSED else logging.WARNING, "%s: %s", what, reason)
            if watch:
                await watch.failed(reason, at_once=reason == TOKEN_REFUSED)
        else:
            if watch:
                await watch.succeeded()
            return
        await rest(stop, pause)
        pause = min(pause * 2, LONGEST_PAUSE_S)


async def rest(stop: asyncio.Event, seconds: float) -> None:
    """So long, or until everything stops."""
    try:
        async with asyncio.timeout(seconds):
            await stop.wait()
    except TimeoutError:
        pass
