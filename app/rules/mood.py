"""The mood of the pet. It is never sad, hungry or ill."""

from enum import StrEnum

# So many days with something due pass quietly, and the pet sleeps.
DAYS_AWAKE = 3
NOON = 12


class Mood(StrEnum):
    """What the face of the pet shows, the first that applies."""

    PROUD = "proud"
    HAPPY = "happy"
    ASLEEP = "asleep"
    EAGER = "eager"
    CONTENT = "content"


def is_afternoon(hour: int) -> bool:
    """Tell whether the day is half over at `hour` of the user's clock, 0 to 23."""
    return hour >= NOON


def is_morning(hour: int, day_start: int) -> bool:
    """Tell whether a day that begins at the hour `day_start` is on its way to noon at `hour`.

    The night before its start belongs to the day before, whose morning is long over.
    """
    return day_start <= hour < NOON


def mood(due: int, kept_due: int, kept_today: bool, asleep: bool, hour: int) -> Mood:
    """Return the mood on a day with `due` habits due, `kept_due` of them kept.

    `kept_today` tells whether anything was kept, due or not; `asleep` whether a rest or three
    quiet days let the pet sleep; `hour` is the user's clock, 0 to 23.
    """
    if 0 < due <= kept_due:
        return Mood.PROUD
    if kept_today:
        return Mood.HAPPY
    if asleep:
        return Mood.ASLEEP
    if due and is_afternoon(hour):
        return Mood.EAGER
    return Mood.CONTENT
