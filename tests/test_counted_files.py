"""The fence round the private parts of prometheus_client: each is named, and used in one file."""

import ast
import importlib
import inspect
from importlib.metadata import version
from pathlib import Path

import pytest

from app.config import ROOT
from app.infra import counted_files

HOME = Path(counted_files.__file__)
# What is used, and what it must take: None where only its being there counts.
PRIVATE = {
    "values.ValueClass._multiprocess": None,
    "values.MultiProcessValue": ["process_identifier"],
    "mmap_dict.MmapedDict.read_all_values_from_file": ["filename"],
    "multiprocess.MultiProcessCollector.merge": ["files", "accumulate"],
}
# Modules of which what the library documents is imported.
PUBLIC = {"prometheus_client", "prometheus_client.metrics_core", "prometheus_client.registry"}


def moved(name: str) -> str:
    return (
        f"prometheus_client {version('prometheus-client')} has no {name} as"
        f" {HOME.relative_to(ROOT)} uses it: look where it went, or keep the version before."
    )


@pytest.mark.parametrize(("name", "takes"), PRIVATE.items())
def test_what_is_private_is_where_it_was(name: str, takes: list[str] | None):
    module, *path = name.split(".")
    try:
        found = importlib.import_module(f"prometheus_client.{module}")
        for part in path:
            found = getattr(found, part)
    except (ImportError, AttributeError):
        pytest.fail(moved(name), pytrace=False)
    if takes is not None:
        assert list(inspect.signature(found).parameters) == takes, moved(name)


def test_a_metric_takes_its_class_from_where_it_is_replaced():
    metrics = importlib.import_module("prometheus_client.metrics")
    source = inspect.getsource(metrics)
    assert "values.ValueClass(" in source, moved("values.ValueClass")


def test_nothing_else_of_it_is_used_and_nowhere_else():
    used = {
        (path, f"{node.module}.{alias.name}")
        for path in (ROOT / "app").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("prometheus_client")
        for alias in node.names
        if node.module not in PUBLIC or alias.name == "values"
    }
    named = {f"prometheus_client.{'.'.join(name.split('.')[:2])}" for name in PRIVATE}
    named = {name for name in named if ".values." not in name} | {"prometheus_client.values"}
    assert used == {(HOME, name) for name in named}
