#!/usr/bin/env bash
# Types, lint and unit tests of the pages; the generated client must match the server.
source "$(dirname "$0")/lib.sh"
need_node_modules
cd web
fresh=$(mktemp --suffix=.d.ts)
npx openapi-typescript ../tests/golden/openapi.json -o "$fresh" >/dev/null 2>&1
cmp "$fresh" src/shared/api/schema.d.ts || { echo "web/src/shared/api/schema.d.ts does not match tests/golden/openapi.json: run make golden" >&2; exit 1; }
rm -f "$fresh"
npm run --silent typecheck
npm run --silent lint
npm run --silent test:unit
