"""Carry a flight's world over one leg: the loop around the compiled parts."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Protocol

from perigrid.sim.flight.events import run_until
from perigrid.sim.flight.legs import Leg
from perigrid.sim.flight.step import begin_step, end_step, move_queues
from perigrid.sim.flight.world import World

Full = Callable[[], None]
After = Callable[[float, float], None]


class Watcher(Protocol):
    """Whoever the loop stops for."""

    @property
    def next_s(self) -> float:
        """When it has to stop next; inf for never [s]."""
        ...

    def hear(self, t_s: float) -> None:
        """Do what is due then."""
        ...


def fly_leg(
    world: World,
    leg: Leg,
    full: Full,
    after: After | None = None,
    people: Watcher | None = None,
) -> tuple[float, float]:
    """Fly one leg with its routes.

    Parameters
    ----------
    world : World
        Changed in place.
    leg : Leg
        Light and routes.
    full : callable
        Writes the log of decisions and empties it.
    after : callable, optional
        Given begin and end of every step, when it is over [s].
    people : Watcher, optional
        Their answers come between events.

    Returns
    -------
    steps_s, events_s : float
        Wall time spent in physics and in events [s].
    """
    world.delay_s[...], world.near[...] = leg.delay_s, leg.near
    world.sats["exit_node"] = leg.exit_node
    world.laser_s[...] = leg.laser_s
    world.routes_end_s[0] = leg.t_s[-1]
    move_queues(world, float(leg.t_s[0]))
    steps_s = events_s = 0.0
    for step in range(len(leg.array_w)):
        t_s, t_end_s = float(leg.t_s[step]), float(leg.t_s[step + 1])
        begun_s = time.perf_counter()
        begin_step(world, t_s, t_end_s - t_s, leg.array_w[step])
        ready_s = time.perf_counter()
        _happen(world, t_end_s, full, people)
        happened_s = time.perf_counter()
        end_step(world, t_end_s, t_end_s - t_s, leg.environment_w[step])
        steps_s += (ready_s - begun_s) + (time.perf_counter() - happened_s)
        events_s += happened_s - ready_s
        if after is not None:
            after(t_s, t_end_s)
    return steps_s, events_s


def _happen(world: World, t_end_s: float, full: Full, people: Watcher | None) -> None:
    """Let everything happen in a step; what people say comes before the events of its time."""
    while True:
        next_s = t_end_s if people is None else people.next_s
        stop_s = min(next_s, t_end_s)
        while not run_until(world, stop_s, t_end_s):
            full()
        if people is None or next_s >= t_end_s:
            return
        people.hear(next_s)
