"""Datasets are the lab's, drawn from an rng alone, and split in proportion without loss."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typing_extensions import override

from study.datasets import DATASETS, Dataset, Samples
from study.datasets.dataset import GRID_POINTS, Array, apportioned
from study.datasets.generated import Blobs, Circles, Linear, Moons, Spirals, Stripes, Xor
from study.errors import PipelineError
from study.spec.load import read_pipeline

datasets = pytest.mark.parametrize("generator", [*DATASETS, "five spirals"])

OWN = {"features": ["a", "b"], "target": "c"}
STANDARDIZED = ("csv", "parquet", "sklearn")
KEYS: dict[str, dict[str, object]] = {
    "linear": {},
    "xor": {},
    "circles": {},
    "moons": {},
    "spirals": {},
    "five spirals": {"generator": "spirals", "classes": 5, "samples": 53},
    "blobs": {"classes": 20, "samples": 61},
    "stripes": {},
    "sklearn": {"name": "iris"},
    "csv": {"path": "own.csv", **OWN},
    "parquet": {"path": "own.parquet", **OWN},
}
"""With which keys each dataset is held to the laws of all."""


@pytest.fixture(autouse=True, scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the files that the datasets of `KEYS` read."""
    path = tmp_path_factory.mktemp("own")
    a, b = np.random.default_rng(0).normal(5, 2, (2, 40))
    frame = pd.DataFrame({"a": a, "b": b, "c": np.where(a > b, "yes", "no")})
    frame.to_csv(path / "own.csv", index=False)
    frame.to_parquet(path / "own.parquet")
    FOLDER.append(path)
    return path


FOLDER: list[Path] = []


def make(generator: str, **keys: object) -> Dataset:
    declared = {"generator": generator, **KEYS[generator], **keys}
    dataset = DATASETS[str(declared["generator"])].model_validate(declared)
    dataset.read(FOLDER[-1])
    return dataset


@datasets
def test_the_same_rng_draws_the_same_samples_and_the_global_state_is_untouched(
    generator: str,
) -> None:
    before = repr(np.random.get_state())  # noqa: NPY002  # the state that must not move
    one, two = (make(generator).make(rng=np.random.default_rng(3)) for _ in range(2))
    assert np.array_equal(one.x, two.x)
    assert np.array_equal(one.y, two.y)
    assert before == repr(np.random.get_state())  # noqa: NPY002


@datasets
def test_samples_have_their_declared_size_shape_and_labels(generator: str) -> None:
    dataset = make(generator)
    samples = dataset.make(rng=np.random.default_rng(0))
    assert samples.x.shape == (dataset.size, *dataset.shape)
    assert samples.y.shape == (dataset.size, 1)
    assert dataset.labels is not None
    assert np.unique(samples.y).tolist() == list(range(len(dataset.labels)))
    assert len(set(dataset.labels)) == len(dataset.labels)
    assert dataset.outputs == (1 if len(dataset.labels) == 2 else len(dataset.labels))
    if dataset.counts is not None:
        assert np.bincount(samples.y[:, 0].astype(int)).tolist() == list(dataset.counts)


@datasets
@pytest.mark.parametrize("fraction", [0.0, 0.001, 0.3, 0.5, 0.999])
def test_a_split_loses_no_sample_and_leaves_something_to_train_on(
    generator: str, fraction: float
) -> None:
    dataset = make(generator, test_fraction=fraction)
    parts = dataset.parts(rng=np.random.default_rng(1))
    held_out = 0 if parts.test is None else len(parts.test.x)
    assert held_out == dataset.held_out
    assert (held_out == 0) == (fraction == 0)
    assert len(parts.train.x) == dataset.size - held_out >= 1
    together = np.concatenate([p.y for p in (parts.train, parts.test) if p is not None])
    whole = dataset.make(rng=np.random.default_rng(1))
    assert sorted(together.tolist()) == sorted(whole.y.tolist())
    if generator not in STANDARDIZED:  # whose inputs are standardized by each draw's training part
        x = np.concatenate([p.x for p in (parts.train, parts.test) if p is not None])
        assert sorted(map(repr, x.tolist())) == sorted(map(repr, whole.x.tolist()))


def test_another_rng_draws_other_points_of_the_linear_dataset() -> None:
    one, two = (make("linear").make(rng=np.random.default_rng(seed)) for seed in (0, 1))
    assert not np.array_equal(one.x, two.x)


def test_the_linear_label_is_0_exactly_where_x0_is_greater() -> None:
    samples = Linear(generator="linear", samples=500).make(rng=np.random.default_rng(0))
    assert np.array_equal(samples.y[:, 0] == 0, samples.x[:, 0] > samples.x[:, 1])
    assert samples.x.min() >= 0
    assert samples.x.max() < 1


def test_xor_is_the_labs_21_points() -> None:
    expected = []  # as the lab writes it
    for i in range(11):
        expected.append((0.1 * i, 0.1 * i, 0))
        if i != 5:
            expected.append((0.1 * i, 1 - 0.1 * i, 1))
    samples = Xor(generator="xor").make(rng=np.random.default_rng(0))
    np.testing.assert_allclose(np.hstack([samples.x, samples.y]), expected, atol=1e-12)


@datasets
def test_the_grid_surrounds_2d_data(generator: str) -> None:
    dataset = make(generator)
    grid, x = dataset.grid(), dataset.parts(rng=np.random.default_rng(0)).train.x
    if grid is None:
        assert dataset.shape != (2,)
        return
    assert grid.shape == (GRID_POINTS**2, 2)
    assert (grid.min(0) < x.min(0)).all()
    assert (grid.max(0) > x.max(0)).all()


def test_stripes_are_of_one_brightness_along_and_periodic_across() -> None:
    dataset = Stripes(generator="stripes", samples=50, noise=0.0)
    samples = dataset.make(rng=np.random.default_rng(0))
    for image, (label,) in zip(samples.x[..., 0], samples.y, strict=True):
        across = image if label == 0 else image.T
        assert (across == across[:, :1]).all()
        assert np.array_equal(across[:4], across[4:])
        assert across[:, 0].sum() == 0
    assert set(np.unique(samples.x)) == {-1.0, 1.0}


def test_the_stripes_noise_has_its_standard_deviation() -> None:
    quiet, loud = (
        Stripes(generator="stripes", samples=500, noise=noise).make(rng=np.random.default_rng(0)).x
        for noise in (0.0, 2.0)
    )
    assert np.std(loud - quiet) == pytest.approx(2.0, rel=0.02)


CURVES = ("circles", "moons", "spirals")


@pytest.mark.parametrize("generator", CURVES)
def test_curves_have_both_labels_equally_often_and_noise_of_its_standard_deviation(
    generator: str,
) -> None:
    quiet, loud = (
        make(generator, samples=1001, noise=noise).make(rng=np.random.default_rng(0))
        for noise in (0.0, 0.5)
    )
    assert quiet.y.sum() == 500
    assert np.array_equal(quiet.y, loud.y)
    assert np.std(loud.x - quiet.x) == pytest.approx(0.5, rel=0.05)


def curve(dataset: Dataset) -> tuple[Array, Array]:
    """Return the points of both labels without noise."""
    samples = dataset.make(rng=np.random.default_rng(0))
    ones = samples.y[:, 0] == 1
    return samples.x[~ones], samples.x[ones]


def test_circles_have_radius_one_and_one_half() -> None:
    outer, inner = curve(Circles(generator="circles", noise=0.0))
    np.testing.assert_allclose(np.hypot(*outer.T), 1.0)
    np.testing.assert_allclose(np.hypot(*inner.T), 0.5)


def test_moons_are_half_circles_around_two_centres() -> None:
    upper, lower = curve(Moons(generator="moons", noise=0.0))
    np.testing.assert_allclose(np.hypot(*upper.T), 1.0)
    np.testing.assert_allclose(np.hypot(lower[:, 0] - 1, lower[:, 1] - 0.5), 1.0)
    assert (upper[:, 1] >= 0).all()
    assert (lower[:, 1] <= 0.5).all()


def test_spirals_are_each_others_image_in_the_origin() -> None:
    """Where radius is t, the angle is 2π · turns · t, and π more of label 1."""
    for label, points in enumerate(curve(Spirals(generator="spirals", noise=0.0, turns=2.0))):
        radius = np.hypot(*points.T)
        angle = 4 * np.pi * radius + np.pi * label
        np.testing.assert_allclose(
            points, np.stack([radius * np.cos(angle), radius * np.sin(angle)], -1)
        )


@pytest.mark.parametrize("classes", [2, 3, 5, 20])
def test_each_spiral_is_the_one_before_turned_by_a_share_of_the_circle(classes: int) -> None:
    dataset = Spirals(generator="spirals", noise=0.0, turns=2.0, classes=classes, samples=101)
    samples = dataset.make(rng=np.random.default_rng(0))
    radius = np.hypot(*samples.x.T)
    angle = 4 * np.pi * radius + 2 * np.pi * samples.y[:, 0] / classes
    np.testing.assert_allclose(
        samples.x, radius[:, None] * np.stack([np.cos(angle), np.sin(angle)], -1), atol=1e-12
    )
    most, least = divmod(101, classes)
    assert dataset.counts == (most + 1,) * least + (most,) * (classes - least)


def test_two_spirals_are_the_points_they_were_before_there_were_more() -> None:
    rng = np.random.default_rng(7)
    samples = Spirals(generator="spirals", samples=30).make(rng=np.random.default_rng(7))
    y = np.arange(30) % 2.0
    t = rng.random(30)
    angle = 2 * np.pi * 1.5 * t + np.pi * y
    x = np.stack([t * np.cos(angle), t * np.sin(angle)], axis=-1)
    assert np.array_equal(samples.x, x + 0.02 * rng.standard_normal((30, 2)))
    assert np.array_equal(samples.y[:, 0], y)


def test_blobs_are_round_clouds_around_points_of_the_unit_circle() -> None:
    dataset = Blobs(generator="blobs", classes=4, samples=40_000, noise=0.5)
    samples = dataset.make(rng=np.random.default_rng(0))
    for label, centre in enumerate([(1, 0), (0, 1), (-1, 0), (0, -1)]):
        points = samples.x[samples.y[:, 0] == label]
        assert points.shape == (10_000, 2)
        np.testing.assert_allclose(points.mean(0), centre, atol=0.025)  # 5 standard errors
        np.testing.assert_allclose(np.cov(points.T), 0.25 * np.eye(2), atol=0.02)


@pytest.mark.parametrize(("generator", "kind"), [("spirals", Spirals), ("blobs", Blobs)])
def test_fewer_samples_than_classes_and_other_counts_of_classes_are_refused(
    generator: str, kind: type[Dataset]
) -> None:
    text = 'name = "few"\n[datasets.few]\ngenerator = "{}"\nsamples = {}\nclasses = {}\n{}'
    model = '[model]\nloss = "softmax_cross_entropy"\noutput_activation = "none"\n'
    for samples, classes, words in (
        (4, 5, "datasets.few.samples: must be at least 5, one of each class, got 4"),
        (50, 21, "datasets.few.classes: "),
        (50, 1, "datasets.few.classes: "),
        (50, "2.5", "datasets.few.classes: "),
    ):
        with pytest.raises(PipelineError) as caught:
            read_pipeline(text.format(generator, samples, classes, model), "few.toml")
        (error,) = caught.value.mistakes
        assert error.startswith(f"few.toml: {words}")
    dataset = read_pipeline(text.format(generator, 5, 5, model), "few.toml").datasets["few"]
    assert isinstance(dataset, kind)
    assert dataset.counts == (1, 1, 1, 1, 1)


counts = st.lists(st.integers(1, 60), min_size=1, max_size=5)


@given(counts, st.floats(0, 1))
def test_classes_are_divided_in_proportion_and_are_on_both_sides(
    there: list[int], share: float
) -> None:
    size, several = sum(there), sum(n > 1 for n in there)
    total = min(max(round(share * size), 0), size)
    taken = apportioned(there, total)
    assert sum(taken) == total
    assert all(0 <= n <= of for n, of in zip(taken, there, strict=True))
    if several <= total <= size - len(there):  # there is room on both sides
        assert all((n > 0) == (of > 1) and n < of for n, of in zip(taken, there, strict=True))
    fair = [total * of / size for of in there]
    if all(1 <= n <= of - 1 for n, of in zip(fair, there, strict=True)):
        assert all(abs(n - of) < 1 for n, of in zip(taken, fair, strict=True))


@pytest.mark.parametrize(
    ("there", "total", "taken"),
    [
        ([50, 50], 25, [13, 12]),
        ([90, 10], 20, [18, 2]),
        ([97, 3], 10, [9, 1]),  # in proportion it would be 9.7 and 0.3
        ([99, 1], 30, [30, 0]),
        ([5, 5], 1, [1, 0]),
        ([3, 2], 4, [2, 2]),
        ([10], 4, [4]),
    ],
)
def test_some_divisions_by_hand(there: list[int], total: int, taken: list[int]) -> None:
    assert apportioned(there, total) == taken


@pytest.mark.parametrize("seed", range(5))
def test_a_split_has_as_many_of_each_class_as_its_share_and_another_draw_others(seed: int) -> None:
    dataset = Linear(generator="linear", samples=80, test_fraction=0.25)
    one, again, other = (
        dataset.parts(rng=np.random.default_rng(s)) for s in (seed, seed, seed + 9)
    )
    assert one.test is not None
    assert again.test is not None
    assert other.test is not None
    whole = dataset.make(rng=np.random.default_rng(seed)).y.sum()
    assert len(one.test.y) == 20
    assert abs(one.test.y.sum() - whole / 4) < 1
    assert np.array_equal(one.test.x, again.test.x)
    assert not np.array_equal(one.test.x, other.test.x)


def test_every_sample_of_a_class_is_held_out_equally_often() -> None:
    dataset = Linear(generator="linear", samples=12, test_fraction=0.25)
    fixed = dataset.make(rng=np.random.default_rng(0))
    places = {tuple(x): i for i, x in enumerate(fixed.x)}
    times = np.zeros(12)

    class Fixed(Linear):
        @override
        def make(self, *, rng: np.random.Generator) -> Samples:
            return fixed

    for seed in range(2000):
        test = (
            Fixed(generator="linear", samples=12, test_fraction=0.25)
            .parts(rng=np.random.default_rng(seed))
            .test
        )
        assert test is not None
        for x in test.x:
            times[places[tuple(x)]] += 1
    for label in (0, 1):
        own = times[fixed.y[:, 0] == label]
        assert own.max() / own.min() < 1.3
