"""The commands about the ledger."""

import click
from flask.cli import AppGroup

from app.infra import db, metrics
from app.queries.ledger import verify

# A ledger of millions of lines takes a while, and nobody waits behind it.
_VERIFY_SECONDS = 3600

commands = AppGroup("ledger", help="The ledger.")


@commands.command("verify")
def verify_all() -> None:
    """Recompute every balance from the ledger and the commits."""
    with db.patient(_VERIFY_SECONDS), db.reading() as reading:
        differences = list(verify.differences(reading))
        entries = verify.count(reading)
    metrics.verified(len(differences))
    for line in differences:
        click.echo(line)
    if differences:
        raise SystemExit(1)
    click.echo(f"All balances agree with {entries} ledger entries.")
