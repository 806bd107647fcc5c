"""The stored runs and the declared hypotheses → rows of hypotheses.parquet."""

from pathlib import Path

from study.plan.counting import claims
from study.spec.pipeline import Pipeline
from study.store.provenance import added_later
from study.store.reader import load_results


def verdicts(pipeline: Pipeline, folder: Path) -> list[dict[str, object]]:
    """Return a row for each hypothesis, dataset and implementation, from the runs in `folder`.

    What a hypothesis that could not be tested does not have is None.
    """
    if not pipeline.hypotheses:
        return []
    from study.stats.hypotheses import as_rows, hypotheses  # without any, neither is loaded

    results = load_results(folder)
    trials = results.trials.to_dict("records")
    return as_rows(hypotheses(results.runs, claims(pipeline, trials, added_later(folder))))
