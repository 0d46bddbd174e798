"""The command that makes the demo account."""

import click

from app.cli import typed
from app.infra import db, passwords
from app.operations import demo

# On a slow machine a year takes half a minute to tell.
_SECONDS = 300


@click.command("demo")
@click.option("--timezone", default="UTC", show_default=True, help="IANA name of the zone.")
@click.option("--seed", default=demo.SEED, show_default=True, help="Another one, another year.")
def make(timezone: str, seed: int) -> None:
    """Make the demo account anew, with a year of history, and print its password."""
    zone, password = typed.zone(timezone), typed.new_password()
    password_hash = passwords.hash_password(password)
    with db.patient(_SECONDS), db.transaction() as writing:
        made = demo.make(writing, password_hash, zone, seed)
    if made.replaced:
        click.echo(f"{demo.EMAIL} was there: it is deleted and made anew.")
    click.echo(f"A year of history with {made.commits} commits. The password of {demo.EMAIL} is:")
    click.echo(password)
