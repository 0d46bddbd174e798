"""The commands of `flask --app wsgi`: the other door to the app, for whoever runs it."""

import secrets

import click
from flask import Flask
from flask.cli import AppGroup
from flask_migrate import Migrate

from app.config import ROOT
from app.infra import db, deadline, metrics, passwords
from app.operations import accounts, demo
from app.queries import accounts as account_queries
from app.queries.ledger import verify
from app.rules.days import clean_zone
from app.rules.errors import DomainError
from app.rules.names import clean, is_address

# A ledger of millions of lines takes a while, and nobody waits behind it.
_VERIFY_SECONDS = 3600
_DEMO_SECONDS = 60

ledger_commands = AppGroup("ledger", help="The ledger.")
user_commands = AppGroup("users", help="The accounts.")


def init_app(app: Flask) -> None:
    """Give the app its commands."""
    Migrate(app, db.orm, directory=str(ROOT / "migrations"), render_as_batch=False)
    app.cli.add_command(ledger_commands)
    app.cli.add_command(user_commands)
    app.cli.add_command(demo_account)


@click.command("demo")
@click.option("--timezone", default="UTC", show_default=True, help="IANA name of the zone.")
@click.option("--seed", default=demo.SEED, show_default=True, help="Another one, another year.")
def demo_account(timezone: str, seed: int) -> None:
    """Make the demo account anew, with a year of history, and print its password."""
    zone, password = _zone(timezone), _new_password()
    password_hash = passwords.hash_password(password)
    with deadline.within(_DEMO_SECONDS), db.transaction() as writing:
        made = demo.make(writing, password_hash, zone, seed)
    if made.replaced:
        click.echo(f"{demo.EMAIL} was there: it is deleted and made anew.")
    click.echo(f"A year of history with {made.commits} commits. The password of {demo.EMAIL} is:")
    click.echo(password)


@ledger_commands.command("verify")
def ledger_verify() -> None:
    """Recompute every balance from the ledger and the commits."""
    with deadline.within(_VERIFY_SECONDS), db.reading() as reading:
        differences = list(verify.differences(reading))
        entries = verify.count(reading)
    metrics.verified(len(differences))
    for line in differences:
        click.echo(line)
    if differences:
        raise SystemExit(1)
    click.echo(f"All balances agree with {entries} ledger entries.")


@user_commands.command("list")
def users_list() -> None:
    """List every account."""
    with db.reading() as reading:
        for line in account_queries.all_accounts(reading):
            plan = "premium" if line.is_premium else "free"
            last = f"{line.last_commit:%Y-%m-%d}" if line.last_commit else "never"
            click.echo(
                f"{line.email}  {plan}  {line.pillars} pillars"
                f"  since {line.created_at:%Y-%m-%d}  last commit {last}"
            )


@user_commands.command("add")
@click.argument("email")
@click.option("--timezone", default="UTC", show_default=True, help="IANA name of the zone.")
def users_add(email: str, timezone: str) -> None:
    """Make an account and print its password."""
    password = _new_password()
    try:
        with db.transaction() as writing:
            accounts.sign_up(
                writing, _address(email), passwords.hash_password(password), _zone(timezone)
            )
    except DomainError as error:
        raise click.ClickException(error.sentence) from error
    click.echo(password)


@user_commands.command("premium")
@click.argument("email")
@click.argument("state", type=click.Choice(["on", "off"]))
def users_premium(email: str, state: str) -> None:
    """Put an account on the premium plan, or back on the free one."""
    user_id = _user(email)
    with db.transaction() as writing:
        accounts.set_premium(writing, user_id, state == "on")
    click.echo(f"{email}: premium {state}")


@user_commands.command("password")
@click.argument("email")
def users_password(email: str) -> None:
    """Set a fresh password, print it, and end every sign-in."""
    user_id, password = _user(email), _new_password()
    password_hash = passwords.hash_password(password)
    with db.transaction() as writing:
        accounts.set_password(writing, user_id, password_hash)
    click.echo(password)


@user_commands.command("delete")
@click.argument("email")
def users_delete(email: str) -> None:
    """Delete an account and everything in it. This cannot be undone."""
    user_id = _user(email)
    with db.transaction() as writing:
        accounts.delete(writing, user_id)
    click.echo(f"{email}: deleted")


def _new_password() -> str:
    return secrets.token_urlsafe(12)


def _address(email: str) -> str:
    try:
        address = clean(email).lower()
    except ValueError:
        address = ""
    if not is_address(address):
        raise click.ClickException(f"{email} is not an email address.")
    return address


def _zone(name: str) -> str:
    try:
        return clean_zone(name)
    except ValueError as error:
        raise click.ClickException(f"{name} is not an IANA time zone.") from error


def _user(email: str) -> int:
    with db.reading() as reading:
        account = account_queries.by_email(reading, _address(email))
    if account is None:
        raise click.ClickException(f"There is no account {email}.")
    return account.id
