"""The commands about the accounts."""

import click
from flask.cli import AppGroup

from app.cli import typed
from app.infra import db, passwords
from app.operations import accounts
from app.queries import accounts as queries
from app.rules.errors import DomainError

commands = AppGroup("users", help="The accounts.")


@commands.command("list")
def list_all() -> None:
    """List every account."""
    with db.reading() as reading:
        for line in queries.all_accounts(reading):
            plan = "premium" if line.is_premium else "free"
            last = f"{line.last_commit:%Y-%m-%d}" if line.last_commit else "never"
            click.echo(
                f"{line.email}  {plan}  {line.pillars} pillars"
                f"  since {line.created_at:%Y-%m-%d}  last commit {last}"
            )


@commands.command("add")
@click.argument("email")
@click.option("--timezone", default="UTC", show_default=True, help="IANA name of the zone.")
def add(email: str, timezone: str) -> None:
    """Make an account and print its password."""
    address, zone, password = typed.address(email), typed.zone(timezone), typed.new_password()
    password_hash = passwords.hash_password(password)
    try:
        with db.transaction() as writing:
            accounts.sign_up(writing, address, password_hash, zone)
    except DomainError as error:
        raise click.ClickException(error.sentence) from error
    click.echo(password)


@commands.command("premium")
@click.argument("email")
@click.argument("state", type=click.Choice(["on", "off"]))
def premium(email: str, state: str) -> None:
    """Put an account on the premium plan, or back on the free one."""
    user_id = typed.account(email)
    with db.transaction() as writing:
        accounts.set_premium(writing, user_id, state == "on")
    click.echo(f"{email}: premium {state}")


@commands.command("password")
@click.argument("email")
def password(email: str) -> None:
    """Set a fresh password, print it, and end every sign-in."""
    user_id, fresh = typed.account(email), typed.new_password()
    password_hash = passwords.hash_password(fresh)
    with db.transaction() as writing:
        accounts.set_password(writing, user_id, password_hash)
    click.echo(fresh)


@commands.command("delete")
@click.argument("email")
def delete(email: str) -> None:
    """Delete an account and everything in it. This cannot be undone."""
    user_id = typed.account(email)
    with db.transaction() as writing:
        accounts.delete(writing, user_id)
    click.echo(f"{email}: deleted")
