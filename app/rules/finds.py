"""Finds: the one small thing that the pet brings on a good day. Twelve monthly sets of eight.

They are drawn in app/static/finds, a sprite for each month, in the order of the names.
"""

from datetime import date

from app.rules.language import lazy

A_MONTH = 8
ENOUGH = 3
_32_BITS = 0xFFFFFFFF

# January to December. Each stands in "Miso found a snail shell."
NAMES: tuple[tuple[str, ...], ...] = (
    (
        lazy("a snowflake"), lazy("a pine cone"), lazy("a mitten"), lazy("a cup of cocoa"),
        lazy("a ball of yarn"), lazy("a clementine"), lazy("a key"), lazy("a woolly hat"),
    ),
    (
        lazy("a snowdrop"), lazy("a paper heart"), lazy("a letter"), lazy("a chess pawn"),
        lazy("a wooden spoon"), lazy("a paper plane"), lazy("a puzzle piece"),
        lazy("a stack of pancakes"),
    ),
    (
        lazy("a pebble"), lazy("a catkin"), lazy("a snail shell"), lazy("a spool of blue thread"),
        lazy("a four-leaf clover"), lazy("a button"), lazy("a feather"), lazy("a rain drop"),
    ),
    (
        lazy("an umbrella"), lazy("a tulip"), lazy("a rubber boot"), lazy("a ladybird"),
        lazy("a rainbow"), lazy("a seedling"), lazy("a kite"), lazy("a cherry blossom"),
    ),
    (
        lazy("a daisy"), lazy("a watering can"), lazy("a strawberry"), lazy("a bumblebee"),
        lazy("a dandelion clock"), lazy("a birdhouse"), lazy("a butterfly"), lazy("a pea pod"),
    ),
    (
        lazy("a pair of cherries"), lazy("a straw hat"), lazy("a jar of honey"), lazy("a lemon"),
        lazy("a dragonfly"), lazy("a paper boat"), lazy("a beach ball"),
        lazy("a sprig of lavender"),
    ),
    (
        lazy("a seashell"), lazy("a message in a bottle"), lazy("an ice lolly"),
        lazy("a slice of watermelon"), lazy("a sand bucket"), lazy("a sunflower"),
        lazy("a swim ring"), lazy("a pair of sunglasses"),
    ),
    (
        lazy("a blackberry"), lazy("a peach"), lazy("a shooting star"), lazy("an ear of wheat"),
        lazy("a balloon"), lazy("a lantern"), lazy("a pinwheel"), lazy("a compass"),
    ),
    (
        lazy("an apple"), lazy("a pencil"), lazy("a book"), lazy("a pear"),
        lazy("a bunch of grapes"), lazy("a paintbrush"), lazy("a mushroom"), lazy("a globe"),
    ),
    (
        lazy("a pumpkin"), lazy("an acorn"), lazy("a maple leaf"), lazy("a crescent moon"),
        lazy("a scarf"), lazy("a teapot"), lazy("a corn cob"), lazy("a magnifying glass"),
    ),
    (
        lazy("a slice of bread"), lazy("a candle"), lazy("a small cloud"), lazy("a carrot"),
        lazy("a sprig of rowan"), lazy("an hourglass"), lazy("a woolly sock"), lazy("a drum"),
    ),
    (
        lazy("a snow globe"), lazy("a sprig of holly"), lazy("a little bell"), lazy("a gold star"),
        lazy("a parcel"), lazy("a little fir tree"), lazy("a peppermint"), lazy("an ice skate"),
    ),
)  # fmt: skip


def brings(due: int, kept_due: int, commits: int) -> bool:
    """Tell whether a day is good enough for a find: all `due` habits kept, or three commits.

    It stays true for the rest of that day; that it brings one find only is for the caller.
    """
    return 0 < due <= kept_due or commits >= ENOUGH


def number(user_id: int, day: date) -> int:
    """Return which of the eight of its month `day` brings to a user, 0 to 7.

    The eight come in an order that is the user's own in that month, and then again from the first:
    nothing is drawn by lot, and no eight days in a row of one month bring the same thing twice.
    """
    return _order(user_id, day.year * 12 + day.month)[(day.day - 1) % A_MONTH]


def _order(user_id: int, month: int) -> list[int]:
    """Return 0 to 7 in an order that is fixed by user and month."""
    code = _mixed(_mixed(user_id) ^ month)
    left = list(range(A_MONTH))
    order = []
    while left:
        code, place = divmod(code, len(left))
        order.append(left.pop(place))
    return order


def _mixed(value: int) -> int:
    """Return 32 bits in which every bit of `value` has stirred all others, so neighbours differ."""
    for factor in (0x7FEB352D, 0x846CA68B):
        value = (value ^ value >> 16) * factor & _32_BITS
    return value ^ value >> 16
