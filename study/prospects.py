"""What `study plan` prints about hypotheses: what repetitions decide, and the cost of more."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from study.plan.counting import chooses, claims, extends
from study.plan.stacks import seconds
from study.plan.trials import planned
from study.space import matches
from study.spec.pipeline import Pipeline
from study.stats.mixture import ALPHA
from study.stats.reach import SHARES, Outlook, Reach, outlook
from study.units import amount, count_of, duration

HALF = 0.5


def prospects(pipeline: Pipeline) -> Outlook | None:
    """Return what the repetitions that count can decide; None without hypotheses."""
    if not pipeline.hypotheses:
        return None
    search = pipeline.search
    chosen = search.repetitions if chooses(pipeline) else 0
    n = search.repetitions * (1 if search.confirm is None or not chosen else 2) - chosen
    decides = search.decide is not None and any(_extended(pipeline))
    most = max(n, (search.decide or 0) - chosen) if decides else None
    return outlook(claims(pipeline), n, most)


def _extended(pipeline: Pipeline) -> Iterator[bool]:
    """Yield whether `decide` adds repetitions, for each hypothesis and dataset."""
    for hypothesis in pipeline.hypotheses:
        for name in hypothesis.datasets or pipeline.datasets:
            yield extends(pipeline, name)


def hypothesis_rows(
    pipeline: Pipeline, before: Iterable[Mapping[str, Any]]
) -> Iterator[tuple[str, str]]:
    """Yield the lines of a plan; `before` are the stored rows of hypotheses.parquet, if any."""
    outlooks = prospects(pipeline)
    if outlooks is None:
        return
    verdicts = count_of(outlooks.verdicts, "verdict")
    yield "hypotheses", f"{len(pipeline.hypotheses)}, with {verdicts} on all datasets and networks"
    n = count_of(outlooks.n, "repetition")
    if outlooks.smallest_k is None:
        yield "deciding", f"{n} cannot decide a comparison; {outlooks.smallest_n} can, if all agree"
    else:
        all_ = f"{outlooks.smallest_n} of {outlooks.smallest_n}"
        yield "deciding", f"{outlooks.smallest_k} of {n} decide a comparison, or {all_}"
    for reach in outlooks.reach:
        yield "", _reach(reach, outlooks, alone=len(outlooks.reach) == 1)
    needed = zip(outlooks.powerful, SHARES, strict=True)
    powers = ", ".join(f"{amount(count)} for {100 * share:.0f} %" for count, share in needed)
    yield "80 % power", f"repetitions, by the share that truly agrees: {powers}"
    if pipeline.search.decide is not None:
        yield "decide", _cost(pipeline)
    if undone := [_place(row) for row in before if _undone(row, outlooks.verdicts)]:
        yield "undone", f"{amount(outlooks.verdicts)} verdicts would undo {', '.join(undone)}"


def _reach(reach: Reach, outlook: Outlook, *, alone: bool) -> str:
    """Describe in which direction claims of one threshold can be decided."""
    half = reach.threshold == HALF
    share = "more than half" if half else f"more than {100 * reach.threshold:.6g} %"
    which = share if alone else f"{share} ({', '.join(reach.ids)})"
    supported = _direction("supported", reach.supports, reach.from_supports, outlook)
    contradicted = _direction("contradicted", reach.contradicts, reach.from_contradicts, outlook)
    return f"{which}: {supported}; {contradicted}"


def _direction(word: str, at: int | None, fewest: int | None, outlook: Outlook) -> str:
    if at is not None:
        side = "from" if word == "supported" else "up to"
        return f"{word} {side} {at} of {outlook.n}"
    if fewest is None:
        return f"never {word}"
    if outlook.most is not None and fewest <= outlook.most:
        return f"{word} from {fewest} repetitions on, within decide"
    return f"not {word}: that takes {fewest} repetitions" + (
        "" if outlook.most is None else ", more than decide allows"
    )


def _cost(pipeline: Pipeline) -> str:
    """Describe the most runs that `decide` may add, and how long one worker takes for them."""
    count, spent = most_added(pipeline)
    limit = count_of(pipeline.search.decide or 0, "repetition")
    fixed = [name for name in pipeline.datasets if not extends(pipeline, name)]
    if not any(_extended(pipeline)):
        where = f"{', '.join(fixed)}, whose rows are the same each time"
        return f"adds none on {where}: raise search.repetitions instead"
    if not count:
        return f"adds none: search.repetitions has reached its {limit}"
    rest = f"; not on {', '.join(fixed)}, whose rows are the same each time" if fixed else ""
    more = f"at most {count_of(count, 'more run')}, about {duration(spent)} of one worker"
    return f"up to {limit}: {more}{rest}"


def most_added(pipeline: Pipeline) -> tuple[int, float]:
    """Return how many runs `decide` may add at most, and their expected seconds.

    These are all configurations that a hypothesis may need, each up to the limit. In a search
    whose trials are not known in advance, it may be any trial.
    """
    search, plan = pipeline.search, planned(pipeline)
    each = max(0, (search.decide or 0) - search.repetitions)
    if not plan.listed:
        on = sum(extends(pipeline, name) for name in pipeline.datasets)
        arms = 1 if search.compare_with is None else 2
        return each * (search.trials or 0) * arms * on, 0.0
    added = [
        trial
        for trial in plan.trials
        if extends(pipeline, trial.dataset)
        and any(
            matches(trial.configuration, cell)
            for hypothesis in pipeline.hypotheses
            if trial.dataset in (hypothesis.datasets or pipeline.datasets)
            for cell in hypothesis.cells
        )
    ]
    return each * len(added), each * sum(seconds(t, pipeline, each or 1) for t in added)


def _undone(row: Mapping[str, Any], verdicts: int) -> bool:
    """Return whether a stored verdict would become undecided among more verdicts."""
    return row["verdict"] != "undecided" and bool(verdicts * row["p"] > ALPHA)


def _place(row: Mapping[str, Any]) -> str:
    return f"{row['id']} on {row['dataset']}, {row['implementation']}"


def notice(pipeline: Pipeline) -> str:
    """Name the hypotheses that the planned repetitions cannot decide or support; "" if none."""
    outlooks = prospects(pipeline)
    if outlooks is None:
        return ""
    n = max(outlooks.n, outlooks.most or 0)
    given, sentences = count_of(n, "repetition"), []
    for reach in outlooks.reach:
        supports = reach.from_supports is not None and reach.from_supports <= n
        contradicts = reach.from_contradicts is not None and reach.from_contradicts <= n
        which = ", ".join(reach.ids)
        needed = [k for k in (reach.from_supports, reach.from_contradicts) if k is not None]
        if not supports and not contradicts:
            among = "" if outlooks.verdicts == 1 else f" among {amount(outlooks.verdicts)} verdicts"
            sentences.append(f"{given} cannot decide {which}{among}; {min(needed)} can")
        elif not supports:
            more = "" if reach.from_supports is None else f"; {reach.from_supports} can"
            sentences.append(f"{given} can contradict but not support {which}{more}")
    return "; ".join(sentences)
