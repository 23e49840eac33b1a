"""``perigrid audit show`` and ``diff``: single decisions, and those of two runs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from perigrid.base.errors import InputError, Problem
from perigrid.cli.options import json_option
from perigrid.cli.output import print_json

if TYPE_CHECKING:
    from perigrid.ledger.source import Source
    from perigrid.scenario.model import Scenario

run_argument = click.argument("run", metavar="RUN", type=click.Path(path_type=Path))
scenario_option = click.option(
    "--scenario", help="Path or library name, for runs that do not hold their scenario."
)
set_option = click.option(
    "--set",
    "overrides",
    multiple=True,
    metavar="KEY=VALUE",
    help="Change one key of --scenario; may be repeated.",
)


@click.command()
@run_argument
@click.argument("action", required=False)
@click.option("--job", "job", type=click.IntRange(min=0), help="List the decisions about a job.")
@click.option("--arch", "architecture", metavar="NAME", help="Which run of a comparison.")
@click.option("--record-only", is_flag=True, help="Replay nothing, and leave out what if.")
@scenario_option
@set_option
@json_option
def show(
    run: Path,
    action: str | None,
    job: int | None,
    architecture: str | None,
    record_only: bool,
    scenario: str | None,
    overrides: tuple[str, ...],
    as_json: bool,
) -> None:
    """Show what was decided, why, and what would have turned it; ACTION is SEQ or SEQ.K."""
    from perigrid.report.decision_view import of_job
    from perigrid.report.decision_view import show as show_decision
    from perigrid.sim.cores import Cores

    if (action is None) == (job is None):
        raise click.UsageError("name one ACTION, or a job with --job")
    source = one_source(run, architecture)
    if job is not None:
        rows = of_job(source, job)
        if as_json:
            print_json({"run": source.label, "job_id": job, "decisions": rows})
        for row in [] if as_json else rows:
            said = f"{row['what']}: {row['verdict']} by {row['rule']}"
            click.echo(f"{row['decision']:>10}  {row['t_s']:>11.3f} s  {said}")
        return
    cores = None if record_only else Cores(given_scenario(scenario, overrides))
    shown = show_decision(source, str(action), cores)
    if as_json:
        print_json(shown.to_dict())
    else:
        click.echo(shown.text())


@click.command()
@click.argument("first", metavar="A", type=click.Path(path_type=Path))
@click.argument("second", metavar="B", type=click.Path(path_type=Path))
@json_option
def diff(first: Path, second: Path, as_json: bool) -> None:
    """Compare the decisions of runs A and B over the same observations."""
    from perigrid.ledger.source import open_source
    from perigrid.report.decision_diff import diff as diff_runs

    found = diff_runs(open_source(first), open_source(second))
    if as_json:
        print_json(found.to_dict())
    else:
        click.echo(found.text())


def given_scenario(scenario: str | None, overrides: tuple[str, ...]) -> Scenario | None:
    """Load the scenario that the user gave in place of the folder's.

    Parameters
    ----------
    scenario : str or None
        Path or library name.
    overrides : tuple of str
        Changes to it.

    Returns
    -------
    Scenario or None
        None if none was given.

    Raises
    ------
    InputError
        If there are changes and nothing to change.
    """
    from perigrid.scenario.load import load_scenario

    if scenario is not None:
        return load_scenario(scenario, overrides=overrides)
    if overrides:
        raise InputError([Problem("--set changes a scenario", "give one with --scenario", "--set")])
    return None


def one_source(run: Path, architecture: str | None) -> Source:
    """Open one run, of a comparison the one that is named.

    Parameters
    ----------
    run : Path
        Run folder, comparison folder or bundle.
    architecture : str or None
        Which run of a comparison.

    Returns
    -------
    Source
        Its files.

    Raises
    ------
    InputError
        If it is a comparison and its run was not named or is not there, or it is none and one was
        named.
    """
    from perigrid.ledger.source import open_source

    source = open_source(run)
    if not source.has("comparison.json"):
        if architecture is None:
            return source
        remedy = "leave --arch out, or name the comparison"
        raise InputError([Problem("this is no comparison", remedy, path=str(run))])
    there = source.runs()
    if architecture in there:
        return source.inside(str(architecture))
    remedy = f"add --arch with one of {', '.join(there)}"
    absent = f"the comparison has no run of {architecture}"
    message = "this holds several runs" if architecture is None else absent
    raise InputError([Problem(message, remedy, path=str(run))])
