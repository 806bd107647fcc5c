"""Lines of pandas and seaborn that draw a figure again from the study's stored tables."""

from functools import cache

import numpy as np
from jinja2 import Environment, StrictUndefined

from study.metrics import METRICS
from study.plot.plane import PAIR
from study.report.question import Question, Tables

IMPORTS = {
    "plt.": "import matplotlib.pyplot as plt",
    "np.": "import numpy as np",
    "pd.": "import pandas as pd",
    "sns.": "import seaborn as sns",
}
"""What a line uses → the import that it needs."""


def code(question: Question, tables: Tables, folder: str) -> str | None:
    """Return the lines that draw a question's figure again; None where no number is finite.

    They read the tables in results/`folder` and leave the rows in `table` and the picture in `grid`
    (seaborn's) or `figure`. A question's `code` is a template that may name `parameter` (the one
    with the most levels in the question's first table), `metric`, `log` (whether that metric has a
    logarithmic axis), `dataset` and `implementation`: each the first one of the first table that
    has it; and `several` (whether a dataset of these tables has more than two classes: then
    `dataset` is such a one), `answered` (the column of their answer, or the prediction), `palette`
    and `norm` (its colours). Numbers are finite where they are of this metric and parameter.
    """
    names, shown = _names(tables), next(iter(tables.values()))
    for name in {"metric", "parameter"} & {*shown} & {*names}:
        shown = shown[shown[name] == names[name]]
    draws = str(names["answered"]) if question.draws == "prediction" else question.draws
    if draws in shown and not np.isfinite(shown[draws].astype(float)).any():
        return None
    lines = _environment().from_string(question.code.strip("\n")).render(names)
    imports = [line for used, line in IMPORTS.items() if used in lines]
    save = "grid.savefig({})" if "grid = " in lines else 'figure.savefig({}, bbox_inches="tight")'
    where = f'folder = "results/{folder}"'
    return "\n".join([*imports, "", where, lines, save.format(f'"{question.name}.png"'), ""])


def _names(tables: Tables) -> dict[str, object]:
    """Return what a template may name, as far as the tables have it."""
    names: dict[str, object] = {
        name: table[name].iloc[0]
        for table in [*tables.values()][::-1]
        for name in ("dataset", "implementation", "metric")
        if name in table and len(table)
    }
    first = next(iter(tables.values()))
    counted = [table for table in tables.values() if "classes" in table]
    apart = [name for of in counted for name in of.loc[of["classes"] > PAIR, "dataset"].head(1)]
    names |= {"several": bool(apart), **({"dataset": apart[0]} if apart else {})}
    names["answered"], names["palette"] = ("answer", "tab20") if apart else ("prediction", "vlag")
    names["norm"] = "" if apart else "hue_norm=(0, 1), "
    if "metric" in names:
        names["log"] = METRICS[str(names["metric"])].logarithmic
    if {"parameter", "level"} <= {*first}:
        names["parameter"] = first.groupby("parameter", sort=False)["level"].nunique().idxmax()
    return names


@cache
def _environment() -> Environment:
    return Environment(
        undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
        autoescape=False,  # noqa: S701  # Python, no HTML
    )  # fmt: skip
