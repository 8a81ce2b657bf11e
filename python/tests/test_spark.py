"""A job on a real standalone cluster: a master and two workers on this machine, one of which is killed."""

import collections
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import time

import pytest
from conftest import ROOT, rows

pyspark = pytest.importorskip("pyspark")
if shutil.which("java") is None:
    pytest.skip("no Java here", allow_module_level=True)

import pyarrow as pa  # noqa: E402
import pyarrow.parquet as pq  # noqa: E402

import tidewaiter  # noqa: E402
import tidewaiter.spark  # noqa: E402

JOB = ROOT / "examples" / "spark" / "screen_parquet.py"
HOME = pathlib.Path(pyspark.__file__).parent


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def environment(folder: pathlib.Path) -> dict[str, str]:
    return os.environ | {
        "SPARK_HOME": str(HOME),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_LOG_DIR": str(folder),
        "SPARK_WORKER_DIR": str(folder / "work"),
        "PYSPARK_PYTHON": sys.executable,
        "PYSPARK_DRIVER_PYTHON": sys.executable,
    }


class Cluster:
    """A standalone master and its workers; each is ended by its own process id."""

    def __init__(self, folder: pathlib.Path, workers: int) -> None:
        self.folder = folder
        self.url = f"spark://127.0.0.1:{free_port()}"
        port = self.url.rsplit(":", 1)[1]
        self.log = (folder / "cluster.log").open("w")
        self.master = self.start("master.Master", "--host", "127.0.0.1", "--port", port, "--webui-port", str(free_port()))
        self.workers = [self.start_worker() for _ in range(workers)]

    def start(self, name: str, *arguments: str) -> subprocess.Popen:
        command = [str(HOME / "bin" / "spark-class"), f"org.apache.spark.deploy.{name}", *arguments]
        return subprocess.Popen(
            command,
            env=environment(self.folder),
            stdin=subprocess.DEVNULL,
            stdout=self.log,
            stderr=self.log,
            start_new_session=True,
        )

    def start_worker(self) -> subprocess.Popen:
        return self.start(
            "worker.Worker", "--host", "127.0.0.1", "--cores", "1", "--memory", "1g", "--webui-port", str(free_port()), self.url
        )

    def kill(self, process: subprocess.Popen) -> None:
        """Kills a process with all that it started in its session, at once."""
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def kill_worker(self) -> None:
        """Kills a worker, and the executor that it started."""
        worker = self.workers.pop()
        for child in children(worker.pid):
            os.kill(child, signal.SIGKILL)
        self.kill(worker)

    def stop(self) -> None:
        for process in [*self.workers, self.master]:
            self.kill(process)
        self.log.close()


def children(pid: int) -> list[int]:
    """The processes below one, the deepest first."""
    found = []
    for task in pathlib.Path(f"/proc/{pid}/task").glob("*/children"):
        for child in task.read_text().split():
            found += [*children(int(child)), int(child)]
    return found


@pytest.fixture
def cluster(tmp_path):
    cluster = Cluster(tmp_path, workers=2)
    yield cluster
    cluster.stop()


def submit(cluster: Cluster, *arguments: object) -> subprocess.Popen:
    command = [
        HOME / "bin" / "spark-submit",
        *("--master", cluster.url),
        *("--conf", "spark.driver.bindAddress=127.0.0.1", "--conf", "spark.driver.host=127.0.0.1"),
        *("--conf", "spark.ui.enabled=false", "--conf", "spark.executor.memory=512m"),
        *arguments,
    ]
    return subprocess.Popen(
        [str(c) for c in command],
        env=environment(cluster.folder),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def test_a_job_survives_the_loss_of_a_worker(cluster, tmp_path):
    records = rows(24_000)
    folder = tmp_path / "in"
    folder.mkdir()
    for part in range(24):
        pq.write_table(pa.Table.from_pylist(records[part * 1000 : (part + 1) * 1000]), folder / f"{part:02}.parquet")
    out = tmp_path / "out"
    job = submit(cluster, JOB, folder, out, "--partitions", 24, "--pause", 1.0)
    # A task holds its records for a second: there is a middle to be killed in.
    deadline = time.monotonic() + 300
    while job.poll() is None and not any(out.glob("_temporary/**/*.parquet")) and time.monotonic() < deadline:
        time.sleep(0.2)
    assert job.poll() is None, job.communicate()[0]
    cluster.kill_worker()
    said, _ = job.communicate(timeout=600)
    assert job.returncode == 0, said[-4000:]
    answers = pq.read_table(out)
    assert sorted(answers["reference"].to_pylist()) == [r["reference"] for r in records]
    wanted = tidewaiter.Screener().screen(pa.Table.from_pylist(records))
    assert collections.Counter(answers["outcome"].to_pylist()) == collections.Counter(wanted["outcome"].to_pylist())
    assert answers.sort_by("reference")["summary"].to_pylist() == wanted["summary"].to_pylist()
    # What Spark would call a success with fewer workers was one with a worker less.
    assert "24,000 records" in said


@pytest.fixture(scope="module")
def spark():
    from pyspark.sql import SparkSession

    spark = (
        SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .getOrCreate()
    )
    yield spark
    spark.stop()


def test_a_worker_with_other_lists_fails_the_job(spark):
    df = spark.createDataFrame([("R1", "Baltic Rope")], "reference string, consignee string")
    job = tidewaiter.spark.screen
    original = tidewaiter.spark._Job.__init__

    def other(self, *arguments, **named):
        original(self, *arguments, **(named | {"snapshot": "sha256:other"}))

    tidewaiter.spark._Job.__init__ = other
    try:
        answers = job(df)
    finally:
        tidewaiter.spark._Job.__init__ = original
    with pytest.raises(Exception, match="this worker has the snapshot sha256:[0-9a-f]+, the driver has sha256:other"):
        answers.collect()


def test_damaged_lists_fail_the_job(spark, own_list):
    df = spark.createDataFrame([("R1", "Baltic Rope")], "reference string, consignee string")
    original = tidewaiter.spark._bundle

    def damaged(settings):
        file, digest = original(settings)
        file.write_bytes(file.read_bytes()[:-1] + b"x")
        return file, digest

    tidewaiter.spark._bundle = damaged
    try:
        answers = tidewaiter.spark.screen(df, [own_list])
    finally:
        tidewaiter.spark._bundle = original
    with pytest.raises(Exception, match="the lists on this worker are damaged"):
        answers.collect()


def test_columns_are_judged_before_anything_is_screened(spark):
    rows = [("R1", "Baltic Rope GmbH"), ("R2", "Alder Creek Pumps LLC")]
    df = spark.createDataFrame(rows, "reference string, Zwischenhaendler string")
    with pytest.raises(tidewaiter.ColumnError) as caught:
        tidewaiter.spark.screen(df)
    assert caught.value.columns == ["Zwischenhaendler"]


def test_findings_by_row_count_records_once(spark):
    df = spark.createDataFrame(rows(300))
    metrics = tidewaiter.spark.Metrics(spark)
    each = tidewaiter.spark.screen(df, per_finding=True, metrics=metrics).collect()
    assert len(each) > 300 and metrics.records == 300
