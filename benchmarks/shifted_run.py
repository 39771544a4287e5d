"""`dondoc run` itself, on a clock that begins at eight on the province's morning, or so many minutes later.

A process that follows another on the same database must not find its leases in the future.
"""

import sys
from datetime import timedelta

from bot.command_line.workplace import finish, loading

if __name__ == "__main__":
    with loading():
        from benchmarks.clocks import running_from
        from benchmarks.province import MORNING
        from bot.running import run
        from bot.settings import load_settings

    later = timedelta(minutes=int(sys.argv[1]) if len(sys.argv) > 1 else 0)
    finish(run(load_settings(), clock=running_from(MORNING + later)))
