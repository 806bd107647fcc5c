"""The JSON Schema and the table of keys agree with the models."""

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from study.samplers.methods import METHODS
from study.space import PARAMETERS
from study.spec.load import load_pipeline, read_pipeline
from study.spec.schema import keys_table, schema

ROOT = Path(__file__).parents[2]
PIPELINES = sorted((ROOT / "pipelines").glob("*.toml"))
TYPES: dict[str, type | tuple[type, ...]] = {
    "object": dict, "array": list, "string": str, "number": (int, float), "integer": int,
    "boolean": bool,
}  # fmt: skip


def accepts(node: dict[str, Any], value: Any) -> bool:  # noqa: ANN401  # JSON
    """Return whether a JSON Schema accepts a value, by the keywords of this project's schema."""
    if "$ref" in node:
        node = MODEL["$defs"][node["$ref"].rpartition("/")[2]]
    if "anyOf" in node:
        return any(accepts(each, value) for each in node["anyOf"])
    kinds = node.get("type", list(TYPES))
    kinds = [kinds] if isinstance(kinds, str) else kinds
    right = (
        value in node.get("enum", [value]),
        node.get("const", value) == value,
        any(isinstance(value, TYPES[kind]) for kind in kinds),
    )
    return all(right) and _inside(node, value)


def _inside(node: dict[str, Any], value: Any) -> bool:  # noqa: ANN401  # JSON
    if isinstance(value, dict):
        return _table(node, value)
    if isinstance(value, list):
        enough = len(value) >= node.get("minItems", 0)
        return enough and all(accepts(node.get("items", {}), item) for item in value)
    if isinstance(value, str):
        return re.search(node.get("pattern", ""), value) is not None
    above = value >= node.get("minimum", value) and value > node.get("exclusiveMinimum", -1e300)
    return bool(above and value < node.get("exclusiveMaximum", 1e300))


def _table(node: dict[str, Any], table: dict[str, Any]) -> bool:
    keys = {key: of for key, of in node.get("properties", {}).items() if key in table}
    named = {
        key: of
        for pattern, of in node.get("patternProperties", {}).items()
        for key in table
        if re.search(pattern, key)
    }
    complete = set(node.get("required", ())) <= set(table)
    strangers = set(table) - set(keys) - set(named)
    allowed = node.get("additionalProperties", True) or not strangers
    return bool(
        complete
        and allowed
        and all(accepts(of, table[key]) for key, of in {**named, **keys}.items())
    )


MODEL: dict[str, Any] = json.loads(schema())


def test_the_schema_in_the_repository_matches_the_models() -> None:
    """`study schema > pipelines/schema.json` renews it."""
    assert (ROOT / "pipelines" / "schema.json").read_text(encoding="utf-8") == schema()


@pytest.mark.parametrize("path", PIPELINES, ids=lambda path: path.name)
def test_a_pipeline_of_the_repository_is_right_names_its_schema_and_is_accepted_by_it(
    path: Path,
) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.startswith("#:schema ./schema.json\n")
    assert load_pipeline(path).name == path.stem
    assert accepts(MODEL, tomllib.loads(text))


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "x"},
        {"name": "x y"},
        {"search": {"method": "annealing"}},
        {"search": {"options": {"n_startup_trials": -1}}},
        {"search": {"options": {"annealing": 1}}},
        {"search": {"parameters": {"lr": {"low": 0.1}}}},
        {"search": {"parameters": {"lr": []}}},
        {"search": {"parameters": {"lr": {"choices": [0]}}}},
        {"search": {"parameters": {"epochs": [1]}}},
        {"model": {"hidden": [0]}},
        {"model": {"implementation": "printed"}},
        {"training": {"optimizer": "adadelta"}},
        {"hypotheses": [{"id": "a"}]},
    ],
    ids=str,
)
def test_the_schema_refuses_what_the_program_refuses(wrong: dict[str, Any]) -> None:
    right = {"name": "x", "datasets": {"a": {"generator": "xor"}}}
    assert accepts(MODEL, right)
    assert not accepts(MODEL, wrong if "name" in wrong else {**right, **wrong})


def test_the_schema_accepts_both_forms_of_a_comparison() -> None:
    claim = {"id": "a", "claim": "A", "metric": "final_train_loss", "expect": "lower"}
    sides = {"value": {"optimizer": "adam", "lr": 0.001}, "with": {"optimizer": "sgd", "lr": 0.1}}
    one = {"parameter": "lr", "value": 0.1, "with": 1}
    for keys in ({"compare": sides}, {"compare": one}, {"compare": one, "across": sides}):
        study = {"name": "x", "datasets": {"a": {"generator": "xor"}}}
        assert accepts(MODEL, {**study, "hypotheses": [{**claim, **keys}]})
    wrong = {"value": {"optimiser": "adam"}, "with": {"optimizer": "sgd"}}
    assert not accepts(MODEL, {**study, "hypotheses": [{**claim, "compare": wrong}]})


def test_the_schema_and_the_table_know_every_option_of_every_method() -> None:
    for name, method in METHODS.items():
        for key in method.options:
            assert f"| `search.options.{key}` |" in keys_table()
            assert key in MODEL["$defs"]["Options"]["properties"], name


def test_the_table_has_a_described_row_for_each_key() -> None:
    rows = [line.strip("| ").split(" | ") for line in keys_table().splitlines()[2:]]
    keys = [row[0].strip("`") for row in rows]
    assert all(len(row) == 4 and row[3] for row in rows)
    assert {f"{p.table}.{p.name}" for p in PARAMETERS.values()} <= set(keys)
    assert {"name", "datasets.NAME.samples", "search.exclude[].where"} <= set(keys)
    assert re.search(r"linear, circles, moons, spirals[\w, ]*: number of points", keys_table())
    assert "| `training.epochs` | whole number | `5000` | passes over the training data |" in (
        keys_table()
    )


def test_the_defaults_of_the_table_match_the_program() -> None:
    pipeline = read_pipeline('name = "x"\ndatasets.a.generator = "xor"', "x.toml")
    for p in PARAMETERS.values():
        result = MODEL["$defs"][p.table.capitalize()]["properties"][p.name]
        assert p.read(result["default"]) == pipeline.fixed[p.name]


def test_the_lab_is_the_default_study_at_its_full_size() -> None:
    lab = load_pipeline(ROOT / "pipelines" / "lab.toml")
    assert list(lab.datasets) == ["linear", "xor"]
    assert (lab.search.repetitions, lab.training.epochs) == (10, 5000)
    assert [len(d.choices) for d in lab.search.parameters.values()] == [5, 2, 4, 2, 2]  # type: ignore[union-attr]
