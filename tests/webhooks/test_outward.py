"""Where a request to a typed address may go, and how long it may take."""

import ssl
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from app.infra import outward, reach, signature
from app.infra.outward import Outward, Unsent
from app.rules.webhooks import Failure
from tests.webhooks.receiver import Receiver, Request, is_signed, served
from tests.world import WEBHOOK_SECRET

HERE = (ip_network("127.0.0.0/8"),)
HOST = "hooks.example.org"
SPEC_HEADERS = {
    "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
    "webhook-timestamp": "1614265330",
    "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
}
FORBIDDEN = [
    *("127.0.0.1", "127.255.255.254", "0.0.0.0", "0.1.2.3"),
    *("10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.0.1"),
    *("169.254.169.254", "100.64.0.1", "100.127.255.255"),
    *("192.0.0.8", "192.0.0.9", "192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.1"),
    *("192.88.99.1", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255"),
    *("::", "::1", "fe80::1", "fec0::1", "fc00::1", "fd12:3456::1", "ff02::1"),
    # IPv4 inside: mapped, compatible, translated, NAT64, 6to4, Teredo.
    *("::ffff:10.0.0.1", "::ffff:8.8.8.8", "::10.0.0.1", "::ffff:0:10.0.0.1"),
    *("64:ff9b::a00:1", "64:ff9b::808:808", "64:ff9b:1::1", "2002:a00:1::1", "2002:808:808::1"),
    *("2001:0:53aa:64c::1", "2001:db8::1", "2001:10::1", "2001:20::1", "3fff::1", "100::1"),
    *("5f00::1", "4000::1"),
]
PUBLIC = ["8.8.8.8", "1.1.1.1", "100.63.255.255", "172.32.0.1", "2606:4700:4700::1111", "2a00::1"]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with served() as receiver:
        yield receiver


@pytest.mark.parametrize("address", FORBIDDEN)
def test_an_address_that_is_not_of_the_internet_is_not_reached(address: str):
    """Line 45 of docs/security.md."""
    asked: list[tuple[str, int]] = []

    def resolve(host: str, port: int) -> list[str]:
        asked.append((host, port))
        return [address]

    with pytest.raises(Unsent, match=r"^forbidden$"):
        Outward(resolve=resolve).post(f"https://{HOST}/", {}, b"")
    assert asked == [(HOST, 443)]


@pytest.mark.parametrize("address", PUBLIC)
def test_an_address_of_the_internet_may_be_reached(address: str):
    assert reach.may_reach(address)
    assert not reach.is_in(address, HERE)


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "2130706433", "0x7f000001", "0177.0.0.1", "127.1", "[::1]"]
)
def test_however_an_address_is_written_it_is_that_address(receiver: Receiver, host: str):
    """Line 45 of docs/security.md."""
    with pytest.raises(Unsent, match=r"^(forbidden|name)$"):
        Outward().post(f"https://{host}:{receiver.port}/", {}, b"")
    assert receiver.connections == 0


def test_a_name_that_leads_inside_too_is_not_asked_at_all(receiver: Receiver):
    """Line 45 of docs/security.md."""
    names = {HOST: ["8.8.8.8", "127.0.0.1"]}
    with pytest.raises(Unsent, match=r"^forbidden$"):
        Outward(resolve=lambda host, _port: names[host]).post(f"https://{HOST}/", {}, b"")
    assert receiver.connections == 0


def test_what_was_looked_at_is_what_is_connected_to(receiver: Receiver):
    """Line 45 of docs/security.md."""
    # A second look would find the metadata service of a cloud.
    says = iter([["127.0.0.1"], ["169.254.169.254"]])
    way = Outward(HERE, lambda _host, _port: next(says))
    assert way.post(f"http://{HOST}:{receiver.port}/", {}, b"hello") == 200
    (request,) = receiver.requests
    assert request.headers["Host"] == f"{HOST}:{receiver.port}"
    assert next(says) == ["169.254.169.254"], "the name was resolved more than once"


def test_plain_http_goes_nowhere_but_to_allowed_networks():
    """Line 45 of docs/security.md."""
    with pytest.raises(Unsent, match=r"^forbidden$"):
        Outward(HERE, lambda _host, _port: ["8.8.8.8"]).post(f"http://{HOST}/", {}, b"")


def test_no_proxy_of_the_environment_is_asked(receiver: Receiver, monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert Outward(HERE).post(receiver.url, {}, b"{}") == 200


@pytest.mark.parametrize(
    ("answer", "status"), [(200, 200), (204, 204), (500, 500), (410, 410), ("redirect", 302)]
)
def test_the_status_is_told_and_no_redirect_followed(receiver, answer, status: int):
    """Line 45 of docs/security.md."""
    receiver.answers = [answer]
    assert Outward(HERE).post(receiver.url, {"X-A": "b"}, b"{}") == status
    (request,) = receiver.requests
    assert request.line == "POST /kept?by=us HTTP/1.1"
    assert request.headers["X-A"] == "b"
    assert request.body == b"{}"


@pytest.mark.parametrize("answer", ["close", "garbage", "headers"])
def test_an_answer_that_is_none_is_told_as_such(receiver, answer: str):
    receiver.answers = [answer]
    with pytest.raises(Unsent, match=r"^broken$"):
        Outward(HERE).post(receiver.url, {}, b"{}")


@pytest.mark.parametrize("answer", ["hang", "drip"])
def test_no_answer_takes_longer_than_it_may(receiver, answer: str, monkeypatch):
    monkeypatch.setattr(outward, "WHOLE_SECONDS", 0.5)
    receiver.answers = [answer]
    began = time.monotonic()
    with pytest.raises(Unsent, match=r"^slow$"):
        Outward(HERE).post(receiver.url, {}, b"{}")
    assert time.monotonic() - began < 4


def test_of_a_huge_answer_next_to_nothing_is_read(receiver: Receiver):
    receiver.answers = ["huge"]
    began = time.monotonic()
    assert Outward(HERE).post(receiver.url, {}, b"{}") == 200
    assert time.monotonic() - began < outward.WHOLE_SECONDS / 2


def test_who_does_not_listen_is_not_reached():
    with served() as gone:
        pass
    with pytest.raises(Unsent, match=r"^unreached$"):
        Outward(HERE).post(gone.url, {}, b"{}")


@pytest.mark.parametrize("found", [OSError("no such name"), []])
def test_a_name_that_nobody_has_is_told_as_such(found: object):
    def resolve(_host: str, _port: int) -> list[str]:
        if isinstance(found, OSError):
            raise found
        return []

    with pytest.raises(Unsent, match=r"^name$"):
        Outward(resolve=resolve).post(f"https://{HOST}/", {}, b"")


@pytest.fixture
def certificate(tmp_path: Path) -> Callable[[str], tuple[ssl.SSLContext, Path]]:
    """A function that makes a certificate for a host, which is its own authority."""

    def make(host: str) -> tuple[ssl.SSLContext, Path]:
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
        now = datetime.now().astimezone()
        made = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(1)
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=1))
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .sign(key, hashes.SHA256())
        )
        file = tmp_path / "both.pem"
        pem = serialization.Encoding.PEM
        own = serialization.PrivateFormat.PKCS8
        secret = key.private_bytes(pem, own, serialization.NoEncryption())
        file.write_bytes(secret + made.public_bytes(pem))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        return context, file

    return make


@pytest.mark.parametrize("of", [HOST, "other.example.org"])
def test_the_certificate_is_that_of_the_name_though_the_address_is_pinned(certificate, of: str):
    """Line 45 of docs/security.md."""
    tls, file = certificate(of)
    names: list[str | None] = []
    tls.sni_callback = lambda _line, name, _context: names.append(name)
    with served(tls=tls) as receiver:
        way = Outward(
            HERE,
            lambda _host, _port: ["127.0.0.1"],
            lambda: ssl.create_default_context(cafile=str(file)),
        )
        url = f"https://{HOST}:{receiver.port}/"
        if of == HOST:
            assert way.post(url, {}, b"{}") == 200
            assert receiver.requests[0].headers["Host"] == f"{HOST}:{receiver.port}"
        else:
            with pytest.raises(Unsent, match=r"^certificate$"):
                way.post(url, {}, b"{}")
            assert receiver.requests == []
    assert names == [HOST]


def test_a_certificate_of_nobody_we_know_is_none(certificate):
    tls, _file = certificate(HOST)
    with served(tls=tls) as receiver:
        way = Outward(HERE, lambda _host, _port: ["127.0.0.1"])
        with pytest.raises(Unsent, match=r"^certificate$"):
            way.post(f"https://{HOST}:{receiver.port}/", {}, b"{}")


def test_every_word_of_the_way_out_is_one_that_is_stored():
    assert {"name", "forbidden", "unreached", "certificate", "slow", "broken"} < set(Failure)


def test_the_example_of_the_specification_is_signed_as_it_says():
    body = b'{"test": 2432232314}'
    made = signature.headers(WEBHOOK_SECRET, SPEC_HEADERS["webhook-id"], 1614265330, body)
    assert made == SPEC_HEADERS


def test_a_new_secret_has_256_bits_and_signs(receiver: Receiver):
    secret, other = signature.new_secret(), signature.new_secret()
    assert secret != other
    Outward(HERE).post(receiver.url, signature.headers(secret, "msg_1", 7, b"{}"), b"{}")
    (request,) = receiver.requests
    assert is_signed(request, secret)
    assert not is_signed(request, other)
    assert not is_signed(Request(request.line, request.headers, b"{ }"), secret)
    assert len(secret) == len("whsec_") + 44


def test_an_ipv4_address_is_never_taken_for_one_of_ipv6():
    assert not reach.is_in("::ffff:127.0.0.1", HERE)
    assert ip_address("127.0.0.1") in HERE[0]
