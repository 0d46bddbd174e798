"""From nothing to a commit over HTTPS, and what stands at the door."""

import json
import re
import subprocess

import pytest

from tests.stack.engine import Stack, eventually
from tests.stack.visitor import Visitor

SERVICES = ("nginx", "app", "db", "backup")


def test_what_was_kept_outlives_a_restart_of_every_container(stack: Stack, ada: Visitor):
    habit = ada.habits()[0]
    assert ada.press(habit).status == 200
    for service in SERVICES:
        stack.engine("restart", service)
        stack.healthy(service)
        # nginx looks every two seconds where the app is.
        eventually(lambda: ada.get("/").status == 200, 10)
        answer = ada.get("/")
        assert f'id="habit-{habit}"' in answer.text
        assert 'data-done="true"' in answer.text
    assert "agree" in stack.verify()


def test_plain_http_leads_to_the_public_address(stack: Stack):
    said = stack.run("curl", "-sI", f"http://localhost:{stack.http_port}/login?next=/stats")
    assert said.startswith("HTTP/1.1 308")
    assert f"https://localhost:{stack.port}/login?next=/stats" in said


@pytest.mark.parametrize(
    "path", ["/metrics", "/readyz", "//metrics", "/x/../metrics", "/%6detrics"]
)
def test_what_is_for_the_operator_is_closed_to_the_outside(stack: Stack, path: str):
    assert Visitor(stack).get(path).status == 404


def test_the_page_of_an_absent_app_is_friendly_and_says_when_to_come_again(stack: Stack):
    stack.engine("stop", "app")
    try:
        answer = Visitor(stack).get("/")
    finally:
        stack.engine("start", "app")
        stack.healthy("app")
    assert answer.status == 503
    assert "Back in a moment" in answer.text
    assert answer.headers["Retry-After"]
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]


def test_static_files_come_from_nginx_compressed_and_for_ever(stack: Stack):
    visitor = Visitor(stack)
    for url in re.findall(r'"(/static/[^"]+\.(?:css|js|svg))"', visitor.get("/").text):
        answer = visitor.get(url, **{"Accept-Encoding": "gzip, br"})
        assert answer.status == 200
        assert answer.headers["Content-Encoding"] == "br"
        assert answer.headers.get_all("Cache-Control") == ["public, max-age=31536000, immutable"]
        assert "X-Request-Id" not in answer.headers, "the app was asked"


def test_a_request_has_one_id_from_the_door_to_the_answer(stack: Stack, ada: Visitor):
    answer = ada.get("/pet")
    request_id = answer.headers["X-Request-Id"]
    assert re.fullmatch(r"[0-9a-f]{32}", request_id)
    for service in ("nginx", "app"):
        lines = [
            json.loads(line) for line in stack.logs(service).splitlines() if request_id in line
        ]
        assert [line["path"] for line in lines] == ["/pet"], service
    assert lines[0]["statements"] >= 1
    assert lines[0]["user_id"]


def test_a_client_cannot_say_where_it_comes_from(stack: Stack):
    visitor = Visitor(stack)
    visitor.get("/login", **{"X-Forwarded-For": "203.0.113.7", "X-Forwarded-Host": "evil.example"})
    assert "203.0.113.7" not in stack.logs("app")
    answer = visitor.get("/", Host="evil.example")
    assert answer.status == 400


def test_old_tls_is_refused(stack: Stack):
    for version, works in (("1.1", False), ("1.2", True), ("1.3", True)):
        flags = ["--tlsv" + version, "--tls-max", version]
        done = subprocess.run(
            ["curl", "-sk", *flags, "-o", "/dev/null", f"https://localhost:{stack.port}/healthz"],
            check=False,
        )
        assert (done.returncode == 0) == works, version


def test_no_container_can_write_to_its_own_system_or_gain_rights(stack: Stack):
    for service in SERVICES:
        known = stack.inspect(service)
        host = known["HostConfig"]
        assert isinstance(host, dict)
        assert host["ReadonlyRootfs"], service
        assert host["CapDrop"] == ["ALL"], service
        assert host["Memory"], service
        assert known["Config"]["User"] not in ("", "root", "0"), service  # type: ignore[index]
        assert host["RestartPolicy"]["Name"] == "unless-stopped", service
        assert host["LogConfig"]["Config"] == {"max-size": "10m", "max-file": "3"}, service
