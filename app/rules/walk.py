"""A state under way, and how occasions move it, many alike at once."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date

from app.rules.states import Fold

MOST_SHIELDS = 2

# Occasions that are all kept or all missed: the number of the first, how many, and whether kept.
Stretch = tuple[int, int, bool]


class Walk:
    """A state under way. `held` is the newest day on which a shield held what closed."""

    __slots__ = (
        "best", "held", "idle", "kept", "overdue", "run", "shields", "since", "strength", "toward",
    )  # fmt: skip

    def __init__(self, state: Fold) -> None:
        (
            _through, self.run, self.best, self.kept, self.toward, self.shields, self.since,
            self.idle, self.overdue, self.strength,
        ) = state  # fmt: skip
        self.held: date | None = None

    def state(self, through: date) -> Fold:
        """Return the state at the end of the day `through`."""
        return Fold(
            through, self.run, self.best, self.kept, self.toward, self.shields, self.since,
            self.idle, self.overdue, self.strength,
        )  # fmt: skip

    def keep(self, day: date, wins_at: int, many: int = 1) -> None:
        """So many occasions in a row are kept, the first of them on `day`."""
        if not self.run:
            self.since = day
        self.extend(wins_at, many)

    def extend(self, wins_at: int, many: int) -> None:
        """So many occasions in a row are kept; the run with them has its first day already."""
        self.run += many
        if self.run > self.best:
            self.best = self.run
        # Terms of which fewer win a shield may have come since the newest was counted.
        first = max(1, wins_at - self.toward)
        if many < first:
            self.toward += many
        else:
            won, self.toward = divmod(many - first, wins_at)
            self.shields = min(self.shields + 1 + won, MOST_SHIELDS)

    def miss(self, many: int = 1) -> int:
        """So many occasions close unkept; a run of one is no run. Tells how many shields held."""
        used = 0
        if self.run > 1 and self.shields:
            used = min(many, self.shields)
            self.shields -= used
        if used < many:
            self.run = self.toward = 0
            self.since = None
        return used

    @property
    def can_lose(self) -> bool:
        """Would a miss change anything? Who asks spares a walk through a long silence."""
        return self.run > 0

    def strengthen(self, share: float, memory: float, many: int = 1) -> None:
        """Move the strength towards `share`, so many times."""
        self.strength = share + (self.strength - share) * memory**many

    def close(
        self,
        stretches: Iterable[Stretch],
        wins_at: int,
        memory: float | None = None,
        day_of: Callable[[int], date] = date.fromordinal,
    ) -> None:
        """Occasions close, stretch by stretch; `day_of` tells the day of a number.

        With a `memory` each of them moves the strength too, as a tick that looks at itself alone.
        """
        for first, many, is_kept in stretches:
            if is_kept:
                # Most stretches go on with a run, and nobody asks for their day.
                if not self.run:
                    self.since = day_of(first)
                self.extend(wins_at, many)
            elif used := self.miss(many):
                self.held = day_of(first + used - 1)
            if memory is not None:
                self.strengthen(float(is_kept), memory, many)


def alternating(
    first: int, last: int, listed: Sequence[int], *, is_kept: bool = True
) -> list[Stretch]:
    """Return the numbers from `first` to `last` in stretches that are all in `listed` or all not.

    All of `listed` lie in the range, ascending; `is_kept` tells what being listed means.
    """
    stretches, begins, follows = [], first, first
    for number in listed:
        if number != follows:
            if follows > begins:
                stretches.append((begins, follows - begins, is_kept))
            stretches.append((follows, number - follows, not is_kept))
            begins = number
        follows = number + 1
    if follows > begins:
        stretches.append((begins, follows - begins, is_kept))
    if follows <= last:
        stretches.append((follows, last - follows + 1, not is_kept))
    return stretches
