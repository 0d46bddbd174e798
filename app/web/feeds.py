"""A feed as calendars read it (RFC 5545): one event a day, without a time."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

from icalendar import Calendar, Event

from app.queries.feeds import Feed
from app.rules.language import _

# So many names stand in the title of an event; its text has all of them.
_NAMED = 3
_PRODUCT = "-//Commit Life//Feed//EN"


def written(feed: Feed, host: str) -> bytes:
    """Return the text of a feed; the same days give the same text. `host` is this place's."""
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", _("Commit Life"))
    calendar.add("refresh-interval", timedelta(hours=1), parameters={"VALUE": "DURATION"})
    stamp = datetime.combine(feed.today, time(), UTC)
    for day, names in sorted(feed.kept.items()):
        calendar.add_component(_event("kept", day, names, stamp, host))
    for day, names in sorted(feed.due.items()):
        calendar.add_component(_event("due", day, names, stamp, host))
    return bytes(calendar.to_ical())


def _event(kind: str, day: date, names: Sequence[str], stamp: datetime, host: str) -> Event:
    few = ", ".join(names[:_NAMED]) + ("…" if len(names) > _NAMED else "")
    title = _("Kept: %(names)s") if kind == "kept" else _("Due: %(names)s")
    event = Event()
    event.add("uid", f"{kind}-{day}@{host}")
    event.add("dtstamp", stamp)
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))
    event.add("summary", title % {"names": few})
    event.add("description", "\n".join(names))
    event.add("transp", "TRANSPARENT")
    return event
