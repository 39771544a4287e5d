"""A draft as `dondoc import --json` prints it."""

from planner.reading.draft import DutyDeadline, LetterDraft, Obligation


def draft_row(draft: LetterDraft) -> dict[str, object]:
    """One letter as one JSON object; days are ISO or None."""
    header = draft.header
    day = header.issued_on.day
    return {
        "document": {
            "type": header.kind.value,
            "number": header.number.value,
            "issuer": header.issuer.value,
            "place": header.place.value,
            "issued_on": day.isoformat() if day else None,
            "title": header.title.value,
        },
        "obligations": [obligation_row(each) for each in draft.obligations],
        "warnings": list(draft.warnings),
        "questions": [question.text for question in draft.questions],
    }


def obligation_row(obligation: Obligation) -> dict[str, object]:
    indicator = obligation.indicator
    return {
        "title": obligation.title,
        "quote": obligation.spot.quote,
        "page": obligation.spot.page,
        "section": obligation.spot.place,
        "class": obligation.duty_class.value,
        "lead": [name.written for name in obligation.lead],
        "supporting": [name.written for name in obligation.supporting],
        "deadline": deadline_row(obligation.deadline),
        "deliverable": obligation.deliverable,
        "indicator": None
        if indicator is None
        else {
            "name": indicator.name,
            "target": indicator.target,
            "unit": indicator.unit,
            "max_points": indicator.max_points,
        },
    }


def deadline_row(deadline: DutyDeadline) -> dict[str, object]:
    """`kind` is "none" where the paper names no deadline."""
    return {
        "phrase": deadline.phrase,
        "kind": deadline.kind.value if deadline.kind else "none",
        "boundary": deadline.boundary.value if deadline.boundary else None,
        "due_on": deadline.due_on.isoformat() if deadline.due_on else None,
        "last_valid_on": deadline.last_valid_on.isoformat() if deadline.last_valid_on else None,
        "ask": deadline.ask,
    }
