# shellcheck shell=bash
# What backup and restore share: where dumps are, whether one is sound, how it becomes a database.

BACKUPS=/var/lib/postgresql
export PGHOST=db PGUSER=postgres PGDATABASE=postgres PGCONNECT_TIMEOUT=5 PGOPTIONS="-c lock_timeout=30s"
export PGPASSFILE=/tmp/passwords
(umask 077 && echo "*:*:*:postgres:$(cat /run/secrets/admin_password)" >"$PGPASSFILE")

fail() {
    echo "$*" >&2
    exit 1
}

# The paths of all dumps, the newest first. A name holds its time, so names are in its order. What else
# lies in the folder, whatever it is called, is somebody else's and none of ours.
dumps() {
    local path
    for path in "$BACKUPS"/commit-life-*.dump; do
        if is_time "${path#"$BACKUPS"/commit-life-}"; then echo "$path"; fi
    done | sort --reverse
}

# Is it a time as names of dumps have it, such as 20260301T031500Z.dump?
is_time() {
    [[ $1 =~ ^[0-9]{8}T[0-9]{6}Z\.dump$ ]] && date -u -d "${1%%T*}" >/dev/null 2>&1
}

# The path of a dump by its name or path; the newest without one.
chosen() {
    local dump=${1:-}
    if [ -z "$dump" ]; then dump=$(dumps | head -n 1); fi
    [ -n "$dump" ] || fail "There is no backup yet. Make one: backup now"
    [ -e "$dump" ] || dump=$BACKUPS/$(basename "$dump")
    [ -e "$dump" ] || fail "There is no backup $1. These are there: $(dumps | xargs -rn1 basename | tr '\n' ' ')"
    echo "$dump"
}

# Deleted accounts stand in a list beside the dumps, as numbers: a restore does not take it back in
# time, and the worker deletes by it whom an older dump has brought back.
note_departed() {
    local list=$BACKUPS/departed gone
    # While the database is away, and where it knows of nobody, what is known stays.
    gone=$(sql commit_life 2>/dev/null <<'SQL'
SELECT user_id || ' ' || to_char(joined_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"') FROM departures;
SQL
) || return 0
    [ -n "$gone" ] || return 0
    # A disk that is full must neither end the schedule nor cut the list.
    if { echo "$gone" && { [ ! -e "$list" ] || cat "$list"; }; } | sort --unique >"$list.part" && sync "$list.part"; then
        cmp --silent "$list.part" "$list" || { sum "$list.part" >"$list.sha256" && mv "$list.part" "$list"; } || true
    else
        echo "THE LIST OF DELETED ACCOUNTS COULD NOT BE WRITTEN; the one before is kept." >&2
    fi
    rm -f "$list.part"
}

sum() { sha256sum "$1" | cut -d ' ' -f 1; }

sound() {
    if [ -e "$1.sha256" ]; then
        [ "$(sum "$1")" = "$(cat "$1.sha256")" ] || fail "$(basename "$1") is damaged: its checksum differs."
    fi
    pg_restore --list "$1" >/dev/null || fail "$(basename "$1") cannot be read."
}

sql() { psql --quiet --no-psqlrc --no-align --tuples-only --set ON_ERROR_STOP=1 --dbname "$1"; }

# A new database $2 with what the dump $1 holds, owned by the app. All of it, or an error.
load() {
    createdb --template template0 --owner commit_life "$2"
    pg_restore --single-transaction --exit-on-error --no-owner --role commit_life --dbname "$2" "$1"
}

counts() {
    sql "$1" <<'SQL'
SELECT format('%s users, %s habits, %s commits, %s ledger entries',
              (SELECT count(*) FROM users), (SELECT count(*) FROM habits),
              (SELECT count(*) FROM commits), (SELECT count(*) FROM ledger_entries));
SQL
}

# The quick look at the XP; `flask ledger verify` of the app looks at everything.
balanced() {
    [ "$(sql "$1" <<'SQL'
SELECT NOT EXISTS (
    SELECT FROM pets p LEFT JOIN ledger_entries e ON e.user_id = p.user_id AND e.pet_id = p.id
    GROUP BY p.user_id, p.id HAVING p.xp <> coalesce(sum(e.amount), 0)
) AND NOT EXISTS (
    SELECT FROM pillars p LEFT JOIN ledger_entries e ON e.user_id = p.user_id AND e.pillar_id = p.id
    GROUP BY p.user_id, p.id HAVING p.xp <> coalesce(sum(e.amount), 0)
);
SQL
)" = t ]
}
