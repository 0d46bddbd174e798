#!/bin/sh
# pgbouncer listens on a socket in a folder that it shares with the app: where the socket is, the
# app takes it, and where it is not, the app goes to the database itself.
set -eu
umask 077
password=$(cat /run/secrets/database_password)
# A transaction may land on any server connection, so what the app asks for at its start is asked
# for here.
limits="SET statement_timeout = 5000; SET lock_timeout = 2000; SET idle_in_transaction_session_timeout = 10000; SET timezone = 'UTC'"

printf '"commit_life" "%s"\n' "$password" >/run/pgbouncer/users.txt
cat >/run/pgbouncer/pgbouncer.ini <<INI
[databases]
commit_life = host=db dbname=commit_life connect_query='$(echo "$limits" | sed "s/'/''/g")'
commit_life_replica = host=replica dbname=commit_life connect_query='$(echo "$limits" | sed "s/'/''/g")'

[pgbouncer]
unix_socket_dir = /sockets
unix_socket_mode = 0777
listen_port = 6432
auth_type = scram-sha-256
auth_file = /run/pgbouncer/users.txt
stats_users = commit_life
pool_mode = transaction
default_pool_size = 8
max_client_conn = 500
ignore_startup_parameters = extra_float_digits,options
query_wait_timeout = 3
server_connect_timeout = 2
server_login_retry = 1
server_lifetime = 600
tcp_keepidle = 5
log_connections = 0
log_disconnections = 0
stats_period = 3600
INI
exec pgbouncer /run/pgbouncer/pgbouncer.ini
