"""What a whole study costs: wall time, the workers' share in the epoch loop, bytes, memory.

    python tests/benchmarks/whole_study.py [PIPELINE]

Trains PIPELINE (default: pipelines/lab.toml) into a temporary folder, as a user would, and prints
a table; then the configurations that are slower than their neighbours.
"""

import json
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

import study

COMMAND = [sys.executable, "-m", "study"]


def timed(*arguments: str) -> float:
    """Return the fastest of three calls, in seconds."""
    spent = []
    for _ in range(3):
        began = time.perf_counter()
        subprocess.run([*COMMAND, *arguments], check=True, stdout=subprocess.DEVNULL)
        spent.append(time.perf_counter() - began)
    return min(spent)


def resident(root: int) -> int:
    """Return the resident bytes of a process and of all below it; 0 where it is gone."""
    try:
        pages = int(Path(f"/proc/{root}/statm").read_text().split()[1])
        tasks = Path(f"/proc/{root}/task").iterdir()
        children = [c for t in tasks for c in (t / "children").read_text().split()]
    except OSError:
        return 0
    return pages * 4096 + sum(resident(int(child)) for child in children)


class Peak(threading.Thread):
    """Watches the memory of a process and its children, twice a second or as often as asked."""

    def __init__(self, root: int, every: float = 0.5) -> None:
        super().__init__(daemon=True)
        self.every = every
        self.root, self.bytes, self.done = root, 0, threading.Event()

    def run(self) -> None:
        """Watch until `done` is set."""
        while not self.done.wait(self.every):
            self.bytes = max(self.bytes, resident(self.root))


def rows(pipeline: str, results: Path) -> Iterator[tuple[str, str]]:
    """Train the pipeline and yield what it cost, line by line."""
    began = time.perf_counter()
    run = [*COMMAND, "run", pipeline, "--results", str(results), "--json"]
    with subprocess.Popen(run, stdout=subprocess.PIPE, text=True) as process:
        peak = Peak(process.pid)
        peak.start()
        assert process.stdout is not None
        events = [json.loads(line) for line in process.stdout]
    peak.done.set()
    wall = time.perf_counter() - began
    finished = next(e for e in events if e["event"] == "finished")
    folder = Path(finished["folder"])
    share = finished["loop_seconds"] / finished["seconds"] / finished["workers"]
    stored = study.load_results(folder)
    epochs = int(stored.runs["epochs"].sum())
    size = sum(p.stat().st_size for p in (folder / "metrics.parquet").iterdir())
    yield "runs", f"{finished['runs']:,} ({epochs:,} epochs)"
    yield "whole command", f"{wall:.1f} s on {finished['workers']} workers"
    yield "  training", f"{finished['seconds']:.1f} s"
    yield "  report", f"{wall - finished['seconds']:.1f} s, with start and end"
    yield "in the epoch loop", f"{share:.1%} of the workers' time"
    yield "metrics", f"{size / epochs:.2f} bytes a row"
    yield "memory at its peak", f"{peak.bytes / 2**30:.2f} GiB, all processes together"


def slow(runs: pd.DataFrame) -> pd.DataFrame:
    """Return µs per epoch of each configuration, and the median of its neighbours.

    Neighbours differ in learning rate and activation alone. Diverged runs are left out.
    """
    done = runs[runs["status"] == "completed"].copy()
    done["us"] = done["seconds"] / done["epochs"] * 1e6
    alike = ["dataset", "hidden", "optimizer"]
    each = done.groupby([*alike, "activation", "lr"], observed=True)["us"].median().reset_index()
    each["neighbours"] = each.groupby(alike, observed=True)["us"].transform("median")
    each["ratio"] = each["us"] / each["neighbours"]
    return each.sort_values("ratio", ascending=False).round(2).head(8)


def main() -> None:
    """Print the table."""
    pipeline = sys.argv[1] if len(sys.argv) > 1 else "pipelines/lab.toml"
    with tempfile.TemporaryDirectory() as results:
        print(f"{'study --help':<20} {timed('--help'):.2f} s")
        print(f"{'study plan':<20} {timed('plan', pipeline, '--results', results):.2f} s")
        for label, text in rows(pipeline, Path(results)):
            print(f"{label:<20} {text}", flush=True)
        (folder,) = Path(results).iterdir()
        print("\nslowest beside their neighbours, µs per run and epoch")
        print(slow(study.load_results(folder).runs).to_string(index=False))


if __name__ == "__main__":
    main()
