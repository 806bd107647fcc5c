"""The page results/README.md: every file and column of a study, and how to read them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from study.columns import PARAMETER_COLUMNS, TABLES, Column

_INTRODUCTION = """\
# What a study stores

Each study has a folder of its own, `results/NAME/`. This page is generated from
the same table as the metadata of the Parquet files, so it describes every column. The
folders are not in git.

| file | content |
|---|---|
| `pipeline.toml` | the pipeline file as it was run |
| `data/` | a copy of each file of your own that the study learns from |
| `model.npz`, … | networks that `study.load_model` trained again: [docs](../docs/models.md) |
| `metrics.parquet/` | a row for each epoch of each run, as a folder of parts |
| `runs.parquet/` | a row for each run: parameters, status and final metrics; parts too |
| `predictions.parquet/` | predictions for the samples, and on a grid; parts too |
| `trials.parquet` | a row for each trial: one configuration on one dataset, all its repetitions |
| `hypotheses.parquet` | a row for each hypothesis, dataset and implementation, with its verdict |
| `certificate.parquet` | a row for each of eight runs that were trained again and compared |
| `tables/*.parquet` | the table behind each figure and number; five are [stable](#stable-tables) |
| `provenance.json` | format 2; executions: command, times, versions, fingerprint, updates, notes |
| `report.html` | the report, one file that needs no network |
| `figures.cache` | its figures, kept for the next report; may be removed |
| `finished.cache`, `report.cache` | checksums that show that nothing has changed; may be removed |
| `optuna.journal` | of a search by Optuna: what `optuna-dashboard` opens |
| `study.lock`, `incoming/` | only while a study runs |
| `report.lock` | only while its report is written |
| `damaged/` | damaged parts and stray files that `study run` set aside |

`NAME-replication-1/` is a study of its own: `study replicate results/NAME` trains the pipeline of
`NAME/` again with a fresh seed, and its `tables/replication.parquet` compares the two.

A part has the same name in `metrics`, `predictions` and `runs`. It is made in `incoming/`, and
appears whole, `runs` last, so that the three tables can be read at any moment, also while a study
runs. The footer of each Parquet file holds, under `checksum`, the CRC-32 of the whole file without
that number. `study run` verifies it at each start, and `load_results` whenever it reads.
A file without this checksum counts as damaged, and so do files of one part with different runs.

`study run` moves damaged parts to `damaged/` and trains their runs again. It also moves all other
files out of the folders of parts, because pandas would read a copy such as
`part-000000 (1).parquet` as more runs. It rewrites every other damaged file from the stored runs.
`study report` and `load_results` report a damaged file and leave it unchanged.

A release may add parameters and metrics. In parts that an earlier release wrote, these columns are
absent. Then a parameter has the value that `pipeline.toml` fixes, or its neutral default, or null
where it does not act; a metric is null. Before `study run` adds a part, it writes such parts
again with all columns. Such a metric has `unmeasured` in its metadata, and the certificate
ignores it. Parts with columns that this release does not know are refused.

## Reading them

`load_results` gives tidy frames, with the levels of every choice in their order:

```python
from study import load_results

results = load_results("results/NAME")
results.runs[["optimizer", "lr", "final_train_loss"]]
results.metrics({"optimizer": "adam", "lr": [0.001, 0.01]}, columns=["epoch", "train_loss"])
```

`results.curve` and `results.compare` return the curves of a configuration and the runs of two
configurations in pairs: [docs/compare.md](../docs/compare.md).

Any Parquet reader works, without this project. Filters apply while reading, so other rows stay on
disk. pandas:

```python
import pandas as pd

adam = pd.read_parquet("results/NAME/metrics.parquet", filters=[("optimizer", "==", "adam")])
```

DuckDB:

```python
import duckdb

adam = duckdb.sql(\"\"\"
    SELECT lr, epoch, median(train_loss) AS train_loss
    FROM 'results/NAME/metrics.parquet/*.parquet'
    WHERE optimizer = 'adam'
    GROUP BY ALL ORDER BY ALL
\"\"\").df()
```

Polars:

```python
import polars as pl

adam = (
    pl.scan_parquet("results/NAME/metrics.parquet/*.parquet")
    .filter(pl.col("optimizer") == "adam")
    .collect()
)
```

Arrow, and what a column means:

```python
import pyarrow.dataset as ds

field = ds.dataset("results/NAME/metrics.parquet").schema.field("gradient_norm")
field.metadata  # {b'meaning': …, b'unit': …, b'role': b'metric'}
```

## Columns

Text from a small set is a dictionary column (pandas: a category). `metric` means the study's
precision, float32 or float64. Null means that there is no such number (a parameter that does not
act, an event that never happened); NaN and ∞ are numbers that a diverging network produced. The
role is `identity`, `parameter`, `derived` from one, `metric`, `result`, `cost` or `note`.

A search of several objectives adds `objective_1`, `objective_2`, … (float64) to `trials`, and a
study with constraints adds `feasible` (bool): whether the trial meets all of them.
"""

STABLE: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "configurations": (
        "Each configuration of each dataset, best first; a column for each studied parameter",
        ("dataset", "rank", "configuration", "runs", "diverged", "failed", "metric", "goal",
         "quantile", "value", "median", "low", "high", "confidence", "base"),
    ),
    "behaviour": (
        "What each level of a parameter changes, against a reference level",
        ("dataset", "implementation", "parameter", "level", "reference", "behaviour", "scale",
         "repetitions", "effect", "low", "high", "confidence"),
    ),
    "importance": (
        "How much of a metric's variance goes with each parameter",
        ("dataset", "implementation", "metric", "term", "share"),
    ),
    "explorer": (
        "A configuration's metric at a drawn epoch: median and quartiles over its runs",
        ("dataset", "configuration", "metric", "epoch", "runs", "median", "low", "high"),
    ),
    "claims": (
        "Each verdict: the columns of `hypotheses`, and the names of the two compared values",
        (*(column.name for column in TABLES["hypotheses"]), "value", "with"),
    ),
}  # fmt: skip
"""The tables of the report that keep their columns: what a row is, and the columns."""

_TYPES = {
    "text": "text",
    "choice": "text, dictionary",
    "count": "int32",
    "real": "float64",
    "metric": "metric",
}


def results_page() -> str:
    """Return the page as Markdown."""
    return "\n".join([_INTRODUCTION, *_sections(), *_stable()])


def _sections() -> Iterator[str]:
    yield from _section("parameters", map(_row, PARAMETER_COLUMNS))
    for name, columns in TABLES.items():
        yield from _section(name, _rows(columns))


def _stable() -> Iterator[str]:
    yield "## Stable tables\n"
    yield "These tables in `tables/` keep their name and these columns in later releases. They may"
    yield "gain columns. All other tables may change with a release.\n"
    yield "| table | a row | columns |"
    yield "|---|---|---|"
    for name, (row, columns) in STABLE.items():
        yield f"| `{name}` | {row} | {', '.join(f'`{column}`' for column in columns)} |"
    yield ""


def _section(name: str, rows: Iterable[str]) -> Iterator[str]:
    yield f"### {name}\n"
    yield "| column | type | unit | role | meaning |"
    yield "|---|---|---|---|---|"
    yield from rows
    yield ""


def _rows(columns: Sequence[Column]) -> Iterator[str]:
    """Yield a row for each column; the parameters, which stand above, take one together."""
    for column in columns:
        if column == PARAMETER_COLUMNS[0]:
            yield "| the columns of [parameters](#parameters) | | | | |"
        elif column not in PARAMETER_COLUMNS:
            yield _row(column)


def _row(column: Column) -> str:
    cells = (f"`{column.name}`", _TYPES[column.kind], column.unit, column.role, column.meaning)
    return f"| {' | '.join(cells)} |"
