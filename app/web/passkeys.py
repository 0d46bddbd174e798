"""Passkeys in a request: where they are at home, what a page asks for, and what comes back.

What a browser is asked to sign is sealed by us: for what purpose, for whom, and with the key of
the form that it comes back with. So nothing is stored when a page is looked at, and since a form
acts once, a signature does too.
"""

import json
from ipaddress import ip_address
from typing import NamedTuple
from urllib.parse import urlsplit

from flask import current_app, request

from app.infra import db, passkeys
from app.infra.passkeys import Made, Site
from app.queries import factors
from app.rules.factors import CHALLENGE_HOLDS, PasskeyUse
from app.web import filters, sealed

MAKE, SIGN_IN = "make a passkey", "sign in by a passkey"
SECOND_STEP, PROVE = "second step by a passkey", "prove by a passkey"


class Asked(NamedTuple):
    """What a form asks a browser for, as JSON, and the key that the form must have."""

    options: str
    key: str


def site() -> Site | None:
    """Return where passkeys are at home here; None where browsers have none.

    They have them on https, and for this machine itself on http; never for a bare IP address, and
    not where a page is looked at under another address than PUBLIC_URL.
    """
    own = urlsplit(current_app.config["PUBLIC_URL"] or request.host_url)
    shown = urlsplit(request.host_url)
    host = own.hostname or ""
    is_safe = own.scheme == "https" or host == "localhost" or host.endswith(".localhost")
    if not is_safe or shown.netloc != own.netloc or _is_ip(host):
        return None
    return Site(host, f"{own.scheme}://{own.netloc}")


def _is_ip(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def ask_to_make(user_id: int, account: str) -> Asked | None:
    """Return what a form asks to make a passkey with, for the account of this address."""
    if (here := site()) is None:
        return None
    key = filters.form_key()
    challenge = _challenge(MAKE, user_id, key)
    options = passkeys.ask_to_make(here, challenge, user_id, account, _known(user_id))
    return Asked(json.dumps(options), key)


def ask_to_use(purpose: str, user_id: int = 0) -> Asked | None:
    """Return what a form asks to use a passkey with: one of the user's, of anybody's for 0.

    None where there is none to be asked for.
    """
    known = _known(user_id) if user_id else []
    here = site()
    if here is None or (user_id and not known):
        return None
    key = filters.form_key()
    options = passkeys.ask_to_use(here, _challenge(purpose, user_id, key), known)
    return Asked(json.dumps(options), key)


def made(user_id: int, key: str, credential: str) -> Made:
    """Return the passkey that the user's browser has made for the form with the `key`.

    Raises ValueError.
    """
    challenge = passkeys.read(credential).challenge
    return passkeys.check_made(_asked(MAKE, challenge, user_id, key), credential, challenge)


def used(purpose: str, key: str, credential: str, user_id: int = 0) -> tuple[int, PasskeyUse]:
    """Return whose passkey has signed for the form with the `key`, and its use.

    With 0 the passkey itself tells whose it is. Raises ValueError.
    """
    answer = passkeys.read(credential)
    here = _asked(purpose, answer.challenge, user_id, key)
    whose = user_id or answer.user_id or 0
    with db.reading() as reading:
        known = factors.public_keys(reading, whose)
    for number, own, public_key in known:
        if bytes(own) == answer.credential:
            count = passkeys.check_used(here, credential, answer.challenge, bytes(public_key))
            return whose, PasskeyUse(number, count)
    raise ValueError("no passkey of this user")


def _known(user_id: int) -> list[bytes]:
    with db.reading() as reading:
        return [bytes(each.credential) for each in factors.public_keys(reading, user_id)]


def _challenge(purpose: str, user_id: int, key: str) -> str:
    return sealed.seal(purpose, f"{user_id} {key}")


def _asked(purpose: str, challenge: str, user_id: int, key: str) -> Site:
    here = site()
    if here is None or sealed.unseal(purpose, challenge, CHALLENGE_HOLDS) != f"{user_id} {key}":
        raise ValueError("not asked by this form")
    return here
