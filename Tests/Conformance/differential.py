#!/usr/bin/env python3
"""Random graphs through `dropscope run` and onnxruntime, side by side.

    swift build -c release --product dropscope
    pip install numpy ml_dtypes onnx==1.22.0 onnxruntime
    python3 Tests/Conformance/differential.py --count 100000 [--seed N] [--only Conv,Pool]
        [--program .build/release/dropscope] [--keep FOLDER] [--table FILE.md]

Graph i of seed s is always the same, whatever else is run: `--at I` runs it alone and says all of
it. What is compared, each output by itself:

- Whole numbers, bools, shapes and element types: exactly.
- Floats: |a − b| ≤ t·max(|b|, m), with t = 1e-5 for float32 and float64 (which dropscope computes
  in float32: what is beyond float32 is infinite), 2⁻¹⁰ for float16 and 2⁻⁷ for bfloat16, and m the sum of the magnitudes of the terms
  where a result is a sum (the same graph over |x|), else 0. Both NaN, or both the same infinity,
  are equal; so are two floats below the smallest normal one, which onnxruntime may flush.
- Where the two still differ, onnx.reference computes the graph in float64. The difference is
  explained where dropscope is as near to that as the tolerance asks, and onnxruntime is not; any
  other is unexplained.

A case that onnxruntime has no kernel for, or refuses, is not counted; one that dropscope refuses is
counted as refused, with its reason. A trap, a timeout or an exit code that is not 65 is always
unexplained. Exits 1 where anything is unexplained.
"""
import argparse
import collections
import concurrent.futures
import math
import os
import re
import shutil
import subprocess
import sys
import tempfile
import warnings

import ml_dtypes
import numpy as np
import onnx
import onnxruntime as ort
from onnx import helper, numpy_helper

import random_graphs

warnings.filterwarnings("ignore")
ort.set_default_logger_severity(4)
TOLERANCE = {np.dtype(np.float32): 1e-5, np.dtype(np.float64): 1e-5,
             np.dtype(np.float16): 2.0**-10, np.dtype(ml_dtypes.bfloat16): 2.0**-7}
SMALLEST = {np.dtype(np.float16): 2.0**-14}
IR = 10


def array_proto(array, name):
    array = np.asarray(array)
    return helper.make_tensor(
        name, helper.np_dtype_to_tensor_dtype(array.dtype), array.shape, array.tobytes(), raw=True)


def parts(case, arrays, suffix=""):
    """The nodes of a case, the arrays it is fed by name, its initialisers, inputs and outputs."""
    names, fed, constants, inputs = [], {}, [], []
    for index, array in enumerate(arrays):
        if array is None:
            names.append("")
            continue
        name = f"x{index}{suffix}"
        names.append(name)
        if index in case.constant:
            constants.append(array_proto(array, name))
        else:
            array = np.asarray(array)
            fed[name] = array
            inputs.append(helper.make_tensor_value_info(
                name, helper.np_dtype_to_tensor_dtype(array.dtype), array.shape))
    if case.nodes:
        made = [helper.make_node(operator, [r + suffix for r in reads], [name + suffix],
                                 name=name + suffix, **attributes)
                for operator, reads, attributes, name in case.nodes]
        return made, fed, constants, inputs, [o + suffix for o in case.outputs]
    outputs = [f"y{i}{suffix}" for i in range(case.outputs)]
    node = helper.make_node(case.operator, names, outputs, name=f"node{suffix}", **case.attributes)
    # make_node takes an empty list for no attribute at all.
    for name, value in case.attributes.items():
        if value == []:
            node.attribute.append(onnx.AttributeProto(name=name, type=onnx.AttributeProto.INTS))
    return [node], fed, constants, inputs, outputs


def assembled(opset, made):
    """A model of the parts of one case or more, none of which reads another."""
    graph = helper.make_graph(
        [n for p in made for n in p[0]], "g", [i for p in made for i in p[3]],
        [onnx.ValueInfoProto(name=o) for p in made for o in p[4]], [c for p in made for c in p[2]])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)])
    model.ir_version = IR
    return model


def model(case, arrays):
    """The model of a case, the arrays it is fed by name and its outputs."""
    own = parts(case, arrays)
    return assembled(case.opset, [own]), own[1], own[4]


def runtime(made, fed):
    """onnxruntime's outputs, or None and why there are none."""
    options = ort.SessionOptions()
    options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 4
    try:
        session = ort.InferenceSession(
            made.SerializeToString(), options, providers=["CPUExecutionProvider"])
        values = {}
        for name, array in fed.items():
            if array.dtype == ml_dtypes.bfloat16:
                values[name] = ort.OrtValue.ortvalue_from_numpy_with_onnx_type(
                    np.asarray(array, order="C").view(np.int16), onnx.TensorProto.BFLOAT16)
            else:
                values[name] = ort.OrtValue.ortvalue_from_numpy(np.asarray(array, order="C"))
        found = session.run_with_ort_values([o.name for o in session.get_outputs()], values)
        arrays = []
        for value in found:
            if value.element_type() == onnx.TensorProto.BFLOAT16:
                return None, "bfloat16 result"
            arrays.append(value.numpy())
        return arrays, None
    except Exception as error:  # noqa: BLE001 - its own classes are not importable
        return None, str(error)


def dropscope(program, made, fed, names, folder):
    """dropscope's outputs, or None, its exit code and its message."""
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    path = os.path.join(folder, "m.onnx")
    with open(path, "wb") as file:
        file.write(made.SerializeToString())
    arguments = [program, "run", path, "--threads", "1", "-o", os.path.join(folder, "out")]
    for name, array in fed.items():
        if array.dtype == ml_dtypes.bfloat16:
            array = array.astype(np.float32)
        file = os.path.join(folder, f"{name}.npy")
        np.save(file, np.asarray(array, order="C"))
        arguments += ["--input", f"{name}={file}"]
    for limit in (30, 300):
        try:
            result = subprocess.run(arguments, capture_output=True, text=True, timeout=limit)
            break
        except subprocess.TimeoutExpired:
            # Once more: another program may have had the machine.
            print(f"no answer in {limit} s: {made.graph.node[0].op_type}", flush=True)
    else:
        return None, -1, "timed out"
    if result.returncode:
        return None, result.returncode, result.stderr.strip()
    return [np.load(os.path.join(folder, "out", f"{n}.npy")) for n in names], 0, ""


def reference(case, arrays):
    """The outputs in float64, by the definition of pools or by onnx.reference; None where there is
    neither."""
    from onnx.reference import ReferenceEvaluator
    wide = [a if a is None or np.asarray(a).dtype.kind in "biu" else np.asarray(a).astype(np.float64)
            for a in arrays]
    if case.operator == "Resize":
        wide = [wide[0]] + arrays[1:]
    try:
        if case.operator in ("MaxPool", "AveragePool", "LpPool"):
            return pooled(case, wide[0])
        if case.operator == "Gelu":
            # Φ as erfc and as a logistic: 1 + erf and 1 + tanh lose what is small.
            x = wide[0]
            with np.errstate(all="ignore"):
                if case.attributes.get("approximate") == "tanh":
                    inner = np.sqrt(2 / np.pi) * (x + 0.044715 * x**3)
                    return [x / (1 + np.exp(-2 * inner))]
                return [0.5 * x * np.vectorize(math.erfc, otypes=[float])(-x / np.sqrt(2))]
        if case.operator == "Softplus":
            return [np.logaddexp(0, wide[0])]
        if case.operator == "Slice" and case.opset >= 10:
            return [sliced(*(a if a is None else np.asarray(a) for a in arrays))]
        if case.operator == "GlobalMaxPool":
            return [wide[0].max(axis=tuple(range(2, wide[0].ndim)), keepdims=True)]
        made, fed, _ = model(case, wide)
        return [np.asarray(a) for a in ReferenceEvaluator(made).run(None, fed)]
    except Exception:  # noqa: BLE001
        return None


def sliced(x, starts, ends, axes=None, steps=None):
    """Slice as its text has it, clamps and all: https://onnx.ai/onnx/operators/onnx__Slice.html"""
    axes = range(len(starts)) if axes is None else axes
    steps = [1] * len(starts) if steps is None else steps
    for start, end, axis, step in zip(starts, ends, axes, steps):
        start, end, step, n = int(start), int(end), int(step), x.shape[axis]
        start, end = (v + n if v < 0 else v for v in (start, end))
        if step > 0:
            cells = range(min(max(start, 0), n), min(max(end, 0), n), step)
        else:
            cells = range(min(max(start, 0), n - 1), min(max(end, -1), n - 1), step)
        x = np.take(x, list(cells) if n else [], axis=int(axis))
    return x


def pooled(case, x):
    """A pool window by window, as onnx.ai/onnx/operators/onnx__MaxPool.html lays it down."""
    kernel = case.attributes["kernel_shape"]
    rank = len(kernel)
    strides = case.attributes.get("strides", [1] * rank)
    dilations = case.attributes.get("dilations", [1] * rank)
    pads = case.attributes.get("pads", [0] * 2 * rank)
    way = case.attributes.get("auto_pad", "NOTSET")
    before, ends, sizes = [], [], []
    for axis in range(rank):
        n, reach = x.shape[2 + axis], (kernel[axis] - 1) * dilations[axis] + 1
        first, last = pads[axis], pads[rank + axis]
        if way.startswith("SAME"):
            total = max(0, (-(-n // strides[axis]) - 1) * strides[axis] + reach - n)
            first = total // 2 if way == "SAME_UPPER" else total - total // 2
            last = total - first
        room = n + first + last - reach
        size = room // strides[axis] + 1
        if case.attributes.get("ceil_mode") and not way.startswith("SAME"):
            size = -(-room // strides[axis]) + 1
            # No window begins in the padding after the end.
            size -= (size - 1) * strides[axis] >= n + first
        before.append(first)
        ends.append(n + last)
        sizes.append(size)
    y = np.empty(x.shape[:2] + tuple(sizes))
    indices = np.zeros(y.shape, np.int64)
    order = "F" if case.attributes.get("storage_order") else "C"
    area = int(np.prod(x.shape[2:], dtype=int))
    maps = np.arange(x.shape[0] * x.shape[1]).reshape(x.shape[:2]) * area
    places = np.arange(area).reshape(x.shape[2:], order=order)
    for at in np.ndindex(*sizes):
        cells, count = [], 1
        for axis in range(rank):
            start = at[axis] * strides[axis] - before[axis]
            own = [start + i * dilations[axis] for i in range(kernel[axis])]
            cells.append([c for c in own if 0 <= c < x.shape[2 + axis]])
            count *= sum(c < ends[axis] for c in own)
        window = x[(slice(None), slice(None)) + np.ix_(*cells)]
        window = window.reshape(x.shape[:2] + (int(np.prod(window.shape[2:], dtype=int)),))
        if case.operator == "MaxPool":
            value = window.max(axis=-1)
            indices[(slice(None), slice(None)) + at] = (
                maps + places[np.ix_(*cells)].ravel()[window.argmax(axis=-1)])
        elif case.operator == "LpPool":
            p = case.attributes.get("p", 2)
            # In single precision, where a power overflows.
            value = (np.abs(window.astype(np.float32)) ** p).sum(axis=-1) ** np.float32(1 / p)
        elif case.attributes.get("count_include_pad"):
            value = window.sum(axis=-1) / count
        else:
            value = window.mean(axis=-1)
        y[(slice(None), slice(None)) + at] = value
    return [y, indices][:case.outputs]


def close(found, wanted, scale=None, tolerance=None):
    """Whether floats are equal as the head of this file says; an array of bools."""
    tolerance = tolerance or TOLERANCE[wanted.dtype]
    smallest = SMALLEST.get(wanted.dtype, 2.0**-126)
    with np.errstate(all="ignore"):
        if wanted.dtype == np.float64:
            wanted = wanted.astype(np.float32)
        a, b = found.astype(np.float64), wanted.astype(np.float64)
        magnitude = np.abs(b) if scale is None else np.maximum(np.abs(b), scale.astype(np.float64))
        near = np.abs(a - b) <= tolerance * magnitude + smallest
        return (a == b) | (np.isnan(a) & np.isnan(b)) | (near & np.isfinite(a) & np.isfinite(b))


def magnitudes(case, arrays):
    """The sums of the magnitudes of the terms."""
    with np.errstate(all="ignore"):
        positive = [a if a is None or np.asarray(a).dtype.kind in "biu" else np.abs(a)
                    for a in arrays]
    made, fed, _ = model(case, positive)
    found, _ = runtime(made, fed)
    return found


# The operators whose results are differences of numbers as large as the largest result, or the
# largest thing they read.
NORMALIZED = {"InstanceNormalization", "LayerNormalization", "BatchNormalization", "(chains)"}
BLENDED = {"Resize"}
# log Σ exp has terms from 1 on; a hard sigmoid is 0 where 1/2 is taken from 1/2.
FROM_ONE = {"LogSoftmax", "HardSigmoid", "HardSwish"}


def largest(array):
    finite = np.abs(array[np.isfinite(array)].astype(np.float64))
    return finite.max(initial=0)


def scale_of(case, arrays, output, index):
    if case.operator == "LayerNormalization" and index == 1:
        # The mean, which may be near 0.
        found = magnitudes(case, arrays)
        return found[index] if found else None
    if case.operator in NORMALIZED:
        # Each node of a chain adds its own error.
        return np.asarray(largest(output) * (10 if case.nodes else 1))
    if case.operator in BLENDED:
        return np.asarray(largest(arrays[0]))
    if case.operator in FROM_ONE:
        return np.asarray(1.0)
    if case.sums:
        found = magnitudes(case, arrays)
        return found[index] if found else None
    return None


def judge(case, arrays, found, wanted):
    """"equal", "explained" or a line about the difference."""
    outcome = "equal"
    for index, (f, w) in enumerate(zip(found, wanted)):
        same = f.shape == w.shape and f.dtype == w.dtype
        if f.dtype == w.dtype and w.dtype.kind in "biu":
            if same and np.array_equal(f, w):
                continue
            exact = reference(case, arrays)
            if exact and index < len(exact) and np.array_equal(exact[index], f):
                outcome = "explained"
                continue
        scale, good = None, np.zeros(f.shape, bool)
        if same and w.dtype.kind not in "biu":
            good = close(f, w)
            if good.all():
                continue
            scale = scale_of(case, arrays, w, index)
            good = close(f, w, scale)
            if good.all():
                continue
            if scale is not None and scale.shape == f.shape:
                # A sum whose terms go beyond float32 is ±∞ or NaN by the order of its additions.
                lost = ~np.isfinite(scale.astype(np.float32)) & ~np.isfinite(f) & ~np.isfinite(w)
                if (good | lost).all():
                    outcome = "explained"
                    continue
        if same:
            at = np.flatnonzero(~good.ravel() if w.dtype.kind not in "biu" else (f != w).ravel())
            line = (f"output {index}: {len(at)} of {f.size} differ, at {at[0]} "
                    f"{f.ravel()[at[0]]!r}, onnxruntime {w.ravel()[at[0]]!r}")
        else:
            line = (f"output {index}: {f.dtype}{list(f.shape)}, "
                    f"onnxruntime {w.dtype}{list(w.shape)}")
        exact = reference(case, arrays)
        if not exact or index >= len(exact) or exact[index].shape != f.shape \
                or f.dtype != w.dtype or w.dtype.kind in "biu":
            return line + ", no reference"
        exact = exact[index].astype(w.dtype)
        near = close(f, exact, scale if same else np.asarray(largest(exact)))
        if same:
            # Rounding that both do: as near to what is exact as onnxruntime is.
            with np.errstate(all="ignore"):
                own = np.abs(f.astype(np.float64) - exact.astype(np.float64))
                other = np.abs(w.astype(np.float64) - exact.astype(np.float64))
            near |= own <= 2 * other
        if not near[~good].all():
            return line + f", reference {exact.ravel()[at[0]] if same else ''!r}"
        outcome = "explained"
    return outcome


def reason(message):
    """The class of a refusal: its message without numbers and names of files."""
    text = message.splitlines()[-1] if message else ""
    text = re.sub(r"^dropscope: ", "", text)
    text = re.sub(r"\S*/m\.onnx: ", "", text)
    text = re.sub(r"\[[-0-9, ]*\]", "[…]", text)
    return re.sub(r"-?\d+(\.\d+)?", "N", text)[:110]


def verdict(case, wanted, why, found, code, message):
    """What became of a case, and what there is to say about it."""
    if found is None and code != 65:
        return "unexplained", f"exit {code}: {message[-200:]}"
    if wanted is None:
        kind = "no kernel" if "NOT_IMPLEMENTED" in why or "bfloat16 result" in why or \
            "is not a registered" in why else "refused by onnxruntime"
        return kind if found is not None else "refused by both", re.sub(r"\s+", " ", why)[:160]
    if found is None:
        return "refused", reason(message)
    detail = judge(case, case.inputs, found, wanted)
    return detail if detail in ("equal", "explained") else "unexplained", detail


def several(job):
    """Runs cases. onnxruntime runs each by itself, dropscope up to `size` of one operator set that
    onnxruntime computes together, as nodes of one model, and by themselves where that is refused."""
    program, seed, work, folder, keep, size = job
    folder = os.path.join(folder, str(os.getpid()))
    groups, results = collections.defaultdict(list), []

    def finish(index, case, wanted, why, found, code, message):
        outcome, detail = verdict(case, wanted, why, found, code, message)
        if outcome == "unexplained" and keep:
            made, fed, names = model(case, case.inputs)
            target = os.path.join(keep, f"{case.operator}-{seed}-{index}")
            dropscope(program, made, fed, names, target)
        results.append((index, case.operator, outcome, detail, case.opset))

    def alone(index, case, wanted, why):
        made, fed, names = model(case, case.inputs)
        finish(index, case, wanted, why, *dropscope(program, made, fed, names, folder))

    def together(opset, group):
        if len(group) == 1:
            return alone(*group[0])
        made = [parts(case, case.inputs, f"_{n}") for n, (_, case, _, _) in enumerate(group)]
        fed = {name: array for part in made for name, array in part[1].items()}
        names = [name for part in made for name in part[4]]
        found, code, _ = dropscope(program, assembled(opset, made), fed, names, folder)
        if found is None:
            half = len(group) // 2
            together(opset, group[:half])
            return together(opset, group[half:])
        for (index, case, wanted, why), part in zip(group, made):
            finish(index, case, wanted, why, found[:len(part[4])], code, "")
            found = found[len(part[4]):]

    for index, operator in work:
        case = random_graphs.make(np.random.default_rng([seed, index]), operator)
        made, fed, _ = model(case, case.inputs)
        wanted, why = runtime(made, fed)
        if wanted is None or size == 1:
            alone(index, case, wanted, why)
        else:
            groups[case.opset].append((index, case, wanted, why))
    for opset, group in groups.items():
        for start in range(0, len(group), size):
            together(opset, group[start:start + size])
    return sorted(results)


def describe(case):
    inputs = [None if a is None else f"{np.asarray(a).dtype}{list(np.shape(a))}"
              for a in case.inputs]
    attributes = {k: v for k, v in case.attributes.items()}
    return f"{case.operator} opset {case.opset} {inputs} {attributes} constant {case.constant}"


COLUMNS = ["equal", "explained", "unexplained", "refused", "no kernel", "refused by both",
           "refused by onnxruntime"]


def table(counts, reasons, options, total):
    lines = [f"seed {options.seed}, {total} graphs compared", "",
             "| operator | compared | " + " | ".join(COLUMNS) + " |",
             "|---" * (len(COLUMNS) + 2) + "|"]
    sums = collections.Counter()
    for operator in sorted(counts):
        row = counts[operator]
        sums.update(row)
        compared = row["equal"] + row["explained"] + row["unexplained"]
        lines.append(f"| {operator} | {compared} | " + " | ".join(str(row[c]) for c in COLUMNS)
                     + " |")
    compared = sums["equal"] + sums["explained"] + sums["unexplained"]
    lines.append(f"| all | {compared} | " + " | ".join(str(sums[c]) for c in COLUMNS) + " |")
    lines += ["", "Refused by dropscope where onnxruntime computes:", ""]
    lines += [f"- {n} × {text}" for text, n in reasons.most_common()]
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--program", default=".build/release/dropscope")
    parser.add_argument("--count", type=int, default=5000, help="how many graphs to compare")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="operators whose name has one of these in it")
    parser.add_argument("--at", type=int, help="run this one graph and say all of it")
    parser.add_argument("--jobs", type=int, default=1, help="processes")
    parser.add_argument("--group", type=int, default=8, help="how many dropscope runs together")
    parser.add_argument("--keep", help="a folder for the models and inputs of what differs")
    parser.add_argument("--table", help="write the table to this file")
    options = parser.parse_args()
    program = os.path.abspath(options.program)
    if not os.access(program, os.X_OK):
        sys.exit(f"{options.program}: not there; build it, or name one with --program")
    if options.keep:
        os.makedirs(options.keep, exist_ok=True)
    every = sorted(random_graphs.OPERATORS)
    wanted = [w for w in options.only.lower().split(",") if w]

    def operator(index):
        return every[index % len(every)]
    shared = "/dev/shm" if os.path.isdir("/dev/shm") else None
    with tempfile.TemporaryDirectory(dir=shared) as folder:
        if options.at is not None:
            index = options.at
            case = random_graphs.make(
                np.random.default_rng([options.seed, index]), operator(index))
            print(describe(case))
            for array in case.inputs:
                print(np.asarray(array) if array is not None else None)
            print(several(
                (program, options.seed, [(index, operator(index))], folder, options.keep, 1)))
            made, fed, names = model(case, case.inputs)
            print("onnxruntime", runtime(made, fed))
            print("dropscope", dropscope(program, made, fed, names, os.path.join(folder, "x")))
            print("reference", reference(case, case.inputs))
            return
        counts = collections.defaultdict(collections.Counter)
        reasons, total, index, unexplained = collections.Counter(), 0, 0, 0
        with concurrent.futures.ProcessPoolExecutor(options.jobs) as pool:
            while total < options.count:
                jobs = []
                for _ in range(4 * options.jobs):
                    work = []
                    while len(work) < 250:
                        name = operator(index)
                        if not wanted or any(w in name.lower() for w in wanted):
                            work.append((index, name))
                        index += 1
                    jobs.append((program, options.seed, work, folder, options.keep, options.group))
                for at, name, outcome, detail, opset in (
                        result for results in pool.map(several, jobs) for result in results):
                    counts[name][outcome] += 1
                    if outcome in ("equal", "explained", "unexplained"):
                        total += 1
                    if outcome == "unexplained":
                        unexplained += 1
                        print(f"{name} opset {opset} --seed {options.seed} --at {at}: {detail}",
                              flush=True)
                    if outcome == "refused":
                        reasons[f"{name}: {detail}"] += 1
        text = table(counts, reasons, options, total)
        print(text)
        if options.table:
            with open(options.table, "w") as file:
                file.write(text)
    sys.exit(1 if unexplained else 0)


if __name__ == "__main__":
    main()
