"""The page of a letter over HTTP: opened by its link, looked at, corrected, tried out, approved."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route, Router

from bot.web.changes import NEW_DUTY, NoSuchFormError, Submitted, change_of, submitted
from bot.web.entering import Entered, Entrance, letter_id_of, refuse_forged
from bot.web.guard import Guard, form_of
from bot.web.links import origin_of, page_path, root_path
from bot.web.pages import Pages
from bot.web.sentences import STALE, STALE_APPROVAL, complaint_words, saved_words, unsaved_words
from bot.web.shown import Complaint, Kept, ShownDraft, changed_forms, shown_draft, units_to_choose
from bot.web.source import source_of
from models.clock import Clock
from models.database import Database
from models.errors import CorrectionError, FileProblemsError, StaleDraftError
from models.terms import BeforeReading, LetterState
from planner.letters.approve_letter import Approved, NotApprovableError, approve_letter
from planner.letters.correct_letter import correct_letter
from planner.letters.knowledge import load_knowledge
from planner.letters.letters import LetterView, coordinating_code, load_paper
from planner.reading.read import Knowledge
from planner.report_progress import Said
from planner.workdays import WorkCalendar
from reminders.preview_letter import preview_letter

CHANNEL = "web"

_FORM = re.compile(r"(dau|viec|cau)-[a-z0-9_]{1,20}")


Announce = Callable[[AsyncSession, LetterView, Approved], Awaitable[None]]
"""Tells in the sender's chat that a letter became work, in the transaction that makes it so."""


async def _nothing() -> None:
    """For a page nobody waits behind."""


async def _nobody(session: AsyncSession, letter: LetterView, approved: Approved) -> None:
    """For a page without chats."""
    del session, letter, approved


def letter_routes(
    database: Database,
    *,
    base_url: str,
    calendar: WorkCalendar,
    before: BeforeReading,
    address_form: str,
    clock: Clock,
    approved: Callable[[], Awaitable[None]] = _nothing,
    announce: Announce = _nobody,
    may_enter: Callable[[str], bool] = lambda _host: True,
) -> Sequence[BaseRoute]:
    """`base_url` is PUBLIC_URL; `approved` is called after a letter became work; `may_enter` looks at the Host."""
    pages = Pages(root=root_path(base_url), address=address_form)
    entrance = Entrance(database, base_url=base_url, clock=clock)
    letters = _Letters(database, pages, entrance, calendar, before, clock, approved, announce, root_path(base_url))
    router = Router(
        [
            Route("/tep/{name}", letters.file, methods=["GET"]),
            Route("/{letter_id}", letters.look, methods=["GET"]),
            Route("/{letter_id}/mo/{secret}", letters.door, methods=["GET"]),
            Route("/{letter_id}/mo/{secret}", letters.open, methods=["POST"]),
            Route("/{letter_id}/luu", letters.save, methods=["POST"]),
            Route("/{letter_id}/xem-truoc", letters.try_out, methods=["GET"]),
            Route("/{letter_id}/duyet", letters.approve, methods=["POST"]),
        ],
        redirect_slashes=False,
    )
    guard = Guard(router, origin=origin_of(base_url), refused=pages.refused, may_enter=may_enter)
    return [Mount("/van-ban", app=guard)]


@dataclass(frozen=True, slots=True)
class _Letters:
    database: Database
    pages: Pages
    entrance: Entrance
    calendar: WorkCalendar
    before: BeforeReading
    clock: Clock
    approved: Callable[[], Awaitable[None]]
    announce: Announce
    root: str

    async def file(self, request: Request) -> Response:
        try:
            return self.pages.file(request.path_params["name"], request.query_params.get("v", ""))
        except KeyError:
            raise HTTPException(404) from None

    # --- the door ---

    async def door(self, request: Request) -> Response:
        """Looking uses nothing up: a chat that previews addresses looks before the person does."""
        if await self.entrance.stands(request):
            return self.pages.page("door")
        if await self.entrance.is_entered(request):
            return self._to(letter_id_of(request))
        return self.pages.refused(403)

    async def open(self, request: Request) -> Response:
        cookie = await self.entrance.open(request)
        response = self._to(letter_id_of(request))
        self.entrance.give_cookie(response, letter_id_of(request), cookie)
        return response

    def _to(self, letter_id: int, rest: str = "") -> Response:
        return RedirectResponse(f"{self.root}{page_path(letter_id)}{rest}", 303)

    # --- the draft ---

    async def look(self, request: Request) -> Response:
        entered = await self.entrance.entered(request)
        if not entered.letter.is_open:
            return await self._closed(entered)
        saved = request.query_params.get("da-luu", "")
        said = saved_words(saved) if _FORM.fullmatch(saved) else ""
        return await self._draft(entered, await self._knowledge(), said=said)

    async def _closed(self, entered: Entered, *, status: int = 200) -> Response:
        """Nothing can be changed any more; what was given to whom can be looked at."""
        letter = entered.letter
        shown = _shown(entered, await self._knowledge()) if letter.draft is not None else None
        return self.pages.page("closed", status=status, letter=letter, shown=shown, states=LetterState)

    async def _draft(
        self, entered: Entered, knowledge: Knowledge, *, said: str = "", kept: Kept | None = None, status: int = 200
    ) -> Response:
        async with self.database.read() as session:
            paper = await load_paper(session, entered.letter.id)
        draft = entered.letter.draft
        assert draft is not None

        def rendered() -> Response:
            source = source_of(paper, [each.spot for each in draft.obligations]) if paper else None
            return self.pages.page(
                "draft", status=status, shown=_shown(entered, knowledge, kept), source=source, said=said,
                is_error=kept is not None, units=units_to_choose(draft, knowledge), **self._facts(entered),
            )  # fmt: skip

        return await asyncio.to_thread(rendered)

    async def save(self, request: Request) -> Response:
        fields = await form_of(request.scope, request.receive)
        sent = submitted(fields)
        try:
            entered = await self._entered_by(request, fields)
        except HTTPException as error:  # the door has closed meanwhile: what was typed is given back
            return self.pages.refused(error.status_code, typed=sent.typed())
        knowledge = await self._knowledge()
        answer = self._parts if fields.get("phan") else self._whole
        try:
            corrected = await self._corrected(entered, sent, knowledge, version=_version(fields))
        except CorrectionError as error:
            complaint = Complaint(error.field, complaint_words(error), error.value, error.nearest)
            return await answer(entered, knowledge, _Outcome(sent, Kept(sent.form, sent.typed(), complaint), 422))
        except StaleDraftError:
            entered = await self.entrance.entered(request)
            if not entered.letter.is_open:
                return await self._closed(entered, status=_CONFLICT)
            kept = Kept(sent.form, sent.typed(), Complaint("", STALE))
            return await answer(entered, knowledge, _Outcome(sent, kept, _CONFLICT))
        return await answer(entered, knowledge, _Outcome(sent, corrected=corrected))

    async def _corrected(self, entered: Entered, sent: Submitted, knowledge: Knowledge, *, version: int) -> LetterView:
        if version != entered.letter.version:
            raise StaleDraftError(str(entered.letter.id))
        async with self.database.write() as session:
            change = change_of(sent, knowledge)
            letter = await correct_letter(session, entered.letter, change, said=self._said(entered, sent.words()))
            await session.commit()
        return letter

    async def _whole(self, entered: Entered, knowledge: Knowledge, outcome: "_Outcome") -> Response:
        """For a browser that sends a form and shows what comes back."""
        if outcome.kept is not None:
            said = unsaved_words(outcome.kept.complaint.sentence)
            return await self._draft(entered, knowledge, said=said, kept=outcome.kept, status=outcome.status)
        return self._to(entered.letter.id, f"?da-luu={outcome.sent.form}#{outcome.anchor}")

    async def _parts(self, entered: Entered, knowledge: Knowledge, outcome: "_Outcome") -> Response:
        """For the page's own script: what has changed on it."""
        now = replace(entered, letter=outcome.corrected or entered.letter)
        shown = _shown(now, knowledge, outcome.kept)
        # after a conflict nobody knows what the open page shows
        before = None if outcome.status == _CONFLICT else _shown(entered, knowledge)
        kept = outcome.kept
        said = unsaved_words(kept.complaint.sentence) if kept else saved_words(outcome.sent.form)
        return self.pages.parts(
            shown, changed_forms(before, shown) | {outcome.sent.form}, status=outcome.status, said=said,
            is_error=outcome.kept is not None, **self._facts(now),
        )  # fmt: skip

    # --- approving ---

    async def try_out(self, request: Request) -> Response:
        entered = await self.entrance.entered(request)
        if not entered.letter.is_open:
            return self._to(entered.letter.id)
        return await self._preview(entered)

    async def _preview(self, entered: Entered, *, said: str = "", status: int = 200) -> Response:
        knowledge = await self._knowledge()
        show = partial(self.pages.page, "preview", status=status, said=said, **self._facts(entered))
        async with self.database.write() as session:
            try:
                preview = await preview_letter(
                    session, entered.letter, coordinating=coordinating_code(entered.person), knowledge=knowledge,
                    said=self._said(entered, "xem trước"), calendar=self.calendar, before=self.before,
                )  # fmt: skip
            except NotApprovableError as error:
                return show(preview=None, obstacles=error.obstacles, problems=())
            except FileProblemsError as error:
                return show(preview=None, obstacles=(), problems=error.problems)
            except StaleDraftError:
                return self._to(entered.letter.id)
            finally:
                await session.rollback()
        return show(preview=preview, obstacles=(), problems=())

    async def approve(self, request: Request) -> Response:
        fields = await form_of(request.scope, request.receive)
        entered = await self._entered_by(request, fields)
        try:
            await self._approved(entered, version=_version(fields), shown=fields.get("dau", "none"))
        except StaleDraftError:
            entered = await self.entrance.entered(request)
            if not entered.letter.is_open:
                return self._to(entered.letter.id)
            return await self._preview(entered, said=STALE_APPROVAL, status=409)
        except (NotApprovableError, FileProblemsError):
            return await self._preview(entered, status=422)
        await self.approved()
        return self._to(entered.letter.id)

    async def _approved(self, entered: Entered, *, version: int, shown: str) -> None:
        """Exactly what was shown is approved: any change since is looked at first."""
        if version != entered.letter.version:
            raise StaleDraftError(str(entered.letter.id))
        knowledge = await self._knowledge()
        async with self.database.write() as session:
            done = await approve_letter(
                session, entered.letter, coordinating=coordinating_code(entered.person), knowledge=knowledge,
                said=self._said(entered, "duyệt và giao việc"), shown=shown,
            )  # fmt: skip
            await self.announce(session, entered.letter, done)
            await session.commit()

    # --- all of them ---

    async def _entered_by(self, request: Request, fields: Mapping[str, str]) -> Entered:
        """Raises HTTPException for a form that is none of this person's page."""
        entered = await self.entrance.entered(request)
        refuse_forged(entered, fields.get("ma", ""))
        return entered

    async def _knowledge(self) -> Knowledge:
        async with self.database.read() as session:
            return await load_knowledge(session, calendar=self.calendar, before=self.before)

    def _said(self, entered: Entered, words: str) -> Said:
        return Said(entered.person.id, CHANNEL, words, self.clock())

    def _facts(self, entered: Entered) -> dict[str, Any]:
        letter = entered.letter
        return {
            "letter": letter, "at": f"{self.root}{page_path(letter.id)}", "token": entered.token,
            "version": letter.version,
        }  # fmt: skip


_CONFLICT = 409


@dataclass(frozen=True, slots=True)
class _Outcome:
    """Kết quả một lần lưu: the letter as it was `corrected`, or what was `kept` of the typing and why."""

    sent: Submitted
    kept: Kept | None = None
    status: int = 200
    corrected: LetterView | None = None

    @property
    def anchor(self) -> str:
        """Where the person was; a new duty stands at the end."""
        if self.sent.form == NEW_DUTY and self.corrected is not None and self.corrected.draft is not None:
            return f"viec-{len(self.corrected.draft.obligations)}"
        return self.sent.form


def _shown(entered: Entered, knowledge: Knowledge, kept: Kept | None = None) -> ShownDraft:
    assert entered.letter.draft is not None
    return shown_draft(entered.letter.draft, knowledge.directory, kept)


def _version(fields: Mapping[str, str]) -> int:
    written = fields.get("ban", "")
    if not re.fullmatch(r"\d{1,9}", written, re.ASCII):
        raise NoSuchFormError
    return int(written)
