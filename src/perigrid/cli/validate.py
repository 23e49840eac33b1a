"""``perigrid validate``: published values against ours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Final

import click

from perigrid.cli.options import json_option
from perigrid.cli.output import columns, print_json

if TYPE_CHECKING:
    from perigrid.validation.case import Case

_MISSED: Final = "missed"


@click.command()
@click.argument("names", metavar="[CASE]...", nargs=-1)
@json_option
@click.pass_context
def validate(ctx: click.Context, names: tuple[str, ...], as_json: bool) -> None:
    """Compare published values with ours; exit 1 if one falls outside unless known to."""
    from perigrid.validation.catalogue import run

    cases = run(names)
    if as_json:
        print_json([_record(case) for case in cases])
    else:
        click.echo(cases_text(cases))
    if not all(case.passed or case.known_miss for case in cases):
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
        A table, each note once with its first case, and the count. What is known to miss is marked
        ``missed``, anything else outside ``OUTSIDE``.
    """
    rows: list[tuple[str, ...]] = [
        ("", "case", "published", "ours", "difference", "tolerance", "unit", "source")
    ]
    rows += [
        (
            _mark(case),
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
    if missed := sum(_mark(case) == _MISSED for case in cases):
        count += f", {missed} known to miss it"
    return "\n\n".join([block for block in blocks if block] + [count])


def _mark(case: Case) -> str:
    """Say in a word how a case ended."""
    if case.passed:
        return "ok"
    return _MISSED if case.known_miss else "OUTSIDE"


def _record(case: Case) -> dict[str, object]:
    """Turn a case into the fields of the contract."""
    return asdict(case)
