"""The tables [model], [training] and [execution]: what is the same for the whole study."""

from collections.abc import Iterable, Iterator
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import (
    AfterValidator,
    Field,
    PlainValidator,
    WithJsonSchema,
    create_model,
)
from typing_extensions import override

from nn_core import ACTIVATIONS, LOSSES
from study.errors import did_you_mean, quoted
from study.space import PARAMETERS, Frozen, Mistake, Parameter
from study.spec.values import KERNELS, Count, one_of, parameter_type


class _Fixed(Frozen):
    """A table that also holds the parameters of its own that are not searched."""

    @classmethod
    @override
    def unknown(cls, key: str) -> str:
        if key in PARAMETERS:
            return f"belongs in [{PARAMETERS[key].table}]"
        return super().unknown(key)


class Kernels(Frozen):
    """A convolution layer, for images."""

    channels: Count = Field(description="how many channels it makes")
    kernel: Annotated[tuple[Count, Count], Field(strict=False)] = Field(
        description="height and width of the kernel"
    )


class Convolution(Frozen):
    """One entry of `layers`."""

    convolution: Kernels = Field(description="the convolution layer")


def _layer(value: object) -> object:
    if value == "flatten" or isinstance(value, dict):
        return value if value == "flatten" else Convolution.model_validate(value)
    raise ValueError(f"must be 'flatten' or {{convolution = {{…}}}}, got {quoted(value)}")


_LAYERS_SCHEMA = {
    "type": "array",
    "items": {
        "anyOf": [
            {"type": "object", "properties": {"convolution": KERNELS}},
            {"const": "flatten"},
        ]
    },
}
_Layer: TypeAlias = Annotated[Any, PlainValidator(_layer)]  # a Convolution, or "flatten"


class Model(_Fixed):
    """The network that every run trains, but for what is searched."""

    loss: Annotated[str, *one_of(LOSSES)] = Field("mse", description="what is minimised")
    output_activation: Annotated[str, *one_of(("same", *ACTIVATIONS))] = Field(
        "same", description="activation after the output layer; same: that of the hidden layers"
    )
    layers: Annotated[tuple[_Layer, ...], Field(strict=False), WithJsonSchema(_LAYERS_SCHEMA)] = (
        Field((), description='convolution, for images, layer by layer; "flatten" is the last')
    )

    @override
    def rules(self) -> Iterable[Iterable[Mistake]]:
        """Return what each rule between the table's values finds wrong."""
        return (self._flattens_at_the_end(),)

    def _flattens_at_the_end(self) -> Iterator[Mistake]:
        flatten = [i for i, layer in enumerate(self.layers) if layer == "flatten"]
        if self.layers and flatten != [len(self.layers) - 1]:
            yield ("layers",), "are convolutions, and then 'flatten' before the hidden layers"

    @property
    def kernels(self) -> str:
        """What `layers` amounts to as a value of the parameter `convolution`."""
        layers = [layer.convolution for layer in self.layers if isinstance(layer, Convolution)]
        written = [f"{c.channels}@{c.kernel[0]}x{c.kernel[1]}" for c in layers]
        return "+".join(written) or "none"


class Training(_Fixed):
    """How every network is trained, but for what is searched."""

    epochs: Count = Field(5000, description="passes over the training data")
    precision: Literal["float32", "float64"] = Field(
        "float32", description="the floating-point type of all numbers of a network"
    )
    divergence_limit: Annotated[float, Field(gt=0)] = Field(
        float("inf"),
        description="a run diverges where its loss is not finite or above this; default: inf",
    )


def _executor(value: str) -> str:
    if value not in {"inline", "processes"} and not value.startswith("tcp://"):
        wrong = f"must be 'inline', 'processes' or 'tcp://HOST:PORT', got {quoted(value)}"
        raise ValueError(wrong + did_you_mean(value, ["inline", "processes"]))
    return value


class Execution(Frozen):
    """Where and how fast the runs are trained; changes no number."""

    workers: Count | None = Field(
        None, description="processes at once on this machine; default: one for each core"
    )
    executor: Annotated[
        str,
        AfterValidator(_executor),
        Field(json_schema_extra={"pattern": "^(inline|processes|tcp://.+)$"}),
    ] = Field(
        "processes",
        description="inline: in this process; processes: on this machine; tcp://HOST:PORT: on the "
        "Dask cluster whose scheduler has this address",
    )
    timeout: Annotated[float, Field(gt=0, allow_inf_nan=False)] | None = Field(
        None,
        description="seconds that one stack of runs may take, on this machine; default: no limit",
    )


def _with_parameters(base: type[Frozen]) -> Any:  # noqa: ANN401  # a class made at run time
    """Return the table with a key for each parameter that is fixed in it, by default or given."""
    own: dict[str, Any] = {
        p.name: (parameter_type(p), _field(p))
        for p in PARAMETERS.values()
        if p.table == base.__name__.lower()
    }
    name = f"{base.__name__}Table"  # found under this name by pickle, on its way to a worker
    return create_model(name, __base__=base, __doc__=base.__doc__, __module__=__name__, **own)


def _field(p: Parameter) -> Any:  # noqa: ANN401  # pydantic's
    written: dict[str, Any] = {"default": p.write(p.default)}
    return Field(p.default, description=p.meaning, json_schema_extra=written)


ModelTable = _with_parameters(Model)
TrainingTable = _with_parameters(Training)
