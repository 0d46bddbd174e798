"""What a press on Commit or Undo sends along, and a form that adds an amount."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from app.rules.amounts import parse_amount, some
from app.rules.days import parse_day
from app.rules.errors import Invalid
from app.rules.language import _
from app.rules.names import LONGEST_KEY

# How long the key of a press that was answered as done is known.
REMEMBERED = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Press:
    """The fields of a commit or undo form. `day` None means the user's today.

    `amount` is what is to be added, in whole thousandths, where the form says that. `key` is the
    form's own, so that the same form sent twice acts once. `errors` holds what could not be taken;
    the act looks at it only when it knows that the habit is the user's.
    """

    day: date | None = None
    key: str | None = None
    errors: dict[str, str] = field(default_factory=dict)
    amount: int | None = None

    @classmethod
    def parse(cls, day: str, key: str, amount: str | None = None) -> "Press":
        """Return the press that the texts of a form mean; an empty day and key mean none."""
        errors = {}
        parsed = None
        try:
            parsed = parse_day(day) if day else None
        except ValueError:
            errors["day"] = _("This is not a day. Write it like 2026-03-10.")
        try:
            parsed_key = parse_key(key)
        except Invalid as error:
            parsed_key = None
            errors |= {name: sentence for name, (sentence,) in error.errors.items()}
        added = None
        try:
            added = None if amount is None else some(parse_amount(amount))
        except ValueError as error:
            errors["amount"] = str(error)
        return cls(parsed, parsed_key, errors, added)

    def check(self) -> None:
        """Raise Invalid if anything could not be taken."""
        if self.errors:
            raise Invalid(**self.errors)


def parse_key(key: str) -> str | None:
    """Return the key that a form sent, None if it has none. Raises Invalid."""
    if len(key) > LONGEST_KEY or not key.isprintable():
        raise Invalid(key=_("This form is not one of ours. Reload the page and press again."))
    return key or None


def check_window(day: date, starts_on: date, today: date) -> None:
    """Raise Invalid unless `day` lies in the days on which a habit can be kept."""
    if starts_on > today:
        raise Invalid(day=_("This habit starts on %(first)s.") % {"first": starts_on.isoformat()})
    if not starts_on <= day <= today:
        raise Invalid(
            day=_("This habit can be kept from %(first)s to %(last)s.")
            % {"first": starts_on.isoformat(), "last": today.isoformat()}
        )
