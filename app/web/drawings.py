"""The pets as pictures. Each is drawn once by its template and then cached."""

from collections.abc import Callable
from functools import lru_cache

from flask import Flask
from markupsafe import Markup, escape

# Of some 1400 that there are, of 3 kB each: those that are seen often, in every worker.
_CACHED = 400


def init_app(app: Flask) -> None:
    """Give the templates `draw_pet`."""
    app.jinja_env.globals["draw_pet"] = _drawer(app)


def _drawer(app: Flask) -> Callable[..., Markup]:
    @lru_cache(_CACHED)
    def drawing(species: str, coat: str, stage: str, mood: str, cracks: int) -> str:
        macro = app.jinja_env.get_template("pets/art/pet.html").module.pet  # type: ignore[attr-defined]
        return _folded(macro(species, coat, stage, mood, cracks))

    def draw_pet(
        species: str, coat: str, stage: str, mood: str, cracks: int = 0, label: str = ""
    ) -> Markup:
        """Return the pet as an `<svg>`: a picture named `label`, or one that adds no words."""
        said = f'role="img" aria-label="{escape(label)}"' if label else 'aria-hidden="true"'
        shown = drawing(species, coat, stage, mood, cracks if stage == "egg" else 0)
        return Markup(shown.replace("<svg", f"<svg {said}", 1))

    return draw_pet


def _folded(drawn: str) -> str:
    return " ".join(drawn.split()).replace("> <", "><").replace(" />", "/>").replace('" >', '">')
