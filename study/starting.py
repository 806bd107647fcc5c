"""A first pipeline for a table, with a comment on each choice."""

import json
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from study.errors import quoted
from study.examples import Copied, make_folder, named, put, refuse
from study.plan.forecast import forecast
from study.process import cores
from study.spec.load import read_pipeline
from study.spec.pipeline import Pipeline
from study.stats.reach import fewest
from study.terminal import visible
from study.understood import Understood, understood
from study.units import amount, count_of

SHOWN = 12
"""The number of columns that a comment lists."""

LINE = 100
"""The largest width of a comment."""

SECONDS = 20.0
"""The longest forecast of a first study, if fewer epochs can achieve that."""

EPOCHS = 300, 150, 80, 40, 20
"""The epochs of a first study: large tables get the last ones."""

LOSSES = {0: "mse", 2: "binary_cross_entropy"}
"""The losses of a number, which has no classes, and of two classes."""

TEMPLATE = """#:schema ./schema.json

{comment}

name = {name}
title = {title}

[datasets.{dataset}]
{keys}

[model]
loss = {loss}
output_activation = "none"    # {output}
activation = "tanh"
initializer = "xavier"

[training]
optimizer = "adam"
epochs = {epochs}

[search]
repetitions = {repetitions}               # the fewest that can decide one hypothesis

[search.objective]
metric = "final_test_loss"    # of the rows that are held out

[search.parameters]
hidden = [[], [16], [32, 16]]    # []: no hidden layer, so the model is linear
lr = [0.001, 0.01, 0.1]

[[hypotheses]]
id = "hidden-layer"
claim = "A hidden layer lowers the loss of held-out rows"
where = {{lr = 0.01}}
compare = {{parameter = "hidden", value = [16], with = []}}
metric = "final_test_loss"
expect = "lower"
"""


def start(to: Path, file: Path, given: Mapping[str, object]) -> tuple[Understood, Copied]:
    """Write a pipeline for a table: to a .toml file, or into a folder under the table's own name.

    `given` are keys of its dataset: the target, and other decisions of the user. Raises StudyError
    if the table cannot be learned from, or a file is in the way.
    """
    name = re.sub(r"[^A-Za-z0-9_-]+", "-", file.name.partition(".")[0]).strip("-") or "table"
    path = named(to, name)
    refuse(path)
    table = understood(file, given)
    make_folder(path)  # the table's path is written relative to it
    pipeline = read_pipeline(_text(path, name, table, EPOCHS[0]), path)
    fits = (epochs for epochs in EPOCHS if _seconds(pipeline, epochs) <= SECONDS)
    text = _text(path, name, table, next(fits, EPOCHS[-1]))
    return table, put(path, text, {})


def _seconds(pipeline: Pipeline, epochs: int) -> float:
    """Return how long a pipeline with this number of epochs takes, by its forecast."""
    training = pipeline.training.model_copy(update={"epochs": epochs})
    changed = pipeline.model_copy(update={"training": training})
    return forecast(changed, {}, cores()).seconds


def _text(path: Path, name: str, table: Understood, epochs: int) -> str:
    """Return the text of a pipeline."""
    labels = table.labels
    about = (
        f"A first study of {visible(table.file.name)}: {amount(table.rows)} rows, "
        f"{count_of(len(table.inputs), 'input')}. Does a hidden layer help? Change any value, and "
        f"run `study plan {path.name}` to see what the study then costs."
    )
    return TEMPLATE.format(
        comment="\n".join(_comment(about)),
        name=_toml(path.stem),
        title=_toml(f"Does a hidden layer help to predict {visible(table.target.name)}?"),
        dataset=name,
        keys="\n".join(_keys(path, table)),
        loss=_toml(LOSSES.get(len(labels or ()), "softmax_cross_entropy")),
        output="a number has no bounds" if labels is None else "this loss takes logits",
        epochs=epochs,
        repetitions=fewest(0.5, 1),
    )


def _keys(path: Path, table: Understood) -> Iterator[str]:
    """Yield the lines of a dataset's table."""
    other = '"number" if they measure something' if table.labels else '"classes" if they are names'
    left = {quoted(c.name) for c in table.columns if c.role == "left out"}
    why = [note for note in table.notes if any(note.startswith(name) for name in left)]
    comments = {
        "generator": table.described,
        "target": table.target.values,
        "task": f"whole numbers; {other}",
        "split": "the column that marks held-out rows",
        "exclude_features": "; ".join(why),
    }
    keys = {"generator": "", "path": _relative(table.file, path), **table.keys}
    for key, value in keys.items():
        comment = visible(comments.get(key, ""))
        yield f"{key} = {_toml(value)}{f'    # {comment}' if comment else ''}"
    if "split" not in keys:
        yield "test_fraction = 0.25    # each repetition holds out other rows"
    names = ", ".join(map(_toml, table.inputs[:SHOWN])) + ", …" * (len(table.inputs) > SHOWN)
    yield f"# features = [{visible(names)}]    # the default"


def _relative(file: Path, path: Path) -> str:
    """Return a file's path relative to a pipeline file's folder, if there is one."""
    try:
        return Path(os.path.relpath(file, path.parent)).as_posix()
    except ValueError:  # another drive
        return str(file.absolute())


def _toml(value: object) -> str:
    """Write a value as TOML does: JSON writes texts and lists alike, except for one character."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _comment(text: str) -> Iterator[str]:
    """Yield the lines of a comment."""
    line = "#"
    for word in text.split():
        if len(line) + len(word) >= LINE:
            yield line
            line = "#"
        line += f" {word}"
    yield line
