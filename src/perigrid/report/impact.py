"""What governance cost, in a sentence and a table: the same scenes with the rules and without."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any, Final

from perigrid.base.architecture import in_order
from perigrid.base.errors import Problem, RunFolderError
from perigrid.report.table import ComparisonTable, Row
from perigrid.report.terms import TERMS, Terms, workload_of
from perigrid.report.words import NONE, count, duration, energy, share, size

GOVERNANCE: Final = "governance"
Cost = Mapping[str, Any]

_ROWS: Final[tuple[tuple[str, str, Callable[[Cost], str]], ...]] = (
    ("{Answers}", "with the rules", lambda cost: count(cost["with"]["delivered"])),
    ("", "without", lambda cost: count(cost["without"]["delivered"])),
    ("", "lost to the rules", lambda cost: count(cost["lost"])),
    ("", "  of it, never allowed", lambda cost: count(cost["lost_by"].get("rule", 0))),
    ("", "  of it, in flight", lambda cost: count(cost["lost_by"].get("in_flight", 0))),
    ("", "gained", lambda cost: count(cost["gained"])),
    ("Median time", "with the rules", lambda cost: _time(cost["with"], "p50")),
    ("", "without", lambda cost: _time(cost["without"], "p50")),
    ("90 % within", "with the rules", lambda cost: _time(cost["with"], "p90")),
    ("", "without", lambda cost: _time(cost["without"], "p90")),
    ("Added, same {wanted}", "median", lambda cost: _seconds(cost["added_s"]["p50"])),
    ("", "90 % within", lambda cost: _seconds(cost["added_s"]["p90"])),
    ("Energy", "with the rules", lambda cost: energy(cost["with"]["energy_j"])),
    ("", "without", lambda cost: energy(cost["without"]["energy_j"])),
    ("Energy per {answer}", "with the rules", lambda cost: _energy(cost["with"])),
    ("", "without", lambda cost: _energy(cost["without"])),
    ("Bytes sent", "with the rules", lambda cost: size(sum(cost["with"]["bytes"].values()))),
    ("", "without", lambda cost: size(sum(cost["without"]["bytes"].values()))),
    ("Approvals", "asked", lambda cost: count(cost["approvals"]["asked"])),
    ("", "granted", lambda cost: count(cost["approvals"]["granted"])),
    ("", "refused", lambda cost: count(cost["approvals"]["refused"])),
    ("", "expired", lambda cost: count(cost["approvals"]["expired"])),
    ("", "open at the end", lambda cost: count(_open(cost["approvals"]))),
    ("", "answered in, median", lambda cost: _seconds(cost["approvals"]["answer_s"]["p50"])),
    ("", "age at the act, median", lambda cost: _seconds(cost["approvals"]["age_s"]["p50"])),
    ("", "age at the act, 90 %", lambda cost: _seconds(cost["approvals"]["age_s"]["p90"])),
    ("Decisions", "denied", lambda cost: count(sum(cost["denied"].values()))),
)


def cost_table(comparison: Mapping[str, Any]) -> ComparisonTable | None:
    """Build the table of what the rules cost.

    Parameters
    ----------
    comparison : mapping
        The record in ``comparison.json``.

    Returns
    -------
    ComparisonTable or None
        None if the comparison was not flown both ways.

    Raises
    ------
    RunFolderError
        If the record is broken.
    """
    costs, terms = comparison.get(GOVERNANCE), TERMS[workload_of(comparison)]
    if costs is None:
        return None
    try:
        names, words = in_order(costs), _words(terms)
        rows = tuple(
            Row(group.format(**words), measure, tuple(cell(costs[name]) for name in names))
            for group, measure, cell in _ROWS
        )
    except (KeyError, TypeError, AttributeError) as error:
        message = f"what the rules cost cannot be read: {error}"
        raise RunFolderError([Problem(message, "fly the comparison again")]) from error
    caption = f"What the rules cost: the same {terms.jobs} with them and without"
    return ComparisonTable(caption, tuple(names), rows)


def cost_findings(comparison: Mapping[str, Any]) -> list[str]:
    """Say what the rules cost, an architecture a sentence.

    Parameters
    ----------
    comparison : mapping
        The record in ``comparison.json``.

    Returns
    -------
    list of str
        Empty if the comparison was not flown both ways.
    """
    costs, terms = comparison.get(GOVERNANCE) or {}, TERMS[workload_of(comparison)]
    return [_finding(name, costs[name], terms) for name in in_order(costs)]


def denied_by(comparison: Mapping[str, Any]) -> list[tuple[str, str, list[str]]]:
    """List the rules that denied or asked, with how often in each architecture.

    Parameters
    ----------
    comparison : mapping
        The record in ``comparison.json``.

    Returns
    -------
    list of (str, str, list of str)
        Verdict, rule, counts in the order of the table's columns.
    """
    costs = comparison.get(GOVERNANCE) or {}
    names = in_order(costs)
    return [
        (verdict, rule, [count(costs[name][key].get(rule, 0)) for name in names])
        for verdict, key in (("denied", "denied"), ("asked people", "asked"))
        for rule in sorted({rule for name in names for rule in costs[name][key]})
    ]


def render_cost(comparison: Mapping[str, Any], width: int = 80) -> str:
    """Write what the rules cost as plain text.

    Parameters
    ----------
    comparison : mapping
        The record in ``comparison.json``.
    width : int
        Columns of the terminal.

    Returns
    -------
    str
        Sentences, a blank line, the table; empty if the comparison was not flown both ways.
    """
    table = cost_table(comparison)
    if table is None:
        return ""
    said = "\n".join(textwrap.fill(one, width) for one in cost_findings(comparison))
    return f"{said}\n\n{table.text(width)}"


def _words(terms: Terms) -> dict[str, str]:
    return asdict(terms) | {"Answers": terms.answers.capitalize()}


def _finding(name: str, cost: Cost, terms: Terms) -> str:
    before = cost["without"]["delivered"]
    part = share(cost["lost"] / before if before else math.nan)
    lost = f"no {terms.answer}"
    if before:
        lost = f"{count(cost['lost'])} of {count(before)} {terms.answers} ({part})"
    gained = f", brought {count(cost['gained'])} others" if cost["gained"] else ""
    added_s = cost["added_s"]["p50"]
    later = "" if added_s is None else f"; what came both ways came {_later(added_s)} at the median"
    return f"The rules cost {name} {lost}{gained}{later}."


def _later(added_s: float) -> str:
    if abs(added_s) < 1.0:
        return "as soon"
    return f"{duration(abs(added_s))} {'later' if added_s > 0.0 else 'sooner'}"


def _open(approvals: Mapping[str, int]) -> int:
    """Count the requests that nobody had answered when the run ended."""
    return approvals["asked"] - sum(approvals[end] for end in ("granted", "refused", "expired"))


def _time(figures: Cost, which: str) -> str:
    return _seconds(figures["time_to_insight_s"][which])


def _energy(figures: Cost) -> str:
    used_j = figures["energy_j_per_insight"]
    return NONE if used_j is None else energy(used_j)


def _seconds(value_s: float | None) -> str:
    if value_s is None:
        return NONE
    return duration(value_s) if value_s >= 0.0 else f"-{duration(-value_s)}"
