"""`dondoc run` as it is, on fast time: `python -m tests.fakes.fast_worker SPEED BEGAN STARTS`; settings as always."""

import sys

from bot.running import run
from bot.settings import load_settings
from tests.fakes.fast_time import Pace, run_fast

if __name__ == "__main__":
    pace = Pace.from_arguments(*sys.argv[1:4])
    run_fast(run(load_settings(), clock=pace.clock), pace)
