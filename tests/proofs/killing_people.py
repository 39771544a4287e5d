"""Who lives in the town of the killings: people on Telegram, on Zalo, and on both, one of which some have left."""

from dataclasses import dataclass

from tests.builders import province
from tests.fakes.stepped_telegram import BOT_KEY as TELEGRAM
from tests.fakes.zalo_world import TOKEN as ZALO_TOKEN

ZALO = f"zalo:{ZALO_TOKEN.partition(':')[0]}"
PEOPLE = 40
TEXTS_EACH = 8
COORDINATOR = PEOPLE + 1


@dataclass(frozen=True)
class Neighbour:
    """`bots` in the order they are tried; `left`: the one where nobody is any more; they talk by the others."""

    number: int
    bots: tuple[str, ...]
    left: str | None = None

    @property
    def name(self) -> str:
        return f"Người Mẫu {self.number}"

    @property
    def talks_by(self) -> tuple[str, ...]:
        return tuple(bot for bot in self.bots if bot != self.left)


def chat_on(bot: str, number: int) -> str:
    """Telegram's chats are numbers, Zalo's are not."""
    return str(number) if bot == TELEGRAM else f"z{number}"


NEIGHBOURS = (
    *(Neighbour(n, (TELEGRAM,)) for n in range(1, 25)),
    *(Neighbour(n, (TELEGRAM, ZALO), left=TELEGRAM) for n in (25, 26)),
    *(Neighbour(n, (TELEGRAM, ZALO)) for n in (27, 28)),
    *(Neighbour(n, (ZALO, TELEGRAM), left=ZALO) for n in (29, 30)),
    *(Neighbour(n, (ZALO, TELEGRAM)) for n in (31, 32)),
    *(Neighbour(n, (ZALO,)) for n in range(33, PEOPLE + 1)),
)

UNITS = province(*((f"T.S{n}", f"Sở Mẫu số {n}", "sở") for n in range(1, PEOPLE + 1)))
PLAN = f"""
plan: KM1
kind: kế hoạch
document_no: 12/KH-UBND
issued_on: 01/10/2024
title: Kế hoạch mẫu
issuer: T.UBND
coordinating_unit: T.TTTT
valid_from: 01/10/2024
tasks:
  - code: KM1-1
    from: I.1
    title: Báo cáo kết quả rà soát
    kind: báo cáo
    deadline: trước ngày 05/11 hằng năm
    lead: [{", ".join(f"T.S{n}" for n in range(1, PEOPLE + 1))}]
  - code: KM1-2
    from: I.2
    title: Tổ chức tập huấn
    kind: nhiệm vụ
    deadline: chậm nhất ngày 15/11/2024
    lead: [{", ".join(f"T.S{n}" for n in range(1, PEOPLE + 1))}]
"""
