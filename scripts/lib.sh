# Shared by the scripts: where we are, how steps are announced and timed.
set -euo pipefail
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$ROOT"
export CARGO_TERM_COLOR=${CARGO_TERM_COLOR:-never}
STEP_START=$(date +%s)
step() {
  local now; now=$(date +%s)
  printf '\n== %s  (+%ds)\n' "$1" "$((now - STEP_START))"
}
# Installs the Debian packages that are missing, by name.
need_packages() {
  local missing=()
  for p in "$@"; do
    dpkg-query -W -f='${Status}' "$p" 2>/dev/null | grep -q 'ok installed' || missing+=("$p")
  done
  [ ${#missing[@]} -eq 0 ] && return 0
  local as=(); [ "$(id -u)" = 0 ] || as=(sudo)
  step "installing Debian packages: ${missing[*]}"
  "${as[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update -qq
  "${as[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}
need_tool() {
  command -v "$1" >/dev/null || { echo "$2" >&2; exit 1; }
}
# node_modules follows the lock file.
need_node_modules() {
  local stamp=web/node_modules/.zs-lock
  if [ ! -f "$stamp" ] || ! cmp -s web/package-lock.json "$stamp"; then
    step "npm ci"
    (cd web && npm ci --no-audit --no-fund --loglevel=error)
    cp web/package-lock.json "$stamp"
  fi
}
# The built pages that the binary embeds; rebuilt when a source is newer.
need_web_build() {
  need_node_modules
  if [ ! -f web/dist/index.html ] || [ -n "$(find web/src web/public web/index.html web/vite.config.ts web/package-lock.json -newer web/dist/index.html -print -quit 2>/dev/null)" ]; then
    step "building the pages"
    (cd web && npm run --silent build)
  fi
}
