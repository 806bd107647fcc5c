"""A results folder → the material of its report: what is read, and how much of it."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
from pandas.api.types import is_numeric_dtype

from study.metrics import METRICS, OF_EPOCHS
from study.plan.counting import claims, values_of
from study.plan.trials import planned
from study.report import answers
from study.report.believed import certified, check_files, check_trials
from study.report.material import Material, classified
from study.report.ranking import as_asked, rankable
from study.space import PARAMETERS, Choices, Value
from study.spec.pipeline import Pipeline
from study.stats import late, levels, reference, summaries
from study.stats.hypotheses import hypotheses
from study.stats.overfitting import overfitting
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
    ended = planned(pipeline).known or at is not None
    if ended:
        declared = pipeline.search.repetitions
        told = results.trials
        if at is None:  # an earlier end's: what was added then may be declared now
            told = told[told["phase"] != "decide"]
        check_trials(folder, told, plain, repetitions=declared, whole=at is not None)
    planned_and_added, plain = len(plain), _unadded(pipeline, plain, results.trials)
    texts = levels.written(plain, _declared(pipeline))
    every = levels.levelled(plain, texts)
    names = levels.studied(every)
    plain["configuration"] = every["configuration"] = levels.configurations(every, names)
    runs = levels.searched(every, plain, pipeline.search.conditions)
    trials = _trials(results, plain, runs)
    trials = trials[trials["phase"] != "decide"]
    trials = trials if ended else trials.iloc[:0]  # an earlier end's
    if not planned(pipeline).known:
        every, runs = (as_asked(part, trials) for part in (every, runs))
    counted = every if planned(pipeline).known else rankable(every, trials)
    ranked = summaries.configurations(counted, names, pipeline.search.aims[0])
    lasting = compared(plain)
    base = reference.base(plain if lasting.empty else lasting)
    labelled = base[base["dataset"].isin(classified(pipeline))]  # whose answers have a boundary
    shown = reference.representatives(runs, base, ranked, pipeline.search.aims[0])
    crossed = _crossed(runs, base)
    targets = answers.targets(results, runs)
    metrics, lately = _metrics(results, runs, names, pipeline)
    return Material(
        pipeline=pipeline,
        added=planned_and_added - len(plain),
        ended=ended,
        texts=texts,
        runs=runs,
        trials=trials,
        metrics=metrics,
        counted=counted,
        ranked=ranked,
        base=base,
        shown=shown,
        points=answers.points(results, shown),
        snapshots=answers.snapshots(results, runs, labelled),
        crossed=crossed,
        planes=answers.planes(results, crossed[crossed["dataset"].isin(labelled["dataset"])]),
        trivial=reference.trivial(targets[targets["part"] == "train"], pipeline.model.loss),
        baselines=reference.baselines(targets, pipeline.model.loss),
        claims=hypotheses(
            results.runs, claims(pipeline, results.trials.to_dict("records"), added_later(folder))
        ),
        late=runs.merge(lately, on="run_id", how="left", validate="one_to_one").merge(
            answers.constant(results, runs, classified(pipeline)),
            on="run_id",
            how="left",
            validate="one_to_one",
        ),
        overfit=_overfit(results, counted, ranked),
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
    """Return the stored runs and those that are known to be missing, in the order of the plan."""
    runs = planned(pipeline).runs
    known = set(stored["run_id"])
    missing = [
        {
            "run_id": run.run_id,
            "dataset": run.dataset,
            "repetition": run.repetition,
            "status": "missing",
            **run.configuration,
        }
        for run in runs
        if run.run_id not in known
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
    known = plain.assign(**{f"{name} level": runs[name] for name in PARAMETERS})
    known = known.astype({name: trials[name].dtype for name in keys})
    levels_of = [f"{name} level" for name in PARAMETERS]
    known = known.drop_duplicates(keys)[[*keys, "configuration", *levels_of]]
    merged = trials.merge(known, on=keys, how="left", validate="many_to_one")
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


def _metrics(
    results: Results, runs: pd.DataFrame, names: tuple[str, ...], pipeline: Pipeline
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the rows that are drawn, beside what each run is, and what each does at last."""
    last, aim = pipeline.training.epochs, pipeline.search.aims[0]
    drawn, lately = drawn_epochs(last), late.epochs(last)
    columns = ["run_id", "epoch", *OF_EPOCHS]
    rows = results.metrics(columns=columns, epochs=sorted({*drawn, *lately}))
    rows = rows.astype({"run_id": str})
    about = runs[["run_id", "dataset", "configuration", *names]]
    kept = rows[rows["epoch"].isin(drawn)].merge(about, on="run_id", validate="many_to_one")
    metric = METRICS[aim.metric].curve if METRICS[aim.metric].known_on_the_way else None
    return kept, late.late(rows[rows["epoch"].isin(lately)], metric, aim.goal)


def _overfit(results: Results, counted: pd.DataFrame, ranked: pd.DataFrame) -> pd.DataFrame:
    """Return whether the best configuration of each dataset overfits, from all of its epochs."""
    keys = ["dataset", "configuration"]
    best = ranked.loc[ranked["rank"] == 1, keys]
    runs = summaries.stored(counted).astype({"dataset": "str"}).merge(best)[["run_id", *keys]]
    own = {"run_id": runs["run_id"].tolist()}
    rows = results.metrics(own, columns=["run_id", "epoch", "test_loss"]).astype({"run_id": str})
    return overfitting(rows.merge(runs, on="run_id"))


def _crossed(runs: pd.DataFrame, base: pd.DataFrame) -> pd.DataFrame:
    """Return the stored runs at each two levels of the two parameters that are shown together.

    All other parameters have the base setup's levels, or do not act. `first_level` and
    `second_level` are of the two parameters, the one with fewer levels first.
    """
    columns = ["dataset", "first_level", "second_level", "run_id", "repetition", "status"]
    names, parts = levels.crossed(runs), [pd.DataFrame(columns=columns)]
    others = [name for name in levels.studied(runs) if name not in names]
    for setup in base.itertuples() if len(names) > 1 else ():
        here = runs[(runs["dataset"] == setup.dataset) & (runs["status"] != "missing")]
        own = here[here["configuration"] == setup.configuration].iloc[0]
        for name in others:
            here = here[(here[name] == own[name]) | here[name].isna()]
        here = here.dropna(subset=list(names))
        here = here.sort_values(list(names), kind="stable")
        part = here.assign(
            first_level=here[names[0]].astype(str), second_level=here[names[1]].astype(str)
        )
        parts.append(part.astype({"dataset": "str"})[columns])
    return pd.concat(parts, ignore_index=True)
