#!/usr/bin/env bash
# A private PostgreSQL for the tests: `scripts/pg.sh start` prints its URL, `stop` ends and removes it.
# The cluster lives in memory where possible and listens on a private port of the loopback only.
set -euo pipefail
dir=${ZS_PG_DIR:-/dev/shm/zs-test-pg-${ZS_PG_PORT:-54329}}
port=${ZS_PG_PORT:-54329}
bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1)
as() { if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi; }
case "${1:-start}" in
start)
  if ! as "$bin/pg_ctl" -D "$dir" status >/dev/null 2>&1; then
    rm -rf "$dir"; mkdir -p "$dir"
    if [ "$(id -u)" = 0 ]; then chown postgres "$dir"; fi
    as "$bin/initdb" -D "$dir" -U postgres -A trust -E UTF8 --locale=C >/dev/null
    as "$bin/pg_ctl" -D "$dir" -w -l "$dir/log" -o "-p $port -k $dir -c listen_addresses=127.0.0.1 -c max_connections=400 \
      -c shared_buffers=256MB -c max_wal_size=2GB ${ZS_PG_OPTIONS:-}" start >/dev/null
  fi
  echo "postgres://postgres@127.0.0.1:$port/postgres" ;;
stop)
  as "$bin/pg_ctl" -D "$dir" -m immediate stop >/dev/null 2>&1 || true
  rm -rf "$dir" ;;
*) echo "usage: pg.sh start|stop" >&2; exit 2 ;;
esac
