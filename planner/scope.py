"""Whose work a list may show: every query of lists takes one of these, so that nothing is shown by default."""

from dataclasses import dataclass
from typing import NamedTuple


class ScopeShape(NamedTuple):
    """Dạng của phạm vi: which of its parts are there; statements are built once for each shape."""

    everything: bool
    by_plan: bool
    by_unit: bool


@dataclass(frozen=True, slots=True)
class Scope:
    """Phạm vi được xem: assignments of these plans, or of these units; empty shows nothing.

    `everything` is for the command line of the server's owner only.
    """

    plan_ids: frozenset[int] = frozenset()
    unit_ids: frozenset[int] = frozenset()
    everything: bool = False

    @property
    def is_empty(self) -> bool:
        return not (self.everything or self.plan_ids or self.unit_ids)

    @property
    def shape(self) -> ScopeShape:
        return ScopeShape(self.everything, bool(self.plan_ids), bool(self.unit_ids))


EVERYTHING = Scope(everything=True)
