"""The recogniser: a page to a process, answers in order, its absence told."""

import stat
import sys

import pytest
from PIL import Image

from bot.opening import tesseract

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a script stands in for the program")


@pytest.fixture
def put_in_place(tmp_path, monkeypatch):
    """A program of the test's own, called tesseract."""

    def put(script):
        program = tmp_path / "tesseract"
        program.write_text(f"#!{sys.executable}\nimport sys, os, time\n{script}")
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
        forget()

    monkeypatch.setenv("PATH", str(tmp_path))
    forget()
    yield put
    forget()


def forget():
    tesseract.version.cache_clear()
    tesseract.is_present.cache_clear()


def pages(count):
    return [Image.new("L", (10 + number, 10), 255) for number in range(count)]


READER = """
wide = int(sys.stdin.buffer.read().split()[1])
time.sleep(0.05 if wide == 10 else 0)
print(wide, os.environ["OMP_THREAD_LIMIT"], sys.argv[sys.argv.index("-l") + 1], end="")
"""


def test_answers_come_in_the_order_of_the_pages_however_long_each_takes(put_in_place):
    put_in_place(READER)

    read = list(tesseract.recogniser(workers=3, dots_per_inch=300)(pages(5)))

    assert read == [f"{10 + number} 1 vie" for number in range(5)]


def test_pictures_are_taken_only_as_they_are_needed(put_in_place):
    put_in_place(READER)
    taken = []

    def pictures():
        for number, page in enumerate(pages(9)):
            taken.append(number)
            yield page

    reading = tesseract.recogniser(workers=2, dots_per_inch=300)(pictures())
    next(reading)

    assert len(taken) == 4  # two being read, one ready, one that was answered
    reading.close()


def test_a_program_that_dies_is_told(put_in_place):
    put_in_place("sys.exit(1)")

    with pytest.raises(tesseract.RecogniserError):
        list(tesseract.recogniser(workers=1, dots_per_inch=300)(pages(1)))


def test_a_page_that_takes_too_long_has_no_words(put_in_place, monkeypatch):
    put_in_place("time.sleep(60)")
    monkeypatch.setattr(tesseract, "PAGE_SECONDS", 0.2)

    assert list(tesseract.recogniser(workers=1, dots_per_inch=300)(pages(1))) == [""]


@pytest.mark.parametrize(
    ("script", "version"),
    [
        (
            "print('tesseract 5.3.0' if '--version' in sys.argv else 'List of available languages (2):\\neng\\nvie')",
            "5.3.0",
        ),
        ("print('tesseract 5.3.0' if '--version' in sys.argv else 'List of available languages (1):\\neng')", None),
        ("sys.exit(1)", None),
    ],
    ids=["vietnamese", "english-only", "broken"],
)
def test_it_is_present_with_its_vietnamese_or_not_at_all(put_in_place, script, version):
    put_in_place(script)

    assert tesseract.version() == version


def test_its_absence_is_told(put_in_place):
    assert tesseract.version() is None
    assert not tesseract.is_present()
