"""A controller of a small fleet with compute jobs, whose routes are made by hand."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np

from perigrid.base.architecture import ORBITAL, Architecture
from perigrid.base.job_table import JobTable
from perigrid.base.messages import Action, Captured, Compute, Computed, Event, Move, Moved
from perigrid.control.controller import Controller
from perigrid.control.core.state import Core
from perigrid.fleet.build import build_fleet
from perigrid.fleet.model import Fleet
from perigrid.scenario.load import load_scenario
from perigrid.scenario.model import Scenario
from scheduling_cases import empty_outlook

FEW = (
    "groups.shell.orbit.walker.planes=2",
    "groups.shell.orbit.walker.satellites_per_plane=3",
    "hours=4",
    "jobs.count=10",
    "scheduler=edf",
)
N = 6
"""Satellites."""
WORK_S, DEADLINE_S, HOP_S, LINE_BPS, UNTIL_S = 60.0, 900.0, 0.001, 20e9, 60.0
NEAR_S, MIDDLE_S, FAR_S = 0.01, 0.02, 0.04
"""Delays of routes."""
RAW_BYTES, ANSWER_BYTES = 5e6, 5e5
RAW_S, ANSWER_S = 8.0 * RAW_BYTES / LINE_BPS, 8.0 * ANSWER_BYTES / LINE_BPS
SCENARIO = load_scenario("mega-constellation", overrides=FEW)
FLEET = build_fleet(SCENARIO)
FIRST, SECOND = sorted(FLEET.stations)[:2]
"""Fleet rows of two ground nodes."""


def scenario_of(*changes: str) -> Scenario:
    """The small fleet, changed."""
    return load_scenario("mega-constellation", overrides=(*FEW, *changes))


def asked(fleet: Fleet, count: int = 1, **columns: object) -> JobTable:
    """Jobs of median size asked for at one ground node at 10 s, or as columns say."""
    origin = np.broadcast_to(np.asarray(columns.pop("origin", FIRST)), count)
    given: dict[str, object] = {
        "origin": origin,
        "t_capture_s": 10.0,
        "deadline_s": 10.0 + DEADLINE_S,
        "raw_bytes": RAW_BYTES,
        "area_m2": 1.0,
        "latitude_rad": fleet.latitude_rad[origin],
        "longitude_rad": fleet.longitude_rad[origin],
        "user": np.where(origin < fleet.n_satellites, -1, origin),
        **columns,
    }
    return JobTable(
        {name: np.broadcast_to(np.asarray(one), count).copy() for name, one in given.items()}
    )


class Routed:
    """A controller, its core, and what it was told."""

    def __init__(
        self,
        jobs: JobTable | None = None,
        architecture: Architecture = ORBITAL,
        scenario: Scenario = SCENARIO,
    ) -> None:
        self.fleet = build_fleet(scenario)
        self.jobs = asked(self.fleet) if jobs is None else jobs
        self.controller = Controller(
            scenario, self.fleet, empty_outlook(self.fleet), architecture, self.jobs
        )

    @property
    def core(self) -> Core:
        """Its arrays."""
        return self.controller._core

    def feed(
        self,
        delays_s: dict[int, dict[int, float]],
        lasers_s: float = math.inf,
        until_s: float = UNTIL_S,
    ) -> None:
        """Say how long it takes from ground nodes to satellites, by fleet row, for a while."""
        core = self.core
        core.route_delay_s[:], core.route_near[:], core.laser_s[:] = np.inf, -1, lasers_s
        for ground, to in delays_s.items():
            row = core.nodes["ground"][ground]
            for node, delay_s in to.items():
                core.route_delay_s[row, node] = delay_s
            core.route_near[row, : len(to)] = sorted(to, key=lambda one: to[one])
        core.con["route_end_s"] = until_s

    def told(self, *events: Event) -> list[Action]:
        """What it wants, refused or not."""
        return [decision.action for decision in self.controller.handle(events)]

    def taken(self, numbers: Iterable[int] = (0,)) -> list[Action]:
        """What it wants of jobs that are asked for."""
        jobs = [self.jobs[number] for number in numbers]
        return self.told(*(Captured(one.t_capture_s, one) for one in jobs))

    def moved(self, action: Move, t_s: float | None = None) -> list[Action]:
        """What it wants once a move has arrived."""
        arrival_s = action.legs[-1].t_arrival_s if t_s is None else t_s
        return self.told(Moved(arrival_s, action.job_id, action.target, action.product))

    def computed(self, action: Compute, t_s: float) -> list[Action]:
        """What it wants once a job is computed."""
        return self.told(Computed(t_s, action.job_id, action.node, action.stage, None))


def routed(
    jobs: JobTable | None = None,
    delays_s: dict[int, dict[int, float]] | None = None,
    architecture: Architecture = ORBITAL,
    scenario: Scenario = SCENARIO,
) -> Routed:
    """Make a controller that knows routes: from one ground node to a near satellite and another."""
    case = Routed(jobs, architecture, scenario)
    case.feed({FIRST: {2: NEAR_S, 4: MIDDLE_S}} if delays_s is None else delays_s)
    return case
