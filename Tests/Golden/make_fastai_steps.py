"""Writes fastai_steps.json: two training steps of fastai's own AWD_LSTM and LinearDecoder, the second from
the states that the first ended with.

The classes are fastai's, from its files; what those import of the rest of fastai (it wants an older torch) is
stood in for below. Weights, samples and masks come from streams.py by way of make_recipe_steps.py.

pip install torch==2.15.0 numpy fastcore && pip install --no-deps fastai
"""
import importlib.util
import json
import pathlib
import warnings
from collections.abc import MutableSequence

import torch
import torch.nn.functional as F
from fastcore.all import L, PrePostInitMeta, ifnone, store_attr
from torch import Tensor, nn

import make_recipe_steps as ours


class Module(nn.Module, metaclass=PrePostInitMeta):
    def __pre_init__(self, *args, **kwargs):
        super().__init__()

    def __init__(self):
        pass


def to_detach(x, **_):
    return tuple(map(to_detach, x)) if isinstance(x, (tuple, list)) else x.detach()


def one_param(module):
    return next(module.parameters())


def parts(path, names):
    """The classes and functions of a file of fastai."""
    root = pathlib.Path(importlib.util.find_spec("fastai").submodule_search_locations[0])
    source = (root / path).read_text()
    kept = [part for part in source.split("\n# %% ") if any(f"{name}(" in part.split("\n", 1)[-1][:400]
            and part.split("\n", 1)[-1].lstrip().startswith(("class", "def")) for name in names)]
    for part in kept:
        exec(compile(part.split("\n", 1)[-1], path, "exec"), globals())


parts("text/models/awdlstm.py", ["dropout_mask", "RNNDropout", "WeightDropout", "EmbeddingDropout", "AWD_LSTM"])
parts("text/models/core.py", ["LinearDecoder"])

letters, features, units = 97, 64, 192
# ONNX has the gates i, o, f, c; PyTorch i, f, c, o.
order = [0, 2, 3, 1]


def turned(rows, back=False):
    """The gates of rows in PyTorch's order, or back in ONNX's."""
    blocks = rows.chunk(4)
    return torch.cat([blocks[order.index(at)] if back else blocks[at] for at in (range(4) if back else order)])


weights = {name: torch.tensor(value) for name, value in ours.awd_lstm().items()}
batches = [ours.text(step) for step in range(2)]
# Padding has no gradient: a letter that is not there.
absent = (set(range(letters)) - {int(letter) for read, _ in batches for letter in read.flatten()}).pop()
model = AWD_LSTM(letters, features, units, 2, pad_token=absent, hidden_p=0.15, input_p=0.25, embed_p=0.02,
                 weight_p=0.2)
decoder = LinearDecoder(letters, features, 0.1, tie_encoder=model.encoder)
with torch.no_grad():
    model.encoder.weight.copy_(weights["embedding.weight"])
    for number, rnn in enumerate(model.rnns, 1):
        rnn.weight_hh_l0_raw.copy_(turned(weights[f"lstm{number}.R"][0]))
        rnn.module.weight_ih_l0.copy_(turned(weights[f"lstm{number}.W"][0]))
        first, second = weights[f"lstm{number}.B"][0].chunk(2)
        rnn.module.bias_ih_l0.copy_(turned(first))
        rnn.module.bias_hh_l0.copy_(turned(second))

# The masks in the order in which fastai draws them.
waiting = []


def dropout_mask(x, size, p):
    name, mask = waiting.pop(0)
    assert tuple(mask.shape) == tuple(size), (name, mask.shape, size)
    return mask


class Functional:
    def __getattr__(self, name):
        return getattr(F_, name)

    def dropout(self, x, p):
        name, mask = waiting.pop(0)
        return x * mask


F_, F = F, Functional()


def draw(step):
    def mask(shape, rate, name):
        waiting.append((name, ours.mask(shape, rate, name, step)))

    mask((letters, 1), 0.02, "embedding.weight_noise")
    mask((ours.samples, 1, features), 0.25, "embedding_noise")
    for number, (width, rate) in enumerate([(units, 0.15), (features, 0.1)], 1):
        name = f"lstm{number}.R_dropout"
        waiting.append((name, turned(ours.mask((1, 4 * width, width), 0.2, name, step)[0])))
        mask((ours.samples, 1, width), rate, f"lstm{number}_noise")


def named(of):
    """What `of` gives for each parameter, by our names and in ONNX's order."""
    found = {"embedding.weight": of(model.encoder.weight), "output.bias": of(decoder.decoder.bias)}
    for number, rnn in enumerate(model.rnns, 1):
        found[f"lstm{number}.W"] = turned(of(rnn.module.weight_ih_l0), back=True)
        found[f"lstm{number}.R"] = turned(of(rnn.weight_hh_l0_raw), back=True)
        biases = [turned(of(bias), back=True) for bias in (rnn.module.bias_ih_l0, rnn.module.bias_hh_l0)]
        found[f"lstm{number}.B"] = torch.cat(biases)
    return {name: ours.sampled(value) for name, value in found.items()}


# LSTMs keep the undropped weights as parameters too, which nothing reads.
parameters = {id(p): p for p in [*model.parameters(), *decoder.parameters()]}
optimizer = torch.optim.SGD(parameters.values(), lr=0.1)
model.train(), decoder.train()
losses = []
for step, (read, wanted) in enumerate(batches):
    draw(step)
    optimizer.zero_grad()
    logits = decoder(model(read))[0]
    loss = F_.cross_entropy(logits.reshape(-1, letters), wanted.reshape(-1))
    loss.backward()
    assert not waiting, waiting
    losses.append(loss.item())
    if step == 0:
        gradients = named(lambda p: p.grad)
    optimizer.step()

made = {"losses": losses, "gradients": gradients, "weights": named(lambda p: p.data)}
path = pathlib.Path(__file__).with_name("fastai_steps.json")
path.write_text(json.dumps(made) + "\n")
print(path.name, path.stat().st_size, "bytes", losses)
