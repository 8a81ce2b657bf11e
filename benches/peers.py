#!/usr/bin/env python3
"""Measures name matching of two open peers and of the program in one run: the same listed names and queries, one core.

    benches/peers.py --tidewaiter target/release/tidewaiter --python ENV/bin/python --watchman FOLDER/watchman

A peer that is not given is left out. `ENV` is a virtual environment with nomenklatura, `FOLDER/watchman` the server that its
repository builds: `docs/performance.md` says how. Nothing of either is part of this repository. All of them run on the first
core, the client that asks a server on the second, over the loopback interface only.

The names are those of the US Consolidated Screening List in `../shared/data`. Half of the queries are listed names, respelt as
`tests/records.py` does it, half are persons and companies that nobody lists.
"""

import argparse
import csv
import http.client
import json
import os
import pathlib
import re
import resource
import subprocess
import sys
import tempfile
import time
import urllib.parse

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "tests"))
import records  # noqa: E402

LIST = records.DATA / "lists/us/csl_2022-05.csv.gz"
# A search is measured on the first core; its client takes nothing of it.
SEARCH, CLIENT = {0}, {1}
# From here on an answer is taken for a finding, of every contender.
THRESHOLD = 0.7
# Seconds until a server must be ready.
PATIENCE = 120
PORT = 18_431


def listed():
    """The list's entries of persons and organisations: id, whether it is a person, names."""
    for row in records.rows("lists/us/csl_2022-05.csv.gz"):
        names = [name.strip() for name in [row[5], *row[22].split(";")]]
        if row[3] not in ("Vessel", "Aircraft"):
            yield row[0], row[3] == "Individual", [name for name in names if name]


def queries(count):
    """Names to ask for, with whether each is a person and the id of its entry, where it is listed."""
    half = count // 2
    asked = []
    for at, (entry, is_person, names) in enumerate(records.evenly(list(listed()), half)):
        # The first six ways of the table: letters, blanks and the order of words. Not everybody claims to read initials, or a cell
        # with an address behind the name.
        name = records.respelt(names[at % len(names)], 13 * at + at % 6)
        asked.append({"name": name, "is_person": is_person, "of": entry})
    strangers, companies = records.strangers(), records.lines("goods/clean_parties.txt")
    for at in range(count - half):
        is_person = at % 2 == 0
        of = strangers if is_person else companies
        asked.append({"name": of[at // 2 % len(of)], "is_person": is_person, "of": None})
    return asked


def resident_mb(pid):
    return int(re.search(r"VmRSS:\s+(\d+)", pathlib.Path(f"/proc/{pid}/status").read_text())[1]) // 1024


def processor_seconds(pid):
    """Of a process so far. What others run at the same time does not count."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(") ")[-1].split()
    return sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK")


def children_seconds():
    """Processor time of all programs that were run and have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def tell(who, asked, seconds, ready, megabytes, answers):
    """A line of the table, `seconds` of processor time. `answers` has for each query the best score and that of the entry
    that was meant."""
    of_listed = [its >= THRESHOLD for query, (_, its) in zip(asked, answers) if query["of"]]
    of_others = [best >= THRESHOLD for query, (best, _) in zip(asked, answers) if not query["of"]]
    print(f"| {who} | {ready:.1f} s | {megabytes} MB | {len(asked) / seconds:,.0f} | {seconds / len(asked) * 1e6:,.0f}"
          f" | {sum(of_listed)} of {len(of_listed)} | {sum(of_others)} of {len(of_others)} |", flush=True)


class Server:
    """A server on the first core, and one connection to it that is kept."""

    def __init__(self, command, path, environment=None):
        start = time.monotonic()
        self.child = subprocess.Popen(
            ["taskset", "-c", "0", *map(str, command)], env={**os.environ, **(environment or {})},
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        self.connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=60)
        while not self.is_ready(path):
            if self.child.poll() is not None or time.monotonic() - start > PATIENCE:
                self.stop()
                sys.exit(f"{command[0]} does not answer")
            time.sleep(0.01)
        self.ready = time.monotonic() - start

    def is_ready(self, path):
        try:
            self.ask(("GET", path))
            return True
        except (OSError, http.client.HTTPException, ValueError):
            self.connection.close()
            return False

    def ask(self, request):
        self.connection.request(*request)
        answer = self.connection.getresponse()
        body = answer.read()
        if answer.status != 200:
            raise ValueError(f"{request}: {answer.status} {body[:500]}")
        return body

    def timed(self, requests):
        """Processor time of the server for these requests, and the answers."""
        start = processor_seconds(self.child.pid)
        answers = [self.ask(request) for request in requests]
        return processor_seconds(self.child.pid) - start, [json.loads(answer) for answer in answers]

    def stop(self):
        self.child.kill()
        self.child.wait()


def tidewaiter(program, asked):
    server = Server([program, "serve", "--listen", "127.0.0.1:0", "--http", f"127.0.0.1:{PORT}", "--list", LIST], "/readyz")

    def request(name):
        shipment = {"parties": [{"role": "CONSIGNEE", "name": name}]}
        return "POST", "/v1/screen", json.dumps({"shipment": shipment}), {"content-type": "application/json"}

    def scores(answer, of):
        findings = [finding for finding in answer["screening"]["findings"] if "entry" in finding]
        findings = [finding for finding in findings if finding["severity"] != "INFO"]
        its = [finding["score"] for finding in findings if of and f'"{of}"' in json.dumps(finding)]
        best, its = max((finding["score"] for finding in findings), default=0), max(its, default=0)
        return best / 1000, its / 1000

    # What it found of a name it keeps: it is warmed up with other names, and asked for each once.
    server.timed([request(name) for name in records.strangers()[-len(asked):]])
    seconds, answers = server.timed([request(query["name"]) for query in asked])
    scored = [scores(answer, query["of"]) for answer, query in zip(answers, asked)]
    tell("tidewaiter, over HTTP", asked, seconds, server.ready, resident_mb(server.child.pid), scored)
    server.stop()


def alone(program, folder, count):
    """Microseconds a query of the program without a service: `batch` with one thread over N and 2N names, in turn."""
    names = [query["name"] for query in queries(2 * count)]
    # Of both halves alike.
    names = [name for pair in zip(names[:count], names[count:]) for name in pair]
    files = {}
    for size in (count, 2 * count):
        files[size] = folder / f"{size}.jsonl"
        lines = (json.dumps({"parties": [{"role": "CONSIGNEE", "name": name}]}) for name in names[:size])
        files[size].write_text("\n".join(lines) + "\n")
    took = {size: [] for size in files}
    for _ in range(3):
        for size, file in files.items():
            command = ["taskset", "-c", "0", program, "batch", file, "--threads", "1", "--list", LIST, "--out", folder / "out"]
            start = children_seconds()
            done = subprocess.run(list(map(str, command)), stdin=subprocess.DEVNULL, capture_output=True)
            took[size].append(children_seconds() - start)
            if done.returncode > 3:
                sys.exit(done.stderr.decode())
    each = (min(took[2 * count]) - min(took[count])) / count
    print(f"\ntidewaiter in one process, `batch` with one thread, {count} and {2 * count} names: {1 / each:,.0f} queries a"
          f" second, {each * 1e6:,.0f} us each\n", flush=True)


def watchman(program, folder, asked):
    """Its own reader of the list leaves out OFAC's entries, which it reads from OFAC's files, and guesses what an entry is
    where the list does not say. So that it has all of them, they get another source here, and a kind."""
    with (folder / "consolidated.csv").open("w", newline="") as file:
        to = csv.writer(file)
        to.writerow(["_"] * 29)
        for row in records.rows("lists/us/csl_2022-05.csv.gz"):
            to.writerow([row[0], row[1].replace("Specially Designated Nationals", "SDN"), row[2], row[3] or "Entity", *row[4:]])
    config = folder / "watchman.yml"
    config.write_text(
        f'Watchman:\n  Servers:\n    BindAddress: "127.0.0.1:{PORT}"\n    AdminAddress: "127.0.0.1:{PORT + 1}"\n'
        f'  Telemetry:\n    ServiceName: "watchman"\n  Download:\n    RefreshInterval: "12h"\n    InitialDataDirectory: "{folder}"\n'
        "    IncludedLists: [us_csl]\n  Search:\n    Goroutines: {Default: 1, Min: 1, Max: 2}\n"
    )
    server = Server([program], "/v2/listinfo", {"APP_CONFIG": str(config), "GOMAXPROCS": "1", "LOG_LEVEL": "error"})

    def request(query):
        kind = "person" if query["is_person"] else "business"
        asks = {"name": query["name"], "type": kind, "limit": 10, "minMatch": THRESHOLD}
        return "GET", "/v2/search?" + urllib.parse.urlencode(asks)

    def scores(answer, of):
        entities = answer.get("entities") or []
        its = [entity["match"] for entity in entities if of == entity.get("sourceID")]
        return max((entity["match"] for entity in entities), default=0), max(its, default=0)

    requests = [request(query) for query in asked]
    server.timed(requests[:: max(1, len(requests) // 50)])
    seconds, answers = server.timed(requests)
    scored = [scores(answer, query["of"]) for answer, query in zip(answers, asked)]
    tell("watchman, over HTTP", asked, seconds, server.ready, resident_mb(server.child.pid), scored)
    server.stop()


def nomenklatura(folder, asked_file):
    """Runs within the peer's own Python: its index chooses candidates for all queries at once, `logic-v2` scores them."""
    from followthemoney import Dataset, StatementEntity
    from nomenklatura.blocker.index import Index
    from nomenklatura.matching import get_algorithm
    from nomenklatura.matching.types import ScoringConfig
    from nomenklatura.resolver import Linker
    from nomenklatura.store import SimpleMemoryStore

    asked = json.loads(pathlib.Path(asked_file).read_text())
    dataset = Dataset.make({"name": "csl", "title": "CSL"})

    def entity(key, is_person, names):
        schema = "Person" if is_person else "Organization"
        return StatementEntity.from_data(dataset, {"id": key, "schema": schema, "properties": {"name": names}}, cleaned=False)

    start = time.monotonic()
    store = SimpleMemoryStore(dataset, Linker({}))
    with store.writer() as writer:
        for key, is_person, names in listed():
            writer.add_entity(entity(key, is_person, names))
    view = store.view(dataset)
    index = Index(view, pathlib.Path(folder) / "index")
    index.build()
    ready = time.monotonic() - start
    algorithm, config = get_algorithm("logic-v2"), ScoringConfig.defaults()
    entries = {entry.id: entry for entry in view.entities()}

    def ask(part):
        start = time.process_time()
        subjects = {f"q{at}": entity(f"q{at}", query["is_person"], [query["name"]]) for at, query in enumerate(part)}
        found = {str(subject): candidates for subject, candidates in index.match_entities(subjects.values())}
        chosen = time.process_time()
        answers, pairs = [], 0
        for at, query in enumerate(part):
            scores = {}
            for candidate, _ in found.get(f"q{at}", []):
                scores[str(candidate)] = algorithm.compare(subjects[f"q{at}"], entries[str(candidate)], config).score
            pairs += len(scores)
            answers.append((max(scores.values(), default=0), scores.get(query["of"], 0)))
        return time.process_time() - start, time.process_time() - chosen, pairs, answers

    ask(asked[:: max(1, len(asked) // 50)])
    seconds, scoring, pairs, answers = ask(asked)
    tell("nomenklatura, logic-v2", asked, seconds, ready, resident_mb(os.getpid()), answers)
    print(f"\nlogic-v2: {pairs / len(asked):.0f} pairs a query, {scoring / pairs * 1e6:,.0f} us a pair")
    every = len(entries) * scoring / pairs
    print(f"each query against every entry, without an index, would take {every:.1f} s")


def compared(program, folder, count):
    """Microseconds a pair of the program, sentences included: `compare --pairs` over N and 2N pairs."""
    names = [query["name"] for query in queries(count)]
    listed_names = records.evenly([names[0] for _, _, names in listed()], 200)
    took = {}
    for size in (count // 2, count):
        file = folder / f"pairs-{size}.csv"
        with file.open("w", newline="") as opened:
            to = csv.writer(opened)
            to.writerow(["left", "right", "kind"])
            to.writerows((name, other, "") for name in names[:size] for other in listed_names)
        command = ["taskset", "-c", "0", str(program), "compare", "--pairs", str(file)]
        times = []
        for _ in range(3):
            start = children_seconds()
            subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=True)
            times.append(children_seconds() - start)
        took[size] = min(times)
    pairs = (count - count // 2) * len(listed_names)
    print(f"tidewaiter, two names without a list, `compare --pairs`: {(took[count] - took[count // 2]) / pairs * 1e6:,.1f} us a pair")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tidewaiter", type=pathlib.Path)
    parser.add_argument("--watchman", type=pathlib.Path)
    parser.add_argument("--python", type=pathlib.Path)
    parser.add_argument("--queries", type=int, default=500)
    parser.add_argument("--within", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.within:
        return nomenklatura(*options.within)
    os.sched_setaffinity(0, CLIENT)
    asked = queries(options.queries)
    print("| one core | ready | resident | queries a second of processor time | us a query | respelt names found | others told |")
    print("|---|---:|---:|---:|---:|---:|---:|", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        if options.tidewaiter:
            tidewaiter(options.tidewaiter, asked)
        if options.watchman:
            watchman(options.watchman, folder, asked)
        if options.python:
            (folder / "asked.json").write_text(json.dumps(asked))
            command = ["taskset", "-c", "0", str(options.python), __file__, "--within", str(folder), str(folder / "asked.json")]
            subprocess.run(command, check=True)
        if options.tidewaiter:
            alone(options.tidewaiter, folder, 4_000)
            compared(options.tidewaiter, folder, 500)


if __name__ == "__main__":
    main()
