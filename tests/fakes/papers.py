"""Files as people send them: the smallest of each kind that is what it says."""

import io
import zipfile


def packed(parts, *, stored=False):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return buffer.getvalue()


def _odt():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        file.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        file.writestr("content.xml", "<x/>")
    return buffer.getvalue()


def _ole(stream):
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + stream.encode("utf-16-le")


def _boxed(brand):
    return bytes(3) + b"\x18ftyp" + brand + bytes(12)


WORD = {"[Content_Types].xml": b"<x/>", "word/document.xml": b"<w/>" * 100}
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(32)
PNG = b"\x89PNG\r\n\x1a\n" + bytes(32)
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
DOCX = packed(WORD)
OGG = b"OggS" + bytes(40)
MP4 = _boxed(b"isom")
_OFFICE = "application/vnd.openxmlformats-officedocument"

KINDS = [
    ("a.jpg", JPEG, "image/jpeg"),
    ("a.png", PNG, "image/png"),
    ("a.webp", b"RIFF\x10\x00\x00\x00WEBPVP8 ", "image/webp"),
    ("a.heic", _boxed(b"heic"), "image/heic"),
    ("a.pdf", PDF, "application/pdf"),
    ("a.doc", _ole("WordDocument"), "application/msword"),
    ("a.xls", _ole("Workbook"), "application/vnd.ms-excel"),
    ("a.ppt", _ole("PowerPoint Document"), "application/vnd.ms-powerpoint"),
    ("a.docx", DOCX, f"{_OFFICE}.wordprocessingml.document"),
    ("a.xlsx", packed({"[Content_Types].xml": b"", "xl/workbook.xml": b""}), f"{_OFFICE}.spreadsheetml.sheet"),
    ("a.pptx", packed({"[Content_Types].xml": b"", "ppt/presentation.xml": b""}),
     f"{_OFFICE}.presentationml.presentation"),
    ("a.odt", _odt(), "application/vnd.oasis.opendocument.text"),
    ("a.txt", "Báo cáo đã gửi.\r\n".encode(), "text/plain"),
    ("cu.txt", "Báo cáo đã gửi.\r\n".encode("cp1258", "replace"), "text/plain"),
    ("a.tif", b"II*\x00\x08\x00\x00\x00", "image/tiff"),
    ("b.tiff", b"MM\x00*\x00\x00\x00\x08", "image/tiff"),
    ("a.csv", "\ufeffđơn vị;kết quả\n".encode(), "text/csv"),
    ("a.mp3", b"ID3\x04" + bytes(20), "audio/mpeg"),
    ("b.mp3", b"\xff\xfb\x90\x00" + bytes(20), "audio/mpeg"),
    ("a.aac", b"\xff\xf1\x50\x80" + bytes(20), "audio/aac"),
    ("a.ogg", OGG, "audio/ogg"),
    ("a.m4a", _boxed(b"M4A "), "audio/mp4"),
    ("a.mp4", MP4, "video/mp4"),
]  # fmt: skip
