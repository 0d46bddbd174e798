"""The pets as pictures: every species in every stage and mood, small and plain."""

import re
from collections.abc import Callable
from itertools import product
from xml.etree import ElementTree

import pytest
from flask import Flask
from markupsafe import Markup

from app.rules.levels import Stage
from app.rules.mood import Mood
from app.rules.names import COATS, SPECIES

DrawPet = Callable[..., Markup]

_TAGS = {"svg", "g", "path", "ellipse", "circle"}
_ATTRIBUTES = {
    "class", "viewBox", "aria-hidden", "role", "aria-label", "data-species", "data-coat",
    "data-stage", "data-mood", "d", "cx", "cy", "r", "rx", "ry", "transform", "opacity",
}  # fmt: skip
_COLOURS = set("abcdegklrstw") | {"sh", "hi", "zl", "glow"}
_MOVING = {"toy", "tail", "body", "head", "eyes", "s", "heart", "z", "lid"}
_GROWN_UP = tuple(stage for stage in Stage if stage is not Stage.EGG)


@pytest.fixture
def draw_pet(app: Flask) -> DrawPet:
    """The function that the templates have."""
    return app.jinja_env.globals["draw_pet"]


def _elements(drawn: str) -> list[ElementTree.Element]:
    return list(ElementTree.fromstring(drawn).iter())


def _count(drawn: str, word: str) -> int:
    return sum(word in element.get("class", "").split() for element in _elements(drawn))


@pytest.mark.parametrize("species", SPECIES)
def test_every_drawing_is_small_and_plain(draw_pet: DrawPet, species: str):
    for stage, mood, cracks in product(Stage, Mood, range(4)):
        drawn = draw_pet(species, "own", stage, mood, cracks)
        where = f"{species} {stage} {mood} {cracks}"
        assert len(drawn.encode()) <= 4096, where
        for element in _elements(drawn):
            assert element.tag in _TAGS, where
            assert _ATTRIBUTES.issuperset(element.keys()), where
            assert not (element.text or "").strip(), where


@pytest.mark.parametrize("species", SPECIES)
def test_numbers_have_one_decimal_at_most(draw_pet: DrawPet, species: str):
    for stage, mood in product(Stage, Mood):
        for element in _elements(draw_pet(species, "own", stage, mood, 3)):
            assert not re.search(r"\d\.\d\d", element.get("d", "")), (species, stage, mood)


@pytest.mark.parametrize("species", SPECIES)
def test_every_shape_has_a_colour_that_the_stylesheet_knows(draw_pet: DrawPet, species: str):
    for stage, mood in product(Stage, Mood):
        root = ElementTree.fromstring(draw_pet(species, "own", stage, mood, 3))
        inherited = {root: False}
        for parent in root.iter():
            classes = set(parent.get("class", "").split())
            coloured = inherited[parent] or bool(classes & _COLOURS)
            assert coloured or parent.tag in {"svg", "g"}, (stage, mood, parent.attrib)
            inherited.update(dict.fromkeys(parent, coloured))


@pytest.mark.parametrize("species", SPECIES)
def test_the_parts_that_move_have_the_names_that_the_stylesheet_moves(
    draw_pet: DrawPet, species: str
):
    for stage, mood in product(_GROWN_UP, Mood):
        drawn = draw_pet(species, "own", stage, mood)
        for part in ("toy", "s", "body", "head", "eyes", "mouth"):
            assert _count(drawn, part) == 1, (stage, mood, part)
        assert _count(drawn, "shut") == (mood in {Mood.PROUD, Mood.ASLEEP})


@pytest.mark.parametrize("species", SPECIES)
def test_what_moves_is_placed_by_something_around_it(draw_pet: DrawPet, species: str):
    # The origin that the stylesheet turns a part around would move its placing, too.
    for stage, mood in product(Stage, Mood):
        for element in _elements(draw_pet(species, "own", stage, mood)):
            if _MOVING.intersection(element.get("class", "").split()):
                assert element.get("transform") is None, (stage, mood, element.attrib)


@pytest.mark.parametrize("species", SPECIES)
def test_all_looks_of_a_species_differ(draw_pet: DrawPet, species: str):
    shown = {
        re.sub(r'data-\w+="\w+"', "", draw_pet(species, "own", stage, mood))
        for stage, mood in product(_GROWN_UP, Mood)
    }
    assert len(shown) == len(_GROWN_UP) * len(Mood)


def test_each_species_has_a_pattern_of_its_own_on_the_egg(draw_pet: DrawPet):
    eggs = {draw_pet(species, "own", "egg", "content").replace(species, "") for species in SPECIES}
    assert len(eggs) == len(SPECIES)


@pytest.mark.parametrize("species", SPECIES)
def test_the_props_tell_the_mood(draw_pet: DrawPet, species: str):
    proud = draw_pet(species, "own", "majestic", "proud")
    assert (_count(proud, "heart"), _count(proud, "z")) == (2, 0)
    asleep = draw_pet(species, "own", "majestic", "asleep")
    assert (_count(asleep, "heart"), _count(asleep, "z"), _count(asleep, "sparkle")) == (0, 2, 0)
    assert _count(draw_pet(species, "own", "majestic", "content"), "sparkle") == 1
    assert _count(draw_pet(species, "own", "grown", "content"), "sparkle") == 0


def test_only_a_hatchling_has_a_shell_and_a_lid(draw_pet: DrawPet):
    for species, stage in product(SPECIES, Stage):
        drawn = draw_pet(species, "own", stage, "content")
        expected = stage is Stage.HATCHLING
        assert (_count(drawn, "shell"), _count(drawn, "lid")) == (expected, expected)


def test_an_egg_shows_its_cracks_and_nothing_else_does(draw_pet: DrawPet):
    lengths = [len(draw_pet("fox", "own", "egg", "content", cracks)) for cracks in range(4)]
    assert lengths == sorted(set(lengths))
    assert draw_pet("fox", "own", "young", "happy", 3) == draw_pet("fox", "own", "young", "happy")


def test_an_egg_glows_on_a_day_with_something_kept(draw_pet: DrawPet):
    glowing = {mood for mood in Mood if "glow" in draw_pet("owl", "own", "egg", mood)}
    assert glowing == {Mood.HAPPY, Mood.PROUD}


def test_a_coat_changes_colours_alone(draw_pet: DrawPet):
    own = draw_pet("cat", "own", "grown", "happy")
    assert "data-coat" not in own
    for coat in COATS[1:]:
        drawn = draw_pet("cat", coat, "grown", "happy")
        assert drawn.replace(f' data-coat="{coat}"', "") == own


def test_a_drawing_says_nothing_unless_it_has_a_label(draw_pet: DrawPet):
    silent = ElementTree.fromstring(draw_pet("fox", "own", "young", "happy"))
    assert (silent.get("class"), silent.get("aria-hidden")) == ("pet-art", "true")
    named = draw_pet("fox", "own", "young", "happy", label='Miso "<b>"')
    root = ElementTree.fromstring(named)
    assert (root.get("role"), root.get("aria-label")) == ("img", 'Miso "<b>"')
    assert root.get("aria-hidden") is None
