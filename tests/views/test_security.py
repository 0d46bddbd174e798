"""What every request must show and every answer carries."""

import pytest
from flask import Flask

from app import create_app
from tests import world as make
from tests.conftest import MakeApp, browser, settings_for
from tests.views.database import contents, execute
from tests.views.routes import GOOD, routes, unsafe
from tests.world import World

NOWHERE = "postgresql://nobody@127.0.0.1:1/none"
CSP = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none';"
    " form-action 'self'; frame-ancestors 'none'"
)
HTTPS = "https://habits.example.org"
SITE, ORIGIN = "Sec-Fetch-Site", "Origin"


def app_at(public_url: str | None) -> Flask:
    """Return an app whose database is away: none of these answers may need one."""
    return create_app(settings_for(NOWHERE, public_url=public_url))


@pytest.mark.parametrize(
    ("public_url", "host", "headers", "passes"),
    [
        (None, "localhost", {SITE: "same-origin"}, True),
        (None, "localhost", {SITE: "none"}, True),
        (None, "localhost", {SITE: "same-site"}, False),
        (None, "localhost", {SITE: "cross-site"}, False),
        (None, "localhost", {SITE: "Same-Origin"}, False),
        # What the browser says of the site outweighs the origin, either way.
        (None, "localhost", {SITE: "cross-site", ORIGIN: "http://localhost"}, False),
        (None, "localhost", {SITE: "same-origin", ORIGIN: "http://evil.example"}, True),
        (None, "localhost", {ORIGIN: "http://localhost"}, True),
        (None, "localhost", {ORIGIN: "http://localhost:80"}, True),
        (None, "localhost:8000", {ORIGIN: "http://localhost:8000"}, True),
        (None, "localhost:8000", {ORIGIN: "http://localhost:8001"}, False),
        (None, "localhost:8000", {ORIGIN: "http://localhost"}, False),
        (None, "localhost:8000", {ORIGIN: "https://localhost:8000"}, False),
        (None, "localhost", {ORIGIN: "https://localhost"}, False),
        (None, "localhost", {ORIGIN: "http://localhost.evil.example"}, False),
        (None, "localhost", {ORIGIN: "http://localhost:99999"}, False),
        (None, "localhost", {ORIGIN: "http://["}, False),
        (None, "localhost", {ORIGIN: "null"}, False),
        (None, "localhost", {ORIGIN: ""}, False),
        (None, "localhost", {}, False),
        (None, "localhost", {"Referer": "http://localhost/"}, False),
        (None, "192.168.1.5:8000", {ORIGIN: "http://192.168.1.5:8000"}, True),
        (HTTPS, "habits.example.org", {ORIGIN: HTTPS}, True),
        (HTTPS, "localhost:8000", {ORIGIN: HTTPS}, True),
        (HTTPS, "habits.example.org", {ORIGIN: HTTPS + ":8443"}, False),
        (HTTPS, "localhost", {ORIGIN: "http://localhost.evil.example"}, False),
    ],
)
def test_an_unsafe_request_must_come_from_this_place(
    public_url: str | None, host: str, headers: dict, passes: bool
):
    """Line 27 of docs/security.md."""
    client = app_at(public_url).test_client()
    answer = client.post("/logout", headers={"Host": host, **headers})
    assert answer.status_code == (303 if passes else 403)
    if not passes:
        assert "This came from another site" in answer.text
    get = client.get("/login", headers={"Host": host, **headers})
    assert get.status_code == 200


INSTEAD = f"Open {HTTPS}."


@pytest.mark.parametrize("path", ["/login", "/signup"])
def test_plain_http_where_the_place_is_at_https_is_told_and_logged(
    path: str, caplog: pytest.LogCaptureFixture
):
    client, plain = app_at(HTTPS).test_client(), "http://habits.example.org"
    for answer, status in (
        (client.get(path, base_url=plain), 200),
        (client.post(path, base_url=plain, headers={ORIGIN: plain}), 403),
    ):
        assert answer.status_code == status
        assert INSTEAD in answer.text
        assert caplog.messages[-1] == f"{path} came over plain http, and PUBLIC_URL is {HTTPS}"
    told = len(caplog.messages)
    for answer in (
        client.get(path, base_url=HTTPS),
        # A proxy that does not say the scheme: the browser itself takes this place for safe.
        client.get(path, base_url=plain, headers={SITE: "none"}),
        app_at(plain).test_client().get(path, base_url=plain),
        app_at(None).test_client().get(path),
        client.post(path, base_url=plain, headers={ORIGIN: "http://evil.example"}),
    ):
        assert "plain http" not in answer.text
    assert len(caplog.messages) == told


def test_every_unsafe_route_refuses_another_site_before_anything_else(world: World):
    """Line 27 of docs/security.md."""
    app = world.app
    visitor, ada = app.test_client(), world.signed_in(world.ada)
    del ada.environ_base["HTTP_ORIGIN"]
    urls = {route.url for route in unsafe(app, *world.objects)}
    before = contents()
    for url in urls | {"/nowhere", "/healthz", "/pillars/0", "/static/x"}:
        for client in (visitor, ada):
            for method in ("POST", "PUT", "PATCH", "DELETE"):
                for headers in ({}, {ORIGIN: "http://evil.example"}, {SITE: "cross-site"}):
                    answer = client.open(url, method=method, headers=headers, data=GOOD)
                    assert answer.status_code == 403, (url, method, headers)
    assert contents() == before


@pytest.mark.usefixtures("at")
def test_no_get_changes_anything(world: World):
    """Line 27 of docs/security.md."""
    make.keep(world.ada, world.habit)
    ada, visitor = world.signed_in(world.ada), world.app.test_client()
    mine = routes(world.app, *world.objects)
    safe = [r for r in mine if r.method in {"GET", "HEAD"}]
    assert len(safe) > 20
    before = contents()
    for route in safe:
        for headers in ({}, {"HX-Request": "true"}):
            for client in (ada, visitor):
                answer = client.open(route.url, method=route.method, headers=headers)
                assert answer.status_code in {200, 303, 401, 404, 410}, route
    assert contents() == before


def dressed(answer: object) -> None:
    headers = answer.headers  # type: ignore[attr-defined]
    assert headers.getlist("Content-Security-Policy") == [CSP]
    assert headers.getlist("X-Content-Type-Options") == ["nosniff"]
    assert headers.getlist("Referrer-Policy") == ["same-origin"]
    assert len(headers["X-Request-Id"]) == 8
    assert not [name for name, _value in headers if name.startswith("Access-Control-")]


@pytest.mark.parametrize(
    ("given", "is_taken"),
    [
        ("0123456789abcdef0123456789abcdef", True),
        ("01234567", True),
        ("f" * 64, True),
        ("f" * 65, False),
        ("0123456", False),
        ("0123456789ABCDEF", False),
        ("0123 4567", False),
        ("<script>", False),
        ("", False),
    ],
)
def test_a_request_goes_by_the_name_that_the_proxy_gave_it(given: str, is_taken: bool):
    for hops in (0, 1):
        client = create_app(settings_for(NOWHERE, proxy_hops=hops)).test_client()
        answer = client.get("/nowhere", headers={"X-Request-Id": given})
        name = answer.headers["X-Request-Id"]
        assert (name == given) is (is_taken and hops == 1)
        assert len(name) == (len(given) if is_taken and hops else 8)
        # Long names are for machines; people read the beginning out.
        assert f"404 · ref. {name[:8]}</p>" in answer.text


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}], ids=["plain", "htmx"])
@pytest.mark.parametrize(
    ("method", "path", "data", "statuses"),
    [
        ("GET", "/", {}, {200}),
        ("GET", "/pet", {}, {200}),
        ("OPTIONS", "/pet", {}, {200}),
        ("POST", "/pet", {"name": "Miso"}, {200, 303}),
        ("POST", "/habits/{habit}/commit", {}, {200, 303}),
        ("POST", "/habits/{habit}/commit", {"day": "9999-01-01"}, {422}),
        ("POST", "/habits/{habit}/move", {"direction": "sideways"}, {422}),
        ("POST", "/pillars", {"name": ""}, {422}),
        ("GET", "/nowhere", {}, {404}),
        ("GET", "/pillars/0", {}, {404}),
        ("DELETE", "/pet", {}, {405}),
        ("POST", "/pillars", {"name": "x" * 300_000}, {413}),
    ],
)
def test_every_answer_is_dressed(
    world: World, method: str, path: str, data: dict, statuses: set, headers: dict
):
    """Lines 28, 32 and 33 of docs/security.md."""
    ada = world.signed_in(world.ada)
    answer = ada.open(path.format(habit=world.habit), method=method, data=data, headers=headers)
    assert answer.status_code in statuses
    dressed(answer)
    assert answer.headers["Cache-Control"] == "no-store"
    for path in ("/pet", "/logout"):
        refused = world.app.test_client().post(path, headers=headers)
        assert refused.status_code == 403
        dressed(refused)


def test_an_answer_to_a_visitor_and_a_static_file_are_dressed(world: World):
    """Line 29 of docs/security.md."""
    client = browser(world.app)
    for path in ("/", "/login", "/signup", "/pillars", "/healthz", "/readyz", "/static/nothing"):
        dressed(client.get(path))
    for url in world.app.extensions["assets"].files:
        answer = client.get(url)
        dressed(answer)
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"


def test_a_fault_and_a_database_that_is_away_are_dressed(world: World):
    """Line 28 of docs/security.md."""
    ada, cookie = world.signed_in(world.ada), None
    cookie = ada.get_cookie("session")
    away = browser(app_at(None))
    away.set_cookie("session", cookie.value)
    for path in ("/", "/pillars", "/readyz"):
        answer = away.get(path)
        assert answer.status_code == 503
        dressed(answer)
    execute("ALTER TABLE pets RENAME TO gone")
    answer = ada.get("/")
    assert answer.status_code == 500
    dressed(answer)


def cookie_of(public_url: str | None, app: Flask) -> str:
    answer = browser(app).post(
        "/signup",
        data={"email": "eva@example.org", "password": make.PASSWORD},
        headers={"Origin": public_url or "http://localhost"},
        base_url=public_url or "http://localhost",
    )
    assert answer.status_code == 303
    return answer.headers["Set-Cookie"]


def test_the_cookie_is_bound_to_the_host_and_to_https_exactly_under_https(make_app: MakeApp):
    """Line 21 of docs/security.md."""
    plain, lan, tls = (
        cookie_of(url, make_app(public_url=url)) for url in (None, "http://192.168.1.5", HTTPS)
    )
    for cookie in (plain, lan, tls):
        assert "; HttpOnly" in cookie
        assert "; SameSite=Lax" in cookie
        assert "; Path=/" in cookie
        assert "Domain" not in cookie
    assert plain.startswith("session=")
    assert lan.startswith("session=")
    assert "Secure" not in plain + lan
    assert tls.startswith("__Host-session=")
    assert "; Secure" in tls


@pytest.mark.parametrize("host", ["evil.example", "habits.example.org.evil.example", "[", "a b"])
@pytest.mark.parametrize(
    "path", ["/", "/login", "/nowhere", "/healthz/", "/metrics/x", "/static/metrics"]
)
def test_a_host_that_is_not_ours_is_refused_when_ours_is_known(host: str, path: str):
    """Line 14 of docs/security.md."""
    client = app_at(HTTPS).test_client()
    for answer in (
        client.get(path, headers={"Host": host}),
        client.post(path, headers={"Host": host, "Origin": HTTPS}),
    ):
        assert answer.status_code == 400
        assert host not in answer.text
        dressed(answer)


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
@pytest.mark.parametrize("host", ["app:8000", "10.0.0.7:8000", "a b"])
def test_what_is_watched_is_answered_under_any_host(path: str, host: str):
    direct = app_at(HTTPS).test_client()
    proxied = create_app(settings_for(NOWHERE, public_url=HTTPS, proxy_hops=1)).test_client()
    for client, headers in ((direct, {"Host": host}), (proxied, {"X-Forwarded-Host": host})):
        answer = client.get(path, headers=headers)
        assert answer.status_code == (503 if path == "/readyz" else 200)
        assert answer.mimetype == "text/plain"
        dressed(answer)


@pytest.mark.parametrize("host", ["habits.example.org", "habits.example.org:8443", "localhost:80"])
def test_our_own_host_is_let_in(host: str):
    assert app_at(HTTPS).test_client().get("/login", headers={"Host": host}).status_code == 200
