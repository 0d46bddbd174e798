"""The data of the benchmark: reference users of a known shape, and a crowd around them.

Everything is made by statements on whole sets, so that millions of rows take seconds. Commits,
ledger, balances and streaks agree with one another, as `flask ledger verify` asks.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg2
from psycopg2.extensions import connection as Connection  # noqa: N812

# Pillars, habits in each, days of history. The first three show the same page.
PEOPLE = {
    "reference@bench.example": (6, 8, 90),
    "twelve-weeks@bench.example": (6, 8, 12 * 7),
    "ten-years@bench.example": (6, 8, 3652),
    "many-habits@bench.example": (10, 20, 90),
}
REFERENCE, TWELVE_WEEKS, TEN_YEARS, MANY_HABITS = PEOPLE
_START = """
CREATE TEMP TABLE people (email text, pillars int, habits int, days int);
CREATE TEMP TABLE runs (user_id bigint, habit_id bigint, day date, run int);
"""
_REFERENCES = "INSERT INTO people VALUES (%s, %s, %s, %s)"
# Seven of ten users have just begun, one of twenty has been here for most of a year.
_CROWD = """
INSERT INTO people
SELECT 'user-' || n || '@bench.example',
       CASE WHEN n %% 20 = 0 THEN 3 WHEN n %% 20 < 6 THEN 2 ELSE 1 END,
       CASE WHEN n %% 20 = 0 THEN 3 ELSE 2 END,
       CASE WHEN n %% 20 = 0 THEN 270 WHEN n %% 20 < 6 THEN 105 ELSE 30 END
FROM generate_series(1, %s) n
"""
_FILL = (
    """
INSERT INTO users
    (email, password_hash, name, timezone, is_premium, pillar_count, version, created_at)
SELECT email, 'nobody signs in', 'Ada', 'UTC', true, pillars, 0, now() - days * interval '1 day'
FROM people ORDER BY email
""",
    "INSERT INTO addresses (email, user_id) SELECT email, id FROM users NATURAL JOIN people",
    "INSERT INTO sessions (user_id, created_at) SELECT id, now() FROM users NATURAL JOIN people",
    """
INSERT INTO pets (user_id, species, name, is_active, created_at)
SELECT id, 'fox', 'Ember', true, created_at FROM users NATURAL JOIN people
""",
    """
INSERT INTO pillars (user_id, name, color, icon, position, created_at)
SELECT u.id, (ARRAY['Body', 'Mind', 'Work', 'Friends', 'Home', 'Music'])[1 + (n - 1) % 6],
       (ARRAY['clay', 'amber', 'moss', 'pine', 'lagoon', 'iris'])[1 + (n - 1) % 6],
       (ARRAY['heart', 'book', 'briefcase', 'users', 'house', 'music'])[1 + (n - 1) % 6],
       n, u.created_at
FROM users u NATURAL JOIN people, generate_series(1, pillars) n ORDER BY u.id, n
""",
    """
INSERT INTO habits (user_id, pillar_id, name, effort, position, created_at)
SELECT p.user_id, p.id,
       (ARRAY['Read 10 pages', 'Drink water', 'Stretch for five minutes', 'Call someone dear',
              'Write three lines', 'Walk after lunch', 'Tidy one drawer', 'Practise scales']
       )[1 + (n - 1) % 8],
       (ARRAY['easy', 'normal', 'hard'])[1 + n % 3], n, p.created_at
FROM users u NATURAL JOIN people JOIN pillars p ON p.user_id = u.id, generate_series(1, habits) n
ORDER BY p.user_id, p.id, n
""",
    """
INSERT INTO schedules (user_id, habit_id, starts_on, kind)
SELECT h.user_id, h.id, current_date - days, 'daily'
FROM users u NATURAL JOIN people JOIN habits h ON h.user_id = u.id
""",
    # Every habit misses a day now and then; of today every second one is kept. The days before
    # a run, less their own number, are the same for the whole run.
    """
INSERT INTO runs
SELECT user_id, habit_id, day,
       row_number() OVER (PARTITION BY user_id, habit_id, day - nth::int ORDER BY day)
FROM (
    SELECT h.user_id, h.id AS habit_id, day::date,
           row_number() OVER (PARTITION BY h.user_id, h.id ORDER BY day) AS nth
    FROM users u NATURAL JOIN people
    JOIN habits h ON h.user_id = u.id
    JOIN schedules s ON s.user_id = h.user_id AND s.habit_id = h.id,
    generate_series(s.starts_on, current_date, interval '1 day') day
    WHERE CASE WHEN day = current_date THEN h.position % 2 = 0
               ELSE (day::date - date '2000-01-01' + h.id * 5) % 13 <> 0 END
) AS kept
""",
    """
INSERT INTO commits (user_id, habit_id, day, created_at)
SELECT user_id, habit_id, day, day + time '12:00' AT TIME ZONE 'UTC' FROM runs
""",
    """
INSERT INTO ledger_entries (user_id, habit_id, pillar_id, pet_id, day, label, amount, created_at)
SELECT r.user_id, r.habit_id, h.pillar_id, t.id, r.day, h.name,
       ((CASE h.effort WHEN 'easy' THEN 5 WHEN 'normal' THEN 10 ELSE 20 END)
        * (60 + least(r.run, 30)) + 30) / 60,
       r.day + time '12:00' AT TIME ZONE 'UTC'
FROM runs r
JOIN habits h ON h.user_id = r.user_id AND h.id = r.habit_id
JOIN pets t ON t.user_id = r.user_id
""",
    """
UPDATE pillars SET xp = s.xp
FROM (SELECT user_id, pillar_id, sum(amount) AS xp FROM ledger_entries
      JOIN users u ON u.id = user_id NATURAL JOIN people GROUP BY user_id, pillar_id) s
WHERE pillars.user_id = s.user_id AND pillars.id = s.pillar_id
""",
    """
UPDATE pets SET xp = s.xp, days_kept = s.days
FROM (SELECT user_id, sum(amount) AS xp, count(DISTINCT day) AS days FROM ledger_entries
      JOIN users u ON u.id = user_id NATURAL JOIN people GROUP BY user_id) s
WHERE pets.user_id = s.user_id
""",
)


@contextmanager
def builder(database_url: str) -> Iterator[Connection]:
    """Open a connection that builds: each statement stands by itself, and may take its time."""
    connection = psycopg2.connect(database_url)
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            # Losing the last moment of a benchmark's data in a crash would be no loss.
            cursor.execute("SET synchronous_commit = off; SET work_mem = '256MB'")
            cursor.execute(_START)
        yield connection
    finally:
        connection.close()


def add_references(connection: Connection) -> None:
    """Add the users that the benchmark looks at."""
    with connection.cursor() as cursor:
        cursor.executemany(_REFERENCES, [(email, *shape) for email, shape in PEOPLE.items()])
    _fill(connection)


def add_crowd(connection: Connection, users: int) -> None:
    """Add `users` others, and let PostgreSQL learn what it holds now."""
    with connection.cursor() as cursor:
        cursor.execute(_CROWD, (users,))
    _fill(connection)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _fill(connection: Connection) -> None:
    with connection.cursor() as cursor:
        for statement in _FILL:
            cursor.execute(statement)
        cursor.execute("TRUNCATE people, runs")
