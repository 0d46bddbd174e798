"""What a first day may hold: pillars to choose from, each with one habit of two minutes."""

from dataclasses import dataclass
from typing import Any

from app.rules.language import lazy

# So many are chosen beforehand, where the plan holds them: a first day is a small one.
CHOSEN = 3
PET_NAME = "Miso"


@dataclass(frozen=True, slots=True)
class Starter:
    """A pillar to begin with and the habit proposed for it; one's own has a name still to come."""

    key: str
    name: Any
    color: str
    icon: str
    habit: Any


STARTERS = (
    Starter("body", lazy("Body"), "clay", "dumbbell", lazy("2 minutes of stretching")),
    Starter("mind", lazy("Mind"), "iris", "book", lazy("2 minutes of reading")),
    Starter("home", lazy("Home"), "amber", "house", lazy("Put three things away")),
    Starter("work", lazy("Work"), "slate", "briefcase", lazy("Write down the next step")),
    Starter("people", lazy("People"), "plum", "users", lazy("Send one kind message")),
    Starter("calm", lazy("Calm"), "pine", "leaf", lazy("Ten slow breaths")),
    Starter("play", lazy("Play"), "moss", "palette", lazy("Draw for 2 minutes")),
    Starter("own", "", "lagoon", "sparkles", ""),
)
