#!/bin/sh
# A real certificate from Let's Encrypt: asked for once, renewed in time. nginx looks for it
# and takes it by itself.
set -eu
certbot="certbot --config-dir /certs/config --work-dir /tmp/work --logs-dir /tmp/logs --non-interactive"
mkdir -p /certs/acme

while [ ! -e /certs/config/live/commit-life/fullchain.pem ]; do
    set -- certonly --webroot --webroot-path /certs/acme --domain "$DOMAIN" --cert-name commit-life --agree-tos
    if [ -n "${ACME_EMAIL:-}" ]; then set -- "$@" --email "$ACME_EMAIL"; else set -- "$@" --register-unsafely-without-email; fi
    if [ -n "${ACME_SERVER:-}" ]; then set -- "$@" --server "$ACME_SERVER"; fi
    $certbot "$@" && break
    # The authority counts failures; an hour is within what it allows.
    echo "No certificate yet. Does $DOMAIN lead here, and is port 80 open? The next try is in an hour." >&2
    sleep 3600
done
while true; do
    sleep 43200
    $certbot renew --quiet || echo "The certificate was not renewed; the next try is in twelve hours." >&2
done
