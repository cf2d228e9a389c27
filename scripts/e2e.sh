#!/usr/bin/env bash
# Browser suites: pages against the stand-in server, then the stories against the real binary on SQLite with a demonstration
# county of their own. `e2e.sh --shots` also renews docs/screenshots; further words choose stories (`e2e.sh 01 kill`).
source "$(dirname "$0")/lib.sh"
shots=
if [ "${1:-}" = --shots ]; then shots=1; shift; fi
need_packages chromium poppler-utils
need_web_build
step "building the binary"
cargo build --quiet -p zhongshu
target=${CARGO_TARGET_DIR:-target}
export ZS_BIN=$(realpath "$target/debug/zhongshu")
cd web
if [ $# = 0 ]; then
  step "pages against the stand-in server"
  npx playwright test
fi
step "stories against the real server"
ZS_E2E_SHOTS=$shots npx playwright test -c playwright.story.config.ts "$@"
