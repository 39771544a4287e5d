"""A duty while it is being put together: names as written, its deadline still open to what stands further down."""

from dataclasses import dataclass, field

from planner.reading.draft import DutyClass, DutyDeadline, IndicatorFound, Spot, Sureness
from planner.reading.sections import Item


@dataclass
class FoundDuty:
    """Việc đọc được, chưa đối chiếu đơn vị. `item` is the paragraph it stands in, None for a row of a table."""

    title: str
    spot: Spot
    duty_class: DutyClass
    deadline: DutyDeadline
    lead: tuple[str, ...] = ()
    supporting: tuple[str, ...] = ()
    item: Item | None = None
    deliverable: str | None = None
    indicator: IndicatorFound | None = None
    recipient: str | None = None
    lead_sureness: Sureness = Sureness.SURE
    doubts: list[str] = field(default_factory=list)
    """Sentences to ask with, beyond the deadline."""

    @property
    def is_work(self) -> bool:
        return self.duty_class is not DutyClass.PRINCIPLE
