"""A controller of a small mission, put before events by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from missions import SCENARIO
from perigrid.base.architecture import Architecture
from perigrid.base.jobs import Job
from perigrid.base.messages import Action, Captured, Event, StateReported
from perigrid.control.controller import Controller
from perigrid.control.scheduling.base import Belief
from perigrid.fleet.build import build_fleet
from perigrid.fleet.model import ContactKind, Fleet, Outlook
from perigrid.scenario.model import Scenario
from scheduling_cases import Row, contact_table, empty_outlook

FLEET = build_fleet(SCENARIO)
GROUND = next(row for row, place in FLEET.stations.items() if place.role == "operator")
CENTRE = next(iter(FLEET.data_centres))
JOB = Job(0, 0, 10.0, 9000.0, 1e8, 1.6e9, 0.5, 1.0, 3, 2)
DOWN, CROSS = ContactKind.DOWNLINK, ContactKind.CROSSLINK
LINKED = (
    (CROSS, 0, 1, 0.0, 9000.0),
    (DOWN, 0, GROUND, 0.0, 7200.0),
    (DOWN, 1, GROUND, 0.0, 7200.0),
)
"""Satellites 0 and 1 see a station, and one the other."""


def jobs_of(*some: Job) -> list[Job]:
    """Number jobs from 0 in the order given."""
    return [replace(job, job_id=number) for number, job in enumerate(some)]


def core(
    architecture: Architecture,
    jobs: Sequence[Job] = (JOB,),
    rows: Sequence[Row] = (),
    scenario: Scenario = SCENARIO,
    *,
    outlook: Outlook | None = None,
    **changes: object,
) -> Controller:
    """Make a controller whose satellites are alike, over some contacts."""
    fleet = build_fleet(scenario)
    outlook = empty_outlook(fleet) if outlook is None else outlook
    outlook = replace(outlook, contacts=contact_table(sorted(rows, key=lambda row: row[3])))
    return Controller(replace(scenario, **changes), fleet, outlook, architecture, jobs)


def told(controller: Controller, *events: Event) -> list[Action]:
    """What it wants, refused or not."""
    return [decision.action for decision in controller.handle(events)]


def taken(controller: Controller, *jobs: Job) -> dict[int, Action]:
    """What it wants of jobs taken at one instant, by their numbers."""
    t_s = max(job.t_capture_s for job in jobs)
    return {one.job_id: one for one in told(controller, *(Captured(t_s, job) for job in jobs))}


def fill(belief: Belief, node: int, left_bytes: float = 0.0) -> None:
    """Leave so much room on a satellite."""
    belief.storage.held_bytes[node] = belief.fleet.buses.storage_bytes[node] - left_bytes


def report(fleet: Fleet, t_s: float = 0.0, soc: float | Sequence[float] = 0.9) -> StateReported:
    """Telemetry of satellites that are cool; all alike, or the first ones otherwise."""
    n, some = fleet.n_satellites, (soc,) if isinstance(soc, float) else tuple(soc)
    socs = (*some, *(some[-1],) * (n - len(some)))
    battery_j = tuple(
        one * two for one, two in zip(socs, fleet.buses.capacity_j.tolist(), strict=True)
    )
    return StateReported(t_s, battery_j, (290.0,) * n, (285.0,) * n, (0.0,) * n)
