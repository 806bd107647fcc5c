"""The identity of a run: its id is the hash of everything that determines its numbers."""

import hashlib
import json
from collections.abc import Iterable, Iterator

from study.datasets import Dataset
from study.space import PARAMETERS, Configuration, neutral
from study.spec.pipeline import Pipeline

NUMERICS = 2
"""The version of the numbers: raised when the same description would give other numbers."""

ELSEWHERE = {*PARAMETERS, "layers"}
"""Keys of [model] and [training] that the configuration has too."""

_write = json.JSONEncoder(sort_keys=True).encode


class Identity:
    """Names the runs of one dataset, each by the SHA-256 of its description.

    The description is one flat map from names to values, written as JSON with sorted keys: the
    dataset's name and, as `dataset.KEY`, its definition; the keys of [model] and
    [training]; the parameters, whether they are searched or fixed; seed, repetition and numerics.
    Names that do not affect the numbers are left out: null values (except for a parameter that has
    an `idle` one), and keys that were added after format 2 and have their neutral default.
    """

    def __init__(self, pipeline: Pipeline, dataset: str) -> None:
        """Describe what is the same in every run of the dataset."""
        model, training = pipeline.model, pipeline.training
        settings = {**model.model_dump(mode="json"), **training.model_dump(mode="json")}
        apart = {*ELSEWHERE, *neutral(model), *neutral(training)}
        self._same = {
            "dataset": dataset,
            **_samples(pipeline.datasets[dataset]),
            **{name: value for name, value in settings.items() if name not in apart},
            "numerics": NUMERICS,
            "seed": pipeline.search.seed,
        }

    def description(self, configuration: Configuration, repetition: int) -> dict[str, object]:
        """Return the map whose hash is the id of one run."""
        acting = {
            name: value
            for name, chosen in configuration.items()
            if (value := PARAMETERS[name].idle if chosen is None else chosen) is not None
            and value != PARAMETERS[name].neutral
        }
        return {**self._same, **acting, "repetition": repetition}

    def names(self, configuration: Configuration, repetitions: Iterable[int]) -> Iterator[str]:
        """Yield the id of each repetition's run.

        The description is written once, since there may be a million runs. JSON escapes quotation
        marks in texts, so the key `repetition` occurs exactly once.
        """
        before, key, after = _write(self.description(configuration, 0)).partition('"repetition": ')
        begun = hashlib.sha256(f"{before}{key}".encode())
        for repetition in repetitions:
            digest = begun.copy()
            digest.update(f"{repetition}{after[1:]}".encode())
            yield digest.hexdigest()[:16]


def identities(pipeline: Pipeline) -> dict[str, Identity]:
    """Return the identity of each dataset, which names its runs."""
    return {dataset: Identity(pipeline, dataset) for dataset in pipeline.datasets}


def _samples(dataset: Dataset) -> dict[str, object]:
    """Return the keys that determine a dataset's samples."""
    apart = {*dataset.idle, *neutral(dataset)}
    return {f"dataset.{key}": v for key, v in dataset.identity().items() if key not in apart}
