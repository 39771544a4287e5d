"""Files people send by Telegram: where they lie in an update, and how their bytes are asked for."""

import json
from collections.abc import AsyncGenerator
from http import HTTPStatus
from typing import Any

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.exceptions import AiogramError, TelegramBadRequest
from aiohttp import ClientError, ClientTimeout

from bot.evidence_in import CHUNK, WITHIN, FetchFailedError, FilesIn, SentFile
from bot.evidence_kinds import RefusedFileError
from bot.evidence_store import EvidenceStore
from models.clock import Clock
from models.database import Database

_KINDS = {
    "photo": "anh",
    "voice": "ghi-am",
    "audio": "ghi-am",
    "video": "video",
    "video_note": "video",
    "document": "minh-chung",
}
"""Where a file lies in a message, and what it is called when it has no name."""


def files_in(bot: Bot, database: Database, store: EvidenceStore, *, clock: Clock) -> FilesIn:
    """Asked by the inbox worker for each update."""
    return FilesIn(database, store, sent_file=sent_file, chunks=TelegramFiles(bot).chunks, clock=clock)


class TelegramFiles:
    """Nơi tải tệp của Telegram."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    async def chunks(self, file_id: str) -> AsyncGenerator[bytes, None]:
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
