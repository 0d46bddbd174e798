"""The commands of `flask --app wsgi`: the other door to the app, for whoever runs it."""

from flask import Flask
from flask_migrate import Migrate

from app.cli import demo, export, invitations, ledger, mail, prepare, users, work
from app.config import ROOT
from app.infra import db


def init_app(app: Flask) -> None:
    """Give the app its commands."""
    Migrate(app, db.orm, directory=str(ROOT / "migrations"), render_as_batch=False)
    groups = (invitations.commands, ledger.commands, mail.commands, users.commands)
    for command in (*groups, demo.make, export.write, prepare.prepare, work.work):
        app.cli.add_command(command)
