"""What is said of a day on which all that was due is kept: another sentence from day to day."""

from datetime import date
from typing import Any

from app.rules.language import lazy

# Each is true of one kept habit and of twenty, in the morning and at night. As many as a week has
# no part in, so that a weekday hears them all.
LINES: tuple[Any, ...] = (
    lazy("The rest of the day is yours."),
    lazy("That is all for today. Well done."),
    lazy("You took good care of yourself today."),
    lazy("Tomorrow can wait. Today is done."),
    lazy("%(pet)s is proud of you."),
    lazy("You did what you set out to do."),
    lazy("Now you are free to do what you like."),
    lazy("That makes one more good day."),
    lazy("You are done for today. Take it easy."),
    lazy("%(pet)s thanks you for today."),
    lazy("Today went well, and you made it so."),
    lazy("Nothing more to do today. Enjoy it."),
    lazy("%(pet)s could not be happier."),
)
_HALF = len(LINES) // 2


def line(user_id: int, day: date) -> str:
    """Return what stands beside the pet all through a full day of a user.

    It may hold the place `%(pet)s` for the pet's name. The sentences come in turn, and each user
    begins at another one.
    """
    return str(LINES[_place(user_id, day)])


def told(user_id: int, day: date) -> str:
    """Return what the press that fills the day is answered with: never the `line` of that day.

    Both are on the screen at once. It may hold the place `%(pet)s` for the pet's name.
    """
    return str(LINES[(_place(user_id, day) + _HALF) % len(LINES)])


def _place(user_id: int, day: date) -> int:
    return (user_id + day.toordinal()) % len(LINES)
