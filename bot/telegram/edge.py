"""Telegram as the composition root sees it: its channel, its route, and how it hears."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from aiogram import Bot
from aiogram.exceptions import AiogramError
from starlette.routing import BaseRoute

from bot.conversation.conversation import Conversation
from bot.edges import Site, Watch, retried
from bot.evidence_store import EvidenceStore
from bot.telegram.channel import TelegramChannel
from bot.telegram.files import files_in
from bot.telegram.handlers import TelegramHandler
from bot.telegram.menu import COMMANDS
from bot.telegram.poller import RawUpdate, poll_updates, reason_of
from bot.telegram.webhook import telegram_webhook
from models.clock import Clock
from models.database import Database
from reminders.inbox import IncomingRow, Intake
from reminders.inbox_worker import Handle
from reminders.leases import Holder
from reminders.rate import Limits

POLL_TIMEOUT = timedelta(seconds=25)
WEBHOOK_PATH = "/telegram"
ALLOWED_UPDATES = ["message", "edited_message", "callback_query", "my_chat_member"]


@dataclass(frozen=True, slots=True)
class Hook:
    """Webhook của ta: the public address of this machine, and the secret Telegram must show."""

    base: str
    secret: str

    @property
    def url(self) -> str:
        return self.base.rstrip("/") + WEBHOOK_PATH


class TelegramEdge:
    """Kênh Telegram."""

    limits = Limits()

    def __init__(
        self, bot: Bot, database: Database, evidence: EvidenceStore, *, hook: Hook | None, clock: Clock
    ) -> None:
        """`hook` None: by polling."""
        self._bot, self._hook, self._clock = bot, hook, clock
        self.channel = TelegramChannel(bot)
        self.prepare = files_in(bot, database, evidence, clock=clock)

    def handle(self, conversation: Conversation) -> Handle:
        return TelegramHandler(self._bot, conversation, clock=self._clock)

    def routes(self, intake: Intake) -> Sequence[BaseRoute]:
        if self._hook is None:
            return []
        return [telegram_webhook(intake, path=WEBHOOK_PATH, secret=self._hook.secret, bot_key=self.channel.bot)]

    async def receive(self, site: Site, stop: asyncio.Event) -> None:
        async with asyncio.TaskGroup() as tasks:
            menu = partial(self._bot.set_my_commands, list(COMMANDS))
            tasks.create_task(_retried(menu, stop=stop, what="telegram: the menu"))
            tasks.create_task(self._hear(site, stop))

    async def close(self) -> None:
        await self._bot.session.close()

    async def _hear(self, site: Site, stop: asyncio.Event) -> None:
        """By webhook where one is set, else by long polling from whichever process holds the poller's lease."""
        watch = site.receiving(self.channel.bot)
        if self._hook is None:
            polling = Holder(site.database, f"poll:{self.channel.bot}", site.owner, clock=site.clock)
            await polling.run(stop, lambda ended: self._poll(site, watch, ended))
            return
        announce = partial(
            self._bot.set_webhook,
            self._hook.url,
            secret_token=self._hook.secret,
            allowed_updates=ALLOWED_UPDATES,
            drop_pending_updates=False,
        )
        await _retried(announce, stop=stop, watch=watch)

    async def _poll(self, site: Site, watch: Watch, stop: asyncio.Event) -> None:
        """Polling beside a webhook is refused, so one that was set before is taken off; nothing is dropped."""
        await _retried(partial(self._bot.delete_webhook, drop_pending_updates=False), stop=stop, watch=watch)

        async def store(batch: list[RawUpdate]) -> None:
            await site.store(
                [
                    IncomingRow(
                        bot=self.channel.bot, update_key=str(each.update_id), chat=each.chat_key, body=each.body
                    )
                    for each in batch
                ]
            )

        await poll_updates(
            self._bot, store=store, stop=stop, allowed_updates=ALLOWED_UPDATES, timeout=POLL_TIMEOUT, watch=watch
        )


_retried = partial(retried, errors=(AiogramError,), what="telegram", reason_of=reason_of)
