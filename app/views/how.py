"""How it works: the whole game on one page, for visitors too, with the numbers of the rules."""

from typing import Any

from flask import Blueprint

from app.rules import finds, levels, mood, occasions, reward, rooted, walk
from app.web import access, filters, htmx

bp = Blueprint("how", __name__)

# Of so many in a row, and of so much, the page gives examples; the rules give the numbers.
_RUNS = (1, 10)
_LEVELS = (2, 3, 4, 5, 10, 20)


@bp.get("/how")
@access.public
def show() -> Any:
    """Explain pillars, habits, XP, levels, pets and all else that the game counts."""
    # Asked for the places of those who have some: a visitor has none.
    access.current()
    runs = (*_RUNS, reward.LONGEST_BONUS)
    return htmx.page(
        "how/show.html",
        runs=runs,
        efforts=[(effort, [reward.worth(effort, run) for run in runs]) for effort in reward.Effort],
        most_shields=walk.MOST_SHIELDS,
        often=occasions.TOWARD,
        rarely=occasions.TOWARD_RARE,
        reward_days=reward.REWARD_DAYS,
        levels=[(level, levels.total_xp(level)) for level in _LEVELS],
        growth=levels.growth(),
        cracks=levels.CRACKS,
        days_awake=mood.DAYS_AWAKE,
        noon=filters.hour(mood.NOON),
        enough=finds.ENOUGH,
        a_month=finds.A_MONTH,
        strong=int(100 * rooted.STRONG),
        rooted_days=rooted.DAYS,
    )
