"""nginx on its own configuration: what it takes, what it says itself, and whom it counts as one."""

import json
import re
import shutil
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPMessage, HTTPResponse
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from app.config import ROOT
from app.publish import publish
from app.web.assets import build
from app.web.security import HEADERS
from tests import programs
from tests.races.test_launcher import free_port, until

Ask = Callable[[int, str], tuple[int, HTTPMessage]]
OUR_OWN = {**HEADERS, "Referrer-Policy": "as the app says"}


def run(*command: str | Path) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture
def nginx(tmp_path: Path) -> Path:
    """The configuration of nginx with its places in a folder of the test."""
    shutil.copytree(ROOT / "nginx", tmp_path / "deploy")
    (tmp_path / "app.conf").write_text("server 127.0.0.1:8000 max_conns=64 max_fails=0;\n")
    (tmp_path / "redirect.conf").write_text("return 308 https://localhost$request_uri;\n")
    (tmp_path / "keepalive.conf").write_text("")
    hsts = 'add_header Strict-Transport-Security "max-age=63072000" always;'
    (tmp_path / "hsts.conf").write_text(f"{hsts}\n")
    (tmp_path / "certificate.conf").write_text(
        f"ssl_certificate {tmp_path}/crt; ssl_certificate_key {tmp_path}/key;\n"
    )
    run(
        programs.find("openssl"), "req", "-x509",
        "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
        "-subj", "/CN=localhost", "-keyout", tmp_path / "key", "-out", tmp_path / "crt",
    )  # fmt: skip
    for part in (tmp_path / "deploy").glob("*.conf"):
        text = part.read_text().replace("/run/nginx", str(tmp_path))
        part.write_text(text.replace("root /srv;", f"root {tmp_path}/srv;"))
    return tmp_path / "deploy/nginx.conf"


def test_nginx_takes_its_configuration(nginx: Path):
    program = programs.find("nginx")
    # Debian 12 has nginx 1.22, in which HTTP/2 is a word of `listen`.
    nginx.write_text(nginx.read_text().replace("http2 on;", ""))
    run(program, "-t", "-q", "-c", nginx)


def test_nginx_has_none_of_the_known_weaknesses(nginx: Path):
    # The Host with its port goes to the app as it came; the app answers none but its own.
    run(Path(sys.executable).parent / "gixy", "--skips", "host_spoofing", nginx)


@pytest.fixture
def door(nginx: Path) -> Iterator[dict[str, int]]:
    """A running nginx before an app that says its headers; the ports of http and https."""
    ports = {"8080": free_port(), "8081": free_port(), "8443": free_port()}
    text = nginx.read_text().replace("http2 on;", "")
    for named, port in ports.items():
        text = re.sub(rf"(listen (127\.0\.0\.1:)?){named}", rf"listen 127.0.0.1:{port}", text)
    nginx.write_text(
        "user root;\n" + text.replace("_temp_path /tmp/", f"_temp_path {nginx.parent}/")
    )
    with _app() as port:
        (nginx.parents[1] / "app.conf").write_text(f"server 127.0.0.1:{port};\n")
        with serving(nginx, ports["8443"]):
            yield {"http": ports["8080"], "https": ports["8443"]}


@pytest.fixture
def files(door: dict[str, int], nginx: Path) -> tuple[Path, int]:
    """The folder of the static files as they are published, and the port that serves them."""
    folder = nginx.parents[1] / "srv/static"
    publish(build(), folder)
    return folder, door["https"]


def got_file(port: int, path: str, accepts: str | None) -> tuple[int, HTTPMessage, bytes]:
    takes = f"Accept-Encoding: {accepts}\r\n" if accepts else ""
    request = f"GET {path} HTTP/1.1\r\nHost: localhost\r\n{takes}\r\n"
    with answered(port, request.encode(), tls=True) as answer:
        return answer.status, answer.headers, answer.read()


class _App(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(418)
        for name, value in OUR_OWN.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, *_parts: object) -> None:
        pass


@contextmanager
def _app() -> Iterator[int]:
    with HTTPServer(("127.0.0.1", 0), _App) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


@contextmanager
def serving(configuration: Path, port: int) -> Iterator[None]:
    command = [programs.find("nginx"), "-c", configuration, "-g", "daemon off;"]
    # Its logs are /dev/stdout and /dev/stderr, which have to be files that can be opened.
    with (configuration.parent / "said").open("wb") as said:
        running = subprocess.Popen(command, stdout=said, stderr=said)
        try:
            give_up = time.monotonic() + 10
            while time.monotonic() < give_up and running.poll() is None:
                with suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                    break
                time.sleep(0.05)
            assert running.poll() is None, (configuration.parent / "said").read_text()
            yield
        finally:
            running.terminate()
            running.wait(10)


def asked(port: int, request: bytes, *, tls: bool) -> tuple[int, HTTPMessage]:
    """The status and the headers of the answer to what may be no request at all."""
    # The body is left alone: who was told 414 while still sending may be cut off in it.
    with answered(port, request, tls=tls) as answer:
        return answer.status, answer.headers


@contextmanager
def answered(port: int, request: bytes, *, tls: bool) -> Iterator[HTTPResponse]:
    with socket.create_connection(("127.0.0.1", port), timeout=10) as plain:
        context = ssl._create_unverified_context()
        connection = context.wrap_socket(plain) if tls else plain
        # What is too long may be answered before all of it is sent.
        with suppress(OSError):
            connection.sendall(request)
        answer = HTTPResponse(connection)
        answer.begin()
        yield answer


def test_no_token_of_a_link_is_in_its_log(door: dict[str, int], nginx: Path):
    """Line 41 of docs/security.md."""
    for path in (f"/invite/{'t' * 43}", "/habits/7/commit"):
        got_file(door["https"], path, None)
    said = nginx.parent / "said"
    # A line is written after its answer was.
    until(lambda: said.read_text().count("\n") == 2, 10, said.read_text)
    lines = [json.loads(line) for line in said.read_text().splitlines()]
    assert [line["path"] for line in lines] == ["/invite/...", "/habits/7/commit"]


def test_what_nginx_answers_itself_has_the_headers_of_the_app(door: dict[str, int]):
    """Line 29 of docs/security.md."""
    host = b" HTTP/1.1\r\nHost: localhost\r\n\r\n"
    for request, tls, status in (
        (b"GET /metrics" + host, True, 404),
        (b"GET /pages/away.html" + host, True, 404),
        (b"GET /../.." + host, True, 400),
        (b"NOTHING\r\n\r\n", True, 400),
        (b"TRACE /" + host, True, 405),
        (b"GET /" + b"a" * 70_000 + host, True, 414),
        (b"GET / HTTP/1.1\r\n\r\n", True, 400),
        (b"GET /" + host, False, 308),
        (b"NOTHING\r\n\r\n", False, 400),
    ):
        got, headers = asked(door["https" if tls else "http"], request, tls=tls)
        assert got == status, request[:40]
        for name, value in HEADERS.items():
            assert headers.get_all(name) == [value], (request[:40], name)
        assert headers.get_all("Strict-Transport-Security", []) == (["max-age=63072000"] * tls)
    got, headers = asked(door["https"], b"GET /" + host, tls=False)
    assert (got, headers["X-Content-Type-Options"]) == (400, "nosniff"), "http where https is"


def test_the_headers_of_the_app_are_said_once_and_by_the_app(door: dict[str, int]):
    got, headers = asked(door["https"], b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", tls=True)
    assert got == 418
    for name, value in OUR_OWN.items():
        assert headers.get_all(name) == [value]


ENCODINGS = {
    None: None,
    "deflate": None,
    "gzip, deflate": "gzip",
    "gzip, deflate, br, zstd": "br",
    "br": "br",
    "gzip,br;q=0.01": "br",
    "gzip, BR ; q=1.0": "br",
    "gzip, br;q=0": "gzip",
    "gzip, br;q=0.000": "gzip",
    "gzip, brotli, xbr": "gzip",
}


def test_files_are_sent_packed_as_the_browser_takes_them(files: tuple[Path, int]):
    _folder, port = files
    assets = build()
    for accepts, encoding in ENCODINGS.items():
        for url in (assets.css, assets.js, assets.single["icons/icon.svg"]):
            status, headers, body = got_file(port, url, accepts)
            asset = assets.files[url]
            assert (status, headers["Content-Encoding"]) == (200, encoding), (url, accepts)
            assert body == (asset.packed[encoding] if encoding else asset.body)
            # Older ones call a script an application.
            assert headers.get_content_subtype() == asset.mimetype.partition("/")[2]
            assert headers.get_all("Vary") == ["Accept-Encoding"]
            assert headers.get_all("Cache-Control") == ["public, max-age=31536000, immutable"]
            for name, value in HEADERS.items():
                assert headers.get_all(name) == [value]


def test_a_file_that_has_no_sibling_for_brotli_is_sent_without(files: tuple[Path, int]):
    folder, port = files
    url, asset = next(iter(build().files.items()))
    (folder / "br" / url.rpartition("/")[2]).unlink()
    status, headers, body = got_file(port, url, "gzip, br")
    assert (status, headers["Content-Encoding"], body) == (200, "gzip", asset.packed["gzip"])


def test_what_nginx_does_not_have_the_app_is_asked_for(files: tuple[Path, int]):
    folder, port = files
    (name, *_rest) = (path.name for path in (folder / "br").iterdir())
    for path in ("/static/app.000000000000.css", f"/static/br/{name}", "/static/br", "/static/"):
        assert got_file(port, path, "br")[0] == 418, path


def test_one_network_of_ipv6_is_counted_as_one(tmp_path: Path):
    port = free_port()
    (tmp_path / "login").write_text("here")
    shutil.copy(ROOT / "nginx/limits.conf", tmp_path)
    (tmp_path / "nginx.conf").write_text(f"""
user root; pid {tmp_path}/pid; error_log /dev/stderr;
events {{}}
http {{
    include limits.conf;
    access_log off; client_body_temp_path {tmp_path}/body; proxy_temp_path {tmp_path}/proxy;
    server {{
        listen 127.0.0.1:{port};
        set_real_ip_from 127.0.0.1; real_ip_header X-Real-IP;
        root {tmp_path};
        limit_req zone=sign_ins burst=10 nodelay; limit_req_status 429;
        error_page 405 =200 /login;
    }}
}}
""")

    def sign_ins(*addresses: str) -> list[int]:
        return [
            asked(
                port,
                b"POST /login HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n"
                b"X-Real-IP: " + address.encode() + b"\r\n\r\n",
                tls=False,
            )[0]
            for address in addresses
        ]

    with serving(tmp_path / "nginx.conf", port):
        # The last byte of a half may be a line feed, which a dot does not match by itself.
        for network in ("2001:db8:1:2", "2001:db8:1:a0a"):
            one = [f"{network}:{number:x}:0a0a::{number:x}" for number in range(1, 15)]
            assert set(sign_ins(*one[:10])) == {200}
            assert 429 in sign_ins(*one[10:])
        assert sign_ins("2001:db8:1:3::1", "192.0.2.1") == [200, 200]
        assert 429 not in sign_ins(*[f"192.0.2.{number}" for number in range(2, 16)])
