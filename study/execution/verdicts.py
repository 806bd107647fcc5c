"""The stored runs and the declared hypotheses → rows of hypotheses.parquet."""

from pathlib import Path

import pandas as pd

from study.columns import TABLES
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
    from study.analysis.hypotheses import hypotheses  # without any, nothing of it is loaded

    names = [column.name for column in TABLES["hypotheses"]]
    results = load_results(folder)
    rows = hypotheses(
        results.runs, claims(pipeline, results.trials.to_dict("records"), added_later(folder))
    )
    rows = rows[names].astype(object)
    return [
        {str(name): value for name, value in row.items()}
        for row in rows.where(pd.notna(rows), None).to_dict("records")
    ]
