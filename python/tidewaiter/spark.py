"""Screens a Spark DataFrame on the workers of a cluster.

    import tidewaiter.spark

    answers = tidewaiter.spark.screen(df, lists=["consolidated.csv"])
    answers.write.parquet("answers.parquet")

The wheel must be installed on the driver and on each worker, in the same version. Lists, policy and packs travel from the
driver to each worker once, as one file; each worker checks its SHA-256, compiles the lists, and checks that the
snapshot, the policy and the engine are those of the driver. Anything else fails the job, so that one output never rests on two
states of a list. There is one engine for each Python worker process, kept from task to task.

An answer depends on its record, the lists, the policy and the day alone: not on partitions, their order or retries.
"""

from __future__ import annotations

import atexit
import dataclasses
import hashlib
import json
import os
import pathlib
import shutil
import tempfile
import threading
import time
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from ._screener import NO_LEDGER, Day, Path, Screener, _day, _mapping
from ._tidewaiter import Core, ListError, answer_schema

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

OUTCOMES = ("NO_FINDING", "REVIEW", "HOLD", "REFUSED")

# Rows on which the driver checks that no column with parties would be read over.
_SAMPLE = 200


class Metrics:
    """What a job has done so far, as Spark accumulators. Spark counts a task that it runs again twice: for exact
    numbers, count the answers.
    """

    def __init__(self, spark: SparkSession) -> None:
        context = spark.sparkContext
        self._records = context.accumulator(0)
        self._seconds = context.accumulator(0.0)
        self._engines = context.accumulator(0)
        self._outcomes = {outcome: context.accumulator(0) for outcome in OUTCOMES}

    @property
    def records(self) -> int:
        """Records answered."""
        return self._records.value

    @property
    def seconds(self) -> float:
        """Seconds that screening took, over all workers."""
        return self._seconds.value

    @property
    def engines(self) -> int:
        """Engines compiled: one for each Python worker process."""
        return self._engines.value

    @property
    def outcomes(self) -> dict[str, int]:
        """Records by outcome."""
        return {outcome: sum.value for outcome, sum in self._outcomes.items()}

    def _add(self, answers: pa.RecordBatch, per_finding: bool, seconds: float) -> None:
        outcomes = answers.column("outcome")
        if per_finding:
            first = pc.fill_null(pc.equal(answers.column("finding"), 1), True)
            outcomes = outcomes.filter(first)
        for one in pc.value_counts(outcomes):
            if (sum := self._outcomes.get(one["values"].as_py())) is not None:
                sum.add(one["counts"].as_py())
        self._records.add(len(outcomes))
        self._seconds.add(seconds)


def screen(
    df: DataFrame,
    lists: Iterable[Path] = (),
    *,
    data_dir: Path | None = None,
    policy: Path | None = None,
    builtin: bool = True,
    ownership: Path | None = None,
    packs: Iterable[Path] = (),
    without_packs: Iterable[str] = (),
    require: Iterable[str] = (),
    stale_after_hours: Mapping[str, int] | None = None,
    map: Mapping[str, str] | None = None,
    ignore: Sequence[str] = (),
    json_column: str | None = None,
    per_finding: bool = False,
    answer_json: bool = False,
    on_error: str = "refuse",
    as_of: Day | None = None,
    known_on: Day | None = None,
    metrics: Metrics | None = None,
) -> DataFrame:
    """The DataFrame with the answers beside its columns; see `Screener.screen` for the columns and the options.

    The paths are read on the driver. A record that cannot be read is answered as REFUSED, unless `on_error` is "raise".

    Raises ListError when a list cannot be read and ColumnError when a column with parties would be read over (the first rows
    are looked at here, which runs a small job), before anything is screened.
    """
    from pyspark.sql.pandas.types import from_arrow_schema, to_arrow_schema

    if on_error not in ("raise", "refuse"):
        raise ValueError(f'on_error must be "raise" or "refuse", not {on_error!r}')
    settings = dict(
        lists=[os.fspath(path) for path in lists],
        builtin=builtin,
        data_dir=None if data_dir is None else os.fspath(data_dir),
        policy=None if policy is None else os.fspath(policy),
        ownership=None if ownership is None else os.fspath(ownership),
        packs=[os.fspath(path) for path in packs],
        without_packs=list(without_packs),
        require=list(require),
        stale_after_hours=dict(stale_after_hours or {}),
    )
    here = Screener(**settings, threads=1)
    mapped, ignored = _mapping(map, ignore)
    empty = to_arrow_schema(df.schema).empty_table()
    if json_column is None:
        # The columns are judged once and for all: what a partition happens to hold must not decide.
        sample = df.limit(_SAMPLE).toArrow()
        here._core.table(sample, _asked(mapped, ignored, None, False, False, False, True, "", ""), True)
    elif json_column not in df.columns:
        raise ValueError(f"the table has no column {json_column!r}, which should hold JSON")
    file, digest = _bundle(settings)
    context = df.sparkSession.sparkContext
    context.addFile(str(file))
    job = _Job(
        bundle=file.name,
        sha256=digest,
        snapshot=here.snapshot,
        policy=here.policy,
        engine=here.engine,
        asked=dict(
            mapped=mapped,
            ignored=ignored,
            json_column=json_column,
            per_finding=per_finding,
            answer_json=answer_json,
            is_checked=True,
            refuses=on_error == "refuse",
            as_of=_day(as_of),
            known_on=_day(known_on),
        ),
        metrics=metrics,
    )
    schema = pa.table(answer_schema(empty, per_finding, answer_json)).schema
    return df.mapInArrow(job, from_arrow_schema(schema))


def _asked(
    mapped: list[tuple[str, str]],
    ignored: list[str],
    json_column: str | None,
    per_finding: bool,
    answer_json: bool,
    is_checked: bool,
    refuses: bool,
    as_of: str,
    known_on: str,
) -> SimpleNamespace:
    return SimpleNamespace(
        map=mapped,
        ignore=ignored,
        json_column=json_column,
        is_checked=is_checked,
        per_finding=per_finding,
        json=answer_json,
        verbose=False,
        refuses=refuses,
        as_of=as_of,
        known_on=known_on,
    )


@dataclasses.dataclass
class _Job:
    """What a worker needs to know; it runs there once for each partition."""

    bundle: str
    sha256: str
    snapshot: str
    policy: str
    engine: str
    asked: dict[str, Any]
    metrics: Metrics | None

    def __call__(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        core: Core | None = None
        asked = _asked(**self.asked)
        for batch in batches:
            if batch.num_rows == 0:
                continue
            if core is None:
                core = self._core()
            started = time.perf_counter()
            answers = pa.table(core.table(pa.Table.from_batches([batch]), asked, False))
            seconds = time.perf_counter() - started
            for answered in answers.replace_schema_metadata(None).to_batches():
                if self.metrics is not None:
                    self.metrics._add(answered, asked.per_finding, seconds)
                    seconds = 0.0
                yield answered

    def _core(self) -> Core:
        """The engine of this process, compiled at the first call."""
        global _kept
        with _lock:
            if _kept is None or _kept[0] != self.sha256:
                # The one before is let go first: two would be in memory at once.
                _kept = None
                _kept = (self.sha256, self._compiled())
                if self.metrics is not None:
                    self.metrics._engines.add(1)
            return _kept[1]

    def _compiled(self) -> Core:
        from pyspark import SparkFiles

        with _unpacked(pathlib.Path(SparkFiles.get(self.bundle)), self.sha256) as settings:
            core = Core(SimpleNamespace(**settings, threads=1, ledger=NO_LEDGER))
        for what in ("engine", "snapshot", "policy"):
            found, wanted = getattr(core, what), getattr(self, what)
            if found != wanted:
                raise ListError(
                    f"this worker has the {what} {found}, the driver has {wanted}: install the same version of the wheel on "
                    "all machines, and start the job again"
                )
        return core


_kept: tuple[str, Core] | None = None
_lock = threading.Lock()


def _bundle(settings: dict[str, Any]) -> tuple[pathlib.Path, str]:
    """Puts the files that the settings name into one archive, whose name ends in its SHA-256."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="tidewaiter-"))
    archive = folder / "bundle.zip"
    changed: dict[str, int] = {}
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as bundle:

        def put(path: str, at: str) -> str:
            source = pathlib.Path(path)
            files = sorted(p for p in source.rglob("*") if p.is_file()) if source.is_dir() else [source]
            for file in files:
                name = f"{at}/{source.name}" if file == source else f"{at}/{source.name}/{file.relative_to(source)}"
                bundle.write(file, name)
                # The age of a list may be that of its file.
                changed[name] = file.stat().st_mtime_ns
            return f"{at}/{source.name}"

        inside = dict(settings)
        inside["lists"] = [p if p == "curated" else put(p, f"lists/{at}") for at, p in enumerate(settings["lists"])]
        inside["packs"] = [put(p, f"packs/{at}") for at, p in enumerate(settings["packs"])]
        for key in ("data_dir", "policy", "ownership"):
            if settings[key] is not None:
                inside[key] = put(settings[key], key)
        bundle.writestr("settings.json", json.dumps({"settings": inside, "changed": changed}, sort_keys=True))
    digest = hashlib.sha256(archive.read_bytes()).hexdigest()
    return archive.rename(folder / f"tidewaiter-{digest}.zip"), digest


class _unpacked:
    """The settings, with their paths inside a folder that is there as long as they are used."""

    def __init__(self, archive: pathlib.Path, sha256: str) -> None:
        found = hashlib.sha256(archive.read_bytes()).hexdigest()
        if found != sha256:
            raise ListError(
                f"the lists on this worker are damaged: {archive} has the SHA-256 {found}, the driver sent {sha256}"
            )
        self._folder = pathlib.Path(tempfile.mkdtemp(prefix="tidewaiter-"))
        self._archive = archive

    def __enter__(self) -> dict[str, Any]:
        with zipfile.ZipFile(self._archive) as bundle:
            bundle.extractall(self._folder)
        said = json.loads((self._folder / "settings.json").read_text())
        for name, changed in said["changed"].items():
            os.utime(self._folder / name, ns=(changed, changed))
        settings = said["settings"]
        inside = lambda path: path if path in (None, "curated") else str(self._folder / path)  # noqa: E731
        for key in ("lists", "packs"):
            settings[key] = [inside(path) for path in settings[key]]
        for key in ("data_dir", "policy", "ownership"):
            settings[key] = inside(settings[key])
        return settings

    def __exit__(self, *_: object) -> None:
        if (self._folder / "data_dir").exists():
            # Questions about past days are read from it for as long as the process lives.
            atexit.register(shutil.rmtree, self._folder, ignore_errors=True)
        else:
            shutil.rmtree(self._folder, ignore_errors=True)
