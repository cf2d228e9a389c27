#!/usr/bin/env bash
# Rewrites the golden files and the generated TypeScript client.
source "$(dirname "$0")/lib.sh"
ZS_BLESS=1 cargo test --quiet -p zhongshu --test golden
need_node_modules
(cd web && npm run --silent gen:api)
