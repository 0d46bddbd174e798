#!/bin/sh
# Starts nginx, and follows what moves: the addresses of the app's containers and the certificate.
#   start.sh             what the container runs
#   start.sh pin IP…     send requests to these containers alone, until unpinned
#   start.sh unpin       follow again
#   start.sh drained     wait until no request of before the last change is under way
set -eu
parts=/run/nginx
# Eight threads answer in one container; the rest of the requests wait, and more than that are told to.
most=64
real=/certs/config/live/commit-life
public_url=${PUBLIC_URL:-https://$DOMAIN$([ "$HTTPS_PORT" = 443 ] || echo ":$HTTPS_PORT")}

addresses() {
    there=$(getent ahostsv4 app | cut -d ' ' -f 1 | sort -u)
    # A pin of which nothing is there any more (a roll that was cut off) holds no longer.
    if [ ! -s "$parts/pinned" ] || ! echo "$there" | grep -Fx -f "$parts/pinned"; then echo "$there"; fi
}

# Writes standard input to a part; tells whether that changed anything.
put() {
    cat >"$parts/$1.new"
    if cmp -s "$parts/$1.new" "$parts/$1"; then rm "$parts/$1.new" && return 1; fi
    mv "$parts/$1.new" "$parts/$1"
}

app() {
    found=$(addresses)
    # Where none is found the last known stay; before the first, nobody answers, and the page says so.
    if [ -z "$found" ] && [ -e "$parts/app.conf" ]; then return 1; fi
    for address in ${found:-127.0.0.1}; do
        echo "server $address:8000 max_conns=$most max_fails=0;"
    done | put app.conf
}

certificate() {
    if [ -e "$real/fullchain.pem" ]; then
        echo "# $(cksum <"$real/fullchain.pem")"
        echo "ssl_certificate $real/fullchain.pem; ssl_certificate_key $real/privkey.pem;"
    else
        echo "ssl_certificate /run/secrets/self_signed_crt; ssl_certificate_key /run/secrets/self_signed_key;"
    fi | put certificate.conf
}

# A browser that was told to insist on TLS could never come back to a certificate of our own making.
hsts() {
    if [ -e "$real/fullchain.pem" ]; then
        echo 'add_header Strict-Transport-Security "max-age=63072000" always;'
    fi | put hsts.conf
}

changed() {
    # All of them, not the first that changed.
    news=no
    for part in app certificate hsts; do if $part; then news=yes; fi; done
    [ $news = yes ]
}

reload() { nginx -c /deploy/nginx.conf -t -q && nginx -c /deploy/nginx.conf -s reload; }

drained() {
    # Workers of before go when their last request is answered; a moment for the new ones to be there.
    sleep 1
    for _ in $(seq 20); do
        cat /proc/[0-9]*/cmdline 2>/dev/null | grep -q 'shutting down' || return 0
        sleep 1
    done
}

case ${1:-} in
    pin) shift && printf '%s\n' "$@" >"$parts/pinned" && if app; then reload; fi ;;
    unpin) rm -f "$parts/pinned" && if app; then reload; fi ;;
    drained) drained ;;
    *)
        echo "return 308 $public_url\$request_uri;" | put redirect.conf
        changed || true
        # From 1.27.4 on a connection that stays open outlives a reload for a while, so that no client sends
        # a request on one that is just being closed.
        echo 'keepalive_min_timeout 10s;' | put keepalive.conf || true
        nginx -c /deploy/nginx.conf -t -q 2>/dev/null || : >"$parts/keepalive.conf"
        (
            while sleep 2; do
                if changed; then reload || true; fi
            done
        ) &
        exec nginx -c /deploy/nginx.conf -g 'daemon off;'
        ;;
esac
