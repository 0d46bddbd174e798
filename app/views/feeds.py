"""The calendar feed: the page that makes its address, and what a calendar reads there."""

from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, abort, current_app, flash, request, url_for

from app.config import Settings
from app.infra import clock, db, tokens
from app.infra.limits import limiter
from app.operations import feeds as operations
from app.queries import feeds as queries
from app.rules.factors import OFFER_HOLDS
from app.rules.language import _
from app.views.forms import SecretForm
from app.web import access, audit, feeds, htmx, sealed
from app.web.fresh import fresh
from app.web.once import once

bp = Blueprint("feeds", __name__)

NEW_TOKEN = "new address of a feed"
_FOR = "private, max-age=900"


@bp.get("/settings/calendar")
def show() -> Any:
    """Show whether there is a feed."""
    return _page("feeds/show.html")


@bp.get("/settings/calendar/new")
@fresh
def new() -> Any:
    """Show an address, which counts once that is confirmed."""
    return _new(SecretForm())


@bp.post("/settings/calendar")
@fresh
def create() -> Any:
    """Let the address that was shown count, and none of before."""
    form = SecretForm(request.form)
    try:
        whose, _blank, token = sealed.unseal(
            NEW_TOKEN, form.secret.data or "", OFFER_HOLDS
        ).partition(" ")
        if whose != str(access.actor().user_id):
            raise ValueError("shown to somebody else")
    except ValueError:
        form.form_errors.append(_("That took long, so here is a new address."))
        return _new(form, 422)
    if not form.validate():
        return _new(form, 422)
    with once() as writing:
        if writing:
            operations.renew(writing, access.actor(), token, audit.here())
    flash(_("The address counts from now on."))
    return htmx.go(url_for("feeds.show"))


@bp.post("/settings/calendar/end")
def end() -> Any:
    """End the feed."""
    with once() as writing:
        if writing:
            operations.end(writing, access.actor(), audit.here())
    flash(_("The feed has ended."))
    return htmx.redirect("feeds.show")


@bp.get("/settings/calendar/end")
def lead_to() -> Any:
    """Lead to the page with the form."""
    return htmx.redirect("feeds.show")


@bp.get("/calendar/<token>.ics")
@access.public
@limiter.limit("60 per 10 minutes", key_func=access.address)
def read(token: str) -> Any:
    """Tell a calendar what was kept and what is going to be due; its address is the proof."""
    now = clock.now()
    with db.reading() as reading:
        who = queries.reader(reading, token, now)
        found = queries.feed(reading, who, now) if who else None
    if found is None:
        abort(404)
    answer = Response(feeds.written(found, _host()), mimetype="text/calendar")
    answer.headers["Cache-Control"] = _FOR
    answer.add_etag()
    return answer.make_conditional(request)


def _host() -> str:
    settings: Settings = current_app.extensions["settings"]
    return urlsplit(settings.origin).hostname or ""


def _new(form: SecretForm, status: int = 200) -> Any:
    me, settings = access.actor().user_id, current_app.extensions["settings"]
    token = f"{me}-{tokens.make()}"
    offer = sealed.seal(NEW_TOKEN, f"{me} {token}")
    # By the address that this page has, where no other is known.
    place = settings.public_url or request.host_url.rstrip("/")
    address = place + url_for("feeds.read", token=token)
    return _page("feeds/new.html", status, form=form, address=address, offer=offer)


def _page(template: str, status: int = 200, **values: Any) -> Any:
    with db.reading() as reading:
        since = queries.since(reading, access.actor().user_id)
    return htmx.page(template, status, since=since, **values)
