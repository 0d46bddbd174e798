"""The forms: what may be typed, and the sentence that stands beside a field when it may not.

A field that is not sent keeps its default, so a form can be sent with just a name. What was typed
stays in the form whatever happens.
"""

from datetime import date
from typing import Any

from wtforms import (
    BooleanField,
    DateField,
    EmailField,
    Form,
    PasswordField,
    SelectField,
    StringField,
    ValidationError,
)
from wtforms.validators import StopValidation
from wtforms.widgets import EmailInput

from app.infra import passwords
from app.rules import days, names
from app.rules.errors import Invalid
from app.rules.language import _, lazy
from app.rules.reward import Effort
from app.rules.starters import PET_NAME


class Checked(Form):
    """A form whose refusals by an operation can be put beside its fields."""

    def refuse(self, error: Invalid) -> None:
        """Show the sentences of `error` beside the fields that they name, else above the form."""
        for name, sentences in error.errors.items():
            if name in self._fields:
                self._fields[name].errors = [*self._fields[name].errors, *sentences]
            else:
                self.form_errors.extend(sentences)


class Text(StringField):
    """A line of text: cleaned, and at most `longest` characters; `needed` ones may not be empty."""

    def __init__(self, label: Any, longest: int, needed: bool = True, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.longest, self.needed = longest, needed
        self.flags.required, self.flags.maxlength = needed, longest

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take the text; it stays as typed where it cannot be cleaned."""
        super().process_formdata(valuelist)
        try:
            self.data = names.clean(self.data or "")
        except ValueError as error:
            raise ValueError(_("There is a character in it that cannot be stored.")) from error
        # What was sent in bytes that are no text arrives as this sign.
        if "\N{REPLACEMENT CHARACTER}" in self.data:
            raise ValueError(_("A character in it arrived damaged. Type it again."))

    def pre_validate(self, form: Any) -> None:
        """Refuse what is empty or too long."""
        if self.process_errors:
            raise StopValidation
        if self.needed and not self.data:
            raise StopValidation(_("This needs a few letters."))
        if len(self.data or "") > self.longest:
            sentence = _("%(most)d characters are the most; these are %(many)d.")
            raise StopValidation(sentence % {"most": self.longest, "many": len(self.data or "")})


class Choice(SelectField):
    """One of a few."""

    def pre_validate(self, form: Any) -> None:
        """Refuse what is not on the list."""
        if self.data not in {value for value, *_rest in self.iter_choices()}:
            raise ValidationError(_("Choose one from the list."))


class Day(DateField):
    """A day, or nothing."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take the day; an empty field is None."""
        self.data: date | None = None
        try:
            if valuelist and valuelist[0]:
                self.data = days.parse_day(valuelist[0])
        except ValueError as error:
            raise ValueError(_("This is not a day. Write it like 2026-03-10.")) from error


def _zones() -> dict[str, str]:
    return {zone: zone.replace("_", " ") for zone in sorted(days.ZONES)}


def _check_password(form: Any, field: PasswordField) -> None:
    password = field.data or ""
    if len(password) < passwords.SHORTEST:
        sentence = _("%(least)d characters are the least.") % {"least": passwords.SHORTEST}
        raise ValidationError(sentence)
    if len(password) > passwords.LONGEST:
        sentence = _("%(most)d characters are the most.") % {"most": passwords.LONGEST}
        raise ValidationError(sentence)
    address = form.email.data if "email" in form else ""
    if passwords.is_common(password) or password.lower() == address:
        raise ValidationError(_("This one is guessed first. Take a few words of your own."))


class SignUpForm(Checked):
    """A new account."""

    email = Text(lazy("Email"), names.LONGEST_EMAIL, widget=EmailInput())
    password = PasswordField(lazy("Password"), [_check_password])
    timezone = Choice(lazy("Time zone"), choices=_zones(), default="UTC")

    def validate_email(self, field: Text) -> None:
        """Refuse what cannot be an address; keep it in lower case."""
        field.data = (field.data or "").lower()
        if not names.is_address(field.data):
            raise ValidationError(_("This does not look like an email address."))


class SignInForm(Checked):
    """An address and its password; anything that is not an account's is wrong alike."""

    email = EmailField(lazy("Email"))
    password = PasswordField(lazy("Password"))

    @property
    def address(self) -> str:
        """The address as it is stored, empty when it cannot be one."""
        try:
            return names.clean(self.email.data or "").lower()
        except ValueError:
            return ""


class PillarForm(Checked):
    """A pillar."""

    name = Text(lazy("Name"), names.LONGEST_NAME)
    color = Choice(lazy("Colour"), choices={c: c for c in names.COLORS}, default=names.COLORS[0])
    icon = Choice(lazy("Icon"), choices={i: i for i in names.ICONS}, default=names.ICONS[0])


class HabitForm(Checked):
    """A habit."""

    name = Text(lazy("Name"), names.LONGEST_NAME)
    effort = Choice(
        lazy("Effort"), choices={e.value: e.value for e in Effort}, default=Effort.NORMAL.value
    )
    starts_on = Day(lazy("First day"))


class PetForm(Checked):
    """The name, kind and coat of a pet."""

    name = Text(lazy("Name"), names.LONGEST_NAME, needed=False)
    species = Choice(lazy("Kind"), choices={s: s for s in names.SPECIES}, default=names.SPECIES[0])
    coat = Choice(lazy("Coat"), choices={c: c for c in names.COATS}, default=names.COATS[0])


class SettingsForm(Checked):
    """The user's name and day, and how the screen looks and listens."""

    name = Text(lazy("Your name"), names.LONGEST_NAME, needed=False)
    timezone = Choice(lazy("Time zone"), choices=_zones(), default="UTC")
    day_start = Choice(
        lazy("A new day begins at"), choices={str(h): f"{h:02}:00" for h in range(7)}, default="0"
    )
    theme = Choice(lazy("Theme"), choices={t: t for t in names.THEMES}, default=names.THEMES[0])
    # Two radio buttons and no checkbox: one that is not ticked sends nothing, and nothing sent
    # leaves a setting as it is.
    shortcuts = Choice(lazy("Keyboard shortcuts"), choices={"on": "on", "off": "off"}, default="on")


class EggForm(PetForm):
    """The egg of the first steps: a name stands there already."""

    name = Text(lazy("Name"), names.LONGEST_NAME, needed=False, default=PET_NAME)


class StarterForm(Checked):
    """A pillar of the first steps, and one small habit in it."""

    picked = BooleanField()
    pillar = Text(lazy("Name of the pillar"), names.LONGEST_NAME)
    habit = Text(lazy("One small habit"), names.LONGEST_NAME, needed=False)


class PasswordForm(Checked):
    """A new password for the one who knows the old."""

    current = PasswordField(lazy("The password you have"))
    password = PasswordField(lazy("The new one"), [_check_password])
