"""The web manifest, and the icons that it names."""

import struct

from flask.testing import FlaskClient


def test_a_visitor_may_install_the_app(client: FlaskClient):
    answer = client.get("/manifest.webmanifest")
    assert answer.status_code == 200
    assert answer.mimetype == "application/manifest+json"
    said = answer.json
    assert said["name"] == "Commit Life"
    assert (said["start_url"], said["display"]) == ("/", "standalone")
    assert said["short_name"]
    assert said["description"]
    assert said["theme_color"] == said["background_color"] == "#faf6ef"


def test_every_icon_is_there_small_and_of_the_size_that_is_said(client: FlaskClient):
    icons = client.get("/manifest.webmanifest").json["icons"]
    assert {icon["purpose"] for icon in icons} == {"any", "maskable"}
    assert {"192x192", "512x512"} <= {icon["sizes"] for icon in icons}
    for icon in icons:
        answer = client.get(icon["src"])
        assert (answer.status_code, answer.mimetype) == (200, icon["type"])
        assert len(answer.data) < 10_000
        if icon["type"] == "image/png":
            assert icon["sizes"] == "{}x{}".format(*struct.unpack(">II", answer.data[16:24]))


def test_the_touch_icon_is_square_and_opaque(client: FlaskClient):
    url = client.application.extensions["assets"].single["icons/apple-touch-icon.png"]
    data = client.get(url).data
    assert struct.unpack(">II", data[16:24]) == (180, 180)
    assert b"tRNS" not in data
    assert data[25] in {2, 3}  # True colour or a palette, without an alpha channel.
