"""What results are compared with: the setup near the defaults, and the runs that are shown."""

from collections.abc import Hashable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from study.space import PARAMETERS, Parameter, Value
from study.stats import levels
from study.stats.feasible import best
from study.stats.summaries import stored


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
        candidates = group if lasting.empty else lasting
        choices = candidates.drop_duplicates("configuration").to_dict("records")
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
        selected = runs[(runs["dataset"] == setup.dataset) & (runs["status"] != "missing")]
        own = selected[selected["configuration"] == setup.configuration].iloc[0]
        for name in others:
            selected = selected[(selected[name] == own[name]) | selected[name].isna()]
        selected = selected.dropna(subset=list(names))
        selected = selected.sort_values(list(names), kind="stable")
        part = selected.assign(
            first_level=selected[names[0]].astype(str), second_level=selected[names[1]].astype(str)
        )
        parts.append(part.astype({"dataset": "str"})[columns])
    return pd.concat(parts, ignore_index=True)


def roles(base_setups: pd.DataFrame, ranked: pd.DataFrame) -> pd.DataFrame:
    """Return the configurations to be shown of each dataset: the base setup and the best one.

    One row per dataset and `role`: base (near where something differs from the defaults) and best,
    or `base and best` where both are one configuration.
    """
    first = best(ranked).set_index("dataset")["configuration"]
    rows = []
    for setup in base_setups.itertuples():
        setup_first, own = first.get(setup.dataset), "near" if setup.differs else "base"
        both = {own: setup.configuration, "best": setup_first}
        if setup.configuration == setup_first:
            both = {f"{own} and best": setup_first}
        rows += [(setup.dataset, *role) for role in both.items() if role[1] is not None]
    return pd.DataFrame(rows, columns=["dataset", "role", "configuration"])


def representatives(
    runs: pd.DataFrame, base_setups: pd.DataFrame, ranked: pd.DataFrame, typical: pd.DataFrame
) -> pd.DataFrame:
    """Return the runs to be shown: the `typical` ones of the base setup and of the best.

    One row per dataset and role (see `roles`): configuration, run_id, repetition, loss, accuracy. A
    configuration without a typical run, whose runs all diverged, has no row.
    """
    about = {"final_train_loss": "loss", "final_train_accuracy": "accuracy"}
    values = runs[["run_id", "repetition", *about]].rename(columns=about)
    shown = typical.astype({"dataset": str}).merge(values, on="run_id")
    both = roles(base_setups, ranked).merge(shown, on=["dataset", "configuration"])
    kinds = {"run_id": str, "repetition": int, "loss": float, "accuracy": float}
    return both[["dataset", "role", "configuration", *kinds]].astype(kinds)
