"""The text of `study plan` before training, and of `study run` after it."""

import math
import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from study.arguments import program
from study.datasets import Dataset
from study.execution.events import Finished
from study.plan.cells import COUNTED, combinations, conditional, counted, same_batches
from study.plan.cells import size as levels
from study.plan.forecast import Forecast
from study.prospects import hypothesis_rows
from study.samplers.methods import METHODS
from study.space import Dimension
from study.spec.constraints import described
from study.spec.objective import Objective
from study.spec.pipeline import Pipeline
from study.spec.search import Search
from study.terminal import visible
from study.units import amount, count_of, duration, size


def plan_text(
    pipeline: Pipeline,
    forecast: Forecast,
    state: str,
    ended: Mapping[str, str] | None = None,
    before: Iterable[Mapping[str, Any]] = (),
) -> str:
    """Return a plan as lines, each a label and a number with its explanation.

    `state` is how far the study is, `ended` why searches ended before their last trial, by name,
    and `before` the stored rows of hypotheses.parquet.
    """
    rows = [("state", state), *_plan_rows(pipeline, forecast, before)]
    if ended:
        rows.append(("search ended", "; ".join(f"{name} {why}" for name, why in ended.items())))
    return "\n".join(
        [visible(pipeline.title), "", *(f"{label:<15} {value}" for label, value in rows)]
    )


def _plan_rows(
    pipeline: Pipeline, f: Forecast, before: Iterable[Mapping[str, Any]]
) -> Iterator[tuple[str, str]]:
    search = pipeline.search
    yield "configurations", _made_of(pipeline, f.configurations)
    if same := same_batches(pipeline):
        yield "duplicates", "; ".join(same)
    yield from search_rows(search)
    yield "objective", "; ".join(map(_aim, search.aims))
    if search.constraints:
        yield "constraints", _limits(search)
    yield "datasets", f"{f.datasets} ({', '.join(pipeline.datasets)})"
    if own := "; ".join(_own(name, data) for name, data in pipeline.datasets.items() if data.file):
        yield "own data", own
    for label, describe in (("read as", _read_as), ("columns", _columns)):
        if described := "; ".join(describe(name, data) for name, data in pipeline.datasets.items()
                             if describe(name, data)):  # fmt: skip
            yield label, described
    if of := "; ".join(
        _classes(name, data) for name, data in pipeline.datasets.items() if data.labels
    ):
        yield "classes", of
    yield "trials", f"{amount(f.trials)} (a configuration on a dataset)"
    most = "" if METHODS[search.method].finite else "at most "
    epochs = f"{most}{amount(f.epochs)} epochs in total"
    repetitions = count_of(f.repetitions, "repetition")
    yield "runs", f"{most}{amount(f.runs)} ({repetitions}), {epochs}"
    rest = "" if search.pruner is None else "without pruning "
    workers = count_of(f.workers, "worker")
    yield "stored", amount(f.stored)
    yield "missing", amount(f.missing)
    yield (
        "expected time",
        f"{rest}about {duration(f.seconds)} with {workers}, and then the report"
        if f.missing
        else "none",
    )
    yield "expected disk", f"about {size(f.bytes)}"
    yield "smallest p", f"{f.smallest_p:.2g} (two-sided, paired, {repetitions})"
    yield from hypothesis_rows(pipeline, before)


def _made_of(pipeline: Pipeline, count: int) -> str:
    """Return a number of configurations and what it is made of.

    Of a grid, and of a search that tries every configuration, it is the product of the choices,
    less the combinations that repeat another one and the excluded ones.
    """
    search = pipeline.search
    finite = METHODS[search.method].finite
    product = " × ".join(f"{name} {_levels(name, d)}" for name, d in search.parameters.items())
    total = f"{amount(count)}{'' if finite else ' for each dataset'}"
    if not search.parameters:
        return f"{total} (nothing is searched)"
    if not finite and count == search.trials:
        return f"{total} ({search.method}: trials = {count}, from {product})"
    parts = [product]
    whole = combinations(pipeline)
    if whole >= COUNTED and search.exclude:  # counting them apart would take as long as the plan
        parts += [f"less {amount(whole - count)} that repeat another one or are excluded"]
        parts[0] += f" = {amount(whole)}"
    elif whole != count:
        left_out = counted(pipeline).excluded if search.exclude else 0
        parts[0] += f" = {amount(whole)}"
        if repeats := int(whole) - count - left_out:
            names = " and ".join(conditional(pipeline))
            verb = "do" if len(conditional(pipeline)) > 1 else "does"
            parts.append(f"less {amount(repeats)} repeats where {names} {verb} not apply")
        if left_out:
            parts.append(f"less {amount(left_out)} excluded")
    return f"{total} ({search.method}: {', '.join(parts)})"


def _aim(aim: Objective) -> str:
    """Write an objective: the direction, the metric, and which repetition counts.

    >>> _aim(Objective(metric="final_test_loss"))
    'minimize final_test_loss, the median over repetitions'
    """
    which = {0.0: "the best", 0.5: "the median", 1.0: "the worst"}
    quantile = which.get(aim.quantile, f"the {aim.quantile:g} quantile")
    return f"{aim.goal} {aim.metric}, {quantile} over repetitions"


def _limits(search: Search) -> str:
    """Write the constraints, and what they do: not every method learns from them."""
    method = METHODS[search.method]
    consequence = "infeasible configurations are ranked last"
    if method.constrained:
        consequence = f"{search.method} avoids infeasible configurations; they are ranked last"
    elif method.learns:
        consequence += f", and {search.method} does not avoid them"
    return f"{'; '.join(map(described, search.constraints))} ({consequence})"


def _classes(name: str, dataset: Dataset) -> str:
    """Name the classes of a dataset, with the number of samples of each if it is fixed."""
    labels = [visible(label) for label in dataset.labels or ()]
    if dataset.counts is None:
        return f"{name}: {', '.join(labels)} (the number of each depends on the draw)"
    each = zip(labels, dataset.counts, strict=True)
    return f"{name}: {', '.join(f'{label} ({amount(n)})' for label, n in each)}"


def _own(name: str, dataset: Dataset) -> str:
    """Describe the content of a file, and which class of its target has which label."""
    kind = (
        "a number, so there is no accuracy"
        if dataset.labels is None
        else ", ".join(f"{visible(of)} = {label}" for label, of in enumerate(dataset.labels))
    )
    file, target = map(visible, dataset.source)
    return f"{name}: {amount(dataset.size)} samples from {file}, {target}: {kind}"


def _read_as(name: str, dataset: Dataset) -> str:
    """Describe how a file was read, if that had to be inferred."""
    return f"{name}: {visible(dataset.described)}" if dataset.described else ""


def _columns(name: str, dataset: Dataset) -> str:
    """Name the unusual columns of a file."""
    return f"{name}: {', '.join(map(visible, dataset.notes))}" if dataset.notes else ""


def search_rows(search: Search) -> Iterator[tuple[str, str]]:
    """Yield how the trials of a search are chosen; nothing if all combinations are tried."""
    method = METHODS[search.method]
    if method.finite:
        return
    chosen = method.searched(search.parameters)
    drawn = [name for name in search.parameters if name not in chosen]
    batches = f"in batches of {search.batch}"
    yield "searched", f"{', '.join(chosen) or 'nothing'} (by {search.method}, {batches})"
    yield "at random", ", ".join(drawn) or "nothing"
    if search.pruner is not None:
        rungs = ", ".join(map(amount, search.pruner.rungs))
        yield "pruned", f"by {search.pruner.method} after {rungs} epochs"
    if search.compare_with is not None:
        yield "compared with", f"as many trials of {search.compare_with}"
    if search.confirm is not None:
        yield "confirmed", f"the best {search.confirm}, with as many fresh repetitions"


def _levels(name: str, dimension: Dimension) -> str:
    count = levels(name, dimension)
    return "range" if math.isinf(count) else amount(count)


def run_text(
    finished: Finished, page: Path, verdicts: Mapping[str, int], drawn: float | None
) -> str:
    """Return the summary of a finished study, and where to look.

    `verdicts` counts the rows of hypotheses.parquet with each verdict; `drawn` are the
    seconds that its report took; None where it was up to date.
    """
    f = finished
    statuses = [
        f"{amount(f.runs - f.diverged - f.pruned - f.failed)} completed",
        *(
            f"{amount(n)} {word}"
            for n, word in ((f.diverged, "diverged"), (f.pruned, "pruned"), (f.failed, "failed"))
            if n
        ),
    ]
    report = "up to date" if drawn is None else f"drawn in {duration(drawn)}"
    lines = [f"report:  {report}", f"{count_of(f.runs, 'run')}: {', '.join(statuses)}"]
    if f.failed:
        lines.append("run the same command to train the failed runs again")
    if decided := ", ".join(f"{count} {verdict}" for verdict, count in verdicts.items() if count):
        lines.append(f"hypotheses, on each dataset and network: {decided}")
    return "\n".join([*lines, f"results: {visible(f.folder)}", f"report:  {visible(page)}"])


def next_commands(
    page: Path, search: Search, best: Mapping[str, str], path: Path, overrides: Sequence[str]
) -> str:
    """Return the commands to continue with: see the report, train more, get the best network.

    `path` and `overrides` are the arguments of `study run`, `best` the best run of each
    dataset.
    """
    study, folder = program(), page.parent
    key, count = ("trials", search.trials) if search.trials else ("repetitions", search.repetitions)
    kept = [word for word in overrides if word.partition("=")[0].strip() != f"search.{key}"]
    sets = [word for override in kept for word in ("--set", override)]
    where = [] if folder.parent == Path("results") else ["--results", str(folder.parent)]
    commands = [
        f"{study} open {shlex.quote(str(folder))}",
        f"{study} {shlex.join(['run', str(path), *where, *sets])} --set search.{key}={2 * count}",
    ]
    again = f"{study} reproduce {shlex.quote(str(folder))}"
    first = list(best.values())[:1]  # empty if no run has a finite value
    commands += [f"{again} {run_id} --weights best.npz" for run_id in first]
    return "\n".join(["next:", *(f"  {command}" for command in commands)])


def run_json(
    finished: Finished, page: Path, verdicts: Mapping[str, int], drawn: float | None
) -> Mapping[str, object]:
    """Return the last line of `study run --json`."""
    where = {"folder": str(finished.folder), "report": str(page)}
    seconds = round(drawn or 0.0, 3)
    return {"event": "reported", **where, "verdicts": dict(verdicts), "seconds": seconds}
