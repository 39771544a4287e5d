"""What `run` and `demo` share: the parts below the edges, built once from the settings and a database."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversation.conversation import Conversation
from bot.conversation.evidence import FORM as EVIDENCE
from bot.conversation.export import CHART, WORKBOOK
from bot.conversation.letters import PAGE_FORM
from bot.conversation.turn import Voice
from bot.evidence_out import EvidenceForm
from bot.evidence_store import EvidenceStore
from bot.left_lying import tell_left_lying
from bot.letters.first_line import FirstLine
from bot.letters.page_link import PageLinkForm
from bot.letters.progress import ProgressLine
from bot.letters.worker import LetterReader, Opens
from bot.lists_out import ChartForm, WorkbookForm
from bot.opening.guard import LetterOpener
from bot.unreachable import Unreachable
from models.clock import Clock, civil_day
from models.database import Database
from models.terms import BeforeReading
from planner.hand_in_evidence import named_files
from planner.import_plan import reread_deadlines
from planner.letters.forget_letters import give_up_drafts, prune_letters
from planner.letters.letter_doors import prune_doors
from planner.letters.letters import LetterView, named_letters
from planner.workdays import WorkCalendar
from reminders import inbox, leases, outbox
from reminders.channel import Channel
from reminders.deliver import Sender
from reminders.delivery import Render
from reminders.inbox_worker import LEASE, Handle, InboxWorker, Prepare
from reminders.rate import Limits
from reminders.render import Renderer
from reminders.scan import Scan
from reminders.wake import Wake
from reminders.wording import Wording

FETCH_LEASE = timedelta(seconds=48)
"""Three quarters of it may be spent on a file: 20 MB on a line of five megabits."""

KEEP_HANDLED = timedelta(days=7)
"""Delivered and handled rows are kept this long, for "trả lời tin này" and for questions; reports stay for ever."""


@dataclass(frozen=True)
class Engine:
    """Bộ máy: the parts that turn plans into messages and answers into state, on whatever channels there are."""

    database: Database
    calendar: WorkCalendar
    wording: Wording
    conversation: Conversation
    scan: Scan
    sender: Sender
    inbox_worker: InboxWorker
    wake_inbox: Wake
    wake_outbox: Wake
    clock: Clock
    evidence: EvidenceStore | None = None
    letter_reader: LetterReader | None = None
    """Where files are kept there is somebody who reads letters."""
    quotas: Mapping[str, int] = field(default_factory=dict)
    """Messages a month, of the bots whose platform counts them: what they receive is counted where it is stored."""

    async def prune(self) -> None:
        before = self.clock() - KEEP_HANDLED
        async with self.database.write() as session:
            await inbox.prune_updates(session, before=before)
            await outbox.prune(session, before=before)
            await leases.prune(session, before=before)
            await prune_letters(session, before=before)
            left = await give_up_drafts(session, now=self.clock())
            told = await tell_left_lying(session, left, Voice(self.wording), now=self.clock())
            await prune_doors(session, before=self.clock())
            await session.commit()
        if told:
            self.wake_outbox.set()
        if self.evidence is not None:
            await self.evidence.sweep_unclaimed(self._claimed)

    async def _claimed(self, sums: Sequence[str]) -> set[str]:
        async with self.database.read() as session:
            return await named_files(session, sums) | await named_letters(session, sums)


def build_engine(
    database: Database,
    *,
    calendar: WorkCalendar,
    before: BeforeReading,
    address_form: str,
    invite_key: bytes,
    channels: Mapping[str, Channel],
    handle: Callable[[Conversation], Handle],
    limits: Limits,
    limits_by_bot: Mapping[str, Limits] | None = None,
    clock: Clock,
    evidence: EvidenceStore | None = None,
    prepare: Prepare | None = None,
    may_send: Callable[[str], bool] = lambda _bot: True,
    opener: Opens | None = None,
    page_url: str | None = None,
) -> Engine:
    """Everything below the edges; `handle` makes the inbox's handler out of the conversation.

    Where updates are prepared by network, they are held longer, for a file takes its time. `opener` reads strangers'
    files; `page_url` is where the pages of letters are reached from outside, None where they are not.
    """
    wording = Wording(calendar, before, address_form)
    wake_inbox, wake_outbox, wake_reader = Wake(), Wake(), Wake()
    conversation = Conversation(
        wording,
        invite_key=invite_key,
        offers_page=page_url is not None,
        on_letter=lambda session: wake_after_commit(session, wake_reader),
    )
    carrying = {bot for bot, channel in channels.items() if channel.capabilities.files_out}
    showing = carrying | {bot for bot, channel in channels.items() if channel.capabilities.photos_out}
    forms: dict[str, Render] = {
        WORKBOOK: WorkbookForm(wording, carrying, clock=clock),
        CHART: ChartForm(wording, showing, clock=clock),
    }
    forms |= {EVIDENCE: EvidenceForm(wording, evidence, carrying, clock=clock)} if evidence else {}
    forms |= {PAGE_FORM: PageLinkForm(database, wording, base_url=page_url, clock=clock)} if page_url else {}
    unreachable = Unreachable(wording)
    sender = Sender(
        database,
        channels,
        render=Renderer(wording, clock=clock, more_forms=forms),
        clock=clock,
        limits=limits,
        limits_by_bot=limits_by_bot,
        wake=wake_outbox,
        on_unreachable=unreachable,
        may_send=may_send,
    )
    worker = InboxWorker(
        database,
        handle(conversation),
        clock=clock,
        wake_outbox=wake_outbox,
        prepare=prepare,
        wake=wake_inbox,
        lease=FETCH_LEASE if prepare else LEASE,
    )
    monthly = {bot: channel.capabilities.monthly_quota for bot, channel in channels.items()}
    quotas = {bot: quota for bot, quota in monthly.items() if quota is not None}
    scan = Scan(
        database,
        calendar=calendar,
        before=before,
        quotas=quotas,
        bots=frozenset(channels),
        on_retired=unreachable.without_a_bot,
    )
    voice = Voice(wording, offers_page=page_url is not None)

    def watching(letter: LetterView) -> ProgressLine:
        line = FirstLine(database, letter, voice, clock=clock)
        return ProgressLine(channels.get(letter.bot), line, clock=clock)

    reader = None
    if evidence is not None:
        reader = LetterReader(
            database,
            evidence,
            opener or LetterOpener(),
            voice,
            watching=watching,
            clock=clock,
            wake=wake_reader,
            wake_outbox=wake_outbox,
        )
    return Engine(
        database,
        calendar,
        wording,
        conversation,
        scan,
        sender,
        worker,
        wake_inbox,
        wake_outbox,
        clock,
        evidence,
        reader,
        quotas,
    )


def wake_after_commit(session: AsyncSession, wake: Wake) -> None:
    """Sooner, whoever is woken would look before there is anything to see."""
    event.listen(session.sync_session, "after_commit", lambda _: wake.set(), once=True)


async def apply_reading(engine: Engine, before: BeforeReading) -> int:
    """Open work follows the organisation's reading of "trước" as it is set now."""
    async with engine.database.write() as session:
        changed = await reread_deadlines(
            session, calendar=engine.calendar, before=before, today=civil_day(engine.clock())
        )
        await session.commit()
    return changed
