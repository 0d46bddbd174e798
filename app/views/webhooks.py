"""Webhooks: the programs that are told what somebody does, and what became of it."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, current_app, flash, redirect, request, url_for

from app.config import Settings
from app.infra import db, signature
from app.operations import webhooks as operations
from app.queries import webhooks as queries
from app.rules.errors import Invalid
from app.rules.factors import OFFER_HOLDS
from app.rules.language import _
from app.rules.webhooks import MOST, TRIAL, Event, Failure
from app.views.forms import SecretForm, WebhookForm, event_words
from app.web import access, audit, htmx, sealed
from app.web.fresh import fresh
from app.web.once import once
from app.web.webhooks import NEW_SECRET, SECRET, read_address

bp = Blueprint("webhooks", __name__)


@bp.get("/settings/webhooks")
def index() -> Any:
    """Show the webhooks."""
    with db.reading() as reading:
        mine = queries.listed(reading, access.actor().user_id)
    return htmx.page("webhooks/index.html", webhooks=mine, most=MOST)


@bp.get("/settings/webhooks/new")
@fresh
def new() -> Any:
    """Show the form of a new one, with the secret that it is going to have."""
    return _new(WebhookForm())


@bp.post("/settings/webhooks")
@fresh
def create() -> Any:
    """Add a webhook with the secret that was shown."""
    form = WebhookForm(request.form)
    try:
        secret = _offered(form.secret.data)
    except ValueError:
        form.form_errors.append(_too_late())
        return _new(form, 422)
    try:
        if form.validate():
            address, events = _address(form), _events(form)
            with once() as writing:
                if writing:
                    own = sealed.seal(SECRET, secret)
                    operations.add(writing, access.actor(), address, events, own, audit.here())
            flash(_("Added. It is told what happens from now on."))
            return htmx.go(url_for("webhooks.index"))
    except Invalid as error:
        form.refuse(error)
    return _new(form, 422, secret)


@bp.get("/settings/webhooks/<key:webhook_id>")
def show(webhook_id: int) -> Any:
    """Show one, with what it was told lately."""
    return _page(webhook_id)


@bp.post("/settings/webhooks/<key:webhook_id>")
@fresh
def update(webhook_id: int) -> Any:
    """Change where it is, what it is told, and whether."""
    form = WebhookForm(request.form)
    if not form.validate():
        return _page(webhook_id, 422, form)
    try:
        with once() as writing:
            if writing:
                operations.edit(
                    writing,
                    access.actor(),
                    webhook_id,
                    address=_address(form) if form.is_changed("address") else None,
                    events=_events(form) if form.is_changed("events") else None,
                    is_on=form.state.data == "on" if form.is_changed("state") else None,
                    place=audit.here(),
                )
    except Invalid as error:
        form.refuse(error)
        return _page(webhook_id, 422, form)
    flash(_("Saved."))
    return htmx.redirect("webhooks.show", webhook_id=webhook_id)


@bp.post("/settings/webhooks/<key:webhook_id>/trial")
def try_out(webhook_id: int) -> Any:
    """Tell it something, as a trial."""
    with once() as writing:
        if writing:
            operations.try_out(writing, access.actor(), webhook_id)
    flash(_("A trial is on its way. Reload this page in a moment to see what became of it."))
    return htmx.redirect("webhooks.show", webhook_id=webhook_id)


@bp.get("/settings/webhooks/<key:webhook_id>/trial")
def lead_to(webhook_id: int) -> Any:
    """Lead to the page with the form."""
    _mine(webhook_id)
    return redirect(url_for("webhooks.show", webhook_id=webhook_id), code=303)


@bp.get("/settings/webhooks/<key:webhook_id>/secret")
@fresh
def secret(webhook_id: int) -> Any:
    """Show another secret, which counts once that is confirmed."""
    return _secret_page(webhook_id, SecretForm())


@bp.post("/settings/webhooks/<key:webhook_id>/secret")
@fresh
def renew(webhook_id: int) -> Any:
    """Sign with the secret that was shown."""
    form = SecretForm(request.form)
    try:
        new_secret = _offered(form.secret.data)
    except ValueError:
        form.form_errors.append(_too_late())
        return _secret_page(webhook_id, form, 422)
    if not form.validate():
        return _secret_page(webhook_id, form, 422)
    with once() as writing:
        if writing:
            own = sealed.seal(SECRET, new_secret)
            operations.renew(writing, access.actor(), webhook_id, own, audit.here())
    flash(_("The new secret counts from now on."))
    return htmx.go(url_for("webhooks.show", webhook_id=webhook_id))


@bp.get("/settings/webhooks/<key:webhook_id>/remove")
def confirm(webhook_id: int) -> Any:
    """Ask whether it shall be removed."""
    return htmx.page("webhooks/confirm.html", webhook=_mine(webhook_id))


@bp.post("/settings/webhooks/<key:webhook_id>/remove")
def remove(webhook_id: int) -> Any:
    """Remove it: it is told nothing any more."""
    with once() as writing:
        if writing:
            operations.remove(writing, access.actor(), webhook_id, audit.here())
    flash(_("Removed. It is told nothing any more."))
    return htmx.go(url_for("webhooks.index"))


def _address(form: WebhookForm) -> str:
    settings: Settings = current_app.extensions["settings"]
    return read_address(form.address.data or "", plain=bool(settings.webhook_networks))


def _events(form: WebhookForm) -> Sequence[Event]:
    return [event for event in Event if event in (form.events.data or ())]


def _offered(offer: str | None) -> str:
    """Return the secret that a page has shown to the one who sends it back. Raises ValueError."""
    whose, _blank, shown = sealed.unseal(NEW_SECRET, offer or "", OFFER_HOLDS).partition(" ")
    if whose != str(access.actor().user_id):
        raise ValueError("shown to somebody else")
    return shown


def _offer(shown: str) -> str:
    return sealed.seal(NEW_SECRET, f"{access.actor().user_id} {shown}")


def _too_late() -> str:
    return _("That took long, so here is a new secret. Put this one away.")


def _mine(webhook_id: int) -> queries.Webhook:
    with db.reading() as reading:
        return queries.one(reading, access.actor().user_id, webhook_id)


def _new(form: WebhookForm, status: int = 200, shown: str | None = None) -> Any:
    shown = shown or signature.new_secret()
    return htmx.page("webhooks/new.html", status, form=form, secret=shown, offer=_offer(shown))


def _secret_page(webhook_id: int, form: SecretForm, status: int = 200) -> Any:
    shown = signature.new_secret()
    return htmx.page(
        "webhooks/secret.html",
        status,
        webhook=_mine(webhook_id),
        form=form,
        secret=shown,
        offer=_offer(shown),
    )


def _page(webhook_id: int, status: int = 200, form: WebhookForm | None = None) -> Any:
    me = access.actor().user_id
    with db.reading() as reading:
        webhook = queries.one(reading, me, webhook_id)
        told = queries.deliveries(reading, me, webhook_id)
    state = "off" if webhook.off_at else "on"
    drawn = {"address": webhook.address, "events": webhook.events, "state": state}
    return htmx.page(
        "webhooks/show.html",
        status,
        webhook=webhook,
        deliveries=told,
        form=form or WebhookForm(data=drawn),
        words=dict(event_words(), **{TRIAL: _("a trial")}),
        why=_why(),
    )


def _why() -> dict[str, str]:
    """Return what is said of each failure that has no status."""
    return {
        Failure.NAME: _("no host has this name"),
        Failure.FORBIDDEN: _("its address is not of the internet"),
        Failure.UNREACHED: _("nobody listens there"),
        Failure.CERTIFICATE: _("its certificate is not good"),
        Failure.SLOW: _("it took longer than ten seconds"),
        Failure.BROKEN: _("the connection ended"),
        Failure.SECRET: _("its secret cannot be read; make a new one"),
    }
