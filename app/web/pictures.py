"""Small pictures by name: the line drawings of the Lucide set, and the finds."""

from functools import lru_cache

from flask import Flask
from lucide.jinja import lucide
from markupsafe import Markup


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


@lru_cache
def draw_icon(name: str) -> Markup:
    """Return the icon as an inline SVG that takes colour and size from its surroundings."""
    svg = lucide(name, size=None, aria_hidden="true", **{"class": "icon"})
    return Markup(" ".join(str(svg).split()).replace("> <", "><"))
