"""An Official Account as the composition root sees it: two channels, one consent, one webhook for both."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from starlette.routing import BaseRoute

from bot.conversation.conversation import Conversation
from bot.edges import Site, rest
from bot.zalo_oa.channel import OaChannel, OaGroupChannel
from bot.zalo_oa.consent import Consent
from bot.zalo_oa.handlers import OaHandler
from bot.zalo_oa.silence import is_silent
from bot.zalo_oa.tokens import TokenKeeper
from bot.zalo_oa.webhook import OaWebhook
from bot.zalo_oa.wire import OaWire
from models.clock import Clock
from models.errors import ChannelStoppedError, TryLaterError
from reminders.inbox import Intake
from reminders.inbox_worker import Handle, Prepare
from reminders.rate import Limits, Rate

WEBHOOK_PATH = "/zalo-oa"
LIMITS = Limits(overall=Rate(10, timedelta(seconds=1)), private=Rate(2, timedelta(seconds=2)), group=None)
"""Zalo names no rate; -32 says when it was too much."""

LOOK_EVERY_S = 300.0
"""The access token is renewed an hour before its end: looked at often enough, seldom enough."""

TRUSTED_AFTER = 5
"""So many bodies ignored and none proved: the key is more likely wrong than the world so curious."""


class OaEdge:
    """OA tới từng người: it also keeps the tokens and serves the webhook, for its groups too."""

    limits = LIMITS

    def __init__(
        self,
        wire: OaWire,
        keeper: TokenKeeper,
        consent: Consent,
        *,
        channel: OaChannel,
        groups: OaGroupChannel,
        key: str,
        app_id: str,
        prepare: Prepare | None,
        clock: Clock,
    ) -> None:
        """`key`: the OA's secret key, which proves its events."""
        self._wire, self._keeper, self._consent, self._clock = wire, keeper, consent, clock
        self._make_webhook = partial(OaWebhook, app_id=app_id, key=key, bot=channel.bot, group_bot=groups.bot)
        self._webhook: OaWebhook | None = None
        self._bots = (channel.bot, groups.bot)
        self.channel, self.prepare, self._persons = channel, prepare, channel.bot

    def handle(self, conversation: Conversation) -> Handle:
        return OaHandler(conversation, channel=self.channel.name, persons=self._persons, clock=self._clock)

    def routes(self, intake: Intake) -> Sequence[BaseRoute]:
        self._webhook = self._make_webhook(intake)
        return [self._webhook.route(WEBHOOK_PATH), self._consent.route()]

    async def receive(self, site: Site, stop: asyncio.Event) -> None:
        """Zalo calls us; here it is only watched whether it still may and still does, for persons and groups alike."""
        watches = [site.receiving(bot) for bot in self._bots]
        while not stop.is_set():
            problem = await self._problem(site)
            for watch in watches:
                await (watch.succeeded() if problem is None else watch.failed(problem.said, at_once=problem.is_sure))
            await rest(stop, LOOK_EVERY_S)

    async def close(self) -> None:
        await self._wire.close()

    async def _problem(self, site: Site) -> "_Problem | None":
        """What keeps people's words from us, or ours from them."""
        try:
            await self._keeper.access_token()
        except TryLaterError as error:
            return _Problem(str(error), is_sure=isinstance(error, ChannelStoppedError))
        if self._webhook is not None and self._webhook.ignored >= TRUSTED_AFTER and not self._webhook.proved:
            return _Problem("signature: none is right; is ZALO_OA_KEY?", is_sure=True)
        async with site.database.read() as session:
            silent = await is_silent(session, self._bots, now=self._clock())
        return _Problem("silence: much was sent, nothing heard for a day", is_sure=True) if silent else None


@dataclass(frozen=True, slots=True)
class _Problem:
    """Một trở ngại; `is_sure`: looking once more would find the same."""

    said: str
    is_sure: bool


class OaGroupEdge:
    """OA tới các nhóm của nó; what they say comes by the webhook of the other edge."""

    limits = LIMITS
    prepare: Prepare | None = None

    def __init__(self, channel: OaGroupChannel, *, persons: str, clock: Clock) -> None:
        self.channel, self._persons, self._clock = channel, persons, clock

    def handle(self, conversation: Conversation) -> Handle:
        return OaHandler(conversation, channel=self.channel.name, persons=self._persons, clock=self._clock)

    def routes(self, intake: Intake) -> Sequence[BaseRoute]:
        del intake
        return []

    async def receive(self, site: Site, stop: asyncio.Event) -> None:
        del site
        await stop.wait()

    async def close(self) -> None:
        """The wire is the other edge's."""
