"""What the reading process says to us, a line of JSON each: how far it is, the paper, its draft, or why there is none.

That process has read a stranger's file with large foreign libraries: nothing it says is believed without a look.
"""

import json
import re
import unicodedata
from typing import Any, get_args

from models.errors import SecretLetterError, Unreadable, UnreadableFileError
from planner.letters.stored_draft import draft_facts, draft_of
from planner.reading.draft import LetterDraft
from planner.reading.paper import Block, Cell, Paper, PaperKind, Paragraph, Row, Table

MOST_BYTES = 64 * 1024 * 1024
"""Of one line; the longest letter that passes the other bounds has about a tenth."""
_UNFIT = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
"""Controls but tabs and line ends, halves of letters, marks that turn the direction of writing: nobody needs them."""
_REASONS = frozenset(get_args(Unreadable))
LONGEST_HINT = 200
LONGEST_STAMP = 40


class NonsenseError(Exception):
    """An answer that is none."""


def say_page(done: int, of: int) -> str:
    return json.dumps({"done": done, "of": of})


def say_error(error: UnreadableFileError, *, hint: str = "") -> str:
    """`hint` is for the log: where in our own code it happened, no word of the file."""
    return json.dumps({"error": error.reason, "limit": error.limit, "hint": hint})


def say_paper(paper: Paper) -> str:
    written = {"kind": paper.kind, "pages": paper.pages, "notes": paper.notes, "blocks": [*map(_written, paper.blocks)]}
    return json.dumps({"paper": written})


def say_draft(draft: LetterDraft) -> str:
    return json.dumps({"draft": draft_facts(draft)})


def say_secret(error: SecretLetterError) -> str:
    """The stamp, and no other word of the letter."""
    return json.dumps({"secret": error.level})


def _written(block: Block) -> dict[str, Any]:
    if isinstance(block, Paragraph):
        return {
            "text": block.text, "page": block.page, "is_line": block.is_line, "numbering": block.numbering,
            "confidence": block.confidence, "is_apart": block.is_apart,
        }  # fmt: skip
    return {"rows": [[row.page, [[cell.text, cell.is_carried] for cell in row.cells]] for row in block.rows]}


Answer = tuple[int, int] | UnreadableFileError | SecretLetterError | Paper | LetterDraft


def understood(line: bytes) -> Answer:
    """(pages done, of how many), the error, the paper or its draft. Raises NonsenseError."""
    try:
        said = json.loads(line)
        if "done" in said:
            return _whole(said["done"]), _whole(said["of"])
        if "error" in said:
            return _error(said)
        if "secret" in said:
            return SecretLetterError(_text(said["secret"])[:LONGEST_STAMP])
        return draft_of(_cleaned(said["draft"])) if "draft" in said else _paper(said["paper"])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise NonsenseError from error


def hint_of(line: bytes) -> str:
    """For the log; only of an answer that was understood."""
    return "".join(letter for letter in str(json.loads(line).get("hint", "")) if letter.isprintable())[:LONGEST_HINT]


def _error(said: dict[str, Any]) -> UnreadableFileError:
    if said["error"] not in _REASONS:
        raise NonsenseError
    return UnreadableFileError(said["error"], limit=None if said.get("limit") is None else _whole(said["limit"]))


def _paper(said: dict[str, Any]) -> Paper:
    return Paper(
        kind=PaperKind(said["kind"]), blocks=tuple(map(_block, said["blocks"])), pages=_whole(said["pages"]),
        notes=tuple(map(_text, said["notes"])),
    )  # fmt: skip


def _block(said: dict[str, Any]) -> Block:
    if "rows" in said:
        rows = (Row(tuple(Cell(_text(text), _claim(is_carried)) for text, is_carried in cells), _whole(page))
                for page, cells in said["rows"])  # fmt: skip
        return Table(tuple(rows))
    return Paragraph(
        text=_text(said["text"]), page=_whole(said["page"]), is_line=_claim(said["is_line"]),
        numbering=_text(said["numbering"]), confidence=_share(said["confidence"]), is_apart=_claim(said["is_apart"]),
    )  # fmt: skip


def _text(said: object) -> str:
    if not isinstance(said, str):
        raise NonsenseError
    return unicodedata.normalize("NFC", _UNFIT.sub("", said))


def _cleaned(said: Any) -> Any:
    """Every word of it, however deep."""
    if isinstance(said, str):
        return _text(said)
    if isinstance(said, list):
        return [_cleaned(each) for each in said]
    if isinstance(said, dict):
        return {name: _cleaned(each) for name, each in said.items()}
    return said


def _whole(said: object) -> int:
    if not isinstance(said, int) or isinstance(said, bool) or said < 0:
        raise NonsenseError
    return said


def _claim(said: object) -> bool:
    if not isinstance(said, bool):
        raise NonsenseError
    return said


def _share(said: object) -> float:
    if not isinstance(said, int | float) or not 0 <= said <= 1:
        raise NonsenseError
    return float(said)
