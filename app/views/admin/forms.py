"""The forms of the admin area."""

from wtforms import ValidationError
from wtforms.widgets import EmailInput

from app.rules import names
from app.rules.invitations import LIFETIMES, USUAL_DAYS
from app.rules.language import _, lazy, ngettext, number
from app.web.fields import Checked, Choice, Text


# Called for each form, since each may be in another language.
def _lifetimes() -> dict[str, str]:
    return {
        str(days): ngettext("%(num)s day", "%(num)s days", days) % {"num": number(days)}
        for days in LIFETIMES
    }


class InvitationForm(Checked):
    """An invitation: for whom, and for how long."""

    email = Text(
        lazy("For this address alone"), names.LONGEST_EMAIL, needed=False, widget=EmailInput()
    )
    days = Choice(lazy("Good for"), choices=_lifetimes, default=str(USUAL_DAYS))

    def validate_email(self, field: Text) -> None:
        """Refuse what cannot be an address; keep it in lower case."""
        field.data = (field.data or "").lower()
        if field.data and not names.is_address(field.data):
            raise ValidationError(_("This does not look like an email address."))


class DeletionForm(Checked):
    """The address of the account that is to be deleted, typed once more."""

    address = Text(lazy("Its address, typed once more"), names.LONGEST_EMAIL)
