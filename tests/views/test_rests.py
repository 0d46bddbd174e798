"""Rests on the screen: the list, the forms, the calm line on Today, and a day that is skipped."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from app.infra import db
from app.operations import pillars
from tests import world as make
from tests.views.database import contents, execute, scalar
from tests.views.pages import page
from tests.world import NOON, TUESDAY, World

pytestmark = pytest.mark.usefixtures("at")

DAY = timedelta(days=1)


def test_without_a_rest_the_form_for_one_stands_open(world: World):
    shown = world.signed_in(world.ada).get("/rests")
    assert "Days that rest ask for nothing" in shown.text
    assert 'id="new-rest" open' in " ".join(shown.text.split())
    assert "<h2>" not in shown.text


def test_rests_stand_by_when_they_are(world: World):
    for starts_on, ends_on, reason in (
        (TUESDAY - DAY, TUESDAY - DAY, "over"),
        (TUESDAY, None, "under way"),
        (TUESDAY + 2 * DAY, None, "then"),
        (TUESDAY + DAY, None, "first"),
    ):
        make.rest(world.ada, world.pillar, starts_on, ends_on, reason)
    shown = world.signed_in(world.ada).get("/rests").text
    said = ["Now", "under way", "Coming", "first", "then", "Before", "over"]
    places = [shown.index(f">{words}<") for words in said]
    assert places == sorted(places)
    assert shown.count("End the rest: Body") == 1
    assert "From 10 Mar 2026, without an end" in shown
    assert 'dir="auto">over' in shown


def test_a_rest_is_begun_changed_ended_and_deleted(world: World):
    ada = world.signed_in(world.ada)
    sent = {"pillar_id": str(world.pillar), "starts_on": "2026-03-08", "reason": "at sea"}
    assert ada.post("/rests", data=sent).headers["Location"] == "/rests"
    assert "Rest well." in ada.get("/rests").text
    rest = scalar("SELECT id FROM rests")
    assert ada.post(f"/rests/{rest}", data={"ends_on": "2026-03-20"}).status_code == 303
    stored = "SELECT (pillar_id, starts_on, ends_on, reason) = (:pillar, :first, :last, 'at sea')"
    days = {"first": TUESDAY - 2 * DAY, "last": TUESDAY + 10 * DAY}
    assert scalar(f"{stored} FROM rests", pillar=world.pillar, **days)
    assert ada.post(f"/rests/{rest}/end").headers["Location"] == "/rests"
    assert scalar("SELECT ends_on FROM rests") == TUESDAY - DAY
    asked = ada.get(f"/rests/{rest}/delete")
    assert "Delete this rest?" in asked.text
    assert ada.post(f"/rests/{rest}/delete").status_code == 303
    assert scalar("SELECT count(*) FROM rests") == 0


def test_two_tabs_take_nothing_back_from_each_other(world: World):
    ada, rest = world.signed_in(world.ada), world.rest
    (form,) = [f for f in page(ada.get(f"/rests/{rest}")).forms if f.action == f"/rests/{rest}"]
    ada.post(f"/rests/{rest}", data={"ends_on": "2026-03-20", "pillar_id": ""})
    assert ada.post(form.action, data=form.fields | {"reason": "ill"}).status_code == 303
    assert scalar("SELECT pillar_id IS NULL AND reason = 'ill' FROM rests")
    assert scalar("SELECT ends_on FROM rests") == TUESDAY + 10 * DAY
    # Emptied, the last day is taken away.
    ada.post(form.action, data={"ends_on": "", "was-ends_on": "2026-03-20"})
    assert scalar("SELECT ends_on FROM rests") is None


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"starts_on": "2026-02-23"}, "starts_on"),
        ({"starts_on": "1999-12-31"}, "starts_on"),
        ({"starts_on": "2101-01-01"}, "starts_on"),
        ({"starts_on": "soon"}, "starts_on"),
        ({"starts_on": ""}, "starts_on"),
        ({"ends_on": "2026-03-09"}, "ends_on"),
        ({"ends_on": "2101-01-01"}, "ends_on"),
        ({"ends_on": "later"}, "ends_on"),
        ({"reason": "x" * 201}, "reason"),
    ],
)
@pytest.mark.parametrize("url", ["/rests", "/rests/{rest}"])
def test_what_cannot_be_taken_is_told_at_its_field_and_nothing_typed_is_gone(
    world: World, url: str, fields: dict[str, str], wrong: str
):
    target = url.format(rest=world.rest)
    sent = {
        "pillar_id": str(world.pillar), "starts_on": "2026-03-10", "ends_on": "2026-03-12",
        "reason": "ill",
    } | fields  # fmt: skip
    before = contents()
    answer = world.signed_in(world.ada).post(target, data=sent)
    assert answer.status_code == 422
    shown = page(answer)
    assert shown.error_of(wrong)
    (form,) = [form for form in shown.forms if form.action == target]
    assert {name: form.fields[name] for name in sent} == sent
    assert contents() == before


def test_a_rest_of_an_archived_pillar_can_be_changed(world: World):
    ada, rest = world.signed_in(world.ada), world.rest
    with db.transaction() as session:
        pillars.archive(session, world.ada, world.pillar)
    shown = page(ada.get(f"/rests/{rest}"))
    (form,) = [form for form in shown.forms if form.action == f"/rests/{rest}"]
    assert form.fields["pillar_id"] == str(world.pillar)


def test_the_form_of_a_new_rest_acts_once(world: World):
    ada = world.signed_in(world.ada)
    (form,) = [form for form in page(ada.get("/rests")).forms if form.action == "/rests"]
    for _time in range(2):
        assert ada.post("/rests", data=form.fields).status_code == 303
    assert scalar("SELECT count(*) FROM rests") == 1


def test_today_says_that_everything_rests_and_ends_it_in_one_tap(world: World, at: Callable):
    assert world.habit
    make.rest(world.ada, world.pillar)
    make.rest(world.ada, starts_on=TUESDAY + 9 * DAY)
    ada = world.signed_in(world.ada)
    assert 'data-notice="rest"' not in ada.get("/").text
    make.rest(world.ada, ends_on=TUESDAY + 2 * DAY)
    make.rest(world.ada, ends_on=TUESDAY + DAY)
    execute("UPDATE pets SET name = 'Miso'")
    shown = ada.get("/")
    assert "Resting until Thursday, 12 March. Miso naps in the hammock." in plain(shown.text)
    at(NOON + DAY)
    assert "Resting until Thursday, 12 March." in plain(ada.get("/").text)
    (form,) = [form for form in page(ada.get("/")).forms if form.action.endswith("/end")]
    assert ada.post(form.action, data=form.fields).headers["Location"] == "/"
    # The other goes on, and is over the day after.
    assert "Resting until Wednesday, 11 March." in plain(ada.get("/").text)
    at(NOON + 2 * DAY)
    assert 'data-notice="rest"' not in ada.get("/").text


def test_a_rest_says_its_year_where_that_is_another(world: World):
    ada = world.signed_in(world.ada)
    make.rest(world.ada, ends_on=TUESDAY + 365 * DAY)
    assert "Resting until 10 Mar 2027." in plain(ada.get("/").text)
    make.rest(world.ada)
    assert "Resting. Your egg naps in the hammock." in plain(ada.get("/").text)


def test_a_pet_that_sleeps_while_everything_rests_lies_in_its_hammock(world: World):
    assert world.habit
    execute("UPDATE pets SET name = 'Miso', xp = 500")
    # Long ago, so that the three days before today passed with nothing kept.
    execute("UPDATE users SET created_at = created_at - interval '30 days'")
    ada = world.signed_in(world.ada)
    awake = ada.get("/").text
    make.rest(world.ada)
    resting = ada.get("/").text
    assert "One small thing?" in awake
    assert "Nothing is asked today." not in awake
    assert "Miso swings in the hammock. Nothing is asked today." in plain(resting)
    assert "One small thing?" not in resting
    assert 'class="g" d="M7 52' in resting
    assert 'class="g" d="M7 52' not in awake


def come_back(world: World, at: Callable, days: int = 3) -> FlaskClient:
    """Ada, who has kept her habit on Tuesday, and looks again `days` later."""
    make.keep(world.ada, world.habit)
    execute("UPDATE pets SET name = 'Miso'")
    at(NOON + days * DAY)
    return world.signed_in(world.ada)


def test_days_away_are_counted_as_rest_in_one_tap(world: World, at: Callable):
    ada = come_back(world, at)
    shown = ada.get("/")
    assert "Away or unwell?" in shown.text
    assert "Good to see you." not in shown.text
    assert "Count 11–12 Mar as rest" in plain(shown.text)
    form = page(shown).form("/rests/away")
    assert form.typed == {"from": "today", "starts_on": "2026-03-11", "ends_on": "2026-03-12"}
    for _time in range(2):
        assert ada.post(form.action, data=form.fields).headers["Location"] == "/"
    said = ada.get("/").text
    assert said.count("Counted as rest.") == 1
    assert "Away or unwell?" not in said
    assert scalar("SELECT count(*) FROM rests WHERE ends_on = '2026-03-12'") == 1


def test_who_was_away_for_long_is_welcomed_in_the_same_line(world: World, at: Callable):
    ada = come_back(world, at, 25)
    assert "Good to see you. Miso napped and still has all its XP. Away or unwell?" in " ".join(
        plain(ada.get("/").text).split()
    )
    assert "Count 11 Mar to 3 Apr as rest" in plain(ada.get("/").text)


def test_days_away_are_left_as_they_are_and_not_offered_again(world: World, at: Callable):
    ada = come_back(world, at)
    form = page(ada.get("/")).form("/rests/not-away")
    assert ada.post(form.action, data=form.fields).headers["Location"] == "/"
    assert "These days stay as they are." in ada.get("/").text
    assert "Away or unwell?" not in ada.get("/").text
    at(NOON + 4 * DAY)
    shown = ada.get("/").text
    assert "Away or unwell?" not in shown
    assert "One small thing?" in shown


@pytest.mark.parametrize(
    ("sent", "wrong"),
    [
        ({"starts_on": "x", "ends_on": "2026-03-12"}, "starts_on"),
        ({"starts_on": "2026-03-12", "ends_on": "2026-03-11"}, "ends_on"),
        ({"starts_on": "1999-12-31", "ends_on": "2026-03-12"}, "starts_on"),
        ({"starts_on": "2026-03-12", "ends_on": "2101-01-01"}, "ends_on"),
        ({}, "ends_on"),
    ],
)
def test_days_away_that_cannot_be_a_rest_are_told_at_the_field(
    world: World, at: Callable, sent: dict, wrong: str
):
    ada = come_back(world, at)
    before = contents()
    answer = ada.post("/rests/away", data=sent)
    assert answer.status_code == 422
    assert page(answer).error_of(wrong)
    form = page(answer).form("/rests")
    assert {name: form.fields[name] for name in sent} == sent
    assert contents() == before


@pytest.mark.parametrize("path", ["/rests/away", "/rests/not-away"])
def test_whoever_reloads_an_answer_about_days_away_comes_to_today(world: World, path: str):
    assert world.signed_in(world.ada).get(path).headers["Location"] == "/"


def test_a_habit_is_skipped_for_today_and_not_skipped_again(world: World):
    ada, url = world.signed_in(world.ada), f"/habits/{world.habit}"
    (form,) = [form for form in page(ada.get(url)).forms if form.action == f"{url}/skip"]
    assert form.typed == {"day": "2026-03-10", "reason": "", "from": "day"}
    opened = f"{url}?day=2026-03-10#day"
    answer = ada.post(form.action, data=form.fields | {"reason": "a <long> voyage"})
    assert answer.headers["Location"] == opened
    shown = ada.get(url)
    assert "Skipped: " in shown.text
    assert "voyage" not in ada.get("/rests").text
    assert "a &lt;long&gt; voyage" in shown.text
    (form,) = [form for form in page(shown).forms if form.action == f"{url}/unskip"]
    assert ada.post(form.action, data=form.fields).headers["Location"] == opened
    assert "Skip today" in ada.get(url).text
    assert ada.get(f"{url}/skip").headers["Location"] == url


@pytest.mark.parametrize(
    "fields",
    [{"day": "2026-03-11"}, {"day": "2025-12-31"}, {"day": "x"}, {"reason": "x" * 201}],
)
def test_a_skip_that_cannot_be_says_so_and_keeps_what_was_typed(world: World, fields: dict):
    url, sent = (
        f"/habits/{world.habit}",
        {"day": "2026-03-09", "reason": "ill", "from": "day"} | fields,
    )
    answer = world.signed_in(world.ada).post(f"{url}/skip", data=sent)
    assert answer.status_code == 422
    (form,) = [form for form in page(answer).forms if form.action == f"{url}/skip"]
    assert form.typed == sent
    assert 'role="alert"' in answer.text or page(answer).error_of("reason")
    assert scalar("SELECT count(*) FROM rests") == 0


def test_a_day_gone_by_is_skipped_and_not_skipped_again(world: World):
    ada, url = world.signed_in(world.ada), f"/habits/{world.habit}"
    opened = f"{url}?day=2026-03-08"
    form = page(ada.get(opened)).form(f"{url}/skip")
    assert ada.post(form.action, data=form.fields).headers["Location"] == f"{opened}#day"
    assert 'data-day="2026-03-08" data-state="skipped"' in ada.get(opened).text
    form = page(ada.get(opened)).form(f"{url}/unskip")
    answer = ada.post(form.action, data=form.fields, headers={"HX-Request": "true"})
    assert 'data-day="2026-03-08" data-state="missed"' in answer.text
    assert page(answer).form(f"{url}/skip").fields["day"] == "2026-03-08"


def test_a_bad_day_takes_no_skip_back(world: World):
    ada, url = world.signed_in(world.ada), f"/habits/{world.habit}"
    ada.post(f"{url}/skip")
    assert ada.post(f"{url}/unskip", data={"day": "x"}).status_code == 422
    assert scalar("SELECT count(*) FROM rests") == 1


def test_what_is_kept_or_archived_offers_no_skip(world: World):
    ada, url = world.signed_in(world.ada), f"/habits/{world.habit}"
    make.keep(world.ada, world.habit)
    assert "Skip today" not in ada.get(url).text
    make.take_back(world.ada, world.habit)
    assert "Skip today" in ada.get(url).text
    ada.post(f"{url}/archive")
    assert "Skip today" not in ada.get(url).text


def test_rests_are_reached_from_you_and_count_as_a_part_of_it(world: World):
    ada = world.signed_in(world.ada)
    assert 'href="/rests"' in ada.get("/settings").text
    current = ada.get("/rests").text.split('aria-current="page"')[1]
    assert "You" in current.split("</a>")[0]


def test_the_list_takes_no_more_statements_for_more_rests(world: World, statements: Callable):
    ada = world.signed_in(world.ada)
    make.rest(world.ada, world.pillar)
    counts = []
    for _time in range(2):
        with statements() as seen:
            ada.get("/rests")
        counts.append(len(seen))
        for _rest in range(5):
            make.rest(world.ada, world.pillar)
    assert counts[0] == counts[1]


def plain(text: str) -> str:
    """Return `text` without the marks that isolate a name."""
    return text.replace("\u2068", "").replace("\u2069", "")
