"""Notes: written on the page of a habit, listed there, and searched over all habits."""

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from app.queries.notes import NOTES_A_PAGE
from app.rules.names import LONGEST_NOTE
from tests import world as make
from tests.views.database import contents, execute, scalar
from tests.views.pages import page, send
from tests.views.test_characters import FAMILY, KISS
from tests.world import TUESDAY, World

pytestmark = pytest.mark.usefixtures("at")

HTMX = {"HX-Request": "true"}
ONE_EACH = {"letter": "x", "line": "\n", "family": FAMILY, "kiss": KISS}


@pytest.fixture
def ada(world: World) -> FlaskClient:
    """Ada's browser."""
    return world.signed_in(world.ada)


def test_the_form_writes_changes_and_takes_away(world: World, ada: FlaskClient):
    url = f"/habits/{world.habit}"
    form = page(ada.get(url)).form(f"{url}/note")
    assert form.typed == {"from": "day", "day": "2026-03-10", "note": ""}
    shown = send(ada, form, note="  <b>One</b>\r\n\r\ntwo http://example.org  ")
    assert '<p class="note-text" dir="auto">&lt;b&gt;One&lt;/b&gt;\n\ntwo http' in shown.text
    assert 'href="http://example.org' not in shown.text
    form = page(shown).form(f"{url}/note")
    assert form.typed["note"] == "<b>One</b>\n\ntwo http://example.org"
    gone = send(ada, form, note="")
    assert "There is no note about this day now." in gone.text
    assert scalar("SELECT count(*) FROM notes") == 0


def test_the_day_asked_for_stands_in_the_form(world: World, ada: FlaskClient):
    url = f"/habits/{world.habit}"
    make.note(world.ada, world.habit, "Slow.", TUESDAY - timedelta(days=1))
    shown = ada.get(url, query_string={"note": "2026-03-09"})
    assert page(shown).form(f"{url}/note").typed == {
        "from": "day",
        "day": "2026-03-09",
        "note": "Slow.",
    }
    assert "autofocus" in shown.text
    assert "autofocus" not in ada.get(url).text
    assert page(ada.get(url)).form(f"{url}/note").typed == {
        "from": "day",
        "day": "2026-03-10",
        "note": "",
    }
    asked = ada.get(f"{url}/note?day=2026-03-09")
    assert asked.headers["Location"] == f"{url}?note=2026-03-09"
    for odd in ("soon", "", "9999-12-31", "0001-01-01"):
        assert ada.get(url, query_string={"note": odd, "notes": odd}).status_code == 200


@pytest.mark.parametrize("character", ONE_EACH.values(), ids=ONE_EACH)
@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
def test_two_thousand_characters_and_not_one_more(
    world: World, ada: FlaskClient, headers: dict, character: str
):
    url = f"/habits/{world.habit}"
    form = page(ada.get(url)).form(f"{url}/note")
    body = "a" + character * (LONGEST_NOTE - 2) + "z"
    before = contents()
    refused = ada.post(form.action, data=form.fields | {"note": "b" + body}, headers=headers)
    assert refused.status_code == 422
    assert page(refused).error_of("note") == "At most 2000 characters; these are 2001."
    again = page(refused).form(f"{url}/note")
    assert again.typed == {"from": "day", "day": "2026-03-10", "note": "b" + body}
    assert contents() == before
    taken = ada.post(form.action, data=again.fields | {"note": body}, headers=headers)
    assert taken.status_code == (200 if headers else 303)
    assert scalar("SELECT body FROM notes") == body
    # The next form, too, fits into what may be sent.
    form = page(ada.get(url)).form(f"{url}/note")
    sent = form.fields | {"note": form.fields["note"] + "!"}
    assert ada.post(form.action, data=sent).status_code == 422


@pytest.mark.parametrize(
    "day", ["2025-12-31", "2026-03-11", "tomorrow", "1999-01-01", "9999-12-31"]
)
def test_a_day_that_cannot_be_is_told_at_its_field_and_the_text_stays(
    world: World, ada: FlaskClient, day: str
):
    url = f"/habits/{world.habit}"
    before = contents()
    for headers in ({}, HTMX):
        answer = ada.post(f"{url}/note", data={"day": day, "note": "Slow."}, headers=headers)
        assert answer.status_code == 422
        assert page(answer).error_of("day")
        assert page(answer).form(f"{url}/note").typed["note"] == "Slow."
    assert contents() == before


def test_two_tabs_take_no_note_back_from_each_other(world: World, ada: FlaskClient):
    url = f"/habits/{world.habit}"
    make.note(world.ada, world.habit, "One\ntwo")
    tab = page(ada.get(url)).form(f"{url}/note")
    ada.post(tab.action, data=tab.fields | {"note": "Three", "key": "other"})
    ada.post(tab.action, data=tab.fields | {"note": "One\r\ntwo"})
    assert scalar("SELECT body FROM notes") == "Three"


def test_a_form_sent_twice_writes_once(world: World, ada: FlaskClient):
    sent = {"day": "2026-03-10", "note": "Slow.", "key": "one"}
    url = f"/habits/{world.habit}/note"
    assert ada.post(url, data=sent).status_code == 303
    make.note(world.ada, world.habit, "Fast.")
    assert ada.post(url, data=sent).status_code == 303
    assert scalar("SELECT body FROM notes") == "Fast."


@pytest.mark.parametrize(
    "sent", [{"note": "Slow."}, {"note": "x" * 3000}, {"day": "x", "key": "k" * 999}]
)
def test_a_stranger_finds_no_habit_whatever_is_sent(world: World, sent: dict):
    bob = world.signed_in(world.bob)
    for headers in ({}, HTMX):
        answer = bob.post(f"/habits/{world.habit}/note", data=sent, headers=headers)
        assert answer.status_code == 404
    assert scalar("SELECT count(*) FROM notes") == 0


def test_an_archived_habit_shows_its_notes_and_takes_one(world: World, ada: FlaskClient):
    url = f"/habits/{world.habit}"
    make.note(world.ada, world.habit, "It was good.", TUESDAY - timedelta(days=1))
    ada.post(f"{url}/archive")
    shown = ada.get(url)
    assert "It was good." in shown.text
    assert "Over." in send(ada, page(shown).form(f"{url}/note"), note="Over.").text


def test_a_deletion_says_how_many_notes_go(world: World, ada: FlaskClient):
    habit, pillar = f"/habits/{world.habit}/delete", f"/pillars/{world.pillar}/delete"
    for url in (habit, pillar):
        assert not re.search(r"\d notes?\b", ada.get(url).text)
    make.note(world.ada, world.habit, "One")
    assert "Its 1 note is deleted with it." in ada.get(habit).text
    make.note(world.ada, world.habit, "Two", TUESDAY - timedelta(days=1))
    assert "Its 2 notes are deleted with it." in ada.get(habit).text
    assert "<li>2 notes</li>" in ada.get(pillar).text
    ada.post(habit)
    assert scalar("SELECT count(*) FROM notes") == 0


def test_without_notes_the_page_says_how_to_begin(world: World):
    text = world.signed_in(world.bob).get("/notes").text
    assert "No notes yet." in text
    assert 'name="q"' not in text


def test_what_is_found_leads_to_its_habit_and_day(world: World, ada: FlaskClient):
    make.note(world.ada, world.habit, "Slow & steady")
    text = ada.get("/notes?q=SLOW+%26").text
    assert f'href="/habits/{world.habit}"' in text
    assert f'href="/habits/{world.habit}?note=2026-03-10"' in text
    assert "Slow &amp; steady" in text
    nothing = ada.get("/notes?q=x%25y")
    assert page(nothing).form("/notes").fields == {"q": "x%y"}
    assert "No note has this in it: x%y" in nothing.text


@pytest.mark.parametrize("asked", ["%00", "x" * 81, "%E3%85%A4"])
def test_what_cannot_be_looked_for_is_told_at_the_field(ada: FlaskClient, asked: str):
    answer = ada.get(f"/notes?q={asked}")
    assert answer.status_code == 422
    assert page(answer).error_of("q")


@pytest.mark.parametrize("before", ["", "x", "2026-03-10", "2026-13-10_1", "2026-03-10_0", "\0_1"])
def test_a_place_that_is_none_is_the_beginning(world: World, ada: FlaskClient, before: str):
    make.note(world.ada, world.habit, "Slow.")
    answer = ada.get("/notes", query_string={"before": before})
    assert answer.status_code == 200
    assert "Slow." in answer.text


@pytest.mark.parametrize("place", ["/notes?q=note", "/habits/{habit}"])
def test_every_note_is_reached_page_by_page(world: World, ada: FlaskClient, place: str):
    for back in range(NOTES_A_PAGE * 2 + 1):
        make.note(world.ada, world.habit, f"note {back}.", TUESDAY - timedelta(days=back))
    seen: list[str] = []
    url: str | None = place.format(habit=world.habit)
    while url:
        text = ada.get(url).text
        seen += re.findall(r'note-text" dir="auto">note (\d+)\.', text)
        older = re.findall(r'href="([^"]*)">Older notes', text)
        url = older[0].replace("&amp;", "&") if older else None
    assert seen == [f"{back}" for back in range(NOTES_A_PAGE * 2 + 1)]


def test_a_commit_offers_a_note_and_an_undo_does_not(world: World, ada: FlaskClient):
    url = f"/habits/{world.habit}"
    link = f'<a href="{url}?note=2026-03-10">Add a note</a>'
    assert link in ada.post(f"{url}/commit", headers=HTMX).text
    assert link not in ada.post(f"{url}/commit", headers=HTMX).text
    assert link not in ada.post(f"{url}/undo", headers=HTMX).text
    assert link in ada.post(f"{url}/commit", follow_redirects=True).text


def test_the_note_that_is_offered_is_about_the_day_that_was_kept(world: World, ada: FlaskClient):
    url, earlier = f"/habits/{world.habit}", {"day": "2026-03-08", "from": "day"}
    answer = ada.post(f"{url}/commit", data=earlier, headers=HTMX).text
    assert f'<a href="{url}?note=2026-03-08">Add a note</a>' in answer


def test_the_rows_of_today_know_nothing_of_notes(world: World, ada: FlaskClient):
    make.keep(world.ada, world.habit)
    make.note(world.ada, world.habit, "Slow.")
    text = ada.get("/").text
    assert "Slow." not in text
    assert "note" not in re.findall(r'<li id="habit-.*?</li>', text, re.DOTALL)[0]


def test_you_leads_to_the_notes(ada: FlaskClient):
    assert 'href="/notes"' in ada.get("/settings").text
    assert re.search(r'href="/settings"\s+aria-current="page"', ada.get("/notes").text)


def test_notes_from_before_the_first_day_are_shown(world: World, ada: FlaskClient):
    make.note(world.ada, world.habit, "Old.", TUESDAY - timedelta(days=30))
    execute("UPDATE schedules SET starts_on = '2026-03-10'")
    assert "Old." in ada.get(f"/habits/{world.habit}").text
