"""A fresh decision core for one architecture: the same for the simulator, live runs and replay."""

from __future__ import annotations

from perigrid.base.jobs import Architecture
from perigrid.base.registry import SCHEDULERS, create
from perigrid.control.contact_plan import ContactPlan, Exit
from perigrid.control.controller import Controller
from perigrid.control.placement import PLACEMENTS
from perigrid.control.policy.gate import Gate, Places
from perigrid.control.recovery import Outages
from perigrid.fleet.model import Fleet, Outlook
from perigrid.fleet.terrestrial import fibre_delay_s, nearest_centre
from perigrid.scenario.model import Scenario


def build_controller(
    scenario: Scenario, fleet: Fleet, outlook: Outlook, architecture: Architecture
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

    Returns
    -------
    Controller
        With nothing booked.
    """
    placement = PLACEMENTS[architecture]
    exits = {}
    for row in fleet.stations:
        centre = nearest_centre(fleet, row)
        delay_s = fibre_delay_s(scenario, fleet, row, centre)
        exits[row] = Exit(centre, delay_s, scenario.terrestrial.rate_bps)
    plan = ContactPlan(outlook.contacts, placement.links, len(fleet.names), exits)
    return Controller(
        fleet,
        outlook,
        scenario.pipeline,
        scene_area_m2(fleet),
        placement,
        plan,
        create(SCHEDULERS, scenario.scheduler),
        Gate(scenario.rules, Places(fleet.operators, fleet.countries)),
        Outages(scenario.faults, scenario.recovery),
    )


def scene_area_m2(fleet: Fleet) -> float:
    """Ground area of a scene of the fleet's imager.

    Parameters
    ----------
    fleet : Fleet
        The fleet.

    Returns
    -------
    float
        0 if the satellites carry no imager [m2].
    """
    sensor = fleet.satellites.sensor
    return 0.0 if sensor is None else sensor.swath_m**2
