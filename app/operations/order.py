"""The user's own order of pillars and of habits."""

from collections.abc import Sequence
from typing import Protocol

from sqlalchemy.orm import Mapped

UP, DOWN = "up", "down"


class Ordered(Protocol):
    """A row that has a place among its siblings."""

    position: Mapped[int]


def move_among(siblings: Sequence[Ordered], row: Ordered, direction: str) -> None:
    """Move `row` one place "up" or "down" among `siblings`, given in order.

    At either end it stays. All places are numbered afresh: archiving leaves gaps and restoring
    brings old numbers back, and a list of a screenful is cheap to number.
    """
    order = list(siblings)
    if row not in order:
        return
    place = order.index(row)
    target = place + (1 if direction == DOWN else -1)
    if 0 <= target < len(order):
        order[place], order[target] = order[target], order[place]
    for number, sibling in enumerate(order, start=1):
        sibling.position = number
