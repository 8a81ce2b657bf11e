"""Measures Spark against the command line on the same records, and loses a worker on purpose.

    python examples/spark/measure.py shipments/ --program target/release/tidewaiter --work /tmp/measure

`shipments/` is a folder of Parquet files, of which each is a task. The script starts a standalone
master and two workers of one core each on this machine (pyspark 4 and Java 17; nothing else is needed), screens the folder in
turn with the program and with Spark, Parquet to Parquet, and says records a second and processor time of each. The first
round of Spark compiles the lists and warms Java up; the figure is that of the later ones. In a last round it kills a worker with
its executor in the middle, and compares how often each record was answered and how with the program's answers.
"""

import argparse
import collections
import os
import pathlib
import resource
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time

os.environ["PYSPARK_PYTHON"] = os.environ["PYSPARK_DRIVER_PYTHON"] = sys.executable

import pyarrow.compute as pc
import pyarrow.parquet as pq
import pyspark
import tidewaiter.spark
from pyspark.sql import SparkSession

HOME = pathlib.Path(pyspark.__file__).parent
TICKS = os.sysconf("SC_CLK_TCK")


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def start(work: pathlib.Path, name: str, *arguments: object) -> subprocess.Popen:
    """Starts a part of a standalone cluster."""
    environment = os.environ | {"SPARK_HOME": str(HOME), "SPARK_LOCAL_IP": "127.0.0.1", "SPARK_WORKER_DIR": str(work / "workers")}
    command = [HOME / "bin" / "spark-class", f"org.apache.spark.deploy.{name}", "--host", "127.0.0.1", *arguments]
    with (work / "cluster.log").open("a") as log:
        return subprocess.Popen(
            [str(part) for part in command], env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
        )


def below(pid: int) -> list[int]:
    """The processes that one has started, the deepest first."""
    found = []
    for task in pathlib.Path(f"/proc/{pid}/task").glob("*/children"):
        for child in task.read_text().split():
            found += [*below(int(child)), int(child)]
    return found


def processor_seconds(pids: list[int]) -> float:
    """What processes and those that they started have used so far."""
    ticks = 0
    for pid in (one for root in pids for one in [root, *below(root)]):
        try:
            fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        # User and system time, its own and that of the children it has waited for.
        ticks += sum(int(field) for field in fields[11:15])
    return ticks / TICKS


def outcomes(answers: pathlib.Path) -> tuple[collections.Counter, int]:
    """How often each outcome is in an output, and how many different records."""
    table = pq.read_table(answers, columns=["reference", "outcome"])
    return collections.Counter(table["outcome"].to_pylist()), pc.count_distinct(table["reference"]).as_py()


def kill(process: subprocess.Popen) -> None:
    """Ends a process with all that it started, at once."""
    for pid in [*below(process.pid), process.pid]:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
    process.wait()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("input", type=pathlib.Path, help="folder of Parquet files with a column `reference`, different in each record")
    parser.add_argument("--program", required=True, help="`tidewaiter`, built with --release --features parquet")
    parser.add_argument("--work", type=pathlib.Path, required=True, help="folder for what is written; it is emptied")
    parser.add_argument("--rounds", type=int, default=3, help="how often each is measured")
    arguments = parser.parse_args()
    work = arguments.work.absolute()
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    files = sorted(arguments.input.glob("*.parquet"))
    count = sum(pq.read_metadata(file).num_rows for file in files)

    def said(what: str, seconds: float, used: float) -> None:
        print(f"{what}: {count / seconds:,.0f} records/s, {seconds:.1f} s, processor time {used / count * 1e6:.1f} us a record", flush=True)

    def program() -> None:
        before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
        command = [arguments.program, "batch", arguments.input, "--out", work / "program.parquet", "--progress", "none"]
        subprocess.run([str(part) for part in command], check=False, stdin=subprocess.DEVNULL, capture_output=True)
        seconds, after = time.monotonic() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
        said("program", seconds, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)

    port = free_port()
    url = f"spark://127.0.0.1:{port}"
    master = start(work, "master.Master", "--port", port, "--webui-port", free_port())
    workers = [
        start(work, "worker.Worker", "--cores", 1, "--memory", "1g", "--webui-port", free_port(), url) for _ in range(2)
    ]
    try:
        spark = (
            SparkSession.builder.master(url)
            .appName("measure")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.ui.enabled", "false")
            .config("spark.executor.memory", "768m")
            # Small files too are a task each.
            .config("spark.sql.files.minPartitionNum", str(len(files)))
            .getOrCreate()
        )
        spark.sparkContext.setLogLevel("ERROR")
        answers = tidewaiter.spark.screen(spark.read.parquet(str(arguments.input)))
        for at in range(arguments.rounds):
            program()
            used, started = processor_seconds([w.pid for w in workers]), time.monotonic()
            answers.write.mode("overwrite").parquet(str(work / "spark.parquet"))
            seconds = time.monotonic() - started
            said(f"Spark, round {at + 1}", seconds, processor_seconds([w.pid for w in workers]) - used)
        threading.Timer(seconds / 2, lambda: kill(workers[0])).start()
        started = time.monotonic()
        answers.write.mode("overwrite").parquet(str(work / "killed.parquet"))
        print(f"Spark, with a worker killed after {seconds / 2:.1f} s: {time.monotonic() - started:.1f} s")
        assert workers[0].poll() is not None, "it ended before the worker was killed"
        spark.stop()
    finally:
        for process in [*workers, master]:
            if process.poll() is None:
                kill(process)
    wanted, _ = outcomes(work / "program.parquet")
    for name in ("spark.parquet", "killed.parquet"):
        found, different = outcomes(work / name)
        assert found == wanted and different == found.total() == count, (name, found, wanted, different)
    print(f"every record once, the outcomes are the same: {dict(sorted(wanted.items()))}")


if __name__ == "__main__":
    main()
