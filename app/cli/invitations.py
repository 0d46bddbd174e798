"""The commands about invitations."""

import click
from flask.cli import AppGroup

from app.cli import said, typed
from app.infra import clock, db
from app.operations import invitations
from app.queries import invitations as queries
from app.queries.invitations import Invitation
from app.rules.errors import NotYours
from app.rules.invitations import USUAL_DAYS

commands = AppGroup("invitations", help="Links by which somebody makes an account, once each.")
_DAYS = click.IntRange(1, 365)


@commands.command("add")
@click.option("--email", help="The address that it is for; without one whoever has the link.")
@click.option(
    "--days", type=_DAYS, default=USUAL_DAYS, show_default=True, help="How long it holds."
)
@said.in_json
def add(email: str | None, days: int, as_json: bool) -> None:
    """Make an invitation and print its link, which is shown this once."""
    address = None if email is None else typed.address(email)
    with db.transaction() as writing:
        token = invitations.invite(writing, None, address, days)
    link = said.link("invitations.show", token=token)
    said.answer(as_json, link, link=link, email=address, days=days)


@commands.command("list")
@said.in_json
def list_open(as_json: bool) -> None:
    """List the invitations that can still be used."""
    with db.reading() as reading:
        found = queries.still_open(reading, clock.now())
    said.listing(as_json, [_line(invitation) for invitation in found])


@commands.command("withdraw")
@click.argument("number", type=click.IntRange(1, 2**63 - 1))
@said.in_json
def withdraw(number: int, as_json: bool) -> None:
    """Make the link of an invitation useless, by its number in the list."""
    try:
        with db.transaction() as writing:
            invitations.withdraw(writing, None, number)
    except NotYours as error:
        raise click.ClickException(f"There is no open invitation {number}.") from error
    said.answer(as_json, f"{number}: withdrawn", id=number, is_withdrawn=True)


def _line(invitation: Invitation) -> tuple[str, dict[str, object]]:
    whose = invitation.email or "whoever has the link"
    sentence = (
        f"{invitation.id}  for {whose}  until {said.day(invitation.expires_at)}"
        f"  made by {invitation.made_by or 'a command'}"
    )
    facts = ("id", "email", "made_by", "created_at", "expires_at")
    return sentence, {name: getattr(invitation, name) for name in facts}
