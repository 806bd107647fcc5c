"""A results folder → tidy frames, filtered inside Parquet, at any moment of a study."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from html import escape
from pathlib import Path

import pandas as pd
import pyarrow as pa
from typing_extensions import override

from study.errors import ResultsError, not_one_of
from study.given import conditions, path_of, texts, wrong
from study.space import PARAMETERS
from study.store.absent import nothing
from study.store.compared import Configuration, named, pairs
from study.store.filtered import Where, read_filtered
from study.store.format import require_format
from study.store.kinds import content, present, within
from study.store.names import PIPELINE
from study.store.schema import arrow_schema
from study.store.stored import part_names, read_part, read_runs, read_whole
from study.units import amount


def load_results(folder: str | Path) -> "Results":
    """Return the results in a folder such as results/lab, as stored at this moment.

    Raises ResultsError if the folder does not exist or has no stored runs yet.

    >>> load_results("README.md")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    study.errors.ResultsError: README.md is a file; a study's results are a folder, ...
    """
    path = path_of("folder", folder, "results/lab")
    parts = part_names(path)
    if not parts:
        raise ResultsError(nothing(path))
    require_format(path)
    return Results(path, tuple(parts))


@dataclass(frozen=True, repr=False)
class Results:
    """What a study has stored, as of the moment at which it was loaded.

    Frames are read when they are asked for. Choices are categories, the same in all frames, in
    the order of `PARAMETERS` or sorted; a null number is NaN.
    """

    folder: Path
    parts: tuple[str, ...]

    @override
    def __repr__(self) -> str:
        rows = [f"  {name:<12} {description}" for name, description in self._described().items()]
        return "\n".join([f"Results({str(self.folder)!r})", *rows])

    def _repr_html_(self) -> str:
        """Return the same as a table, for notebooks."""
        rows = "".join(
            f"<tr><th style='text-align:left'>{name}</th>"
            f"<td style='text-align:left'>{escape(description)}</td></tr>"
            for name, description in self._described().items()
        )
        return f"<table><caption>{escape(str(self.folder))}</caption>{rows}</table>"

    def _described(self) -> dict[str, str]:
        """Return what there is, in words."""
        runs = self.runs
        statuses = runs["status"].value_counts()
        counts = ", ".join(f"{amount(n)} {status}" for status, n in statuses.items() if n)
        varied = [name for name in PARAMETERS if len(runs[name].unique()) > 1]
        return {
            "runs": f"{amount(len(runs))} ({counts})",
            "datasets": ", ".join(map(str, runs["dataset"].unique())),
            "parameters": ", ".join(varied) or "all runs have the same",
            "repetitions": amount(runs["repetition"].nunique()),
            "metrics": f"{amount(runs['epochs'].sum())} epochs: metrics(where, columns=…)",
            "trials": amount(len(self.trials)),
            "hypotheses": amount(len(self.hypotheses)),
        }

    @cached_property
    def runs(self) -> pd.DataFrame:
        """One row for each run, the columns of `TABLES["runs"]`."""
        return self._frame(read_runs(self.folder, self.parts), {})

    @cached_property
    def trials(self) -> pd.DataFrame:
        """One row for each trial; no row before the study is finished."""
        return self._single("trials")

    @cached_property
    def hypotheses(self) -> pd.DataFrame:
        """One row for each hypothesis, dataset and implementation; no row before it is tested."""
        return self._single("hypotheses")

    @cached_property
    def certificate(self) -> pd.DataFrame:
        """One row for each run that was trained again at the end of the study; no row before."""
        return self._single("certificate")

    def metrics(
        self,
        where: Where | None = None,
        *,
        columns: Sequence[str] | None = None,
        epochs: Sequence[int] | None = None,
    ) -> pd.DataFrame:
        """Return the rows of metrics that satisfy `where`, at these epochs (default: all).

        `where` and `columns` name columns of `TABLES["metrics"]`; ResultsError where they do not.
        """
        if epochs is not None and (isinstance(epochs, str) or not isinstance(epochs, Iterable)):
            raise wrong("epochs", "a list of whole numbers, such as [1, 10]", epochs)
        at = {} if epochs is None else {"epoch": list(epochs)}
        return self._filtered("metrics", (where or {}, at), columns)

    def predictions(
        self, where: Where | None = None, *, columns: Sequence[str] | None = None
    ) -> pd.DataFrame:
        """Return the rows of predictions that satisfy `where`, on run_id, epoch and part, say."""
        return self._filtered("predictions", (where or {},), columns)

    def table(self, name: str) -> pd.DataFrame:
        """Return a table of the report; raises ResultsError for an unknown name."""
        if not isinstance(name, str):
            raise wrong("name", "a str, such as 'configurations'", name)
        path = self.folder / "tables" / f"{name}.parquet"
        if not present(path) or Path(name).name != name:
            tables = within(self.folder / "tables")
            names = [other.stem for other in tables if other.suffix == ".parquet"]
            raise ResultsError(f"table of {self.folder}: {not_one_of(name, names)}")
        try:
            frame: pd.DataFrame = read_part(path).to_pandas(ignore_metadata=True)
        except OSError as error:
            raise _damaged(path, error, "`study report` writes it again") from error
        return frame

    def curve(self, configuration: Configuration) -> pd.DataFrame:
        """Return the medians and quartiles of a configuration, from the table `explorer`.

        A configuration is its name or values of parameters, such as {"lr": 0.1}, that only one has.
        """
        name = named(configuration, self.table("explorer_runs"), self.runs)
        curves = self.table("explorer")
        return curves[curves["configuration"] == name].reset_index(drop=True)

    def compare(self, a: Configuration, b: Configuration) -> pd.DataFrame:
        """Return two configurations, a row for each dataset, metric and repetition of both.

        `difference` is a − b, of log₁₀ where ratios are compared; `lower` is a, b or neither.
        """
        runs = self.table("explorer_runs")
        return pairs(runs, *(named(configuration, runs, self.runs) for configuration in (a, b)))

    @property
    def pipeline_text(self) -> str:
        """The pipeline file as it was run."""
        path = self.folder / PIPELINE
        try:
            return content(path).decode()
        except (OSError, UnicodeDecodeError) as error:
            remedy = "`study run` with the pipeline of these results writes it again"
            raise _damaged(path, error, remedy) from error

    def _filtered(
        self, table: str, where: Sequence[Where], columns: Sequence[str] | None
    ) -> pd.DataFrame:
        conditions("where", where[0])
        if columns is not None:
            texts("columns", [*columns] if isinstance(columns, pd.Index) else columns, "run_id")
        levels = self._levels  # first: this raises the error for results of another version
        rows = read_filtered(self.folder, table, self.parts, where=where, columns=columns)
        return self._frame(rows, levels)

    def _single(self, table: str) -> pd.DataFrame:
        path = self.folder / f"{table}.parquet"
        try:
            rows = read_whole(self.folder, table)
        except OSError as error:
            if present(path):
                raise _damaged(path, error, "`study run` writes it again") from error
            rows = arrow_schema(table, "float64").empty_table()
        return self._frame(rows, self._levels)

    @cached_property
    def _levels(self) -> dict[str, list[str]]:
        """The levels of every choice among the runs, in order; run_id in the order of storing."""
        choices = self.runs.select_dtypes("category")
        levels = {str(name): list(column.cat.categories) for name, column in choices.items()}
        return {"run_id": list(self.runs["run_id"]), **levels}

    @staticmethod
    def _frame(rows: pa.Table, levels: Mapping[str, Sequence[str]]) -> pd.DataFrame:
        """Return a table as a frame whose choices have these levels first, then others, sorted."""
        frame: pd.DataFrame = rows.to_pandas(ignore_metadata=True)
        for name in map(str, frame.select_dtypes("category")):
            declared = levels.get(name, ())
            others = set(frame[name].cat.categories).difference(declared)
            ordered = [*declared, *sorted(others, key=partial(_place, name))]
            frame[name] = frame[name].cat.set_categories(ordered)
        return frame


def _damaged(path: Path, error: Exception, remedy: str) -> ResultsError:
    return ResultsError(f"{path} is damaged ({error}); {remedy}")


def _place(column: str, level: str) -> tuple[bool, tuple[float, ...], str]:
    """Return the position of a level in its column: in its parameter's order, then by its text."""
    try:
        return False, PARAMETERS[column].order(level), level
    except (KeyError, ValueError):  # no parameter, or a level that this version does not know
        return True, (), level
