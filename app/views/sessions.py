"""Sign in and sign out."""

from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, flash, redirect, request, url_for

from app.infra import clock, db, passwords
from app.infra.limits import limiter
from app.operations import sessions
from app.operations.tries import Try, forget
from app.queries import accounts
from app.queries.accounts import Account
from app.rules.audit import Event
from app.rules.days import find_zone
from app.rules.errors import Disabled, SessionEnded
from app.rules.factors import HalfWay
from app.rules.identity import Actor, Password
from app.rules.language import _
from app.rules.tries import SIGN_IN
from app.views.account_forms import SignInForm
from app.web import access, audit, carried, half_way, htmx, passkeys, security, tries

bp = Blueprint("sessions", __name__)

_UNPROCESSABLE = 422


@bp.get("/login")
@access.public
def new() -> Any:
    """Show the sign-in, and why it did not hold where the browser keeps no cookies."""
    form = SignInForm()
    if request.args.get("cookies") == "off":
        form.form_errors.append(
            _("Your browser takes no cookies from here, so you are not signed in. Allow them.")
        )
    return sign_in_page(form, request.args.get("next", ""))


@bp.post("/login")
@access.public
@limiter.limit("120 per 10 minutes", key_func=access.address)
def create() -> Any:
    """Sign in. Known and unknown addresses get the same answer in the same time."""
    form, back = SignInForm(request.form), request.form.get("next", "")
    begun = None
    if form.validate():
        try:
            begun = recognise(form.address, form.password.data or "", form.key.data)
        except Disabled as error:
            # Told to nobody but who knows the password.
            form.form_errors.append(error.sentence)
        else:
            if begun is None:
                form.form_errors.append(_("Email address and password do not match."))
    if begun is None:
        return sign_in_page(form, back, _UNPROCESSABLE)
    return arrive(begun, _onward(form.address, local(back)))


@bp.post("/logout")
@access.public
def end() -> Any:
    """Sign out here, or with `everywhere` on every device."""
    who = access.current()
    if who is None:
        return redirect(url_for("sessions.new"), code=303)
    # Sent twice, it finds that it is signed out, which is what was asked for.
    with suppress(SessionEnded), db.transaction() as writing:
        if request.form.get("everywhere"):
            sessions.end_everywhere(writing, who.actor, audit.here())
        else:
            sessions.end(writing, who.actor, audit.here())
    access.sign_out()
    flash(_("You are signed out. Everything is saved."))
    return redirect(url_for("sessions.new"), code=303)


@bp.get("/logout")
@access.public
def leave() -> Any:
    """Lead to where one signs out; a visitor has done that."""
    where = "settings.show" if access.current() else "sessions.new"
    return redirect(url_for(where), code=303)


def arrive(begun: Actor | HalfWay, onward: str) -> Any:
    """Lead who has proven who they are to the page `onward`, by way of the second step if asked.

    Every way to sign in ends here: with what operations/sessions.py has begun.
    """
    if isinstance(begun, HalfWay):
        half_way.begin(begun, onward)
        return htmx.go(url_for("second_step.show"))
    begin_visit(begun)
    return htmx.go(carried.onward(onward))


def recognise(address: str, password: str, key: str | None) -> Actor | HalfWay | None:
    """Begin the sign-in that the form with this `key` asks for, None if the password is wrong.

    `address` is as it is stored. A try is counted before the password is looked at, in the
    database, whichever process it comes to; the right one is forgotten. Raises TooManyTries, and
    Disabled where the password is right and the account switched off.
    """
    account = _account(address)
    user_id = account.id if account else 0
    attempt = tries.begin(SIGN_IN, user_id, address)
    begun = _begin(account, password, key, attempt)
    # A sign-in that came at the same time may have stored a newer hash of the same password.
    if begun is None and (newer := _account(address)) != account:
        begun = _begin(newer, password, key, attempt)
    if begun is None:
        audit.note(user_id, Event.SIGN_IN_FAILED)
    return begun


def begin_visit(begun: Actor) -> None:
    """Give the browser the claims of the sign-in `begun`."""
    with db.reading() as reading:
        who = accounts.claims(reading, begun, clock.now())
    if who is None:
        raise SessionEnded
    access.sign_in(who)


def _account(address: str) -> Account | None:
    with db.reading() as reading:
        return accounts.by_email(reading, address)


def _begin(
    account: Account | None, password: str, key: str | None, attempt: Try
) -> Actor | HalfWay | None:
    known_hash = account.password_hash if account else None
    # Outside of the doors: a hash takes 20 ms, and a connection is worth more than that.
    if not passwords.verify(password, known_hash) or not account or not known_hash:
        return None
    proof = Password(known_hash, passwords.renewed(password, known_hash))
    with db.transaction() as writing:
        begun = sessions.begin(writing, account.id, proof, key, audit.here())
        if begun:
            forget(writing, attempt)
    return begun


def _onward(address: str, back: str) -> str:
    """Return where a sign-in leads: by way of the zone where nobody may have chosen one yet."""
    try:
        zone = find_zone(request.form.get("zone", ""))
    except ValueError:
        return back
    account = None if zone == "UTC" else _account(address)
    if not account or not account.may_lack_zone:
        return back
    return url_for("settings.zone", zone=zone, next=back)


def sign_in_page(form: SignInForm, back: str, status: int = 200) -> Any:
    """Draw the sign-in; `back` is the page that it leads to."""
    if address := security.address_instead():
        form.form_errors.append(security.plain_sentence(address))
    waits, asked = carried.is_waiting(), passkeys.ask_to_use(passkeys.SIGN_IN)
    return htmx.page("sessions/new.html", status, form=form, next=back, waits=waits, asked=asked)


def local(back: str) -> str:
    """Return `back` if it is a page of ours, else Today: a path, and nothing like a host."""
    try:
        split = urlsplit(back) if back.isprintable() and "\\" not in back else None
    except ValueError:
        split = None
    is_ours = split and not split.scheme and not split.netloc and back.startswith("/")
    return back if is_ours and not back.startswith("//") else url_for("today.show")
