"""How does any configuration compare with any other? Tables for the page's explorer."""

from study.metrics import METRICS
from study.report.material import Material
from study.report.question import Question, Tables
from study.stats.explorer import ABOUT, Compared, ends, explored

THRESHOLDS = ("epochs_to_full_accuracy", "epochs_to_loss_05")


def tables(material: Material) -> Tables:
    """Return `explorer`, curves of each configuration, and `explorer_runs`, a row for each run."""
    charts = drawn(material)
    finals = [m.name for m in METRICS.values() if m.summary == "last" and m.of in charts]
    aim, of = material.pipeline.search.aims[0], compared(material)
    names = dict.fromkeys([aim.metric, *finals, *material.comparable(THRESHOLDS)])
    goals = {name: METRICS[name].goal for name in names} | {aim.metric: aim.goal}
    goals = {name: goal for name, goal in goals.items() if name not in ABOUT}
    return {
        "explorer": explored(material.runs, material.metrics, charts, of),
        "explorer_runs": ends(material.measurable(material.runs), goals, of),
    }


def drawn(material: Material) -> tuple[str, ...]:
    """Return the metrics of each epoch that are drawn: the objective's, of both parts.

    Where several losses were minimised, no loss compares their runs: accuracies are drawn.
    """
    curve = METRICS[material.pipeline.search.aims[0].metric].curve
    curve = next(iter(material.comparable([curve])), "train_accuracy")
    counterpart = METRICS[curve].counterpart
    both = [METRICS[name] for name in (curve, counterpart) if name is not None]
    return tuple(m.name for m in sorted(both, key=lambda m: m.held_out))


def compared(material: Material) -> Compared:
    """Return the metrics that each dataset has."""
    return {
        name: {
            m.name
            for m in METRICS.values()
            if (dataset.held_out > 0 or not m.held_out)
            and (dataset.labels is not None or not m.of_labels)
        }
        for name, dataset in material.pipeline.datasets.items()
    }


QUESTION = Question(
    name="explorer",
    question="How does any configuration compare with any other?",
    tables=tables,
    finding=lambda _: [],
    absent="No epoch of any run is stored.",
)
