"""Makes the small CSV files in Golden/formats that FormatsTests reads, and what they hold as NPY.

Run by hand in this folder with numpy installed; the output is committed. They are written by NumPy and
by Python's csv module, as people's programs write them.
"""

import csv
import pathlib

import numpy as np

OUT = pathlib.Path(__file__).parent / "formats"
random = np.random.default_rng(11)


def rows(name, lines, **options):
    with open(OUT / name, "w", newline="") as file:
        csv.writer(file, **options).writerows(lines)


numbers = random.integers(0, 1000, (6, 5)) / np.float32(1000)
names = [f"px{i}" for i in range(5)]
texts = [[f"{x:.3f}" for x in row] for row in numbers]
np.save(OUT / "csv_numbers.npy", numbers.astype("<f4"))
rows("csv_header.csv", [names] + texts)
rows("csv_quoted.csv", texts, quoting=csv.QUOTE_ALL)
rows("csv_semicolons.csv", [names] + texts, delimiter=";", quoting=csv.QUOTE_NONNUMERIC)
rows("csv_tabs.csv", [[n + " of a map" for n in names]] + texts, delimiter="\t")
np.savetxt(OUT / "csv_savetxt.csv", numbers, fmt="%.3f", header=" ".join(names))
# As a data frame writes itself: rows counted, columns counted.
rows("csv_frame.csv", [[""] + list(range(5))] + [[i] + t for i, t in enumerate(texts)])
# As R's write.table does.
with open(OUT / "csv_r.txt", "w") as file:
    file.write(" ".join(f'"V{i + 1}"' for i in range(5)) + "\n")
    for i, text in enumerate(texts):
        file.write(f'"{i + 1}" ' + " ".join(text) + "\n")

images = random.integers(0, 256, (3, 16, 16), dtype=np.uint8)
labels = [7, 0, 12]
np.save(OUT / "csv_images.npy", images)
flat = images.reshape(3, -1)
pixels = [f"pixel{i}" for i in range(256)]
rows("csv_labelled.csv", [["label"] + pixels] + [[l, *f] for l, f in zip(labels, flat)])
rows("csv_bare.csv", [[l, *f] for l, f in zip(labels, flat)])
rows("csv_unlabelled.csv", [pixels] + list(flat))
by_row = [f"{r + 1}x{c + 1}" for r in range(16) for c in range(16)]
rows("csv_by_row.csv", [["label"] + by_row] + [[l, *f] for l, f in zip(labels, flat)])
order = random.permutation(256)
rows("csv_shuffled.csv",
     [["id"] + [pixels[i] for i in order] + ["class"]]
     + [[100 + k, *f[order], l] for k, (l, f) in enumerate(zip(labels, flat))])
