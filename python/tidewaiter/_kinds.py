"""Tables of other libraries: taken through the Arrow PyCapsule interface, and given back as the same kind.

No library is imported that the caller has not imported already.
"""

from __future__ import annotations

import sys
from types import SimpleNamespace
from typing import Any

from ._tidewaiter import Core, Stream


def _is(what: Any, module: str, name: str) -> bool:
    """Whether it is an instance of a class of a module that is loaded."""
    found = sys.modules.get(module)
    kind = getattr(found, name, None)
    return isinstance(kind, type) and isinstance(what, kind)


def stream(table: Any) -> Any:
    """The table as something with `__arrow_c_stream__`."""
    if _is(table, "pyarrow", "RecordBatch"):
        import pyarrow

        return pyarrow.Table.from_batches([table])
    if _is(table, "polars", "LazyFrame"):
        return table.collect()
    if _is(table, "pandas", "DataFrame"):
        import pyarrow

        # An index is no column; `screen` puts it back.
        return pyarrow.Table.from_pandas(table, preserve_index=False)
    if hasattr(table, "__arrow_c_stream__"):
        return table
    if hasattr(table, "__arrow_c_array__"):
        import pyarrow

        return pyarrow.Table.from_batches([pyarrow.record_batch(table)])
    raise TypeError(
        f"cannot screen {type(table).__name__}: expected a dict, a list of dicts, or a table with __arrow_c_stream__"
    )


def screen(core: Core, table: Any, asked: SimpleNamespace) -> Any:
    """Answers a table, as the kind that it is."""
    is_lazy = _is(table, "pyarrow", "RecordBatchReader")
    answers = core.table(stream(table), asked, is_lazy)
    if is_lazy:
        import pyarrow

        return pyarrow.RecordBatchReader.from_stream(answers)
    if _is(table, "polars", "DataFrame"):
        import polars

        return polars.DataFrame(answers)
    if _is(table, "polars", "LazyFrame"):
        import polars

        return polars.DataFrame(answers).lazy()
    if _is(table, "pandas", "DataFrame"):
        return _pandas(table, answers, asked)
    return _pyarrow(table, answers)


def _pandas(table: Any, answers: Stream, asked: SimpleNamespace) -> Any:
    import pyarrow

    answered = pyarrow.table(answers)
    # What the metadata says of the columns of the input is no longer whole.
    metadata = {k: v for k, v in (answered.schema.metadata or {}).items() if k != b"pandas"}
    frame = answered.replace_schema_metadata(metadata).to_pandas()
    if not asked.per_finding:
        frame.index = table.index
    frame.attrs.update(table.attrs)
    frame.attrs.update({k.decode(): v.decode() for k, v in metadata.items() if k.startswith(b"tidewaiter.")})
    return frame


def _pyarrow(table: Any, answers: Stream) -> Any:
    try:
        import pyarrow
    except ImportError:
        return answers
    answered = pyarrow.table(answers)
    if _is(table, "pyarrow", "RecordBatch"):
        return answered.combine_chunks().to_batches()[0] if answered.num_rows else answered.schema.empty_table()
    return answered
