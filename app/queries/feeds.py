"""Feeds as a calendar reads them: what was kept, and what is going to be due."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, text

from app.infra import tokens
from app.infra.statement import Statement
from app.queries.stats import kept
from app.queries.stats.kept import Past
from app.queries.stats.shelf import shelf
from app.rules.frame import Frame
from app.rules.identity import Claims
from app.rules.schedule import Schedule
from app.rules.undone import undone

# Days that are told: gone by, and to come with today.
BACK, AHEAD = 90, 30
_ONE_DAY = timedelta(days=1)
_HIGHEST_ID = 2**63 - 1


class _Reader(NamedTuple):
    timezone: str
    day_start: int


class _Day(NamedTuple):
    day: date
    names: list[str]


_READER = Statement(
    """
    SELECT u.timezone, u.day_start FROM feeds f JOIN users u ON u.id = f.user_id
    WHERE f.user_id = :me AND f.token_hash = :hash AND u.disabled_at IS NULL
    """,
    _Reader,
)
_KEPT = Statement(
    """
    SELECT c.day, array_agg(h.name ORDER BY h.position, h.id) AS names
    FROM commits c JOIN habits h ON h.user_id = c.user_id AND h.id = c.habit_id
    WHERE c.user_id = :me AND c.day BETWEEN :first AND :last
    GROUP BY c.day ORDER BY c.day
    """,
    _Day,
)
_SINCE = text("SELECT created_at FROM feeds WHERE user_id = :me")


@dataclass(frozen=True, slots=True)
class Feed:
    """What a calendar is told on the user's day `today`: the names of habits by day."""

    today: date
    kept: Mapping[date, Sequence[str]]
    due: Mapping[date, Sequence[str]]


def since(reading: Connection, user_id: int) -> datetime | None:
    """Return since when there is a feed of the user, None where there is none."""
    found: datetime | None = reading.scalar(_SINCE, {"me": user_id})
    return found


def reader(reading: Connection, token: str, now: datetime) -> Claims | None:
    """Return whose feed it is; None for a token that does not count, or of an account that is off.

    A token begins with the number of its user.
    """
    number = token.partition("-")[0]
    if not (number.isascii() and number.isdigit() and len(number) < 20):
        return None
    if (user_id := int(number)) > _HIGHEST_ID:
        return None
    found = _READER.first(reading, {"me": user_id, "hash": tokens.hash_of(token)})
    if found is None:
        return None
    return Claims(
        user_id=user_id, session_id=0, issued_at=now,
        timezone=found.timezone, day_start=found.day_start,
    )  # fmt: skip


def feed(reading: Connection, who: Claims, now: datetime) -> Feed:
    """Return the days of a user. What is to come is told as if what is due is kept."""
    today = who.day_of(now)
    values = {"me": who.user_id, "first": today - BACK * _ONE_DAY, "last": today}
    found = shelf(reading, who, today)
    habits = [one for pillar in found.pillars for one in pillar.habits if not one.archived]
    frame = kept.frame_of(today, today)
    due: dict[date, list[str]] = defaultdict(list)
    for past in kept.past(reading, who, habits, found.weeks, frame, amounts=True):
        for day in _due(past, today):
            due[day].append(past.habit.name)
    return Feed(today, dict(_KEPT.all(reading, values)), due)


def _due(past: Past, today: date) -> Iterator[date]:
    """Yield the days to come, with today, on which a habit is due."""
    frame = Frame(today, today + (AHEAD - 1) * _ONE_DAY)
    is_kept = today in past.history.days
    open_days = undone(past.history, frame.of([0] if is_kept else []), frame)
    last: date | None = None
    for day, is_open in zip(frame.days, frame.counts(open_days), strict=True):
        term = past.history.timetable.term(day)
        # One that comes every few days waits from then on; once kept, it comes again later.
        waits = term.schedule is Schedule.EVERY and last and (day - last).days < term.every
        if is_open and not waits:
            last = day
            yield day
