"""Writes keras_vgg_epoch.json: the loss of each batch of an epoch of `keras-vgg` by Keras.

The network is Keras's own (Conv2D, MaxPooling2D, Dense, glorot_uniform's limits, SGD with Nesterov
momentum .9 and lr .01/(1 + 1e-6 step)). The numbers come from streams.py: initial weights, which are
8 million and so cannot be committed, are drawn again by either side within the limits of
glorot_uniform and set into Keras's layers; batches come in the order drawn; and each Dropout is a
multiplication by a mask that is fed in, 0 where dropped and 1/(1-p) where kept.

Two epochs: a small one that a debug build can follow, and one of 320 images in batches of 32.

pip install keras==3.15.1 tensorflow-cpu==2.21.0 numpy
"""
import json
import os
import pathlib

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import keras
import numpy as np
from keras import layers

from streams import images, initial, kept

seed = 5


def network():
    inputs = [keras.Input((100, 100, 3))]

    def drop(x):
        inputs.append(keras.Input(tuple(x.shape[1:])))
        return layers.Multiply()([x, inputs[-1]])

    x = inputs[0]
    for channels in (32, 64):
        for _ in range(2):
            x = layers.Conv2D(channels, 3, activation="relu")(x)
        x = drop(layers.MaxPooling2D(2)(x))
    x = drop(layers.Dense(256, activation="relu")(layers.Flatten()(x)))
    x = layers.Dense(10, activation="softmax")(x)
    model = keras.Model(inputs, x)
    rate = keras.optimizers.schedules.InverseTimeDecay(0.01, decay_steps=1, decay_rate=1e-6)
    model.compile(
        optimizer=keras.optimizers.SGD(rate, momentum=0.9, nesterov=True),
        loss="sparse_categorical_crossentropy")
    return model


def set_weights(model):
    """Our numbers, O,I,h,w, in Keras's order: h,w,I,O; and rows after a map in its order, h,w,C."""
    counts = {}
    for layer in model.layers:
        if not isinstance(layer, (layers.Conv2D, layers.Dense)):
            continue
        word = "conv" if isinstance(layer, layers.Conv2D) else "dense"
        counts[word] = counts.get(word, 0) + 1
        kernel = layer.get_weights()[0].shape
        if word == "conv":
            shape = (kernel[3], kernel[2], kernel[0], kernel[1])
            fans = (shape[0] + shape[1]) * 9
        else:
            shape = kernel[::-1]
            fans = sum(kernel)
        w = initial(shape, f"{word}{counts[word]}.weight", seed, 2 / fans)
        limit = (6 / fans) ** 0.5
        assert abs(w).max() <= limit and abs(w).max() > 0.98 * limit
        if word == "conv":
            w = w.transpose(2, 3, 1, 0)
        elif counts[word] == 1:
            w = w.reshape(256, 64, 22, 22).transpose(2, 3, 1, 0).reshape(kernel)
        else:
            w = w.T
        layer.set_weights([w, np.zeros(kernel[-1], np.float32)])


def mask(shape, rate, name, step):
    keep = kept(shape, rate, seed, f"node of {name}", step)
    return np.where(keep, np.float32(1 / (1 - rate)), np.float32(0))


def epoch(batch, count):
    model = network()
    set_weights(model)
    losses = []
    for step in range(count):
        x, labels = images((batch, 3, 100, 100), seed, step)
        masks = [
            mask((batch, 32, 48, 48), 0.25, "dropout1", step).transpose(0, 2, 3, 1),
            mask((batch, 64, 22, 22), 0.25, "dropout2", step).transpose(0, 2, 3, 1),
            mask((batch, 256), 0.5, "dropout3", step),
        ]
        loss = model.train_on_batch([x.transpose(0, 2, 3, 1)] + masks, labels)
        model.reset_metrics()
        losses.append(float(loss))
        print(batch, step, losses[-1], flush=True)
    return losses


cases = [{"batch": b, "losses": epoch(b, n)} for b, n in ((4, 3), (32, 10))]
path = pathlib.Path(__file__).with_name("keras_vgg_epoch.json")
path.write_text(json.dumps(cases) + "\n")
print(path.name, path.stat().st_size, "bytes")
