"""The stylesheets: every distance and every size of text is of the one scale in tokens.css."""

import re
from pathlib import Path

import pytest

CSS = Path(__file__).parent.parent / "app/static/css"
TOKENS = (CSS / "tokens.css").read_text(encoding="utf-8")
DEFINED = set(re.findall(r"(--[\w-]+):", TOKENS))
SHEETS = sorted(CSS.rglob("*.css"))
STYLED = [sheet for sheet in SHEETS if sheet.name != "tokens.css"]
MOST_LINES = 200

SPACES = re.compile(r"(margin|padding|scroll-margin|scroll-padding)(-\w+)*|(row-|column-)?gap")
TEXTS = {"font", "font-size", "line-height"}

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
# A property ends at its colon and begins a block, follows a declaration, or follows a block.
_DECLARATION = re.compile(r"(?<=[{};])\s*([a-z-]+):([^{};]+)(?=[;}])")
_NAMED = re.compile(r"var\((--[\w-]+)\)")
_LENGTH = re.compile(r"(?<![\w.-])-?\d*\.?\d+(%|[a-z]+)")
# Lengths that follow the window or a font, and so are on no scale.
_RELATIVE = {"em", "vw", "vh", "dvb", "%"}

# What is drawn in the units of a picture: (sheet, property, value).
EXCEPTIONS = {("year.css", "font-size", "10px")}


def declarations(css: str) -> list[tuple[str, str]]:
    """Return every (property, value) of a stylesheet, without its comments."""
    return [
        (name, " ".join(value.split()))
        for name, value in _DECLARATION.findall(_COMMENT.sub("", css))
    ]


def is_off_scale(name: str, value: str) -> bool:
    """Tell whether a distance or a size of text has a length that is no token."""
    if not (SPACES.fullmatch(name) or name in TEXTS):
        return False
    units, names = set(_LENGTH.findall(value)), set(_NAMED.findall(value))
    return not (units <= _RELATIVE and names <= DEFINED)


def off_scale(sheet: Path) -> set[tuple[str, str, str]]:
    """Return the (sheet, property, value) of every distance and size that is no token."""
    found = declarations(sheet.read_text(encoding="utf-8"))
    return {(sheet.name, name, value) for name, value in found if is_off_scale(name, value)}


@pytest.mark.parametrize("sheet", STYLED, ids=lambda sheet: sheet.stem)
def test_distances_and_sizes_of_text_are_of_the_scale(sheet: Path):
    assert off_scale(sheet) <= EXCEPTIONS


def test_no_exception_is_left_over():
    assert set().union(*map(off_scale, STYLED)) == EXCEPTIONS


@pytest.mark.parametrize(
    "css",
    [
        "a{gap:6px}",
        "a { color: red; margin-block-start: -0.375rem }",
        "a { & b { x: y } padding: var(--space-8) 0.625rem; }",
        "a { font: 700 1.25rem/1 serif; }",
        "a { /* ; */ font-size: clamp(0.6rem, 2vw, var(--type-13)); }",
        "a { line-height: 22px; }",
        "a { --own: 6px; padding: var(--own); }",
    ],
)
def test_a_length_of_its_own_is_seen(css: str):
    assert [is_off_scale(*found) for found in declarations(css)].count(True) == 1


@pytest.mark.parametrize(
    "css",
    [
        "a { margin: 0 auto; padding-block: var(--space-8) 0; }",
        "a { gap: clamp(var(--space-8), 3vw, calc(-1 * var(--space-12))); }",
        "a { font: 600 var(--type-15)/1.5 var(--round); inline-size: 7rem; }",
    ],
)
def test_a_token_may_stand_anywhere(css: str):
    assert not any(is_off_scale(*found) for found in declarations(css))


def test_every_token_is_defined_and_every_step_of_the_scales_is_used():
    used = set(re.findall(r"var\((--(?:space|type|line)-\d+)\)", "".join(map(_text, SHEETS))))
    defined = re.findall(r"(--(?:space|type|line)-\d+):", TOKENS)
    assert sorted(defined) == sorted(used)


def test_a_step_is_named_by_its_pixels():
    steps = re.findall(r"--(?:space|type|line)-(\d+): ([\d.]+)rem;", TOKENS)
    assert len(steps) > 20
    assert [int(pixels) for pixels, _rem in steps] == [float(rem) * 16 for _px, rem in steps]


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.stem)
def test_a_sheet_is_read_at_one_sitting(sheet: Path):
    assert len(_text(sheet).splitlines()) <= MOST_LINES


def _text(sheet: Path) -> str:
    return sheet.read_text(encoding="utf-8")
