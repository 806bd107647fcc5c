"""The search space: every parameter there is, and what a study may ask of one."""

from study.space.dimensions import Bounds, Choices, Dimension, Range, Shapes, Space
from study.space.parameter import Parameter, Value, kernels
from study.space.parameters import PARAMETERS, Configuration, acts, canonical, matches
from study.space.table import EMPTY, Frozen, Mistake, Place, mistakes
from study.space.unknown import UNKNOWN, each, known

__all__ = [
    "EMPTY",
    "PARAMETERS",
    "UNKNOWN",
    "Bounds",
    "Choices",
    "Configuration",
    "Dimension",
    "Frozen",
    "Mistake",
    "Parameter",
    "Place",
    "Range",
    "Shapes",
    "Space",
    "Value",
    "acts",
    "canonical",
    "each",
    "kernels",
    "known",
    "matches",
    "mistakes",
]
