"""The user's own order of pillars and of habits."""

from collections.abc import Sequence
from typing import Any

from app.rules.errors import Invalid, OrderChanged
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
    _number(order)


def put_among(siblings: Sequence[Any], row: Any, before: Any | None) -> None:
    """Put `row`, one of `siblings`, in front of another of them, `before`, or at the end.

    Raises OrderChanged when either is none of them: they are as another page has left them.
    """
    if row not in siblings or before is row or (before and before not in siblings):
        raise OrderChanged
    order = [sibling for sibling in siblings if sibling is not row]
    order.insert(order.index(before) if before else len(order), row)
    _number(order)


def _number(order: Sequence[Any]) -> None:
    for number, sibling in enumerate(order, start=1):
        sibling.position = number
