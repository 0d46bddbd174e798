"""The forms of accounts: who somebody is, how they get in, and how they leave."""

from wtforms import (
    EmailField,
    PasswordField,
    StringField,
    ValidationError,
)
from wtforms.widgets import EmailInput

from app.rules import names
from app.rules.language import _, lazy
from app.web.fields import Checked, Key, Text, Zone, check_password


class AddressForm(Checked):
    """An address that mail is sent to."""

    email = Text(lazy("Email"), names.LONGEST_EMAIL, widget=EmailInput())
    key = Key()

    @property
    def address(self) -> str:
        """The address as it is typed so far."""
        return self.email.data or ""

    def validate_email(self, field: Text) -> None:
        """Refuse what cannot be an address; keep it in lower case."""
        field.data = (field.data or "").lower()
        if not names.is_address(field.data):
            raise ValidationError(_("This does not look like an email address."))


class SignUpForm(AddressForm):
    """A new account, where no mail is sent."""

    password = PasswordField(lazy("Password"), [check_password])
    timezone = Zone(lazy("Time zone"), default="UTC")


class SignInForm(Checked):
    """An address and its password; anything that is not an account's is wrong alike."""

    email = EmailField(lazy("Email"))
    password = PasswordField(lazy("Password"))
    key = Key()

    @property
    def address(self) -> str:
        """The address as it is stored, empty when it cannot be one."""
        try:
            return names.clean(self.email.data or "").lower()
        except ValueError:
            return ""


class ProofForm(Checked):
    """The password, asked for once more."""

    password = PasswordField(lazy("Password"))
    key = Key()


class LeaveForm(Checked):
    """The address of the account, typed by whoever wants it deleted."""

    address = StringField(lazy("Your email address"))
    key = Key()


class PasswordForm(Checked):
    """A new password for the one who knows the old, and whose `address` is known."""

    address = ""
    current = PasswordField(lazy("The password you have"))
    password = PasswordField(lazy("The new one"), [check_password])
    key = Key()


class ResetForm(Checked):
    """A new password for the one who has the link; its `address` is known by that."""

    address = ""
    password = PasswordField(lazy("The new password"), [check_password])


class JoinForm(ResetForm):
    """A new account for the one who has the link."""

    password = PasswordField(lazy("Password"), [check_password])
    timezone = Zone(lazy("Time zone"), default="UTC")


class SecondStepForm(Checked):
    """The second step of a sign-in: a code, or what a browser says of a passkey."""

    code = StringField(lazy("Code"))
    credential = StringField()
    key = Key()


class PasskeyForm(Checked):
    """A passkey that a browser has made, and what it is called."""

    name = Text(lazy("Name"), names.LONGEST_NAME, default=lambda: _("Passkey"))
    credential = StringField()
    key = Key()


class CodeAppForm(Checked):
    """An app that makes codes from the `secret` that was shown, and the first code of it."""

    name = Text(lazy("Name"), names.LONGEST_NAME, default=lambda: _("Authenticator app"))
    secret = StringField()
    code = StringField(lazy("The code that it shows"))
    key = Key()


class FactorForm(Checked):
    """Another name for an app that makes codes, or for a passkey."""

    name = Text(lazy("Name"), names.LONGEST_NAME)
    key = Key()


class RecoveryForm(Checked):
    """The recovery codes that were shown, sealed."""

    codes = StringField()
    key = Key()
