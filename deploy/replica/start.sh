#!/bin/bash
# A copy of the database that follows it: made at the first start, brought up to date by streaming.
set -euo pipefail

export PGPASSFILE=/tmp/passwords
(umask 077 && echo "*:*:*:replica:$(cat /run/secrets/replication_password)" >"$PGPASSFILE")

if [ ! -s "$PGDATA/standby.signal" ]; then
    # What an interrupted copy left behind is no database.
    rm -rf "${PGDATA:?}"
    mkdir -p "$PGDATA"
    chmod 700 "$PGDATA"
    echo "Copying the database of db …"
    until pg_basebackup --host db --username replica --pgdata "$PGDATA" --wal-method stream \
        --checkpoint fast --no-password; do
        sleep 2
        find "$PGDATA" -mindepth 1 -delete
    done
    touch "$PGDATA/standby.signal"
    # The sign that the copy is whole.
    echo complete >"$PGDATA/standby.signal"
fi

exec postgres --config-file=/etc/postgresql/postgresql.conf \
    -c primary_conninfo="host=db user=replica passfile=$PGPASSFILE application_name=replica connect_timeout=5 keepalives_idle=5"
