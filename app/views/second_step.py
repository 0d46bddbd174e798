"""The second step of a sign-in: a code, or a passkey, of an account that has one."""

from typing import Any

from flask import Blueprint, redirect, request, url_for

from app.infra import db
from app.infra.limits import limiter
from app.operations import second_step
from app.operations.tries import Try, forget
from app.rules.audit import Event
from app.rules.errors import Disabled
from app.rules.factors import Evidence
from app.rules.identity import Actor
from app.rules.language import _
from app.rules.tries import SECOND_STEP
from app.views.account_forms import SecondStepForm
from app.views.sessions import arrive
from app.web import access, audit, codes, half_way, htmx, passkeys, tries
from app.web.half_way import Waiting

bp = Blueprint("second_step", __name__)


@bp.get("/login/second-step")
@access.public
def show() -> Any:
    """Ask for the second step of whoever has taken the first one here."""
    waiting = half_way.current()
    return _page(waiting, SecondStepForm()) if waiting else _begin_again()


@bp.post("/login/second-step")
@access.public
@limiter.limit("120 per 10 minutes", key_func=access.address)
def finish() -> Any:
    """Sign in with a code or a passkey; each counts once."""
    waiting = half_way.current()
    if waiting is None:
        return _begin_again()
    form, user_id = SecondStepForm(request.form), waiting.half.user_id
    attempt = tries.begin(SECOND_STEP, user_id)
    found = evidence(form, user_id, passkeys.SECOND_STEP) if form.validate() else None
    begun = _finish(waiting, form, found, attempt) if found else None
    if begun:
        return arrive(begun, waiting.onward)
    if not form.form_errors:
        refuse(form)
        audit.note(user_id, Event.SECOND_STEP_FAILED)
    return _page(waiting, form, 422)


def _finish(waiting: Waiting, form: SecondStepForm, found: Evidence, attempt: Try) -> Actor | None:
    try:
        with db.transaction() as writing:
            begun = second_step.finish(writing, waiting.half, found, form.key.data, audit.here())
            if begun:
                forget(writing, attempt)
    except Disabled as error:
        form.form_errors.append(error.sentence)
        return None
    return begun


def evidence(form: SecondStepForm, user_id: int, purpose: str) -> Evidence | None:
    """Return what a form proves of the user by a code or a passkey, None if it is wrong.

    `purpose` is what the passkey was asked for. Whether it was used before is told when it is used.
    """
    if not form.credential.data:
        return codes.evidence(user_id, form.code.data or "")
    try:
        _whose, used = passkeys.used(purpose, form.key.data or "", form.credential.data, user_id)
    except ValueError:
        return None
    return used


def refuse(form: SecondStepForm) -> None:
    """Say in the form that what it held is not right."""
    if form.credential.data:
        form.form_errors.append(_("This passkey is not right for your account. Try it once more."))
    else:
        form.code.errors = [
            _("This code is not right, or it was used before. Take the one that comes next.")
        ]


def _begin_again() -> Any:
    """Lead on who is signed in already, and all others to the first step."""
    cookies = "off" if access.has_lost_cookie() else None
    first = url_for("sessions.new", cookies=cookies)
    where = url_for("today.show") if access.current() else first
    return htmx.go(where) if request.method == "POST" else redirect(where, code=303)


def _page(waiting: Waiting, form: SecondStepForm, status: int = 200) -> Any:
    asked = passkeys.ask_to_use(passkeys.SECOND_STEP, waiting.half.user_id)
    return htmx.page("second_step/show.html", status, form=form, asked=asked)
