"""The search space: every parameter there is, and what a study may ask of one."""

from study.space.conditions import Condition, Conditions, as_written, hold, in_words
from study.space.dimensions import Bounds, Choices, Dimension, Range, Shapes, Space
from study.space.kinds import Batch, Choice, Real
from study.space.layers import Kernels, Shape, kernels
from study.space.parameter import Parameter, Value
from study.space.settings import (
    LOGITS,
    PARAMETERS,
    Configuration,
    Model,
    Training,
    acts,
    canonical,
    matches,
)
from study.space.table import (
    Added,
    Count,
    Counts,
    Frozen,
    Mistake,
    Names,
    Place,
    each,
    known,
    mistakes,
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
    "acts",
    "as_written",
    "canonical",
    "each",
    "hold",
    "in_words",
    "kernels",
    "known",
    "matches",
    "mistakes",
    "neutral",
    "wrong_value",
]
