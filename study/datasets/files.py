"""Your own data: samples from a CSV or Parquet file, which is read once, at the start."""

import re
from abc import abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import AfterValidator, Field, PrivateAttr
from typing_extensions import override

from study.datasets.dataset import Samples
from study.datasets.rows import Rows
from study.datasets.writing import ALIKE, CONVENTIONS, THOUSANDS, Convention
from study.errors import quoted
from study.space import Mistake, Names, invalid

if TYPE_CHECKING:
    from study.datasets.tables import Table  # pandas is slow to load


def _separator(value: str) -> str:
    if len(value) != 1 or value in '"\r\n\0':
        raise ValueError(f"must be one sign, such as ';' or a tab, got {quoted(value)}")
    return value


def _thousands(value: str) -> str:
    sign = ALIKE.get(value, value)
    if sign not in THOUSANDS:
        signs = ", ".join(map(repr, THOUSANDS[1:]))
        raise ValueError(f"must be one of {signs}, or '' for none, got {quoted(value)}")
    return sign


class File(Rows):
    """The rows of a file: some of its columns are the inputs, one is the target.

    A target of two values, or of up to 20 texts, is classes, by index in sorted order. Other
    numbers are a regression; if they may be either, `task` decides.
    """

    path: Annotated[str, Field(min_length=1)] = Field(
        description="the file; relative to the pipeline file's folder"
    )
    features: Names | None = Field(
        None,
        description="the input columns, with numbers or true and false; default: all columns with "
        "a name except the target and those in `exclude_features` and `split`",
    )
    exclude_features: Names | None = Field(
        None, description="columns that are not inputs, if `features` is left out"
    )
    target: str = Field(
        description="the column to be learned: classes, numbered in sorted order, or a number"
    )
    split: str | None = Field(
        None,
        description="the column that marks each row as train or test, in place of test_fraction",
    )
    task: Literal["classes", "number"] | None = Field(
        None,
        description="what the target is; default: inferred from its values; required if 3 to 20 "
        "whole numbers may be either",
    )

    _file: Path = PrivateAttr()
    _stamp: tuple[int, int] = PrivateAttr()

    @abstractmethod
    def table(self, path: Path, names: Sequence[str] | None) -> "Table":
        """Return the file's columns of these names, or all, or raise its errors."""

    @override
    def rules(self) -> Iterable[Iterable[Mistake]]:
        return (*super().rules(), self._named_once())

    def _named_once(self) -> Iterator[Mistake]:
        """Yield contradictions between keys."""
        given = self.model_fields_set
        if {"features", "exclude_features"} <= given:
            yield (
                ("exclude_features",),
                "excludes inputs that features already lists; remove one of the two keys",
            )
        if "split" in given and self.test_fraction > 0:
            yield (
                ("split",),
                "splits the rows, and so does test_fraction; remove one of the two keys",
            )

    @override
    def read(self, folder: Path) -> None:
        from study.datasets.frames import Asked, samples

        if self.split == self.target:
            problem = f"{quoted(self.split)} is the target: it cannot split the rows"
            raise invalid([(("split",), problem)])
        for i, name in enumerate(self.features or ()):
            if name in {self.target, self.split}:
                what = "the target" if name == self.target else "the column that splits the rows"
                problem = f"{quoted(name)} is {what}: it cannot be an input"
                raise invalid([(("features", i), problem)])
        if _is_address(self.path):
            from study.datasets.pasting import fetched

            raise invalid([(("path",), fetched(self.path))])
        self._file = (folder / Path(self.path).expanduser()).absolute()
        self._stamp = _stamp(self._file)
        wanted = Asked(
            self.target, self.features, self.exclude_features or (), self.split, self.task
        )
        columns = [*(self.features or ()), *(name for _, name in wanted.others())]
        table = self.table(self._file, None if self.features is None else columns)
        self._content = samples(table, wanted)

    @property
    @override
    def holds_out(self) -> bool:
        return super().holds_out or self.split is not None

    @property
    @override
    def held_out(self) -> int:
        held = self._content.held
        return super().held_out if held is None else int(held.sum())

    @override
    def marked(self, samples: Samples, *, rng: np.random.Generator) -> NDArray[np.bool_]:
        held = self._content.held
        return super().marked(samples, rng=rng) if held is None else held

    @property
    @override
    def divided_anew(self) -> bool:
        return self.split is None and super().divided_anew

    @property
    @override
    def described(self) -> str:
        return self._content.described

    @property
    @override
    def notes(self) -> tuple[str, ...]:
        return self._content.notes

    @property
    @override
    def file(self) -> Path:
        return self._file

    @property
    @override
    def changed(self) -> bool:
        return _stamp(self._file) != self._stamp

    @property
    @override
    def source(self) -> tuple[str, str]:
        return self.path, self.target

    @override
    def identity(self) -> dict[str, object]:
        declared = {**self.model_dump(mode="json", exclude=_IN_CONTENT), "features": self.names}
        held = f"{self.size} samples, hash {self._content.digest}"
        return {"generator": "file", **declared, "content of the file": held}

    @property
    def names(self) -> list[str]:
        """The columns that are the inputs, in order."""
        return list(self._content.names)

    @property
    @override
    def idle(self) -> frozenset[str]:
        split = set() if self.split is None else {"draw"}
        return super().idle | {"features", "target", *split}


_IN_CONTENT = {
    *("generator", "path", "separator", "decimal", "thousands", "task"),
    *("features", "exclude_features", "split"),
}
"""Keys that act through the content of the columns."""


def _is_address(path: str) -> bool:
    """Return whether a path is a web address or a URL of a store.

    >>> _is_address("https://example.org/a.csv"), _is_address("C:/a.csv"), _is_address("a:b.csv")
    (True, False, False)
    """
    return "://" in path and re.match(r"[A-Za-z][A-Za-z0-9+.-]+://", path) is not None


def _stamp(file: Path) -> tuple[int, int]:
    """Return values that change with a file's content; empty if there is no file."""
    try:
        status = file.stat()
    except (OSError, ValueError):  # the error is reported when the file is read
        return 0, 0
    return status.st_mtime_ns, status.st_size


class Csv(File):
    """A CSV file: a header, then one sample per row, in UTF-8 or UTF-16, plain or gzipped.

    Its separator, and its notation of numbers, are inferred if they are not given.
    """

    generator: Literal["csv"] = Field(description="what makes the samples")
    separator: Annotated[str, AfterValidator(_separator)] | None = Field(
        None,
        description="the separator of columns; default: comma, semicolon, tab or bar, whichever "
        "fits the first rows",
    )
    decimal: Literal[".", ","] | None = Field(
        None,
        description="the decimal sign; default: inferred from all columns together, an error if "
        "two readings are possible",
    )
    thousands: Annotated[str, AfterValidator(_thousands)] | None = Field(
        None,
        description="the separator of thousands: a comma, a point, a blank of any kind, an "
        "apostrophe, or nothing; default: inferred from all columns together",
    )

    @override
    def rules(self) -> Iterable[Iterable[Mistake]]:
        return (*super().rules(), self._signs())

    def _signs(self) -> Iterator[Mistake]:
        if not self._conventions():
            yield ("thousands",), f"{quoted(self.decimal)} is the decimal sign already"

    def _conventions(self) -> list[Convention]:
        """Return the allowed notations of numbers."""
        return [
            c
            for c in CONVENTIONS
            if self.decimal in (None, c.decimal) and self.thousands in (None, c.thousands)
        ]

    @override
    def table(self, path: Path, names: Sequence[str] | None) -> "Table":
        from study.datasets.delimited import csv_reader
        from study.datasets.tables import read

        return read(path, names, csv_reader(self.separator, self._conventions() or CONVENTIONS))


class Parquet(File):
    """A Parquet file: one sample per row."""

    generator: Literal["parquet"] = Field(description="what makes the samples")

    @override
    def table(self, path: Path, names: Sequence[str] | None) -> "Table":
        from study.datasets.parquet import parquet_reader
        from study.datasets.tables import read

        return read(path, names, parquet_reader)
