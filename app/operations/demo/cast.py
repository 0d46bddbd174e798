"""Who plays in the demo: six pillars, their habits, and two pets."""

from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Any

from app.rules.amounts import ONE
from app.rules.reward import Effort
from app.rules.schedule import Kind, Schedule, Term

PERSON = "Robin"
# The year before today. Every day below is counted from its first one.
LENGTH = 365


class Part(Enum):
    """The part of the day in which a habit is kept: between two hours of the local clock."""

    MORNING = (7, 9)
    DAY = (12, 15)
    EVENING = (19, 22)

    @property
    def word(self) -> str:
        """What a habit stores of it."""
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Area:
    """A pillar."""

    name: str
    color: str
    icon: str


def _term(schedule: Schedule = Schedule.DAILY, **asked: Any) -> Term:
    """Return a term without its first day."""
    return Term(date.min, schedule, **asked)


_DAILY = _term()


def _week(*days: int) -> Term:
    """Return the term of some days of the week, 0 for Monday."""
    return _term(Schedule.WEEKDAYS, weekdays=sum(1 << day for day in days))


def _amount(
    kind: Kind, target: int, unit: str, step: int = 1, schedule: Schedule = Schedule.DAILY
) -> Term:
    """Return the term of an amount, in whole units."""
    return _term(schedule, kind=kind, target=target * ONE, step=step * ONE, unit=unit)


@dataclass(frozen=True, slots=True)
class Role:
    """A habit: begun on the day `begins`, put away on the morning of the day `ends`, if ever.

    `ease` is the share of the days that ask for it on which it is kept at first, before the year
    has taught anything. The `term` is its rhythm, from its first day on.
    """

    area: Area
    name: str
    effort: Effort
    part: Part
    begins: int
    ease: float
    term: Term = _DAILY
    ends: int = LENGTH + 1


@dataclass(frozen=True, slots=True)
class Skip:
    """On the day with this number a habit was skipped."""

    name: str
    number: int
    reason: str


@dataclass(frozen=True, slots=True)
class Remark:
    """What was written about a day of a habit, `ago` days before today."""

    name: str
    ago: int
    body: str


@dataclass(frozen=True, slots=True)
class Companion:
    """A pet, and the day on which it begins to lead."""

    name: str
    species: str
    coat: str
    leads: int


BODY = Area("Body", "clay", "heart")
MIND = Area("Mind", "iris", "book")
HOME = Area("Home", "moss", "house")
WORK = Area("Work", "lagoon", "briefcase")
PEOPLE = Area("People", "plum", "users")
CALM = Area("Calm", "pine", "leaf")

AREAS = (BODY, MIND, HOME, WORK, PEOPLE, CALM)
_WORKDAYS, _THREE_DAYS = _week(0, 1, 2, 3, 4), _week(0, 2, 4)
_WEEKLY, _TWICE_A_WEEK = (_term(Schedule.WEEKLY, times=times) for times in (1, 2))
_TWICE_A_MONTH = _term(Schedule.MONTHLY, times=2)
_EVERY_4_DAYS = _term(Schedule.EVERY, every=4)
_TWENTY_PAGES = _amount(Kind.AT_LEAST, 20, "pages", step=5)
_TEN_WORDS = _amount(Kind.AT_LEAST, 10, "words", step=5)
_FIVE_KILOMETRES = _amount(Kind.AT_LEAST, 5, "km", schedule=Schedule.WEEKLY)
_TWO_CUPS = _amount(Kind.AT_MOST, 2, "cups")
# What was put away was too big; what took its place is tiny.
ROLES = (
    Role(BODY, "Drink a glass of water", Effort.EASY, Part.MORNING, 0, 0.85),
    Role(BODY, "Walk around the block", Effort.NORMAL, Part.DAY, 35, 0.52),
    Role(BODY, "Ten squats by the kettle", Effort.HARD, Part.MORNING, 70, 0.56, _THREE_DAYS),
    Role(BODY, "Run a little", Effort.NORMAL, Part.EVENING, 190, 0.40, _FIVE_KILOMETRES),
    Role(BODY, "Coffee", Effort.EASY, Part.DAY, 60, 0.5, _TWO_CUPS),
    Role(BODY, "Run five kilometres", Effort.HARD, Part.EVENING, 0, 0.40, ends=34),
    Role(MIND, "Read", Effort.EASY, Part.EVENING, 0, 0.74, _TWENTY_PAGES),
    Role(MIND, "Write one line", Effort.NORMAL, Part.EVENING, 19, 0.56),
    Role(MIND, "Italian", Effort.NORMAL, Part.DAY, 121, 0.46, _TEN_WORDS),
    Role(HOME, "Make the bed", Effort.EASY, Part.MORNING, 26, 0.82),
    Role(HOME, "Clear one surface", Effort.NORMAL, Part.EVENING, 26, 0.48),
    Role(HOME, "Water the plants", Effort.EASY, Part.MORNING, 44, 0.66, _EVERY_4_DAYS),
    Role(HOME, "Cook something green", Effort.HARD, Part.EVENING, 160, 0.28, _TWICE_A_WEEK),
    Role(WORK, "Choose the one thing for today", Effort.EASY, Part.MORNING, 58, 0.84, _WORKDAYS),
    Role(WORK, "An hour without messages", Effort.HARD, Part.DAY, 112, 0.50, _WORKDAYS),
    Role(WORK, "Close every tab at six", Effort.NORMAL, Part.EVENING, 133, 0.54, _WORKDAYS),
    Role(WORK, "Answer every mail", Effort.HARD, Part.DAY, 58, 0.40, _WORKDAYS, ends=111),
    Role(PEOPLE, "Send one kind message", Effort.EASY, Part.DAY, 96, 0.72),
    Role(PEOPLE, "Call someone dear", Effort.NORMAL, Part.EVENING, 99, 0.24, _WEEKLY),
    Role(PEOPLE, "Write a letter by hand", Effort.HARD, Part.EVENING, 150, 0.12, _TWICE_A_MONTH),
    Role(CALM, "Three slow breaths", Effort.EASY, Part.MORNING, 147, 0.80),
    Role(CALM, "Ten minutes without a screen", Effort.NORMAL, Part.DAY, 152, 0.50),
    Role(CALM, "Lights out at eleven", Effort.HARD, Part.EVENING, 242, 0.40),
    Role(CALM, "Cold shower", Effort.HARD, Part.MORNING, 165, 0.36, ends=204),
)
HOLIDAY = "Two weeks by the sea"
SKIPS = (
    Skip("Ten squats by the kettle", 275, "A sore knee"),
    Skip("Lights out at eleven", 318, "Mia's wedding"),
    Skip("Read", 341, "A cold, in bed all day"),
)
REMARKS = (
    Remark("Read", 4, "The chapter about the lighthouse. Read it twice, aloud the second time."),
    Remark("Walk around the block", 2, "First snowdrops by the school."),
    Remark("Cook something green", 6, "Spinach with far too much garlic. Nobody complained."),
    Remark("Call someone dear", 9, "Grandma told the one about the goat again."),
    Remark("Lights out at eleven", 1, "Half past. The film was good."),
    Remark("Write one line", 30, "“The kettle knows.” No idea what I meant."),
)
# The second egg came when the first pet was grown, and waited until it was a wonder to behold.
COMPANIONS = (
    Companion("Miso", "fox", "own", leads=0),
    Companion("Juniper", "owl", "sky", leads=LENGTH - 14),
)
