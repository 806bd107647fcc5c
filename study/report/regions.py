"""What networks answer over the plane, as a text of one sign for each point of the grid."""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from study.plot.plane import BETWEEN, PAIR
from study.plot.theme import CLASSES
from study.report.material import Material, planar

SHADES = "abcdefghij"
"""The output between two labels, in tenths: from 5 on, it is the second class."""

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[: len(CLASSES)]
"""The predicted class of more than two."""

OVERFLOWN = "."


def paint() -> dict[str, str]:
    """Return the colour of each sign.

    >>> paint()["a"], paint()["j"], paint()["B"]
    ('#86b8dc', '#f0ad80', '#d55e00')
    """
    shades = (BETWEEN(i / (len(SHADES) - 1)) for i in range(len(SHADES)))
    hexes = ("#" + "".join(f"{round(255 * part):02x}" for part in shade[:3]) for shade in shades)
    return dict(zip(SHADES, hexes, strict=True)) | dict(zip(LETTERS, CLASSES, strict=False))


def regions(material: Material, run_ids: Iterable[str]) -> dict[str, str]:
    """Return the text of each of these runs that classifies two-dimensional data.

    Points are in the order of x0, then of x1. Runs without predictions on the grid have no text.
    """
    counts = material.classes["dataset"].value_counts()
    runs = material.runs[material.runs["run_id"].isin(list(run_ids))]
    runs = runs[runs["dataset"].isin([n for n in planar(material.pipeline) if n in counts])]
    datasets = dict(zip(runs["run_id"], runs["dataset"].astype(str), strict=True))
    wanted = {"run_id": list(datasets), "part": "grid"}
    columns = ["run_id", "epoch", "x0", "x1", "prediction", "answer"]
    rows = material.results.predictions(wanted, columns=columns).astype({"run_id": str})
    rows = rows[rows["epoch"] == rows.groupby("run_id")["epoch"].transform("max")]
    rows = rows.sort_values(["run_id", "x0", "x1"], kind="stable")
    many = {run for run, dataset in datasets.items() if counts[dataset] > PAIR}
    return {
        str(run): _several(of["answer"]) if run in many else _pair(of["prediction"])
        for run, of in rows.groupby("run_id", sort=False)
    }


def _pair(outputs: "pd.Series[float]") -> str:
    """Write outputs between two labels.

    >>> _pair(pd.Series([-0.2, 0.49, 0.5, 1.0, float("inf"), float("nan")]))
    'aefjj.'
    """
    values = outputs.to_numpy(dtype=float)
    tenths = np.minimum(np.floor(np.nan_to_num(values).clip(0, 1) * 10), 9).astype(int)
    return "".join(
        OVERFLOWN if bad else SHADES[i] for i, bad in zip(tenths, np.isnan(values), strict=True)
    )


def _several(classes: "pd.Series[float]") -> str:
    """Write predicted classes.

    >>> _several(pd.Series([0.0, 3.0, float("nan")]))
    'AD.'
    """
    return "".join(OVERFLOWN if np.isnan(i) else LETTERS[int(i)] for i in classes.astype(float))
