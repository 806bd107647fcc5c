"""`study plan`: what would be trained, and how far it has come; nothing is trained."""

from pathlib import Path

import click

from study.arguments import GOOD, pipeline_options, say
from study.process import collected_seldom, cores


@click.command()
@pipeline_options
@collected_seldom()  # a grid may have a hundred thousand configurations
def plan(
    pipeline: Path, overrides: tuple[str, ...], results: Path, workers: int | None, *, as_json: bool
) -> int:
    """Show what PIPELINE would train, and train nothing.

    The plan lists the number of runs, their time, and the hypotheses that they can decide. For a
    started study it lists the stored and the missing runs, and the time of the rest.

    \b
    Examples:
      study plan mine.toml
      study plan mine.toml --set search.repetitions=20 --workers 8
      study plan results/mine/pipeline.toml --json
    """  # noqa: D301
    import json
    from dataclasses import asdict

    from study.execution.belonging import belonging
    from study.execution.folder import ended, no_room, state
    from study.overview import plan_text
    from study.plan.forecast import forecast
    from study.prospects import prospects
    from study.spec.load import load_pipeline
    from study.store.format import other_format
    from study.store.places import refused as refused_folder
    from study.store.provenance import ended_early
    from study.store.sound import sound_runs
    from study.store.stored import stored_rows

    declared = load_pipeline(pipeline, overrides)
    folder = results / declared.name
    refused = other_format(folder) or refused_folder(folder)
    stored, damaged = ({}, []) if refused else sound_runs(folder)
    refused = refused or belonging(folder, stored, declared).refusal
    workers = workers or declared.execution.workers or cores()
    trials = None if refused else ended(folder, declared)
    planned = forecast(declared, {} if refused else stored, workers, ended=trials)
    refused = refused or no_room(folder, declared, planned)
    before = [] if refused else stored_rows(folder, "hypotheses")
    now, early = state(folder), {} if trials is None else ended_early(folder)
    if as_json:
        can = prospects(declared)
        more = {
            "outlook": can and asdict(can),
            "state": now,
            "ended": early,
            "damaged": damaged,
            "refused": refused,
        }
        say(json.dumps({**asdict(planned), **more}))
    else:
        say(plan_text(declared, planned, now, early, before))
        for part in damaged:
            say(f"\nnote: {part}; `study run` sets it aside and trains its runs again")
        if refused:
            say(f"\nnote: `study run` would refuse this. {refused}")
    return GOOD
