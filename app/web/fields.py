"""What may be typed into a form, and the sentence beside a field when it may not.

A field that is not sent keeps its default, so a form can be sent with just a name. What was typed
stays in the form whatever happens.
"""

from datetime import date
from hashlib import blake2b
from typing import Any

import regex
from wtforms import (
    DateField,
    Field,
    Form,
    PasswordField,
    SelectField,
    SelectMultipleField,
    StringField,
    ValidationError,
)
from wtforms.validators import StopValidation
from wtforms.widgets import TextArea

from app.infra import passwords
from app.rules import days, names
from app.rules.errors import Invalid
from app.rules.language import _, ngettext, number
from app.rules.press import parse_key

# What people count as one each: Unicode's grapheme clusters.
_CHARACTERS = regex.compile(r"\X")


class Checked(Form):
    """A form whose refusals by an operation can be put beside its fields.

    `drawn` holds the values that its page was drawn with, by field: what still has that value was
    not changed, and must not take back what another page has set since.
    """

    drawn: dict[str, str]

    def process(self, formdata: Any = None, *args: Any, **kwargs: Any) -> None:
        """Take what was sent, and what the form was drawn with; one that is drawn now notes it."""
        super().process(formdata, *args, **kwargs)
        if formdata:
            sent = ((name, formdata.get(f"was-{name}")) for name in self._fields)
            self.drawn = {name: value for name, value in sent if value is not None}
        else:
            self.drawn = {name: _as_sent(field) for name, field in self._fields.items()}

    def is_changed(self, name: str) -> bool:
        """Tell whether a field was sent, and with something else than it was drawn with."""
        field = self._fields[name]
        sent: list[str] = field.raw_data or []
        return bool(sent) and _drawn_as(field, sent[0]) != self.drawn.get(name)

    def changed(self, name: str) -> Any:
        """Return what was typed into a field, None when it was not sent or not changed."""
        return self._fields[name].data if self.is_changed(name) else None

    def refuse(self, error: Invalid) -> None:
        """Show the sentences of `error` beside the fields that they name, else above the form."""
        for name, sentences in error.errors.items():
            if isinstance(self._fields.get(name), Key):
                # Nobody sees this field: the form is given a key of its own, and says why above.
                self._fields[name].data = None
                self.form_errors.extend(sentences)
            elif name in self._fields:
                self._fields[name].errors = [*self._fields[name].errors, *sentences]
            else:
                self.form_errors.extend(sentences)


def _as_sent(field: Field) -> str:
    return _drawn_as(field, field._value() if hasattr(field, "_value") else str(field.data))


def _drawn_as(field: Field, text: str) -> str:
    return field.short(text) if isinstance(field, Lines) else text


class Text(StringField):
    """A line of text: cleaned, and at most `longest` characters; `needed` ones may not be empty.

    Characters are counted as people do. The browser cuts nothing: count-characters.js counts too.
    """

    clean = staticmethod(names.clean)

    def __init__(self, label: Any, longest: int, needed: bool = True, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.longest, self.needed = longest, needed
        self.flags.required, self.flags.longest = needed, longest

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take the text; it stays as typed where it cannot be cleaned."""
        super().process_formdata(valuelist)
        typed = self.data or ""
        try:
            self.data = self.clean(typed)
        except ValueError as error:
            raise ValueError(_("There is a character in it that cannot be stored.")) from error
        if typed.strip() and not self.data:
            raise ValueError(_("Nothing in this can be seen. Write a letter or two."))
        # What was sent in bytes that are no text arrives as this sign.
        if "\N{REPLACEMENT CHARACTER}" in self.data:
            raise ValueError(_("A character in it arrived damaged. Type it again."))

    def pre_validate(self, form: Any) -> None:
        """Refuse what is empty or too long."""
        if self.process_errors:
            raise StopValidation
        if self.needed and not self.data:
            raise StopValidation(_("This needs a few letters."))
        many = len(_CHARACTERS.findall(self.data or ""))
        if many > self.longest:
            sentence = ngettext(
                "At most %(num)s character; these are %(many)s.",
                "At most %(num)s characters; these are %(many)s.",
                self.longest,
            )
            raise StopValidation(sentence % {"num": number(self.longest), "many": number(many)})
        if len(self.data or "") > names.most_points(self.longest):
            raise StopValidation(_("There are too many marks on its letters. Take some away."))


class Lines(Text):
    """A text of several lines."""

    clean = staticmethod(names.clean_lines)
    widget = TextArea()

    @staticmethod
    def short(text: str) -> str:
        """Return what tells that the text was changed: it may be too long to be sent twice."""
        return blake2b(text.replace("\r\n", "\n").encode(), digest_size=16).hexdigest()


class Choice(SelectField):
    """A field that holds one of a few values."""

    def pre_validate(self, form: Any) -> None:
        """Refuse what is not on the list."""
        if self.data not in {value for value, *_rest in self.iter_choices()}:
            raise ValidationError(_("Choose one from the list."))


class Ticks(SelectMultipleField):
    """Some of several things, each a tick of its own, such as days of the week.

    Ticks that are off send nothing. The form sends an empty value along, which tells "none of them"
    from "not asked".
    """

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take what is ticked; what they are worth is said by the rules."""
        self.data = [value for value in valuelist if value]
        # As one value, which is what it was drawn with when nothing was changed.
        self.raw_data = [self._value()] if valuelist else []

    def pre_validate(self, form: Any) -> None:
        """Refuse nothing."""

    def _value(self) -> str:
        return ",".join(self.data or ())


class Zone(StringField):
    """A time zone by its name, which is typed; what is sent comes out as the zone's own name."""

    # As they are read. What is typed is found either way.
    suggestions = tuple(sorted(zone.replace("_", " ") for zone in days.ZONES))

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take the zone; it stays as typed where there is none."""
        super().process_formdata(valuelist)
        try:
            self.data = days.find_zone(self.data or "")
        except ValueError as error:
            sentence = _("No time zone has this name. Type a city, such as London.")
            raise ValueError(sentence) from error

    def _value(self) -> str:
        return (self.data or "").replace("_", " ")


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


class Key(StringField):
    """The key by which a form that is sent twice acts once; None where none was sent."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take the key as it was sent."""
        self.data = valuelist[0] if valuelist else None

    def pre_validate(self, form: Any) -> None:
        """Refuse what no form of ours can have sent."""
        try:
            self.data = parse_key(self.data or "")
        except Invalid as error:
            form.refuse(error)
            raise StopValidation(error.sentence) from error


def check_password(form: Any, field: PasswordField) -> None:
    """Refuse what is too short, too long, or guessed first of who has `form.address`."""
    password = passwords.normal(field.data or "")
    if len(password) < (least := passwords.SHORTEST):
        sentence = ngettext("At least %(num)s character.", "At least %(num)s characters.", least)
        raise ValidationError(sentence % {"num": number(least)})
    if len(password) > (most := passwords.LONGEST):
        sentence = ngettext("At most %(num)s character.", "At most %(num)s characters.", most)
        raise ValidationError(sentence % {"num": number(most)})
    if passwords.is_guessed_first(password, form.address, form.address.partition("@")[0]):
        raise ValidationError(_("This password is easy to guess. Take a few words of your own."))
