"""The data of the benchmark: reference users of a known shape, and a crowd around them.

Everything is made by statements on whole sets, so that millions of rows take seconds. Commits,
ledger, balances and streaks agree with one another, as `flask ledger verify` asks.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg2
from psycopg2.extensions import connection as Connection  # noqa: N812

# Pillars, habits in each, days of history, how many days ago it ended, and the import that brought
# it, if one did: it has no lines in the ledger. The first four show the same page.
PEOPLE = {
    "reference@bench.example": (6, 8, 90, 0, None),
    "twelve-weeks@bench.example": (6, 8, 12 * 7, 0, None),
    "ten-years@bench.example": (6, 8, 3652, 0, None),
    "a-year-away@bench.example": (6, 8, 366 + 12 * 7, 366, None),
    "many-habits@bench.example": (10, 20, 90, 0, None),
    "many-years@bench.example": (10, 20, 3652, 0, 1),
}
REFERENCE, TWELVE_WEEKS, TEN_YEARS, YEAR_AWAY, MANY_HABITS, MANY_YEARS = PEOPLE
ENDED = {email: ended for email, (_pillars, _habits, _days, ended, _import) in PEOPLE.items()}
_START = """
CREATE TEMP TABLE people (
    email text, pillars int, habits int, days int, ended int, import_id bigint);
CREATE TEMP TABLE numbered (user_id bigint, id bigint, number int);
CREATE TEMP TABLE runs (user_id bigint, habit_id bigint, day date, run int);
"""
_REFERENCES = "INSERT INTO people VALUES (%s, %s, %s, %s, %s, %s)"
# Seven of ten users have just begun, one of twenty has been here for most of a year.
_CROWD = """
INSERT INTO people
SELECT 'user-' || n || '@bench.example',
       CASE WHEN n %% 20 = 0 THEN 3 WHEN n %% 20 < 6 THEN 2 ELSE 1 END,
       CASE WHEN n %% 20 = 0 THEN 3 ELSE 2 END,
       CASE WHEN n %% 20 = 0 THEN 270 WHEN n %% 20 < 6 THEN 105 ELSE 30 END, 0
FROM generate_series(1, %s) n
"""
# Of twelve habits six are daily, two are for working days, two come three times a week, one every
# third day, and one counts pages. The next twelve are kept where these are open today.
_RHYTHMS = """
INSERT INTO schedules (user_id, habit_id, starts_on, kind, measure, weekdays, times, every,
                       target, step, unit)
SELECT h.user_id, h.id, current_date - days, r.kind, r.measure, r.weekdays, r.times, r.every,
       r.target, r.step, r.unit
FROM users u NATURAL JOIN people JOIN numbered h ON h.user_id = u.id
JOIN (VALUES
    (0, 'daily', 'check', 0, 1, 1, 0, 1, ''), (1, 'daily', 'check', 0, 1, 1, 0, 1, ''),
    (2, 'weekdays', 'check', 31, 1, 1, 0, 1, ''), (3, 'weekly', 'check', 0, 3, 1, 0, 1, ''),
    (4, 'daily', 'check', 0, 1, 1, 0, 1, ''), (5, 'daily', 'check', 0, 1, 1, 0, 1, ''),
    (6, 'every', 'check', 0, 1, 3, 0, 1, ''), (7, 'daily', 'at_least', 0, 1, 1, 50, 10, 'pages')
) AS r (place, kind, measure, weekdays, times, every, target, step, unit)
    ON r.place = h.number % 12 % 8
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
INSERT INTO numbered
SELECT h.user_id, h.id,
       row_number() OVER (PARTITION BY h.user_id ORDER BY h.pillar_id, h.position) - 1
FROM users u NATURAL JOIN people JOIN habits h ON h.user_id = u.id
""",
    _RHYTHMS,
    "UPDATE habits SET counted = true FROM numbered n WHERE habits.user_id = n.user_id"
    " AND habits.id = n.id AND n.number % 12 = 7",
    # Everybody has been on holiday, and has skipped a habit.
    """
INSERT INTO rests (user_id, kind, starts_on, ends_on, created_at)
SELECT id, 'rest', current_date - ended - 24, current_date - ended - 18, created_at
FROM users NATURAL JOIN people
""",
    """
INSERT INTO rests (user_id, kind, habit_id, starts_on, ends_on, created_at)
SELECT h.user_id, 'skip', h.id, current_date - ended - 9, current_date - ended - 9, u.created_at
FROM users u NATURAL JOIN people JOIN numbered h ON h.user_id = u.id WHERE number = 4
""",
    # Every habit misses a day now and then; of today every second one is kept, and yesterday was
    # forgotten: no morning has more to say. The days before a run, less their own number, are the
    # same for the whole run.
    """
INSERT INTO runs
SELECT user_id, habit_id, day,
       row_number() OVER (PARTITION BY user_id, habit_id, day - nth::int ORDER BY day)
FROM (
    SELECT h.user_id, h.id AS habit_id, day::date,
           row_number() OVER (PARTITION BY h.user_id, h.id ORDER BY day) AS nth
    FROM users u NATURAL JOIN people
    JOIN numbered h ON h.user_id = u.id
    JOIN schedules s ON s.user_id = h.user_id AND s.habit_id = h.id,
    generate_series(s.starts_on, current_date - ended, interval '1 day') day
    WHERE CASE WHEN day = current_date THEN (h.number + h.number / 12) % 2 = 0
               WHEN day = current_date - 1 THEN false
               WHEN (day::date - date '2000-01-01' + h.id * 5) % 13 = 0 THEN false
               WHEN s.kind = 'weekdays' THEN extract(isodow FROM day) <= 5
               WHEN s.kind = 'weekly' THEN extract(isodow FROM day) IN (1, 3, 5)
               WHEN s.kind = 'every' THEN (day::date - s.starts_on) % 3 = 0
               ELSE true END
) AS kept
""",
    # A day that is kept has its fifty pages, one that is not has some.
    """
INSERT INTO amounts (user_id, habit_id, day, amount, created_at)
SELECT h.user_id, h.id, on_day::date, CASE WHEN r.day IS NULL THEN 20 ELSE 50 END, on_day
FROM users u NATURAL JOIN people
JOIN numbered h ON h.user_id = u.id AND h.number % 12 = 7
CROSS JOIN generate_series(current_date - days, current_date - ended, interval '1 day') on_day
LEFT JOIN runs r ON r.user_id = h.user_id AND r.habit_id = h.id AND r.day = on_day::date
""",
    """
INSERT INTO commits (user_id, habit_id, day, created_at, import_id)
SELECT user_id, habit_id, day, day + time '12:00' AT TIME ZONE 'UTC', import_id
FROM runs JOIN users u ON u.id = user_id NATURAL JOIN people
""",
    """
INSERT INTO ledger_entries (user_id, habit_id, pillar_id, pet_id, day, label, amount, created_at)
SELECT r.user_id, r.habit_id, h.pillar_id, t.id, r.day, h.name,
       ((CASE h.effort WHEN 'easy' THEN 5 WHEN 'normal' THEN 10 ELSE 20 END)
        * (60 + least(r.run, 30)) + 30) / 60,
       r.day + time '12:00' AT TIME ZONE 'UTC'
FROM users u NATURAL JOIN people
JOIN runs r ON r.user_id = u.id AND import_id IS NULL
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
        cursor.execute("TRUNCATE people, numbered, runs")
