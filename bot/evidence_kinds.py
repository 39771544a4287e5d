"""What kind of file this is, by its content and never by its name; what could harm whoever opens it is refused."""

import re
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from models.errors import InputError
from reminders.wording import clean

NAME_CHARACTERS = 100

Reason = Literal["too-big", "empty", "kind", "bomb", "macro", "disguised", "not-kept", "unavailable"]


class RefusedFileError(InputError):
    """Tệp không nhận được. `reason` chooses the sentence."""

    code = "refused-file"

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class FileKind:
    """Loại tệp: the first of `extensions` is given to a name that has none of them."""

    media_type: str
    extensions: tuple[str, ...]


JPEG = FileKind("image/jpeg", (".jpg", ".jpeg", ".jpe", ".jfif"))
PNG = FileKind("image/png", (".png",))
WEBP = FileKind("image/webp", (".webp",))
HEIC = FileKind("image/heic", (".heic", ".heif"))
TIFF = FileKind("image/tiff", (".tif", ".tiff"))
PDF = FileKind("application/pdf", (".pdf",))
DOC = FileKind("application/msword", (".doc",))
XLS = FileKind("application/vnd.ms-excel", (".xls",))
PPT = FileKind("application/vnd.ms-powerpoint", (".ppt",))
DOCX = FileKind("application/vnd.openxmlformats-officedocument.wordprocessingml.document", (".docx",))
XLSX = FileKind("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", (".xlsx",))
PPTX = FileKind("application/vnd.openxmlformats-officedocument.presentationml.presentation", (".pptx",))
ODT = FileKind("application/vnd.oasis.opendocument.text", (".odt",))
TXT = FileKind("text/plain", (".txt",))
CSV = FileKind("text/csv", (".csv",))
MP3 = FileKind("audio/mpeg", (".mp3",))
OGG = FileKind("audio/ogg", (".ogg", ".oga", ".opus"))
AAC = FileKind("audio/aac", (".aac",))
M4A = FileKind("audio/mp4", (".m4a",))
MP4 = FileKind("video/mp4", (".mp4", ".m4v"))

_HEIC_BRANDS = {b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1"}
_M4A_BRANDS = {b"M4A ", b"M4B "}
_MP4_BRANDS = {
    b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V ", b"MSNV", b"dash", b"3gp4", b"3gp5",
}  # fmt: skip
_SIGNATURES = (
    (b"\xff\xd8\xff", JPEG),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"II*\x00", TIFF),
    (b"MM\x00*", TIFF),
    (b"%PDF-", PDF),
    (b"ID3", MP3),
    (b"OggS", OGG),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLE_STREAMS = (("WordDocument", DOC), ("PowerPoint Document", PPT), ("Workbook", XLS), ("Book", XLS))
_OFFICE_PARTS = (("word/document.xml", DOCX), ("xl/workbook.xml", XLSX), ("ppt/presentation.xml", PPTX))


def is_photo(media_type: str) -> bool:
    """Whether a chat can show it as a picture."""
    return media_type in {JPEG.media_type, PNG.media_type}


def picture_type(content: bytes) -> str | None:
    """The type of a picture that a page can show; None for all else."""
    return next((kind.media_type for start, kind in _SIGNATURES[:2] if content.startswith(start)), None)


def kind_of(path: Path, *, name: str) -> FileKind:
    """Raises RefusedFileError. `name` decides only between text and a table of text."""
    content = path.read_bytes()
    if not content:
        raise RefusedFileError("empty")
    kind = _kind(content, name=name)
    if kind is None:
        raise RefusedFileError("kind")
    if kind is not PDF and b"%PDF-" in content[:1024]:
        raise RefusedFileError("disguised")
    if not content.startswith(b"PK") and _directory_end(content) is not None:
        raise RefusedFileError("disguised")
    return kind


def _kind(content: bytes, *, name: str) -> FileKind | None:
    for signature, kind in _SIGNATURES:
        if content.startswith(signature):
            return kind
    if content.startswith(b"RIFF"):
        return WEBP if content[8:12] == b"WEBP" else None
    if content[4:8] == b"ftyp":
        return _boxed(content[8:12])
    if content.startswith(_OLE):
        return next((kind for stream, kind in _OLE_STREAMS if stream.encode("utf-16-le") in content), None)
    if content.startswith(b"PK\x03\x04"):
        return _zipped(content)
    return _sound(content) or _text(content, name=name)


def _boxed(brand: bytes) -> FileKind | None:
    for brands, kind in ((_HEIC_BRANDS, HEIC), (_M4A_BRANDS, M4A), (_MP4_BRANDS, MP4)):
        if brand in brands:
            return kind
    return None


def _sound(content: bytes) -> FileKind | None:
    """Streams without a header: ADTS frames of AAC, MPEG layer 3."""
    if len(content) < 4 or content[0] != 0xFF:  # noqa: PLR2004 -- a frame's sync byte
        return None
    if content[1] in {0xF0, 0xF1, 0xF8, 0xF9}:
        return AAC
    return MP3 if content[1] in {0xFB, 0xFA, 0xF3, 0xF2} else None


_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f\x7f]")


def _text(content: bytes, *, name: str) -> FileKind | None:
    """Words that a person could have typed; markup and scripts are words too, and bear the name of text.

    Old Vietnamese code pages are eight bits without a mark of their own: whoever reads the letter finds out which.
    """
    if _CONTROL.search(content):
        return None
    return CSV if name.lower().endswith(".csv") else TXT


# --- packed documents -------------------------------------------------------------------------------------------

MOST_PARTS = 5_000
MOST_UNPACKED = 300 * 1024 * 1024
MOST_RATIO = 200
"""A letter shrinks ten times, a table of one repeated figure perhaps a hundred."""
FREE_RATIO = 10 * 1024 * 1024
"""Below this the ratio says nothing: an empty sheet shrinks well."""

_END = struct.Struct("<4s4H2LH")
_LONGEST_COMMENT = 0xFFFF
_ENTRY = struct.Struct("<4s6H3L5H2L")


@dataclass(frozen=True, slots=True)
class _Part:
    name: str
    packed: int
    unpacked: int
    at: int


def _zipped(content: bytes) -> FileKind | None:
    """Judged by the directory at its end alone; nothing is unpacked."""
    end = _directory_end(content)
    if end is None:
        return None
    parts = _parts(content, *end)
    # two names for the same bytes, or more bytes than there are
    if len({part.at for part in parts}) < len(parts) or sum(part.packed for part in parts) > len(content):
        raise RefusedFileError("bomb")
    unpacked = sum(part.unpacked for part in parts)
    if unpacked > MOST_UNPACKED or (unpacked > FREE_RATIO and unpacked > MOST_RATIO * len(content)):
        raise RefusedFileError("bomb")
    names = {part.name.lower() for part in parts}
    if any(name.endswith(("vbaproject.bin", ".exe", ".dll", ".js", ".vbs", ".lnk")) for name in names):
        raise RefusedFileError("macro")
    if "[content_types].xml" in names:
        return next((kind for part, kind in _OFFICE_PARTS if part in names), None)
    is_odt = content[30:38] == b"mimetype" and content[38 : 38 + len(ODT.media_type)] == ODT.media_type.encode()
    return ODT if is_odt and "content.xml" in names else None


def _directory_end(content: bytes) -> tuple[int, int, int] | None:
    """(entries, size, offset) of a directory whose end record closes the file; None: this is no such file."""
    first = max(0, len(content) - _END.size - _LONGEST_COMMENT)
    at = content.rfind(b"PK\x05\x06", first)
    while at >= 0:
        if len(content) - at >= _END.size:
            _, _, _, _, entries, size, offset, comment = _END.unpack_from(content, at)
            if at + _END.size + comment == len(content):
                return entries, size, offset
        at = content.rfind(b"PK\x05\x06", first, at)
    return None


def _parts(content: bytes, entries: int, size: int, offset: int) -> Sequence[_Part]:
    """Raises RefusedFileError where the directory is too long, or not what its end says."""
    if entries > MOST_PARTS or offset + size > len(content):
        raise RefusedFileError("bomb")
    parts, at = [], offset
    for _ in range(entries):
        if at + _ENTRY.size > len(content):
            raise RefusedFileError("disguised")
        record = _ENTRY.unpack_from(content, at)
        if record[0] != b"PK\x01\x02":
            raise RefusedFileError("disguised")
        packed, unpacked, name, extra, comment, where = record[8], record[9], *record[10:13], record[16]
        start = at + _ENTRY.size
        parts.append(_Part(content[start : start + name].decode("utf-8", "replace"), packed, unpacked, where))
        at = start + name + extra + comment
    return parts


# --- names ------------------------------------------------------------------------------------------------------

_UNSAFE = str.maketrans(dict.fromkeys('<>:"|?*', "_"))


def safe_name(name: str, kind: FileKind, *, otherwise: str) -> str:
    """The last part of what it was called, without anything that hides or misleads, ending as its content is."""
    bare = " ".join(clean(name.replace("\\", "/").rpartition("/")[2]).translate(_UNSAFE).split()).rstrip(" .")
    extension = next((each for each in kind.extensions if bare.lower().endswith(each)), None)
    stem = bare[: -len(extension)] if extension else bare
    extension = bare[-len(extension) :] if extension else kind.extensions[0]
    return (stem.strip(" .")[: NAME_CHARACTERS - len(extension)].rstrip(" .") or otherwise) + extension
