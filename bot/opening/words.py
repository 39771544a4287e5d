"""What a person is told about a file that cannot be read: one sentence each, with what to do."""

from collections.abc import Mapping

from bot.opening.tesseract import INSTALL
from models.errors import Unreadable, UnreadableFileError

_SENTENCES: Mapping[Unreadable, str] = {
    "empty": "Tệp không có chữ nào: kiểm tra lại và gửi đúng tệp văn bản.",
    "kind": "Tệp này không đọc được: gửi DOCX, PDF, XLSX, HTML, văn bản thuần hoặc ảnh JPEG, PNG, TIFF, WebP.",
    "old-office": "Tệp ở định dạng cũ (DOC, XLS, RTF): mở bằng Word hoặc Excel, lưu thành DOCX hoặc XLSX rồi gửi lại.",
    "encrypted": "Tệp có mật khẩu: gỡ mật khẩu rồi gửi lại.",
    "malformed": "Tệp bị hỏng hoặc không đúng định dạng: mở lại, lưu thành tệp mới rồi gửi lại.",
    "bomb": "Tệp bung ra quá lớn so với một văn bản: lưu riêng phần văn bản cần đọc rồi gửi lại.",
    "too-big": "Tệp quá lớn (tối đa {megabytes} MB): giảm dung lượng hoặc tách thành nhiều tệp rồi gửi lại.",
    "too-many-pages": "Tệp quá dài (tối đa {limit} trang): tách thành nhiều tệp rồi gửi lại.",
    "too-many-pixels": "Ảnh quá lớn (tối đa {megapixels} triệu điểm ảnh): quét lại ở 300 dpi rồi gửi lại.",
    "too-slow": "Tệp đọc quá lâu nên đã dừng: tách thành nhiều tệp nhỏ rồi gửi lại.",
    "too-much-memory": "Tệp cần quá nhiều bộ nhớ nên đã dừng: tách thành nhiều tệp nhỏ rồi gửi lại.",
    "encoding": "Chưa rõ bảng mã chữ của tệp: lưu lại dạng Unicode (UTF-8) rồi gửi lại.",
    "no-recogniser": f"Máy chủ chưa đọc được ảnh quét: gửi tệp DOCX, hoặc nhờ quản trị chạy {INSTALL} rồi gửi lại.",
    "crashed": "Không đọc được tệp này: mở lại, lưu thành DOCX hoặc PDF khác rồi gửi lại.",
}  # fmt: skip

_MILLION, _MEGABYTE = 1_000_000, 1024 * 1024


def sentence_of(error: UnreadableFileError) -> str:
    """A whole Vietnamese sentence that says what to do."""
    limit = error.limit or 0
    return _SENTENCES[error.reason].format(
        limit=limit, megabytes=limit // _MEGABYTE, megapixels=limit // _MILLION
    )  # fmt: skip
