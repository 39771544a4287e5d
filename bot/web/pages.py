"""Pages and their parts out of templates in which everything is escaped, and the files that stand beside them."""

import hashlib
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse, Response

from bot.web.sentences import CLASS_WORDS, DUTY_LABELS, obstacle_words
from bot.web.shown import CLASSES, ShownDraft
from planner.letters.corrections import LONGEST_FIELD, LONGEST_NUMBER, LONGEST_TITLE
from reminders.wording import long_day, moment

_HERE = Path(__file__).parent
_MEDIA = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
_A_YEAR_S = 31_536_000


class Pages:
    """Các trang. `root` stands before every path of ours; `address` is how people are addressed."""

    def __init__(self, *, root: str, address: str) -> None:
        self._environment = Environment(
            loader=FileSystemLoader(_HERE / "templates"), autoescape=True, undefined=StrictUndefined,
            trim_blocks=True, lstrip_blocks=True,
        )  # fmt: skip
        self._environment.filters.update(long_day=long_day, moment=moment, obstacle=obstacle_words)
        self._files = {each.name: each.read_bytes() for each in (_HERE / "files").iterdir() if each.suffix in _MEDIA}
        self._environment.globals.update(
            root=root, address=address, file=self._address_of_file, labels=DUTY_LABELS, classes=CLASSES,
            class_words={each.value: words for each, words in CLASS_WORDS.items()},
            longest={"title": LONGEST_TITLE, "number": LONGEST_NUMBER, "other": LONGEST_FIELD},
        )  # fmt: skip
        self._root = root

    def page(self, name: str, *, status: int = 200, **facts: Any) -> Response:
        return HTMLResponse(self._environment.get_template(f"{name}.html.j2").render(facts), status_code=status)

    def parts(self, shown: ShownDraft, forms: Collection[str], *, status: int = 200, **facts: Any) -> Response:
        """Only those forms of the draft, and its summary: what a page that is open already puts in their places."""
        return self.page("parts", status=status, shown=shown, forms=forms, **facts)

    def refused(self, status: int, *, typed: Mapping[str, str] | None = None) -> Response:
        """`typed`: by field, what would be lost otherwise."""
        return self.page("refused", status=status, code=status, typed=typed or {})

    def file(self, name: str, version: str) -> Response:
        """To be kept for ever under the address of its content. Raises KeyError for a name that is none of ours."""
        content = self._files[name]
        lasts = f"public, max-age={_A_YEAR_S}, immutable" if version == _sum(content) else "no-cache"
        return Response(content, media_type=_MEDIA[Path(name).suffix], headers={"Cache-Control": lasts})

    def _address_of_file(self, name: str) -> str:
        return f"{self._root}/van-ban/tep/{name}?v={_sum(self._files[name])}"


def _sum(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:12]
