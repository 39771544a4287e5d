"""The strict fake Zalo Bot API on fast time: `python -m tests.fakes.fast_zalo SPEED BEGAN STARTS PORT LOG CHAT...`."""

import sys
from pathlib import Path

from tests.fakes.fast_time import Pace, run_fast
from tests.fakes.zalo_server import FakeZalo, serve
from tests.fakes.zalo_world import ZaloWorld

PUSHES, PUSH_PAUSE_S = 200, 0.4
"""Zalo does not say how often it calls a webhook that is away; here until a process that was killed is up again."""


async def listen(pace: Pace, port: int, log: Path, chats: list[str]) -> None:
    bot = ZaloWorld(clock=pace.clock, log=log)
    for chat in chats:
        bot.add_person(chat)
    await serve(FakeZalo(bot, pushes=PUSHES, push_pause=PUSH_PAUSE_S, port=port))


if __name__ == "__main__":
    pace = Pace.from_arguments(*sys.argv[1:4])
    run_fast(listen(pace, int(sys.argv[4]), Path(sys.argv[5]), sys.argv[6:]), pace)
