"""Tests of the browser wait for what a press brings before they go elsewhere.

A page that is left at once takes the request with it that a press was about to send: on a busy
machine it never arrives.
"""

import ast
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

PRESSES = {"click", "dblclick", "tap", "press", "check", "select_option"}
LEAVES = {"goto", "reload", "close", "truth"}


def test_no_press_is_followed_at_once_by_another_page_or_a_look_into_the_database():
    found = [
        f"{path.name}:{line}"
        for path in sorted(Path(__file__).with_name("browser").glob("*.py"))
        for line in hurried(ast.parse(path.read_text()))
    ]
    assert found == []


def test_a_hurried_test_is_found():
    assert list(hurried(ast.parse("page.locator('a').click()\npage.goto('/')"))) == [2]
    assert list(hurried(ast.parse("page.press('Enter')\nassert person.truth().kept"))) == [2]
    assert not list(hurried(ast.parse("a.click()\nexpect(b).to_be_visible()\npage.reload()")))


def hurried(tree: ast.AST) -> Iterator[int]:
    """The lines that leave, or look what is stored, right below a press."""
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        for first, second in pairwise(body if isinstance(body, list) else []):
            if methods(first) & PRESSES and methods(second) & LEAVES:
                yield second.lineno


def methods(statement: ast.stmt) -> set[str]:
    """The methods that a simple statement calls."""
    if not isinstance(statement, ast.Expr | ast.Assert | ast.Assign):
        return set()
    calls = (node.func for node in ast.walk(statement) if isinstance(node, ast.Call))
    return {call.attr for call in calls if isinstance(call, ast.Attribute)}
