"""Notes: those of one habit, and what is found among all of a user's, paged by key."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection

from app.infra.statement import Statement
from app.rules.identity import Claims

NOTES_A_PAGE = 20


class Note(NamedTuple):
    """A note about a day of a habit, with the name of the habit."""

    habit_id: int
    name: str
    day: date
    body: str


class Place(NamedTuple):
    """Where a page of notes begins: after the note about this day of this habit."""

    day: date
    habit_id: int


@dataclass(frozen=True, slots=True)
class NotesPage:
    """Notes, the newest day first; `older` is where the next page begins, None on the last."""

    notes: tuple[Note, ...]
    older: Place | None


# All :words stand in a note, whatever their case.
_NOTES = """
    SELECT n.habit_id, h.name, n.day, n.body
    FROM notes n JOIN habits h ON h.user_id = n.user_id AND h.id = n.habit_id
    WHERE n.user_id = :me AND {whose}
      AND (CAST(:day AS date) IS NULL
           OR (n.day, n.habit_id) < (CAST(:day AS date), CAST(:after AS bigint)))
    ORDER BY n.day DESC, n.habit_id DESC LIMIT :most
"""
_OF_HABIT = Statement(_NOTES.format(whose="n.habit_id = :habit"), Note)
_FOUND = Statement(_NOTES.format(whose="n.body ILIKE ALL (CAST(:words AS text[]))"), Note)
_ABOUT = Statement(
    """
    SELECT n.habit_id, h.name, n.day, n.body
    FROM notes n JOIN habits h ON h.user_id = n.user_id AND h.id = n.habit_id
    WHERE n.user_id = :me AND n.habit_id = :habit AND n.day = :day
""",
    Note,
)


def about(reading: Connection, who: Claims, habit_id: int, day: date) -> str:
    """Return the note about a day of the user's habit, empty where there is none."""
    note = _ABOUT.first(reading, {"me": who.user_id, "habit": habit_id, "day": day})
    return note.body if note else ""


def of_habit(
    reading: Connection, who: Claims, habit_id: int, before: date | None = None
) -> NotesPage:
    """Return the notes of the user's habit about days before `before`, the newest for None."""
    values = {"me": who.user_id, "habit": habit_id, "day": before, "after": 0}
    return _page(_OF_HABIT.all(reading, values | {"most": NOTES_A_PAGE + 1}))


def find(
    reading: Connection, who: Claims, asked: str = "", after: Place | None = None
) -> NotesPage:
    """Return the user's notes in which every word that is `asked` for stands; all for none.

    A word is a part of a text, in small letters or capitals; none of its signs stands for another.
    """
    day, habit_id = after or (None, 0)
    values = {"me": who.user_id, "words": [_pattern(word) for word in asked.split()]}
    values |= {"day": day, "after": habit_id, "most": NOTES_A_PAGE + 1}
    return _page(_FOUND.all(reading, values))


def _page(found: Sequence[Note]) -> NotesPage:
    shown = tuple(found[:NOTES_A_PAGE])
    last = shown[-1] if len(found) > NOTES_A_PAGE else None
    return NotesPage(shown, Place(last.day, last.habit_id) if last else None)


def _pattern(word: str) -> str:
    for sign in ("\\", "%", "_"):
        word = word.replace(sign, f"\\{sign}")
    return f"%{word}%"
