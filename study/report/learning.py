"""The report's sections on learning: curves, arrivals, and the functions that are learned."""

from study.plot import curves, gallery, multiples, predictions
from study.report import analysed, contrasts, learning_sentences, tables
from study.report.material import classified
from study.report.question import (
    DECLARED,
    DESCRIBES,
    EVERY,
    ORDER,
    PRUNED,
    QUARTILES,
    Basis,
    Question,
)

SECTIONS: tuple[Question, ...] = (
    Question(
        name="base",
        question="How does the base setup learn?",
        tables=tables.base,
        finding=lambda t: learning_sentences.learning(t["base_setup"], t["base_curves"]),
        figure=lambda t, m: curves.of_one_setup(t["base_curves"], m.trivial_losses),
        picture="Lines with bands: loss, accuracy (of two classes) and gradient norm of the base "
        "setup after each epoch, one column a dataset",
        reading="An epoch is one pass over the training data. Only accuracy has a linear axis. "
        "Each line is a median over repetitions, its band an interval for it. The "
        "dashed line is the loss of always answering the mean label.",
        basis=Basis(
            n={"runs": "runs a line"},
            interval=ORDER,
            chosen="the base setup, pruned trials left out",
        ),
        absent="No epoch of the base setup is stored.",
    ),
    Question(
        name="boundary",
        applies=lambda m: bool(classified(m.pipeline)),
        question="How does its decision boundary form?",
        tables=tables.boundary,
        finding=lambda t: learning_sentences.forming(t["boundary"]),
        figure=lambda t, _: predictions.boundary(t["boundary"]),
        picture="The output of the base setup over the plane after more and more epochs, with its "
        "decision boundary and the samples, one row a dataset",
        reading="One network, repetition 0 of the base setup, at different moments. The colour is "
        "its output: blue 0, white 0.5, orange 1. The black line is the decision boundary, 0.5; "
        "where there is none, the network answers the same everywhere. Points are the samples "
        "with their true labels.",
        basis=Basis(
            n={"": "points of the plane and samples"},
            interval=EVERY,
            chosen="repetition 0 of the base setup of each dataset; of many datasets the first",
        ),
        absent="Repetition 0 of the base setup is not stored, or its data have not two dimensions.",
    ),
    Question(
        name="curves",
        question="How does each parameter change learning?",
        tables=analysed.by_level,
        finding=lambda t: contrasts.levels(t["curves"]),
        figure=lambda t, m: curves.by_level(t["curves"], m.trivial_losses, m.colours),
        picture="Lines with bands: the objective's metric after each epoch for each level of each "
        "parameter, one row a parameter, one column a dataset",
        reading="Each line is the median of the runs at that level, over the settings of the other "
        "parameters that occur at every level; the band holds the middle half of those runs. It "
        "describes them and is no "
        "confidence interval. A line ends where most of its runs have diverged; a band that "
        "reaches the top says that a quarter have, or nearly. Where the metric is of held-out "
        "samples, broken lines are the same medians of the training samples." + DESCRIBES,
        basis=Basis(n={"runs": "runs a line"}, interval=QUARTILES, chosen=DECLARED),
        absent="There is nothing to compare: no parameter has several levels with stored epochs"
        + PRUNED,
    ),
    Question(
        name="multiples",
        question="How do two parameters change learning?",
        applies=lambda m: not m.crossed.empty,
        tables=analysed.crossed,
        finding=lambda t: learning_sentences.crossing(t["multiples"]),
        figure=lambda t, m: multiples.multiples(t["multiples"], t["single_runs"], m.trivial_losses),
        picture="Lines with bands: the objective's metric after each epoch, one panel for each two "
        "levels of two parameters, with a few single runs as thin lines",
        reading="Each panel is one configuration, all other parameters at the base setup's "
        "values: its median over repetitions in blue, the band an interval for it, and in grey "
        f"its first {analysed.SINGLES} repetitions, as single runs that one could have drawn. "
        "Where the metric is of held-out samples, the broken line is the median of the training "
        "samples. The dashed line is the loss of always answering the mean label.",
        basis=Basis(
            n={"runs": "runs a panel"},
            interval=ORDER,
            chosen="the base setup but for two parameters, pruned trials left out; of many "
            "datasets the first",
        ),
        absent="No epoch of such configurations is stored, or all were pruned.",
    ),
    Question(
        name="arrivals",
        applies=lambda m: bool(classified(m.pipeline)),
        question="How long until every sample is right?",
        tables=tables.arriving,
        finding=lambda t: contrasts.arriving(t["arrivals"]),
        figure=lambda t, m: curves.arriving(t["arrivals"], m.colours),
        picture="Steps: the share of runs that have answered every training sample right, after "
        "each epoch, one line a level, one row a parameter, one column a dataset",
        reading="A line rises by a run wherever one answers every training sample right for the "
        "first time. What it lacks of 1 at the end is the share that never did, diverged runs "
        "among them. The runs are those of settings of the other parameters that occur at every "
        "level." + DESCRIBES,
        basis=Basis(n={"runs": "runs a line"}, interval="none: these are counts", chosen=DECLARED),
        absent="There is nothing to compare: no parameter has several levels with stored runs"
        + PRUNED,
    ),
    Question(
        name="gallery",
        question="Do repetitions learn the same function?",
        applies=lambda m: not m.planes.empty,
        tables=tables.gallery_of,
        finding=lambda t: learning_sentences.disagreeing(t["disagreement"]),
        figure=lambda t, _: gallery.gallery(t["surfaces"], t["disagreement"]),
        picture="Maps of the plane, one for each two levels of two parameters: blue where the "
        "repetitions answer 0, orange where they answer 1, white where they disagree",
        reading="Each map is one configuration, all other parameters at the base setup's values. "
        "The colour is the share of its repetitions that answer 1: blue none, orange all, white "
        "half, so that what is white depends on the draw. The black line is the boundary of the "
        "majority. The number is how often two repetitions answer differently, at a random point. "
        "“Constant” marks maps where most repetitions give one answer to all training samples: "
        "where these agree, that is no sign of stability. Runs that diverged do not count: a map "
        "without any is empty.",
        basis=Basis(
            n={"repetitions": "repetitions a map"},
            interval="none: these are shares of the repetitions",
            chosen="the base setup but for two parameters, completed runs; of many datasets the "
            "first",
        ),
        absent="No two parameters have two to six levels with stored answers.",
    ),
    Question(
        name="predictions",
        question="What do the networks answer?",
        tables=tables.shown,
        finding=lambda t: learning_sentences.answers(t["shown_runs"]),
        figure=lambda t, _: predictions.beside_truth(t["shown_predictions"]),
        picture="The true targets beside the answers of the base setup and of the best "
        "configuration, over the network's output as colour, one row a dataset",
        reading="Points have the colour and shape of the label that the network answers; wrong "
        "ones are ringed. Behind them stands the network's output: blue 0, white 0.5, orange 1. "
        "The black line is the decision boundary, 0.5. Where the target is a number, its colour "
        "says how large it is, on one scale for points (the truth) and plane (the answer): a point "
        "that stands out from the plane is answered wrongly. Of each configuration the repetition "
        "in the middle by the objective's metric is shown, with its own samples; the truth beside "
        "them is of the first.",
        basis=Basis(
            n={"": "points of the plane and samples"},
            interval=EVERY,
            chosen="of each configuration the repetition in the middle by the objective; of "
            "many datasets the first",
        ),
        absent="No predictions on two-dimensional data are stored for a run that stayed finite.",
    ),
)
