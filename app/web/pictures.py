"""Pictures as SVG: the pets, the finds, and the line drawings of the Lucide set.

Each is drawn once and then cached.
"""

from collections.abc import Callable
from functools import cache, lru_cache
from importlib import resources
from xml.etree import ElementTree
from zipfile import ZipFile

from flask import Flask
from markupsafe import Markup, escape

_SVG = "http://www.w3.org/2000/svg"
# Pets, of some 1400 that there are, of 3 kB each: those that are seen often, in every worker.
_CACHED = 400


def init_app(app: Flask) -> None:
    """Give the templates `draw_pet`, `draw_find` and `draw_icon`. The static files are there."""
    sprites = app.extensions["assets"].single

    def draw_find(month: int, number: int) -> Markup:
        """Return the picture of find `number`, 0 to 7, of a month, 1 to 12."""
        sprite = sprites[f"finds/{month:02}.svg"]
        return Markup(
            f'<svg class="find" viewBox="0 0 24 24" aria-hidden="true">'
            f'<use href="{sprite}#f{number}"/></svg>'
        )

    app.jinja_env.globals.update(draw_icon=draw_icon, draw_find=draw_find, draw_pet=_drawer(app))


@cache
def draw_icon(name: str) -> Markup:
    """Return the icon as an inline SVG that takes colour and size from its surroundings.

    `name` is that of the Lucide set; raises KeyError for one that is not in it.
    """
    svg = ElementTree.fromstring(_sources()[name])
    for element in svg.iter():
        element.tag = element.tag.removeprefix(f"{{{_SVG}}}")
    svg.attrib.update({"aria-hidden": "true", "class": "icon"})
    drawn = ElementTree.tostring(svg, encoding="unicode")
    return Markup(" ".join(drawn.split()).replace("> <", "><"))


@cache
def _sources() -> dict[str, bytes]:
    # The library itself opens its archive, with all its 1700 entries, for every icon anew: 15 ms
    # each, and half a second for the first look at a form that offers them.
    archive = resources.files("lucide").joinpath("lucide.zip")
    with archive.open("rb") as file, ZipFile(file) as icons:
        return {name.removesuffix(".svg"): icons.read(name) for name in icons.namelist()}


def _drawer(app: Flask) -> Callable[..., Markup]:
    @lru_cache(_CACHED)
    def drawing(species: str, coat: str, stage: str, mood: str, cracks: int, hammock: bool) -> str:
        macro = app.jinja_env.get_template("pets/art/pet.html").module.pet  # type: ignore[attr-defined]
        return _folded(macro(species, coat, stage, mood, cracks, hammock))

    def draw_pet(
        species: str,
        coat: str,
        stage: str,
        mood: str,
        cracks: int = 0,
        label: str = "",
        hammock: bool = False,
    ) -> Markup:
        """Return the pet as an `<svg>`: a picture named `label`, or one that adds no words.

        Asleep it may lie in its `hammock`.
        """
        said = f'role="img" aria-label="{escape(label)}"' if label else 'aria-hidden="true"'
        cracks = cracks if stage == "egg" else 0
        shown = drawing(species, coat, stage, mood, cracks, hammock and mood == "asleep")
        return Markup(shown.replace("<svg", f"<svg {said}", 1))

    return draw_pet


def _folded(drawn: str) -> str:
    return " ".join(drawn.split()).replace("> <", "><").replace(" />", "/>").replace('" >', '">')
