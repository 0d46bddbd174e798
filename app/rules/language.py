"""The language of the sentences that the game says, chosen once for each request."""

import gettext
import html
from contextvars import ContextVar
from typing import Any

_AS_WRITTEN = gettext.NullTranslations()

# A context variable, so that two requests in two threads never speak each other's language.
_translations: ContextVar[gettext.NullTranslations] = ContextVar(
    "translations", default=_AS_WRITTEN
)


def use(translations: gettext.NullTranslations) -> None:
    """Speak `translations` (a loaded gettext catalogue) from here on in this context."""
    _translations.set(translations)


def _(message: str) -> str:
    """Return `message` in the language in use, or as it stands where there is no translation."""
    return _translations.get().gettext(message)


def ngettext(one: str, many: str, n: int) -> str:
    """Return the form of the sentence that fits `n` things in the language in use."""
    return _translations.get().ngettext(one, many, n)


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
