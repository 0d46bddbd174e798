"""The documents: links lead somewhere, decisions have numbers, and security its tests."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("*.md"))
PAGES = sorted({*ROOT.glob("*.md"), *(ROOT / "app").glob("*.md"), *(ROOT / "docs").rglob("*.md")})
LINK = re.compile(r"\]\((?![a-z]+:)([^)#\s]*)(?:#([^)\s]+))?\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


def by_name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def anchors(page: Path) -> set[str]:
    """Return what a link to a heading of the page may end with."""
    titles = HEADING.findall(page.read_text(encoding="utf-8"))
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("page", PAGES, ids=by_name)
def test_every_link_leads_to_a_file_and_a_heading_of_it(page: Path):
    for target, anchor in LINK.findall(page.read_text(encoding="utf-8")):
        linked = (page.parent / target).resolve() if target else page
        assert linked.exists(), f"{by_name(page)} links {target}"
        assert not anchor or anchor in anchors(linked), f"{by_name(page)} links {target}#{anchor}"


@pytest.mark.parametrize("record", DECISIONS, ids=by_name)
def test_a_decision_has_its_number_and_its_parts(record: Path):
    text = record.read_text(encoding="utf-8")
    number = int(record.name[:4])
    assert re.match(rf"# {number}\. [A-Za-z]", text)
    parts = [text.index(f"**{part}.**") for part in ("Context", "Decision", "Consequences")]
    assert parts == sorted(parts)


def test_no_number_of_a_decision_is_given_twice():
    numbers = [record.name[:4] for record in DECISIONS]
    assert len(numbers) == len(set(numbers))


def lines_of(function: ast.FunctionDef) -> set[int]:
    """Return the lines of docs/security.md that the docstring of a test names."""
    said = re.search(
        r"Lines? ([\d, and]+) of docs/security\.md\.", ast.get_docstring(function) or ""
    )
    return {int(number) for number in re.findall(r"\d+", said[1])} if said else set()


def test_the_lines_of_security_name_their_tests_and_these_their_lines():
    table = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\d+) \|.*\| (`.+`) \|$", table, re.MULTILINE)
    told = {(int(line), test) for line, tests in rows for test in re.findall(r"`(.+?)`", tests)}
    held = {
        (line, f"{file.relative_to(ROOT / 'tests')}::{function.name}")
        for file in (ROOT / "tests").rglob("test_*.py")
        for function in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(function, ast.FunctionDef)
        for line in lines_of(function)
    }
    assert len(told) > 40
    assert told == held
