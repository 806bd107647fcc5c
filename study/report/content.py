"""The sections of the report: each a question, its tables, a sentence and a figure, as data."""

from study.plot import predictions
from study.report import (
    data_sentences,
    sentences,
    tables,
)
from study.report.question import EVERY, Basis, Question

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
)
