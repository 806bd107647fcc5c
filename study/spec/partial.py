"""What is right of a pipeline that has mistakes, for the rules that do not need the rest."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from study.datasets import DATASETS, Dataset
from study.space import PARAMETERS, Frozen, Model, Training, known, wrong_value
from study.spec.execution import Execution
from study.spec.hypotheses import kind_of
from study.spec.pipeline import Pipeline
from study.spec.search import Search
from study.spec.searched import misspelt, partial_space
from study.spec.spared import Exclude
from study.spec.values import assignment

_TABLES: Mapping[str, type[Frozen]] = {
    "model": Model,
    "training": Training,
    "execution": Execution,
}


_FIXED = ("model", "training")


def partial(data: Mapping[str, Any]) -> Pipeline:
    """Return a pipeline with `wrong_value` for every wrong value, the others as declared."""
    made = Pipeline.partial(data)
    found: dict[str, Any] = {
        name: table.partial(data[name])
        for name, table in _TABLES.items()
        if isinstance(data.get(name), Mapping)
    }
    if isinstance(data.get("search"), Mapping):
        found["search"] = _search(Search.partial(data["search"]), data["search"])
        if misspelt(data["search"].get("parameters")):
            tables = ((name, found.get(name, getattr(made, name))) for name in _FIXED)
            found |= {
                name: _as_given(table) for name, table in tables if table is not wrong_value()
            }
    if isinstance(data.get("datasets"), Mapping) and data["datasets"]:
        found["datasets"] = {name: _tried(_dataset, v) for name, v in data["datasets"].items()}
    if isinstance(data.get("hypotheses"), list):
        found["hypotheses"] = _listed(data, "hypotheses", lambda h: kind_of(h).partial(h))
    return made.model_copy(update=found)


def unread(dataset: Dataset) -> None:
    """Mark the content that a dataset would have from its file as a wrong value, if it has one."""
    if "_content" in type(dataset).__private_attributes__:
        dataset._content = wrong_value()  # type: ignore[attr-defined]  # noqa: SLF001


def _dataset(value: Mapping[str, Any]) -> Dataset:
    """Return what is right of a dataset, before its file is read."""
    generator = value.get("generator")
    if not isinstance(generator, str) or generator not in DATASETS:
        return wrong_value()  # type: ignore[no-any-return]
    found = DATASETS[generator].partial(value)
    unread(found)
    return found


def _search(search: Search, data: Mapping[str, Any]) -> Search:
    """Return [search] with each of its tables read alone; a circle of conditions is wrong."""
    parts = {
        "exclude": _listed(data, "exclude", Exclude.partial),
        "include": _listed(data, "include", assignment),
    }
    if isinstance(data.get("parameters"), Mapping):
        parts["parameters"] = partial_space(data["parameters"])
    made = search.model_copy(update={k: v for k, v in parts.items() if v is not wrong_value()})
    circle = dict.fromkeys(known([_circular(made)]), wrong_value())
    if not circle:
        return made
    return made.model_copy(update={"parameters": {**parts["parameters"], **circle}})


def _as_given(table: Frozen) -> Frozen:
    """Return [model] or [training] where nobody knows which parameters are searched."""
    absent = [name for name in PARAMETERS if name in type(table).model_fields]
    absent = [name for name in absent if name not in table.model_fields_set]
    made = table.model_copy()
    made.__dict__ |= dict.fromkeys(absent, wrong_value())  # `update` would count them as given
    return made


def _circular(search: Search) -> Iterator[str]:
    yield from search.circular


def _listed(data: Mapping[str, Any], key: str, read: Callable[[Any], object]) -> Any:  # noqa: ANN401
    """Return a list of tables, each read alone; `wrong_value` without such a list."""
    found = data.get(key)
    return (
        tuple(_tried(read, table) for table in found) if isinstance(found, list) else wrong_value()
    )


def _tried(read: Callable[[Any], object], value: object) -> Any:  # noqa: ANN401
    """Read a table; `wrong_value` if it is none, or cannot be read."""
    try:
        return read(value) if isinstance(value, Mapping) else wrong_value()
    except ValidationError:
        return wrong_value()
