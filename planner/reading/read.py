"""A paper in, a draft out: the steps of reading, in order. Pure; it raises only SecretLetterError."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from models.terms import BeforeReading
from planner.plain_text import plain
from planner.reading.annex import duties_of_rows
from planner.reading.dating import Dating
from planner.reading.draft import Header, LetterDraft, Obligation, UnitName
from planner.reading.flat import Sight, sight_of
from planner.reading.found import FoundDuty
from planner.reading.groups import with_groups_named
from planner.reading.header import read_header
from planner.reading.lines import Block as LogicalBlock
from planner.reading.lines import Piece, logical_blocks, usual_width, without_furniture
from planner.reading.markers import Level
from planner.reading.mending import with_accents
from planner.reading.obligations import read_obligations
from planner.reading.paper import Paper, PaperKind, Paragraph, Table
from planner.reading.questions import questions_of
from planner.reading.regions import Annex, Regions, regions_of
from planner.reading.secrecy import refuse_secret
from planner.reading.sections import Item, Topic, items_of
from planner.reading.table_rows import RowsFound, rows_of_table
from planner.reading.tables_in_lines import flattened_tables, parted_at_tables
from planner.reading.text_tables import with_tables
from planner.reading.tracked import TrackedTask, same_duties
from planner.reading.unit_match import UnitMatcher
from planner.reading.units import unit_names
from planner.reading.warnings import warnings_of
from planner.unit_directory import UnitDirectoryDraft
from planner.workdays import WorkCalendar

LONGER_THAN_A_TITLE = 1.6
"""A paragraph this much longer than the subject has the body joined to it."""


TAIL = 30
"""Letters of an addressee that tell its line."""


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What a reader may know besides the paper: the calendar, the units, what is tracked already."""

    calendar: WorkCalendar
    before: BeforeReading = BeforeReading.STRICT
    directory: UnitDirectoryDraft | None = None
    tracked: tuple[TrackedTask, ...] = ()
    documents: tuple[str, ...] = ()
    """Numbers of documents that are tracked, to see which of them this letter replaces."""
    issuer: str | None = None
    """The code of the unit that issued the letter, where somebody knows better than its head says."""


def read_paper(paper: Paper, knowledge: Knowledge) -> LetterDraft:
    """The draft of a letter. Raises SecretLetterError for one that is stamped secret, having read no further."""
    refuse_secret(paper)
    return _Reader(paper, knowledge).draft()


@dataclass
class _Reader:
    paper: Paper
    knowledge: Knowledge
    found: list[FoundDuty] = field(default_factory=list)

    def draft(self) -> LetterDraft:
        sight = sight_of(" ".join(_texts(self.paper)))
        header = read_header(self.paper, sight)
        dating = Dating(
            header.issued_on.base_on,
            header.issued_on.latest_on,
            self.knowledge.calendar,
            self.knowledge.before,
            sight,
            is_scanned=self.paper.kind is PaperKind.SCAN or sight.is_folded,
        )
        width = usual_width(self.paper)
        blocks = with_tables(without_furniture(self.paper), sight)
        regions = regions_of(blocks, sight)
        found = _of_body(regions, header, width, dating, sight)
        for annex in regions.annexes:
            found += _of_annex(annex, width, dating, sight)
        with_groups_named(found, sight)
        obligations = self._obligations(found, header, sight)
        warnings = warnings_of(
            self.paper, header, obligations, regions, self.knowledge.calendar, self.knowledge.documents,
            own=self._own(header),
        )  # fmt: skip
        questions = questions_of(header, obligations)
        return LetterDraft(
            header, obligations, warnings, questions, self.paper.kind, self.paper.pages, self.paper.notes
        )

    def _obligations(self, found: list[FoundDuty], header: Header, sight: Sight) -> tuple[Obligation, ...]:
        matcher = self._matcher(header)

        def named(name: str) -> UnitName:
            return matcher.match(with_accents(name) if sight.is_folded else name)

        obligations = [
            Obligation(
                title=with_accents(duty.title) if sight.is_folded else duty.title,
                spot=duty.spot,
                duty_class=duty.duty_class,
                lead=tuple(named(name) for name in duty.lead),
                supporting=tuple(named(name) for name in duty.supporting),
                deadline=duty.deadline,
                deliverable=duty.deliverable,
                indicator=duty.indicator,
                recipient=duty.recipient,
                lead_sureness=duty.lead_sureness,
                doubts=tuple(duty.doubts),
            )
            for duty in found
        ]
        return same_duties(obligations, self.knowledge.tracked)

    def _own(self, header: Header) -> frozenset[str]:
        """What is tracked under the number of this very letter: it repeats nobody but itself."""
        number = plain(header.number.value or "")
        tracked = self.knowledge.tracked if number else ()
        return frozenset(task.code for task in tracked if plain(task.document_no or "") == number)

    def _matcher(self, header: Header) -> UnitMatcher:
        directory, on = self.knowledge.directory, header.issued_on.base_on
        issuer = self.knowledge.issuer
        if issuer is None and directory is not None and header.issuer.value:
            found = directory.find(header.issuer.value, on=on)
            issuer = found.code if found is not None else None
        return UnitMatcher(directory, on, issuer)


def _texts(paper: Paper) -> Iterator[str]:
    for block in paper.blocks:
        if isinstance(block, Paragraph):
            yield block.text
        else:
            yield from (cell.text for row in block.rows for cell in row.cells)


def _of_body(regions: Regions, header: Header, width: float, dating: Dating, sight: Sight) -> list[FoundDuty]:
    blocks: list[LogicalBlock | RowsFound] = []
    for run in parted_at_tables(regions.body, dating=dating, sight=sight):
        blocks += [run] if isinstance(run, RowsFound) else logical_blocks(run, width=width)
    addressees = [name for each in header.addressees if each.value for name in unit_names(each.value, sight)]
    body = _past_the_head(blocks, header)
    return _of_text(
        body,
        dating,
        sight,
        root="",
        default_phrase=_only_year(header),
        addressees=_told_by_a_letter(header, addressees),
    )


def _told_by_a_letter(header: Header, addressees: list[str]) -> tuple[str, ...]:
    """A công văn speaks to those it is written to; a report or a proposal to its superiors gives no work."""
    return tuple(addressees) if header.kind.value in {"Công văn", "Công điện"} else ()


def _past_the_head(blocks: list[LogicalBlock | RowsFound], header: Header) -> list[LogicalBlock | RowsFound]:
    """What stands above the subject is of the header."""
    title = (header.title.spot.quote or "")[:40]
    start = 0
    for place, block in enumerate(blocks[:40]):
        if isinstance(block, Piece) and title and title in block.text:
            start = place + (len(block.text) <= LONGER_THAN_A_TITLE * len(header.title.spot.quote))
            break
    names = {name.spot.quote for name in header.addressees}
    for place, block in enumerate(blocks[start : start + 40], start=start):
        if isinstance(block, Piece) and any(_ends_alike(block.text, quote) for quote in names):
            start = place + 1
    return blocks[start:]


def _ends_alike(text: str, quote: str) -> bool:
    """A line of the addressees; a sentence that names them goes on much longer."""
    return quote[-TAIL:] in text and len(text) <= LONGER_THAN_A_TITLE * len(quote) + TAIL


def _only_year(header: Header) -> str | None:
    """ "năm 2023" of a subject that names one year and does not go on after it."""
    title = header.title.value or ""
    years = set(re.findall(r"\b20\d\d\b", re.sub(r"\d{1,2}/\d{1,2}/20\d\d", "", title)))
    goes_on = re.search(r"tiếp theo|giai đoạn|đến năm|trở đi", title)
    return f"năm {years.pop()}" if len(years) == 1 and not goes_on else None


def _of_text(
    blocks: Sequence[LogicalBlock | RowsFound],
    dating: Dating,
    sight: Sight,
    *,
    root: str,
    default_phrase: str | None = None,
    addressees: Sequence[str] = (),
) -> list[FoundDuty]:
    """Paragraphs through the tree of sections, tables where they stand among them."""
    pieces = [block for block in blocks if isinstance(block, Piece)]
    items = items_of(pieces, sight, root=root)
    _mark_headings_of_tables(blocks, items)
    of_text = read_obligations(items, dating=dating, sight=sight, default_phrase=default_phrase, addressees=addressees)
    by_item: dict[int, list[FoundDuty]] = {}
    for duty in of_text:
        by_item.setdefault(id(duty.item), []).append(duty)
    found: list[FoundDuty] = []
    items_left = iter(items)
    last: Item | None = None
    for block in blocks:
        if isinstance(block, Piece):
            last = next(items_left)
            found += by_item.get(id(last), [])
        elif last is None or last.topic is not Topic.ASIDE:
            rows = rows_of_table(block, sight) if isinstance(block, Table) else block
            place = last.place if last is not None else root
            found += duties_of_rows(rows, root=place, dating=dating, sight=sight) if rows else []
    return found


def _mark_headings_of_tables(blocks: Sequence[LogicalBlock | RowsFound], items: list[Item]) -> None:
    places = [place for place, block in enumerate(blocks) if isinstance(block, Piece)]
    for item, place in zip(items, places, strict=True):
        is_above = place + 1 < len(blocks) and isinstance(blocks[place + 1], Table | RowsFound)
        item.heads_a_table = is_above and item.marker is not None and item.level <= Level.SUBNUMBER


def _of_annex(annex: Annex, width: float, dating: Dating, sight: Sight) -> list[FoundDuty]:
    has_tables = any(isinstance(block, Table) for block in annex.blocks)
    lines = [block for block in annex.blocks if isinstance(block, Paragraph)]
    flattened = None if has_tables else flattened_tables(lines, dating=dating, sight=sight)
    if flattened is not None:
        rows, _start = flattened
        return duties_of_rows(rows, root=annex.place, dating=dating, sight=sight)
    blocks = logical_blocks(annex.blocks, width=width)
    return _of_text(blocks, dating, sight, root=annex.place)
