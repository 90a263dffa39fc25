#!/usr/bin/env bash
# The test suite under a sanitizer, in a build folder of its own.
#
#   bash Tests/Scripts/sanitize.sh address|thread|undefined [swift test arguments, as --filter X]
#
# The program that tests start is built with the sanitizer too; libraries of the system are not. Swift
# has no undefined sanitizer on Linux, and checks what it would by itself: that one is for the targets in
# C and C++, where what it finds traps. Leaks are not looked for: the program ends without giving back
# what it holds. Suites that measure time or memory are left out, for both are several times as much
# here; so are, but for undefined, those of signals that a sanitizer catches itself, and for thread, which
# keeps its own notes in a file and makes everything ten times slower, those that limit files or kill at a
# moment. What is no race is in thread.supp, with the reason.
set -euo pipefail
cd "$(dirname "$0")/../.."
kind=${1:-}
options=()
skipped="GrowthTests|BusyTests|MemoryLimitTests|TrafficTests|FastTransformTests|PasteTests|ResizeTests"
case $kind in
  address | thread)
    options=(--sanitize="$kind")
    skipped+="|EndingTests"
    [ "$kind" = address ] ||
      skipped+="|killedAnywhereItGoesOnToTheSameBits|aFullDiskKeepsTheOldCheckpoint"
    ;;
  undefined)
    # The package's own sources: what comes from others is theirs to mend.
    ignored=$(mktemp)
    trap 'rm -f "$ignored"' EXIT
    echo 'src:*/checkouts/*' >"$ignored"
    for compiler in -Xcc -Xcxx; do
      options+=("$compiler" -fsanitize=undefined "$compiler" -fsanitize-trap=undefined
        "$compiler" "-fsanitize-ignorelist=$ignored")
    done
    ;;
  *)
    sed -n '2,14p' "$0" >&2
    exit 64
    ;;
esac
shift
export SWIFT_BACKTRACE=enable=no
export ASAN_OPTIONS=detect_leaks=0:abort_on_error=0:allocator_may_return_null=1
export TSAN_OPTIONS="halt_on_error=0:exitcode=66:history_size=4:suppressions=$PWD/Tests/Scripts/thread.supp"
options+=(--scratch-path ".build-$kind")
swift build --build-tests "${options[@]}"
swift test --skip-build "${options[@]}" --disable-xctest --skip "$skipped" "$@"
