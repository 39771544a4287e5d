"""dondoc run and dondoc demo: the commands that stay until they are told to stop."""

from typing import Annotated

import typer

from bot.command_line.usage import Command
from bot.command_line.workplace import finish, loading
from bot.settings import load_settings

DEMO_PORT = 8765


def add_to(app: typer.Typer) -> None:
    app.command("demo", cls=Command)(demo)
    app.command("run", cls=Command)(run)


def run() -> None:
    """Chạy bot: nhắc việc, nhận câu trả lời, cho đến khi được bảo dừng."""
    with loading():
        from bot.running import run as run_bot

    finish(run_bot(load_settings()))


def demo(
    port: Annotated[
        int, typer.Option("--port", min=0, max=65535, metavar="SỐ", help="Cổng của trang thử.")
    ] = DEMO_PORT,
    *,
    opens_browser: Annotated[
        bool, typer.Option("--browser/--no-browser", help="Tự mở trình duyệt, hay chỉ in địa chỉ.")
    ] = True,
    keep: Annotated[bool, typer.Option("--keep", help="Giữ lại dữ liệu của lần chạy này.")] = False,
) -> None:
    """Mở trang thử: năm cuộc trò chuyện cạnh nhau, trên hệ thống thật, với đồng hồ chỉnh được."""
    from bot.demo import demo as run_demo

    finish(run_demo(load_settings(), port=port, open_browser=opens_browser, keep=keep))
