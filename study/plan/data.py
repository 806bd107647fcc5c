"""The samples of one repetition, as they follow from the study's seed."""

from study.datasets import Parts
from study.plan import seeds
from study.spec.pipeline import Pipeline


def drawn(pipeline: Pipeline, dataset: str, repetition: int) -> Parts:
    """Return what the runs of one repetition learn from, and what is held out from them."""
    declared = pipeline.datasets[dataset]
    own = repetition if declared.draw == "each" else None
    return declared.parts(rng=seeds.data(pipeline.search.seed, dataset, own))
