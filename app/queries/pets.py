"""The active pet with the total of the day: everything that its card shows, in one statement."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.infra.db import statement
from app.rules import days, levels
from app.rules.errors import SessionEnded
from app.rules.identity import Claims
from app.rules.mood import mood, slept_through
from app.rules.outcome import PetCard

_PET = statement(
    """
SELECT t.id, t.name, t.species, t.coat, t.xp, t.days_kept, u.version, u.created_at,
       (SELECT count(*) FROM (SELECT 1 FROM commits c WHERE c.user_id = :me LIMIT 5) AS few)
       AS practice,
       ARRAY(SELECT b.best_stage FROM pets b WHERE b.user_id = :me) AS best_stages,
       (SELECT max(c.day) FROM commits c WHERE c.user_id = :me AND c.day <= :today) AS last_kept,
       day.*
FROM users u
JOIN pets t ON t.user_id = u.id AND t.is_active
CROSS JOIN LATERAL (
    SELECT count(*) AS due, count(c.day) AS kept, min(f.starts_on) AS first_due
    FROM habits h
    JOIN pillars p ON p.user_id = :me AND p.id = h.pillar_id AND p.archived_at IS NULL
    JOIN LATERAL (SELECT min(s.starts_on) AS starts_on FROM schedules s
                  WHERE s.user_id = :me AND s.habit_id = h.id) f ON f.starts_on <= :today
    LEFT JOIN commits c ON c.user_id = :me AND c.habit_id = h.id AND c.day = :today
    WHERE h.user_id = :me AND h.archived_at IS NULL
) AS day
WHERE u.id = :me
""",
    "id name species coat xp days_kept version created_at practice best_stages"
    " last_kept due kept first_due",
)


@dataclass(frozen=True, slots=True)
class PetOfDay:
    """The card of the active pet, and what the day says beside it.

    `practice` counts the user's commits up to five, until the tick needs no word; `eggs` is how
    many new eggs are offered.
    """

    card: PetCard
    practice: int
    eggs: int


def card(session: Session, who: Claims, now: datetime) -> PetCard:
    """Return the card of the active pet on the user's day at `now`.

    Raises SessionEnded when the account is gone.
    """
    return of_day(session, who, now).card


def of_day(session: Session, who: Claims, now: datetime) -> PetOfDay:
    """Return the active pet on the user's day at `now`. Raises SessionEnded as `card` does."""
    today = who.day_of(now)
    row = session.execute(_PET, {"me": who.user_id, "today": today}).one_or_none()
    if row is None:
        raise SessionEnded
    since = row.first_due and max(row.first_due, who.day_of(row.created_at))
    shown = PetCard(
        id=row.id,
        name=row.name,
        species=row.species,
        coat=row.coat,
        xp=row.xp,
        days_kept=row.days_kept,
        mood=mood(
            due=row.due,
            kept_due=row.kept,
            kept_today=row.last_kept == today,
            asleep=slept_through(since, row.last_kept, today),
            hour=days.local_hour(now, who.timezone),
        ),
        due=row.due,
        kept=row.kept,
        version=row.version,
    )
    return PetOfDay(shown, row.practice, levels.eggs(row.best_stages))
