"""The report's section on divergence: where, how soon, and what never does."""

from study.plot import divergence as maps
from study.report import finding_sentences as says
from study.report.material import Material
from study.report.question import Basis, Question, Tables
from study.stats import divergence
from study.stats.ranges import binned


def _diverging(material: Material) -> Tables:
    runs, names = binned(material.runs, material.studied), material.studied
    cells = divergence.cells(runs, names)
    some = cells.groupby(["parameter", "other"])["diverged"].transform("sum") > 0
    return {"divergence": cells[some], "stable": divergence.stable(runs, names)}


SECTIONS: tuple[Question, ...] = (
    Question(
        name="diverging",
        question="At which values do runs diverge?",
        applies=lambda m: bool((m.runs["status"] == "diverged").any()),
        tables=_diverging,
        finding=lambda t: says.diverging(t["divergence"], t["stable"]),
        figure=lambda t, _: maps.divergence(t["divergence"]),
        picture="Maps: how many of how many runs diverged at each two levels, one row a pair of "
        "parameters, one column a dataset and network",
        reading="A cell says how many of its runs diverged; the darker, the larger the share. The "
        "table has Wilson's interval for each share (which takes the runs for independent draws: "
        "where another parameter decides, it says little), and the first and median epoch. Pruned "
        "runs had not diverged by then.",
        basis=Basis(
            n={"runs": "runs a cell"},
            interval="Wilson's, 95 %, in the table",
            chosen="runs that completed, diverged or were pruned",
        ),
        absent="No parameter on a logarithmic scale was varied.",
    ),
)
