"""Files handed in: kept whole or not at all, under what they are and not what they are called, nothing harmful."""

import asyncio
import errno
import io
import logging
import os
import stat
import struct
import zipfile
from datetime import timedelta
from hashlib import sha256

import pytest

from bot.evidence_kinds import MOST_PARTS, NAME_CHARACTERS, PDF, RefusedFileError, safe_name
from bot.evidence_store import FORGOTTEN_FILE, MOST_AT_ONCE, EvidenceStore, MissingFileError, whole
from models.clock import system_clock
from tests.fakes import papers


@pytest.fixture
def store(tmp_path):
    return EvidenceStore(tmp_path / "evidence", largest=200_000, left_free=0)


async def keep(store, content, name="tep"):
    return await store.keep(whole(content), name=name)


async def refusal(store, content, name="tep"):
    with pytest.raises(RefusedFileError) as refused:
        await keep(store, content, name)
    return refused.value.reason


def left_behind(tmp_path):
    return [path for path in (tmp_path / "evidence").rglob("*") if path.is_file()]


# --- kinds


@pytest.mark.parametrize(("name", "content", "media_type"), papers.KINDS, ids=[kind[0] for kind in papers.KINDS])
async def test_each_kind_is_known_by_its_content(store, name, content, media_type):
    given = await keep(store, content, name)
    assert (given.name, given.media_type, given.size) == (name, media_type, len(content))
    assert await store.read(given.sha256) == content


@pytest.mark.parametrize(
    ("called", "content", "name"),
    [
        ("anh.exe", papers.JPEG, "anh.exe.jpg"),
        ("bao-cao.docx", papers.PDF, "bao-cao.docx.pdf"),
        ("trang.html", b"<script>alert(1)</script>", "trang.html.txt"),
        ("ảnh.JPEG", papers.JPEG, "ảnh.JPEG"),
        ("Báo cáo số 1.2024", papers.PDF, "Báo cáo số 1.2024.pdf"),
    ],
)
async def test_a_wrong_label_is_put_right(store, called, content, name):
    assert (await keep(store, content, called)).name == name


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(b"", "empty", id="nothing"),
        pytest.param(b"MZ\x90\x00" + bytes(100), "kind", id="a program called .pdf"),
        pytest.param(b"\x7fELF" + bytes(100), "kind", id="another program"),
        pytest.param(papers.packed({"a.txt": b"a"}), "kind", id="a bare zip"),
        pytest.param(b"Rar!\x1a\x07\x00", "kind", id="a rar"),
        pytest.param(b"PK\x03\x04 cut off", "kind", id="half a document"),
        pytest.param("chữ".encode("utf-16"), "kind", id="text nobody can read"),
        pytest.param(papers.JPEG + papers.DOCX, "disguised", id="a picture and a packed document in one"),
        pytest.param(papers.PDF + papers.packed({"a.exe": b"MZ"}), "disguised", id="a PDF and a zip in one"),
        pytest.param(papers.packed({"[Content_Types].xml": b"%PDF-1.7", "word/document.xml": b""}, stored=True),
                     "disguised", id="a document that is also a PDF"),
        pytest.param(papers.packed(papers.WORD | {"word/vbaProject.bin": b"x"}), "macro", id="macros"),
        pytest.param(papers.packed(papers.WORD | {"word/embeddings/a.exe": b"x"}), "macro", id="a program inside"),
    ],
)  # fmt: skip
async def test_what_is_not_taken_is_refused_and_leaves_nothing(store, tmp_path, content, reason):
    assert await refusal(store, content, "bao-cao.pdf") == reason
    assert left_behind(tmp_path) == []


# --- zip bombs


def lying(content, unpacked):
    """Every entry of the directory claims this size."""
    at, changed = content.find(b"PK\x01\x02"), bytearray(content)
    while at >= 0:
        struct.pack_into("<L", changed, at + 24, unpacked)
        at = content.find(b"PK\x01\x02", at + 4)
    return bytes(changed)


def overlapping():
    """Two names that stand for the same packed bytes."""
    content = bytearray(papers.packed(papers.WORD))
    first = content.find(b"PK\x01\x02")
    second = content.find(b"PK\x01\x02", first + 4)
    struct.pack_into("<L", content, second + 42, 0)
    return bytes(content)


def many_parts():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        for number in range(MOST_PARTS + 1):
            file.writestr(str(number), b"")
    return buffer.getvalue()


TOO_LONG = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 9, 9, 0xFFFFFF, 0, 0)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(papers.packed(papers.WORD | {"word/media/a": bytes(60_000_000)}), id="sixty megabytes of nothing"),
        pytest.param(lying(papers.DOCX, 0xFFFFFFFF), id="four gigabytes each"),
        pytest.param(overlapping(), id="overlapping"),
        pytest.param(papers.DOCX[:-22] + TOO_LONG, id="a directory too long"),
    ],
)  # fmt: skip
async def test_a_zip_bomb_called_docx_is_refused_without_unpacking(store, tmp_path, content):
    async with asyncio.timeout(2):
        assert await refusal(store, content, "bao-cao.docx") == "bomb"
    assert left_behind(tmp_path) == []


async def test_a_document_of_too_many_parts_is_refused(tmp_path):
    store = EvidenceStore(tmp_path / "evidence", left_free=0)
    assert await refusal(store, many_parts(), "bao-cao.docx") == "bomb"


# --- names


@pytest.mark.parametrize(
    ("called", "name"),
    [
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\An\\báo cáo.pdf", "báo cáo.pdf"),
        ("bao\u202ecao\u200b.pdf", "baocao.pdf"),
        ("a\x00b\nc.pdf", "ab c.pdf"),
        ('a<b>:"|?*.pdf', "a_b______.pdf"),
        ("...", "minh-chung.pdf"),
        ("", "minh-chung.pdf"),
        (".pdf", "minh-chung.pdf"),
        ("dê\u0301.pdf", "dế.pdf"),
    ],
)
def test_a_name_leads_nowhere_and_hides_nothing(called, name):
    assert safe_name(called, PDF, otherwise="minh-chung") == name


def test_a_long_name_keeps_its_ending():
    name = safe_name("a" * 300 + ".pdf", PDF, otherwise="x")
    assert (len(name), name[-5:]) == (NAME_CHARACTERS, "a.pdf")


# --- on the disk


async def test_the_same_bytes_are_kept_once_and_for_the_owner_only(store, tmp_path):
    first, second = await asyncio.gather(keep(store, papers.PDF, "a.pdf"), keep(store, papers.PDF, "b.pdf"))
    assert first.sha256 == second.sha256 == sha256(papers.PDF).hexdigest()
    (path,) = left_behind(tmp_path)
    assert path == tmp_path / "evidence" / first.sha256[:2] / first.sha256
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


async def test_more_than_the_limit_is_refused_while_it_streams(store, tmp_path):
    taken = 0

    async def endless():
        nonlocal taken
        while True:
            taken += 50_000
            yield b"a" * 50_000

    with pytest.raises(RefusedFileError) as refused:
        await store.keep(endless(), name="a.txt")
    assert (refused.value.reason, taken) == ("too-big", 250_000)
    assert left_behind(tmp_path) == []


async def test_what_breaks_off_leaves_nothing(store, tmp_path):
    async def broken():
        yield b"%PDF-"
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await store.keep(broken(), name="a.pdf")
    assert left_behind(tmp_path) == []


async def test_a_full_disk_is_said_alarmed_and_leaves_nothing(store, tmp_path, monkeypatch, caplog):
    def full(_descriptor):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("bot.evidence_store.os.fsync", full)
    assert await refusal(store, papers.PDF) == "not-kept"
    assert [record.levelno for record in caplog.records] == [logging.ERROR]
    assert "ENOSPC" in caplog.text
    assert left_behind(tmp_path) == []


async def test_a_disk_that_is_nearly_full_is_left_to_the_database(tmp_path, caplog):
    store = EvidenceStore(tmp_path / "evidence", left_free=2**60)
    assert await refusal(store, papers.PDF) == "not-kept"


async def test_bytes_that_are_gone_or_changed_are_never_handed_out(store, tmp_path, caplog):
    given = await keep(store, papers.PDF)
    (path,) = left_behind(tmp_path)
    path.write_bytes(b"something else")
    with pytest.raises(MissingFileError):
        await store.read(given.sha256)
    path.unlink()
    with pytest.raises(MissingFileError):
        await store.read(given.sha256)
    with pytest.raises(MissingFileError):
        await store.read("../../etc/passwd")
    assert [record.levelno for record in caplog.records] == [logging.ERROR] * 2


async def test_bytes_that_changed_on_the_disk_are_made_whole_by_handing_them_in_again(store, tmp_path):
    given = await keep(store, papers.PDF)
    left_behind(tmp_path)[0].write_bytes(b"something else")
    await keep(store, papers.PDF)
    assert await store.read(given.sha256) == papers.PDF


# --- what nobody claimed


@pytest.fixture
def months_later(tmp_path):
    return EvidenceStore(
        tmp_path / "evidence", left_free=0, clock=lambda: system_clock() + FORGOTTEN_FILE + timedelta(hours=1)
    )


async def test_a_week_later_what_no_work_names_is_removed_and_the_rest_stays(store, months_later, tmp_path):
    claimed, stray = await keep(store, papers.PDF), await keep(store, papers.JPEG)

    async def named(sums):
        return {claimed.sha256} & set(sums)

    assert await store.sweep_unclaimed(named) == 0, "both came today"
    assert await months_later.sweep_unclaimed(named) == 1
    assert [path.name for path in left_behind(tmp_path)] == [claimed.sha256]
    assert await months_later.missing([claimed.sha256, stray.sha256]) == [stray.sha256]


async def test_the_same_bytes_sent_again_are_new_again(store, months_later, tmp_path):
    stray = await keep(store, papers.PDF)
    (path,) = left_behind(tmp_path)
    long_ago = path.stat().st_mtime - 10 * FORGOTTEN_FILE.total_seconds()
    os.utime(path, (long_ago, long_ago))
    await keep(store, papers.PDF)
    assert await store.sweep_unclaimed(nobody) == 0
    assert (await store.read(stray.sha256)) == papers.PDF


async def test_a_few_at_a_time_and_nothing_at_all_where_the_database_is_a_strangers(
    store, months_later, tmp_path, caplog
):
    kept = [(await keep(store, papers.PDF + str(n).encode())).sha256 for n in range(MOST_AT_ONCE + 20)]

    async def all_but_a_few(sums):
        return {each for each in sums if each not in kept[:5]}

    assert await months_later.sweep_unclaimed(nobody) == 0
    assert "nothing is removed" in caplog.text
    assert len(left_behind(tmp_path)) == len(kept)
    assert await months_later.sweep_unclaimed(all_but_a_few) == 5
    assert len(left_behind(tmp_path)) == len(kept) - 5


async def test_what_is_no_evidence_of_ours_is_left_alone(store, months_later, tmp_path):
    await keep(store, papers.PDF)
    for name in ("ab/readme.txt", "ab/" + "c" * 64, "zz/" + "z" * 64):
        path = tmp_path / "evidence" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("put here by somebody")
    assert await months_later.sweep_unclaimed(nobody) == 1
    assert len(left_behind(tmp_path)) == 3


async def nobody(sums):
    del sums
    return set()
