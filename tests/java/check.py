"""The Java job against a service; see run.sh. Needs nothing but the standard library."""

import json
import pathlib
import re
import socket
import subprocess
import sys
import tempfile
import time

# Several calls of 256 records, the last one not full.
COUNT = 1100

passed = failed = 0


def check(what, good, detail=""):
    global passed, failed
    passed, failed = passed + bool(good), failed + (not good)
    print(f"{'ok' if good else 'FAILED'}: {what}{'' if good else f' ({detail})'}")


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def serve(binary, port):
    process = subprocess.Popen(
        [binary, "serve", "--listen", f"127.0.0.1:{port}"], stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    for line in process.stderr:
        if re.match("listening on", line):
            return process
    raise SystemExit("the program ended before it listened")


def job(classes, port, source, target):
    command = ["java", "-cp", classes, "com.example.ScreenJob", f"127.0.0.1:{port}", str(source), str(target)]
    return subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def said(value):
    """A message without the fields that hold nothing, which the JSON of Java leaves out."""
    if isinstance(value, dict):
        kept = {key: said(inner) for key, inner in value.items()}
        return {key: inner for key, inner in kept.items() if inner not in ("", "KIND_UNSPECIFIED", 0, False, [], None)}
    if isinstance(value, list):
        return [said(inner) for inner in value]
    return value


def main(binary, classes):
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        names = ["SZ DJI Technology Co., Ltd.", "Alder Creek Pumps", "Nordhafen Papier", "Mahan Airways"]
        records = [
            {"reference": f"J{at}", "parties": [{"role": "CONSIGNEE", "name": names[at % len(names)]}]} for at in range(COUNT)
        ]
        source, target = folder / "in.jsonl", folder / "out.jsonl"
        source.write_text("".join(json.dumps(record) + "\n" for record in records))
        wanted = folder / "wanted.jsonl"
        done = subprocess.run([binary, "batch", source, "--out", wanted], stdin=subprocess.DEVNULL, capture_output=True, text=True)
        assert done.returncode in (0, 3), done.stderr

        port = free_port()
        # It begins before the service does: a call that is not taken is made again.
        running = job(classes, port, source, target)
        time.sleep(1.5)
        service = serve(binary, port)
        try:
            out, errors = running.communicate(timeout=180)
            check("the job ends well", running.returncode == 0, errors[-2000:])
            answers = [json.loads(line) for line in target.read_text().splitlines()] if target.exists() else []
            check("every record is answered once and in order", [a["reference"] for a in answers] == [r["reference"] for r in records])
            same = [said(json.loads(line)) for line in wanted.read_text().splitlines()]
            for answer in answers:
                # The command line gives these only when it is asked to.
                answer.pop("rulesRun", None)
                answer.pop("rulesSkipped", None)
            check("the answers are those of the command line", [said(a) for a in answers] == same)
            check("the outcomes are counted", f"HOLD={COUNT // 2}" in out, out)

            broken, nothing = folder / "broken.jsonl", folder / "nothing.jsonl"
            broken.write_text(json.dumps(records[0]) + "\n{broken\n")
            running = job(classes, port, broken, nothing)
            _, errors = running.communicate(timeout=180)
            check("a line that cannot be read ends the job and is named", running.returncode != 0 and "line 2" in errors, errors)
            check("a job that fails leaves no output", not nothing.exists())
        finally:
            service.terminate()
            service.wait(30)
    print(f"{passed} passed, {failed} failed")
    return failed == 0


if __name__ == "__main__":
    sys.exit(0 if main(sys.argv[1], sys.argv[2]) else 1)
