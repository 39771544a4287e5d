"""What kind of letter a file is: by its content, for its name may be wrong, empty or meant to mislead."""

import codecs
import io
import re
import zipfile

from models.errors import UnreadableFileError
from planner.reading.paper import PaperKind

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"II*\0", b"MM\0*")
_WIDE_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
_START = 4096
"""Bytes at the beginning that tell."""
_PDF_START = 1024
"""The format lets that much stand before its mark."""
_MARKUP = re.compile(rb"<(?:!doctype\s+html|html|head|body|meta|table|div|p)[\s>]", re.IGNORECASE)
_NOT_TEXT = re.compile(rb"[\x01-\x08\x0e-\x19\x1b-\x1f\x7f]")


def kind_of(content: bytes) -> PaperKind:
    """Raises UnreadableFileError: empty, encrypted, of an old format, or of a kind that is not read."""
    if not content.strip(b"\0 \t\r\n"):
        raise UnreadableFileError("empty")
    if content.startswith(_OLE):
        raise UnreadableFileError("encrypted" if "EncryptedPackage".encode("utf-16-le") in content else "old-office")
    if content.startswith(b"{\\rtf"):
        raise UnreadableFileError("old-office")
    if content.startswith(b"PK\x03\x04"):
        return _office_kind(content)
    if content.startswith(_PICTURES) or (content.startswith(b"RIFF") and content[8:12] == b"WEBP"):
        return PaperKind.SCAN
    return PaperKind.PDF if b"%PDF-" in content[:_PDF_START] else _kind_of_words(content)


def _office_kind(content: bytes) -> PaperKind:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as file:
            names = file.namelist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise UnreadableFileError("malformed") from error
    if any(name.startswith("word/") for name in names):
        return PaperKind.DOCX
    if any(name.startswith("xl/") for name in names):
        return PaperKind.XLSX
    raise UnreadableFileError("kind")


def _kind_of_words(content: bytes) -> PaperKind:
    start = content[:_START].replace(b"\0", b"")
    if not content.startswith(_WIDE_MARKS) and _NOT_TEXT.search(content.replace(b"\0", b"")):
        raise UnreadableFileError("kind")
    return PaperKind.HTML if _MARKUP.search(start) else PaperKind.TEXT
