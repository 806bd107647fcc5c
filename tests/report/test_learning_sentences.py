"""What the report says of learning, asserted as text, from tables written by hand."""

import math

import pandas as pd

from study.report import learning_sentences as says


def test_the_base_setup_is_named_with_what_keeps_it_from_the_defaults() -> None:
    default = pd.DataFrame(
        {"dataset": ["a", "b"], "configuration": "sgd", "differs": "", "diverged": False}
    )
    assert says.base_setup(default) == ("The base setup has the default of every parameter: sgd.")
    near = pd.DataFrame(
        {
            "dataset": ["a", "b"],
            "configuration": ["p", "q"],
            "differs": ["hidden, lr", ""],
            "diverged": False,
        }
    )
    assert says.base_setup(near) == (
        "The default of every parameter together is not stored on a; the nearest configuration "
        "stands for the base setup: p (which differs in hidden layers and learning rate) on a and "
        "q on b."
    )
    both = near.assign(differs="lr", diverged=[False, True])
    assert says.base_setup(both).startswith(
        "The default of every parameter together is not stored on a and diverged in every run on b;"
    )
    assert says.base_setup(near.assign(differs="lr", diverged=True)).startswith(
        "The default of every parameter together diverged in every run; the nearest"
    )


def test_learning_says_where_the_base_setup_begins_and_ends() -> None:
    base = pd.DataFrame(
        {"dataset": ["a"], "configuration": ["sgd"], "differs": [""], "diverged": False}
    )
    curves = pd.DataFrame(
        {
            "dataset": "a",
            "metric": ["train_loss", "train_loss", "train_accuracy", "train_accuracy"],
            "epoch": [1, 5000, 1, 5000],
            "runs": 3,
            "median": [0.5, 1.5e-5, 0.5, 0.998],
        }
    )
    assert says.learning(base, curves)[1] == (
        "On a, its median training loss goes from 0.5 after epoch 1 to 1.5 × 10⁻⁵ after "
        "epoch 5,000, and its median training accuracy to over 99 %. The band is the range of 3 "
        "runs, 75 %."
    )
    held_out = curves[curves["metric"] == "train_accuracy"].assign(metric="test_accuracy")
    held_out["median"] = [0.5, 0.75]
    first, *rest = says.learning(base, pd.concat([held_out, curves]))[1:]
    assert (
        first
        == "On a, its median test accuracy goes from 0.5 after epoch 1 to 0.75 after epoch 5,000."
    )
    assert rest[0].startswith("On a, its median training loss goes from 0.5")
    once = says.learning(base, curves[curves["epoch"] == 1])[1]
    assert once == (
        "On a, its median training loss is 0.5 after epoch 1, the last of it that is stored. The "
        "band is the range of 3 runs, 75 %."
    )
    infinite = curves[curves["metric"] == "train_loss"].assign(median=math.inf)
    assert says.learning(base, infinite)[1] == (
        "On a, its median training loss is infinite from epoch 1 on."
    )
    ends = [0.5, math.inf, 0.5, 0.4]
    assert says.learning(base, curves.assign(median=ends))[1].startswith(
        "On a, its median training loss goes from 0.5 after epoch 1 to ∞ after epoch 5,000. "
    )
    alone = says.learning(base, curves.assign(runs=1))[1]
    assert alone.endswith("It is a single run without a band.")


def test_a_forming_boundary_is_told_by_its_share_of_the_plane() -> None:
    points = pd.DataFrame(
        {
            "dataset": "a",
            "part": ["grid"] * 8 + ["train"],
            "epoch": [1] * 4 + [1000] * 4 + [1000],
            "prediction": [0.9] * 4 + [0.9, 0.1, 0.1, 0.5] + [0.1],
        }
    )
    assert says.forming(points) == [
        "On a, the network answers 1 on 100 % of the plane after 1 epoch, and on 25 % after 1,000."
    ]
    assert says.forming(points[points["epoch"] == 1]) == [
        "On a, the network answers 1 on 100 % of the plane after 1 epoch."
    ]
    assert says.forming(points.assign(prediction=math.nan)) == [
        "On a, the network has no finite output at any stored epoch."
    ]


def test_one_run_that_is_shown_does_not_speak_for_its_configuration() -> None:
    shown = pd.DataFrame(
        {"dataset": ["a", "a", "b"], "role": ["base", "best", "base and best"],
         "repetition": [4, 0, 7], "accuracy": [0.5, 1.0, 0.905]}
    )  # fmt: skip
    first, second = says.answers(shown)
    assert "repetition 4 of the base setup (50 % " in first
    assert "repetition 0 of the best configuration (100 % " in first
    assert "repetition 7 of the base setup, also the best, (90 % " in second
    (number,) = says.answers(shown[2:].assign(accuracy=math.nan, loss=0.0123))
    assert "repetition 7" in number
    assert "0.012" in number


def test_two_levels_are_named_where_learning_ends_lowest_and_highest() -> None:
    levels = pd.DataFrame({
        "dataset": "xor", "first": "activation", "second": "lr", "runs": [10, 10, 9],
        "first_level": ["tanh", "tanh", "none"], "second_level": ["0.1", "1", "1"],
        "epoch": 50, "median": [0.004, 0.4, math.inf], "metric": "train_loss", "goal": "minimize",
    })  # fmt: skip
    second = levels.assign(metric="train_accuracy", median=0.5)
    curves = pd.concat([levels.assign(epoch=1, median=math.inf), levels, second])
    assert says.crossing(curves) == [
        (
            "On xor, the median training loss after epoch 50 goes from 0.004 with activation tanh "
            "and learning rate 0.1 to 0.4 with activation tanh and learning rate 1."
        ),
        (
            "On xor, 1 of 3 configurations has an infinite median: at least half of its runs have "
            "diverged."
        ),
        "The bands are the 2nd to 9th of 10 runs, 97.9 % and the 2nd to 8th of 9 runs, 96.1 %.",
    ]


def test_repetitions_differ_most_and_least_somewhere() -> None:
    cells = pd.DataFrame(
        {
            "dataset": "xor", "first": "activation", "second": "lr",
            "first_level": ["tanh", "none"], "second_level": ["0.1", "1"],
            "disagreement": [0.04, 0.3], "runs": 10, "constant": [5, 0],
        }
    )  # fmt: skip
    assert says.disagreeing(cells) == [
        (
            "On xor, two repetitions differ most with activation none and learning rate 1 (30 % "
            "of the plane), and least with activation tanh and learning rate 0.1 (4 % of the "
            "plane)."
        )
    ]
    assert says.disagreeing(cells.assign(disagreement=math.nan)) == [
        "There is nothing to compare: one repetition, or all answer alike."
    ]


def test_repetitions_that_collapsed_do_not_differ_least() -> None:
    cells = pd.DataFrame(
        {
            "dataset": "xor", "first": "activation", "second": "lr",
            "first_level": ["tanh", "none", "relu"], "second_level": ["0.1", "1", "1"],
            "disagreement": [0.04, 0.3, 0.0], "runs": 10, "constant": [0, 0, 9],
        }
    )  # fmt: skip
    first, second = says.disagreeing(cells)
    assert first.endswith(
        "and least with activation tanh and learning rate 0.1 (4 % of the plane)."
    )
    assert "activation relu and learning rate 1 (9 of 10)" in second
    (alone,) = says.disagreeing(cells.assign(constant=10))
    assert "least" not in alone
    assert alone.count("10 of 10") == 3
