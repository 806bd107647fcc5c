"""Whether stored runs belong to a pipeline: their ids are hashes of their descriptions."""

from collections.abc import Container, Mapping
from typing import Any

from study.plan.identity import Identity, identities
from study.plan.trials import planned, stored_run
from study.spec.pipeline import Pipeline


def foreign(pipeline: Pipeline, stored: Mapping[str, Mapping[str, Any]]) -> int:
    """Return the number of stored runs that do not belong to a pipeline.

    A grid plans all its configurations, so these are the runs of other ones, and any run to which
    the pipeline would give another id: its data, network, training or seed differs. Of other
    methods the ids alone decide.
    """
    plan = planned(pipeline)
    unplanned = stored.keys() - {run.run_id for run in plan.runs} if plan.known else stored.keys()
    if not unplanned:
        return 0
    named = identities(pipeline)
    tried = {(t.dataset, *t.configuration.values()) for t in plan.trials} if plan.known else None
    return sum(not _belongs(run_id, stored[run_id], named, tried) for run_id in unplanned)


def _belongs(
    run_id: str,
    row: Mapping[str, Any],
    named: Mapping[str, Identity],
    tried: Container[tuple[object, ...]] | None,
) -> bool:
    """Return whether a run has this id here, and one of the configurations, if they are known."""
    run = stored_run(named, row)
    if run is None or run.run_id != run_id:
        return False
    return tried is None or (run.dataset, *run.configuration.values()) in tried
