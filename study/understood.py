"""A table as it is understood before it has a pipeline: columns, roles, keys, notes."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import ValidationError

from study.datasets.files import Csv, File, Parquet
from study.datasets.formats import PARQUET
from study.datasets.frames import PARTS
from study.datasets.notes import unusual
from study.datasets.tables import Table
from study.errors import PipelineError, StudyError, quoted
from study.spec.reported import where
from study.terminal import visible
from study.units import amount, count_of

SHOWN = 12
"""The number of inputs that are printed."""

WIDEST = 40
"""Longer names of columns are not aligned."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column as it was understood: its name, its role, and a description of its values."""

    name: str
    role: str
    values: str


@dataclass(frozen=True, slots=True)
class Understood:
    """A table as it was understood: its inputs and its target, and the keys of its dataset.

    `described` is how the file was read, and `labels` are the classes of the target.
    """

    file: Path
    rows: int
    columns: Sequence[Column]
    target: Column
    described: str
    notes: Sequence[str]
    keys: Mapping[str, object]
    labels: Sequence[str] | None

    @property
    def inputs(self) -> list[str]:
        """The names of the columns that are inputs."""
        return [column.name for column in self.columns if column.role == "input"]


def understood(file: Path, given: Mapping[str, object]) -> Understood:
    """Return what a table contains; raise StudyError if nothing can be learned from it.

    `given` are keys of its dataset: the target, and other decisions of the user. A column with
    train or test in every row splits the rows; one without information is left out.
    """
    table = _opened(file, given)
    if "target" not in given:
        names = ", ".join(quoted(name) for name in table.names[:SHOWN])
        more = ", …" * (len(table.names) > SHOWN)
        raise StudyError(f"--target: name the column to be learned: {names}{more}")
    split = _split(table, str(given["target"]))
    data = _read(file, {**split, **given})
    made = data.make(rng=np.random.default_rng(0))
    odd = unusual(data.names, made.x)
    odd = odd if len(odd) < len(data.names) else {}
    columns = [
        Column(name, "left out" if name in odd else "input", _values(made.x[:, i]))
        for i, name in enumerate(data.names)
    ]
    keys = data.model_dump(include={*_KEYS}, exclude_none=True)
    notes = [note for note in data.notes if note.startswith(("left out", "the target"))]
    notes += [f"{quoted(name)} is left out: {why}" for name, why in odd.items()]
    return Understood(
        file, data.size, columns, Column(data.target, "target", _target(data, made.y)),
        data.described, notes, {**keys, **({"exclude_features": [*odd]} if odd else {})},
        data.labels,
    )  # fmt: skip


_KEYS = "generator", "separator", "decimal", "thousands", "target", "task", "split"
"""The keys of a dataset that a table decides, in the order of a pipeline file."""


def _opened(file: Path, given: Mapping[str, object]) -> Table:
    """Return a table with all its columns."""
    conventions = {key: value for key, value in given.items() if key in {"decimal", "thousands"}}
    with _errors_of(file):
        return _declared(file, {"target": "", **conventions}).table(file, None)


def _split(table: Table, target: str) -> dict[str, object]:
    """Return the one column that has train or test in every row, if there is exactly one."""
    names = []
    for name, column in table.columns.items():
        first = str(column.iloc[0]).strip().lower() if len(column) else ""
        if name != target and first in PARTS:
            texts = {str(text).strip().lower() for text in column.unique()}
            names += [name] * (texts == set(PARTS))
    return {"split": names[0]} if len(names) == 1 else {}


def _read(file: Path, given: Mapping[str, object]) -> File:
    """Read a table; whole numbers counted from 0 or 1 become classes, others stay numbers."""
    tasks: list[dict[str, object]] = [{}, {"task": "classes"}, {"task": "number"}]
    errors: list[PipelineError] = []
    for task in tasks if "task" not in given else tasks[:1]:
        try:
            with _errors_of(file):
                data = _declared(file, {**given, **task})
                data.read(Path())
        except PipelineError as error:
            errors.append(error)  # a task that does not fit adds an error of its own
            continue
        if task.get("task") != "classes" or _numbered(data.labels or ()):
            return data
    raise min(errors, key=lambda error: len(error.mistakes))


def _numbered(labels: Sequence[str]) -> bool:
    """Return whether classes are numbered from 0 or 1 without gaps."""
    return any(list(labels) == [str(i + first) for i in range(len(labels))] for first in (0, 1))


def _declared(file: Path, keys: Mapping[str, object]) -> File:
    """Return a dataset of a file, which is not read yet."""
    try:
        with file.open("rb") as opened:
            parquet = file.is_file() and opened.read(len(PARQUET)) == PARQUET
    except (OSError, ValueError):
        parquet = False  # the reader will report it
    kind: type[File] = Parquet if parquet else Csv
    generator = "parquet" if parquet else "csv"
    return kind.model_validate({"generator": generator, "path": str(file), **keys})


@contextmanager
def _errors_of(file: Path) -> Iterator[None]:
    """Report the errors of a dataset as errors of its file: no pipeline file exists yet."""
    try:
        yield
    except ValidationError as error:
        errors = [(e["loc"], e["msg"]) for e in error.errors(include_url=False)]
        raise PipelineError(
            problem if problem.startswith(str(file)) else f"{file}: {_key(place)}{problem}"
            for place, problem in errors
        ) from None


def _key(place: tuple[int | str, ...]) -> str:
    return "" if place[0] in {"path", "features"} else f"{where(place)}: "


def _values(column: Any) -> str:  # noqa: ANN401  # a column of samples
    """Describe the values of an input."""
    levels = np.unique(column)
    if set(levels.tolist()) <= {0.0, 1.0}:
        return f"0 or 1 ({amount(column.sum())} times 1)"
    whole = "whole numbers" if (column == np.round(column)).all() else "numbers"
    levels = levels + 0.0  # −0 is 0
    return f"{whole} from {levels[0]:.6g} to {levels[-1]:.6g}, {amount(len(levels))} different"


def _target(data: File, y: Any) -> str:  # noqa: ANN401  # the targets
    """Describe the values of a target."""
    if data.labels is None:
        return f"a number from {y.min():.6g} to {y.max():.6g}"
    each = zip(data.labels, data.counts or (), strict=True)
    named = ", ".join(f"{visible(label)} ({amount(n)})" for label, n in each)
    return f"{len(data.labels)} classes: {named}"


def lines(table: Understood) -> Iterator[str]:
    """Yield a description of a table: rows, columns, their values, and unusual ones."""
    read = f"; {table.described}" if table.described else ""
    count = len(table.columns) + 1
    yield f"{visible(table.file)}: {amount(table.rows)} rows, {amount(count)} columns{read}"
    shown = [table.target, *table.columns[:SHOWN]]
    wide = min(max(len(visible(column.name)) for column in shown), WIDEST)
    for column in shown:
        yield f"  {visible(column.name):{wide}}  {column.role:8}  {column.values}"
    if (more := len(table.columns) - SHOWN) > 0:
        yield f"  and {count_of(more, 'more column')}"
    yield from (f"note: {visible(note)}" for note in table.notes)
