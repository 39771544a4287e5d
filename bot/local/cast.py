"""Who holds the phones in the demo: invented people in real offices, linked without a code."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from bot.local.channel import LocalChannel
from bot.local.routes import DemoChat
from models.person import Address
from models.terms import Role
from planner.people import add_person


@dataclass(frozen=True, slots=True)
class Part:
    """Một vai trong bản trình diễn: a chat on the page and the person behind it."""

    chat: DemoChat
    full_name: str
    places: tuple[tuple[str, Role], ...]


CAST: Sequence[Part] = (
    Part(
        DemoChat("coordinator", "Sở TT&TT", "Lê Minh Mẫu · đầu mối đôn đốc", "coordinator"),
        "Lê Minh Mẫu",
        # the office that follows the others also owes work of its own (10/11, 15/11)
        (("HG.STTTT", Role.COORDINATOR), ("HG.STTTT", Role.UNIT_HEAD)),
    ),
    Part(
        DemoChat("justice", "Sở Tư pháp", "Trần Thị Thử · giám đốc", "unit_head"),
        "Trần Thị Thử",
        (("HG.STP", Role.UNIT_HEAD),),
    ),
    Part(
        DemoChat("district", "Huyện Châu Thành A", "Phạm Văn Tập · chủ tịch UBND huyện", "unit_head"),
        "Phạm Văn Tập",
        (("HG.H.CHAU-THANH-A", Role.UNIT_HEAD),),
    ),
    Part(
        DemoChat("commune", "Xã Vị Tân", "Ngô Thị Ví · chủ tịch UBND xã", "unit_head"),
        "Ngô Thị Ví",
        (("HG.X.31333", Role.UNIT_HEAD),),
    ),
    Part(
        DemoChat("office", "VP UBND tỉnh", "Đỗ Văn Dụ · chánh văn phòng", "unit_head"),
        "Đỗ Văn Dụ",
        (("HG.VPUBND", Role.UNIT_HEAD),),
    ),
    Part(
        DemoChat("leader", "Lãnh đạo UBND tỉnh", "Võ Thị Ướm · phó chủ tịch", "leader"),
        "Võ Thị Ướm",
        (("HG.UBND", Role.LEADER),),
    ),
)


async def enter(session: AsyncSession, *, now: datetime) -> None:
    """Add everybody and link them to their chats; the caller commits."""
    for part in CAST:
        person_id = await add_person(session, part.full_name, part.places, now=now)
        await session.execute(
            insert(Address).values(
                person_id=person_id,
                channel=LocalChannel.name,
                bot=LocalChannel.bot,
                chat=part.chat.id,
                position=0,
                linked_at=now,
            )
        )
