#!/bin/bash
# Sends every backup to an S3-compatible bucket, once. The bucket's own rules say how long it keeps them.
set -euo pipefail
shopt -s nullglob extglob
BACKUPS=/backups SENT=/backups/.sent

send() {
    # The credentials come over standard input: a command line can be read by others.
    printf 'user = "%s:%s"\n' "$(cat /run/secrets/s3_access_key)" "$(cat /run/secrets/s3_secret_key)" |
        curl --config - --silent --show-error --fail --retry 3 --max-time 3600 \
            --aws-sigv4 "aws:amz:${S3_REGION:-us-east-1}:s3" --header "x-amz-content-sha256: $(cat "$1.sha256")" \
            --upload-file "$1" "${S3_BUCKET_URL%/}/$(basename "$1")" >/dev/null
}

touch "$SENT"
while true; do
    for dump in "$BACKUPS"/commit-life-+([0-9])T+([0-9])Z.dump; do
        name=$(basename "$dump")
        grep -qxF "$name" "$SENT" && continue
        if send "$dump"; then
            echo "$name" >>"$SENT"
            touch -r "$dump" "$BACKUPS/.offsite"
            echo "Sent: $name"
        else
            echo "NOT SENT: $name. The next try is in ten minutes." >&2
        fi
    done
    # The list of deleted accounts goes along whenever it has grown: a dump from there needs it.
    if [ "$BACKUPS/departed" -nt "$BACKUPS/.departed-sent" ] && send "$BACKUPS/departed"; then
        touch -r "$BACKUPS/departed" "$BACKUPS/.departed-sent"
    fi
    sleep "${OFFSITE_EVERY:-600}" &
    wait $!
done
