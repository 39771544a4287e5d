"""Who is at the page: a link exchanged for a cookie, the cookie asked about each time, the token of the forms."""

import hashlib
import hmac
import re
from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from bot.web.links import page_path, root_path
from models.clock import Clock, civil_day
from models.database import Database
from planner.letters.letter_doors import SESSION_STANDS, by_cookie, link_stands, open_link
from planner.letters.letters import LetterView, load_letter, may_correct
from planner.people import KnownPerson, load_person

_ID = re.compile(r"\d{1,9}", re.ASCII)
_SECRET = re.compile(r"[A-Za-z0-9_-]{40,64}")
CLOSED = 403
"""One answer for a letter that is not there, one that is somebody else's, and a door that has closed."""


@dataclass(frozen=True, slots=True)
class Entered:
    """Người đang mở trang: let in to this letter, as far as their roles of today go."""

    person: KnownPerson
    letter: LetterView
    token: str


class Entrance:
    """Cửa vào. `base_url` is PUBLIC_URL: it says what the cookie is bound to."""

    def __init__(self, database: Database, *, base_url: str, clock: Clock) -> None:
        self._database, self._clock = database, clock
        self._root = root_path(base_url)
        self._is_secure = base_url.startswith("https://")
        self.cookie_name = "__Secure-van-ban" if self._is_secure else "van-ban"

    async def entered(self, request: Request) -> Entered:
        """Raises HTTPException (CLOSED)."""
        letter_id, cookie = letter_id_of(request), request.cookies.get(self.cookie_name, "")
        if not _SECRET.fullmatch(cookie):
            raise HTTPException(CLOSED)
        now = self._clock()
        async with self._database.read() as session:
            person_id = await by_cookie(session, letter_id, cookie, now=now)
            person = None if person_id is None else await load_person(session, person_id, today=civil_day(now))
            letter = None if person is None else await load_letter(session, letter_id)
        if person is None or letter is None or not may_correct(person, letter):
            raise HTTPException(CLOSED)
        return Entered(person, letter, token_of(cookie, letter_id))

    async def is_entered(self, request: Request) -> bool:
        try:
            await self.entered(request)
        except HTTPException:
            return False
        return True

    async def stands(self, request: Request) -> bool:
        secret = request.path_params["secret"]
        if not _SECRET.fullmatch(secret):
            return False
        async with self._database.read() as session:
            return await link_stands(session, letter_id_of(request), secret, now=self._clock())

    async def open(self, request: Request) -> str:
        """The secret of the cookie; the link is used up, unless its person may not correct the letter any more."""
        letter_id, secret, now = letter_id_of(request), request.path_params["secret"], self._clock()
        if not await self.stands(request):  # a guess costs a look, never the place of a writer
            raise HTTPException(CLOSED)
        async with self._database.write() as session:
            door = await open_link(session, letter_id, secret, now=now)
            person = None if door is None else await load_person(session, door.person_id, today=civil_day(now))
            letter = None if person is None else await load_letter(session, letter_id)
            if door is None or person is None or letter is None or not may_correct(person, letter):
                raise HTTPException(CLOSED)
            await session.commit()
        return door.cookie

    def give_cookie(self, response: Response, letter_id: int, cookie: str) -> None:
        response.set_cookie(
            self.cookie_name,
            cookie,
            max_age=int(SESSION_STANDS.total_seconds()),
            path=f"{self._root}{page_path(letter_id)}",
            secure=self._is_secure,
            httponly=True,
            samesite="strict",
        )


def letter_id_of(request: Request) -> int:
    """Raises HTTPException for what was never the number of a letter."""
    written = request.path_params["letter_id"]
    if not _ID.fullmatch(written):
        raise HTTPException(CLOSED)
    return int(written)


def token_of(cookie: str, letter_id: int) -> str:
    """What a form of this page carries: nobody makes it who does not hold the cookie."""
    return hmac.new(cookie.encode(), f"van-ban:{letter_id}".encode(), hashlib.sha256).hexdigest()


def refuse_forged(entered: Entered, token: str) -> None:
    """Raises HTTPException for a form that our page did not make for this cookie."""
    if not hmac.compare_digest(entered.token.encode(), token.encode()):
        raise HTTPException(CLOSED)
