"""What the fields of a form make of a habit's terms, and what they may hold."""

from datetime import date

import pytest

from app.rules.errors import Invalid
from app.rules.schedule import Kind, Schedule, Term
from app.rules.terms import TermFields, means_the_same, weekdays_of

DAY = date(2026, 3, 10)
DAILY = Term(DAY)
PAGES = Term(DAY, Schedule.DAILY, Kind.AT_LEAST, target=50_000, step=10_000, unit="pages")
GYM = Term(DAY, Schedule.WEEKLY, times=3)


def test_what_is_not_sent_stays_as_it_is():
    for old in (DAILY, PAGES, GYM, Term(DAY, Schedule.WEEKDAYS, weekdays=9)):
        later = TermFields().term(old, date(2026, 4, 1))
        assert later.starts_on == date(2026, 4, 1)
        assert means_the_same(later, old)
    assert TermFields(times="2").term(GYM, DAY) == GYM._replace(times=2)
    assert TermFields(target="1,5").term(PAGES, DAY) == PAGES._replace(target=1500)


@pytest.mark.parametrize(
    ("typed", "term"),
    [
        (TermFields("daily"), DAILY),
        (TermFields("weekdays", ["0", "3", "3"]), Term(DAY, Schedule.WEEKDAYS, weekdays=0b1001)),
        (TermFields("every", every="2"), Term(DAY, Schedule.EVERY, every=2)),
        (TermFields("every", every=" 365 "), Term(DAY, Schedule.EVERY, every=365)),
        (TermFields("weekly", times="7"), Term(DAY, Schedule.WEEKLY, times=7)),
        (TermFields("weekly"), Term(DAY, Schedule.WEEKLY)),
        (TermFields("monthly", times="28"), Term(DAY, Schedule.MONTHLY, times=28)),
        (
            TermFields(kind="at_least", target="50", unit="pages", step="10"), PAGES,
        ),
        (
            TermFields("weekly", kind="at_least", target="0.001", step=""),
            Term(DAY, Schedule.WEEKLY, Kind.AT_LEAST, target=1),
        ),
        (
            TermFields("monthly", kind="at_most", target="0", unit="cigarettes"),
            Term(DAY, Schedule.MONTHLY, Kind.AT_MOST, unit="cigarettes"),
        ),
    ],
)  # fmt: skip
def test_a_form_makes_a_term(typed: TermFields, term: Term):
    assert typed.term(DAILY, DAY) == term


def test_what_the_rhythm_or_the_kind_does_not_use_is_not_looked_at():
    idle = {"weekdays": ["9"], "times": "0", "every": "x", "target": "-1", "unit": "km"}
    assert TermFields("daily", kind="check", step="no", **idle).term(GYM, DAY) == DAILY
    total = TermFields("weekly", kind="at_least", target="9", times="99").term(GYM, DAY)
    assert total.times == 1


@pytest.mark.parametrize(
    ("typed", "field", "said"),
    [
        (TermFields("yearly"), "schedule", "Choose one from the list."),
        (TermFields(kind="never"), "kind", "Choose one from the list."),
        (TermFields("weekdays"), "weekdays", "Choose at least one day."),
        (TermFields("weekdays", []), "weekdays", "Choose at least one day."),
        (TermFields("weekdays", ["0", "7"]), "weekdays", "Choose at least one day."),
        (TermFields("weekdays", ["-1"]), "weekdays", "Choose at least one day."),
        *((TermFields("weekly", times=typed), "times", "from 1 to 7.")
          for typed in ("0", "8", "", "1.5", "-1", "٣", "²", "9" * 9000)),
        *((TermFields("monthly", times=typed), "times", "from 1 to 28.") for typed in ("0", "29")),
        *((TermFields("every", every=typed), "every", "from 2 to 365.")
          for typed in (None, "0", "1", "366", "400", "x")),
        *((TermFields(kind="at_least", target=typed), "target", "more than 0.")
          for typed in (None, "0", "0,000")),
        *((TermFields(kind="at_least", target=typed), "target", "not an amount")
          for typed in ("", "-1", "1e309", "NaN")),
        (TermFields(kind="at_least", target="1.2345"), "target", "three decimals"),
        (TermFields(kind="at_least", target="1000000001"), "target", "more than can"),
        (TermFields(kind="at_most", target="-1"), "target", "not an amount"),
        (TermFields(kind="at_least", target="1", step="0"), "step", "more than 0."),
        (TermFields(kind="at_least", target="1", step="x"), "step", "not an amount"),
        (TermFields("weekdays", ["1"], kind="at_most", target="2"), "kind", "goes with every day"),
        (TermFields("every", every="3", kind="at_most", target="2"), "kind", "goes with every day"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_told_at_its_field(typed: TermFields, field: str, said: str):
    with pytest.raises(Invalid) as refused:
        typed.term(DAILY, DAY)
    assert list(refused.value.errors) == [field]
    assert said in refused.value.errors[field][0]


def test_everything_that_is_wrong_is_told_at_once():
    with pytest.raises(Invalid) as refused:
        TermFields("every", every="1", kind="at_least", target="0", step="0").term(DAILY, DAY)
    assert set(refused.value.errors) == {"every", "target", "step"}


def test_the_days_of_a_week_are_its_bits():
    assert weekdays_of(0b1000001) == [0, 6]
    assert weekdays_of(0) == []
