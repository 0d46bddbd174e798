"""The occasions of a habit that counts, and what an amount does to one: a day, a week or month."""

from datetime import date
from enum import Enum, auto
from typing import NamedTuple

from app.rules.schedule import Kind, Term
from app.rules.states import History
from app.rules.sums import Sums


class Change(Enum):
    """What becomes of an occasion with a further amount, or with one less."""

    NONE = auto()
    KEPT = auto()
    OPENED = auto()


class Total(NamedTuple):
    """The occasion of a day: its amounts in all, whenever they came, in whole thousandths.

    `term` is the one that judges it. `kept_on` is the day on which its commit stands, None where
    it has none; `counts` tells whether an amount of that day matters: what rests does not, to an
    "at most" week.
    """

    term: Term
    amount: int
    kept_on: date | None
    counts: bool = True

    @staticmethod
    def of(history: History, day: date) -> "Total":
        """Return the occasion of `day`, on which the term in force counts something."""
        term, kept_on = history.timetable.term(day), day if day in history.days else None
        if not term.is_periodic:
            return Total(term, history.amounts.get(day, 0), kept_on)
        period, at_most = history.timetable.period(day, history.weeks), term.kind is Kind.AT_MOST
        sums = Sums(history.amounts, history.quiet)
        amount = sums.between(period.first, period.last, awake=at_most)
        if at_most:
            kept_on = period.last if period.last in history.days else None
        elif kept_on is None:
            within = (one for one in history.days if period.first <= one <= period.last)
            kept_on = max(within, default=None)
        counts = not (at_most and history.quiet.covers(day))
        return Total(period.term, amount, kept_on, counts)

    @property
    def is_met(self) -> bool:
        """Is the amount what the term asks for, as it stands?"""
        return self._meets(self.amount)

    def change(self, more: int) -> Change:
        """Return what `more` of it does, a negative one being taken back.

        An amount keeps an occasion that it finds without a commit and leaves with its target
        reached. It takes back a commit only by crossing the target itself: what was kept before
        the terms were changed stays.
        """
        after = self.amount + (more if self.counts else 0)
        if self.kept_on is None:
            reaches = self.term.kind is Kind.AT_LEAST and more > 0 and self._meets(after)
            return Change.KEPT if reaches else Change.NONE
        return Change.OPENED if self.is_met and not self._meets(after) else Change.NONE

    def _meets(self, amount: int) -> bool:
        if self.term.kind is Kind.AT_LEAST:
            return amount >= self.term.target
        return amount <= self.term.target
