#!/usr/bin/env bash
# The test suite under a sanitizer, in a build folder of its own.
#
#   bash Tests/Scripts/sanitize.sh address|thread|undefined [swift test arguments, as --filter X]
#
# The program that tests start is built with the sanitizer too. OpenBLAS is not: its own threads are
# hidden from the thread sanitizer. Leaks are not looked for: the program ends without giving back
# what it holds. Tests of time and memory budgets are left out, for both are several times as much
# here; so is what a sanitizer catches itself (signals of a trap, in Crasher).
set -euo pipefail
cd "$(dirname "$0")/../.."
kind=${1:-}
case $kind in
  address | thread | undefined) shift ;;
  *)
    sed -n '2,9p' "$0" >&2
    exit 64
    ;;
esac
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cat >"$work/suppressions" <<'END'
called_from_lib:libopenblas.so
END
export SWIFT_BACKTRACE=enable=no
export ASAN_OPTIONS=detect_leaks=0:abort_on_error=0:allocator_may_return_null=1
export TSAN_OPTIONS="suppressions=$work/suppressions:halt_on_error=0:exitcode=66:history_size=4"
export UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1
arguments=(--sanitize="$kind" --scratch-path ".build-$kind" --disable-xctest)
swift build --build-tests --sanitize="$kind" --scratch-path ".build-$kind"
swift test --skip-build "${arguments[@]}" "$@"
