"""Rows as Parquet: exact decimals, compressed, written batch by batch; the same rows are the same bytes."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import TYPE_CHECKING, Final

from itti.results.columns import COLUMNS, DIGITS, Column, Kind, Row
from itti.results.errors import ParquetMissing

if TYPE_CHECKING:
    from arro3.core import DataType, RecordBatch, Schema

_ROWS: Final = 1 << 14
"""Rows of a batch."""


def parquet(rows: Iterable[Row], places: int, about: Mapping[str, str]) -> bytes:
    """A Parquet file of the rows.

    Args:
        rows: what stands in it, in this order.
        places: decimal places of the decimal columns.
        about: what the file says of itself in its metadata.

    Raises:
        ParquetMissing: the extra ``export`` is not installed.
    """
    try:
        from arro3.core import Field, RecordBatchReader, Schema  # noqa: PLC0415 - an extra
        from arro3.io import write_parquet  # noqa: PLC0415
    except ImportError as error:
        raise ParquetMissing from error
    schema = Schema(
        [Field(each.name, _type(each, places), nullable=each.may_be_empty) for each in COLUMNS], metadata=dict(about)
    )
    content = io.BytesIO()
    reader = RecordBatchReader.from_batches(schema, _batches(rows, places, schema))
    write_parquet(reader, content, compression="zstd(3)")
    return content.getvalue()


def _type(column: Column, places: int) -> DataType:
    from arro3.core import DataType  # noqa: PLC0415

    match column.kind:
        case Kind.TEXT:
            return DataType.string()
        case Kind.COUNT:
            return DataType.int64()
        case Kind.FLAG:
            return DataType.bool()
        case Kind.DECIMAL:
            return DataType.decimal128(DIGITS, places)
        case Kind.WHOLE:
            return DataType.decimal128(DIGITS, 0)


def _batches(rows: Iterable[Row], places: int, schema: Schema) -> Iterator[RecordBatch]:
    from arro3.core import Array, DataType, RecordBatch  # noqa: PLC0415

    left = iter(rows)
    while batch := list(islice(left, _ROWS)):
        arrays = []
        for column in COLUMNS:
            entries = [column.of(row, places) for row in batch]
            if column.kind in {Kind.DECIMAL, Kind.WHOLE}:
                # Digits as text become the decimal as it stands; no float is on the way.
                arrays.append(Array(entries, type=DataType.string()).cast(_type(column, places)))
            else:
                arrays.append(Array(entries, type=_type(column, places)))
        yield RecordBatch.from_arrays(arrays, schema=schema)
