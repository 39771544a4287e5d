"""Wakes a sleeping loop the moment there is something for it; a poll finds what a lost wake-up did not say."""

import asyncio
from datetime import timedelta


class Wake:
    """Đánh thức. `set` after the commit that made work; any number may wait.

    Read `count` before looking for work and wait with it: a call in between is then never missed.
    """

    def __init__(self) -> None:
        self.count = 0
        self._event = asyncio.Event()

    def set(self) -> None:
        self.count += 1
        self._event.set()
        self._event = asyncio.Event()

    async def wait(self, *, since: int, at_most: timedelta) -> None:
        """Returns once `count` is past `since`, or the time is up."""
        if self.count != since:
            return
        try:
            async with asyncio.timeout(max(at_most.total_seconds(), 0)):
                await self._event.wait()
        except TimeoutError:
            return
