"""From when until when somebody may rest."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules import resting
from app.rules.errors import Invalid
from app.rules.resting import Phase, Span

TODAY = date(2026, 3, 10)
DAY = timedelta(days=1)
FIRST = TODAY - 14 * DAY
DAYS = st.dates(TODAY - 30 * DAY, TODAY + 30 * DAY)
SPANS = st.tuples(DAYS, st.none() | st.integers(0, 40)).map(
    lambda drawn: Span(drawn[0], None if drawn[1] is None else drawn[0] + drawn[1] * DAY)
)


def refused(span: Span, before: Span | None = None, first: date = FIRST) -> set[str]:
    """Return the fields that are refused."""
    try:
        resting.check(span, first, before)
    except Invalid as error:
        return set(error.errors)
    return set()


@pytest.mark.parametrize(
    ("last_kept", "first"),
    [
        (None, FIRST),
        (TODAY, FIRST),
        (FIRST, FIRST),
        (FIRST - DAY, FIRST),
        (FIRST - 2 * DAY, FIRST - DAY),
        (date(2025, 1, 1), date(2025, 1, 2)),
    ],
)
def test_a_rest_begins_two_weeks_ago_or_after_the_last_keep(last_kept: date | None, first: date):
    assert resting.earliest(TODAY, last_kept) == first


@pytest.mark.parametrize(
    ("span", "fields"),
    [
        (Span(TODAY), set()),
        (Span(FIRST), set()),
        (Span(FIRST - DAY), {"starts_on"}),
        (Span(date(1999, 12, 31)), {"starts_on"}),
        (Span(TODAY, TODAY), set()),
        (Span(TODAY, TODAY - DAY), {"ends_on"}),
        (Span(date(2100, 12, 31), date(2100, 12, 31)), set()),
        (Span(date(2101, 1, 1)), {"starts_on"}),
        (Span(TODAY, date(2101, 1, 1)), {"ends_on"}),
        (Span(date(1999, 1, 1), date(1998, 1, 1)), {"starts_on", "ends_on"}),
    ],
)
def test_the_window_of_a_rest(span: Span, fields: set[str]):
    assert refused(span) == fields


LONG_AGO = Span(TODAY - 100 * DAY, TODAY - 90 * DAY)


@pytest.mark.parametrize(
    ("before", "span", "fields"),
    [
        (LONG_AGO, LONG_AGO, set()),
        (LONG_AGO, LONG_AGO._replace(ends_on=TODAY - 95 * DAY), set()),
        (LONG_AGO, LONG_AGO._replace(starts_on=TODAY - 99 * DAY), set()),
        (LONG_AGO, LONG_AGO._replace(starts_on=TODAY - 101 * DAY), {"starts_on"}),
        (LONG_AGO, LONG_AGO._replace(ends_on=TODAY - 89 * DAY), {"ends_on"}),
        (LONG_AGO, LONG_AGO._replace(ends_on=None), {"ends_on"}),
        (Span(LONG_AGO.starts_on), Span(LONG_AGO.starts_on, TODAY), set()),
        (Span(LONG_AGO.starts_on, FIRST - DAY), Span(LONG_AGO.starts_on, TODAY), set()),
        (Span(LONG_AGO.starts_on, FIRST - 2 * DAY), Span(LONG_AGO.starts_on), {"ends_on"}),
    ],
)
def test_a_change_adds_no_day_from_before_the_window(before: Span, span: Span, fields: set[str]):
    assert refused(span, before) == fields


@pytest.mark.parametrize(
    ("span", "phase", "left"),
    [
        (Span(TODAY), Phase.RUNNING, None),
        (Span(TODAY, TODAY), Phase.RUNNING, None),
        (Span(TODAY + DAY), Phase.COMING, None),
        (Span(TODAY - DAY), Phase.RUNNING, Span(TODAY - DAY, TODAY - DAY)),
        (Span(TODAY - 9 * DAY, TODAY + DAY), Phase.RUNNING, Span(TODAY - 9 * DAY, TODAY - DAY)),
        (Span(TODAY - 9 * DAY, TODAY), Phase.RUNNING, Span(TODAY - 9 * DAY, TODAY - DAY)),
        (Span(TODAY - 9 * DAY, TODAY - DAY), Phase.OVER, Span(TODAY - 9 * DAY, TODAY - DAY)),
        (
            Span(TODAY - 9 * DAY, TODAY - 5 * DAY),
            Phase.OVER,
            Span(TODAY - 9 * DAY, TODAY - 5 * DAY),
        ),
    ],
)
def test_a_rest_that_is_ended_lasted_through_yesterday(span: Span, phase: Phase, left: Span | None):
    assert (span.phase(TODAY), span.ended(TODAY)) == (phase, left)


@pytest.mark.parametrize("day", [TODAY - 9 * DAY, TODAY])
def test_a_day_from_the_first_to_today_can_be_skipped(day: date):
    resting.check_skip(day, TODAY - 9 * DAY, TODAY)


@pytest.mark.parametrize("day", [TODAY - 10 * DAY, TODAY + DAY])
def test_no_other_day_can_be_skipped(day: date):
    with pytest.raises(Invalid) as refusal:
        resting.check_skip(day, TODAY - 9 * DAY, TODAY)
    assert set(refusal.value.errors) == {"day"}


@given(st.none() | SPANS, st.none() | SPANS)
def test_what_a_change_touches_begins_with_a_day_that_rests_in_one_alone(
    before: Span | None, after: Span | None
):
    def rests(span: Span | None, day: date) -> bool:
        return span is not None and span.starts_on <= day <= (span.ends_on or date.max)

    all_days = [TODAY + n * DAY for n in range(-40, 90)]
    differing = [day for day in all_days if rests(before, day) != rests(after, day)]
    assert resting.first_change(before, after) == (differing[0] if differing else None)
