"""The names that a user may give and choose, with their limits in characters.

A character is what people count as one: a letter with its accents, a family of four, a flag.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence

LONGEST_NAME = 80
LONGEST_EMAIL = 254
LONGEST_ICON = 24
LONGEST_KEY = 64
LONGEST_UNIT = 20
LONGEST_REASON = 200
LONGEST_NOTE = 2000
# A character may be many code points, without an end: at most so many each, taken together. The
# longest emoji there are have ten.
_POINTS_EACH = 10

COLORS = ("clay", "amber", "moss", "pine", "lagoon", "iris", "plum", "slate")
# Names of the Lucide set. The first sixteen were here first: what was stored stays valid.
ICONS = (
    "heart", "book", "briefcase", "users", "house", "leaf", "music", "star",
    "dumbbell", "brain", "palette", "wallet", "moon", "sun", "coffee", "code",
    "footprints", "bike", "apple", "droplets", "bed", "pen-line", "languages", "graduation-cap",
    "hand-heart", "message-circle", "baby", "paw-print", "flower-2", "mountain", "camera",
    "sparkles",
)  # fmt: skip
SPECIES = ("fox", "owl", "turtle", "cat", "dragon", "sprout")
# The first is the colour that the species has of its own.
COATS = ("own", "rose", "amber", "moss", "sky", "violet")
# The first follows the device.
THEMES = ("system", "light", "dark")
# When in the day a habit is wanted; the first says nothing of it.
DAY_PARTS = ("", "morning", "day", "evening")
# Why nothing is asked: a rest, one day that is skipped, the time in the archive.
REST_KINDS = ("rest", "skip", "archive")


# Enough to find a slip of the finger; whether mail arrives is not to be seen in an address.
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


# What no font draws, though it passes for a letter, a mark or a sign: what Unicode calls ignorable
# beyond its format characters, the blank of Braille and the head of no note.
_UNSEEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2065\u2800\u3164\ufe00-\ufe0f\uffa0\ufff0-\ufff8"
    "\U0001d159\U000e0000-\U000e0fff]"
)


def next_free(choices: Sequence[str], used: Iterable[str]) -> str:
    """Return the first of `choices` that is not in `used`, or was used the fewest times."""
    taken = list(used)
    return min(choices, key=taken.count)


def most_points(longest: int) -> int:
    """Return how many code points a text of `longest` characters may have."""
    return longest * _POINTS_EACH


def is_address(text: str) -> bool:
    """Tell whether `text` may be an email address."""
    return len(text) <= LONGEST_EMAIL and _EMAIL.fullmatch(text) is not None


def clean(text: str) -> str:
    """Return `text` in one Unicode form (NFC), white space folded to single blanks.

    A text in which nothing can be seen is empty. Raises ValueError for control characters, NUL
    among them, for lone surrogates, which PostgreSQL does not store, and for signs that turn the
    direction of what stands around a name.
    """
    folded = " ".join(unicodedata.normalize("NFC", text).split())
    kinds = {unicodedata.category(character) for character in folded}
    if kinds & {"Cc", "Cs"} or _TURNING.intersection(folded):
        raise ValueError("control character")
    seen = {unicodedata.category(character) for character in _UNSEEN.sub("", folded)}
    return folded if seen - {"Cf", "Zs"} else ""


def clean_lines(text: str) -> str:
    """Return a text of several lines: each as `clean` has it, none empty at either end.

    Raises ValueError as `clean` does.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(map(clean, lines)).strip("\n")
