"""The pipeline file: every table, its keys and their defaults."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import AfterValidator, Field, PrivateAttr, ValidationInfo, field_validator

from study.datasets import DATASETS, Dataset
from study.errors import did_you_mean, not_one_of, quoted
from study.space import PARAMETERS, Choices, Count, Frozen, Model, Training, Value, invalid
from study.spec.hypotheses import HypothesisTable
from study.spec.search import Search
from study.spec.values import Name, Text, read_by

INLINE, PROCESSES = "inline", "processes"
SCHEME = "tcp://"
"""How the address of a Dask scheduler begins, which means its cluster."""


def _executor(value: str) -> str:
    if value not in {INLINE, PROCESSES} and not value.startswith(SCHEME):
        names = f"'{INLINE}', '{PROCESSES}' or '{SCHEME}HOST:PORT'"
        close = did_you_mean(value, [INLINE, PROCESSES])
        raise ValueError(f"must be {names}, got {quoted(value)}{close}")
    return value


class Execution(Frozen):
    """Where and how fast the runs are trained; changes no number."""

    workers: Count | None = Field(
        None, description="processes at once on this machine; default: one for each core"
    )
    executor: Annotated[
        str,
        AfterValidator(_executor),
        Field(json_schema_extra={"pattern": f"^({INLINE}|{PROCESSES}|{SCHEME}.+)$"}),
    ] = Field(
        PROCESSES,
        description=f"{INLINE}: in this process; {PROCESSES}: on this machine; {SCHEME}HOST:PORT: "
        "on the Dask cluster whose scheduler has this address",
    )
    timeout: Annotated[float, Field(gt=0, allow_inf_nan=False)] | None = Field(
        None,
        description="seconds that one stack of runs may take, on this machine; default: no limit",
    )


def _dataset(value: object) -> Dataset:
    if not isinstance(value, dict):
        raise ValueError(f"must be a table, got {quoted(value)}")  # noqa: TRY004  # pydantic's rule
    if "generator" not in value:
        raise invalid([(("generator",), f"is missing; there are {', '.join(sorted(DATASETS))}")])
    generator = value["generator"]
    if not isinstance(generator, str) or generator not in DATASETS:
        raise invalid([(("generator",), not_one_of(generator, DATASETS))])
    return DATASETS[generator].model_validate(value)


def _datasets_schema() -> Any:  # noqa: ANN401  # a type made at run time
    union, *rest = DATASETS.values()
    for generator in rest:
        union |= generator  # type: ignore[assignment]  # a union of classes is no class
    return union


_AnyDataset = Annotated[Dataset, read_by(_dataset, _datasets_schema())]


class Pipeline(Frozen):
    """A study, declared: the data, the network, and what is searched."""

    name: Name = Field(description="the study's name; its files live in results/NAME/")
    given_title: Text | None = Field(
        None, alias="title", description="the report's title; default: the name"
    )
    description: Text | None = Field(
        None,
        description="what is studied and why, in two or three sentences; shown first in the "
        "report, with `code`, *emphasis* and [links](https://…)",
    )
    datasets: Annotated[dict[Name, _AnyDataset], Field(min_length=1)] = Field(
        description="the datasets, each under a name of yours"
    )
    model: Model = Field(default_factory=Model, description="the network, but for what is searched")
    training: Training = Field(
        default_factory=Training, description="how it is trained, but for what is searched"
    )
    search: Search = Field(
        default_factory=Search,
        validate_default=True,
        description="which configurations, and how often",
    )
    execution: Execution = Field(
        default_factory=Execution, description="where and how fast; changes no number"
    )
    hypotheses: Annotated[tuple[HypothesisTable, ...], Field(strict=False)] = Field(
        (), description="what the study is to decide"
    )

    _text: str = PrivateAttr("")

    @field_validator("search")
    @classmethod
    def _aimed(cls, search: Search, so_far: ValidationInfo) -> Search:
        """Give an objective without a metric the loss of what is held out, where all datasets do.

        The default is settled here, so that nothing else needs to know it.
        """
        datasets: Mapping[str, Dataset] = so_far.data.get("datasets", {})
        held_out = datasets and all(dataset.holds_out for dataset in datasets.values())
        return search.aimed_at("final_test_loss") if held_out else search

    @property
    def title(self) -> str:
        """The report's title: as given, or the name."""
        return self.given_title or self.name

    @property
    def text(self) -> str:
        """The TOML text that this was read from, overrides applied."""
        return self._text

    @property
    def fixed(self) -> dict[str, Value]:
        """The value of every parameter that is not searched, given or by default."""
        values = {p.name: getattr(getattr(self, p.table), p.name) for p in PARAMETERS.values()}
        if self.model.layers:
            values["convolution"] = self.model.kernels
        return {name: v for name, v in values.items() if name not in self.search.parameters}

    @property
    def implementations(self) -> list[str]:
        """The implementations of the network that are trained, in the order of their options."""
        name = "implementation"
        searched = self.search.parameters.get(name)
        chosen = searched.choices if isinstance(searched, Choices) else [self.fixed[name]]
        return sorted(map(str, chosen), key=PARAMETERS[name].order)

    @property
    def shared(self) -> dict[str, tuple[str, float]]:
        """The datasets whose rows are the same in all repetitions.

        For each what they are, in words, and where repetitions re-split them, the number of
        held-out rows for each training row; else 0.
        """
        return {
            name: (data.shared, data.held_out / (data.size - data.held_out) * data.divided_anew)
            for name, data in self.datasets.items()
            if data.shared
        }
