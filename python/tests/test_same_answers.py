"""The same record gives the same bytes from the command line, the service, Python and Spark, on 20,000 records."""

import contextlib
import csv
import json
import os
import shutil
import socket
import subprocess
import time

import pytest
from conftest import rows

import tidewaiter

COUNT = 20_000


@pytest.fixture(scope="module")
def records(tmp_path_factory):
    """The records as rows, and in a CSV file."""
    records = rows(COUNT)
    path = tmp_path_factory.mktemp("same") / "records.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, records[0])
        writer.writeheader()
        writer.writerows(records)
    return records, path


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    """A list beside those inside, and a policy: neither may be lost on the way to a worker."""
    folder = tmp_path_factory.mktemp("own")
    (folder / "own.csv").write_text("name,country\nNordhafen Papier 7 GmbH,DE\n", encoding="utf-8")
    # Its age is that of the file, on every machine.
    os.utime(folder / "own.csv", (1_790_000_000, 1_790_000_000))
    (folder / "policy.toml").write_text("[thresholds]\nparty_review = 720\n", encoding="utf-8")
    return folder


def lists(own):
    return ["--list", own / "own.csv", "--list", "builtin", "--policy", own / "policy.toml"]


def run(*arguments):
    done = subprocess.run([str(a) for a in arguments], capture_output=True, text=True, stdin=subprocess.DEVNULL)
    assert done.returncode in (0, 3), done.stderr
    return done


@pytest.fixture(scope="module")
def by_program(program, records, own):
    """What `tidewaiter batch` writes, line by line."""
    out = records[1].with_suffix(".jsonl")
    run(program, "batch", records[1], "--out", out, *lists(own))
    return out.read_text(encoding="utf-8").splitlines()


@contextlib.contextmanager
def serving(program, *arguments):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"127.0.0.1:{port}"
    server = subprocess.Popen(
        [str(a) for a in (program, "serve", "--listen", address, *arguments)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for _ in range(600):
            health = subprocess.run([program, "health", "--server", f"http://{address}"], capture_output=True, stdin=subprocess.DEVNULL)
            if health.returncode == 0:
                break
            assert server.poll() is None, "the service stopped"
            time.sleep(0.1)
        yield f"http://{address}"
    finally:
        server.terminate()
        server.wait(60)


def test_the_program_answers_every_record(by_program):
    outcomes = [json.loads(line)["outcome"] for line in by_program]
    assert len(outcomes) == COUNT
    # The records are of every kind, or equal answers would say little.
    assert all(outcomes.count(outcome) > 500 for outcome in ("HOLD", "REVIEW", "NO_FINDING"))


def test_the_service_gives_the_same_bytes(program, records, own, by_program):
    out = records[1].with_suffix(".service.jsonl")
    with serving(program, *lists(own)) as url:
        run(program, "batch", records[1], "--out", out, "--server", url)
    assert out.read_text(encoding="utf-8").splitlines() == by_program


def test_python_gives_the_same_bytes(records, own, by_program):
    pa = pytest.importorskip("pyarrow")
    screener = tidewaiter.Screener([own / "own.csv"], policy=own / "policy.toml")
    answers = screener.screen(pa.Table.from_pylist(records[0]), answer_json=True)
    assert answers["answer"].to_pylist() == by_program
    # Records as dicts take another way in.
    some = records[0][:500]
    compact = [json.dumps(a, ensure_ascii=False, separators=(",", ":")) for a in screener.screen(some)]
    assert compact == by_program[:500]


@pytest.mark.parametrize("partitions", [3])
def test_spark_gives_the_same_bytes(records, own, by_program, partitions):
    pytest.importorskip("pyspark")
    if shutil.which("java") is None:
        pytest.skip("no Java here")
    import tidewaiter.spark
    from pyspark.sql import SparkSession

    spark = (
        SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.sql.shuffle.partitions", "4")
        .getOrCreate()
    )
    try:
        df = spark.createDataFrame(records[0], ", ".join(f"{key} string" for key in records[0][0]))
        metrics = tidewaiter.spark.Metrics(spark)
        answers = tidewaiter.spark.screen(
            df.repartition(partitions), [own / "own.csv"], policy=own / "policy.toml", answer_json=True, metrics=metrics
        )
        found = answers.select("reference", "outcome", "answer").toArrow().sort_by("reference")
        assert found["answer"].to_pylist() == by_program
        assert metrics.records == COUNT and metrics.seconds > 0
        assert sum(metrics.outcomes.values()) == COUNT
        # One engine for each worker process, not for each partition.
        assert 1 <= metrics.engines <= 2
    finally:
        spark.stop()
