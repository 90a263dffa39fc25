"""Field-by-field comparison of a model with its edit.

The edit is undone in a copy: what it added is taken out, what it renamed is named back. Then every
field of every message has to be equal: presence, order, bits of numbers, and the fields that this
version of ONNX does not know. Whatever differs is listed with its path.
"""
import struct
from dataclasses import dataclass, field

import numpy as np
import onnx
from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.unknown_fields import UnknownFieldSet
from onnx import numpy_helper

FLOATS = {FieldDescriptor.TYPE_FLOAT: "<f", FieldDescriptor.TYPE_DOUBLE: "<d"}
SHARED = {"Shape", "Where", "ConstantOfShape", "Dropout", "Mul", "Constant", "Concat", "Gather",
          "Slice", "Unsqueeze", "Cast", "Expand", "Equal"}


@dataclass
class Edit:
    """What was added: nodes, names of initialisers and inputs; the clean and the dropped value."""
    nodes: list = field(default_factory=list)
    initializers: list = field(default_factory=list)
    inputs: list = field(default_factory=list)
    clean: str = ""
    dropped: str = ""
    problems: list = field(default_factory=list)


def repeated(descriptor):
    """Whether a field is repeated; protobuf's newer releases no longer have `label`."""
    flag = getattr(descriptor, "is_repeated", None)
    return flag if flag is not None else descriptor.label == FieldDescriptor.LABEL_REPEATED


def unknown(message):
    """The fields that the descriptor does not have, as a tree of tuples."""
    def tree(fields):
        return [(f.field_number, f.wire_type,
                 tree(f.data) if isinstance(f.data, UnknownFieldSet) else f.data) for f in fields]
    return tree(UnknownFieldSet(message))


def differences(a, b, path="", found=None, limit=20):
    """Paths at which two messages of one type differ."""
    found = [] if found is None else found
    if len(found) >= limit or a.SerializeToString(deterministic=True) == b.SerializeToString(
            deterministic=True):
        return found
    set_a = {f.name: (f, v) for f, v in a.ListFields()}
    set_b = {f.name: (f, v) for f, v in b.ListFields()}
    for name in sorted(set_a.keys() | set_b.keys()):
        at = f"{path}.{name}" if path else name
        if name not in set_b or name not in set_a:
            side = "lost" if name in set_a else "new"
            value = (set_a.get(name) or set_b.get(name))[1]
            found.append(f"{at}: {side}: {short(value)}")
            continue
        descriptor, left = set_a[name]
        right = set_b[name][1]
        if not repeated(descriptor):
            one(descriptor, left, right, at, found, limit)
            continue
        if len(left) != len(right):
            found.append(f"{at}: {len(left)} became {len(right)}")
        for i, (x, y) in enumerate(zip(left, right)):
            one(descriptor, x, y, f"{at}[{label(x, i)}]", found, limit)
            if len(found) >= limit:
                break
    if unknown(a) != unknown(b):
        found.append(f"{path or 'model'}: unknown fields {short(unknown(a))} became "
                     f"{short(unknown(b))}")
    return found


def one(descriptor, x, y, at, found, limit):
    if descriptor.type == FieldDescriptor.TYPE_MESSAGE:
        differences(x, y, at, found, limit)
    elif descriptor.type in FLOATS:
        code = FLOATS[descriptor.type]
        if struct.pack(code, x) != struct.pack(code, y):
            found.append(f"{at}: {x!r} became {y!r}")
    elif x != y:
        found.append(f"{at}: {short(x)} became {short(y)}")


def label(message, i):
    name = getattr(message, "name", "") or getattr(message, "key", "")
    return f"{i} {name}" if name else str(i)


def short(value):
    text = " ".join(repr(value).split()) if not isinstance(value, onnx.NodeProto) else value.op_type
    return text if len(text) <= 60 else text[:57] + "…"


def bodies(node):
    for attribute in node.attribute:
        if attribute.HasField("g"):
            yield attribute.g
        yield from attribute.graphs


def names(graph):
    """Every value name of a graph and of the bodies within."""
    found = {t.name for t in graph.initializer} | {t.values.name for t in graph.sparse_initializer}
    found |= {v.name for v in [*graph.input, *graph.output, *graph.value_info]}
    for node in graph.node:
        found |= set(node.input) | set(node.output)
        for body in bodies(node):
            found |= names(body)
    return found - {""}


def node_names(graph):
    found = set()
    for node in graph.node:
        found.add(node.name)
        for body in bodies(node):
            found |= node_names(body)
    return found - {""}


def reads(graph, name):
    """Whether a body reads an outer value of this name."""
    own = {v.name for v in graph.input} | {t.name for t in graph.initializer}
    own |= {o for n in graph.node for o in n.output}
    if name in own:
        return False
    if any(v.name == name for v in graph.output):
        return True
    return any(name in n.input or any(reads(b, name) for b in bodies(n)) for n in graph.node)


def pairs(original, edited, value, taken):
    """Walks both lists of nodes: ([(old, new)…], added nodes, nodes that were not found)."""
    def same(old, new):
        def renamed(x, y):
            return x == y or (x == value and y and y not in taken)
        return ((old.op_type, old.domain, old.name, len(old.input), len(old.output))
                == (new.op_type, new.domain, new.name, len(new.input), len(new.output))
                and all(map(renamed, old.input, new.input))
                and all(map(renamed, old.output, new.output)))

    left, matched, added = list(original), [], []
    for node in edited:
        if left and same(left[0], node):
            matched.append((left.pop(0), node))
        else:
            added.append(node)
    return matched, added, left


def unswitched(original, edited, training):
    """The edited model with the file's own Dropout nodes as they were before the new input switched
    them, and with the constants that nothing reads since."""
    if not training:
        return edited
    restored = onnx.ModelProto()
    restored.CopyFrom(edited)
    own = {tuple(n.output): list(n.input) for n in original.graph.node if n.op_type == "Dropout"}
    switches = set()
    for node in restored.graph.node:
        before = own.get(tuple(node.output))
        if node.op_type == "Dropout" and before is not None and training in node.input:
            switches |= set(before[2:])
            del node.input[len(before[:2]):]
            node.input.extend(before[2:])
    there = {t.name for t in restored.graph.initializer}
    for position, tensor in enumerate(original.graph.initializer):
        if tensor.name in switches - there:
            restored.graph.initializer.insert(position, tensor)
    return restored


def compare(original, edited, value, kind, rate, training=None):
    """What the edit did, and every problem with it.

    `value`: the value that dropout was asked at; `training`: name of the input asked for."""
    edit = Edit()
    say = edit.problems.append
    edited = unswitched(original, edited, training)
    old, new = original.graph, edited.graph
    taken = names(old)
    matched, edit.nodes, left = pairs(old.node, new.node, value, taken)
    if left:
        say(f"{len(left)} nodes of the original were not found in order, first "
            f"{left[0].op_type} {left[0].name!r} → {list(left[0].output)}")
        edit.problems += differences(original, edited)[:5]
        return edit
    if not edit.nodes:
        say("no node was added")
        edit.problems += differences(original, edited)[:5]
        return edit
    made = {o for n in edit.nodes for o in n.output if o}
    sources = {y for x, node in matched for x, y in zip(x.output, node.output) if x == value}
    readers = {y for x, node in matched for x, y in zip(x.input, node.input) if x == value}
    captured = any(reads(b, value) for _, n in matched for b in bodies(n))
    is_output = any(o.name == value for o in old.output)
    if sources and sources != {value}:  # the producer was renamed; the new nodes make the value
        edit.clean, edit.dropped = sources.pop(), value
        if readers - {value}:
            say(f"readers were renamed too: {sorted(readers)}")
    else:
        edit.clean = value
        edit.dropped = next(iter(readers - {value}), "")
        if len(readers) != 1 or value in readers:
            say(f"readers of {value!r} read {sorted(readers)}")
        if is_output or captured:
            say(f"{value!r} is {'an output' if is_output else 'read in a body'} and stays clean")
    if edit.dropped not in made:
        say(f"the dropped value {edit.dropped!r} is made by no new node")
    again = (made - {value} if edit.dropped == value else made) & taken
    if again or edit.clean != value and edit.clean in taken:
        say(f"names that were taken are used again: {sorted(again) or edit.clean}")
    clash = {n.name for n in edit.nodes if n.name} & node_names(old)
    if clash:
        say(f"node names that were taken are used again: {sorted(clash)}")
    own = [n.name for n in edit.nodes if n.name]
    if len(set(own)) < len(own):
        say(f"new nodes share a name: {own}")

    restored = onnx.ModelProto()
    restored.CopyFrom(edited)
    graph = restored.graph
    old_tensors = {t.name for t in old.initializer}
    edit.initializers = [t for t in new.initializer if t.name not in old_tensors]
    old_inputs = {v.name for v in old.input}
    edit.inputs = [v for v in new.input if v.name not in old_inputs]
    fresh = made | {t.name for t in edit.initializers} | {edit.clean}
    for tensor in edit.initializers:
        if tensor.name in taken:
            say(f"the new initialiser {tensor.name!r} takes a name in use")
        if not any(tensor.name in n.input for n in edit.nodes):
            say(f"the new initialiser {tensor.name!r} is read by no new node")
    for info in edit.inputs:
        listed = edited.ir_version < 4 and info.name in {t.name for t in edit.initializers}
        if not listed and info.name != training:
            say(f"a new input: {info.name!r}")
    keep(graph.node, {i for i, n in enumerate(new.node) if not any(n is a for a in edit.nodes)})
    keep(graph.initializer, {i for i, t in enumerate(new.initializer) if t.name in old_tensors})
    keep(graph.input, {i for i, v in enumerate(new.input) if v.name in old_inputs})
    keep(graph.value_info, {i for i, v in enumerate(new.value_info)
                            if v.name in taken or v.name not in fresh})
    for (before, _), node in zip(matched, graph.node):
        for i, name in enumerate(before.input):
            if name == value and node.input[i] == edit.dropped:
                node.input[i] = value
        for i, name in enumerate(before.output):
            if name == value and node.output[i] == edit.clean:
                node.output[i] = value
    edit.problems += differences(original, restored)
    edit.problems += shape_of(edit, edited, kind, rate, training)
    edit.problems += order(edited)
    return edit


def keep(repeated_field, indices):
    for i in reversed(range(len(repeated_field))):
        if i not in indices:
            del repeated_field[i]


def order(model):
    """Every node reads what stands before it."""
    graph, known = model.graph, {""}
    known |= {v.name for v in graph.input} | {t.name for t in graph.initializer}
    known |= {t.values.name for t in graph.sparse_initializer}
    for node in graph.node:
        late = [i for i in node.input if i not in known]
        made = {o for n in graph.node for o in n.output}
        late += [n for n in made - known for b in bodies(node) if reads(b, n)]
        if late:
            return [f"{node.op_type} {node.name!r} reads {late[0]!r} before it is made"]
        known |= set(node.output)
    return []


def constant(name, edit):
    for tensor in edit.initializers:
        if tensor.name == name:
            return numpy_helper.to_array(tensor)
    for node in edit.nodes:
        if node.op_type == "Constant" and name in node.output:
            value = onnx.helper.get_attribute_value(node.attribute[0])
            return numpy_helper.to_array(value) if isinstance(value, onnx.TensorProto) else \
                np.asarray(value, np.float32)
    return None


def shape_of(edit, model, kind, rate, training):
    """Whether the new nodes are a dropout of this kind and rate that rests at evaluation."""
    opset = next(o.version for o in model.opset_import if o.domain in ("", "ai.onnx"))
    drops = [n for n in edit.nodes if n.op_type == "Dropout" and n.domain in ("", "ai.onnx")]
    found = []
    if len(drops) != 1:
        return [f"{len(drops)} new Dropout nodes"]
    drop = drops[0]
    others = [n.op_type for n in edit.nodes if n is not drop]
    allowed = {"Constant"} if kind == "element" else SHARED
    if set(others) - allowed or kind == "element" and len(others) > 1:
        found.append(f"new nodes beside the Dropout: {others}")
    if kind == "element" and (drop.input[0], drop.output[0]) != (edit.clean, edit.dropped):
        found.append(f"the Dropout leads from {drop.input[0]!r} to {drop.output[0]!r}")
    attributes = {a.name: onnx.helper.get_attribute_value(a) for a in drop.attribute}
    if opset >= 12:
        ratio = constant(drop.input[1], edit) if len(drop.input) > 1 else None
        if ratio is None or ratio.shape != ():
            found.append(f"the ratio is {ratio!r}, expected a scalar")
        elif ratio.dtype != np.float32 or ratio != np.float32(rate):
            found.append(f"the ratio is {ratio.dtype} {ratio}, expected float32 {rate}")
        third = drop.input[2] if len(drop.input) > 2 else ""
        if third != (training or ""):
            found.append(f"training_mode is {third!r}, expected {training or ''!r}")
        if set(attributes) - {"seed"}:
            found.append(f"attributes of the Dropout: {sorted(attributes)}")
    else:
        expected = {"ratio": np.float32(rate)} | ({"is_test": 1} if opset < 7 else {})
        if attributes != expected:
            found.append(f"attributes of the Dropout: {attributes}, expected {expected}")
    if training and not any(v.name == training and v.type.tensor_type.elem_type
                            == onnx.TensorProto.BOOL for v in edit.inputs):
        found.append(f"no new input {training!r} of type bool")
    return found
