"""Screens Parquet files on a Spark cluster.

On a standalone cluster (on Kubernetes with --master k8s://..., on YARN with --master yarn), with the wheel of
`tidewaiter` and pyspark 4 installed on every machine:

    spark-submit --master spark://HOST:7077 --executor-memory 2g --conf spark.executor.memoryOverhead=2g \
        examples/spark/screen_parquet.py s3a://bucket/shipments/ s3a://bucket/answers/ --list consolidated.csv

The output folder must not exist. A job that is killed leaves no `_SUCCESS` in it: start it again with --overwrite.
"""

import argparse
import time

import tidewaiter.spark
from pyspark.sql import SparkSession


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("input", help="folder or file with Parquet")
    parser.add_argument("output", help="folder for the answers")
    parser.add_argument("--list", action="append", default=[], help="a list, read on the driver; may be repeated")
    parser.add_argument("--data-dir", help="data directory of `tidewaiter lists fetch`")
    parser.add_argument("--policy", help="policy file")
    parser.add_argument("--per-finding", action="store_true", help="a row for each finding")
    parser.add_argument("--partitions", type=int, help="cut the input into so many tasks")
    parser.add_argument("--overwrite", action="store_true", help="replace the output folder")
    parser.add_argument("--pause", type=float, default=0.0, help="seconds that each task waits, to try what a loss does")
    arguments = parser.parse_args()

    spark = SparkSession.builder.appName("tidewaiter").getOrCreate()
    started = time.monotonic()
    df = spark.read.parquet(arguments.input)
    if arguments.partitions:
        df = df.repartition(arguments.partitions)
    if arguments.pause:
        df = df.mapInArrow(waiting(arguments.pause), df.schema)
    metrics = tidewaiter.spark.Metrics(spark)
    answers = tidewaiter.spark.screen(
        df,
        arguments.list,
        data_dir=arguments.data_dir,
        policy=arguments.policy,
        per_finding=arguments.per_finding,
        metrics=metrics,
    )
    answers.write.mode("overwrite" if arguments.overwrite else "errorifexists").parquet(arguments.output)
    seconds = time.monotonic() - started

    # Counted in what was written: a task that ran twice counts once.
    written = spark.read.parquet(arguments.output)
    if arguments.per_finding:
        written = written.where("finding is null or finding = 1")
    outcomes = {row["outcome"]: row["count"] for row in written.groupBy("outcome").count().collect()}
    total = sum(outcomes.values())
    counts = ", ".join(f"{count:,} {outcome}" for outcome, count in sorted(outcomes.items()))
    print(f"{total:,} records: {counts}")
    print(f"{seconds:.1f} s, {total / seconds:,.0f} records/s; {metrics.engines} engines, {metrics.seconds:.1f} s of screening")
    spark.stop()


def waiting(seconds: float):
    """A step that holds each task for a while."""

    def hold(batches):
        time.sleep(seconds)
        yield from batches

    return hold


if __name__ == "__main__":
    main()
