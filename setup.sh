#!/bin/sh
# Prepares this folder for docker compose: secrets, a first certificate, and .env. It can be run again
# at any time: what is there stays, and only what you answer differently changes.
#   ./setup.sh                                        asks two things
#   ./setup.sh --domain NAME --private|--public       asks nothing
set -eu
cd "$(dirname "$0")"

main() {
    domain="" use=""
    while [ $# -gt 0 ]; do
        case $1 in
            --domain) [ $# -ge 2 ] || usage; domain=$2 && shift 2 ;;
            --domain=*) domain=${1#*=} && shift ;;
            --private | --public) use=${1#--} && shift ;;
            *) usage ;;
        esac
    done
    [ -n "$domain" ] || ask_domain
    domain=$(echo "$domain" | tr '[:upper:]' '[:lower:]')
    valid "$domain" || fail "$domain is no domain such as habits.example.org (without https:// and without a path)."
    [ -n "$use" ] || ask_use

    umask 022
    [ -e .env ] || begin_env
    set_value DOMAIN "$domain"
    if [ "$use" = private ]; then
        set_value FREE_PILLARS 0
        set_value REGISTRATION invite
    else
        # A number of your own stays; "as many as you like" was the answer to the other question.
        case $(value FREE_PILLARS) in "" | 0) set_value FREE_PILLARS 3 ;; esac
        set_value REGISTRATION open
    fi
    # Each container has a user of its own, who has to read what is mounted from here.
    for folder in nginx deploy; do [ ! -d $folder ] || chmod -R a+rX $folder; done
    make_secrets
    make_certificate
    say_what_is_next
}

usage() {
    sed -n '2,5s/^# \{0,1\}//p' "$0" >&2
    exit 2
}

fail() {
    echo "$*" >&2
    exit 1
}

ask_domain() {
    [ -t 0 ] || usage
    before=$(value DOMAIN)
    printf 'The domain that leads to this machine%s: ' "${before:+ [$before]}"
    read -r domain
    domain=${domain:-$before}
}

ask_use() {
    [ -t 0 ] || usage
    echo "Who is it for?"
    echo "  1  just for you and yours: everyone may have as many pillars as they like, and after the"
    echo "     first account people come by invitation (docker compose exec app flask --app wsgi invitations add)"
    echo "  2  a public service: anyone may sign up, and an account can have three pillars"
    while true; do
        printf '1 or 2: '
        read -r answer || exit 1
        case $answer in
            1) use=private && return ;;
            2) use=public && return ;;
        esac
    done
}

valid() {
    case $1 in
        "" | -* | .* | *- | *. | *..* | *[!a-z0-9.-]*) return 1 ;;
    esac
    [ ${#1} -le 253 ]
}

begin_env() {
    (umask 077 && : >.env)
    cat >.env <<'END'
# The settings of this place; ./setup.sh wrote it and keeps what you change.
# All others that the README lists may stand here too.

#BIND=0.0.0.0
#HTTP_PORT=80
#HTTPS_PORT=443
# tls: a certificate by Let's Encrypt; scale: pgbouncer, Redis, a read replica; offsite: backups to a bucket.
#COMPOSE_PROFILES=tls
#ACME_EMAIL=
# Without it nothing is sent; each letter is a file that you can read: docs/operations/mail.md
#MAIL_URL=smtp://user:password@mail.example.org:587
#MAIL_FROM=commit-life@example.org
#WEBHOOK_NETWORKS=192.168.1.0/24
#BACKUP_AT=03:15
#S3_BUCKET_URL=https://fra1.digitaloceanspaces.com/my-bucket
#S3_REGION=fra1

END
}

value() {
    [ ! -e .env ] || sed -n "s/^$1=//p" .env | tail -n 1
}

set_value() {
    if grep -q "^$1=" .env; then
        # Through a file beside it, and by its content: .env keeps its owner and its mode.
        (umask 077 && sed "s/^$1=.*/$1=$2/" .env >.env.new) && cat .env.new >.env && rm .env.new
    else
        echo "$1=$2" >>.env
    fi
}

make_secrets() {
    # The folder is closed to others; the files in it are not, since each container has a user of its own.
    mkdir -p secrets
    chmod 700 secrets
    for name in secret_key database_password admin_password replication_password; do
        [ -s "secrets/$name" ] || random >"secrets/$name"
    done
    # For backups to a bucket; empty until you fill them in.
    for name in s3_access_key s3_secret_key; do
        [ -e "secrets/$name" ] || : >"secrets/$name"
    done
    chmod 444 secrets/secret_key secrets/*_password
    chmod 644 secrets/s3_*
}

random() {
    # 256 bits, as letters and digits that need no quoting anywhere.
    od -An -N32 -tx1 /dev/urandom | tr -d ' \n'
}

make_certificate() {
    if [ -e secrets/self_signed.domain ] && [ "$(cat secrets/self_signed.domain)" = "$domain" ] \
        && [ -s secrets/self_signed.crt ] && [ -s secrets/self_signed.key ]; then
        return
    fi
    kind=DNS
    case $domain in *[!0-9.]*) ;; *) kind=IP ;; esac
    rm -f secrets/self_signed.*
    request="req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 3650 -subj /CN=$domain
             -addext subjectAltName=$kind:$domain -keyout self_signed.key -out self_signed.crt"
    if command -v openssl >/dev/null; then
        # shellcheck disable=SC2086
        (cd secrets && openssl $request 2>/dev/null)
    else
        # shellcheck disable=SC2086
        docker run --rm --volume "$PWD/secrets:/secrets" --workdir /secrets --entrypoint openssl nginx:1.28 $request
    fi
    chmod 444 secrets/self_signed.crt secrets/self_signed.key
    echo "$domain" >secrets/self_signed.domain
}

say_what_is_next() {
    port=$(value HTTPS_PORT)
    [ "${port:-443}" = 443 ] && port="" || port=":$port"
    cat <<END
Ready. Secrets are in secrets/ (keep a copy of that folder somewhere safe), settings in .env.

  docker compose up -d --wait        starts everything
  https://$domain$port

Sign up there. Then docker compose exec app flask --app wsgi users first-admin prints the link that makes your
account the admin of this server.

The certificate is of this machine's own making, so browsers warn. For one that they trust, once the
domain leads here: COMPOSE_PROFILES=tls in .env, and docker compose up -d --wait again.
END
}

main "$@"
