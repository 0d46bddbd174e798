"""The facts of a user: how far the account is, its pillars, and the active pet."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection

from app.facts.rests import RESTS
from app.infra.statement import Statement
from app.rules.facts import PetFacts, PillarFacts


class RestFacts(NamedTuple):
    """A rest for everything, through the day `ends_on` (None: without an end)."""

    id: int
    ends_on: date | None


class PersonFacts(NamedTuple):
    """What the database knows of a user, and of the pet that is active.

    `version` counts the user's writes. `last_kept` is the newest day, up to the day asked for, on
    which anything was kept; `practice` counts the commits up to five; `best_stages` are how far
    each pet came at best, as places in Stage. Before `egg_waits_until` no new egg is spoken of.
    `kept_before` and `added_before` are the newest days before the one asked for on which anything
    was kept, and on which an amount was added; for days away up to `away_answered` the user has
    said whether they were a rest. `asked` are the values of `asked_on`, `open_pillars` those of
    `pillars`, `resting` those of `rest`, `parts` those of `day_parts`; `week_anchors` and `rests`
    are what Weeks and Rests are made of.
    """

    version: int
    created_at: datetime
    last_kept: date | None
    practice: int
    best_stages: Sequence[int]
    egg_waits_until: date | None
    kept_before: date | None
    added_before: date | None
    away_answered: date | None
    asked: Sequence[Sequence[Any]] | None
    week_anchors: Sequence[date]
    rests: str | None
    open_pillars: Sequence[Sequence[Any]]
    resting: Sequence[Any] | None
    parts: Mapping[str, str] | None
    pet_id: int
    pet_name: str
    species: str
    coat: str
    xp: int
    days_kept: int

    @property
    def pet(self) -> PetFacts:
        """The active pet."""
        return PetFacts(*self[-6:])

    @property
    def rest(self) -> RestFacts | None:
        """The rest for everything that covers the day asked for; of several the longest."""
        if self.resting is None:
            return None
        rest_id, ends_on = self.resting
        return RestFacts(rest_id, date.fromisoformat(ends_on) if ends_on else None)

    @property
    def asked_on(self) -> dict[int, date]:
        """When the user last said what should become of a habit, by its id.

        It is the day on which they were asked, or a month long the one on which they made it.
        """
        return {habit_id: date.fromisoformat(day) for habit_id, day in self.asked or ()}

    @property
    def day_parts(self) -> dict[int, str]:
        """The parts of the day of the habits that have one, by their ids."""
        return {int(habit_id): part for habit_id, part in (self.parts or {}).items()}

    @property
    def pillars(self) -> list[PillarFacts]:
        """The pillars that are not archived, in the user's order."""
        return [PillarFacts(*values) for values in self.open_pillars]


# The pillars come as one value, so that all of it is one row and one statement.
_PERSON = Statement(
    f"""
SELECT u.version, u.created_at,
       (SELECT max(c.day) FROM commits c WHERE c.user_id = :me AND c.day <= :today) AS last_kept,
       (SELECT count(*) FROM (SELECT 1 FROM commits c WHERE c.user_id = :me LIMIT 5) AS few)
       AS practice,
       ARRAY(SELECT b.best_stage FROM pets b WHERE b.user_id = :me) AS best_stages,
       u.egg_waits_until AS egg_waits_until,
       (SELECT max(c.day) FROM commits c WHERE c.user_id = :me AND c.day < :today) AS kept_before,
       (SELECT max(newest.day)
        FROM habits h, LATERAL (
            SELECT a.day FROM amounts a
            WHERE a.user_id = :me AND a.habit_id = h.id AND a.day < :today
            ORDER BY a.day DESC LIMIT 1) AS newest
        WHERE h.user_id = :me AND h.counted) AS added_before,
       u.away_answered AS away_answered,
       (SELECT json_agg(json_build_array(
                   h.id, greatest(h.asked_on, CAST(h.created_at AS date))))
        FROM habits h
        WHERE h.user_id = :me AND (h.asked_on IS NOT NULL
                                   OR h.created_at >= CAST(:today AS date) - 29)) AS asked,
       u.week_anchors AS week_anchors,
       {RESTS.format(user=":me")} AS rests,
       (SELECT coalesce(json_agg(json_build_array(p.id, p.name, p.color, p.icon, p.xp, p.is_folded)
                                 ORDER BY p.position, p.id), '[]')
        FROM pillars p WHERE p.user_id = :me AND p.archived_at IS NULL) AS open_pillars,
       (SELECT json_build_array(r.id, r.ends_on) FROM rests r
        WHERE r.user_id = :me AND r.pillar_id IS NULL AND r.habit_id IS NULL
          AND r.starts_on <= :today AND coalesce(r.ends_on, 'infinity') >= :today
        ORDER BY r.ends_on DESC NULLS FIRST, r.id LIMIT 1) AS resting,
       (SELECT json_object_agg(h.id, h.day_part) FROM habits h
        WHERE h.user_id = :me AND h.day_part <> '') AS parts,
       t.id AS pet_id, t.name AS pet_name, t.species, t.coat, t.xp, t.days_kept
FROM users u JOIN pets t ON t.user_id = u.id AND t.is_active
WHERE u.id = :me
""",
    PersonFacts,
)


def look(reading: Connection, user_id: int, today: date) -> PersonFacts | None:
    """Return the facts of the user on the day `today`; None when the account is gone."""
    return _PERSON.first(reading, {"me": user_id, "today": today})
