#!/bin/sh
# How far training is ahead of images it never saw, with dropout off and on: `digits` on 1,000
# images, three seeds, the same images held out each time. Both accuracies are measured without
# dropout. Takes a few minutes.
#
#     Tests/Training/gap.sh [FOLDER with the IDX files | synthetic] [EPOCHS]
set -eu
cd "$(dirname "$0")/../.."
data=${1:-../shared/data/mnist}
epochs=${2:-30}
swift build -c release --product dropscope >/dev/null
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# The number of a key in the last line of a log.
number() { tail -n 1 "$folder/log.jsonl" | tr ',{}' '\n' | sed -n "s/^\"$1\"://p"; }

echo "digits, 1,000 images of $data, $epochs epochs"
echo "dropout  seed  training  held out  gap"
for rates in "" "--rate 0"; do
  for seed in 1 2 3; do
    # shellcheck disable=SC2086
    .build/release/dropscope train digits --data "$data" --limit 1000 --epochs "$epochs" \
      --seed "$seed" $rates -o "$folder/net.onnx" --log "$folder/log.jsonl" >/dev/null
    echo "${rates:-on} $seed $(number training_accuracy_undropped) $(number held_out_accuracy)" |
      sed 's/--rate 0/off/' |
      awk '{ printf "%-7s  %4d  %6.2f %%  %6.2f %%  %5.2f\n", $1, $2, 100*$3, 100*$4, 100*($3-$4)
        }'
  done
done
