#!/bin/sh
# /usr/local/bin/tracepro: any command of TracePRO, by root, as the server's user and with the server's environment.
set -eu
# The caller may name another database: a copy to be checked, or the tables' owner to migrate.
named=${TRACEPRO_DATABASE-}
set -a
. /etc/tracepro/tracepro.env
TRACEPRO_DATABASE=${named:-${TRACEPRO_DATABASE-}}
exec runuser -u tracepro -- /opt/tracepro/bin/tracepro "$@"
