"""An authenticator in software: it makes one passkey and signs with it, as a device would."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

# Whoever uses it is there, and was recognised by it.
PRESENT, VERIFIED, _HOLDS_KEY = 0x01, 0x04, 0x40
ORIGIN = "http://localhost"


@dataclass
class Authenticator:
    """One passkey. `secret` makes its key; `counts` tells whether it counts its uses."""

    secret: int = 51
    counts: bool = True
    flags: int = PRESENT | VERIFIED
    origin: str = ORIGIN
    host: str = "localhost"
    uses: int = 0
    handle: bytes = b""

    def __post_init__(self) -> None:
        """Make the key."""
        self._key = ec.derive_private_key(self.secret, ec.SECP256R1())
        self.credential = hashlib.sha256(str(self.secret).encode()).digest()
        numbers = self._key.public_key().public_numbers()
        x, y = numbers.x.to_bytes(32), numbers.y.to_bytes(32)
        self.public_key = cbor2.dumps({1: 2, 3: -7, -1: 1, -2: x, -3: y})

    def make(self, options: str) -> str:
        """Answer what a page asks to make a passkey with."""
        asked = json.loads(options)
        self.handle = base64url_to_bytes(asked["user"]["id"])
        length = len(self.credential).to_bytes(2)
        attested = bytes(15) + b"\1" + length + self.credential + self.public_key
        attestation = {
            "fmt": "none",
            "attStmt": {},
            "authData": self._data(_HOLDS_KEY) + attested,
        }
        return self._answer(
            clientDataJSON=self._said("webauthn.create", asked),
            attestationObject=cbor2.dumps(attestation),
        )

    def use(self, options: str) -> str:
        """Answer what a page asks to use a passkey with."""
        asked = json.loads(options)
        self.uses += self.counts
        said, data = self._said("webauthn.get", asked), self._data()
        signed = self._key.sign(data + hashlib.sha256(said).digest(), ec.ECDSA(SHA256()))
        return self._answer(
            clientDataJSON=said, authenticatorData=data, signature=signed, userHandle=self.handle
        )

    def _said(self, kind: str, asked: dict[str, Any]) -> bytes:
        return json.dumps(
            {"type": kind, "challenge": asked["challenge"], "origin": self.origin}
        ).encode()

    def _data(self, more: int = 0) -> bytes:
        flags = (self.flags | more).to_bytes(1)
        return hashlib.sha256(self.host.encode()).digest() + flags + self.uses.to_bytes(4)

    def _answer(self, **response: bytes) -> str:
        number = bytes_to_base64url(self.credential)
        told = {name: bytes_to_base64url(value) for name, value in response.items()}
        return json.dumps({"id": number, "rawId": number, "type": "public-key", "response": told})


def asking(challenge: str, user_id: int = 0) -> str:
    """Return what a page asks with a challenge of ours, as far as a device looks at it."""
    user = {"id": bytes_to_base64url(user_id.to_bytes(8))}
    return json.dumps({"challenge": bytes_to_base64url(challenge.encode()), "user": user})
