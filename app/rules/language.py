"""The language of the sentences that the game says, chosen once for each request."""

import gettext
import html
import unicodedata
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, TypeVar


@dataclass(frozen=True, slots=True, eq=False)
class Language:
    """A language that can be spoken.

    `tag` is its name as HTML writes it ("en", "pt-BR"), `direction` "ltr" or "rtl",
    `translations` a loaded gettext catalogue, and `number` writes a whole number in its digits.
    """

    tag: str
    direction: str = "ltr"
    translations: gettext.NullTranslations = field(default_factory=gettext.NullTranslations)
    number: Callable[[int], str] = str


# Bidirectional classes that could turn what stands around a name, by the direction of the language.
_TURNING = {"ltr": frozenset({"R", "AL", "AN"}), "rtl": frozenset({"L", "EN", "AN"})}
_FIRST_STRONG_ISOLATE, _POP_ISOLATE = "\u2068", "\u2069"

Name = TypeVar("Name", bound=str)

# The sentences stand in the code in English: what is said where no language was chosen.
_AS_WRITTEN = Language("en")

# A context variable, so that two requests in two threads never speak each other's language.
_spoken: ContextVar[Language] = ContextVar("language", default=_AS_WRITTEN)


def use(language: Language) -> None:
    """Speak `language` from here on in this context."""
    _spoken.set(language)


def spoken() -> Language:
    """Return the language in use."""
    return _spoken.get()


def _(message: str) -> str:
    """Return `message` in the language in use, or as it stands where there is no translation."""
    return _spoken.get().translations.gettext(message)


def ngettext(one: str, many: str, n: int) -> str:
    """Return the form of the sentence that fits `n` things in the language in use."""
    return _spoken.get().translations.ngettext(one, many, n)


def number(n: int) -> str:
    """Return `n` in the digits of the language in use."""
    return _spoken.get().number(n)


def isolated(name: Name) -> Name:
    """Return `name` as it stands in a sentence.

    One that is read against the direction of the language is set apart by invisible signs (FSI and
    PDI), which hold in attributes and in plain text too: it turns nothing of what stands around it.
    """
    direction = spoken().direction
    if direction == "ltr" and name.isascii():
        return name
    if _TURNING[direction].isdisjoint(map(unicodedata.bidirectional, name)):
        return name
    return type(name)(f"{_FIRST_STRONG_ISOLATE}{name}{_POP_ISOLATE}")


def lazy(message: str) -> Any:
    """Return a text for `message` that is put into the language in use when it is shown.

    For sentences that are written before any request is there, such as the labels of forms; it
    passes for a str wherever one is only shown.
    """
    return _Lazy(message)


class _Lazy:
    __slots__ = ("_message",)

    def __init__(self, message: str) -> None:
        self._message = message

    def __str__(self) -> str:
        return _(self._message)

    def __html__(self) -> str:
        return html.escape(str(self))
