"""scikit-learn's MLPRegressor: one network at a time, in calls of many epochs."""

import warnings

import numpy.typing as npt

from tests.benchmarks.cells import LR, Cell
from tests.benchmarks.contestants import Contestant

NAME = "scikit-learn"
EPOCHS = 100
OPTIMIZERS = {"sgd": "sgd", "adam": "adam"}  # it has no other that takes steps


def one(cell: Cell) -> Contestant:
    """Return epochs of one network that is nearly the same.

    It has no activation at its output, and neither accuracy nor gradient norm can be asked for.
    """
    from sklearn.neural_network import MLPRegressor

    begin = cell.beginning(runs=1)
    x, y = begin.x[0], begin.y[0, :, 0]
    network = MLPRegressor(
        hidden_layer_sizes=[w.shape[-1] for w, _ in begin.weights[:-1]],
        activation="logistic",
        solver=OPTIMIZERS[cell.optimizer],
        alpha=0.0,
        batch_size=len(x),
        learning_rate_init=LR,
        momentum=0.0,
        nesterovs_momentum=False,
        shuffle=False,
        max_iter=EPOCHS,
        tol=0.0,
        n_iter_no_change=EPOCHS,
    )

    def call() -> npt.ArrayLike:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it was not to converge
            network.fit(x, y)
        losses: npt.ArrayLike = network.loss_curve_
        return losses

    return Contestant(NAME, 1, call, EPOCHS, first=None)
