"""What a press writes: a day that is kept, one that is taken back, or an amount alone."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from app.infra.statement import At, Statement
from app.operations import presses
from app.operations.commits import reading
from app.operations.commits.pressed import Pressed
from app.operations.commits.standing import Standing
from app.operations.commits.writes import Kit, Written
from app.rules import fold, reward
from app.rules.facts import PillarFacts
from app.rules.moments import Keepsake
from app.rules.outcome import Act, Outcome
from app.rules.reward import Effort


def keep(at: At, standing: Standing, kit: Kit, more: int = 0) -> Outcome:
    """Keep the habit on the day acted on, with its reward, and `more` thousandths added to it."""
    habit, day, today = standing.habit, standing.day, standing.today
    kept = sorted([*habit.days, day])
    before = standing.row.earned_before or 0
    span = standing.board.on_day(habit, day).span
    amount = reward.xp(Effort(habit.effort), span, day, today, before)
    pet_days = int(amount > 0 and not standing.row.fed_otherwise)
    after = standing.after(kept, amount, amount, pet_days, more)
    reached, told = after.marks(), after.moments()
    keepsakes = after.keepsakes(told)
    # Most commits bring no moment about, and pay for none.
    statement = kit.record_with_moments if keepsakes else kit.record
    write(
        at, statement, after, day, more,
        amount=amount, pet_days=pet_days, pillar=habit.pillar_id, pet=standing.pet.id,
        pet_level=reached.level, stage=reached.stage, pillar_level=reached.pillar,
        milestone=reached.milestone, find=after.find(), today=today, **moments_of(keepsakes),
    )  # fmt: skip
    return after.outcome(Act.KEPT, amount, moments=told)


def take_back(at: At, standing: Standing, kept_on: date, kit: Kit, more: int = 0) -> Outcome:
    """Take the commit of the day `kept_on` back, and exactly what it gave.

    `more` thousandths are added on the day acted on, a negative number being taken back: its week
    or month may have its commit on another day.
    """
    if kept_on != standing.day:
        standing = replace(standing, row=reading.entry_of(at, standing, kept_on))
    row = standing.row
    amount = row.entry_amount or 0
    pet_days = int(amount > 0 and not row.fed_otherwise)
    same_pillar, same_pet = (
        row.entry_pillar_id == row.habit.pillar_id,
        row.entry_pet_id == row.pet_id,
    )
    after = standing.after(
        [kept for kept in standing.habit.days if kept != kept_on],
        -amount if same_pillar else 0,
        -amount if same_pet else 0,
        -pet_days if same_pet else 0,
        more,
    )
    write(
        at, kit.undo, after, kept_on, more,
        amount=amount, pet_days=pet_days, pillar=row.entry_pillar_id, pet=row.entry_pet_id,
        entry=row.entry_id,
    )  # fmt: skip
    if row.entry_id is None and not more:
        key, route = standing.press.key, standing.route
        presses.remember(at, standing.owner.id, key, route, standing.now)
    elsewhere = None if same_pillar else _giver(row, amount)
    return after.outcome(Act.ADDED if more > 0 else Act.UNDONE, amount, elsewhere=elsewhere)


def count(at: At, standing: Standing, kit: Kit, more: int) -> Outcome:
    """Add `more` thousandths to the day acted on, a negative number being taken back."""
    after = standing.after(standing.habit.days, more=more)
    write(at, kit.alone, after, standing.day, more)
    return after.outcome(Act.ADDED if more > 0 else Act.TAKEN)


def write(
    at: At,
    statement: Statement[Written],
    after: Standing,
    day: date,
    more: int = 0,
    **values: Any,
) -> None:
    """Write what changed, in one statement. Under the lock it finds exactly what was read.

    `after` is the standing that it leads to, `day` that of the commit, `more` the thousandths that
    are added, and `values` what the statement says besides.
    """
    folded = after.closed()
    written = statement.first(
        at,
        {
            "me": after.owner.id, "session": after.actor.credential,
            "habit": after.habit.id, "label": after.habit.name,
            "day": day, "now": after.now, "key": after.press.key, "route": after.route,
            "counted_on": after.day, "more": more, "amount_id": after.newest_id,
            **folded._asdict(), "reach": fold.reach(after.habit.timetable), **values,
        },
    )  # fmt: skip
    if written is None or written.version != after.version:
        raise RuntimeError("a user's row was written without its lock")


def moments_of(keepsakes: Sequence[Keepsake]) -> dict[str, Any]:
    """Return what the statement of a commit says of the moments that it brings about."""
    if not keepsakes:
        return {}
    names = ("occasions", "subjects", "numbers", "labels")
    return dict(zip(names, map(list, zip(*keepsakes, strict=True)), strict=True))


def _giver(row: Pressed, amount: int) -> PillarFacts | None:
    """Return the pillar that gave XP back though the habit has left it, None if it is deleted."""
    giver = row.entry_pillar
    return giver and giver._replace(xp=giver.xp - amount)
