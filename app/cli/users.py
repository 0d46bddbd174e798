"""The commands about the accounts."""

from dataclasses import asdict
from datetime import datetime

import click
from flask.cli import AppGroup

from app.cli import said, typed
from app.infra import clock, db, passwords
from app.operations import accounts, admin, factors, first_admin
from app.queries import accounts as queries
from app.queries import admin as admin_queries
from app.queries.accounts import AccountLine
from app.rules.errors import DomainError

commands = AppGroup("users", help="The accounts.")
_state = click.argument("state", type=click.Choice(["on", "off"]))


@commands.command("list")
@said.in_json
def list_all(as_json: bool) -> None:
    """List every account."""
    with db.reading() as reading:
        said.listing(as_json, [_line(line) for line in queries.all_accounts(reading)])


@commands.command("show")
@click.argument("email")
@said.in_json
def show(email: str, as_json: bool) -> None:
    """Show an account: its plan, whether it can be signed in to, and its sign-ins."""
    user_id = typed.account(email)
    with db.reading() as reading:
        found = admin_queries.one(reading, clock.now(), user_id)
    sentence = (
        f"{found.email}  {_plan(found.is_premium)}{_flags(found.is_admin, found.disabled_at)}"
        f"  since {said.day(found.created_at)}  {found.sign_ins} sign-ins"
        f"  last used {said.day(found.last_used_at)}"
    )
    said.answer(as_json, sentence, **found._asdict())


@commands.command("add")
@click.argument("email")
@click.option("--timezone", default="UTC", show_default=True, help="IANA name of the zone.")
@said.in_json
def add(email: str, timezone: str, as_json: bool) -> None:
    """Make an account and print its password."""
    address, zone, fresh = typed.address(email), typed.zone(timezone), typed.new_password()
    password_hash = passwords.hash_password(fresh)
    try:
        with db.transaction() as writing:
            accounts.sign_up(writing, address, password_hash, zone)
    except DomainError as error:
        raise click.ClickException(error.sentence) from error
    said.answer(as_json, fresh, email=address, password=fresh)


@commands.command("premium")
@click.argument("email")
@_state
@said.in_json
def premium(email: str, state: str, as_json: bool) -> None:
    """Put an account on the premium plan, or back on the free one."""
    user_id, is_premium = typed.account(email), state == "on"
    with db.transaction() as writing:
        admin.set_premium(writing, None, user_id, is_premium)
    said.answer(as_json, f"{email}: premium {state}", email=email, is_premium=is_premium)


@commands.command("password")
@click.argument("email")
@said.in_json
def password(email: str, as_json: bool) -> None:
    """Set a fresh password, print it, and end every sign-in."""
    user_id, fresh = typed.account(email), typed.new_password()
    password_hash = passwords.hash_password(fresh)
    with db.transaction() as writing:
        accounts.set_password(writing, user_id, password_hash)
    said.answer(as_json, fresh, email=email, password=fresh)


@commands.command("disable")
@click.argument("email")
@said.in_json
def disable(email: str, as_json: bool) -> None:
    """Switch an account off: signed out everywhere, and nobody signs in. Its data stays."""
    user_id = typed.account(email)
    with db.transaction() as writing:
        admin.disable(writing, None, user_id)
    said.answer(as_json, f"{email}: disabled", email=email, is_disabled=True)


@commands.command("enable")
@click.argument("email")
@said.in_json
def enable(email: str, as_json: bool) -> None:
    """Switch an account on again."""
    user_id = typed.account(email)
    with db.transaction() as writing:
        admin.enable(writing, None, user_id)
    said.answer(as_json, f"{email}: enabled", email=email, is_disabled=False)


@commands.command("sign-out")
@click.argument("email")
@said.in_json
def sign_out(email: str, as_json: bool) -> None:
    """End every sign-in of an account."""
    user_id = typed.account(email)
    with db.transaction() as writing:
        admin.sign_out(writing, None, user_id)
    said.answer(as_json, f"{email}: signed out everywhere", email=email, sign_ins=0)


@commands.command("admin")
@click.argument("email")
@_state
@said.in_json
def set_admin(email: str, state: str, as_json: bool) -> None:
    """Let an account look after the accounts of this server, or no longer."""
    user_id, is_admin = typed.account(email), state == "on"
    with db.transaction() as writing:
        admin.appoint(writing, user_id, is_admin)
    said.answer(as_json, f"{email}: admin {state}", email=email, is_admin=is_admin)


@commands.command("first-admin")
@said.in_json
def show_first_admin_link(as_json: bool) -> None:
    """Print a link that makes an account the admin; the one before is useless then."""
    with db.transaction() as writing:
        token = first_admin.make_link(writing)
    if token is None:
        raise click.ClickException("There is an admin already: users admin EMAIL on makes another.")
    link = said.link("first_admin.show", token=token)
    said.answer(as_json, link, link=link)


@commands.command("second-factor")
@click.argument("email")
@click.argument("state", type=click.Choice(["off"]))
@said.in_json
def second_factor(email: str, state: str, as_json: bool) -> None:
    """Remove apps, passkeys and recovery codes of somebody who has lost them."""
    user_id = typed.account(email)
    with db.transaction() as writing:
        factors.remove_all(writing, user_id)
    said.answer(as_json, f"{email}: second factor {state}", email=email, has_factor=False)


@commands.command("delete")
@click.argument("email")
@said.in_json
def delete(email: str, as_json: bool) -> None:
    """Delete an account and everything in it. This cannot be undone."""
    user_id = typed.account(email)
    with db.transaction() as writing:
        admin.delete(writing, None, user_id, typed.address(email))
    said.answer(as_json, f"{email}: deleted", email=email, is_deleted=True)


def _line(line: AccountLine) -> tuple[str, dict[str, object]]:
    sentence = (
        f"{line.email}  {_plan(line.is_premium)}  {line.pillars} pillars"
        f"  since {said.day(line.created_at)}  last commit {said.day(line.last_commit)}"
        f"{_flags(line.is_admin, line.disabled_at)}"
    )
    return sentence, asdict(line)


def _plan(is_premium: bool) -> str:
    return "premium" if is_premium else "free"


def _flags(is_admin: bool, disabled_at: datetime | None) -> str:
    return ("  admin" if is_admin else "") + ("  disabled" if disabled_at else "")
