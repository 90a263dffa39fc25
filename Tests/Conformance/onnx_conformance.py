#!/usr/bin/env python3
"""ONNX's own tests, through `dropscope run`.

    swift build -c release --product dropscope
    python3 Tests/Conformance/onnx_conformance.py [--program .build/release/dropscope]
        [--light] [--more] [--only TEXT] [--verbose]

Installs onnx 1.22.0 (the newest with the node tests in it) into a temporary folder, or uses it
where it is already installed. Takes all backend node tests, runs each on its data sets and prints
passed / failed / refused / not supported by operator. Refused is what the program says in a line that
it does not do, of an operator that it has; left out are tests of text. Numbers of types that a NumPy file does not hold go in and come out as ones that hold each of them:
float32 for bfloat16 and floats of 8 and 4 bits, int8 and uint8 for whole numbers of 4 and 2 bits. Tests of
training run with --training, as ONNX's reference runner switches its Dropout on by an input. With --light the nine "light" models too, each with its input arange(n)/n (the
reference runner's own) and the expected output beside it, to 1e-4 relative.

With --more the folders "simple", "pytorch-converted" and "pytorch-operator" as well; "real" is the light models
by their addresses.

Tolerances are those of ONNX's runner: 1e-3 relative, 1e-7 absolute.

Exits 1 if a test of a supported operator failed.
"""
import argparse
import collections
import concurrent.futures
import glob
import os
import subprocess
import sys
import tempfile

VERSION = "1.22.0"
MORE = ["simple", "pytorch-converted", "pytorch-operator"]
# What a NumPy file holds.
PLAIN = {"FLOAT", "DOUBLE", "FLOAT16", "INT8", "INT16", "INT32", "INT64", "UINT8", "UINT16", "UINT32",
         "UINT64", "BOOL"}
# What holds the numbers of those that it does not.
HELD = {name: "float32" for name in ["BFLOAT16", "FLOAT8E4M3FN", "FLOAT8E4M3FNUZ", "FLOAT8E5M2",
                                     "FLOAT8E5M2FNUZ", "FLOAT8E8M0", "FLOAT4E2M1"]}
HELD |= {"INT4": "int8", "INT2": "int8", "UINT4": "uint8", "UINT2": "uint8"}


def import_onnx(folder):
    try:
        import onnx
        if onnx.__version__ == VERSION:
            return onnx
    except ImportError:
        pass
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "-q", "--target", folder, f"onnx=={VERSION}"],
        check=True)
    sys.path.insert(0, folder)
    for name in [n for n in sys.modules if n == "onnx" or n.startswith("onnx.")]:
        del sys.modules[name]
    import onnx
    return onnx


def innermost(kind):
    """The array type inside sequences and optional values; None where there is none."""
    while True:
        name = kind.WhichOneof("value")
        if name == "tensor_type":
            return kind.tensor_type
        if name not in ("sequence_type", "optional_type"):
            return None
        kind = getattr(kind, name).elem_type


def types(onnx, model):
    found = set()
    for value in list(model.graph.input) + list(model.graph.output):
        array = innermost(value.type)
        if array is None:
            return None
        found.add(onnx.TensorProto.DataType.Name(array.elem_type))
    return found


def plain(name):
    return "".join(c if c.isascii() and (c.isalnum() or c in "._-") else "_" for c in name)


def load(onnx, path, kind):
    """An array, a list of them for a sequence, or None for an optional value that is not there."""
    name = kind.WhichOneof("value")
    message = {"tensor_type": onnx.TensorProto, "sequence_type": onnx.SequenceProto,
               "optional_type": onnx.OptionalProto}[name]()
    with open(path, "rb") as file:
        message.ParseFromString(file.read())
    if name == "optional_type":
        return onnx.numpy_helper.to_optional(message)
    if name == "sequence_type":
        return onnx.numpy_helper.to_list(message)
    array = onnx.numpy_helper.to_array(message)
    held = HELD.get(onnx.TensorProto.DataType.Name(message.data_type))
    return array.astype(held) if held else array


def run(program, model, inputs, names, training, folder):
    """Returns (outputs, None) or (None, the program's message)."""
    import numpy as np
    arguments = [program, "run", model, "-o", os.path.join(folder, "out")]
    for index, (name, value) in enumerate(inputs):
        arrays = value if isinstance(value, list) else [] if value is None else [value]
        for place, array in enumerate(arrays):
            path = os.path.join(folder, f"in{index}_{place}.npy")
            # Not ascontiguousarray, which turns a scalar into a row of one.
            np.save(path, np.asarray(array, order="C"))
            arguments += ["--input", f"{name}={path}"]
        if isinstance(value, list) and not value:
            arguments += ["--input", f"{name}="]
    if training:
        arguments += ["--training", "--seed", "0"]
    try:
        result = subprocess.run(arguments, capture_output=True, text=True, timeout=300)
    except subprocess.TimeoutExpired:
        return None, "timed out"
    if result.returncode != 0:
        return None, result.stderr.strip() or f"exit {result.returncode}"
    return [written(os.path.join(folder, "out", plain(n))) for n in names], None


def written(path):
    """What the program wrote of an output: an array, or those of a sequence."""
    import numpy as np
    if os.path.exists(path + ".npy"):
        return np.load(path + ".npy")
    count = len(glob.glob(glob.escape(path) + "@*.npy"))
    return [np.load(f"{path}@{place}.npy") for place in range(count)]


def compare(found, expected, relative, absolute):
    import numpy as np
    for f, e in zip(found, expected):
        if isinstance(e, list) or isinstance(f, list):
            if not (isinstance(e, list) and isinstance(f, list) and len(f) == len(e)):
                return f"a sequence of {len(f)}, expected {type(e).__name__} of {len(e)}"
            difference = compare(f, e, relative, absolute)
            if difference:
                return difference
            continue
        if f.shape != e.shape:
            return f"shape {list(f.shape)}, expected {list(e.shape)}"
        if f.dtype != e.dtype:
            return f"type {f.dtype}, expected {e.dtype}"
        try:
            np.testing.assert_allclose(f, e, rtol=relative, atol=absolute)
        except AssertionError as error:
            return " ".join(str(error).split())[:160]
    return None


def node_test(onnx, program, path, name):
    """Returns (operator, outcome, message)."""
    model = onnx.load(os.path.join(path, "model.onnx"))
    operator = model.graph.node[0].op_type if len(model.graph.node) == 1 else "(several)"
    training = "training_dropout" in name
    # Old files list their constants among the inputs.
    constants = {t.name for t in model.graph.initializer}
    inputs_of = [v for v in model.graph.input if v.name not in constants]
    outputs_of = list(model.graph.output)
    for data in sorted(glob.glob(os.path.join(path, "test_data_set_*"))):
        inputs = [
            (v.name, load(onnx, os.path.join(data, f"input_{i}.pb"), v.type))
            for i, v in enumerate(inputs_of)]
        expected = [
            load(onnx, os.path.join(data, f"output_{i}.pb"), v.type)
            for i, v in enumerate(outputs_of)]
        with tempfile.TemporaryDirectory() as folder:
            found, message = run(
                program, os.path.join(path, "model.onnx"), inputs, [o.name for o in outputs_of],
                training, folder)
        if message:
            unsupported = "is not supported" in message
            return operator, "not supported" if unsupported else "refused", message
        # What is drawn is another with each generator: shapes and types are all there is to compare.
        drawn = "bernoulli" in name
        difference = compare(found, expected, 1 if drawn else 1e-3, 1 if drawn else 1e-7)
        if difference:
            return operator, "failed", difference
    return operator, "passed", None


def light_model(onnx, program, path):
    import numpy as np
    model = onnx.load(path)
    constants = {t.name for t in model.graph.initializer}
    inputs = []
    for value in model.graph.input:
        if value.name in constants:
            continue
        shape = [d.dim_value for d in value.type.tensor_type.shape.dim]
        count = int(np.prod(shape))
        inputs.append((value.name, (np.arange(count) / count).astype(np.float32).reshape(shape)))
    outputs = [o.name for o in model.graph.output]
    expected = load(onnx, path.replace(".onnx", "_output_0.pb"), model.graph.output[0].type)
    with tempfile.TemporaryDirectory() as folder:
        found, message = run(program, path, inputs, outputs, False, folder)
    if message:
        return "failed", message
    largest = float(np.max(np.abs(found[0] - expected)) / max(1e-30, np.max(np.abs(expected))))
    difference = compare(found[:1], [expected], 1e-4, 1e-7)
    return ("failed", difference) if difference else ("passed", f"largest error {largest:.1e}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--program", default=".build/release/dropscope")
    parser.add_argument("--only", default="", help="tests whose name has this in it")
    parser.add_argument("--light", action="store_true", help="the light models too")
    parser.add_argument("--more", action="store_true", help="the folders beside the node tests too")
    parser.add_argument("--verbose", action="store_true", help="say why, for each failure")
    options = parser.parse_args()
    program = os.path.abspath(options.program)
    if not os.access(program, os.X_OK):
        sys.exit(f"{options.program}: not there; build it, or name one with --program")
    failures = 0
    with tempfile.TemporaryDirectory() as folder:
        onnx = import_onnx(folder)
        import onnx.numpy_helper  # noqa: F401
        root = os.path.join(os.path.dirname(onnx.__file__), "backend", "test", "data")
        tests, others = [], 0
        kinds = ["node"] + MORE * options.more
        paths = [p for kind in kinds for p in sorted(glob.glob(os.path.join(root, kind, "*")))]
        for path in paths:
            name = os.path.basename(path)
            if options.only not in name or not os.path.exists(os.path.join(path, "model.onnx")):
                continue
            found = types(onnx, onnx.load(os.path.join(path, "model.onnx")))
            if found is not None and found <= PLAIN | HELD.keys():
                tests.append((name, path))
            else:
                others += 1
        table = collections.defaultdict(collections.Counter)
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count() or 1) as pool:
            results = pool.map(lambda t: node_test(onnx, program, t[1], t[0]), tests)
            for (name, _), (operator, outcome, message) in zip(tests, results):
                table[operator][outcome] += 1
                if outcome == "failed":
                    failures += 1
                if outcome in ("failed", "refused") or options.verbose and message:
                    print(f"{outcome}: {name}: {message}")
        print(f"{'operator':28}{'passed':>8}{'failed':>8}{'refused':>9}{'not supported':>15}")
        total = collections.Counter()
        for operator in sorted(table):
            row = table[operator]
            total.update(row)
            print(
                f"{operator:28}{row['passed']:8}{row['failed']:8}{row['refused']:9}"
                f"{row['not supported']:15}")
        print(
            f"{'all':28}{total['passed']:8}{total['failed']:8}{total['refused']:9}"
            f"{total['not supported']:15}")
        print(f"{others} tests are of text and were left out")
        if options.light:
            for path in sorted(glob.glob(os.path.join(root, "light", "*.onnx"))):
                if options.only not in path:
                    continue
                outcome, message = light_model(onnx, program, path)
                failures += outcome == "failed"
                print(f"{outcome}: {os.path.basename(path)}: {message}")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
