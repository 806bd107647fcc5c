"""Lines of pandas and seaborn that draw a figure again from the study's Parquet files."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
from jinja2 import Environment, PackageLoader, StrictUndefined

from study.metrics import METRICS
from study.plan.trials import planned
from study.report.material import Material, classified
from study.report.question import Tables
from study.space import Choices
from study.stats import levels
from study.stats.comparable import matched
from study.stats.ranges import axis


def snippet(section: str, tables: Tables, named: Mapping[str, Any]) -> str:
    """Return the lines that draw a section's figure again; `named` is of `context`.

    Where a grid is finished, and its levels are the values that were declared, they compute the
    numbers from the runs and the epochs; else they read the table behind the figure. They leave
    them in `table`, and the picture in `grid` (seaborn's) or `figure`, if a number is finite.
    """
    template = f'{{% import "_shared.j2" as s with context %}}{{% include "{section}.py.j2" %}}'
    text = _environment().from_string(template).render(named).strip()
    numbers, picture = text.split("\n# the picture\n")
    first = next(iter(tables.values()))
    shown = "value" if section in {"best", "isolation"} else "median"
    if shown in first and not np.isfinite(first[shown].astype(float)).any():
        return f"{numbers}\n"
    save = "grid.savefig({})" if "grid = " in picture else 'figure.savefig({}, bbox_inches="tight")'
    return "\n".join([numbers, "", picture, save.format(f'"{section}.png"'), ""])


@cache
def _environment() -> Environment:
    """Return what reads the templates, each of them once."""
    return Environment(
        loader=PackageLoader("study.report", "snippets"), undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True, autoescape=False,  # noqa: S701  # Python, no HTML
    )  # fmt: skip


def context(material: Material, folder: str) -> dict[str, Any]:
    """Return all that the lines of any section may name, for files in results/`folder`."""
    aim = material.pipeline.search.aims[0]
    studied = list(material.studied)
    parameter = max(
        (n for n in studied if n != "implementation"),
        key=lambda name: len(axis(material.runs, name)), default="lr",
    )  # fmt: skip
    pair = sorted(studied, key=lambda n: -len(axis(material.runs, n)))[:2]
    return {
        "folder": f"results/{folder}",
        "plain": lambda of: _plain(material, of),
        "quantile": aim.quantile,
        "studied": studied,
        "parameter": parameter,
        "pair": [name for name in studied if name in pair],
        "crossed": list(levels.crossed(material.runs)),
        "others": lambda of: _others(material, of),
        "datasets": list(material.pipeline.datasets),
        "labelled": len(classified(material.pipeline)) == len(material.pipeline.datasets),
        "rest": [n for n in studied if n not in levels.crossed(material.runs)],
        "first_shown": material.points.drop_duplicates("dataset")["run_id"].tolist(),
        "last": material.pipeline.training.epochs,
        "metric": aim.metric,
        "log": METRICS[aim.metric].logarithmic,
        "curve": (curve := next(iter(aim.curves))),
        "curve_log": METRICS[curve].logarithmic,
        "ended": _written(METRICS[curve].quantity.worst_limit),
        "ascending": aim.goal == "minimize",
        "worst": "np.inf" if aim.goal == "minimize" else "-np.inf",
        "objectives": [f"objective_{i + 1}" for i in range(len(material.pipeline.search.aims))],
        "signs": [1 if a.goal == "minimize" else -1 for a in material.pipeline.search.aims],
    }


def _written(value: float) -> str:
    """Write a number as Python reads it.

    >>> _written(0.0), _written(float("inf"))
    ('0', 'np.inf')
    """
    return f"{value:g}".replace("inf", "np.inf")


def _plain(material: Material, of: Sequence[str]) -> bool:
    """Say whether few lines compute what the tables say: every level is one declared value.

    And wherever `of` is compared, some settings of the other parameters occur at each level.
    """
    runs = material.runs
    if not planned(material.pipeline).known or (runs["status"] == "missing").any():
        return False
    declared = material.pipeline.search.parameters
    for name in material.studied:
        values = declared[name]
        few = isinstance(values, Choices) and len(values.choices)
        if len(axis(runs, name)) != few:  # it shows ranges
            return False
    fair = set(matched(material.declared, of, material.studied)["run_id"]) if of else set()
    return fair == (set(_chosen(material, of)["run_id"]) if of else set())


def _others(material: Material, of: Sequence[str]) -> list[str]:
    """Return by which parameters runs are matched where `of` is compared; none where all are."""
    acting = material.declared.dropna(subset=list(of))
    if len(matched(material.declared, of, material.studied)) == len(acting):
        return []
    return [n for n in material.studied if n not in of and not acting[n].isna().any()]


def _chosen(material: Material, of: Sequence[str]) -> pd.DataFrame:
    """Return the runs that the lines of `matched` in _shared.j2 choose."""
    runs, others = material.declared.dropna(subset=list(of)), _others(material, of)
    if not others:
        return runs
    runs = runs.assign(level=runs.groupby(list(of), observed=True).ngroup())
    met = runs.groupby(["dataset", *others], observed=True)["level"].transform("nunique")
    return runs[met == runs.groupby("dataset", observed=True)["level"].transform("nunique")]
