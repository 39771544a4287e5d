"""dondoc understand: a JSON a line with exactly the agreed keys, and one clear sentence for a wrong option."""

import json
import unicodedata
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.__main__ import app
from bot.settings import Settings

KEYS = ["text", "intent", "percent", "requested_on", "document_no", "confidence"]
ASKED = ("--as-of", "2026-11-02", "--due", "trước ngày 11/11/2026")


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)

    def understand(*options: str, stdin: str | bytes = ""):
        return CliRunner().invoke(app, ["understand", *options], input=stdin, prog_name="dondoc")

    return understand


def test_each_line_that_says_something_gives_one_json(run):
    told = run(*ASKED, stdin="da xong roi a\n\n   \nxin lui den 15/11 vi cho so lieu\nđang làm 60%\n")
    rows = [json.loads(line) for line in told.stdout.splitlines()]
    assert (told.exit_code, told.stderr) == (0, "")
    assert [list(row) for row in rows] == [KEYS] * 3
    assert [row["intent"] for row in rows] == ["done", "extension", "in_progress"]
    assert (rows[1]["requested_on"], rows[2]["percent"]) == ("2026-11-15", 60)


def test_the_text_comes_back_composed_and_the_confidence_is_a_number(run):
    told = run(*ASKED, stdin=unicodedata.normalize("NFD", "Đã có báo cáo số 215/BC-STP ngày 30/10/2026"))
    row = json.loads(told.stdout)
    assert row["text"] == "Đã có báo cáo số 215/BC-STP ngày 30/10/2026"
    assert (row["document_no"], 0 <= row["confidence"] <= 1) == ("215/BC-STP", True)


@pytest.mark.parametrize(
    ("due", "requested_on"),
    [
        ("trước 11/11", "2026-11-13"), ("chậm nhất 30/10", "2026-11-02"), ("thường xuyên", None),
        ("trước ngày 11/11/2026", "2026-11-13"), ("10/11/2026", "2026-11-13"),
    ],
)  # fmt: skip
def test_a_count_goes_from_the_last_valid_day_of_the_phrase(run, due, requested_on):
    told = run("--as-of", "02/11/2026", "--due", due, stdin="xin thêm 3 ngày")
    assert json.loads(told.stdout)["requested_on"] == requested_on


@pytest.mark.parametrize(
    "options",
    [(), ("--due", "trước 11/11"), ("--as-of", "hôm qua"), ("--as-of", "2026-02-30"),
     ("--as-of", "2026-11-02", "--due", "abc"),
     ("--as-of", "2026-11-02", "--due", ""), ("--as-of", "2026-11-02", "--due", "31/11"), ("--la",), ("--as-of",)],
)  # fmt: skip
def test_a_wrong_option_is_one_vietnamese_sentence_and_code_2(run, options):
    told = run(*options, stdin="xong")
    assert (told.exit_code, told.stdout, len(told.stderr.strip().splitlines())) == (2, "", 1)


def test_broken_bytes_and_endless_lines_do_not_stop_it(run):
    told = run(*ASKED, stdin=b"\xff\xfe xong\n" + b"x" * 300_000 + b"\nxong\n")
    rows = [json.loads(line) for line in told.stdout.splitlines()]
    assert (told.exit_code, len(rows), rows[-1]["intent"]) == (0, 3, "done")
