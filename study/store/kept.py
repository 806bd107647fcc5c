"""The pipeline file of a results folder: read, and checked against the stored runs."""

from pathlib import Path

from study.errors import PipelineError, ResultsError
from study.plan.trials import foreign
from study.spec.load import load_pipeline
from study.spec.pipeline import Pipeline
from study.store.kinds import described, present
from study.store.names import PIPELINE
from study.store.stored import stored_runs

_REMEDY = "`study run` with the pipeline file of these results writes it again"


def kept_pipeline(folder: Path) -> Pipeline:
    """Return the pipeline of a results folder, its data read from the copies in `data/`.

    ResultsError if the file or a copy is missing or damaged, or does not describe the stored runs.
    """
    path = folder / PIPELINE
    if not path.is_file():
        wrong = f"is {described(path)}, not a file" if present(path) else "is missing"
        raise ResultsError(f"{path} {wrong}; {_REMEDY}")
    try:
        pipeline = load_pipeline(path)
    except PipelineError as error:
        raise ResultsError(f"{error.mistakes[0]}; {_REMEDY}") from error
    if unlike := foreign(pipeline, stored := stored_runs(folder)):
        raise ResultsError(
            f"{path} does not describe {unlike} of the {len(stored)} stored runs: it or its data "
            f"were changed, or another version trained them; {_REMEDY}"
        )
    return pipeline
