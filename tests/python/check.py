"""Checks a Tidewaiter binary with the example client: python check.py BINARY.

Every check is bounded by a deadline, so that a service that hangs is a failure and not a wait.
"""

import json
import pathlib
import signal
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "examples" / "python"))
sys.dont_write_bytecode = True

import client  # noqa: E402
import grpc  # noqa: E402
import job  # noqa: E402
from client import lists_pb2, lists_pb2_grpc, screening_pb2, screening_pb2_grpc  # noqa: E402

CSL = ROOT.parent / "shared" / "data" / "lists" / "us" / "csl_2022-05.csv.gz"
START = STREAM = 180  # seconds, for a slow machine
CALL = 30
SHIPMENTS, SIZE, RELOADS = 10_000, 50, 10

Outcome = screening_pb2.Screening.Outcome
results = []


def check(name, passed, detail=""):
    results.append(passed)
    print(f"{'ok  ' if passed else 'FAIL'} {name}" + (f": {detail}" if detail and not passed else ""), flush=True)


class Service:
    """The binary on a free port, with the built-in lists and the large one where it is there."""

    def __init__(self, binary):
        command = [binary, "serve", "--listen", "127.0.0.1:0", "--list", "builtin"]
        if CSL.exists():
            command += ["--list", str(CSL)]
        else:
            print(f"without {CSL.name}: built-in lists only", flush=True)
        self.process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        self.address = None
        self.ready = threading.Event()
        threading.Thread(target=self._read, daemon=True).start()
        if not self.ready.wait(START) or self.address is None:
            self.process.kill()
            raise RuntimeError("the service did not start")

    def _read(self):
        for line in self.process.stderr:
            print("  |", line, end="", flush=True)
            if line.startswith("listening on "):
                self.address = line.split()[-1]
                self.ready.set()
        self.ready.set()

    def stop(self):
        self.process.terminate()
        try:
            return self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            return None


def numbered(i):
    """One in a hundred is empty, one in ten names a listed company; each carries its number."""
    if i % 100 == 99:
        return client.empty(str(i))
    name = "SZ DJI Technology Co., Ltd." if i % 10 == 3 else f"Acme Widgets {i} GmbH"
    return client.shipment(str(i), name, "ceramic tiles, 40 cartons", "CN")


def reload_repeatedly(stub, failures, done):
    for _ in range(RELOADS):
        try:
            stub.Reload(lists_pb2.ReloadRequest(), timeout=START)
        except grpc.RpcError as error:
            failures.append(f"{error.code().name} {error.details()}")
    done.set()


def stream_during_reloads(channel):
    """Streams, again and again, until the reloads are over: at least once."""
    failures, done = [], threading.Event()
    lists = lists_pb2_grpc.ListServiceStub(channel)
    stub = screening_pb2_grpc.ScreeningServiceStub(channel)
    reloading = threading.Thread(target=reload_repeatedly, args=(lists, failures, done), daemon=True)
    reloading.start()
    rounds = wrong_order = mixed = wrong_refusals = 0
    broken, baseline, differing = "", None, 0
    until = time.monotonic() + 2 * STREAM
    while not broken and (rounds == 0 or (not done.is_set() and time.monotonic() < until)):
        messages = (
            screening_pb2.ScreenStreamRequest(shipments=[numbered(i) for i in range(start, start + SIZE)])
            for start in range(0, SHIPMENTS, SIZE)
        )
        expected, answers = 0, []
        try:
            for answer in stub.ScreenStream(messages, timeout=STREAM):
                mixed += len({s.snapshot for s in answer.screenings}) != 1
                for screening in answer.screenings:
                    wrong_order += screening.reference != str(expected)
                    wrong_refusals += (screening.outcome == Outcome.REFUSED) != (expected % 100 == 99)
                    expected += 1
                answers.append(answer.SerializeToString(deterministic=True))
        except grpc.RpcError as error:
            broken = f"{error.code().name} {error.details()}"
        if not broken and expected != SHIPMENTS:
            broken = f"{expected} of {SHIPMENTS} answered"
        baseline = baseline or answers
        differing += answers != baseline
        rounds += 1
    reloading.join(START)
    print(f"  | {rounds} streams of {SHIPMENTS} shipments beside {RELOADS} reloads", flush=True)
    check("every shipment of every stream is answered", not broken, broken)
    check("answers stand in order", wrong_order == 0, f"{wrong_order} out of place")
    check("one snapshot in each answer", mixed == 0, f"{mixed} mixed")
    check("empty shipments, and only they, are refused in place", wrong_refusals == 0, f"{wrong_refusals} wrong")
    check("the same lists give the same answers, byte for byte", differing == 0, f"{differing} rounds differ")
    check("every reload succeeds", done.is_set() and not failures, "; ".join(failures) or "not done in time")


def single(channel):
    stub = screening_pb2_grpc.ScreeningServiceStub(channel)

    def screen(one):
        return stub.Screen(screening_pb2.ScreenRequest(shipment=one), timeout=CALL).screening

    clean = screen(client.shipment("a", "Acme Widgets GmbH", "ceramic tiles"))
    check("a shipment is screened", clean.reference == "a" and clean.outcome == Outcome.NO_FINDING, str(clean))
    listed = screen(client.shipment("b", "SZ DJI Technology Co., Ltd.", "", "CN"))
    check("a listed party is found", listed.outcome in (Outcome.REVIEW, Outcome.HOLD), str(listed))
    # Findings of rules rest on a pack and name no row.
    entries = [f.entry for f in listed.findings if f.HasField("entry")]
    check("a finding names its list", bool(entries) and all(e.list and e.list_title for e in entries), str(entries))
    try:
        screen(client.empty("c"))
        check("an empty shipment is refused", False, "it was answered")
    except grpc.RpcError as error:
        details = dict(error.trailing_metadata()).get("grpc-status-details-bin", b"")
        known = b"SHIPMENT_INVALID" in details
        check("an empty shipment is refused", error.code() == grpc.StatusCode.INVALID_ARGUMENT and known, str(error))
    unread = screen(client.shipment("d", "Acme", country="ZZ"))
    told = [p.field_path for p in unread.problems] == ["parties[0].country"]
    check("a field that cannot be read asks for a review", unread.outcome == Outcome.REVIEW and told, str(unread))


class Refused(grpc.RpcError):
    """A refusal as gRPC raises it."""

    def __init__(self, code):
        self._code = code

    def code(self):
        return self._code

    def trailing_metadata(self):
        return ()


class Busy:
    """A service that is busy for so many calls, counts those that are open, and then answers."""

    def __init__(self, stub, refusals, code=grpc.StatusCode.RESOURCE_EXHAUSTED):
        self.stub, self.left, self.code = stub, refusals, code
        self.open = self.most = self.calls = 0
        self.lock = threading.Lock()

    def ScreenBatch(self, request, timeout):
        with self.lock:
            self.calls += 1
            self.open += 1
            self.most = max(self.most, self.open)
            refused, self.left = self.left > 0, self.left - 1
        try:
            if refused:
                raise Refused(self.code)
            return self.stub.ScreenBatch(request, timeout=timeout)
        finally:
            with self.lock:
                self.open -= 1


def batch_job(service, channel):
    """The example job: order, back-pressure, retries, and whole files or none."""
    stub = screening_pb2_grpc.ScreeningServiceStub(channel)
    count = 5_000
    lines = [json.dumps({"reference": str(i), "parties": [{"name": f"Acme Widgets {i}"}]}) for i in range(count)]
    job.PAUSE = 0.01
    busy = Busy(stub, refusals=7)
    answers = [s.reference for s in job.screen_all(busy, lines)]
    check("a job answers every record in order although calls are refused", answers == [str(i) for i in range(count)])
    check("at most the window of calls is open", busy.most <= job.WINDOW, f"{busy.most} open")
    tried = -(-count // job.BATCH) + 7
    check("a refused call is made again", busy.calls == tried, f"{busy.calls} calls, expected {tried}")
    broken = Busy(stub, refusals=10**6, code=grpc.StatusCode.INVALID_ARGUMENT)
    try:
        list(job.screen_all(broken, lines))
        check("a call that fails for good ends the job", False, "it did not")
    except grpc.RpcError:
        check("a call that fails for good ends the job", broken.calls <= job.WINDOW, f"{broken.calls} calls")
    with tempfile.TemporaryDirectory() as folder:
        source, target = pathlib.Path(folder) / "in.jsonl", pathlib.Path(folder) / "out.jsonl"
        source.write_text("\n".join([*lines, '{"shiper": 1}']), encoding="utf-8")
        try:
            job.run(service.address, source, target)
            check("a line that is no shipment is named", False, "it was taken")
        except ValueError as error:
            check("a line that is no shipment is named", f"line {count + 1}" in str(error), str(error))
        check("a job that fails leaves no output", not target.exists())
        source.write_text("\n".join(lines), encoding="utf-8")
        counts = job.run(service.address, source, target, one_snapshot=True)
        written = len(target.read_text(encoding="utf-8").splitlines())
        check("a job that ends leaves a whole output", written == sum(counts.values()) == count, f"{written} {counts}")


def hangup(service, channel):
    """SIGHUP loads the lists again."""
    stub = lists_pb2_grpc.ListServiceStub(channel)

    def loaded_at():
        return stub.GetStatus(lists_pb2.GetStatusRequest(), timeout=CALL).loaded_at

    before, until = loaded_at(), time.monotonic() + START
    service.process.send_signal(signal.SIGHUP)
    while (after := loaded_at()) == before and time.monotonic() < until:
        time.sleep(0.1)
    check("SIGHUP loads the lists again", after > before, after)


def main(binary):
    service = Service(binary)
    try:
        with client.connect(service.address) as channel:
            names = client.services(channel)
            wanted = {"tidewaiter.v1.ScreeningService", "tidewaiter.v1.ListService", "grpc.health.v1.Health"}
            check("reflection names the services", wanted <= set(names), str(names))
            status = lists_pb2_grpc.ListServiceStub(channel).GetStatus(lists_pb2.GetStatusRequest(), timeout=CALL)
            check("the lists are in force", status.entries > 0 and status.last_failure == "", str(status))
            single(channel)
            stream_during_reloads(channel)
            batch_job(service, channel)
            hangup(service, channel)
        example = subprocess.run(
            [sys.executable, ROOT / "examples" / "python" / "client.py", service.address],
            capture_output=True, text=True, timeout=CALL * 4,
        )
        told = "stream: {'NO_FINDING': 198}" in example.stdout and "refused: INVALID_ARGUMENT" in example.stdout
        check("the example runs", example.returncode == 0 and told, example.stdout + example.stderr)
        health = subprocess.run([binary, "health", "--server", service.address], capture_output=True, text=True, timeout=CALL)
        check("the health command says so", health.returncode == 0 and health.stdout == "SERVING\n", str(health))
    finally:
        code = service.stop()
    check("the service stops when told to", code == 0, f"exit code {code}")


if __name__ == "__main__":
    try:
        main(sys.argv[1])
    except Exception as error:  # a check that could not be made is a failed one
        check("the checks run to their end", False, repr(error))
    failed = results.count(False)
    print(f"{len(results) - failed} passed, {failed} failed")
    sys.exit(1 if failed else 0)
