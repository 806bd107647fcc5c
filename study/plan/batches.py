"""Equivalent batch sizes: all that cover the training samples of a dataset."""

from collections.abc import Iterator

from study.space import PARAMETERS, Choices, Range
from study.spec.pipeline import Pipeline


def same_batches(pipeline: Pipeline) -> list[str]:
    """Name, for each dataset, the searched batch sizes with one update of all samples an epoch.

    Their runs are stored as different configurations, and differ in rounding alone.
    """
    return list(_same(pipeline))


def _same(pipeline: Pipeline) -> Iterator[str]:
    searched = pipeline.search.parameters.get("batch_size")
    for name, dataset in pipeline.datasets.items():
        samples = dataset.size - dataset.held_out
        which = ""
        if isinstance(searched, Choices):
            ordered = sorted(searched.choices, key=PARAMETERS["batch_size"].order)
            covering = [v for v in ordered if v == "full" or float(v) >= samples]
            *first, last = map(str, covering or [""])
            which = f"{', '.join(first)} and {last}" if first else ""
        elif isinstance(searched, Range):
            step = searched.step or 1
            least = searched.low + max(0, -(-(samples - searched.low) // step)) * step
            which = f"from {least:.0f} on" if least + step <= searched.high else ""
        if which:
            yield (
                f"batch sizes {which} are the same on {name}, which has {samples} training samples"
            )
