"""Bodies in chunks, through the real gunicorn: a broken one is 400, one past the limit 413."""

import json
import re
import socket
from contextlib import closing, suppress
from urllib.parse import urlencode

import psycopg2

from tests.races.place import Place
from tests.world import PASSWORD

HEAD = (
    "POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nOrigin: http://127.0.0.1:{port}\r\n"
    "Content-Type: {kind}\r\nTransfer-Encoding: chunked\r\n\r\n"
)
FORM = "application/x-www-form-urlencoded"
SIGN_UP = {"email": "{name}@example.org", "password": PASSWORD, "timezone": "UTC"}
# Past the limit in itself, and past it in pieces of which each is small.
MORE = b"&more=" + b"x" * 300_000
MULTIPART = (
    b'--cut\r\nContent-Disposition: form-data; name="email"\r\n\r\nlate@example.org\r\n'
    b'--cut\r\nContent-Disposition: form-data; name="password"\r\n\r\n'
    + PASSWORD.encode()
    + b"\r\n"
    b'--cut\r\nContent-Disposition: form-data; name="timezone"\r\n\r\nUTC\r\n--cut--\r\n'
)


def form(name: str) -> bytes:
    return urlencode(SIGN_UP | {"email": f"{name}@example.org"}).encode()


def chunks(body: bytes, size: int = 10_000) -> bytes:
    pieces = [body[start : start + size] for start in range(0, len(body), size)]
    return b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


def send(place: Place, body: bytes, path: str = "/signup", kind: str = FORM) -> tuple[int, str]:
    """The status of the answer, 0 for none, and all that came."""
    head = HEAD.format(path=path, port=place.port, kind=kind).encode()
    with closing(socket.create_connection(("127.0.0.1", place.port), timeout=10)) as connection:
        with suppress(OSError):
            connection.sendall(head + body)
            connection.shutdown(socket.SHUT_WR)
        said = b""
        with suppress(OSError):
            while piece := connection.recv(65_536):
                said += piece
    status = re.match(rb"HTTP/1.1 (\d{3})", said)
    return int(status[1]) if status else 0, said.decode(errors="replace")


def accounts(place: Place) -> list[str]:
    with closing(psycopg2.connect(place.database_url)) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT split_part(email, '@', 1) FROM users ORDER BY 1")
        return [name for (name,) in cursor.fetchall()]


def test_a_body_in_chunks_is_taken_whole_or_not_at_all(place: Place):
    """Line 34 of docs/security.md."""
    place.start()
    good = form("ada")
    assert send(place, chunks(good, 7))[0] == 303
    broken = {
        "no number": b"zz\r\n" + good + b"\r\n0\r\n\r\n",
        "no end": b"%x\r\n%b" % (len(good), good),
        "no last chunk": b"%x\r\n%b\r\n" % (len(good), good),
        "no line end after a chunk": b"%x\r\n%bxx0\r\n\r\n" % (len(good), good),
        "a negative number": b"-5\r\n" + good + b"\r\n0\r\n\r\n",
        "an endless number": b"f" * 40 + b"\r\n" + good + b"\r\n0\r\n\r\n",
        "a bad trailer": chunks(good)[:-2] + b"no trailer\r\n\r\n",
        "nothing": b"",
    }
    for name, body in broken.items():
        status, said = send(place, body.replace(b"ada", b"eve"))
        assert status == 400, (name, said)
        assert "nothing was saved" in said, name
    for body in (chunks(form("eve") + MORE), chunks(form("eve") + MORE, 300_000)):
        status, said = send(place, body)
        assert status == 413
        assert "nothing was saved" in said
    kind = "multipart/form-data; boundary=cut"
    assert send(place, chunks(MULTIPART + MORE), kind=kind)[0] == 413
    assert send(place, chunks(MULTIPART), kind=kind)[0] == 303
    assert send(place, chunks(form("eve") + MORE), path="/logout")[0] == 413
    assert accounts(place) == ["ada", "late"]
    assert not [line for line in place.said().splitlines() if "exception" in json.loads(line)]
