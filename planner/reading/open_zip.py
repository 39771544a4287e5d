"""The parts of an office file, looked at before anything unpacks them: how large they say they are, what they hide."""

import io
import re
import zipfile
import zlib
from collections.abc import Mapping

from models.errors import UnreadableFileError

MOST_PARTS = 5_000
MOST_UNPACKED = 200 * 1024 * 1024
MOST_MARKUP = 80 * 1024 * 1024
"""Of XML together: a letter of 200 pages has about 20 MB."""
MOST_RATIO = 300
FREE_RATIO = 10 * 1024 * 1024
"""Below this the ratio says nothing: an empty sheet shrinks well."""
_CHUNK = 1024 * 1024
_DECLARED = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
"""Office files declare no types and no entities; one that does is up to something."""
_ENCRYPTED = 0x1


def checked_parts(content: bytes) -> Mapping[str, int]:
    """Names of the parts with their unpacked size. Raises UnreadableFileError: bomb, encrypted or malformed."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as file:
            parts = file.infolist()
            _check_claims(parts, len(content))
            for part in parts:
                if part.filename.lower().endswith((".xml", ".rels", ".vml")):
                    _check_markup(file, part)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError) as error:
        raise UnreadableFileError("malformed") from error
    return {part.filename: part.file_size for part in parts}


def _check_claims(parts: list[zipfile.ZipInfo], packed: int) -> None:
    if any(part.flag_bits & _ENCRYPTED for part in parts):
        raise UnreadableFileError("encrypted")
    unpacked = sum(part.file_size for part in parts)
    markup = sum(part.file_size for part in parts if part.filename.lower().endswith(".xml"))
    ratio = unpacked / max(packed, 1)
    if len(parts) > MOST_PARTS or unpacked > MOST_UNPACKED or markup > MOST_MARKUP:
        raise UnreadableFileError("bomb")
    if (unpacked > FREE_RATIO and ratio > MOST_RATIO) or len({part.header_offset for part in parts}) < len(parts):
        raise UnreadableFileError("bomb")


def _check_markup(file: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """Unpacked a little at a time, so that a claim that was too small is found out too."""
    size, tail = 0, b""
    with file.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            size += len(chunk)
            if size > part.file_size:
                raise UnreadableFileError("bomb")
            # in UTF-16 every other byte of these words is a zero
            seen = (tail + chunk).replace(b"\0", b"")
            if _DECLARED.search(seen):
                raise UnreadableFileError("malformed")
            tail = seen[-16:]
