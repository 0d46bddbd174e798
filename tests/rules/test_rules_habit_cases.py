"""Every case of habit-cases.json: what a habit of each rhythm shows on a day."""

import json
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from app.rules import fold
from app.rules.rests import Quiet
from app.rules.schedule import Kind, Schedule, Term, Timetable
from app.rules.states import History, nothing
from app.rules.weeks import beginning_on

CASES = json.loads((Path(__file__).parent / "habit-cases.json").read_text(encoding="utf-8"))
DAY = timedelta(days=1)


def thousandths(amount: float | str) -> int:
    return int(Decimal(str(amount)) * 1000)


def term(said: dict[str, Any]) -> Term:
    return Term(
        date.fromisoformat(said["from"]),
        Schedule(said["schedule"]),
        Kind(said.get("kind", "check")),
        sum(1 << day for day in said.get("weekdays", ())),
        said.get("times", 1),
        said.get("every", 1),
        thousandths(said.get("target", 0)),
    )


def history(case: dict[str, Any]) -> History:
    return History(
        Timetable(tuple(map(term, case["terms"]))),
        [date.fromisoformat(day) for day in case["kept"]],
        {date.fromisoformat(day): thousandths(n) for day, n in case["amounts"].items()},
        beginning_on(case["week_start"]),
        Quiet.of(
            (date.fromisoformat(first), date.fromisoformat(last or "9999-12-31"))
            for first, last in case["rests"]
        ),
    )


def in_days(of: Term, run: int) -> int:
    """A run as the table of the rules turns it into days."""
    return {
        "daily": run, "weekdays": 7 * run // max(1, of.weekdays.bit_count()),
        "every": of.every * run, "weekly": 7 * run, "monthly": 30 * run,
    }[of.schedule]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_case_of_the_rules(case: dict[str, Any]):
    known, today, right = history(case), date.fromisoformat(case["today"]), dict(case["right"])
    begun = nothing(known.timetable)
    shown = fold.on_day(begun, known, today)
    found = {
        "due": shown.due, "asked": shown.asked, "done": today in known.days,
        "resting": shown.resting, "run": shown.run, "best": shown.best, "shields": shown.shields,
        "strength": int(100 * shown.strength + 0.5),
    }  # fmt: skip
    if "run_of_last_keep" in right:
        last = known.days[-1]
        before = known._replace(days=[day for day in known.days if day < last])
        paid = fold.on_day(begun, before, last)
        # What a run is worth is at most the days since its first keep.
        worth = in_days(known.timetable.term(last), paid.paid)
        assert paid.span == min(worth, right.pop("span_of_last_keep"))
        found["run_of_last_keep"] = paid.paid
    assert found == right


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_case_is_the_same_from_every_closed_day(case: dict[str, Any]):
    known, today = history(case), date.fromisoformat(case["today"])
    begun = nothing(known.timetable)
    whole = fold.on_day(begun, known, today)
    for back in range(4, 40):
        day = fold.closes(today + (3 - back) * DAY, known.timetable, known.weeks)
        state = fold.advance(begun, known, day)
        looks_back = state.through - fold.reach(known.timetable) * DAY
        since = known._replace(
            days=[kept for kept in known.days if kept > looks_back],
            amounts={on: n for on, n in known.amounts.items() if on > looks_back},
        )
        assert fold.on_day(state, since, today) == whole._replace(
            strength=pytest.approx(whole.strength, abs=1e-12)
        )
