"""One Zalo bot as the composition root sees it: its channel, its routes, and how it hears."""

import asyncio
import logging
from collections.abc import Sequence
from datetime import timedelta

from starlette.routing import BaseRoute

from bot.conversation.conversation import Conversation
from bot.edges import Site, Watch, rest
from bot.evidence_in import FilesIn
from bot.evidence_store import EvidenceStore
from bot.web_files import WebFiles
from bot.zalo.channel import ZaloChannel
from bot.zalo.client import ZaloClient, ZaloError
from bot.zalo.files import sent_file
from bot.zalo.handlers import ZaloHandler
from bot.zalo.photos import PhotoShelf
from bot.zalo.poller import Pace, poll_updates
from bot.zalo.registration import Hook, keep_announced, path_of
from bot.zalo.webhook import zalo_webhook
from models.clock import Clock
from models.database import Database
from reminders.inbox import Intake
from reminders.inbox_worker import Handle
from reminders.leases import Holder
from reminders.rate import Limits, Rate

log = logging.getLogger(__name__)

LIMITS = Limits(overall=Rate(5, timedelta(seconds=1)), private=Rate(2, timedelta(seconds=2)), group=None)
"""Zalo names no rate. Five a second reaches the fifty people of a bot in ten."""

ASK_NAME_AGAIN_S = 60.0


class ZaloEdge:
    """Kênh Zalo của một bot."""

    limits = LIMITS

    def __init__(
        self,
        client: ZaloClient,
        database: Database,
        evidence: EvidenceStore,
        *,
        hook: Hook | None,
        photos: PhotoShelf | None,
        may_fetch_near: bool,
        clock: Clock,
        pace: Pace | None = None,
    ) -> None:
        """`hook` None: by polling."""
        self._client, self._hook, self._photos, self._clock, self._pace = client, hook, photos, clock, pace
        self._names: frozenset[str] = frozenset()
        self.channel = ZaloChannel(client, photos=photos)
        pictures = WebFiles(client, may_be_near=may_fetch_near)
        self.prepare = FilesIn(database, evidence, sent_file=sent_file, chunks=pictures.chunks, clock=clock)

    def handle(self, conversation: Conversation) -> Handle:
        return ZaloHandler(conversation, clock=self._clock, names=lambda: self._names)

    def routes(self, intake: Intake) -> Sequence[BaseRoute]:
        bot = self.channel.bot
        hook = self._hook and [zalo_webhook(intake, path=path_of(bot), secret=self._hook.secret, bot=bot)]
        return [*(hook or []), *([self._photos.route()] if self._photos else [])]

    async def receive(self, site: Site, stop: asyncio.Event) -> None:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._learn_name(site, stop))
            tasks.create_task(self._hear(site, stop))

    async def close(self) -> None:
        await self._client.close()

    async def _hear(self, site: Site, stop: asyncio.Event) -> None:
        """By webhook where one is set, else by polling from whichever process holds the poller's lease."""
        watch = site.receiving(self.channel.bot)
        if self._hook is not None:
            await keep_announced(self._client, self._hook, watch=watch, stop=stop)
            return
        polling = Holder(site.database, f"poll:{self.channel.bot}", site.owner, clock=site.clock)
        await polling.run(stop, lambda ended: self._poll(site, watch, ended))

    async def _poll(self, site: Site, watch: Watch, stop: asyncio.Event) -> None:
        await poll_updates(self._client, store=site.store, stop=stop, watch=watch, pace=self._pace)

    async def _learn_name(self, site: Site, stop: asyncio.Event) -> None:
        """What people look for in the app, and write after "@" in a group."""
        while not stop.is_set():
            try:
                account = await self._client.get_me()
            except ZaloError as error:
                log.info("zalo: the name of %s could not be asked (%s)", self.channel.bot, type(error).__name__)
            else:
                self._names = frozenset(filter(None, (account.account_name, account.display_name)))
                await site.announce(self.channel, shown_name=account.display_name or account.account_name or None)
                return
            await rest(stop, ASK_NAME_AGAIN_S)
