"""Static files under names that hold their hash, and the two health checks."""

import gzip
import re

import brotli
import pytest
from flask.testing import FlaskClient
from lucide.jinja import lucide

from app.rules.names import ICONS
from app.web.pictures import draw_icon
from tests.conftest import MakeApp
from tests.views.database import execute

UNPACK = {"br": brotli.decompress, "gzip": gzip.decompress}


def test_a_page_links_its_files_and_each_is_served_under_its_hash(client: FlaskClient):
    html = client.get("/").text
    assets = client.application.extensions["assets"]
    for url in (assets.css, assets.js, assets.single["icons/icon.svg"]):
        assert url in html
    for url in assets.files:
        answer = client.get(url)
        assert answer.status_code == 200
        assert "Content-Encoding" not in answer.headers
        assert "Accept-Encoding" in answer.headers["Vary"]
        for encoding, unpack in UNPACK.items():
            packed = client.get(url, headers={"Accept-Encoding": encoding})
            assert (packed.status_code, packed.mimetype) == (200, answer.mimetype)
            assert packed.headers["Content-Encoding"] == encoding
            assert unpack(packed.data) == answer.data


def test_a_nested_rule_is_served_without_the_sign_that_it_does_not_need(client: FlaskClient):
    assets = client.application.extensions["assets"]
    sheets = [asset.body.decode() for url, asset in assets.files.items() if url.endswith(".css")]
    served = "".join(sheets)
    assert re.findall("[{};,]& ", served) == []
    # Where it stands behind another it says something.
    assert "#toast:hover & {" in served


@pytest.mark.parametrize(
    ("accepts", "sent"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("br;q=0.5, gzip", "br"),
        ("gzip, br;q=0", "gzip"),
        ("deflate", None),
        ("br;q=0, gzip;q=0", None),
        ("nonsense;;q=,,", None),
    ],
)
def test_what_is_sent_is_what_the_browser_takes(client: FlaskClient, accepts: str, sent: str):
    for path in (client.application.extensions["assets"].css, "/"):
        answer = client.get(path, headers={"Accept-Encoding": accepts})
        assert answer.headers.get("Content-Encoding") == sent, path


@pytest.mark.parametrize(
    "path", ["app.css", "app.000000000000.css", "..%2f..%2fconfig.py", "%2e%2e", "x" * 5000, "%00"]
)
def test_a_file_that_is_not_ours_is_not_there(client: FlaskClient, path: str):
    assert client.get(f"/static/{path}").status_code == 404


@pytest.mark.parametrize(
    ("path", "kind", "begins"),
    [("/favicon.ico", "image/png", b"\x89PNG"), ("/robots.txt", "text/plain", b"# ")],
)
def test_what_is_asked_for_by_name_is_there(
    client: FlaskClient, path: str, kind: str, begins: bytes
):
    answer = client.get(path)
    assert (answer.status_code, answer.mimetype) == (200, kind)
    assert answer.data.startswith(begins)
    assert answer.headers["Cache-Control"] == "public, max-age=86400"
    assert "Set-Cookie" not in answer.headers


def test_crawlers_are_led_to_what_visitors_may_see_alone(client: FlaskClient):
    lines = client.get("/robots.txt").text.splitlines()
    assert "User-agent: *" in lines
    assert [line for line in lines if line.startswith("Disallow")] == ["Disallow: /"]
    assert {"Allow: /$", "Allow: /how$"} < set(lines)


def test_alive_is_alive_and_ready_needs_a_current_schema(client: FlaskClient):
    assert (client.get("/healthz").status_code, client.get("/readyz").status_code) == (200, 200)
    execute("UPDATE alembic_version SET version_num = 'older'")
    assert client.get("/healthz").status_code == 200
    late = client.get("/readyz")
    assert (late.status_code, late.text) == (503, "the schema is not current\n")


def test_a_page_travels_compressed_when_no_proxy_does_it(client: FlaskClient):
    plain = client.get("/", headers={"Accept-Encoding": ""})
    assert "Content-Encoding" not in plain.headers
    for encoding, unpack in UNPACK.items():
        packed = client.get("/", headers={"Accept-Encoding": encoding})
        assert packed.headers["Content-Encoding"] == encoding
        assert unpack(packed.data) == plain.data
        for answer in (plain, packed):
            assert {"Accept-Encoding", "HX-Request"} <= set(answer.headers["Vary"].split(", "))


def test_what_is_small_travels_as_it_is(client: FlaskClient):
    answer = client.get("/nowhere", headers={"Accept-Encoding": "gzip", "HX-Request": "true"})
    assert len(answer.data) < 1024
    assert "Content-Encoding" not in answer.headers
    assert "Accept-Encoding" in answer.headers["Vary"]


def test_behind_a_proxy_the_proxy_compresses(make_app: MakeApp):
    client = make_app(proxy_hops=1).test_client()
    answer = client.get("/", headers={"Accept-Encoding": "gzip, br"})
    assert "Content-Encoding" not in answer.headers


@pytest.mark.parametrize("name", [*ICONS, "house", "chevron-right"])
def test_an_icon_is_what_the_library_itself_would_draw(name: str):
    theirs = lucide(name, size=None, aria_hidden="true", **{"class": "icon"})
    assert draw_icon(name) == " ".join(str(theirs).split()).replace("> <", "><")
