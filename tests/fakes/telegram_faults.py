"""What can go wrong between a bot and Telegram, to be ordered like a dish: each fault strikes `times` times."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

FaultKind = Literal[
    "drop_before",  # the request arrived and is forgotten, the connection is closed
    "drop_after",  # the message is delivered, the connection is closed without an answer
    "reset_before",  # like drop, with a TCP reset
    "reset_after",
    "delay_before",  # nothing happens for `seconds`, then all goes its way
    "delay_after",  # delivered at once, answered `seconds` later
    "status",  # not delivered, answered with `status` (500, 502, 413 ...) as the Bot API words it
    "page",  # not delivered, answered with `status` and a gateway's HTML page
    "flood",  # not delivered, answered 429 with `retry_after`
    "garbage",  # delivered, answered 200 with something that is not JSON
]


@dataclass
class Fault:
    """`method` and `chat_id` narrow it down; None means any."""

    kind: FaultKind
    method: str | None = None
    chat_id: int | None = None
    times: int = 1
    seconds: float = 0.0
    status: int = 500
    retry_after: int = 1

    def strikes(self, method: str, params: Mapping[str, object]) -> bool:
        return (
            self.times > 0
            and (self.method is None or self.method.lower() == method)
            and (self.chat_id is None or str(params.get("chat_id")) == str(self.chat_id))
        )


def take_fault(faults: list[Fault], method: str, params: Mapping[str, object]) -> Fault | None:
    """The first fault that strikes this call, used up by one."""
    for fault in faults:
        if fault.strikes(method, params):
            fault.times -= 1
            if fault.times == 0:
                faults.remove(fault)
            return fault
    return None
