"""Whether stored runs are a pipeline's: by their ids, which are hashes of what they were."""

from collections.abc import Mapping
from typing import Any

from study.plan.identity import identities
from study.plan.trials import planned, stored_run
from study.spec.pipeline import Pipeline


def foreign(pipeline: Pipeline, stored: Mapping[str, Mapping[str, Any]]) -> int:
    """Return how many stored runs a pipeline would not train.

    Of a grid, which plans all its runs, these are the ones that it does not plan; of other methods
    the ones that it would give another id, since their data, network, training or seed is another.
    """
    plan = planned(pipeline)
    if plan.known:
        return len(stored.keys() - {run.run_id for run in plan.runs})
    named = identities(pipeline)
    found = {run_id: stored_run(named, row) for run_id, row in stored.items()}
    return sum(run is None or run.run_id != run_id for run_id, run in found.items())
