"""How far a long reading is: the first line is edited now and then, where the channel can. Nothing depends on it."""

import asyncio
import logging
from datetime import datetime, timedelta
from typing import Protocol

from bot.conversation.letter_words import Pages
from models.clock import Clock
from models.errors import DeliveryError
from reminders.channel import Channel, Edits, Message

log = logging.getLogger(__name__)

EVERY = timedelta(seconds=3)
"""At most so often, and not at all for what is read sooner: a chat takes one message a second, and answers go first."""

EDIT_WITHIN_S = 10


class Line(Protocol):
    """Dòng đầu tiên của một văn bản."""

    async def where(self) -> tuple[str, str] | None:
        """(address, reference); None: it has not left yet."""
        ...

    async def words(self, pages: Pages) -> Message:
        """What it says when so many pages are read, with its buttons."""
        ...


class ProgressLine:
    """Dòng tiến độ của một văn bản. Called with each page; it never raises, and never holds the reading up."""

    def __init__(self, channel: Channel | None, line: Line, *, clock: Clock) -> None:
        self._channel = channel if isinstance(channel, Edits) and channel.capabilities.edit else None
        self._line, self._clock = line, clock
        self._told_at: datetime = clock()
        self._has_told = False
        self._editing: asyncio.Task[None] | None = None

    async def __call__(self, done: int, of: int) -> None:
        """`done` pages of `of`; an edit that is still under way is not overtaken."""
        is_under_way = self._editing is not None and not self._editing.done()
        if self._channel is None or is_under_way or done >= of or self._clock() - self._told_at < EVERY:
            return
        self._told_at, self._has_told = self._clock(), True
        self._editing = asyncio.create_task(self._edit(Pages(done + 1, of)))

    async def over(self, pages: int) -> None:
        """The last word, where any was said, 0 pages being none; waits no longer than an edit or two may take."""
        if self._editing is not None:
            await asyncio.wait({self._editing})
        if self._has_told:
            await self._edit(Pages(pages, pages, is_over=True))

    async def _edit(self, pages: Pages) -> None:
        if self._channel is None:
            return
        try:
            async with asyncio.timeout(EDIT_WITHIN_S):
                if (where := await self._line.where()) is not None:
                    address, ref = where
                    await self._channel.edit(address, ref, await self._line.words(pages))
        except (DeliveryError, TimeoutError) as error:
            log.info("letters: a progress line was not edited (%s)", type(error).__name__)
            self._channel = None  # a platform that refuses once is not asked again for this letter
        except Exception:
            log.exception("letters: a progress line could not be edited")
            self._channel = None
