"""The companion: look, rename, choose."""

from typing import Any

from flask import Blueprint, flash, request

from app.infra import clock, db
from app.operations import pets as pet_operations
from app.queries import pets as pet_queries
from app.rules.language import _
from app.views import access, htmx
from app.views.forms import PetForm

bp = Blueprint("pets", __name__)


@bp.get("/pet")
def show() -> Any:
    """Show the companion."""
    return _page()


@bp.post("/pet")
def update() -> Any:
    """Name the companion and choose its kind. A field that is not sent stays as it is."""
    form = PetForm(request.form)
    if not form.validate():
        return _page(form, 422)
    with db.transaction() as writing:
        pet_operations.care(
            writing,
            access.me(),
            name=form.name.data if "name" in request.form else None,
            species=form.species.data if "species" in request.form else None,
        )
    flash(_("Saved."))
    return htmx.see("pets.show")


def _page(form: PetForm | None = None, status: int = 200) -> Any:
    with db.reading() as reading:
        pet = pet_queries.card(reading, access.claims(), clock.now())
    form = form or PetForm(data={"name": pet.name, "species": pet.species})
    return htmx.page("pets/show.html", status, pet=pet, form=form)
