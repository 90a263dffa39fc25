#!/bin/sh
# Builds the fuzzer and gives every entry its share of inputs; prints a table and fails where
# something was found.
#
#   Tests/Fuzz/run.sh [INPUTS | --minutes N] [ENTRY…]
#
# INPUTS is the number for all entries together (default 1000000); --minutes takes N minutes instead, as
# many for each.
# What is found lies in .build-fuzz/findings, what was learned in .build-fuzz/corpus, logs beside it.
set -eu
cd "$(dirname "$0")/../.."
total=1000000 minutes=
case "${1:-}" in
--minutes) minutes=${2:?} && shift 2 ;;
[0-9]*) total=$1 && shift ;;
esac

build=.build-fuzz
export DROPSCOPE_FUZZ=1 SWIFT_BACKTRACE=enable=no
export ASAN_OPTIONS=allocator_may_return_null=1:quarantine_size_mb=64:malloc_context_size=5
export LSAN_OPTIONS=suppressions=$PWD/Tests/Fuzz/leaks.supp:print_suppressions=0
swift build -c release --scratch-path $build --product Fuzz -Xswiftc -g \
  -Xswiftc -sanitize=fuzzer,address -Xcc -fsanitize=fuzzer-no-link,address \
  -Xswiftc -use-ld=lld >&2
fuzz=$build/release/Fuzz

# Name, longest input, share of the inputs.
entries=$("$fuzz")
wanted=${*:-$(echo "$entries" | cut -d' ' -f1)}
shares=0
for entry in $wanted; do
  share=$(echo "$entries" | awk -v name="$entry" '$1 == name { print $3 }')
  [ -n "$share" ] || { echo "no entry $entry" >&2 && exit 64; }
  shares=$((shares + share))
done

mkdir -p $build/findings $build/logs
echo "| entry | inputs | inputs/s | corpus | new | findings |"
echo "|---|--:|--:|--:|--:|--:|"
all=0 found=0
for entry in $wanted; do
  # shellcheck disable=SC2046
  set -- $(echo "$entries" | awk -v name="$entry" '$1 == name { print $2, $3 }')
  if [ -n "$minutes" ]; then
    limit="-max_total_time=$((minutes * 60 / $(echo "$wanted" | wc -w)))"
  else
    limit="-runs=$((total * $2 / shares))"
  fi
  seeds=Tests/Fuzz/Corpus/$entry
  learned=$build/corpus/$entry
  log=$build/logs/$entry.log
  dictionary=Tests/Fuzz/Dictionaries/$entry.dict
  mkdir -p "$learned"
  before=$(find $build/findings -name "$entry-*" | wc -l)
  # shellcheck disable=SC2086
  "$fuzz" "$entry" "$limit" -max_len="$1" -timeout=5 -rss_limit_mb=2048 \
    -print_final_stats=1 -detect_leaks=0 \
    -artifact_prefix="$build/findings/$entry-" ${SEED:+-seed=$SEED} \
    $([ -f "$dictionary" ] && echo "-dict=$dictionary") "$learned" "$seeds" >"$log" 2>&1 || true
  # Where leaks are reported, the numbers stand twice.
  stat() { awk -v name="stat::$1:" '$1 == name { number = $2 } END { print number }' "$log"; }
  inputs=$(stat number_of_executed_units)
  findings=$(($(find $build/findings -name "$entry-*" | wc -l) - before))
  # Leaks are looked for at the end alone: after each input it takes more time than the input.
  if grep -q "ERROR: LeakSanitizer" "$log"; then findings=$((findings + 1)); fi
  if [ -z "$inputs" ]; then inputs=0 findings=$((findings > 0 ? findings : 1)); fi
  echo "| $entry | $inputs | $(stat average_exec_per_sec) | $(find "$learned" -type f | wc -l)" \
    "| $(stat new_units_added) | $findings |"
  all=$((all + inputs)) found=$((found + findings))
done
echo "| all | $all | | | | $found |"
[ $found = 0 ]
