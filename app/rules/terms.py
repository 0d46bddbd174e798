"""The terms of a habit as a form says them: which rhythm, and which amount.

What a schedule or a kind does not use is not looked at and has its default, so that two terms that
mean the same are equal.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple, TypeVar

from app.rules import amounts
from app.rules.errors import Invalid
from app.rules.language import _, number
from app.rules.schedule import Kind, Schedule, Term

MOST_TIMES = {Schedule.WEEKLY: 7, Schedule.MONTHLY: 28}
EVERY = range(2, 366)
# "At most" counts over a time that ends: a day, a week or a month.
AT_MOST = (Schedule.DAILY, Schedule.WEEKLY, Schedule.MONTHLY)

_WEEK = range(7)
_One = TypeVar("_One", bound=StrEnum)


class TermFields(NamedTuple):
    """What was typed; None leaves what it stands for as it is.

    `weekdays` are numbers, "0" for Monday to "6" for Sunday; an empty `step` is one.
    """

    schedule: str | None = None
    weekdays: Sequence[str] | None = None
    times: str | None = None
    every: str | None = None
    kind: str | None = None
    target: str | None = None
    unit: str | None = None
    step: str | None = None

    @classmethod
    def of(cls, term: Term) -> "TermFields":
        """Return what a form holds of a term; None is what the term does not use."""
        used: dict[str, Any] = {"schedule": term.schedule.value, "kind": term.kind.value}
        if term.schedule is Schedule.WEEKDAYS:
            used["weekdays"] = [str(day) for day in weekdays_of(term.weekdays)]
        elif term.schedule is Schedule.EVERY:
            used["every"] = str(term.every)
        elif term.schedule in MOST_TIMES and term.kind is Kind.CHECK:
            used["times"] = str(term.times)
        if term.kind is not Kind.CHECK:
            used["target"], used["step"] = map(amounts.as_typed, (term.target, term.step))
            used["unit"] = term.unit
        return cls(**used)

    def term(self, old: Term, starts_on: date) -> Term:
        """Return the term that they make of `old`, from `starts_on` on.

        Raises Invalid with a sentence for every field that cannot be taken.
        """
        reading = _Reading(self, old)
        term = Term(starts_on, **reading.rhythm(), **reading.amount())
        if reading.errors:
            raise Invalid(**reading.errors)
        return term


def means_the_same(one: Term, other: Term) -> bool:
    """Tell whether two terms ask for the same, whenever they start."""
    return one[1:] == other[1:]


def started(terms: tuple[Term, ...], day: date) -> tuple[Term, ...]:
    """Return the terms of a habit whose first day becomes `day`, all else as it was from then on.

    `terms` are all that it has, oldest first.
    """
    before = [term for term in terms if term.starts_on <= day]
    first = before[-1] if before else terms[0]
    return (first._replace(starts_on=day), *terms[terms.index(first) + 1 :])


def followed(terms: tuple[Term, ...], new: Term) -> tuple[Term, ...]:
    """Return the terms of a habit once `new` is in force, in place of those from its day on.

    All stay as they are when `new` asks for what the newest asks for.
    """
    if means_the_same(terms[-1], new):
        return terms
    kept = tuple(term for term in terms if term.starts_on < new.starts_on)
    return kept if kept and means_the_same(kept[-1], new) else (*kept, new)


def weekdays_of(bits: int) -> list[int]:
    """Return the days of the week that `bits` stand for, 0 for Monday to 6 for Sunday."""
    return [day for day in _WEEK if bits >> day & 1]


@dataclass(frozen=True, slots=True)
class _Reading:
    """Reads the fields one by one and gathers what is wrong with them."""

    typed: TermFields
    old: Term
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def schedule(self) -> Schedule:
        """How often."""
        return self._one_of(Schedule, "schedule", self.old.schedule)

    @property
    def kind(self) -> Kind:
        """What keeps it."""
        return self._one_of(Kind, "kind", self.old.kind)

    def rhythm(self) -> dict[str, Any]:
        """Return what the schedule uses."""
        schedule, used = self.schedule, dict[str, Any]()
        if schedule is Schedule.WEEKDAYS:
            used["weekdays"] = self._weekdays()
        elif schedule is Schedule.EVERY:
            used["every"] = self._whole("every", self.old.every, EVERY)
        elif schedule in MOST_TIMES and self.kind is Kind.CHECK:
            times = range(1, MOST_TIMES[schedule] + 1)
            used["times"] = self._whole("times", self.old.times, times)
        return {"schedule": schedule, **used}

    def amount(self) -> dict[str, Any]:
        """Return what the kind uses."""
        kind = self.kind
        if kind is Kind.CHECK:
            return {"kind": kind}
        if kind is Kind.AT_MOST and self.schedule not in AT_MOST:
            self.errors["kind"] = _("“At most” goes with every day, a week or a month.")
        unit = self.old.unit if self.typed.unit is None else self.typed.unit
        least = 1 if kind is Kind.AT_LEAST else 0
        target = self._amount("target", self.old.target, least)
        return {"kind": kind, "unit": unit, "target": target, "step": self._step()}

    def _one_of(self, choices: type[_One], name: str, old: _One) -> _One:
        typed = getattr(self.typed, name)
        try:
            return old if typed is None else choices(typed)
        except ValueError:
            self.errors[name] = _("Choose one from the list.")
            return old

    def _weekdays(self) -> int:
        typed = self.typed.weekdays
        if typed is None:
            bits = self.old.weekdays
        elif set(typed) <= set(map(str, _WEEK)):
            bits = _bits(map(int, typed))
        else:
            bits = 0
        if not bits:
            self.errors["weekdays"] = _("Choose at least one day.")
        return bits

    def _whole(self, name: str, old: int, allowed: range) -> int:
        typed = getattr(self.typed, name)
        # No more digits than the largest has: what is longer is too much, however it goes on.
        text = str(old) if typed is None else typed.strip()
        if text.isascii() and text.isdigit() and len(text) <= 3 and int(text) in allowed:
            return int(text)
        self.errors[name] = _("Write a whole number from %(least)s to %(most)s.") % {
            "least": number(allowed[0]),
            "most": number(allowed[-1]),
        }
        return old

    def _step(self) -> int:
        typed = self.typed.step
        if typed is not None and not typed.strip():
            return amounts.ONE
        return self._amount("step", self.old.step, 1)

    def _amount(self, name: str, old: int, least: int) -> int:
        typed = getattr(self.typed, name)
        try:
            amount = old if typed is None else amounts.parse_amount(typed)
            return amounts.some(amount) if least else amount
        except ValueError as error:
            self.errors[name] = str(error)
            return old


def _bits(days: Iterable[int]) -> int:
    return sum(1 << day for day in set(days))
