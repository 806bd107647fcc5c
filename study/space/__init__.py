"""The search space: every parameter there is, and what a study may ask of one."""

from study.space.added import Added, neutral
from study.space.dimensions import Bounds, Choices, Dimension, Range, Shapes, Space
from study.space.kinds import Batch, Choice, Real
from study.space.layers import Kernels, Shape, kernels
from study.space.parameter import Parameter, Value
from study.space.parameters import PARAMETERS, Configuration, acts, canonical, matches
from study.space.settings import Model, Training
from study.space.table import EMPTY, Count, Frozen, Mistake, Place, mistakes
from study.space.unknown import each, known, wrong_value

__all__ = [
    "EMPTY",
    "PARAMETERS",
    "Added",
    "Batch",
    "Bounds",
    "Choice",
    "Choices",
    "Configuration",
    "Count",
    "Dimension",
    "Frozen",
    "Kernels",
    "Mistake",
    "Model",
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
    "canonical",
    "each",
    "kernels",
    "known",
    "matches",
    "mistakes",
    "neutral",
    "wrong_value",
]
