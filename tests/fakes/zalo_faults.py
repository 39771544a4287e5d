"""What can go wrong between a bot and Zalo, to be ordered like a dish: each fault strikes `times` times."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

FaultKind = Literal[
    "drop_before",  # the request arrived and is forgotten, the connection is closed
    "drop_after",  # the message is delivered, the connection is closed without an answer
    "delay_before",  # nothing happens for `seconds`, then all goes its way
    "delay_after",  # delivered at once, answered `seconds` later
    "status",  # not delivered, answered with the HTTP status `code` and the envelope
    "ok_false",  # not delivered, answered 200 and ok:false with error_code `code`
    "ok_false_after",  # delivered all the same
    "page",  # not delivered, answered with the HTTP status `code` and a gateway's HTML page
    "garbage",  # delivered, answered 200 with something that is not JSON
    "no_field",  # delivered, answered 200, ok:true and an empty result
]


@dataclass
class Fault:
    """`method` and `chat` narrow it down; None means any. `code` may be a string, as Zalo's numbers sometimes are."""

    kind: FaultKind
    method: str | None = None
    chat: str | None = None
    times: int = 1
    seconds: float = 0.0
    code: int | str = 500
    description: str = "as ordered"

    def strikes(self, method: str, params: Mapping[str, object]) -> bool:
        return (
            self.times > 0
            and (self.method is None or self.method == method)
            and (self.chat is None or params.get("chat_id") == self.chat)
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
