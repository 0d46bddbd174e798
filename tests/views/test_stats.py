"""Looking back: the picture, its table, the choice, and whatever the address may say."""

import re
from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient

from tests import world as make
from tests.views.database import execute, fill
from tests.views.pages import page
from tests.world import TUESDAY, World

pytestmark = pytest.mark.usefixtures("at")


@pytest.fixture
def ada(world: World) -> FlaskClient:
    """The browser of Ada, who kept her habit yesterday and today."""
    for back in (0, 1):
        make.keep(world.ada, world.habit, TUESDAY - timedelta(days=back))
    return world.signed_in(world.ada)


def label(text: str) -> str:
    (found,) = [given["aria-label"] for tag, given in page_of(text)
                if (tag, given.get("role")) == ("div", "img")]  # fmt: skip
    return found


def page_of(text: str):
    return page(type("Answer", (), {"text": text})()).elements


def test_an_empty_account_is_led_to_today(world: World):
    text = world.signed_in(world.bob).get("/stats").text
    assert "Keep a habit, and the first dot appears." in text
    assert 'href="/"' in text
    assert 'role="img"' not in text


def test_a_habit_that_was_never_kept_can_be_looked_at(world: World, ada: FlaskClient):
    other = make.habit(world.ada, world.pillar, "Walk")
    text = ada.get(f"/stats?habit={other}").text
    assert "Keep a habit, and the first dot appears." in text
    assert f'<option value="habit-{other}" selected>Walk</option>' in text


def test_the_picture_says_in_one_sentence_what_it_shows(world: World, ada: FlaskClient):
    all_of_it = "2 kept on 2 days, 10 Mar 2025 to 10 Mar 2026."
    assert label(ada.get("/stats").text) == all_of_it
    assert label(ada.get(f"/stats?pillar={world.pillar}").text) == all_of_it
    one = ada.get(f"/stats?habit={world.habit}").text
    assert label(one) == "Kept on 2 days, 10 Mar 2025 to 10 Mar 2026."


def test_the_table_tells_the_same_numbers(ada: FlaskClient):
    text = ada.get("/stats").text
    row = re.search(r'<th scope="row" aria-label="9 Mar 2026">9 Mar</th>.*?</tr>', text, re.DOTALL)
    assert row
    # Since the first of January: ten Mondays, and nine Tuesdays before the one that was kept today.
    assert text.count("<b>10%</b>") == 2
    assert text.count("<small>1 of 10</small>") == 2
    assert re.findall(r"<td>(.*?)</td>", row[0]) == ["<b>1</b>"] * 2 + [""] * 5 + ["2 of 2"]
    assert text.count('<th scope="row" aria-label=') == 53
    assert "2 in a row" in text


def test_the_choice_leads_to_what_was_chosen(world: World, ada: FlaskClient):
    form = page(ada.get("/stats")).form("/stats")
    assert form.fields == {}
    for kind, key in (("pillar", world.pillar), ("habit", world.habit)):
        chosen = ada.get("/stats", query_string={"of": f"{kind}-{key}"})
        assert page(chosen).form("/stats").fields == {"of": f"{kind}-{key}"}
        straight = ada.get("/stats", query_string={kind: key})
        assert page(straight).form("/stats").fields == {"of": f"{kind}-{key}"}
    assert label(ada.get("/stats?of=").text).startswith("2 kept")


def test_the_years_lead_to_each_other_and_keep_the_choice(world: World, ada: FlaskClient):
    execute("UPDATE schedules SET starts_on = '2020-01-01'")
    make.keep(world.ada, world.habit, date(2024, 5, 1))
    url, seen = f"/stats?habit={world.habit}", []
    while url:
        text = ada.get(url).text
        seen.append(label(text))
        links = [given.get("href", "") for tag, given in page_of(text) if tag == "a"]
        before = [link for link in links if "until=" in link and "The year before" in text]
        url = before[0] if before else ""
        assert not url or f"habit={world.habit}" in url
    assert seen == [
        "Kept on 2 days, 10 Mar 2025 to 10 Mar 2026.",
        "Kept on 1 day, 4 Mar 2024 to 9 Mar 2025.",
    ]
    assert page(ada.get("/stats?until=2025-03-09")).form("/stats").fields == {"until": "2025-03-09"}


@pytest.mark.parametrize("query", ["pillar", "habit", "of=pillar-", "of=habit-"])
def test_a_stranger_finds_nothing(world: World, query: str):
    key = world.pillar if "pillar" in query else world.habit
    url = f"/stats?{query}{'' if '-' in query else '='}{key}"
    assert world.signed_in(world.ada).get(url).status_code == 200
    assert world.signed_in(world.bob).get(url).status_code == 404
    assert "Read 10 pages" not in world.signed_in(world.bob).get("/stats").text


def test_a_visitor_is_asked_to_sign_in(client: FlaskClient):
    answer = client.get("/stats?pillar=1")
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/login")


@pytest.mark.parametrize(
    "key", ["", "0", "-1", "x", "1.0", "٣", str(2**63 - 1), str(2**63), "9" * 5000, "\0", "1 OR 1"]
)
@pytest.mark.parametrize("name", ["pillar", "habit", "of"])
def test_a_key_that_is_none_is_not_there(ada: FlaskClient, name: str, key: str):
    status = ada.get("/stats", query_string={name: key}).status_code
    assert status == (200 if (name, key) == ("of", "") else 404)
    assert ada.get("/stats", query_string={"of": f"habit-{key}"}).status_code == 404
    assert ada.get("/stats", query_string={"of": f"user-{key}"}).status_code == 404


@pytest.mark.parametrize(
    ("until", "status"),
    [("", 200), ("9999-12-31", 200), ("0001-01-01", 200), ("1999-12-31", 200), ("2026-02-30", 404),
     ("tomorrow", 404), ("20260301", 404), ("\0", 404), ("2026-03-01T00:00", 404)],
)  # fmt: skip
def test_a_year_ends_on_a_day_or_is_not_there(ada: FlaskClient, until: str, status: int):
    assert ada.get("/stats", query_string={"until": until}).status_code == status


def test_two_things_at_once_cannot_be_looked_at(world: World, ada: FlaskClient):
    url = f"/stats?pillar={world.pillar}&habit={world.habit}"
    assert ada.get(url).status_code == 404


def test_names_are_text(world: World, ada: FlaskClient):
    name = "\"'><script>alert(1)</script>"
    make.habit(world.ada, make.pillar(world.ada, name), name)
    execute(
        "UPDATE habits SET name = :name, folded_on = :day, folded_best = 9, folded_kept = 9",
        name=name,
        day=TUESDAY - timedelta(days=60),
    )
    for query in ("", f"?habit={world.habit}"):
        assert "<script>alert" not in ada.get(f"/stats{query}").text


def test_nothing_kept_is_no_reproach(world: World, ada: FlaskClient):
    execute("DELETE FROM commits WHERE day = :day", day=TUESDAY)
    execute("UPDATE habits SET folded_on = '2026-02-01', folded_best = 23, folded_kept = 23")
    text = ada.get("/stats").text.split("<main")[1].split("</main>")[0]
    assert "Best: 23" in text
    assert " in a row" not in text
    for word in ("missed", "failed", "lost", "only", "!</"):
        assert word not in text.lower()


def test_the_page_costs_the_same_statements_however_much_there_is(
    world: World, ada: FlaskClient, statements
):
    seen = []
    for _round in range(2):
        with statements() as listed:
            assert ada.get("/stats").status_code == 200
        seen.append(len(listed))
        fill(world.ada, world.pillar, 60)
    assert seen == [4, 4]


@pytest.mark.parametrize(
    ("month", "status"),
    [("", 200), ("2026-02", 200), ("9999-12", 200), ("0001-01", 200), ("2026-13", 404),
     ("2026-2", 404), ("2026-02-01", 404), ("march", 404), ("\0", 404), ("٢٠٢٦-٠٢", 404)],
)  # fmt: skip
def test_a_month_is_one_of_the_calendar_or_not_there(ada: FlaskClient, month: str, status: int):
    assert ada.get("/stats/month", query_string={"month": month}).status_code == status


def test_a_month_says_of_each_day_what_it_became(world: World, ada: FlaskClient):
    text = ada.get("/stats/month").text
    assert '<h1 id="month">March 2026</h1>' in text
    assert "2 of 10 kept, 20%." in text
    row = text.split("Read 10 pages</a>")[1].split("</tr>")[0]
    # The first is a Sunday; what was open until yesterday, what was kept, what is to come.
    words = re.findall(r'<td data-mark="(\w+)"><span class="vh">([\w ]+)</span></td>', row)
    assert words == [("missed", "not kept")] * 8 + [("kept", "kept")] * 2
    assert row.count("<td></td>") == 21
    assert text.count("data-weekend") == 9
    assert 'href="/stats/month?month=2026-02"' in text
    assert 'rel="next"' not in text
    assert 'rel="next"' in ada.get("/stats/month?month=2026-02").text


def test_a_month_of_a_stranger_holds_nothing(world: World, ada: FlaskClient):
    text = world.signed_in(world.bob).get("/stats/month").text
    assert "No habits in this month." in text
    assert "Read 10 pages" not in text


def test_the_year_leads_to_the_month_on_which_it_ends(ada: FlaskClient):
    assert 'href="/stats/month"' in ada.get("/stats").text
    assert 'href="/stats/month?month=2026-01"' in ada.get("/stats?until=2026-01-20").text


def test_the_share_and_the_week_are_of_what_was_due(world: World, ada: FlaskClient):
    text = ada.get("/stats").text
    # Ten weeks since the first of January, less today: 68 days and the one that is kept.
    assert "Kept 2 of 69 that were due, 2%." in text
    assert "2 of 2 kept so far." in text
    assert '<span class="vh">Monday: 1 of 1 kept</span>' in text
    assert '<span class="vh">Wednesday: still to come</span>' in text


def test_strength_is_a_picture_and_the_same_in_a_sentence(world: World, ada: FlaskClient):
    for url in (f"/stats?habit={world.habit}", f"/stats?pillar={world.pillar}"):
        text = ada.get(url).text
        (said,) = re.findall(r'<desc id="course-desc">(.*?)</desc>', text)
        assert said.startswith("Strength is 10%. On 11 Jan 2026 it was 0%, and the highest was 10%")
        assert said in re.sub(r"\s+", " ", text.split('<svg class="course"')[0]).replace("</p>", "")
        assert text.count("<polyline points=") == 1
    assert "course-desc" not in ada.get("/stats").text
    before = ada.get(f"/stats?habit={world.habit}&until=2026-03-01").text
    assert "Strength was 0% on 1 Mar 2026." in before


def test_the_days_of_the_week_lead_to_their_boards(world: World):
    make.keep(world.ada, world.habit)
    text = world.signed_in(world.ada).get("/stats").text
    # Tuesday is today: Monday has gone by, Wednesday has not come.
    assert 'href="/?day=2026-03-09"' in text
    assert 'href="/?day=2026-03-10"' not in text
    assert 'href="/?day=2026-03-11"' not in text
