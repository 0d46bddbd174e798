"""A user's day: the board of the habits, and the pet. Two statements, however many habits."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection

from app.facts import habits, people
from app.facts.people import PersonFacts
from app.infra import db
from app.infra.statement import Statement
from app.rules import days, levels
from app.rules.board import Board
from app.rules.errors import SessionEnded
from app.rules.facts import MoodFacts, PillarFacts
from app.rules.identity import Claims
from app.rules.outcome import Outcome, PetCard, PillarHeader
from app.rules.past_board import PastBoard
from app.rules.rests import Rests
from app.rules.weeks import weeks_of


class _Version(NamedTuple):
    version: int


_VERSION = Statement("SELECT version FROM users WHERE id = :me", _Version)


@dataclass(frozen=True, slots=True)
class Day:
    """How everything stands on a day: the board, what is known of the user, and the pet.

    The day of the board is the user's own, `today`, or one gone by; `began` is the first that has
    one. The pet is as it is now, with the count of the board.
    """

    board: Board
    person: PersonFacts
    pet: PetCard
    today: date
    began: date

    @property
    def version(self) -> int:
        """How many writes of the user it shows."""
        return self.person.version

    @property
    def eggs(self) -> int:
        """How many new eggs are offered."""
        return levels.eggs(self.person.best_stages)

    def header(self, pillar: PillarFacts) -> PillarHeader:
        """Return the head of a pillar on this day."""
        return self.board.header(pillar, self.version)

    def seen_from(self, outcome: Outcome) -> Outcome:
        """Return the `outcome` of a press that was made just now on the page of this day."""
        habit = self.board.habit(outcome.row.id)
        heads = {pillar.id: self.header(pillar) for pillar in self.person.pillars}
        return replace(
            outcome,
            row=self.board.row(habit) if habit else outcome.row,
            pillars=tuple(heads.get(pillar.id, pillar) for pillar in outcome.pillars),
            pet=self.pet,
        )


def read_day(
    reading: Connection,
    who: Claims,
    now: datetime,
    *,
    habit_id: int | None = None,
    pillar_id: int | None = None,
    put_away: bool = False,
    on: date | None = None,
) -> Day:
    """Return the user's day at `now`, or an earlier one, `on`, as it is seen then.

    The board holds every habit that is not put away. The habit `habit_id`, and the habits of the
    pillar `pillar_id`, come along also when they are, or their pillar is; with `put_away` all do.
    A day before the first becomes the first. Raises SessionEnded when the account is gone.
    """
    today = who.day_of(now)
    person = people.look(reading, who.user_id, today)
    if person is None:
        raise SessionEnded
    board = Board.of(
        habits.look(
            reading, who.user_id, habit_id=habit_id, pillar_id=pillar_id, put_away=put_away
        ),
        today,
        weeks_of(person.week_anchors),
        Rests.of(person.rests),
    )
    joined = who.day_of(person.created_at)
    began = board.began(joined)
    if on is not None and on < today:
        on = max(on, began)
        board = PastBoard.on(on, board, habits.look_at(reading, who.user_id, on, habit_id))
    mood = MoodFacts(
        began=joined,
        last_kept=person.last_kept,
        hour=days.local_hour(now, who.timezone),
    )
    return Day(board, person, board.card(person.pet, mood, person.version), today, began)


def version_of(who: Claims) -> int:
    """Return how many writes of the user there were; outside of any door.

    It tells a page that was drawn before from an old one. Raises SessionEnded when the account is
    gone.
    """
    found = db.glance(_VERSION, {"me": who.user_id})
    if found is None:
        raise SessionEnded
    return found.version
