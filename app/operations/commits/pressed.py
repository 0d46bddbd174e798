"""What a press has read: how things stand for the pressed habit, and how the others count."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple, cast

from app.rules.facts import HabitFacts, OtherFacts, PetFacts, PillarFacts


class Pressed(NamedTuple):
    """The facts of the pressed `habit`, and how things stand for it.

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

    habit: HabitFacts
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
    def pillar(self) -> PillarFacts:
        """The pillar in which the habit is."""
        return PillarFacts(
            self.habit.pillar_id, self.pillar_name, self.color, self.icon, self.pillar_xp,
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


class ReadRow(NamedTuple):
    """A row of READ: what OtherFacts are made of, and of the pressed habit all that it tells."""

    id: int
    pillar_id: int
    terms: str
    folded_on: date | None
    folded_idle: int
    days: Sequence[date]
    amounts: str | None
    counted_on: date | None
    pressed: dict[str, Any] | None


def pressed(rows: Iterable[ReadRow]) -> Pressed | None:
    """Return what `rows` tell of the pressed habit, None where there is no such habit."""
    for row in rows:
        if row.pressed is not None:
            told = dict(zip(OtherFacts._fields, row[:-1], strict=True)) | row.pressed
            told |= {name: told[name] and date.fromisoformat(told[name]) for name in _DAYS}
            habit = HabitFacts(**{name: told.pop(name) for name in HabitFacts._fields})
            return Pressed(habit, **told)
    return None


def others(rows: Iterable[ReadRow]) -> list[OtherFacts]:
    """Return what `rows` tell of the habits that are not pressed."""
    return [OtherFacts._make(row[:-1]) for row in rows if row.pressed is None]


_FIELDS = Pressed._fields
_ENTRY_PILLAR = slice(_FIELDS.index("entry_pillar_id"), _FIELDS.index("entry_pillar_folded") + 1)
# JSON knows no days.
_DAYS = ("folded_since", "last_kept_otherwise", "counted_otherwise")
