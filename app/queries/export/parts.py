"""What commit-life.json consists of: for each list a statement whose rows are JSON already.

docs/formats/commit-life-1.schema.json says what they mean. Ids are those of one database; what
goes out is named by a `uid`, made of the account and the id: the same in every export, and known
of a habit that the ledger remembers though it is deleted.
"""


def _uid(noun: str, number: str) -> str:
    return f"CAST(md5(concat_ws(':', '{noun}', CAST(:account AS text), {number})) AS uuid)"


def _uid_or_null(noun: str, number: str) -> str:
    return f"CASE WHEN {number} IS NOT NULL THEN {_uid(noun, number)} END"


def _named(noun: str, table: str) -> str:
    """Return the join that gives the rows `t` of a table the uid of their habit, pillar or pet.

    Worked out once for each of these: there may be half a million rows.
    """
    return f"""
        JOIN (SELECT number, {_uid(noun, "number")} AS uid
              FROM (SELECT DISTINCT {noun}_id AS number FROM {table} WHERE user_id = :me) AS all_ids
              OFFSET 0) AS {noun} ON {noun}.number = t.{noun}_id
    """


# By which `:account` is told in all others. An id alone would be that of another installation too.
ACCOUNT_NAME = "SELECT concat_ws(':', id, extract(epoch FROM created_at)) FROM users WHERE id = :me"

ACCOUNT = """
    SELECT CAST(json_build_object(
        'email', email, 'name', name, 'timezone', timezone, 'day_start', day_start,
        'week_anchors', week_anchors, 'theme', theme, 'shortcuts', shortcuts,
        'egg_waits_until', egg_waits_until, 'away_answered', away_answered,
        'created_at', created_at, 'letters', (
            SELECT coalesce(json_agg(json_build_object('kind', kind, 'minute', minute)
                                     ORDER BY kind), '[]')
            FROM subscriptions WHERE user_id = :me)) AS text)
    FROM users WHERE id = :me
"""

_TERMS = """
    (SELECT coalesce(json_agg(json_build_object(
        'starts_on', s.starts_on, 'schedule', s.kind, 'kind', s.measure, 'weekdays', s.weekdays,
        'times', s.times, 'every', s.every, 'target', trim_scale(s.target),
        'step', trim_scale(s.step), 'unit', s.unit)
        ORDER BY s.starts_on), '[]')
     FROM schedules s WHERE s.user_id = h.user_id AND s.habit_id = h.id)
"""
_HOMES = f"""
    (SELECT coalesce(json_agg(json_build_object(
        'pillar', {_uid("pillar", "o.pillar_id")}, 'until', o.until) ORDER BY o.until), '[]')
     FROM homes o WHERE o.user_id = h.user_id AND o.habit_id = h.id)
"""
# Whose a moment is, by its occasion; a day with all kept is nobody's.
_SUBJECT = f"""
    CASE occasion
        WHEN 'all-kept' THEN NULL
        WHEN 'pillar' THEN {_uid("pillar", "subject_id")}
        WHEN 'milestone' THEN {_uid("habit", "subject_id")}
        ELSE {_uid("pet", "subject_id")} END
"""

LISTS = {
    "pets": f"""
        SELECT json_build_object(
            'uid', {_uid("pet", "id")}, 'species', species, 'coat', coat, 'name', name,
            'is_active', is_active, 'xp', xp, 'days_kept', days_kept, 'best_level', best_level,
            'best_stage', best_stage, 'created_at', created_at)
        FROM pets WHERE user_id = :me ORDER BY id
    """,
    "finds": f"""
        SELECT json_build_object(
            'day', day, 'number', number, 'pet', {_uid("pet", "pet_id")}, 'found_at', created_at)
        FROM finds WHERE user_id = :me ORDER BY day
    """,
    "pillars": f"""
        SELECT json_build_object(
            'uid', {_uid("pillar", "id")}, 'name', name, 'color', color, 'icon', icon,
            'position', position, 'xp', xp, 'best_level', best_level, 'is_folded', is_folded,
            'created_at', created_at, 'archived_at', archived_at)
        FROM pillars WHERE user_id = :me ORDER BY position, id
    """,
    "habits": f"""
        SELECT json_build_object(
            'uid', {_uid("habit", "h.id")}, 'pillar', {_uid("pillar", "h.pillar_id")},
            'name', h.name, 'effort', h.effort, 'position', h.position, 'day_part', h.day_part,
            'milestone', h.milestone, 'created_at', h.created_at, 'archived_at', h.archived_at,
            'rooted_at', h.rooted_at, 'asked_on', h.asked_on, 'terms', {_TERMS}, 'homes', {_HOMES})
        FROM habits h WHERE h.user_id = :me ORDER BY h.pillar_id, h.position, h.id
    """,
    "rests": f"""
        SELECT json_build_object(
            'uid', {_uid("rest", "id")}, 'kind', kind,
            'pillar', {_uid_or_null("pillar", "pillar_id")},
            'habit', {_uid_or_null("habit", "habit_id")},
            'starts_on', starts_on, 'ends_on', ends_on, 'reason', reason, 'created_at', created_at)
        FROM rests WHERE user_id = :me ORDER BY starts_on, id
    """,
    "commits": f"""
        SELECT json_build_object(
            'habit', habit.uid, 'day', t.day, 'kept_at', t.created_at,
            'is_imported', t.import_id IS NOT NULL)
        FROM commits t {_named("habit", "commits")}
        WHERE t.user_id = :me ORDER BY t.habit_id, t.day
    """,
    "amounts": f"""
        SELECT json_build_object(
            'habit', habit.uid, 'day', t.day, 'amount', trim_scale(t.amount),
            'added_at', t.created_at)
        FROM amounts t {_named("habit", "amounts")}
        WHERE t.user_id = :me ORDER BY t.habit_id, t.day, t.id
    """,
    "notes": f"""
        SELECT json_build_object(
            'habit', habit.uid, 'day', t.day, 'text', t.body, 'written_at', t.written_at)
        FROM notes t {_named("habit", "notes")}
        WHERE t.user_id = :me ORDER BY t.habit_id, t.day
    """,
    "ledger": f"""
        SELECT json_build_object(
            'line', t.id, 'habit', habit.uid, 'pillar', pillar.uid, 'pet', pet.uid, 'day', t.day,
            'label', t.label, 'amount', t.amount, 'takes_back', t.reverses_id,
            'at', t.created_at)
        FROM ledger_entries t {_named("habit", "ledger_entries")}
        {_named("pillar", "ledger_entries")} {_named("pet", "ledger_entries")}
        WHERE t.user_id = :me ORDER BY t.id
    """,
    "moments": f"""
        SELECT json_build_object(
            'occasion', occasion, 'subject', {_SUBJECT}, 'number', number, 'day', day,
            'label', label, 'at', created_at)
        FROM moments WHERE user_id = :me ORDER BY day, occasion, subject_id, number
    """,
}
