"""An Official Account as two channels: to persons, with buttons and a window; to its groups, with neither."""

import unicodedata
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

from bot.zalo_oa.client import TOKEN_CODES, OaClient
from bot.zalo_oa.wire import NotSentError, OaError, RefusedError
from models.errors import (
    ChannelStoppedError,
    DeliveryError,
    OutcomeUnknownError,
    RejectedError,
    TryLaterError,
    UnreachableError,
)
from reminders.channel import Button, Capabilities, Message, SessionWindow

LONGEST_TEXT = 1900
"""UTF-16 units of one message; Zalo says 2000, and the hundred are for what it may count otherwise."""

MOST_BUTTONS = 5
LONGEST_LABEL = 100

FREE_WINDOW, BILLED_WINDOW = timedelta(hours=48), timedelta(days=7)
"""After a person's last word: for free so long, for money so long, then refused."""

AFTER_RATE = timedelta(minutes=1)
AFTER_QUOTA = timedelta(hours=1)

PERSONS, GROUPS = "zalo-oa", "zalo-oa-nhom"

_ABLE = Capabilities(
    buttons=True,
    edit=False,
    files_out=False,
    groups=False,
    max_length=LONGEST_TEXT,
    length_unit="utf16",
    monthly_quota=None,
    session_window=None,
    resend_when_unknown=False,
    most_buttons=MOST_BUTTONS,
)


class OaChannel:
    """Kênh OA tới từng người. An address is the person's id with this OA."""

    name = PERSONS

    def __init__(self, client: OaClient, *, app_id: str, may_bill: bool) -> None:
        """`may_bill`: whether the organisation pays for what leaves after the free window."""
        self._client = client
        self.bot = f"{PERSONS}:{app_id}"
        window = SessionWindow(free=FREE_WINDOW, billed=BILLED_WINDOW, may_bill=may_bill)
        self.capabilities = replace(_ABLE, session_window=window)

    async def send(self, address: str, message: Message, *, reply_to: str | None = None) -> str:
        """`reply_to` is dropped: every message of ours stands alone."""
        del reply_to
        _without_file(message)
        keys = tuple(Button(key.label[:LONGEST_LABEL], key.command) for row in message.buttons for key in row)
        return await _told(lambda: self._client.send_to_person(address, _composed(message.text), keys))


class OaGroupChannel:
    """Kênh OA tới các nhóm của nó (GMF). An address is the group's id."""

    name = GROUPS
    capabilities = replace(_ABLE, buttons=False, groups=True, most_buttons=None)

    def __init__(self, client: OaClient, *, app_id: str) -> None:
        self._client = client
        self.bot = f"{GROUPS}:{app_id}"

    async def send(self, address: str, message: Message, *, reply_to: str | None = None) -> str:
        del reply_to
        _without_file(message)
        return await _told(lambda: self._client.send_to_group(address, _composed(message.text)))


def _without_file(message: Message) -> None:
    if message.file is not None:
        raise RejectedError("this channel carries no files")


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)


async def _told(call: Callable[[], Awaitable[str]]) -> str:
    try:
        return await call()
    except OaError as error:
        failure = translate(error)
    raise failure  # outside the except clause: the cause stays behind


def translate(error: OaError) -> DeliveryError:
    """The one place where a failure of the OA becomes ours."""
    if isinstance(error, NotSentError):
        return TryLaterError(str(error))
    if isinstance(error, RefusedError):
        return _TABLE.get(error.code, _by_range)(error)
    return OutcomeUnknownError(str(error))


def _out_of_reach(error: RefusedError) -> DeliveryError:
    """This person, not the account: never followed, blocked us, the window has closed by Zalo's own clock."""
    return UnreachableError(str(error))


def _ours(error: RefusedError) -> DeliveryError:
    return RejectedError(str(error))


def _settings(error: RefusedError) -> DeliveryError:
    """The application, the OA or its plan is not as it must be: somebody has to act."""
    return ChannelStoppedError(str(error))


def _rate(error: RefusedError) -> DeliveryError:
    return TryLaterError(str(error), retry_after=AFTER_RATE, is_rate_limit=True)


def _quota(error: RefusedError) -> DeliveryError:
    return TryLaterError(str(error), retry_after=AFTER_QUOTA)


def _unknown(error: RefusedError) -> DeliveryError:
    return OutcomeUnknownError(str(error))


def _later(error: RefusedError) -> DeliveryError:
    """A fresh token was refused too: the account's trouble, which the keeper or an admin ends."""
    return TryLaterError(str(error))


def _by_range(error: RefusedError) -> DeliveryError:
    if error.code >= 500:  # noqa: PLR2004 -- the server's own trouble
        return TryLaterError(str(error))
    return RejectedError(str(error))


_TABLE: dict[int, Callable[[RefusedError], DeliveryError]] = {
    **dict.fromkeys((-213, -217, -227, -230, -232, -244), _out_of_reach),
    **dict.fromkeys((-204, -205, -209, -212, -219, -221, -223, -224), _settings),
    **dict.fromkeys((-201, -210), _ours),
    **dict.fromkeys((-32, 429), _rate),
    **dict.fromkeys((408, 504), _unknown),
    **dict.fromkeys(TOKEN_CODES, _later),
    -211: _quota,
}
"""By Zalo's error number, else the HTTP status; what is not here is told by its range."""
