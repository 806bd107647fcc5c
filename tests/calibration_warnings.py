"""How often each warning appears in null studies: grids in which nothing has an effect."""

from collections.abc import Mapping, Sequence
from functools import cache

import numpy as np
import pandas as pd

from study.space import PARAMETERS
from study.spec.objective import Objective
from study.stats import levels, matters, summaries, winners
from study.stats.cautions import WARNING, Grounds, cautions
from study.stats.edges import Separated, edges
from study.stats.intervals import Array
from study.stats.learned import COLUMNS as LEARNED
from study.stats.noise import COLUMNS as NOISE
from study.stats.overfitting import overfitting
from tests.calibration_effects import Rng, null
from tests.grids import grid

LOSS, AIM = "final_train_loss", Objective()

CHOICES: Mapping[str, Sequence[float | str]] = {
    "lr": [0.001, 0.01, 0.1, 1.0], "activation": ["relu", "sigmoid", "tanh"],
}  # fmt: skip

TESTED = ("edge", "overfits", "improving", "reversal", "separates")
"""The warnings that pass a test; the others state facts about runs that failed to learn."""

EPOCHS = 12
"""The number of epochs of a held-out loss, none better than another."""


@cache
def planned(n: int) -> pd.DataFrame:
    """Return the runs of a grid, without results."""
    return grid(CHOICES, n)


def warned(world: str, n: int, *, rounds: int, rng: Rng) -> dict[str, float]:
    """Return how often a null study has each of the warnings: at most 5 % are allowed."""
    counts = dict.fromkeys(TESTED, 0)
    for _ in range(rounds):
        table = cautions(_study(world, n, rng))
        for kind in set(table.loc[table["severity"] == WARNING, "caution"]):
            counts[kind] += 1
    return {kind: count / rounds for kind, count in counts.items()}


def _study(world: str, n: int, rng: Rng) -> Grounds:
    """Return the evidence for the warnings of one null study.

    The loss of the last fifth of the epochs wanders; what ends low has often fallen.
    """
    runs = planned(n)
    shape = (runs["configuration"].nunique(), n)
    logs = null(world, shape, rng).ravel()
    wandering = null(world, shape, rng).ravel()
    finite = np.isfinite(logs)
    falls = np.where(np.isfinite(wandering), 0.1 * wandering, np.nan) - 0.02 * np.where(
        finite, logs, np.nan
    )
    runs = runs.assign(
        final_train_loss=10 ** np.where(finite, 0.3 * logs - 3, np.inf),
        status=np.where(finite, "completed", "diverged"),
        epochs_to_full_accuracy=50.0, epochs_to_loss_05=20.0, final_train_accuracy=1.0,
        late_fall=falls,
    )  # fmt: skip
    names = [*CHOICES]
    ranked = summaries.configurations(runs, names, AIM)
    tied = winners.tied(runs, AIM)
    alike = tied.loc[tied["tied"], ["dataset", "configuration"]].itertuples(index=False, name=None)
    separated = Separated([*alike], matters.contrasts(runs, names, LOSS))
    written = {name: levels.texts(levels.of(runs, name)) for name in PARAMETERS}
    return Grounds(
        edges=edges(runs, ranked, separated, space={}, written=written),
        runs=runs,
        tested=runs,
        ranked=ranked,
        noise=pd.DataFrame(columns=list(NOISE)),
        parameters=names,
        references={name: levels.of(runs, name) for name in names},
        metric=LOSS,
        goal="minimize",
        labelled=["xor"],
        learned=pd.DataFrame(columns=list(LEARNED)),
        constant=pd.DataFrame({"dataset": [], "runs": [], "constant": []}),
        overfit=_overfit(null(world, (EPOCHS, n), rng)),
        unheld=[],
        claims=pd.DataFrame(columns=["dataset", "verdict", "rows"]),
        identical=pd.DataFrame(columns=["dataset", "same", "configurations"]),
    )


def _overfit(values: Array) -> pd.DataFrame:
    epochs, n = values.shape
    curves = pd.DataFrame({
        "dataset": "xor", "configuration": "a", "run_id": np.tile(np.arange(n), epochs),
        "epoch": np.repeat(np.arange(1, epochs + 1), n), "test_loss": np.exp(0.3 * values).ravel(),
    })  # fmt: skip
    return overfitting(curves)
