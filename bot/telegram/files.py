"""Files people send by Telegram, fetched before their update is handled; from strangers not one byte is asked for."""

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from typing import Any

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.exceptions import AiogramError, TelegramBadRequest
from aiohttp import ClientError, ClientTimeout

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

_KINDS = {
    "photo": "anh",
    "voice": "ghi-am",
    "audio": "ghi-am",
    "video": "video",
    "video_note": "video",
    "document": "minh-chung",
}
"""Where a file lies in a message, and what it is called when it has no name."""


class FetchFailedError(Exception):
    """The network or Telegram would not give the bytes just now; the words never hold the address."""


@dataclass(frozen=True, slots=True)
class SentFile:
    """Tệp như Telegram mô tả; `size` is what it claims to be, 0 where it claims nothing."""

    chat: str
    file_id: str
    name: str
    otherwise: str
    size: int


class FilesIn:
    """Người nhận tệp: asked by the inbox worker for each update; gives what was kept, or why it was not."""

    def __init__(self, bot: Bot, database: Database, store: EvidenceStore, *, clock: Clock) -> None:
        self._bot, self._database, self._store, self._clock = bot, database, store, clock

    async def __call__(self, row: ClaimedUpdate) -> GivenFile | NotTaken | None:
        """Raises FetchFailedError, to be asked again later; the last time it says so instead."""
        sent = sent_file(row.body)
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
        """Somebody who answers for a unit."""
        async with self._database.read() as session:
            person = await person_of_chat(session, bot=bot, chat=chat, today=civil_day(self._clock()))
        return person is not None and may(person, Action.REPORT)

    async def _fetched(self, sent: SentFile) -> GivenFile:
        failure: FetchFailedError
        try:
            async with asyncio.timeout(WITHIN.total_seconds()), aclosing(self._chunks(sent.file_id)) as chunks:
                return await self._store.keep(chunks, name=sent.name, otherwise=sent.otherwise)
        except TimeoutError:
            failure = FetchFailedError("not whole in time")
        raise failure

    async def _chunks(self, file_id: str) -> AsyncGenerator[bytes, None]:
        path = await self._path(file_id)
        wire = self._bot.session
        assert isinstance(wire, AiohttpSession), "the only kind of session we make"
        session = await wire.create_session()
        failure: str | None = None
        try:
            async with session.get(
                wire.api.file_url(self._bot.token, path),
                timeout=ClientTimeout(total=WITHIN.total_seconds()),
                allow_redirects=False,
            ) as answer:
                if answer.status == HTTPStatus.OK:
                    async for chunk in answer.content.iter_chunked(CHUNK):
                        yield chunk
                else:
                    failure = f"HTTP {answer.status}"
        except (ClientError, TimeoutError) as error:
            failure = type(error).__name__
        if failure is not None:
            raise FetchFailedError(failure)  # outside the except clause: the cause holds the address and its token

    async def _path(self, file_id: str) -> str:
        failure: Exception
        try:
            path = (await self._bot.get_file(file_id)).file_path
        except TelegramBadRequest as error:
            failure = RefusedFileError("too-big" if "too big" in error.message.casefold() else "unavailable")
        except AiogramError as error:
            failure = FetchFailedError(type(error).__name__)
        else:
            if path and not path.startswith("/"):  # a server of one's own in local mode keeps it for itself
                return path
            failure = RefusedFileError("unavailable")
        raise failure


def sent_file(body: str) -> SentFile | None:
    """The file of a private message of a person to the bot, new or edited; None for whatever else it may be."""
    if not any(f'"{kind}"' in body for kind in _KINDS):
        return None
    try:
        update = json.loads(body)
        message = update.get("message") or update["edited_message"]
        chat = message["chat"]
        if chat["type"] != "private" or message["from"]["id"] != chat["id"]:
            return None
        return _described(str(chat["id"]), message)
    except (ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError):
        return None


def _described(chat: str, message: dict[str, Any]) -> SentFile | None:
    kind = next((kind for kind in _KINDS if message.get(kind)), None)
    if kind is None:
        return None
    # of a photo Telegram sends several sizes, the largest last
    file = max(message[kind], key=lambda size: size["width"] * size["height"]) if kind == "photo" else message[kind]
    return SentFile(
        chat, str(file["file_id"]), str(file.get("file_name") or ""), _KINDS[kind], file.get("file_size") or 0
    )
