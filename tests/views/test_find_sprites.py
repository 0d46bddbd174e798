"""The drawings of the finds: small, whole, and with nothing in them that the page would refuse."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from app.rules.finds import A_MONTH, NAMES

SPRITES = Path(__file__).parents[2] / "app/static/finds"
MONTHS = [f"{month:02}" for month in range(1, len(NAMES) + 1)]
SVG = "{http://www.w3.org/2000/svg}"
DRAWN = {"svg", "symbol", "path", "circle", "ellipse", "rect"}


def test_there_is_a_sprite_for_every_month():
    assert sorted(path.stem for path in SPRITES.glob("*")) == MONTHS


@pytest.mark.parametrize("month", MONTHS)
def test_a_sprite_holds_a_small_drawing_for_every_name(month):
    text = (SPRITES / f"{month}.svg").read_text(encoding="utf-8")
    symbols = list(ElementTree.fromstring(text))

    assert [symbol.get("id") for symbol in symbols] == [f"f{number}" for number in range(A_MONTH)]
    assert all(symbol.get("viewBox") == "0 0 24 24" and len(symbol) for symbol in symbols)
    assert all(len(drawing) <= 300 for drawing in re.findall(r"<symbol.*?</symbol>", text))


@pytest.mark.parametrize("month", MONTHS)
def test_a_sprite_is_shapes_alone(month):
    for element in ElementTree.parse(SPRITES / f"{month}.svg").iter():
        assert element.tag.removeprefix(SVG) in DRAWN
        assert not {name for name in element.attrib if name == "style" or name.startswith("on")}
