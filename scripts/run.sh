#!/usr/bin/env bash
# Builds and starts the platform on embedded SQLite with the demonstration city.
source "$(dirname "$0")/lib.sh"
scripts/setup.sh run
need_web_build
step "building zhongshu (the first time takes a while: the typesetter is large)"
cargo build --release --quiet -p zhongshu
exec "${CARGO_TARGET_DIR:-target}/release/zhongshu" serve --demo --data "${ZS_DATA:-data/demo}" --listen "${ZS_LISTEN:-127.0.0.1:8080}"
