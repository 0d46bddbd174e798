"""Sign up."""

from typing import Any

from flask import Blueprint, current_app, request, url_for

from app.config import Settings
from app.infra import db, passwords
from app.operations import accounts as account_operations
from app.queries import accounts as account_queries
from app.rules.errors import Invalid, RegistrationClosed
from app.rules.tries import SIGN_UP
from app.views.forms import SignUpForm
from app.views.sessions import begin_visit, recognise
from app.web import access, formats, htmx, security, tries

bp = Blueprint("accounts", __name__)


@bp.get("/signup")
@access.public
def new() -> Any:
    """Show the sign-up, or that this server takes no new accounts."""
    return _page(SignUpForm())


@bp.post("/signup")
@access.public
def create() -> Any:
    """Make an account with its egg, sign in, and lead to the first steps.

    Whoever has an account already and types its password is signed in too: the form was sent
    twice, or the account forgotten.
    """
    tries.begin(SIGN_UP)
    form = SignUpForm(request.form)
    if not form.validate():
        return _page(form, 422)
    email, password, key = form.email.data or "", form.password.data or "", form.key.data
    password_hash = passwords.hash_password(password)
    try:
        with db.transaction() as writing:
            begun = account_operations.sign_up(
                writing,
                email,
                password_hash,
                form.timezone.data or "",
                is_open=_settings().registration_open,
                key=key,
                week_start=formats.first_day_of_week(request.accept_languages.values()),
            )
    except (Invalid, RegistrationClosed) as error:
        known = recognise(email, password, key)
        if known is None:
            return _refused(form, error)
        begun = known
    begin_visit(begun)
    return htmx.go(url_for("welcome.show"))


def _refused(form: SignUpForm, error: Invalid | RegistrationClosed) -> Any:
    if isinstance(error, RegistrationClosed):
        raise error
    form.refuse(error)
    return _page(form, 422)


def _page(form: SignUpForm, status: int = 200) -> Any:
    if address := security.address_instead():
        form.form_errors.append(security.plain_sentence(address))
    closed = False
    if not _settings().registration_open:
        with db.reading() as reading:
            closed = account_queries.exist(reading)
    return htmx.page("accounts/new.html", status, form=form, closed=closed)


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings
