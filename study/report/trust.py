"""The report's sections on trust: noise, what to be wary of, and whether numbers come again."""

from study.report import caution_sentences
from study.report.certificate_sentences import NONE_YET, certificate
from study.report.material import Material, classified
from study.report.question import Question, Tables
from study.stats import cautions


def _cautions(material: Material) -> Tables:
    aim = material.pipeline.search.aims[0]
    found = cautions.cautions(
        cautions.Grounds(
            edges=material.edges,
            runs=material.runs,
            ranked=material.ranked,
            tested=material.unchosen,
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


SECTIONS: tuple[Question, ...] = (
    Question(
        name="cautions",
        question="What would a careful colleague warn of?",
        tables=_cautions,
        finding=lambda t: caution_sentences.cautions(t["cautions"]),
        figure=None,
        picture="",
        reading="",
        absent="None of the usual warnings applies.",
    ),
    Question(
        name="certificate",
        question="Does a run come to the same numbers again?",
        tables=lambda m: {"certificate": m.certificate},
        finding=lambda t: certificate(t["certificate"]),
        figure=None,
        picture="",
        reading="",
        absent=NONE_YET,
    ),
)
