"""``perigrid fly``: a large fleet serves compute jobs."""

from __future__ import annotations

import functools
from pathlib import Path

import click

from perigrid.cli.options import (
    PositiveNumber,
    command_line,
    output_folder,
    resume_option,
    scenario_options,
)
from perigrid.cli.output import found_there, hint, print_json, progress, warn

_S_PER_MINUTE = 60.0


@click.command()
@scenario_options
@click.option(
    "--jobs", type=click.IntRange(min=1), help="Number of jobs instead of the scenario's."
)
@resume_option
@click.option(
    "--telemetry", "telemetry_s", type=PositiveNumber(), metavar="S",
    help="Between two rows of a satellite [s]; else as often as two million rows allow.",
)  # fmt: skip
@click.option(
    "--checkpoint", "checkpoint_min", type=PositiveNumber(), metavar="MIN", default=60.0,
    show_default=True, help="Simulated time between two checkpoints [min].",
)  # fmt: skip
@click.option("-o", "--out", type=click.Path(path_type=Path), help="Run folder to write.")
def fly(
    scenario: str,
    overrides: tuple[str, ...],
    jobs: int | None,
    resume: bool,
    telemetry_s: float | None,
    checkpoint_min: float,
    out: Path | None,
    as_json: bool,
    quiet: bool,
) -> None:
    """Serve compute jobs with a fleet of any size: decisions, physics and routes, compiled.

    SCENARIO needs a section `jobs`; of the library, mega-constellation has one. Its 10,000
    satellites take minutes for a day; a hundred of them take seconds:

    \b
      perigrid fly mega-constellation --hours 1 --jobs 10000 \\
        --set groups.shell.orbit.walker.planes=10 \\
        --set groups.shell.orbit.walker.satellites_per_plane=10

    A flight that was stopped goes on with --resume.
    """  # noqa: D301  click wants the character itself
    from perigrid.api import Comparison, Study

    if jobs is not None:
        overrides = (*overrides, f"jobs.count={jobs}")
    study = Study.open(scenario, overrides=overrides)
    warn(study.scenario.warnings + study.scenario.flight_warnings, quiet=quiet)
    folder = output_folder(out, study.scenario.name, "fly")
    with progress(quiet=quiet) as tell:
        flown = study.fly(
            folder,
            resume=resume,
            telemetry_s=telemetry_s or 0.0,
            checkpoint_s=checkpoint_min * _S_PER_MINUTE,
            progress=tell,
            command=command_line("fly", scenario, overrides, ""),
            notice=functools.partial(hint, quiet=quiet),
        )
    if as_json:
        told = {**flown.summary, "folder": str(folder), "stages_s": flown.stages_s}
        print_json(told, flown.warnings)
        return
    with found_there(folder, resume=resume):
        text = Comparison(flown.comparison, None).table()
    click.echo(text)
    spent = ", ".join(f"{name} {value_s:.1f} s" for name, value_s in flown.stages_s.items())
    hint(f"time: {spent}", quiet=quiet or not spent)
    hint(f"run folder: {folder}; try: perigrid explain {folder} 0", quiet=quiet)
