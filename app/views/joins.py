"""Sign up by the link of a letter: the address is known, the rest is asked."""

from typing import Any

from flask import Blueprint, request, url_for

from app.infra import db, passwords
from app.operations import joins
from app.rules.errors import Invalid, LinkSpent
from app.rules.links import Purpose
from app.views import links
from app.views.account_forms import JoinForm
from app.views.accounts import registration
from app.views.sessions import arrive, recognise
from app.web import access, audit, formats

bp = Blueprint("joins", __name__)

_SPENT = "accounts.new"


@bp.get("/join")
@access.public
def new() -> Any:
    """Ask for a password and the zone."""
    link = links.look(Purpose.JOIN)
    return links.page("joins/new.html", link, form=JoinForm()) if link else links.spent(_SPENT)


@bp.post("/join")
@access.public
def create() -> Any:
    """Make the account with its egg, sign in, and lead to the first steps.

    Sent twice, it finds the account, and signs in to that.
    """
    link = links.look(Purpose.JOIN)
    if link is None:
        return links.spent(_SPENT)
    form = JoinForm(request.form)
    form.address = link.email
    if not form.validate():
        return links.page("joins/new.html", link, 422, form=form)
    password = form.password.data or ""
    password_hash = passwords.hash_password(password)
    try:
        with db.transaction() as writing:
            begun = joins.join(
                writing,
                links.token(),
                password_hash,
                form.timezone.data or "",
                registration=registration(),
                key=links.key(),
                week_start=formats.first_day_of_week(request.accept_languages.values()),
                place=audit.here(),
            )
    except LinkSpent:
        return links.spent(_SPENT)
    except Invalid as error:
        known = recognise(link.email, password, links.key())
        if known is None:
            form.form_errors.append(error.sentence)
            return links.page("joins/new.html", link, 422, form=form)
        return arrive(known, url_for("welcome.show"))
    return arrive(begun, url_for("welcome.show"))
