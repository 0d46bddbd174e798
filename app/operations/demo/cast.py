"""Who plays in the demo: six pillars, their habits, and two pets."""

from dataclasses import dataclass
from enum import Enum

from app.rules.reward import Effort

PERSON = "Robin"
# The year before today. Every day below is counted from its first one.
LENGTH = 365


class Part(Enum):
    """The part of the day in which a habit is kept: between two hours of the local clock."""

    MORNING = (7, 9)
    NOON = (12, 15)
    EVENING = (19, 22)


@dataclass(frozen=True, slots=True)
class Area:
    """A pillar."""

    name: str
    color: str
    icon: str


@dataclass(frozen=True, slots=True)
class Role:
    """A habit: begun on the day `begins`, put away on the morning of the day `ends`, if ever.

    `ease` is the share of days on which it is kept at first, before the year has taught anything.
    """

    area: Area
    name: str
    effort: Effort
    part: Part
    begins: int
    ease: float
    ends: int = LENGTH + 1

    def is_open(self, number: int) -> bool:
        """Tell whether it is due on the day `number`."""
        return self.begins <= number < self.ends


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
# What was put away was too big; what took its place is tiny.
ROLES = (
    Role(BODY, "Drink a glass of water", Effort.EASY, Part.MORNING, 0, 0.85),
    Role(BODY, "Walk around the block", Effort.NORMAL, Part.NOON, 35, 0.52),
    Role(BODY, "Ten squats while the coffee drips", Effort.HARD, Part.MORNING, 70, 0.46),
    Role(BODY, "Run five kilometres", Effort.HARD, Part.EVENING, 0, 0.40, ends=34),
    Role(MIND, "Read two pages", Effort.EASY, Part.EVENING, 0, 0.80),
    Role(MIND, "Write one line", Effort.NORMAL, Part.EVENING, 19, 0.56),
    Role(MIND, "Five words of Italian", Effort.NORMAL, Part.NOON, 121, 0.46),
    Role(HOME, "Make the bed", Effort.EASY, Part.MORNING, 26, 0.82),
    Role(HOME, "Clear one surface", Effort.NORMAL, Part.EVENING, 26, 0.48),
    Role(HOME, "Cook something green", Effort.HARD, Part.EVENING, 160, 0.32),
    Role(WORK, "Choose the one thing for today", Effort.EASY, Part.MORNING, 58, 0.78),
    Role(WORK, "An hour without messages", Effort.HARD, Part.NOON, 112, 0.40),
    Role(WORK, "Close every tab at six", Effort.NORMAL, Part.EVENING, 133, 0.44),
    Role(WORK, "Answer every mail", Effort.HARD, Part.NOON, 58, 0.36, ends=111),
    Role(PEOPLE, "Send one kind message", Effort.EASY, Part.NOON, 96, 0.72),
    Role(PEOPLE, "Call someone dear", Effort.NORMAL, Part.EVENING, 99, 0.34),
    Role(PEOPLE, "Ask one more question", Effort.NORMAL, Part.EVENING, 187, 0.48),
    Role(CALM, "Three slow breaths", Effort.EASY, Part.MORNING, 147, 0.80),
    Role(CALM, "Ten minutes without a screen", Effort.NORMAL, Part.NOON, 152, 0.50),
    Role(CALM, "Lights out at eleven", Effort.HARD, Part.EVENING, 242, 0.40),
    Role(CALM, "Cold shower", Effort.HARD, Part.MORNING, 165, 0.36, ends=204),
)
# The second egg came when the first pet was grown, and waited until it was a wonder to behold.
COMPANIONS = (
    Companion("Miso", "fox", "own", leads=0),
    Companion("Juniper", "owl", "sky", leads=LENGTH - 14),
)
