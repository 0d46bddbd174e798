"""The house rule, held by a test: imports point down, none hides, time has one door."""

import ast
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path

APP = Path(__file__).parent.parent / "app"
MODULES = sorted(APP.rglob("*.py"))

# What each floor may import of the app, itself included. `app` is the factory.
BELOW = {
    "rules": {"rules"},
    "infra": {"infra"},
    "models": {"models", "infra", "rules"},
    "facts": {"facts", "models", "infra", "rules"},
    "operations": {"operations", "facts", "models", "infra", "rules"},
    "queries": {"queries", "facts", "models", "infra", "rules"},
    "web": {"web", "operations", "queries", "models", "infra", "rules", "config"},
    "views": {"views", "web", "operations", "queries", "models", "infra", "rules", "config"},
    "jobs": {"jobs", "web", "operations", "queries", "models", "infra", "rules", "config"},
    "cli": {"cli", "jobs", "operations", "queries", "models", "infra", "rules", "config"},
    "config": {"config"},
    "serve": {"infra", "config"},
    "publish": {"web"},
    "workers": {"web", "infra", "config"},
    "app": {"cli", "config", "views", "web", "operations", "queries", "models", "infra", "rules"},
}
# Flask and its family: web, the views, the doors beside them, and the extension objects of infra.
WEB = {"flask", "flask_login", "flask_limiter", "flask_sqlalchemy", "flask_migrate", "werkzeug"}
MAY_USE_WEB = {"views", "web", "jobs", "cli", "app"}
INFRA_EXTENSIONS = {"flask_sqlalchemy", "flask_limiter"}
STANDARD_FOR_RULES = {
    "bisect", "calendar", "collections", "contextvars", "dataclasses", "datetime", "enum",
    "functools", "gettext", "html", "ipaddress", "itertools", "json", "math", "operator", "re",
    "typing", "unicodedata", "zoneinfo",
}  # fmt: skip
CLOCKS = {"now", "utcnow", "today"}


def floor_of(path: Path) -> str:
    first = path.relative_to(APP).parts[0].removesuffix(".py")
    return "app" if first == "__init__" else first


def name_of(path: Path) -> str:
    parts = path.relative_to(APP.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports_of(tree: ast.AST) -> Iterator[tuple[ast.stmt, str]]:
    """Yield every import with the dotted name of what it takes, submodules spelled out."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node, alias.name
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are written out in full"
            for alias in node.names:
                yield node, f"{node.module}.{alias.name}"


@cache
def parse(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def by_name(path: Path) -> str:
    return str(path.relative_to(APP))


def test_imports_point_down():
    wrong = [
        f"{by_name(path)} imports {name}"
        for path in MODULES
        for _node, name in imports_of(parse(path))
        if name.startswith("app.") and name.split(".")[1] not in BELOW[floor_of(path)]
    ]
    assert wrong == []


def test_no_import_hides_inside_a_function():
    hidden = [
        f"{by_name(path)}: {name}"
        for path in MODULES
        for function in ast.walk(parse(path))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for _node, name in imports_of(function)
    ]
    assert hidden == []


def test_flask_is_known_to_web_and_views_alone():
    for path in MODULES:
        floor = floor_of(path)
        used = {name.split(".")[0] for _node, name in imports_of(parse(path))} & WEB
        if floor not in MAY_USE_WEB:
            assert used <= (INFRA_EXTENSIONS if floor == "infra" else set()), by_name(path)


def test_rules_stand_on_the_standard_library():
    for path in sorted((APP / "rules").glob("*.py")):
        used = {name.split(".")[0] for _node, name in imports_of(parse(path))}
        assert used <= STANDARD_FOR_RULES | {"app"}, by_name(path)


def test_the_clock_is_read_in_one_place():
    kinds = {"date", "datetime", "datetime.date", "datetime.datetime"}
    read = {
        by_name(path)
        for path in MODULES
        for call in ast.walk(parse(path))
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and call.func.attr in CLOCKS
        and ast.unparse(call.func.value) in kinds
    }
    assert read == {"infra/clock.py"}


def test_the_environment_is_read_in_one_place():
    read = {
        by_name(path)
        for path in MODULES
        for name in ast.walk(parse(path))
        if isinstance(name, ast.Attribute)
        and name.attr in {"environ", "getenv", "environb"}
        and ast.unparse(name.value) == "os"
    }
    assert read == {"config/__init__.py"}


def test_modules_import_each_other_in_no_circle():
    names = {name_of(path) for path in MODULES}
    graph: dict[str, set[str]] = {}
    for path in MODULES:
        graph[name_of(path)] = {
            target
            for _node, taken in imports_of(parse(path))
            for target in (taken, taken.rpartition(".")[0])
            if target in names and target != name_of(path) and not _is_package_of(target, path)
        }
    done: set[str] = set()

    def visit(name: str, trail: tuple[str, ...]) -> None:
        assert name not in trail, " → ".join((*trail[trail.index(name) :], name))
        if name not in done:
            for target in graph[name]:
                visit(target, (*trail, name))
            done.add(name)

    for name in graph:
        visit(name, ())


def _is_package_of(target: str, path: Path) -> bool:
    """A module of a package names the package when it imports its sibling."""
    return name_of(path).startswith(f"{target}.")


def test_nobody_imports_the_factory():
    for path in MODULES:
        assert "app.create_app" not in {name for _node, name in imports_of(parse(path))}


BROWSER_TESTS = sorted((APP.parent / "tests" / "browser").glob("test_*.py"))
PRESSES, LEAVES = {"click", "dblclick", "press", "tap"}, {"goto", "reload", "close", "truth"}


def called_in(statement: ast.stmt) -> set[str]:
    calls = [n.func for n in ast.walk(statement) if isinstance(n, ast.Call)]
    return {func.attr for func in calls if isinstance(func, ast.Attribute)}


def test_no_page_is_left_before_what_was_pressed_is_seen():
    """Where the machine is busy the request has not begun by then, and leaving takes it back."""
    hurried = [
        f"{path.name}:{then.lineno}"
        for path in BROWSER_TESTS
        for node in ast.walk(parse(path))
        if isinstance(block := getattr(node, "body", None), list)
        for pressed, then in pairwise(block)
        if isinstance(pressed, ast.Expr) and called_in(pressed) & PRESSES
        if called_in(then) & LEAVES
    ]
    assert hurried == []
