"""Faults in the second factors: in what is asked, proven, used up, and removed."""

from tests.mutants.mutant import of

_STEP, _PASSKEYS = "views/test_second_step.py", "views/test_passkeys.py"

MUTANTS = (
    *of(
        "rules/factors.py",
        "rules/test_rules_factors.py",
        ("self.version == version and ", ""),
        ("now < self.began_at + HALF_WAY_HOLDS", "now <= self.began_at + HALF_WAY_HOLDS"),
        ("self.began_at <= now < ", "now < "),
        ('.translate(_LIKENESSES)', ""),
    ),
    *of(
        "infra/sealed.py",
        "test_sealed.py",
        ("if known != purpose:", "if not known:"),
        ("if seconds is None:", "if True:"),
    ),
    *of(
        "infra/codes.py",
        _STEP,
        ("_BESIDE = (0, -1, 1)", "_BESIDE = (0, -1, 1, 2)"),
        ("_BESIDE = (0, -1, 1)", "_BESIDE = (0, 1)"),
        ("step + right[0] if right", "step if right"),
    ),
    *of(
        "infra/passkeys.py",
        _PASSKEYS,
        ("int.from_bytes(handle, signed=True)", "int.from_bytes(handle)"),
    ),
    *of(
        "operations/sessions.py",
        _STEP,
        ("    if user.has_factor:\n", "    if False:\n"),
    ),
    *of(
        "operations/sessions.py",
        "views/test_proofs.py",
        ("not user.has_factor and proof.holds", "proof.holds"),
        (" is Use.FIRST", " is not Use.WRONG"),
    ),
    *of(
        "operations/second_step.py",
        _STEP,
        ("version is None or not half.holds(version, now)", "version is None"),
        ("    if used is Use.WRONG:\n        return None\n", ""),
    ),
    *of(
        "operations/second_step.py",
        _PASSKEYS,
        (" or sessions.was_sent(session, user_id, key)", ""),
    ),
    *of(
        "operations/factors.py",
        _STEP,
        ("AND last_step < :step RETURNING", "AND last_step <> :step RETURNING"),
        ("code_hash = :hash AND used_at IS NULL\n", "code_hash = :hash\n"),
        ("    if not has_factor:\n", "    if False:\n"),
    ),
    *of(
        "operations/factors.py",
        _PASSKEYS,
        ("sign_count < :count OR sign_count = 0 AND :count = 0", "true"),
        ("standing.passkeys == 1 and not standing.has_password", "False"),
        ("    if not _standing(session, actor).passkeys:\n", "    if False:\n"),
        ("if many >= most:", "if many > most:"),
    ),
    *of(
        "web/passkeys.py",
        _PASSKEYS,
        ("shown.netloc != own.netloc or ", ""),
        (" or _is_ip(host):", ":"),
        ("sealed.unseal(purpose, challenge, CHALLENGE_HOLDS)", "sealed.unseal(purpose, challenge)"),
        ("if bytes(own) == answer.credential:", "if True:"),
    ),
    *of(
        "web/half_way.py",
        _STEP,
        ("    session.clear()\n", ""),
        ("onward if len(onward) <= _LONGEST_WAY else url_for(\"today.show\")", "onward"),
    ),
)  # fmt: skip
