"""What a large study costs, compared with its goals: `make bench-scale`, some ten minutes.

    python -m tests.benchmarks.scale [RUNS]

Plans 100,000 configurations; drives RUNS runs (default: 100,000) of 200 epochs, with training
replaced by a stub; starts that study again, complete and half stored; reads one configuration of
it; and draws the report of a tenth as many runs of 1,000 epochs. Prints goal, measured and their
ratio: less than 1 is better than the goal. The processors' time is printed too, since other work
on the machine lengthens only the wall time.
"""

import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce
from operator import and_
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage

import pyarrow.dataset as ds
import pyarrow.parquet as pq

from study.space import PARAMETERS
from tests.benchmarks.whole_study import COMMAND, Peak

MIB = 2**20
STACK_IN_HALF = 3
"""The start of a half stored study is measured after this many stacks."""


@dataclass(frozen=True, slots=True)
class Measured:
    """A figure and its goal."""

    name: str
    goal: float
    value: float
    unit: str
    at_least: bool = False

    @property
    def line(self) -> str:
        """The table's row; the ratio is below 1 where the goal is met."""
        ratio = self.goal / self.value if self.at_least else self.value / self.goal
        sign = "≥" if self.at_least else "≤"
        return (
            f"{self.name:<44} {sign} {self.goal:>7,.0f} {self.value:>10,.1f} {self.unit:<10}"
            f" {ratio:>6.2f}"
        )


@dataclass(frozen=True, slots=True)
class Spent:
    """What a command took: wall time, all its processes' processor time and memory, its output."""

    seconds: float
    processor: float
    bytes: int
    output: str


def spent(*command: str) -> Spent:
    """Run a command and return what it took."""
    began, before = time.perf_counter(), getrusage(RUSAGE_CHILDREN)
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        peak = Peak(process.pid, every=0.05)
        peak.start()
        output = process.communicate()[0]
    peak.done.set()
    after = getrusage(RUSAGE_CHILDREN)
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} failed")
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Spent(time.perf_counter() - began, processor, peak.bytes, output)


def pipeline(folder: Path, name: str, configurations: int, epochs: int, repetitions: int) -> Path:
    """Write a grid of this many configurations: 100 of each learning rate."""
    rates = [
        round(10 ** (-4 + 4 * i / configurations * 100), 9) for i in range(configurations // 100)
    ]
    path = folder / f"{name}.toml"
    path.write_text(
        f'name = "{name}"\n[datasets.xor]\ngenerator = "xor"\n[training]\nepochs = {epochs}\n'
        f"[search]\nrepetitions = {repetitions}\n[search.parameters]\n"
        "hidden = [[8], [16], [32], [64], [128]]\n"
        'activation = ["sigmoid", "tanh", "softsign", "relu"]\n'
        f"lr = {rates}\nmomentum = [0.0, 0.5, 0.8, 0.9, 0.95]\n",
        encoding="utf-8",
    )
    return path


def planned(folder: Path) -> Iterator[Measured]:
    """Plan a grid of 100,000 configurations."""
    took = spent(*COMMAND, "plan", str(pipeline(folder, "grid", 100_000, 200, 1)))
    yield Measured("100,000 configurations planned", 2, took.seconds, "s")
    yield Measured("  processor time", 2, took.processor, "s")
    yield Measured("  memory", 500, took.bytes / MIB, "MiB")


def stand_in(declared: Path, results: Path, *stacks: int) -> tuple[Spent, dict[str, float]]:
    """Run a study whose networks are not trained."""
    module = [sys.executable, "-m", "tests.benchmarks.stand_in"]
    took = spent(*module, str(declared), str(results), *map(str, stacks))
    return took, json.loads(took.output)


def driven(declared: Path, results: Path, runs: int) -> Iterator[Measured]:
    """Run the whole study."""
    took, costs = stand_in(declared, results)
    yield Measured(f"{runs:,} runs driven", 1000, runs / costs["seconds"], "runs/s", at_least=True)
    yield Measured(
        "  of processor time, all processes", 500, runs / took.processor, "runs/s", at_least=True
    )
    yield Measured("  the driver's memory", 1024, costs["peak"] / MIB, "MiB")
    yield Measured(
        "  parts", 500, len(list((results / declared.stem / "runs.parquet").iterdir())), ""
    )


def resumed(declared: Path, results: Path) -> Iterator[Measured]:
    """Start it again with nothing missing, and with every second part missing."""
    took, costs = stand_in(declared, results)
    yield Measured("started again, all stored: to its end", 5, costs["seconds"], "s")
    yield Measured("  processor time", 5, took.processor, "s")
    yield Measured("  the driver's memory", 1024, costs["peak"] / MIB, "MiB")
    half = results / "half"
    shutil.copytree(results / declared.stem, half / declared.stem)
    for part in sorted((half / declared.stem / "runs.parquet").iterdir())[::2]:
        part.unlink()
    took, costs = stand_in(declared, half, STACK_IN_HALF)
    shutil.rmtree(half)
    yield Measured("started again, half stored: to a stack", 5, costs["first"], "s")
    yield Measured("  processor time", 5, took.processor, "s")


def filtered(folder: Path) -> Iterator[Measured]:
    """Return the share of row groups that may hold one configuration's rows."""
    row = ds.dataset(folder / "runs.parquet").head(1).to_pylist()[0]
    wanted = {name: row[name] for name in PARAMETERS if row[name] is not None}
    groups = [
        file.metadata.row_group(i)
        for file in map(pq.ParquetFile, sorted((folder / "metrics.parquet").iterdir()))
        for i in range(file.metadata.num_row_groups)
    ]
    hits = sum(_may_have(group, wanted) for group in groups)
    yield Measured(f"row groups of one configuration, of {len(groups):,}", 10, hits, "")
    metrics = ds.dataset(folder / "metrics.parquet")
    condition = reduce(and_, (ds.field(name) == value for name, value in wanted.items()))
    read = sum(len(f.split_by_row_group(condition)) for f in metrics.get_fragments(condition))
    yield Measured("  row groups that Arrow and pandas read", len(groups) / 10, read, "")


def _may_have(group: pq.RowGroupMetaData, wanted: dict[str, object]) -> bool:
    """Return whether a row group's statistics allow these values."""
    columns = {c.path_in_schema: c.statistics for c in map(group.column, range(group.num_columns))}
    return all(columns[name].min <= value <= columns[name].max for name, value in wanted.items())


def reported(declared: Path, results: Path, runs: int) -> Iterator[Measured]:
    """Draw the report of a study of this many runs."""
    stand_in(declared, results)
    took = spent(*COMMAND, "report", str(results / declared.stem))
    page = results / declared.stem / "report.html"
    yield Measured(f"the report of {runs:,} runs", 60, took.seconds, "s")
    yield Measured("  processor time, all processes", 120, took.processor, "s")
    yield Measured("  memory, all processes", 2048, took.bytes / MIB, "MiB")
    yield Measured("  its size", 5, page.stat().st_size / 1e6, "MB")


def main() -> None:
    """Print the table, line by line as it is measured."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    print(f"{'':<44} {'goal':>9} {'measured':>10} {'':<10} ratio")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        large = pipeline(folder, "large", runs // 10, 200, 10)
        small = pipeline(folder, "small", runs // 100, 1000, 10)
        for measured in (
            planned(folder),
            driven(large, folder, runs),
            resumed(large, folder),
            filtered(folder / "large"),
            reported(small, folder, runs // 10),
        ):
            for one in measured:
                print(one.line, flush=True)


if __name__ == "__main__":
    main()
