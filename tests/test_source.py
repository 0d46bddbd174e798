"""What no line of the app may look like: rules of ours, each shown to find what it is about."""

import ast
import re
from collections.abc import Callable, Iterator

import pytest

from tests.test_architecture import APP, MODULES, by_name, parse

Found = Iterator[ast.AST]
_SAYS_SQL = {"text", "Statement", "execute", "scalar", "scalars", "exec_driver_sql"}
_RUNS = {"eval", "exec", "compile", "__import__", "system", "popen", "render_template_string"}
# Of these `compile` makes no code.
_PATTERNS = {"re.compile", "regex.compile"}
_LOADS = {"pickle", "marshal", "shelve", "dill"}
_TYPED = re.compile(r"\brequest\.(args|form|values|headers|cookies|referrer|url|full_path|host)\b")


def name_called(call: ast.Call) -> str:
    return getattr(call.func, "id", "") or getattr(call.func, "attr", "")


def calls(tree: ast.AST) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def is_composed(node: ast.AST) -> bool:
    """Tell whether a text is put together here of something that changes."""
    if isinstance(node, ast.Call) and name_called(node) in {"format", "join", "replace"}:
        return True
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Mod):
        return True
    return isinstance(node, ast.JoinedStr)


def composed_while_it_runs(tree: ast.Module) -> Found:
    """SQL is put together when a module is read, of what stands in modules, never of values."""
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef | ast.Lambda):
            for call in calls(function):
                if name_called(call) in _SAYS_SQL and call.args and is_composed(call.args[0]):
                    yield call


def run_as_code(tree: ast.Module) -> Found:
    """Nothing is run that was a text before, nor by a shell, nor read as objects."""
    for call in calls(tree):
        if name_called(call) in _RUNS and ast.unparse(call.func) not in _PATTERNS:
            yield call
        if any(
            word.arg == "shell" and ast.unparse(word.value) != "False" for word in call.keywords
        ):
            yield call
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = {alias.name for alias in node.names} | {getattr(node, "module", "") or ""}
            if {name.partition(".")[0] for name in names} & _LOADS:
                yield node


def led_by_what_was_typed(tree: ast.Module) -> Found:
    """Nobody is led where a request says, but through what makes our own places of it."""
    for call in calls(tree):
        if name_called(call) in {"redirect", "go"} and call.args:
            where = call.args[0]
            is_checked = isinstance(where, ast.Call) and name_called(where) in {"local", "url_for"}
            if not is_checked and _TYPED.search(ast.unparse(where)):
                yield call


def trusted_as_html(tree: ast.Module) -> Found:
    """What is put into HTML as it stands is made by `web`, by functions that escape."""
    return (call for call in calls(tree) if name_called(call) in {"Markup", "SafeString"})


# Functions of these are called while their modules are read, with names of tables and columns.
_COMPOSERS = {"infra/batches.py", "operations/commits/writes.py", "operations/sweep.py"}
_DRAWS = {"web/filters.py", "web/letters.py", "web/pictures.py"}
# The rule, the modules that may, and a line that it must find.
RULES: list[tuple[Callable[[ast.Module], Found], set[str], str]] = [
    *(
        (composed_while_it_runs, _COMPOSERS, line)
        for line in (
            "def f(x): db.execute(text(f'SELECT {x}'))",
            "def f(x): db.execute('SELECT ' + x)",
            "def f(x): db.scalar('SELECT %s' % x)",
            "def f(x): text('SELECT {x}'.format(x=x))",
        )
    ),
    (run_as_code, set(), "def f(x): eval(x)"),
    (run_as_code, set(), "subprocess.run(x, shell=True)"),
    (run_as_code, set(), "import pickle"),
    (led_by_what_was_typed, set(), "redirect(request.args['next'])"),
    (led_by_what_was_typed, set(), "htmx.go(request.referrer or '/')"),
    (trusted_as_html, _DRAWS, "Markup(x)"),
]


@pytest.mark.parametrize(("rule", "may", "line"), RULES)
def test_no_line_breaks_a_rule(rule: Callable[[ast.Module], Found], may: set[str], line: str):
    """Lines 30, 31 and 39 of docs/security.md."""
    assert list(rule(ast.parse(line))), "the rule finds nothing"
    wrong = {
        f"{by_name(path)}: {ast.unparse(found)[:80]}"
        for path in MODULES
        if by_name(path) not in may
        for found in rule(parse(path))
    }
    assert wrong == set()


_SAFE = re.compile(r"(\S+?)\s*\|\s*safe\b")
# Whoever turns escaping off is named here, and escapes by itself; tests fill each with `<`.
_UNESCAPED = {
    "commits/_tick.html", "habits/_counted.html", "habits/_meta.html", "habits/_row.html",
    "pillars/_header.html", "stats/_year.html", "stats/month.html",
}  # fmt: skip


def trusted(template: str) -> list[str]:
    """Return what a template trusts that is no text standing in it."""
    return [found for found in _SAFE.findall(template) if found[-1] not in "\"'"]


def test_a_template_trusts_what_stands_in_it_alone():
    """Line 31 of docs/security.md."""
    assert trusted("{{ name|safe }} {{ x.y | safe }}") == ["name", "x.y"]
    folder = APP / "templates"
    texts = {str(f.relative_to(folder)): f.read_text("utf-8") for f in folder.rglob("*.html")}
    assert {name: found for name, text in texts.items() if (found := trusted(text))} == {}
    assert {name for name, text in texts.items() if "autoescape false" in text} == _UNESCAPED


def test_no_script_makes_html_of_text():
    """Line 31 of docs/security.md."""
    sinks = re.compile(
        r"\.(innerHTML|outerHTML)\s*[+]?=|insertAdjacentHTML|document\.write|\beval\("
    )
    assert sinks.search("row.innerHTML = name")
    scripts = sorted((APP / "static/js").rglob("*.js"))
    assert scripts
    assert [script.name for script in scripts if sinks.search(script.read_text("utf-8"))] == []
