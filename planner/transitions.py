"""Which answer is admitted in which state, and the state it leads to: one table, read by every channel alike."""

from models.errors import InvalidTransitionError
from models.terms import Answer, AssignmentState

_S = AssignmentState
_OPEN_NEXT = {
    Answer.DONE: _S.SUBMITTED,
    Answer.IN_PROGRESS: _S.IN_PROGRESS,
    Answer.BLOCKED: _S.BLOCKED,
    Answer.UNBLOCKED: _S.IN_PROGRESS,
}

NEXT_STATE: dict[AssignmentState, dict[Answer, AssignmentState]] = {
    _S.NOT_STARTED: {**_OPEN_NEXT, Answer.EXTENSION: _S.NOT_STARTED},
    _S.IN_PROGRESS: {**_OPEN_NEXT, Answer.EXTENSION: _S.IN_PROGRESS},
    _S.BLOCKED: {**_OPEN_NEXT, Answer.EXTENSION: _S.BLOCKED},
    _S.RETURNED: {**_OPEN_NEXT, Answer.EXTENSION: _S.RETURNED},
    # "còn thiếu phụ lục" after "đã xong": the unit takes its own word back; the coordinator has not decided yet
    _S.SUBMITTED: {Answer.DONE: _S.SUBMITTED, Answer.IN_PROGRESS: _S.IN_PROGRESS, Answer.BLOCKED: _S.BLOCKED},
    _S.ACCEPTED: {},
    _S.CLOSED: {},
}


def next_state(state: AssignmentState, answer: Answer) -> AssignmentState:
    """The state after this answer; raises InvalidTransitionError where the table has no entry."""
    try:
        return NEXT_STATE[state][answer]
    except KeyError:
        raise InvalidTransitionError(state, answer) from None
