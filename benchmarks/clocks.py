"""A clock that runs as fast as any other and shows the hour that a row is about."""

import time
from datetime import datetime, timedelta

from models.clock import Clock


def running_from(start: datetime) -> Clock:
    """Shows `start` now and runs on from there."""
    began = time.monotonic()
    return lambda: start + timedelta(seconds=time.monotonic() - began)
