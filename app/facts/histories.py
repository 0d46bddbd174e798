"""All days of some habits, for whoever folds them from the first."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from app.facts.habits import AMOUNTS, DAY_NUMBERS, TERMS
from app.facts.rests import RESTS
from app.infra.statement import At, Statement
from app.rules.facts import amounts_of
from app.rules.rests import Rests
from app.rules.schedule import Timetable
from app.rules.states import History
from app.rules.weeks import weeks_of


class _Row(NamedTuple):
    id: int
    pillar_id: int
    terms: str
    days: Sequence[int]
    amounts: str | None
    week_anchors: Sequence[date]
    rests: str | None


_DAYS = Statement(
    f"""
    SELECT h.id, h.pillar_id, {TERMS} AS terms, {DAY_NUMBERS} AS days, {AMOUNTS} AS amounts,
           u.week_anchors, {RESTS.format(user="h.user_id")} AS rests
    FROM habits h JOIN users u ON u.id = h.user_id
    WHERE h.user_id = :me AND h.id = ANY(CAST(:habits AS bigint[]))
""".format(folded_on="CAST(NULL AS date)"),
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
                amounts_of(row.amounts),
                weeks_of(row.week_anchors),
                Rests.of(row.rests).quiet(row.id, row.pillar_id),
            ),
        )
