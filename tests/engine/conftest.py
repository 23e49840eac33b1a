"""One small world, built once: fleet, outlook, executed scenes and observations."""

from __future__ import annotations

from dataclasses import replace

import pytest

from missions import SCENARIO
from perigrid.sim.world import World, build_world

MISSION = replace(SCENARIO, duration_s=6 * 3600.0, scheduler="lookahead")


@pytest.fixture(scope="session")
def world() -> World:
    return build_world(MISSION)
