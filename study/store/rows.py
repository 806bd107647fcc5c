"""Finished runs → the Arrow tables of one part."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any, Protocol, TypeAlias

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from study.store.files import rows_table
from study.store.schema import Precision, arrow_schema

Array: TypeAlias = NDArray[Any]


class RunRows(Protocol):
    """The stored form of one run: its row of `runs`, its epochs and its predictions.

    `row` holds every column of `TABLES["runs"]` as plain Python values, None for null. `metrics`
    holds arrays of one length (epoch, train_loss, train_accuracy, gradient_norm, and test_loss and
    test_accuracy or None), and nothing where the run failed. `predictions` holds arrays of one
    length for the columns of `TABLES["predictions"]` but run_id, or nothing; NaN in x0, x1,
    target, answer and confidence is stored as null. No array may change once it is handed over.
    """

    @property
    def row(self) -> Mapping[str, object]:
        """The run's row of `runs`."""

    @property
    def metrics(self) -> Mapping[str, Array | None]:
        """The run's rows of `metrics`, column by column."""

    @property
    def predictions(self) -> Mapping[str, Array | None]:
        """The run's rows of `predictions`, column by column."""


def part_tables(runs: Sequence[RunRows], precision: Precision) -> dict[str, pa.Table]:
    """Return the tables of one part: runs in the order given, epochs ascending within each."""
    schema = arrow_schema("runs", precision)
    table = rows_table([run.row for run in runs], schema)
    return {
        "metrics": _beside(table, "metrics", [run.metrics for run in runs], precision),
        "predictions": _beside(table, "predictions", [run.predictions for run in runs], precision),
        "runs": table,
    }


def _beside(
    runs: pa.Table, name: str, blocks: Sequence[Mapping[str, Array | None]], precision: Precision
) -> pa.Table:
    """Return the rows of each run, beside what is constant within it."""
    schema = arrow_schema(name, precision)
    lengths = np.array([_length(block) for block in blocks])
    of_run = pa.array(np.repeat(np.arange(len(blocks), dtype=np.int32), lengths))
    filled = [(block, length) for block, length in zip(blocks, lengths, strict=True) if length]
    arrays = []
    for field in schema:
        if field.name in runs.schema.names:
            constant = runs[field.name].combine_chunks()
            if pa.types.is_dictionary(field.type) and field.name == "run_id":
                constant = constant.dictionary_encode()
            arrays.append(constant.take(of_run))
        else:
            arrays.append(_column(field, filled))
    return pa.Table.from_arrays(arrays, schema=schema)


def _length(block: Mapping[str, Array | None]) -> int:
    epochs = block.get("epoch")
    return 0 if epochs is None else len(epochs)


_NULL_WHERE_NAN = frozenset({"x0", "x1", "target", "answer", "confidence"})


def _column(field: pa.Field, blocks: Sequence[tuple[Mapping[str, Array | None], int]]) -> pa.Array:
    """Return one column of all runs, end to end; null where a run has none of it."""
    chunks = []
    for absent, group in groupby(blocks, lambda pair: pair[0][field.name] is None):
        if absent:
            chunks.append(pa.nulls(sum(length for _, length in group), field.type))
        else:
            joined = np.concatenate([block[field.name] for block, _ in group])
            chunks.append(_typed(field, joined))
    chunked = pa.chunked_array(chunks, type=field.type)
    return chunked.unify_dictionaries().combine_chunks()


def _typed(field: pa.Field, values: Array) -> pa.Array:
    if pa.types.is_dictionary(field.type):  # whose values change seldom from row to row
        starts = np.flatnonzero(np.append(True, values[1:] != values[:-1]))
        lengths = np.diff(np.append(starts, len(values)))
        encoded = pa.array(values[starts]).dictionary_encode()
        indices = np.repeat(encoded.indices.to_numpy(), lengths)
        return pa.DictionaryArray.from_arrays(indices, encoded.dictionary)
    nulls = field.name in _NULL_WHERE_NAN
    if nulls and pa.types.is_integer(field.type):
        return pa.array(values, from_pandas=True).cast(field.type)
    numbers = values.astype(field.type.to_pandas_dtype(), copy=False)
    return pa.array(numbers, from_pandas=nulls)
