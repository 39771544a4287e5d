"""Letters that wait are read one at a time, and what came of each is told in the transaction that keeps it.

A crash anywhere leaves the letter to be read again when its lease is over, and to be told of once: its message is owed
under the letter's own key. What cannot or may not be read goes, with its file.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from bot.conversation.turn import Voice
from bot.evidence_store import EvidenceStore, MissingFileError
from bot.letters.told import key_read, owe_of_letter, told_read, told_refused
from bot.opening.guard import OnPage
from models.clock import Clock
from models.database import Database
from models.errors import SecretLetterError, UnreadableFileError
from planner.hand_in_evidence import named_files
from planner.letters.knowledge import load_knowledge
from planner.letters.letters import LetterView, load_letter, named_letters
from planner.letters.read_letter import (
    MAX_ATTEMPTS,
    ClaimedLetter,
    claim_letter,
    hold_on,
    keep_draft,
    put_back,
    refuse_letter,
    some_wait,
)
from planner.reading.draft import LetterDraft
from planner.reading.paper import Paper
from planner.reading.read import Knowledge
from reminders.inbox_words import forget_words
from reminders.wake import Wake

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=60)
"""Kept alive while the reading goes on: after a crash the letter waits no longer than this."""

POLL = timedelta(seconds=2)
AGAIN_AFTER = timedelta(seconds=20)
"""After a failure of ours."""

STAMPED = "secret"
"""The reason of a refusal of which nothing is kept."""


class Opens(Protocol):
    """Opens and reads a file in a process of its own (`bot.opening.guard.LetterOpener`)."""

    async def read(
        self, content: bytes, knowledge: Knowledge, *, on_page: OnPage | None = None
    ) -> tuple[Paper, LetterDraft]: ...


class TellsPages(Protocol):
    """Hears each page, and that there are no more, 0 of a file that was not read (`bot.letters.progress`)."""

    async def __call__(self, done: int, of: int) -> None: ...

    async def over(self, pages: int) -> None: ...


Watching = Callable[[LetterView], TellsPages]
"""Somebody to tell how far the reading of this letter is."""


@dataclass(frozen=True, slots=True)
class _Read:
    paper: Paper
    draft: LetterDraft


@dataclass(frozen=True, slots=True)
class _Refused:
    """`reason` as it is kept; `error` is None where it is not the file's fault alone."""

    reason: str
    error: UnreadableFileError | None = None


_Outcome = _Read | _Refused


class LetterReader:
    """Người đọc văn bản của một tiến trình: one letter at a time, however many wait."""

    def __init__(
        self,
        database: Database,
        store: EvidenceStore,
        opener: Opens,
        voice: Voice,
        *,
        watching: Watching,
        clock: Clock,
        wake: Wake,
        wake_outbox: Wake,
        lease: timedelta = LEASE,
    ) -> None:
        """`wake` is set by whoever commits a new letter; `wake_outbox` is set when there is something to send."""
        self._database, self._store, self._opener, self._voice = database, store, opener, voice
        self._watching, self._clock, self._lease = watching, clock, lease
        self._wake, self._wake_outbox = wake, wake_outbox
        self._told: TellsPages | None = None

    async def run(self, stop: asyncio.Event) -> None:
        """Until `stop`; a reading under way is given up then, and its letter waits for the next start."""
        reading = asyncio.create_task(self._run())
        stopped = asyncio.create_task(stop.wait())
        try:
            await asyncio.wait({reading, stopped}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            stopped.cancel()
            reading.cancel()
            await asyncio.wait({reading})

    async def _run(self) -> None:
        """Nothing but cancellation ends it."""
        while True:
            seen = self._wake.count
            try:
                had_one = await self._turn()
            except Exception:
                log.exception("letters could not be looked after just now")
                had_one = False
            if not had_one:
                await self._wake.wait(since=seen, at_most=POLL)

    async def read_due(self) -> int:
        """All that wait now, one after another; for tests, stories and the demo. Returns how many there were."""
        count = 0
        while await self._turn():
            count += 1
        return count

    async def _turn(self) -> bool:
        letter = await self._claimed()
        if letter is None:
            return False
        try:
            outcome = await self._held(letter, self._outcome(letter))
            if outcome is not None:
                await self._finish(letter, outcome)
        except asyncio.CancelledError:
            await asyncio.shield(self._put_back(letter, again_at=self._clock(), was_tried=False))
            raise
        except Exception:
            log.exception("letter %s: reading failed, attempt %s of %s", letter.id, letter.attempts, MAX_ATTEMPTS)
            await self._put_back(letter, again_at=self._clock() + AGAIN_AFTER, was_tried=True)
        return True

    async def _claimed(self) -> ClaimedLetter | None:
        """A look first: whoever polls must not take the one writer's turn for nothing."""
        async with self._database.read() as session:
            if not await some_wait(session, now=self._clock()):
                return None
        async with self._database.write() as session:
            claimed = await claim_letter(session, now=self._clock(), lease=self._lease)
            await session.commit()
        return claimed

    async def _held(self, letter: ClaimedLetter, work: Coroutine[Any, Any, _Outcome]) -> _Outcome | None:
        """Do the work with the lease kept alive; None: the letter was given up meanwhile, or somebody else has it."""
        working = asyncio.create_task(work)
        try:
            while not (await asyncio.wait({working}, timeout=self._lease.total_seconds() / 3))[0]:
                if not await self._hold_on(letter):
                    log.warning("letter %s: its lease was lost", letter.id)
                    return None
            return working.result()
        finally:
            working.cancel()
            await asyncio.wait({working})  # the process that opens it has ended by then

    async def _hold_on(self, letter: ClaimedLetter) -> bool:
        async with self._database.write() as session:
            is_ours = await hold_on(session, letter, now=self._clock(), lease=self._lease)
            await session.commit()
        return is_ours

    async def _put_back(self, letter: ClaimedLetter, *, again_at: datetime, was_tried: bool) -> None:
        async with self._database.write() as session:
            await put_back(session, letter, again_at=again_at, was_tried=was_tried)
            await session.commit()

    # --- reading ------------------------------------------------------------------------------------------------

    async def _outcome(self, letter: ClaimedLetter) -> _Outcome:
        """What can be said of the file, whatever it is; raises only what is our own fault."""
        if letter.attempts > MAX_ATTEMPTS:
            return _Refused("crashed", UnreadableFileError("crashed"))
        try:
            content = await self._store.read(letter.sha256)
        except MissingFileError:
            return _Refused("missing")
        try:
            return await self._read(letter, content)
        except UnreadableFileError as error:
            return _Refused(error.reason, error)
        except SecretLetterError:
            return _Refused(STAMPED)

    async def _read(self, letter: ClaimedLetter, content: bytes) -> _Read:
        async with self._database.read() as session:
            view = await load_letter(session, letter.id)
            wording = self._voice.wording
            knowledge = await load_knowledge(session, calendar=wording.calendar, before=wording.before)
        assert view is not None, "nothing removes the row of a letter"
        self._told = self._watching(view)
        return _Read(*await self._opener.read(content, knowledge, on_page=self._told))

    # --- what came of it ----------------------------------------------------------------------------------------

    async def _finish(self, letter: ClaimedLetter, outcome: _Outcome) -> None:
        if isinstance(outcome, _Read):
            await self._keep(letter, outcome)
        else:
            await self._refuse(letter, outcome)
        self._wake_outbox.set()
        if self._told is not None:  # only now: a platform that is slow to edit must keep nobody from the summary
            await self._told.over(outcome.paper.pages if isinstance(outcome, _Read) else 0)
            self._told = None

    async def _keep(self, letter: ClaimedLetter, read: _Read) -> None:
        now = self._clock()
        async with self._database.write() as session:
            if not await keep_draft(session, letter, read.paper, read.draft, now=now):
                return
            reply = await told_read(session, letter.id, self._voice, now=now)
            await owe_of_letter(session, letter, key_read(letter.id), reply, now=now)
            await session.commit()

    async def _refuse(self, letter: ClaimedLetter, refused: _Refused) -> None:
        """Of a secret the file goes first: a crash in between must leave nothing of it behind."""
        if refused.reason == STAMPED:
            await self._forget_file(letter)
        now = self._clock()
        async with self._database.write() as session:
            view = await load_letter(session, letter.id)
            if view is None or not await refuse_letter(session, letter, refused.reason, now=now):
                return
            reply = told_refused(letter.id, refused.reason, refused.error, self._voice)
            await owe_of_letter(session, letter, key_read(letter.id), reply, now=now)
            if refused.reason == STAMPED:
                await forget_words(session, bot=letter.bot, chat=letter.chat, handled_at=view.received_at)
            await session.commit()
        await self._forget_file(letter)

    async def _forget_file(self, letter: ClaimedLetter) -> None:
        """Unless some work names the same bytes, or another letter does."""
        async with self._database.read() as session:
            others = await named_letters(session, [letter.sha256], but=letter.id)
            if others or await named_files(session, [letter.sha256]):
                return
        await self._store.forget(letter.sha256)
