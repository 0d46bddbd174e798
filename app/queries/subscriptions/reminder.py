"""The reminder: what is still open on the user's day, by the one board."""

from datetime import datetime

from sqlalchemy import Connection

from app.queries.day import read_day
from app.rules.identity import Claims
from app.rules.outcome import PetCard

# So many are named; of the others their number is told.
NAMED = 8


def reminder(reading: Connection, who: Claims, now: datetime) -> dict[str, object] | None:
    """Return the facts of a reminder, or None when nothing is open: what rests is not asked for.

    Raises SessionEnded when the account is gone.
    """
    day = read_day(reading, who, now)
    rows = [row for pillar in day.person.pillars for row in day.board.rows(pillar.id)]
    names = [row.name for row in rows if row.asked and not row.done]
    if not names:
        return None
    return {
        "habits": names[:NAMED],
        "more": max(0, len(names) - NAMED),
        "pet": drawn(day.pet),
    }


def drawn(pet: PetCard) -> dict[str, object]:
    """Return what a letter needs to draw and name a pet."""
    return {
        "name": pet.name,
        "species": pet.species,
        "coat": pet.coat,
        "stage": pet.stage,
        "mood": pet.mood,
        "cracks": pet.cracks,
    }
