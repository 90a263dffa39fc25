#!/usr/bin/env python3
"""What TensorBoard's own reader makes of a folder of event files, as JSON.

    .build/tensorboard/bin/python Tests/Scripts/read_events.py DIR
"""
import json
import sys

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

accumulator = EventAccumulator(
    sys.argv[1], size_guidance={"scalars": 0, "histograms": 0, "images": 0})
accumulator.Reload()
tags = accumulator.Tags()
histograms = {
    tag: [[e.step, e.histogram_value.num, e.histogram_value.min, e.histogram_value.max,
           sum(e.histogram_value.bucket)] for e in accumulator.Histograms(tag)]
    for tag in tags["histograms"]}
images = {
    tag: [[e.step, e.width, e.height, int(e.encoded_image_string[:4] == b"\x89PNG")]
          for e in accumulator.Images(tag)]
    for tag in tags["images"]}
json.dump({
    "scalars": {tag: [[e.step, e.value] for e in accumulator.Scalars(tag)]
                for tag in tags["scalars"]},
    "histograms": histograms, "images": images}, sys.stdout)
