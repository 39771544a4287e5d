"""An Official Account as a channel: buttons that send commands, groups without them, one table of refusals."""

from datetime import timedelta

import pytest

from bot.zalo_oa.channel import AFTER_QUOTA, AFTER_RATE, OaChannel, OaGroupChannel
from models.errors import (
    ChannelStoppedError,
    OutcomeUnknownError,
    RejectedError,
    TryLaterError,
    UnreachableError,
)
from reminders.channel import Button, Message, OutgoingFile
from reminders.choices import fitted
from tests.fakes.oa_server import APP_ID

AN, GROUP = "6142494823", "g-77"
HELLO = Message("Việc 12 đến hạn hôm nay", ((Button("Đã xong", "xong 12"), Button("Đang làm", "dang lam 12")),))


@pytest.fixture
async def account(sqlite_account):
    await sqlite_account.connect()
    sqlite_account.oa.heard[AN] = sqlite_account.clock()
    sqlite_account.oa.groups.add(GROUP)
    return sqlite_account


@pytest.fixture
def channel(account):
    return OaChannel(account.client(), app_id=APP_ID, may_bill=False)


@pytest.fixture
def groups(account):
    return OaGroupChannel(account.client(), app_id=APP_ID)


async def test_a_message_arrives_with_buttons_that_send_what_could_be_typed(account, channel):
    ref = await channel.send(AN, HELLO, reply_to="msg-1")
    (sent,) = account.oa.transcript
    assert (sent.message_id, sent.text) == (ref, "Việc 12 đến hạn hôm nay")
    assert sent.buttons == [("Đã xong", "xong 12"), ("Đang làm", "dang lam 12")]


async def test_more_buttons_than_an_account_may_show_are_written_out(account, channel):
    keys = tuple(Button(f"Việc {number}", f"xem {number}") for number in range(1, 8))
    (whole,) = fitted(Message("Chọn việc", (keys,)), channel.capabilities).parts
    await channel.send(AN, whole)
    (sent,) = account.oa.transcript
    assert sent.buttons == []
    assert '7. Việc 7: "xem 7"' in sent.text


async def test_a_group_is_written_to_at_any_time_and_without_buttons(account, groups):
    account.clock.advance(timedelta(hours=20))
    (whole,) = fitted(HELLO, groups.capabilities).parts
    await groups.send(GROUP, whole)
    (sent,) = account.oa.transcript
    assert sent.is_group
    assert '1. Đã xong: "xong 12"' in sent.text


def test_the_two_channels_say_what_they_can(channel, groups):
    assert (channel.bot, groups.bot) == (f"zalo-oa:{APP_ID}", f"zalo-oa-nhom:{APP_ID}")
    window = channel.capabilities.session_window
    assert (window.free, window.billed, window.may_bill) == (timedelta(hours=48), timedelta(days=7), False)
    assert groups.capabilities.session_window is None
    assert not channel.capabilities.resend_when_unknown


async def test_a_token_that_was_refused_is_renewed_once_and_the_message_sent_once(account, channel):
    account.oa.refuse("message", -216)
    await channel.send(AN, HELLO)
    assert (len(account.oa.transcript), account.oa.rotations) == (1, 2)


async def test_a_second_refusal_of_the_token_is_left_for_later(account, channel):
    account.oa.refuse("message", -220, times=2)
    with pytest.raises(TryLaterError):
        await channel.send(AN, HELLO)
    assert (account.oa.transcript, account.oa.rotations) == ([], 2)


@pytest.mark.parametrize(
    ("code", "ours", "after"),
    [
        *((code, UnreachableError, None) for code in (-213, -217, -227, -230, -232, -244)),
        *((code, ChannelStoppedError, None) for code in (-204, -205, -209, -212, -219, -221, -223, -224)),
        *((code, RejectedError, None) for code in (-201, -210, -9999)),
        (-32, TryLaterError, AFTER_RATE),
        (-211, TryLaterError, AFTER_QUOTA),
    ],
)
async def test_each_refusal_says_whether_it_is_the_person_the_account_or_us(account, channel, code, ours, after):
    account.oa.refuse("message", code)
    with pytest.raises(ours) as raised:
        await channel.send(AN, HELLO)
    assert getattr(raised.value, "retry_after", None) == after
    assert (raised.value.__cause__, raised.value.__context__) == (None, None)
    assert account.oa.transcript == []


async def test_who_was_silent_for_a_week_cannot_be_reached_here(account, channel):
    account.clock.advance(timedelta(days=7, minutes=1))
    with pytest.raises(UnreachableError):
        await channel.send(AN, HELLO)


async def test_an_answer_that_never_came_leaves_the_outcome_unknown(account, channel):
    account.oa.lose_answer("message")
    with pytest.raises(OutcomeUnknownError):
        await channel.send(AN, HELLO)
    assert len(account.oa.transcript) == 1


async def test_where_nobody_listens_nothing_was_sent(account, channel):
    channel._client._base = "http://127.0.0.1:9"
    with pytest.raises(TryLaterError):
        await channel.send(AN, HELLO)


async def test_no_file_leaves(account, channel, groups):
    report = Message("báo cáo", file=OutgoingFile("bc.pdf", "application/pdf", b"%PDF-1.7"))
    for way, address in ((channel, AN), (groups, GROUP)):
        with pytest.raises(RejectedError):
            await way.send(address, report)
    assert account.oa.transcript == []


async def test_no_failure_says_a_token(account, channel):
    account.oa.refuse("message", -201)
    with pytest.raises(RejectedError) as raised:
        await channel.send(AN, HELLO)
    said = repr(raised.value) + repr(vars(raised.value))
    assert not any(token in said for token in account.oa.access)
