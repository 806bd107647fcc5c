"""How do the base setup and the best configuration learn? Each run, epoch by epoch."""

from collections.abc import Collection

import numpy as np
import pandas as pd

from study.metrics import OF_EPOCHS
from study.plan.rates import CONSTANT, factor
from study.plot.learning import figure
from study.plot.theme import words
from study.report.chosen import KEYS, OWN, chosen, whose
from study.report.gather import drawn_epochs
from study.report.material import Material
from study.report.question import ONE_ANSWER, ORDER, Basis, Question, Tables
from study.report.sentence import on, sentence, span
from study.report.wording import number
from study.stats.curves import COLUMNS, together
from study.stats.curves import curves as curves_of
from study.stats.overfitting import of_repetitions, overfitting

STEPS = 100
"""Of more changes than this, the drawn epochs alone have a rate."""


def tables(material: Material) -> Tables:
    """Return the curves of the base setup and of the best configuration, and where they end.

    `curves` has the median of each metric, the objective's first, `curve_runs` each run, `endings`
    a row for each dataset and configuration, and `best_epoch` a row where samples are held out.
    `rates` has the learning rate of their epochs, where a schedule changes it.
    """
    runs = chosen(material)
    asked = {"run_id": runs["run_id"].tolist()}
    every = material.results.metrics(asked, columns=["run_id", "epoch", *OF_EPOCHS])
    every = runs.merge(every.astype({"run_id": str}), on="run_id")  # in the order of the plan
    best = _best_epochs(every)
    shown = {*drawn_epochs(material.pipeline.training.epochs), *best["epoch"], *best["last"]}
    rows = every[every["epoch"].isin(shown)]
    medians, single = [], []
    for metric in dict.fromkeys([*material.pipeline.search.aims[0].curves, *OF_EPOCHS]):
        measured = rows.groupby("dataset")[metric].transform("count") > 0
        of = rows[measured | (metric == "train_loss")]
        medians.append(curves_of(of, by=OWN, metric=metric).assign(metric=metric))
        columns = [*OWN, "repetition", "epoch", metric]
        single.append(of[columns].rename(columns={metric: "value"}).assign(metric=metric))
    parts = [part for part in medians if len(part)]
    order = material.roles[["dataset", "role"]]
    curves, curve_runs = (
        order.merge(of.drop(columns="configuration"), on=["dataset", "role"])
        for of in (together(parts, [*OWN, *COLUMNS, "metric"]), pd.concat(single))
    )
    return {
        "curves": curves,
        "curve_runs": curve_runs,
        "endings": _endings(curves, material),
        "base_setup": material.base,
        **({"best_epoch": best} if len(best) else {}),
        **_rates(runs, material),
        **({"majority": material.majority} if len(material.majority) else {}),
    }


def _rates(runs: pd.DataFrame, material: Material) -> Tables:
    """Return the learning rate of each drawn epoch, and of each at which it steps."""
    epochs, rows = material.pipeline.training.epochs, []
    every = material.results.runs.astype({"run_id": str, "schedule": str}).set_index("run_id")
    for one in runs.drop_duplicates(["dataset", "role"]).to_dict("records"):
        own = every.loc[one["run_id"]].to_dict()
        scale = factor(own, epochs) or (lambda _: 1.0)
        factors = [scale(epoch) for epoch in range(epochs)]
        steps = [i + 1 for i in range(1, epochs) if factors[i] != factors[i - 1]]
        drawn = {*drawn_epochs(epochs), *(steps if len(steps) <= STEPS else [])}
        for epoch in sorted(drawn):
            rate = float(own["lr"]) * factors[epoch - 1]
            rows.append((one["dataset"], one["role"], own["schedule"], epoch, rate))
    table = pd.DataFrame(rows, columns=["dataset", "role", "schedule", "epoch", "rate"])
    return {} if (table["schedule"] == CONSTANT).all() else {"rates": table}


def _best_epochs(metrics: pd.DataFrame) -> pd.DataFrame:
    """Return where the median held-out loss of each configuration is lowest, of all epochs."""
    held_out = metrics[metrics["test_loss"].notna()]
    roles = held_out[OWN].drop_duplicates()
    epochs = roles.merge(overfitting(held_out), on=KEYS).merge(
        of_repetitions(held_out), "left", on=KEYS
    )
    return epochs.assign(ratio=epochs["end"] / epochs["lowest"])


def _endings(curves: pd.DataFrame, material: Material) -> pd.DataFrame:
    """Return the first and the last median of the objective's metric.

    `learned` is whether some configuration of the dataset beats the trivial predictor.
    """
    of = curves[curves["metric"].isin(curves["metric"].head(1))]
    table = of.groupby(["dataset", "role"], sort=False, as_index=False).agg(
        metric=("metric", "first"), runs=("runs", "first"), first=("median", "first"),
        epochs=("epoch", "last"), last=("median", "last"), low=("low", "last"),
        high=("high", "last"), confidence=("confidence", "last"),
    )  # fmt: skip
    table = material.roles.merge(table, on=["dataset", "role"])
    return table.assign(learned=material.beaten(table["dataset"]))


def finding(endings: pd.DataFrame, best_epoch: pd.DataFrame | None = None) -> list[str]:
    """Report whether the best configurations overfit, else where both configurations end."""
    if endings.empty:
        return []
    finite = endings[np.isfinite(endings["last"])]
    if finite.empty:
        return ["No median is finite after the last epoch."]
    best = finite[finite["role"].str.contains("best") & finite["learned"]]
    if best_epoch is not None:
        passed = best_epoch[best_epoch["overfits"] & np.isfinite(best_epoch["ratio"])]
        passed = passed.merge(best[["dataset", "role"]], on=["dataset", "role"])
        if len(passed):
            return _overfits(passed, endings["dataset"].unique())
    base = finite[finite["role"] == "base"]
    if best.empty:
        return sentence(_ends("the base setup", base)) if len(base) else []
    said = _ends(whose(best["role"]), best)
    beside = f", the base setup’s at {span(base['last'])}" if len(base) else ""
    return sentence(said + beside, said)


def _ends(what: str, rows: pd.DataFrame) -> str:
    measured = "median " * bool((rows["runs"] > 1).any()) + words(str(rows["metric"].iloc[0]))
    return f"{what}’s {measured} ends at {span(rows['last'])}"


def _overfits(rows: pd.DataFrame, datasets: Collection[str]) -> list[str]:
    """Report the best epoch, and how much higher the loss is at the end."""
    epochs = span(rows["epoch"], lambda n: f"{n:,.0f}")
    times = span(rows["ratio"], lambda ratio: number(ratio, 3))
    return sentence(
        f"{on(rows['dataset'].tolist(), datasets)}, the best configuration’s held-out loss is "
        f"lowest after {epochs} epochs and ends {times} times as high"
    )


def caption(tables: Tables) -> str:
    """Explain the lines, and the marks that this study has."""
    said = "Thin lines are single runs, thick lines their medians."
    if "best_epoch" in tables:
        said += (
            " The triangle marks the lowest median held-out loss, the grey stripe the range over "
            "single runs."
        )
    if "rates" in tables:
        said += " The lowest row is the learning rate of each epoch."
    if tables["endings"]["role"].str.contains("near").any():
        said += " Where no run has all defaults, the configuration nearest to them is shown."
    return said


CODE = """
table = pd.read_parquet(f"{folder}/tables/curves.parquet")
table = table[table["metric"] == "{{ metric }}"]  # or another; single runs are in curve_runs
grid = sns.relplot(
    table, kind="line", x="epoch", y="median", hue="role", col="dataset", estimator=None,
)
grid.set(xscale="log"{{ ', yscale="log"' if log }})
"""

QUESTION = Question(
    name="curves",
    question="How do the base setup and the best configuration learn?",
    tables=tables,
    finding=lambda t: finding(t["endings"], t.get("best_epoch")),
    figure=lambda t, looks: figure(
        t["curves"],
        t["curve_runs"],
        t.get("best_epoch"),
        looks.trivial_losses,
        t,
    ),
    code=CODE,
    picture="Lines: loss, accuracy (of classes) and gradient norm after each epoch, of every run "
    "of the base setup and of the best configuration, one column each",
    caption=caption,
    note="An epoch is one pass over the training data. A run that ended early counts as the worst. "
    "A dashed line is the trivial predictor's loss, or the accuracy of always predicting the most "
    "frequent class of a part. The best epoch is chosen by "
    "the held-out samples themselves: on new samples, the loss at that epoch is somewhat higher."
    + ONE_ANSWER,
    basis=Basis(
        n={"runs": "runs a median"},
        interval=ORDER + ", in the table",
        chosen="the base setup, pruned trials left out, and the runs by which the best is ranked",
    ),
    absent="No epoch of these configurations is stored.",
)
