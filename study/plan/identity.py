"""Which run is which: an id is the hash of everything that determines a run's numbers."""

import hashlib
import json
from collections.abc import Iterable, Iterator

from study.space import PARAMETERS, Configuration
from study.spec.pipeline import Pipeline

NUMERICS = 1
"""The version of the numbers: raised when the same description would train to other ones."""

_write = json.JSONEncoder(sort_keys=True).encode


class Identity:
    """Names the runs of one dataset, each by the SHA-256 of its description.

    The description is JSON with sorted keys: configuration, dataset, model, numerics, repetition,
    seed, training. What all runs share of it is written once, since there may be a million.
    """

    def __init__(self, pipeline: Pipeline, dataset: str) -> None:
        """Write what is the same in every run of the dataset."""
        before = {
            "dataset": [dataset, pipeline.datasets[dataset].identity()],
            "model": _rest(pipeline.model.model_dump(mode="json")),
            "numerics": NUMERICS,
        }
        after = {
            "seed": pipeline.search.seed,
            "training": _rest(pipeline.training.model_dump(mode="json")),
        }
        self._before, self._after = _write(before)[1:-1], _write(after)[1:-1]

    def names(self, configuration: Configuration, repetitions: Iterable[int]) -> Iterator[str]:
        """Yield the id of each repetition's run."""
        begin = f'{{"configuration": {_write(dict(configuration))}, {self._before}, "repetition": '
        begun = hashlib.sha256(begin.encode())
        for repetition in repetitions:
            digest = begun.copy()
            digest.update(f"{repetition}, {self._after}}}".encode())
            yield digest.hexdigest()[:16]


def identities(pipeline: Pipeline) -> dict[str, Identity]:
    """Return what names the runs of each dataset."""
    return {dataset: Identity(pipeline, dataset) for dataset in pipeline.datasets}


def _rest(table: dict[str, object]) -> dict[str, object]:
    """Leave out the parameters: the configuration holds them, searched or fixed alike."""
    return {key: value for key, value in table.items() if key not in {*PARAMETERS, "layers"}}
