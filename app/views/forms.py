"""The forms of the rooms."""

from datetime import timedelta

from wtforms import (
    BooleanField,
    SelectField,
    SelectMultipleField,
    StringField,
    ValidationError,
)
from wtforms.widgets import SearchInput

from app.rules import names
from app.rules.language import _, lazy
from app.rules.reward import Effort
from app.rules.schedule import Kind, Schedule
from app.rules.scopes import Scope
from app.rules.starters import PET_NAME
from app.rules.subscriptions import EVENING
from app.rules.terms import TermFields
from app.rules.webhooks import LONGEST_ADDRESS, Event
from app.rules.weeks import FIRST_DAYS, MONDAYS
from app.web import filters
from app.web.fields import Checked, Choice, Day, Key, Lines, Text, Ticks, Zone

_ON_OFF = {"on": "on", "off": "off"}


# Called for each form, since each may be in another language.
def _scopes() -> dict[str, str]:
    return {Scope.READ: _("Look"), Scope.COMMIT: _("Keep days too")}


def _hours() -> dict[str, str]:
    return {str(hour): filters.hour(hour) for hour in range(7)}


def _half_hours() -> dict[str, str]:
    return {str(minute): filters.time_of_day(minute) for minute in range(0, 24 * 60, 30)}


def _first_days() -> dict[str, str]:
    return {
        str(day): filters.weekday(MONDAYS.anchors[0] + timedelta(days=day)) for day in FIRST_DAYS
    }


def event_words() -> dict[str, str]:
    """Return when a program can be told, in words."""
    return {
        Event.KEPT: _("a habit is kept"),
        Event.UNDONE: _("a commit is taken back"),
        Event.ALL_KEPT: _("all of a day is kept"),
        Event.STAGE: _("the pet reaches a stage"),
    }


def _weekdays() -> dict[str, str]:
    return {str(day): filters.shortweekday(day) for day in range(7)}


class PillarForm(Checked):
    """A pillar."""

    name = Text(lazy("Name"), names.LONGEST_NAME)
    color = Choice(lazy("Colour"), choices={c: c for c in names.COLORS}, default=names.COLORS[0])
    icon = Choice(lazy("Icon"), choices={i: i for i in names.ICONS}, default=names.ICONS[0])
    key = Key()


class HabitForm(Checked):
    """A habit. Of its terms the rules say what they may be, see rules/terms.py.

    What the chosen rhythm does not use holds a suggestion.
    """

    name = Text(lazy("Name"), names.LONGEST_NAME)
    effort = Choice(
        lazy("Effort"), choices={e.value: e.value for e in Effort}, default=Effort.NORMAL.value
    )
    starts_on = Day(lazy("First day"))
    schedule = Choice(
        lazy("How often"),
        choices={s.value: s.value for s in Schedule},
        default=Schedule.DAILY.value,
    )
    weekdays = Ticks(lazy("On which days"), choices=_weekdays)
    every = StringField(lazy("Days from one time to the next"), default="3")
    times = StringField(lazy("How many times"), default="3")
    kind = Choice(
        lazy("What keeps it"), choices={k.value: k.value for k in Kind}, default=Kind.CHECK.value
    )
    target = StringField(lazy("Amount"))
    unit = Text(lazy("Unit"), names.LONGEST_UNIT, needed=False)
    step = StringField(lazy("One press adds"), default="1")
    day_part = Choice(
        lazy("Part of the day"), choices=dict.fromkeys(names.DAY_PARTS, ""), default=""
    )
    key = Key()

    @property
    def asks_terms(self) -> bool:
        """Whether anything of the terms was sent."""
        return any(self[name].raw_data for name in TermFields._fields)

    @property
    def has_term_errors(self) -> bool:
        """Whether anything of the terms cannot be taken."""
        return any(self[name].errors for name in TermFields._fields)

    def terms(self) -> TermFields:
        """Return what was sent of the terms: all of it, for its parts are read together.

        Where nothing was changed there is nothing, so that a page left open takes nothing back.
        """
        sent = {name: self[name].data for name in TermFields._fields if self[name].raw_data}
        if all(self.changed(name) is None for name in sent):
            return TermFields()
        return TermFields(**sent)


class AmountForm(Checked):
    """An amount that is added to a day; what it may be is said by the rules."""

    day = Day(lazy("Day"))
    amount = StringField(lazy("Amount"))
    key = Key()


class SeveralForm(Checked):
    """What becomes of several habits that were chosen.

    Whether habits and pillar are the user's is asked before any field is looked at.
    """

    habit = SelectMultipleField(lazy("Habits"), validate_choice=False)
    act = Choice(lazy("What to do"), choices=dict.fromkeys(("move", "rest", "archive"), ""))
    pillar_id = SelectField(lazy("Move to"), validate_choice=False, default="")
    ends_on = Day(lazy("Rest until"))


class NoteForm(Checked):
    """A note about a day."""

    day = Day(lazy("Day"))
    note = Lines(lazy("Note"), names.LONGEST_NOTE, needed=False)


class SearchForm(Checked):
    """What is looked for."""

    q = Text(lazy("Look for"), names.LONGEST_NAME, needed=False, widget=SearchInput())


class RestForm(Checked):
    """A rest; without a pillar it is one for everything."""

    # Whether a pillar is the user's is asked before any field is looked at.
    pillar_id = SelectField(lazy("What rests"), validate_choice=False, default="")
    starts_on = Day(lazy("From"))
    ends_on = Day(lazy("Until"))
    reason = Text(lazy("Why"), names.LONGEST_REASON, needed=False)
    key = Key()

    def validate_starts_on(self, field: Day) -> None:
        """Refuse a first day that was emptied."""
        if field.raw_data and field.data is None and not field.process_errors:
            raise ValidationError(_("Choose the first day."))


class SkipForm(Checked):
    """A day of a habit that is skipped, today where none is named."""

    day = Day(lazy("Day"))
    reason = Text(lazy("Why"), names.LONGEST_REASON, needed=False)


class PetForm(Checked):
    """The name, kind and coat of a pet."""

    name = Text(lazy("Name"), names.LONGEST_NAME, needed=False)
    species = Choice(lazy("Kind"), choices={s: s for s in names.SPECIES}, default=names.SPECIES[0])
    coat = Choice(lazy("Coat"), choices={c: c for c in names.COATS}, default=names.COATS[0])


class SettingsForm(Checked):
    """The user's name and day, and how the screen looks and listens."""

    name = Text(lazy("Your name"), names.LONGEST_NAME, needed=False)
    timezone = Zone(lazy("Time zone"), default="UTC")
    day_start = Choice(lazy("A new day begins at"), choices=_hours, default="0")
    week_start = Choice(lazy("Weeks begin on"), choices=_first_days, default="0")
    theme = Choice(lazy("Theme"), choices={t: t for t in names.THEMES}, default=names.THEMES[0])
    # Two radio buttons and no checkbox: one that is not ticked sends nothing, and nothing sent
    # leaves a setting as it is.
    shortcuts = Choice(lazy("Keyboard shortcuts"), choices=_ON_OFF, default="on")


class LettersForm(Checked):
    """The letters that somebody wants to get."""

    reminder = Choice(lazy("Daily reminder"), choices=_ON_OFF, default="off")
    at = Choice(lazy("At"), choices=_half_hours, default=str(EVENING))
    weekly = Choice(lazy("Weekly letter"), choices=_ON_OFF, default="off")


class WebhookForm(Checked):
    """A program that is told what happens; `secret` is what its page has shown, sealed."""

    address = Text(lazy("Address"), LONGEST_ADDRESS)
    events = Ticks(lazy("It is told when"), choices=event_words)
    state = Choice(lazy("State"), choices=_ON_OFF, default="on")
    secret = StringField()
    key = Key()

    def validate_events(self, field: Ticks) -> None:
        """Refuse what nobody can be told, and nothing at all."""
        if not field.data or not set(field.data) <= set(Event):
            raise ValidationError(_("Choose at least one from the list."))


class SecretForm(Checked):
    """A secret that was shown, sealed."""

    secret = StringField()
    key = Key()


class TokenForm(SecretForm):
    """A token for a program."""

    name = Text(lazy("Name"), names.LONGEST_NAME)
    scope = Choice(
        lazy("It may"),
        choices=_scopes,
        default=Scope.READ,
    )


class EggForm(PetForm):
    """The egg of the first steps: a name stands there already."""

    name = Text(lazy("Name"), names.LONGEST_NAME, needed=False, default=PET_NAME)


class StarterForm(Checked):
    """A pillar of the first steps, and one small habit in it."""

    picked = BooleanField()
    pillar = Text(lazy("Name of the pillar"), names.LONGEST_NAME)
    habit = Text(lazy("One small habit"), names.LONGEST_NAME, needed=False)
