"""The active pet with the total of the day: everything that its card shows, in one statement."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.infra.db import statement
from app.rules import days
from app.rules.errors import SessionEnded
from app.rules.identity import Claims
from app.rules.mood import mood, slept_through
from app.rules.outcome import PetCard

_PET = statement(
    """
SELECT t.id, t.name, t.species, t.xp, t.days_kept, u.version, u.created_at,
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
    "id name species xp days_kept version created_at last_kept due kept first_due",
)


def card(session: Session, who: Claims, now: datetime) -> PetCard:
    """Return the card of the active pet on the user's day at `now`.

    Raises SessionEnded when the account is gone.
    """
    today = who.day_of(now)
    row = session.execute(_PET, {"me": who.user_id, "today": today}).one_or_none()
    if row is None:
        raise SessionEnded
    since = row.first_due and max(row.first_due, who.day_of(row.created_at))
    return PetCard(
        id=row.id,
        name=row.name,
        species=row.species,
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
