"""Faults in what a day stands on: the facts, the board, and the fold of a streak."""

from tests.mutants.mutant import of

MUTANTS = (
    *of(
        "facts/habits.py",
        "queries/test_facts.py queries/test_today.py queries/test_habits.py queries/test_shelf.py"
        " operations/test_folds.py",
        ("> coalesce({folded_on}", ">= coalesce({folded_on}"),
        ("'-infinity')", "'infinity')"),
        ("{within} ORDER BY c.day)", "{within} ORDER BY c.day DESC)"),
        ("ORDER BY s.starts_on)", "ORDER BY s.starts_on DESC)"),
        ("AND c.habit_id = h.id AND c.day {within}", "AND c.day {within}"),
        ("    h.archived_at IS NULL AND (", "    ("),
        ("p.archived_at IS NULL OR p.id =", "true OR p.id ="),
        ("p.archived_at IS NULL OR p.id = CAST(:pillar AS bigint)", "p.archived_at IS NULL"),
        ("    OR h.id = CAST(:habit AS bigint) OR", "    OR"),
        (" OR CAST(:all AS boolean)", ""),
        ("h.archived_at IS NOT NULL OR h.rooted_at IS NOT NULL AS put_away", "false AS put_away"),
        ("p.archived_at IS NOT NULL AS pillar_put_away", "false AS pillar_put_away"),
        ("ORDER BY h.position, h.id", "ORDER BY h.id"),
    ),
    # Terms, amounts, and how far the stored fold goes.
    *of(
        "facts/habits.py",
        "queries/test_facts.py operations/test_weeks.py operations/test_folds.py",
        ("CAST(s.target * 1000 AS bigint)", "CAST(s.target AS bigint)"),
        ("CAST(s.step * 1000 AS bigint)", "CAST(s.step AS bigint)"),
        ("- h.folded_reach, '-infinity')", "- 0, '-infinity')"),
        ("sum(a.amount) AS amount", "max(a.amount) AS amount"),
        ("AND a.habit_id = h.id AND a.day {within}", "AND a.day {within}"),
        ("CASE WHEN h.closed_on IS NULL THEN h.folded_on END", "h.folded_on"),
    ),
    # A day gone by.
    *of(
        "facts/habits.py",
        "queries/test_other_day.py",
        ("least(CAST(:day AS date) - 31,", "least(CAST(:day AS date) - 20,"),
        ("AND b.day < :day))", "AND b.day <= :day))"),
        ("AND CAST(:day AS date) + 31\"\"\"", "AND :day\"\"\""),
        ("BETWEEN CAST(:day AS date) - 31 AND", "BETWEEN CAST(:day AS date) - 30 AND"),
        ("AND (h.archived_at IS NULL OR h.id", "AND (true OR h.id"),
    ),
    *of(
        "facts/rests.py",
        "operations/test_quiet_days.py",
        ("FROM rests r WHERE r.user_id = {user} HAVING", "FROM rests r HAVING"),
        ("r.ends_on, r.pillar_id, r.habit_id)", "r.ends_on, NULL, r.habit_id)"),
        ("r.ends_on, r.pillar_id, r.habit_id)", "r.ends_on, r.pillar_id, NULL)"),
        ("json_build_array(m.habit_id, m.pillar_id, m.until)",
         "json_build_array(0, m.pillar_id, m.until)"),
    ),
    *of(
        "facts/people.py",
        "queries/test_today.py queries/test_people.py",
        ("c.day <= :today) AS last_kept", "c.day < :today) AS last_kept"),
        ("c.day < :today) AS kept_before", "c.day <= :today) AS kept_before"),
        ("a.habit_id = h.id AND a.day < :today", "a.habit_id = h.id"),
        (" AND c.day <= :today) AS last_kept", ") AS last_kept"),
        ("c.user_id = :me AND c.day <= :today", "c.day <= :today"),
        ("LIMIT 5", "LIMIT 4"),
        ("c.user_id = :me LIMIT", "true LIMIT"),
        ("FROM pets b WHERE b.user_id = :me", "FROM pets b"),
        (" AND p.archived_at IS NULL) AS open_pillars", ") AS open_pillars"),
        ("ORDER BY p.position, p.id)", "ORDER BY p.id)"),
        (" AND t.is_active", ""),
        ("return PetFacts(*self[-6:])", "return PetFacts(*self[-6:])._replace(days_kept=0)"),
    ),
    *of(
        "rules/facts.py",
        "rules/test_rules_board.py",
        ("return self.put_away or self.pillar_put_away", "return self.put_away"),
        ("return self.put_away or self.pillar_put_away", "return self.pillar_put_away"),
    ),
    *of(
        "rules/board.py",
        "rules/test_rules_board.py",
        ("facts.last_kept == self.today", "facts.last_kept is not None"),
        ("            one.is_due for one in", "            True for one in"),
        ("is_done = due == kept and", "is_done ="),
        ("return self._was_due(habit, self.today)", "return False"),
    ),
    *of(
        "rules/fold.py",
        "rules/test_rules_fold.py",
        ("_CLOSED_FOR_GOOD = timedelta(days=3)", "_CLOSED_FOR_GOOD = timedelta(days=2)"),
    ),
    *of(
        "rules/closing.py",
        "rules/test_rules_fold.py",
        ("bisect_right(days, through)]", "len(days)]"),
    ),
)  # fmt: skip
