"""A pipeline file → a pipeline, or all its errors, also those beside a wrong value."""

import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from study.datasets import DATASETS, Dataset
from study.given import path_of, texts
from study.space import PARAMETERS, Frozen, Mistake, Model, Training, decidable, wrong_value
from study.spec.hypotheses import kind_of
from study.spec.pipeline import Execution, Pipeline
from study.spec.reported import pipeline_error
from study.spec.rules import broken
from study.spec.search import Search
from study.spec.searched import Exclude, misspelt, partial_space
from study.spec.toml import overridden, parsed, steps_of, text_of
from study.spec.values import assignment


def load_pipeline(path: str | Path, overrides: Sequence[str] = ()) -> Pipeline:
    """Read a pipeline file; each of `overrides`, as KEY=VALUE, replaces what the file says.

    Raises PipelineError with a line for each mistake.
    """
    texts("overrides", overrides, "search.repetitions=3")
    path = path_of("path", path, "mine.toml")
    return read_pipeline(text_of(path), path, overrides)


def read_pipeline(text: str, path: str | Path, overrides: Sequence[str] = ()) -> Pipeline:
    """Read a pipeline's text, as `load_pipeline` does; `path` is what its mistakes name."""
    path, written = Path(path), text
    data = parsed(text, path)
    if overrides:
        text = overridden(text, path, overrides)
        data = parsed(text, path)
    wrong: list[Mistake] = []
    try:
        pipeline = Pipeline.model_validate(data)
    except ValidationError as error:
        wrong, pipeline = _problems(error), partial(data)
    wrong += decidable([_unread(pipeline, path.parent)])
    if wrong := [*wrong, *broken(pipeline)]:
        raise pipeline_error(path, data, wrong, written, [*map(steps_of, overrides)])
    pipeline._text = text  # noqa: SLF001  # the one place where a pipeline learns its text
    return pipeline


def altered(pipeline: Pipeline) -> bool:
    """Return whether a pipeline is no longer what its text declares."""
    try:
        declared = Pipeline.model_validate(tomllib.loads(pipeline.text))
    except ValueError:  # it has none
        return True
    return declared.model_dump() != pipeline.model_dump()


def _problems(error: ValidationError) -> list[Mistake]:
    return [(e["loc"], e["msg"]) for e in error.errors(include_url=False)]


def _unread(pipeline: Pipeline, folder: Path) -> Iterator[Mistake]:
    """Have every dataset read its file, and yield the errors of the files."""
    for name, dataset in pipeline.datasets.items():
        try:
            yield from decidable([_read(dataset, folder)])
        except ValidationError as error:
            unread(dataset)
            yield from (
                (("datasets", name, *place), problem) for place, problem in _problems(error)
            )


def _read(dataset: Dataset, folder: Path) -> Iterator[Mistake]:
    dataset.read(folder)
    yield from ()


_TABLES: Mapping[str, type[Frozen]] = {"model": Model, "training": Training, "execution": Execution}


def partial(data: Mapping[str, Any]) -> Pipeline:
    """Return a pipeline with `wrong_value` for every wrong value, the others as declared."""
    made = Pipeline.partial(data)
    read: dict[str, Any] = {
        name: table.partial(data[name])
        for name, table in _TABLES.items()
        if isinstance(data.get(name), Mapping)
    }
    if isinstance(data.get("search"), Mapping):
        read["search"] = _search(Search.partial(data["search"]), data["search"])
        if misspelt(data["search"].get("parameters")):
            tables = ((n, read.get(n, getattr(made, n))) for n in ("model", "training"))
            read |= {name: _as_given(table) for name, table in tables if table is not wrong_value()}
    if isinstance(data.get("datasets"), Mapping) and data["datasets"]:
        read["datasets"] = {name: _tried(_dataset, v) for name, v in data["datasets"].items()}
    if isinstance(data.get("hypotheses"), list):
        read["hypotheses"] = _listed(data, "hypotheses", lambda h: kind_of(h).partial(h))
    return made.model_copy(update=read)


def unread(dataset: Dataset) -> None:
    """Mark the content that a dataset would have from its file as a wrong value, if it has one."""
    if "_content" in type(dataset).__private_attributes__:
        dataset._content = wrong_value()  # type: ignore[attr-defined]  # noqa: SLF001


def _dataset(value: Mapping[str, Any]) -> Dataset:
    """Return what is right of a dataset, before its file is read."""
    generator = value.get("generator")
    if not isinstance(generator, str) or generator not in DATASETS:
        return wrong_value()  # type: ignore[no-any-return]
    table = DATASETS[generator].partial(value)
    unread(table)
    return table


def _search(search: Search, data: Mapping[str, Any]) -> Search:
    """Return [search] with each of its tables read alone; a circle of conditions is wrong."""
    parts = {
        "exclude": _listed(data, "exclude", Exclude.partial),
        "include": _listed(data, "include", assignment),
    }
    if isinstance(data.get("parameters"), Mapping):
        parts["parameters"] = partial_space(data["parameters"])
    made = search.model_copy(update={k: v for k, v in parts.items() if v is not wrong_value()})
    circle = dict.fromkeys(decidable([_circular(made)]), wrong_value())
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
    items = data.get(key)
    return (
        tuple(_tried(read, table) for table in items) if isinstance(items, list) else wrong_value()
    )


def _tried(read: Callable[[Any], object], value: object) -> Any:  # noqa: ANN401
    """Read a table; `wrong_value` if it is none, or cannot be read."""
    try:
        return read(value) if isinstance(value, Mapping) else wrong_value()
    except ValidationError:
        return wrong_value()
