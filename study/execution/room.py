"""Whether the disk has room for what a study will store: said before anything is trained."""

import shutil
from pathlib import Path

from study.plan.forecast import Forecast
from study.spec.pipeline import Pipeline
from study.units import size


def no_room(folder: Path, pipeline: Pipeline, plan: Forecast) -> str | None:
    """Say that the disk of a results folder cannot hold what is missing; None where it can.

    What pruning will spare is not known beforehand, so a study that prunes is not refused.
    """
    if not plan.missing or pipeline.search.pruner is not None:
        return None
    there = next(place for place in (folder, *folder.absolute().parents) if place.exists())
    needed, free = plan.bytes * plan.missing / plan.runs, shutil.disk_usage(there).free
    if needed <= free:
        return None
    return (
        f"{folder} would need about {size(needed)} more, and its disk has {size(free)} free: plan "
        "fewer runs or epochs, or name a folder on another disk with --results"
    )
