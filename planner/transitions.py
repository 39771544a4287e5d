"""Which answer is admitted in which state, and the state it leads to: one table, read by every channel alike."""

from models.errors import InvalidTransitionError
from models.terms import Answer, AssignmentState, Decision

_S = AssignmentState
_OPEN_NEXT = {
    Answer.DONE: _S.SUBMITTED,
    Answer.IN_PROGRESS: _S.IN_PROGRESS,
    Answer.NOT_STARTED: _S.NOT_STARTED,
    Answer.NOTHING_NEW: _S.IN_PROGRESS,
    Answer.BLOCKED: _S.BLOCKED,
    Answer.UNBLOCKED: _S.IN_PROGRESS,
    # nobody is nagged about work that may not be theirs, until the coordinator has said whose it is
    Answer.WRONG_UNIT: _S.BLOCKED,
}
SAID_ONLY = (Answer.EXTENSION, Answer.ACKNOWLEDGED, Answer.EVIDENCE)
"""Heard and kept; the state stays what it was."""


def _row(state: AssignmentState) -> dict[Answer, AssignmentState]:
    return _OPEN_NEXT | dict.fromkeys(SAID_ONLY, state)


NEXT_STATE: dict[AssignmentState, dict[Answer, AssignmentState]] = {
    _S.NOT_STARTED: _row(_S.NOT_STARTED),
    _S.IN_PROGRESS: _row(_S.IN_PROGRESS),
    _S.BLOCKED: _row(_S.BLOCKED),
    _S.RETURNED: _row(_S.RETURNED) | {Answer.NOT_STARTED: _S.RETURNED},
    # "còn thiếu phụ lục" after "đã xong": the unit takes its own word back; the coordinator has not decided yet
    _S.SUBMITTED: {
        Answer.DONE: _S.SUBMITTED,
        Answer.IN_PROGRESS: _S.IN_PROGRESS,
        Answer.BLOCKED: _S.BLOCKED,
        Answer.ACKNOWLEDGED: _S.SUBMITTED,
        Answer.EVIDENCE: _S.SUBMITTED,
    },
    _S.ACCEPTED: {Answer.ACKNOWLEDGED: _S.ACCEPTED, Answer.EVIDENCE: _S.ACCEPTED},
    _S.CLOSED: {},
}

DECIDED: dict[AssignmentState, dict[Decision, AssignmentState]] = {
    _S.SUBMITTED: {Decision.ACCEPTED: _S.ACCEPTED, Decision.RETURNED: _S.RETURNED},
    # a second look after accepting: missing pages are found later too
    _S.ACCEPTED: {Decision.RETURNED: _S.RETURNED},
}
"""What a coordinator may decide about work handed in."""


def next_state(state: AssignmentState, answer: Answer) -> AssignmentState:
    """The state after this answer; raises InvalidTransitionError where the table has no entry."""
    try:
        return NEXT_STATE[state][answer]
    except KeyError:
        raise InvalidTransitionError(state, answer) from None


def decided_state(state: AssignmentState, decision: Decision) -> AssignmentState:
    """The state after the coordinator's decision; raises InvalidTransitionError where there is nothing to decide."""
    try:
        return DECIDED[state][decision]
    except KeyError:
        raise InvalidTransitionError(state, decision) from None
