"""A language that nobody speaks: longer, accented, from right to left, in digits of its own.

Every sentence of the translators' template stands in it between ⟦ and ⟧, every day and time between
‹ and ›, and what remains is not translated. Names in a test that is read in it are Chinese.
"""

import gettext
import re
from html.parser import HTMLParser
from pathlib import Path

from babel.messages.pofile import read_po

from app.rules.language import Language
from app.web import formats

TAG = "ar-EG"
POT = Path(__file__).parent.parent / "app/translations/messages.pot"
# Babel knows the names of other languages, not their digits.
PATTERNS = {name: f"'‹'{pattern}'›'" for name, pattern in formats.PATTERNS["en"].items()}
PATTERNS["signed number"] = "'‹'+0'›';'‹'−0'›'"

_PLAIN = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
_ODD = "ÅƁÇÐÉƑĜĤÎĴĶĻṀÑÖÞǪŔŠŢÛṼŴẊÝŽåƀçðéƒĝĥîĵķļɱñöþǫŕšţûṽŵẋýž٠١٢٣٤٥٦٧٨٩"
_ACCENTED = str.maketrans(_PLAIN, _ODD)
_PLACE = re.compile(r"(%\(\w+\)[sd]|%%)")
# Two vowels for one are some 40 % more letters.
_VOWEL = re.compile(r"([åéîöûýÅÉÎÖÛ])")

_SAID = {
    "alt", "aria-description", "aria-label", "aria-placeholder", "aria-roledescription",
    "aria-valuetext", "label", "placeholder", "title",
}  # fmt: skip
# What a key is called, and the names of the zones, are the same everywhere.
_SAME_EVERYWHERE = {"code", "kbd", "script", "style", "timezone"}
# The form in which a day is typed, and addresses.
_AS_TYPED = re.compile(r"\b\d{4}-\d\d-\d\d\b|\b\w+@example\.(?:org|net)\b")
_WRITTEN = re.compile("‹[^‹›]*›")
_NOT_TRANSLATED = re.compile("[A-Za-z0-9]+")
# Between sentences stand names, numbers and marks, and nothing that makes one sentence of two.
_BETWEEN = re.compile(r"[\s\u0660-\u0669\u4e00-\u9fff·+−×✓?→‹›\u2068\u2069]*")


class Catalogue(gettext.NullTranslations):
    """Answers in the language to what stands in the template, and in English to all else."""

    def __init__(self, path: Path = POT) -> None:
        super().__init__()
        with path.open("rb") as file:
            messages = {message.id for message in read_po(file) if message.id}
        self.sentences = {sentence for sentence in messages if isinstance(sentence, str)}
        self.counted = messages - self.sentences

    def gettext(self, message: str) -> str:
        """Return the sentence in the language, if translators have it."""
        return odd(message) if message in self.sentences else message

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """Return the form for `n` in the language, if translators have it."""
        form = msgid1 if n == 1 else msgid2
        return odd(form) if (msgid1, msgid2) in self.counted else form


def odd(sentence: str) -> str:
    """Return a sentence as it is said in the language."""
    parts = _PLACE.split(sentence)
    # Every other part is what a placeholder is called.
    parts[::2] = [_VOWEL.sub(r"\1\1", part.translate(_ACCENTED)) for part in parts[::2]]
    return f"⟦{''.join(parts)}⟧"


def language() -> Language:
    """Return the language; its days need `PATTERNS` in `formats.PATTERNS` under `TAG`."""
    return Language(TAG, "rtl", Catalogue(), _digits)


def _digits(n: int) -> str:
    return str(n).translate(_ACCENTED)


def untranslated(html: str, *known: str) -> list[str]:
    """Return what an answer says that is not in the language, `known` texts left out.

    Whatever is shown or read out counts: texts, attributes, and sentences that wait for a script.
    """
    reader = _Reader()
    reader.feed(html)
    reader.close()
    faults = []
    for said in reader.said:
        left = said
        for text in known:
            left = left.replace(text, "")
        # A script fills in what a sentence still waits for.
        for written in (_AS_TYPED, _WRITTEN, _PLACE):
            left = written.sub("", left)
        if _NOT_TRANSLATED.search(left) or not _BETWEEN.fullmatch(_outside(left)):
            faults.append(" ".join(said.split()))
    return faults


def _outside(said: str) -> str:
    """Return what stands in no sentence; sentences may stand in sentences."""
    depth, found = 0, ""
    for sign in said:
        if sign == "⟦":
            depth += 1
        elif sign == "⟧":
            depth -= 1
        elif depth == 0:
            found += sign
    return found if depth == 0 else f"{found} (a sentence in pieces)"


class _Reader(HTMLParser):
    """Gathers what a page says: a text a block, so that the links in it are no seams."""

    _INLINE = frozenset(["a", "b", "bdi", "em", "i", "kbd", "small", "span", "strong", "time"])
    _VOID = frozenset(["input", "meta", "link", "br", "img", "hr"])

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = [""]
        self._silent: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self._block(tag)
        if self._silent or {tag, given.get("name")} & _SAME_EVERYWHERE:
            if tag not in self._VOID:
                self._silent.append(tag)
            return
        attributes = [value for name, value in given.items() if name in _SAID]
        # What a page asks a browser (data-options) is no sentence.
        more = {name: v for name, v in given.items() if name != "data-options"}
        attributes += [v for name, v in more.items() if name.startswith("data-") and " " in v]
        if given.get("name") == "description":
            attributes.append(given["content"])
        self.said[-1:-1] = attributes

    def handle_endtag(self, tag: str) -> None:
        self._block(tag)
        if self._silent and tag == self._silent[-1]:
            self._silent.pop()

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.said[-1] += data

    def _block(self, tag: str) -> None:
        if tag not in self._INLINE:
            self.said.append("")
