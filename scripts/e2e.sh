#!/usr/bin/env bash
# Browser stories against the real binary on SQLite with a demonstration county of its own. `e2e.sh --shots` also renews docs/screenshots.
source "$(dirname "$0")/lib.sh"
need_web_build
cargo build --quiet -p zhongshu
bin=${CARGO_TARGET_DIR:-target}/debug/zhongshu
dir=$(mktemp -d)
port=${ZS_E2E_PORT:-18080}
echo 0 >"$dir/clock"
"$bin" serve --demo --preset county --demo-password 'Rehearsal-2026' --data "$dir/data" --listen "127.0.0.1:$port" \
  --clock-file "$dir/clock" >"$dir/server.log" 2>&1 &
server=$!
trap 'kill "$server" 2>/dev/null || true; rm -rf "$dir"' EXIT
for _ in $(seq 1 300); do
  if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then break; fi
  kill -0 "$server" 2>/dev/null || { cat "$dir/server.log" >&2; exit 1; }
  sleep 0.2
done
export ZS_E2E_URL="http://127.0.0.1:$port" ZS_E2E_CLOCK="$dir/clock" ZS_E2E_PASSWORD='Rehearsal-2026' ZS_E2E_DATA="$dir/data"
[ "${1:-}" = --shots ] && export ZS_E2E_SHOTS=1
(cd web && npx playwright test) || { tail -50 "$dir/server.log" >&2; exit 1; }
