"""Codes that somebody types: of an app that makes them, or a recovery code."""

import logging

from app.infra import clock, codes, db, passwords
from app.queries import factors
from app.rules.factors import (
    ALPHABET,
    RECOVERY_CODES,
    RECOVERY_LENGTH,
    Code,
    Recovery,
    clean_code,
    is_code,
    is_recovery_code,
)
from app.web import sealed

SECRET = "secret of an app"

_log = logging.getLogger(__name__)


def evidence(user_id: int, typed: str) -> Code | Recovery | None:
    """Return what a typed code proves of the user, None for a wrong one.

    Whether it was used before is asked under the user's lock, when it is used up.
    """
    code = clean_code(typed)
    if is_recovery_code(code):
        return _recovery(user_id, code)
    return _code(user_id, code) if is_code(code) else None


def new_recovery_codes() -> list[str]:
    """Return ten recovery codes; each begins with its number."""
    return [
        f"{number}{codes.random_text(ALPHABET, RECOVERY_LENGTH - 1)}"
        for number in range(RECOVERY_CODES)
    ]


def _recovery(user_id: int, code: str) -> Recovery | None:
    number = int(code[0])
    with db.reading() as reading:
        code_hash = factors.recovery_hash(reading, user_id, number)
    # Outside of the doors, like a password.
    is_right = passwords.verify(code, code_hash)
    return Recovery(number, code_hash) if is_right and code_hash else None


def _code(user_id: int, code: str) -> Code | None:
    with db.reading() as reading:
        secrets = factors.secrets(reading, user_id)
    for app_id, secret in secrets:
        step = codes.step_of(opened, code, clock.now()) if (opened := _opened(secret)) else None
        if step is not None:
            return Code(app_id, step)
    return None


def _opened(secret: str) -> str | None:
    try:
        return sealed.unseal(SECRET, secret)
    except ValueError:
        # Of a secret that cannot be read no code is right. Recovery codes need none.
        _log.error("the secret of an app was sealed with a SECRET_KEY that is not here")
        return None
