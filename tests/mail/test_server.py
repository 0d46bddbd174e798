"""How a mail server is spoken to: what MAIL_URL means, certificates, signing in."""

import ssl
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.infra.mail import Letter, Server, Unreached
from app.infra.mail.server import Address
from tests import programs
from tests.mail.mailbox import Mailbox, served
from tests.races.test_launcher import free_port

LETTER = Letter(
    number=1, mark="mark", sender="life@example.org", sender_name="Commit Life",
    address="ada@example.org", subject="One\r\nBcc: eve@example.org", text="Text", html="<p>Page",
    written_at=datetime(2026, 3, 10, tzinfo=UTC),
)  # fmt: skip


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("smtp://mail.example.org", ("mail.example.org", 587, "", "", "starttls")),
        (
            "smtp://a%40b:p%2Fw@mail.example.org:25",
            ("mail.example.org", 25, "a@b", "p/w", "starttls"),
        ),
        ("smtps://a:b@mail.example.org", ("mail.example.org", 465, "a", "b", "at once")),
        ("smtp://relay:25?tls=none", ("relay", 25, "", "", "none")),
        ("smtp://localhost:2525", ("localhost", 2525, "", "", "none")),
        ("smtp://[::1]:25", ("::1", 25, "", "", "none")),
    ],
)
def test_a_url_says_where_the_server_is_and_how_to_speak_to_it(url: str, address: tuple):
    known = Address.of(url)
    assert (known.host, known.port, known.user, known.password, known.tls) == address


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with a certificate for 127.0.0.1, by nobody but itself, and its key."""
    folder = tmp_path_factory.mktemp("certificate")
    command = [
        programs.find("openssl"), "req", "-x509", "-newkey", "ec",
        "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=mail",
        "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", "both.pem", "-out", "own.pem",
    ]  # fmt: skip
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    own = folder / "own.pem"
    with (folder / "both.pem").open("a") as both:
        both.write(own.read_text())
    return own


@pytest.fixture
def box(certificate: Path) -> Iterator[Mailbox]:
    """A server that takes letters after STARTTLS alone, from whoever knows the password."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate.with_name("both.pem"))
    with served(free_port(), starttls=context, signs_in=True) as box:
        yield box


def server(box: Mailbox, password: str = "right", tls: str = "starttls") -> Server:
    return Server(Address("127.0.0.1", box.port, "life", password, tls))


def test_a_letter_goes_encrypted_and_by_a_sign_in(box: Mailbox, certificate: Path, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    way = server(box)
    way.send(LETTER)
    way.send(LETTER)
    way.close()
    assert box.signed_in == [(b"life", b"right")]
    assert box.was_encrypted == [True, True]
    (subject, *_more) = {letter["Subject"] for letter in box.letters}
    assert subject == "One Bcc: eve@example.org"
    assert box.letters[0]["Bcc"] is None


def test_a_certificate_that_nobody_vouches_for_ends_it_before_the_password(box: Mailbox):
    with pytest.raises(Unreached, match="certificate verify failed"):
        server(box).send(LETTER)
    assert box.signed_in == []


def test_a_wrong_password_is_no_letters_fault(box: Mailbox, certificate: Path, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with pytest.raises(Unreached, match="535"):
        server(box, "wrong").send(LETTER)
    assert box.letters == []


def test_a_server_without_tls_gets_nothing():
    with served(free_port()) as plain, pytest.raises(Unreached, match="STARTTLS"):
        server(plain).send(LETTER)
    assert plain.signed_in == []


def test_tls_at_once_is_no_starttls(box: Mailbox):
    with pytest.raises(Unreached):
        server(box, tls="at once").send(LETTER)


def test_a_connection_that_was_ended_meanwhile_is_made_anew():
    port = free_port()
    with served(port) as first:
        way = Server(Address("127.0.0.1", port, tls="none"))
        way.send(LETTER)
    with served(port) as second:
        way.send(LETTER)
        way.close()
    assert (len(first.letters), len(second.letters)) == (1, 1)


def test_no_password_is_in_what_a_server_looks_like():
    assert "secret" not in repr(Address.of("smtp://life:secret@mail.example.org"))
