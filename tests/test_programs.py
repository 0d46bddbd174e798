"""CI installs every program that a test looks for, and no test looks past the list."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests import programs

TESTS = Path(__file__).parent
# The containers bring their own programs; `programs.py` is the one place that looks.
SOURCES = [
    path
    for path in sorted(TESTS.rglob("*.py"))
    if "stack" not in path.parts and path.name != "programs.py"
]


@cache
def parse(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def calls(path: Path) -> Iterator[ast.Call]:
    for node in ast.walk(parse(path)):
        if isinstance(node, ast.Call):
            yield node


def asked(path: Path) -> set[str]:
    """The programs that a file of tests asks for by name."""
    return {
        ast.literal_eval(call.args[0])
        for call in calls(path)
        if ast.unparse(call.func) == "programs.find"
    }


def test_the_tests_ask_for_exactly_what_ci_installs():
    # Here the name is a variable, hence not this file.
    names = set().union(*(asked(path) for path in SOURCES if path != Path(__file__)))
    assert names == set(programs.listed())


def test_no_test_looks_for_a_program_by_itself():
    found = [
        path for path in SOURCES for call in calls(path) if ast.unparse(call.func) == "shutil.which"
    ]
    assert found == []


def test_no_test_starts_a_listed_program_without_asking_for_it():
    # A command is a list of words, and its first word the program.
    listed = set(programs.listed())
    started = [
        f"{path.name}:{node.lineno}"
        for path in SOURCES
        for node in ast.walk(parse(path))
        if isinstance(node, ast.List | ast.Tuple)
        and node.elts
        and isinstance(node.elts[0], ast.Constant)
        and node.elts[0].value in listed
    ]
    assert started == []


def test_a_program_that_is_not_in_the_list_is_nobodys():
    with pytest.raises(KeyError):
        programs.find("never-heard-of")
