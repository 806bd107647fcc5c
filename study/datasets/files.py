"""Your own data: samples from a CSV or Parquet file, which is read once, before all else."""

from abc import abstractmethod
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import numpy as np
from pydantic import AfterValidator, Field, PrivateAttr
from typing_extensions import override

from study.datasets.dataset import Array, Dataset, Parts, Samples
from study.errors import quoted
from study.space import Names, mistakes

if TYPE_CHECKING:
    from study.datasets.frames import Content  # pandas is slow to load
    from study.datasets.tables import Table


def _separator(value: str) -> str:
    if len(value) != 1 or value in '"\r\n\0':
        raise ValueError(f"must be one sign, such as ';' or a tab, got {quoted(value)}")
    return value


class Rows(Dataset):
    """The rows of a table: the same in every repetition, which draws what is held out."""

    standardize: bool = Field(
        default=True,
        description="whether each input is shifted and scaled to mean 0 and standard deviation 1 "
        "over the training part",
    )
    standardize_target: bool = Field(
        default=True,
        description="whether a target that is a number is shifted and scaled likewise: losses are "
        "then in units of its variance; classes stay as they are",
    )

    _content: "Content" = PrivateAttr()

    @property
    @override
    def shared(self) -> str:
        return "this table's rows"

    @property
    @override
    def idle(self) -> frozenset[str]:
        names = set() if self.held_out else {"draw"}
        return frozenset(names if self.labels is None else {*names, "standardize_target"})

    @property
    @override
    def labels(self) -> tuple[str, ...] | None:
        return self._content.labels

    @property
    @override
    def counts(self) -> tuple[int, ...] | None:
        if self.labels is None:
            return None
        of = np.bincount(self._content.y[:, 0].astype(int), minlength=len(self.labels))
        return tuple(of.tolist())

    @property
    @override
    def range(self) -> tuple[float, float]:
        y = self._content.y
        y = _standardized(y, y) if self.standardized else y
        return float(y.min()), float(y.max())

    @property
    @override
    def standardized(self) -> bool:
        return self.standardize_target and self.labels is None

    @property
    @override
    def size(self) -> int:
        return len(self._content.y)

    @property
    @override
    def shape(self) -> tuple[int, ...]:
        return self._content.x.shape[1:]

    @property
    @override
    def box(self) -> tuple[Array, Array]:
        x = self._content.x
        x = _standardized(x, x) if self.standardize else x
        return x.min(0), x.max(0)

    @override
    def make(self, *, rng: np.random.Generator) -> Samples:
        return Samples(self._content.x, self._content.y)

    @override
    def parts(self, *, rng: np.random.Generator) -> Parts:
        """Split the samples; standardize both parts by what the training part alone shows."""
        drawn = super().parts(rng=rng)
        by = drawn.train

        def learned(part: Samples) -> Samples:
            x = _standardized(part.x, by.x) if self.standardize else part.x
            return Samples(x, _standardized(part.y, by.y) if self.standardized else part.y)

        test = None if drawn.test is None else learned(drawn.test)
        if not self.standardized:
            return Parts(learned(by), test)
        return Parts(learned(by), test, float(by.y.mean()), _spread(by.y).item())


def _standardized(x: Array, by: Array) -> Array:
    """Return (x − mean) / standard deviation, both of `by`; what is constant there is shifted."""
    standardized: Array = (x - by.mean(0)) / _spread(by)
    return standardized


def _spread(by: Array) -> Array:
    """Return the standard deviation of each column; 1 of what is constant."""
    spread = by.std(0)
    return np.where(spread > 0, spread, 1.0)


class File(Rows):
    """The rows of a file: some of its columns are the inputs, one is the target.

    A target of two values, or of up to 20 texts, is classes, by index in sorted order. Other
    numbers are a regression; where they may be either, `task` decides.
    """

    path: Annotated[str, Field(min_length=1)] = Field(
        description="the file; relative to the pipeline file's folder"
    )
    features: Names = Field(description="the columns that are the inputs, numbers all")
    target: str = Field(
        description="the column to be learned: classes, numbered in sorted order, or a number"
    )
    task: Literal["classes", "number"] | None = Field(
        None,
        description="what the target is; default: what its values show, an error where 3 to 20 "
        "whole numbers may be either",
    )

    _found: Path = PrivateAttr()
    _stamp: tuple[int, int] = PrivateAttr()

    @abstractmethod
    def table(self, path: Path, names: Sequence[str]) -> "Table":
        """Return the file's columns of these names, or raise its errors."""

    @override
    def read(self, folder: Path) -> None:
        from study.datasets.frames import samples

        if self.target in self.features:
            place = "features", self.features.index(self.target)
            raise mistakes([(place, f"{quoted(self.target)} is the target: it cannot be an input")])
        self._found = (folder / self.path).absolute()
        self._stamp = _stamp(self._found)
        table = self.table(self._found, [*self.features, self.target])
        self._content = samples(table, self.features, self.target, self.task)

    @property
    @override
    def file(self) -> Path:
        return self._found

    @property
    @override
    def changed(self) -> bool:
        return _stamp(self._found) != self._stamp

    @property
    @override
    def source(self) -> tuple[str, str]:
        return self.path, self.target

    @override
    def identity(self) -> dict[str, object]:
        elsewhere = {"generator", "path", "separator", "task"}  # the content shows the task
        declared = self.model_dump(mode="json", exclude=elsewhere)
        held = f"{self.size} samples, hash {self._content.digest}"
        return {"generator": "file", **declared, "content of the file": held}

    @property
    @override
    def idle(self) -> frozenset[str]:
        return super().idle | {"features", "target"}


def _stamp(file: Path) -> tuple[int, int]:
    """Return what changes with a file's content; nothing where there is none."""
    try:
        found = file.stat()
    except (OSError, ValueError):  # what is wrong is said when it is read
        return 0, 0
    return found.st_mtime_ns, found.st_size


class Csv(File):
    """A CSV file: a header, then one sample a row; its separator is found if it is not given.

    Where that is no comma, a comma may be the decimal sign.
    """

    generator: Literal["csv"] = Field(description="what makes the samples")
    separator: Annotated[str, AfterValidator(_separator)] | None = Field(
        None,
        description="what stands between columns; default: comma, semicolon, tab or bar, whichever "
        "the header has most",
    )

    @override
    def table(self, path: Path, names: Sequence[str]) -> "Table":
        from study.datasets.delimited import csv_reader
        from study.datasets.tables import read

        return read(path, names, csv_reader(self.separator))


class Parquet(File):
    """A Parquet file: one sample a row."""

    generator: Literal["parquet"] = Field(description="what makes the samples")

    @override
    def table(self, path: Path, names: Sequence[str]) -> "Table":
        from study.datasets.parquet import parquet_reader
        from study.datasets.tables import read

        return read(path, names, parquet_reader)
