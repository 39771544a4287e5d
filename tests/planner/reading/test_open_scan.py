"""Pictures of letters: made straight and upright before they are read, and bounded before they are unpacked."""

import io
import shutil

import numpy as np
import pytest
from PIL import Image, ImageDraw

from models.errors import UnreadableFileError
from planner.reading import open_scan
from planner.reading.open_scan import slant_of, straightened, words_of
from planner.reading.open_strokes import ruling_of
from tests.samples.as_pdf import as_pdf
from tests.samples.as_scan import as_photo, pages_of
from tests.samples.contents import REPORTS

needs_tesseract = pytest.mark.skipif(shutil.which("tesseract") is None, reason="tesseract is not installed")


def tsv(*words, confidence=95.0):
    """Words one below the other."""
    return "\n".join(
        f"5\t1\t1\t1\t{number}\t1\t300\t{200 * number}\t400\t50\t{confidence}\t{word}"
        for number, word in enumerate(words, start=1)
    )


def reading(*answers):
    """A recogniser that says what it is told to, picture after picture, and remembers the pictures."""
    left = list(answers)

    def recognise(pictures):
        for picture in pictures:
            recognise.seen.append(picture)
            yield left.pop(0)

    recognise.seen = []
    return recognise


def opened(content, recognise, on_page=lambda done, of: None):
    return open_scan.open_scan(content, recognise=recognise, on_page=on_page)


def texts(paper):
    return [each.text for each in paper.paragraphs()]


def picture(kind="PNG", size=(2000, 2800), mode="L", colour=255, **options):
    buffer = io.BytesIO()
    Image.new(mode, size, colour).save(buffer, kind, **options)
    return buffer.getvalue()


@pytest.fixture(scope="module")
def page():
    return next(iter(pages_of(as_pdf(REPORTS), degrees=0)))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF", "WEBP"])
def test_every_kind_of_picture_is_read(kind):
    assert texts(opened(picture(kind), reading(tsv("Công", "văn")))) == ["Công", "văn"]


def test_a_file_of_several_pictures_is_read_page_by_page():
    pages = [Image.new("L", (1900, 2700), 255) for _ in range(3)]
    buffer = io.BytesIO()
    pages[0].save(buffer, "TIFF", save_all=True, append_images=pages[1:])
    told = []

    paper = opened(buffer.getvalue(), reading(tsv("một"), tsv("hai"), tsv("ba")), lambda *page: told.append(page))

    assert [(each.text, each.page) for each in paper.paragraphs()] == [("một", 1), ("hai", 2), ("ba", 3)]
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_what_is_see_through_is_paper():
    recognise = reading(tsv("một"))

    opened(picture(mode="RGBA", colour=(0, 0, 0, 0)), recognise)

    assert recognise.seen[0].getextrema() == (255, 255)


def test_a_small_picture_is_enlarged_and_a_huge_one_made_smaller():
    small, huge = reading(tsv("một")), reading(tsv("một"))

    opened(picture(size=(600, 850)), small)
    opened(picture(size=(5000, 7000)), huge)

    assert small.seen[0].width == huge.seen[0].width == open_scan.USUAL_WIDTH


@pytest.mark.parametrize("degrees", [-3.0, -0.6, 0.0, 1.3, 4.0])
def test_the_slant_is_found_to_a_tenth_of_a_degree(page, degrees):
    turned = page.rotate(degrees, fillcolor=255)

    assert slant_of(turned) == pytest.approx(-degrees, abs=0.1)


def test_a_page_on_its_side_is_stood_up(page):
    straight = straightened(page.transpose(Image.Transpose.ROTATE_270))

    assert straight.size == page.size


def test_an_empty_page_and_a_black_one_have_no_slant():
    assert slant_of(Image.new("L", (800, 1000), 255)) == slant_of(Image.new("L", (800, 1000), 0)) == 0.0


def test_a_page_in_the_shade_of_a_hand_is_made_even(page):
    shade = np.linspace(0.45, 1.0, page.width)
    dim = Image.fromarray((np.asarray(page) * shade).astype(np.uint8))

    even = np.asarray(straightened(dim))

    assert np.median(even[:, :200]) > 240
    assert np.median(even[:, -200:]) > 240


def test_a_page_on_its_head_is_turned_over_when_its_words_are_unsure():
    recognise = reading(tsv("ɯộʇ", confidence=20.0), tsv("một"))

    paper = opened(picture(), recognise)

    assert texts(paper) == ["một"]
    assert paper.notes == ()


def test_a_page_that_reads_badly_either_way_is_told():
    paper = opened(picture(), reading(tsv("một", confidence=30.0), tsv("ɯ", confidence=10.0)))

    assert paper.notes == (
        "Trang 1 khó đọc hoặc trống: xem kỹ bản gốc, hoặc quét lại rõ hơn và đúng chiều.",
    )  # fmt: skip


def test_ruling_lines_are_found_and_taken_out_and_letters_are_left():
    drawn = Image.new("L", (2480, 3508), 255)
    pen = ImageDraw.Draw(drawn)
    for y in (500, 700):
        pen.line((300, y, 2000, y), fill=0, width=3)
    for x in (300, 1000, 2000):
        pen.line((x, 500, x, 700), fill=0, width=3)
    pen.rectangle((400, 580, 460, 620), fill=0)  # as large as a letter

    rules, dots = ruling_of(np.asarray(drawn) < 128, 300)

    assert sorted(round(rule.at / 10) * 10 for rule in rules if rule.is_level) == [500, 700]
    assert sorted(round(rule.at / 10) * 10 for rule in rules if not rule.is_level) == [300, 1000, 2000]
    assert not dots[580:620, 400:460].any()
    assert dots[500, 300:2000].all()


def test_dirt_is_no_word_and_a_dash_before_an_item_is():
    said = "\n".join((tsv("-", "|", "§"), tsv("~", confidence=20.0), "5\tbroken", "4\t1\t1\t1\t1\t0\t0\t0\t9\t9\t-1\t"))

    assert [word.text for word in words_of(said, 0.24)] == ["-", "§"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (picture()[:300], "malformed"),
        (picture(size=(30_000, 30_000), mode="1", colour=1), "too-many-pixels"),
        (picture(size=(30_000, 3_000), mode="1", colour=1), "too-many-pixels"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "malformed"),
    ],
    ids=["cut", "30000-square", "30000-wide", "no-picture"],
)
def test_a_picture_that_cannot_be_a_letter_is_refused(content, reason):
    with pytest.raises(UnreadableFileError) as refusal:
        opened(content, reading("", ""))

    assert refusal.value.reason == reason


def test_without_a_recogniser_a_scan_is_refused_as_one():
    with pytest.raises(UnreadableFileError) as refusal:
        opened(picture(), None)

    assert refusal.value.reason == "no-recogniser"


@needs_tesseract
def test_a_photo_upside_down_reads_as_the_letter_it_shows(page):
    from bot.opening.tesseract import recogniser

    buffer = io.BytesIO()
    page.transpose(Image.Transpose.ROTATE_180).save(buffer, "JPEG", quality=70)

    paper = opened(buffer.getvalue(), recogniser(workers=1, dots_per_inch=300))

    assert "trước ngày 20" in " ".join(texts(paper))


@needs_tesseract
def test_a_photo_alone_is_a_letter_of_one_page():
    from bot.opening.tesseract import recogniser

    paper = opened(as_photo(REPORTS), recogniser(workers=1, dots_per_inch=300))

    assert paper.pages == 1
    assert "Kính gửi:" in texts(paper)
