"""Writes recipe_steps.json: two training steps of the recipes of sequences and of the U-net by PyTorch.

Weights, samples and masks come from streams.py, so both sides have the same; the file holds the loss of
each step, the gradients of the first and the weights after the second. Of large arrays some 40 elements are
kept, an odd number apart, and the sum of the squares of all.

pip install torch==2.15.0 numpy
"""
import json
import pathlib

import numpy as np
import torch
import torch.nn.functional as F

from streams import initial, kept, uniforms, words

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


def gru_step(x, h, w, r, b):
    """ONNX's order, update, reset, hidden, and PyTorch's form: the reset gate behind the product."""
    units = h.shape[1]
    zx, rx, nx = (x @ w.T + b[:3 * units]).split(units, 1)
    zh, rh, nh = (h @ r.T + b[3 * units:]).split(units, 1)
    z, reset = torch.sigmoid(zx + zh), torch.sigmoid(rx + rh)
    return (1 - z) * torch.tanh(nx + reset * nh) + z * h


def tokens(name, shape, low, high, step):
    made = words(int(np.prod(shape)), seed, f"golden {name}", step=step).astype(np.int64)
    return torch.tensor((low + made % (high - low)).reshape(shape))


def brackets(kind):
    count = 4 if kind == "lstm" else 3
    bias = np.zeros((1, 2 * count * 32), np.float32)
    if kind == "lstm":
        bias[0, 64:96] = 1
    return {
        "embedding1.weight": weights("embedding1.weight", 3, 16),
        f"{kind}1.W": gates(f"{kind}1.W", count, 32, 16), f"{kind}1.R": gates(f"{kind}1.R", count, 32, 32),
        f"{kind}1.B": bias,
        "dense1.weight": weights("dense1.weight", 2, 32), "dense1.bias": np.zeros(2, np.float32),
    }


def run_brackets(kind, p, step):
    read = tokens("tokens", (samples, 24), 0, 3, step)
    x = p["embedding1.weight"][read]
    x = x * mask(x.shape, 0.1, "dropout1", step)
    w, r, b = p[f"{kind}1.W"][0], p[f"{kind}1.R"][0], p[f"{kind}1.B"][0]
    h = c = torch.zeros(samples, 32)
    for t in range(24):
        if kind == "gru":
            h = gru_step(x[:, t], h, w, r, b)
            continue
        i, o, f, g = (x[:, t] @ w.T + h @ r.T + b[:128] + b[128:]).split(32, 1)
        c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
        h = torch.sigmoid(o) * torch.tanh(c)
    h = h * mask(h.shape, 0.2, "dropout2", step)
    logits = h @ p["dense1.weight"].T + p["dense1.bias"]
    return F.cross_entropy(logits, tokens("classes", (samples,), 0, 2, step))


def bahdanau():
    def layer(name, directions, units, inputs):
        return {
            f"{name}.W": np.concatenate(
                [initial((units, inputs), f"{name}.W {at}", seed, 2 / (units + inputs))
                 for at in range(3 * directions)]).reshape(directions, 3 * units, inputs),
            f"{name}.R": np.concatenate(
                [initial((units, units), f"{name}.R {at}", seed, 2 / (units + units))
                 for at in range(3 * directions)]).reshape(directions, 3 * units, units),
            f"{name}.B": np.zeros((directions, 6 * units), np.float32),
        }

    return layer("encoder", 2, 64, 32) | layer("decoder", 1, 128, 160) | {
        "embedding1.weight": weights("embedding1.weight", 43, 32),
        "attention.U": weights("attention.U", 128, 64), "attention.W": weights("attention.W", 128, 64),
        "attention.v": weights("attention.v", 64, 1), "bridge.weight": weights("bridge.weight", 128, 128),
        "decoder.embedding": weights("decoder.embedding", 12, 32),
        "output.weight": weights("output.weight", 256, 11), "output.bias": np.zeros(11, np.float32),
    }


def run_bahdanau(p, step):
    length = 12
    lengths = [12, 9, 7, 11]
    read = tokens("letters of dates", (samples, length), 1, 43, step)
    for n, own in enumerate(lengths):
        read[n, own:] = 0
    x = p["embedding1.weight"][read]
    x = x * mask(x.shape, 0.1, "dropout1", step)
    zero = torch.zeros(1, 64)
    annotations, ends = [], []
    for n, own in enumerate(lengths):
        both, last = [], []
        for d, order in enumerate((range(own), reversed(range(own)))):
            h, made = zero, {}
            for t in order:
                h = gru_step(x[n:n + 1, t], h, p["encoder.W"][d], p["encoder.R"][d], p["encoder.B"][d])
                made[t] = h[0]
            both.append(torch.stack([made.get(t, torch.zeros(64)) for t in range(length)]))
            last.append(h[0])
        annotations.append(torch.cat(both, 1))
        ends.append(torch.cat(last))
    annotations, ends = torch.stack(annotations), torch.stack(ends)
    keys = annotations @ p["attention.U"]
    h = torch.tanh(ends @ p["bridge.weight"])
    previous, logits = torch.full((samples,), 11), []
    for at in range(10):
        energy = torch.tanh(keys + (h @ p["attention.W"])[:, None])
        scores = (energy @ p["attention.v"])[..., 0]
        share = torch.softmax(torch.where(read == 0, torch.tensor(-1e9), scores), -1)
        context = (share[:, None] @ annotations)[:, 0]
        word = p["decoder.embedding"][previous]
        word = word * mask(word.shape, 0.1, f"dropout{at + 2}", step)
        h = gru_step(torch.cat([word, context], 1), h, p["decoder.W"][0], p["decoder.R"][0], p["decoder.B"][0])
        logits.append(torch.cat([h, context], 1) @ p["output.weight"] + p["output.bias"])
        previous = logits[-1].argmax(1)
    wanted = tokens("dates", (samples, 10), 0, 11, step)
    return F.cross_entropy(torch.stack(logits, 1).reshape(-1, 11), wanted.reshape(-1))


unet_sizes = [
    (16, 1, 3), (16, 16, 3), (32, 16, 3), (32, 32, 3), (64, 32, 3), (64, 64, 3), (128, 64, 3), (128, 128, 3),
    (64, 128, 2), (64, 128, 3), (64, 64, 3), (32, 64, 2), (32, 64, 3), (32, 32, 3),
    (16, 32, 2), (16, 32, 3), (16, 16, 3), (2, 16, 3), (1, 2, 1),
]


def unet():
    made = {}
    for number, (out, read, kernel) in enumerate(unet_sizes, 1):
        name = f"conv{number}.weight"
        made[name] = initial((out, read, kernel, kernel), name, seed, 2 / (read * kernel * kernel))
        made[f"conv{number}.bias"] = np.zeros(out, np.float32)
    return made


def run_unet(p, step):
    number = 0

    def conv(x):
        nonlocal number
        number += 1
        kernel = p[f"conv{number}.weight"].shape[2]
        before, behind = (kernel - 1) // 2, kernel // 2
        x = F.pad(x, (before, behind, before, behind))
        return F.conv2d(x, p[f"conv{number}.weight"], p[f"conv{number}.bias"])

    def pair(x):
        return F.relu(conv(F.relu(conv(x))))

    count = 2
    x = torch.tensor(np.stack(
        [uniforms((1, 64, 64), seed, "golden images", sample=n, step=step) for n in range(count)]))
    skips = []
    for level in range(3):
        x = pair(x)
        if level == 2:
            x = x * mask(x.shape, 0.5, "dropout1", step)
        skips.append(x)
        x = F.max_pool2d(x, 2)
    x = pair(x)
    x = x * mask(x.shape, 0.5, "dropout2", step)
    for skip in reversed(skips):
        x = F.relu(conv(F.interpolate(x, scale_factor=2, mode="nearest")))
        x = pair(torch.cat([skip, x], 1))
    logits = conv(F.relu(conv(x)))
    truth = (tokens("truth", (count, 1, 64, 64), 0, 4, step) == 0).float()
    return F.binary_cross_entropy_with_logits(logits, truth)


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


if __name__ == "__main__":
    path = pathlib.Path(__file__).with_name("recipe_steps.json")
    made = {
        "awd-lstm": run(awd_lstm, run_awd_lstm), "transformer": run(transformer, run_transformer),
        "lstm-brackets": run(lambda: brackets("lstm"), lambda p, step: run_brackets("lstm", p, step)),
        "gru-brackets": run(lambda: brackets("gru"), lambda p, step: run_brackets("gru", p, step)),
        "bahdanau": run(bahdanau, run_bahdanau), "unet": run(unet, run_unet),
    }
    path.write_text(json.dumps(made) + "\n")
    print(path.name, path.stat().st_size, "bytes", [one["losses"] for one in made.values()])
