"""How a press and what it brought about are said: the fact first, at most two sentences."""

from app.rules import finds
from app.rules.language import _, isolated, ngettext, number
from app.rules.levels import Stage
from app.rules.moments import Moment, Occasion
from app.rules.outcome import Act, Outcome

_STAGES = tuple(Stage)


def sentence(outcome: Outcome) -> str:
    """Return what is said after a press: what it brought about, else what it did."""
    if not outcome.moments:
        return _act(outcome)
    # What the pet brought goes before a lesser moment: it is shown beside the sentence.
    first, *rest = outcome.moments
    chosen = [first, *rest[-1:]] if outcome.find is not None else [first, *rest[:1]]
    return " ".join(_moment(moment, outcome) for moment in chosen)


def _act(outcome: Outcome) -> str:
    if outcome.act is Act.KEPT and outcome.amount:
        said = _gain(outcome)
    elif outcome.act is Act.UNDONE and outcome.amount:
        said = ngettext(
            "Taken back, %(xp)s XP with it. Ready when you are.",
            "Taken back, %(xp)s XP with it. Ready when you are.",
            outcome.amount,
        )
    elif outcome.kept:
        said = _("Kept.")
    elif outcome.act is Act.UNCHANGED:
        said = _("Nothing changed. Ready when you are.")
    else:
        said = _("Taken back. Ready when you are.")
    return said % {"xp": number(outcome.amount), "pet": isolated(outcome.pet.name)}


def _gain(outcome: Outcome) -> str:
    if not outcome.pet.name:
        return ngettext("Kept. %(xp)s XP.", "Kept. %(xp)s XP.", outcome.amount)
    return ngettext("Kept. %(xp)s XP for %(pet)s.", "Kept. %(xp)s XP for %(pet)s.", outcome.amount)


def _moment(moment: Moment, outcome: Outcome) -> str:
    reached, is_egg = moment.number, outcome.pet.stage is Stage.EGG
    names = {
        "pet": isolated(outcome.pet.name) or (_("Your egg") if is_egg else _("Your pet")),
        "pillar": isolated(outcome.pillars[0].name),
        "habit": isolated(outcome.row.name),
        "n": number(reached),
    }
    match moment.occasion:
        case Occasion.HATCH:
            said = _("The egg opens. Hello, %(pet)s.") if outcome.pet.name else _("The egg opens.")
        case Occasion.STAGE:
            said = _stage(_STAGES[reached])
        case Occasion.ALL_KEPT:
            said = ngettext(
                "Kept, and that was all. The rest of the day is yours.",
                "All %(n)s kept. The rest of the day is yours.",
                reached,
            )
        case Occasion.LEVEL:
            said = _("%(pet)s reaches level %(n)s.")
        case Occasion.MILESTONE:
            said = ngettext("%(habit)s: %(n)s in a row.", "%(habit)s: %(n)s in a row.", reached)
        case Occasion.PILLAR:
            said = _("%(pillar)s is level %(n)s now.")
        case Occasion.FIND:
            said = _("%(pet)s found %(find)s.")
            names["find"] = finds.NAMES[outcome.today.month - 1][reached]
    return said % names


def _stage(stage: Stage) -> str:
    if stage is Stage.MAJESTIC:
        return _("%(pet)s is majestic. A new egg waits with the pet.")
    if stage is Stage.GROWN:
        return _("%(pet)s is grown. A new egg waits with the pet.")
    return _("%(pet)s is young now, and taller.")
