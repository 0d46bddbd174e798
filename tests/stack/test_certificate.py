"""A certificate of an authority takes the place of our own, and only then TLS is insisted on."""

import socket
import ssl

from tests.stack.engine import DOMAIN, Stack, eventually, trusting
from tests.stack.visitor import Visitor

# As certbot leaves it: two files in a folder of their own.
ISSUE = (
    "mkdir -p /certs/config/live/commit-life && cd /certs/config/live/commit-life"
    " && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 9"
    f" -subj '/CN={DOMAIN}/O=An authority' -keyout privkey.pem -out fullchain.pem"
    " && chmod 644 privkey.pem"
)


def shown(stack: Stack) -> bytes:
    """The certificate that nginx shows."""
    plain = socket.create_connection((DOMAIN, stack.port), timeout=5)
    with plain, trusting().wrap_socket(plain, server_hostname=DOMAIN) as secure:
        return secure.getpeercert(binary_form=True) or b""


def test_nginx_takes_a_certificate_when_there_is_one_and_insists_on_tls_from_then_on(stack: Stack):
    visitor = Visitor(stack)
    ours = shown(stack)
    assert ours == ssl.PEM_cert_to_DER_cert((stack.folder / "secrets/self_signed.crt").read_text())
    assert "Strict-Transport-Security" not in visitor.get("/").headers

    volume = f"{stack.name}_certs:/certs"
    stack.run(
        "docker", "run", "--rm", "--user", "0", "--volume", volume, "--entrypoint", "sh",
        "nginx:1.28", "-c", ISSUE,
    )  # fmt: skip
    eventually(lambda: shown(stack) != ours, 10)
    for path in ("/", "/pages/parts/egg.svg"):
        eventually(lambda: Visitor(stack).get("/").headers["Strict-Transport-Security"], 5)
        assert Visitor(stack).get(path).headers.get_all("Strict-Transport-Security") == [
            "max-age=63072000"
        ]
