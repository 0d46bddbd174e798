"""The sentence of a rhythm, for every combination that a form can make."""

from collections.abc import Iterator
from datetime import date

import pytest

from app.rules import language
from app.rules.schedule import Kind, Schedule, Term
from app.web import formats
from app.web.rhythms import sentence
from tests import pseudo

DAY = date(2026, 3, 10)
D, W, E = Schedule.DAILY, Schedule.WEEKDAYS, Schedule.EVERY
K, M = Schedule.WEEKLY, Schedule.MONTHLY
LEAST, MOST = Kind.AT_LEAST, Kind.AT_MOST
SENTENCES: list[tuple[Term, str]] = [
    (Term(DAY), "Every day"),
    (Term(DAY, W, weekdays=1), "Mondays"),
    (Term(DAY, W, weekdays=64), "Sundays"),
    (Term(DAY, W, weekdays=9), "Mondays and Thursdays"),
    (Term(DAY, W, weekdays=21), "Mondays, Wednesdays and Fridays"),
    (Term(DAY, W, weekdays=15), "Mondays, Tuesdays, Wednesdays and Thursdays"),
    (Term(DAY, W, weekdays=31), "Weekdays"),
    (Term(DAY, W, weekdays=96), "Weekends"),
    (Term(DAY, W, weekdays=33), "Mondays and Saturdays"),
    (Term(DAY, W, weekdays=127), "Every day"),
    (Term(DAY, E, every=2), "Every 2 days, counted from the last time"),
    (Term(DAY, E, every=3), "Every 3 days, counted from the last time"),
    (Term(DAY, E, every=365), "Every 365 days, counted from the last time"),
    (Term(DAY, K, times=1), "Once a week"),
    (Term(DAY, K, times=2), "Twice a week"),
    (Term(DAY, K, times=3), "Three times a week"),
    (Term(DAY, K, times=7), "Seven times a week"),
    (Term(DAY, M, times=1), "Once a month"),
    (Term(DAY, M, times=2), "Twice a month"),
    (Term(DAY, M, times=7), "Seven times a month"),
    (Term(DAY, M, times=8), "8 times a month"),
    (Term(DAY, M, times=28), "28 times a month"),
    (Term(DAY, D, LEAST, target=50_000, unit="pages"), "At least 50 pages a day"),
    (Term(DAY, D, LEAST, target=50_000), "At least 50 a day"),
    (Term(DAY, D, LEAST, target=1500, unit="km"), "At least 1.5 km a day"),
    (Term(DAY, D, LEAST, target=1, unit="l"), "At least 0.001 l a day"),
    (Term(DAY, D, LEAST, target=10**12, unit="m"), "At least 1000000000 m a day"),
    (Term(DAY, D, LEAST, target=1000, unit="שעות"), "At least 1 \u2068שעות\u2069 a day"),
    (Term(DAY, D, LEAST, target=1000, unit="100 %"), "At least 1 100 % a day"),
    (Term(DAY, W, LEAST, weekdays=9, target=5000, unit="km"),
     "Mondays and Thursdays: at least 5 km"),
    (Term(DAY, W, LEAST, weekdays=31, target=5000), "Weekdays: at least 5"),
    (Term(DAY, W, LEAST, weekdays=127, target=5000), "At least 5 a day"),
    (Term(DAY, E, LEAST, every=3, target=2500, unit="l"),
     "At least 2.5 l every 3 days, counted from the last time"),
    (Term(DAY, K, LEAST, target=100_000, unit="pages"), "100 pages a week"),
    (Term(DAY, K, LEAST, target=100_000), "100 a week"),
    (Term(DAY, M, LEAST, target=12_250, unit="h"), "12.25 h a month"),
    (Term(DAY, D, MOST, target=2000, unit="coffees"), "At most 2 coffees a day"),
    (Term(DAY, K, MOST, target=7000), "At most 7 a week"),
    (Term(DAY, M, MOST, target=500, unit="l"), "At most 0.5 l a month"),
    (Term(DAY, D, MOST, unit="cigarettes"), "No cigarettes at all"),
    (Term(DAY, K, MOST, unit="cigarettes"), "No cigarettes in a week"),
    (Term(DAY, M, MOST), "None in a month"),
]  # fmt: skip


@pytest.fixture
def _odd(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setitem(formats.PATTERNS, pseudo.TAG, pseudo.PATTERNS)
    language.use(pseudo.language())
    yield
    language.use(formats.ENGLISH)


@pytest.mark.parametrize(("term", "said"), SENTENCES, ids=[said for _term, said in SENTENCES])
def test_a_term_is_said_in_a_sentence(term: Term, said: str):
    language.use(formats.ENGLISH)
    assert sentence(term) == said


@pytest.mark.usefixtures("_odd")
@pytest.mark.parametrize("term", [term for term, _said in SENTENCES])
def test_the_sentence_is_said_in_another_language(term: Term):
    text = f"<p>{sentence(term)}</p>"
    assert pseudo.untranslated(text, *filter(None, [term.unit])) == []


def test_a_decimal_is_written_as_the_language_writes_it(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(formats.PATTERNS, "de", formats.PATTERNS["en"])
    assert formats.amount("de", 1500) == "1,5"
