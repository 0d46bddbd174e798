"""Tokens of programs: the list, and the page that makes one."""

from typing import Any

from flask import Blueprint, flash, request, url_for

from app.infra import clock, db
from app.infra.tokens import make
from app.operations import tokens as operations
from app.operations.tokens import NewToken
from app.queries import tokens as queries
from app.rules.errors import Invalid
from app.rules.factors import OFFER_HOLDS
from app.rules.language import _
from app.rules.scopes import Scope
from app.views.forms import TokenForm
from app.web import access, audit, htmx, sealed
from app.web.fresh import fresh
from app.web.once import once

bp = Blueprint("tokens", __name__)

NEW = "new token of a program"


@bp.get("/settings/tokens")
def index() -> Any:
    """Show the tokens that count."""
    with db.reading() as reading:
        found = queries.alive(reading, access.actor(), clock.now())
    return htmx.page("tokens/index.html", tokens=found)


@bp.get("/settings/tokens/new")
@fresh
def new() -> Any:
    """Show a token, which counts once that is confirmed."""
    return _new(TokenForm())


@bp.post("/settings/tokens")
@fresh
def create() -> Any:
    """Let the token that was shown count."""
    form, me = TokenForm(request.form), access.actor().user_id
    try:
        shown = sealed.unseal(NEW, form.secret.data or "", OFFER_HOLDS)
        whose, _blank, token = shown.partition(" ")
        if whose != str(me):
            raise ValueError("shown to somebody else")
    except ValueError:
        form.form_errors.append(_("That took long, so here is a new token."))
        return _new(form, 422)
    if not form.validate():
        return _new(form, 422, token)
    made = NewToken(token, form.name.data or "", Scope(form.scope.data))
    try:
        with once() as writing:
            if writing:
                operations.make(writing, access.actor(), made, audit.here())
    except Invalid as error:
        form.name.errors = error.errors["name"]
        return _new(form, 422, token)
    flash(_("The token counts from now on."))
    return htmx.go(url_for("tokens.index"))


@bp.post("/settings/tokens/<key:token_id>/end")
def end(token_id: int) -> Any:
    """End a token."""
    with once() as writing:
        if writing:
            operations.end(writing, access.actor(), token_id, audit.here())
    flash(_("That token has ended."))
    return htmx.redirect("tokens.index")


@bp.get("/settings/tokens/<key:token_id>/end")
def lead_to(token_id: int) -> Any:
    """Lead to the list on which a token stands."""
    with db.reading() as reading:
        queries.check_own(reading, access.actor(), token_id)
    return htmx.redirect("tokens.index")


def _new(form: TokenForm, status: int = 200, token: str = "") -> Any:
    me = access.actor().user_id
    token = token or f"{me}-{make()}"
    offer = sealed.seal(NEW, f"{me} {token}")
    return htmx.page("tokens/new.html", status, form=form, token=token, offer=offer)
