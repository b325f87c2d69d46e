"""Every page and every file that speaks of one: links resolve, citations exist, nothing foreign is mentioned."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.docs import permissions, who
from tests.unit.docs.pages import ROOT, code_blocks, headings, pages, prose, text, tracked, where

DOMAIN = ROOT / "docs/domain.md"
DECISIONS = ROOT / "docs/adr"

LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
CITATION = re.compile(r"domain\.md`?((?:[\s,;#]|and|to|–|\n)*§\d+(?:\.\d+)*)+")
NUMBER = re.compile(r"§(\d+(?:\.\d+)*)")
PAGE = re.compile(r"(?<![\w./-])docs/[\w./-]+\.md")
CAPABILITY = re.compile(r"(?<![\w#-])F\d\d(?![\w-])")

# In parts, so that this file does not contain what it looks for.
FORBIDDEN = {
    "the host of a package index": re.compile(
        "|".join(["py" + r"pi\.org", "python" + r"hosted\.org", r"\bnpm" + r"js\.org"])
    ),
    "a path of one machine": re.compile(r"(?<![\w.~}$-])/(?:wo" + "rk|ro" + r"ot|ho" + r"me/\w+)/"),
    "work left undone": re.compile(r"\b(?:TO" + "DO|FIX" + r"ME)\b"),
    "a page that is not ours": re.compile(r"(?:\.\./sha" + r"red|\b(?:messa" + r"ging|sta" + r"ck|PL" + r"AN)\.md\b)"),
}


def anchors(page: Path) -> set[str]:
    """What a link may name in a page, as GitHub makes it of the headings."""
    slugs: set[str] = set()
    for _, title in headings(page):
        plain = re.sub(r"[^\w\- ]", "", re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", title).lower())
        slugs.add(plain.replace(" ", "-"))
    return slugs


def broken(page: Path) -> Iterator[str]:
    """The relative links of a page that lead nowhere."""
    for target in LINK.findall(prose(page)):
        if "://" in target or target.startswith("mailto:"):
            continue
        name, _, anchor = target.partition("#")
        goal = (page.parent / name).resolve() if name else page
        if not goal.exists() or (anchor and goal.suffix == ".md" and anchor not in anchors(goal)):
            yield f"{where(page)}: {target}"


def sections() -> set[str]:
    """The numbers of the sections of the domain's page."""
    numbers = (re.match(r"(\d+(?:\.\d+)*)\.? ", title) for _, title in headings(DOMAIN))
    return {number[1] for number in numbers if number}


def citations(path: Path) -> Iterator[str]:
    """The sections of the domain's page that a file cites."""
    found = text(path)
    if path == DOMAIN:
        yield from NUMBER.findall(re.sub(r"GB/T \d+ §[\d.]+", "", found))
    for citation in CITATION.finditer(found):
        yield from NUMBER.findall(citation[0])


def test_every_relative_link_leads_somewhere() -> None:
    assert [link for page in pages() for link in broken(page)] == []


def test_every_page_that_is_named_exists() -> None:
    named = {(where(path), name) for path in tracked() for name in PAGE.findall(text(path))}
    assert [f"{path}: {name}" for path, name in sorted(named) if not (ROOT / name).exists()] == []


def test_every_cited_section_of_the_domain_exists() -> None:
    cited = {(where(path), number) for path in tracked() for number in citations(path)}
    known = sections()
    assert len(cited) > 10
    assert [f"{path}: §{number}" for path, number in sorted(cited) if number not in known] == []


def test_every_capability_that_is_named_exists() -> None:
    known = set(re.findall(r"^- \*\*(F\d\d)\*\*", text(DOMAIN), re.MULTILINE))
    assert known == {f"F{number:02}" for number in range(1, 60)}
    files = [path for path in tracked() if path.suffix in {".py", ".md"}]
    named = {(where(path), name) for path in files for name in CAPABILITY.findall(text(path))}
    assert [f"{path}: {name}" for path, name in sorted(named) if name not in known] == []


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_file_mentions(what: str) -> None:
    found = ((path, FORBIDDEN[what].search(text(path))) for path in tracked())
    assert [f"{where(path)}: {match[0]}" for path, match in found if match] == []


def test_both_readmes_have_the_same_headings_and_the_same_commands() -> None:
    english, chinese = ROOT / "README.md", ROOT / "README.zh-CN.md"
    assert [level for level, _ in headings(english)] == [level for level, _ in headings(chinese)]
    assert code_blocks(english) == code_blocks(chinese)


def test_the_list_of_decisions_has_each_with_its_title() -> None:
    records = sorted(path for path in DECISIONS.glob("*.md") if path.name != "README.md")
    assert [int(path.name[:4]) for path in records] == list(range(1, len(records) + 1))
    listed = re.findall(r"^- \[(.+)\]\((.+)\)$", text(DECISIONS / "README.md"), re.MULTILINE)
    assert listed == [(headings(path)[0][1], path.name) for path in records]


def test_every_decision_says_context_options_decision_and_consequences() -> None:
    wanted = ["Context", "Options", "Decision", "Consequences"]
    records = [path for path in DECISIONS.glob("*.md") if path.name != "README.md"]
    found = {where(path): [title for level, title in headings(path) if level == 2] for path in records}
    assert {path: titles for path, titles in found.items() if titles != wanted} == {}


def test_the_page_of_permissions_is_made_of_the_services_tables() -> None:
    assert text(permissions.PAGE) == permissions.page()


def test_who_may_do_an_operation_is_said_as_the_services_tables_have_it() -> None:
    assert text(who.FILE) == who.written()
