"""What is said of a letter wherever it is spoken of: that it came, how far it is read, and what stands in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.conversation import buttons
from bot.conversation.evidence import size_of
from bot.conversation.incoming import Reply
from bot.conversation.turn import Rows, Voice
from bot.evidence_kinds import DOC, DOCX, JPEG, PDF, PNG, TIFF, TXT, WEBP, XLS, XLSX
from planner.letters.approve_letter import Approved
from planner.letters.letters import LetterView
from planner.reading.draft import Header, LetterDraft, Obligation, Question, Spot, UnitName, Wanted
from planner.reading.read import Knowledge
from reminders.channel import Button
from reminders.wording import named_day

WARNINGS_SHOWN = 4
UNITS_SHOWN = 3
NUMBERS_SHOWN = 20

_KINDS = {
    PDF: "PDF", DOCX: "Word", DOC: "Word", XLSX: "Excel", XLS: "Excel", TXT: "văn bản thuần", JPEG: "ảnh", PNG: "ảnh",
    WEBP: "ảnh", TIFF: "ảnh",
}  # fmt: skip
KIND_WORDS = {kind.media_type: words for kind, words in _KINDS.items()}
"""The kinds of files that may be letters, and what they are called."""

PICTURES = frozenset(kind.media_type for kind, words in _KINDS.items() if words == "ảnh")


@dataclass(frozen=True, slots=True)
class Pages:
    """Đọc đến đâu: `done` of `of`; `is_over`: nothing more is to come, `of` 0 where nothing was read."""

    done: int
    of: int
    is_over: bool = False


def key_received(letter_id: int) -> str:
    """Under which the first line is owed, so that it is found again and edited."""
    return f"letter:{letter_id}:received"


def received(voice: Voice, letter: LetterView, *, is_evidence_too: bool, pages: Pages | None = None) -> Reply:
    """The first line. It does not repeat the file's name: nobody knows yet whether that may be said."""
    said = voice.say(
        "letter_received",
        number=letter.id,
        kind=KIND_WORDS.get(letter.media_type, "tệp"),
        size=size_of(letter.size),
        is_picture=letter.media_type in PICTURES,
        is_evidence_too=is_evidence_too,
        pages=pages,
        buttons=buttons.row(
            Button("Đây là minh chứng", f"minh chung van ban {letter.id}") if is_evidence_too else None
        ),
    )
    return Reply(said.text, said.buttons, key=key_received(letter.id))


def summary(voice: Voice, letter: LetterView, *, known_plan: str | None, today: date) -> Reply:
    """ "Công văn 1487/UBND-NC ngày 22/10/2024: 16 nhiệm vụ, 3 chỗ cần hỏi." and what to do with it."""
    draft = letter.draft
    assert draft is not None, "only a letter that was read is summed up"
    asked, warnings = len(draft.questions), sorted(draft.warnings, key=_is_small)
    return voice.say(
        "letter_summary",
        letter=letter,
        heading=heading(letter),
        draft=draft,
        today=today,
        duties=sum(each.is_tracked for each in draft.obligations),
        asked=asked,
        warnings=warnings[:WARNINGS_SHOWN],
        more_warnings=len(warnings[WARNINGS_SHOWN:]),
        known_plan=known_plan,
        buttons=_next(voice, letter, asked=asked),
    )


def became_work(voice: Voice, letter: LetterView, approved: Approved) -> Reply:
    """ "Đã giao theo Công văn 1487/UBND-NC: …": said to whoever approved it, and in the sender's chat."""
    return voice.say(
        "letter_approved",
        letter=letter,
        loaded=approved.loaded,
        difference=approved.difference,
        buttons=buttons.row(Button("Tổng hợp", "tonghop"), Button("Việc sắp đến hạn", "lich")),
    )


def _is_small(warning: str) -> bool:
    """A last day off only moves the work forward; what is missing or contradicts itself comes before it."""
    return warning.startswith("Ngày cuối rơi vào ngày nghỉ")


def heading(letter: LetterView) -> str:
    """ "Công văn 1487/UBND-NC"; without a number the name of the file tells which one it is."""
    header = letter.draft.header if letter.draft is not None else None
    if header is None or header.number.value:
        return letter.title
    return f"{header.kind.value or 'Văn bản'} chưa có số ({letter.file_name})"


def _next(voice: Voice, letter: LetterView, *, asked: int) -> Rows:
    number = letter.id
    return buttons.pairs(
        Button("Trả lời câu hỏi", f"cau hoi {number}")
        if asked
        else Button("Xem trước khi giao", f"duyet van ban {number}"),
        Button("Xem bản nháp", f"nhap {number}"),
        Button("Mở trang", f"trang van ban {number}") if voice.offers_page else None,
        Button("Bỏ", f"bo van ban {number}"),
    )


def after_answers(voice: Voice, letter: LetterView) -> Rows:
    """Nothing is asked any more by itself."""
    return buttons.pairs(
        Button("Xem trước khi giao", f"duyet van ban {letter.id}"),
        Button("Hỏi lại", f"hoi lai {letter.id}") if letter.open_questions() else None,
        Button("Xem bản nháp", f"nhap {letter.id}"),
        Button("Mở trang", f"trang van ban {letter.id}") if voice.offers_page else None,
    )


# --- one duty ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DutyLine:
    """Một việc của bản nháp, as it is listed; `number` counts from 1."""

    number: int
    title: str
    leads: str
    deadline: str
    is_tracked: bool
    is_in_doubt: bool
    same_as: str | None


def duty_lines(draft: LetterDraft, knowledge: Knowledge, *, today: date) -> list[DutyLine]:
    """Units by the names of the directory: what a name on the paper was taken for must be seen."""
    doubted = {number for question in draft.questions for number in question.numbers}
    return [
        DutyLine(
            number,
            duty.title,
            names(duty.lead, knowledge),
            deadline_words(duty, today=today),
            duty.is_tracked,
            duty.is_tracked and (number in doubted or any(not name.is_known for name in duty.lead)),
            duty.same_as,
        )
        for number, duty in enumerate(draft.obligations, start=1)
    ]


def names(units: Sequence[UnitName], knowledge: Knowledge, shown: int = UNITS_SHOWN) -> str:
    """Sở A, Sở B, Sở C và 4 đơn vị khác; "chưa rõ đơn vị" where none is named."""
    rest = len(units) - shown
    told = "; ".join(name_of(unit, knowledge) for unit in units[:shown])
    return (told or "chưa rõ đơn vị") + (f" và {rest} đơn vị khác" if rest > 0 else "")


def name_of(unit: UnitName, knowledge: Knowledge) -> str:
    """As the directory calls it; as it is written where nobody knows it."""
    directory = knowledge.directory
    found = (directory.unit(unit.code) or directory.group(unit.code)) if directory and unit.code else None
    return found.name if found is not None else unit.written


def deadline_words(duty: Obligation, *, today: date) -> str:
    """The words of the paper, and the last day that counts where there is one."""
    deadline = duty.deadline
    last = f"hết {named_day(deadline.last_valid_on, today=today)}" if deadline.last_valid_on else ""
    if deadline.phrase and last:
        return f"{deadline.phrase} ({last})"
    return deadline.phrase or last or "chưa có hạn"


def set_aside_words(draft: LetterDraft, question: Question) -> str:
    """Which duties nobody is asked for after "không theo dõi", and which others still lead; `draft` is that after."""
    gone = [number for number in question.numbers if not draft.obligations[number - 1].is_tracked]
    kept = [number for number in question.numbers if number not in gone]
    dropped = f"không theo dõi việc {_listed(gone)}" if gone else ""
    stay = f"việc {_listed(kept)} bỏ tên này, các đơn vị khác vẫn theo dõi" if kept else ""
    return "; ".join(filter(None, (dropped, stay)))


def _listed(numbers: Sequence[int]) -> str:
    more = f" và {len(numbers) - NUMBERS_SHOWN} việc khác" if len(numbers) > NUMBERS_SHOWN else ""
    return ", ".join(map(str, numbers[:NUMBERS_SHOWN])) + more


def source_of(draft: LetterDraft, question: Question) -> tuple[str, int, str]:
    """(words, page, place) that a question is about; empty words where it stands nowhere."""
    if question.numbers:
        duty = draft.obligations[question.numbers[0] - 1]
        spot = duty.deadline.spot if question.wants is Wanted.DEADLINE and duty.deadline.spot.quote else duty.spot
        return spot.quote, spot.page, duty.spot.place or spot.place
    found = _spots(draft.header).get(question.about, Spot(""))
    return found.quote, found.page, found.place


def _spots(header: Header) -> dict[str, Spot]:
    return {
        "type": header.kind.spot,
        "number": header.number.spot,
        "issuer": header.issuer.spot,
        "place": header.place.spot,
        "title": header.title.spot,
        "issued_on": header.issued_on.spot,
    }
