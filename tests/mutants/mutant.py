"""What a mutant is."""

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Mutant:
    """A fault: in `file`, `old` becomes `new`. A test in `tests` (paths) must fail of it."""

    file: str
    tests: tuple[str, ...]
    old: str
    new: str

    @property
    def is_stale(self) -> bool:
        """Whether the text to change does not stand in its file exactly once, or a test is gone."""
        if not all((ROOT / path).exists() for path in (self.file, *self.tests)):
            return True
        return (ROOT / self.file).read_text(encoding="utf-8").count(self.old) != 1

    def __str__(self) -> str:
        return f"{self.file}: {' '.join(self.old.split())}  →  {' '.join(self.new.split())}"


def of(file: str, tests: str, *changes: tuple[str, str]) -> tuple[Mutant, ...]:
    """Return a mutant of app/`file` for each of `changes`, from what to what.

    `tests` are the paths below tests/ of what should notice it, with blanks between.
    """
    paths = tuple(f"tests/{path}" for path in tests.split())
    return tuple(Mutant(f"app/{file}", paths, old, new) for old, new in changes)
