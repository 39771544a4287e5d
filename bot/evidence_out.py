"""One piece of evidence on its way out: its bytes are read, and the right to see them asked again, as it is sent."""

from collections.abc import Collection
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversation.evidence import size_of
from bot.conversation.permissions import Action, may
from bot.conversation.turn import TEMPLATES
from bot.evidence_kinds import is_photo
from bot.evidence_store import EvidenceStore, MissingFileError
from models.clock import Clock, civil_day
from planner.hand_in_evidence import load_evidence
from planner.people import KnownPerson, person_of_chat, scope_of
from planner.views import AssignmentView, load_views
from reminders.channel import Message, OutgoingFile
from reminders.outbox import Claimed
from reminders.wording import Wording, render


class EvidenceForm:
    """Tin kèm tệp minh chứng. None: taken back meanwhile, or no longer for this chat to see."""

    def __init__(
        self,
        wording: Wording,
        store: EvidenceStore,
        carrying: Collection[str],
        *,
        clock: Clock,
        templates: Path = TEMPLATES,
    ) -> None:
        """`carrying`: the bots whose channel carries files out; elsewhere it is only told what there is."""
        self._store, self._carrying, self._clock = store, frozenset(carrying), clock
        self._environment = wording.environment(templates)

    async def __call__(self, session: AsyncSession, claimed: Claimed) -> Message | None:
        item = await load_evidence(session, claimed.payload["evidence_id"])
        if item is None or item.file is None:
            return None
        person = await person_of_chat(session, bot=claimed.bot, chat=claimed.chat, today=civil_day(self._clock()))
        view = (await load_views(session, [item.assignment_id]))[item.assignment_id]
        if person is None or person.id != claimed.payload["person_id"] or not await _may_see(session, person, view):
            return None
        facts = {
            "view": view,
            "name": item.file.name,
            "size": size_of(item.file.size),
            "given_by": item.given_by,
            "at": item.received_at,
        }
        if claimed.bot not in self._carrying:
            return Message(render(self._environment, "evidence_named.j2", facts))
        try:
            content = await self._store.read(item.file.sha256)
        except MissingFileError:
            return Message(render(self._environment, "evidence_missing.j2", facts))
        file = OutgoingFile(item.file.name, item.file.media_type, content, is_photo=is_photo(item.file.media_type))
        return Message(render(self._environment, "evidence_file.j2", facts), file=file)


async def _may_see(session: AsyncSession, person: KnownPerson, view: AssignmentView) -> bool:
    scope = await scope_of(session, person)
    is_within = view.plan_id in scope.plan_ids or view.unit_id in scope.unit_ids
    return is_within and not view.is_secret and may(person, Action.SEE_ASSIGNMENT)
