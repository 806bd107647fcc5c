"""The report's last section: what shows that its numbers can be had again."""

from study.report.certificate_sentences import NONE_YET, certificate
from study.report.section import Section

SECTIONS: tuple[Section, ...] = (
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
