"""A report writes hypotheses.parquet again where it is absent, or of an earlier release."""

from pathlib import Path

import pandas as pd

from study.stats.hypotheses import as_rows
from study.store.files import write_table
from study.store.provenance import finished
from study.store.stored import outdated


def renew(folder: Path, tested: pd.DataFrame) -> None:
    """Write the tested hypotheses of a finished study, unless the stored ones have all columns.

    Of any other study, the `study run` that ends it writes them.
    """
    if finished(folder) is not None and outdated(folder, "hypotheses"):
        write_table(as_rows(tested), folder / "hypotheses.parquet")
