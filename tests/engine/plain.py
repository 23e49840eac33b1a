"""Worlds before their first step, also as tables that plain Python reads as compiled code does."""

from __future__ import annotations

import numpy as np

from perigrid.base.architecture import Architecture
from perigrid.engine.build import build_world
from perigrid.engine.state import World
from perigrid.sim import world as sim
from perigrid.sim.oversight import Oversight

_TABLES = ("con", "sats", "nodes", "stages", "work", "jobs", "queue", "legs", "turns",
           "tries", "models")  # fmt: skip
_LOGGED = ("events", "decisions", "legs", "others", "begun")


def built(world: sim.World, architecture: Architecture) -> World:
    """The arrays of a mission before its first step."""
    return build_world(
        world.scenario, world.fleet, world.outlook, world.jobs, world.outcomes, architecture,
        Oversight(world).foreseen(),
    )  # fmt: skip


def plain(world: sim.World, architecture: Architecture) -> World:
    """The same for parts that are not compiled."""
    w = built(world, architecture)
    log = w.log._replace(**{name: getattr(w.log, name).view(np.recarray) for name in _LOGGED})
    tables = {name: getattr(w, name).view(np.recarray) for name in _TABLES}
    return w._replace(log=log, **tables)
