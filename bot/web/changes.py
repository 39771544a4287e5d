"""What a person sent from the page, as a change of the draft. Pure: raises CorrectionError, StaleDraftError."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl

from bot.web.sentences import DUTY_LABELS, HEADER_LABELS
from models.errors import CorrectionError, StaleDraftError
from planner.letters.corrections import DutyChange, answered, confirmed, with_duty, with_header, with_new_duty
from planner.reading.draft import DutyClass, LetterDraft
from planner.reading.read import Knowledge
from reminders.wording import clean, shorten

MOST_FIELDS = 40
LONGEST_SAID = 300
NEW_DUTY = "viec-moi"

Change = Callable[[LetterDraft], LetterDraft]

_FORM = re.compile(r"dau-(?P<field>[a-z_]{1,20})|viec-(?P<number>\d{1,3})|viec-moi|cau-[0-9a-f]{10}")


class NoSuchFormError(ValueError):
    """Nothing on our page sends this."""


@dataclass(frozen=True, slots=True)
class Submitted:
    """Một lần gửi: the form of the page it comes from, and its fields as typed (NFC, no control characters)."""

    form: str
    values: Mapping[str, str]

    def changed(self, name: str) -> str | None:
        """What stands in a field now, where that differs from what was shown; None: left as it was."""
        typed = self.values.get(name)
        return None if typed is None or typed == self.values.get(f"was-{name}") else typed

    def typed(self) -> dict[str, str]:
        """What the person wrote themselves, to be shown again beside an error."""
        return {name: text for name in self.values if name in _TYPED and (text := self.changed(name)) is not None}

    def words(self) -> str:
        """For the record: which fields, and what was put into them."""
        parts = [f"{name}: {text}" for name, text in self.typed().items()]
        parts += [f"{name}: {self.values[name]}" for name in ("lam", "dong-y") if self.values.get(name)]
        return shorten("; ".join([self.form, *parts]), LONGEST_SAID)


_TYPED = frozenset({*DUTY_LABELS, "value", "answer"})


def form_fields(body: bytes) -> dict[str, str]:
    """Raises ValueError for what no form of a browser sends."""
    pairs = parse_qsl(
        body.decode("utf-8"), keep_blank_values=True, max_num_fields=MOST_FIELDS, encoding="utf-8", errors="strict"
    )
    return {name: clean(text.replace("\r", "")) for name, text in pairs}


def submitted(fields: Mapping[str, str]) -> Submitted:
    """The form with the unit that was chosen beside an error put in. Raises NoSuchFormError."""
    form = fields.get("form", "")
    match = _FORM.fullmatch(form)
    if match is None or (match["field"] is not None and match["field"] not in HEADER_LABELS):
        raise NoSuchFormError(form)
    values = dict(fields)
    if chosen := values.pop("chon", ""):
        values |= _chosen(values, chosen)
    return Submitted(form, values)


def _chosen(values: Mapping[str, str], unit: str) -> dict[str, str]:
    """In the field that was complained about, the name nobody knew gives way to this one; else it is the answer."""
    field, wrong = values.get("sai-o", "answer"), values.get("sai", "")
    field = "answer" if values.get("form", "").startswith("cau-") else field
    if field not in _TYPED:
        return {}
    names = [name.strip() for name in values.get(field, "").split(";") if name.strip()]
    return {field: "; ".join(unit if name == wrong else name for name in names) if wrong in names else unit}


def change_of(sent: Submitted, knowledge: Knowledge) -> Change:
    """Raises, when it is applied, CorrectionError, or StaleDraftError for a question that was answered meanwhile."""
    match = _FORM.fullmatch(sent.form)
    assert match is not None
    if field := match["field"]:
        return lambda draft: with_header(draft, field, sent.values.get("value", ""), knowledge)
    if number := match["number"]:
        return lambda draft: with_duty(draft, int(number), _duty_change(sent), knowledge)
    if sent.form == NEW_DUTY:
        return lambda draft: with_new_duty(draft, _new_duty(sent), knowledge)
    return lambda draft: _with_answer(draft, sent, knowledge)


def _with_answer(draft: LetterDraft, sent: Submitted, knowledge: Knowledge) -> LetterDraft:
    question = next((each for each in draft.questions if each.key == sent.values.get("key")), None)
    if question is None:
        raise StaleDraftError(sent.form)
    if "dong-y" in sent.values:
        return confirmed(draft, question, knowledge)
    answer = sent.values.get("answer", "")
    if not answer.strip():
        raise CorrectionError("answer", "empty")
    return answered(draft, question, answer, knowledge)


def _duty_change(sent: Submitted) -> DutyChange:
    change = DutyChange(
        title=sent.changed("title"),
        lead=sent.changed("lead"),
        supporting=sent.changed("supporting"),
        deadline=sent.changed("deadline"),
        deliverable=sent.changed("deliverable"),
        duty_class=_class_of(sent.changed("duty_class")),
    )
    match sent.values.get("lam"):
        case "bo":
            return replace(change, duty_class=DutyClass.PRINCIPLE)
        case "lai":
            return replace(change, duty_class=DutyClass.TASK)
    return change


def _new_duty(sent: Submitted) -> DutyChange:
    """What was left empty is not said."""
    typed = {name: sent.values.get(name, "").strip() or None for name in DUTY_LABELS}
    return DutyChange(
        title=typed["title"],
        lead=typed["lead"],
        supporting=typed["supporting"],
        deadline=typed["deadline"],
        deliverable=typed["deliverable"],
        duty_class=_class_of(typed["duty_class"]),
    )


def _class_of(word: str | None) -> DutyClass | None:
    try:
        return DutyClass(word) if word else None
    except ValueError:
        raise NoSuchFormError(word) from None
