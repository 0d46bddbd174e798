"""Every sentence can be translated: it goes through `_()`, and the translators' template has it."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import Environment, nodes

ROOT = Path(__file__).parent.parent
TEMPLATES = ROOT / "app/templates"
POT = ROOT / "app/translations/messages.pot"
SPEAKS = {"_", "lazy", "ngettext"}
# These hand on what they are given.
HAND_ON = {"rules/language.py", "web/filters.py"}

# A word of three letters or more is language. The guide to the style speaks to developers.
WORD = re.compile(r"[^\W\d_]{3,}")
NOT_SHOWN_TO_USERS = "style/"
# Attributes that are read out or shown.
SAID = {"alt", "aria-description", "aria-label", "aria-roledescription", "placeholder", "title"}
# Macros hold attributes that stand in no tag until they are called.
ATTRIBUTE = re.compile(r'([\w:-]+)="([^"]*)"')
# A text inside an expression that looks like a sentence, and not like a name or a class.
SENTENCE = re.compile(r"[A-Z][a-z]{2,}|[a-z]{3,} [a-z]{3,}[.…?!]")


class _Bare(HTMLParser):
    """Finds the words of a page that are neither markup nor expression."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in {"script", "style"}
        self._read(attrs)

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in {"script", "style"}

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self._read(ATTRIBUTE.findall(data))
            self.words += WORD.findall(ATTRIBUTE.sub("", data))

    def _read(self, attributes: Iterable[tuple[str, str | None]]) -> None:
        for name, value in attributes:
            if name in SAID:
                self.words += WORD.findall(value or "")


def bare_words(environment: Environment, source: str) -> list[str]:
    """Return the words that stand in a template outside of every expression and every tag."""
    page = ""
    for _line, kind, value in environment.lex(source):
        if kind == "data":
            page += value
        elif kind == "variable_begin":
            # A tag whose name is an expression stays a tag.
            page += "x" if page.endswith(("<", "</")) else " "
    parser = _Bare()
    parser.feed(page)
    parser.close()
    return parser.words


def bare_sentences(environment: Environment, source: str) -> list[str]:
    """Return the texts inside expressions that look like sentences and are not translated."""
    tree = environment.parse(source)
    said = {
        id(const)
        for call in tree.find_all(nodes.Call)
        if isinstance(call.node, nodes.Name) and call.node.name in SPEAKS
        for const in call.find_all(nodes.Const)
    }
    return [
        const.value
        for const in tree.find_all(nodes.Const)
        if id(const) not in said and isinstance(const.value, str) and SENTENCE.search(const.value)
    ]


def templates() -> Iterator[Path]:
    for path in sorted(TEMPLATES.rglob("*.html")):
        if not path.relative_to(TEMPLATES).as_posix().startswith(NOT_SHOWN_TO_USERS):
            yield path


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("<p>Nothing here yet.</p>", ["Nothing", "here", "yet"]),
        ('<p class="empty">{{ _("Nothing here yet.") }}</p>', []),
        ('<a aria-label="Next page" href="{{ url }}">→</a>', ["Next", "page"]),
        ('<a href="{{ url }}" {% if here %}aria-current="page"{% endif %}>{{ word }}</a>', []),
        ("<{{ level }} class=title>{{ name }}</{{ level }}>", []),
        ("{# A comment. #}{% if a %}or{% endif %} · &amp; 7 XP", []),
        ("{% if kept %}kept{% endif %}", ["kept"]),
        ("{{ a }}{{ b }}{{ c }}{{ d }}", []),
        ('{% macro held(a) %}data-held="{{ a }}" title="Mine"{% endmacro %}', ["Mine"]),
    ],
)
def test_bare_words_are_found(source: str, words: list[str]):
    assert bare_words(Environment(), source) == words


@pytest.mark.parametrize(
    ("source", "sentences"),
    [
        ('{{ press(url, "Restore") }}', ["Restore"]),
        ('{{ press(url, _("Restore"), "habit", class="button quiet") }}', []),
        ('{{ field(f, hint="two minutes are enough.") }}', ["two minutes are enough."]),
    ],
)
def test_bare_sentences_are_found(source: str, sentences: list[str]):
    assert bare_sentences(Environment(), source) == sentences


@pytest.mark.parametrize(
    "path", list(templates()), ids=lambda path: str(path.relative_to(TEMPLATES))
)
def test_a_template_says_nothing_that_is_not_translated(shared_app: Flask, path: Path):
    source = path.read_text(encoding="utf-8")
    assert bare_words(shared_app.jinja_env, source) == []
    assert bare_sentences(shared_app.jinja_env, source) == []


def test_what_is_translated_is_a_text_and_not_a_variable():
    for path in sorted((ROOT / "app").rglob("*.py")):
        if path.relative_to(ROOT / "app").as_posix() in HAND_ON:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in SPEAKS:
                texts = node.args[: 2 if ast.unparse(node.func) == "ngettext" else 1]
                literal = all(isinstance(text, ast.Constant) for text in texts)
                assert literal, f"{path}:{node.lineno} cannot be gathered: {ast.unparse(node)}"


def test_the_template_of_the_translators_is_current(tmp_path: Path):
    fresh = tmp_path / "messages.pot"
    folder = Path(sys.executable).parent
    # The environment stands: this very test runs in it.
    command = ["make", "--silent", "--assume-old=.venv/.ready", "words"]
    subprocess.run([*command, f"POT={fresh}", f"VENV={folder}"], cwd=ROOT, check=True)
    assert fresh.read_text(encoding="utf-8") == POT.read_text(encoding="utf-8"), "run make words"
