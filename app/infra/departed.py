"""The list of deleted accounts beside the backups, which no restore takes back in time.

Whoever makes the backups writes it, see deploy/backup/; here it is read.
"""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

FILE = "departed"


def listed(folder: Path | None) -> Iterator[tuple[int, datetime]]:
    """Yield each account of the list in the `folder` of the backups: its number, when it was made.

    A line that is none is passed over: half of one may have been written.
    """
    file = folder and folder / FILE
    if file is None or not file.exists():
        return
    with file.open(encoding="utf-8", errors="replace") as lines:
        for line in lines:
            number, _, joined = line.strip().partition(" ")
            try:
                yield int(number), datetime.fromisoformat(joined)
            except ValueError:
                continue
