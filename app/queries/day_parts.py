"""The parts of the day: what of Today is shown while one of them is looked at."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from app.queries.pillars import PillarOfDay


@dataclass(frozen=True, slots=True)
class DayPart:
    """The part of the day that is looked at, "" being all of it.

    `left_elsewhere` is how much of what the day asks for is not shown, and not kept yet.
    """

    part: str
    left_elsewhere: int


def in_part(
    pillars: Sequence[PillarOfDay], parts: Mapping[int, str], part: str
) -> tuple[tuple[PillarOfDay, ...], DayPart]:
    """Return the pillars with the rows of one `part` of the day; `parts` are those of the habits.

    A habit without a part belongs to each. A pillar none of whose habits do is left out.
    """
    if not part:
        return tuple(pillars), DayPart(part, 0)
    looked_at = [
        replace(p, rows=tuple(row for row in p.rows if parts.get(row.id, part) == part))
        for p in pillars
    ]
    shown = tuple(
        now for now, whole in zip(looked_at, pillars, strict=True) if now.rows or not whole.rows
    )
    return shown, DayPart(part, _left(pillars) - _left(shown))


def _left(pillars: Iterable[PillarOfDay]) -> int:
    return sum(row.asked and not row.done for pillar in pillars for row in pillar.rows)
