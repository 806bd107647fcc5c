"""The verdicts that the README reports: docs/verdicts.csv, as `make docs` last found them."""

from pathlib import Path

import pandas as pd

from study import load_results

ROOT = Path(__file__).parents[1]
RECORD = ROOT / "docs" / "verdicts.csv"
STUDIES = ("lab", "lab_questions")
ROW = ["id", "dataset", "implementation"]
FOUND = ["n", "agree", "ties", "verdict", "effect"]


def stored() -> pd.DataFrame:
    """Return the verdicts of both studies, and of the lab's replication as `replicated`."""
    return pd.read_csv(RECORD)


def verdicts(folder: Path) -> pd.DataFrame:
    """Return the verdicts of a study, and of its first replication if there is one."""
    results = load_results(folder)
    table = results.hypotheses[[*ROW, *FOUND]].astype(dict.fromkeys(ROW, str))
    table.insert(0, "study", folder.name)
    table.insert(1, "networks", len(results.runs))
    second = folder.with_name(f"{folder.name}-replication-1")
    if not (second / "hypotheses.parquet").exists():
        return table
    again = load_results(second).hypotheses[[*ROW, "verdict"]].astype(dict.fromkeys(ROW, str))
    return table.merge(again.rename(columns={"verdict": "replicated"}), on=ROW, how="left")


def record(results: Path) -> None:
    """Write the verdicts of the studies below a folder; leave the file if one is absent."""
    absent = [name for name in STUDIES if not (results / name / "hypotheses.parquet").exists()]
    if absent:
        print(f"{RECORD.name} is left as it is: {results} has no {', '.join(absent)}")  # noqa: T201
        return
    table = pd.concat([verdicts(results / name) for name in STUDIES])
    table.to_csv(RECORD, index=False, float_format="%.6g")


if __name__ == "__main__":
    record(ROOT / "results")
