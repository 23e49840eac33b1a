"""One small world for every live flight, and what must hold after any of them."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from flights import world_of
from missions import COMPUTER, SCENARIO, with_group
from perigrid.sim.world import World
from perigrid.workload.cloud_detector import CloudDetector
from perigrid.workload.scene_bank import build_bank

MISSION = with_group(SCENARIO, "compute", computer=replace(COMPUTER, slots=2))
MISSION = replace(MISSION, duration_s=2 * 3600.0)


@pytest.fixture(scope="session")
def live_world() -> World:
    rng = np.random.default_rng(11)
    bank = build_bank(MISSION.pipeline, MISSION.demand, rng, 8, CloudDetector())
    return world_of(MISSION, bank)


@pytest.fixture(autouse=True)
def _no_agent_is_left_behind() -> Iterator[None]:
    yield
    assert [thread.name for thread in threading.enumerate() if "agent" in thread.name] == []
