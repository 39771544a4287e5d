"""The demo as a newcomer sees it: the real engine, a real browser, from the first nudge to nothing overdue."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium import webdriver

from tests.fakes.browser import DESK, HAS_BROWSER, WITHOUT_BROWSER, Page, await_server, open_browser

ROOT = Path(__file__).parents[2]
COORDINATOR, JUSTICE, COMMUNE, OFFICE = "coordinator", "justice", "commune", "office"

pytestmark = pytest.mark.skipif(not HAS_BROWSER, reason=WITHOUT_BROWSER)


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """`dondoc demo` as a process, in an empty folder with an empty environment."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    command = [sys.executable, "-m", "bot", "demo", "--no-browser", "--port", str(port)]
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "PYTHONPATH": str(ROOT)}
    with (tmp_path / "demo.log").open("wb") as log:
        server = subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=log, stderr=log)  # noqa: S603
    address = f"http://127.0.0.1:{port}/"
    try:
        await_server(address)
        yield address
    finally:
        server.terminate()
        assert server.wait(15) == 0, (tmp_path / "demo.log").read_text()


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[webdriver.Chrome]:
    with open_browser(tmp_path / "profile") as driver:
        yield driver


@pytest.fixture
def page(browser: webdriver.Chrome, address: str) -> Page:
    shown = Page(browser, address)
    shown.open(DESK)
    return shown


def to_day(page: Page, day: str) -> None:
    page.browser.execute_async_script(
        """
        const [day, done] = arguments;
        fetch("/api/clock", {method: "POST", headers: {"content-type": "application/json"},
          body: JSON.stringify({to: day})}).then(() => done());
        """,
        day,
    )
    written = f"{day[8:]}/{day[5:7]}/{day[:4]}"
    page.until(lambda: written in page.time)


def answered(page: Page, chat: str, text: str) -> str:
    """Say it, and wait for what comes back."""
    before = len(page.said(chat))
    page.say(chat, text)
    page.until(lambda: len(page.said(chat)) >= before + 2)
    return page.said(chat)[-1]


def test_from_the_first_nudge_to_nothing_overdue(page: Page):
    page.browser.set_script_timeout(60)
    page.to_next()
    assert page.time == "thứ Tư 23/10/2024 · 08:00"
    first = page.said(JUSTICE)[0]
    assert first.startswith("Sở Tư pháp · thứ Tư 23/10/2024: 5 việc mới được giao")
    assert "trước 01/11 (hết thứ Năm 31/10)" in first
    assert "trước 05/11 (hết thứ Hai 04/11)" in first
    assert "trước 10/11 (hết thứ Bảy 09/11)" in first
    assert "trước 15/11 (hết thứ Năm 14/11)" in answered(page, COORDINATOR, "xem 13")
    assert "trước 20/11 (hết thứ Ba 19/11)" in page.said(OFFICE)[0]
    assert page.said(COMMUNE)[0].startswith("Việc mới: 39 · ")

    page.tap(COMMUNE, "Đã xong")
    page.until(lambda: page.said(COMMUNE)[-1].startswith("Đã ghi: 39 · "))
    assert answered(page, JUSTICE, "1 xong").startswith("Đã ghi: 1 · ")

    to_day(page, "2024-11-06")
    overdue = answered(page, COORDINATOR, "quá hạn")
    assert "Tổng 217: xong đúng hạn 2 · xong quá hạn 0 · trong hạn 36 · 🔴 quá hạn 179" in overdue
    assert "Sở Tư pháp: 2, 3 · trễ 6 ngày (4 ngày làm việc)" in overdue
    late = answered(page, COORDINATOR, "quahan Sở Tư pháp")
    assert late.startswith("Sở Tư pháp: 🔴 3 việc quá hạn")

    for number in (2, 3, 39):
        assert f"Đã ghi: {number} · " in answered(page, JUSTICE, f"{number} xong")
    assert answered(page, JUSTICE, "quá hạn").startswith("Không có việc nào quá hạn")
    nothing = answered(page, COORDINATOR, "quahan Sở Tư pháp")
    assert nothing == "Sở Tư pháp: không có việc quá hạn, tính đến 08:00 ngày 06/11/2024"
    assert "xong quá hạn 3" in answered(page, COORDINATOR, "quá hạn")
    assert page.complaints() == []
