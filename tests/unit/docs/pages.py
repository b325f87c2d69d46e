"""The tracked files of the repository as text, and the parts of a Markdown page; knows nothing of what they say."""

import re
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[3]

FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)


@cache
def tracked() -> tuple[Path, ...]:
    """Every file under version control that is there."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True).stdout
    paths = (ROOT / name for name in listed.decode().split("\0") if name)
    return tuple(path for path in paths if path.is_file())


@cache
def text(path: Path) -> str:
    """The text of a file; "" for one that is no text."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


def pages() -> list[Path]:
    """The Markdown pages."""
    return [path for path in tracked() if path.suffix == ".md"]


def prose(page: Path) -> str:
    """A page without its fenced code."""
    return FENCE.sub("", text(page))


def code_blocks(page: Path) -> list[str]:
    """The fenced code of a page, in order."""
    return FENCE.findall(text(page))


def headings(page: Path) -> list[tuple[int, str]]:
    """Level and text of each heading."""
    found = re.findall(r"^(#{1,6}) (.+)$", prose(page), re.MULTILINE)
    return [(len(marks), title.strip()) for marks, title in found]


def section(page: Path, title: str) -> str:
    """What stands under a heading, up to the next one."""
    return text(page).split(f"{title}\n", 1)[1].split("\n## ", 1)[0].split("\n### ", 1)[0]


def rows(table: str) -> list[list[str]]:
    """The cells of each row of the tables in `table`, without headings and rules."""
    lines = [line for line in table.splitlines() if line.startswith("|")]
    ruled = {number for number, line in enumerate(lines) if set(line) <= set("|-: ")}
    kept = [line for number, line in enumerate(lines) if number not in ruled and number + 1 not in ruled]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in kept]


def where(path: Path) -> str:
    """The path as messages show it."""
    return path.relative_to(ROOT).as_posix()
