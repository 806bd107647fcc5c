"""Part files: written whole or not at all, so that a killed study leaves nothing torn."""

import shutil
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self

import pyarrow as pa

from study.store.files import make_folder, write_parquet, write_whole
from study.store.rows import RunRows, part_tables
from study.store.schema import Precision
from study.store.stored import next_part, part_path

PARTED = ("metrics", "predictions", "runs")
"""The tables in parts, in the order in which a part's files appear: `runs` is the commit."""

_FULL = 64 * 2**20  # bytes
_PAUSE = 1.0  # seconds


def write_part(folder: Path, part: str, tables: dict[str, pa.Table]) -> None:
    """Write a part's rows of some tables, each file whole or not at all, in the order given."""
    incoming = folder / "incoming"
    make_folder(incoming)
    for name, table in tables.items():
        path = part_path(folder, name, part)
        write_whole(path, partial(write_parquet, table), incoming=incoming)
    shutil.rmtree(incoming)


class Writer:
    """Buffers finished runs and writes them as parts; one writer at a time.

    `add` finished runs, `commit` when it is `due`; as a context manager it commits the rest.
    """

    def __init__(
        self, folder: Path, precision: Precision, *, check: Callable[[], None] = lambda: None
    ) -> None:
        """Write into `folder`, which need not be there, with metrics in `precision`.

        `check` is called before each part, and raises where the folder is not to be written.
        """
        self.folder, self.precision = folder, precision
        self._number = next_part(folder)
        self._check = check
        self._runs: list[RunRows] = []
        self._bytes = 0
        self._written = time.monotonic()

    def add(self, rows: Sequence[RunRows]) -> None:
        """Buffer the rows of some runs."""
        self._runs += rows
        for run in rows:
            arrays = (*run.metrics.values(), *run.predictions.values())
            self._bytes += sum(array.nbytes for array in arrays if array is not None)

    @property
    def due(self) -> bool:
        """Whether to commit now: a second after the last part, or with 64 MiB buffered."""
        waited = time.monotonic() - self._written
        return bool(self._runs) and (waited >= _PAUSE or self._bytes >= _FULL)

    def commit(self) -> int:
        """Write the buffered runs as one part; return how many rows of metrics it holds."""
        if not self._runs:
            return 0
        self._check()
        tables = part_tables(self._runs, self.precision)
        write_part(self.folder, f"part-{self._number:06d}.parquet", tables)
        self._written = time.monotonic()
        self._runs, self._bytes = [], 0
        self._number += 1  # last: interrupted before, the same part is written once more, not two
        return len(tables["metrics"])

    def close(self) -> None:
        """Commit what is buffered."""
        self.commit()

    def __enter__(self) -> Self:
        """Return the writer itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the writer, after an error too: finished runs are kept."""
        self.close()
