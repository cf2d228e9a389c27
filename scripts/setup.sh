#!/usr/bin/env bash
# Installs what is needed, by package name: `setup.sh run` for running, `setup.sh test` for testing as well.
source "$(dirname "$0")/lib.sh"
need_tool cargo "需要 Rust（https://rustup.rs，版本见 rust-toolchain.toml） / Rust is required"
need_tool npm "需要 Node.js 20 或更高版本 / Node.js 20 or newer is required"
need_packages gcc libc6-dev make fonts-noto-cjk
if [ "${1:-run}" = test ]; then
  need_packages postgresql chromium poppler-utils libreoffice-writer-nogui procps
fi
scripts/fonts.sh
