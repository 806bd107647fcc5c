"""What a report is made from: runs, trials and the rows that are drawn, frozen."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from study.metrics import METRICS, OF_RUNS
from study.plan.seeds import samples
from study.plan.trials import learns, planned
from study.plot import theme
from study.plot.theme import Looks
from study.spec.objective import Objective
from study.spec.pipeline import Pipeline
from study.stats import (
    edges,
    feasible,
    levels,
    matters,
    reference,
    slices,
    summaries,
    trivial,
    winners,
)
from study.stats.comparable import whole
from study.stats.constant import by_configuration
from study.stats.learned import learned
from study.stats.levels import Texts
from study.stats.noise import SUMMARIES, noise
from study.stats.pairs import Exclusion
from study.stats.ranges import axis
from study.stats.typical import typical
from study.store.reader import Results

SEED = 0
"""Where chance enters an analysis, the report draws from here: the same page each time."""


def classified(pipeline: Pipeline) -> list[str]:
    """Return the datasets whose target is a class, and no number."""
    return [name for name, dataset in pipeline.datasets.items() if dataset.labels is not None]


def planar(pipeline: Pipeline) -> list[str]:
    """Return the datasets with two inputs, which are drawn as a plane."""
    return [name for name, dataset in pipeline.datasets.items() if dataset.shape == (2,)]


def last_predictions(results: Results, run_ids: Iterable[str]) -> pd.DataFrame:
    """Return the predictions of these runs after their last epoch."""
    rows = results.predictions(where={"run_id": list(run_ids)})
    rows = rows.astype({"run_id": str, "part": str})
    return rows[rows["epoch"] == rows.groupby("run_id")["epoch"].transform("max")]


@dataclass(frozen=True)
class Material:
    """Everything that the report's tables are computed from; what follows from it is kept.

    `results`: the stored study, for what one question alone reads. `ended`: whether all trials are
    known; a grid's are from the beginning. `added`: how many runs verdicts alone use. `texts`: how
    each parameter's values are written. `runs`: a row per planned or stored run, the parameters as
    levels, null where they are not searched, `status` missing where it is not stored, with what the
    run does in its last epochs and whether it gives one constant answer. `trials`: a row per trial,
    its parameters as levels, and as values (`lr value`); none before the study has ended.
    `metrics`: the runs' rows at the drawn epochs. `rankable`: the runs by which configurations are
    ranked, `ranked` the configurations. `base`: each dataset's configuration nearest to the
    defaults. `targets`: the labels of each repetition. `claims`: the hypotheses, tested.
    `certificate`: the runs that were trained again. `early`: why searches ended before their last
    trial, by their names.

    Runs are chosen by five rules: `runs` are all; `rankable` rank configurations; `whole` are of
    trials without a pruned run; `declared` have the declared repetitions, so that levels can be
    compared; `unchosen` are the declared runs that were proposed without regard to earlier results.
    """

    results: Results
    pipeline: Pipeline
    ended: bool
    added: int
    texts: Mapping[str, Texts]
    runs: pd.DataFrame
    trials: pd.DataFrame
    metrics: pd.DataFrame
    rankable: pd.DataFrame
    ranked: pd.DataFrame
    base: pd.DataFrame
    targets: pd.DataFrame
    claims: pd.DataFrame
    certificate: pd.DataFrame
    early: Mapping[str, str]

    @cached_property
    def studied(self) -> tuple[str, ...]:
        """The parameters with more than one level."""
        return levels.studied(self.runs)

    @cached_property
    def whole(self) -> pd.DataFrame:
        """The runs of all trials without a pruned run."""
        return whole(self.runs)

    @cached_property
    def declared(self) -> pd.DataFrame:
        """The runs by which levels can be compared: of the declared repetitions.

        Confirmation adds repetitions for the best alone. Where trials were pruned there are none:
        what ran to its end was chosen for it, and what diverged was not.
        """
        if (self.runs["status"] == "pruned").any():
            return self.runs.iloc[:0]
        return self.runs[self.runs["repetition"] < self.pipeline.search.repetitions]

    @cached_property
    def unchosen(self) -> pd.DataFrame:
        """The declared runs that were proposed without regard to earlier results.

        A method that learns tries a level that is good more often, and with other good levels.
        """
        runs = self.declared
        if not learns(self.pipeline):
            return runs
        drawn, keys = self.trials[self.trials["phase"] == "random"], ["dataset", "configuration"]
        asked = pd.MultiIndex.from_frame(drawn[keys].astype("str"))
        return runs[pd.MultiIndex.from_frame(runs[keys].astype("str")).isin(asked)]

    @cached_property
    def varied(self) -> tuple[str, ...]:
        """The studied parameters but the implementation, which groups the runs."""
        return tuple(name for name in self.studied if name != "implementation")

    @cached_property
    def losses(self) -> list[str]:
        """The losses that are minimised."""
        return levels.of(self.runs, "loss")

    def comparable(self, metrics: Sequence[str]) -> list[str]:
        """Return the metrics that compare all runs: none of several losses, on different scales."""
        return [m for m in metrics if len(self.losses) == 1 or not METRICS[m].on_loss_scale]

    @property
    def analysed(self) -> tuple[Objective, ...]:
        """What the first objective asks to be analysed, as far as it compares all runs."""
        analysed = self.pipeline.search.aims[0].analysed
        comparable = self.comparable([aim.metric for aim in analysed])
        return tuple(aim for aim in analysed if aim.metric in comparable)

    @cached_property
    def contrasts(self) -> pd.DataFrame:
        """Every two levels of each parameter, compared in matched settings: a grid's alone."""
        runs = self.unchosen if planned(self.pipeline).listed else self.unchosen.iloc[:0]
        return matters.contrasts(runs, self.varied, self.pipeline.search.aims[0].metric)

    @cached_property
    def noise(self) -> pd.DataFrame:
        """What repetitions alone change."""
        metrics = self.comparable(self.pipeline.search.aims[0].first(SUMMARIES))
        return noise(self.measurable(self.declared), self.trivial_losses, metrics=metrics)

    def measurable(self, runs: pd.DataFrame) -> pd.DataFrame:
        """Return these runs without the metrics that do not compare them.

        Several losses have different scales. Where a loss is in the target's unit, the epochs to
        loss 0.05 mean nothing, unless they are asked for.
        """
        if apart := [*{*OF_RUNS} - {*self.comparable(OF_RUNS)}]:
            return runs.assign(**dict.fromkeys(apart, np.nan))
        name = "epochs_to_loss_05"
        if any(aim.metric == name for aim in self.pipeline.search.aims):
            return runs
        datasets = self.pipeline.datasets.items()
        apart = [key for key, d in datasets if d.labels is None and not d.standardized]
        return runs.assign(**{name: runs[name].mask(runs["dataset"].astype("str").isin(apart))})

    @cached_property
    def spreads(self) -> pd.DataFrame:
        """By what each standardized target was divided, a row per dataset and repetition."""
        repetitions = sorted(self.runs["repetition"].unique())
        rows = [
            (name, dataset.source[1], n, samples(self.pipeline, name, n).spread)
            for name, dataset in self.pipeline.datasets.items()
            if dataset.standardized
            for n in repetitions
        ]
        return pd.DataFrame(rows, columns=["dataset", "target", "repetition", "spread"])

    @cached_property
    def competing(self) -> pd.DataFrame:
        """The runs of feasible configurations: only these may be best."""
        return feasible.competing(self.rankable, self.ranked)

    @cached_property
    def tied(self) -> pd.DataFrame:
        """Which configurations are tied with the best."""
        return winners.tied(self.competing, self.pipeline.search.aims[0])

    @cached_property
    def edges(self) -> pd.DataFrame:
        """The parameters whose outermost value the best configuration has."""
        tied = self.tied.loc[self.tied["tied"], ["dataset", "configuration"]]
        alike = [*tied.itertuples(index=False, name=None)]
        return edges.edges(
            self.runs,
            self.ranked,
            edges.Separated(alike, self.contrasts),
            space=self.pipeline.search.parameters,
            written=self.texts,
        )

    @cached_property
    def searched(self) -> bool:
        """Whether this is a search that has ended, and not a grid."""
        return not self.trials.empty and not planned(self.pipeline).listed

    @cached_property
    def looks(self) -> Looks:
        """What figures need beside their tables."""
        colours = theme.colours({name: axis(self.runs, name) for name in self.studied})
        metrics = tuple(aim.metric for aim in self.pipeline.search.aims)
        return Looks(colours, self.trivial_losses, metrics)

    @cached_property
    def classes(self) -> pd.DataFrame:
        """The classes of each dataset: the index, the label, and the samples in every draw."""
        rows = [
            (name, i, label, None if dataset.counts is None else dataset.counts[i])
            for name, dataset in self.pipeline.datasets.items()
            for i, label in enumerate(dataset.labels or ())
        ]
        classes = pd.DataFrame(rows, columns=["dataset", "class", "label", "samples"])
        return classes.astype({"samples": "Int64"})

    @cached_property
    def several(self) -> bool:
        """Whether some dataset has more than two classes."""
        return max(self.outputs.values()) > 1

    @cached_property
    def outputs(self) -> dict[str, int]:
        """The number of outputs of each dataset's networks."""
        return {name: dataset.outputs for name, dataset in self.pipeline.datasets.items()}

    @cached_property
    def trivial(self) -> pd.DataFrame:
        """Each dataset's trivial loss, the mean over its repetitions; none of several losses."""
        train = self.targets[self.targets["part"] == "train"]
        losses = trivial.trivial(train, self.losses[0], self.outputs)
        return losses if len(self.losses) == 1 else losses.iloc[:0]

    @cached_property
    def majority(self) -> pd.DataFrame:
        """The accuracy of always answering the most frequent class, of each dataset and part."""
        classified_rows = self.targets["dataset"].astype(str).isin(classified(self.pipeline))
        return trivial.majority(self.targets[classified_rows], self.outputs)

    @cached_property
    def trivial_losses(self) -> dict[str, float]:
        """Each dataset's trivial loss, where it is known."""
        return dict(zip(self.trivial["dataset"], self.trivial["trivial"], strict=True))

    @cached_property
    def references(self) -> dict[str, list[str]]:
        """What each parameter's levels are compared with: the base setup's, else the first."""
        setups = set(self.base["configuration"])
        base = self.runs[self.runs["configuration"].isin(setups)].iloc[0]
        return slices.references(self.runs, {name: base[name] for name in self.studied})

    @cached_property
    def constant(self) -> pd.DataFrame:
        """How many runs of each configuration that was trained to its end give one answer."""
        return by_configuration(self.whole)

    @cached_property
    def learned(self) -> pd.DataFrame:
        """Datasets with a configuration that beats the trivial predictor, and without."""
        baselines = [trivial.baselines(self.targets, loss, self.outputs) for loss in self.losses]
        rated, search = (self.runs, self.rankable, self.ranked), self.pipeline.search
        limits = search.constraints
        return learned(*rated, pd.concat(baselines), search.aims, constraints=limits)

    def beaten(self, datasets: "pd.Series[str]") -> "pd.Series[bool]":
        """Return whether some configuration beats the trivial predictor, for each dataset."""
        nothing = self.learned.loc[self.learned["better"] == 0, "dataset"]
        return ~datasets.astype("str").isin(nothing)

    @cached_property
    def best_runs(self) -> pd.DataFrame:
        """The runs by which each dataset's best configuration is ranked."""
        keys = ["dataset", "configuration"]
        best = feasible.best(self.ranked)[keys].astype({"dataset": str})
        return summaries.stored(self.rankable).astype({"dataset": str}).merge(best, on=keys)

    @cached_property
    def roles(self) -> pd.DataFrame:
        """Each dataset's base setup and best configuration: dataset, role, configuration."""
        return reference.roles(self.base, self.ranked)

    @cached_property
    def typical(self) -> pd.DataFrame:
        """The typical run of each configuration, by the runs that rank it, or else by all."""
        pairs = [
            pd.MultiIndex.from_frame(of[["dataset", "configuration"]].astype("str"))
            for of in (self.runs, self.rankable)
        ]
        by = self.runs["run_id"].isin(self.rankable["run_id"]) | ~pairs[0].isin(pairs[1])
        return typical(self.runs[by], self.pipeline.search.aims[0])

    @cached_property
    def shown(self) -> pd.DataFrame:
        """The runs whose predictions are drawn: of the base setup, and of the best."""
        return reference.representatives(self.runs, self.base, self.ranked, self.typical)

    @cached_property
    def points(self) -> pd.DataFrame:
        """The shown runs' predictions after their last epoch, on two-dimensional data."""
        last = self.predictions(self.shown["run_id"])
        return self.answered(self.shown.merge(last[last["x0"].notna()], on="run_id"))

    @cached_property
    def crossed(self) -> pd.DataFrame:
        """The stored runs at each two levels of the two parameters that are shown together."""
        return reference.crossed(self.runs, self.base)

    @cached_property
    def planes(self) -> pd.DataFrame:
        """What the completed of those runs answer over the plane, where there are classes."""
        labelled = self.crossed["dataset"].isin(classified(self.pipeline))
        completed = self.crossed[labelled & (self.crossed["status"] == "completed")]
        asked = completed.drop(columns=["repetition", "status"])
        last = self.predictions(asked["run_id"])
        return self.answered(asked.merge(last[last["part"] == "grid"], on="run_id"))

    def answered(self, points: pd.DataFrame) -> pd.DataFrame:
        """Return predictions with the number of `classes` of their dataset, 0 for a number.

        Of two classes and of numbers the `prediction` is drawn: where no dataset has more, this
        column, the `answer` and its `confidence` are left out.
        """
        if not self.several:
            return points.drop(columns=["answer", "confidence"])
        counts = self.classes["dataset"].value_counts()
        return points.assign(classes=[int(counts.get(name, 0)) for name in points["dataset"]])

    def predictions(self, run_ids: Iterable[str]) -> pd.DataFrame:
        """Return the predictions of these runs after their last epoch."""
        return last_predictions(self.results, run_ids)

    @cached_property
    def exclusions(self) -> tuple[Exclusion, ...]:
        """The pipeline's exclusions, their values written as levels."""
        return tuple(
            ({n: self.texts[n].get(value, str(value)) for n, value in e.where.items()}, e.reason)
            for e in self.pipeline.search.exclude
        )
