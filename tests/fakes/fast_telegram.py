"""The strict fake Bot API on fast time: `python -m tests.fakes.fast_telegram SPEED BEGAN STARTS PORT LOG PEOPLE`."""

import sys
from pathlib import Path

from tests.fakes.fast_time import Pace, run_fast
from tests.fakes.telegram_server import FakeTelegram, serve


async def listen(pace: Pace, port: int, log: Path, people: int) -> None:
    telegram = FakeTelegram(clock=pace.clock, port=port, log=log)
    for chat in range(1, people + 1):
        telegram.add_person(chat)
    await serve(telegram)


if __name__ == "__main__":
    pace = Pace.from_arguments(*sys.argv[1:4])
    run_fast(listen(pace, int(sys.argv[4]), Path(sys.argv[5]), int(sys.argv[6])), pace)
