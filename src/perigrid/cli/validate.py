"""``perigrid validate``: published values against ours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from perigrid.cli.options import json_option
from perigrid.cli.output import columns, print_json

if TYPE_CHECKING:
    from perigrid.validation.case import Case


@click.command()
@click.argument("names", metavar="[CASE]...", nargs=-1)
@json_option
@click.pass_context
def validate(ctx: click.Context, names: tuple[str, ...], as_json: bool) -> None:
    """Compare published values with ours; exit 1 if one falls outside its tolerance."""
    from perigrid.validation.catalogue import run

    cases = run(names)
    if as_json:
        print_json([_record(case) for case in cases])
    else:
        click.echo(cases_text(cases))
    if not all(case.passed for case in cases):
        ctx.exit(1)


def cases_text(cases: Sequence[Case]) -> str:
    """Lay cases out for the terminal.

    Parameters
    ----------
    cases : sequence of Case
        In the order shown.

    Returns
    -------
    str
        A table, each note once with its first case, and the count.
    """
    rows: list[tuple[str, ...]] = [
        ("", "case", "published", "ours", "difference", "tolerance", "unit", "source")
    ]
    rows += [
        (
            "ok" if case.passed else "OUTSIDE",
            case.case,
            f"{case.published:.6g}",
            f"{case.ours:.6g}",
            f"{case.difference:+.2g}",
            f"{case.tolerance:.2g}",
            case.unit,
            case.source,
        )
        for case in cases
    ]
    noted = {case.note: [one.case for one in cases if one.note == case.note] for case in cases}
    notes = [
        f"{names[0]}{f' and {len(names) - 1} more' if len(names) > 1 else ''}: {note}"
        for note, names in noted.items()
        if note
    ]
    passed = sum(case.passed for case in cases)
    blocks = [columns(rows, right=(2, 3, 4, 5)), "\n".join(notes)]
    count = f"{passed} of {len(cases)} within tolerance"
    return "\n\n".join([block for block in blocks if block] + [count])


def _record(case: Case) -> dict[str, object]:
    """Turn a case into the fields of the contract."""
    return asdict(case)
