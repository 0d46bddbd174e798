"""Where no mail server is: each letter is a file that only its owner can read."""

import os
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from app.infra.mail.letter import Letter
from app.infra.mail.way import Delayed, Refused


class Folder:
    """A folder in which letters end up, `7.eml` for the one with number 7."""

    def __init__(self, path: Path) -> None:
        """Be the folder at `path`, which is made with its first letter."""
        self._path = path

    def send(self, letter: Letter) -> str:
        """Write a letter; the name of its file is returned. Raises Delayed and Refused."""
        try:
            content = letter.message().as_bytes()
        except ValueError as error:
            raise Refused("no such address can be written") from error
        file = self.file(letter.number)
        draft = file.with_suffix(".part")
        try:
            self._path.mkdir(mode=0o700, parents=True, exist_ok=True)
            draft.unlink(missing_ok=True)
            # Never readable by others, not even for the instant before a chmod.
            with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as written:
                written.write(content)
            draft.rename(file)
        except OSError as error:
            raise Delayed(f"{file} cannot be written: {error.strerror}") from error
        return str(file)

    def file(self, number: int) -> Path:
        """Return where the letter with that number is, or would be."""
        return self._path / f"{number}.eml"

    def sweep(self, until: datetime) -> None:
        """Remove letters that were written before `until`."""
        for file in self._path.glob("*.eml"):
            with suppress(FileNotFoundError):
                if file.stat().st_mtime < until.timestamp():
                    file.unlink()

    def close(self) -> None:
        """Do nothing: no file stays open."""
