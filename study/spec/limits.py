"""Rules of [[search.constraints]]: metrics that limit nothing, limits that no run can meet."""

from collections.abc import Iterator

from study.errors import quoted
from study.metrics import EPOCHS, METRICS, SIZE
from study.samplers.methods import METHODS
from study.space import Mistake, Place, decidable
from study.spec.constraints import Constraint, described
from study.spec.measurable import across_losses, measured
from study.spec.pipeline import Pipeline
from study.spec.search import Search


def limits(pipeline: Pipeline) -> Iterator[Mistake]:
    """Yield the errors of constraints: metrics that limit nothing, and limits that none meets."""
    search = pipeline.search
    for i, limit in enumerate(search.constraints):
        at: Place = "search", "constraints", i
        rules = measured(pipeline, at, limit), across_losses(pipeline, at, limit)
        yield from decidable([*rules, _limited(search, (*at, "metric"), limit)])
        reach = _reachable((*at, limit.key), limit, pipeline.training.epochs)
        yield from decidable([reach, _agreeing(search, i, limit)])


def _limited(search: Search, place: Place, limit: Constraint) -> Iterator[Mistake]:
    """Yield why a metric cannot make a configuration feasible."""
    if limit.metric == "diverged_at":
        yield place, "'diverged_at' is null for runs that do not diverge, so it limits nothing"
    if limit.metric == "seconds" and not METHODS[search.method].finite:
        yield place, "'seconds' differ each time, so the search could not resume"


def _reachable(place: Place, limit: Constraint, epochs: int) -> Iterator[Mistake]:
    """Yield a limit that no run can meet, such as an accuracy of at least 95."""
    of, value = METRICS[limit.metric].quantity, f"{limit.limit:g}"
    named = "number of epochs" if of is EPOCHS else of.name
    low, high = 1 if of in {EPOCHS, SIZE} else of.low, epochs if of is EPOCHS else of.high
    if limit.key == "at_least" and limit.limit > high:
        yield place, f"no {named} is at least {value}: the greatest is {high:g}"
    if limit.key == "at_most" and limit.limit < low:
        yield place, f"no {named} is at most {value}: the least is {low:g}"


def _agreeing(search: Search, i: int, limit: Constraint) -> Iterator[Mistake]:
    """Yield a constraint that an earlier one repeats or contradicts."""
    for first, other in enumerate(search.constraints[:i]):
        if other.metric != limit.metric:
            continue
        place: Place = "search", "constraints", i, limit.key
        if other.key == limit.key:
            yield place, f"{quoted(limit.metric)} has this limit in constraints[{first}] too"
        elif (limit.limit - other.limit) * (1 if limit.key == "at_least" else -1) > 0:
            yield place, f"no value meets this and {described(other)}, constraints[{first}]"
