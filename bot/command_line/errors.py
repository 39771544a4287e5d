"""What went wrong, as one Vietnamese sentence and an exit code: 2 for what was given to us, 1 for our own fault."""

import errno
import socket
import sqlite3
from collections.abc import Collection

from models.errors import (
    DondocError,
    FileProblemsError,
    InputError,
    InviteError,
    NotReadyError,
    SecretLetterError,
    UnknownError,
    UnreadableFileError,
)

OUR_FAULT = 1
BAD_INPUT = 2
INTERRUPTED = 130

WHAT_WORDS = {"unit": "đơn vị", "plan": "kế hoạch", "person": "người", "task": "nhiệm vụ"}


class CommandError(InputError):
    """Lệnh không dùng được: `str()` is the whole sentence to show."""

    code = "command"


def unknown(what: str, key: str, known: Collection[str] = ()) -> CommandError:
    """No such unit, plan or person, with the nearest that there are."""
    from planner.file_section import suggestion

    return CommandError(f"Không có {WHAT_WORDS[what]} nào là “{key}”.{suggestion(key, list(known))}")


def exit_code_of(error: BaseException) -> int:
    """2 where giving something else would help, 1 where it would not."""
    from bot.settings import SettingsError

    if isinstance(error, KeyboardInterrupt):
        return INTERRUPTED
    return BAD_INPUT if isinstance(error, (InputError, SettingsError)) else OUR_FAULT


def sentences_of(error: Exception) -> list[str]:
    """One sentence; for the problems of a file one for each."""
    if isinstance(error, FileProblemsError):
        return [str(problem) for problem in error.problems]
    if isinstance(error, UnknownError):
        return [f"Không có {WHAT_WORDS.get(error.what, error.what)} nào là “{error.key}”."]
    if isinstance(error, InviteError):
        return ["Mã mời này không dùng được nữa: tạo mã mới bằng dondoc people invite."]
    if isinstance(error, (CommandError, NotReadyError)):
        return str(error).splitlines()
    if isinstance(error, DondocError):
        return [_of_ours(error)]
    return [_of_machine(error)]


def _of_ours(error: DondocError) -> str:
    if isinstance(error, UnreadableFileError):
        from bot.opening.words import sentence_of

        return sentence_of(error)
    if isinstance(error, SecretLetterError):
        return f"Văn bản đóng dấu {error.level}: không đọc, không lưu ở đây; xin xử lý theo quy định bảo mật."
    return f"Không thực hiện được ({error.code})."


def _of_machine(error: Exception) -> str:
    """Files, disk, database: told by kind, because their own words may hold addresses and passwords."""
    cause: BaseException | None = error
    while cause is not None:
        if _is_of_database(cause):
            return _of_database(cause)
        cause = cause.__cause__ or getattr(cause, "orig", None)
    if isinstance(error, OSError) and error.filename is not None:
        return f"Không đọc hay ghi được {error.filename}: {why(error)}."
    if isinstance(error, (ConnectionError, TimeoutError, socket.gaierror)):
        return "Không nối được tới máy chủ: xem lại mạng và địa chỉ trong DATABASE_URL."
    if isinstance(error, OSError):
        return f"Máy báo lỗi: {why(error)}."
    return (
        f"Lỗi của chương trình ({type(error).__name__}). Chạy lại với --debug để xem chi tiết và báo lại cho chúng tôi."
    )


def why(error: OSError) -> str:
    """What the system said, in Vietnamese where it is something people meet."""
    return _SYSTEM_WORDS.get(error.errno or 0) or error.strerror or type(error).__name__


_SYSTEM_WORDS = {
    errno.ENOENT: "không có tệp hay thư mục này",
    errno.EACCES: "không có quyền",
    errno.EPERM: "không có quyền",
    errno.EROFS: "đĩa chỉ cho đọc",
    errno.ENOSPC: "đĩa đã đầy",
    errno.EISDIR: "đây là thư mục",
    errno.ENOTDIR: "đường dẫn đi qua một tệp, không phải thư mục",
    errno.EADDRINUSE: "cổng đã có chương trình khác dùng",
    errno.ENAMETOOLONG: "tên quá dài",
    errno.EINVAL: "tên không hợp lệ",
}


def _is_of_database(error: BaseException) -> bool:
    module = type(error).__module__.partition(".")[0]
    return isinstance(error, sqlite3.Error) or module in {"sqlalchemy", "pysqlite3", "asyncpg", "alembic"}


_SAYINGS = (
    ("unable to open database file", "Không mở được tệp cơ sở dữ liệu: xem lại DATABASE_URL và quyền ghi thư mục."),
    ("readonly database", "Tệp cơ sở dữ liệu chỉ cho đọc: xem lại quyền ghi của tệp và thư mục."),
    ("not a database", "Tệp ở DATABASE_URL không phải cơ sở dữ liệu SQLite."),
    ("malformed", "Tệp cơ sở dữ liệu bị hỏng: khôi phục từ bản sao lưu."),
    ("locked", "Cơ sở dữ liệu đang bận quá lâu: thử lại, hoặc xem có tiến trình nào treo."),
    ("disk is full", "Đĩa đã đầy: giải phóng chỗ rồi chạy lại."),
    ("no such table", "Cơ sở dữ liệu chưa có bảng: chạy dondoc db upgrade."),
    ("undefinedtable", "Cơ sở dữ liệu chưa có bảng: chạy dondoc db upgrade."),
    ("password", "Máy chủ PostgreSQL không nhận tên hoặc mật khẩu: xem lại DATABASE_URL."),
    ("invalidcatalogname", "Máy chủ PostgreSQL không có cơ sở dữ liệu này: tạo nó hoặc xem lại DATABASE_URL."),
    ("can't locate revision", "Cơ sở dữ liệu do bản Đôn Đốc mới hơn tạo ra: cập nhật chương trình."),
    ("parse sqlalchemy url", "DATABASE_URL không đúng dạng: xem .env.example."),
)


def _of_database(error: BaseException) -> str:
    said = f"{type(error).__name__} {error}".casefold()
    known = (sentence for words, sentence in _SAYINGS if words in said)
    return next(known, f"Cơ sở dữ liệu báo lỗi ({type(error).__name__}). Chạy dondoc doctor để xem chỗ hỏng.")
