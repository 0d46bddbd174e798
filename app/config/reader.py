"""Reads one variable after the other; a value that makes no sense is refused with a sentence."""

import stat
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from app.config import values

HIGHEST_PORT = 65_535

Value = TypeVar("Value")
Default = TypeVar("Default")


class SettingsError(Exception):
    """A setting makes no sense. Its text is one sentence that names the variable."""


@dataclass(frozen=True, slots=True)
class Reader:
    """The variables by their names. A NAME may also stand in a file that NAME_FILE names."""

    environ: Mapping[str, str]

    def get(self, name: str, parse: Callable[[str], Value], default: Default) -> Value | Default:
        """Return what `parse` makes of a variable, or the default where it is unset or empty."""
        text = self.environ.get(name, "").strip() or self._filed(name)
        if not text:
            return default
        try:
            return parse(text)
        except ValueError as error:
            raise SettingsError(f"{name} {error}.") from error

    def number(self, name: str, default: int, low: int, high: int) -> int:
        """Return a whole number from `low` to `high`."""

        def parse(text: str) -> int:
            if not (
                text.isascii()
                and text.isdigit()
                and low <= int(text[:9]) <= high
                and len(text) < 10
            ):
                raise ValueError(f"must be a whole number from {low} to {high}, not {text[:40]!r}")
            return int(text)

        return self.get(name, parse, default)

    def choice(self, name: str, *, yes: str, no: str, default: bool = True) -> bool:
        """Return whether a variable says `yes`, of two words that it may say."""
        return self.one_of(name, (yes, no), yes if default else no) == yes

    def one_of(self, name: str, words: tuple[str, ...], default: str) -> str:
        """Return one of the words that a variable may say."""

        def parse(text: str) -> str:
            if text not in words:
                listed = " or ".join(", ".join(words).rsplit(", ", 1))
                raise ValueError(f"must be {listed}, not {text[:40]!r}")
            return text

        return self.get(name, parse, default)

    def address(self) -> str | None:
        """Return the address that DOMAIN and HTTPS_PORT make, as a browser shows it."""
        domain = self.get("DOMAIN", str, None)
        if domain is None:
            return None
        port = self.number("HTTPS_PORT", 443, 1, HIGHEST_PORT)
        return self.get("DOMAIN", lambda name: values.site(name, port), None)

    def _filed(self, name: str) -> str:
        named = self.environ.get(f"{name}_FILE", "").strip()
        if not named:
            return ""
        try:
            text = Path(named).read_text(encoding="utf-8").strip()
            if is_writable_by_others(Path(named)):
                raise SettingsError(
                    f"{name}_FILE must name a file that nobody else can write to;"
                    f" chmod go-w {named}."
                )
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(
                f"{name}_FILE must name a file that can be read: {error}."
            ) from error
        # Whoever names a file wants what is in it, not a default in its place.
        if not text:
            raise SettingsError(
                f"{name}_FILE must name a file that holds it, and {named} is empty."
            )
        return text


def is_writable_by_others(file: Path) -> bool:
    """Tell whether somebody else can write to the file."""
    return bool(file.stat().st_mode & (stat.S_IWGRP | stat.S_IWOTH))
