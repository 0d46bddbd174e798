"""Every page in both themes, with its forms open and its errors showing, as axe sees it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.browser.person import Person
from tests.browser.screen import expect_settled, tick

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
VISITORS = ["/", "/signup", "/login", "/nowhere", "/style"]

both_themes = pytest.mark.parametrize("theme", ["light", "dark"])
axe = Axe()


def expect_accessible(page: Page) -> None:
    """See that axe finds nothing to complain about, with everything unfolded that folds."""
    page.evaluate("document.querySelectorAll('details').forEach((item) => { item.open = true; })")
    # Motion is still, so that no colour is caught on its way to another.
    found = axe.run(page, options=RULES)
    assert not found.violations_count, f"{page.url}\n{found.generate_report()}"


@pytest.fixture
def look(visit: Open) -> Callable[..., Page]:
    """A function that opens a page in a theme, without motion."""

    def opened(path: str | None, theme: str, who: Person | None = None) -> Page:
        return visit(path, who, color_scheme=theme, reduced_motion="reduce")

    return opened


@both_themes
def test_the_pages_of_a_visitor(look: Callable[..., Page], theme: str) -> None:
    page = look(None, theme)
    for path in VISITORS:
        page.goto(path)
        expect_accessible(page)
    for path in ("/signup", "/login"):
        page.goto(path)
        page.get_by_label("Email").fill("nobody@example.org")
        page.get_by_label("Password").fill("short")
        page.locator("main form").evaluate("(form) => { form.noValidate = true; form.submit(); }")
        expect(page.locator(".error").first).to_be_visible()
        expect_accessible(page)


@both_themes
def test_the_pages_of_an_empty_account(
    look: Callable[..., Page], person: Person, theme: str
) -> None:
    page = look(None, theme, person)
    for path in (
        "/",
        "/welcome",
        "/pillars",
        "/pet",
        "/pet/finds",
        "/stats",
        "/stats/month",
        "/ledger",
    ):
        page.goto(path)
        expect_accessible(page)


@both_themes
def test_the_pages_of_a_full_account(look: Callable[..., Page], person: Person, theme: str) -> None:
    pillar = person.pillar("Body")
    habits = [person.habit(pillar, name) for name in ("Read 10 pages", "Walk", "اقرأ")]
    person.keep(habits[0])
    rest = person.rest(pillar)
    today = datetime.now(UTC).date()
    old = person.habit(pillar, "Old", starts_on=today - timedelta(days=40))
    person.keep(old, today - timedelta(days=30))
    page = look(None, theme, person)
    for path in (
        "/", "/pillars", f"/pillars/{pillar}", f"/pillars/{pillar}/delete", f"/habits/{habits[0]}",
        f"/habits/{habits[1]}/delete", "/pet", "/pet/finds", "/stats", f"/stats?habit={habits[0]}",
        "/stats/month",
        "/ledger", "/notes", "/settings", "/welcome", "/pet/moments", f"/habits/{habits[0]}/undo",
        "/rests", f"/rests/{rest}", f"/rests/{rest}/delete", f"/habits/new?pillar_id={pillar}",
        "/order", *(f"/?day={today - timedelta(days=back)}" for back in (1, 30)),
    ):  # fmt: skip
        page.goto(path)
        expect_accessible(page)


@both_themes
def test_a_press_its_sentence_and_a_refused_form(
    look: Callable[..., Page], person: Person, theme: str
) -> None:
    habit = person.habit()
    page = look("/", theme, person)
    tick(page, habit).click()
    expect_settled(page, habit, kept=True)
    expect_accessible(page)
    form = page.locator("form[action='/habits']")
    form.get_by_label("Name").fill("x" * 80)
    form.get_by_label("Name").evaluate("(field) => { field.value = 'x'.repeat(81); }")
    form.get_by_role("button").click()
    expect(page.locator(".error")).to_be_visible()
    expect_accessible(page)


@both_themes
def test_a_rare_moment(look: Callable[..., Page], person: Person, theme: str) -> None:
    yesterday = datetime.now(UTC).date() - timedelta(days=1)
    habit = person.habit(starts_on=yesterday)
    person.keep(habit, yesterday)
    page = look("/", theme, person)
    tick(page, habit).click()
    expect(page.get_by_role("dialog")).to_have_css("opacity", "1")
    expect_accessible(page)


@both_themes
def test_the_help_with_the_keys(look: Callable[..., Page], person: Person, theme: str) -> None:
    person.habit()
    page = look("/", theme, person)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    expect_accessible(page)


@both_themes
def test_the_theme_of_the_settings_beats_that_of_the_device(
    look: Callable[..., Page], person: Person, theme: str
) -> None:
    other = {"light": "dark", "dark": "light"}[theme]
    page = look("/settings", theme, person)
    page.get_by_label(other, exact=False).check()
    page.get_by_role("button", name="Save").first.click()
    expect(page.locator("html")).to_have_attribute("data-theme", other)
    expect_accessible(page)
