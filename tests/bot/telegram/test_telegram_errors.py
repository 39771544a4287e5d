"""The table from aiogram's errors to ours, each row and the order of the rows."""

from datetime import timedelta

import pytest
from aiogram.exceptions import (
    AiogramError,
    ClientDecodeError,
    RestartingTelegram,
    TelegramAPIError,
    TelegramBadRequest,
    TelegramConflictError,
    TelegramEntityTooLarge,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNetworkError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)
from aiogram.methods import SendMessage

from bot.telegram.channel import TelegramChannel, keyboard, quote, render, translate
from bot.telegram.wire import NotSentError, make_bot
from models.errors import (
    ChannelStoppedError,
    MovedError,
    OutcomeUnknownError,
    RejectedError,
    TryLaterError,
    UnreachableError,
)
from reminders.channel import Button, Message

ASKED = SendMessage(chat_id=501, text="Việc 12")


def error(kind, message="", **facts):
    return kind(method=ASKED, message=message, **facts)


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        pytest.param(error(TelegramRetryAfter, "Too Many Requests", retry_after=7), TryLaterError, id="429"),
        pytest.param(error(TelegramMigrateToChat, migrate_to_chat_id=-1001), MovedError, id="moved"),
        pytest.param(error(TelegramForbiddenError, "Forbidden: bot was blocked by the user"), UnreachableError),
        pytest.param(error(TelegramForbiddenError, "Forbidden: user is deactivated"), UnreachableError),
        pytest.param(error(TelegramForbiddenError, "Forbidden: bot was kicked from the group chat"), UnreachableError),
        pytest.param(error(TelegramBadRequest, "Bad Request: chat not found"), UnreachableError),
        pytest.param(error(TelegramBadRequest, "Bad Request: user is deactivated"), UnreachableError),
        pytest.param(error(TelegramBadRequest, "Bad Request: PEER_ID_INVALID"), UnreachableError),
        pytest.param(
            error(TelegramBadRequest, "Bad Request: group chat was upgraded to a supergroup chat"), UnreachableError
        ),
        pytest.param(
            error(TelegramBadRequest, "Bad Request: not enough rights to send text messages to the chat"),
            UnreachableError,
        ),
        pytest.param(error(TelegramBadRequest, "Bad Request: can't parse entities: x"), RejectedError),
        pytest.param(error(TelegramBadRequest, "Bad Request: message is too long"), RejectedError),
        pytest.param(error(TelegramEntityTooLarge, "Request Entity Too Large"), RejectedError, id="413"),
        pytest.param(error(TelegramServerError, "Internal Server Error"), TryLaterError, id="500"),
        pytest.param(error(TelegramServerError, "Bad Gateway"), TryLaterError, id="502"),
        pytest.param(error(TelegramServerError, "Gateway Timeout"), OutcomeUnknownError, id="504"),
        pytest.param(error(RestartingTelegram, "restart"), TryLaterError, id="restarting"),
        pytest.param(error(NotSentError, "ClientConnectorError"), TryLaterError, id="never left"),
        pytest.param(error(TelegramNetworkError, "ServerDisconnectedError"), OutcomeUnknownError, id="cut"),
        pytest.param(error(TelegramUnauthorizedError, "Unauthorized"), ChannelStoppedError, id="401"),
        pytest.param(error(TelegramNotFound, "Not Found"), RejectedError, id="404"),
        pytest.param(error(TelegramConflictError, "Conflict"), RejectedError, id="409"),
        pytest.param(error(TelegramAPIError, "FLOOD"), RejectedError, id="any other"),
        pytest.param(ClientDecodeError("Failed", ValueError("x"), "<html>"), OutcomeUnknownError, id="unreadable"),
        pytest.param(AiogramError(), RejectedError, id="not of the wire"),
    ],
)
def test_each_failure_has_one_meaning(theirs, ours):
    assert type(translate(theirs)) is ours


def test_a_rate_limit_says_how_long_and_a_fault_does_not():
    flood = translate(error(TelegramRetryAfter, "Too Many Requests", retry_after=7))
    assert (flood.retry_after, flood.is_rate_limit) == (timedelta(seconds=7), True)
    fault = translate(error(TelegramServerError, "Bad Gateway"))
    assert (fault.retry_after, fault.is_rate_limit) == (None, False)


def test_a_move_names_the_new_address():
    assert translate(error(TelegramMigrateToChat, migrate_to_chat_id=-1001)).new_address == "-1001"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("Việc 12 & 13 <gấp>", "Việc 12 &amp; 13 &lt;gấp&gt;", id="one line stays plain"),
        pytest.param("Việc <12>\nHạn: 5/3", "<b>Việc &lt;12&gt;</b>\nHạn: 5/3", id="a heading is bold"),
        pytest.param("\nHạn: 5/3", "\nHạn: 5/3", id="an empty first line is no heading"),
        pytest.param("Việc 12\n \n", "Việc 12\n \n", id="nothing follows the first line"),
    ],
)
def test_the_first_line_is_bold_where_more_follow_and_everything_is_escaped(text, shown):
    assert render(text) == shown


def test_a_command_no_button_can_carry_is_our_own_mistake():
    assert keyboard(()) is None
    assert keyboard(((Button("ệ", "ệ" * 21),),))["inline_keyboard"][0][0]["callback_data"] == "ệ" * 21
    for command in ("ệ" * 22, ""):
        with pytest.raises(RejectedError):
            keyboard(((Button("a", command),),))


def test_an_answer_to_nothing_quotes_nothing():
    assert quote(None) is None
    assert quote("12")["allow_sending_without_reply"] is True


async def test_an_address_that_is_no_chat_id_is_our_own_mistake():
    bot = make_bot("7001:token", api_base=None, proxy=None, request_timeout=timedelta(seconds=5))
    with pytest.raises(RejectedError, match="zalo-abc"):
        await TelegramChannel(bot).send("zalo-abc", Message("Việc 12"))
