"""The sections of the report: each a question, its tables, a sentence and a figure, as data."""

from collections.abc import Mapping

import pandas as pd

from study.figures import comparison, curves, gallery, multiples, outcomes, pairs, predictions
from study.report import (
    best_sentences,
    claims,
    contrasts,
    findings,
    learning_sentences,
    searches,
    sentences,
    tables,
)
from study.report.looks import Looks
from study.report.section import Section

DESCRIBES = (
    " Where a method chooses trials by their results, a good level is tried with other good levels:"
    " this describes what was tried, and tests nothing."
)
PRUNED = (
    " Or trials were pruned: what then ran to its end was chosen by its results, so levels cannot "
    "be compared by it."
)

BEST = 12
"""So many of each dataset's best configurations are drawn; the table has all."""


def _top(ranked: pd.DataFrame) -> pd.DataFrame:
    return ranked[(ranked["rank"] <= BEST) | ranked["base"]]


def _trivial(ranked: pd.DataFrame, looks: Looks) -> Mapping[str, float]:
    """Return the trivial losses, where the configurations are ranked by a loss."""
    return looks.trivial_losses if "loss" in str(ranked["metric"].iloc[0]) else {}


SECTIONS: tuple[Section, ...] = (
    Section(
        name="study",
        question="Which data, and which parameters?",
        tables=tables.study,
        answer=lambda t: sentences.studied(t["parameters"], t["size"]),
        figure=lambda t, _: predictions.truths(t["samples"]),
        picture="The samples of one repetition, coloured by label, one panel a dataset",
        reading="Each point is a sample of two numbers, x0 and x1. From these a network learns "
        "to answer the label: 0 (blue circles) or 1 (orange triangles).",
        absent="The data are not drawn: no finished run on two-dimensional data is stored.",
    ),
    Section(
        name="outcomes",
        question="Did every run finish?",
        tables=tables.outcomes,
        answer=lambda t: sentences.outcomes(t["outcomes"]),
        figure=lambda t, _: outcomes.outcomes(t["outcomes"]),
        picture="Bars: the shares of runs that completed, diverged, failed or are missing, for all "
        "runs and for each level of each parameter, one column a dataset",
        reading="A run diverges where its loss is no longer a finite number, or passes the study's "
        "limit. Wherever runs are summarised, one that diverged or failed counts as an infinite "
        "loss: it is never left out, and never best.",
        absent="No run is planned.",
    ),
    *claims.SECTIONS,
    Section(
        name="best",
        question="Which configurations were best?",
        tables=tables.best,
        answer=lambda t: best_sentences.best(t["configurations"], t["optimism"]),
        figure=lambda t, m: comparison.ranking(
            _top(t["configurations"]), _trivial(t["configurations"], m)
        ),
        picture=f"Dots with bars: the median result of the {BEST} best configurations and its "
        "interval, best at the top, one panel a dataset",
        reading="The dot is the median over repetitions. The bar is an interval for it whose ends "
        "are two of the values; the text above gives its confidence. The dashed line is the loss "
        "of the trivial predictor, which always answers the mean of the training labels "
        "(averaged over the repetitions): what lies to its right is no better than that. A cross "
        "is an infinite median. The base setup is named wherever it stands; # gives places in the "
        "ranking, and lr is the learning rate.",
        absent="No configuration has a stored run.",
    ),
    Section(
        name="base",
        question="How does the base setup learn?",
        tables=tables.base,
        answer=lambda t: learning_sentences.learning(t["base_setup"], t["base_curves"]),
        figure=lambda t, m: curves.of_one_setup(t["base_curves"], m.trivial_losses),
        picture="Lines with bands: loss and accuracy of the base setup after each epoch, one "
        "column a dataset",
        reading="An epoch is one pass over the training data; its axis is logarithmic, as is the "
        "loss's. Each line is a median over repetitions, its band an interval for it. The "
        "dashed line is the loss of always answering the mean label.",
        absent="No epoch of the base setup is stored.",
    ),
    Section(
        name="boundary",
        question="How does its decision boundary form?",
        tables=tables.boundary,
        answer=lambda t: learning_sentences.forming(t["boundary"]),
        figure=lambda t, _: predictions.boundary(t["boundary"]),
        picture="The output of the base setup over the plane after more and more epochs, with its "
        "decision boundary and the samples, one row a dataset",
        reading="One network, repetition 0 of the base setup, at different moments. The colour is "
        "its output: blue 0, white 0.5, orange 1. The black line is the decision boundary, 0.5; "
        "where there is none, the network answers the same everywhere. Points are the samples "
        "with their true labels.",
        absent="Repetition 0 of the base setup is not stored, or its data have not two dimensions.",
    ),
    Section(
        name="curves",
        question="How does each parameter change learning?",
        tables=tables.by_level,
        answer=lambda t: contrasts.levels(t["curves"]),
        figure=lambda t, m: curves.by_level(t["curves"], m.trivial_losses, m.colours),
        picture="Lines with bands: the training loss after each epoch for each level of each "
        "parameter, one row a parameter, one column a dataset",
        reading="Each line is the median of the runs at that level, over the settings of the other "
        "parameters that occur at every level; the band holds the middle half of those runs. It "
        "describes them and is no "
        "confidence interval. A line ends where most of its runs have diverged; a band that "
        "reaches the top says that a quarter have, or nearly." + DESCRIBES,
        absent="No parameter has more than one level with stored epochs, so there is nothing to "
        "compare." + PRUNED,
    ),
    Section(
        name="multiples",
        question="How do two parameters change learning?",
        applies=lambda m: not m.crossed.empty,
        tables=tables.crossed,
        answer=lambda t: learning_sentences.crossing(t["multiples"]),
        figure=lambda t, m: multiples.multiples(t["multiples"], t["single_runs"], m.trivial_losses),
        picture="Lines with bands: the training loss after each epoch, one panel for each two "
        "levels of two parameters, with a few single runs as thin lines",
        reading="Each panel is one configuration, all other parameters at the base setup's "
        "values: its median over repetitions in blue, the band an interval for it, and in grey "
        f"its first {tables.SINGLES} repetitions, as single runs that one could have drawn. The "
        "dashed line is the loss of always answering the mean label.",
        absent="No epoch of such configurations is stored, or all were pruned.",
    ),
    Section(
        name="arrivals",
        question="How long until every sample is right?",
        tables=tables.arriving,
        answer=lambda t: contrasts.arriving(t["arrivals"]),
        figure=lambda t, m: curves.arriving(t["arrivals"], m.colours),
        picture="Steps: the share of runs that have answered every training sample right, after "
        "each epoch, one line a level, one row a parameter, one column a dataset",
        reading="A line rises by a run wherever one answers every training sample right for the "
        "first time. What it lacks of 1 at the end is the share that never did, diverged runs "
        "among them. The runs are those of settings of the other parameters that occur at every "
        "level." + DESCRIBES,
        absent="No parameter has more than one level with stored runs, so there is nothing to "
        "compare." + PRUNED,
    ),
    Section(
        name="final-loss",
        question="Where did every single run end?",
        tables=tables.final_loss,
        answer=lambda t: contrasts.spread(t["final_loss"]),
        figure=lambda t, m: comparison.final_loss(
            t["final_loss_runs"], t["final_loss"], m.trivial_losses, m.colours
        ),
        picture="Points: the final training loss of every run over the levels of each parameter, "
        "diverged runs as crosses at the top, one column a dataset",
        reading="Every run is one point, moved sideways so that points hide each other less. "
        "Crosses above the thin line are runs that diverged or failed; triangles on it are finite "
        "losses beyond the scale. Black bars are medians, in "
        "which those count as infinite: a level without a bar has an infinite one. They are taken "
        "over settings of the other parameters that occur at every level. The dashed "
        "line is the loss of always answering the mean label." + DESCRIBES,
        absent="No parameter has more than one level, so there is nothing to compare." + PRUNED,
    ),
    Section(
        name="pairs",
        question="Do parameters act together?",
        tables=tables.two_at_a_time,
        answer=lambda t: contrasts.together(t["pairs"]),
        figure=lambda t, _: pairs.heat_maps(t["pairs"]),
        picture="Heat maps: the median final training loss for each two levels of each pair of "
        "parameters, one column a dataset",
        reading="A cell is the median of the runs with these two levels, over settings of the "
        "other parameters that occur in every cell. Where runs of a cell "
        "diverged, “div.” gives their share; ∞ means that at least half of them did. Hatched "
        "cells were excluded beforehand, a dash marks levels that never act together." + DESCRIBES,
        absent="Fewer than two parameters have more than one level, so there is no pair." + PRUNED,
    ),
    Section(
        name="gallery",
        question="Do repetitions learn the same function?",
        applies=lambda m: not m.planes.empty,
        tables=tables.gallery_of,
        answer=lambda t: learning_sentences.disagreeing(t["disagreement"]),
        figure=lambda t, _: gallery.gallery(t["surfaces"], t["disagreement"]),
        picture="Maps of the plane, one for each two levels of two parameters: blue where the "
        "repetitions answer 0, orange where they answer 1, white where they disagree",
        reading="Each map is one configuration, all other parameters at the base setup's values. "
        "The colour is the share of its repetitions that answer 1: blue none, orange all, white "
        "half, so that what is white depends on the draw. The black line is the boundary of the "
        "majority. The number is how often two repetitions answer differently, at a random point. "
        "Runs that diverged do not count: a map without any is empty.",
        absent="No two parameters have two to six levels with stored answers.",
    ),
    Section(
        name="predictions",
        question="What do the networks answer?",
        tables=tables.shown,
        answer=lambda t: learning_sentences.answers(t["shown_runs"]),
        figure=lambda t, _: predictions.beside_truth(t["shown_predictions"]),
        picture="The true labels beside the answers of the base setup and of the best "
        "configuration, over the network's output as colour, one row a dataset",
        reading="Points have the colour and shape of the label that the network answers; wrong "
        "ones are ringed. Behind them stands the network's output: blue 0, white 0.5, orange 1. "
        "The black line is the decision boundary, 0.5. Of each configuration the repetition in "
        "the middle of its final losses is shown.",
        absent="No predictions on two-dimensional data are stored for a run that stayed finite.",
    ),
    *findings.SECTIONS,
    *searches.SECTIONS,
)
