"""The rests of a user, as one value of SQL that every read and every press has."""

# Of the user {user}: all rests, and where habits lived before they were moved; NULL where there is
# no rest, as for most.
RESTS = """
    (SELECT json_build_array(
         json_agg(json_build_array(r.starts_on, r.ends_on, r.pillar_id, r.habit_id)),
         (SELECT coalesce(json_agg(json_build_array(m.habit_id, m.pillar_id, m.until)
                                   ORDER BY m.until), '[]')
          FROM homes m WHERE m.user_id = {user}))::text
     FROM rests r WHERE r.user_id = {user} HAVING count(*) > 0)"""
