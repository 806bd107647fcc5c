"""The table of all hyperparameters, and what a set of their values amounts to."""

from collections.abc import Mapping
from typing import TypeAlias

from nn_core import ACTIVATIONS, INITIALIZERS, OPTIMIZERS
from study.space.parameter import Parameter, Value

Configuration: TypeAlias = Mapping[str, Value | None]
"""One value for every parameter of `PARAMETERS`, in its order; None where it does not act."""

_SGD = ("optimizer", frozenset({"sgd"}))
_ADAM = ("optimizer", frozenset({"adam"}))
_RMSPROP = ("optimizer", frozenset({"rmsprop"}))

PARAMETERS: dict[str, Parameter] = {
    parameter.name: parameter
    for parameter in (
        Parameter(
            name="hidden",
            meaning="widths of the hidden layers",
            kind="shape",
            default="128x64",
            table="model",
            scale="ordered",
            unit="units",
        ),
        Parameter(
            name="convolution",
            meaning="convolution layers before the hidden ones, for images",
            kind="kernels",
            default="none",
            table="model",
            scale="ordered",
        ),
        Parameter(
            name="activation",
            meaning="activation after every hidden layer",
            kind="choice",
            options=tuple(ACTIVATIONS),
            default="sigmoid",
            table="model",
        ),
        Parameter(
            name="implementation",
            meaning="correct back-propagation, or the lab's as printed",
            kind="choice",
            options=("exact", "as_printed"),
            default="exact",
            table="model",
        ),
        Parameter(
            name="initializer",
            meaning="how the weights begin",
            kind="choice",
            options=tuple(INITIALIZERS),
            default="standard_normal",
            table="model",
        ),
        Parameter(
            name="lr",
            meaning="learning rate",
            kind="real",
            default=0.01,
            table="training",
            scale="log",
            per_network=True,
        ),
        Parameter(
            name="optimizer",
            meaning="how gradients move the parameters",
            kind="choice",
            options=tuple(OPTIMIZERS),
            default="sgd",
            table="training",
        ),
        Parameter(
            name="momentum",
            meaning="share of the last step that SGD keeps",
            kind="real",
            default=0.0,
            table="training",
            low_included=True,
            high=1.0,
            scale="linear",
            per_network=True,
            acts_with=_SGD,
        ),
        Parameter(
            name="beta1",
            meaning="Adam's decay of the mean gradient",
            kind="real",
            default=0.9,
            table="training",
            low_included=True,
            high=1.0,
            scale="linear",
            acts_with=_ADAM,
        ),
        Parameter(
            name="beta2",
            meaning="Adam's decay of the mean squared gradient",
            kind="real",
            default=0.999,
            table="training",
            low_included=True,
            high=1.0,
            scale="linear",
            acts_with=_ADAM,
        ),
        Parameter(
            name="epsilon",
            meaning="added to the root of the mean squared gradient",
            kind="real",
            default=1e-8,
            table="training",
            scale="log",
            acts_with=("optimizer", frozenset({"adam", "rmsprop"})),
        ),
        Parameter(
            name="decay",
            meaning="RMSprop's decay of the mean squared gradient",
            kind="real",
            default=0.99,
            table="training",
            low_included=True,
            high=1.0,
            scale="linear",
            acts_with=_RMSPROP,
        ),
        Parameter(
            name="batch_size",
            meaning="samples a step; full: all of them",
            kind="batch",
            default="full",
            table="training",
            scale="ordered",
            unit="samples",
        ),
    )
}


_DEFAULTS: dict[str, Value | None] = {name: p.default for name, p in PARAMETERS.items()}
_CONDITIONAL = {name: p.acts_with for name, p in PARAMETERS.items() if p.acts_with is not None}


def canonical(values: Mapping[str, Value | None]) -> dict[str, Value | None]:
    """Return the configuration that `values` amount to: defaults where silent, None where inactive.

    >>> canonical({"optimizer": "adam", "momentum": 0.9})["momentum"] is None
    True
    """
    chosen = {**_DEFAULTS, **values}
    if None in chosen.values():
        chosen = {name: _DEFAULTS[name] if v is None else v for name, v in chosen.items()}
    for name, (other, acts_with) in _CONDITIONAL.items():
        if chosen[other] not in acts_with:
            chosen[name] = None
    return chosen


def acts(name: str, values: Mapping[str, Value]) -> bool:
    """Say whether a parameter acts in some configuration that has these values.

    >>> acts("momentum", {"optimizer": "adam"}), acts("momentum", {"lr": 0.1})
    (False, True)
    """
    conditional = PARAMETERS[name].acts_with
    if conditional is None:
        return True
    other, acts_with = conditional
    return acts(other, values) and (other not in values or values[other] in acts_with)


def matches(configuration: Configuration, where: Mapping[str, Value]) -> bool:
    """Say whether the configuration has every value that `where` names."""
    return all(configuration[name] == value for name, value in where.items())
