#!/usr/bin/env bash
# Every suite. Quick checks first, so that a mistake is told early.
source "$(dirname "$0")/lib.sh"
export CI=${CI:-} RUST_BACKTRACE=1
scripts/setup.sh test
step "cargo fmt"
cargo fmt --all --check
step "layers, file sizes, statements (xtask tidy)"
cargo run --quiet -p xtask -- tidy
need_web_build
step "clippy"
cargo clippy --quiet --workspace --all-targets -- -D warnings
step "private PostgreSQL"
export ZS_PG_PORT=${ZS_PG_PORT:-54330}
ZS_TEST_PG=$(scripts/pg.sh start)
export ZS_TEST_PG
trap 'scripts/pg.sh stop' EXIT
step "Rust suites on SQLite and PostgreSQL"
cargo test --quiet --workspace --no-fail-fast
step "front end: types, lint, unit tests"
scripts/web-check.sh
step "browser stories"
scripts/e2e.sh
step "all suites passed"
