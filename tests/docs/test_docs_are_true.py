"""The documents name commands, files, targets, settings and words that exist; what is renamed must be renamed there."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
import typer

from bot.__main__ import app
from bot.conversation.understand import Intent, understand
from bot.settings import Settings

ROOT = Path(__file__).parents[2]
DOCS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
EXAMPLES = [ROOT / ".env.example", *sorted((ROOT / "deploy").iterdir())]
EVERYTHING = [*DOCS, *EXAMPLES]
ROOMS = ("bot", "planner", "models", "reminders", "seed_plans", "tests", "docs", "deploy", "benchmarks", ".ci")

HOSTS = re.compile(r"127\.0\.0\.1|localhost|t\.me|[a-z.-]*\.example\.vn|máy-trung-gian|địa-chỉ")
"""This machine, the messenger itself, and names that are nobody's."""
ABSOLUTE = re.compile(r"/(?:etc/(?:systemd|ssl)|opt/dondoc|usr/sbin/nologin)(?:/|$)")
LARGEST_IMAGE = 300_000

_FENCE = re.compile(r"^ *```[a-z]*\n(.*?)^ *```", re.MULTILINE | re.DOTALL)
_SPAN = re.compile(r"`([^`\n]+)`")
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_CALL = re.compile(r"^ *(?:.*&& |sudo -u dondoc )?(?:\.venv/bin/)?dondoc(?=\s|$)(?P<words>(?:(?!  #)[^|>&;$])*)")
"""At the start of a line or span, behind another command, or as the system user who bears the same name."""


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def code_of(path: Path) -> Iterator[str]:
    """Every line of a fenced block and every inline span."""
    text = path.read_text(encoding="utf-8")
    for block in _FENCE.findall(text):
        yield from block.splitlines()
    for line in _FENCE.sub("", text).splitlines():
        yield from _SPAN.findall(line)


def calls_of(path: Path) -> list[list[str]]:
    """The words after `dondoc`, of every command line that is shown."""
    found = (_CALL.search(line) for line in code_of(path))
    return [shlex.split(call["words"]) for call in found if call]


def first_column(path: Path, heading: str) -> list[str]:
    """The inline code in the first cells of the tables under this heading."""
    section = path.read_text(encoding="utf-8").split(f"\n## {heading}", 1)[1].split("\n## ", 1)[0]
    cells = [line.split("|")[1] for line in section.splitlines() if line.startswith("|")]
    return [span for cell in cells for span in _SPAN.findall(cell)]


@pytest.mark.parametrize("path", DOCS, ids=named)
def test_every_command_line_shown_is_accepted(path):
    """The command exists and takes those options; arguments are asked for only where some are shown."""
    for words in calls_of(path):
        command, rest = typer.main.get_command(app), list(words)
        shown = f"dondoc {' '.join(words)}"
        while rest and hasattr(command, "commands"):
            assert rest[0] in command.commands, f"no such command: {shown}"
            command = command.commands[rest.pop(0)]
        if rest:
            try:
                command.make_context(shown, rest)
            except Exception as error:
                raise AssertionError(f"{shown}: {error}") from error


def test_the_commands_shown_are_found_at_all():
    """A pattern that finds nothing would let everything pass."""
    shown = {words[0] for path in DOCS for words in calls_of(path) if words}
    assert shown >= {"demo", "run", "doctor", "db", "plan", "units", "people", "calendar", "deadline", "schedule"}


def test_every_command_is_told_of_somewhere():
    told = {tuple(words[:2]) for path in DOCS for words in calls_of(path)}
    for name, command in typer.main.get_command(app).commands.items():
        for sub in getattr(command, "commands", ()):
            assert (name, sub) in told, f"dondoc {name} {sub} is in no document"
        assert any(words and words[0] == name for words in told), f"dondoc {name} is in no document"


@pytest.mark.parametrize("path", DOCS, ids=named)
def test_every_file_named_exists(path):
    """A path from the root, or the bare name of a module somewhere in the rooms."""
    for line in code_of(path):
        for word in re.findall(r"(?<![\w/.-])[\w.-]+(?:/[\w.*-]+)*/?", line):
            room = word.split("/", 1)[0]
            if "/" in word and room in ROOMS:
                assert any(ROOT.glob(word.rstrip("/"))), f"{word} is not there"
            elif re.fullmatch(r"[a-z_]+\.py", word):
                assert any(any((ROOT / each).rglob(word)) for each in ROOMS), f"no file is called {word}"


@pytest.mark.parametrize("path", EVERYTHING, ids=named)
def test_every_make_target_named_exists(path):
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE)) | {".venv/.ready"}
    for line in code_of(path) if path in DOCS else [path.read_text(encoding="utf-8")]:
        for target in re.findall(r"\bmake ([a-z./-]+)", line):
            assert target in targets, f"make {target} is not in the Makefile"


def test_the_example_settings_are_the_settings():
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    assert set(re.findall(r"^#?([A-Z_]+)=", example, re.MULTILINE)) == {name.upper() for name in Settings.model_fields}


@pytest.mark.parametrize("path", [*DOCS, *EXAMPLES[1:]], ids=named)
def test_every_setting_named_exists(path):
    settings = {name.upper() for name in Settings.model_fields}
    shown = code_of(path) if path in DOCS else [path.read_text(encoding="utf-8")]
    for line in shown:
        for name in re.findall(r"(?<![\w/-])(?:[A-Z]+_)+[A-Z]+(?![\w/])", line):
            assert name in settings, f"{name} is no setting"


def test_every_setting_an_operator_needs_is_told_of():
    told = "".join(path.read_text(encoding="utf-8") for path in DOCS)
    for name in Settings.model_fields:
        assert name.upper() in told, f"{name.upper()} is in no document"


@pytest.mark.parametrize("path", DOCS, ids=named)
def test_every_link_leads_somewhere(path):
    for target in _LINK.findall(_FENCE.sub("", path.read_text(encoding="utf-8"))):
        parts = urlsplit(target)
        if parts.scheme:
            continue
        goal = (path.parent / unquote(parts.path)) if parts.path else path
        assert goal.exists(), f"{target} leads nowhere"
        if parts.fragment:
            assert unquote(parts.fragment) in _anchors(goal), f"{target} has no such heading"


def _anchors(path: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("path", EVERYTHING, ids=named)
def test_no_machine_of_ours_and_no_registry_is_named(path):
    """Addresses on this machine or of nobody; absolute paths of the installation that the documents describe."""
    text = path.read_text(encoding="utf-8")
    for host in re.findall(r"https?://(?:[^\s/@`)]*@)?([^\s/:`)…<;]+)", text):
        assert HOSTS.fullmatch(host.rstrip(".,")), f"{host} is named"
    without_addresses = re.sub(r"[a-z]+://\S*", "", text)
    for absolute in re.findall(r"(?<![\w./)>}\]…*\"-])/(?:[\w.-]+/)+[\w.-]*", without_addresses):
        assert ABSOLUTE.match(absolute), f"{absolute} is a path of some machine"


@pytest.mark.parametrize(
    ("path", "heading"),
    [
        ("README.md", "What people can type"),
        ("docs/huong-dan.md", "3. Trả lời"),
        ("docs/huong-dan.md", "4. Cho đầu mối đôn đốc"),
        ("docs/doc-van-ban.md", "4. Sửa trong trò chuyện"),
    ],
)
def test_every_answer_shown_is_understood(path, heading):
    """What a person is told to type must not be answered with "chưa chắc hiểu đúng"."""
    said = first_column(ROOT / path, heading)
    assert said
    for words in said:
        assert understand(words).intent is not Intent.UNKNOWN, f"{words} is not understood"


@pytest.mark.parametrize("path", sorted((ROOT / "docs" / "images").iterdir()), ids=named)
def test_no_image_is_heavy_and_each_is_shown(path):
    assert path.stat().st_size <= LARGEST_IMAGE
    assert any(f"images/{path.name})" in each.read_text(encoding="utf-8") for each in DOCS)
