"""Networks of several classes learn as well as scikit-learn's, on the same splits of iris."""

from pathlib import Path

import numpy as np

from study.spec.load import load_pipeline
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
    found = list(pairs(load_pipeline(IRIS, ONE)))
    for activation in ("tanh", "relu"):
        some = [pair for pair in found if pair.run.configuration["activation"] == activation]
        assert len(some) == 12
        accuracy = np.array([pair.accuracy - pair.peer_accuracy for pair in some])
        loss = np.array([np.log(pair.loss / pair.peer_loss) for pair in some])
        for difference, least in ((-accuracy, 0.01), (loss, 0.05)):
            error = difference.std(ddof=1) / np.sqrt(len(some))
            assert difference.mean() <= max(least, 3 * error)
        assert np.mean([pair.accuracy for pair in some]) > 0.93
