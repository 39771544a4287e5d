"""The top of the command line: usage errors in Vietnamese, one sentence for each failure, exit codes kept.

The base classes are Typer's; errors of its parser are told by the name of their class, because where those classes
live (click, or a copy inside typer) changes with its version.
"""

import re
import sys
import traceback
from collections.abc import Sequence
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from bot.command_line.console import ReaderGoneError, drop_output, flush, tell
from bot.command_line.errors import BAD_INPUT, INTERRUPTED, exit_code_of, sentences_of
from models.errors import NotReadyError

DEBUG = "--debug"
HELP_TITLES = {
    "ARGUMENTS_PANEL_TITLE": "Tham số",
    "OPTIONS_PANEL_TITLE": "Tùy chọn",
    "COMMANDS_PANEL_TITLE": "Lệnh",
    "DEFAULT_STRING": "[mặc định: {}]",
    "REQUIRED_LONG_STRING": "[bắt buộc]",
}


class Command(TyperCommand):
    """Một lệnh, with its help in Vietnamese."""

    def get_help_option(self, ctx: Any) -> Any:
        return _vietnamese_help(super().get_help_option(ctx))

    def format_help(self, ctx: Any, formatter: Any) -> None:
        _translate_titles()
        super().format_help(ctx, formatter)


class Group(TyperGroup):
    """Một nhóm lệnh."""

    def get_help_option(self, ctx: Any) -> Any:
        return _vietnamese_help(super().get_help_option(ctx))

    def format_help(self, ctx: Any, formatter: Any) -> None:
        _translate_titles()
        super().format_help(ctx, formatter)


class CommandLine(Group):
    """Cả dòng lệnh: runs one command and turns whatever comes out of it into an exit code."""

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,  # noqa: FBT001, FBT002 -- Typer's signature
        windows_expand_args: bool = True,  # noqa: FBT001, FBT002 -- Typer's signature
        **extra: Any,
    ) -> Any:
        words, is_debugging = _without_debug(list(sys.argv[1:] if args is None else args))
        try:
            code = super().main(words, prog_name, complete_var, False, windows_expand_args, **extra)
            flush()
        except ReaderGoneError:
            drop_output()
            code = 0
        except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 -- the last place that can say what happened
            code = _report(error, is_debugging=is_debugging)
        code = code if isinstance(code, int) else 0
        if standalone_mode:
            sys.exit(code)
        return code

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except BrokenPipeError as error:
            # a database that hung up; Typer would take it for the reader of our output and end without a word
            raise NotReadyError("Kết nối bị ngắt giữa chừng: xem lại máy chủ rồi chạy lại.") from error


def make_app(help_text: str, *, cls: type[TyperGroup] = Group) -> typer.Typer:
    """An empty group of commands in the manner of the house."""
    return typer.Typer(
        cls=cls,
        help=help_text,
        options_metavar="[TÙY CHỌN]",
        subcommand_metavar="LỆNH…",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
    )


def _without_debug(words: list[str]) -> tuple[list[str], bool]:
    """--debug counts wherever it stands, up to a bare --."""
    own = words.index("--") if "--" in words else len(words)
    return [*(word for word in words[:own] if word != DEBUG), *words[own:]], DEBUG in words[:own]


def _report(error: BaseException, *, is_debugging: bool) -> int:
    if isinstance(error, KeyboardInterrupt):
        return INTERRUPTED
    names = {each.__name__ for each in type(error).__mro__}
    if "Abort" in names:
        return INTERRUPTED
    if "NoArgsIsHelpError" in names:
        _show_help(error)
        return BAD_INPUT
    if "ClickException" in names:
        tell(_usage_sentence(error, names))
        return BAD_INPUT
    assert isinstance(error, Exception)
    if is_debugging:
        _show_traceback(error)
    for sentence in sentences_of(error):
        tell(sentence)
    return exit_code_of(error)


def _show_traceback(error: Exception) -> None:
    from bot.logs import Redactor
    from bot.settings import SettingsError, load_settings, secret_values

    try:
        secrets = secret_values(load_settings())
    except SettingsError:
        secrets = []
    tell(Redactor(secrets).redact("".join(traceback.format_exception(error))).rstrip())


def _show_help(error: Any) -> None:
    """What Typer would have shown; its words are printed while it is asked for them, or handed over."""
    if words := error.format_message().strip():
        tell(words)


def _translate_titles() -> None:
    from typer import rich_utils  # slow to load, and needed only where help is shown

    for name, title in HELP_TITLES.items():
        setattr(rich_utils, name, title)


def _vietnamese_help(option: Any) -> Any:
    if option is not None:
        option.help = "Xem cách dùng rồi thoát."
    return option


def _usage_sentence(error: Any, names: set[str]) -> str:
    sentence = _what_is_wrong(error, names)
    context = getattr(error, "ctx", None)
    return f"{sentence} Xem {context.command_path} --help." if context is not None else sentence


def _what_is_wrong(error: Any, names: set[str]) -> str:
    if "NoSuchOption" in names:
        near = f" Có phải: {', '.join(sorted(error.possibilities))}?" if error.possibilities else ""
        return f"Không có tùy chọn {error.option_name}.{near}"
    if "MissingParameter" in names:
        return f"Thiếu {_name(error)}."
    if "BadParameter" in names:
        return f"Giá trị của {_name(error)} không dùng được{_what_is_wanted(error)}."
    message = str(error.format_message())
    for pattern, sentence in _SENTENCES:
        if found := re.search(pattern, message, re.DOTALL):
            return sentence.format(*found.groups())
    return message


def _name(error: Any) -> str:
    parameter = getattr(error, "param", None)
    if parameter is None:
        return str(getattr(error, "param_hint", None) or "một tham số")
    if getattr(parameter, "param_type_name", "") == "option":
        return " / ".join(parameter.opts)
    return str(parameter.metavar or parameter.name.upper())


def _what_is_wanted(error: Any) -> str:
    message = str(getattr(error, "message", ""))
    return next((wanted for pattern, wanted in _WANTED if re.search(pattern, message)), "")


_SENTENCES = (
    (
        r"No such command ['\"]?(.*?)['\"]?\.(?:.*Did you mean ['\"]?(.*?)['\"]?\?.*)",
        "Không có lệnh {0}. Có phải: {1}?",
    ),
    (r"No such command ['\"]?(.*?)['\"]?\.", "Không có lệnh {0}."),
    (r"unexpected extra arguments?(?:\(s\))? \((.*)\)", "Thừa: {0}. Câu có dấu cách cần đặt trong ngoặc kép."),
    (r"Missing command", "Thiếu lệnh con."),
    (r"Option ['\"]?(\S+?)['\"]? requires", "Tùy chọn {0} cần một giá trị."),
    (r"Option ['\"]?(\S+?)['\"]? does not take", "Tùy chọn {0} không nhận giá trị."),
)
"""What the parser says in English, and what we say."""

_WANTED = (
    (r"in the range|(?:greater|less) than", ": số nằm ngoài khoảng cho phép"),
    (r"valid int", ": cần một số nguyên"),
    (r"valid bool", ": cần có hoặc không"),
    (r"does not exist", ": không có tệp hoặc thư mục này"),
    (r"is not one of", ": không nằm trong các giá trị cho phép"),
)
