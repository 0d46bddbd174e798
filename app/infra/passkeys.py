"""Passkeys (WebAuthn): what a browser is asked, and whether its answer is right.

An answer comes from outside and is taken apart by parsers of several formats, which raise what
they like: to whoever asks here, an answer that is not right is a ValueError.
"""

import json
from dataclasses import dataclass
from typing import Any

import webauthn
from webauthn.helpers import base64url_to_bytes, parse_client_data_json
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

# Seconds that a browser may take; it is a wish, and a form may stand open for longer.
_TIMEOUT = 300
# More than the answer of any authenticator, in characters.
_LONGEST = 16_000
_VERIFIED = UserVerificationRequirement.REQUIRED
_HANDLE = 8


@dataclass(frozen=True, slots=True)
class Site:
    """Where passkeys are at home: the host that they belong to, and the origin of its pages."""

    host: str
    origin: str


@dataclass(frozen=True, slots=True)
class Made:
    """A passkey that was just made."""

    credential: bytes
    public_key: bytes
    count: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What a browser says: to which challenge, by which passkey of which user."""

    challenge: str
    credential: bytes
    user_id: int | None


def ask_to_make(
    place: Site, challenge: str, user_id: int, account: str, known: list[bytes]
) -> dict[str, Any]:
    """Return what a browser is asked to make a passkey with.

    It stays on its device and is found there without a name; the device asks who uses it (by
    finger, face or PIN). None is made where one of `known` is.
    """
    options = webauthn.generate_registration_options(
        rp_id=place.host,
        rp_name="Commit Life",
        user_id=user_id.to_bytes(_HANDLE),
        user_name=account,
        challenge=challenge.encode(),
        timeout=_TIMEOUT * 1000,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            require_resident_key=True,
            user_verification=_VERIFIED,
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=each) for each in known],
    )
    return _as_json(options)


def ask_to_use(place: Site, challenge: str, known: list[bytes]) -> dict[str, Any]:
    """Return what a browser is asked to use one of `known` with; without any it offers its own."""
    options = webauthn.generate_authentication_options(
        rp_id=place.host,
        challenge=challenge.encode(),
        timeout=_TIMEOUT * 1000,
        allow_credentials=[PublicKeyCredentialDescriptor(id=each) for each in known],
        user_verification=_VERIFIED,
    )
    return _as_json(options)


def read(credential: str) -> Answer:
    """Return what an answer says of itself; nothing of it is proven yet. Raises ValueError."""
    try:
        if len(credential) > _LONGEST:
            raise ValueError("too long")
        said = json.loads(credential)
        client_data = parse_client_data_json(base64url_to_bytes(said["response"]["clientDataJSON"]))
        handle = base64url_to_bytes(said["response"].get("userHandle") or "")
        return Answer(
            challenge=client_data.challenge.decode(),
            credential=base64url_to_bytes(said["rawId"]),
            user_id=int.from_bytes(handle, signed=True) if len(handle) == _HANDLE else None,
        )
    except Exception as error:
        raise ValueError("not the answer of a passkey") from error


def check_made(place: Site, credential: str, challenge: str) -> Made:
    """Return the passkey that was made for the challenge. Raises ValueError."""
    try:
        made = webauthn.verify_registration_response(
            credential=credential,
            expected_challenge=challenge.encode(),
            expected_rp_id=place.host,
            expected_origin=place.origin,
            require_user_verification=True,
        )
    except Exception as error:
        raise ValueError("not a passkey for this") from error
    return Made(made.credential_id, made.credential_public_key, made.sign_count)


def check_used(place: Site, credential: str, challenge: str, public_key: bytes) -> int:
    """Return how often the passkey was used, by what it says, which signed the challenge.

    Whether that number may be is asked under the user's lock. Raises ValueError.
    """
    try:
        used = webauthn.verify_authentication_response(
            credential=credential,
            expected_challenge=challenge.encode(),
            expected_rp_id=place.host,
            expected_origin=place.origin,
            credential_public_key=public_key,
            credential_current_sign_count=0,
            require_user_verification=True,
        )
    except Exception as error:
        raise ValueError("not signed by this passkey") from error
    return used.new_sign_count


def _as_json(options: Any) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(webauthn.options_to_json(options))
    return said
