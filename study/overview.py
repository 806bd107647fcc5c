"""What `study plan` says before training, and `study run` after it."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from study.execution.events import Finished
from study.plan.forecast import Forecast
from study.space import Choices, Dimension
from study.spec.pipeline import Pipeline
from study.units import amount, duration, size, workers


def plan_text(pipeline: Pipeline, forecast: Forecast) -> str:
    """Return a plan as lines of a label and what it comes to."""
    rows = dict(_plan_rows(pipeline, forecast))
    return "\n".join(
        [f"{pipeline.title}", "", *(f"{label:<15} {says}" for label, says in rows.items())]
    )


def _plan_rows(pipeline: Pipeline, f: Forecast) -> Iterator[tuple[str, str]]:
    searched = pipeline.search.parameters
    product = " × ".join(f"{name} {_levels(d)}" for name, d in searched.items())
    method = f"{pipeline.search.method}: {product}" if searched else "nothing is searched"
    out = sum(1 for _ in pipeline.search.exclude)
    yield (
        "configurations",
        f"{amount(f.configurations)} ({method}{', less what is excluded' if out else ''})",
    )
    yield "datasets", f"{f.datasets} ({', '.join(pipeline.datasets)})"
    yield "trials", f"{amount(f.trials)} (a configuration on a dataset)"
    yield (
        "runs",
        f"{amount(f.runs)} ({f.repetitions} repetitions), {amount(f.epochs)} epochs in all",
    )
    yield "stored", amount(f.stored)
    yield "missing", amount(f.missing)
    yield (
        "expected time",
        f"about {duration(f.seconds)} with {workers(f.workers)}" if f.missing else "none",
    )
    yield "expected disk", f"about {size(f.bytes)}"
    yield "smallest p", f"{f.smallest_p:.2g} (two-sided, {f.repetitions} paired repetitions)"
    if pipeline.hypotheses:
        yield "hypotheses", hypotheses_notice(pipeline)


def hypotheses_notice(pipeline: Pipeline) -> str:
    """Say what becomes of the declared hypotheses."""
    count = len(pipeline.hypotheses)
    declared = "1 hypothesis is" if count == 1 else f"{count} hypotheses are"
    return f"{declared} declared and valid; this version does not test hypotheses"


def _levels(dimension: Dimension) -> str:
    return str(len(dimension.choices)) if isinstance(dimension, Choices) else "range"


def run_text(finished: Finished, page: Path) -> str:
    """Return what a finished study came to, and where to look."""
    f = finished
    statuses = [
        f"{amount(f.runs - f.diverged - f.failed)} completed",
        *(
            f"{amount(n)} {word}"
            for n, word in ((f.diverged, "diverged"), (f.failed, "failed"))
            if n
        ),
    ]
    spent = (
        f"trained {amount(f.trained)} runs in {duration(f.seconds)}"
        if f.trained
        else "trained nothing"
    )
    lines = [f"{amount(f.runs)} runs: {', '.join(statuses)}; {spent}"]
    if f.failed:
        lines.append("the same command trains the failed runs again")
    return "\n".join([*lines, f"results: {f.folder}", f"report:  {page}"])


def run_json(finished: Finished, page: Path) -> Mapping[str, object]:
    """Return the last line of `study run --json`."""
    return {"event": "reported", "folder": str(finished.folder), "report": str(page)}
