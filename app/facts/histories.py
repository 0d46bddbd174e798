"""All days of some habits, for whoever folds them from the first."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from app.facts.habits import DAY_NUMBERS, TERMS
from app.facts.rests import RESTS
from app.infra.statement import At, Statement
from app.rules.rests import Rests
from app.rules.schedule import Timetable
from app.rules.states import History
from app.rules.weeks import weeks_of


class _Row(NamedTuple):
    id: int
    pillar_id: int
    terms: str
    days: Sequence[int]
    amounts: Sequence[Sequence[int]] | None
    week_anchors: Sequence[date]
    rests: str | None


# Days by their numbers, and what was done on each.
_AMOUNTS = """
    CASE WHEN h.counted THEN (
        SELECT json_build_array(array_agg(a.day - DATE '0001-01-01' + 1), array_agg(a.amount))
        FROM (SELECT a.day, CAST(sum(a.amount) * 1000 AS bigint) AS amount FROM amounts a
              WHERE a.user_id = h.user_id AND a.habit_id = h.id GROUP BY a.day) AS a
        HAVING count(*) > 0) END"""
_DAYS = Statement(
    f"""
    SELECT h.id, h.pillar_id, {TERMS} AS terms, {DAY_NUMBERS} AS days, {_AMOUNTS} AS amounts,
           u.week_anchors, {RESTS.format(user="h.user_id")} AS rests
    FROM habits h JOIN users u ON u.id = h.user_id
    WHERE h.user_id = :me AND h.id = ANY(CAST(:habits AS bigint[]))
""",
    _Row,
)


def look(at: At, user_id: int, habit_ids: Sequence[int]) -> Iterator[tuple[int, History]]:
    """Yield the habits `habit_ids` of the user, each with all of its days."""
    for row in _DAYS.all(at, {"me": user_id, "habits": list(habit_ids)}):
        yield (
            row.id,
            History(
                Timetable.of(row.terms),
                list(map(date.fromordinal, row.days)),
                _amounts(row.amounts),
                weeks_of(row.week_anchors),
                Rests.of(row.rests).quiet(row.id, row.pillar_id),
            ),
        )


def _amounts(told: Sequence[Sequence[int]] | None) -> dict[date, int]:
    days, amounts = told or ((), ())
    return dict(zip(map(date.fromordinal, days), amounts, strict=True))
