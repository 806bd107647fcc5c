"""Tables about the objective's metric first, then about the same of the training part."""

from collections.abc import Mapping

import pandas as pd

from study.metrics import Goal
from study.report.material import Material
from study.report.question import Tables
from study.report.tables import together
from study.stats import curves, levels
from study.stats.comparable import matched
from study.stats.ranges import binned


def by_level(material: Material) -> Tables:
    """Return the learning curves of the runs at each level of each parameter."""
    parts = []
    for metric, goal in _curves(material).items():
        for name in material.studied:
            of_ranges = binned(material.declared, [name])
            comparable = matched(of_ranges, [name], material.studied)["run_id"]
            rows = material.metrics[material.metrics["run_id"].isin(comparable)]
            if len(rows):
                rows = rows.assign(parameter=name, level=binned(rows, [name])[name])
                by = ["dataset", "parameter", "level"]
                found = curves.middle_half(rows, by=by, metric=metric)
                parts.append(found.assign(metric=metric, goal=goal))
    columns = ["dataset", "parameter", "level", *curves.COLUMNS, "metric", "goal"]
    return {"curves": together(parts, columns)}


SINGLES = 3
"""The number of repetitions that are drawn alone, the first ones."""


def crossed(material: Material) -> Tables:
    """Return the learning curves at each two levels of two parameters, and a few single runs'.

    Of the objective's metric first, then of the training part's; the single runs are of the first.
    """
    shown, of = _unpruned(material), _curves(material)
    rows = shown.merge(material.metrics[["run_id", "epoch", *of]], on="run_id")
    by = ["dataset", "first_level", "second_level"]
    order = shown[by].drop_duplicates()  # as the levels are, which a curve has as texts
    found = [
        order.merge(curves.over_repetitions(rows, by=by, metric=metric), on=by).assign(
            metric=metric, goal=goal
        )
        for metric, goal in of.items()
    ]
    first, second = (*levels.crossed(material.runs), "", "")[:2]
    single = rows[rows["repetition"] < SINGLES].rename(columns={next(iter(of)): "value"})
    return {
        "multiples": pd.concat(found, ignore_index=True).assign(first=first, second=second),
        "single_runs": single[[*by, "repetition", "epoch", "value"]],
    }


def _unpruned(material: Material) -> pd.DataFrame:
    return material.crossed[material.crossed["run_id"].isin(material.whole["run_id"])]


def _curves(material: Material) -> Mapping[str, Goal]:
    return material.pipeline.search.aims[0].curves
