"""Golden values of LSTM, GRU and RNN: outputs from onnxruntime, by NumPy below where it knows no such
attribute, and checked against PyTorch; gradients from PyTorch's autograd, into recurrent_gradients.json.

Run by hand: pip install torch==2.15.0 onnx==1.22.0 onnxruntime numpy && python make_operators_recurrent.py
"""

import json
import os

import numpy as np
import torch

from operator_cases import array, attribute, case, r, write

GATES = {"LSTM": 4, "GRU": 3, "RNN": 1}
# PyTorch's order of gates in ONNX's: LSTM i,f,g,o as i,o,f,c; GRU r,z,n as z,r,h.
ORDER = {"LSTM": [0, 3, 1, 2], "GRU": [1, 0, 2], "RNN": [0]}


def f(*shape):
    return r(*shape, scale=0.5)


def i32(*values):
    return np.array(values, dtype=np.int32)


def layer(op, steps, samples, inputs, hidden, directions=1, bias=True, states=False, lengths=None,
          peepholes=False, batch_first=False):
    """The inputs of a node."""
    g = GATES[op]
    state = (samples, directions, hidden) if batch_first else (directions, samples, hidden)
    x = [f(samples, steps, inputs) if batch_first else f(steps, samples, inputs),
         f(directions, g * hidden, inputs), f(directions, g * hidden, hidden),
         f(directions, 2 * g * hidden) if bias else None,
         None if lengths is None else i32(*lengths), f(*state) if states else None]
    if op == "LSTM":
        x += [f(*state) if states else None, f(directions, 3 * hidden) if peepholes else None]
    while x[-1] is None:
        x.pop()
    return x


def outputs(op):
    return 3 if op == "LSTM" else 2


def batch_first(op, inputs, **attributes):
    """What layout 1 gives, by way of layout 0, which onnxruntime has."""
    from operator_cases import run

    def turned(a):
        return None if a is None else np.ascontiguousarray(np.swapaxes(a, 0, 1))
    own = [turned(a) if i in (0, 5, 6) else a for i, a in enumerate(inputs)]
    y, *states = run(op, 14, own, outputs(op), attributes)[0]
    return [np.ascontiguousarray(np.transpose(y, (2, 0, 1, 3)))] + [turned(s) for s in states]


def module(op, inputs, hidden, directions):
    kind = {"LSTM": torch.nn.LSTM, "GRU": torch.nn.GRU, "RNN": torch.nn.RNN}[op]
    return kind(inputs, hidden, bidirectional=directions == 2)


def reordered(op, a):
    """Blocks of rows in PyTorch's order from ONNX's."""
    g = GATES[op]
    blocks = np.split(a, g)
    back = [None] * g
    for onnx_place, torch_place in enumerate(ORDER[op]):
        back[torch_place] = blocks[onnx_place]
    return np.concatenate(back)


def by_torch(op, inputs, hidden):
    """Outputs, and gradients of a weighted sum of them, from PyTorch."""
    x, w, rec, b, _, h0 = inputs[:6]
    directions = w.shape[0]
    net = module(op, x.shape[2], hidden, directions).double()
    g = GATES[op]
    with torch.no_grad():
        for d in range(directions):
            end = "_l0" + ("_reverse" if d else "")
            for name, value in [("weight_ih", w[d]), ("weight_hh", rec[d]),
                                ("bias_ih", b[d][:g * hidden]), ("bias_hh", b[d][g * hidden:])]:
                getattr(net, name + end).copy_(torch.tensor(reordered(op, value.astype(np.float64))))
    leaf = [torch.tensor(a.astype(np.float64), requires_grad=True) for a in [x, h0] + inputs[6:7]]
    y, last = net(leaf[0], (leaf[1], leaf[2]) if op == "LSTM" else leaf[1])
    t, n = x.shape[:2]
    y = y.reshape(t, n, directions, hidden).permute(0, 2, 1, 3)
    made = [y] + list(last if op == "LSTM" else [last])
    cotangents = [f(*m.shape) for m in made]
    sum((m * torch.tensor(c.astype(np.float64))).sum() for m, c in zip(made, cotangents)).backward()

    def grads(name):
        own = []
        for d in range(directions):
            end = "_l0" + ("_reverse" if d else "")
            blocks = np.split(getattr(net, name + end).grad.numpy(), g)
            own.append(np.concatenate([blocks[p] for p in ORDER[op]]))
        return np.stack(own)
    bias = np.concatenate([grads("bias_ih"), grads("bias_hh")], axis=1)
    gradients = [leaf[0].grad.numpy(), grads("weight_ih"), grads("weight_hh"), bias, None]
    gradients += [a.grad.numpy() for a in leaf[1:]]
    return [m.detach().numpy() for m in made], cotangents, gradients


def clipped_gru(inputs, clip):
    """A GRU with the reset after the product, its sums held to bounds, by the operator's definition."""
    x, w, rec, b = [a.astype(np.float64) for a in inputs]
    hidden = rec.shape[2]
    state, made = np.zeros((x.shape[1], hidden)), []

    def held(a):
        return np.clip(a, -clip, clip)
    for step in x:
        a, c = step @ w[0].T + b[0][:3 * hidden], state @ rec[0].T + b[0][3 * hidden:]
        (az, ar, ah), (cz, cr, ch) = np.split(a, 3, 1), np.split(c, 3, 1)
        z, reset = [1 / (1 + np.exp(-held(s))) for s in (az + cz, ar + cr)]
        state = (1 - z) * np.tanh(held(ah + reset * ch)) + z * state
        made.append(state)
    return [np.stack(made)[:, None].astype(np.float32), state[None].astype(np.float32)]


gradients = []
for op in ["LSTM", "GRU", "RNN"]:
    reset = {"linear_before_reset": 1} if op == "GRU" else {}
    count = outputs(op)
    for opset in [7, 14, 22]:
        case(op, opset, layer(op, 3, 2, 4, 3), outputs=count, hidden_size=3, **reset)
    case(op, 14, layer(op, 4, 1, 2, 3, bias=False), outputs=count, hidden_size=3)
    case(op, 14, layer(op, 4, 2, 3, 2, states=True), outputs=1, hidden_size=2, direction="reverse")
    case(op, 14, layer(op, 4, 3, 3, 2, directions=2, states=True), outputs=count, hidden_size=2,
         direction="bidirectional")
    case(op, 14, layer(op, 4, 3, 3, 2, directions=2, lengths=[4, 1, 3], states=True),
         outputs=count, hidden_size=2, direction="bidirectional", **reset)
    case(op, 14, layer(op, 4, 2, 3, 2, lengths=[2, 3]), outputs=count, hidden_size=2)
    case(op, 14, layer(op, 3, 2, 4, 3), outputs=count, hidden_size=3, clip=0.5)
    for name, attributes in [
            ("Relu", {}), ("HardSigmoid", {"activation_alpha": [0.3], "activation_beta": [0.4]}),
            ("Affine", {"activation_alpha": [0.5], "activation_beta": [0.125]}),
            ("LeakyRelu", {"activation_alpha": [0.25]}), ("Elu", {"activation_alpha": [0.5]}),
            ("ScaledTanh", {"activation_alpha": [0.5], "activation_beta": [1.5]}),
            ("Softsign", {}), ("Softplus", {}), ("ThresholdedRelu", {"activation_alpha": [0.25]})]:
        names = {"LSTM": ["Sigmoid", name, "Tanh"], "GRU": ["Sigmoid", name], "RNN": [name]}[op]
        case(op, 14, layer(op, 3, 2, 2, 2), outputs=count, hidden_size=2, activations=names,
             **attributes)
    inputs = layer(op, 3, 2, 4, 3, directions=2, states=True, batch_first=True)
    case(op, 14, inputs, outputs=count, hidden_size=3, layout=1, direction="bidirectional",
         expect=batch_first(op, inputs, hidden_size=3, direction="bidirectional"))
    for directions, way in [(1, "forward"), (2, "bidirectional")]:
        inputs = layer(op, 5, 2, 3, 4, directions=directions, states=True)
        made, cotangents, own = by_torch(op, inputs, 4)
        case(op, 14, inputs, outputs=count, check=made[0], hidden_size=4, direction=way, **reset)
        gradients.append({
            "op": op, "attributes": {k: attribute(v) for k, v in
                                     {"hidden_size": 4, "direction": way, **reset}.items()},
            "inputs": [array(a) for a in inputs], "cotangents": [array(a) for a in cotangents],
            "gradients": [None if a is None else array(a.astype(np.float32)) for a in own]})
case("LSTM", 14, layer("LSTM", 4, 2, 3, 2, states=True, peepholes=True), outputs=3, hidden_size=2)
case("LSTM", 14, layer("LSTM", 4, 2, 3, 2, states=True, peepholes=True), outputs=3, hidden_size=2,
     clip=0.75)
case("LSTM", 14, layer("LSTM", 3, 2, 3, 2), outputs=3, hidden_size=2, input_forget=1)
inputs = layer("GRU", 3, 2, 2, 2)
case("GRU", 14, inputs, outputs=2, expect=clipped_gru(inputs, 0.5), hidden_size=2, clip=0.5,
     linear_before_reset=1)

write()
path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "recurrent_gradients.json")
with open(path, "w") as file:
    file.write("[\n" + ",\n".join(json.dumps(g, separators=(",", ":")) for g in gradients) + "\n]\n")
