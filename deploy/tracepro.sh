#!/bin/sh
# /usr/local/bin/tracepro: any command of TracePRO, by root, as the server's user and with the server's environment.
set -eua
. /etc/tracepro/tracepro.env
exec runuser -u tracepro -- /opt/tracepro/bin/tracepro "$@"
