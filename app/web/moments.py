"""How a press and what it brought about are told: the fact first, and what comes once to the last.

What is rare gets a scene, the rest is said sentence by sentence, and what is too much for that is
listed. All of it is plain data: it may wait in the cookie until a page tells it.
"""

from collections.abc import Sequence
from datetime import date
from typing import TypedDict, cast

import flask

from app.rules import finds, full_day, reward
from app.rules.language import _, isolated, ngettext, number
from app.rules.levels import Stage
from app.rules.moments import Moment, Occasion
from app.rules.names import SPECIES
from app.rules.outcome import Act, Outcome, PetCard
from app.web import access, rhythms

# The category of what is flashed that is no sentence but a telling (ui/toast.html).
_CATEGORY = "telling"

_STAGES = tuple(Stage)
# So many sentences come one after the other.
_ONE_BY_ONE = 3


class Scene(TypedDict):
    """A picture of its own for a rare moment: the pet, and the sentence below it."""

    occasion: str
    species: str
    coat: str
    stage: str
    sentence: str


class Telling(TypedDict):
    """What is told: `said` one after the other, `rest` as a list after it.

    Beside each sentence stands whether it comes once ever, and so may not be cut short by what is
    said next. `find` is the month and number of the picture beside the first one, `note` the habit
    and the day that a note may be added about: a link behind what does not come once.
    """

    scene: Scene | None
    said: list[tuple[str, bool]]
    rest: list[str]
    find: tuple[int, int] | None
    note: tuple[int, str] | None


def plain(sentence: str) -> Telling:
    """Return the telling of one sentence."""
    return Telling(scene=None, said=[(sentence, False)], rest=[], find=None, note=None)


def flash(told: Telling) -> None:
    """Have the next page tell it."""
    # Flask's own stores what it is given, though it asks for a text.
    flask.flash(cast("str", told), _CATEGORY)


def telling(outcome: Outcome) -> Telling:
    """Return what is told after a press: what it brought about, else what it did."""
    told = _brought_about(outcome) if outcome.moments else plain(_act(outcome))
    if outcome.act is Act.KEPT:
        told["note"] = (outcome.row.id, outcome.day.isoformat())
    return told


def _brought_about(outcome: Outcome) -> Telling:
    once = [moment for moment in outcome.moments if moment.occasion is not Occasion.FIND]
    rare = next((moment for moment in once if moment.is_rare), None)
    said = [
        (_moment(moment, outcome), moment.occasion is not Occasion.ALL_KEPT)
        for moment in once
        if moment is not rare
    ]
    if outcome.find is not None:
        # What the pet brought is shown beside the first sentence.
        found = _moment(outcome.moments[-1], outcome)
        first, is_once = said[0] if said else ("", False)
        said[:1] = [(f"{first} {found}".strip(), is_once)]
    find = None if outcome.find is None else (outcome.today.month, outcome.find)
    scene = _scene(rare, outcome.pet, _moment(rare, outcome)) if rare else None
    return _told(scene, said, find)


def new_kind(moment: Moment, coat: str, sentence: str) -> Telling:
    """Return what is told of an egg of a new kind in a coat; `sentence` says what was done."""
    scene = Scene(
        occasion=moment.occasion.value,
        species=SPECIES[moment.number],
        coat=coat,
        stage=Stage.EGG.value,
        sentence=_("A kind that is new to you. Say hello."),
    )
    return _told(scene, [(sentence, False)])


def took_root(habit: str, pet: PetCard, sentence: str) -> Telling:
    """Return what is told of a habit that takes root; `sentence` says what was done."""
    said = _("%(habit)s has taken root. You need no asking any more.")
    scene = Scene(
        occasion=Occasion.ROOTED.value,
        species=pet.species,
        coat=pet.coat,
        stage=pet.stage.value,
        sentence=said % {"habit": isolated(habit)},
    )
    return _told(scene, [(sentence, False)])


def _told(
    scene: Scene | None, said: Sequence[tuple[str, bool]], find: tuple[int, int] | None = None
) -> Telling:
    shown, rest = list(said[:_ONE_BY_ONE]), [sentence for sentence, _once in said[_ONE_BY_ONE:]]
    return Telling(scene=scene, said=shown, rest=rest, find=find, note=None)


def _scene(moment: Moment, pet: PetCard, sentence: str) -> Scene:
    return Scene(
        occasion=moment.occasion.value,
        species=pet.species,
        coat=pet.coat,
        stage=pet.stage.value,
        sentence=sentence,
    )


def _act(outcome: Outcome) -> str:
    if outcome.act in {Act.ADDED, Act.TAKEN}:
        return _counted(outcome)
    if outcome.act is Act.KEPT and outcome.amount:
        said = _gain(outcome)
    elif outcome.act is Act.COLLECTED:
        said = ngettext(
            "Collected: %(habit)s. %(xp)s XP.", "Collected: %(habit)s. %(xp)s XP.", outcome.amount
        )
    elif outcome.act is Act.UNDONE and outcome.amount:
        said = ngettext(
            "Taken back, %(xp)s XP with it. Ready when you are.",
            "Taken back, %(xp)s XP with it. Ready when you are.",
            outcome.amount,
        )
    elif outcome.kept:
        said = _("Kept: %(habit)s.")
    elif outcome.act is Act.UNCHANGED:
        said = _("Nothing changed. Ready when you are.")
    else:
        said = _("Taken back. Ready when you are.")
    return said % {
        "habit": isolated(outcome.row.name),
        "xp": number(outcome.amount),
        "pet": isolated(outcome.pet.name),
    }


def _counted(outcome: Outcome) -> str:
    """Return what is said of an amount alone: how far the habit is with it."""
    row = outcome.row
    if row.counted is None or outcome.day != outcome.today:
        said = _("Added.") if outcome.act is Act.ADDED else _("Taken back.")
    elif outcome.act is Act.ADDED:
        said = _("%(habit)s: %(progress)s.")
    else:
        said = _("Taken back. %(habit)s: %(progress)s.")
    progress = row.counted and rhythms.progress(row.counted, row.schedule)
    sentence = said % {"habit": isolated(row.name), "progress": progress}
    if not outcome.amount:
        return sentence
    # Once more than there should be, what the quiet day had earned goes.
    gone = ngettext(
        "The %(num)s XP of before is taken back.",
        "The %(num)s XP of before are taken back.",
        outcome.amount,
    )
    return f"{sentence} {gone % {'num': number(outcome.amount)}}"


def _gain(outcome: Outcome) -> str:
    if reward.is_over(outcome.day, outcome.today):
        return ngettext(
            "Kept again. Its %(xp)s XP is back.",
            "Kept again. Its %(xp)s XP are back.",
            outcome.amount,
        )
    if not outcome.pet.name:
        return ngettext(
            "Kept: %(habit)s. %(xp)s XP.", "Kept: %(habit)s. %(xp)s XP.", outcome.amount
        )
    return ngettext(
        "Kept: %(habit)s. %(xp)s XP for %(pet)s.",
        "Kept: %(habit)s. %(xp)s XP for %(pet)s.",
        outcome.amount,
    )


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
            said = _all_kept(reached, outcome.today)
        case Occasion.LEVEL:
            said = _("%(pet)s reaches level %(n)s.")
        case Occasion.MILESTONE:
            said = ngettext("%(habit)s: %(n)s in a row.", "%(habit)s: %(n)s in a row.", reached)
        case Occasion.PILLAR:
            said = _("%(pillar)s is level %(n)s now.")
        case Occasion.FIND:
            said = _("%(pet)s found %(find)s.")
            names["find"] = finds.NAMES[outcome.today.month - 1][reached]
        case _:
            raise ValueError(f"no commit brings about {moment.occasion}")
    return said % names


def _all_kept(due: int, today: date) -> str:
    fact = ngettext("Your one habit for today is kept.", "All done: %(n)s of %(n)s kept.", due)
    return f"{fact} {full_day.told(access.claims().user_id, today)}"


def _stage(stage: Stage) -> str:
    if stage is Stage.MAJESTIC:
        return _("%(pet)s is majestic. A new egg is waiting for you.")
    if stage is Stage.GROWN:
        return _("%(pet)s is grown up. A new egg is waiting for you.")
    return _("%(pet)s is young now, and taller.")
