"""A fresh decision core for one architecture: the same for the simulator, live runs and replay."""

from __future__ import annotations

from collections.abc import Callable

from perigrid.base.architecture import Architecture
from perigrid.base.registry import SCHEDULERS, create
from perigrid.control.contact_plan import ContactPlan, Exit
from perigrid.control.controller import Controller
from perigrid.control.oversight import authority_of
from perigrid.control.policy.approval.authority import Watch
from perigrid.control.policy.approval.roster import Roster
from perigrid.control.policy.build import build_gate
from perigrid.control.recovery import Outages
from perigrid.fleet.model import ContactKind, Fleet, Outlook
from perigrid.fleet.terrestrial import fibre_delay_s, nearest_centre
from perigrid.scenario.model import Scenario


def build_controller(
    scenario: Scenario,
    fleet: Fleet,
    outlook: Outlook,
    architecture: Architecture,
    roster: Roster | None = None,
    clock: Callable[[], float] | None = None,
    watch: Watch | None = None,
    run: str = "",
) -> Controller:
    """Make a fresh decision core for one architecture.

    Parameters
    ----------
    scenario : Scenario
        Rules, scheduler and pipeline.
    fleet, outlook
        What there is, and what decisions cannot change.
    architecture : Architecture
        Where the jobs are done.
    roster : Roster, optional
        Whose approvals count; the scenario's people if left out.
    clock : callable, optional
        Seconds, for the time budget of the policy gate in a live run; in simulation and replay
        decisions depend on no clock.
    watch : callable, optional
        Told of every action before it is judged; it must change nothing.
    run : str
        Nonce of a live run with real people, to which they bind what they sign.

    Returns
    -------
    Controller
        With nothing booked.
    """
    exits = ways_out(scenario, fleet)
    links = ContactKind.of(architecture.every_link)
    plan = ContactPlan(outlook.contacts, links, len(fleet.names), exits)
    gate = build_gate(scenario, fleet, clock)
    authority = authority_of(scenario, fleet, outlook, gate, roster, run)
    authority.watch = watch
    return Controller(
        fleet,
        outlook,
        scenario.pipeline,
        architecture,
        plan,
        create(SCHEDULERS, scenario.scheduler),
        authority,
        Outages(scenario.faults, scenario.recovery),
    )


def ways_out(scenario: Scenario, fleet: Fleet) -> dict[int, Exit]:
    """Ways from the ground nodes to the data centres nearest to them.

    Parameters
    ----------
    scenario : Scenario
        Fibre.
    fleet : Fleet
        The fleet.

    Returns
    -------
    dict of int to Exit
        By fleet row of the ground node.
    """
    exits = {}
    for row in fleet.stations:
        centre = nearest_centre(fleet, row)
        delay_s = fibre_delay_s(scenario, fleet, row, centre)
        exits[row] = Exit(centre, delay_s, scenario.terrestrial.rate_bps)
    return exits
