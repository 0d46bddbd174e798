"""Passkeys: sign in by one, make one, remove one."""

from typing import Any

from flask import Blueprint, flash, redirect, request, url_for

from app.infra import db
from app.infra.limits import limiter
from app.operations import factors as operations
from app.operations import second_step
from app.queries import factors as queries
from app.rules.errors import Disabled, Invalid
from app.rules.identity import Actor
from app.rules.language import _
from app.views.account_forms import FactorForm, PasskeyForm, SignInForm
from app.views.factors import lead_on, name_page
from app.views.sessions import arrive, local, sign_in_page
from app.web import access, audit, htmx, passkeys
from app.web.fresh import fresh
from app.web.once import once

bp = Blueprint("passkeys", __name__)


@bp.post("/login/passkey")
@access.public
@limiter.limit("120 per 10 minutes", key_func=access.address)
def sign_in() -> Any:
    """Sign in by a passkey, without an address and a password."""
    back = request.form.get("next", "")
    form = SignInForm()
    try:
        begun = _begin(request.form.get("key", ""), request.form.get("credential", ""))
    except Disabled as error:
        form.form_errors.append(error.sentence)
    else:
        if begun:
            return arrive(begun, local(back))
        form.form_errors.append(
            _("This passkey opened no account. Try again, or type your password.")
        )
    return sign_in_page(form, back, 422)


def _begin(key: str, credential: str) -> Actor | None:
    try:
        user_id, used = passkeys.used(passkeys.SIGN_IN, key, credential)
    except ValueError:
        return None
    with db.transaction() as writing:
        return second_step.begin_by_passkey(writing, user_id, used, key, audit.here())


@bp.get("/login/passkey")
@access.public
def lead_to_sign_in() -> Any:
    """Lead to the page on which a passkey is asked for."""
    return redirect(url_for("sessions.new"), code=303)


@bp.get("/settings/security/passkeys/new")
@fresh
def new() -> Any:
    """Ask the browser to make a passkey."""
    return _page(PasskeyForm())


@bp.post("/settings/security/passkeys")
@fresh
def create() -> Any:
    """Add the passkey that the browser has made for this form."""
    form, me = PasskeyForm(request.form), access.actor()
    if not form.validate():
        return _page(form, 422)
    try:
        made = passkeys.made(me.user_id, form.key.data or "", form.credential.data or "")
    except ValueError:
        form.form_errors.append(_("No passkey came of this. Press the button once more."))
        return _page(form, 422)
    name = form.name.data or ""
    try:
        with once() as writing:
            if writing:
                operations.add_passkey(
                    writing, me, name, made.credential, made.public_key, made.count, audit.here()
                )
    except Invalid as error:
        form.refuse(error)
        return _page(form, 422)
    flash(_("The passkey is here. Try it at your next sign-in."))
    return lead_on()


@bp.get("/settings/security/passkeys")
def index() -> Any:
    """Lead to the page on which a passkey is made."""
    return redirect(url_for("passkeys.new"), code=303)


@bp.get("/settings/security/passkeys/<key:passkey_id>")
def edit(passkey_id: int) -> Any:
    """Ask for another name of a passkey."""
    with db.reading() as reading:
        one = queries.passkey(reading, access.actor().user_id, passkey_id)
    return name_page(
        FactorForm(name=one.name), one, url_for("passkeys.rename", passkey_id=passkey_id)
    )


@bp.post("/settings/security/passkeys/<key:passkey_id>")
def rename(passkey_id: int) -> Any:
    """Call a passkey by another name."""
    form, me = FactorForm(request.form), access.actor()
    if not form.validate():
        with db.reading() as reading:
            one = queries.passkey(reading, me.user_id, passkey_id)
        return name_page(form, one, url_for("passkeys.rename", passkey_id=passkey_id), 422)
    with once() as writing:
        if writing:
            operations.rename_passkey(writing, me, passkey_id, form.name.data or "")
    return htmx.go(url_for("factors.index"))


@bp.get("/settings/security/passkeys/<key:passkey_id>/remove")
@fresh
def confirm(passkey_id: int) -> Any:
    """Ask whether a passkey shall be removed."""
    return _confirmation(passkey_id)


@bp.post("/settings/security/passkeys/<key:passkey_id>/remove")
@fresh
def remove(passkey_id: int) -> Any:
    """Remove a passkey; the last way to sign in stays."""
    try:
        with once() as writing:
            if writing:
                operations.remove_passkey(writing, access.actor(), passkey_id, audit.here())
    except Invalid as error:
        return _confirmation(passkey_id, 422, error.sentence)
    flash(_("The passkey is removed. Delete it on its device too."))
    return htmx.go(url_for("factors.index"))


def _confirmation(passkey_id: int, status: int = 200, refusal: str = "") -> Any:
    me = access.actor()
    with db.reading() as reading:
        passkey = queries.passkey(reading, me.user_id, passkey_id)
        ways = queries.ways(reading, me.user_id)
    return htmx.page("passkeys/confirm.html", status, passkey=passkey, ways=ways, refusal=refusal)


def _page(form: PasskeyForm, status: int = 200) -> Any:
    me = access.actor()
    with db.reading() as reading:
        ways = queries.ways(reading, me.user_id)
    asked = passkeys.ask_to_make(me.user_id, ways.email)
    return htmx.page("passkeys/new.html", status, form=form, asked=asked, ways=ways)
