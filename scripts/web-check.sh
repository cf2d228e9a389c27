#!/usr/bin/env bash
# Types, lint and unit tests of the pages; the generated client must match the server.
source "$(dirname "$0")/lib.sh"
need_node_modules
cd web
npm run --silent typecheck
npm run --silent lint
npm run --silent test:unit
