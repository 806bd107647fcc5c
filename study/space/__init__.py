"""The search space: every parameter there is, and what a study may ask of one."""

from study.space.dimensions import Bounds, Choices, Dimension, Range, Shapes, Space
from study.space.parameter import Parameter, Value, kernels
from study.space.parameters import PARAMETERS, Configuration, acts, canonical, matches
from study.space.table import EMPTY, Frozen, Place, mistakes

__all__ = [
    "EMPTY",
    "PARAMETERS",
    "Bounds",
    "Choices",
    "Configuration",
    "Dimension",
    "Frozen",
    "Parameter",
    "Place",
    "Range",
    "Shapes",
    "Space",
    "Value",
    "acts",
    "canonical",
    "kernels",
    "matches",
    "mistakes",
]
