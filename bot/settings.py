"""Cài đặt: what this machine is told through its environment or a `.env` file, checked before anything starts."""

import os
import re
import secrets
import unicodedata
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import unquote, urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from models.errors import NotReadyError
from models.terms import BeforeReading
from seed_plans import FOLDER

if TYPE_CHECKING:
    from planner.workdays import WorkCalendar

DEFAULT_DATABASE = "sqlite:///var/dondoc.db"
KEY_FILE = Path("var/secret.key")
SHORTEST_SECRET = 16
LONGEST_ADDRESS_FORM = 20

_DATABASE = re.compile(r"(?:sqlite(?:\+aiosqlite)?:///(?!:memory:)[^?].*|postgresql(?:\+asyncpg)?://.+)")
_BOT_TOKEN = re.compile(r"[0-9]{1,20}:[A-Za-z0-9_-]+")
_WEBHOOK_SECRET = re.compile(r"[A-Za-z0-9_-]{16,256}")
_ZALO_TOKEN = re.compile(r"[A-Za-z0-9:._~-]{16,256}")


class LogFormat(StrEnum):
    """Dạng nhật ký: lines for people, or one JSON object a line for collectors."""

    PLAIN = "plain"
    JSON = "json"


class LogLevel(StrEnum):
    """Mức nhật ký."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class SettingsError(NotReadyError):
    """Cài đặt sai: one Vietnamese sentence for each, naming the variable and never its value."""

    code = "settings"

    def __init__(self, sentences: list[str]) -> None:
        super().__init__("\n".join(sentences))
        self.sentences = sentences


SENTENCES: Mapping[str, str] = {
    "database_url": "DATABASE_URL phải là sqlite:///đường/dẫn/tới/tệp.db hoặc postgresql://người-dùng@máy/tên.",
    "telegram_bot_token": "TELEGRAM_BOT_TOKEN không đúng dạng: chép lại nguyên văn mã mà @BotFather đã cấp.",
    "telegram_api_base": "TELEGRAM_API_BASE phải là địa chỉ http:// hoặc https:// của máy chủ Bot API.",
    "telegram_proxy": "TELEGRAM_PROXY phải là địa chỉ http:// hoặc https:// của máy trung gian.",
    "telegram_webhook_url": "TELEGRAM_WEBHOOK_URL phải là địa chỉ https:// mà Telegram gọi tới được.",
    "telegram_webhook_secret": (
        "TELEGRAM_WEBHOOK_SECRET phải có khi đặt TELEGRAM_WEBHOOK_URL, "
        "gồm 16 đến 256 ký tự trong A-Z, a-z, 0-9, gạch dưới, gạch ngang."
    ),
    "zalo_bot_token": (
        "ZALO_BOT_TOKEN không đúng dạng: chép lại nguyên văn mã mà Zalo Bot Manager đã gửi; nhiều bot thì cách nhau "
        "bằng dấu phẩy, mỗi bot một mã."
    ),
    "zalo_api_base": "ZALO_API_BASE phải là địa chỉ http:// hoặc https:// của máy chủ Zalo Bot.",
    "zalo_proxy": "ZALO_PROXY phải là địa chỉ http:// hoặc https:// của máy trung gian.",
    "zalo_webhook_url": "ZALO_WEBHOOK_URL phải là địa chỉ https:// mà Zalo gọi tới được.",
    "zalo_webhook_secret": (
        "ZALO_WEBHOOK_SECRET phải có khi đặt ZALO_WEBHOOK_URL, "
        "gồm 16 đến 256 ký tự trong A-Z, a-z, 0-9, gạch dưới, gạch ngang."
    ),
    "zalo_public_url": "ZALO_PUBLIC_URL phải là địa chỉ https:// của máy này mà Zalo tới lấy ảnh được.",
    "zalo_oa_app_id": "ZALO_OA_APP_ID phải là dãy số của ứng dụng trên trang Zalo for Developers.",
    "zalo_oa_app_secret": "ZALO_OA_APP_SECRET phải có khi đặt ZALO_OA_APP_ID: chép khóa bí mật của ứng dụng.",
    "zalo_oa_key": "ZALO_OA_KEY phải có khi đặt ZALO_OA_APP_ID: chép khóa bí mật của Official Account, phần Webhook.",
    "zalo_oa_public_url": (
        "ZALO_OA_PUBLIC_URL phải có khi đặt ZALO_OA_APP_ID, là địa chỉ https:// của máy này mà Zalo gọi tới được."
    ),
    "zalo_oa_api_base": "ZALO_OA_API_BASE phải là địa chỉ http:// hoặc https:// của máy chủ OA.",
    "zalo_oa_auth_base": "ZALO_OA_AUTH_BASE phải là địa chỉ http:// hoặc https:// của máy chủ cấp phép OA.",
    "zalo_oa_may_bill": "ZALO_OA_MAY_BILL phải là true (được gửi tin có tính phí) hoặc false.",
    "http_host": "HTTP_HOST phải là tên hoặc địa chỉ của máy này, ví dụ 127.0.0.1.",
    "http_port": "HTTP_PORT phải là một số từ 0 đến 65535, ví dụ 8080.",
    "public_url": (
        "PUBLIC_URL phải là địa chỉ https:// mà người dùng mở được trang của máy này (http:// chỉ khi là localhost), "
        "và cần HTTP_PORT khác 0."
    ),
    "before_reading": 'BEFORE_READING phải là strict ("trước ngày" không tính ngày ấy) hoặc lenient (tính cả ngày ấy).',
    "address_form": f"ADDRESS_FORM phải là cách xưng hô, 1 đến {LONGEST_ADDRESS_FORM} ký tự, ví dụ Anh/Chị.",
    "calendar_file": "CALENDAR_FILE phải là đường dẫn tới tệp lịch làm việc.",
    "evidence_folder": "EVIDENCE_FOLDER phải là đường dẫn tới thư mục cất minh chứng.",
    "secret_key": f"SECRET_KEY phải có ít nhất {SHORTEST_SECRET} ký tự, và phải đặt khi dùng ZALO_OA_APP_ID.",
    "log_level": "LOG_LEVEL phải là debug, info, warning hoặc error.",
    "log_format": "LOG_FORMAT phải là plain hoặc json.",
}
"""What a wrong value is answered with; the value itself may be a secret in the wrong place, so it is never shown."""


def _database_url(url: str) -> str:
    # what some hosts still hand out; SQLAlchemy knows the long name only
    url = re.sub(r"^postgres://", "postgresql://", url)
    return _demand(url, is_fine=bool(_DATABASE.fullmatch(url)))


def _web_address(url: str) -> str:
    parts = urlsplit(url)
    return _demand(url, is_fine=parts.scheme in {"http", "https"} and bool(parts.hostname))


def _demand(value: str, *, is_fine: bool) -> str:
    if not is_fine:
        raise ValueError
    return value


def _lower(value: object) -> object:
    return value.strip().lower() if isinstance(value, str) else value


WebAddress = Annotated[str, AfterValidator(_web_address)]


class Settings(BaseSettings):
    """Cài đặt. A variable left empty counts as not set; names carry no prefix (see .env.example)."""

    model_config = SettingsConfigDict(
        env_file=".env", env_file_encoding="utf-8-sig", env_ignore_empty=True, extra="ignore", frozen=True
    )

    # not shown: the address of a database or of a proxy may hold a password
    database_url: Annotated[str, AfterValidator(_database_url)] = Field(default=DEFAULT_DATABASE, repr=False)
    telegram_bot_token: SecretStr | None = None
    telegram_api_base: WebAddress | None = None
    telegram_proxy: WebAddress | None = Field(default=None, repr=False)
    telegram_webhook_url: WebAddress | None = None
    telegram_webhook_secret: SecretStr | None = Field(default=None, validate_default=True)
    zalo_bot_token: SecretStr | None = None
    zalo_api_base: WebAddress | None = None
    zalo_proxy: WebAddress | None = Field(default=None, repr=False)
    zalo_webhook_url: WebAddress | None = None
    zalo_webhook_secret: SecretStr | None = Field(default=None, validate_default=True)
    zalo_public_url: WebAddress | None = None
    zalo_oa_app_id: Annotated[str, Field(pattern=r"^[0-9]{1,40}$")] | None = None
    zalo_oa_api_base: WebAddress | None = None
    zalo_oa_auth_base: WebAddress | None = None
    zalo_oa_app_secret: SecretStr | None = Field(default=None, validate_default=True)
    zalo_oa_key: SecretStr | None = Field(default=None, validate_default=True)
    zalo_oa_public_url: WebAddress | None = Field(default=None, validate_default=True)
    zalo_oa_may_bill: bool = False
    http_host: Annotated[str, Field(pattern=r"^[A-Za-z0-9.:_-]+$")] = "127.0.0.1"
    http_port: Annotated[int, Field(ge=0, le=65535)] = 8080
    public_url: WebAddress | None = None
    before_reading: Annotated[BeforeReading, BeforeValidator(_lower)] = BeforeReading.STRICT
    address_form: Annotated[str, Field(min_length=1, max_length=LONGEST_ADDRESS_FORM)] = "Anh/Chị"
    calendar_file: Path = FOLDER / "calendar.yaml"
    evidence_folder: Path = Path("var/evidence")
    secret_key: SecretStr | None = Field(default=None, validate_default=True)
    log_level: Annotated[LogLevel, BeforeValidator(_lower)] = LogLevel.INFO
    log_format: Annotated[LogFormat, BeforeValidator(_lower)] = LogFormat.PLAIN

    @field_validator("telegram_bot_token")
    @classmethod
    def _is_token(cls, token: SecretStr | None) -> SecretStr | None:
        if token is not None:
            _demand("", is_fine=bool(_BOT_TOKEN.fullmatch(token.get_secret_value())))
        return token

    @field_validator("telegram_webhook_url")
    @classmethod
    def _is_reachable_by_telegram(cls, url: str | None, info: ValidationInfo) -> str | None:
        # a Bot API server of one's own may call over plain http; Telegram itself never does
        own_server = info.data.get("telegram_api_base") is not None
        return url if url is None else _demand(url, is_fine=own_server or url.startswith("https://"))

    @field_validator("telegram_webhook_secret")
    @classmethod
    def _guards_the_webhook(cls, secret: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        return cls._guarding(secret, is_needed=info.data.get("telegram_webhook_url") is not None)

    @staticmethod
    def _guarding(secret: SecretStr | None, *, is_needed: bool) -> SecretStr | None:
        if secret is not None:
            _demand("", is_fine=bool(_WEBHOOK_SECRET.fullmatch(secret.get_secret_value())))
        _demand("", is_fine=secret is not None or not is_needed)
        return secret

    @field_validator("zalo_bot_token")
    @classmethod
    def _are_tokens(cls, tokens: SecretStr | None) -> SecretStr | None:
        if tokens is not None:
            each = split_tokens(tokens)
            _demand("", is_fine=bool(each) and all(map(_ZALO_TOKEN.fullmatch, each)) and len(set(each)) == len(each))
        return tokens

    @field_validator("zalo_webhook_url", "zalo_public_url")
    @classmethod
    def _is_reachable_by_zalo(cls, url: str | None, info: ValidationInfo) -> str | None:
        own_server = info.data.get("zalo_api_base") is not None
        return url if url is None else _demand(url, is_fine=own_server or url.startswith("https://"))

    @field_validator("zalo_webhook_secret")
    @classmethod
    def _guards_the_zalo_webhook(cls, secret: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        return cls._guarding(secret, is_needed=info.data.get("zalo_webhook_url") is not None)

    @field_validator("zalo_oa_app_secret", "zalo_oa_key")
    @classmethod
    def _belongs_to_the_oa(cls, secret: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        _demand("", is_fine=secret is not None or info.data.get("zalo_oa_app_id") is None)
        return secret

    @field_validator("zalo_oa_public_url")
    @classmethod
    def _is_reachable_by_the_oa(cls, url: str | None, info: ValidationInfo) -> str | None:
        _demand("", is_fine=url is not None or info.data.get("zalo_oa_app_id") is None)
        own_server = info.data.get("zalo_oa_api_base") is not None
        return url if url is None else _demand(url, is_fine=own_server or url.startswith("https://"))

    @field_validator("public_url")
    @classmethod
    def _is_reachable_by_people(cls, url: str | None, info: ValidationInfo) -> str | None:
        if url is None:
            return None
        parts = urlsplit(url)
        is_safe = parts.scheme == "https" or parts.hostname in {"localhost", "127.0.0.1", "::1"}
        is_bare = not (parts.query or parts.fragment or parts.username or parts.password)
        return _demand(url, is_fine=is_safe and is_bare and bool(info.data.get("http_port")))

    @field_validator("secret_key")
    @classmethod
    def _is_long(cls, key: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        if key is not None:
            _demand("", is_fine=len(key.get_secret_value()) >= SHORTEST_SECRET)
        # what is sealed with it must not lie beside the database, as a key file would
        _demand("", is_fine=key is not None or info.data.get("zalo_oa_app_id") is None)
        return key

    @field_validator("address_form")
    @classmethod
    def _is_one_line(cls, form: str) -> str:
        form = unicodedata.normalize("NFC", form).strip()
        return _demand(form, is_fine=bool(form) and form.isprintable())

    @property
    def uses_webhook(self) -> bool:
        """Telegram calls us; otherwise we ask it (long polling)."""
        return self.telegram_webhook_url is not None

    @property
    def zalo_tokens(self) -> tuple[str, ...]:
        """One for each Zalo bot, in the order they were named."""
        return split_tokens(self.zalo_bot_token) if self.zalo_bot_token is not None else ()


def split_tokens(tokens: SecretStr) -> tuple[str, ...]:
    return tuple(each for each in (part.strip() for part in tokens.get_secret_value().split(",")) if each)


def load_settings() -> Settings:
    """Read the environment and `.env`; raises SettingsError with every problem at once."""
    problem: SettingsError
    try:
        return Settings()
    except ValidationError as error:
        fields = dict.fromkeys(str(each["loc"][0]) for each in error.errors(include_input=False, include_context=False))
        problem = SettingsError([_sentence(name.lower()) for name in fields])
    except UnicodeDecodeError:
        problem = SettingsError(["Tệp .env phải ghi bằng UTF-8: lưu lại tệp với bảng mã ấy."])
    except OSError as error:
        problem = SettingsError([f"Không đọc được tệp .env: {error.strerror}."])
    raise problem  # outside the except clause: the cause shows the values it was given


def _sentence(name: str) -> str:
    return SENTENCES.get(name, f"{name.upper()} có giá trị không dùng được: xem .env.example.")


def work_calendar(settings: Settings) -> "WorkCalendar":
    """The working calendar of the organisation; raises FileProblemsError or SettingsError."""
    from planner.workdays import WorkCalendar, parse_overrides

    path = settings.calendar_file
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise SettingsError([f"Tệp lịch {path.name} phải ghi bằng UTF-8 (CALENDAR_FILE)."]) from error
    except OSError as error:
        raise SettingsError(["Không đọc được tệp lịch làm việc: xem lại CALENDAR_FILE."]) from error
    return WorkCalendar(parse_overrides(text, file=path.name))


def invite_key(settings: Settings, *, key_file: Path = KEY_FILE) -> bytes:
    """The key of invite hashes: SECRET_KEY, or the one in `key_file`, which is made at the first question (0600).

    Several machines on one database must be given the same SECRET_KEY; a file would give each its own.
    """
    if settings.secret_key is not None:
        return settings.secret_key.get_secret_value().encode()
    try:
        key = _read_key(key_file) or _make_key(key_file)
    except OSError as error:
        raise SettingsError([f"Không đọc hay tạo được tệp khóa {key_file.name}: đặt SECRET_KEY."]) from error
    if len(key) < SHORTEST_SECRET:
        raise SettingsError(
            [f"Tệp khóa {key_file.name} bị hỏng: khôi phục từ bản sao lưu, hoặc xóa đi để tạo khóa mới."]
        )
    return key


def _read_key(key_file: Path) -> bytes | None:
    try:
        return key_file.read_bytes().strip()
    except FileNotFoundError:
        return None


def _make_key(key_file: Path) -> bytes:
    """Written whole under another name, then linked: of several processes one makes the key and all read the same."""
    key_file.parent.mkdir(parents=True, exist_ok=True)
    draft = key_file.with_name(f"{key_file.name}.{secrets.token_hex(8)}")
    with open(draft, "xb", opener=_private) as file:
        file.write(f"{secrets.token_hex(32)}\n".encode())
    try:
        os.link(draft, key_file)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return _read_key(key_file) or b""


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def secret_values(settings: Settings) -> list[str]:
    """Every secret in use, for the log to leave out."""
    held = (
        settings.telegram_bot_token,
        settings.telegram_webhook_secret,
        settings.zalo_webhook_secret,
        settings.zalo_oa_app_secret,
        settings.zalo_oa_key,
        settings.secret_key,
    )
    addresses = (settings.database_url, settings.telegram_proxy or "", settings.zalo_proxy or "")
    known = [each.get_secret_value() for each in held if each is not None]
    known += [*settings.zalo_tokens, *filter(None, map(_password, addresses))]
    return list(dict.fromkeys([*known, *map(unquote, known)]))


def _password(url: str) -> str | None:
    try:
        return urlsplit(url).password
    except ValueError:  # half of an IPv6 address
        return None
