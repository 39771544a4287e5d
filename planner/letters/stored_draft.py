"""Drafts and papers as they are kept in the database: plain JSON, and back again to the very same values."""

from typing import Any

from pydantic import TypeAdapter

from planner.reading.draft import LetterDraft
from planner.reading.paper import Paper

_DRAFT = TypeAdapter(LetterDraft)
_PAPER = TypeAdapter(Paper)


def draft_facts(draft: LetterDraft) -> dict[str, Any]:
    """Days as ISO, enumerations by value."""
    facts: dict[str, Any] = _DRAFT.dump_python(draft, mode="json")
    return facts


def draft_of(facts: dict[str, Any]) -> LetterDraft:
    """Raises ValueError for what no version of this program has written."""
    return _DRAFT.validate_python(facts)


def paper_facts(paper: Paper) -> dict[str, Any]:
    facts: dict[str, Any] = _PAPER.dump_python(paper, mode="json")
    return facts


def paper_of(facts: dict[str, Any]) -> Paper:
    return _PAPER.validate_python(facts)
