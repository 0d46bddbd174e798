"""The command that readies a database for this version of the app."""

import click
from flask import current_app
from flask_migrate import upgrade

from app.cli import said
from app.config import Settings
from app.infra import db, private_files
from app.operations import first_admin


@click.command("prepare")
def prepare() -> None:
    """Bring the schema up to date; while there is no admin, store the link that makes one.

    The link is said nowhere, only where it stands: whoever reads a log is no admin.
    """
    upgrade()
    with db.transaction() as writing:
        token = first_admin.make_link(writing)
    settings: Settings = current_app.extensions["settings"]
    file = settings.first_admin_file
    if token is None:
        file.unlink(missing_ok=True)
        return
    private_files.write(file, said.link("first_admin.show", token=token) + "\n")
    click.echo(f"No admin yet: the link in {file} makes one of your account.")
