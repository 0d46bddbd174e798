"""Every kind of message has its template, and every template somebody who posts it."""

import ast
from collections.abc import Iterator
from pathlib import Path

from app.config import ROOT
from app.rules.links import Purpose
from app.rules.subscriptions import Subscription

TEMPLATES = ROOT / "app/templates/mail"


def posted() -> Iterator[str]:
    """Every kind that is given to `outbox.post` as it stands there."""
    for path in (ROOT / "app").rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and ast.unparse(call.func) == "outbox.post":
                kind = call.args[1]
                if isinstance(kind, ast.Constant):
                    yield str(kind.value)


def test_every_kind_has_its_template_and_every_template_is_posted():
    templates = {path.stem for path in TEMPLATES.glob("*.html")}
    assert templates == {*posted(), *Purpose, *Subscription}


def names(path: Path) -> set[str]:
    """The macros of a template, with what they ask for."""
    text = path.read_text(encoding="utf-8")
    return {line.split("%}")[0].strip() for line in text.split("{% macro ")[1:]}


def test_text_and_page_draw_with_the_same_names():
    assert names(TEMPLATES / "draw/page.html") == names(TEMPLATES / "draw/text.html")
