"""Screens shipments with a running Tidewaiter service, from Python.

    python3 -m venv venv && venv/bin/pip install -r examples/python/requirements.txt
    tidewaiter serve --listen 127.0.0.1:50051 &
    venv/bin/python examples/python/client.py 127.0.0.1:50051

The stubs are generated from proto/ when this file is imported. In a project of your own, generate them once:

    python -m grpc_tools.protoc -I proto --python_out=gen --grpc_python_out=gen proto/tidewaiter/v1/*.proto

Three things to know:
  * gRPC for Python takes answers of at most 4 MiB unless told otherwise; a batch with many findings is larger.
  * No finding is not a clearance: see `outcome`, and `problems` where it is REFUSED.
  * An error's cause is in `google.rpc.ErrorInfo` (a stable reason) and `google.rpc.BadRequest` (the fields at fault).
"""

import importlib.resources
import pathlib
import sys
import tempfile

import grpc
import grpc_tools
from grpc_tools import protoc

PROTO = pathlib.Path(__file__).resolve().parents[2] / "proto"


def _generate():
    """Generates the stubs into a folder of their own and puts it on the path."""
    out = tempfile.mkdtemp(prefix="tidewaiter-stubs-")
    google = importlib.resources.files(grpc_tools) / "_proto"
    files = sorted(str(p) for p in PROTO.rglob("*.proto"))
    code = protoc.main(["", f"-I{PROTO}", f"-I{google}", f"--python_out={out}", f"--grpc_python_out={out}", *files])
    if code != 0:
        raise RuntimeError(f"protoc failed with {code}")
    sys.path.insert(0, out)


_generate()

from tidewaiter.v1 import lists_pb2, lists_pb2_grpc  # noqa: E402
from tidewaiter.v1 import screening_pb2, screening_pb2_grpc  # noqa: E402
from tidewaiter.v1 import shipment_pb2  # noqa: E402


def connect(address):
    """A channel without the 4 MiB limit on answers."""
    return grpc.insecure_channel(address, options=[("grpc.max_receive_message_length", -1)])


def empty(reference):
    """A shipment with nothing to screen in it, which is refused."""
    return shipment_pb2.Shipment(reference=reference)


def shipment(reference, consignee, description="", country=""):
    """A shipment with one consignee and one goods line."""
    role = shipment_pb2.Party.Role.CONSIGNEE
    return shipment_pb2.Shipment(
        reference=reference,
        parties=[shipment_pb2.Party(role=role, name=consignee, country=country)],
        goods=[shipment_pb2.Goods(description=description)],
    )


def screen_all(stub, shipments, size=64):
    """Screens any number of shipments over one stream: `size` in a message, one answer for each message, in order."""

    def messages():
        batch = []
        for one in shipments:
            batch.append(one)
            if len(batch) == size:
                yield screening_pb2.ScreenStreamRequest(shipments=batch)
                batch = []
        if batch:
            yield screening_pb2.ScreenStreamRequest(shipments=batch)

    for answer in stub.ScreenStream(messages()):
        yield from answer.screenings


def services(channel):
    """The services there are, by reflection."""
    from grpc_reflection.v1alpha.proto_reflection_descriptor_database import ProtoReflectionDescriptorDatabase

    return sorted(ProtoReflectionDescriptorDatabase(channel).get_services())


def main(address):
    outcomes = screening_pb2.Screening.Outcome
    with connect(address) as channel:
        print("services:", ", ".join(services(channel)))
        lists = lists_pb2_grpc.ListServiceStub(channel)
        status = lists.GetStatus(lists_pb2.GetStatusRequest())
        print(f"{status.entries} rows in force, snapshot {status.snapshot}")

        stub = screening_pb2_grpc.ScreeningServiceStub(channel)
        one = shipment("INV-1", "SZ DJI Technology Co., Ltd.", "spare parts", "CN")
        screening = stub.Screen(screening_pb2.ScreenRequest(shipment=one)).screening
        print(screening.reference, outcomes.Name(screening.outcome))
        for finding in screening.findings:
            reason = screening_pb2.Finding.Reason.Name(finding.reason)
            print(f"  {reason} {finding.score} {finding.field_path}: {finding.explanation}")

        many = (shipment(f"INV-{i}", "Acme Widgets GmbH") for i in range(2, 200))
        counted = {}
        for screening in screen_all(stub, many):
            name = outcomes.Name(screening.outcome)
            counted[name] = counted.get(name, 0) + 1
        print("stream:", counted)

        try:
            stub.Screen(screening_pb2.ScreenRequest(shipment=empty("INV-X")))
        except grpc.RpcError as error:
            print("refused:", error.code().name, error.details())


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1:50051")
