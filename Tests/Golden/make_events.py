#!/usr/bin/env python3
"""Records of event files as TensorBoard's own package writes them: events.json beside this file.

    pip install tensorboard
    python3 Tests/Golden/make_events.py
"""
import io
import json
import pathlib

from tensorboard.compat.proto import event_pb2, summary_pb2
from tensorboard.summary.writer.record_writer import RecordWriter


class Kept(io.BytesIO):
    def close(self):
        pass


def record(event):
    file = Kept()
    RecordWriter(file).write(event.SerializeToString())
    return file.getvalue().hex()


def values(*values):
    return event_pb2.Event(wall_time=1.5, step=300, summary=summary_pb2.Summary(value=values))


Value = summary_pb2.Summary.Value
events = {
    "version": event_pb2.Event(wall_time=1700000000, file_version="brain.Event:2"),
    "start": event_pb2.Event(
        wall_time=2.25, step=16, session_log=event_pb2.SessionLog(status="START")),
    "scalars": values(Value(tag="loss/training", simple_value=0.1),
                      Value(tag="zeros/relu1", simple_value=0)),
    "histogram": values(Value(tag="masks/dropout1", histo=summary_pb2.HistogramProto(
        min=0, max=1, num=10, sum=6, sum_squares=6, bucket_limit=[0.5, 1], bucket=[4, 6]))),
    "image": values(Value(tag="filters/conv1", image=summary_pb2.Summary.Image(
        height=200, width=3, colorspace=3, encoded_image_string=bytes(range(200))))),
}
path = pathlib.Path(__file__).with_name("events.json")
path.write_text(json.dumps({k: record(v) for k, v in events.items()}, indent=1) + "\n")
