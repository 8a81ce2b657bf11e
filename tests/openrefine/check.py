"""OpenRefine against the reconciliation interface; see run.sh. Needs nothing but the standard library."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import traceback
import urllib.error
import urllib.parse
import urllib.request

# What the column holds: a part of the entry's name that each cell must find, and whether it is matched without asking a
# person. None: nothing is found.
CELLS = {
    "SZ DJI Technology": ("DJI", True),
    "Rosoboroneksport OAO": ("Rosoboron", False),
    # Many of that group score as high: a person must choose.
    "Huawei Technologies Co., Ltd.": ("Huawei", False),
    "Acme Widgets GmbH": None,
    "Wilhelmina's Flower Shop": None,
}

# OpenRefine starts a Java machine; on a slow one that takes its time.
PATIENCE = 180


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def start_service(binary):
    """The program on free ports; the process and the address of its HTTP port."""
    args = [binary, "serve", "--listen", "127.0.0.1:0", "--http", "127.0.0.1:0"]
    process = subprocess.Popen(args, stderr=subprocess.PIPE, text=True)
    address = None
    for line in process.stderr:
        found = re.match(r"JSON over HTTP on (http://[^,\s]+)", line)
        address = found.group(1) if found else address
        if line.startswith("listening on"):
            return process, address
    raise SystemExit("the program ended before it listened")


class OpenRefine:
    """OpenRefine on a port of its own, with a folder of its own."""

    def __init__(self, folder):
        port = free_port()
        self.at = f"http://127.0.0.1:{port}/command/core"
        args = ["openrefine", "-p", str(port), "-d", f"{folder}/projects", "-m", "512M", "-x", "refine.headless=true"]
        self.log = open(f"{folder}/openrefine.log", "w+")
        # A group of its own: the script starts Java, and both must end.
        self.process = subprocess.Popen(args, stdout=self.log, stderr=self.log, start_new_session=True)
        until = time.monotonic() + PATIENCE
        while True:
            try:
                self.get("get-version")
                return
            except (urllib.error.URLError, ConnectionError):
                if self.process.poll() is not None or time.monotonic() > until:
                    self.log.seek(0)
                    raise SystemExit(f"OpenRefine did not start: {self.log.read()[-2000:]}") from None
                time.sleep(0.5)

    def stop(self):
        os.killpg(self.process.pid, signal.SIGTERM)
        self.process.wait()
        self.log.close()

    def get(self, command, **query):
        with urllib.request.urlopen(f"{self.at}/{command}?{urllib.parse.urlencode(query)}", timeout=60) as answer:
            return json.load(answer)

    def post(self, command, query, form):
        form = {**form, "csrf_token": self.get("get-csrf-token")["token"]}
        body = urllib.parse.urlencode(form).encode()
        url = f"{self.at}/{command}?{urllib.parse.urlencode(query)}"
        with urllib.request.urlopen(url, body, timeout=60) as answer:
            return json.load(answer)

    def project(self, text):
        """A project of a CSV; its number."""
        parts = ""
        for name, more, value in [
            ("project-name", "", "column"),
            ("format", "", "text/line-based/*sv"),
            ("project-file", '; filename="column.csv"', text),
        ]:
            parts += f'--cut\r\nContent-Disposition: form-data; name="{name}"{more}\r\n\r\n{value}\r\n'
        query = urllib.parse.urlencode({"csrf_token": self.get("get-csrf-token")["token"]})
        request = urllib.request.Request(
            f"{self.at}/create-project-from-upload?{query}",
            (parts + "--cut--\r\n").encode(),
            {"Content-Type": "multipart/form-data; boundary=cut"},
        )
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                to = answer.geturl()
        except urllib.error.HTTPError as error:
            # The page of the project may be missing where only the server is installed; its address is what counts.
            to = error.geturl()
        return re.search(r"project=(\d+)", to).group(1)

    def wait(self, project):
        """Until nothing is under way."""
        until = time.monotonic() + PATIENCE
        while self.get("get-processes", project=project)["processes"]:
            if time.monotonic() > until:
                raise AssertionError("a process of OpenRefine does not end")
            time.sleep(0.2)

    def rows(self, project):
        """Cells by column and row, each with its reconciliation."""
        query = {"project": project, "start": 0, "limit": 100}
        answer = self.post("get-rows", query, {"engine": json.dumps({"facets": [], "mode": "row-based"})})
        recons = answer.get("pool", {}).get("recons", {})
        rows = []
        for row in answer["rows"]:
            cells = [cell or {} for cell in row["cells"]]
            rows.append([(cell.get("v"), recons.get(str(cell.get("r")))) for cell in cells])
        return rows


def a_column_is_reconciled(service, refine):
    manifest = json.load(urllib.request.urlopen(f"{service}/reconcile", timeout=30))
    project = refine.project("company\n" + "".join(f'"{name}"\n' for name in CELLS))
    config = {
        "mode": "standard-service",
        "service": f"{service}/reconcile",
        "identifierSpace": manifest["identifierSpace"],
        "schemaSpace": manifest["schemaSpace"],
        "type": manifest["defaultTypes"][0],
        "autoMatch": True,
        "columnDetails": [],
        "limit": 5,
    }
    engine = json.dumps({"facets": [], "mode": "row-based"})
    form = {"columnName": "company", "config": json.dumps(config), "engine": engine}
    begun = refine.post("reconcile", {"project": project}, form)
    assert begun["code"] in ("pending", "ok"), begun
    refine.wait(project)
    rows = refine.rows(project)
    assert len(rows) == len(CELLS), rows
    for cells in rows:
        name, recon = cells[0]
        assert recon is not None and recon["service"] == f"{service}/reconcile", f"{name}: {recon}"
        wanted, is_certain = CELLS[name] or (None, False)
        assert (recon["j"] == "matched") == is_certain, f"{name}: {recon}"
        found = [recon["m"]] if is_certain else recon.get("c", [])
        is_found = any(wanted.lower() in one["name"].lower() for one in found) if wanted else not found
        assert is_found and all(":" in one["id"] for one in found), f"{name}: {recon}"

    # What the entry says, as new columns.
    extension = {"properties": [{"id": "list", "name": "List"}, {"id": "country", "name": "Country"}]}
    form = {
        "baseColumnName": "company",
        "endpoint": f"{service}/reconcile",
        "identifierSpace": manifest["identifierSpace"],
        "schemaSpace": manifest["schemaSpace"],
        "extension": json.dumps(extension),
        "columnInsertIndex": 1,
        "engine": engine,
    }
    begun = refine.post("extend-data", {"project": project}, form)
    assert begun["code"] in ("pending", "ok"), begun
    refine.wait(project)
    # A row ends with its last value, and further values of a cell stand in rows below it.
    rows = [cells for cells in refine.rows(project) if cells[0][0]]
    lists = {cells[0][0]: cells[1][0] if len(cells) > 1 else None for cells in rows}
    for name, wanted in CELLS.items():
        assert bool(lists[name]) == bool(wanted and wanted[1]), f"{name}: {lists}"


def main(binary):
    checks = [a_column_is_reconciled]
    failed = 0
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        process, service = start_service(binary)
        try:
            refine = OpenRefine(folder)
            try:
                for check in checks:
                    try:
                        check(service, refine)
                    except Exception:
                        failed += 1
                        print(f"FAILED {check.__name__}")
                        traceback.print_exc()
            finally:
                refine.stop()
        finally:
            process.terminate()
            process.wait()
    print(f"{len(checks) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
