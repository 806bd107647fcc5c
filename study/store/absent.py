"""Why a path holds no results of a study, in a sentence that names the one probably meant."""

from difflib import get_close_matches
from pathlib import Path

from study.store.kinds import described, present

SHOWN = 8
"""The most studies that are named."""


def nothing(path: Path) -> str:
    """Explain a path without stored results, and name the path that is probably meant."""
    if path.is_file():
        return f"{path} is a file; a study's results are a folder, such as results/NAME"
    runs = path / "runs.parquet"
    if present(runs) and not runs.is_dir():
        return (
            f"{runs} is {described(runs)}, not a folder of parts; `study run` sets it aside and "
            "trains its runs again"
        )
    around = path if path.is_dir() else path.parent
    stored = [*around.glob("*/runs.parquet")] or Path("results").glob("*/runs.parquet")
    studies = sorted(str(runs.parent) for runs in stored)
    shown = "; there are " + ", ".join(studies[:SHOWN]) + ", …" * (len(studies) > SHOWN)
    others = shown if studies else ""
    if path.is_dir():
        return f"{path} holds no runs yet{others}"
    names = {Path(study).name: study for study in studies}  # the rest of a path is alike in all
    close = get_close_matches(path.name, names, n=1)
    meant = f" (did you mean {names[close[0]]!r}?)" if close else others
    return f"there is no folder {path}{meant}"
