"""Passkeys in Chromium, with the authenticator that it has for tests."""

import re
from typing import Any

from playwright.sync_api import CDPSession, Page, expect

from tests import world as make
from tests.browser.conftest import Open
from tests.browser.person import Person
from tests.world import PASSWORD

SECURITY = "/settings/security"
_DEVICE = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
    "hasUserVerification": True, "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip


class Device:
    """The authenticator of a page: somebody is there, and is recognised, unless told otherwise."""

    def __init__(self, page: Page) -> None:
        self._driver: CDPSession = page.context.new_cdp_session(page)
        self._driver.send("WebAuthn.enable")
        made = self._driver.send("WebAuthn.addVirtualAuthenticator", {"options": _DEVICE})
        self._id = made["authenticatorId"]

    def answers(self, does: bool) -> None:
        """Let somebody be there, or nobody."""
        self._set("setAutomaticPresenceSimulation", enabled=does)

    def recognises(self, does: bool) -> None:
        """Let whoever is there be recognised, or not."""
        self._set("setUserVerified", isUserVerified=does)

    def _set(self, what: str, **values: Any) -> None:
        self._driver.send(f"WebAuthn.{what}", {"authenticatorId": self._id, **values})


def at_home(person: Person, visit: Open, **options: Any) -> Page:
    """Open a browser at the one address of this machine for which there are passkeys."""
    url = person.server.url.replace("127.0.0.1", "localhost")
    page = visit(None, **options)
    page.context.add_cookies([person.cookie() | {"url": url}])
    page.goto(f"{url}{SECURITY}/passkeys/new")
    return page


def make_one(page: Page) -> None:
    page.get_by_label("Name").fill("My laptop")
    page.get_by_role("button", name="Make a passkey").click()
    expect(page.get_by_role("heading", name="Your recovery codes")).to_be_visible()


def sign_out(page: Page, device: Device) -> str:
    """Leave, and come to the sign-in; nothing is offered there until somebody presses."""
    device.answers(False)
    page.context.clear_cookies()
    home = page.url.partition("/settings")[0]
    page.goto(f"{home}/login?next=/pet")
    return home


def test_a_passkey_is_made_and_signs_in_by_a_press(person: Person, visit: Open) -> None:
    page = at_home(person, visit)
    device = Device(page)
    make_one(page)
    home = sign_out(page, device)
    button = page.get_by_role("button", name="Sign in with a passkey")
    expect(button).to_be_visible()
    device.answers(True)
    button.click()
    page.wait_for_url(f"{home}/pet")
    page.goto(f"{home}{SECURITY}")
    expect(page.get_by_text("My laptop")).to_be_visible()
    expect(page.get_by_text(re.compile("Used last on"))).to_be_visible()


def test_it_is_offered_in_the_field_of_the_address(person: Person, visit: Open) -> None:
    page = at_home(person, visit)
    device = Device(page)
    make_one(page)
    device.answers(True)
    page.context.clear_cookies()
    home = page.url.partition("/settings")[0]
    # Whoever chooses it there has pressed nothing of ours.
    page.goto(f"{home}/login?next=/pet")
    page.wait_for_url(f"{home}/pet")


def test_it_is_the_second_step_after_a_password_and_a_refusal_is_told(
    person: Person, visit: Open
) -> None:
    page = at_home(person, visit)
    device = Device(page)
    make_one(page)
    home = sign_out(page, device)
    page.get_by_label("Email").fill(person.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    use = page.get_by_role("button", name="Use a passkey")
    expect(use).to_be_visible()
    device.recognises(False)
    device.answers(True)
    use.click()
    refused = page.get_by_text("Your device gave no passkey.")
    expect(refused).to_be_visible()
    device.recognises(True)
    use.click()
    page.wait_for_url(f"{home}/pet")


def test_without_a_script_or_on_plain_http_nobody_is_asked_for_one(
    person: Person, visit: Open
) -> None:
    person.server.run(make.code_app, person.me)
    quiet = at_home(person, visit, java_script_enabled=False)
    expect(quiet.get_by_text("This browser knows no passkeys")).to_be_visible()
    expect(quiet.get_by_role("button", name="Make a passkey")).to_be_hidden()
    plain = visit(f"{SECURITY}/passkeys/new", person)
    expect(
        plain.get_by_text("Browsers have passkeys on pages that begin with https")
    ).to_be_visible()
