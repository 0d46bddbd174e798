"""Where you are signed in: the list, and how to end what is not yours any more."""

from typing import Any

from flask import Blueprint, flash, redirect, url_for

from app.infra import clock, db
from app.operations import sessions
from app.queries import sessions as queries
from app.rules.language import _
from app.rules.places import is_handheld
from app.web import access, audit, htmx
from app.web.fresh import fresh
from app.web.once import once

bp = Blueprint("sign_ins", __name__)


@bp.get("/settings/sign-ins")
def index() -> Any:
    """Show the sign-ins that are alive, this one first."""
    with db.reading() as reading:
        this, *others = queries.alive(reading, access.actor(), clock.now())
    return htmx.page("sign_ins/index.html", this=this, others=others, is_handheld=is_handheld)


@bp.post("/settings/sign-ins/<key:session_id>/end")
@fresh
def end(session_id: int) -> Any:
    """End one other sign-in."""
    with once() as writing:
        if writing:
            sessions.end_other(writing, access.actor(), session_id, audit.here())
    flash(_("That sign-in has ended."))
    return htmx.redirect("sign_ins.index")


@bp.get("/settings/sign-ins/<key:session_id>/end")
def lead_to(session_id: int) -> Any:
    """Lead to the list on which a sign-in stands."""
    with db.reading() as reading:
        queries.check_own(reading, access.actor(), session_id)
    return redirect(url_for("sign_ins.index"), code=303)


@bp.post("/settings/sign-ins/end-others")
@fresh
def end_others() -> Any:
    """End all sign-ins but this one."""
    with once() as writing:
        if writing:
            sessions.end_other(writing, access.actor(), None, audit.here())
    flash(_("All other sign-ins have ended."))
    return htmx.redirect("sign_ins.index")


@bp.get("/settings/sign-ins/end-others")
def lead_to_all() -> Any:
    """Lead to the list."""
    return redirect(url_for("sign_ins.index"), code=303)
