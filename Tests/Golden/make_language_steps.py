"""Writes language_steps.json: two training steps of the recipes `awd-lstm` and `transformer` by PyTorch.

Weights, letters and masks come from streams.py, so both sides have the same; the file holds the loss of
each step, the gradients of the first and the weights after the second. Of large arrays some 40 elements are
kept, an odd number apart, and the sum of the squares of all.

pip install torch==2.13.0 numpy
"""
import json
import pathlib

import numpy as np
import torch
import torch.nn.functional as F

from streams import initial, kept, words

seed, samples, times, letters, features = 3, 4, 16, 97, 64


def weights(name, *shape):
    fans = (shape[1] + shape[0]) * int(np.prod(shape[2:]))
    return initial(shape, name, seed, 2 / fans)


def gates(name, count, units, inputs):
    blocks = [initial((units, inputs), f"{name} {at}", seed, 2 / (units + inputs)) for at in range(count)]
    return np.concatenate(blocks)[None]


def mask(shape, rate, name, step):
    return torch.tensor(kept(tuple(shape), rate, seed, f"node of {name}", step)).float() / (1 - rate)


def text(step):
    all = words(samples * (times + 1), seed, "golden letters", step=step).astype(np.int64) % letters
    all = torch.tensor(all.reshape(samples, times + 1))
    return all[:, :-1], all[:, 1:]


def loss_of(logits, wanted):
    return F.cross_entropy(logits.reshape(-1, letters), wanted.reshape(-1))


def awd_lstm():
    def layer(name, inputs, units):
        bias = np.zeros((1, 8 * units), np.float32)
        bias[0, 2 * units:3 * units] = 1
        return {
            f"{name}.W": gates(f"{name}.W", 4, units, inputs), f"{name}.R": gates(f"{name}.R", 4, units, units),
            f"{name}.B": bias,
        }

    made = {"embedding.weight": weights("embedding.weight", letters, features)}
    made |= layer("lstm1", features, 192) | layer("lstm2", 192, features)
    return made | {"output.bias": np.zeros(letters, np.float32)}


def run_awd_lstm(p, step):
    read, wanted = text(step)
    # Rows of the table are its samples.
    rows = mask((letters, 1), 0.02, "embedding.weight_noise", step)
    x = (p["embedding.weight"] * rows)[read]
    x = x * mask((samples, 1, features), 0.25, "embedding_noise", step)
    for name, units, rate in (("lstm1", 192, 0.15), ("lstm2", features, 0.1)):
        recurrent = p[f"{name}.R"] * mask((1, 4 * units, units), 0.2, f"{name}.R_dropout", step)
        bias = p[f"{name}.B"][0]
        h = c = torch.zeros(samples, units)
        made = []
        for t in range(times):
            sums = x[:, t] @ p[f"{name}.W"][0].T + h @ recurrent[0].T + bias[:4 * units] + bias[4 * units:]
            i, o, f, g = sums.split(units, 1)  # ONNX's order
            c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
            h = torch.sigmoid(o) * torch.tanh(c)
            made.append(h)
        x = torch.stack(made, 1) * mask((samples, 1, units), rate, f"{name}_noise", step)
    return loss_of(x @ p["embedding.weight"].T + p["output.bias"], wanted)


def transformer():
    made = {
        "embedding.weight": weights("embedding.weight", letters, features),
        "places": weights("places", 64, features),
    }

    def dense(name, inputs, units):
        made[f"{name}.weight"] = weights(f"{name}.weight", inputs, units)
        made[f"{name}.bias"] = np.zeros(units, np.float32)

    for block in ("block1", "block2"):
        for word in ("query", "key", "value", "projection"):
            dense(f"{block}.{word}", features, features)
        dense(f"{block}.dense1", features, 256)
        dense(f"{block}.dense2", 256, features)
        for norm in ("norm1", "norm2"):
            made[f"{block}.{norm}.scale"] = np.ones(features, np.float32)
            made[f"{block}.{norm}.bias"] = np.zeros(features, np.float32)
    dense("output", features, letters)
    return made


def run_transformer(p, step):
    read, wanted = text(step)
    number = 0

    def drop(x):
        nonlocal number
        number += 1
        return x * mask(x.shape, 0.1, f"dropout{number}", step)

    def dense(x, name):
        return x @ p[f"{name}.weight"] + p[f"{name}.bias"]

    def norm(x, name):
        return F.layer_norm(x, (features,), p[f"{name}.scale"], p[f"{name}.bias"])

    def heads(x):
        return x.reshape(samples, times, 4, 16).transpose(1, 2)

    later = torch.triu(torch.full((times, times), -1e9), 1)
    x = drop(p["embedding.weight"][read] + p["places"][:times])
    for block in ("block1", "block2"):
        q, k, v = (heads(dense(x, f"{block}.{word}")) for word in ("query", "key", "value"))
        share = drop(torch.softmax(q @ k.transpose(2, 3) / 4 + later, -1))
        context = (share @ v).transpose(1, 2).reshape(samples, times, features)
        x = norm(x + drop(dense(context, f"{block}.projection")), f"{block}.norm1")
        inner = drop(F.relu(dense(x, f"{block}.dense1")))
        x = norm(x + drop(dense(inner, f"{block}.dense2")), f"{block}.norm2")
    return loss_of(dense(x, "output"), wanted)


def sampled(tensor):
    flat = tensor.detach().double().flatten()
    step = max(1, flat.numel() // 40) | 1
    return {
        "step": step, "squares": float((flat * flat).sum()),
        "values": [float(f"{v:.7g}") for v in flat[::step].tolist()],
    }


def run(make, run_step):
    p = {name: torch.tensor(value, requires_grad=True) for name, value in make().items()}
    # Plain steps: Adam's first ones are ±lr, whatever the gradient.
    optimizer = torch.optim.SGD(p.values(), lr=0.1)
    losses = []
    for step in range(2):
        optimizer.zero_grad()
        loss = run_step(p, step)
        loss.backward()
        losses.append(loss.item())
        if step == 0:
            gradients = {name: sampled(value.grad) for name, value in p.items()}
        optimizer.step()
    return {
        "losses": losses, "gradients": gradients,
        "weights": {name: sampled(value) for name, value in p.items()},
    }


path = pathlib.Path(__file__).with_name("language_steps.json")
made = {"awd-lstm": run(awd_lstm, run_awd_lstm), "transformer": run(transformer, run_transformer)}
path.write_text(json.dumps(made) + "\n")
print(path.name, path.stat().st_size, "bytes", [one["losses"] for one in made.values()])
