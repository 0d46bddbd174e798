"""The commands about mail."""

import click
from flask import current_app
from flask.cli import AppGroup

from app.cli import typed
from app.infra import db
from app.jobs import mail
from app.operations import outbox
from app.queries import outbox as queries

commands = AppGroup("mail", help="Mail that waits, was sent, or cannot be sent.")


@commands.command("list")
@click.option("--last", default=50, show_default=True, help="How many.")
def list_all(last: int) -> None:
    """List the newest messages, the oldest of them first."""
    with db.reading() as reading:
        for message in queries.latest(reading, last):
            click.echo(
                f"{message.id}  {message.created_at:%Y-%m-%d %H:%M}  {message.state}"
                f"  {message.kind}  {message.address}"
            )


@commands.command("show")
@click.argument("number", type=int)
def show(number: int) -> None:
    """Show what became of a message, and what it says if that is still here."""
    with db.reading() as reading:
        message = queries.one(reading, number)
    if message is None:
        raise click.ClickException(f"There is no message {number}.")
    click.echo(f"{message.state}, tried {message.tries} times")
    if message.failure:
        click.echo(message.failure)
    said = mail.read(current_app._get_current_object(), message)  # type: ignore[attr-defined]
    click.echo(said or "A mail server has it; what it said is not here any more.")


@commands.command("retry")
@click.argument("number", type=int, required=False)
def retry(number: int | None) -> None:
    """Send a message at once that was not accepted yet, or all that are parked."""
    with db.transaction() as writing:
        many = outbox.retry(writing, number)
    if number is not None and not many:
        raise click.ClickException(f"There is no message {number} that could be sent.")
    click.echo(f"{many} will be sent.")


@commands.command("try")
@click.argument("email")
def send_trial(email: str) -> None:
    """Write to an address, to see whether mail arrives."""
    address = typed.address(email)
    with db.transaction() as writing:
        outbox.post(writing, "trial", address, {})
    click.echo("It will be sent: flask --app wsgi mail list")
