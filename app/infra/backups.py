"""What the folder of the backups tells: how many are good, and how old the last one is."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Backups:
    """The backups of a folder; times are POSIX seconds, None for what there is not."""

    count: int
    last_good: float | None
    last_offsite: float | None


def look(folder: Path) -> Backups:
    """Look at the dumps in `folder`. One is good when its checksum stands beside it.

    A copy elsewhere is as old as the file `.offsite` says. A folder that cannot be read is empty.
    """
    times = [_modified(dump) for dump in folder.glob("commit-life-*.dump") if _has_checksum(dump)]
    good = [time for time in times if time is not None]
    return Backups(len(good), max(good, default=None), _modified(folder / ".offsite"))


def _has_checksum(dump: Path) -> bool:
    return _modified(dump.with_name(f"{dump.name}.sha256")) is not None


def _modified(file: Path) -> float | None:
    # An old backup may be swept away between two looks.
    try:
        return file.stat().st_mtime
    except OSError:
        return None
