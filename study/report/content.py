"""The sections of the report: each a question, its tables, a sentence and a figure, as data."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import pandas as pd
from matplotlib.figure import Figure

from study.analysis import curves, levels, pairs, summaries
from study.figures import comparison, predictions
from study.figures import curves as curve_figures
from study.figures import pairs as pair_figures
from study.report import sentences
from study.report.material import MEASURED, Material
from study.space import PARAMETERS

Tables: TypeAlias = Mapping[str, pd.DataFrame]
"""Name of the file in tables/ → its rows; the first is the one that the report shows."""

BEST = 12
"""How many of the best configurations are drawn for each dataset; the table has all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A question and how it is answered.

    `tables` computes every number; `figure` and `answer` use those and nothing else (and the
    material's colours and trivial losses). `picture` says what the figure shows, `reading` how to
    read it, and `absent` stands there instead where one of the tables is empty.
    """

    name: str
    question: str
    tables: Callable[[Material], Tables]
    answer: Callable[[Tables], str]
    figure: Callable[[Tables, Material], Figure]
    picture: str
    reading: str
    absent: str


def _study(material: Material) -> Tables:
    runs, pipeline = material.runs, material.pipeline
    parameters = pd.DataFrame(
        [
            {
                "parameter": name,
                "meaning": p.meaning,
                "levels": ", ".join(levels.of(runs, name)) or "does not act",
                "studied": name in material.studied,
            }
            for name, p in PARAMETERS.items()
        ]
    )
    size = pd.DataFrame(
        [
            {
                "datasets": len(pipeline.datasets),
                "configurations": runs["configuration"].nunique(),
                "repetitions": int(runs["repetition"].max()) + 1,
                "planned": len(runs),
                "epochs": pipeline.training.epochs,
            }
        ]
    )
    first = material.points.drop_duplicates(["dataset"])[["dataset", "role"]]
    samples = material.points.merge(first, on=["dataset", "role"])
    samples = samples[samples["part"] != "grid"][
        ["dataset", "repetition", "part", "x0", "x1", "target"]
    ]
    return {"parameters": parameters, "size": size, "samples": samples}


def _base(material: Material) -> Tables:
    setups = material.base[["dataset", "configuration"]]
    kept = material.metrics.astype({"dataset": str}).merge(setups, on=["dataset", "configuration"])
    kept["dataset"] = kept["dataset"].astype(material.metrics["dataset"].dtype)
    drawn = [metric for metric in MEASURED if kept[metric].notna().any()]
    parts = [
        curves.over_repetitions(kept, by=["dataset"], metric=metric).assign(metric=metric)
        for metric in drawn
    ]
    return {
        "base_curves": pd.concat(parts) if parts else pd.DataFrame(),
        "base_setup": material.base,
    }


def _curves(material: Material) -> Tables:
    parts = [
        curves.middle_half(material.metrics, by=["dataset", name], metric="train_loss")
        .rename(columns={name: "level_name"})
        .assign(parameter=name)
        for name in material.studied
    ]
    if not parts:
        return {"curves": pd.DataFrame()}
    table = pd.concat(parts, ignore_index=True).drop(columns="level")
    table = table.rename(columns={"level_name": "level"})
    return {
        "curves": table[["dataset", "parameter", "level", "epoch", "runs", "median", "low", "high"]]
    }


def _final_loss(material: Material) -> Tables:
    kept = summaries.stored(material.runs)
    columns = ["run_id", "dataset", "repetition", *material.studied, "status", "final_train_loss"]
    return {
        "final_loss": summaries.by_level(material.runs, material.studied),
        "final_loss_runs": kept[columns],
    }


def _shown(material: Material) -> Tables:
    return {"shown_runs": material.shown, "shown_predictions": material.points}


SECTIONS: tuple[Section, ...] = (
    Section(
        name="study",
        question="What was studied?",
        tables=_study,
        answer=lambda t: sentences.studied(t["parameters"], t["size"]),
        figure=lambda t, m: predictions.truths(t["samples"]),
        picture="Scatter plots of the samples of one repetition, coloured by label, one for each dataset:",
        reading="Each point is a sample with two inputs, x0 and x1. A network must learn to answer the label, 0 or 1, from these two numbers.",
        absent="The datasets are not drawn: no run with finite results on two-dimensional data is stored.",
    ),
    Section(
        name="outcomes",
        question="Did every run finish?",
        tables=lambda m: {"outcomes": summaries.outcomes(m.runs, m.studied)},
        answer=lambda t: sentences.outcomes(t["outcomes"]),
        figure=lambda t, m: comparison.outcomes(t["outcomes"]),
        picture="Stacked bars of the shares of runs that completed, diverged, were pruned, failed or are missing, for each level of each parameter, one column for each dataset:",
        reading="A run diverges where its loss is no longer a finite number, or exceeds the study's limit. Wherever runs are summarised, a diverged or failed one counts as an infinite loss: it is kept, and never best.",
        absent="No run is planned.",
    ),
    Section(
        name="best",
        question="Which configurations were best?",
        tables=lambda m: {"configurations": m.ranked},
        answer=lambda t: sentences.best(t["configurations"]),
        figure=lambda t, m: comparison.ranking(_top(t["configurations"]), m.trivial_losses),
        picture="Dots with intervals: the median result of each of the best configurations, best at the top, one panel for each dataset:",
        reading="The dot is the median over repetitions and the bar an interval for it, made of two of the values themselves, with the confidence that it really has. The dashed line is the loss of always answering the mean of the training labels: whoever is right of it has learned nothing.",
        absent="No configuration has a stored run.",
    ),
    Section(
        name="base",
        question="How does the base setup learn?",
        tables=_base,
        answer=lambda t: sentences.learning(t["base_setup"], t["base_curves"]),
        figure=lambda t, m: curve_figures.of_one_setup(t["base_curves"], m.trivial_losses),
        picture="Line charts of the base setup's loss and accuracy against the epoch, one column for each dataset:",
        reading="The line is the median over repetitions, the band an interval for it. Both axes of the loss are logarithmic. The dashed line is the loss of always answering the mean label.",
        absent="The base setup has no epochs stored.",
    ),
    Section(
        name="curves",
        question="How does each parameter change learning?",
        tables=_curves,
        answer=lambda t: sentences.levels(t["curves"]),
        figure=lambda t, m: curve_figures.by_level(t["curves"], m.trivial_losses, m.colours),
        picture="Line charts of the median training loss against the epoch, a line for each level, a row for each parameter, a column for each dataset:",
        reading="Each line is the median over all runs at that level, whatever their other parameters; the band holds the middle half of those runs. It describes them and is no confidence interval. A line that ends says that from there on more than half of the runs have diverged.",
        absent="Nothing to compare: no parameter has more than one level, or no epochs are stored.",
    ),
    Section(
        name="final-loss",
        question="Where did every single run end?",
        tables=_final_loss,
        answer=lambda t: sentences.spread(t["final_loss"]),
        figure=lambda t, m: comparison.final_loss(
            t["final_loss_runs"], t["final_loss"], m.trivial_losses, m.colours
        ),
        picture="Every run as a point: its final training loss over the levels of each parameter, diverged runs as crosses at the top, one column for each dataset:",
        reading="Every run is one point, moved sideways a little so that points do not hide each other. Crosses above the thin line diverged or failed and have no finite loss. Black bars are medians, in which those count as infinite; the dashed line is the loss of always answering the mean label.",
        absent="Nothing to compare: no parameter has more than one level.",
    ),
    Section(
        name="pairs",
        question="Do parameters act together?",
        tables=lambda m: {"pairs": pairs.pairs(m.runs, m.studied, m.exclusions)},
        answer=lambda t: sentences.together(t["pairs"]),
        figure=lambda t, m: pair_figures.heat_maps(t["pairs"]),
        picture="Heat maps of the median final training loss for each pair of parameters, one column for each dataset:",
        reading="A cell is the median over all runs with these two levels; bright is good. “div.” is the share of them that diverged, ∞ a median of infinity: at least half diverged. Hatched cells were excluded beforehand.",
        absent="There is no pair: fewer than two parameters have more than one level.",
    ),
    Section(
        name="predictions",
        question="What do the networks answer?",
        tables=_shown,
        answer=lambda t: sentences.answers(t["shown_runs"]),
        figure=lambda t, m: predictions.beside_truth(t["shown_predictions"]),
        picture="Scatter plots: the true labels beside the networks' answers, over the networks' output as colour with the decision boundary as a line, one row for each dataset:",
        reading="Points have the colour and shape of the label that the network answers (output above 0.5: label 1), and stand on the network's output for the whole plane: blue is 0, white 0.5, orange 1, and the black line is the decision boundary. Of each configuration the repetition in the middle of its final losses is shown.",
        absent="No predictions on two-dimensional data are stored for a run that did not diverge.",
    ),
)


def _top(ranked: pd.DataFrame) -> pd.DataFrame:
    return ranked[ranked["rank"] <= BEST]
