"""The rests of a user, and the days of a habit that are skipped."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from app.infra.statement import Statement
from app.rules.errors import NotYours
from app.rules.identity import Claims
from app.rules.resting import Phase, Span


@dataclass(frozen=True, slots=True)
class Rest:
    """A rest of a pillar, of a habit, or with neither of everything.

    `name` is that of the pillar or the habit, `color` and `icon` are those of the pillar.
    """

    id: int
    pillar_id: int | None
    habit_id: int | None
    starts_on: date
    ends_on: date | None
    reason: str
    name: str | None
    color: str | None
    icon: str | None

    def phase(self, today: date) -> Phase:
        """Return where the rest lies, seen from `today`."""
        return Span(self.starts_on, self.ends_on).phase(today)


@dataclass(frozen=True, slots=True)
class Skip:
    """Why a habit is skipped on a day."""

    reason: str


@dataclass(frozen=True, slots=True)
class Rests:
    """All rests of a user: those under way, those to come, the next first, and those over."""

    running: tuple[Rest, ...]
    coming: tuple[Rest, ...]
    over: tuple[Rest, ...]


_RESTS = Statement(
    """
    SELECT r.id, r.pillar_id, r.habit_id, r.starts_on, r.ends_on, r.reason,
           coalesce(h.name, p.name) AS name, p.color, p.icon
    FROM rests r
    LEFT JOIN habits h ON h.user_id = :me AND h.id = r.habit_id
    LEFT JOIN pillars p ON p.user_id = :me AND p.id = coalesce(r.pillar_id, h.pillar_id)
    WHERE r.user_id = :me AND r.kind = 'rest'
      AND (CAST(:rest AS bigint) IS NULL OR r.id = :rest)
    ORDER BY r.starts_on DESC, r.id DESC
""",
    Rest,
)
_SKIP = Statement(
    """
    SELECT reason FROM rests
    WHERE user_id = :me AND kind = 'skip' AND habit_id = :habit AND starts_on = :day
""",
    Skip,
)


def all_rests(reading: Connection, who: Claims, today: date) -> Rests:
    """Return the user's rests as they lie on the user's day `today`."""
    lying: dict[Phase, list[Rest]] = {phase: [] for phase in Phase}
    for rest in _RESTS.all(reading, {"me": who.user_id, "rest": None}):
        lying[rest.phase(today)].append(rest)
    return Rests(
        running=tuple(lying[Phase.RUNNING]),
        coming=tuple(reversed(lying[Phase.COMING])),
        over=tuple(lying[Phase.OVER]),
    )


def one(reading: Connection, who: Claims, rest_id: int) -> Rest:
    """Return one rest of the user. Raises NotYours."""
    rest = _RESTS.first(reading, {"me": who.user_id, "rest": rest_id})
    if rest is None:
        raise NotYours
    return rest


def skip_of(reading: Connection, who: Claims, habit_id: int, day: date) -> Skip | None:
    """Return why the user's habit is skipped on `day`, None where it is not."""
    return _SKIP.first(reading, {"me": who.user_id, "habit": habit_id, "day": day})
