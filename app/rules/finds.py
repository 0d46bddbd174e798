"""Finds: the small things that the pet brings on good days, eight a month."""

from datetime import date

A_MONTH = 8
_ENOUGH = 3


def brings(due: int, kept_due: int, commits: int) -> bool:
    """Tell whether a day with `commits` kept, `kept_due` of `due` among them, brings a find."""
    return 0 < due <= kept_due or commits >= _ENOUGH


def number(user_id: int, day: date) -> int:
    """Return which of the month's eight is brought on `day`; a stand-in until the law is written."""
    return (user_id + day.day) % A_MONTH
