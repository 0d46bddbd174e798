"""The language of the sentences."""

import gettext
from contextvars import Context, copy_context

import pytest

from app.rules.language import Language, _, isolated, lazy, ngettext, number, spoken, use


class Shouting(gettext.NullTranslations):
    """A catalogue that anyone can read."""

    def gettext(self, message: str) -> str:
        return message.upper()

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return (msgid1 if n == 1 else msgid2).upper()


def test_a_sentence_without_a_translation_stands_as_it_is():
    assert _("Nothing here yet.") == "Nothing here yet."


def test_a_number_chooses_the_form():
    assert [ngettext("%d day", "%d days", n) % n for n in (0, 1, 2)] == [
        "0 days",
        "1 day",
        "2 days",
    ]


def test_a_language_is_spoken_only_in_its_own_context():
    request = copy_context()
    shouting = Language("xx", "rtl", Shouting(), number="#{}".format)
    label = lazy("kept")
    request.run(use, shouting)

    assert request.run(spoken) is shouting
    assert request.run(_, "kept") == "KEPT"
    assert request.run(ngettext, "day", "days", 2) == "DAYS"
    assert request.run(number, 12) == "#12"
    assert request.run(str, label) == "KEPT"
    assert (_("kept"), str(label), number(12)) == ("kept", "kept", "12")
    assert (spoken().tag, spoken().direction) == ("en", "ltr")


@pytest.mark.parametrize("name", ["Read", "Read «10» pages", "読書", "✓", ""])
def test_a_name_that_turns_nothing_stands_as_it_is(name: str):
    assert Context().run(isolated, name) == name


@pytest.mark.parametrize("name", ["קריאה", "10 קריאה", "Read قراءة", "٣"])
def test_a_name_that_is_read_the_other_way_is_set_apart(name: str):
    assert Context().run(isolated, name) == f"\u2068{name}\u2069"


@pytest.mark.parametrize(
    ("name", "apart"),
    [("Read", True), ("10", True), ("読書", True), ("קריאה", False), ("✓", False)],
)
def test_in_a_language_from_right_to_left_it_is_the_other_names(name: str, apart: bool):
    request = copy_context()
    request.run(use, Language("xx", "rtl"))
    assert (request.run(isolated, name) != name) is apart
