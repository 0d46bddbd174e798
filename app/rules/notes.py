"""Which days a note may be about."""

from datetime import date

from app.rules.errors import Invalid
from app.rules.language import _


def check_day(day: date, first: date, today: date) -> None:
    """Raise Invalid unless `day` lies between the habit's `first` day and `today`."""
    if first > today:
        raise Invalid(day=_("This habit starts on %(first)s.") % {"first": first.isoformat()})
    if not first <= day <= today:
        raise Invalid(
            day=_("A note can be about a day from %(first)s to %(last)s.")
            % {"first": first.isoformat(), "last": today.isoformat()}
        )
