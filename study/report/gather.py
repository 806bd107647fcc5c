"""A results folder → the material of its report: what is read, and how much of it."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
from pandas.api.types import is_numeric_dtype

from study.metrics import METRICS, OF_EPOCHS
from study.plan.counting import claims, values_of
from study.plan.trials import planned
from study.report.checks import certified, check_files, check_trials
from study.report.material import Material, classified, last_predictions
from study.space import PARAMETERS, Choices, Value
from study.spec.pipeline import Pipeline
from study.stats import late, levels, reference, summaries
from study.stats.comparable import whole
from study.stats.constant import constant
from study.stats.hypotheses import hypotheses
from study.stats.scales import compared
from study.store.kept import kept_pipeline
from study.store.provenance import added_later, ended_early, finished
from study.store.reader import Results, load_results

EPOCHS = 80
"""How many epochs of a learning curve are drawn, evenly in their logarithm."""


def gather(folder: Path) -> Material:
    """Read what a report needs. ResultsError where nothing is stored yet."""
    results = load_results(folder)
    pipeline, at = kept_pipeline(folder), finished(folder)
    check_files(folder)
    plain = _every_run(pipeline, results.runs)
    ended = planned(pipeline).listed or at is not None
    if ended:
        ranked = results.trials
        if at is None:  # an earlier end's: what was added then may be declared now
            ranked = ranked[ranked["phase"] != "decide"]
        check_trials(folder, ranked, plain, pipeline.search, whole=at is not None)
    planned_and_added, plain = len(plain), _unadded(pipeline, plain, results.trials)
    texts = levels.written(plain, _declared(pipeline))
    every = levels.levelled(plain, texts)
    names = levels.studied(every)
    plain["configuration"] = every["configuration"] = levels.configurations(every, names)
    runs = levels.searched(every, plain, pipeline.search.conditions)
    trials = _trials(results, plain, runs)
    trials = trials[trials["phase"] != "decide"]
    trials = trials if ended else trials.iloc[:0]  # an earlier end's
    if not planned(pipeline).listed:
        every, runs = (as_asked(part, trials) for part in (every, runs))
    counted = every if planned(pipeline).listed else rankable(every, trials)
    lasting, metrics = compared(plain), _metrics(results, pipeline)
    return Material(
        results=results,
        pipeline=pipeline,
        ended=ended,
        added=planned_and_added - len(plain),
        texts=texts,
        runs=_described(results, metrics, runs, pipeline),
        trials=trials,
        metrics=_drawn(metrics, runs, names, pipeline),
        rankable=counted,
        ranked=summaries.configurations(
            counted, names, pipeline.search.aims[0], pipeline.search.constraints
        ),
        base=reference.base(plain if lasting.empty else lasting),
        targets=_targets(results, runs),
        claims=hypotheses(
            results.runs, claims(pipeline, results.trials.to_dict("records"), added_later(folder))
        ),
        certificate=certified(results),
        early=ended_early(folder),
    )


def _unadded(pipeline: Pipeline, runs: pd.DataFrame, trials: pd.DataFrame) -> pd.DataFrame:
    """Return the declared and confirmed runs: verdicts alone use the runs that `decide` added."""
    if pipeline.search.decide is None and not (trials["phase"] == "decide").any():
        return runs
    won = {
        (str(trial["dataset"]), *values_of(trial))
        for trial in trials[trials["phase"] == "confirm"].to_dict("records")
    }
    n = pipeline.search.repetitions
    later = runs[(runs["repetition"] >= n) & (runs["repetition"] < 2 * n)]
    keys = (
        (row["run_id"], (str(row["dataset"]), *values_of(row))) for row in later.to_dict("records")
    )
    confirmed = {run_id for run_id, key in keys if key in won}
    kept = (runs["repetition"] < n) | runs["run_id"].isin(confirmed)
    return runs[kept].reset_index(drop=True)


def _every_run(pipeline: Pipeline, stored: pd.DataFrame) -> pd.DataFrame:
    """Return the stored and the missing runs, in the order of the plan."""
    runs = planned(pipeline).runs
    ids = set(stored["run_id"])
    missing = [
        {
            "run_id": run.run_id,
            "dataset": run.dataset,
            "repetition": run.repetition,
            "status": "missing",
            **run.configuration,
        }
        for run in runs
        if run.run_id not in ids
    ]
    kinds = {
        name: float if is_numeric_dtype(stored[name]) else object
        for name in stored.columns.drop("repetition")
    }
    every = stored.astype(kinds)
    if missing:
        more = pd.DataFrame(missing).reindex(columns=stored.columns).astype(kinds)
        every = pd.concat([every, more], ignore_index=True)
    datasets = pd.CategoricalDtype(list(pipeline.datasets), ordered=True)
    places = {run.run_id: place for place, run in enumerate(runs)}
    every = every.assign(place=every["run_id"].map(places)).astype({"dataset": datasets})
    every = every.sort_values(["dataset", "place", "run_id"], ignore_index=True)
    return every.drop(columns="place")


def _trials(results: Results, plain: pd.DataFrame, runs: pd.DataFrame) -> pd.DataFrame:
    """Return the trials with the configurations and levels that their runs have.

    `lr value` is the value where the parameter is searched.
    """
    trials = results.trials
    trials = trials.astype(dict.fromkeys(trials.select_dtypes("category"), "str"))
    keys = ["dataset", *PARAMETERS]
    configured = plain.assign(**{f"{name} level": runs[name] for name in PARAMETERS})
    configured = configured.astype({name: trials[name].dtype for name in keys})
    levels_of = [f"{name} level" for name in PARAMETERS]
    configured = configured.drop_duplicates(keys)[[*keys, "configuration", *levels_of]]
    merged = trials.merge(configured, on=keys, how="left", validate="many_to_one")
    values = {name: merged[f"{name} level"] for name in PARAMETERS}
    values |= {f"{n} value": merged[n].where(values[n].notna()) for n in PARAMETERS}
    return merged.assign(**values).drop(columns=levels_of)


def _declared(pipeline: Pipeline) -> Mapping[str, tuple[Value, ...]]:
    """Return the declared values of every searched choice: they are levels, run or not."""
    searched = pipeline.search.parameters.items()
    return {name: d.choices for name, d in searched if isinstance(d, Choices)}


def drawn_epochs(last: int) -> list[int]:
    """Return at most `EPOCHS` epochs from 1 to `last`, evenly in their logarithm.

    >>> drawn_epochs(5), drawn_epochs(5000)[-3:]
    ([1, 2, 3, 4, 5], [4030, 4489, 5000])
    """
    return sorted({int(epoch) for epoch in np.geomspace(1, last, EPOCHS).round()})


def _metrics(results: Results, pipeline: Pipeline) -> pd.DataFrame:
    """Return the metrics at all epochs that are drawn or looked at: they are read once."""
    last = pipeline.training.epochs
    epochs = sorted({*drawn_epochs(last), *late.epochs(last)})
    rows = results.metrics(columns=["run_id", "epoch", *OF_EPOCHS], epochs=epochs)
    return rows.astype({"run_id": str})


def _drawn(
    metrics: pd.DataFrame, runs: pd.DataFrame, names: tuple[str, ...], pipeline: Pipeline
) -> pd.DataFrame:
    """Return the rows of the metrics that are drawn, beside what each run is."""
    rows = metrics[metrics["epoch"].isin(drawn_epochs(pipeline.training.epochs))]
    about = runs[["run_id", "dataset", "configuration", *names]]
    return rows.merge(about, on="run_id", validate="many_to_one")


def _described(
    results: Results, metrics: pd.DataFrame, runs: pd.DataFrame, pipeline: Pipeline
) -> pd.DataFrame:
    """Return the runs with what each does at last, and whether its answers are constant."""
    aim = pipeline.search.aims[0]
    metric = METRICS[aim.metric].curve if METRICS[aim.metric].per_epoch else None
    rows = metrics[metrics["epoch"].isin(late.epochs(pipeline.training.epochs))]
    lately = late.late(rows, metric, aim.goal)
    parts = lately, _constant(results, runs, pipeline)
    for part in parts:
        runs = runs.merge(part, on="run_id", how="left", validate="one_to_one")
    return runs


def _constant(results: Results, runs: pd.DataFrame, pipeline: Pipeline) -> pd.DataFrame:
    """Return which completed runs give one answer to all of their training samples."""
    completed = runs.loc[runs["status"] == "completed", ["run_id", "dataset"]]
    columns = ["run_id", "target", "prediction", "answer"]
    rows = results.predictions({"part": "train"}, columns=columns).astype({"run_id": "str"})
    labelled = completed.assign(classes=completed["dataset"].isin(classified(pipeline)))
    return constant(rows.merge(labelled[["run_id", "classes"]], on="run_id"))


def _targets(results: Results, runs: pd.DataFrame) -> pd.DataFrame:
    """Return the labels of both parts of each repetition of each dataset, from one run of each."""
    trained = runs[runs["status"].isin(["completed", "pruned", "diverged"])]
    ones = trained.drop_duplicates(["dataset", "repetition"])
    last = last_predictions(results, ones["run_id"])
    about = ones[["run_id", "dataset", "repetition"]]
    return about.merge(last[last["part"] != "grid"], on="run_id")


def as_asked(runs: pd.DataFrame, trials: pd.DataFrame) -> pd.DataFrame:
    """Return a search's runs in the order in which its trials were asked for, as a plan's are.

    Equal configurations are ranked in this order.
    """
    keys = ["dataset", "configuration"]
    numbers = trials.astype({"dataset": "str"}).groupby(keys)["number"].min()
    asked = pd.MultiIndex.from_frame(runs[keys].astype({"dataset": "str"}))
    order = runs.assign(number=numbers.reindex(asked).to_numpy())
    by = ["dataset", "number", "repetition", "run_id"]
    return order.sort_values(by, ignore_index=True).drop(columns="number")


def rankable(runs: pd.DataFrame, trials: pd.DataFrame) -> pd.DataFrame:
    """Return the runs by which the configurations of a search are ranked.

    On each dataset these are the fresh repetitions of the confirmed configurations or, without
    any, the runs that were not pruned, also before the search has ended.
    """
    if trials.empty:
        return whole(runs)
    pairs = list(zip(runs["dataset"].astype(str), runs["configuration"], strict=True))
    completed = trials[trials["state"] == "completed"]
    fresh = completed[completed["phase"] == "confirm"]
    rest = completed[~completed["dataset"].isin(fresh["dataset"])]
    keys = ["dataset", "configuration"]
    least = dict.fromkeys(rest[keys].itertuples(index=False, name=None), 0)
    confirmed = fresh[keys].itertuples(index=False, name=None)
    least |= dict(zip(confirmed, fresh["runs"].astype(int), strict=True))
    first = np.array([least.get(pair, np.inf) for pair in pairs])
    return runs[runs["repetition"].to_numpy() >= first]
