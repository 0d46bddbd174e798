"""What a letter begins, in a browser: its link is opened, its button pressed."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Open
from tests.browser.live import LiveServer
from tests.views.letters import letter, switch_mail_on
from tests.world import PASSWORD

pytestmark = pytest.mark.usefixtures("mail")

EVA, FRESH = "eva@example.org", "another horse battery staple"


@pytest.fixture
def mail(server: LiveServer) -> Iterator[None]:
    """This server sends mail."""
    with pytest.MonkeyPatch.context() as patch:
        switch_mail_on(server.app, patch)
        yield


def test_a_sign_up_and_a_forgotten_password_go_by_letters(visit: Open, server: LiveServer):
    page = visit("/signup")
    page.get_by_label("Email").fill(EVA)
    page.get_by_role("button", name="Send me the link").click()
    expect(page.get_by_role("heading", name="Look into your mail")).to_be_visible()
    page.goto(server.run(letter, EVA, "join").link)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Make the account").click()
    expect(page.get_by_text("Step 1 of 3")).to_be_visible()

    other = visit("/login")
    other.get_by_role("link", name="Forgot your password?").click()
    other.get_by_label("Email").fill(EVA)
    other.get_by_role("button", name="Send the link").click()
    expect(other.get_by_role("heading", name="Look into your mail")).to_be_visible()
    other.goto(server.run(letter, EVA, "reset").link)
    other.get_by_label("The new password").fill("password123")
    other.get_by_role("button", name="Set the password").click()
    expect(other.get_by_text("This password is easy to guess.")).to_be_visible()
    other.get_by_label("The new password").fill(FRESH)
    other.get_by_role("button", name="Set the password").click()
    expect(other.get_by_text("The password is changed.")).to_be_visible()
    other.get_by_label("Email").fill(EVA)
    other.get_by_label("Password").fill(FRESH)
    other.get_by_role("button", name="Sign in").click()
    expect(other.locator("#pet")).to_be_visible()
