"""``perigrid bench engine``: the compiled flight beside the same flight in plain Python."""

from __future__ import annotations

import numpy as np

from perigrid.benchmark.flight_reference import PlainFlight
from perigrid.benchmark.measure import Timing, duel
from perigrid.scenario.load import load_scenario
from perigrid.sim.flight.build import build_flight
from perigrid.sim.flight.legs import Sky
from perigrid.sim.flight.stepper import fly_leg
from perigrid.sim.flight.world import Count, state_arrays

_SHELL = "groups.shell.orbit.walker"


def bench_engine(
    planes: int = 10, satellites_per_plane: int = 10, jobs: int = 4000, hours: float = 2.0
) -> list[Timing]:
    """Time decisions, events and physics of a small flight; light and routes are given to both.

    Parameters
    ----------
    planes, satellites_per_plane : int
        Of the shell.
    jobs : int
        Their number.
    hours : float
        Length of the flight [h].

    Returns
    -------
    list of Timing
        One line; the agreement is the largest difference between the times at which jobs end, and
        infinite if they end on different satellites.
    """
    changes = (
        f"{_SHELL}.planes={planes}",
        f"{_SHELL}.satellites_per_plane={satellites_per_plane}",
        f"jobs.count={jobs}",
        f"hours={hours!r}",
    )
    scenario = load_scenario("mega-constellation", overrides=changes)
    fresh, flight = build_flight(scenario), build_flight(scenario)
    legs = list(Sky(scenario, fresh.fleet, fresh.mesh, fresh.faults).legs(0))

    def ours() -> tuple[list[int], list[float]]:
        world = flight.world
        for name, array in state_arrays(world).items():
            array[...] = state_arrays(fresh.world)[name]

        def empty() -> None:
            world.counts[Count.LOGGED] = 0

        for leg in legs:
            fly_leg(world, leg, empty)
        return world.jobs["node"].tolist(), world.jobs["end_s"].tolist()

    def plain() -> tuple[list[int], list[float]]:
        tasks = PlainFlight(fresh).fly(legs)
        return [task.node for task in tasks], [task.end_s for task in tasks]

    done = duel(ours, plain, 1)
    (nodes, ends_s), (other_nodes, other_ends_s) = done.ours, done.reference
    apart_s = np.abs(np.nan_to_num(ends_s) - np.nan_to_num(other_ends_s)).max()
    size = f"{planes * satellites_per_plane} satellites, {jobs} jobs, {hours:g} h"
    return [
        Timing(
            f"engine: {size}",
            done.ours_s,
            "plain Python, heapq",
            done.reference_s,
            agreement=float(apart_s) if nodes == other_nodes else float("inf"),
            unit="s",
        )
    ]
