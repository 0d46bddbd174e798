"""The command that writes down everything that an account has."""

import os
from pathlib import Path

import click

from app.cli import typed
from app.infra import clock, db
from app.queries import export

# Nobody waits behind it.
_SECONDS = 3600


@click.command("export")
@click.argument("email")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def write(email: str, file: Path) -> None:
    """Write everything of the account EMAIL into FILE, a zip that is not there yet."""
    user_id = typed.account(email)
    # Others on this machine have no business in it.
    try:
        opened = os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
    except OSError as error:
        raise click.ClickException(f"{file} cannot be written: {error.strerror}.") from error
    try:
        with opened, db.patient(_SECONDS), db.snapshot() as reading:
            export.write(reading, user_id, clock.now(), opened)
    except BaseException:
        file.unlink(missing_ok=True)
        raise
    click.echo(f"Everything of {email} is in {file}.")
