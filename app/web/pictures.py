"""Small pictures by name: the line drawings of the Lucide set, and the finds."""

from functools import cache
from importlib import resources
from xml.etree import ElementTree
from zipfile import ZipFile

from flask import Flask
from markupsafe import Markup

_SVG = "http://www.w3.org/2000/svg"


def init_app(app: Flask) -> None:
    """Give the templates `draw_icon` and `draw_find`. The static files are there already."""
    sprites = app.extensions["assets"].single

    def draw_find(month: int, number: int) -> Markup:
        """Return the picture of find `number`, 0 to 7, of a month, 1 to 12."""
        sprite = sprites[f"finds/{month:02}.svg"]
        return Markup(
            f'<svg class="find" viewBox="0 0 24 24" aria-hidden="true">'
            f'<use href="{sprite}#f{number}"/></svg>'
        )

    app.jinja_env.globals.update(draw_icon=draw_icon, draw_find=draw_find)


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
