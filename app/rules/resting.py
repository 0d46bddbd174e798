"""From when until when somebody may rest, and which days a change of that touches."""

from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from app.rules.errors import Invalid
from app.rules.language import _

# A rest may begin so long ago.
DAYS_BACK = 14
LATEST_DAY = date(2100, 12, 31)

_ONE_DAY = timedelta(days=1)


class Phase(StrEnum):
    """Where a rest lies, seen from today."""

    RUNNING = "running"
    COMING = "coming"
    OVER = "over"


class Span(NamedTuple):
    """The days from `starts_on` through `ends_on`; None is no end."""

    starts_on: date
    ends_on: date | None = None

    def phase(self, today: date) -> Phase:
        """Return where the span lies, seen from `today`."""
        if self.starts_on > today:
            return Phase.COMING
        return Phase.OVER if self.ends_on and self.ends_on < today else Phase.RUNNING

    def ended(self, today: date) -> "Span | None":
        """Return what is left of the span when it is ended on `today`: the days before that."""
        if self.starts_on >= today:
            return None
        if self.phase(today) is Phase.OVER:
            return self
        return self._replace(ends_on=today - _ONE_DAY)


def earliest(today: date, last_kept: date | None) -> date:
    """Return the first day on which a rest may begin.

    `last_kept` is the newest day, up to today, on which anything was kept: whoever was away for
    longer than two weeks may rest all that time.
    """
    two_weeks_ago = today - timedelta(days=DAYS_BACK)
    return min(two_weeks_ago, last_kept + _ONE_DAY) if last_kept else two_weeks_ago


def check(span: Span, first: date, before: Span | None = None) -> None:
    """Raise Invalid unless somebody may rest in `span`, `first` being the earliest day for that.

    In a change, `before` is what the rest was: days that rest already may lie longer ago.
    """
    errors = {}
    starts_on, ends_on = span
    if starts_on < first and not (before and before.starts_on <= starts_on):
        errors["starts_on"] = _("A rest can begin on %(first)s at the earliest.") % {
            "first": first.isoformat()
        }
    elif starts_on > LATEST_DAY:
        errors["starts_on"] = _latest()
    if ends_on and ends_on < starts_on:
        errors["ends_on"] = _("The last day of a rest cannot come before its first.")
    elif ends_on and ends_on > LATEST_DAY:
        errors["ends_on"] = _latest()
    elif _reaches_back(span, first, before):
        errors["ends_on"] = _(
            "Days before %(first)s can no longer be added. Make a new rest from there."
        ) % {"first": first.isoformat()}
    if errors:
        raise Invalid(**errors)


def check_skip(day: date, starts_on: date, today: date) -> None:
    """Raise Invalid unless a habit whose first day is `starts_on` can be skipped on `day`."""
    if not starts_on <= day <= today:
        raise Invalid(
            day=_("This habit can be skipped from %(first)s to %(last)s.")
            % {"first": starts_on.isoformat(), "last": today.isoformat()}
        )


def first_change(before: Span | None, after: Span | None) -> date | None:
    """Return the first day that rests in one of two spans alone; None when they are equal."""
    if before is None or after is None:
        only = before or after
        return only.starts_on if only else None
    if before.starts_on != after.starts_on:
        return min(before.starts_on, after.starts_on)
    ends = {span.ends_on for span in (before, after)}
    return min(end for end in ends if end) + _ONE_DAY if len(ends) > 1 else None


def _reaches_back(span: Span, first: date, before: Span | None) -> bool:
    """Tell whether `span` goes on after an end that lies before the day `first`."""
    if before is None or before.ends_on is None or before.ends_on + _ONE_DAY >= first:
        return False
    return span.ends_on is None or span.ends_on > before.ends_on


def _latest() -> str:
    return _("Choose a day up to %(last)s.") % {"last": LATEST_DAY.isoformat()}
