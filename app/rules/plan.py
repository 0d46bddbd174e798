"""What a plan holds. It limits what is new and never touches what is there."""

# A bound for machines; nobody makes so many by hand.
NEW_HABITS_A_DAY = 200


def pillar_limit(is_premium: bool, free_pillars: int) -> int | None:
    """Return how many pillars, archived ones aside, the plan holds; None means any number.

    `free_pillars` is the operator's setting for free accounts, 0 for unlimited.
    """
    return None if is_premium or free_pillars == 0 else free_pillars
