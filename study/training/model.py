"""Trained networks as one model: rows of a table → predictions, and their spread."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from nn_core import LOSSES, Sequential
from study.errors import StudyError, quoted
from study.given import wrong
from study.plan.trials import Run
from study.spec.pipeline import Pipeline
from study.training.build import Array, network_of, views

ROWS = 1 << 14
"""The number of rows that are predicted at once."""

HALF = 0.5
"""A larger output, or probability, of two classes is the second one."""


@dataclass(frozen=True, slots=True, eq=False)  # arrays have no single truth
class Model:
    """The networks of one configuration, one for each repetition, and how their inputs are scaled.

    `arrays` is what model.npz holds. `differences` has a sentence for each run whose numbers could
    not be reproduced bit for bit, as on another kind of processor.
    """

    dataset: str
    target: str
    run_ids: tuple[str, ...]
    features: tuple[str, ...]
    labels: tuple[str, ...] | None
    arrays: Mapping[str, NDArray[np.generic]] = field(repr=False)
    differences: Mapping[str, str]
    network: Sequential = field(repr=False)
    loss: str

    def predict(self, rows: "pd.DataFrame | Array") -> pd.DataFrame:
        """Return a row of predictions for each row of a table.

        `prediction` is the mean over the repetitions: a number in the target's own unit; of two
        classes the output for the second one, a probability under cross-entropy; NaN of more
        classes. `class` is the class with the largest mean output, `confidence` its mean
        probability (NaN under mse and mae), and `agreement` the share of repetitions whose class
        it is. `prediction_spread` and `confidence_spread` are standard deviations over the
        repetitions, NaN of a single one. Without classes, `class` is None and the rest NaN.

        Columns that the model does not need are ignored. Images are an array, (rows, height,
        width, channels). Raises StudyError where columns are absent, or hold text or nothing.
        """
        x = self._inputs(rows)
        index = rows.index if isinstance(rows, pd.DataFrame) else pd.RangeIndex(len(x))
        blocks = [self._outputs(x[i : i + ROWS]) for i in range(0, len(x), ROWS)]
        width = 1 if self.labels is None else max(1, len(self.labels) - 1)
        empty = np.empty((len(self.run_ids), 0, width + (width > 1)))
        outputs = np.concatenate(blocks, axis=1) if blocks else empty
        return pd.DataFrame(dict(self._columns(outputs)), index=index)

    def _inputs(self, rows: "pd.DataFrame | Array") -> Array:
        """Return the inputs of a table as float64, or raise their errors."""
        if not isinstance(rows, pd.DataFrame):
            return self._of_array(rows)
        if not self.features:
            raise StudyError("the model takes images: an array (rows, height, width, channels)")
        if absent := [quoted(name) for name in self.features if name not in rows.columns]:
            there = ", ".join(quoted(str(name)) for name in rows.columns)
            raise StudyError(f"the table lacks {', '.join(absent)}; it has {there or 'no columns'}")
        if twice := [name for name in self.features if list(rows.columns).count(name) > 1]:
            raise StudyError(f"the table has several columns {quoted(twice[0])}")
        inputs = dict(self._numbers(rows))
        return np.stack([inputs[name] for name in self.features], axis=-1)

    def _of_array(self, rows: Array) -> Array:
        """Return the inputs in an array, or in lists; objects may be numbers too, as in pandas."""
        right, axes = "a DataFrame or an array of numbers", self.arrays["mean"].shape[1:]
        try:
            given = np.asarray(rows)
            x = given.astype(np.float64) if given.dtype.kind in "biufO" else None
        except (TypeError, ValueError):
            x = None
        if x is None or not x.ndim:
            raise wrong("rows", right, rows)
        if x.shape[1:] != axes:
            takes = ", ".join(["rows", *map(str, axes)])
            raise StudyError(f"the model takes ({takes}), got {x.shape}")
        return x

    def _numbers(self, rows: pd.DataFrame) -> Iterator[tuple[str, Array]]:
        for name in self.features:
            column = rows[name]
            if not pd.api.types.is_numeric_dtype(column.dtype):
                got = quoted(str(column.iloc[0])) if len(column) else f"{column.dtype}"
                if len(column):
                    raise StudyError(f"column {quoted(name)} must hold numbers, got {got}")
                column = column.astype(float)
            numbers = column.to_numpy(dtype=np.float64, na_value=np.nan)
            if wrong := int((~np.isfinite(numbers)).sum()):
                where = quoted(str(rows.index[int((~np.isfinite(numbers)).argmax())]))
                problem = (
                    f"has no finite value in {wrong:,} rows, first in the one with index {where}"
                )
                raise StudyError(f"column {quoted(name)} {problem}: fill or remove such rows")
            yield name, numbers

    def _outputs(self, x: Array) -> Array:
        """Return (repetitions, rows, outputs): probabilities of classes, numbers in their unit."""
        centre, scale = (self._array(name) for name in ("mean", "scale"))
        scaled = (x[None] - centre[:, None]) / scale[:, None]
        with np.errstate(over="ignore", invalid="ignore"):  # ∞ and NaN are values like any other
            y_pred = self.network(scaled.astype(self.network.dtype))
            outputs = LOSSES[self.loss]().prediction(y_pred)
        mean, spread = (self._array(f"target_{name}") for name in ("mean", "scale"))
        spread_out: Array = np.asarray(outputs, np.float64) * spread[:, None, None]
        return spread_out + mean[:, None, None]

    def _array(self, name: str) -> Array:
        return np.asarray(self.arrays[name], np.float64)

    def _columns(self, outputs: Array) -> Iterator[tuple[str, object]]:
        """Yield the columns of a prediction, from (repetitions, rows, outputs)."""
        count, rows, width = outputs.shape
        nothing = np.full(rows, np.nan)
        yield "prediction", outputs[..., 0].mean(0) if width == 1 else nothing
        yield "prediction_spread", _spread(outputs[..., 0]) if width == 1 else nothing
        if self.labels is None:
            yield "class", np.full(rows, None, object)
            yield from ((name, nothing) for name in ("confidence", "confidence_spread"))
            yield "agreement", nothing
            return
        each = np.concatenate([1 - outputs, outputs], -1) if width == 1 else outputs
        mean = each.mean(0)
        chosen = (mean[:, 1] > HALF).astype(int) if width == 1 else mean.argmax(-1)
        votes = (each[..., 1] > HALF).astype(int) if width == 1 else each.argmax(-1)
        finite = ~np.isnan(mean).any(-1)
        names = np.array([*self.labels, None], object)
        yield "class", names[np.where(finite, chosen, len(self.labels))]
        own = each[:, np.arange(rows), chosen]
        sure = LOSSES[self.loss].probability
        yield "confidence", own.mean(0) if sure else nothing
        yield "confidence_spread", _spread(own) if sure else nothing
        yield "agreement", np.where(finite, (votes == chosen).sum(0) / count, np.nan)


def _spread(of: Array) -> Array:
    """Return the standard deviation over repetitions, with n − 1; NaN of a single one."""
    spread: Array = of.std(0, ddof=1) if len(of) > 1 else np.full(of.shape[1], np.nan)
    return spread


def network_with(
    run: Run, pipeline: Pipeline, arrays: Mapping[str, NDArray[np.generic]], count: int
) -> Sequential:
    """Return `count` networks like a run's, stacked, with the weights that arrays hold."""
    network = network_of(run, pipeline, (count,), np.dtype(pipeline.training.precision))
    for name, array in views(network).items():
        array[...] = arrays[name]
    return network


def shapes_of(run: Run, pipeline: Pipeline, count: int) -> dict[str, tuple[int, ...]]:
    """Return the shape of each array of weights of `count` networks like a run's."""
    network = network_of(run, pipeline, (count,), np.dtype(pipeline.training.precision))
    return {name: array.shape for name, array in views(network).items()}
