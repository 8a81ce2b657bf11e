"""Records of Python as the JSON form of a shipment."""

from __future__ import annotations

import datetime
import decimal
import json
from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import Any

from ._tidewaiter import RecordError, rows_to_json


def to_json(records: Sequence[Mapping[str, Any]], asked: SimpleNamespace) -> list[str]:
    """Each record as JSON. A flat record is read by its keys as a row of a table is by its columns."""
    texts = [""] * len(records)
    flat: dict[tuple[str, ...], list[int]] = {}
    for row, record in enumerate(records):
        if not isinstance(record, Mapping):
            raise _error(row, None, f"expected a dict, not {type(record).__name__}")
        if _is_flat(record):
            flat.setdefault(tuple(record), []).append(row)
            continue
        texts[row] = _dump(row, record)
    # Rows with the same keys are a table.
    for keys, rows in flat.items():
        cells = [[_cell(row, key, records[row][key]) for key in keys] for row in rows]
        shipments = rows_to_json(list(keys), cells, asked.map, asked.ignore)
        for row, text in zip(rows, shipments, strict=True):
            texts[row] = text
    return texts


def _is_flat(record: Mapping[str, Any]) -> bool:
    return not any(_is_nested(value) for value in record.values())


def _is_nested(value: Any) -> bool:
    if isinstance(value, Mapping):
        return True
    return isinstance(value, (list, tuple)) and any(isinstance(v, Mapping) for v in value)


def _cell(row: int, key: str, value: Any) -> str:
    """A value as the text that a CSV file would have."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        if value != value:
            return ""
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, (int, decimal.Decimal)):
        return str(value)
    if isinstance(value, datetime.datetime):
        return (value.astimezone(datetime.UTC) if value.tzinfo else value).date().isoformat()
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, (list, tuple)):
        return "; ".join(text for text in (_cell(row, key, v) for v in value) if text)
    raise _error(row, key, f"{key}: expected text, a number, a date or a list of such, not {type(value).__name__}")


def _dump(row: int, record: Mapping[str, Any]) -> str:
    def default(value: Any) -> Any:
        if isinstance(value, datetime.datetime):
            return (value.astimezone(datetime.UTC) if value.tzinfo else value).date().isoformat()
        if isinstance(value, datetime.date):
            return value.isoformat()
        if isinstance(value, decimal.Decimal):
            return str(value)
        if isinstance(value, Mapping):
            return dict(value)
        raise TypeError(f"expected text, a number, a date, a list or a dict, not {type(value).__name__}")

    try:
        return json.dumps(record if isinstance(record, dict) else dict(record), ensure_ascii=False, allow_nan=False, default=default)
    except (TypeError, ValueError) as error:
        raise _error(row, None, str(error)) from error


def _error(row: int, field: str | None, what: str) -> RecordError:
    error = RecordError(f"record {row}: {what}")
    error.row, error.field = row, field
    return error
