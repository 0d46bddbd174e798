"""The board of a day: what is due and kept, how each habit stands, and the mood."""

import json
from datetime import date, timedelta
from typing import Any

import pytest

from app.rules.board import Board, Count
from app.rules.facts import HabitFacts, MoodFacts, OtherFacts, PetFacts, PillarFacts
from app.rules.mood import Mood
from app.rules.outcome import DayState
from app.rules.resting import Span
from app.rules.rests import Rest, Rests
from app.rules.schedule import Schedule, Term

TODAY = date(2026, 3, 10)
DAY = timedelta(days=1)
START = TODAY - 30 * DAY
PILLAR = PillarFacts(1, "Body", "clay", "heart", 40, False)
PET = PetFacts(5, "Miso", "fox", "own", 70, 9)


def habit(**known: Any) -> HabitFacts:
    """Return a habit that began a month ago and was never kept, but for what is `known`."""
    facts: dict[str, Any] = {
        "id": 1, "pillar_id": 1, "name": "Walk", "effort": "normal", "put_away": False,
        "pillar_put_away": False, "terms": [START], "folded_on": None, "folded_run": 0,
        "folded_best": 0, "folded_kept": 0, "folded_toward": 0, "folded_shields": 1,
        "folded_since": None, "folded_idle": -1, "folded_overdue": 0, "folded_strength": 0.0,
        "days": [], "amounts": None,
    }  # fmt: skip
    facts |= known
    facts["terms"] = said([Term(first) for first in facts["terms"]])
    return HabitFacts(**facts)


def said(terms: list[Term]) -> str:
    """Return the text by which the database tells terms."""
    return json.dumps(
        [
            [
                term.starts_on.isoformat(), term.schedule, term.kind, term.weekdays, term.times,
                term.every, term.target, term.step, term.unit,
            ]
            for term in terms
        ]
    )  # fmt: skip


def since(began: date = START, last_kept: date | None = None, hour: int = 12) -> MoodFacts:
    return MoodFacts(began, last_kept, hour)


AHEAD = {"terms": [TODAY + DAY]}
NOT_DUE = [
    pytest.param({"put_away": True}, id="put away"),
    pytest.param({"pillar_put_away": True}, id="put away with its pillar"),
    pytest.param(AHEAD, id="begins tomorrow"),
]


@pytest.mark.parametrize("known", NOT_DUE)
@pytest.mark.parametrize("days", [[], [TODAY]], ids=["open", "kept"])
def test_what_is_not_due_counts_nowhere(known: dict[str, Any], days: list[date]):
    board = Board.of([habit(**known, days=days), habit(id=2, days=[TODAY]), habit(id=3)], TODAY)
    # What was kept counts, due or not, unless it is put away.
    extra = int(bool(days) and "terms" in known)
    assert board.due == Count(2, 1)
    assert board.total == board.count(1) == Count(2 + extra, 1 + extra)
    assert board.row(board.habits[0]).due is False


def test_what_is_due_is_counted_in_its_pillar_and_in_all():
    board = Board.of(
        [
            habit(days=[TODAY]), habit(id=2, days=[TODAY - DAY]),
            habit(id=3, pillar_id=2, days=[TODAY]), habit(id=4, terms=[TODAY]),
        ],
        TODAY,
    )  # fmt: skip
    assert (board.count(1), board.count(2), board.count(3)) == (Count(3, 1), Count(1, 1), Count())
    assert board.total == Count(4, 2)
    assert [row.id for row in board.rows(1)] == [1, 2, 4]
    assert board.rows(3) == ()


def test_a_board_that_shows_one_habit_alone_counts_the_others_as_well():
    first = TODAY - 20 * DAY
    monday = said([Term(first, Schedule.WEEKDAYS, weekdays=1)])
    weekly = said([Term(first, Schedule.WEEKLY, times=2)])
    every = said([Term(first, Schedule.EVERY, every=3)])
    habits = [
        habit(),
        habit(id=2, days=[TODAY]),
        habit(id=3, put_away=True),
        habit(id=4)._replace(terms=monday),
        habit(id=5)._replace(terms=weekly),
        habit(id=6, days=[TODAY - 3 * DAY])._replace(terms=every),
        habit(id=7, days=[TODAY - 2 * DAY])._replace(terms=every),
        habit(id=8, pillar_id=2),
        habit(id=9, **AHEAD),
    ]
    rests = Rests((Rest(TODAY, TODAY, habit_id=8),))
    whole = Board.of(habits, TODAY, rests=rests)

    for pressed in habits:
        board = Board.of([pressed], TODAY, rests=rests, others=others(habits, beside=pressed))
        assert (board.total, board.due, board.count(2)) == (whole.total, whole.due, whole.count(2))
        assert board.mood(since()) is whole.mood(since())
        assert board.began(TODAY) == whole.began(TODAY)
        assert board.row(pressed) == whole.row(pressed)


def others(habits: list[HabitFacts], beside: HabitFacts) -> list[OtherFacts]:
    """Return what a press knows of the habits beside the one that is pressed."""
    return [
        OtherFacts(*(getattr(one, field) for field in OtherFacts._fields))
        for one in habits
        if one is not beside and not one.is_archived
    ]


@pytest.mark.parametrize(
    ("known", "left", "is_done"),
    [
        pytest.param([], 0, False, id="no habit"),
        pytest.param([{}], 1, False, id="one is left"),
        pytest.param([{"days": [TODAY]}], 0, True, id="the one is kept"),
        pytest.param([{"days": [TODAY]}, {}], 1, False, id="one of two is left"),
        pytest.param([{"days": [TODAY]}, AHEAD], 0, True, id="the other is not due"),
        pytest.param([AHEAD], 0, False, id="nothing is due"),
        pytest.param([{**AHEAD, "days": [TODAY]}], 0, False, id="kept, and nothing was due"),
        pytest.param([{"pillar_id": 2}, {"days": [TODAY]}], 0, True, id="left elsewhere"),
    ],
)
def test_a_pillar_is_done_when_something_was_due_and_all_is_kept(
    known: list[dict[str, Any]], left: int, is_done: bool
):
    board = Board.of([habit(id=n, **it) for n, it in enumerate(known)], TODAY)
    header = board.header(PILLAR, 0)
    assert (header.left, header.is_done) == (left, is_done)


@pytest.mark.parametrize(
    ("known", "state", "gain"),
    [
        pytest.param({}, DayState.OPEN, 10, id="the first of a run"),
        pytest.param({"days": [TODAY - DAY]}, DayState.OPEN, 10, id="the second"),
        pytest.param({"days": [TODAY - 2 * DAY, TODAY - DAY]}, DayState.OPEN, 11, id="the third"),
        pytest.param({"days": [TODAY - DAY, TODAY]}, DayState.KEPT, 10, id="the second, kept"),
        pytest.param({"days": [TODAY - DAY], **AHEAD}, DayState.IDLE, 10, id="not due"),
        pytest.param({"days": [TODAY], **AHEAD}, DayState.KEPT, 10, id="kept though not due"),
        pytest.param({"effort": "hard"}, DayState.OPEN, 20, id="hard"),
    ],
)
def test_a_row_says_how_its_habit_stands(known: dict[str, Any], state: DayState, gain: int):
    board = Board.of([habit(**known)], TODAY)
    row = board.row(board.habits[0])
    assert (row.state, row.done, row.gain) == (state, state is DayState.KEPT, gain)


def test_a_streak_goes_on_from_the_fold_and_the_days_of_both_are_kept():
    closed = {
        "folded_on": TODAY - 3 * DAY, "folded_run": 2, "folded_best": 6, "folded_kept": 20,
        "folded_since": TODAY - 4 * DAY,
    }  # fmt: skip
    days = [TODAY - 2 * DAY, TODAY - DAY]
    folded = habit(**closed, days=days)
    row = Board.of([folded], TODAY).row(folded)
    assert (row.streak, row.best, folded.kept) == (4, 6, 22)
    # Without a day through which it is folded, what else is stored means nothing.
    unknown = folded._replace(folded_on=None)
    row = Board.of([unknown], TODAY).row(unknown)
    assert (row.streak, row.best, unknown.kept) == (2, 2, 2)


def test_a_later_term_changes_nothing_of_when_a_habit_began():
    later = habit(terms=[START, TODAY + DAY])
    board = Board.of([later], TODAY)
    assert board.total == Count(1, 0)
    assert board.mood(since()) is Mood.ASLEEP


def test_a_habit_is_found_by_its_number():
    board = Board.of([habit(), habit(id=2, name="Sing")], TODAY)
    assert (board.habit(2), board.habit(3)) == (board.habits[1], None)


def test_a_header_is_of_its_pillar_and_the_card_of_all():
    habits = [habit(days=[TODAY]), habit(id=2), habit(id=3, pillar_id=2, days=[TODAY])]
    board = Board.of(habits, TODAY)
    header, card = board.header(PILLAR, 8), board.card(PET, since(last_kept=TODAY), 8)
    assert (header.id, header.name, header.color, header.icon, header.xp) == PILLAR[:-1]
    assert (header.due, header.kept, header.version) == (2, 1, 8)
    assert (card.id, card.name, card.species, card.coat, card.xp, card.days_kept) == tuple(PET)
    assert (card.due, card.kept, card.version, card.mood) == (3, 2, 8, Mood.HAPPY)


@pytest.mark.parametrize(
    ("known", "facts", "mood"),
    [
        pytest.param({"days": [TODAY]}, since(last_kept=TODAY), Mood.PROUD, id="all kept"),
        pytest.param({}, since(last_kept=TODAY), Mood.HAPPY, id="something kept"),
        pytest.param({}, since(last_kept=TODAY - DAY), Mood.EAGER, id="yesterday"),
        pytest.param({}, since(last_kept=TODAY - DAY, hour=11), Mood.CONTENT, id="a morning"),
        pytest.param({}, since(last_kept=TODAY - 4 * DAY), Mood.ASLEEP, id="days ago"),
        pytest.param({}, since(), Mood.ASLEEP, id="never"),
        pytest.param({}, since(began=TODAY - 3 * DAY), Mood.ASLEEP, id="three days old"),
        pytest.param({}, since(began=TODAY - 2 * DAY), Mood.EAGER, id="two days old"),
        pytest.param({"terms": [TODAY - 2 * DAY]}, since(), Mood.EAGER, id="a habit two days old"),
        pytest.param({"put_away": True}, since(), Mood.CONTENT, id="nothing due"),
    ],
)
def test_the_mood_is_that_of_the_whole_day(known: dict[str, Any], facts: MoodFacts, mood: Mood):
    assert Board.of([habit(**known)], TODAY).mood(facts) is mood


@pytest.mark.parametrize("known", NOT_DUE)
def test_what_is_not_due_puts_nothing_to_sleep(known: dict[str, Any]):
    fresh = habit(id=2, terms=[TODAY])
    assert Board.of([habit(**known), fresh], TODAY).mood(since()) is Mood.EAGER


def test_the_oldest_habit_that_is_due_says_since_when_the_pet_waits():
    habits = [habit(terms=[TODAY]), habit(id=2), habit(id=3, terms=[TODAY - DAY])]
    assert Board.of(habits, TODAY).mood(since()) is Mood.ASLEEP


def test_days_away_are_those_on_which_anything_was_due():
    habits = [habit(terms=[TODAY - 3 * DAY]), habit(id=2, put_away=True)]
    assert Board.of(habits, TODAY).days_away(START) == Span(TODAY - 3 * DAY, TODAY - DAY)
    assert Board.of(habits, TODAY).days_away(TODAY - DAY) is None
    assert Board.of([habits[1]], TODAY).days_away(START) is None


def test_a_day_on_which_all_that_is_due_rests_is_no_day_away():
    everything = Rest(TODAY - 3 * DAY, TODAY - 2 * DAY)
    its_pillar = Rest(TODAY - 4 * DAY, TODAY - 4 * DAY, pillar_id=1)
    board = Board.of([habit()], TODAY, rests=Rests((everything, its_pillar)))
    assert board.days_away(TODAY - 4 * DAY) is None
    assert board.days_away(TODAY - 5 * DAY) == Span(TODAY - 5 * DAY, TODAY - DAY)
