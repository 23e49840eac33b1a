"""``perigrid explain``: why a job ran where and when it did."""

from __future__ import annotations

from pathlib import Path

import click

from perigrid.base.errors import Problem, RunFolderError
from perigrid.cli.options import json_option
from perigrid.cli.output import print_json


@click.command()
@click.argument("run_folder", metavar="RUN", type=click.Path(path_type=Path))
@click.argument("job", type=click.IntRange(min=0))
@click.option(
    "--arch",
    "architecture",
    metavar="NAME",
    help="Which run of a comparison folder.",
)
@json_option
def explain(run_folder: Path, job: int, architecture: str | None, as_json: bool) -> None:
    """Why JOB of RUN ran where and when it did, or why it did not."""
    from perigrid.report.explain import Explanation
    from perigrid.report.explain import explain as explain_job
    from perigrid.report.explain_flight import FlightExplanation, explain_flight, is_flight

    folder = one_run(run_folder, architecture)
    explanation: Explanation | FlightExplanation = (
        explain_flight(folder, job) if is_flight(folder) else explain_job(folder, job)
    )
    if as_json:
        print_json(explanation.to_dict())
    else:
        click.echo(explanation.text())


def one_run(folder: Path, architecture: str | None) -> Path:
    """Find the run that is meant.

    Parameters
    ----------
    folder : Path
        A run folder, or a comparison folder with one run folder per architecture.
    architecture : str or None
        Which of them.

    Returns
    -------
    Path
        A run folder.

    Raises
    ------
    RunFolderError
        If the folder is a comparison and none of its architectures was named, or it is none and
        one was.
    """
    compared = (folder / "comparison.json").is_file()
    if compared:
        from perigrid.ledger.source import Source

        there = Source(str(folder), folder).runs()
        if architecture in there:
            return folder / architecture
        named = "the folder holds several runs"
        message = named if architecture is None else f"the comparison has no run of {architecture}"
        remedy = f"add --arch with one of {', '.join(there)}"
        raise RunFolderError([Problem(message, remedy, path=str(folder))])
    if architecture is not None and folder.is_dir():
        remedy = "leave --arch out, or name the comparison's folder"
        raise RunFolderError([Problem("the folder is no comparison", remedy, path=str(folder))])
    return folder
