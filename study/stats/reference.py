"""What results are held against: the trivial predictor, and the setup near the defaults."""

import math
from collections.abc import Hashable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from study.space import PARAMETERS, Parameter, Value
from study.spec.objective import Objective
from study.stats import levels
from study.stats.intervals import Array
from study.stats.summaries import measured, stored

ONE: Mapping[str, int] = {}
"""How many outputs each dataset has: one, unless it is named."""


def trivial(targets: pd.DataFrame, loss: str, outputs: Mapping[str, int] = ONE) -> pd.DataFrame:
    """Return the loss of the trivial predictor: it always answers the training part's frequencies.

    `targets` has one row per training sample of every repetition: dataset, repetition, target;
    `outputs` is the number of each dataset's outputs. With one output and mean target p, the mean
    squared error is the targets' variance (p (1 − p) for classes 0 and 1), the binary cross-entropy
    −p ln p − (1 − p) ln(1 − p). With several, see `baselines`. One row per dataset: `trivial`, the
    mean over its repetitions, and `repetitions`.
    """
    several = targets["dataset"].astype(str).map(lambda name: outputs.get(name, 1)) > 1
    rest, by = targets[~several], ["dataset", "repetition"]
    means = rest.groupby(by, observed=True)["target"].mean()
    squares = rest.assign(square=rest["target"] ** 2)
    second = squares.groupby(by, observed=True)["square"].mean()
    each = means.map(_entropy) if loss == "binary_cross_entropy" else second - means**2
    if several.any():
        own = baselines(targets[several].assign(part="train"), loss, outputs)
        each = pd.concat([each, own.set_index(by)["loss"]])
    frame = each.groupby("dataset", sort=False).agg(trivial="mean", repetitions="size")
    order = targets["dataset"].drop_duplicates()
    return frame.reindex(order).reset_index().astype({"dataset": str})


def _entropy(p: float) -> float:
    return _cross_entropy(p, p)


def baselines(targets: pd.DataFrame, loss: str, outputs: Mapping[str, int] = ONE) -> pd.DataFrame:
    """Return what the trivial predictor has on each part of each repetition.

    `targets` has one row per sample of the training and the held-out part: dataset, repetition,
    part, target. One row per dataset, repetition and part, `of` this loss: the `loss` of always
    answering the mean m of the training targets, or with several outputs the shares q of the
    training part's classes, and the `accuracy` of always answering the part's own most frequent
    class: no constant answer has a higher one. With shares p of a part's K classes, the softmax
    cross-entropy is −Σ p ln q; the others are the mean over the K outputs of what each has alone.
    """
    by = ["dataset", "repetition"]
    train = targets[targets["part"] == "train"].rename(columns={"target": "mean"})
    known = targets.merge(train.groupby(by, observed=True)["mean"].mean().reset_index(), on=by)
    known["squares"] = (known["target"] - known["mean"]) ** 2
    parts = known.groupby([*by, "part"], observed=True)[["target", "mean", "squares"]].mean()
    frame = parts.reset_index().rename(columns={"squares": "loss"})
    frame["accuracy"] = frame["target"].clip(lower=1 - frame["target"])
    if loss == "binary_cross_entropy":
        shares = zip(frame["target"], frame["mean"], strict=True)
        frame["loss"] = [_cross_entropy(share, answer) for share, answer in shares]
    for i, row in enumerate(frame.to_dict("records")):
        classes = outputs.get(str(row["dataset"]), 1)
        if classes > 1:
            own = targets[(targets[by] == [row[name] for name in by]).all(axis=1)]
            p, q = (
                np.bincount(own.loc[own["part"] == part, "target"].astype(int), minlength=classes)
                for part in (row["part"], "train")
            )
            frame.loc[i, ["loss", "accuracy"]] = _of_shares(p / p.sum(), q / q.sum(), loss)
    frame = frame[[*by, "part", "loss", "accuracy"]].assign(of=loss)
    return frame.astype({"dataset": str, "part": str})


def _of_shares(p: Array, q: Array, loss: str) -> tuple[float, float]:
    """Return loss and accuracy of answering the shares q where the classes have the shares p."""
    if loss == "softmax_cross_entropy":
        with np.errstate(divide="ignore"):
            value = -float(np.sum(p[p > 0] * np.log(q[p > 0])))
    elif loss == "binary_cross_entropy":
        value = float(np.mean([_cross_entropy(*pair) for pair in zip(p, q, strict=True)]))
    else:
        value = float(np.mean(p * (1 - q) ** 2 + (1 - p) * q**2))
    return value, float(p.max())


def _cross_entropy(share: float, answer: float) -> float:
    """Return −p ln q − (1 − p) ln(1 − q): of labels with a share p of 1, where q is answered."""
    pairs = [(p, q) for p, q in ((share, answer), (1 - share, 1 - answer)) if p > 0]
    return sum(-p * math.log(q) if q > 0 else math.inf for p, q in pairs)


def base(runs: pd.DataFrame) -> pd.DataFrame:
    """Return each dataset's stored configuration that is nearest to the parameters' defaults.

    `runs` has a column for each parameter (values, not levels), dataset, configuration, status.
    Nearest: the fewest parameters differ, then the numbers and widths are the closest in their
    logarithms, then the first. Where any run did not diverge, a configuration whose runs all did is
    passed over. One row per dataset: `configuration`, `differs` (the parameters that are not at
    their default, as text), `diverged` (whether the default of every parameter was passed over for
    that), and the value of each parameter, null where it does not act.
    """
    rows = []
    for dataset, group in stored(runs).groupby("dataset"):
        lasting = group[group["status"] != "diverged"]
        known = group if lasting.empty else lasting
        choices = known.drop_duplicates("configuration").to_dict("records")
        nearest = min(choices, key=_distance)
        differs = ", ".join(_different(nearest))
        every = group.drop_duplicates("configuration").to_dict("records")
        diverged = differs != "" and not all(_different(values) for values in every)
        values = (nearest[name] for name in PARAMETERS)
        rows.append((str(dataset), nearest["configuration"], differs, diverged, *values))
    about = ["dataset", "configuration", "differs", "diverged"]
    frame = pd.DataFrame(rows, columns=[*about, *PARAMETERS])
    return frame.astype({n: float for n, p in PARAMETERS.items() if p.numeric})


def _different(values: Mapping[Hashable, Any]) -> list[str]:
    return [
        name
        for name, p in PARAMETERS.items()
        if not pd.isna(values[name]) and values[name] != p.default
    ]


def _distance(values: Mapping[Hashable, Any]) -> tuple[int, float]:
    different = [PARAMETERS[name] for name in _different(values)]
    gaps = (abs(_size(p, values[p.name]) - _size(p, p.default)) for p in different if p.ordered)
    return len(different), sum(gaps)


def _size(parameter: Parameter, value: Value) -> float:
    """Return a number that grows with the value: its logarithm, or the sum of its widths'."""
    return float(np.sum(np.log(np.clip(parameter.order(value), 1e-12, 1e12))))


def crossed(runs: pd.DataFrame, base: pd.DataFrame) -> pd.DataFrame:
    """Return the stored runs at each two levels of the two parameters that are shown together.

    All other parameters have the base setup's levels, or do not act. `first_level` and
    `second_level` are of the two parameters, the one with fewer levels first.
    """
    columns = ["dataset", "first_level", "second_level", "run_id", "repetition", "status"]
    names, parts = levels.crossed(runs), [pd.DataFrame(columns=columns)]
    others = [name for name in levels.studied(runs) if name not in names]
    for setup in base.itertuples() if len(names) > 1 else ():
        here = runs[(runs["dataset"] == setup.dataset) & (runs["status"] != "missing")]
        own = here[here["configuration"] == setup.configuration].iloc[0]
        for name in others:
            here = here[(here[name] == own[name]) | here[name].isna()]
        here = here.dropna(subset=list(names))
        here = here.sort_values(list(names), kind="stable")
        part = here.assign(
            first_level=here[names[0]].astype(str), second_level=here[names[1]].astype(str)
        )
        parts.append(part.astype({"dataset": "str"})[columns])
    return pd.concat(parts, ignore_index=True)


def roles(base_setups: pd.DataFrame, ranked: pd.DataFrame) -> pd.DataFrame:
    """Return the configurations to be shown of each dataset: the base setup and the best one.

    One row per dataset and `role`: base (near where something differs from the defaults) and best,
    or `base and best` where both are one configuration.
    """
    best = ranked[ranked["rank"] == 1].set_index("dataset")["configuration"]
    rows = []
    for setup in base_setups.itertuples():
        first, own = best.get(setup.dataset), "near" if setup.differs else "base"
        both = {own: setup.configuration, "best": first}
        if setup.configuration == first:
            both = {f"{own} and best": first}
        rows += [(setup.dataset, *role) for role in both.items() if role[1] is not None]
    return pd.DataFrame(rows, columns=["dataset", "role", "configuration"])


def representatives(
    runs: pd.DataFrame, base_setups: pd.DataFrame, ranked: pd.DataFrame, aim: Objective
) -> pd.DataFrame:
    """Return the runs to be shown: of the base setup and of the best configuration, one each.

    Of its repetitions it is the one in the middle by the objective's metric, or by the final
    training loss where none of them has a finite one. One row per dataset and role (see `roles`):
    configuration, run_id, repetition, loss, accuracy. A configuration whose runs all diverged has
    no row.
    """
    rows = []
    for dataset, role, name in roles(base_setups, ranked).itertuples(index=False):
        same = (runs["dataset"] == dataset) & (runs["configuration"] == name)
        run = _typical(stored(runs[same]), aim)
        if run is not None:
            rows.append((dataset, role, name, *run))
    columns = ["dataset", "role", "configuration", "run_id", "repetition", "loss", "accuracy"]
    return pd.DataFrame(rows, columns=columns)


def _typical(runs: pd.DataFrame, aim: Objective) -> tuple[str, int, float, float] | None:
    values, losses = aim.sign * measured(runs, aim.metric, aim.goal), measured(runs)
    orders = (of[np.isfinite(of)].sort_values(kind="stable") for of in (values, losses))
    finite = next((order for order in orders if len(order)), None)
    if finite is None:
        return None
    middle = min((len(runs) - 1) // 2, len(finite) - 1)
    run = runs.loc[finite.index[middle]]
    return (
        str(run["run_id"]), int(run["repetition"]),
        float(run["final_train_loss"]), float(run["final_train_accuracy"]),
    )  # fmt: skip
