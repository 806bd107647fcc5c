"""The sections of the report: each a question, its tables, a sentence and a figure, as data."""

from collections.abc import Mapping

import pandas as pd

from study.metrics import METRICS
from study.plot import comparison, predictions
from study.plot.theme import Looks
from study.report import (
    best_sentences,
    data_sentences,
    learned_sentences,
    own_units,
    sentences,
    tables,
)
from study.report.question import EVERY, ORDER, Basis, Question

BEST = 12
"""So many of each dataset's best configurations are drawn; the table has all."""


def _top(ranked: pd.DataFrame) -> pd.DataFrame:
    return ranked[(ranked["rank"] <= BEST) | ranked["base"] | ranked["near"]]


def _trivial(ranked: pd.DataFrame, looks: Looks) -> Mapping[str, float]:
    """Return the trivial losses, where the configurations are ranked by a loss."""
    return looks.trivial_losses if METRICS[str(ranked["metric"].iloc[0])].is_loss else {}


SECTIONS: tuple[Question, ...] = (
    Question(
        name="study",
        question="Which data, and which parameters?",
        tables=tables.study,
        finding=lambda t: [
            *sentences.studied(t["parameters"], t["size"]),
            *data_sentences.own_data(t["data"]),
        ],
        figure=lambda t, _: predictions.truths(t["samples"]),
        picture="The samples of one repetition, coloured by label or target, one panel a dataset",
        reading="Each point is a sample of two numbers, x0 and x1. From these a network learns "
        "to answer the label: 0 (blue circles) or 1 (orange triangles); or, where the target is a "
        "number, its value (the colour).",
        basis=Basis(
            n={"": "points"},
            interval=EVERY,
            chosen="the samples of one repetition of each dataset",
        ),
        absent="The data are not drawn: no finished run on two-dimensional data is stored.",
    ),
    Question(
        name="best",
        question="Which configurations were best?",
        tables=tables.best,
        finding=lambda t: [
            *learned_sentences.nothing(t["learned"]),
            *best_sentences.best(
                learned_sentences.announced(t["configurations"], t["learned"]), t["optimism"]
            ),
            *own_units.errors(t["own_units"]),
            *learned_sentences.stuck(t["learned"]),
        ],
        figure=lambda t, m: comparison.ranking(
            _top(t["configurations"]), _trivial(t["configurations"], m)
        ),
        picture=f"Dots with bars: the objective of the {BEST} best configurations and the median's "
        "interval, best at the top, those that may be the best ringed, one panel a dataset",
        reading="The dot is the objective, which ranks: the repetition at the declared quantile "
        "(0.5 is the median, of an even number the worse of the middle two; equal ones are in the "
        "order in which they were tried). The bar is an interval for the median whose ends are two "
        "of the values; the text above gives its confidence. The dashed line is the loss "
        "of the trivial predictor, which always answers the mean of the training labels "
        "(averaged over the repetitions): what lies to its right is no better than that. Ringed "
        "dots are those that cannot be told from the best, where there are enough repetitions to "
        "test it: of many configurations one is far behind by luck alone, so each one's greatest t "
        "(a difference, in units of what repetitions make it vary) is held against the greatest "
        "that come about when the signs of whole repetitions are flipped at random. A cross is an "
        "infinite objective. The base setup, or the nearest configuration, is always "
        "named; # gives places in the ranking, and lr is the learning rate.",
        basis=Basis(
            n={"runs": "runs a dot"},
            interval=ORDER,
            chosen="the best, and the base setup; diverged runs count as the worst",
        ),
        absent="No configuration has a stored run.",
    ),
)
