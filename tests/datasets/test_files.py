"""Your own files: read as they come from elsewhere, named by content, split and scaled."""

import pickle
import re
import shlex
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from study.errors import PipelineError
from study.plan.trials import planned
from study.spec.load import load_pipeline
from study.spec.pipeline import Pipeline

EXAMPLE = Path(__file__).parents[2] / "pipelines" / "daylight.toml"
FRAME = pd.DataFrame({"a": [1.0, 2, 3, 4], "b": [5.0, 5, 6, 8], "c": ["no", "yes", "no", "yes"]})
TOML = """
name = "own"
[datasets.own]
generator = "csv"
path = "own.csv"
features = ["a", "b"]
target = "c"
"""


def pipeline(folder: Path, *overrides: str, text: str = TOML) -> Pipeline:
    """Return what a pipeline file in a folder declares, changed by overrides of its dataset."""
    path = folder / "own.toml"
    path.write_text(text, encoding="utf-8")
    return load_pipeline(path, [f"datasets.own.{override}" for override in overrides])


def mistakes(folder: Path, *overrides: str, text: str = TOML) -> list[str]:
    """Return the errors of a pipeline file in a folder, without the file's name."""
    with pytest.raises(PipelineError) as caught:
        pipeline(folder, *overrides, text=text)
    return [error.removeprefix(f"{folder / 'own.toml'}: ") for error in caught.value.mistakes]


def inputs(declared: Pipeline) -> list[list[float]]:
    result = declared.datasets["own"].make(rng=np.random.default_rng(0)).x
    assert isinstance(result, np.ndarray)
    return [list(map(float, row)) for row in result]


def labels(declared: Pipeline) -> list[float]:
    return [float(y) for (y,) in declared.datasets["own"].make(rng=np.random.default_rng(0)).y]


ELSEWHERE = {
    "a comma": "a,b,c\n1.5,2,no\n2,3,yes\n",
    "a semicolon and a decimal comma": "a;b;c\n1,5;2;no\n2,0;3;yes\n",
    "a semicolon and a decimal point": "a;b;c\n1.5;2;no\n2.0;3;yes\n",
    "a tab": "a\tb\tc\n1.5\t2\tno\n2\t3\tyes\n",
    "a byte-order mark, quotes and blanks": '\ufeff"a" , "b" ,c\r\n1.5,2,no\r\n"2","3","yes"\r\n',
    "other columns, some without a name": "x,a,,b,c,\n?,1.5,,2,no,\n,2,,3,yes,\n",
    "no newline at the end": "a,b,c\n1.5,2,no\n2,3,yes",
    "blank lines": "a,b,c\n\n1.5,2,no\n\n2,3,yes\n\n",
    "an exponent and a sign": "a,b,c\n15e-1,+2,no\n2,3,yes\n",
}


@pytest.mark.parametrize("text", ELSEWHERE.values(), ids=ELSEWHERE)
def test_a_csv_file_from_elsewhere_is_read_as_it_was_meant(text: str, tmp_path: Path) -> None:
    (tmp_path / "own.csv").write_bytes(text.encode())
    declared = pipeline(tmp_path)
    assert inputs(declared) == [[1.5, 2.0], [2.0, 3.0]]
    assert labels(declared) == [0, 1]


def test_a_header_may_hold_any_text_and_a_separator_may_be_given(tmp_path: Path) -> None:
    header = '"Länge, in ""cm""";naïve; 数 ;, and , more, or, less'
    (tmp_path / "own.csv").write_text(f"{header}\n1;2;3;no\n4;5;6;yes\n", encoding="utf-8")
    text = """
        name = "own"
        [datasets.own]
        generator = "csv"
        path = "own.csv"
        features = ['Länge, in "cm"', "naïve", "数"]
        target = ", and , more, or, less"
    """
    assert inputs(pipeline(tmp_path, text=text)) == [[1, 2, 3], [4, 5, 6]]
    assert inputs(pipeline(tmp_path, "separator=';'", text=text)) == [[1, 2, 3], [4, 5, 6]]
    assert "there is no column" in mistakes(tmp_path, "separator='|'", text=text)[0]


def test_csv_and_parquet_of_one_content_are_the_same_data(tmp_path: Path) -> None:
    FRAME.to_csv(tmp_path / "own.csv", index=False)
    FRAME.astype({"a": "int16", "c": "category"}).to_parquet(tmp_path / "x.parquet")
    one = pipeline(tmp_path)
    two = pipeline(tmp_path, "generator='parquet'", "path='x.parquet'")
    assert inputs(one) == inputs(two)
    assert [run.run_id for run in planned(one).runs] == [run.run_id for run in planned(two).runs]


TARGETS = {
    "text": (["no", "yes", "yes", "no"], ("no", "yes"), [0, 1, 1, 0]),
    "text, sorted": (["b", "a", "b", "a"], ("a", "b"), [1, 0, 1, 0]),
    "booleans": ([True, False, False, True], ("false", "true"), [1, 0, 0, 1]),
    "numbers of two classes": ([2, 1, 2, 2], ("1", "2"), [1, 0, 1, 1]),
    "a number": ([2.5, 1, 2, 2], None, [2.5, 1, 2, 2]),
}


@pytest.mark.parametrize(("values", "classes", "expected"), TARGETS.values(), ids=TARGETS)
@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_two_values_are_two_classes_in_sorted_order_and_other_numbers_a_regression(
    values: list[object],
    classes: tuple[str, str] | None,
    expected: list[float],
    form: str,
    tmp_path: Path,
) -> None:
    frame = FRAME.assign(c=pd.Series(values))
    frame.to_csv(tmp_path / "own.csv", index=False)
    frame.to_parquet(tmp_path / "own.parquet")
    declared = pipeline(
        tmp_path, f"generator='{form}'", f"path='own.{form}'",
        text=TOML + '[model]\noutput_activation = "none"',
    )  # fmt: skip
    assert declared.datasets["own"].labels == classes
    assert labels(declared) == expected


SOFTMAX = '[model]\nloss = "softmax_cross_entropy"\noutput_activation = "none"\n'

CLASSES: dict[str, tuple[list[object], str, dict[str, int]]] = {
    "three texts": (["b", "c", "a", "b", "b"], "", {"a": 1, "b": 3, "c": 1}),
    "twenty texts": ([f"t{i:02}" for i in range(20)], "", {f"t{i:02}": 1 for i in range(20)}),
    "numbers and a text": ([10, 9, "ten", 9], "", {"10": 1, "9": 2, "ten": 1}),
    "booleans and a text": (["true", "maybe", "false"], "", {"false": 1, "maybe": 1, "true": 1}),
    "signs of markup": (["[red]", "<b>", "$x^$"], "", {"$x^$": 1, "<b>": 1, "[red]": 1}),
    "blanks around": (["a", " a", "b ", "c"], "", {"a": 2, "b": 1, "c": 1}),
    "whole numbers": ([10, 9, -1, 9], "classes", {"-1": 1, "9": 2, "10": 1}),
    "large whole numbers": ([20000000, 20000001, 3], "classes",
                            {"3": 1, "20000000": 1, "20000001": 1}),
    "fractions": ([0.5, 2, 1, 0.5], "classes", {"0.5": 2, "1": 1, "2": 1}),
    "twenty numbers": ([*range(20)], "classes", {str(i): 1 for i in range(20)}),
    "texts with a comma, a quote": (["a,b", 'q"q', "c;d"], "", {"a,b": 1, "c;d": 1, 'q"q': 1}),
    "texts cut to the same": (["x" * 99 + "a", "x" * 99 + "b", "y"], "",
                              {"x" * 59 + "… (0)": 1, "x" * 59 + "… (1)": 1, "y": 1}),
}  # fmt: skip


@pytest.mark.parametrize(("values", "task", "expected"), CLASSES.values(), ids=CLASSES)
@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_up_to_20_texts_are_classes_in_sorted_order_and_numbers_if_the_task_is_classes(
    values: list[object], task: str, expected: dict[str, int], form: str, tmp_path: Path
) -> None:
    rows = range(len(values))
    frame = pd.DataFrame({"a": rows, "b": [i * i for i in rows], "c": values})
    frame.to_csv(tmp_path / "own.csv", index=False)
    texts = any(isinstance(value, str) for value in values)
    frame.astype({"c": str} if texts else {}).to_parquet(tmp_path / "own.parquet")
    own = f"generator='{form}'", f"path='own.{form}'", *[f"task='{task}'"] * bool(task)
    declared = pipeline(tmp_path, *own, text=TOML + SOFTMAX)
    dataset = declared.datasets["own"]
    assert (dataset.labels, dataset.counts) == (tuple(expected), tuple(expected.values()))
    assert dataset.outputs == len(expected)
    given = [[*expected][int(label)].split("…")[0] for label in labels(declared)]
    assert given == [str(value).strip()[:59] for value in values]


def test_few_whole_numbers_are_asked_about_and_both_tasks_that_the_error_names_are_taken(
    tmp_path: Path,
) -> None:
    for k in (3, 20):
        values = [7 * i for i in range(k)]
        rows = range(k)
        pd.DataFrame({"a": rows, "b": rows, "c": values}).to_csv(tmp_path / "own.csv", index=False)
        (error,) = mistakes(tmp_path, text=TOML + SOFTMAX)
        assert error.startswith(f"datasets.own.target: has {k} whole numbers (0, 7, 14")
        one, two = re.findall(r"task = '\w+'", error)
        classes = pipeline(tmp_path, one, text=TOML + SOFTMAX).datasets["own"]
        assert classes.labels == tuple(map(str, values))
        linear = TOML + '[model]\noutput_activation = "none"\n'
        number = pipeline(tmp_path, two, text=linear).datasets["own"]
        assert number.labels is None
        assert labels(pipeline(tmp_path, two, text=linear)) == values


@pytest.mark.parametrize("values", [[1, 2, 2, 1], [True, False, True, True], [0.5, 0.25, 0.5, 0.5]])
@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_two_values_are_a_number_if_the_task_is_a_number(
    values: list[float], form: str, tmp_path: Path
) -> None:
    frame = FRAME.assign(c=values)
    frame.to_csv(tmp_path / "own.csv", index=False)
    frame.to_parquet(tmp_path / "own.parquet")
    own = f"generator='{form}'", f"path='own.{form}'"
    text = TOML + '[model]\noutput_activation = "none"\n'
    number = pipeline(tmp_path, *own, "task='number'", text=text)
    assert number.datasets["own"].labels is None
    assert labels(number) == [float(value) for value in values]
    classes = pipeline(tmp_path, *own, "task='classes'", text=text)
    assert labels(classes) == [float(value == max(values)) for value in values]
    ids = [[run.run_id for run in planned(p).runs] for p in (number, classes)]
    assert ids[0] != ids[1]
    assert [run.run_id for run in planned(pipeline(tmp_path, *own, text=text)).runs] == ids[1]


def test_a_run_is_named_by_the_files_content_and_not_by_its_place_or_form(tmp_path: Path) -> None:
    def ids(*overrides: str) -> list[str]:
        return [run.run_id for run in planned(pipeline(tmp_path, *overrides)).runs]

    FRAME.to_csv(tmp_path / "own.csv", index=False)
    (tmp_path / "other folder").mkdir()
    FRAME.assign(unused="x").to_csv(tmp_path / "other folder" / "b.csv", index=False, sep=";")
    first = ids()
    assert ids("path='other folder/b.csv'") == first
    assert ids("standardize=false") != first
    assert ids("features=['b', 'a']") != first
    FRAME.assign(a=[1.0, 2, 3, 5]).to_csv(tmp_path / "own.csv", index=False)
    assert ids() != first
    FRAME.assign(c=["no", "yes", "yes", "no"]).to_csv(tmp_path / "own.csv", index=False)
    assert ids() not in (first, ids("path='other folder/b.csv'"))


def test_inputs_are_standardized_by_the_training_part_alone(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"a": rng.normal(9, 5, 50), "b": 3.0, "c": rng.integers(2, size=50)})
    frame.to_csv(tmp_path / "own.csv", index=False)
    dataset = pipeline(tmp_path, "test_fraction=0.2").datasets["own"]
    parts = [dataset.parts(rng=np.random.default_rng(i)) for i in range(2)]
    for part in parts:
        assert part.test is not None
        np.testing.assert_allclose(part.train.x.mean(0), 0, atol=1e-12)
        np.testing.assert_allclose(part.train.x.std(0), [1, 0], atol=1e-12)
        assert abs(part.test.x[:, 0].mean()) > 1e-3
    assert not np.array_equal(parts[0].train.y, parts[1].train.y), "each draws its own split"
    raw = pipeline(tmp_path, "test_fraction=0.2", "standardize=false").datasets["own"]
    part = raw.parts(rng=np.random.default_rng(0))
    assert part.test is not None
    together = np.concatenate([part.train.x, part.test.x])[:, 0]
    assert sorted(together.tolist()) == sorted(frame["a"])


REGRESSION = "target='hours'", "test_fraction=0.25"


@pytest.fixture
def hours(tmp_path: Path) -> Path:
    """Return a folder with a table whose target is a number, all its values different."""
    rng = np.random.default_rng(2)
    a, b = rng.normal(0, 1, (2, 16))
    frame = pd.DataFrame({"a": a, "b": b, "hours": 100 + 3 * a - b})
    frame.to_csv(tmp_path / "own.csv", index=False)
    return tmp_path


def regression(folder: Path, *overrides: str) -> Pipeline:
    text = TOML + '[model]\noutput_activation = "none"\n'
    return pipeline(folder, *REGRESSION, *overrides, text=text)


def test_a_target_that_is_a_number_is_standardized_by_the_training_part_alone(hours: Path) -> None:
    dataset = regression(hours).datasets["own"]
    own = pd.read_csv(hours / "own.csv")["hours"].to_numpy()
    parts = dataset.parts(rng=np.random.default_rng(4))
    assert parts.test is not None
    train, test = (part.y[:, 0] for part in (parts.train, parts.test))
    assert (train.mean(), train.std()) == pytest.approx((0, 1))
    back = parts.mean + parts.spread * np.concatenate([train, test])
    np.testing.assert_allclose(sorted(back), sorted(own), rtol=1e-12)
    held = parts.mean + parts.spread * test
    rest = own[~np.isclose(own[:, None], held).any(1)]
    assert (parts.mean, parts.spread) == pytest.approx((rest.mean(), rest.std()))
    once = regression(hours, "standardize_target=false").datasets["own"]
    raw = once.parts(rng=np.random.default_rng(4))
    assert (raw.mean, raw.spread, once.standardized) == (0.0, 1.0, False)
    np.testing.assert_allclose(raw.train.y[:, 0], parts.mean + parts.spread * train)


def test_whether_a_target_is_standardized_counts_where_it_is_a_number(
    hours: Path, tmp_path: Path
) -> None:
    numbers = [
        planned(regression(hours, f"standardize_target={value}")).runs[0].run_id
        for value in ("true", "false")
    ]
    assert numbers[0] != numbers[1]
    FRAME.to_csv(tmp_path / "own.csv", index=False)
    classes = [
        planned(pipeline(tmp_path, f"standardize_target={value}")).runs[0].run_id
        for value in ("true", "false")
    ]
    assert classes[0] == classes[1]


def test_two_classes_are_labels_0_and_1_whatever_is_standardized(tmp_path: Path) -> None:
    FRAME.to_csv(tmp_path / "own.csv", index=False)
    parts = pipeline(tmp_path).datasets["own"].parts(rng=np.random.default_rng(0))
    assert sorted(parts.train.y[:, 0]) == [0, 0, 1, 1]
    assert (parts.mean, parts.spread) == (0.0, 1.0)


def test_a_constant_training_target_is_shifted_alone(tmp_path: Path) -> None:
    """Where the four rows of one value are the training part, it has no spread."""
    rows = FRAME.assign(c=[5.0, 5, 5, 5])
    extra = pd.DataFrame({"a": [9.0, 10], "b": [1.0, 2], "c": [7.0, 9]})
    pd.concat([rows, extra]).to_csv(tmp_path / "own.csv", index=False)
    text = TOML + '[model]\noutput_activation = "none"\n'
    number = "test_fraction=0.34", "task='number'"
    dataset = pipeline(tmp_path, *number, text=text).datasets["own"]
    drawn = [dataset.parts(rng=np.random.default_rng(seed)) for seed in range(200)]
    constant = [parts for parts in drawn if np.ptp(parts.train.y) == 0]
    assert constant
    for parts in constant:
        assert parts.test is not None
        assert (parts.mean, parts.spread) == (5.0, 1.0)
        assert sorted(parts.test.y[:, 0]) == [2.0, 4.0]


def test_the_hours_of_the_example_are_the_sunrise_equations() -> None:
    """So that nobody must take the table's numbers on trust."""
    table = pd.read_csv(EXAMPLE.with_name("daylight.csv"), sep=";", decimal=",")
    year = 2 * np.pi * (table["day of the year"] + 10) / 365
    declination = np.radians(-23.44) * np.cos(year)
    latitude = np.radians(table["latitude (°N)"])
    hours = 24 / np.pi * np.arccos(-np.tan(latitude) * np.tan(declination))
    assert (table["daylight (h)"] - hours).abs().max() <= 0.005 + 1e-9
    assert (table["longer than the night?"] == np.where(hours > 12, "yes", "no")).all()
    assert table.groupby("place").size().tolist() == [12] * 10
    assert load_pipeline(EXAMPLE).datasets["daylight"].labels == ("no", "yes")


def test_the_example_is_a_regression_by_the_command_that_it_names() -> None:
    comments = re.findall(r"^#   (.*?)\\?$", EXAMPLE.read_text(encoding="utf-8"), re.MULTILINE)
    command, path, *words = shlex.split(" ".join(comments))[1:]
    assert (command, path) == ("run", EXAMPLE.name)
    declared = load_pipeline(EXAMPLE, [word for word in words if word != "--set"])
    dataset = declared.datasets["daylight"]
    assert (declared.name, dataset.labels, dataset.standardized) == ("hours", None, True)


def test_a_pipeline_takes_its_data_along_to_a_worker_which_reads_no_file(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    FRAME.to_csv(path, index=False)
    declared = pipeline(tmp_path)
    sent = pickle.dumps(declared)
    path.unlink()
    assert inputs(pickle.loads(sent)) == inputs(declared)  # noqa: S301  # our own


def test_three_inputs_have_no_grid_and_two_have_one_around_them(tmp_path: Path) -> None:
    FRAME.assign(d=FRAME["a"] * 100).to_csv(tmp_path / "own.csv", index=False)
    three = pipeline(tmp_path, "features=['a', 'b', 'd']").datasets["own"]
    assert (three.shape, three.grid()) == ((3,), None)
    grid = pipeline(tmp_path, "features=['b', 'd']", "standardize=false").datasets["own"].grid()
    assert grid is not None
    np.testing.assert_allclose(grid.min(0), [4.7, 70])
    np.testing.assert_allclose(grid.max(0), [8.3, 430])
