#!/bin/sh
# Fetch the free fonts the print forms are set in. Safe to run again: it does nothing when they are there.
#
#   Noto CJK     fonts-noto-cjk        小标宋 (Serif Bold), 宋体 (Serif), 黑体 (Sans), fallback for rare characters
#   Liberation   fonts-liberation2     Latin letters and digits (optional)
#   Fandol       texlive-lang-chinese  仿宋, 楷体, 黑体: only the font files are unpacked, TeX is not installed
#
# Fandol goes to .cache/fonts, the others are installed by the package manager.
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
cache="$root/.cache/fonts"
fandol="FandolFang-Regular.otf FandolKai-Regular.otf FandolHei-Regular.otf"

say() { printf '%s\n' "$*"; }

as_root() {
  if [ "$(id -u)" -eq 0 ]; then "$@"
  elif command -v sudo >/dev/null 2>&1; then sudo "$@"
  else say "fonts: 需要管理员权限执行：$*" >&2; return 1
  fi
}

updated=0
apt_update() {
  if [ "$updated" -eq 0 ]; then as_root apt-get update -qq; updated=1; fi
}

apt_install() {
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$1" >/dev/null 2>&1 && return 0
  apt_update
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$1" >/dev/null
}

have_fandol() {
  for f in $fandol; do [ -s "$1/$f" ] || return 1; done
}

if ! command -v apt-get >/dev/null 2>&1; then
  say "fonts: 本机没有 apt-get，请自行安装思源宋体、思源黑体（Noto CJK）和 Fandol 字体，放到 $cache" >&2
  exit 1
fi

if [ ! -s /usr/share/fonts/opentype/noto/NotoSerifCJK-Bold.ttc ]; then
  say "fonts: installing fonts-noto-cjk"
  apt_install fonts-noto-cjk
fi

if [ ! -s /usr/share/fonts/truetype/liberation2/LiberationSerif-Regular.ttf ] &&
   [ ! -s /usr/share/fonts/truetype/liberation/LiberationSerif-Regular.ttf ]; then
  say "fonts: installing fonts-liberation2"
  apt_install fonts-liberation2 || say "fonts: fonts-liberation2 未能安装，西文和数字改用思源宋体" >&2
fi

if have_fandol "$cache" || have_fandol /usr/share/texlive/texmf-dist/fonts/opentype/public/fandol; then
  say "fonts: ready"
  exit 0
fi

say "fonts: fetching the Fandol fonts (49 MB package, 20 MB kept)"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM
chmod 755 "$work"
(
  cd "$work"
  apt-get download -qq texlive-lang-chinese 2>/dev/null || { apt_update; apt-get download -qq texlive-lang-chinese; }
  dpkg-deb -x texlive-lang-chinese_*.deb unpacked
)
from="$work/unpacked/usr/share/texlive/texmf-dist/fonts/opentype/public/fandol"
mkdir -p "$cache"
for f in $fandol; do
  cp "$from/$f" "$cache/$f.part"
  mv "$cache/$f.part" "$cache/$f"
done
say "fonts: ready"
