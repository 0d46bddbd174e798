"""Faults in what keeps strangers out, and in what may be typed."""

from tests.mutants.mutant import of

MUTANTS = (
    *of(
        "rules/identity.py",
        "views/test_claims.py",
        ("        self.name.encode()\n", ""),
        (" and self.theme in THEMES", ""),
        ("0 < id_ <= _HIGHEST_ID", "0 < id_"),
    ),
    *of(
        "operations/tries.py",
        "operations/test_tries.py",
        (" AND origin = :origin AND failed_at", " AND failed_at"),
        ("user_id = :user AND origin = :origin AND failed", "origin = :origin AND failed"),
        ("limit.tries - 1", "limit.tries"),
        ("- limit.within", "- REMEMBERED"),
        ("WHERE user_id = :user AND origin >= ", "WHERE origin >= "),
        (" AND origin < :whose || 'g'\n", "\n"),
        ("origin >= :whose AND ", ""),
        ("clock.now() - REMEMBERED", "clock.now() - 2 * REMEMBERED"),
        ("door.slowed if is_attacked else door.limit", "door.limit"),
        ("session.execute(_FORGET, values)", "pass"),
    ),
    *of(
        "operations/tries.py",
        "races/test_sign_ins_at_once.py",
        ('    session.execute(_LOCK, {"origin": place})\n', ""),
    ),
    *of(
        "rules/tries.py",
        "operations/test_tries.py",
        ("ATTACKED = 100", "ATTACKED = 104"),
    ),
    *of(
        "web/tries.py",
        "views/test_limits.py",
        ("limited=settings.rate_limits", "limited=False"),
        ('access.address() if door.by_network else ""', '""'),
        ("\\n{whose}", ""),
    ),
    *of(
        "infra/passwords.py",
        "views/test_accounts.py views/test_sessions.py",
        ("_hasher.hash(normal(password))", "_hasher.hash(password)"),
        ("dict.fromkeys((normal(password), password))", "(normal(password),)"),
        ("dict.fromkeys((normal(password), password))", "(password,)"),
        ("hash_password(password) if is_of_old else None", "None"),
        ("    if _hasher.check_needs_rehash(password_hash):\n", "    if False:\n"),
        ("return score < _LEAST_SCORE", "return False"),
        ("_LEAST_SCORE = 2", "_LEAST_SCORE = 3"),
        ("[text for text in known if text]", "[]"),
    ),
    *of(
        "operations/sessions.py",
        "views/test_sessions.py",
        ("    if proof.renewed:\n", "    if False:\n"),
    ),
    *of(
        "views/sessions.py",
        "races/test_sign_ins_at_once.py",
        ("(newer := _account(form.address)) != account", "(newer := account) is None"),
    ),
    *of(
        "web/security.py",
        "races/test_bodies.py",
        ("except (OSError, ParseException) as error:", "except OSError as error:"),
        ("    if len(body) > most:\n        raise RequestEntityTooLarge\n", ""),
        (".read(most + 1)", ".read(most)"),
    ),
    *of(
        "infra/logs.py",
        "test_logs.py",
        ("_printable(super().formatMessage(record))", "super().formatMessage(record)"),
        ("_INDENT + _printable(line)", "_printable(line)"),
        ("_INDENT + _printable(line)", "_INDENT + line"),
        ("        fresh.exc_text = None\n", ""),
    ),
    *of(
        "infra/cache.py",
        "races/test_redis.py",
        ("hmac.compare_digest(signature, self._signature(key, body))", "True"),
        ('f"{len(key)}:{key}"', '""'),
        ("secret.encode(), person", 'b"", person'),
    ),
)  # fmt: skip
