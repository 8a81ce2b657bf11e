"""`Screener`: lists and a policy, compiled, and what they say of records and tables."""

from __future__ import annotations

import datetime
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from types import SimpleNamespace
from typing import Any

from . import _kinds
from ._records import to_json
from ._tidewaiter import Core, explain
from ._tidewaiter import fields as _fields

Path = str | os.PathLike[str]

# Nothing is recorded.
NO_LEDGER = SimpleNamespace(dir=None, key_file=None, key_command=None, evidence="off")

Day = str | datetime.date


def fields() -> list[str]:
    """The fields that a column can be read as; they are names of columns too. `<role>` stands for each role."""
    return _fields()


def explain_columns(
    table: Any, *, map: Mapping[str, str] | None = None, ignore: Sequence[str] = ()
) -> list[tuple[str, str]]:
    """Each column of a table with what is made of it, from its name and its first rows; screens nothing.

    A column that would have to be read, and is not understood, begins with `ERROR`.

    Raises ColumnError when no column is known, or one of `map` or `ignore` is not there.
    """
    return explain(_kinds.stream(table), *_mapping(map, ignore))


def _mapping(
    map: Mapping[str, str] | None, ignore: Sequence[str]
) -> tuple[list[tuple[str, str]], list[str]]:
    if isinstance(ignore, str):
        raise TypeError("ignore must be a list of columns, not one string")
    return list((map or {}).items()), list(ignore)


class Screener:
    """Lists and a policy, compiled. It never changes; threads may share it, and none waits for another.

    Compiling takes from under a second (the lists inside) to some seconds (all of the world's), and memory in proportion: make
    one for a process and keep it.
    """

    def __init__(
        self,
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
        threads: int | None = None,
        ledger: Path | None = None,
        ledger_key: Path | None = None,
        ledger_key_command: str | None = None,
        evidence: str = "durable",
    ) -> None:
        """Reads the lists and compiles them.

        lists: files in any format that `tidewaiter lists check` knows, plain, .gz or .zip. A list in them replaces the one of the
            same id inside the package. `"curated"` stands for the curated entries inside alone.
        data_dir: a data directory of `tidewaiter lists fetch`, whose lists in force are used too; it answers questions about
            past days (`known_on`) as well.
        policy: a policy file (TOML). Without one: the default policy.
        builtin: whether the lists inside the package are used. They are of July 2026 and of the United States only; for real
            use give the publishers' own.
        ownership: a CSV file with owner, owned, share.
        packs, without_packs: rule packs beside those inside, and the ids of those to leave out.
        require: ids of lists that must be in force.
        stale_after_hours: hours after which a list is stale, by its id; `"builtin"` for the whole lists inside.
        threads: threads for one call. Without it: one for each core.
        ledger: folder of a ledger (`tidewaiter ledger init` makes one) that every screening is recorded in, and whose exceptions
            apply. One process writes it at a time: close the screener, or use it in a `with` statement.
        ledger_key, ledger_key_command: the file with the ledger's master key, or a command that prints it.
        evidence: when an answer leaves: "durable", when its record is on disk; "async", at once (`unrecorded` counts what the
            ledger did not take); "off", without a record. The policy can ask for more.

        Raises LedgerError when the ledger cannot be opened, and ListError when a file cannot be read, is not a list, or a required list is missing: then nothing is screened.
        """
        if isinstance(lists, (str, os.PathLike)):
            raise TypeError("lists must be a list of paths, not one path")
        self._settings = dict(
            lists=[os.fspath(path) for path in lists],
            builtin=builtin,
            data_dir=_path(data_dir),
            policy=_path(policy),
            ownership=_path(ownership),
            packs=[os.fspath(path) for path in packs],
            without_packs=list(without_packs),
            require=list(require),
            stale_after_hours=dict(stale_after_hours or {}),
            threads=threads,
            ledger=SimpleNamespace(
                dir=_path(ledger), key_file=_path(ledger_key), key_command=ledger_key_command, evidence=evidence
            ),
        )
        self._core = Core(SimpleNamespace(**self._settings))

    def close(self) -> None:
        """Signs a last head of the ledger and lets it go, so that another process can write it. After that nothing is screened.

        Without a ledger it does nothing. Raises LedgerError when the head cannot be signed, or answers left ("async") that are
        not in the ledger.
        """
        self._core.close()

    def __enter__(self) -> Screener:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def unrecorded(self) -> int:
        """Screenings that were answered and are not in the ledger; only with evidence "async"."""
        return self._core.unrecorded

    @property
    def snapshot(self) -> str:
        """Fingerprint of the lists: `sha256:` and 64 hexadecimal digits."""
        return self._core.snapshot

    @property
    def policy(self) -> str:
        """Fingerprint of the policy, and of rule packs where they differ from those inside."""
        return self._core.policy

    @property
    def engine(self) -> str:
        """Name and version of the engine."""
        return self._core.engine

    def lists(self) -> list[dict[str, Any]]:
        """The lists in force, in order of their ids: `list`, `title`, `publisher`, `entries`, `names`, `published`, `source`,
        `note`, and `age` with `since`, `ageHours`, `isStale`.
        """
        return json.loads(self._core.lists())

    def compare(self, left: str, right: str, *, kind: str | None = None) -> dict[str, Any]:
        """How alike two names are: `score` (0 to 1000), `match`, `evidence` and one sentence, `explanation`.

        kind: what they are names of, where it is known: person, company, vessel or aircraft.
        """
        return json.loads(self._core.compare(left, right, kind or "KIND_UNSPECIFIED"))

    def screen(
        self,
        what: Any,
        *,
        map: Mapping[str, str] | None = None,
        ignore: Sequence[str] = (),
        json_column: str | None = None,
        per_finding: bool = False,
        answer_json: bool = False,
        verbose: bool = False,
        on_error: str = "raise",
        as_of: Day | None = None,
        known_on: Day | None = None,
    ) -> Any:
        """Screens a record, a list of records or a table; the same kind comes back.

        what: one of

          * a record: a dict in the JSON form of a shipment (`{"parties": [{"role": "CONSIGNEE", "name": ...}]}`) or flat, with
            the columns of a table as its keys (`{"consignee": ..., "description": ...}`). The answer is a dict in the JSON form
            of a screening: `outcome`, `findings`, `problems`, `summary`, ...
          * a list of records: a list of answers, in the same order.
          * a table: a pyarrow Table or RecordBatch, a pandas or Polars DataFrame, a DuckDB relation, or anything else with
            `__arrow_c_stream__`. The answer has the columns of the table and, beside them, `outcome`, `score`, `reason`,
            `severity`, `list`, `entry_id`, `entry_name`, `field` (these of the strongest finding that asks for attention),
            `summary`, `findings` (a list of records), `problems`, `limits_reached`, `lists_used` and `snapshot`. pandas and Polars
            frames come back as such, all else as a pyarrow Table, or without pyarrow as an object with `__arrow_c_stream__`.
          * a pyarrow RecordBatchReader: one comes back that answers while it is read, in constant memory.

        map: columns that are read as a field whatever their name: `{"Goods Description": "description"}`; see `fields()`.
        ignore: columns that are left out although they hold parties or goods.
        json_column: the column that holds whole records as JSON; no other is read then.
        per_finding: a row for each finding, in place of one for each record; a record without findings has one row.
        answer_json: a column `answer` beside the others, with the JSON that `tidewaiter batch` writes.
        verbose: records: also the rules that could not run, and how cells were read.
        on_error: what becomes of a record that cannot be read: "raise", or "refuse" to answer it as REFUSED in its place. A
            field that cannot be read is a problem in the answer in either case.
        as_of, known_on: a day (a date, or YYYY-MM-DD) for records that give none: against the entries in force then; without
            entries published later.

        Raises ColumnError, with `columns`, when the columns cannot be used, for example when one that holds companies would
        not be screened; RecordError, with `row` and `field`, for a record that cannot be read; LedgerError when what was screened
        could not be recorded, and then nothing is answered.
        """
        if on_error not in ("raise", "refuse"):
            raise ValueError(f'on_error must be "raise" or "refuse", not {on_error!r}')
        mapped, ignored = _mapping(map, ignore)
        asked = SimpleNamespace(
            map=mapped,
            ignore=ignored,
            json_column=json_column,
            is_checked=False,
            per_finding=per_finding,
            json=answer_json,
            verbose=verbose,
            refuses=on_error == "refuse",
            as_of=_day(as_of),
            known_on=_day(known_on),
        )
        if isinstance(what, Mapping):
            return self._records([what], asked)[0]
        if isinstance(what, (list, tuple)):
            return self._records(what, asked)
        return _kinds.screen(self._core, what, asked)

    def _records(self, records: Sequence[Mapping[str, Any]], asked: SimpleNamespace) -> list[dict[str, Any]]:
        texts = to_json(records, asked)
        return [json.loads(answer) for answer in self._core.json(texts, asked)]


def _path(path: Path | None) -> str | None:
    return None if path is None else os.fspath(path)


def _day(day: Day | None) -> str:
    if day is None:
        return ""
    if isinstance(day, datetime.datetime):
        return day.date().isoformat()
    if isinstance(day, datetime.date):
        return day.isoformat()
    return datetime.date.fromisoformat(day).isoformat()
