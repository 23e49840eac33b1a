"""Names by which one part of a scenario means another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from perigrid.base.registry import SCHEDULERS, WORKLOADS, names
from perigrid.scenario.findings import Finding
from perigrid.scenario.people import NONE
from perigrid.scenario.problems import did_you_mean, listed
from perigrid.scenario.tree import Loc

if TYPE_CHECKING:
    from perigrid.scenario.schema import ScenarioFile


def reference_findings(spec: ScenarioFile) -> Iterator[Finding]:
    """Find names that mean nothing.

    Parameters
    ----------
    spec : ScenarioFile
        Valid key by key.

    Yields
    ------
    Finding
        With what the name was probably meant to be.
    """
    yield from _plug_ins(spec)
    yield from _stations(spec)
    yield from _grants(spec)


def _plug_ins(spec: ScenarioFile) -> Iterator[Finding]:
    # The default is one of the package's own; looking at what is installed takes time.
    for key, group in (("scheduler", SCHEDULERS), ("workload", WORKLOADS)):
        name = getattr(spec, key)
        if key in spec.model_fields_set and name not in names(group):
            yield _unknown((key,), key, name, names(group))


def _stations(spec: ScenarioFile) -> Iterator[Finding]:
    """Stations have an operator that the scenario knows from elsewhere."""
    known = {
        *(group.operator for group in spec.groups),
        *(owner.name for owner in spec.operators),
        *(centre.operator for centre in spec.data_centres),
        *(party.name for party in spec.parties),
    }
    for index, network in enumerate(spec.stations):
        if network.operator not in known:
            loc: Loc = ("stations", index, "operator")
            message = f"no satellites, data centres or parties are of operator '{network.operator}'"
            remedy = f"the others name {listed(sorted(known))}; a further operator goes to parties"
            yield Finding(loc, message + did_you_mean(network.operator, known), remedy)


def _grants(spec: ScenarioFile) -> Iterator[Finding]:
    """Who lends and who borrows have satellites of their own, or pass on what they borrowed."""
    owners = {owner.name for owner in spec.operators}
    owners |= {group.operator for group in spec.groups if group.role == "compute"}
    known = {
        "lender": owners | {grant.borrower for grant in spec.grants},
        "borrower": owners | {grant.lender for grant in spec.grants if grant.parent != NONE},
    }
    fixed = {grant.id for grant in spec.grants if not grant.may_regrant}
    for index, grant in enumerate(spec.grants):
        if grant.parent in fixed:
            message = f"'{grant.parent}' may not be passed on"
            remedy = f"give '{grant.parent}' may_regrant: true, or leave parent out"
            yield Finding(("grants", index, "parent"), message, remedy)
        for key, there in known.items():
            name = getattr(grant, key)
            if name not in there:
                kind = "operator of computing satellites"
                yield _unknown(("grants", index, key), kind, name, there)


def _unknown(loc: Loc, kind: str, name: str, known: Iterable[str]) -> Finding:
    choices = sorted(known)
    message = f"no {kind} is called '{name}'{did_you_mean(name, choices)}"
    return Finding(loc, message, f"choose one of {listed(choices)}")
