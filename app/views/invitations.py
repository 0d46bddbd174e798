"""What somebody who was invited sees: the sign-up, or why the link does not lead to it."""

from typing import Any

from flask import Blueprint, request, url_for

from app.infra import clock, db
from app.queries import invitations
from app.rules.errors import Invalid, RegistrationClosed
from app.rules.invitations import Standing
from app.rules.language import _, isolated
from app.rules.registration import Registration
from app.rules.tries import SIGN_UP
from app.views.account_forms import SignUpForm
from app.views.accounts import enter, registration, sign_up_page
from app.web import access, htmx, tries

bp = Blueprint("invitations", __name__)

_NOT_FOUND, _GONE = 404, 410


@bp.get("/invite/<token>")
@access.public
def show(token: str) -> Any:
    """Show the sign-up to who was invited; looking uses nothing up."""
    return _page(SignUpForm(), token)


@bp.post("/invite/<token>")
@access.public
def accept(token: str) -> Any:
    """Make an account, and use the invitation up in the same transaction."""
    tries.begin(SIGN_UP)
    form = SignUpForm(request.form)
    if not (form.validate() and _is_for(form, token)):
        return _page(form, token, 422)
    return enter(form, lambda again, status: _page(again, token, status), invitation=token)


def _is_for(form: SignUpForm, token: str) -> bool:
    """Tell whether the invitation, if there is one, is for the address of the form."""
    with db.reading() as reading:
        found = invitations.by_token(reading, token)
    if found is None or found.email in (None, form.address):
        return True
    sentence = _("This invitation is for %(address)s.") % {"address": isolated(found.email or "")}
    form.refuse(Invalid(email=sentence))
    return False


def _page(form: SignUpForm, token: str, status: int = 200) -> Any:
    """Draw the sign-up, or what there is instead of it for the invitation as it stands now."""
    if registration() is Registration.CLOSED:
        raise RegistrationClosed
    now = clock.now()
    with db.reading() as reading:
        found = invitations.by_token(reading, token)
    if found is None:
        return _instead("unknown", _NOT_FOUND)
    if (standing := found.standing(now)) is not Standing.OPEN:
        return _instead(standing.value, _GONE)
    if access.current():
        return _instead("signed-in", 200)
    form.email.data = form.email.data or found.email
    action = url_for("invitations.accept", token=token)
    return sign_up_page(form, status, action=action, invitation=found)


def _instead(why: str, status: int) -> Any:
    is_open = registration() is Registration.OPEN
    return htmx.page("accounts/invitation.html", status, why=why, is_open=is_open)
