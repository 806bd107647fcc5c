"""The search space: every parameter, and the dimensions that a study may search."""

from study.space.conditions import Condition, Conditions, as_written, hold, in_words
from study.space.configuration import PARAMETERS, Configuration, acts, canonical, matches
from study.space.dimensions import Bounds, Choices, Dimension, Range, Shapes, Space
from study.space.kinds import Batch, Choice, Real, Whole
from study.space.layers import Kernels, Shape, joined, kernels, widths
from study.space.parameter import Parameter, Value
from study.space.settings import LOGITS, Model, Training
from study.space.table import (
    Added,
    Count,
    Counts,
    Depths,
    Frozen,
    Mistake,
    Names,
    Place,
    decidable,
    each,
    invalid,
    neutral,
    wrong_value,
)

__all__ = [
    "LOGITS",
    "PARAMETERS",
    "Added",
    "Batch",
    "Bounds",
    "Choice",
    "Choices",
    "Condition",
    "Conditions",
    "Configuration",
    "Count",
    "Counts",
    "Depths",
    "Dimension",
    "Frozen",
    "Kernels",
    "Mistake",
    "Model",
    "Names",
    "Parameter",
    "Place",
    "Range",
    "Real",
    "Shape",
    "Shapes",
    "Space",
    "Training",
    "Value",
    "Whole",
    "acts",
    "as_written",
    "canonical",
    "decidable",
    "each",
    "hold",
    "in_words",
    "invalid",
    "joined",
    "kernels",
    "matches",
    "neutral",
    "widths",
    "wrong_value",
]
