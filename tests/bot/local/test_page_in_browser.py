"""The demo page in a real browser, over the scripted engine: what a person types, taps, steps and sees."""

import socket
import subprocess
import sys
import time
from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.common.keys import Keys

from tests.fakes.browser import DESK, HAS_BROWSER, PHONE, TABLET, WITHOUT_BROWSER, Page, await_server, open_browser
from tests.fakes.demo_engine import COMMUNE, COORDINATOR, DISTRICT, JUSTICE

ROOT = Path(__file__).parents[3]
PIXEL = b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==")
pytestmark = pytest.mark.skipif(not HAS_BROWSER, reason=WITHOUT_BROWSER)


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    with open_browser(tmp_path_factory.mktemp("browser")) as driver:
        yield driver


@pytest.fixture
def address() -> Iterator[str]:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    command = [sys.executable, "-m", "tests.fakes.demo_engine", "--port", str(port), "--pace", "0.2"]
    server = subprocess.Popen(command, cwd=ROOT)  # noqa: S603 -- our own module, no shell
    address = f"http://127.0.0.1:{port}/"
    try:
        await_server(address)
        yield address
    finally:
        server.terminate()
        assert server.wait(10) is not None


@pytest.fixture
def page(browser: webdriver.Chrome, address: str) -> Iterator[Page]:
    shown = Page(browser, address)
    yield shown
    complaints = shown.complaints()
    browser.get("about:blank")
    assert complaints == []


def test_it_opens_with_four_chats_the_clock_and_a_hint_of_what_to_do(page: Page):
    page.open(DESK)
    assert page.time == "thứ Tư 23/10/2024 · 07:55"
    assert page.one("#day-note").text == "Ngày làm việc"
    titles = [title.text for title in page.all(".chat h2")]
    assert titles == ["Đầu mối Sở TT&TT", "Sở Tư pháp", "Huyện Châu Thành A", "UBND xã Vị Tân"]
    assert all("Đến lần nhắc tiếp theo" in hint.text for hint in page.all(".empty"))
    assert page.one("#guide").is_displayed()


def test_the_next_reminder_arrives_with_its_first_line_bold_and_marked_new(page: Page):
    page.open(DESK)
    page.to_next()
    assert page.time == "thứ Tư 23/10/2024 · 08:00"
    assert page.said(JUSTICE)[0].startswith("Sở Tư pháp · thứ Tư 23/10/2024: 3 việc cần lưu ý")
    first = page.one(f"#chat-{JUSTICE} .line.is-first")
    assert int(first.value_of_css_property("font-weight")) >= 600
    assert page.badge(JUSTICE) == "1 mới"
    assert page.one(f"#chat-{JUSTICE} .divider").text == "mới"
    assert page.one("#clock-said").text == "2 tin mới: Sở Tư pháp, Đầu mối Sở TT&TT."
    assert page.browser.title.startswith("(2)")


def test_what_is_new_is_read_once_the_person_is_there(page: Page):
    page.open(DESK)
    page.to_next()
    page.one(f"#chat-{JUSTICE} .log").click()
    assert page.badge(JUSTICE) == ""
    assert page.badge(COORDINATOR) == "1 mới"
    page.browser.refresh()
    page.until(lambda: len(page.said(JUSTICE)) == 1)
    assert (page.badge(JUSTICE), page.badge(COORDINATOR)) == ("", "1 mới")


def test_typing_is_answered_and_an_answer_read_as_it_comes_is_not_new(page: Page):
    page.open(DESK)
    page.say(JUSTICE, "12 đang làm 60%")
    page.until(lambda: len(page.said(JUSTICE)) == 2)
    assert page.said(JUSTICE)[0] == "12 đang làm 60%"
    assert page.said(JUSTICE)[1].startswith("Đã ghi lúc 07:55: 12 đang làm 60%.")
    assert page.badge(JUSTICE) == ""
    assert page.one(f"#chat-{JUSTICE} textarea").get_property("value") == ""


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_a_file_is_sent_with_the_words_typed_and_shown_in_the_chat(page: Page, tmp_path: Path, size: tuple[int, int]):
    page.open(size)
    picture = tmp_path / "họp giao ban.png"
    picture.write_bytes(PIXEL)
    page.one(f"#chat-{COORDINATOR} textarea").send_keys("12 xong")
    page.one(f"#chat-{COORDINATOR} .attach input").send_keys(str(picture))
    page.until(lambda: len(page.said(COORDINATOR)) == 2)
    link = page.one(f"#chat-{COORDINATOR} .file")
    assert link.text == "họp giao ban.png (1 KB)"
    page.until(lambda: page.one(f"#chat-{COORDINATOR} .picture").get_property("naturalWidth") == 1)
    assert page.one(f"#chat-{COORDINATOR} textarea").get_property("value") == ""
    assert page.sidewards() == []


def test_markup_in_a_message_stays_text(page: Page):
    page.open(DESK)
    page.say(JUSTICE, "12 <b onclick=alert(1)>xong</b>")
    page.until(lambda: len(page.said(JUSTICE)) == 2)
    assert page.said(JUSTICE)[0] == "12 <b onclick=alert(1)>xong</b>"
    assert page.all(f"#chat-{JUSTICE} .text b") == []


def test_shift_enter_begins_a_line_and_sends_nothing(page: Page):
    page.open(DESK)
    field = page.one(f"#chat-{JUSTICE} textarea")
    field.send_keys("12 vướng", Keys.SHIFT, Keys.ENTER, Keys.NULL, "chờ phần mềm", Keys.ENTER)
    page.until(lambda: len(page.said(JUSTICE)) == 2)
    assert page.said(JUSTICE)[0] == "12 vướng\nchờ phần mềm"


def test_a_reply_shows_the_line_it_answers_and_escape_takes_it_back(page: Page):
    page.open(DESK)
    page.to_next()
    page.one(f"#chat-{JUSTICE} .reply").click()
    replying = page.one(f"#chat-{JUSTICE} .replying")
    assert replying.text.startswith("Trả lời: Sở Tư pháp")
    page.browser.switch_to.active_element.send_keys(Keys.ESCAPE)
    assert not replying.is_displayed()
    page.one(f"#chat-{JUSTICE} .reply").click()
    page.browser.switch_to.active_element.send_keys("12 xong", Keys.ENTER)
    page.until(lambda: len(page.said(JUSTICE)) == 3)
    assert page.one(f"#chat-{JUSTICE} .from-person .cited").text.startswith("Sở Tư pháp")


def test_a_button_shows_that_it_was_pressed_and_is_answered(page: Page):
    page.open(DESK)
    page.to_next(2)
    page.tap(DISTRICT, "Đã xong")
    page.until(lambda: len(page.said(DISTRICT)) == 3)
    assert page.said(DISTRICT)[1] == "Đã bấm «Đã xong»"
    assert "xong 12" in page.said(DISTRICT)[2]


def test_a_chip_types_for_the_person(page: Page):
    page.open(DESK)
    page.one(f"#chat-{COORDINATOR} .chip").click()
    page.until(lambda: len(page.said(COORDINATOR)) == 2)
    assert page.said(COORDINATOR)[0] == "quá hạn"
    assert page.said(COORDINATOR)[1].startswith("Quá hạn tính đến 08:00 ngày 06/11/2024")


def test_a_refused_text_is_said_in_one_sentence_and_not_lost(page: Page):
    page.open(DESK)
    page.say(JUSTICE, "không dùng được")
    page.until(lambda: page.one("#notice").is_displayed())
    assert page.one("#notice p").text.startswith("Chưa thực hiện được yêu cầu này.")
    assert page.one(f"#chat-{JUSTICE} textarea").get_property("value") == "không dùng được"


def test_while_the_clock_runs_its_buttons_wait(page: Page):
    page.open(DESK)
    page.one("[data-by=day]").click()
    assert page.one("#bar").get_attribute("aria-busy") == "true"
    assert not page.one("[data-to=next]").is_enabled()
    page.until(lambda: page.time == "thứ Năm 24/10/2024 · 07:55")
    page.until(lambda: page.one("[data-to=next]").is_enabled())
    assert page.browser.switch_to.active_element == page.one("[data-by=day]")


def test_a_day_is_picked_from_a_month_and_a_day_off_is_said(page: Page):
    page.open(DESK)
    page.one("#picker-toggle").click()
    assert page.one(".month-title").text == "Tháng 10/2024"
    assert not page.one("[data-date='2024-10-22']").is_enabled()
    page.browser.switch_to.active_element.send_keys(Keys.ARROW_DOWN, Keys.ARROW_LEFT)
    chosen = page.browser.switch_to.active_element
    assert chosen.get_attribute("aria-label") == "thứ Ba 29/10/2024"
    page.one("[data-months='1']").click()
    page.press("[data-date='2024-11-03']")
    assert page.time == "Chủ nhật 03/11/2024 · 08:00"
    assert page.one("#day-note").text == "Ngày nghỉ"
    assert not page.one("#picker").is_displayed()


def test_the_guide_walks_through_november_and_greys_what_is_past(page: Page):
    page.open(DESK)
    page.press("#guide [data-day='2024-11-04']")
    assert page.time == "thứ Hai 04/11/2024 · 08:00"
    assert not page.one("#guide [data-day='2024-11-04']").is_enabled()
    assert page.badge(COMMUNE) == "1 mới"
    page.one("#guide-close").click()
    page.browser.refresh()
    page.until(lambda: page.all(".chat"))
    assert not page.one("#guide").is_displayed()


def test_when_nothing_is_left_the_clock_says_so(page: Page):
    page.open(DESK)
    page.press("#guide [data-day='2024-11-06']")
    page.to_next()
    assert page.one("#notice p").text.startswith("Không còn lần nhắc nào phía trước")
    assert page.time == "thứ Tư 06/11/2024 · 08:00"


def test_long_news_is_shown_from_its_beginning(page: Page):
    page.open((1440, 560))
    page.to_next()
    log = page.one(f"#chat-{JUSTICE} .log")
    divider = page.one(f"#chat-{JUSTICE} .divider")
    assert 0 <= divider.rect["y"] - log.rect["y"] < 40


def test_a_person_reading_further_up_is_not_pulled_away(page: Page):
    page.open((1440, 560))
    page.to_next()
    page.browser.execute_script(f"document.querySelector('#chat-{JUSTICE} .log').scrollTop = 0")
    page.until(lambda: page.browser.execute_script("return document.querySelector('.jump').hidden"))
    time.sleep(0.1)
    page.to_next(2)
    page.until(lambda: page.one(f"#chat-{JUSTICE} .jump").is_displayed())
    assert page.browser.execute_script(f"return document.querySelector('#chat-{JUSTICE} .log').scrollTop") < 5
    page.one(f"#chat-{JUSTICE} .jump").click()
    assert not page.one(f"#chat-{JUSTICE} .jump").is_displayed()


class TestOnAPhone:
    def test_one_chat_is_in_view_and_the_others_count_what_is_new(self, page: Page):
        page.open(PHONE)
        page.to_next(2)
        assert [page.count(chat) for chat in (COORDINATOR, JUSTICE, DISTRICT, COMMUNE)] == ["", "1", "1", ""]
        inert = [chat.get_property("inert") for chat in page.all(".chat")]
        assert inert == [False, True, True, True]

    def test_a_tab_brings_its_chat_and_leaving_it_means_it_was_read(self, page: Page):
        page.open(PHONE)
        page.to_next()
        page.one(f".tab[data-chat='{JUSTICE}']").click()
        page.until(lambda: page.one(f"#chat-{JUSTICE}").rect["x"] == 0)
        page.say(JUSTICE, "12 xong")
        page.until(lambda: len(page.said(JUSTICE)) == 3)
        page.one(f".tab[data-chat='{COMMUNE}']").click()
        page.until(lambda: page.one(f"#chat-{COMMUNE}").rect["x"] == 0)
        assert page.count(JUSTICE) == ""
        assert page.count(COORDINATOR) == ""

    def test_a_swipe_changes_the_chat(self, page: Page):
        page.open(PHONE)
        page.swipe_left()
        page.until(lambda: page.one(f".tab[data-chat='{JUSTICE}']").get_attribute("aria-current") == "true")

    def test_the_guide_lies_over_the_chats_and_a_step_puts_it_away(self, page: Page):
        page.open(PHONE)
        assert not page.one("#guide").is_displayed()
        page.one("#guide-toggle").click()
        page.press("#guide [data-day='2024-11-04']")
        assert not page.one("#guide").is_displayed()
        assert page.time == "thứ Hai 04/11/2024 · 08:00"


@pytest.mark.parametrize("size", [(320, 568), PHONE, (768, 1024), TABLET, DESK, (1920, 1080)], ids=str)
@pytest.mark.parametrize("is_dark", [False, True], ids=["light", "dark"])
def test_nothing_sticks_out_at_any_width(page: Page, size: tuple[int, int], is_dark: bool):  # noqa: FBT001 -- a case
    page.open(size, is_dark=is_dark)
    assert page.sidewards() == []
    page.press("#guide-toggle") if size[0] < 1280 else None
    assert page.sidewards() == []
    page.one("#guide-close").click()
    page.to_next(4)
    assert page.sidewards() == []


@pytest.mark.parametrize("is_dark", [False, True], ids=["light", "dark"])
def test_words_stand_out_from_what_is_behind_them(page: Page, is_dark: bool):  # noqa: FBT001 -- a case
    """WCAG 2.1 AA: 4.5 to 1 for text, 3 to 1 for the edge of a field."""
    page.open(DESK, is_dark=is_dark)
    colours = page.browser.execute_script(
        """
        const style = getComputedStyle(document.documentElement);
        return Object.fromEntries(arguments[0].map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
        """,
        sorted({name for pair in (*WORDS, *EDGES) for name in pair}),
    )
    poor = [pair for pair in WORDS if contrast(colours[pair[0]], colours[pair[1]]) < 4.5]
    poor += [pair for pair in EDGES if contrast(colours[pair[0]], colours[pair[1]]) < 3]
    assert poor == []


WORDS = (
    ("ink", "paper"),
    ("ink", "panel"),
    ("ink", "card"),
    ("ink", "accent-wash"),
    ("ink", "alert-wash"),
    ("ink-soft", "panel"),
    ("ink-soft", "card"),
    ("accent", "panel"),
    ("accent", "card"),
    ("accent", "accent-wash"),
    ("accent-ink", "accent"),
    ("own-ink", "own"),
    ("off", "off-wash"),
    ("off", "card"),
    ("work", "work-wash"),
)
EDGES = (("line-strong", "card"), ("line-strong", "panel"), ("accent", "paper"), ("late", "card"))


def contrast(one: str, other: str) -> float:
    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
