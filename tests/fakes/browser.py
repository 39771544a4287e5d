"""A real browser over the local page: the page as a person has it before them."""

import contextlib
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
CHROMEDRIVER = shutil.which("chromedriver")
ARGUMENTS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-proxy-server",
)
PHONE = (390, 844)
TABLET = (1024, 768)
DESK = (1440, 900)

HAS_BROWSER = bool(CHROMIUM and CHROMEDRIVER)
WITHOUT_BROWSER = "needs chromium and chromedriver (Debian: chromium, chromium-driver)"


@contextlib.contextmanager
def open_browser(folder: Path) -> Iterator[webdriver.Chrome]:
    """A fresh profile in `folder`; closed at the end whatever happened."""
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM or ""
    for argument in (*ARGUMENTS, f"--user-data-dir={folder}"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(CHROMEDRIVER))
    try:
        yield driver
    finally:
        driver.quit()


def await_server(address: str) -> None:
    for _ in range(400):
        try:
            httpx.get(f"{address}healthz", trust_env=False).raise_for_status()
        except httpx.TransportError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError("the page did not answer in 20 s")


class Page:
    """The page as a person has it before them."""

    def __init__(self, browser: webdriver.Chrome, address: str) -> None:
        self.browser = browser
        self.address = address

    def open(self, size: tuple[int, int], *, is_dark: bool = False) -> None:
        width, height = size
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 720}
        self.browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
        self.browser.execute_cdp_cmd("Emulation.setTouchEmulationEnabled", {"enabled": width < 720})
        features = [
            {"name": "prefers-color-scheme", "value": "dark" if is_dark else "light"},
            {"name": "prefers-reduced-motion", "value": "reduce"},  # a message fading in has no visible text yet
        ]
        self.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
        self.browser.get(self.address)
        self.until(lambda: len(self.all(".chat")) > 3 and self.time.startswith("thứ"))

    def until(self, is_so: Callable[[], object]) -> None:
        WebDriverWait(self.browser, 10, poll_frequency=0.05).until(lambda _: is_so())

    def one(self, selector: str) -> WebElement:
        return self.browser.find_element(By.CSS_SELECTOR, selector)

    def all(self, selector: str) -> list[WebElement]:
        return self.browser.find_elements(By.CSS_SELECTOR, selector)

    @property
    def time(self) -> str:
        return self.one("#now").text

    def said(self, chat: str) -> list[str]:
        return [bubble.text for bubble in self.all(f"#chat-{chat} .message .text")]

    def say(self, chat: str, text: str) -> None:
        self.one(f"#chat-{chat} textarea").send_keys(text, Keys.ENTER)

    def tap(self, chat: str, label: str) -> None:
        keys = [key for key in self.all(f"#chat-{chat} .key") if key.text == label]
        keys[-1].click()

    def press(self, selector: str) -> None:
        """One button of the clock, until the clock stands again."""
        self.one(selector).click()
        self.until(lambda: self.one("#bar").get_attribute("aria-busy") == "false")

    def to_next(self, times: int = 1) -> None:
        for _ in range(times):
            self.press("[data-to=next]")

    def swipe_left(self) -> None:
        self.touch("touchStart", 330)
        for x in range(310, 30, -20):
            self.touch("touchMove", x)
            time.sleep(0.016)  # a finger's pace: one frame
        self.touch("touchEnd")

    def touch(self, kind: str, x: int | None = None) -> None:
        points = [] if x is None else [{"x": x, "y": 500}]
        self.browser.execute_cdp_cmd("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    def badge(self, chat: str) -> str:
        return self.one(f"#chat-{chat} .badge").text

    def count(self, chat: str) -> str:
        return self.one(f".tab[data-chat='{chat}'] .count").text

    def sidewards(self) -> list[str]:
        """What sticks out of its box or of the window; the row of chats alone may be scrolled sidewards."""
        return self.browser.execute_script(
            """
            const boxes = ".bar, .steps button, .tab, .guide, .chat-head, .log, .bubble, .key, .composer, .chip";
            const out = [...document.querySelectorAll(boxes)].filter((box) => box.offsetParent)
              .filter((box) => box.scrollWidth > box.clientWidth + 1).map((box) => box.className);
            if (document.documentElement.scrollWidth > innerWidth) out.push("window");
            return out;
            """
        )

    def complaints(self) -> list[str]:
        """What the browser's console complained of, refusals of the server apart: they are meant."""
        entries = self.browser.get_log("browser")
        return [entry["message"] for entry in entries if "Failed to load resource" not in entry["message"]]
