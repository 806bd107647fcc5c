"""The peers: where they are installed, which ones are present, and how each trains a cell.

    python -m tests.benchmarks.peers

installs the dependency group `peers` of pyproject.toml into .venv/peers, apart from the environment
that the study runs in: that one does not change, and its own packages are found first.
"""

import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path

from tests.benchmarks import jax_scan, pytorch, pytorch_stacked, scikit_learn
from tests.benchmarks.cells import Cell
from tests.benchmarks.contestants import Contestant

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / ".venv" / "peers"
SIZES = 2, 8
"""Peers train stacks of these sizes and of the cell's size; their best time counts."""

MODULES = {"torch": "torch", "jax": "jax", "scikit-learn": "sklearn"}


def find() -> tuple[list[str], list[str]]:
    """Make the installed peers importable; return the names of installed and missing peers."""
    if str(FOLDER) not in sys.path:
        sys.path.append(str(FOLDER))
    there = [name for name, module in MODULES.items() if find_spec(module) is not None]
    return there, [name for name in MODULES if name not in there]


def contestants(cell: Cell, sizes: Iterable[int] = SIZES) -> Iterator[Contestant]:
    """Yield every peer that is there and trains such a cell, stacked ones in each size."""
    there, _ = find()
    if "torch" in there:
        yield pytorch.one(cell)
    if not cell.dense:
        return
    each = sorted({min(size, cell.runs) for size in (*sizes, cell.runs)})
    if "torch" in there:
        yield from (pytorch_stacked.stacked(cell, size) for size in each)
    if "jax" in there:
        yield from (jax_scan.scan(cell, size) for size in each)
    if "scikit-learn" in there and cell.plain and cell.optimizer in scikit_learn.OPTIMIZERS:
        yield scikit_learn.one(cell)


def install() -> None:
    """Install the group as the project pins it."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = project["dependency-groups"]["peers"]
    pip = [sys.executable, "-m", "pip", "install", "--disable-pip-version-check", "--upgrade"]
    subprocess.run([*pip, "--target", str(FOLDER), *wanted], check=True)


if __name__ == "__main__":
    install()
