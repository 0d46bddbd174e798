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
