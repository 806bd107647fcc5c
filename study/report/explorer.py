"""The explorer's tables → the numbers that the page embeds, as JSON of at most one megabyte."""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from study.metrics import METRICS
from study.plot.theme import OTHER, RESULT, words
from study.report import packed
from study.report.claimed import claimed
from study.report.material import Material
from study.report.question import Tables
from study.report.regions import paint, regions
from study.stats import feasible
from study.stats.explorer import ABOUT

LIMIT = 1_000_000
"""The most characters that the explorer's numbers take on the page."""

STEPS = 1000
"""Drawn values are whole numbers: these are the steps of a power of ten, or of the range 0 to 1."""

LEAST, MOST = -32768, 32767
SCALE = (
    f"curves are int16 in base64, little-endian: a loss or a norm is 10^(v/{STEPS}), {LEAST} being "
    f"0, an accuracy is v/{STEPS}; {MOST} is infinite. Ends are numbers, or float32 in base64; NaN "
    "and null count as the worst. Regions have the length of a run before its sign."
)


@dataclass(frozen=True, slots=True)
class Embedded:
    """The explorer of a page: its JSON, and how many configurations it has of how many."""

    data: str
    shown: int
    total: int


def embedded(material: Material, tables: Tables) -> Embedded | None:
    """Return the tables `explorer` and `explorer_runs` as the page embeds them.

    None where no epoch is stored. Where it would be more than `LIMIT`, these configurations come
    first: the base setups, the best of each dataset, the base setups' neighbours, which differ in
    one parameter, then the others, best first.
    """
    curves, runs = tables["explorer"], tables["explorer_runs"]
    if curves.empty:
        return None
    names = _declared(material)
    settings = _settings(material, names)
    aim = material.pipeline.search.aims[0]
    metrics = [n for n in runs.columns if n in METRICS and n not in ABOUT and runs[n].notna().any()]
    counted = [*dict.fromkeys([aim.metric, *metrics])]
    typical = set(material.typical["run_id"])
    of = _trials(curves, runs, counted, [*material.pipeline.datasets], typical)
    own = [trial for trials in of.values() for trial in trials if trial is not None]
    planes = regions(material, [trial["run"] for trial in own])
    for trial in own:
        plane = planes.get(trial["run"])
        trial["region"] = plane and packed.runs(plane)
    order = [name for name in _order(material, settings) if name in of]
    kept = order
    while True:
        chosen = set(kept)
        shown = [name for name in settings if name in chosen]
        text = _written(
            {
                "study": f"results/{material.results.folder.name}",
                "scale": SCALE,
                "colours": [RESULT, OTHER],
                "paint": paint(),
                "metric": {**_metric(aim.metric), "goal": aim.goal},
                "counted": [_metric(name) for name in counted],
                "drawn": [_metric(name) for name in dict.fromkeys(curves["metric"])],
                "epochs": sorted(map(int, curves["epoch"].unique())),
                "datasets": [*material.pipeline.datasets],
                **_chosen(material, names, settings, shown),
                **_claims(material, settings, shown),
                "trials": [of[name] for name in shown],
            }
        )
        if len(text) <= LIMIT or len(kept) == 1:
            return Embedded(text, len(kept), len(order))
        kept = kept[: max(1, min(len(kept) - 1, len(kept) * LIMIT // len(text)))]


def _chosen(
    material: Material,
    names: list[str],
    settings: Mapping[str, Mapping[str, str | None]],
    shown: list[str],
) -> dict[str, object]:
    """Return the shown configurations: names, levels, and the places of the base and the best."""
    place = {name: i for i, name in enumerate(shown)}
    best = feasible.best(material.ranked)["configuration"]
    base = [name for name in material.base["configuration"] if name in place]
    first = [name for name in best if name in place]
    return {
        "parameters": [
            {"key": n, "name": words(n), "levels": _levels(material, n, shown, settings)}
            for n in names
        ],
        "configurations": shown,
        "settings": [[settings[name][n] for n in names] for name in shown],
        "base": place[(base or shown)[0]],
        "best": place[(first or shown)[0]],
    }


def _claims(
    material: Material, settings: Mapping[str, Mapping[str, str | None]], shown: list[str]
) -> dict[str, object]:
    """Return the places of the configurations that each claim compares, where both are shown."""
    base = next((name for name in material.base["configuration"] if name in settings), None)
    if base is None:
        return {"claims": {}}
    place = {name: i for i, name in enumerate(shown)}
    pairs = claimed(material, settings, base).items()
    return {"claims": {key: [place[name] for name in of] for key, of in pairs if {*of} <= {*place}}}


def _declared(material: Material) -> list[str]:
    """Return the studied parameters in the order of the pipeline file."""
    declared = [*material.pipeline.search.parameters]
    levels = [name for name in declared if name in material.studied]
    return [*levels, *(name for name in material.studied if name not in levels)]


def _settings(material: Material, names: list[str]) -> dict[str, dict[str, str | None]]:
    """Return the level of each studied parameter in each configuration; None where none acts."""
    rows = material.runs.drop_duplicates("configuration")[["configuration", *names]]
    rows = rows.astype(object).where(rows.notna(), None)
    return {str(row.pop("configuration")): row for row in rows.to_dict("records")}  # type: ignore[misc]


def _levels(
    material: Material,
    name: str,
    shown: list[str],
    settings: Mapping[str, Mapping[str, str | None]],
) -> list[str | None]:
    """Return the levels that the shown configurations have, in order; None last."""
    present = {settings[configuration][name] for configuration in shown}
    levels: list[str | None] = [v for v in material.runs[name].cat.categories if v in present]
    return [*levels, None] if None in present else levels


def _order(material: Material, settings: Mapping[str, Mapping[str, str | None]]) -> Iterable[str]:
    """Return the configurations in the order in which the page has room for them."""
    base = [name for name in dict.fromkeys(material.base["configuration"]) if name in settings]
    near = [
        name
        for name, own in settings.items()
        if any(sum(own[n] != settings[b][n] for n in own) == 1 for b in base)
    ]
    ranked = material.ranked.sort_values("rank", kind="stable")
    best = feasible.best(ranked)["configuration"]
    return dict.fromkeys([*base, *best, *near, *ranked["configuration"], *settings])


def _metric(name: str) -> dict[str, object]:
    metric = METRICS[name]
    about = {"goal": metric.goal, "log": metric.logarithmic, "held_out": metric.held_out}
    return {"key": name, "name": words(name), **about}


def _trials(
    curves: pd.DataFrame,
    runs: pd.DataFrame,
    counted: list[str],
    datasets: list[str],
    typical: Collection[str],
) -> dict[str, list[dict[str, Any] | None]]:
    """Return what each configuration has on each dataset, None where it was not tried.

    Its run is one of the `typical` ones, or the first where all diverged.
    """
    keys = ["configuration", "dataset"]
    drawn: dict[tuple[str, str], dict[str, list[str]]] = {}
    for key, of in curves.groupby([*keys, "metric"], sort=False):
        name, dataset, metric = map(str, key)
        own = drawn.setdefault((name, dataset), {})
        own[metric] = [packed.whole(steps(metric, of[c])) for c in ("median", "low", "high")]
    trials: dict[str, list[dict[str, Any] | None]] = {}
    runs = runs.astype(dict.fromkeys(counted, float))
    for key, of in runs.groupby(keys, sort=False):
        name, dataset = map(str, key)
        first = of.iloc[0]
        usual = of[of["run_id"].isin(typical)]
        shown = first if usual.empty else usual.iloc[0]
        trial = {
            "run": shown["run_id"],
            "repetition": int(shown["repetition"]),
            "weights": None if pd.isna(first["parameters"]) else int(first["parameters"]),
            "status": "".join(status[0] for status in of["status"]),
            "repetitions": of["repetition"].astype(int).tolist(),
            "ends": {m: packed.exact(of[m].tolist()) for m in counted if of[m].notna().any()},
            "curves": drawn.get((name, dataset), {}),
        }
        trials.setdefault(name, [None] * len(datasets))[datasets.index(dataset)] = trial
    return trials


def steps(metric: str, values: "pd.Series[float]") -> list[int]:
    """Return values on the stated scale.

    >>> steps("train_loss", pd.Series([100.0, 0.5, 0.0, np.inf]))
    [2000, -301, -32768, 32767]
    >>> steps("train_accuracy", pd.Series([1.0, 0.25]))
    [1000, 250]
    """
    numbers = values.to_numpy(dtype=float)
    if METRICS[metric].logarithmic:
        with np.errstate(divide="ignore"):
            numbers = np.log10(numbers)
    infinite = np.isposinf(numbers)
    finite = np.clip(np.round(np.where(infinite, 0, numbers) * STEPS), LEAST, MOST - 1)
    stored: list[int] = np.where(infinite, MOST, finite).astype(int).tolist()
    return stored


def _written(data: object) -> str:
    """Write JSON that can stand inside a script element."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
