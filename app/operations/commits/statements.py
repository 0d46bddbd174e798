"""What a press reads after the lock, in one statement, built once, at import."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple, cast

from app.facts import habits
from app.facts.rests import RESTS
from app.infra.statement import Statement
from app.models.accounts import ALIVE
from app.rules.facts import HabitFacts, PetFacts, PillarFacts
from app.rules.reward import REWARD_DAYS


class ReadRow(NamedTuple):
    """A row of READ: the facts of a habit, and for the pressed one also how things stand for it.

    `pressed_as` is the route of the press that had this key, if one had; `has_find` tells whether
    the pet has brought something today already. The columns of `entry` are those of the ledger
    line that keeps this habit on this day, if it is kept, and of the pillar that it gave its XP
    to, if that is still there. `earned_before` is what a day more than a week back had earned when
    it was taken back last. `fed_otherwise` tells whether something else earned the same pet
    XP on the same day: then that day counts for the pet whatever becomes of this commit.
    `kept_otherwise` counts the day's other commits, `last_kept_otherwise` is the newest day up to
    today on which anything else was kept. `newest_id` and `newest_amount`, in thousandths, are
    those of the amount that came to the day last; `counted_otherwise` is the newest other day with
    one. A habit that counts nothing has none of the three, and pays for none.
    """

    id: int
    pillar_id: int
    name: str
    effort: str
    put_away: bool
    pillar_put_away: bool
    terms: str
    folded_on: date | None
    folded_run: int
    folded_best: int
    folded_kept: int
    folded_toward: int
    folded_shields: int
    folded_since: date | None
    folded_idle: int
    folded_overdue: int
    folded_strength: float
    days: Sequence[date]
    amounts: str | None
    counted_on: date | None
    is_pressed: bool | None
    alive: bool
    pressed_as: str | None
    has_find: bool
    rests: str | None
    milestone: int
    pillar_name: str
    color: str
    icon: str
    pillar_xp: int
    pillar_folded: bool
    pillar_best: int
    pet_id: int
    pet_name: str
    species: str
    coat: str
    pet_xp: int
    days_kept: int
    best_level: int
    best_stage: int
    entry_id: int | None
    entry_amount: int | None
    entry_pet_id: int | None
    entry_pillar_id: int | None
    entry_pillar_name: str | None
    entry_color: str | None
    entry_icon: str | None
    entry_pillar_xp: int | None
    entry_pillar_folded: bool | None
    earned_before: int | None
    fed_otherwise: bool
    kept_otherwise: int
    last_kept_otherwise: date | None
    newest_id: int | None
    newest_amount: int | None
    counted_otherwise: date | None

    @property
    def habit(self) -> HabitFacts:
        """The facts of the habit."""
        return HabitFacts._make(self[: len(HabitFacts._fields)])

    @property
    def pillar(self) -> PillarFacts:
        """The pillar in which the habit is."""
        return PillarFacts(
            self.pillar_id, self.pillar_name, self.color, self.icon, self.pillar_xp,
            self.pillar_folded,
        )  # fmt: skip

    @property
    def entry_pillar(self) -> PillarFacts | None:
        """The pillar that the standing entry gave its XP to, None where there is none."""
        values = cast("tuple[Any, ...]", self[_ENTRY_PILLAR])
        return None if values[-1] is None else PillarFacts(*values)

    @property
    def pet(self) -> PetFacts:
        """The active pet."""
        return PetFacts(
            self.pet_id, self.pet_name, self.species, self.coat, self.pet_xp, self.days_kept
        )


_FIELDS = ReadRow._fields
_ENTRY_PILLAR = slice(_FIELDS.index("entry_pillar_id"), _FIELDS.index("entry_pillar_folded") + 1)
# An amount is known by its key for as long as it is there; by which route it came, for 90 days.
_ADDED_AS = """
            CASE WHEN h.counted THEN
                (SELECT CASE WHEN k.habit_id = :habit THEN CAST(:route AS varchar)
                             ELSE 'amount/' || k.habit_id END
                 FROM amounts k WHERE k.user_id = :me AND k.key = :key) END"""
_COUNTED_OTHERWISE = """
        CASE WHEN h.counted THEN
            (SELECT max(o.day) FROM amounts o WHERE o.user_id = :me AND o.habit_id = :habit
             AND o.day <> :day) END"""
_NEWEST = """
        SELECT o.id, CAST(o.amount * 1000 AS bigint) AS thousandths FROM amounts o
        WHERE h.counted AND o.user_id = :me AND o.habit_id = :habit AND o.day = :day
        ORDER BY o.id DESC LIMIT 1"""
# `WHERE h.id = :habit` inside: all this is looked up for the pressed habit alone. OFFSET 0 keeps
# the planner from joining first and asking that last, once it has looked it up for every habit.
_STAND = f"""
LEFT JOIN LATERAL (
    SELECT true AS is_pressed,
        EXISTS (SELECT 1 FROM sessions s
                WHERE s.user_id = :me AND s.id = :session AND {ALIVE}) AS alive,
        coalesce(
            (SELECT k.route FROM presses k WHERE k.user_id = :me AND k.key = :key),{_ADDED_AS},
            (SELECT CASE WHEN k.reverses_id IS NULL THEN 'commit/' ELSE 'undo/' END || k.habit_id
             FROM ledger_entries k WHERE k.user_id = :me AND k.key = :key)) AS pressed_as,
        EXISTS (SELECT 1 FROM finds d WHERE d.user_id = :me AND d.day = :today) AS has_find,
        {RESTS.format(user=":me")} AS rests,
        h.milestone,
        p.name AS pillar_name, p.color, p.icon, p.xp AS pillar_xp,
        p.is_folded AS pillar_folded, p.best_level AS pillar_best,
        t.id AS pet_id, t.name AS pet_name, t.species, t.coat, t.xp AS pet_xp, t.days_kept,
        t.best_level, t.best_stage,
        e.id AS entry_id, e.amount AS entry_amount, e.pet_id AS entry_pet_id,
        e.pillar_id AS entry_pillar_id, q.name AS entry_pillar_name, q.color AS entry_color,
        q.icon AS entry_icon, q.xp AS entry_pillar_xp, q.is_folded AS entry_pillar_folded,
        CASE WHEN CAST(:today AS date) - CAST(:day AS date) > {REWARD_DAYS} THEN
            (SELECT b.amount FROM ledger_entries b
             JOIN ledger_entries r ON r.user_id = :me AND r.reverses_id = b.id
             WHERE b.user_id = :me AND b.habit_id = :habit AND b.day = :day
             ORDER BY r.id DESC LIMIT 1) END AS earned_before,
        EXISTS (SELECT 1 FROM ledger_entries m
                WHERE m.user_id = :me AND m.day = :day AND m.amount > 0
                  AND m.pet_id = coalesce(e.pet_id, t.id) AND m.id IS DISTINCT FROM e.id
                  AND NOT EXISTS (SELECT 1 FROM ledger_entries r
                                  WHERE r.user_id = :me AND r.reverses_id = m.id)
        ) AS fed_otherwise,
        (SELECT count(*) FROM commits c WHERE c.user_id = :me AND c.day = :day
         AND c.habit_id <> :habit) AS kept_otherwise,
        (SELECT max(c.day) FROM commits c WHERE c.user_id = :me AND c.day <= :today
         AND (c.habit_id, c.day) <> (:habit, :day)) AS last_kept_otherwise,
        a.id AS newest_id, a.thousandths AS newest_amount,
        {_COUNTED_OTHERWISE} AS counted_otherwise
    FROM pets t
    LEFT JOIN LATERAL (
        SELECT e.* FROM ledger_entries e
        WHERE e.user_id = :me AND e.habit_id = :habit AND e.day = :day AND e.reverses_id IS NULL
          AND NOT EXISTS (SELECT 1 FROM ledger_entries r
                          WHERE r.user_id = :me AND r.reverses_id = e.id)
    ) AS e ON true
    LEFT JOIN pillars q ON q.user_id = :me AND q.id = e.pillar_id
    LEFT JOIN LATERAL ({_NEWEST}) AS a ON true
    WHERE t.user_id = :me AND t.is_active AND h.id = :habit
    OFFSET 0
) AS stand ON true"""
# A press on a day that is folded already wants all days, and believes no fold.
_BELIEVED = """
    CASE WHEN h.closed_on IS NULL AND (h.id <> :habit OR :day > h.folded_on) THEN h.folded_on END"""

READ = Statement(habits.sql(_BELIEVED, ", stand.*", _STAND), ReadRow)
