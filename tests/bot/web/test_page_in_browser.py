"""The page of a letter in a real browser: on a desk and on a phone, by keyboard alone, in the dark, with errors."""

import asyncio
import threading
from collections.abc import Coroutine, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

from bot.serving import listen, serve
from models.clock import SteppedClock
from models.database import open_database
from planner.letters.correct_letter import put_off
from planner.letters.letters import LetterView
from planner.report_progress import Said
from tests.bot.local.test_page_in_browser import contrast
from tests.bot.web.world import World, add_letter, make_world, paper_of
from tests.conftest import copy_of_sqlite
from tests.fakes.browser import HAS_BROWSER, WITHOUT_BROWSER, open_browser

DESK, SMALL_PHONE = (1280, 800), (360, 740)
pytestmark = pytest.mark.skipif(not HAS_BROWSER, reason=WITHOUT_BROWSER)


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    with open_browser(tmp_path_factory.mktemp("browser")) as driver:
        yield driver


class Served:
    """The page over real HTTP, in a thread with a loop of its own; `ask` runs something in that loop."""

    def __init__(self, url: str, clock: SteppedClock) -> None:
        self._url, self._clock = url, clock
        self._ready, self._loop = threading.Event(), asyncio.new_event_loop()
        self._thread = threading.Thread(target=lambda: self._loop.run_until_complete(self._serve()))
        self.world: World

    async def _serve(self) -> None:
        database, listener = open_database(self._url), listen("127.0.0.1", 0)
        base_url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        self.world = await make_world(database, self._clock, base_url=base_url)
        self._stop = asyncio.Event()
        self._ready.set()
        await serve(self.world.app, listener, stop=self._stop)
        await self.world.http.aclose()
        await database.close()

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._ready.wait(30)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(20)
        self._loop.close()

    def ask(self, coroutine: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(20)


class LetterPage:
    """The page as a person has it before them."""

    def __init__(self, browser: webdriver.Chrome, served: Served) -> None:
        self.browser, self.served = browser, served

    def open(self, size: tuple[int, int] = DESK, *, is_dark: bool = False) -> None:
        self.resize(size, is_dark=is_dark)
        self.browser.get(self.served.ask(self.served.world.link()))
        self.one("form button").click()
        self.until(lambda: self.all(".is-live .duty"))

    def resize(self, size: tuple[int, int], *, is_dark: bool = False) -> None:
        width, height = size
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 720}
        self.browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
        features = [
            {"name": "prefers-color-scheme", "value": "dark" if is_dark else "light"},
            {"name": "prefers-reduced-motion", "value": "reduce"},
        ]
        self.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})

    def one(self, selector: str) -> WebElement:
        return self.browser.find_element(By.CSS_SELECTOR, selector)

    def all(self, selector: str) -> list[WebElement]:
        return self.browser.find_elements(By.CSS_SELECTOR, selector)

    def until(self, is_so) -> None:
        WebDriverWait(self.browser, 10, poll_frequency=0.05).until(lambda _: is_so())

    def said(self, words: str) -> None:
        self.until(lambda: words in self.one("#noi").text)

    def box(self, duty: int, name: str) -> WebElement:
        return self.one(f"#viec-{duty} [name={name}]")

    def retype(self, duty: int, name: str, text: str) -> None:
        box = self.box(duty, name)
        box.send_keys(Keys.CONTROL, "a", Keys.NULL, text)

    def slow_line(self, *, latency_ms: int) -> None:
        """Answers come so much later, whatever else the machine has to do."""
        line = {"offline": False, "latency": latency_ms, "downloadThroughput": -1, "uploadThroughput": -1}
        self.browser.execute_cdp_cmd("Network.enable", {})
        self.browser.execute_cdp_cmd("Network.emulateNetworkConditions", line)

    def value(self, selector: str) -> str:
        return str(self.one(selector).get_property("value"))

    def in_view(self, selector: str) -> bool:
        return self.browser.execute_script(
            "const b = document.querySelector(arguments[0]).getBoundingClientRect();"
            "return b.height > 0 && b.top >= 0 && b.bottom <= innerHeight;",
            selector,
        )

    def sidewards(self) -> int:
        return self.browser.execute_script("return document.documentElement.scrollWidth - innerWidth")

    def letter(self) -> LetterView:
        return self.served.ask(self.served.world.letter())

    def complaints(self) -> list[str]:
        said = [entry["message"] for entry in self.browser.get_log("browser")]
        return [each for each in said if "422" not in each and "409" not in each and "403" not in each]


@pytest.fixture(scope="module")
def served(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    clock = SteppedClock(datetime(2024, 10, 23, 1, 0, tzinfo=UTC))
    with Served(copy_of_sqlite(sqlite_template, tmp_path_factory.mktemp("page")), clock) as served:
        yield served


@pytest.fixture
def page(browser: webdriver.Chrome, served: Served) -> Iterator[LetterPage]:
    """A letter of its own for each test."""
    world = served.world
    world.letter_id = served.ask(add_letter(world.database, world.sender, world.clock(), paper_of()))
    shown = LetterPage(browser, served)
    yield shown
    browser.execute_script("for (const form of document.forms) form.className = ''")  # it may ask before leaving
    complaints = shown.complaints()
    browser.get("about:blank")
    assert complaints == []


def test_a_change_is_saved_as_its_box_is_left_and_its_day_is_read_at_once(page: LetterPage):
    page.open()
    page.retype(1, "deadline", "trước 20/11/2024")
    page.box(1, "title").click()
    page.said("Đã lưu việc 1.")
    assert page.one("#viec-1 .reading b").text == "Hạn cuối: thứ Ba 19/11/2024"
    assert page.browser.switch_to.active_element == page.box(1, "title"), "whoever went on typing stays there"
    page.retype(2, "title", "Rà soát quy trình")
    page.browser.switch_to.active_element.send_keys(Keys.ENTER)
    page.said("Đã lưu việc 2.")
    assert page.letter().version == 3


def test_what_was_typed_outlives_an_error_and_the_nearest_unit_mends_it(page: LetterPage):
    page.open()
    page.slow_line(latency_ms=1500)
    page.retype(1, "lead", "Sở Tài chánh Mẫu")
    page.box(1, "title").send_keys(" mới")
    page.said("không có trong danh mục đơn vị")
    page.slow_line(latency_ms=0)
    assert page.value("#viec-1 [name=lead]") == "Sở Tài chánh Mẫu"
    assert page.value("#viec-1 [name=title]").endswith(" mới"), "typed while the answer was on its way"
    assert page.box(1, "lead").get_attribute("aria-invalid") == "true"
    page.one("#viec-1 .complaint [name=chon]").click()
    page.said("Đã lưu việc 1.")
    duty = page.letter().draft.obligations[0]
    assert (duty.lead[0].code, duty.title.endswith(" mới")) == ("T.TP", True)


def test_a_draft_changed_elsewhere_takes_nothing_that_was_typed(page: LetterPage):
    page.open()

    async def elsewhere() -> None:
        world = page.served.world
        async with world.database.write() as session:
            await put_off(session, await world.letter(), "x", said=Said(None, "local", "x", world.clock()))
            await session.commit()

    page.retype(2, "title", "Chưa lưu")
    page.served.ask(elsewhere())
    page.box(1, "deadline").click()  # leaving saves
    page.said("Bản nháp vừa được sửa ở nơi khác")
    assert page.value("#viec-2 [name=title]") == "Chưa lưu"
    page.one("#viec-2 .save").click()
    page.said("Đã lưu việc 2.")
    assert page.letter().draft.obligations[1].title == "Chưa lưu"


@pytest.mark.prove
def test_when_the_line_is_down_the_words_stay_and_can_be_sent_again(page: LetterPage):
    page.open()
    offline = {"offline": True, "latency": 0, "downloadThroughput": 0, "uploadThroughput": 0}
    page.browser.execute_cdp_cmd("Network.enable", {})
    page.browser.execute_cdp_cmd("Network.emulateNetworkConditions", offline)
    page.retype(1, "title", "Tên mới")
    page.box(1, "title").send_keys(Keys.ENTER)
    page.said("mất kết nối")
    assert page.value("#viec-1 [name=title]") == "Tên mới"
    back = offline | {"offline": False, "downloadThroughput": -1, "uploadThroughput": -1}
    page.browser.execute_cdp_cmd("Network.emulateNetworkConditions", back)
    page.one("#viec-1 .save").click()
    page.said("Đã lưu việc 1.")
    page.browser.get_log("browser")  # the browser tells of the line, rightly


def test_a_row_shows_its_words_and_the_words_show_their_row(page: LetterPage):
    page.open()
    page.box(3, "title").click()
    assert page.in_view("#nguon-3")
    assert {quote.get_attribute("data-numbers") for quote in page.all(".quote.is-now")} == {"3"}
    page.one("#nguon-1").click()
    assert page.browser.switch_to.active_element == page.box(1, "title")
    assert "is-now" in str(page.one("#viec-1").get_attribute("class"))


def test_by_keyboard_alone_from_the_link_to_the_work(page: LetterPage):
    page.resize(DESK)
    page.browser.get(page.served.ask(page.served.world.link()))
    keys = page.browser.switch_to
    keys.active_element.send_keys(Keys.TAB)
    keys.active_element.send_keys(Keys.ENTER)
    page.until(lambda: page.all(".is-live .duty"))
    tab_to(page, lambda: keys.active_element.get_attribute("data-step") == "1")
    keys.active_element.send_keys(Keys.ENTER)
    assert "question" in str(keys.active_element.get_attribute("class"))
    tab_to(page, lambda: keys.active_element.text == "Sở Tư pháp Mẫu")
    outline = keys.active_element.value_of_css_property("outline-style")
    assert outline != "none", "where one is can be seen"
    keys.active_element.send_keys(Keys.ENTER)
    page.said("Đã ghi câu trả lời.")
    page.browser.execute_script("document.querySelector('#tinh-hinh .primary').focus()")
    keys.active_element.send_keys(Keys.ENTER)
    page.until(lambda: page.all(".approve"))
    tab_to(page, lambda: keys.active_element.text == "Duyệt và giao việc")
    keys.active_element.send_keys(Keys.ENTER)
    page.until(lambda: "đã duyệt và giao việc" in page.one("h1").text)
    assert page.letter().plan_code is not None


def tab_to(page: LetterPage, is_there) -> None:
    for _ in range(60):
        if is_there():
            return
        page.browser.switch_to.active_element.send_keys(Keys.TAB)
    raise AssertionError("not reached in sixty steps")


@pytest.mark.prove
def test_several_units_in_one_box_are_offered_one_after_the_other(page: LetterPage):
    page.open()
    page.box(1, "lead").send_keys("; Sở")
    assert page.box(1, "lead").get_attribute("list") == "don-vi-tiep"
    offered = [option.get_attribute("value") for option in page.all("#don-vi-tiep option")]
    assert "Sở Tư pháp Mẫu; Sở Y tế Mẫu" in offered


@pytest.mark.prove
def test_a_duty_is_added_and_put_aside_without_leaving_the_page(page: LetterPage):
    page.open()
    page.one("#viec-moi summary").click()
    page.one("#viec-moi [name=title]").send_keys("Niêm yết thủ tục")
    page.one("#viec-moi [name=lead]").send_keys("UBND huyện An Mẫu")
    page.one("#viec-moi .foot .button").click()
    page.said("Đã thêm việc mới")
    assert page.value("#viec-5 [name=title]") == "Niêm yết thủ tục"
    assert page.value("#viec-moi [name=title]") == ""
    page.one("#viec-5 [name=lam]").click()
    page.until(lambda: "is-aside" in str(page.one("#viec-5").get_attribute("class")))
    assert "1 để ngoài" in page.one(".tally").text


@pytest.mark.prove
def test_a_second_press_adds_no_second_duty(page: LetterPage):
    page.open()
    page.one("#viec-moi summary").click()
    page.one("#viec-moi [name=title]").send_keys("Niêm yết thủ tục")
    page.one("#viec-moi [name=lead]").send_keys("UBND huyện An Mẫu")
    page.browser.execute_script(
        "const button = document.querySelector('#viec-moi .foot .button'); button.click(); button.click();"
    )
    page.said("Đã thêm việc mới")
    page.one("#viec-2 [name=lam]").click()  # saved one after the other: once this is kept, so is all before it
    page.until(lambda: page.all("#viec-2.is-aside"))
    assert len(page.letter().draft.obligations) == 5


def test_what_was_just_typed_is_kept_before_the_page_is_left(page: LetterPage):
    page.open()
    page.retype(1, "title", "Tên vừa gõ")
    page.one("#tinh-hinh .primary").click()
    page.until(lambda: page.all(".preview"))
    assert page.letter().draft.obligations[0].title == "Tên vừa gõ"


@pytest.mark.prove
def test_the_heading_follows_the_number(page: LetterPage):
    page.open()
    page.one("#dau-number [name=value]").send_keys(Keys.CONTROL, "a", Keys.NULL, "99/UBND-VX", Keys.ENTER)
    page.until(lambda: page.one("h1").text == "Công văn 99/UBND-VX")


@pytest.mark.prove
def test_a_visit_that_ended_says_how_to_come_back_and_keeps_the_words(page: LetterPage):
    page.open()
    page.served.world.clock.advance(timedelta(hours=9))
    page.retype(1, "title", "Tên mới")
    page.box(1, "title").send_keys(Keys.ENTER)
    page.said("nhắn bot để nhận đường dẫn mới")
    assert page.value("#viec-1 [name=title]") == "Tên mới"


@pytest.mark.parametrize("is_dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("size", [SMALL_PHONE, DESK], ids=["phone", "desk"])
def test_nothing_sticks_out_and_the_words_can_be_read(page: LetterPage, size: tuple[int, int], is_dark: bool):  # noqa: FBT001 -- a case
    page.open(size, is_dark=is_dark)
    assert page.sidewards() <= 0
    if size == SMALL_PHONE:
        page.one("[data-tab=source]").click()
        assert not page.one(".draft").is_displayed()
        assert page.one(".source").is_displayed()
        assert page.sidewards() <= 0
        page.browser.execute_script("document.querySelector('#nguon-3').scrollIntoView({block: 'center'})")
        page.one("#nguon-3").click()
        assert page.one(".draft").is_displayed()
        small = "return [...document.querySelectorAll('.button, .to-source, .tabs a')].filter(b => b.offsetParent)"
        heights = page.browser.execute_script(f"{small}.map(b => b.getBoundingClientRect().height)")
        assert min(heights) >= 44, "a thumb finds it"
    colours = page.browser.execute_script(
        "const style = getComputedStyle(document.documentElement);"
        "return Object.fromEntries(arguments[0].map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));",
        sorted({name for pair in (*WORDS, *EDGES) for name in pair}),
    )
    assert [pair for pair in WORDS if contrast(colours[pair[0]], colours[pair[1]]) < 4.5] == []
    assert [pair for pair in EDGES if contrast(colours[pair[0]], colours[pair[1]]) < 3] == []


WORDS = (
    ("ink", "paper"), ("ink", "panel"), ("ink", "card"), ("ink", "accent-wash"), ("ink", "alert-wash"),
    ("ink", "asked-wash"), ("ink", "quote"), ("ink-soft", "paper"), ("ink-soft", "panel"), ("ink-soft", "card"),
    ("ink-soft", "asked-wash"), ("accent", "paper"), ("accent", "panel"), ("accent", "card"), ("accent", "accent-wash"),
    ("accent-ink", "accent"), ("asked", "asked-wash"), ("asked", "panel"), ("quote-now-ink", "quote-now"),
)  # fmt: skip
EDGES = (
    ("line-strong", "panel"), ("line-strong", "card"), ("asked-line", "card"), ("asked-line", "panel"),
    ("late", "card"), ("accent", "card"),
)  # fmt: skip


def test_every_box_has_a_label(page: LetterPage):
    page.open()
    nameless = page.browser.execute_script(
        "return [...document.querySelectorAll('input:not([type=hidden]), textarea, select')]"
        ".filter(box => !box.labels.length || !box.labels[0].textContent.trim()).map(box => box.outerHTML)"
    )
    assert nameless == []
    twice = page.browser.execute_script(
        "const ids = [...document.querySelectorAll('[id]')].map(e => e.id);"
        "return ids.filter((id, at) => ids.indexOf(id) !== at)"
    )
    assert twice == []
