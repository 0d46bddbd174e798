"""Addresses that programs know."""

from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient

from app import create_app
from tests.conftest import settings_for
from tests.world import NOON, World

pytestmark = pytest.mark.usefixtures("at")

CONTACT = "mailto:security@example.org"


def test_a_password_manager_is_led_to_the_form_for_another_password(world: World):
    answer = world.signed_in(world.ada).get("/.well-known/change-password")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/settings#password")


def test_whom_to_tell_of_a_weakness_is_said_where_it_is_set(client: FlaskClient):
    assert client.get("/.well-known/security.txt").status_code == 404
    place = "https://habits.example.org"
    told = create_app(settings_for("postgresql://x", security_contact=CONTACT, public_url=place))
    answer = told.test_client().get("/.well-known/security.txt")
    assert answer.mimetype == "text/plain"
    said = dict(line.split(": ", 1) for line in answer.text.splitlines())
    assert said["Contact"] == CONTACT
    assert said["Canonical"] == f"{place}/.well-known/security.txt"
    # RFC 9116: a date that is less than a year ahead.
    assert timedelta(0) < datetime.fromisoformat(said["Expires"]) - NOON < timedelta(days=365)
