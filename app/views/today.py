"""Today, and for visitors the landing page."""

from contextlib import suppress
from datetime import date
from typing import Any
from urllib.parse import parse_qs, urlsplit

from flask import Blueprint, Response, current_app, request, url_for

from app.infra import clock, db
from app.queries import other_day, today
from app.queries.day import version_of
from app.queries.today import Today
from app.rules import days
from app.rules.mood import is_afternoon, is_morning
from app.rules.names import DAY_PARTS
from app.views.forms import HabitForm
from app.web import access, cached_pages, filters, htmx

bp = Blueprint("today", __name__)

# Nobody types into it, so all requests may share it.
_BLANK_HABIT = HabitForm()
# What the address says of yesterday where its rows are shown.
_OPEN = "open"


@bp.get("/")
@access.public
def show(day: str | None = None) -> Any:
    """Show the user's day, or the one gone by that `day` names; to visitors what this is.

    What `day` says may also come as an argument, from the answer to a press.
    """
    if who := access.current():
        asked = request.args.get("day") if day is None else day
        if asked and asked != who.day_of(clock.now()).isoformat():
            return _other_day(asked)
        return _cached_page() if cached_pages.may_store() else page()
    # A page of a sign-in that has ended asks for its <main>: the landing is no part of it.
    asks = htmx.is_htmx() or access.has_lost_cookie()
    return access.ask_to_sign_in() if asks else htmx.page("landing.html")


def _other_day(text: str) -> Any:
    """Show the day gone by that `text` names, the nearest if it has no board; else lead to Today.

    It is drawn every time: few look at it twice, and the rows depend on more than the version.
    """
    who, now = access.claims(), clock.now()
    on = board_of(text)
    if on is None:
        return htmx.go(url_for("today.show"))
    with db.reading() as reading:
        shown = other_day.show(reading, who, now, on)
    if shown.day == shown.today:
        return htmx.go(url_for("today.show"))
    if shown.day != on:
        return htmx.go(url_for("today.show", day=shown.day))
    return htmx.page(
        "today/other_day.html",
        other=shown,
        nonce=filters.page_mark(),
        day_ends_at=days.day_ends_at(shown.today, who.timezone, who.day_start),
    )


def board_of(text: str) -> date | None:
    """Return the day gone by that the address or a form names, None where it names none."""
    try:
        day = days.parse_day(text)
    except ValueError:
        return None
    # No board is older, and the day before the first of all cannot be said.
    return max(day, days.EARLIEST_DAY) if day < access.claims().day_of(clock.now()) else None


def back() -> Any:
    """Lead back to Today from a form of it, to what it showed: a part of the day, yesterday."""
    if htmx.is_htmx():
        return show()
    yesterday = _OPEN if _shows_yesterday() else None
    return htmx.go(url_for("today.show", part=_part() or None, yesterday=yesterday))


def page(
    status: int = 200,
    habit_form: HabitForm | None = None,
    habit_form_pillar: int | None = None,
) -> Any:
    """Render Today; a refused form comes along filled in, `habit_form` under its pillar."""
    who, now = access.claims(), clock.now()
    with db.reading() as reading:
        shown = today.show(reading, who, now, _free_pillars(), _part(), _shows_yesterday())
    return _draw(shown, filters.page_mark(), status, habit_form or _BLANK_HABIT, habit_form_pillar)


def _cached_page() -> Any:
    """Answer with Today as it was drawn last, if nothing has changed since, else draw and store it.

    Stored under the version that the page itself shows: another write may come between two reads.
    """
    who, now = access.claims(), clock.now()
    # The mood is another one from noon on, and yesterday is offered no longer.
    hour, looked_at = days.local_hour(now, who.timezone), (_part(), _shows_yesterday())
    half = is_afternoon(hour), is_morning(hour, who.day_start)

    def key(version: int) -> str:
        day = who.day_of(now)
        return cached_pages.key("today", version, day, half, _free_pillars(), *looked_at)

    body = cached_pages.get(key(version_of(who)))
    if body is not None:
        return htmx.drawn(body)
    with db.reading() as reading:
        shown = today.show(reading, who, now, _free_pillars(), *looked_at)
    nonce = filters.page_mark()
    response = _draw(shown, nonce)
    cached_pages.put(key(shown.version), response.get_data(), nonce)
    return response


def _draw(
    shown: Today,
    nonce: str,
    status: int = 200,
    habit_form: HabitForm = _BLANK_HABIT,
    habit_form_pillar: int | None = None,
) -> Response:
    who = access.claims()
    return htmx.page(
        "today/show.html",
        status,
        today=shown,
        nonce=nonce,
        day_ends_at=days.day_ends_at(shown.day, who.timezone, who.day_start),
        habit_form=habit_form,
        habit_form_pillar=habit_form_pillar,
    )


def _part() -> str:
    """Return the part of the day that is looked at."""
    asked = _asked("part")
    return asked if asked in DAY_PARTS else ""


def _shows_yesterday() -> bool:
    """Tell whether the rows of yesterday are looked at, rather than their count alone."""
    return _asked("yesterday") == _OPEN


def _asked(name: str) -> str:
    """Return what the address says under `name`, or that of the page where the form stood."""
    if request.method != "POST":
        return request.args.get(name, "")
    with suppress(ValueError):
        return parse_qs(urlsplit(request.referrer or "").query).get(name, [""])[0]
    return ""


def _free_pillars() -> int:
    free_pillars: int = current_app.extensions["settings"].free_pillars
    return free_pillars
