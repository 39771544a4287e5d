"""Every refusal is one Vietnamese sentence that says what to do."""

import unicodedata
from typing import get_args

import pytest

from bot.command_line.doctor import Verdict, _readers
from bot.command_line.errors import BAD_INPUT, exit_code_of, sentences_of
from bot.opening import tesseract
from bot.opening.words import sentence_of
from models.errors import Unreadable, UnreadableFileError


@pytest.mark.parametrize("reason", get_args(Unreadable))
def test_every_reason_has_one_whole_sentence(reason):
    sentence = sentence_of(UnreadableFileError(reason, limit=60_000_000))

    assert sentence == unicodedata.normalize("NFC", sentence)
    assert sentence.endswith(".")
    assert sentence[0].isupper()
    assert "{" not in sentence
    assert "\n" not in sentence
    assert "gửi" in sentence


def test_bounds_are_said_in_units_a_person_knows():
    assert "50 MB" in sentence_of(UnreadableFileError("too-big", limit=50 * 1024 * 1024))
    assert "200 trang" in sentence_of(UnreadableFileError("too-many-pages", limit=200))
    assert "60 triệu" in sentence_of(UnreadableFileError("too-many-pixels", limit=60_000_000))


def test_a_scan_that_cannot_be_read_is_refused_with_the_command_that_helps():
    assert tesseract.INSTALL in sentence_of(UnreadableFileError("no-recogniser"))
    assert "tesseract-ocr-vie" in tesseract.INSTALL


def test_the_command_line_says_the_same_and_calls_it_bad_input():
    error = UnreadableFileError("encrypted")

    assert sentences_of(error) == [sentence_of(error)]
    assert exit_code_of(error) == BAD_INPUT


@pytest.mark.parametrize("version", ["5.3.0", None])
def test_the_doctor_tells_which_readers_are_there(version, monkeypatch):
    monkeypatch.setattr(tesseract, "version", lambda: version)

    finding = _readers()

    assert "DOCX" in finding.message
    assert finding.verdict is (Verdict.OK if version else Verdict.WARN)
    assert (tesseract.INSTALL in finding.advice) is (version is None)
