"""Whether stored runs belong to a pipeline: their ids are hashes of their descriptions."""

from collections.abc import Mapping
from typing import Any

from study.plan.identity import identities
from study.plan.trials import planned, stored_run
from study.spec.pipeline import Pipeline


def foreign(pipeline: Pipeline, stored: Mapping[str, Mapping[str, Any]]) -> int:
    """Return the number of stored runs that do not belong to a pipeline.

    A grid plans all its runs, so these are the unplanned ones. For other methods they are the runs
    to which the pipeline would give another id: their data, network, training or seed differs.
    """
    plan = planned(pipeline)
    if plan.known:
        return len(stored.keys() - {run.run_id for run in plan.runs})
    named = identities(pipeline)
    found = {run_id: stored_run(named, row) for run_id, row in stored.items()}
    return sum(run is None or run.run_id != run_id for run_id, run in found.items())
