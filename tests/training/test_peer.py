"""Networks of several classes learn as well as scikit-learn's, on the same splits of iris."""

from pathlib import Path

import numpy as np

from nn_core import OPTIMIZERS
from study.spec.load import load_pipeline
from tests.benchmarks import jax_scan, lab_style, pytorch, pytorch_stacked, this_network
from tests.benchmarks.cells import others
from tests.benchmarks.classifier import pairs

IRIS = Path(__file__).parents[2] / "pipelines" / "iris.toml"
ONE = (
    "hypotheses=[]",
    "search.parameters.hidden=[[16]]",
    "search.parameters.activation=['tanh', 'relu']",
    "search.parameters.lr=[0.01]",
)


def test_iris_is_learned_as_well_as_by_scikit_learn() -> None:
    """Twelve splits: the differences of each split lie around 0, within their standard error."""
    results = list(pairs(load_pipeline(IRIS, ONE)))
    for activation in ("tanh", "relu"):
        some = [pair for pair in results if pair.run.configuration["activation"] == activation]
        assert len(some) == 12
        accuracy = np.array([pair.accuracy - pair.peer_accuracy for pair in some])
        loss = np.array([np.log(pair.loss / pair.peer_loss) for pair in some])
        for difference, least in ((-accuracy, 0.01), (loss, 0.05)):
            error = difference.std(ddof=1) / np.sqrt(len(some))
            assert difference.mean() <= max(least, 3 * error)
        assert np.mean([pair.accuracy for pair in some]) > 0.93


def test_every_rival_of_the_bench_has_every_optimizer() -> None:
    """Each is trained in the bench's cells of full batches."""
    tables = lab_style.STEPS, pytorch.OPTIMIZERS, pytorch_stacked.OPTIMIZERS, jax_scan.UPDATES
    assert all(set(table) == set(OPTIMIZERS) for table in tables)


def test_the_cells_of_the_bench_are_trained() -> None:
    """Mini-batches, images, and ten classes: their losses fall from epoch to epoch."""
    cells = {cell.name: cell for cell in others()}
    assert [cell.batch for cell in cells.values()] == [10, None, None, 20]
    for cell in cells.values():
        contestant = this_network.stacked(cell)
        first = np.array(contestant.call())
        for _ in range(3):
            last = np.array(contestant.call())
        assert len(first) == cell.runs
        assert (last < first).all()
        assert cell.smallest().runs == 1
