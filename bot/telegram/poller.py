"""Receiving by long poll: an update is stored and committed before Telegram is told that we have it."""

import asyncio
import json
import logging
import random
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from aiogram import Bot
from aiogram.exceptions import (
    AiogramError,
    TelegramConflictError,
    TelegramRetryAfter,
    TelegramUnauthorizedError,
)
from aiogram.methods import TelegramMethod

from bot.edges import NO_ANSWER, TOKEN_REFUSED, Watch

log = logging.getLogger(__name__)

LONGEST_PAUSE = timedelta(seconds=30)
_ANSWER_MARGIN = timedelta(seconds=15)
_NO_LANE = "0"


@dataclass(frozen=True, slots=True)
class RawUpdate:
    """Một cập nhật nguyên văn. `chat_key` is its lane: updates of one lane are handled in order."""

    update_id: int
    chat_key: str
    body: str


Store = Callable[[list[RawUpdate]], Awaitable[None]]
"""Returns only when the batch is committed; must bear the same update twice."""

Uniform = Callable[[float, float], float]


class GetRawUpdates(TelegramMethod[list[dict[str, Any]]]):
    """getUpdates as Telegram wrote it: what aiogram cannot parse yet is stored all the same."""

    __returning__ = list[dict[str, Any]]
    __api_method__ = "getUpdates"

    offset: int | None = None
    timeout: int | None = None
    allowed_updates: list[str] | None = None


def raw_update(update: dict[str, Any]) -> RawUpdate:
    """One update, from the long poll or from the webhook, as the inbox stores it."""
    body = json.dumps(update, ensure_ascii=False, separators=(",", ":"))
    return RawUpdate(update_id=update["update_id"], chat_key=chat_key_of(update), body=body)


def chat_key_of(update: dict[str, Any]) -> str:
    """The lane of an update: the chat's id, else the person's. Never fails, whatever Telegram invents next."""
    for payload in update.values():
        if isinstance(payload, dict):
            for owner in _owners(payload):
                if isinstance(owner, dict) and "id" in owner:
                    return str(owner["id"])
    return _NO_LANE


def pause_after(failures: int, *, uniform: Uniform) -> timedelta:
    """How long to wait after the n-th failure in a row: 1, 2, 4 ... 30 s, of which the second half is chance."""
    longest = min(LONGEST_PAUSE.total_seconds(), 2.0 ** min(failures - 1, 16))
    return timedelta(seconds=uniform(longest / 2, longest))


async def poll_updates(
    bot: Bot,
    *,
    store: Store,
    stop: asyncio.Event,
    allowed_updates: Sequence[str],
    timeout: timedelta,  # noqa: ASYNC109  # how long Telegram holds the question open; not ours to cancel by
    uniform: Uniform = random.uniform,
    watch: Watch | None = None,
) -> None:
    """Ask, store, and acknowledge by the next question, until `stop`. Survives every failure of wire and store.

    Cancelling it, or a crash, loses nothing: what was not acknowledged comes again.
    """
    offset: int | None = None
    failures = 0
    while not stop.is_set():
        question = GetRawUpdates(
            offset=offset, timeout=int(timeout.total_seconds()), allowed_updates=list(allowed_updates)
        )
        try:
            batch = await _ask(bot, question, stop, patience=timeout + _ANSWER_MARGIN)
            if batch:
                await store([raw_update(update) for update in batch])
        except AiogramError as error:
            failures += 1
            if watch:
                await watch.failed(reason_of(error), at_once=isinstance(error, TelegramUnauthorizedError))
            await _rest(stop, _pause_for(error, failures, uniform))
        except Exception:  # the intake outlives a store that is away for a while: unstored is unacknowledged
            failures += 1
            log.exception("telegram: a batch could not be stored; it will be asked for again")
            await _rest(stop, pause_after(failures, uniform=uniform))
        else:
            failures = 0
            if watch:
                await watch.succeeded()
            # After a quiet week update ids start again at a random, perhaps lower number. An empty answer has
            # confirmed all that came before, so the old offset is let go rather than trusted to be seen through.
            offset = max(update["update_id"] for update in batch) + 1 if batch else None


async def _ask(bot: Bot, question: GetRawUpdates, stop: asyncio.Event, *, patience: timedelta) -> list[dict[str, Any]]:
    """The answer, or an empty one as soon as `stop` is set."""
    asking = asyncio.ensure_future(bot(question, request_timeout=int(patience.total_seconds())))
    stopping = asyncio.ensure_future(stop.wait())
    try:
        await asyncio.wait({asking, stopping}, return_when=asyncio.FIRST_COMPLETED)
        return asking.result() if asking.done() else []
    finally:
        asking.cancel()
        stopping.cancel()
        await asyncio.gather(asking, stopping, return_exceptions=True)


def _pause_for(error: AiogramError, failures: int, uniform: Uniform) -> timedelta:
    """Says what happened, once per incident where it repeats, and how long to wait."""
    pause = pause_after(failures, uniform=uniform)
    if isinstance(error, TelegramRetryAfter):
        return max(pause, timedelta(seconds=error.retry_after))
    if isinstance(error, TelegramUnauthorizedError):
        if failures == 1:
            log.error("telegram: the bot token was refused; no message can be received")
        return LONGEST_PAUSE
    if failures == 1 and isinstance(error, TelegramConflictError):
        log.warning("telegram: another poller or a webhook holds this bot; waiting for it to let go")
    elif failures == 1:
        log.warning("telegram: receiving is interrupted (%s); trying again", type(error).__name__)
    return pause


def reason_of(error: Exception) -> str:
    """Why nothing is received, as it is kept."""
    if isinstance(error, TelegramUnauthorizedError):
        return TOKEN_REFUSED
    return "conflict" if isinstance(error, TelegramConflictError) else NO_ANSWER


async def _rest(stop: asyncio.Event, pause: timedelta) -> None:
    try:
        async with asyncio.timeout(pause.total_seconds()):
            await stop.wait()
    except TimeoutError:
        pass


def _owners(payload: dict[str, Any]) -> tuple[Any, ...]:
    message = payload.get("message")
    chat_of_message = message.get("chat") if isinstance(message, dict) else None
    return (payload.get("chat"), chat_of_message, payload.get("from"), payload.get("user"), payload.get("voter_chat"))
