"""What models do: run by onnxruntime, or by onnx's reference where onnxruntime cannot."""
import numpy as np
import onnx

OFF, DEFAULT = "off", "default"


class NotRun(Exception):
    pass


def session(model, level=OFF):
    """`model`: a path, or bytes."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    levels = onnxruntime.GraphOptimizationLevel
    options.graph_optimization_level = levels.ORT_DISABLE_ALL if level == OFF else \
        levels.ORT_ENABLE_ALL
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def by_onnxruntime(model, inputs, level):
    run = session(model if isinstance(model, bytes) else str(model), level)
    return run.run(None, {i.name: inputs[i.name] for i in run.get_inputs() if i.name in inputs})


def by_reference(model, inputs):
    """`model`: a path or a ModelProto."""
    from onnx.reference import ReferenceEvaluator

    try:
        proto = onnx.load(model) if not isinstance(model, onnx.ModelProto) else model
        types = {v.name: v.type.tensor_type.elem_type for v in proto.graph.input}
        wide = {name: array.astype(onnx.helper.tensor_dtype_to_np_dtype(types[name]))
                if types.get(name) == onnx.TensorProto.BFLOAT16 else array
                for name, array in inputs.items() if name in types}
        return ReferenceEvaluator(proto).run(None, wide)
    except Exception as error:  # the reference lacks operators and refuses some graphs
        raise NotRun(" ".join(str(error).split())[:120]) from None


def equal(a, b):
    """Bit for bit, through lists and maps."""
    if isinstance(a, np.ndarray) and isinstance(b, np.ndarray):
        if a.dtype != b.dtype or a.shape != b.shape:
            return False
        return bool((a == b).all()) if a.dtype == object else a.tobytes() == b.tobytes()
    if isinstance(a, (list, tuple)):
        return type(a) is type(b) and len(a) == len(b) and all(map(equal, a, b))
    if isinstance(a, dict):
        return isinstance(b, dict) and a.keys() == b.keys() and all(
            equal(np.asarray(a[k]), np.asarray(b[k])) for k in a)
    return a is None and b is None or type(a) is type(b) and a == b


def distance(a, b):
    """The largest difference of two lists of outputs, for a message."""
    worst = 0.0
    for x, y in zip(a, b):
        if isinstance(x, np.ndarray) and x.dtype.kind == "f" and getattr(y, "shape", 0) == x.shape:
            worst = max(worst, float(np.abs(x.astype(float) - y.astype(float)).max(initial=0)))
    return worst


def negated_twice(path, edit):
    """The edited model with two Neg nodes, an exact identity, where the new Dropout stands."""
    model = onnx.load(path)
    nodes = model.graph.node
    at = next(i for i, n in enumerate(nodes) if n.output and n.output[0] == edit.dropped)
    del nodes[at]
    between = f"{edit.dropped}_negated"
    nodes.insert(at, onnx.helper.make_node("Neg", [edit.clean], [between]))
    nodes.insert(at + 1, onnx.helper.make_node("Neg", [between], [edit.dropped]))
    return model.SerializeToString()


def tapped(path, edit):
    """The edited model with its clean and its dropped value as outputs besides."""
    model = onnx.load(path)
    outputs = {o.name for o in model.graph.output}
    for name in (edit.clean, edit.dropped):
        if name not in outputs:
            model.graph.output.append(onnx.ValueInfoProto(name=name))
    return model


def cut(model, names):
    """The model with these outputs alone and the nodes that they need."""
    del model.graph.output[:]
    model.graph.output.extend(onnx.ValueInfoProto(name=n) for n in names)
    needed, nodes = set(names), []
    for node in reversed(model.graph.node):
        if needed & set(node.output):
            nodes.insert(0, node)
            needed |= set(node.input)
    del model.graph.node[:]
    model.graph.node.extend(nodes)


def dropped_share(path, inputs, edit, training, kind, rate, reference):
    """Feeds `training` true; (dropped, units) over several draws. Raises ValueError where a kept
    unit is not x ÷ (1 − rate), or a unit is dropped in part."""
    import onnxruntime

    random = np.random.default_rng(7)
    model = tapped(path, edit)
    if reference:
        cut(model, [edit.clean, edit.dropped])
    order = [o.name for o in model.graph.output]
    feeds = dict(inputs) | {training: np.array(True)}
    if reference:
        drop = next(n for n in model.graph.node if training in n.input)
        del drop.attribute[:]
        drop.attribute.append(onnx.helper.make_attribute("seed", 0))

        def draw(attempt):
            drop.attribute[0].i = attempt + 1
            return by_reference(model, feeds)
    else:
        run = session(model.SerializeToString())
        here = {i.name: feeds[i.name] for i in run.get_inputs() if i.name in feeds}

        def draw(_):
            # onnxruntime counts its seed up by one a run, and the first numbers of neighbouring
            # seeds resemble each other: a small value needs seeds far apart
            onnxruntime.set_seed(int(random.integers(1, 2**31 - 2)))
            return run.run(None, here)
    dropped = units = 0
    for attempt in range(10 if reference else 60):
        outputs = dict(zip(order, draw(attempt)))
        clean = np.asarray(outputs[edit.clean]).astype(np.float64)
        after = np.asarray(outputs[edit.dropped]).astype(np.float64)
        tolerance = {2: 2e-3 if outputs[edit.clean].dtype == np.float16 else 2e-2, 4: 1e-5,
                     8: 1e-6}[outputs[edit.clean].dtype.itemsize]
        alive = (clean != 0) & np.isfinite(clean)
        gone = alive & (after == 0)
        kept = alive & ~gone
        expected = clean[kept] / (1 - rate)
        if not np.allclose(after[kept], expected, rtol=tolerance, atol=0):
            raise ValueError(f"kept values are not x ÷ {1 - rate:g}: ratio "
                             f"{np.median(after[kept] / clean[kept]):g}")
        axes = shared_axes(kind, clean.ndim)
        if axes:
            one = gone.any(axes, keepdims=True)
            if (kept & one).any():
                raise ValueError(f"a unit of kind {kind} is dropped in part")
            dropped += int(one.sum())
            units += int(alive.any(axes).sum())
        else:
            dropped += int(gone.sum())
            units += int(alive.sum())
        if units >= 1000:
            break
    return dropped, units


def shared_axes(kind, rank):
    """Axes along which a kind shares noise on [N, C, …]; row and column at least these."""
    if kind == "spatial":
        return tuple(range(2, rank))
    return {"row": (3,), "column": (2,)}.get(kind, ())
