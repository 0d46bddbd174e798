"""The user's own order of pillars and of habits."""

from collections.abc import Sequence
from typing import Any

from app.rules.errors import Invalid
from app.rules.language import _

UP, DOWN = "up", "down"


def move_among(siblings: Sequence[Any], row: Any, direction: str) -> None:
    """Move `row` one place "up" or "down" among `siblings`, rows with a `position`, in order.

    At either end it stays; raises Invalid for any other direction. All places are numbered
    afresh: archiving leaves gaps and restoring brings old numbers back, and a list of a screenful
    is cheap to number.
    """
    if direction not in {UP, DOWN}:
        raise Invalid(direction=_("Choose up or down."))
    order = list(siblings)
    if row not in order:
        return
    place = order.index(row)
    target = place + (1 if direction == DOWN else -1)
    if 0 <= target < len(order):
        order[place], order[target] = order[target], order[place]
    for number, sibling in enumerate(order, start=1):
        sibling.position = number
