"""What every way out has in common: it takes a letter, or says how it failed."""

from typing import Protocol

from app.infra.mail.letter import Letter


class Unreached(Exception):
    """Nobody took anything: no server, no sign-in there. No letter is at fault."""


class Delayed(Exception):
    """The letter was not taken now, or it is not known whether it was. It may be sent again."""


class Refused(Exception):
    """The letter will never be taken as it is."""


class Way(Protocol):
    """A way for letters to leave."""

    def send(self, letter: Letter) -> str:
        """Hand a letter over and return where it went, as a log may say it.

        Raises Unreached, Delayed or Refused.
        """

    def close(self) -> None:
        """Let go of what is open; the next letter opens it again."""
