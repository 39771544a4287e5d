"""Files people send, fetched before their update is handled; from strangers not one byte is asked for."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass
from datetime import timedelta

from bot.conversation.evidence import NotTaken
from bot.conversation.permissions import Action, may
from bot.evidence_kinds import RefusedFileError
from bot.evidence_store import LARGEST, EvidenceStore
from models.clock import Clock, civil_day
from models.database import Database
from planner.hand_in_evidence import GivenFile
from planner.people import person_of_chat
from reminders.inbox import ClaimedUpdate
from reminders.inbox_worker import MAX_FAILURES

WITHIN = timedelta(seconds=33)
"""Less than the worker allows, so that the last failure is still told to the person."""

CHUNK = 64 * 1024


class FetchFailedError(Exception):
    """The network or the platform would not give the bytes just now; the words never hold the address."""


@dataclass(frozen=True, slots=True)
class SentFile:
    """Tệp như nền tảng mô tả. `where` is its id or address there; `size` what it claims to be, 0 where it claims none.

    `otherwise`: what it is called when it has no name.
    """

    chat: str
    where: str
    name: str
    otherwise: str
    size: int


Chunks = Callable[[str], AsyncGenerator[bytes, None]]
"""The bytes of the file at this place; raises FetchFailedError, or RefusedFileError where asking again is no use."""


class FilesIn:
    """Người nhận tệp: asked by the inbox worker for each update; gives what was kept, or why it was not."""

    def __init__(
        self,
        database: Database,
        store: EvidenceStore,
        *,
        sent_file: Callable[[str], SentFile | None],
        chunks: Chunks,
        clock: Clock,
    ) -> None:
        """`sent_file`: the file of a private message of a person, out of the update's body."""
        self._database, self._store, self._clock = database, store, clock
        self._sent_file, self._chunks = sent_file, chunks

    async def __call__(self, row: ClaimedUpdate) -> GivenFile | NotTaken | None:
        """Raises FetchFailedError, to be asked again later; the last time it says so instead."""
        sent = self._sent_file(row.body)
        if sent is None or not await self._is_known(row.bot, sent.chat):
            return None
        if sent.size > LARGEST:
            return NotTaken(sent.name, sent.size, "too-big")
        try:
            return await self._fetched(sent)
        except RefusedFileError as refused:
            return NotTaken(sent.name, sent.size, refused.reason)
        except FetchFailedError:
            if row.attempts < MAX_FAILURES:
                raise
            return NotTaken(sent.name, sent.size, "unavailable")

    async def _is_known(self, bot: str, chat: str) -> bool:
        """Somebody who answers for a unit, or may send letters."""
        async with self._database.read() as session:
            person = await person_of_chat(session, bot=bot, chat=chat, today=civil_day(self._clock()))
        return person is not None and (may(person, Action.REPORT) or may(person, Action.SEND_LETTER))

    async def _fetched(self, sent: SentFile) -> GivenFile:
        failure: FetchFailedError
        try:
            async with asyncio.timeout(WITHIN.total_seconds()), aclosing(self._chunks(sent.where)) as chunks:
                return await self._store.keep(chunks, name=sent.name, otherwise=sent.otherwise)
        except TimeoutError:
            failure = FetchFailedError("not whole in time")
        raise failure
