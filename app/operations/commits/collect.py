"""Collect quiet days: the commits of closed days that stayed within their limit, all at once."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import NamedTuple

from app.infra.statement import At, Statement
from app.operations.commits.reading import answered, stand, unchanged
from app.operations.commits.standing import Standing
from app.operations.commits.writes import HABIT, MOMENTS, PRESSED, Written
from app.operations.commits.writing import moments_of, write
from app.operations.owner import USED
from app.rules import collecting, fold, moments, occasions, reward
from app.rules.identity import Actor
from app.rules.outcome import Act, Outcome
from app.rules.press import Press
from app.rules.reward import Effort

_NO_MOMENTS: dict[str, list[object]] = {
    "occasions": [], "subjects": [], "numbers": [], "labels": [],
}  # fmt: skip


class _Fed(NamedTuple):
    day: date


# The days among :days on which something that stands has earned the active pet XP already.
_FED = Statement(
    """
    SELECT v.day FROM unnest(CAST(:days AS date[])) AS v (day)
    WHERE EXISTS (SELECT 1 FROM ledger_entries m
                  WHERE m.user_id = :me AND m.day = v.day AND m.amount > 0 AND m.pet_id = :pet
                    AND NOT EXISTS (SELECT 1 FROM ledger_entries r
                                    WHERE r.user_id = :me AND r.reverses_id = m.id))
""",
    _Fed,
)

# Several commits at once: the key stands on none of their lines, but on a row of its own.
_COLLECT = Statement(
    f"""
WITH used AS ({USED}
), kept AS (
    INSERT INTO commits (user_id, habit_id, day, created_at)
    SELECT :me, :habit, v.day, :now FROM unnest(CAST(:days AS date[])) AS v (day)
    ON CONFLICT DO NOTHING RETURNING user_id, day
), whole AS (
    SELECT CAST(:me AS bigint) AS user_id FROM kept
    HAVING count(*) = cardinality(CAST(:days AS date[]))
), habit AS (
    UPDATE habits SET {HABIT}, milestone = greatest(milestone, :milestone)
    FROM whole WHERE habits.user_id = :me AND habits.id = :habit
), pillar AS (
    UPDATE pillars SET xp = xp + :amount, best_level = greatest(best_level, :pillar_level)
    FROM whole WHERE pillars.user_id = :me AND pillars.id = :pillar
), pet AS (
    UPDATE pets SET xp = xp + :amount, days_kept = days_kept + :pet_days,
        best_level = greatest(best_level, :pet_level), best_stage = greatest(best_stage, :stage)
    FROM whole WHERE pets.user_id = :me AND pets.id = :pet
), entry AS (
    INSERT INTO ledger_entries
        (user_id, habit_id, pillar_id, pet_id, day, label, amount, created_at)
    SELECT kept.user_id, :habit, :pillar, :pet, v.day, :label, v.amount, :now
    FROM kept JOIN unnest(CAST(:days AS date[]), CAST(:earned AS int[])) AS v (day, amount)
        ON v.day = kept.day
    ORDER BY v.day
){MOMENTS.format(of="whole")}{PRESSED.format(of="whole")}
UPDATE users SET version = version + 1 FROM whole WHERE users.id = :me
RETURNING users.version
""",
    Written,
)


def collect(at: At, actor: Actor, habit_id: int, press: Press) -> Outcome:
    """Keep the quiet days of the last week that are not kept yet, each with its own reward.

    Returns the Outcome, UNCHANGED when there are none or the key is known. Raises SessionEnded,
    NotYours, Archived, and Invalid for the key of another form.
    """
    standing = _stand(at, actor, habit_id, press)
    outcome = answered(at, standing)
    if outcome is None:
        days = collecting.quiet_days(standing.board.history(standing.habit), standing.today)
        outcome = _keep(at, standing, days) if days else unchanged(at, standing)
    # Whatever it was kept on, the row that is shown is that of today.
    return replace(outcome, day=outcome.today, kept=outcome.row.done)


def _stand(at: At, actor: Actor, habit_id: int, press: Press) -> Standing:
    back = timedelta(days=collecting.DAYS_BACK)
    return stand(at, actor, habit_id, replace(press, day=None), f"collect/{habit_id}", back)


def _keep(at: At, standing: Standing, days: Sequence[date]) -> Outcome:
    habit, pet = standing.habit, standing.pet
    earned, run = _earned(standing, days)
    fed = {row.day for row in _FED.all(at, {"me": standing.owner.id, "days": days, "pet": pet.id})}
    amount = sum(earned)
    pet_days = sum(one > 0 and day not in fed for day, one in zip(days, earned, strict=True))
    after = replace(standing, day=days[-1]).after(
        sorted([*habit.days, *days]), amount, amount, pet_days
    )
    reached = moments.marks(after.pet.xp, after.pet.days_kept, after.pillar.xp, run)
    told = moments.passed(standing.celebrated, reached)
    write(
        at, _COLLECT, after, days[-1],
        days=days, earned=earned, amount=amount, pet_days=pet_days, pillar=habit.pillar_id,
        pet=pet.id, pet_level=reached.level, stage=reached.stage, pillar_level=reached.pillar,
        milestone=reached.milestone, today=standing.today,
        **_NO_MOMENTS | moments_of(after.keepsakes(told)),
    )  # fmt: skip
    return after.outcome(Act.COLLECTED, amount, moments=told)


def _earned(standing: Standing, days: Sequence[date]) -> tuple[list[int], int]:
    """Return what each of the days earns, by the run once it has closed, and the last such run."""
    habit, timetable = standing.habit, standing.habit.timetable
    history, state, earned = standing.board.history(habit), standing.habit.state, []
    for day in days:
        state = fold.advance(state, history, day)
        span = occasions.in_days(timetable.term(day), state.run)
        span = min(span, (day - state.since).days + 1) if state.since else 0
        earned.append(reward.xp(Effort(habit.effort), span, day, standing.today))
    return earned, state.run
