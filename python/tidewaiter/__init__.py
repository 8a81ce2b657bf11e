"""Screens shipments against official denied-party lists, and says exactly why.

    import tidewaiter

    screener = tidewaiter.Screener(lists=["consolidated.csv"])
    answers = screener.screen(table)           # pyarrow, pandas, Polars, DuckDB: the same kind comes back

The engine is that of the program and the service `tidewaiter`, in this process: the same record, lists and policy give
the same answer. No finding is not a clearance, and neither is an answer REFUSED: see `problems`.
"""

from ._screener import Screener, explain_columns, fields
from ._tidewaiter import (
    COLUMNS_VERSION,
    ColumnError,
    LedgerError,
    ListError,
    RecordError,
    TidewaiterError,
    __version__,
)

__all__ = [
    "COLUMNS_VERSION",
    "ColumnError",
    "LedgerError",
    "ListError",
    "RecordError",
    "Screener",
    "TidewaiterError",
    "__version__",
    "explain_columns",
    "fields",
]
