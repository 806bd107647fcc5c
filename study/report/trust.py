"""The report's sections on trust: noise, what to be wary of, and whether numbers come again."""

from study.plot import shares
from study.report import caution_sentences
from study.report import finding_sentences as says
from study.report.basis import Basis
from study.report.certificate_sentences import NONE_YET, certificate
from study.report.constant_sentences import constant
from study.report.material import Material, classified
from study.report.section import Section
from study.report.tables import Tables
from study.stats import cautions


def _cautions(material: Material) -> Tables:
    aim = material.pipeline.search.aims[0]
    found = cautions.cautions(
        cautions.Grounds(
            edges=material.edges,
            runs=material.late,
            ranked=material.ranked,
            tested=material.tested_late,
            noise=material.noise,
            parameters=material.varied,
            references=material.references,
            metric=aim.metric,
            goal=aim.goal,
            labelled=classified(material.pipeline),
            learned=material.learned,
            constant=material.constant,
            overfit=material.overfit,
        )
    )
    return {"cautions": found, "overfitting": material.overfit}


SECTIONS: tuple[Section, ...] = (
    Section(
        name="noise",
        question="How much do repetitions alone change?",
        tables=lambda m: {"noise": m.noise, "constant": m.constant},
        answer=lambda t: [*says.noise(t["noise"]), *constant(t["constant"])],
        figure=lambda t, _: shares.noise(t["noise"]),
        picture="Bars: the share of each metric's variance that repetitions of one configuration "
        "make, one column a dataset and network",
        reading="Each bar is the share of all variance between runs that remains when "
        "configuration, dataset and network are the same: luck of the draw of data and initial "
        "weights, where they are drawn. Losses count in their logarithm, at most the trivial "
        "predictor's. A difference of two single runs that is not larger than this says nothing; "
        "below, runs of the same draws are compared.",
        basis=Basis(
            n={"repetitions": "repetitions of each configuration"},
            interval="none",
            chosen="declared repetitions; epochs to a threshold where each repetition reached it",
        ),
        absent="There are no repetitions to tell noise by, or trials were pruned, and what is left "
        "was chosen by its results.",
    ),
    Section(
        name="cautions",
        question="What would a careful colleague warn of?",
        tables=_cautions,
        answer=lambda t: caution_sentences.cautions(t["cautions"]),
        figure=None,
        picture="",
        reading="",
        absent="None of the usual warnings applies.",
    ),
    Section(
        name="certificate",
        question="Does a run come to the same numbers again?",
        tables=lambda m: {"certificate": m.certificate},
        answer=lambda t: certificate(t["certificate"]),
        figure=None,
        picture="",
        reading="",
        absent=NONE_YET,
    ),
)
