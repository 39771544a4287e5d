"""Having Zalo call us: whose webhook stands, and setting ours without ever taking away somebody else's in silence."""

import asyncio
import logging
from dataclasses import dataclass
from http import HTTPStatus

from bot.edges import FOREIGN_WEBHOOK, NO_ANSWER, TOKEN_REFUSED, Watch, rest
from bot.zalo.client import RefusedError, WebhookInfo, ZaloClient, ZaloError
from bot.zalo.poller import LOOK_AGAIN

log = logging.getLogger(__name__)

WEBHOOK_PATH = "/zalo"
LOOK_AGAIN_S = LOOK_AGAIN.total_seconds()
LOOK_AFTER_IT_S = 600.0


@dataclass(frozen=True, slots=True)
class Hook:
    """Webhook của ta: the public address of this machine, and the secret Zalo must show."""

    base: str
    secret: str

    def url_of(self, bot: str) -> str:
        return f"{self.base.rstrip('/')}{path_of(bot)}"


def path_of(bot: str) -> str:
    """/zalo/<id>: several bots share one machine."""
    return f"{WEBHOOK_PATH}/{bot.partition(':')[2]}"


async def register(client: ZaloClient, hook: Hook) -> WebhookInfo:
    """Set ours, whatever stood there; raises ZaloError.

    Zalo was seen to keep an address whose trial it complains of, so after a refusal it is asked what stands.
    """
    ours = hook.url_of(client.bot)
    try:
        return await client.set_webhook(ours, hook.secret)
    except RefusedError as error:
        if error.code == HTTPStatus.UNAUTHORIZED:
            raise
        standing = await client.get_webhook_info()
        if standing is None or standing.url != ours:
            raise
    return WebhookInfo(ours, is_verified=False)


async def keep_announced(client: ZaloClient, hook: Hook, *, watch: Watch, stop: asyncio.Event) -> None:
    """Until `stop`: somebody may set another webhook later, and then nothing would be heard any more."""
    await announce(client, hook, watch=watch, stop=stop)
    while not stop.is_set():
        await rest(stop, LOOK_AFTER_IT_S)
        await announce(client, hook, watch=watch, stop=stop, anew=False)


async def announce(client: ZaloClient, hook: Hook, *, watch: Watch, stop: asyncio.Event, anew: bool = True) -> None:
    """Have Zalo call us, unless it calls somebody else: that is for a person to decide, and is looked at again.

    `anew`: set it also where it stands already, for its secret may be an old one.
    """
    said: str | None = None
    while not stop.is_set():
        reason = await _why_not(client, hook, anew=anew)
        if reason is None:
            await watch.succeeded()
            return
        await watch.failed(reason, at_once=reason != NO_ANSWER)
        if said != reason:
            said = reason
            log.error("zalo: %s: its webhook could not be set (%s); see `dondoc zalo webhook info`", client.bot, reason)
        await rest(stop, LOOK_AGAIN_S)


async def _why_not(client: ZaloClient, hook: Hook, *, anew: bool) -> str | None:
    """None: Zalo calls us now."""
    try:
        standing = await client.get_webhook_info()
        if standing is not None and standing.url != hook.url_of(client.bot):
            return FOREIGN_WEBHOOK
        if standing is not None and not anew:
            return None
        if (await register(client, hook)).is_verified is False:
            log.warning("zalo: %s: its webhook is kept, but Zalo says that it cannot reach it", client.bot)
    except RefusedError as error:
        return TOKEN_REFUSED if error.code == HTTPStatus.UNAUTHORIZED else NO_ANSWER
    except ZaloError:
        return NO_ANSWER
    return None
