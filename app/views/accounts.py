"""Sign up: at once, or by a letter where mail is sent."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, current_app, request, url_for

from app.config import Settings
from app.infra import db, passwords
from app.operations import accounts as account_operations
from app.operations import joins
from app.queries import accounts as account_queries
from app.rules.errors import Invalid, InvitationNeeded, InvitationSpent, RegistrationClosed
from app.rules.identity import Actor
from app.rules.registration import Registration
from app.rules.tries import SIGN_UP
from app.views import links
from app.views.account_forms import AddressForm, SignUpForm
from app.views.sessions import arrive, recognise
from app.web import access, audit, formats, htmx, letters, security, tries

bp = Blueprint("accounts", __name__)


@bp.get("/signup")
@access.public
def new() -> Any:
    """Show the sign-up, or that this server takes no new accounts."""
    return _page(AddressForm() if letters.are_sent() else SignUpForm())


@bp.post("/signup")
@access.public
def create() -> Any:
    """Make an account with its egg, sign in, and lead to the first steps.

    Where mail is sent, write to the address that was typed instead, and say that alone.
    """
    tries.begin(SIGN_UP)
    if letters.are_sent():
        return _ask_to_join()
    form = SignUpForm(request.form)
    return enter(form, _page) if form.validate() else _page(form, 422)


def enter(
    form: SignUpForm, page: Callable[[SignUpForm, int], Any], invitation: str | None = None
) -> Any:
    """Make the account that a valid form asks for, and lead to the first steps.

    An `invitation`, by the token of its link, is used up. `page` shows the form again where it is
    refused. Whoever has an account already and types its password is signed in too: the form was
    sent twice, or the account forgotten. Raises RegistrationClosed.
    """
    password_hash = passwords.hash_password(form.password.data or "")
    try:
        begun = _sign_up(form, password_hash, invitation)
    except (Invalid, InvitationSpent, RegistrationClosed) as error:
        known = recognise(form.address, form.password.data or "", form.key.data)
        if known is None:
            return _refused(form, page, error)
        return arrive(known, url_for("welcome.show"))
    return arrive(begun, url_for("welcome.show"))


def closed_to_all() -> RegistrationClosed | None:
    """Return why nobody can sign up here without an invitation, None if they can."""
    if registration() is Registration.OPEN:
        return None
    with db.reading() as reading:
        if not account_queries.exist(reading):
            return None
    return InvitationNeeded() if registration() is Registration.INVITE else RegistrationClosed()


def registration() -> Registration:
    """Return who may sign up on this server."""
    settings: Settings = current_app.extensions["settings"]
    return Registration(settings.registration)


def sign_up_page(form: AddressForm, status: int, **context: Any) -> Any:
    """Draw the sign-up: `action` is where its form goes, `closed` the sentence instead of one."""
    if address := security.address_instead():
        form.form_errors.append(security.plain_sentence(address))
    return htmx.page("accounts/new.html", status, form=form, **context)


def _sign_up(form: SignUpForm, password_hash: str, invitation: str | None) -> Actor:
    with db.transaction() as writing:
        return account_operations.sign_up(
            writing,
            form.address,
            password_hash,
            form.timezone.data or "",
            registration=registration(),
            invitation=invitation,
            key=form.key.data,
            week_start=formats.first_day_of_week(request.accept_languages.values()),
            place=audit.here(),
        )


def _ask_to_join() -> Any:
    """Write to an address, known or unknown: who types it here learns nothing of accounts."""
    form = AddressForm(request.form)
    if not form.validate():
        return _page(form, 422)
    if closed := closed_to_all():
        raise closed
    with db.reading() as reading:
        account = account_queries.by_email(reading, form.address)
    if links.may_write_to(form.address):
        with db.transaction() as writing:
            joins.ask(writing, form.address, is_known=account is not None)
    return htmx.go(url_for("links.sent"))


def _refused(
    form: SignUpForm,
    page: Callable[[SignUpForm, int], Any],
    error: Invalid | InvitationSpent | RegistrationClosed,
) -> Any:
    if isinstance(error, RegistrationClosed):
        raise error
    if isinstance(error, Invalid):
        form.refuse(error)
    return page(form, 422)


def _page(form: AddressForm, status: int = 200) -> Any:
    closed = closed_to_all()
    sentence = closed.sentence if closed else None
    return sign_up_page(form, status, action=url_for("accounts.create"), closed=sentence)
