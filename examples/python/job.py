"""A batch job that has a running service screen its records, from Python.

    venv/bin/python examples/python/job.py 127.0.0.1:50051 shipments.jsonl answers.jsonl

Records are the proto3 JSON form of a shipment, one a line; answers are that of a screening, in the same order. Take this way
where the lists are kept in one place, by a service; where the records are, a wheel or `tidewaiter batch` is faster.

  * Back-pressure: at most WINDOW calls are open, and the file is read no faster than answers come.
  * Retries: a call that the service refused because it is busy or stopping is made again, when `RetryInfo` says or after a
    pause that doubles. A screening changes nothing, so that a call may be made twice.
  * A call that fails for good ends the job with an error: nothing is left out in silence. The output appears whole or not at
    all.
  * The lists may change while the job runs. Each answer names its snapshot; --one-snapshot ends the job instead.
"""

import argparse
import collections
import os
import random
import threading
import time

import client
import grpc
from client import screening_pb2, screening_pb2_grpc, shipment_pb2
from google.protobuf import json_format
from google.rpc import error_details_pb2, status_pb2

# Shipments of one call: well below the 4 MiB that a message may have, and enough that a call costs little beside its work.
BATCH = 256
# Calls open at once; the service has room for so many of one caller, and the answers to them are held in memory.
WINDOW = 8
# Times that a call is made before the job gives up, and the first and longest pause between them, in seconds.
TRIES, PAUSE, LONGEST = 8, 0.2, 30.0
# Seconds that one call may take.
DEADLINE = 120
RETRIED = {grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.RESOURCE_EXHAUSTED, grpc.StatusCode.DEADLINE_EXCEEDED}


def retry_after(error):
    """Seconds that the service asks to wait; None where it does not say."""
    for key, value in error.trailing_metadata() or ():
        if key == "grpc-status-details-bin":
            for detail in status_pb2.Status.FromString(value).details:
                info = error_details_pb2.RetryInfo()
                if detail.Unpack(info):
                    return info.retry_delay.ToTimedelta().total_seconds()
    return None


def screen_batch(stub, shipments, sleep=time.sleep):
    """The answers to some shipments, however often it takes to ask."""
    request = screening_pb2.ScreenBatchRequest(shipments=shipments)
    for tried in range(1, TRIES + 1):
        try:
            return stub.ScreenBatch(request, timeout=DEADLINE).screenings
        except grpc.RpcError as error:
            if error.code() not in RETRIED or tried == TRIES:
                raise
            asked = retry_after(error)
            # Jobs that were refused together must not come back together.
            pause = min(LONGEST, PAUSE * 2 ** (tried - 1)) * random.uniform(0.5, 1.0)
            sleep(max(pause, asked or 0.0))
    raise AssertionError("the last try returns or raises")


def batches(lines):
    """Shipments, some at a time; a line that is no shipment ends the job and is named."""
    batch = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            batch.append(json_format.Parse(line, shipment_pb2.Shipment()))
        except json_format.ParseError as error:
            raise ValueError(f"line {number}: {error}") from error
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


class Call(threading.Thread):
    """One call in the background."""

    def __init__(self, stub, batch):
        super().__init__(daemon=True)
        self.stub, self.batch, self.answers, self.error = stub, batch, None, None
        self.start()

    def run(self):
        try:
            self.answers = screen_batch(self.stub, self.batch)
        except Exception as error:
            self.error = error

    def result(self):
        self.join()
        if self.error is not None:
            raise self.error
        if len(self.answers) != len(self.batch):
            raise RuntimeError(f"{len(self.answers)} answers to {len(self.batch)} shipments")
        return self.answers


def screen_all(stub, lines):
    """The answers to all lines, in order, with at most WINDOW calls open."""
    waiting = collections.deque()
    for batch in batches(lines):
        waiting.append(Call(stub, batch))
        if len(waiting) == WINDOW:
            yield from waiting.popleft().result()
    while waiting:
        yield from waiting.popleft().result()


def run(address, source, target, one_snapshot=False):
    """Screens a file; gives the number of answers by outcome."""
    counts = collections.Counter()
    snapshot = None
    partial = f"{target}.partial"
    with client.connect(address) as channel, open(source, encoding="utf-8") as lines, open(partial, "w", encoding="utf-8") as out:
        stub = screening_pb2_grpc.ScreeningServiceStub(channel)
        for screening in screen_all(stub, lines):
            if one_snapshot and snapshot not in (None, screening.snapshot):
                raise RuntimeError(f"the lists changed from {snapshot} to {screening.snapshot} while the job ran")
            snapshot = screening.snapshot
            counts[screening_pb2.Screening.Outcome.Name(screening.outcome)] += 1
            out.write(json_format.MessageToJson(screening, indent=None) + "\n")
        out.flush()
        os.fsync(out.fileno())
    os.replace(partial, target)
    return counts


def main():
    parser = argparse.ArgumentParser(description="Has a running service screen the shipments of a file.")
    parser.add_argument("address", help="HOST:PORT")
    parser.add_argument("input", help="JSON lines")
    parser.add_argument("output", help="JSON lines")
    parser.add_argument("--one-snapshot", action="store_true", help="fail when the lists change in the middle")
    arguments = parser.parse_args()
    print(dict(run(arguments.address, arguments.input, arguments.output, arguments.one_snapshot)))


if __name__ == "__main__":
    main()
