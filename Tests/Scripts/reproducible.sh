#!/usr/bin/env bash
# Checks that .ci/release gives the same bytes from two folders at two times, and that what it gives is
# hardened and names no folder of the machine that built it.
#
#   bash Tests/Scripts/reproducible.sh [COMMIT]      (two release builds; takes minutes)
set -euo pipefail
cd "$(dirname "$0")/../.."
commit=${1:-HEAD}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failures=0

check() { # check WHAT COMMAND…
  local what=$1
  shift
  if "$@"; then echo "ok: $what"; else
    echo "FAILED: $what"
    failures=$((failures + 1))
  fi
}

folders=("$work/one" "$work/another/folder, deeper")
for folder in "${folders[@]}"; do
  mkdir -p "$folder"
  git archive "$commit" | tar -x -C "$folder"
  (cd "$folder" && TZ=$([ "$folder" = "${folders[0]}" ] && echo UTC || echo Asia/Tokyo) \
    bash .ci/release "$folder/out" >"$folder/build.log" 2>&1) || {
    tail -5 "$folder/build.log"
    exit 1
  }
  sleep 2
done
a=${folders[0]}/out/dropscope
b=${folders[1]}/out/dropscope
sha256sum "$a" "$b" | sed "s|$work/||"

names_no_folder() { ! strings -a "$1" | grep -E "$work|$HOME/"; }
# Not -q: what ends at the first line has readelf end by a signal.
has_dynamic() { readelf -dW "$a" | grep "$1" >/dev/null; }
has_segment() { readelf -lW "$a" | grep "$1" >/dev/null; }
stack_is_data() { readelf -lW "$a" | grep GNU_STACK | grep -v E >/dev/null; }
runs() { "$a" --version >/dev/null && "$a" info >/dev/null; }
only_origin() { ! readelf -dW "$a" | grep -E 'R(UN)?PATH' | grep -vF '[$ORIGIN]'; }

check "both builds have the same bytes" cmp "$a" "$b"
check "no folder of the machine is in it" names_no_folder "$a"
check "BIND_NOW" has_dynamic 'FLAGS_1.*NOW'
check "RELRO" has_segment GNU_RELRO
check "position independent" has_dynamic 'FLAGS_1.*PIE'
check "the stack is not executable" stack_is_data
check "libraries are looked for nowhere but where the system has them" only_origin
check "it runs" runs
exit $((failures > 0))
