"""Files made to harm, broken on the way or given a wrong name: one clear refusal, and never anything else."""

import io
import random
import zipfile

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from models.errors import UnreadableFileError
from planner.reading import open_paper as door
from planner.reading.kinds import kind_of
from planner.reading.open_paper import open_paper
from planner.reading.paper import Paper, PaperKind
from tests.samples.contents import ANNEX, SECRET
from tests.samples.letters import SHAPES, sample

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"


def silent(pictures):
    for _ in pictures:
        yield ""


def refused(content, recognise=silent):
    with pytest.raises(UnreadableFileError) as refusal:
        open_paper(content, recognise=recognise)
    return refusal.value.reason


def packed(changes, letter=ANNEX, shape="docx"):
    """An office file with some of its parts changed."""
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(sample(letter, shape).content)) as file,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as changed,
    ):
        for name in file.namelist():
            changed.writestr(name, changes.pop(name, file.read(name)))
        for name, content in changes.items():
            changed.writestr(name, content)
    return buffer.getvalue()


def test_a_part_that_unpacks_to_gigabytes_is_refused_before_it_is():
    assert refused(packed({"word/media/bomb.bin": bytes(300_000_000)})) == "bomb"


def test_a_part_that_lies_about_its_size_is_found_out():
    honest = packed({"word/document.xml": b"<w:document>" + b" " * 5_000_000})
    place = honest.rindex(b"word/document.xml") - 46
    lying = honest[: place + 24] + (1000).to_bytes(4, "little") + honest[place + 28 :]

    assert refused(lying) in {"bomb", "malformed"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("shape", ["docx", "xlsx"])
def test_entities_in_an_office_file_are_refused(shape, encoding):
    part = {"docx": "word/document.xml", "xlsx": "xl/worksheets/sheet1.xml"}[shape]
    bomb = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><x>&b;</x>'

    assert refused(packed({part: bomb.encode(encoding)}, shape=shape)) == "malformed"


def test_a_table_that_claims_a_million_columns_is_bounded():
    cell = "<w:tc><w:tcPr><w:gridSpan w:val='999999999'/></w:tcPr><w:p><w:r><w:t>x</w:t></w:r></w:p></w:tc>"
    rows = f"<w:tr>{cell * 30}</w:tr>" * 100
    body = f'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:tbl>{rows}</w:tbl></w:body></w:document>'

    assert refused(packed({"word/document.xml": body})) == "bomb"


def test_a_page_that_claims_huge_spans_is_bounded():
    row = "<tr>" + "<td colspan=1000 rowspan=1000>x" * 300 + "</tr>"

    assert refused(f"<table>{row * 3}</table>".encode()) == "bomb"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b" \r\n\t ", "empty"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old-office"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
        (b"{\\rtf1 hello}", "old-office"),
        (b"MZ\x90\x00\x03" + bytes(100), "kind"),
        (b"\x7fELF\x02\x01\x01" + bytes(100), "kind"),
        (b"%PDF-1.7\n%%EOF", "malformed"),
        (b"PK\x03\x04" + bytes(50), "malformed"),
        (b"<html><body></body></html>", "empty"),
    ],
    ids=["nothing", "blank", "doc", "locked", "rtf", "exe", "elf", "no-pdf", "no-zip", "no-words"],
)
def test_what_is_no_letter_is_refused_with_its_reason(content, reason):
    assert refused(content) == reason


def test_a_locked_part_of_an_office_file_is_told_as_such():
    whole = bytearray(sample(ANNEX, "docx").content)
    place = whole.rindex(b"PK\x01\x02")
    whole[place + 8] |= 1

    assert refused(bytes(whole)) == "encrypted"


def test_another_packed_file_is_no_letter():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        file.writestr("../../etc/passwd", "x")

    assert refused(buffer.getvalue()) == "kind"


def test_a_text_of_too_many_pages_is_refused(monkeypatch):
    monkeypatch.setattr(door, "MOST_PAGES", 3)

    assert refused(b"trang\f" * 3 + b"x") == "too-many-pages"


@pytest.mark.parametrize("shape", [shape for shape in SHAPES if shape not in {"broken", "text"}])
def test_the_kind_of_a_file_shows_in_its_first_bytes(shape):
    assert kind_of(sample(ANNEX, shape).content) is not PaperKind.TEXT


def opens_or_refuses(content):
    try:
        paper = open_paper(content, recognise=silent)
    except UnreadableFileError:
        return
    assert isinstance(paper, Paper)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(SHAPES)), st.integers(0, 2**32), st.sampled_from(["cut", "changed", "hole"]))
@example("docx", 1600, "changed")
def test_a_file_broken_on_the_way_is_opened_or_refused(shape, seed, how):
    letter = ANNEX if shape == "xlsx" else SECRET
    chance, content = random.Random(seed), bytearray(sample(letter, shape).content)
    if how == "cut":
        content = content[: chance.randrange(len(content))]
    elif how == "changed":
        for _ in range(chance.choice([1, 10, 200])):
            content[chance.randrange(len(content))] = chance.randrange(256)
    else:
        start = chance.randrange(len(content))
        del content[start : start + chance.randrange(3000)]

    opens_or_refuses(bytes(content))


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(["docx", "xlsx"]), st.integers(0, 2**32))
def test_an_office_file_with_a_broken_part_is_opened_or_refused(shape, seed):
    chance = random.Random(seed)
    with zipfile.ZipFile(io.BytesIO(sample(ANNEX, shape).content)) as file:
        name = chance.choice([each for each in file.namelist() if each.endswith((".xml", ".rels"))])
        part = file.read(name)
    start = chance.randrange(len(part))
    broken = (
        part[:start]
        + bytes(chance.randrange(32, 127) for _ in range(chance.randrange(5)))
        + part[start + chance.randrange(40) :]
    )

    opens_or_refuses(packed({name: broken}, shape=shape))


@settings(max_examples=100, deadline=None)
@given(
    st.binary(max_size=300),
    st.sampled_from([b"", b"%PDF-1.4\n", b"PK\x03\x04", b"\x89PNG\r\n\x1a\n", b"<html>", b"II*\0"]),
)
def test_any_bytes_are_opened_or_refused(content, start):
    opens_or_refuses(start + content)
