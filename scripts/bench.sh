#!/usr/bin/env bash
# The figures of docs/PERFORMANCE.md: both engines, the raw commit rate of the same run beside them.
source "$(dirname "$0")/lib.sh"
scripts/setup.sh test
cargo build --release --quiet -p zhongshu
bin=${CARGO_TARGET_DIR:-target}/release/zhongshu
seconds=${ZS_BENCH_SECONDS:-10}
echo "load: $(cut -d' ' -f1-3 /proc/loadavg), cores: $(nproc)" >&2
for scenario in step todo register; do
  "$bin" bench "$scenario" --engine sqlite --clients 64 --seconds "$seconds"
done
# Durable commits need a disk: the bench server's cluster lives on one, not in memory.
export ZS_PG_PORT=54331 ZS_PG_DIR=${ZS_BENCH_PG_DIR:-/var/tmp/zs-bench-pg}
url=$(scripts/pg.sh start)
trap 'scripts/pg.sh stop' EXIT
for scenario in step todo register; do
  "$bin" bench "$scenario" --engine postgres --database "$url" --clients 64 --seconds "$seconds"
done
