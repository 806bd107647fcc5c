"""`study reproduce`: train one run again, and compare it with the stored one."""

from pathlib import Path

import click

from study.arguments import FAULT, GOOD, STUDY, json_option, run_ids, say


@click.command()
@click.argument("folder", type=STUDY)
@click.argument("run_id", required=False, shell_complete=run_ids)
@click.option("--weights", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE.npz",
              help="Save the weights and biases that the run ended with.")  # fmt: skip
@json_option
def reproduce(folder: Path, run_id: str | None, weights: Path | None, *, as_json: bool) -> int:
    """Train a run again and compare every epoch.

    The run RUN_ID of a results FOLDER is trained alone, and compared with the stored run bit for
    bit. The first characters of an id are enough. Without an id, the best run of each dataset is
    listed.

    \b
    Examples:
      study reproduce results/mine
      study reproduce results/mine 95e95b --weights best.npz
    """  # noqa: D301
    import json
    from dataclasses import asdict

    import numpy as np

    from study.execution.reproduce import reproduce as again

    if weights is not None:
        if weights.suffix != ".npz":  # NumPy would append it silently
            weights = weights.with_name(f"{weights.name}.npz")
        if not weights.parent.is_dir():  # an error before the training, not after it
            raise click.BadParameter(f"there is no folder {weights.parent}", param_hint="--weights")
        if weights.exists() and not weights.is_file():  # nobody may read from a pipe
            raise click.BadParameter(f"{weights} is not a file", param_hint="--weights")
    reproduction = again(folder, run_id)
    if weights is not None:
        np.savez(weights, allow_pickle=False, **reproduction.weights)
    saved = None if weights is None else str(weights)
    if as_json:
        fields = {key: value for key, value in asdict(reproduction).items() if key != "weights"}
        say(json.dumps({**fields, "weights": saved}))
    else:
        say(
            reproduction.sentence if saved is None else f"{reproduction.sentence}\nweights: {saved}"
        )
    return GOOD if reproduction.differs_at is None else FAULT
