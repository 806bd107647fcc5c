"""Your own data: samples from a CSV or Parquet file, which is read once, before all else."""

import re
from abc import abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import AfterValidator, Field, PrivateAttr
from typing_extensions import override

from study.datasets.dataset import Array, Dataset, Parts, Samples
from study.datasets.writing import ALIKE, CONVENTIONS, THOUSANDS, Convention
from study.errors import quoted
from study.space import Mistake, Names, mistakes

if TYPE_CHECKING:
    from study.datasets.frames import Content  # pandas is slow to load
    from study.datasets.tables import Table


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
    def columns(self) -> tuple[str, ...]:
        return self._content.names or super().columns

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
        own = (by.x.mean(0), _spread(by.x)) if self.standardize else (None, None)
        if not self.standardized:
            return Parts(learned(by), test, centre=own[0], scale=own[1])
        return Parts(learned(by), test, float(by.y.mean()), _spread(by.y).item(), *own)


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
    features: Names | None = Field(
        None,
        description="the columns that are the inputs, numbers or true and false; default: all with "
        "a name but the target and what `exclude_features` and `split` name",
    )
    exclude_features: Names | None = Field(
        None, description="columns that are no inputs, where `features` is left out"
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
        description="what the target is; default: what its values show, an error where 3 to 20 "
        "whole numbers may be either",
    )

    _found: Path = PrivateAttr()
    _stamp: tuple[int, int] = PrivateAttr()

    @abstractmethod
    def table(self, path: Path, names: Sequence[str] | None) -> "Table":
        """Return the file's columns of these names, or all, or raise its errors."""

    @override
    def rules(self) -> Iterable[Iterable[Mistake]]:
        return (*super().rules(), self._named_once())

    def _named_once(self) -> Iterator[Mistake]:
        """Yield what contradicts what another key says."""
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
            says = f"{quoted(self.split)} is the target: it cannot split the rows"
            raise mistakes([(("split",), says)])
        for i, name in enumerate(self.features or ()):
            if name in {self.target, self.split}:
                what = "the target" if name == self.target else "what splits the rows"
                says = f"{quoted(name)} is {what}: it cannot be an input"
                raise mistakes([(("features", i), says)])
        if _is_address(self.path):
            from study.datasets.pasting import fetched

            raise mistakes([(("path",), fetched(self.path))])
        self._found = (folder / Path(self.path).expanduser()).absolute()
        self._stamp = _stamp(self._found)
        wanted = Asked(
            self.target, self.features, self.exclude_features or (), self.split, self.task
        )
        columns = [*(self.features or ()), *(name for _, name in wanted.others())]
        table = self.table(self._found, None if self.features is None else columns)
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
"""Keys that act through what the columns hold."""


def _is_address(path: str) -> bool:
    """Return whether a path is an address of the web or of a store.

    >>> _is_address("https://example.org/a.csv"), _is_address("C:/a.csv"), _is_address("a:b.csv")
    (True, False, False)
    """
    return "://" in path and re.match(r"[A-Za-z][A-Za-z0-9+.-]+://", path) is not None


def _stamp(file: Path) -> tuple[int, int]:
    """Return what changes with a file's content; nothing where there is none."""
    try:
        found = file.stat()
    except (OSError, ValueError):  # what is wrong is said when it is read
        return 0, 0
    return found.st_mtime_ns, found.st_size


class Csv(File):
    """A CSV file: a header, then one sample a row, in UTF-8 or UTF-16, as it is or packed by gzip.

    Its separator, and how it writes numbers, are found if they are not given.
    """

    generator: Literal["csv"] = Field(description="what makes the samples")
    separator: Annotated[str, AfterValidator(_separator)] | None = Field(
        None,
        description="what stands between columns; default: comma, semicolon, tab or bar, whichever "
        "fits the first rows",
    )
    decimal: Literal[".", ","] | None = Field(
        None,
        description="the decimal sign; default: what all columns together show, an error where "
        "they allow two readings",
    )
    thousands: Annotated[str, AfterValidator(_thousands)] | None = Field(
        None,
        description="what stands between thousands: a comma, a point, a blank of any kind or an "
        "apostrophe, or nothing; default: what all columns together show",
    )

    @override
    def rules(self) -> Iterable[Iterable[Mistake]]:
        return (*super().rules(), self._signs())

    def _signs(self) -> Iterator[Mistake]:
        if not self._conventions():
            yield ("thousands",), f"is the decimal sign too, {quoted(self.decimal)}"

    def _conventions(self) -> list[Convention]:
        """Return how numbers may be written."""
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
    """A Parquet file: one sample a row."""

    generator: Literal["parquet"] = Field(description="what makes the samples")

    @override
    def table(self, path: Path, names: Sequence[str] | None) -> "Table":
        from study.datasets.parquet import parquet_reader
        from study.datasets.tables import read

        return read(path, names, parquet_reader)
