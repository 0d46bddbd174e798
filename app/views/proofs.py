"""Prove once more who you are: asked before what cannot be undone, whatever the kind of proof."""

from typing import Any

from flask import Blueprint, request
from wtforms import PasswordField

from app.infra import clock, db, passwords
from app.operations import sessions
from app.operations.tries import forget
from app.queries import accounts
from app.queries import sessions as queries
from app.queries.accounts import Account
from app.rules.audit import Event
from app.rules.errors import SessionEnded
from app.rules.identity import Actor, Password
from app.rules.language import _
from app.rules.tries import PASSWORD, SECOND_STEP
from app.views.account_forms import ProofForm, SecondStepForm
from app.views.factors import ways
from app.views.second_step import evidence, refuse
from app.views.sessions import local
from app.web import access, audit, carried, htmx, passkeys, tries
from app.web.fresh import is_fresh

bp = Blueprint("proofs", __name__)


@bp.get("/settings/proof")
def new() -> Any:
    """Ask for a proof; `next` is where it leads."""
    form = SecondStepForm() if ways().have_factor else ProofForm()
    return _page(form, request.args.get("next", ""))


@bp.post("/settings/proof")
def create() -> Any:
    """Take a password as proof, or a second factor of who has one, and lead on.

    Sent twice it proves the same: its key is not looked at, for no digest of a password is stored.
    """
    back, me = request.form.get("next", ""), access.actor()
    if ways().have_factor:
        return _by_factor(SecondStepForm(request.form), back, me)
    form = ProofForm(request.form)
    attempt = tries.begin(PASSWORD, me.user_id)
    proof = known(form.password, me) if form.validate() else None
    if proof is not None:
        with db.transaction() as writing:
            if sessions.prove(writing, me, proof, audit.here()):
                forget(writing, attempt)
                return htmx.go(carried.onward(local(back)))
    return _page(form, back, 422)


def _by_factor(form: SecondStepForm, back: str, me: Actor) -> Any:
    # A code counts once, and the form that holds it may come twice: it has done its work then.
    if is_fresh():
        return htmx.go(carried.onward(local(back)))
    attempt = tries.begin(SECOND_STEP, me.user_id)
    found = evidence(form, me.user_id, passkeys.PROVE) if form.validate() else None
    if found:
        with db.transaction() as writing:
            is_proved = sessions.prove(writing, me, found, audit.here())
            if is_proved:
                forget(writing, attempt)
        if is_proved or is_fresh():
            return htmx.go(carried.onward(local(back)))
    refuse(form)
    audit.note(me.user_id, Event.PROOF_FAILED)
    return _page(form, back, 422)


def known(typed: PasswordField, who: Actor) -> Password | None:
    """Return the proof that the typed password is, None for a wrong one: the field says so then.

    Raises SessionEnded, so that nobody guesses by the cookie of an ended sign-in.
    """
    with db.reading() as reading:
        queries.check_alive(reading, who, clock.now())
    password_hash = account(who.user_id).password_hash
    if password_hash and passwords.verify(typed.data or "", password_hash):
        return Password(password_hash)
    audit.note(who.user_id, Event.PROOF_FAILED)
    typed.errors = [_("This is not the password you have.")]
    return None


def account(user_id: int) -> Account:
    """Return the account of a user. Raises SessionEnded where it is gone."""
    with db.reading() as reading:
        found = accounts.by_id(reading, user_id)
    if found is None:
        raise SessionEnded
    return found


def _page(form: ProofForm | SecondStepForm, back: str, status: int = 200) -> Any:
    me = access.actor()
    if isinstance(form, SecondStepForm):
        asked = passkeys.ask_to_use(passkeys.PROVE, me.user_id)
        return htmx.page("proofs/factor.html", status, form=form, next=back, asked=asked)
    address = account(me.user_id).email
    return htmx.page("proofs/new.html", status, form=form, next=back, address=address)
