"""Codes: the apps that make them, and the recovery codes that stand in for what is lost."""

from typing import Any

from flask import Blueprint, flash, redirect, request, url_for

from app.infra import clock, codes, db, passwords
from app.operations import factors as operations
from app.queries import factors as queries
from app.rules.errors import Invalid
from app.rules.factors import OFFER_HOLDS, clean_code, shown
from app.rules.language import _
from app.views.account_forms import CodeAppForm, FactorForm, RecoveryForm
from app.views.factors import lead_on, name_page, ways
from app.web import access, audit, htmx, sealed
from app.web.codes import SECRET, new_recovery_codes
from app.web.fresh import fresh
from app.web.once import once

bp = Blueprint("codes", __name__)

# A page shows them before they count, and nothing is written when it is looked at: the form holds
# them, sealed, for the one who looks.
NEW_SECRET, NEW_CODES = "new secret of an app", "new recovery codes"


@bp.get("/settings/security/apps/new")
@fresh
def new() -> Any:
    """Show a secret, as a picture and as text, and ask for the first code that an app makes."""
    return _app_page(CodeAppForm(), codes.new_secret())


@bp.post("/settings/security/apps")
@fresh
def create() -> Any:
    """Add an app that has shown the right code."""
    form, me = CodeAppForm(request.form), access.actor()
    try:
        secret = _offered(NEW_SECRET, form.secret.data)
    except ValueError:
        form.form_errors.append(_("That took long, so here is a new picture. Scan it once more."))
        return _app_page(form, codes.new_secret(), 422)
    step = codes.step_of(secret, clean_code(form.code.data or ""), clock.now())
    if not form.validate() or step is None:
        if step is None:
            form.code.errors = [_("This is not the code. Is the clock of your device right?")]
        return _app_page(form, secret, 422)
    try:
        with once() as writing:
            if writing:
                name = form.name.data or ""
                own = sealed.seal(SECRET, secret)
                operations.add_code_app(writing, me, name, own, step, audit.here())
    except Invalid as error:
        form.refuse(error)
        return _app_page(form, secret, 422)
    flash(_("From now on a sign-in asks for a code of your app."))
    return lead_on()


@bp.get("/settings/security/apps")
def index() -> Any:
    """Lead to the page on which an app is added."""
    return redirect(url_for("codes.new"), code=303)


@bp.get("/settings/security/apps/<key:app_id>")
def edit(app_id: int) -> Any:
    """Ask for another name of an app."""
    with db.reading() as reading:
        one = queries.code_app(reading, access.actor().user_id, app_id)
    return name_page(FactorForm(name=one.name), one, url_for("codes.rename", app_id=app_id))


@bp.post("/settings/security/apps/<key:app_id>")
def rename(app_id: int) -> Any:
    """Call an app by another name."""
    form, me = FactorForm(request.form), access.actor()
    if not form.validate():
        with db.reading() as reading:
            one = queries.code_app(reading, me.user_id, app_id)
        return name_page(form, one, url_for("codes.rename", app_id=app_id), 422)
    with once() as writing:
        if writing:
            operations.rename_code_app(writing, me, app_id, form.name.data or "")
    return htmx.go(url_for("factors.index"))


@bp.get("/settings/security/apps/<key:app_id>/remove")
@fresh
def confirm(app_id: int) -> Any:
    """Ask whether an app shall be removed."""
    me = access.actor()
    with db.reading() as reading:
        app = queries.code_app(reading, me.user_id, app_id)
        has = queries.ways(reading, me.user_id)
    return htmx.page("codes/confirm.html", code_app=app, ways=has)


@bp.post("/settings/security/apps/<key:app_id>/remove")
@fresh
def remove(app_id: int) -> Any:
    """Remove an app: its codes open nothing any more."""
    with once() as writing:
        if writing:
            operations.remove_code_app(writing, access.actor(), app_id, audit.here())
    flash(_("The app is removed. Its codes open nothing any more."))
    return htmx.go(url_for("factors.index"))


@bp.get("/settings/security/codes")
@fresh
def recovery() -> Any:
    """Show ten new recovery codes; they count once they are confirmed."""
    return _recovery_page(RecoveryForm())


@bp.post("/settings/security/codes")
@fresh
def renew() -> Any:
    """Let the ten codes that were shown count, and none of before."""
    form = RecoveryForm(request.form)
    try:
        new_codes = _offered(NEW_CODES, form.codes.data).split()
    except ValueError:
        form.form_errors.append(_("That took long, so here are new codes. Put these away."))
        return _recovery_page(form, 422)
    if not form.validate():
        return _recovery_page(form, 422)
    # Outside of the doors, like passwords.
    hashes = [passwords.hash_password(code) for code in new_codes]
    with once() as writing:
        if writing:
            operations.renew_recovery_codes(writing, access.actor(), hashes, audit.here())
    flash(_("Your recovery codes count from now on."))
    return htmx.go(url_for("factors.index"))


def _offered(purpose: str, offer: str | None) -> str:
    """Return what a page has shown to the one who sends it back. Raises ValueError."""
    whose, _blank, text = sealed.unseal(purpose, offer or "", OFFER_HOLDS).partition(" ")
    if whose != str(access.actor().user_id):
        raise ValueError("shown to somebody else")
    return text


def _offer(purpose: str, text: str) -> str:
    return sealed.seal(purpose, f"{access.actor().user_id} {text}")


def _app_page(form: CodeAppForm, secret: str, status: int = 200) -> Any:
    has = ways()
    address = codes.address_of(secret, has.email)
    size, picture = codes.picture(address)
    return htmx.page(
        "codes/new.html",
        status,
        form=form,
        ways=has,
        secret=" ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
        offer=_offer(NEW_SECRET, secret),
        address=address,
        size=size,
        picture=picture,
    )


def _recovery_page(form: RecoveryForm, status: int = 200) -> Any:
    has = ways()
    if not has.have_factor:
        return redirect(url_for("factors.index"), code=303)
    new_codes = new_recovery_codes()
    return htmx.page(
        "codes/recovery.html",
        status,
        form=form,
        ways=has,
        codes=[shown(code) for code in new_codes],
        offer=_offer(NEW_CODES, " ".join(new_codes)),
    )
