"""The sentence of a term: how often, and how much. "Three times a week", "At most 2 coffees a day".

Each is a whole sentence for translators; what stands in another one is a name or an amount.
"""

from app.rules import terms
from app.rules.language import _, isolated, lazy, ngettext, number, spoken
from app.rules.outcome import Counted
from app.rules.schedule import Kind, Schedule, Term
from app.web import formats

_DAYS = (
    lazy("Mondays"), lazy("Tuesdays"), lazy("Wednesdays"), lazy("Thursdays"), lazy("Fridays"),
    lazy("Saturdays"), lazy("Sundays"),
)  # fmt: skip
# Bits of terms that have a name of their own.
_WORK, _WEEKEND, _ALL = 0b0011111, 0b1100000, 0b1111111
_WEEKLY = (
    lazy("Once a week"), lazy("Twice a week"), lazy("Three times a week"),
    lazy("Four times a week"), lazy("Five times a week"), lazy("Six times a week"),
    lazy("Seven times a week"),
)  # fmt: skip
_MONTHLY = (
    lazy("Once a month"), lazy("Twice a month"), lazy("Three times a month"),
    lazy("Four times a month"), lazy("Five times a month"), lazy("Six times a month"),
    lazy("Seven times a month"),
)  # fmt: skip
_AT_LEAST = {
    Schedule.DAILY: lazy("At least %(amount)s a day"),
    Schedule.WEEKLY: lazy("%(amount)s a week"),
    Schedule.MONTHLY: lazy("%(amount)s a month"),
}
_AT_MOST = {
    Schedule.DAILY: lazy("At most %(amount)s a day"),
    Schedule.WEEKLY: lazy("At most %(amount)s a week"),
    Schedule.MONTHLY: lazy("At most %(amount)s a month"),
}
_NONE = {
    Schedule.DAILY: lazy("No %(unit)s at all"),
    Schedule.WEEKLY: lazy("No %(unit)s in a week"),
    Schedule.MONTHLY: lazy("No %(unit)s in a month"),
}
_OF_A_DAY = lazy("%(amount)s of %(target)s")
_PROGRESS = {
    Schedule.WEEKLY: lazy("%(amount)s of %(target)s this week"),
    Schedule.MONTHLY: lazy("%(amount)s of %(target)s this month"),
}
_NOTHING = {
    Schedule.DAILY: lazy("None at all"),
    Schedule.WEEKLY: lazy("None in a week"),
    Schedule.MONTHLY: lazy("None in a month"),
}


def sentence(term: Term) -> str:
    """Return what the term asks for, in a sentence without its full stop."""
    if term.kind == Kind.AT_MOST:
        return _at_most(term)
    return _at_least(term) if term.kind == Kind.AT_LEAST else _check(term)


def amount(thousandths: int, unit: str = "") -> str:
    """Return an amount with its unit, "1.5 km", or alone where there is none."""
    count = formats.amount(spoken().tag, thousandths)
    return _("%(count)s %(unit)s") % {"count": count, "unit": isolated(unit)} if unit else count


def progress(counted: Counted, schedule: Schedule | str) -> str:
    """Return how far a row is: "35 of 50 pages", "35 of 100 pages this week"."""
    unit = counted.unit
    if not counted.target:
        return amount(counted.amount, unit)
    said = {
        "amount": formats.amount(spoken().tag, counted.amount),
        "target": amount(counted.target, unit),
    }
    return str(_PROGRESS.get(Schedule(schedule), _OF_A_DAY)) % said


def quiet(many: int, schedule: Schedule | str) -> str:
    """Return what waits to be collected: "3 quiet days to collect"."""
    match Schedule(schedule):
        case Schedule.WEEKLY:
            said = ngettext("%(num)s quiet week to collect", "%(num)s quiet weeks to collect", many)
        case Schedule.MONTHLY:
            said = ngettext(
                "%(num)s quiet month to collect", "%(num)s quiet months to collect", many
            )
        case _:
            said = ngettext("%(num)s quiet day to collect", "%(num)s quiet days to collect", many)
    return said % {"num": number(many)}


def _check(term: Term) -> str:
    if term.schedule == Schedule.WEEKLY:
        return str(_WEEKLY[term.times - 1])
    if term.schedule == Schedule.MONTHLY:
        return _times_a_month(term.times)
    if term.schedule == Schedule.EVERY:
        return ngettext(
            "Every %(num)s day, counted from the last time",
            "Every %(num)s days, counted from the last time",
            term.every,
        ) % {"num": number(term.every)}
    return _("Every day") if _is_daily(term) else _weekdays(term.weekdays)


def _at_least(term: Term) -> str:
    said = {"amount": amount(term.target, term.unit)}
    if term.schedule == Schedule.EVERY:
        return ngettext(
            "At least %(amount)s every %(num)s day, counted from the last time",
            "At least %(amount)s every %(num)s days, counted from the last time",
            term.every,
        ) % (said | {"num": number(term.every)})
    if term.schedule in (Schedule.WEEKLY, Schedule.MONTHLY) or _is_daily(term):
        schedule = Schedule.DAILY if _is_daily(term) else term.schedule
        return str(_AT_LEAST[schedule]) % said
    return _("%(days)s: at least %(amount)s") % (said | {"days": _weekdays(term.weekdays)})


def _at_most(term: Term) -> str:
    if term.target:
        return str(_AT_MOST[term.schedule]) % {"amount": amount(term.target, term.unit)}
    if term.unit:
        return str(_NONE[term.schedule]) % {"unit": isolated(term.unit)}
    return str(_NOTHING[term.schedule])


def _is_daily(term: Term) -> bool:
    return term.schedule == Schedule.DAILY or (
        term.schedule == Schedule.WEEKDAYS and term.weekdays == _ALL
    )


def _times_a_month(times: int) -> str:
    if times <= len(_MONTHLY):
        return str(_MONTHLY[times - 1])
    return ngettext("%(num)s time a month", "%(num)s times a month", times) % {"num": number(times)}


def _weekdays(bits: int) -> str:
    if bits in (_WORK, _WEEKEND):
        return _("Weekdays") if bits == _WORK else _("Weekends")
    *before, last = (str(_DAYS[day]) for day in terms.weekdays_of(bits))
    if not before:
        return last
    some, *more = before
    for day in more:
        some = _("%(some)s, %(next)s") % {"some": some, "next": day}
    return _("%(some)s and %(last)s") % {"some": some, "last": last}
