"""The wire to the Bot API: aiogram's client, repaired where a failed request must say whether its bytes left."""

from datetime import timedelta
from http import HTTPStatus
from typing import Any, cast

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import PRODUCTION, TelegramAPIServer
from aiogram.exceptions import ClientDecodeError, TelegramEntityTooLarge, TelegramNetworkError, TelegramServerError
from aiogram.methods import Response, TelegramMethod
from aiogram.methods.base import TelegramType
from aiogram.utils.token import TokenValidationError
from aiohttp import ClientError, ClientSession, ClientTimeout

from bot.http_wire import BEFORE_THE_WRITE, CONNECT_TIMEOUT, describe
from models.errors import NotReadyError


class NotSentError(TelegramNetworkError):
    """Not one byte of the request left this machine, so it may be sent again without a second thought."""


class SendWords(TelegramMethod[dict[str, Any]]):
    """sendMessage with what we say in it; of the answer only the message's id is asked, so it stays as it came.

    aiogram's own builds and checks a dozen models for each message, which took as long as the rest of sending it.
    """

    __returning__ = dict[str, Any]
    __api_method__ = "sendMessage"

    chat_id: int
    text: str
    parse_mode: str
    link_preview_options: dict[str, bool] = {"is_disabled": True}  # noqa: RUF012 -- pydantic copies it
    reply_markup: dict[str, Any] | None = None
    reply_parameters: dict[str, Any] | None = None


class WireSession(AiohttpSession):
    """aiogram's session, with four differences.

    A connect failure is a `NotSentError`. An answer that is not the Bot API's (a gateway's HTML page, a portal's
    redirect) is a server error by its status. An HTTP proxy needs no further library. And no exception, nor its
    cause, holds the URL: the token is part of it.
    """

    def __init__(self, *, api: TelegramAPIServer, timeout: timedelta, proxy: str | None) -> None:
        super().__init__(api=api, timeout=timeout.total_seconds())
        self._http_proxy = proxy
        self._answers: dict[Any, Any] = {}

    async def create_session(self) -> ClientSession:
        if self._session is None or self._session.closed:
            connector = self._connector_type(**self._connector_init)
            self._session = ClientSession(connector=connector, proxy=self._http_proxy)
            self._should_reset_connector = False
        return self._session

    async def close(self) -> None:
        # aiohttp waits for its transports by now; aiogram naps a quarter of a second on top, for older ones
        if self._session is not None:
            await self._session.close()

    async def make_request(
        self,
        bot: Bot,
        method: TelegramMethod[TelegramType],
        timeout: int | None = None,  # noqa: ASYNC109  # aiogram's signature
    ) -> TelegramType:
        session = await self.create_session()
        url = self.api.api_url(token=bot.token, method=method.__api_method__)
        form = self.build_form_data(bot=bot, method=method)
        failure: TelegramNetworkError
        try:
            async with session.post(url, data=form, timeout=self._limits(timeout), allow_redirects=False) as answer:
                body = await answer.text(errors="replace")
        except BEFORE_THE_WRITE as error:
            failure = NotSentError(method=method, message=describe(error))
        except (TimeoutError, ClientError) as error:
            failure = TelegramNetworkError(method=method, message=describe(error))
        else:
            response = self.check_response(bot=bot, method=method, status_code=answer.status, content=body)
            return cast("TelegramType", response.result)
        raise failure  # outside the except clause: not even __context__ may hold the URL

    def check_response(
        self, bot: Bot, method: TelegramMethod[TelegramType], status_code: int, content: str
    ) -> Response[TelegramType]:
        if method.__returning__ not in self._answers:
            # pydantic remembers a model like this only while somebody holds it, and builds it anew for each answer
            self._answers[method.__returning__] = Response[method.__returning__]  # type: ignore[name-defined]
        try:
            return super().check_response(bot=bot, method=method, status_code=status_code, content=content)
        except (ClientDecodeError, TypeError):  # TypeError: aiogram on an error without description
            if HTTPStatus.OK <= status_code < HTTPStatus.MULTIPLE_CHOICES:
                raise
        message = f"HTTP {status_code}, not an answer of the Bot API"
        if status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            raise TelegramEntityTooLarge(method=method, message=message)
        raise TelegramServerError(method=method, message=message)

    def _limits(self, timeout: float | None) -> ClientTimeout:
        total = self.timeout if timeout is None else timeout
        return ClientTimeout(total=total, connect=min(CONNECT_TIMEOUT.total_seconds(), total / 2))


def make_bot(token: str, *, api_base: str | None, proxy: str | None, request_timeout: timedelta) -> Bot:
    """A client of Telegram itself or of the server at `api_base`. The caller closes `bot.session`."""
    if proxy is not None and not proxy.startswith(("http://", "https://")):
        raise NotReadyError("Proxy cho Telegram phải là địa chỉ http:// hoặc https://.")
    api = PRODUCTION if api_base is None else TelegramAPIServer.from_base(api_base)
    session = WireSession(api=api, timeout=request_timeout, proxy=proxy)
    try:
        return Bot(token, session=session)
    except TokenValidationError:
        pass
    raise NotReadyError("Mã bot Telegram không đúng dạng: chép lại nguyên văn mã mà @BotFather đã cấp.")
