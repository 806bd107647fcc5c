"""[model] and [training]: each key described once, parameters included."""

from collections.abc import Iterable, Iterator
from typing import Annotated, Any, Literal, TypeAlias, get_args

from pydantic import Field, PlainValidator, WithJsonSchema
from typing_extensions import override

from nn_core import (
    ACTIVATIONS,
    BIAS_INITIALIZERS,
    INITIALIZERS,
    LOSSES,
    OPTIMIZERS,
    SCHEDULES,
)
from nn_core.schedules import numbers
from study.errors import quoted
from study.space.conditions import Condition, Conditions
from study.space.kinds import Batch, Choice, Real, Whole
from study.space.layers import KERNELS, Kernels, Shape
from study.space.table import Added, Count, Frozen, Mistake

Precision: TypeAlias = Literal["float32", "float64"]


class _Settings(Frozen):
    """A table of settings: a parameter among them may be searched instead."""

    @classmethod
    @override
    def unknown(cls, key: str) -> str:
        for table in (Model, Training):
            if key in table.model_fields:
                return f"belongs in [{table.__name__.lower()}]"
        return super().unknown(key)


class _Kernels(Frozen):
    """A convolution layer, for images."""

    channels: Count = Field(description="number of output channels")
    kernel: Annotated[tuple[Count, Count], Field(strict=False)] = Field(
        description="height and width of the kernel"
    )


class Convolution(Frozen):
    """One entry of `layers`."""

    convolution: _Kernels = Field(description="the convolution layer")


def _layer(value: object) -> object:
    if value == "flatten" or isinstance(value, dict):
        return value if value == "flatten" else Convolution.model_validate(value)
    raise ValueError(f"must be 'flatten' or {{convolution = {{…}}}}, got {quoted(value)}")


_LAYERS_SCHEMA = {
    "type": "array",
    "items": {
        "anyOf": [{"type": "object", "properties": {"convolution": KERNELS}}, {"const": "flatten"}]
    },
}
_Layer: TypeAlias = Annotated[Any, PlainValidator(_layer)]  # a Convolution, or "flatten"


LOGITS = frozenset(name for name, loss in LOSSES.items() if loss.logits)
"""Losses that take logits, with no activation after the output layer."""


class Model(_Settings):
    """The network that every run trains, except for searched parameters."""

    loss: Annotated[str, Choice(options=tuple(LOSSES))] = Field(
        "mse", description="the loss to be minimised"
    )
    output_activation: Annotated[
        str,
        Choice(
            options=("same", *ACTIVATIONS),
            acts_with=(Condition("loss", LOGITS, excluded=True),),
            idle="none",
        ),
    ] = Field(
        "same",
        description="activation after the output layer; same: the activation of the hidden layers",
    )
    layers: Annotated[tuple[_Layer, ...], Field(strict=False), WithJsonSchema(_LAYERS_SCHEMA)] = (
        Field((), description='convolutions, for images, layer by layer; "flatten" is the last')
    )
    hidden: Annotated[str, Shape(label="hidden layers", unit="units")] = Field(
        "128x64",
        description="widths of the hidden layers; [] for none",
        json_schema_extra={"default": [128, 64]},
    )
    convolution: Annotated[str, Kernels()] = Field(
        "none", description="convolution layers before the hidden ones, for images"
    )
    activation: Annotated[
        str,
        Choice(
            options=tuple(ACTIVATIONS),
            acts_with=(
                Condition("hidden", frozenset({"none"}), excluded=True),
                Condition("convolution", frozenset({"none"}), excluded=True),
                Condition("output_activation", frozenset({"same"})),
            ),
        ),
    ] = Field("sigmoid", description="activation after every hidden layer")
    implementation: Annotated[str, Choice(options=("exact", "as_printed"))] = Field(
        "exact", description="correct back-propagation, or the lab's as printed"
    )
    initializer: Annotated[str, Choice(label="initial weights", options=tuple(INITIALIZERS))] = (
        Field("standard_normal", description="distribution of the initial weights")
    )
    bias_initializer: Annotated[
        str, Choice(label="initial biases", options=tuple(BIAS_INITIALIZERS)), Added("2.0")
    ] = Field("zeros", description="distribution of the initial biases")
    weight_scale: Annotated[
        float,
        Real(
            scale="log",
            per_network=True,
            acts_with=(Condition("initializer", frozenset({"zeros"}), excluded=True),),
        ),
        Added("2.0"),
    ] = Field(1.0, description="factor on the initial weights")

    @override
    def rules(self) -> Iterable[Iterable[Mistake]]:
        return (self._flattens_at_the_end(),)

    def _flattens_at_the_end(self) -> Iterator[Mistake]:
        flatten = [i for i, layer in enumerate(self.layers) if layer == "flatten"]
        if self.layers and flatten != [len(self.layers) - 1]:
            yield ("layers",), "are convolutions, and then 'flatten' before the hidden layers"

    @property
    def kernels(self) -> str:
        """The value of the parameter `convolution` for these `layers`."""
        layers = [layer.convolution for layer in self.layers if isinstance(layer, Convolution)]
        written = [f"{c.channels}@{c.kernel[0]}x{c.kernel[1]}" for c in layers]
        return "+".join(written) or "none"


def _option(name: str) -> Conditions:
    """Return the optimizers that take an option, as the condition under which it acts."""
    takers = frozenset(o for o, made in OPTIMIZERS.items() if name in made.options())
    return (Condition("optimizer", takers),)


def _scheduled(name: str) -> Conditions:
    """Return the schedules that take a number, as the condition under which it acts."""
    takers = frozenset(s for s, schedule in SCHEDULES.items() if name in numbers(schedule))
    return (Condition("schedule", takers),)


class Training(_Settings):
    """The training of every network, except for searched parameters."""

    epochs: Count = Field(5000, description="passes over the training data")
    precision: Annotated[Precision, Choice(options=get_args(Precision), searchable=False)] = Field(
        "float32", description="the floating-point type of all numbers of a network"
    )
    divergence_limit: Annotated[float, Field(gt=0)] = Field(
        float("inf"),
        description="a run diverges if its loss is not finite or above this; default: inf",
    )
    lr: Annotated[float, Real(label="learning rate", scale="log", per_network=True)] = Field(
        0.01, description="learning rate"
    )
    optimizer: Annotated[str, Choice(options=tuple(OPTIMIZERS))] = Field(
        "sgd", description="rule that updates the parameters by the gradients"
    )
    momentum: Annotated[
        float,
        Real(
            low_included=True,
            high=1.0,
            scale="linear",
            per_network=True,
            acts_with=_option("momentum"),
        ),
    ] = Field(0.0, description="share of the last step that SGD keeps")
    beta1: Annotated[
        float, Real(low_included=True, high=1.0, scale="linear", acts_with=_option("beta1"))
    ] = Field(0.9, description="Adam's decay of the mean gradient")
    beta2: Annotated[
        float, Real(low_included=True, high=1.0, scale="linear", acts_with=_option("beta2"))
    ] = Field(0.999, description="Adam's decay of the mean squared gradient")
    epsilon: Annotated[float, Real(scale="log", acts_with=_option("epsilon"))] = Field(
        1e-8, description="added to the root of the mean squared gradient"
    )
    decay: Annotated[
        float, Real(low_included=True, high=1.0, scale="linear", acts_with=_option("decay"))
    ] = Field(0.99, description="RMSprop's decay of the mean squared gradient")
    batch_size: Annotated[str, Batch(unit="samples")] = Field(
        "full", description="samples per step; full: all of them"
    )
    weight_decay: Annotated[
        float,
        Real(low_included=True, scale="log", per_network=True),
        Added("2.0"),
    ] = Field(
        0.0,
        description="share of the learning rate by which each step shrinks the weights, but not "
        "the biases (decoupled, as in AdamW)",
    )
    schedule: Annotated[str, Choice(options=tuple(SCHEDULES)), Added("2.0")] = Field(
        "constant",
        description="how the learning rate changes: constant; step: by step_factor every "
        "step_epochs; cosine: to 0 at the end, along half a cosine",
    )
    step_epochs: Annotated[
        float, Whole(unit="epochs", acts_with=_scheduled("step_epochs")), Added("2.0")
    ] = Field(
        1000.0,
        description="epochs between two changes of the learning rate",
        json_schema_extra={"default": 1000},
    )
    step_factor: Annotated[
        float, Real(high=1.0, scale="log", acts_with=_scheduled("step_factor")), Added("2.0")
    ] = Field(0.1, description="factor of each change of the learning rate")
